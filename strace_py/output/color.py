"""The text format in colour: ``--color``, with the colours of the environment variable STRACE_COLORS.

A part of a line is introduced by the colour of its kind. Within the arguments everything is in the colour of
argument values, to which punctuation, constants, remarks and names of fields return; the rest of a line ends
each of its parts by a reset. What strace puts together as a text before it prints it (modes of files, sets of
signals, remarks after the result) is in one colour.
"""
from __future__ import annotations

import os
import re

from ..constants.errno import NAMES as ERRNO_NAMES
from ..constants.signals import NAMES as SIGNAL_NAMES
from ..values import (
    OMIT,
    Array,
    Bits,
    Bytes,
    Changed,
    Compound,
    Const,
    Element,
    Fd,
    Flags,
    Half,
    Indexed,
    Joined,
    Macro,
    Noted,
    Pid,
    Ref,
    Scaled,
    Shifted,
    ShiftedBy,
    Spaced,
    Struct,
    Tail,
    Words,
    Written,
)
from . import render as plain
from .text import Output as Text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Dict, List, Mapping, Optional

    from ..call import Call
    from ..options import Options
    from ..values import Names, Value

#: Kind of text -> Select Graphic Rendition parameters (ECMA-48).
DEFAULTS = {"syscall": "33", "argname": "39", "argval": "35", "call": "33", "const": "34", "comment": "36",
            "punct": "0", "retval": "32", "error": "31"}
_RESET = "\x1b[0m"
_PARAMETERS = re.compile(r"(?=.*[0-9])[0-9;]+\Z")
_ESCAPE = re.compile("\x1b\\[[0-9;]*m")
#: The macros that are printed as one constant.
_CONSTANTS = ("if_nametoindex",)
#: The calls whose timeout strace reads when they are entered and keeps, as text, until they return.
_TIMEOUT_AS_TEXT = ("recvmmsg", "recvmmsg_time64", "rt_sigtimedwait", "rt_sigtimedwait_time64")
#: The flag that is one constant with the number beside it.
_POLICY = "SCHED_RESET_ON_FORK"
#: The remarks of constants that are one constant with their flags, and of those that have no colour before flags.
_ONE_WORD, _MODES = "O_???", "MPOL_???"
#: Names that strace doesn't take out of a table of constants, or prints for itself.
_NO_CONSTANT = re.compile(r"-|[0-9]+\*|(offset|size)of\(|__NR_|RLIM(64)?_INFINITY\Z")
_NUMBERS_OF_OTHERS = frozenset((*SIGNAL_NAMES.values(), *ERRNO_NAMES.values()))


def palette(scheme: str) -> Dict[str, str]:
    """Kind of text -> escape sequence: *scheme* is ``KIND=PARAMETERS:...``; what can't be understood of it is
    passed over."""
    found = dict(DEFAULTS)
    for entry in scheme.split(":"):
        kind, _, parameters = entry.partition("=")
        kind, parameters = kind.strip().lower(), parameters.strip()
        if kind in found and _PARAMETERS.match(parameters):
            found[kind] = parameters
    return {kind: f"\x1b[{parameters}m" for kind, parameters in found.items()}


class Painter:
    """The pieces of coloured text."""

    def __init__(self, colors: Mapping[str, str]) -> None:
        self.value = value = colors["argval"]
        self.punctuation, self.name, self.call = colors["punct"], colors["argname"], colors["call"]
        self.constant_color, self.remark = colors["const"], colors["comment"]
        self.error = colors["error"]
        self.comma, self.bar, self.dots, self.equals, self.gap, self.arrow, self.becomes = [
            f"{self.punctuation}{sign}{value}" for sign in (", ", "|", "...", "=", " ", " => ", "]=")]
        self.brace, self.unbrace, self.bracket, self.unbracket, self.angle, self.unangle = [
            f"{self.punctuation}{sign}{value}" for sign in "{}[]<>"]

    def comment(self, text: str) -> str:
        """A remark."""
        return f"{self.remark} /* {text}{self.remark} */{self.value}"

    def constant(self, name: str) -> str:
        """The name of a constant."""
        if name in _NUMBERS_OF_OTHERS or _NO_CONSTANT.match(name):
            return name
        return f"{self.constant_color}{name}{self.value}"

    def macro(self, name: str, arguments: List[str]) -> str:
        """The use of a macro. The colour of values does not come back after it."""
        return (f"{self.call}{name}{self.punctuation}({self.value}{self.comma.join(arguments)}"
                f"{self.punctuation}){_RESET}")

    def request(self, name: str) -> str:
        """An ioctl's request, whose name is a choice or a macro."""
        if not name.startswith("_IOC("):
            return name.replace(" or ", f"{self.punctuation} or {self.value}")
        direction, *numbers = name[5:-1].split(", ")
        direction = self.bar.join([self.constant(word) for word in direction.split("|")])
        return self.macro("_IOC", [direction, *numbers])


def renderer(options: Options, paint: Painter, one_color: Callable[[Value], str]) -> Callable[[Value], str]:
    """The function that writes values in colour under *options*. It does what `render.renderer`'s does, and
    leaves to that, *one_color*, what is in one colour."""
    style = options.const_style
    by_name = plain.renderer(options._replace(const_style="abbrev"))
    constant, comment, bar, comma = paint.constant, paint.comment, paint.bar, paint.comma

    def bare(value: int, names: Names) -> str:
        return plain.NOTATION[names.raw](value)

    def without_name(value: int, names: Names) -> str:
        return bare(value, names) + comment(names.unknown) if names.unknown else bare(value, names)

    def flags(value: Flags) -> str:
        number, names = value.value, value.names
        if style == "raw":
            return bare(number, names)
        found, rest = names.split(number)
        if not found:
            return (without_name if number else bare)(number, names)
        words = [constant(name) for name in found] if style == "abbrev" else list(found)
        if rest:
            words.append(f"{rest:#x}")
            if found[0] == _POLICY:
                return constant(one_color(value)) if style == "abbrev" else \
                    bare(number, names) + comment(f"{_POLICY}|{rest:#x}")
        return bar.join(words) if style == "abbrev" else bare(number, names) + comment(bar.join(words))

    def const(value: Const) -> str:
        number, names = value.value, value.names
        if style == "raw":
            return bare(number, names)
        name = names.name(number)
        if name is None:
            return without_name(number, names)
        if not names.table:  # made up for the number
            text = paint.request(name)
        else:
            text = name if style == "verbose" else constant(name)
        return text if style == "abbrev" else bare(number, names) + comment(text)

    def part(value: Value) -> str:
        """A part of a compound, whose number is not repeated with -X verbose."""
        if isinstance(value, Flags):
            found, rest = value.names.split(value.value)
            if not found:
                return (without_name if value.value else bare)(value.value, value.names)
            return bar.join([constant(name) for name in found] + ([f"{rest:#x}"] if rest else []))
        if isinstance(value, Const):
            name = value.names.name(value.value)
            return bare(value.value, value.names) if name is None else constant(name)
        if isinstance(value, Macro):
            return paint.macro(value.name, [macro_part(argument) for argument in value.args])
        if isinstance(value, Shifted):
            return f"{render(value.value)}<<{value.name}"
        return render(value)

    def macro_part(value: Value) -> str:
        if isinstance(value, Const) and value.names.name(value.value) is None:
            return without_name(value.value, value.names)
        return part(value)

    def compound(value: Compound) -> str:
        parts = value.parts
        if not value.raw:
            return bar.join(["" if style == "raw" and type(inner) is Flags and not inner.value
                             else render(inner) for inner in parts])
        first = parts[0] if parts else None
        if style == "raw":
            return one_color(value)
        if value.raw == "o" or type(first) is Joined:
            text = plain_text(value)
        elif type(first) is Const and first.names.unknown == _ONE_WORD:
            text = constant(plain_text(value)) if style == "abbrev" else plain_text(value)
        else:
            words = [part(inner) for inner in parts]
            if type(first) is Const and first.names.unknown == _MODES and len(parts) > 1:
                words[0] = by_name(first)
            text = bar.join(words)
        return text if style == "abbrev" else plain.NOTATION[value.raw](value.value) + comment(text)

    def plain_text(value: Value) -> str:
        """What stands in the remark with -X verbose and else for itself."""
        text = one_color(value)
        return text if style == "abbrev" else text.partition(" /* ")[2][:-3]

    def fd(value: Fd) -> str:
        text = str(value.value) if value.at is None else const(value.at)
        if not value.detail and value.path is None:
            return text
        inside = "" if value.path is None else path(value.path)
        detail = "".join([word if isinstance(word, str) else one_color(word) for word in value.detail])
        if detail.startswith("{"):
            fields = [word.partition("=") for word in detail[1:-1].split(", ")]
            inside += paint.brace + comma.join([field(name, number) for name, _, number in fields])
            inside += paint.unbrace
        elif detail.startswith("<"):
            inside += paint.angle + detail[1:-1] + paint.unangle
        else:
            inside += detail
        return f"{text}{paint.angle}{inside}{paint.unangle}" + ("(deleted)" if value.deleted else "")

    def path(name: bytes) -> str:
        return one_color(Fd(0, name))[2:-1]

    def pid(value: Pid) -> str:
        text = str(value.value)
        if value.comm is not None:
            text += paint.angle + path(value.comm) + paint.unangle
        if value.outside:
            text += comment(f"{value.outside} in strace's PID NS")
        return text

    def field(name: str, text: str) -> str:
        return f"{paint.name}{name}{paint.equals}{text}"

    def quoted(value: Bytes) -> str:
        text = one_color(value)
        return text[:-3] + paint.dots if text.endswith("...") else text

    def listed(items: List[str], more: bool, unread: Any) -> str:
        """*items* with what follows them: more of them, that perhaps could not be read."""
        if unread is not None:
            return f"{comma.join(items)}{comma}{paint.dots}{comment(f'{unread:#x}')}"
        return comma.join([*items, paint.dots] if more else items)

    def struct(value: Struct) -> str:
        fields = [field(name, render(inner)) if name and not (
                      type(inner) is Written and plain.names_itself(inner, style)) else render(inner)
                  for name, inner in value.fields]
        return f"{paint.brace}{listed(fields, value.more, value.unread)}{paint.unbrace}"

    def bits(value: Bits) -> str:
        # Numbers that are their own names, a set of processors: signals come with a list, if an empty one.
        if value.numbers != () or value.inverted:
            return one_color(value)
        words = [paint.dots if name == "..." else name for name in value.names]
        return f"{paint.bracket}{paint.gap.join(words)}{paint.unbracket}"

    def array(value: Array) -> str:
        items = [render(item) for item in value.items]
        return f"{paint.bracket}{listed(items, value.more, value.unread)}{paint.unbracket}"

    def tail(value: Tail) -> str:
        if value.data is None:
            return f"{paint.error}???{paint.value}"
        return f"/* bytes {value.start}..{value.end - 1} */ {quoted(value.data)}"

    def macro(value: Macro) -> str:
        if value.name in _CONSTANTS:
            return constant(one_color(value))
        arguments = [", ".join([constant(word) for word, _ in inner.parts]) if isinstance(inner, Words)
                     else render(inner) for inner in value.args]
        if value.address_of:
            arguments.append("&" + value.address_of)
        return paint.macro(value.name, arguments)

    def scaled(value: Scaled) -> str:
        if style != "verbose":
            return one_color(value)
        return f"{value.value}{comment(f'{value.value // value.unit}*{value.unit}')}"

    def shifted(value: Shifted) -> str:
        if type(value.value) is not int:
            return f"{render(value.value)}<<{value.name}"
        if style == "abbrev":
            return f"{value.value}<<{constant(value.name)}"
        return f"{value.value}<<{value.shift}" + (comment(value.name) if style == "verbose" else "")

    def noted(value: Noted) -> str:
        text = render(value.value)
        return text + comment(value.note.replace("|", bar)) if value.raw or style != "raw" else text

    def written(value: Written) -> str:
        if style == "abbrev":
            return render(value.made)
        text = render(value.plain)
        if style == "raw":
            return text
        made = value.made
        if type(made) is Macro:
            if made.name in _CONSTANTS:
                return text + comment(one_color(made))
            made = Macro(made.name, made.args)
        return text + comment(render(made))

    def half(value: Half) -> str:
        text = render(value.value)
        if value.open:
            return text[:-len(paint.unbrace)]
        return text[:-len(paint.unbracket)] if type(value.value) is Ref else text

    table: Dict[type, Callable[[Any], str]] = {
        Flags: flags, Const: const, Compound: compound, Fd: fd, Pid: pid, Bytes: quoted, Struct: struct,
        Array: array, Tail: tail, Macro: macro, Scaled: scaled, Shifted: shifted, Noted: noted,
        Written: written, Half: half, Bits: bits,
        Ref: lambda value: f"{paint.bracket}{render(value.value)}{paint.unbracket}",
        Changed: lambda value: f"{render(value.before)}{paint.arrow}{render(value.after)}",
        Joined: lambda value: bar.join([render(inner) for inner in value.parts]),
        ShiftedBy: lambda value: f"{render(value.value)}<<{render(value.shift)}",
        Element: lambda value: f"{paint.bracket}{render(value.index)}{paint.becomes}{render(value.value)}",
        Indexed: lambda value: paint.bracket + comma.join([
            f"{paint.bracket}{index}{paint.becomes}{render(item)}"
            for index, item in value.items]) + paint.unbracket,
        Spaced: lambda value: f"{paint.bracket}{paint.gap.join([render(item) for item in value.items])}"
                              f"{paint.unbracket}",
    }

    def render(value: Value) -> str:
        return table.get(type(value), one_color)(value)

    return render


class Output(Text):
    """The trace as strace 7.2 writes it to a terminal."""

    def __init__(self, options: Options) -> None:
        colors = palette(os.environ.get("STRACE_COLORS", ""))
        self._paint = paint = Painter(colors)
        self._left, self._right = paint.bracket, paint.unbracket
        self._less, self._greater = paint.angle, paint.unangle
        self._close = f"{paint.punctuation}){_RESET}"
        self._equals = f"{paint.punctuation}={_RESET}{_RESET} "
        self._end = f"{_RESET}\n"
        self._unfinished = f" <unfinished ...>{_RESET}\n"
        self._call_color = colors["syscall"]
        self._result_color, self._error_color = colors["retval"], colors["error"]
        self._unknown = f"{self._result_color}?{_RESET}"
        super().__init__(options)
        self.render = renderer(options, paint, self._remark)
        self._returned = lambda value: f"{self._result_color}{self.render(value)}{_RESET}"

    @staticmethod
    def _width(text: str) -> int:
        return len(_ESCAPE.sub("", text))

    def _head(self, call: Call) -> str:
        paint = self._paint
        return (f"{self._prefix(call.tracee, call.entered_at, call.wall_time, call.ip)}{self._call_color}"
                f"{call.signature.name}{paint.punctuation}({paint.value}{self._arguments(call, 0)}{_RESET}")

    def _arguments(self, call: Call, start: int) -> str:
        paint, render = self._paint, self.render
        named = self.options.arg_names or call.signature.named
        as_text = start and call.signature.name in _TIMEOUT_AS_TEXT
        found = []
        for name, value in list(zip(call.signature.names, call.values))[start:]:
            if value is not OMIT:
                text = self._remark(value) if name == "timeout" and as_text else render(value)
                if named and type(value) is not Words:
                    text = self._named(name) + text
                found.append(text)
        return (paint.comma if start and found else "") + paint.comma.join(found)

    def _named(self, name: str) -> str:
        return f"{self._paint.name}{name}{self._paint.equals}"

    def _failed(self, result: str, name: Optional[str], text: str) -> str:
        color = self._error_color
        named = f"{color}{name}{_RESET} " if name else ""
        return f"{self._result_color}{result}{_RESET} {named}{color}({text}){_RESET}"

    def _aside(self, text: str) -> str:
        return f" {self._result_color}{text}{_RESET}"
