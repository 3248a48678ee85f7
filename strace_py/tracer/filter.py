"""Which system calls the seccomp engine asks the kernel for. What makes the program is imported where one is made."""
from __future__ import annotations

from ..kernel import libc
from ..kernel.libc import PR_GET_SECCOMP
from ..options import ALL

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Dict, List, Optional, Sequence, Tuple

    from ..arch.abi import Abi
    from ..kernel import seccomp
    from ..kernel.condition import Condition
    from ..options import Options, SyscallSet

#: The part of a multiplexer's first argument that chooses the call; ipc(2) has a version in the upper half.
_CALL = 0xffff


def usable(options: Options) -> bool:
    """Whether a filter is to pick the calls of the command: ``--seccomp-bpf=on`` asks for it, ``auto`` takes
    it where nobody can tell the difference."""
    if options.seccomp_bpf == "off" or options.trace is ALL:
        return False
    if not options.command or options.attach or options.detach_on_execve or options.syscall_limit is not None:
        return False
    if options.seccomp_bpf == "on":
        return True
    # A filter that the tracer is under itself answers calls before ours has a say.
    if libc.prctl(PR_GET_SECCOMP, 0, 0, 0, 0) != 0:
        return False
    # -n shows the number of the last system call, traced or not. Without -f descendants are nobody's
    # business, setuid programs among them, and they would lose their privileges.
    return not options.syscall_number and (options.follow_forks or may_filter())


def may_filter() -> bool:
    """Whether a filter can be loaded without PR_SET_NO_NEW_PRIVS: that needs CAP_SYS_ADMIN (seccomp(2))."""
    try:
        with open("/proc/self/status", encoding="ascii", errors="replace") as file:
            for line in file:
                if line.startswith("CapEff:"):
                    return bool(int(line.split()[1], 16) >> 21 & 1)
    except (OSError, ValueError):
        pass
    return False


def build(options: Options, abis: Sequence[Abi]) -> Optional[seccomp.Filter]:
    """The filter for the calls that *options* trace; None when there is to be none or it can't be built."""
    if not usable(options):
        return None
    from ..kernel import seccomp
    try:
        return seccomp.Filter(program(options.trace, abis))
    except ValueError:
        return None


def program(wanted: SyscallSet, abis: Sequence[Abi]) -> List[seccomp.Instruction]:
    """The program of the filter for the calls *wanted* on a machine of *abis*. Every number that has a name
    and is not wanted is left out; those without a name are traced. Calls that load a filter stop, too, and
    say so (see own_filters.py). Raises ValueError when it is too long."""
    from ..arch.abi import key
    from ..kernel import seccomp
    from ..kernel.condition import AnyOf, Between
    from ..kernel.status import FILTER_DATA, FILTER_LOADS
    from .own_filters import LOADERS
    conditions = getattr(wanted, "conditions", {})
    allowed: Dict[int, List[int]] = {}
    tested: Dict[int, Dict[int, Condition]] = {}
    special: Dict[int, Dict[int, Tuple[Condition, int]]] = {}
    for abi in abis:
        # Two ABIs may share an arch word and differ in a bit of the numbers.
        left_out, tests = allowed.setdefault(abi.audit_arch, []), tested.setdefault(abi.audit_arch, {})
        loads = special.setdefault(abi.audit_arch, {})
        for nr, name in abi.names.items():
            if name in LOADERS:
                first = LOADERS[name]
                loads[nr | abi.nr_bit] = (Between((0,), seccomp.TOP, first, first),
                                          seccomp.SECCOMP_RET_TRACE | FILTER_LOADS)
            if (abi.name, nr) in conditions:
                tests[nr | abi.nr_bit] = conditions[abi.name, nr]
            elif (abi.name, nr) not in wanted:
                some = [call for call in abi.multiplexers.get(nr, ()) if (abi.name, key(nr, call)) in wanted]
                if some:
                    tests[nr] = AnyOf(tuple([Between((0,), _CALL, call, call) for call in some]))
                    continue
                left_out.append(nr | abi.nr_bit)
    return seccomp.compile({
        audit_arch: seccomp.Rules(seccomp.ranges(numbers, inverted=True), tested[audit_arch],
                                  special[audit_arch])
        for audit_arch, numbers in allowed.items()}, seccomp.SECCOMP_RET_TRACE | FILTER_DATA)
