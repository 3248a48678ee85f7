"""Types of ioctl: the request's names, and arguments that more than one request has."""
from __future__ import annotations

import os
from struct import Struct as Layout

from ..constants import ioctl
from ..values import BEGUN, Addr, Bytes, Changed, Half, Names, Words, Written
from ..values import Const as ConstValue
from ..values import Struct as StructValue
from .common import FD
from .core import HEXLONG, Argument, Chars, Const, Decoder, Flags, How, InRegister, Switch, Type, register

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, Optional, Tuple

    from ..arch.abi import Abi
    from ..call import Call
    from ..tracer.tracee import Tracee
    from ..values import Value

_DIRECTIONS = ("_IOC_NONE", "_IOC_WRITE", "_IOC_READ", "_IOC_READ|_IOC_WRITE")
#: Major numbers of terminals (Documentation/admin-guide/devices.txt): consoles, tty and ptmx, Unix98 ptys.
_TERMINALS = frozenset((4, 5, *range(136, 144)))


def composed(number: int) -> str:
    """A request without a name, by what its number is made of: ``_IOC(_IOC_READ, 0x54, 0x1, 0x4)``."""
    def part(value: int) -> str:
        return f"{value:#x}" if value else "0"
    return (f"_IOC({_DIRECTIONS[number >> 30]}, {part(number >> 8 & 0xff)}, {part(number & 0xff)}, "
            f"{part(number >> 16 & 0x3fff)})")


class _Names(Names):
    """The names of requests in one ABI; *terminal*: the descriptor is a terminal, so that a request of
    the sound drivers is not meant."""

    __slots__ = ("specific", "terminal")

    def __init__(self, specific: Dict[int, str], terminal: bool) -> None:
        super().__init__(())
        self.specific = specific
        self.terminal = terminal

    def name(self, value: int) -> Optional[str]:
        found = self.specific.get(value) or ioctl.COMMON.get(value)
        if found is None:
            return composed(value)
        if self.terminal and found.startswith("SND") and " or " in found:
            found = " or ".join([name for name in found.split(" or ") if not name.startswith("SND")]) or found
        return found


def _is_terminal(tracee: Tracee, fd: int) -> bool:
    try:
        return os.major(os.stat(f"/proc/{tracee.tid}/fd/{fd}").st_rdev) in _TERMINALS
    except OSError:
        return False


class Request(Type):
    """An ioctl request on the descriptor in the argument *fd*."""

    code = "I"

    def __init__(self, fd: str = "fd") -> None:
        self.fd = fd

    def decoder(self, how: How) -> Decoder:
        specific = ioctl.SPECIFIC.get(how.abi.name, {})
        plain, terminal = _Names(specific, False), _Names(specific, True)
        fd = how.number(self.fd)

        def decode(call: Call, number: int) -> Value:
            # Only the requests 'T' have names of terminals as well as of others.
            if number >> 8 & 0xff == 0x54 and _is_terminal(call.tracee, fd(call)):
                return ConstValue(number, terminal)
            return ConstValue(number, plain)
        return decode


class Opaque(Type):
    """What a request of which nothing is known but its direction and size points at: bytes, with ``-v``."""

    code = "L"
    #: The types of requests that strace knows so well that it does without.
    KNOWN = frozenset((
        0x03, 0x12, 0x15, 0x21, 0x22, 0x24, 0x3d, 0x3e, 0x45, 0x49, 0x4b, 0x4c, 0x4d, 0x4f, 0x52, 0x54, 0x56,
        0x57, 0x58, 0x66, 0x69, 0x6f, 0x70, 0x75, 0x89, 0x8a, 0x94, 0xa4, 0xaa, 0xab, 0xae, 0xb4, 0xb7, 0xfd, 0xff))
    #: _IOC_WRITE and _IOC_READ: what the caller writes, what it reads. No direction may be any.
    WRITE, READ = 1, 2

    def argument(self, how: How) -> Argument:
        plain = HEXLONG.argument(how)
        if how.abbrev or not how.deref:
            return plain
        convert = register("P", how.abi)
        request = how.number("op")
        limit = how.limit

        def some(call: Call, raw: int) -> int:
            number = request(call)
            return number >> 16 & 0x3fff if convert(raw) and number >> 8 & 0xff not in self.KNOWN else 0

        def read(call: Call, raw: int) -> Optional[Value]:
            size = some(call, raw)
            data = call.memory.read(convert(raw), min(size, limit + 1)) if size else None
            return None if data is None else Bytes(data[:limit], size > limit, size, opaque=True)

        def enter(call: Call, raw: int) -> Value:
            direction = request(call) >> 30
            if direction == self.READ and some(call, raw):
                return BEGUN
            value = read(call, raw)
            if value is None:
                return plain.leave(call, raw)
            if direction == self.WRITE:
                return value
            call.save("opaque", value)
            return Half(value)

        def leave(call: Call, raw: int) -> Value:
            value = read(call, raw)
            before = call.load("opaque")
            if before is not None:
                return Changed(before, value) if value is not None else before
            return plain.leave(call, raw) if value is None else value
        return Argument(enter, leave)


class Alias(InRegister):
    """The argument again, under another name and only for the requests in *kinds*: strace names the
    arguments of some requests differently. It has no register of its own."""

    REGISTER = 2

    def __init__(self, kinds: Dict[Any, Type]) -> None:
        super().__init__(self.REGISTER, Switch("op", dict(kinds)))

    def registers(self, abi: Abi) -> int:
        return 0


def _name(data: bytes) -> Value:
    """A string up to its NUL; without one, it is one byte shorter than its room."""
    text, end, _ = data.partition(b"\0")
    return Bytes(text, False, len(text)) if end else Bytes(data[:-1], True)


class Name(Chars):
    """A name that has room in *size* bytes, and that -s doesn't shorten."""

    def decoder(self, how: How) -> Decoder:
        return lambda call, data: _name(data)


class Interface(Type):
    """struct ifreq of <linux/if.h>: a name and, in the union, the field *name* of type *kind*. *reads*:
    the kernel fills the union in; *by_index*: it fills in the name."""

    code = "P"
    NAME_SIZE = 16

    def __init__(self, name: str, kind: Type, reads: bool = False, by_index: bool = False) -> None:
        self.name = name
        self.kind = kind
        self.reads = reads
        self.by_index = by_index

    def argument(self, how: How) -> Argument:
        leave = super().argument(how).leave

        def enter(call: Call, raw: int) -> Value:
            value = leave(call, raw)
            if not isinstance(value, StructValue):
                return value
            return Half(StructValue(value.fields[:1]), open=True, kept=True)
        return Argument(enter if self.reads else leave, leave)

    def decoder(self, how: How) -> Decoder:
        if not how.deref:
            return lambda call, address: Addr(address)
        inner = self.kind.decoder(how)
        unpack = Layout("=" + self.kind.layout(how.abi)[0]).unpack_from
        total = 40 if how.abi.word == 8 else 32

        def decode(call: Call, address: int) -> Value:
            data = call.memory.read(address, total) if address else None
            if data is None:
                return Addr(address)
            name = ("ifr_name", _name(data[:self.NAME_SIZE]))
            field = (self.name, inner(call, unpack(data, self.NAME_SIZE)[0]))
            first, second = (field, name) if self.by_index else (name, field)
            return StructValue((first,) if self.reads and call.error else (first, second))
        return decode


class InterfaceFlags(Type):
    """What an interface is and does."""

    code = "H"

    def decoder(self, how: How) -> Decoder:
        from ..constants import socket  # most programs that call ioctl have nothing to do with networks
        return Flags(socket.INTERFACE_FLAGS, "IFF_???", code=self.code).decoder(how)


class InterfaceAddress(Type):
    """A struct sockaddr in a structure."""

    SIZE = 16

    def layout(self, abi: Abi) -> Tuple[str, int, int]:
        return f"{self.SIZE}s", self.SIZE, 2

    def decoder(self, how: How) -> Decoder:
        from .network import address_decoder
        decode = address_decoder(how)
        return lambda call, data: decode(data)


class HardwareAddress(InterfaceAddress):
    """A struct sockaddr that holds a hardware address."""

    def decoder(self, how: How) -> Decoder:
        from ..constants import socket
        kinds = Const(socket.ARP_HARDWARE, "ARPHRD_???").names(how.abi)

        def decode(call: Call, data: bytes) -> Value:
            kind = int.from_bytes(data[:2], "little")
            readable = Words(((":".join([f"{byte:02x}" for byte in data[2:8]]), None),))
            return StructValue((("sa_family", ConstValue(kind, kinds)),
                                ("sa_data", Written(Bytes(data[2:], opaque=True), readable))))
        return decode


class WideDescriptor(Type):
    """A descriptor in a 64-bit field."""

    code = "q"

    def decoder(self, how: How) -> Decoder:
        inner = FD.decoder(how)
        return lambda call, number: inner(call, number) if -1 << 31 <= number < 1 << 31 else number
