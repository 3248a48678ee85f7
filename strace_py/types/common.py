"""Types that several families of system calls share: descriptors, modes, processes, users, times, devices."""
from __future__ import annotations

from ..constants import fcntl, signals
from ..values import LATER, Addr, Bytes, Changed, Compound, Hex, Macro, Noted, Oct, Words, Written
from ..values import Array as ArrayValue
from ..values import Const as ConstValue
from .core import (
    ADDR,
    INT64,
    LONG,
    UINT64,
    ULONG,
    Argument,
    Buffer,
    ByAbi,
    Const,
    Decoder,
    Fixed,
    Flags,
    How,
    If,
    Int,
    Out,
    Struct,
    Type,
    as_it_is,
    register,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, List, Optional, Tuple

    from ..arch.abi import Abi
    from ..call import Call
    from ..constants import Table
    from ..syscalls.signature import Note
    from ..values import Names, Value
    from .core import Count


def bits(data: bytes) -> List[int]:
    """The numbers of the bits that are set."""
    return [8 * index + bit for index, byte in enumerate(data) if byte for bit in range(8) if byte >> bit & 1]


def called(names: Callable[[Abi], Names]) -> Note:
    """The note beside a result that is a named number: what *names* call it, unless they call it nothing."""
    def prepare(how: How) -> Callable[[Call], Optional[Value]]:
        known = names(how.abi)
        bare = known.bits and how.options.const_style == "raw"

        def note(call: Call) -> Optional[Value]:
            if call.error or bare:
                return None
            found, rest = known.split(call.ret)
            if not found:
                return None
            return Words((("|".join(found) + (f"|{rest:#x}" if rest else ""), None),))
        return note
    return prepare


class NumberAndName(Const):
    """A number with its name beside it: ``8 /* SYSLOG_ACTION_READ */``. *make* is the number's notation;
    *always*: even where constants are shown as bare numbers."""

    def __init__(self, constants: Table, unknown: str, code: str = "i", make: Callable[[int], Value] = int,
                 always: bool = True) -> None:
        super().__init__(constants, unknown, code)
        self.make = make
        self.always = always

    def decoder(self, how: How) -> Decoder:
        names = self.names(how.abi)
        make = self.make
        if how.options.const_style == "raw" and not self.always:
            return lambda call, number: make(number)
        return lambda call, number: Noted(make(number), names.name(number) or self.unknown)

    def argument(self, how: How) -> Argument:
        return Type.argument(self, how)


class Parts(Type):
    """A number made of bit fields, each with a type of its own: ``O_RDWR|O_CREAT``. *parts* are
    (mask, type, shown even when 0), in the order they are shown; a mask of 0 stands for all other bits.
    *raw* is the notation of the bare number, as in Compound."""

    def __init__(self, *parts: Tuple[int, Type, bool], code: str = "I", raw: str = "x") -> None:
        self.code = code
        self.raw = raw
        named = 0
        for mask, _, _ in parts:
            named |= mask
        self.parts = [(mask or ~named, kind, always) for mask, kind, always in parts]

    def decoder(self, how: How) -> Decoder:
        prepared = [(mask, kind.decoder(how), always) for mask, kind, always in self.parts]
        raw = self.raw

        def decode(call: Call, number: int) -> Value:
            parts: List[Value] = []
            for mask, inner, always in prepared:
                bits = number & mask
                if bits or always:
                    parts.append(inner(call, bits))
            return Compound(number, parts, raw) if parts else number
        return decode


AT_FDCWD = -100
AT = Const(((AT_FDCWD, "AT_FDCWD"),), code="i", raw="d")


class Descriptor(Type):
    """A file descriptor; with -y and its kin, with what it refers to. *at*: AT_FDCWD is a name."""

    code = "i"

    def __init__(self, at: bool = False) -> None:
        self.at = at

    def decoder(self, how: How) -> Decoder:
        names = AT.names(how.abi)
        details = how.options.decode_fds
        if not details:
            if not self.at:
                return as_it_is
            return lambda call, number: ConstValue(number, names) if number == AT_FDCWD else number
        from .fds import describe

        def decode(call: Call, number: int) -> Value:
            if number == AT_FDCWD and self.at:
                return describe(call.tracee, number, details, ConstValue(number, names))
            return describe(call.tracee, number, details) if number >= 0 else number
        return decode


FD = Descriptor()
DIRFD = Descriptor(at=True)
#: A descriptor that a call returns.
NEW_FD = FD

MODE = Int("I", Oct)
UMODE = Int("H", Oct)
OPEN_FLAGS = Parts((3, Const(fcntl.OPEN_MODES, "O_???"), True), (0, Flags(fcntl.OPEN_FLAGS), False))


class ProcessId(Type):
    """A process, thread, process group or session id, with -Y and ``--decode-pids`` what is known of it.
    *group*: a process has that name, but this is not about it alone."""

    code = "i"

    def __init__(self, group: bool = False) -> None:
        self.group = group

    def decoder(self, how: How) -> Decoder:
        wanted = how.options.decode_pids - ({"comm"} if self.group else set())
        if not wanted:
            return as_it_is
        from .pids import describe
        return lambda call, number: describe(call.tracee, number, wanted) if number > 0 else number


PID = ProcessId()
PGID = ProcessId(group=True)


class UserId(Type):
    """A user or group id; -1 means none."""

    code = "I"

    def decoder(self, how: How) -> Decoder:
        return lambda call, number: -1 if number == 0xffffffff else number


UID = UserId()
GID = UID


class Device(Type):
    """A device number in the kernel's user-space encoding: ``makedev(0x8, 0x1)``."""

    def __init__(self, code: str = "L") -> None:
        self.code = code

    def decoder(self, how: How) -> Decoder:
        return lambda call, number: makedev(number)


def makedev(number: int) -> Value:
    """*number* (new_encode_dev of <linux/kdev_t.h>, with glibc's wider halves) by major and minor."""
    major = number >> 8 & 0xfff | number >> 32 & 0xfffff000
    minor = number & 0xff | number >> 12 & 0xffffff00
    return Written(Hex(number), Macro("makedev", (Hex(major), Hex(minor)), number=number))


#: struct __kernel_timespec: that of the calls that have 64-bit times on 32-bit ABIs (``_time64``).
TIMESPEC64 = Struct(tv_sec=INT64, tv_nsec=UINT64)
TIMESPEC = ByAbi(Struct(tv_sec=LONG, tv_nsec=ULONG), x32=TIMESPEC64)
TIMEVAL = ByAbi(Struct(tv_sec=LONG, tv_usec=ULONG), x32=Struct(tv_sec=INT64, tv_usec=UINT64))

SIGNAL = Const(tuple(signals.NAMES.items()), code="i", raw="d")


def int_at(call: Call, address: int, signed: bool = False) -> Optional[int]:
    """The 32-bit number at *address*, or None."""
    data = call.memory.read(address, 4)
    return None if data is None else int.from_bytes(data, "little", signed=signed)


def changed(before: Value, after: Value) -> Value:
    """*after*, beside *before* where that is another."""
    return after if before == after else Changed(before, after)


class Pointer(Type):
    """A pointer to what has to be looked at when the call is entered and again when it returns: how, says
    `stops`. It is not followed with ``-e verbose=none``."""

    code = "P"

    def stops(self, how: How) -> Argument:
        """As `argument`, but of functions that take addresses."""
        raise NotImplementedError(type(self).__name__)

    def argument(self, how: How) -> Argument:
        if not how.deref:
            return ADDR.argument(how)
        convert = register("P", how.abi)

        def of(function: Optional[Callable[[Call, int], Any]]) -> Any:
            return function and (lambda call, raw: function(call, convert(raw)))
        stops = self.stops(how)
        return stops if convert is int else Argument(*[of(function) for function in stops])


class Expected(Out):
    """What the call fills in when *condition*, a function of the call and the pointer, holds at entry; when it
    doesn't, the address is shown there."""

    def __init__(self, condition: Callable[[Call, int], object], kind: Type) -> None:
        super().__init__(kind)
        self.condition = condition

    def argument(self, how: How) -> Argument:
        if not how.deref:
            return ADDR.argument(how)
        condition = self.condition
        convert = register("P", how.abi)
        return Argument(lambda call, raw: LATER if condition(call, convert(raw)) else Addr(convert(raw)),
                        super().argument(how).leave)


class AtMost(Type):
    """A pointer that is followed only where *size* (a Count) is none that the kernel would refuse: from 0 to
    *most*."""

    code = "P"

    def __init__(self, most: int, size: Count, kind: Type) -> None:
        self.most = most
        self.size = size
        self.kind = kind

    def decoder(self, how: How) -> Decoder:
        most = self.most
        size = how.number(self.size)
        inner = self.kind.decoder(how)
        return lambda call, address: inner(call, address) if 0 <= size(call) <= most else Addr(address)


class Binary(Buffer):
    """A pointer to *size* bytes that are no text."""

    def decoder(self, how: How) -> Decoder:
        inner = super().decoder(how)

        def decode(call: Call, address: int) -> Value:
            value = inner(call, address)
            if isinstance(value, Bytes):
                value.opaque = True
            return value
        return decode


class Wide(Type):
    """A field of 64 bits that is a pointer on every ABI, or a size: *kind* decodes its value."""

    code = "Q"
    beside = True

    def __init__(self, kind: Type) -> None:
        self.kind = kind

    def decoder(self, how: How) -> Decoder:
        return self.kind.decoder(how)


class Reserved(Fixed):
    """An array that ought to be zeros, inside a structure: as many of its elements are shown as of one that a
    pointer leads to."""

    def decoder(self, how: How) -> Decoder:
        inner, shown = super().decoder(how), how.elements(self.count)

        def decode(call: Call, data: bytes) -> Value:
            value = inner(call, data)
            if isinstance(value, ArrayValue) and shown < self.count:
                value = ArrayValue(value.items[:shown], True)
            return value
        return decode


def unless_zero(name: str, kind: Type) -> If:
    """The field *name* of this type, shown only when it is not zero."""
    return If(lambda raw: any(raw[name]) if isinstance(raw[name], bytes) else raw[name], kind)
