"""What x86's segment descriptors look like."""
from __future__ import annotations

from ..values import Half, HexWord
from ..values import Struct as StructValue
from .core import Argument, Decoder, How, Ptr, Type

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import List, Tuple

    from ..arch.abi import Abi
    from ..call import Call
    from ..values import Value


class UserDesc(Type):
    """A struct user_desc of <asm/ldt.h>: a segment descriptor."""

    FIELDS = (("seg_32bit", 0, 1), ("contents", 1, 3), ("read_exec_only", 3, 1), ("limit_in_pages", 4, 1),
              ("seg_not_present", 5, 1), ("useable", 6, 1), ("lm", 7, 1))

    def layout(self, abi: Abi) -> Tuple[str, int, int]:
        return "16s", 16, 4

    def decoder(self, how: How) -> Decoder:
        flags = self.FIELDS if how.abi.wide else self.FIELDS[:-1]  # lm: of 64-bit programs

        def decode(call: Call, data: bytes) -> Value:
            entry, base, limit, bits = (int.from_bytes(data[at:at + 4], "little") for at in (0, 4, 8, 12))
            fields: List[Tuple[str, Value]] = [
                ("entry_number", -1 if entry == 0xffffffff else entry), ("base_addr", HexWord(base, 8)),
                ("limit", HexWord(limit, 8))]
            fields += [(name, bits >> shift & mask) for name, shift, mask in flags]
            return StructValue(fields)
        return decode


class DescriptorAsked(Type):
    """A pointer to a struct user_desc whose first field says which one the call is to fill in."""

    code = "P"

    def argument(self, how: How) -> Argument:
        whole = Ptr(UserDesc()).argument(how).leave

        def enter(call: Call, raw: int) -> Value:
            value = whole(call, raw)
            if not isinstance(value, StructValue):
                return Half(value, kept=True, named_twice=True)
            return Half(StructValue(value.fields[:1]), open=True, kept=True, named_twice=True)

        def leave(call: Call, raw: int) -> Value:
            asked: Value = call.load("half").value
            filled = whole(call, raw)
            if not isinstance(asked, StructValue) or not isinstance(filled, StructValue):
                return asked
            return StructValue(asked.fields, True) if call.error else StructValue(
                [*asked.fields, *filled.fields[1:]])
        return Argument(enter, leave)
