"""Types of reading and writing: vectors of buffers, offsets that the call moves, asynchronous requests."""
from __future__ import annotations

from struct import Struct as Layout

from ..constants import fcntl, poll
from ..values import OMIT, Addr, Bytes, Half, Hex, Ref
from ..values import Plain as PlainValue
from ..values import Struct as StructValue
from .common import FD, Pointer, changed, unless_zero
from .core import (
    ADDR,
    HEX32,
    HEX64,
    INT64,
    SIZE,
    UINT,
    UINT64,
    Argument,
    Array,
    Buffer,
    Const,
    Decoder,
    Flags,
    Hidden,
    How,
    If,
    Struct,
    Type,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Dict, List, Mapping, Optional

    from ..call import Call
    from ..values import Value
    from .core import Count

IOVEC = Struct(iov_base=ADDR, iov_len=SIZE)


class Vector(Array):
    """A pointer to *count* (a Count) struct iovec, with the data that they point at:
    ``[{iov_base="ab", iov_len=2}]``. *size* (a Count) limits that data in all: what was read."""

    def __init__(self, count: Count, size: Optional[Count] = None) -> None:
        super().__init__(IOVEC, count)
        self.size = size

    def items(self, how: How) -> Callable[[Call, bytes], List[Value]]:
        limit = how.limit
        size = None if self.size is None else how.number(self.size)
        unpack = Layout("=" + 2 * ADDR.layout(how.abi)[0]).iter_unpack

        def decode(call: Call, vector: bytes) -> List[Value]:
            items: List[Value] = []
            left = None if size is None else max(0, size(call))
            for base, length in unpack(vector):
                many = length
                if left is not None:
                    many = min(length, left)
                    left -= many
                data = call.memory.read(base, min(many, limit + 1)) if base else None
                buffer: Value = Addr(base) if data is None else Bytes(data[:limit], many > limit, many)
                items.append(StructValue((("iov_base", buffer), ("iov_len", length))))
            return items
        return decode


class OutVector(Type):
    """The vector that a call reads into: the data after success, the bare structures after a failure."""

    code = "P"

    def __init__(self, count: Count, size: Count = "return") -> None:
        self.filled = Vector(count, size)
        self.bare = Array(IOVEC, count)

    def argument(self, how: How) -> Argument:
        filled = self.filled.argument(how).leave
        bare = self.bare.argument(how).leave
        return Argument(None, lambda call, raw: (bare if call.error else filled)(call, raw))


class Moved(Pointer):
    """A pointer to a number that the call changes, unless *size* (a Count) is 0: ``[3 => 13]``, or ``[3]``
    when it is as before."""

    def __init__(self, kind: Type, size: Count = 1) -> None:
        self.kind = kind
        self.size = size

    def stops(self, how: How) -> Argument:
        code, size, _ = self.kind.layout(how.abi)
        inner = self.kind.decoder(how)
        unpack = Layout("=" + code).unpack
        changes = how.number(self.size)

        def read(call: Call, address: int) -> Optional[Value]:
            data = call.memory.read(address, size)
            return None if data is None else inner(call, unpack(data)[0])

        def enter(call: Call, address: int) -> Value:
            before = read(call, address)
            if before is None:
                return Addr(address)
            if not changes(call):
                return Ref(before)
            call.save("moved", before)
            return Half(Ref(before))

        def leave(call: Call, address: int) -> Value:
            before = call.load("moved")
            if before is None:
                return Addr(address)
            after = None if call.error else read(call, address)
            return Ref(before if after is None else changed(before, after))
        return Argument(enter, leave)


class TwoWords(Type):
    """A signed 64-bit number in two arguments, both longs: this one and *other*, which is of type OTHER.
    *high_first*: this one is the high half. Where a long has 64 bits the low half alone counts."""

    code = "L"

    def __init__(self, other: str, high_first: bool = False) -> None:
        self.other = other
        self.high_first = high_first

    def argument(self, how: How) -> Argument:
        other = how.number(self.other)
        narrow = how.abi.word == 4
        high_first = self.high_first

        def decode(call: Call, raw: int) -> Value:
            low, high = raw, other(call)
            if high_first:
                low, high = high, low
            if narrow:
                low = low & 0xffffffff | (high & 0xffffffff) << 32
            return (low ^ 1 << 63) - (1 << 63)
        return Argument(decode, decode)


class ResultSwitch(Type):
    """A result whose type *by* (a Count) chooses among *cases*."""

    code = "l"

    def __init__(self, by: Count, cases: Dict[int, Type], default: Type) -> None:
        self.by = by
        self.cases = cases
        self.default = default

    def decoder(self, how: How) -> Decoder:
        by = how.number(self.by)
        prepared = {value: kind.decoder(how) for value, kind in self.cases.items()}
        default = self.default.decoder(how)
        return lambda call, number: prepared.get(by(call), default)(call, number)


class Plain(Type):
    """A named number whose names are shown whatever the style of constants: beside the bare result."""

    def __init__(self, kind: Type) -> None:
        self.kind = kind

    def decoder(self, how: How) -> Decoder:
        inner = self.kind.decoder(how)
        return lambda call, number: PlainValue(inner(call, number))


class OtherWord(Type):
    """The other half of a TwoWords argument: never shown by itself."""

    code = "L"

    def argument(self, how: How) -> Argument:
        return Argument(lambda call, raw: OMIT, lambda call, raw: OMIT)


OTHER = OtherWord()
PIPE_FLAGS = Flags(fcntl.OPEN_FLAGS, "O_???")
WHENCE = Const(fcntl.WHENCES, "SEEK_???")

_PREAD, _PWRITE, _POLL, _PREADV, _PWRITEV = 0, 1, 5, 7, 8
_TRANSFERS = _PREAD, _PWRITE, _PREADV, _PWRITEV
_BUFFERS = {_PREAD: "read", _PWRITE: "write", _POLL: "poll", _PREADV: "readv", _PWRITEV: "writev"}


_IOCB_FLAG_RESFD, _IOCB_FLAG_IOPRIO = 1, 2


def _is(*commands: int) -> Callable[[Dict[str, Any]], object]:
    """Whether a struct iocb asks for one of these."""
    return lambda raw: raw["aio_lio_opcode"] in commands


def _sized(raw: Dict[str, Any]) -> bool:
    """Whether the length of a struct iocb is shown: that of a buffer, or of more elements than a vector can have."""
    return raw["aio_lio_opcode"] in (_PREAD, _PWRITE) or _too_many(raw)


def _too_many(raw: Mapping[str, Any]) -> bool:
    return raw["aio_lio_opcode"] in (_PREADV, _PWRITEV) and raw["aio_nbytes"] >= 1 << 63


def _flagged(raw: Dict[str, Any]) -> object:
    """Whether a struct iocb has flags, where they count."""
    return raw["aio_flags"] and raw["aio_lio_opcode"] in _BUFFERS


def _signalled(raw: Dict[str, Any]) -> object:
    """Whether a struct iocb has an eventfd, where it counts."""
    return (raw["aio_resfd"] or raw["aio_flags"] & _IOCB_FLAG_RESFD) and raw["aio_lio_opcode"] in _BUFFERS


class _ByCommand(Type):
    """The field of a struct iocb that is a buffer (*kinds* by command): a 64-bit number."""

    code = "Q"
    beside = True

    def __init__(self, **kinds: Type) -> None:
        self.kinds = kinds

    def decoder(self, how: How) -> Decoder:
        prepared = {number: self.kinds[name].decoder(how) for number, name in _BUFFERS.items()}

        def decode(call: Call, number: int) -> Value:
            if _too_many(call.siblings):
                return Hex(number)
            return prepared[call.siblings["aio_lio_opcode"]](call, number)
        return decode


def _bytes(call: Call) -> int:
    return int(call.siblings["aio_nbytes"])


class _RequestPriority(Type):
    """The priority of a request: an I/O priority when a flag says so."""

    code = "h"
    beside = True

    def decoder(self, how: How) -> Decoder:
        from .sched import IoPriority
        priority = IoPriority("x").decoder(how)
        return lambda call, number: (
            priority(call, number & 0xffff) if call.siblings["aio_flags"] & _IOCB_FLAG_IOPRIO else number)


class _EventDescriptor(Type):
    """The eventfd of a request, when a flag says that it has one."""

    code = "I"
    beside = True

    def decoder(self, how: How) -> Decoder:
        descriptor, bare = FD.decoder(how), HEX32.decoder(how)
        return lambda call, number: (
            descriptor(call, (number ^ 1 << 31) - (1 << 31)) if call.siblings["aio_flags"] & _IOCB_FLAG_RESFD
            else bare(call, number))


# The one that the header only mentions is IOCB_CMD_PREADX.
_AIO_COMMAND = Const((*fcntl.AIO_COMMANDS, (4, "IOCB_CMD_PREADX")), "IOCB_CMD_???", code="H", raw="d")
_NAMED: Dict[str, Type] = {
    "aio_data": HEX64, "aio_key": unless_zero("aio_key", UINT),
    "aio_rw_flags": unless_zero("aio_rw_flags", Flags(fcntl.RWF_FLAGS, "RWF_???")),
    "aio_lio_opcode": _AIO_COMMAND,
    "aio_reqprio": If(lambda raw: raw["aio_reqprio"] or raw["aio_flags"] & _IOCB_FLAG_IOPRIO,
                      _RequestPriority()),
    "aio_fildes": FD}
#: struct iocb of <linux/aio_abi.h> where it is submitted, and where it only says which request is meant.
IOCB = Struct(
    **_NAMED,  # type: ignore[arg-type]
    aio_buf=If(_is(*_BUFFERS), _ByCommand(
        read=HEX64, write=Buffer(_bytes), poll=Flags(poll.POLL_EVENTS, "POLL???", code="Q"),
        readv=Array(IOVEC, _bytes), writev=Vector(_bytes))),
    aio_nbytes=If(_sized, UINT64), aio_offset=If(_is(*_TRANSFERS), INT64),
    aio_reserved2=Hidden(UINT64),
    aio_flags=If(_flagged, Flags(fcntl.AIO_FLAGS, "IOCB_FLAG_???")),
    aio_resfd=If(_signalled, _EventDescriptor()))
IOCB_NAMED = Struct(
    **_NAMED,  # type: ignore[arg-type]
    aio_buf=Hidden(UINT64), aio_nbytes=Hidden(UINT64), aio_offset=Hidden(INT64),
    aio_reserved2=Hidden(UINT64), aio_flags=Hidden(UINT), aio_resfd=Hidden(UINT))
IO_EVENT = Struct(data=HEX64, obj=HEX64, res=INT64, res2=INT64)
