"""io_uring: the parameters of a ring, what waiting for it is told, and what is registered with it."""
from __future__ import annotations

from ..constants import misc
from ..values import BEGUN, Addr, Changed, Half, Hex, Noted
from ..values import Struct as StructValue
from .common import FD, TIMESPEC64, Parts, Pointer, Reserved, Wide, unless_zero
from .core import (
    ADDR,
    ADDR64,
    HEX8,
    HEX16,
    HEX32,
    HEX64,
    UBYTE,
    UINT,
    USHORT,
    Argument,
    Array,
    Const,
    Flags,
    Hidden,
    How,
    If,
    Ptr,
    Sized,
    Struct,
    Switch,
    Type,
)
from .io import IOVEC
from .sched import CpuSet
from .signals import SignalSetAt
from .timing import CLOCK

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, List, Tuple

    from ..arch.abi import Abi
    from ..call import Call
    from ..values import Value
    from .core import Decoder

# IORING_ENTER_EXT_ARG, IORING_ENTER_EXT_ARG_REG and IORING_SETUP_ATTACH_WQ of <linux/io_uring.h>
EXT_ARG, EXT_ARG_REG = 8, 64
_ATTACH_WQ = 32

REGISTER_OPERATION = Parts(
    (0x7fffffff, Const(misc.IO_URING_REGISTER_OPS, "IORING_REGISTER_???"), True),
    (0x80000000, Flags(((0x80000000, "IORING_REGISTER_USE_REGISTERED_RING"),)), False), raw="")


#: struct io_uring_getevents_arg.
GETEVENTS_ARG = Struct(sigmask=Wide(SignalSetAt(lambda call: int(call.siblings["sigmask_sz"]))), sigmask_sz=UINT,
                       min_wait_usec=UINT, ts=Wide(Ptr(TIMESPEC64)))

_RESERVED = unless_zero("resv1", HEX32)
_SQ_OFFSETS = Struct(head=UINT, tail=UINT, ring_mask=UINT, ring_entries=UINT, flags=UINT, dropped=UINT,
                     array=UINT, resv1=_RESERVED, user_addr=HEX64)
_CQ_OFFSETS = Struct(head=UINT, tail=UINT, ring_mask=UINT, ring_entries=UINT, overflow=UINT, cqes=UINT,
                     flags=UINT, resv1=_RESERVED, user_addr=HEX64)
_TOLD = "flags", "sq_thread_cpu", "sq_thread_idle", "wq_fd", "resv"
_ANSWERED = "sq_entries", "cq_entries", "features", "sq_off", "cq_off"


def _parameters(*order: str) -> Struct:
    """struct io_uring_params, these fields of it."""
    return Struct(
        sq_entries=UINT, cq_entries=UINT, flags=Flags(misc.IO_URING_SETUP_FLAGS, "IORING_SETUP_???"),
        sq_thread_cpu=HEX32, sq_thread_idle=UINT, features=Flags(misc.IO_URING_FEATURES, "IORING_FEAT_???"),
        wq_fd=If(lambda raw: raw["flags"] & _ATTACH_WQ, FD),
        resv=unless_zero("resv", Reserved(HEX32, 3)),
        sq_off=_SQ_OFFSETS, cq_off=_CQ_OFFSETS, order=order)


class RingParameters(Pointer):
    """A pointer to the parameters of a ring: what the caller asks for and, after success, what it gets."""

    def stops(self, how: How) -> Argument:
        told, whole = (Ptr(_parameters(*order)).decoder(how) for order in (_TOLD, (*_TOLD, *_ANSWERED)))

        def enter(call: Call, address: int) -> Value:
            value = told(call, address)
            return Half(value, open=True) if isinstance(value, StructValue) else value

        def leave(call: Call, address: int) -> Value:
            asked: Value = call.load("half").value
            value = asked if call.error else whole(call, address)
            return value if isinstance(value, StructValue) else asked
        return Argument(enter, leave)


# What is registered. Reserved fields are shown when they are used.

_OPERATION = Const(misc.IO_URING_OPS, "IORING_OP_???", code="B", raw="d")
_FDS = Array(FD, "nr_args")

class _Restriction(Type):
    """struct io_uring_restriction: its first field says what the second, a byte, means."""

    KINDS = {
        0: ("register_op", Const(misc.IO_URING_REGISTER_OPS, "IORING_REGISTER_???", code="B")),
        1: ("sqe_op", _OPERATION),
        2: ("sqe_flags", Flags(misc.IO_URING_SQE_FLAGS, "IOSQE_???", code="B")),
        3: ("sqe_flags", Flags(misc.IO_URING_SQE_FLAGS, "IOSQE_???", code="B"))}

    def layout(self, abi: Abi) -> Tuple[str, int, int]:
        return "16s", 16, 4

    def decoder(self, how: How) -> Decoder:
        opcode = Const(misc.IO_URING_RESTRICTIONS, "IORING_RESTRICTION_???", code="H").decoder(how)
        kinds = {number: (name, kind.decoder(how)) for number, (name, kind) in self.KINDS.items()}
        reserved = Struct(
            what=Hidden(UINT), resv2=unless_zero("resv2", Reserved(HEX32, 3))).decoder(how)

        def decode(call: Call, data: bytes) -> Value:
            number, operand = int.from_bytes(data[:2], "little"), data[2]
            first: Value = opcode(call, number)
            fields: List[Tuple[str, Value]] = []
            if number in kinds:
                name, inner = kinds[number]
                fields += [("opcode", first), (name, inner(call, operand))]
            else:
                fields.append(("opcode", Noted(first, f"op: {operand:#x}" if operand else "op: 0")))
            if data[3]:
                fields.append(("resv", Hex(data[3])))
            rest = reserved(call, data)
            return StructValue((*fields, *rest.fields) if isinstance(rest, StructValue) else fields)
        return decode


_PROBED = Struct(op=_OPERATION, resv=unless_zero("resv", HEX8),
                 flags=Flags(misc.IO_URING_OP_FLAGS, "IO_URING_OP_???", code="H"),
                 resv2=unless_zero("resv2", HEX32))
_PROBE = Struct(last_op=_OPERATION, ops_len=UBYTE, resv=unless_zero("resv", HEX16),
                resv2=unless_zero("resv2", Reserved(HEX32, 3)))


class _Probe(Pointer):
    """struct io_uring_probe and the operations after it: as many as there is room for, then as many as are
    told. Memory that is all zeros, as the kernel wants it, is not worth showing before."""

    #: The most operations that the kernel takes.
    MOST = 256

    def stops(self, how: How) -> Argument:
        head, size = Ptr(_PROBE).decoder(how), _PROBE.layout(how.abi)[1]
        room = Array(_PROBED, "nr_args").decoder(how)
        told = Array(_PROBED, lambda call: min(call.load("ops_len") or 0, call.arg("nr_args"))).decoder(how)

        def read(call: Call, address: int, operations: Decoder) -> Value:
            value = head(call, address)
            if not isinstance(value, StructValue) or call.arg("nr_args") > self.MOST:
                return Addr(address)
            return StructValue((*value.fields, ("ops", operations(call, address + size))))

        def enter(call: Call, address: int) -> Value:
            value = read(call, address, room)
            if not isinstance(value, StructValue):
                return value
            data = call.memory.upto(address, size + 8 * call.arg("nr_args"))
            return Half(value) if data.strip(b"\0") else BEGUN

        def leave(call: Call, address: int) -> Value:
            half = call.load("half")
            if call.error:
                return Addr(address) if half is BEGUN else half.value
            length = call.memory.read(address + 1, 1)
            call.save("ops_len", length[0] if length else 0)
            after = read(call, address, told)
            return after if half is BEGUN else Changed(half.value, after)
        return Argument(enter, leave)


def _resources(element: Type) -> Tuple[Type, Type]:
    """The fields ``data`` and ``tags``: arrays of as many elements as the field ``nr`` says."""
    def number(call: Call) -> int:
        return int(call.siblings["nr"])
    return Wide(Array(element, number)), Wide(Array(HEX64, number))


def _register(element: Type) -> Sized:
    data, tags = _resources(element)
    return Sized(Struct(nr=UINT, flags=Flags(misc.IO_URING_RSRC_FLAGS, "IORING_RSRC_REGISTER_???"),
                        resv2=unless_zero("resv2", HEX64), data=data, tags=tags), "nr_args", 32)


def _update(element: Type) -> Sized:
    data, tags = _resources(element)
    return Sized(Struct(offset=UINT, resv=unless_zero("resv", HEX32), data=data, tags=tags, nr=UINT,
                        resv2=unless_zero("resv2", HEX32)), "nr_args", 32)


class _LowDescriptor(Type):
    """A descriptor in the low half of a 64-bit field."""

    code = "Q"

    def decoder(self, how: How) -> Decoder:
        inner = FD.decoder(how)
        return lambda call, number: inner(call, (number & 0xffffffff ^ 1 << 31) - (1 << 31))


def _ring_fd(data: Type) -> Array:
    return Array(Struct(offset=UINT, resv=unless_zero("resv", HEX32), data=data), "nr_args")


def _one(kind: Struct, count: int = 1) -> Switch:
    """A pointer to one structure; the call says that there are *count*."""
    return Switch("nr_args", {count: Ptr(kind)}, ADDR)


_BUFFER_RING = _one(Struct(ring_addr=ADDR64, ring_entries=UINT, bgid=USHORT, flags=HEX16, min_left=UINT,
                           resv=unless_zero("resv", Reserved(HEX32, 5))))
#: io_uring_register's argument by its opcode (IORING_REGISTER_* of <linux/io_uring.h>).
REGISTERED: Dict[Any, Any] = {
    0: Array(IOVEC, "nr_args"),
    (2, 4, 7): _FDS,
    6: Ptr(Struct(offset=UINT, resv=unless_zero("resv", HEX32), fds=Wide(_FDS))),
    8: _Probe(),
    11: Array(_Restriction(), "nr_args"),
    13: _register(FD), 14: _update(FD), 15: _register(IOVEC), 16: _update(IOVEC),
    17: CpuSet("nr_args"),
    20: _ring_fd(_LowDescriptor()),
    21: _ring_fd(unless_zero("data", HEX64)),
    (22, 23): _BUFFER_RING,
    24: _one(Struct(addr=ADDR64, fd=FD, flags=Flags(misc.IO_URING_CANCEL_FLAGS, "IORING_ASYNC_CANCEL_???"),
                    timeout=TIMESPEC64, opcode=Const(misc.IO_URING_OPS, "IORING_OP_???", code="B"),
                    pad=unless_zero("pad", Reserved(HEX8, 7)),
                    pad2=unless_zero("pad2", Reserved(HEX64, 3)))),
    25: _one(Struct(off=UINT, len=UINT, resv=unless_zero("resv", HEX64))),
    29: _one(Struct(clockid=CLOCK, __resv=unless_zero("__resv", Reserved(HEX32, 3))), 0),
    30: _one(Struct(src_fd=FD, flags=Flags(misc.IO_URING_CLONE_FLAGS, "IORING_REGISTER_???"), src_off=UINT,
                    dst_off=UINT, nr=UINT, pad=unless_zero("pad", Reserved(HEX32, 3)))),
}
