"""Values as strace writes them: ``{st_mode=S_IFREG|0644, st_size=34547, ...}``."""
from __future__ import annotations

import re

from ..values import (
    Abstract,
    Addr,
    Array,
    Bits,
    Bytes,
    Changed,
    Compound,
    Condition,
    Const,
    Element,
    Fd,
    Flags,
    Half,
    Hardware,
    Hex,
    HexWord,
    Indexed,
    Joined,
    Macro,
    Names,
    Noted,
    Oct,
    Pid,
    Plain,
    Ref,
    Scaled,
    Shifted,
    ShiftedBy,
    Spaced,
    Struct,
    Tail,
    Value,
    Words,
    Written,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Dict

    from ..options import Options

    _Texts = Dict[Any, str]
else:
    _Texts = dict


def _hexadecimal(number: int) -> str:
    return f"{number:#x}" if number else "0"


def _octal(number: int) -> str:
    return f"0{number:o}" if number > 7 else f"00{number:o}"


NOTATION: Dict[str, Callable[[int], str]] = {"x": _hexadecimal, "d": str, "o": _octal}

# What a byte looks like inside quotes, by how non-printing bytes are escaped.
_C_ESCAPES = {7: None, 9: "\\t", 10: "\\n", 11: "\\v", 12: "\\f", 13: "\\r", 34: '\\"', 92: "\\\\"}
_PRINTABLE = {byte: chr(byte) for byte in range(32, 127)}
_PRINTABLE.update({byte: text for byte, text in _C_ESCAPES.items() if text})
_OCTAL = [_PRINTABLE.get(byte, f"\\{byte:o}") for byte in range(256)]
_OCTAL_LONG = [_PRINTABLE.get(byte, f"\\{byte:03o}") for byte in range(256)]
_HEX_CHARS = [_PRINTABLE.get(byte, f"\\x{byte:02x}") for byte in range(256)]
_HEX = [f"\\x{byte:02x}" for byte in range(256)]
# Bytes that stand for themselves, and those beside which -x doesn't write a whole string in hexadecimal.
_PLAIN = bytes(byte for byte in range(32, 127) if byte not in (34, 92))
_ASCII = bytes((*range(9, 14), *range(32, 127)))
# An octal escape has to have three digits where an octal digit follows it.
_BEFORE_DIGIT = re.compile(rb"([\x00-\x08\x0e-\x1f])(?=[0-7])")


def _c_string(data: bytes) -> str:
    if not data.translate(None, _PLAIN):
        return data.decode("ascii")
    if not _BEFORE_DIGIT.search(data):
        return "".join([_OCTAL[byte] for byte in data])
    following = data[1:] + b" "
    return "".join([(_OCTAL_LONG if 48 <= after <= 55 else _OCTAL)[byte] for byte, after in zip(data, following)])


def _hex_chars(data: bytes) -> str:
    return "".join([_HEX_CHARS[byte] for byte in data])


def _hex(data: bytes) -> str:
    return "".join([_HEX[byte] for byte in data])


def _hex_if_not_ascii(data: bytes) -> str:
    return _hex(data) if data.translate(None, _ASCII) else _c_string(data)


ESCAPES: Dict[str, Callable[[bytes], str]] = {
    "none": _c_string, "non-ascii-chars": _hex_chars, "non-ascii": _hex_if_not_ascii, "all": _hex,
}


#: Longer data is escaped anew each time.
MEMORABLE = 64


class Remembered(_Texts):
    """The texts that *make* makes, by what it makes them of: at most Names.REMEMBERED."""

    def __init__(self, make: Callable[[Any], str]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, key: Any) -> str:
        if len(self) >= Names.REMEMBERED:
            self.clear()
        text = self[key] = self._make(key)
        return text


def names_itself(value: Written, style: str) -> bool:
    """Whether a field of a structure is shown without its name."""
    return style == "abbrev" and type(value.made) is Macro and bool(value.made.address_of)


def renderer(options: Options) -> Callable[[Value], str]:
    """The function that writes values under *options*."""
    write = writers(options)
    return lambda value: write[type(value)](value)


def writers(options: Options) -> Dict[type, Callable[[Any], str]]:
    """The functions that write values under *options*, by type."""
    escape = ESCAPES[options.strings_in_hex]
    style = options.const_style
    # A NUL makes the other ways write the whole string in hexadecimal.
    omits_nul = options.strings_in_hex in ("none", "non-ascii-chars")

    def address(value: int) -> str:
        return f"{value:#x}" if value else "NULL"

    def without_name(value: int, names: Names) -> str:
        bare = NOTATION[names.raw](value)
        return f"{bare} /* {names.unknown} */" if names.unknown else bare

    def flags_text(value: int, names: Names) -> str:
        found, rest = names.split(value)
        if not found:
            return without_name(value, names) if value else NOTATION[names.raw](value)
        return "|".join(found) + (f"|{rest:#x}" if rest else "")

    def flags(value: Flags) -> str:
        number, names = value.value, value.names
        if style == "raw":
            return NOTATION[names.raw](number)
        text = flags_text(number, names)
        if style == "abbrev" or not names.split(number)[0]:
            return text
        return f"{NOTATION[names.raw](number)} /* {text} */"

    def const(value: Const) -> str:
        number, names = value.value, value.names
        if style == "raw":
            return NOTATION[names.raw](number)
        name = names.name(number)
        if name is None:
            return without_name(number, names)
        return name if style == "abbrev" else f"{NOTATION[names.raw](number)} /* {name} */"

    def compound(value: Compound) -> str:
        if not value.raw:
            # strace's flags without a name leave a gap where they stand for 0: ``|0x100``.
            return "|".join(["" if style == "raw" and type(part) is Flags and not part.value else render(part)
                             for part in value.parts])
        bare = NOTATION[value.raw](value.value)
        if style == "raw":
            return bare
        text = "|".join([plain(part) for part in value.parts])
        return text if style == "abbrev" else f"{bare} /* {text} */"

    def plain(value: Value) -> str:
        """A part of a compound, whose number is not repeated with -X verbose."""
        if isinstance(value, Shifted):
            return f"{render(value.value)}<<{value.name}"
        if isinstance(value, Flags):
            return flags_text(value.value, value.names)
        if isinstance(value, Const):
            name = value.names.name(value.value)
            return name if name is not None else NOTATION[value.names.raw](value.value)
        if isinstance(value, Macro):
            return f"{value.name}({', '.join([macro_part(argument) for argument in value.args])})"
        return render(value)

    def macro_part(value: Value) -> str:
        if isinstance(value, Const) and value.names.name(value.value) is None:
            return without_name(value.value, value.names)
        return plain(value)

    def fd(value: Fd) -> str:
        text = str(value.value) if value.at is None else const(value.at)
        if not value.detail and value.path is None:
            return text
        path = "" if value.path is None else escape_path(value.path)
        detail = "".join([part if isinstance(part, str) else render(part) for part in value.detail])
        return f"{text}<{path}{detail}>" + ("(deleted)" if value.deleted else "")

    def escape_path(path: bytes) -> str:
        return escape(path).replace("<", "\\74").replace(">", "\\76")

    def pid(value: Pid) -> str:
        text = str(value.value)
        if value.comm is not None:
            text += f"<{escape_path(value.comm)}>"
        if value.outside:
            text += f" /* {value.outside} in strace's PID NS */"
        return text

    # Programs say the same things again and again.
    known = Remembered(escape)

    def quoted(value: Bytes) -> str:
        data = value.data
        if value.opaque:
            return f'"{_hex(data)}"...' if value.more else f'"{_hex(data)}"'
        more = value.more
        if value.terminated and omits_nul and data.endswith(b"\0"):
            data, more = data[:-1], False
        text = known[data] if len(data) <= MEMORABLE else escape(data)
        return f'"{text}"...' if more else f'"{text}"'

    def struct(value: Struct) -> str:
        text = ", ".join([f"{name}={table[type(field)](field)}" if name and not (
                              type(field) is Written and names_itself(field, style)) else table[type(field)](field)
                          for name, field in value.fields])
        if value.unread is not None:
            return f"{{{text}, ... /* {value.unread:#x} */}}"
        if value.more:
            text = text + ", ..." if text else "..."
        return f"{{{text}}}"

    def tail(value: Tail) -> str:
        if value.data is None:
            return "???"
        return f"/* bytes {value.start}..{value.end - 1} */ {quoted(value.data)}"

    def array(value: Array) -> str:
        text = ", ".join([table[type(item)](item) for item in value.items])
        if value.unread is not None:
            return f"[{text}, ... /* {value.unread:#x} */]"
        if value.more:
            text = text + ", ..." if text else "..."
        return f"[{text}]"

    def bits(value: Bits) -> str:
        names = value.names
        if value.numbers and style != "abbrev":
            names = [str(number) if style == "raw" else f"{number} /* {name} */"
                     for number, name in zip(value.numbers, names)]
        return ("~[" if value.inverted else "[") + " ".join(names) + "]"

    def changed(value: Changed) -> str:
        return f"{render(value.before)} => {render(value.after)}"

    def macro(value: Macro) -> str:
        parts = [render(argument) for argument in value.args]
        if value.address_of:
            parts.append("&" + value.address_of)
        return f"{value.name}({', '.join(parts)})"

    def scaled(value: Scaled) -> str:
        if style == "raw":
            return str(value.value)
        text = f"{value.value // value.unit}*{value.unit}"
        return text if style == "abbrev" else f"{value.value} /* {text} */"

    def shifted(value: Shifted) -> str:
        if type(value.value) is not int:  # each part in its own style
            return f"{render(value.value)}<<{value.name}"
        if style == "abbrev":
            return f"{value.value}<<{value.name}"
        return f"{value.value}<<{value.shift}" + (f" /* {value.name} */" if style == "verbose" else "")

    def noted(value: Noted) -> str:
        text = render(value.value)
        return f"{text} /* {value.note} */" if value.raw or style != "raw" else text

    def written(value: Written) -> str:
        if style == "abbrev":
            return render(value.made)
        plain_text = render(value.plain)
        if style == "raw":
            return plain_text
        made = value.made
        if type(made) is Macro:
            return f"{plain_text} /* {made.name}({', '.join([render(part) for part in made.args])}) */"
        return f"{plain_text} /* {render(made)} */"

    def condition(value: Condition) -> str:
        tests = []
        for name, result in value.tests:
            tests.append(name if result is None else f"{name} == {plain(result)}")
        return f"{{{' && '.join(tests)}}}"

    def words(value: Words) -> str:
        return ", ".join([
            word if part is None else f"{word} {render(part)}" if word else render(part)
            for word, part in value.parts])

    def named(value: Value) -> str:
        """A value by its names, whatever the style."""
        if isinstance(value, Compound):
            return "|".join([named(part) for part in value.parts])
        return plain(value)

    def half(value: Half) -> str:
        inside = value.value
        return render(inside)[:-1] if value.open or type(inside) is Ref else render(inside)

    table: Dict[type, Callable[[Any], str]] = {
        int: str, bool: lambda value: str(int(value)), Hex: _hexadecimal, Oct: _octal, Addr: address,
        Flags: flags, Const: const, Compound: compound, Fd: fd, Pid: pid, Bytes: quoted, Struct: struct,
        Array: array, Bits: bits, Ref: lambda value: f"[{render(value.value)}]", Changed: changed, Macro: macro,
        Noted: noted,
        Scaled: scaled,
        Tail: tail, Joined: lambda value: "|".join([render(part) for part in value.parts]),
        HexWord: lambda value: f"{value.value:#0{value.digits}x}" if value.value else "0" * value.digits,
        Written: written, Hardware: lambda value: ":".join([f"{byte:02x}" for byte in value.data]),
        Element: lambda value: f"[{render(value.index)}]={render(value.value)}",
        Abstract: lambda value: f'@"{escape(value.data)}"',
        Shifted: shifted,
        Condition: condition, Words: words, Half: half,
        ShiftedBy: lambda value: f"{render(value.value)}<<{render(value.shift)}",
        Indexed: lambda value: f"[{', '.join([f'[{index}]={render(item)}' for index, item in value.items])}]",
        Spaced: lambda value: f"[{' '.join([render(item) for item in value.items])}]",
        Plain: lambda value: named(value.value),
    }

    def render(value: Value) -> str:
        return table[type(value)](value)

    return table
