"""Types of the memory calls: mapping flags, node masks, vectors of another process's memory."""
from __future__ import annotations

from ..constants import errno, mman
from ..values import Addr, Compound, Hex, HexWord, Noted, Shifted
from ..values import Array as ArrayValue
from ..values import Const as ConstValue
from ..values import Flags as FlagsValue
from .common import Parts
from .core import Const, Decoder, Flags, How, Type

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..call import Call
    from ..values import Value


class Kind(Const):
    """A bit field with names inside a Parts: keeps its remark when it has no name."""

    def decoder(self, how: How) -> Decoder:
        names = self.names(how.abi)

        def decode(call: Call, number: int) -> Value:
            return Noted(Hex(number), self.unknown) if names.name(number) is None else ConstValue(number,
                                                                                                  names)
        return decode


class HugeSize(Type):
    """The binary logarithm of a huge page's size in bits 26 to 31: ``21<<MAP_HUGE_SHIFT``."""

    code = "L"
    SHIFT = 26
    MASK = 63 << SHIFT

    def __init__(self, name: str) -> None:
        self.name = name

    def decoder(self, how: How) -> Decoder:
        return lambda call, number: Shifted(number >> self.SHIFT, self.SHIFT, self.name)


PROT = Flags(mman.PROT_FLAGS, "PROT_???", code="L")
# MAP_TYPE of <asm-generic/mman-common.h>; the kernel looks at the low 32 bits only.
MAP_FLAGS = Parts((0xf, Kind(mman.MMAP_TYPES, "MAP_???"), True),
                  (0xffffffff ^ HugeSize.MASK ^ 0xf, Flags(mman.MMAP_FLAGS), False),
                  (HugeSize.MASK, HugeSize("MAP_HUGE_SHIFT"), False), code="L")
MEMFD_FLAGS = Parts((0xffffffff ^ HugeSize.MASK, Flags(mman.MEMFD_FLAGS, "MFD_???"), False),
                    (HugeSize.MASK, HugeSize("MFD_HUGE_SHIFT"), False))


class PolicyMode(Type):
    """A memory policy with its mode flags: ``MPOL_BIND|MPOL_F_STATIC_NODES``."""

    def __init__(self, code: str) -> None:
        self.code = code
        self._modes = Const(mman.MPOL_MODES, "MPOL_???", code)
        self._flags = Flags(mman.MPOL_MODE_FLAGS, "MPOL_???", code)

    def decoder(self, how: How) -> Decoder:
        modes, flags = self._modes.names(how.abi), self._flags.names(how.abi)
        all_flags = 0
        for bit, _ in flags.table:
            all_flags |= bit

        def decode(call: Call, number: int) -> Value:
            mode = number & ~all_flags
            if mode == number:
                return ConstValue(number, modes)
            if modes.name(mode) is None:
                return FlagsValue(number, flags)
            return Compound(number, (ConstValue(mode, modes), FlagsValue(number & all_flags, flags)))
        return decode


class NodeMask(Type):
    """A pointer to a bit map of *maxnode* - 1 memory nodes, in words."""

    code = "P"

    def __init__(self, maxnode: str) -> None:
        self.maxnode = maxnode

    def decoder(self, how: How) -> Decoder:
        number = how.number(self.maxnode)
        size = how.abi.word
        most = 1 << 64  # strace counts with its own words

        def decode(call: Call, address: int) -> Value:
            maxnode = number(call)
            words = (maxnode + 8 * size - 2) % most // (8 * size)
            if (not address or (words and not how.deref) or (maxnode and not words)
                    or address + words * size > most):
                return Addr(address)
            shown = how.elements(words)
            data = call.memory.upto(address, shown * size)
            whole = len(data) // size
            if not whole and shown:
                return Addr(address)
            items = [HexWord(int.from_bytes(data[at:at + size], "little"), 2 * size)
                     for at in range(0, whole * size, size)]
            return ArrayValue(items, words > shown and whole == shown,
                              None if whole == shown else address + whole * size)
        return decode


#: What move_pages(2) says of a page: its node or a negative errno.
PAGE_STATUS = Const(tuple((-number, "-" + name) for number, name in errno.NAMES.items()), code="i", raw="d")
