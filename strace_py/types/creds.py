"""Groups and capabilities."""
from __future__ import annotations

from ..constants import sched
from ..values import Addr, Compound
from ..values import Array as ArrayValue
from ..values import Flags as FlagsValue
from ..values import Struct as StructValue
from .common import GID, PID
from .core import Array, Const, Count, Decoder, Flags, How, Struct, Type

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Tuple

    from ..call import Call
    from ..values import Value

#: NGROUPS_MAX of <linux/limits.h>: the kernel takes no more groups.
MOST_GROUPS = 65536


class Groups(Type):
    """A pointer to *count* (a Count) group ids of the type *group*. *room*, the name of an argument, is how
    many may be put there: when it is 0, nothing was."""

    code = "P"

    def __init__(self, count: Count, group: Type = GID, room: str = "") -> None:
        self.count = count
        self.group = group
        self.room = room

    def decoder(self, how: How) -> Decoder:
        array = Array(self.group, self.count).decoder(how)
        if not how.deref:
            return array
        number = how.number(self.room or self.count)

        def decode(call: Call, address: int) -> Value:
            room = number(call)
            if not address or not 0 <= room <= MOST_GROUPS:
                return Addr(address)
            return array(call, address) if room else ArrayValue(())
        return decode


_VERSIONS = Const(sched.CAPABILITY_VERSIONS, "_LINUX_CAPABILITY_VERSION_???")
CAP_HEADER = Struct(version=_VERSIONS, pid=PID)


def _capabilities(first: int) -> Flags:
    """The flags of the 32 capabilities from *first*."""
    return Flags(tuple((1 << number - first, f"1<<{name}") for number, name in sched.CAPABILITIES
                       if first <= number < first + 32), "CAP_???")


_CAPABILITIES = _capabilities(0), _capabilities(32)


class CapabilityData(Type):
    """A pointer to the sets of capabilities: how many words each has says the version that the call's
    *header* points at."""

    code = "P"

    def __init__(self, header: str) -> None:
        self.header = header

    def decoder(self, how: How) -> Decoder:
        if not how.deref:
            return lambda call, address: Addr(address)
        header = how.number(self.header)
        low, high = (kind.names(how.abi) for kind in _CAPABILITIES)

        def capabilities(words: Tuple[int, ...]) -> Value:
            first = FlagsValue(words[0], low)
            if len(words) < 2 or not words[1]:
                return first
            return Compound(words[1] << 32 | words[0], (first, FlagsValue(words[1], high)), raw="")

        def decode(call: Call, address: int) -> Value:
            version = call.memory.read(header(call), 4)
            if not address or version is None:
                return Addr(address)
            count = 2 if int.from_bytes(version, "little") in _TWO_WORDS else 1
            data = call.memory.read(address, 12 * count)
            if data is None:
                return Addr(address)
            words = [int.from_bytes(data[at:at + 4], "little") for at in range(0, len(data), 4)]
            return StructValue([(name, capabilities(tuple(words[index::3])))
                                for index, name in enumerate(("effective", "permitted", "inheritable"))])
        return decode


# _LINUX_CAPABILITY_VERSION_2 and _3 of <linux/capability.h>
_TWO_WORDS = (0x20071026, 0x20080522)
