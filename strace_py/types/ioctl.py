"""Types of ioctl: the request's names, and arguments that more than one request has."""
from __future__ import annotations

import os
from struct import Struct as Layout

from ..constants import ioctl, socket
from ..values import Addr, Bytes, Names, Words, Written
from ..values import Const as ConstValue
from ..values import Struct as StructValue
from .common import FD
from .core import Argument, Const, Decoder, How, InRegister, Switch, Type, register
from .network import address_decoder

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, Optional, Tuple

    from ..arch.abi import Abi
    from ..call import Call
    from ..tracer.tracee import Tracee
    from ..values import Value

_HARDWARE = Const(socket.ARP_HARDWARE, "ARPHRD_???", code="H")
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


class Alias(InRegister):
    """The argument again, under another name and only for the requests in *kinds*: strace names the
    arguments of some requests differently. It has no register of its own."""

    REGISTER = 2

    def __init__(self, kinds: Dict[Any, Type]) -> None:
        super().__init__(self.REGISTER, Switch("op", dict(kinds)))

    def registers(self, abi: Abi) -> int:
        return 0


def _name(data: bytes) -> Value:
    """A string up to its NUL, however long."""
    text = data.partition(b"\0")[0]
    return Bytes(text, False, len(text))


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
        decode = self.decoder(how)
        convert = register("P", how.abi)
        leave: Decoder = lambda call, raw: decode(call, convert(raw))  # noqa: E731
        return Argument(None if self.reads else leave, leave)

    def decoder(self, how: How) -> Decoder:
        if not how.deref:
            return lambda call, address: Addr(address)
        code = self.kind.layout(how.abi)[0]
        inner = self.kind.decoder(how)
        unpack = Layout("=" + code).unpack_from
        total = 40 if how.abi.word == 8 else 32

        def decode(call: Call, address: int) -> Value:
            data = call.memory.read(address, total) if address else None
            if data is None:
                return Addr(address)
            name: Tuple[str, Value] = ("ifr_name", _name(data[:self.NAME_SIZE]))
            if self.reads and call.error:
                if self.by_index:
                    return StructValue(((self.name, inner(call, unpack(data, self.NAME_SIZE)[0])),))
                return StructValue((name,))
            field = (self.name, inner(call, unpack(data, self.NAME_SIZE)[0]))
            return StructValue((field, name) if self.by_index else (name, field))
        return decode


class InterfaceAddress(Type):
    """A struct sockaddr in a structure."""

    SIZE = 16

    def layout(self, abi: Abi) -> Tuple[str, int, int]:
        return f"{self.SIZE}s", self.SIZE, 2

    def decoder(self, how: How) -> Decoder:
        decode = address_decoder(how)
        return lambda call, data: decode(data)


class HardwareAddress(InterfaceAddress):
    """A struct sockaddr that holds a hardware address."""

    def decoder(self, how: How) -> Decoder:
        kinds = _HARDWARE.names(how.abi)

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
