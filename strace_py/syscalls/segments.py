"""x86's segments and what else is particular to its threads: thread areas, arch_prctl."""
from __future__ import annotations

from ..constants import sched
from ..types.common import NumberAndName
from ..types.core import ADDR, HEXLONG, INT, ULONG, Const, Flags, How, Out, Ptr, Switch, Type
from ..types.segments import DescriptorAsked, UserDesc
from ..values import Hex, Noted, Words
from ..values import Struct as StructValue
from .signature import Syscall

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Callable, Optional

    from ..call import Call
    from ..types.core import Decoder
    from ..values import Value

_DESCRIPTOR = Ptr(UserDesc())
modify_ldt = Syscall(func=INT, ptr=Switch("bytecount", {16: _DESCRIPTOR}, ADDR), bytecount=ULONG)


def _entry(how: How) -> Callable[[Call], Optional[Value]]:
    """The descriptor's number, that the kernel chooses when it is -1."""
    decode = _DESCRIPTOR.decoder(how)
    address = how.number("u_info")

    def note(call: Call) -> Optional[Value]:
        value = None if call.error else decode(call, address(call))
        return Words((("entry_number=" + str(value.fields[0][1]), None),)) if isinstance(
            value, StructValue) else None
    return note


set_thread_area = Syscall(u_info=_DESCRIPTOR, note=_entry)
get_thread_area = Syscall(u_info=DescriptorAsked())

_ARCH_SET, _ARCH_GET = ADDR, Out(Ptr(ADDR))
_XFEATURE = NumberAndName(tuple(enumerate((
    "XFEATURE_FP", "XFEATURE_SSE", "XFEATURE_YMM", "XFEATURE_BNDREGS", "XFEATURE_BNDCSR", "XFEATURE_OPMASK",
    "XFEATURE_ZMM_Hi256", "XFEATURE_Hi16_ZMM", "XFEATURE_PT_UNIMPLEMENTED_SO_FAR", "XFEATURE_PKRU",
    "XFEATURE_PASID"))) + ((15, "XFEATURE_LBR"), (17, "XFEATURE_XTILE_CFG"), (18, "XFEATURE_XTILE_DATA")),
    "XFEATURE_???", "L", Hex, always=False)


class _XFeatures(Type):
    """A mask of processor features with its names beside it."""

    code = "Q"

    def decoder(self, how: How) -> Decoder:
        names = Flags(sched.XFEATURE_MASKS).names(how.abi)
        if how.options.const_style == "raw":
            return lambda call, number: Hex(number)

        def decode(call: Call, number: int) -> Value:
            found, rest = names.split(number)
            text = "|".join(found) + (f"|{rest:#x}" if rest and found else "")
            return Noted(Hex(number), text or "XFEATURE_MASK_???") if number else Hex(0)
        return decode


arch_prctl = Syscall(
    op=Const(sched.ARCH_PRCTL, "ARCH_???"),
    addr=Switch("op", {0x1011: None, (0x1003, 0x1004): _ARCH_GET,
                       (0x1021, 0x1022, 0x1024): Out(Ptr(_XFeatures())),
                       (0x1023, 0x1025): _XFEATURE}, HEXLONG))
