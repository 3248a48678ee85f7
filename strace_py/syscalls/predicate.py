"""Conditions on arguments, as users write them after a call's name: ``openat[flags&O_CREAT]``.

    CONDITION  = ALL ["||" ALL]...
    ALL        = ONE ["&&" ONE]...
    ONE        = ["!"] "(" CONDITION ")"
               | ARGUMENT ["&" VALUE] [("==" | "!=" | "<" | "<=" | ">" | ">=") VALUE]
    VALUE      = TERM ["|" TERM]...
    TERM       = number | constant | "-" TERM | "~" TERM | "(" VALUE ")"

Without a comparison the condition is that the number isn't 0. Arguments are called what the signatures call
them (and -N prints), constants what the output calls them. `parse` reads the text, once; `bind` works out
what it means for one system call of one ABI: registers, widths, signs, the numbers of constants.
"""
from __future__ import annotations

import re
import sys
from types import ModuleType
from typing import Any, Callable, Dict, Iterator, NamedTuple, Optional, Tuple, Union

from ..kernel.condition import ALWAYS, NEVER, AllOf, AnyOf, Between, Condition, Not
from ..types import common, core
from ..types.common import AT, Descriptor
from ..types.core import ByAbi, InRegister, Type
from ..types.io import TwoWords
from . import signature as find_signature
from .signature import UNKNOWN, places

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..arch.abi import Abi
    from ..constants import Table

#: Deeper nesting is refused: nobody means it.
DEEPEST = 50

_TOKEN = re.compile(r"\s*(0[xX][0-9a-fA-F]+|[0-9]+|\w+|&&|\|\||[=!<>]=|[-<>&|()!~]|\S)", re.ASCII)
_COMPARISONS = ("==", "!=", "<", "<=", ">", ">=")


class PredicateError(ValueError):
    """A condition that can't be understood, and the *place* in its text, from 0."""

    def __init__(self, message: str, place: int) -> None:
        super().__init__(message)
        self.place = place


class Number(NamedTuple):
    """A number or the name of a constant, at *place* in the text."""

    value: Union[int, str]
    place: int


class Operation(NamedTuple):
    """``-``, ``~`` or ``|`` of terms."""

    operator: str
    terms: Tuple[Union[Number, Operation], ...]


class Comparison(NamedTuple):
    """``ARGUMENT & mask OPERATOR value``; no mask, no operator: None, ""."""

    argument: str
    place: int
    mask: Optional[Union[Number, Operation]]
    mask_place: int
    operator: str
    value: Optional[Union[Number, Operation]]
    value_place: int


#: Comparison, or Not, AllOf, AnyOf of such.
Predicate = Any


def parse(text: str) -> Predicate:
    """The condition that *text*, the inside of the brackets, spells. Raises PredicateError."""
    return _Parser(text).whole()


class _Parser:
    def __init__(self, text: str) -> None:
        self._tokens = [(match.group(1), match.start(1)) for match in _TOKEN.finditer(text)]
        self._tokens.append(("", len(text)))
        self._next = 0
        self._depth = 0

    @property
    def _word(self) -> str:
        return self._tokens[self._next][0]

    @property
    def _place(self) -> int:
        return self._tokens[self._next][1]

    def _take(self, *words: str) -> str:
        """The next token, if it is one of *words*; else ""."""
        word = self._word
        if word not in words:
            return ""
        self._next += 1
        return word

    def _unexpected(self, wanted: str) -> PredicateError:
        found = f"'{self._word}'" if self._word else "the end"
        return PredicateError(f"expected {wanted}, not {found}", self._place)

    def _nested(self, read: Callable[[], Any]) -> Any:
        """What *read* reads, one level deeper."""
        self._depth += 1
        if self._depth > DEEPEST:
            raise PredicateError("too deeply nested", self._place)
        found = read()
        self._depth -= 1
        return found

    def _parenthesized(self, read: Callable[[], Any]) -> Any:
        found = self._nested(read)
        if not self._take(")"):
            raise self._unexpected("')'")
        return found

    def whole(self) -> Predicate:
        found = self._any()
        if self._word:
            raise self._unexpected("'&&', '||' or the end")
        return found

    def _any(self) -> Predicate:
        parts = [self._all()]
        while self._take("||"):
            parts.append(self._all())
        return AnyOf(tuple(parts)) if len(parts) > 1 else parts[0]

    def _all(self) -> Predicate:
        parts = [self._one()]
        while self._take("&&"):
            parts.append(self._one())
        return AllOf(tuple(parts)) if len(parts) > 1 else parts[0]

    def _one(self) -> Predicate:
        if self._take("!"):
            # C's "!flags & X" is not what it seems: here the parentheses are due.
            if not self._take("("):
                raise self._unexpected("'(' after '!'")
            return Not(self._parenthesized(self._any))
        if self._take("("):
            found = self._parenthesized(self._any)
            # (flags & O_CREAT) == 0, as C wants it written
            if isinstance(found, Comparison) and not found.operator:
                found = self._compared(found)
            return found
        word, place = self._word, self._place
        if not re.match(r"[A-Za-z_]", word):
            raise self._unexpected("the name of an argument")
        self._next += 1
        mask, mask_place = None, self._place
        if self._take("&"):
            mask_place = self._place
            mask = self._value()
        return self._compared(Comparison(word, place, mask, mask_place, "", None, 0))

    def _compared(self, comparison: Comparison) -> Comparison:
        operator = self._take(*_COMPARISONS)
        if not operator:
            return comparison
        place = self._place
        return comparison._replace(operator=operator, value=self._value(), value_place=place)

    def _value(self) -> Union[Number, Operation]:
        terms = [self._term()]
        while self._take("|"):
            terms.append(self._term())
        return Operation("|", tuple(terms)) if len(terms) > 1 else terms[0]

    def _term(self) -> Union[Number, Operation]:
        operator = self._take("-", "~")
        if operator:
            return Operation(operator, (self._nested(self._term),))
        if self._take("("):
            found: Union[Number, Operation] = self._parenthesized(self._value)
            return found
        word, place = self._word, self._place
        if re.match(r"[A-Za-z_]", word):
            self._next += 1
            return Number(word, place)
        number = _integer(word)
        if number is None:
            raise self._unexpected("a number or a constant")
        self._next += 1
        return Number(number, place)


def _integer(word: str) -> Optional[int]:
    """A number as C writes it: decimal, 0x hexadecimal, 0 octal."""
    if len(word) > 30 or not word[:1].isdigit():
        return None
    try:
        return int(word, 8 if re.match("0[0-9]", word) else 0)
    except ValueError:
        return None


# What a condition means for one system call

class _Place(NamedTuple):
    """Where an argument is: the *halves* of registers that hold it, the low one first, how many *bits* of
    them count, and whether it is *signed*."""

    halves: Tuple[int, ...]
    bits: int
    signed: bool


def bind(predicate: Predicate, name: str, abi: Abi) -> Condition:
    """The condition that *predicate* puts on the registers of system call *name* in *abi*. Raises
    PredicateError for arguments that the call doesn't have, for those that are no numbers, and for unknown
    constants."""
    if isinstance(predicate, Not):
        return Not(bind(predicate.part, name, abi))
    if isinstance(predicate, (AllOf, AnyOf)):
        return type(predicate)(tuple([bind(part, name, abi) for part in predicate.parts]))
    arguments = (find_signature(name, abi) or UNKNOWN).arguments
    if predicate.argument not in arguments:
        numbers = [argument for argument, kind in arguments.items()
                   if _plain(kind, abi).code not in ("", "P") and kind.registers(abi)]
        raise PredicateError(f"no argument '{predicate.argument}'"
                             + f" (numbers are: {', '.join(numbers)})" * bool(numbers), predicate.place)
    kind = _plain(arguments[predicate.argument], abi)
    if kind.code == "P":
        raise PredicateError(f"'{predicate.argument}' is a pointer, and only numbers can be tested",
                             predicate.place)
    if not kind.code:
        raise PredicateError(f"'{predicate.argument}' is not a number", predicate.place)
    return _comparison(predicate, kind, _place(predicate.argument, kind, arguments, abi), abi)


def argument_of(name: str, half: int, abi: Abi) -> str:
    """What half *half* of the registers holds in calls of *name*: ``"fd"``, ``"count, low half"``; "" when it
    is no argument that can be tested."""
    arguments = (find_signature(name, abi) or UNKNOWN).arguments
    for argument in arguments:
        kind = _plain(arguments[argument], abi)
        if kind.code not in ("", "P"):
            halves = _place(argument, kind, arguments, abi).halves
            if half in halves:
                which = "low" if half == halves[0] else "high"
                return argument if len(halves) == 1 else f"{argument}, {which} half"
    return ""


def _plain(kind: Type, abi: Abi) -> Type:
    """*kind* without what only says where it is or on which ABI."""
    while isinstance(kind, (InRegister, ByAbi)):
        kind = kind.kind if isinstance(kind, InRegister) else kind.pick(abi)
    return kind


def _place(argument: str, kind: Type, arguments: Dict[str, Type], abi: Abi) -> _Place:
    where = places(arguments, abi)
    first = where[argument][0]
    if isinstance(kind, TwoWords):
        low, high = (kind.other, argument) if kind.high_first else (argument, kind.other)
        half = 2 * where[low][0]
        return _Place((half, 2 * where[high][0] if abi.word == 4 else half + 1), 64, True)
    code = kind.code
    bits = 8 * abi.word if code in "lL" else {"b": 8, "h": 16, "i": 32, "q": 64}[code.lower()]
    halves: Tuple[int, ...] = (2 * first,)
    if kind.registers(abi) == 2:
        halves = (2 * first, 2 * (first + 1))
    elif bits == 64:
        halves = (2 * first, 2 * first + 1)
    return _Place(halves, bits, code.islower())


def _comparison(predicate: Comparison, kind: Type, place: _Place, abi: Abi) -> Condition:
    size = 1 << place.bits
    mask, signed = size - 1, place.signed
    if predicate.mask is not None:
        mask = _evaluate(predicate.mask, kind, predicate, abi)
        _check_width(mask, predicate.mask_place, predicate, kind, place)
        mask &= size - 1
        signed = False  # bits taken out of a number are a number without a sign
        if not mask:
            raise PredicateError("no bits to test: the mask is 0", predicate.mask_place)
    if predicate.value is None:
        return Not(Between(place.halves, mask, 0, 0))
    value = _evaluate(predicate.value, kind, predicate, abi)
    _check_width(value, predicate.value_place, predicate, kind, place)
    if -size // 2 <= value < size:
        # As C converts it: -1 is all ones in an unsigned number, 0xffffffff is -1 in an int.
        value %= size
        if signed and value >= size // 2:
            value -= size
    return _ordered(place.halves, mask, signed, size, predicate.operator, value)


def _ordered(halves: Tuple[int, ...], mask: int, signed: bool, size: int, operator: str,
             value: int) -> Condition:
    """``number & mask operator value`` by unsigned ranges. *value* may be out of the number's range."""
    least, most = (-size // 2, size // 2 - 1) if signed else (0, mask)
    if operator == "!=":
        return Not(_ordered(halves, mask, signed, size, "==", value))
    first = {"==": value, ">": value + 1, ">=": value}.get(operator, least)
    last = {"==": value, "<": value - 1, "<=": value}.get(operator, most)
    first, last = max(first, least), min(last, most)
    if first > last:
        return NEVER
    if (first, last) == (least, most):
        return ALWAYS
    if first < 0 <= last:
        # Unsigned, these are two ranges at the two ends. What is between them is one: what is left out.
        if first == least:
            return Not(Between(halves, mask, last + 1, most))
        return Not(Between(halves, mask, least % size, (first - 1) % size))
    return Between(halves, mask, first % size, last % size)


def _check_width(value: int, at: int, predicate: Comparison, kind: Type, place: _Place) -> None:
    # A number too large for a long may be all right on another ABI, and compares as it should on this one.
    bits = 64 if kind.code in "lL" else place.bits
    if not -1 << bits - 1 <= value < 1 << bits:
        raise PredicateError(f"{value:#x} does not fit into the {bits} bits of '{predicate.argument}'", at)


def _evaluate(term: Union[Number, Operation], kind: Type, predicate: Comparison, abi: Abi) -> int:
    if isinstance(term, Operation):
        values = [_evaluate(each, kind, predicate, abi) for each in term.terms]
        if term.operator == "-":
            return -values[0]
        if term.operator == "~":
            return ~values[0]
        result = 0
        for value in values:
            result |= value
        return result
    if isinstance(term.value, int):
        return term.value
    some = False
    for table in _tables(kind, abi):
        some = True
        for number, name in table:
            if name == term.value:
                return number
    if some:
        raise PredicateError(f"'{term.value}' is no constant of '{predicate.argument}'", term.place)
    raise PredicateError(f"'{predicate.argument}' has no named constants such as '{term.value}'", term.place)


# Which constants an argument has

_CONSTANTS = __package__.rpartition(".")[0] + ".constants"


def _tables(kind: Type, abi: Abi) -> Iterator[Table]:
    """The tables of constants that *kind*, and what it is made of, may take names from."""
    if isinstance(kind, ByAbi):
        kind = kind.pick(abi)
    if isinstance(kind, Descriptor):
        if kind.at:
            yield AT.names(abi).table
        return
    if kind.code in ("", "P"):
        return  # what memory holds
    if isinstance(kind, (core.Const, core.Flags)):
        yield kind.names(abi).table
    for part in [*vars(type(kind)).values(), *vars(kind).values()]:
        for inner in _types(part):
            yield from _tables(inner, abi)
    home = sys.modules[type(kind).__module__]
    if home not in (core, common):
        # A type of one family, which may have its names in its decoder: those that its module works with.
        for thing in list(vars(home).values()):
            if isinstance(thing, ModuleType) and thing.__package__ == _CONSTANTS:
                yield from _module_tables(thing, abi)


def _types(thing: Any) -> Iterator[Type]:
    """The types in an attribute of a type."""
    if isinstance(thing, Type):
        yield thing
    elif isinstance(thing, (list, tuple, dict)):
        for part in thing.values() if isinstance(thing, dict) else thing:
            yield from _types(part)


def _module_tables(module: ModuleType, abi: Abi) -> Iterator[Table]:
    for name, thing in vars(module).items():
        table = thing.get(abi.name, thing) if isinstance(thing, dict) else thing
        if isinstance(table, dict):  # from numbers to names, which may be several: "A or B"
            table = tuple([(number, word) for number, words in table.items() if isinstance(words, str)
                           for word in words.split(" or ")])
        if name.isupper() and isinstance(table, tuple):
            yield table
