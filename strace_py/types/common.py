"""Types that several families of system calls share: descriptors, modes, processes, users, times, devices."""
from __future__ import annotations

from ..constants import fcntl, signals
from ..values import Compound, Hex, Macro, Oct, Written
from ..values import Const as ConstValue
from .core import INT64, LONG, UINT64, ULONG, ByAbi, Const, Decoder, Flags, How, Int, Struct, Type

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import List, Tuple

    from ..call import Call
    from ..values import Value


class Parts(Type):
    """A number made of bit fields, each with a type of its own: ``O_RDWR|O_CREAT``. *parts* are
    (mask, type, shown even when 0), in the order they are shown; a mask of 0 stands for all other bits."""

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
            return Compound(number, parts, raw)
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
                return lambda call, number: number
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
            return lambda call, number: number
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
