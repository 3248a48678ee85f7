"""Types of reading and writing: vectors of buffers, offsets that the call moves, asynchronous requests."""
from __future__ import annotations

from struct import Struct as Layout

from ..constants import fcntl, misc
from ..values import OMIT, Addr, Bytes, Changed, Half, Ref
from ..values import Plain as PlainValue
from ..values import Struct as StructValue
from .common import FD
from .core import (
    ADDR,
    HEX64,
    INT,
    INT64,
    SHORT,
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
    register,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Dict, List, Optional, Tuple

    from ..arch.abi import Abi
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
                data = call.memory.read(base, min(many, limit)) if base else None
                buffer: Value = Addr(base) if data is None else Bytes(data, many > limit, many)
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


class Moved(Type):
    """A pointer to a number that the call changes: ``[3 => 13]``, or ``[3]`` when it is as before."""

    code = "P"

    def __init__(self, kind: Type) -> None:
        self.kind = kind

    def argument(self, how: How) -> Argument:
        convert = register("P", how.abi)
        if not how.deref:
            bare: Decoder = lambda call, raw: Addr(convert(raw))  # noqa: E731
            return Argument(bare, bare)
        code, size, _ = self.kind.layout(how.abi)
        inner = self.kind.decoder(how)
        unpack = Layout("=" + code).unpack

        def read(call: Call, address: int) -> Optional[Value]:
            data = call.memory.read(address, size) if address else None
            return None if data is None else inner(call, unpack(data)[0])

        def enter(call: Call, raw: int) -> Value:
            address = convert(raw)
            before = read(call, address)
            if before is None:
                return Addr(address)
            call.save("moved", before)
            return Half(Ref(before))

        def leave(call: Call, raw: int) -> Value:
            address = convert(raw)
            before = call.load("moved")
            if before is None:
                return Addr(address)
            after = None if call.error else read(call, address)
            return Ref(before if after is None or after == before else Changed(before, after))

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
    """A result whose type the argument *by* chooses among *cases*."""

    code = "l"

    def __init__(self, by: str, cases: Dict[int, Type], default: Type) -> None:
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

_PREAD, _PWRITE = 0, 1


def _transfers(raw: Dict[str, Any]) -> bool:
    """Whether a struct iocb names a buffer."""
    return raw["aio_lio_opcode"] in (_PREAD, _PWRITE)


class _RequestBuffer(Buffer):
    """A struct iocb's buffer: data when it is written, an address when it is going to be read into."""

    beside = True

    def __init__(self) -> None:
        super().__init__(lambda call: int(call.siblings["aio_nbytes"]))

    def layout(self, abi: Abi) -> Tuple[str, int, int]:
        return UINT64.layout(abi)

    def decoder(self, how: How) -> Decoder:
        written = super().decoder(how)
        return lambda call, address: (
            written(call, address) if call.siblings["aio_lio_opcode"] == _PWRITE else Addr(address))


_AIO_COMMAND = Const(misc.AIO_COMMANDS, "IOCB_CMD_???", code="H", raw="d")
_PRIORITY = If(lambda raw: raw["aio_reqprio"], SHORT)
#: struct iocb of <linux/aio_abi.h> where it is submitted, and where it only says which request is meant.
IOCB = Struct(
    aio_data=HEX64, aio_key=Hidden(UINT), aio_rw_flags=Hidden(INT), aio_lio_opcode=_AIO_COMMAND,
    aio_reqprio=_PRIORITY, aio_fildes=FD, aio_buf=If(_transfers, _RequestBuffer()),
    aio_nbytes=If(_transfers, UINT64), aio_offset=If(_transfers, INT64), aio_reserved2=Hidden(UINT64),
    aio_flags=Hidden(UINT), aio_resfd=Hidden(UINT))
IOCB_NAMED = Struct(
    aio_data=HEX64, aio_key=Hidden(UINT), aio_rw_flags=Hidden(INT), aio_lio_opcode=_AIO_COMMAND,
    aio_reqprio=_PRIORITY, aio_fildes=FD)
IO_EVENT = Struct(data=HEX64, obj=HEX64, res=INT64, res2=INT64)
