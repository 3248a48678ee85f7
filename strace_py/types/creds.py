"""Groups and capabilities."""
from __future__ import annotations

from ..constants import sched
from ..values import Addr, Compound
from ..values import Flags as FlagsValue
from ..values import Struct as StructValue
from .common import PID
from .core import Const, Decoder, Flags, How, Struct, Type

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Tuple

    from ..call import Call
    from ..values import Value

#: NGROUPS_MAX of <linux/limits.h>: the kernel takes no more groups.
MOST_GROUPS = 65536


class ShortId(Type):
    """A user or group id of 16 bits, as the first calls of the 32-bit ABIs have them; -1 means none."""

    code = "H"

    def decoder(self, how: How) -> Decoder:
        return lambda call, number: -1 if number == 0xffff else number


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
            second = FlagsValue(words[1], high)
            return Compound(words[1] << 32 | words[0], (first, second) if words[0] else (second,), raw="")

        def decode(call: Call, address: int) -> Value:
            version = call.memory.read(header(call), 8)
            if not address or version is None:
                return Addr(address)
            count = 2 if int.from_bytes(version[:4], "little") in _TWO_WORDS else 1
            data = call.memory.read(address, 12 * count)
            if data is None:
                return Addr(address)
            words = [int.from_bytes(data[at:at + 4], "little") for at in range(0, len(data), 4)]
            return StructValue([(name, capabilities(tuple(words[index::3])))
                                for index, name in enumerate(("effective", "permitted", "inheritable"))])
        return decode


# _LINUX_CAPABILITY_VERSION_2 and _3 of <linux/capability.h>
_TWO_WORDS = (0x20071026, 0x20080522)
