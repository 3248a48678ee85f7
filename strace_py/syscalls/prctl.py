"""Settings of a process and what watches it: prctl and its relatives, seccomp, ptrace, bpf, perf events."""
from __future__ import annotations

from ..constants import misc, sched
from ..constants import prctl as names
from ..types.common import FD, NEW_FD, PID, SIGNAL, NumberAndName, called
from ..types.core import (
    ADDR,
    HEX32,
    HEX64,
    HEXLONG,
    INT,
    LONG,
    SIZE,
    STR,
    UINT,
    ULONG,
    USHORT,
    WIDE_LONG,
    Argument,
    Begun,
    ByAbi,
    Const,
    Flags,
    How,
    InRegister,
    Out,
    Ptr,
    Str,
    Struct,
    Switch,
    Type,
    When,
)
from ..types.filter import program
from ..types.perf import PERF_ATTR
from ..types.sched import PIDTYPE
from ..values import Addr, Bytes, Hex, Noted
from .signature import ByAbi as CallByAbi
from .signature import Syscall, Variants

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Callable, Dict, Tuple

    from ..call import Call
    from ..types.core import Decoder
    from ..values import Value

_ARG2, _ARG3, _ARG4, _ARG5 = (InRegister(index, HEXLONG) for index in range(1, 5))
#: The arguments from the third or the fourth on that an option makes nothing of.
_REST: Dict[str, Type] = {"arg3": _ARG3, "arg4": _ARG4, "arg5": _ARG5}
_REST_4: Dict[str, Type] = {"arg4": _ARG4, "arg5": _ARG5}
_ALL: Dict[str, Type] = dict(arg2=_ARG2, **_REST)
_OP = Const(names.PRCTL_OPTIONS, "PR_???")
_CAP = Const(sched.CAPABILITIES, "CAP_???", code="L")


class _TaskName(Str):
    """The name of a thread: the kernel looks at its first 15 bytes."""

    def decoder(self, how: How) -> Decoder:
        limit = min(15, how.limit)

        def decode(call: Call, address: int) -> Value:
            found = call.memory.string(address, 15) if address else None
            if found is None:
                return Addr(address)
            return Bytes(found[0][:limit], not found[1] or len(found[0]) > limit)
        return decode


def _op(*, returns: Type = LONG, note: object = None, **arguments: Type) -> Syscall:
    return Syscall(returns=returns, note=note, op=_OP, **arguments)  # type: ignore[arg-type]


_DUMPABLE = Const(names.PR_DUMPABLE, "SUID_DUMP_???", code="L")
_SECUREBITS = Flags(names.SECUREBITS, "SECBIT_???", code="L")
_MCE_POLICY = Const(names.PR_MCE_KILL_POLICIES, "PR_MCE_KILL_???", code="L")
_SPECULATION = Const(names.PR_SPECULATION, "PR_SPEC_???", code="L")
_SPECULATION_STATE = Const(names.PR_SPECULATION_STATES, "PR_SPEC_???", code="L")
_MDWE = Flags(names.PR_MDWE, "PR_MDWE_???")
_PAC_KEYS = Flags(names.PR_PAC_KEYS, "PR_PAC_???", code="L")
# The generic key can't be switched off.
_PAC_ENABLED = Flags(names.PR_PAC_KEYS[:4], "PR_PAC_???", code="L")
_DISPATCH = Const(((0, "PR_SYS_DISPATCH_OFF"), (1, "PR_SYS_DISPATCH_EXCLUSIVE_ON"), (2,
                                                                                     "PR_SYS_DISPATCH_INCLUSIVE_ON")),
                  "PR_SYS_DISPATCH_???", code="L")
_SCHED_CORE = Const(((0, "PR_SCHED_CORE_GET"), (1, "PR_SCHED_CORE_CREATE"), (2, "PR_SCHED_CORE_SHARE_TO"),
                     (3, "PR_SCHED_CORE_SHARE_FROM")), "PR_SCHED_CORE_???")
_PTRACER = Const(((-1, "PR_SET_PTRACER_ANY"),), code="l", raw="d")
# struct sock_fprog of <linux/filter.h>
_ACTIONS = Const(names.SECCOMP_ACTIONS, "SECCOMP_RET_???")
_PROGRAM = Ptr(program(_ACTIONS))


def _second(*values: int) -> Callable[[Call], bool]:
    """Whether the second argument is one of *values*."""
    return lambda call: call.args[1] in values


def _unless(index: int, *values: int) -> InRegister:
    """A bare word in register *index*, where the second argument is none of *values*."""
    return InRegister(index, When(lambda call: call.args[1] not in values, HEXLONG))


# The numbers are PR_* of <linux/prctl.h>.
_OPTIONS: Dict[int, Syscall] = {
    1: _op(sig=Switch(lambda call: call.args[1] < 1 << 31, {True: SIGNAL}, ULONG)),
    2: _op(sig=Out(Ptr(SIGNAL))),
    3: _op(note=called(_DUMPABLE.names)),
    4: _op(dumpable=_DUMPABLE),
    5: _op(flags=Out(Ptr(Flags(names.PR_UNALIGN, "PR_UNALIGN_???")))),
    6: _op(flags=Flags(names.PR_UNALIGN, "PR_UNALIGN_???")),
    7: _op(),
    8: _op(state=ULONG),
    9: _op(fpemu=Out(Ptr(INT))),
    10: _op(fpemu=ULONG),
    11: _op(mode=Out(Ptr(INT))),
    12: _op(mode=ULONG),
    13: _op(),
    14: _op(mode=ULONG),
    15: _op(name=_TaskName()),
    16: _op(name=Out(_TaskName())),
    19: _op(endianness=Out(Ptr(INT))),
    20: _op(endianness=ULONG),
    21: _op(),
    22: _op(mode=Const(names.SECCOMP_MODES, "SECCOMP_MODE_???", code="L"),
            filter=When(_second(2), _PROGRAM), arg3=_unless(2, 1, 2), arg4=_unless(3, 1, 2), arg5=_unless(4, 1, 2)),
    23: _op(cap=_CAP),
    24: _op(cap=_CAP),
    25: _op(flag=Out(Ptr(Const(names.PR_TSC, "PR_TSC_???")))),
    26: _op(flag=Const(names.PR_TSC, "PR_TSC_???")),
    27: _op(returns=HEXLONG, note=called(_SECUREBITS.names)),
    28: _op(flags=_SECUREBITS),
    29: _op(slack=WIDE_LONG),
    30: _op(),
    31: _op(),
    32: _op(),
    33: _op(operation=Const(names.PR_MCE_KILL_ACTIONS, "PR_MCE_KILL_???", code="L"),
            policy=When(_second(1), _MCE_POLICY), arg3=_unless(2, 1), **_REST_4),
    34: _op(note=called(_MCE_POLICY.names), **_ALL),
    35: _op(operation=Const(names.PR_SET_MM, "PR_SET_MM_???"), **_REST),
    36: _op(set=ULONG),
    37: _op(isset=Out(Ptr(INT))),
    38: _op(set=ULONG, **_REST),
    40: _op(addr=Out(Ptr(ADDR))),
    41: _op(flag=ULONG, **_REST),
    45: _op(mode=Flags(names.PR_FP_MODES, "PR_FP_MODE_???")),
    46: _op(),
    47: _op(operation=Const(names.PR_CAP_AMBIENT, "PR_CAP_AMBIENT_???", code="L"),
            caps=When(_second(1, 2, 3), _CAP), arg3=_unless(2, 1, 2, 3), **_REST_4),
    51: _op(),
    52: _op(returns=HEXLONG, note=called(Flags(names.PR_SPECULATION_FLAGS, "PR_SPEC_???").names),
            misfeature=_SPECULATION),
    53: _op(misfeature=_SPECULATION, value=Switch(_second(0, 1, 2), {True: _SPECULATION_STATE}, HEXLONG)),
    54: _op(keys=_PAC_KEYS, **_REST),
    57: _op(state=ULONG, **_REST),
    59: _op(operation=_DISPATCH, off=HEXLONG, size=HEXLONG, switch=ADDR),
    60: _op(bitmask_affected=_PAC_ENABLED, bitmask_set=_PAC_ENABLED, **_REST_4),
    62: _op(operation=_SCHED_CORE, pid=PID, pid_type=PIDTYPE,
            cookie=When(_second(0), Out(Ptr(HEX64))), arg5=_unless(4, 0)),
    64: _op(),
    65: _op(mask=_MDWE, **_REST),
    66: _op(returns=HEXLONG, note=called(_MDWE.names), **_ALL),
    70: _op(),
    0x59616d61: _op(pid=Switch("pid", {-1: _PTRACER}, PID, code="l")),
    0x53564d41: _op(attr=Const(((0, "PR_SET_VMA_ANON_NAME"),), "PR_SET_VMA_???", code="L"),
                    addr=When(_second(0), ADDR), size=When(_second(0), SIZE), name=When(_second(0), STR),
                    arg3=_unless(2, 0), arg4=_unless(3, 0), arg5=_unless(4, 0)),
}
prctl = Variants(_op(**_ALL), _OPTIONS)

_NOTIFY_SIZES = Struct(seccomp_notif=USHORT, seccomp_notif_resp=USHORT, seccomp_data=USHORT)
seccomp = Syscall(
    operation=Const(names.SECCOMP_OPERATIONS, "SECCOMP_???"),
    flags=Switch("operation", {1: Flags(names.SECCOMP_FILTER_FLAGS, "SECCOMP_FILTER_FLAG_???")}, HEX32),
    args=Switch("operation", {1: _PROGRAM, 2: Ptr(_ACTIONS), 3: Out(Ptr(_NOTIFY_SIZES))}, ADDR))

_PTRACE = Const(names.PTRACE_REQUESTS, "PTRACE_???", code="L")
_PTRACE_OPTIONS = Flags(names.PTRACE_OPTIONS, "PTRACE_O_???", code="L")

_REGISTER_SET = Const(names.ELF_NOTES, "NT_???")

# Where struct user of x86_64's <sys/user.h> has what, up to its size.
_USER = tuple((8 * index, f"8*{name}") for index, name in enumerate((
    "R15", "R14", "R13", "R12", "RBP", "RBX", "R11", "R10", "R9", "R8", "RAX", "RCX", "RDX", "RSI", "RDI",
    "ORIG_RAX",
    "RIP", "CS", "EFL", "RSP", "SS"))) + tuple((offset, f"offsetof(struct user, {name})") for offset,
                                               name in (
        (216, "u_fpvalid"), (224, "i387"), (736, "u_tsize"), (744, "u_dsize"), (752, "u_ssize"), (760,
                                                                                                  "start_code"),
        (768, "start_stack"), (776, "signal"), (784, "reserved"), (792, "u_ar0"), (800, "u_fpstate"), (808,
                                                                                                       "magic"),
        (816, "u_comm"), (848, "u_debugreg"))) + ((912, "sizeof(struct user)"),)


def _offsets() -> Tuple[Tuple[int, str], ...]:
    found = []
    for (start, name), (end, _) in zip(_USER, _USER[1:] + ((_USER[-1][0] + 1, ""),)):
        found.append((start, name))
        found += [(offset, f"{name}+{offset - start}") for offset in range(start + 1, end)]
    return tuple(found)


class _Offset(Const):
    """An offset in struct user; the first one is NULL where numbers are shown."""

    def decoder(self, how: How) -> Decoder:
        inner = super().decoder(how)
        if how.options.const_style == "abbrev":
            return inner
        first = Noted(Addr(0), self.names(how.abi).name(0) or "", raw=False)
        return lambda call, number: inner(call, number) if number else first

    def argument(self, how: How) -> Argument:
        return Type.argument(self, how)


_OFFSET = _Offset(_offsets(), code="L")
# That of the tracer, whatever the tracee's ABI is.
_USER_AREA = ByAbi(ADDR, x86_64=_OFFSET, x32=_OFFSET, i386=_OFFSET)


class _Lazy(Type):
    """A type of types/ptrace.py, which only tracers need: it is not loaded before one of them makes its call."""

    code = "P"

    def __init__(self, name: str) -> None:
        self.name = name

    def argument(self, how: How) -> Argument:
        from ..types import ptrace
        kind: Type = getattr(ptrace, self.name)
        return kind.argument(how)


def _requests(*numbers: int, **arguments: Type) -> Dict[int, Syscall]:
    signature = Syscall(op=_PTRACE, pid=PID, **arguments)  # type: ignore[arg-type]
    return dict.fromkeys(numbers, signature)


# The numbers are PTRACE_* of <linux/ptrace.h>.
_ANY_PTRACE = Syscall(op=_PTRACE, pid=PID, addr=ADDR, data=ADDR)
_PTRACES = {
    0: Syscall(op=_PTRACE),
    **_requests(8, 16, 0x4207, 0x4208),
    **_requests(7, 9, 17, 24, 31, 32, 33, addr=ADDR, data=SIGNAL),
    **_requests(0x4200, 0x4206, addr=ADDR, data=_PTRACE_OPTIONS),
    **_requests(1, 2, addr=ADDR, data=_Lazy("TOLD_WORD")),
    **_requests(3, addr=_USER_AREA, data=_Lazy("TOLD_WORD")),
    **_requests(6, addr=_USER_AREA, data=ADDR),
    **_requests(0x4201, addr=ADDR, data=_Lazy("TOLD_MESSAGE")),
    **_requests(0x4202, addr=ADDR, data=_Lazy("TOLD_SIGINFO")),
    **_requests(0x4203, addr=ADDR, data=_Lazy("SET_SIGINFO")),
    **_requests(0x4204, addr=_REGISTER_SET, data=_Lazy("TOLD_REGISTER_SET")),
    **_requests(0x4205, addr=_REGISTER_SET, data=_Lazy("SET_REGISTER_SET")),
    **_requests(0x4209, addr=_Lazy("SIGNALS_ASKED"), data=_Lazy("TOLD_SIGNALS")),
    **_requests(0x420a, addr=ULONG, data=_Lazy("TOLD_MASK")),
    **_requests(0x420b, addr=ULONG, data=_Lazy("SET_MASK")),
    **_requests(0x420c, addr=ULONG, data=_Lazy("TOLD_FILTER")),
    **_requests(0x420d, addr=ULONG, data=_Lazy("TOLD_METADATA")),
    **_requests(0x420e, addr=ULONG, data=_Lazy("TOLD_SYSCALL_INFO")),
    **_requests(0x4212, addr=ULONG, data=_Lazy("SET_SYSCALL_INFO")),
}
#: PTRACE_GETREGS, PTRACE_SETREGS, PTRACE_GETFPREGS, PTRACE_SETFPREGS and PTRACE_OLDSETOPTIONS of <asm/ptrace.h>.
_OLD_PTRACES = {
    **_requests(12, addr=InRegister(3, _Lazy("TOLD_REGISTERS"))),
    **_requests(13, addr=InRegister(3, _Lazy("SET_REGISTERS"))),
    **_requests(14, addr=InRegister(3, _Lazy("TOLD_FP_REGISTERS"))),
    **_requests(15, addr=InRegister(3, _Lazy("SET_FP_REGISTERS"))),
    **_requests(21, addr=ADDR, data=_PTRACE_OPTIONS),
}
#: The same on AArch64, where a 64-bit tracer can't use them: their names are no more than remarks.
_COMPAT = NumberAndName(names.COMPAT_PTRACE_REQUESTS, "PTRACE_???", "L", Hex, always=False)
_COMPAT_PTRACES = dict.fromkeys(dict(names.COMPAT_PTRACE_REQUESTS), Syscall(op=_COMPAT, pid=PID, addr=ADDR, data=ADDR))
ptrace = CallByAbi(Variants(_ANY_PTRACE, {**_PTRACES, **_OLD_PTRACES}),
                   aarch64=Variants(_ANY_PTRACE, {**_PTRACES, **_COMPAT_PTRACES}))

bpf = Syscall(cmd=Const(misc.BPF_COMMANDS, "BPF_???"), attr=ADDR, size=UINT, returns=LONG)
perf_event_open = Syscall(attr=Begun(PERF_ATTR, followed=True), pid=INT, cpu=INT, group_fd=FD,
                          flags=Flags(misc.PERF_OPEN_FLAGS, "PERF_FLAG_???", code="L"), returns=NEW_FD)
