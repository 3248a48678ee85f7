"""siginfo_t (<asm-generic/siginfo.h>): what came with a signal.

Which member of its union is meant depends on the code: codes up to 0 come from programs and say so in the
same way for every signal; the kernel's own codes mean something else for each signal.
"""
from __future__ import annotations

from struct import Struct as _Layout

from ..constants import signals
from ..values import Addr, Hex, Names, Noted
from ..values import Const as ConstValue
from ..values import Struct as StructValue
from .common import FD, PID, SIGNAL, UID
from .core import Const, How, Type

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Callable, Dict, List, Tuple

    from ..arch.abi import Abi
    from ..call import Call
    from ..constants import Table
    from ..options import Options
    from ..tracer.tracee import Tracee
    from ..values import Value
    from .core import Decoder

    Fields = List[Tuple[str, Value]]

#: sizeof(siginfo_t), the same on every ABI.
SIZE = 128

_SIGILL, _SIGTRAP, _SIGBUS, _SIGFPE, _SIGSEGV, _SIGCHLD, _SIGIO, _SIGSYS = 4, 5, 7, 8, 11, 17, 29, 31
_FAULTS = frozenset((_SIGILL, _SIGTRAP, _SIGBUS, _SIGFPE, _SIGSEGV))

_SI_USER, _SI_TIMER, _SI_SIGIO, _SI_TKILL = 0, -2, -5, -6
_CLD_EXITED = 1
_SEGV_BNDERR, _SEGV_PKUERR = 3, 4
_BUS_MCEERR = (4, 5)


def _names(codes: Table) -> Names:
    """The names of a signal's own *codes* and of those that every signal may have, as unsigned numbers."""
    return Names(tuple((code & 0xffffffff, name) for code, name in codes + signals.SI_CODES))


#: Signal -> names of its codes.
_CODES: Dict[int, Names] = {number: _names(table) for number, table in (
    (_SIGILL, signals.ILL_CODES), (_SIGTRAP, signals.TRAP_CODES), (_SIGBUS, signals.BUS_CODES),
    (_SIGFPE, signals.FPE_CODES), (_SIGSEGV, signals.SEGV_CODES), (_SIGCHLD, signals.CLD_CODES),
    (_SIGIO, signals.POLL_CODES), (_SIGSYS, signals.SYS_CODES))}
_OTHER_CODES = _names(())

_ALL = (1 << 64) - 1

#: Clock ticks a second in what the kernel tells user space (USER_HZ, <asm/param.h>).
_TICKS = 100


def _ticks(number: int) -> Value:
    """A time in clock ticks, with what it is in seconds."""
    if not number:
        return 0
    return Noted(number, f"{number // _TICKS}.{number % _TICKS:02} s", raw=False)


class SignalInfo(Type):
    """A siginfo_t in memory."""

    def layout(self, abi: Abi) -> Tuple[str, int, int]:
        return f"{SIZE}s", SIZE, abi.word

    def decoder(self, how: How) -> Decoder:
        word = how.abi.word
        start = "=16x" if word == 8 else "=12x"  # si_signo, si_errno, si_code; the union is aligned
        pointer = "Q" if word == 8 else "I"
        # x32 has times of 64 bits, aligned to 32; those of 32 bits are shown as if they had been extended
        times = "QQ" if how.abi.name == "x32" else "4xQQ" if word == 8 else "ii"
        header = _Layout("=iii").unpack_from
        queue = _Layout(f"{start}iI{pointer}").unpack_from
        integer = _Layout(f"{start}8xi").unpack_from
        timer = _Layout(f"{start}Ii").unpack_from
        child = _Layout(f"{start}iIi{times}").unpack_from
        fault = _Layout(f"{start}{pointer}").unpack_from
        granule = _Layout(f"{start}{word}xH").unpack_from
        bounds = _Layout(f"{start}{2 * word}x{pointer}{pointer}").unpack_from
        key = _Layout(f"{start}{2 * word}xI").unpack_from
        band = _Layout(f"{start}{pointer.lower()}i").unpack_from
        blocked = _Layout(f"{start}{pointer}II").unpack_from
        pid = PID.decoder(how)
        uid = UID.decoder(how)
        fd = FD.decoder(how)
        signal = SIGNAL.decoder(how)
        errno = _errno(how)

        def sender(call: Call, data: bytes) -> Fields:
            number, user, _ = queue(data)
            return [("si_pid", pid(call, number)), ("si_uid", uid(call, user))]

        def payload(data: bytes) -> Fields:
            return [("si_int", integer(data)[0]), ("si_ptr", Addr(queue(data)[2]))]

        def from_program(call: Call, code: int, data: bytes) -> Fields:
            if code == _SI_TIMER:
                timerid, overrun = timer(data)
                return [("si_timerid", Hex(timerid)), ("si_overrun", overrun), *payload(data)]
            if code == _SI_SIGIO:
                return events(call, data)
            fields = sender(call, data)
            if code not in (_SI_USER, _SI_TKILL) and queue(data)[2]:
                fields += payload(data)
            return fields

        def events(call: Call, data: bytes) -> Fields:
            mask, number = band(data)
            return [("si_band", mask), ("si_fd", fd(call, number))]

        def of_child(call: Call, code: int, data: bytes) -> Fields:
            number, user, status, utime, stime = child(data)
            return [("si_pid", pid(call, number)), ("si_uid", uid(call, user)),
                    ("si_status", status if code == _CLD_EXITED else signal(call, status)),
                    ("si_utime", _ticks(utime & _ALL)), ("si_stime", _ticks(stime & _ALL))]

        def of_fault(number: int, code: int, data: bytes) -> Fields:
            fields: Fields = [("si_addr", Addr(fault(data)[0]))]
            if number == _SIGSEGV and code == _SEGV_BNDERR:
                lower, upper = bounds(data)
                fields += [("si_lower", Addr(lower)), ("si_upper", Addr(upper))]
            elif number == _SIGSEGV and code == _SEGV_PKUERR:
                fields.append(("si_pkey", key(data)[0]))
            elif number == _SIGBUS and code in _BUS_MCEERR:
                fields.append(("si_addr_lsb", Hex(granule(data)[0])))
            return fields

        def of_system_call(call: Call, data: bytes) -> Fields:
            address, number, arch = blocked(data)
            return [("si_call_addr", Addr(address)),
                    ("si_syscall", system_call(call.tracee.abi, arch, number)),
                    ("si_arch", ConstValue(arch, ARCHS))]

        def decode(call: Call, data: bytes) -> Value:
            number, error, code = header(data)
            if not number:
                return StructValue(())
            fields: Fields = [
                ("si_signo", signal(call, number)),
                ("si_code", ConstValue(code & 0xffffffff, _CODES.get(number, _OTHER_CODES)))]
            if error:
                fields.append(("si_errno", errno(call, error & 0xffffffff)))
            if code <= 0:
                fields += from_program(call, code, data)
            elif number == _SIGCHLD:
                fields += of_child(call, code, data)
            elif number in _FAULTS:
                fields += of_fault(number, code, data)
            elif number == _SIGIO:
                if code <= len(signals.POLL_CODES):
                    fields += events(call, data)
            elif number == _SIGSYS:
                fields += of_system_call(call, data)
            else:
                who, user, value = queue(data)
                if who or user:
                    fields += sender(call, data)
                if value:
                    fields += payload(data)
            return StructValue(fields)
        return decode


def _errno(how: How) -> Decoder:
    """The decoder of error numbers; the table of names is big and rarely needed."""
    from ..constants.errno import NAMES
    return Const(tuple(NAMES.items()), raw="d").decoder(how)


# In the number of every system call of x32, which shares x86-64's architecture.
_X32_BIT = 0x40000000

ARCHS = Names(signals.AUDIT_ARCHS, "AUDIT_ARCH_???")


def system_call(abi: Abi, arch: int, number: int) -> Value:
    """System call *number* of the architecture *arch*, by name when that is the tracee's."""
    if arch != abi.audit_arch:
        return number
    name = abi.names.get(number & ~abi.nr_bit)
    if name is not None:
        return ConstValue(number, Names(((number, f"__NR_{name}"),), raw="d"))
    name = abi.names.get(number & ~_X32_BIT) if abi.name == "x86_64" else None
    return number if name is None else Noted(number, name, raw=False)


SIGINFO = SignalInfo()


class Report:
    """A signal-delivery-stop, as decoders see it: it has what they may ask a Call for outside a call."""

    __slots__ = ("tracee", "memory", "siblings")

    def __init__(self, tracee: Tracee) -> None:
        self.tracee = tracee
        self.memory = tracee.memory
        self.siblings: Dict[str, int] = {}


def reports(abi: Abi, options: Options) -> Callable[[Tracee, bytes], Value]:
    """The decoder of what PTRACE_GETSIGINFO tells of a tracee; *abi* is the tracer's own: that is how it
    is laid out, whatever the tracee runs as."""
    inner = SIGINFO.decoder(How(abi, options))
    return lambda tracee, info: inner(Report(tracee), info)  # type: ignore[arg-type]
