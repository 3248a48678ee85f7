"""Scheduling, use of resources, futexes, and the system's own names, numbers and switches."""
from __future__ import annotations

from ..constants import misc, sched
from ..types.common import FD, PID, TIMESPEC, TIMESPEC64, AtMost, Binary, NumberAndName, Parts, called
from ..types.core import (
    ADDR,
    HEX32,
    HEXLONG,
    INT,
    SIZE,
    STR,
    UINT,
    ULONG,
    USHORT,
    Array,
    AtExit,
    Begun,
    Buffer,
    Chars,
    Const,
    Fixed,
    Flags,
    Hidden,
    How,
    InRegister,
    Out,
    Pad,
    Ptr,
    Struct,
    Switch,
    Type,
    Verbose,
    When,
)
from ..types.core import ByAbi as TypeByAbi
from ..types.sched import (
    FUTEX2_BITSET,
    FUTEX2_FLAGS,
    FUTEX_BITSET,
    FUTEX_OP,
    FUTEX_WAITER,
    KEXEC_SEGMENT,
    POLICY,
    POLICY_WITH_FLAG,
    AttrSize,
    CpuSet,
    IoPriority,
    SchedAttr,
    WakeOp,
)
from ..types.timing import CLOCK
from ..types.waiting import RUSAGE
from ..values import Bytes, Noted, Words
from .signature import Syscall

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Callable, Optional

    from ..call import Call
    from ..types.core import Decoder
    from ..values import Value


def _io_priority(how: How) -> Callable[[Call], Optional[Value]]:
    decode = IoPriority().macro(how)
    bare = how.options.const_style == "raw"
    return lambda call: None if call.error or bare else decode(call, call.ret)


_PARAM = Ptr(Struct(sched_priority=INT))
sched_setscheduler = Syscall(pid=PID, policy=POLICY_WITH_FLAG, param=_PARAM)
sched_getscheduler = Syscall(pid=PID, returns=HEXLONG, note=called(POLICY_WITH_FLAG.names))
sched_setparam = Syscall(pid=PID, param=_PARAM)
sched_getparam = Syscall(pid=PID, param=Out(_PARAM))
sched_get_priority_max = Syscall(policy=POLICY)
sched_get_priority_min = Syscall(policy=POLICY)
sched_rr_get_interval_time64 = Syscall(pid=PID, tp=Out(Ptr(TIMESPEC64)))
sched_rr_get_interval = Syscall(pid=PID, tp=Out(Ptr(TIMESPEC)))
sched_yield = Syscall()
sched_setaffinity = Syscall(pid=PID, cpusetsize=UINT, mask=CpuSet("cpusetsize"))
sched_getaffinity = Syscall(pid=PID, cpusetsize=UINT, mask=Out(CpuSet("return")))
sched_setattr = Syscall(pid=PID, attr=SchedAttr(), flags=AtExit(HEX32))
sched_getattr = Syscall(pid=PID, attr=Out(SchedAttr("size")), size=AttrSize(),
                        flags=Flags(((1, "SCHED_GETATTR_FLAG_DL_DYNAMIC"),), "SCHED_GETATTR_FLAG_???"))
_WHICH = Const(sched.PRIORITY_WHICH, "PRIO_???")
getpriority = Syscall(which=_WHICH, who=INT)
setpriority = Syscall(which=_WHICH, who=INT, prio=INT)
_IO_WHICH = Const(sched.IOPRIO_WHO, "IOPRIO_WHO_???")
ioprio_get = Syscall(which=_IO_WHICH, who=INT, note=_io_priority)
ioprio_set = Syscall(which=_IO_WHICH, who=INT, ioprio=IoPriority())
getcpu = Syscall(cpu=Out(Ptr(UINT)), node=Out(Ptr(UINT)), tcache=ADDR)

_WHO = Const(tuple((number & 0xffffffff, name) for number, name in sched.RUSAGE_WHO), "RUSAGE_???")
getrusage = Syscall(who=_WHO, usage=Out(Ptr(RUSAGE)))


class _Ticks(Type):
    """A time in the clock ticks of struct tms, with the seconds that it makes. Narrower ones are shown as if they
    had been extended to 64 bits."""

    code = "l"
    #: USER_HZ
    A_SECOND = 100

    def decoder(self, how: How) -> Decoder:
        def decode(call: Call, number: int) -> Value:
            number &= (1 << 64) - 1
            seconds, rest = divmod(number, self.A_SECOND)
            return Noted(number, f"{seconds}.{rest:02} s", raw=False) if number else 0
        return decode


_TICKS = _Ticks()
times = Syscall(buf=Begun(Out(Ptr(Struct(
    tms_utime=_TICKS, tms_stime=_TICKS, tms_cutime=_TICKS, tms_cstime=_TICKS))), named_twice=True))


class _Name(Chars):
    """A name that -s doesn't shorten, and the NUL at its end."""

    def decoder(self, how: How) -> Decoder:
        longest = self.size - 1

        def decode(call: Call, data: bytes) -> Value:
            name = data.partition(b"\0")[0]
            return Bytes(name[:longest], len(name) > longest)
        return decode


_NAME = _Name(65)
# The kernel's older names of the system: strace shows where they are.
olduname = oldolduname = Syscall(arg1=HEXLONG)
uname = Syscall(buf=Out(Ptr(Struct(
    sysname=_NAME, nodename=_NAME, release=Verbose(_NAME), version=Verbose(_NAME), machine=Verbose(_NAME),
    domainname=Verbose(_NAME)))))
# The structure has 64 bytes on 32-bit ABIs.
_SYSINFO_PADDING = Hidden(TypeByAbi(Pad(0), i386=Pad(8), arm=Pad(8)))
sysinfo = Syscall(info=Out(Ptr(Struct(
    uptime=ULONG, loads=Fixed(ULONG, 3), totalram=ULONG, freeram=ULONG, sharedram=ULONG, bufferram=ULONG,
    totalswap=ULONG, freeswap=ULONG, procs=USHORT, totalhigh=ULONG, freehigh=ULONG, mem_unit=UINT,
    padding=_SYSINFO_PADDING))))

# __NEW_UTS_LEN of <linux/utsname.h>
_LONGEST_NAME = 64
sethostname = setdomainname = Syscall(name=AtMost(_LONGEST_NAME, "len", Buffer("len")), len=UINT)
getrandom = Syscall(buf=Out(Binary("return")), buflen=SIZE, flags=Flags(misc.GETRANDOM_FLAGS, "GRND_???"))

# LINUX_REBOOT_CMD_RESTART2 of <linux/reboot.h>
_RESTART2 = 0xa1b2c3d4
reboot = Syscall(magic=Const(sched.REBOOT_MAGIC1, "LINUX_REBOOT_MAGIC1???"),
                 magic2=Const(sched.REBOOT_MAGIC2, "LINUX_REBOOT_MAGIC2???"),
                 op=Const(sched.REBOOT_COMMANDS, "LINUX_REBOOT_CMD_???"),
                 arg=When(lambda call: call.arg("op") == _RESTART2, STR))

_LOG_LEVELS = ((0, "LOGLEVEL_EMERG"), (1, "LOGLEVEL_ALERT"), (2, "LOGLEVEL_CRIT"), (3, "LOGLEVEL_ERR"),
               (4, "LOGLEVEL_WARNING"), (5, "LOGLEVEL_NOTICE"), (6, "LOGLEVEL_INFO"), (7, "LOGLEVEL_DEBUG"),
               (8, "LOGLEVEL_DEBUG+1"))
_NO_BUFFER = {(0, 1, 5, 6, 7, 9, 10): None}
syslog = Syscall(
    type=NumberAndName(misc.SYSLOG_ACTIONS, "SYSLOG_ACTION_???"),
    bufp=Switch("type", {**_NO_BUFFER, (2, 3, 4): Out(Buffer("return"))}, ADDR),
    len=Switch("type", {**_NO_BUFFER, 8: NumberAndName(_LOG_LEVELS, "LOGLEVEL_???")}, INT, code="i"))
ioperm = Syscall(**{"from": HEXLONG}, num=HEXLONG, turn_on=INT)  # type: ignore[arg-type]
iopl = Syscall(level=INT)
init_module = Syscall(module_image=ADDR, len=SIZE, param_values=STR)
finit_module = Syscall(fd=FD, param_values=STR, flags=Flags(misc.MODULE_INIT_FLAGS, "MODULE_INIT_???"))
delete_module = Syscall(name=STR, flags=Flags(misc.DELETE_MODULE_FLAGS, "O_???"))
# KEXEC_SEGMENT_MAX of <linux/kexec.h>
_MOST_SEGMENTS = 16
kexec_load = Syscall(
    entry=ADDR, nr_segments=ULONG,
    segments=AtMost(_MOST_SEGMENTS, "nr_segments", Array(KEXEC_SEGMENT, "nr_segments")),
    # The architecture, then the others.
    flags=Parts((0xffff0000, Const(misc.KEXEC_ARCHS, "KEXEC_ARCH_???"), True),
                (0, Flags(misc.KEXEC_FLAGS, "KEXEC_???"), False), code="L", raw=""))
kexec_file_load = Syscall(kernel_fd=FD, initrd_fd=FD, cmdline_len=ULONG, cmdline=Buffer("cmdline_len"),
                          flags=Flags(misc.KEXEC_FILE_FLAGS, "KEXEC_FILE_???", code="L"))


class _Resumed(Type):
    """restart_syscall's only information: which system call goes on."""

    code = "L"

    def decoder(self, how: How) -> Decoder:
        return lambda call, number: Words((
            (f"<... resuming interrupted {call.tracee.interrupted or 'system call'} ...>", None),))

    def registers(self, abi: object) -> int:
        return 0


restart_syscall = Syscall(interrupted=_Resumed())


def _operation(call: Call) -> int:
    """futex's operation, without its flags."""
    return call.arg("futex_op") & 0x7f


def _is(*operations: int) -> Callable[[Call], bool]:
    return lambda call: _operation(call) in operations


def _not(*operations: int) -> Callable[[Call], bool]:
    return lambda call: _operation(call) not in operations


def _futex(timespec: Type) -> Syscall:
    # The numbers are FUTEX_* of <linux/futex.h>.
    return Syscall(
        uaddr=ADDR, futex_op=FUTEX_OP, val=When(_not(6, 7, 8, 13), UINT),
        timeout=When(_not(1, 2, 3, 4, 5, 7, 8, 10, 12),
                     Switch(_operation, {(0, 6, 9, 11, 13): Ptr(timespec)}, ADDR)),
        val2=InRegister(3, When(_is(3, 4, 5, 12), UINT)),
        uaddr2=InRegister(4, When(_not(0, 1, 2, 6, 7, 8, 9, 10, 13), ADDR)),
        val3=InRegister(5, When(_not(0, 1, 2, 3, 6, 7, 8, 11, 13), Switch(
            _operation, {(4, 12): UINT, 5: WakeOp(), (9, 10): FUTEX_BITSET}, HEX32))))


futex, futex_time64 = _futex(TIMESPEC), _futex(TIMESPEC64)
# FUTEX_WAITV_MAX of <linux/futex.h>
futex_waitv = Syscall(waiters=Array(FUTEX_WAITER, "nr_futexes", most=128), nr_futexes=UINT, flags=HEX32,
                      timeout=Ptr(TIMESPEC64), clockid=CLOCK)
futex_wake = Syscall(uaddr=ADDR, mask=FUTEX2_BITSET, nr=INT, flags=FUTEX2_FLAGS)
futex_wait = Syscall(uaddr=ADDR, val=ULONG, mask=FUTEX2_BITSET, flags=FUTEX2_FLAGS, timeout=Ptr(TIMESPEC64),
                     clockid=CLOCK)
futex_requeue = Syscall(waiters=Array(FUTEX_WAITER, 2), flags=HEX32, nr_wake=INT, nr_requeue=INT)
