"""Types of the calls about scheduling and futexes."""
from __future__ import annotations

from ..constants import sched
from ..values import Addr, Bits, Compound, Hex, Joined, Macro, Noted, Shifted
from ..values import Const as ConstValue
from ..values import Flags as FlagsValue
from ..values import Struct as StructValue
from .common import NumberAndName, Parts, bits, unless_zero
from .core import (
    ADDR,
    ADDR64,
    HEX32,
    HEX64,
    INT,
    SIZE,
    UINT,
    UINT64,
    Argument,
    Const,
    Count,
    Decoder,
    Flags,
    How,
    If,
    Struct,
    Type,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, List, Optional, Tuple

    from ..arch.abi import Abi
    from ..call import Call
    from ..values import Names, Value

_RESET, _RESET_NAME = sched.SCHED_POLICY_FLAGS[0]


class PolicyWithFlag(Type):
    """A scheduling policy with the flag that may come with it: ``SCHED_RESET_ON_FORK|SCHED_BATCH``."""

    code = "I"

    def __init__(self) -> None:
        self._named = Const(sched.SCHED_POLICIES + tuple(
            (number | _RESET, f"{_RESET_NAME}|{name}") for number, name in sched.SCHED_POLICIES), "SCHED_???")

    def names(self, abi: Abi) -> Names:
        """The names of policies, with the flag and without."""
        return self._named.names(abi)

    def decoder(self, how: How) -> Decoder:
        names = self.names(how.abi)
        flag = Flags(sched.SCHED_POLICY_FLAGS).names(how.abi)

        def decode(call: Call, number: int) -> Value:
            if names.name(number) is None and number & _RESET and not number >> 31:
                return FlagsValue(number, flag)
            return ConstValue(number, names)
        return decode


POLICY = Const(sched.SCHED_POLICIES, "SCHED_???")
POLICY_WITH_FLAG = PolicyWithFlag()


class AttrSize(Type):
    """The size that sched_getattr(2) is told. On AArch64 what is in the other half of the register is shown when
    the call has failed: ``0x1<<32|48``."""

    code = "I"

    def argument(self, how: How) -> Argument:
        if how.abi.name != "aarch64":
            return UINT.argument(how)

        def decode(call: Call, number: int) -> Value:
            upper, lower = number >> 32, number & 0xffffffff
            return Compound(number, [Shifted(Hex(upper), 32, "32"), lower], "") if upper and call.error else lower
        return Argument(decode, decode)


class CpuSet(Type):
    """A pointer to a bit map of processors, *size* (a Count) bytes long: ``[0 1]``."""

    code = "P"
    #: More bytes are never looked at: 1024 processors.
    LONGEST = 128

    def __init__(self, size: Count) -> None:
        self.size = size

    def decoder(self, how: How) -> Decoder:
        number = how.number(self.size)

        def decode(call: Call, address: int) -> Value:
            size = number(call)
            if not how.deref or not address:
                return Addr(address)
            data = call.memory.read(address, min(size, self.LONGEST))
            if data is None:
                return Addr(address)
            value = int.from_bytes(data, "little")
            names = [str(bit) for bit in bits(data)]
            if size > self.LONGEST:
                names.append("...")
            return Bits(value, names)
        return decode


def _policy_counts(fields: Dict[str, Any]) -> bool:
    # A negative one is refused whatever the flags say.
    return fields["sched_policy"] >> 31 or not fields["sched_flags"] & (_KEEP_POLICY | _KEEP_PARAMS)


def _parameters_count(fields: Dict[str, Any]) -> bool:
    return not fields["sched_flags"] & _KEEP_PARAMS


# SCHED_FLAG_KEEP_POLICY, SCHED_FLAG_KEEP_PARAMS of <linux/sched.h>
_KEEP_POLICY, _KEEP_PARAMS = 8, 16
#: struct sched_attr of Linux 3.14: what is told of it, and all that is asked for.
_ATTR_48: Dict[str, Type] = {
    "size": UINT, "sched_policy": If(_policy_counts, POLICY),
    "sched_flags": Flags(sched.SCHED_ATTR_FLAGS, "SCHED_FLAG_???", code="Q"),
    "sched_nice": If(_parameters_count, INT), "sched_priority": If(_parameters_count, UINT),
    "sched_runtime": If(_parameters_count, UINT64), "sched_deadline": If(_parameters_count, UINT64),
    "sched_period": If(_parameters_count, UINT64)}
_WHOLE_48 = {name: kind.kind if isinstance(kind, If) else kind for name, kind in _ATTR_48.items()}


def _attributes(fields: Dict[str, Type]) -> Tuple[Tuple[int, Struct], ...]:
    """The structure's sizes and what it is then, that of Linux 5.3 first."""
    return ((56, Struct(**fields, sched_util_min=UINT, sched_util_max=UINT)),  # type: ignore[arg-type]
            (48, Struct(**fields)))  # type: ignore[arg-type]


_TOLD, _ASKED = _attributes(_ATTR_48), _attributes(_WHOLE_48)


class SchedAttr(Type):
    """A pointer to a struct sched_attr, whose first field says how long it is. *room* (a Count) is how much
    of it the kernel was to fill in; what is missing is 0."""

    code = "P"
    LONGEST = 56

    def __init__(self, room: Optional[Count] = None) -> None:
        self.room = room

    def decoder(self, how: How) -> Decoder:
        room = None if self.room is None else how.number(self.room)
        sizes = [(size, kind.decoder(how)) for size, kind in (_TOLD if room is None else _ASKED)]

        def decode(call: Call, address: int) -> Value:
            most = self.LONGEST if room is None else min(room(call), self.LONGEST)
            first = 4 if room is None else most  # all that was filled in has to be there
            data = call.memory.read(address, first) if address and first and how.deref else None
            if data is None:
                return Addr(address)
            own = int.from_bytes(data[:4], "little")
            missing = 48 if room is None else 0  # what a size of 0 means
            for length, inner in sizes:
                if (own or missing) >= length:
                    data = call.memory.read(address, min(length, most))
                    if data is None:
                        return Addr(address)
                    value = inner(call, data.ljust(length, b"\0"))
                    if isinstance(value, StructValue) and own > self.LONGEST and room is None:
                        value.more = True
                    return value
            return StructValue((("size", own),))
        return decode


# IOPRIO_CLASS_SHIFT of <linux/ioprio.h>
_IOPRIO_SHIFT = 13


class IoPriority(Type):
    """An I/O priority: class and level. *raw* is the notation of the bare number."""

    code = "i"

    def __init__(self, raw: str = "d") -> None:
        self.raw = raw

    def macro(self, how: How) -> Decoder:
        """The decoder of its parts alone."""
        names = Const(sched.IOPRIO_CLASSES, "IOPRIO_CLASS_???").names(how.abi)

        def decode(call: Call, number: int) -> Value:
            number &= 0xffffffff
            return Macro("IOPRIO_PRIO_VALUE", (ConstValue(number >> _IOPRIO_SHIFT, names),
                                               number & (1 << _IOPRIO_SHIFT) - 1), number)
        return decode

    def decoder(self, how: How) -> Decoder:
        macro = self.macro(how)
        return lambda call, number: Compound(number, (Joined(number, (macro(call, number),)),), self.raw)


# <linux/futex.h>
FUTEX_PRIVATE_FLAG, FUTEX_CLOCK_REALTIME = 0x80, 0x100
#: The operations for which the clock may be chosen.
_CLOCKED = ("FUTEX_WAIT", "FUTEX_WAIT_BITSET", "FUTEX_WAIT_REQUEUE_PI")
#: The one whose private variant <linux/futex.h> has no name for.
_UNNAMED = "FUTEX_FD"


def _operations() -> Tuple[Tuple[int, str], ...]:
    found: List[Tuple[int, str]] = []
    for number, name in sched.FUTEX_OPERATIONS:
        private = name + ("|FUTEX_PRIVATE_FLAG" if name == _UNNAMED else "_PRIVATE")
        for value, variant in ((number, name), (number | FUTEX_PRIVATE_FLAG, private)):
            found.append((value, variant))
            if name in _CLOCKED:
                found.append((value | FUTEX_CLOCK_REALTIME, variant + "|FUTEX_CLOCK_REALTIME"))
    return tuple(found)


FUTEX_OP = Const(_operations(), "FUTEX_???")
_MATCH_ANY = ((0xffffffff, "FUTEX_BITSET_MATCH_ANY"),)
FUTEX_BITSET, FUTEX2_BITSET = Const(_MATCH_ANY), Const(_MATCH_ANY, code="L")


class WakeOp(Type):
    """What FUTEX_WAKE_OP does to the second futex: operation, comparison and their operands in one word."""

    code = "I"

    def decoder(self, how: How) -> Decoder:
        operations = Const(sched.FUTEX_WAKE_OPS, "FUTEX_OP_???").names(how.abi)
        comparisons = Const(sched.FUTEX_WAKE_CMPS, "FUTEX_OP_CMP_???").names(how.abi)
        shifted = Const(((8, "FUTEX_OP_OPARG_SHIFT"),)).names(how.abi)
        bare = how.options.const_style == "raw"

        def part(number: int, shift: int, names: Names) -> Value:
            if bare or names.name(number) is None:
                return Noted(Shifted(Hex(number), shift, str(shift)), names.unknown)
            return Shifted(ConstValue(number, names), shift, str(shift))

        def decode(call: Call, number: int) -> Value:
            parts: List[Value] = [
                part(number >> 28 & 7, 28, operations), Shifted(Hex(number >> 12 & 0xfff), 12, "12"),
                part(number >> 24 & 15, 24, comparisons), Hex(number & 0xfff)]
            if number >> 31:
                parts.insert(0, Shifted(ConstValue(8, shifted), 28, "28"))
            return Joined(number, parts)
        return decode


FUTEX2_FLAGS = Parts((3, Const(sched.FUTEX2_SIZES), True), (0xfffffffc, Flags(sched.FUTEX2_FLAGS), False))
FUTEX_WAITER = Struct(val=HEX64, uaddr=ADDR64, flags=FUTEX2_FLAGS,
                      __reserved=unless_zero("__reserved", HEX32))


KEXEC_SEGMENT = Struct(buf=ADDR, bufsz=SIZE, mem=ADDR, memsz=SIZE)


PIDTYPE = NumberAndName(((0, "PIDTYPE_PID"), (1, "PIDTYPE_TGID"), (2, "PIDTYPE_PGID"), (3, "PIDTYPE_SID")),
                        "PIDTYPE_???", "I", Hex, always=False)
