"""Terminal settings: struct termios, termios2 and termio of <asm/termbits.h>."""
from __future__ import annotations

from ..constants import ioctl
from ..values import Const as ConstValue
from ..values import Hex, Indexed, Joined, Names, ShiftedBy
from .core import UINT, Chars, Const, Flags, Struct, Type, Verbose

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, List, Tuple

    from ..call import Call
    from ..constants import Table
    from ..values import Value
    from .core import Decoder, How

_IBSHIFT = 16
_SHIFT = ConstValue(_IBSHIFT, Names(((_IBSHIFT, "IBSHIFT"),)))


class _Flags(Type):
    """Flags of which none is shown when there are none, after the bit *fields* (tables by mask), which
    are always shown."""

    def __init__(self, code: str, flags: Table, fields: Tuple[Tuple[int, Const], ...] = ()) -> None:
        self.code = code
        self.flags = Flags(flags, "???", code)
        self.fields = fields

    def decoder(self, how: How) -> Decoder:
        fields = [(mask, kind.decoder(how)) for mask, kind in self.fields]
        taken = 0
        for mask, _ in fields:
            taken |= mask
        flags = self.flags.decoder(how)

        def decode(call: Call, number: int) -> Value:
            parts = [inner(call, number & mask) for mask, inner in fields]
            rest = number & ~taken
            last = flags(call, rest) if rest else Joined(0, ())
            return Joined(number, [*parts, last]) if parts else last
        return decode


class _ControlFlags(Type):
    """c_cflag: rates, size, flags."""

    BAUDS = 0x100f
    SIZES = 0x30

    def __init__(self, code: str) -> None:
        self.code = code
        self.bauds = Const(ioctl.TERMIOS_BAUDS, "B???")
        self.sizes = Const(ioctl.TERMIOS_SIZES, "CS???")
        self.flags = _Flags(code, ioctl.TERMIOS_CFLAGS)

    def decoder(self, how: How) -> Decoder:
        bauds, sizes, flags = (kind.decoder(how) for kind in (self.bauds, self.sizes, self.flags))
        taken = self.BAUDS | self.BAUDS << _IBSHIFT | self.SIZES

        def decode(call: Call, number: int) -> Value:
            parts: List[Value] = [bauds(call, number & self.BAUDS)]
            given = number >> _IBSHIFT & self.BAUDS
            if given:
                parts.append(ShiftedBy(bauds(call, given), _SHIFT))
            return Joined(number, [*parts, sizes(call, number & self.SIZES), flags(call, number & ~taken)])
        return decode


class _Characters(Chars):
    """c_cc: control characters, with the names of their places."""

    def decoder(self, how: How) -> Decoder:
        names = dict(ioctl.TERMIOS_CHARACTERS)
        return lambda call, data: Indexed(
            [(names.get(index, str(index)), Hex(byte)) for index, byte in enumerate(data)])


_OUTPUT_FIELDS = tuple((mask, Const(table, "???")) for mask, table in (
    (0o400, ioctl.TERMIOS_NEWLINE_DELAYS), (0o3000, ioctl.TERMIOS_RETURN_DELAYS),
    (0o14000, ioctl.TERMIOS_TAB_DELAYS), (0o20000, ioctl.TERMIOS_BACKSPACE_DELAYS),
    (0o40000, ioctl.TERMIOS_VERTICAL_DELAYS), (0o100000, ioctl.TERMIOS_FORM_DELAYS)))
_LINE = Const(ioctl.TERMIOS_DISCIPLINES, "N_???", code="B")


def _settings(code: str, characters: int, **speeds: Any) -> Struct:
    """The structure whose flags are of type *code*."""
    return Struct(
        c_iflag=_Flags(code, ioctl.TERMIOS_IFLAGS),
        c_oflag=_Flags(code, ioctl.TERMIOS_OFLAGS, _OUTPUT_FIELDS),
        c_cflag=_ControlFlags(code),
        c_lflag=_Flags(code, ioctl.TERMIOS_LFLAGS),
        c_line=Verbose(_LINE),
        c_cc=Verbose(_Characters(characters)),
        **speeds)


TERMIOS = _settings("I", 19)
TERMIOS2 = _settings("I", 19, c_ispeed=Verbose(UINT), c_ospeed=Verbose(UINT))
TERMIO = _settings("H", 8)
