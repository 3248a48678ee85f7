"""Which system calls the seccomp engine asks the kernel for."""
from __future__ import annotations

from ..kernel import seccomp
from ..options import ALL

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Dict, List, Optional, Sequence

    from ..arch.abi import Abi
    from ..kernel.condition import Condition
    from ..options import SyscallSet
    from .tracer import Tracer


def build(tracer: Tracer) -> Optional[seccomp.Filter]:
    """The filter for the tracer's trace set; None when everything is traced or it can't be built."""
    wanted = tracer.options.trace
    if wanted is ALL:
        return None
    try:
        return seccomp.Filter(program(wanted, tracer.abis))
    except ValueError:
        return None


def program(wanted: SyscallSet, abis: Sequence[Abi]) -> List[seccomp.Instruction]:
    """The program of the filter for the calls *wanted* on a machine of *abis*. Every number that has a name and is
    not wanted is left out; those without a name are traced. Raises ValueError when it is too long."""
    conditions = getattr(wanted, "conditions", {})
    allowed: Dict[int, List[int]] = {}
    tested: Dict[int, Dict[int, Condition]] = {}
    for abi in abis:
        # Two ABIs may share an arch word and differ in a bit of the numbers.
        left_out, tests = allowed.setdefault(abi.audit_arch, []), tested.setdefault(abi.audit_arch, {})
        for nr in abi.names:
            if (abi.name, nr) in conditions:
                tests[nr | abi.nr_bit] = conditions[abi.name, nr]
            elif (abi.name, nr) not in wanted:
                left_out.append(nr | abi.nr_bit)
    return seccomp.compile({audit_arch: seccomp.Rules(seccomp.ranges(numbers, inverted=True), tested[audit_arch])
                            for audit_arch, numbers in allowed.items()})
