"""Sets of system calls as strace's command line writes them: names, numbers, %classes, /regexes.

    SET  = ["!"...] ("all" | "none" | WORD ["," WORD]...)
    WORD = ["?"...] (name | number | "%"class | "/"regex | "all") ["@"personality]

A set of calls to trace may also name some calls of one kind, by a condition on their arguments, which
predicate.py reads: ``openat[flags&O_CREAT]``. Any WORD but a regex takes it.

The tables of names are loaded when a set needs them, and not before.
"""
from __future__ import annotations

import os
from importlib import import_module

from ..arch.abi import X32_SYSCALL_BIT
from ..options import ALL, NOTHING

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Callable, Dict, FrozenSet, List, Optional, Set, Tuple

    from ..kernel.condition import Condition
    from ..options import SyscallSet

    #: ABI name and number, as in Selection.
    Key = Tuple[str, int]

#: Machine (``os.uname().machine``) -> personality, as the user writes it -> ABI name.
PERSONALITIES: Dict[str, Dict[str, str]] = {
    "x86_64": {"64": "x86_64", "32": "i386", "x32": "x32"},
    "aarch64": {"64": "aarch64", "32": "arm"},
}

#: Classes that may also be written without "%", as strace once had them.
_BARE_CLASSES = frozenset(("file", "process", "network", "signal", "ipc", "desc", "memory"))

_EMPTY: FrozenSet[int] = frozenset()


class SelectionError(ValueError):
    """A set that can't be understood. *hint*: the user should be pointed to the help, too."""

    def __init__(self, message: str, hint: bool = False) -> None:
        super().__init__(message)
        self.hint = hint


class Selection:
    """The calls of *selected* (ABI name -> numbers), or with *inverted* every call but these; and those of
    *conditions* where the condition holds.

    Members are ``(abi name, number)``; numbers that have no name, and ABIs that are not in *selected*, are
    thus in every inverted selection and in no other. x32 numbers may be with X32_SYSCALL_BIT or without it; in
    *selected* and *conditions* they are without.
    """

    __slots__ = ("conditions", "inverted", "selected")

    def __init__(self, selected: Dict[str, FrozenSet[int]], inverted: bool,
                 conditions: Optional[Dict[Key, Condition]] = None) -> None:
        self.selected = selected
        self.inverted = inverted
        self.conditions = conditions or {}

    def __contains__(self, item: object) -> bool:
        if not isinstance(item, tuple) or len(item) != 2:
            return False
        abi, number = item
        if abi == "x32":
            number &= ~X32_SYSCALL_BIT
        return (number in self.selected.get(abi, _EMPTY)) != self.inverted or (abi, number) in self.conditions

    def __repr__(self) -> str:
        return f"Selection({self.selected!r}, {self.inverted}, {self.conditions!r})"


def parse(text: str, machine: str = "", conditions: bool = False) -> SyscallSet:
    """The set that *text* describes on *machine* (default: this one): ALL, NOTHING or a Selection. With
    *conditions*, on arguments, too.

    Raises SelectionError, whose text is what strace says after "strace: ".
    """
    rest = text.lstrip("!")
    inverted = bool((len(text) - len(rest)) % 2)
    if rest in ("all", "none"):
        return ALL if (rest == "all") != inverted else NOTHING
    words = [word for word in (_words(rest) if conditions else rest.split(",")) if word]
    if not words:
        raise SelectionError(f"invalid system call '{text}'")
    personalities = PERSONALITIES.get(machine or os.uname().machine, {})
    selected: Dict[str, Set[int]] = {}
    conditional: Dict[Key, List[Condition]] = {}
    for word in words:
        if conditions and _has_condition(word):
            _add_conditions(word, personalities, machine, conditional)
        else:
            _add(word, personalities, selected)
    if inverted and not any(selected.values()) and not conditional:
        return ALL
    found: Dict[Key, Condition] = {}
    if conditional:
        from ..kernel.condition import AnyOf, Not
        for (abi, number), parts in conditional.items():
            if number not in selected.get(abi, _EMPTY):
                either = AnyOf(tuple(parts)) if len(parts) > 1 else parts[0]
                found[abi, number] = Not(either) if inverted else either
    return Selection({abi: frozenset(numbers) for abi, numbers in selected.items()}, inverted, found)


def _has_condition(word: str) -> bool:
    """Whether *word* has a condition: a bracket, which in a regex means something else."""
    return "[" in word and not word.lstrip("?").startswith("/")


def _words(text: str) -> List[str]:
    """*text* split at the commas that are not within a condition's brackets."""
    words: List[str] = []
    for piece in text.split(","):
        if words and _has_condition(words[-1]) and words[-1].count("[") > words[-1].count("]"):
            words[-1] += "," + piece
        else:
            words.append(piece)
    return words


def _add_conditions(word: str, personalities: Dict[str, str], machine: str,
                    conditional: Dict[Key, List[Condition]]) -> None:
    """Adds to *conditional* what *word*, which has a condition, stands for: those of its calls that the
    condition makes sense for, of which there must be one."""
    from .. import arch
    from . import predicate
    start, end = word.index("["), word.rfind("]")
    calls: Dict[str, Set[int]] = {}
    try:
        if end < start:
            raise predicate.PredicateError("']' is missing", len(word) - start - 1)
        if word[end + 1:end + 2] not in ("", "@"):
            raise predicate.PredicateError("']' is not the end", end - start)
        parsed = predicate.parse(word[start + 1:end])
        _add(word[:start] + word[end + 1:], personalities, calls)
        failure: Optional[predicate.PredicateError] = None
        some = False
        for abi in arch.of_machine(machine):
            for number in sorted(calls.get(abi.name, ())):
                try:
                    condition = predicate.bind(parsed, abi.selectable()[number], abi)
                except predicate.PredicateError as error:
                    failure = failure or error
                else:
                    some = True
                    conditional.setdefault((abi.name, number), []).append(condition)
        if failure is not None and not some:
            raise failure
    except predicate.PredicateError as error:
        column = start + error.place + 2
        raise SelectionError(f"invalid predicate '{word}': {error} (column {column})") from None


def names_of(abi: str) -> Dict[int, str]:
    """Number -> name of each system call of *abi*, and of each call of a multiplexer."""
    names: Dict[int, str] = import_module(f"..arch.{abi}", __package__).ABI.selectable()
    return names


def _add(word: str, personalities: Dict[str, str], selected: Dict[str, Set[int]]) -> None:
    """Adds to *selected* what *word* stands for."""
    qualification = word.lstrip("?")
    pattern, at, personality = qualification.rpartition("@")
    if not at:
        pattern = qualification
        abis = list(personalities.values())
    elif personality in personalities:
        abis = [personalities[personality]]
    else:
        raise SelectionError(f"incorrect personality designator '{personality}'"
                             f" in qualification '{qualification}'", hint=True)
    found = False
    matching = _matcher(pattern)
    for abi in abis:
        numbers = matching(abi)
        found = found or bool(numbers)
        selected.setdefault(abi, set()).update(numbers)
    if not found and qualification == word:
        raise SelectionError(f"invalid system call '{word}'")


def _matcher(pattern: str) -> Callable[[str], List[int]]:
    """A function from an ABI to its numbers that *pattern* stands for."""
    if pattern.isdigit() and pattern.isascii() and len(pattern) < 20:
        wanted = int(pattern)

        def by_number(abi: str) -> List[int]:
            number = wanted & ~X32_SYSCALL_BIT if abi == "x32" else wanted
            return [number] if number < 1 << 16 and number in names_of(abi) else []

        return by_number
    if pattern == "all":
        return lambda abi: list(names_of(abi))
    matches: Callable[[str], bool]
    if pattern.startswith("/"):
        matches = _regex(pattern[1:])
    elif pattern.startswith("%") or pattern in _BARE_CLASSES:
        from ..constants.classes import CLASSES
        name = pattern[1:] if pattern.startswith("%") else pattern
        matches = CLASSES.get("network" if name == "net" else name, frozenset()).__contains__
    else:
        matches = pattern.__eq__
    return lambda abi: [number for number, name in names_of(abi).items() if matches(name)]


def _regex(pattern: str) -> Callable[[str], bool]:
    """Whether a name holds a match of *pattern*, a POSIX extended regular expression.

    These are libc's own expressions, as in strace, since Python's differ: in bracket classes, ``a**``,
    ``a{,2}``, ``\\d``, leftmost-longest alternatives, and in what is an error.
    """
    import ctypes
    libc = ctypes.CDLL(None)
    extended, no_subexpressions = 1, 8
    # regex_t has 64 bytes in glibc on 64-bit machines, and less in musl; uint64 gives its alignment.
    compiled = (ctypes.c_uint64 * 32)()
    status = libc.regcomp(compiled, os.fsencode(pattern), extended | no_subexpressions)
    if status:
        message = ctypes.create_string_buffer(256)
        libc.regerror(status, compiled, message, ctypes.c_size_t(len(message)))
        raise SelectionError(f"regcomp: {pattern}: {os.fsdecode(message.value)}")
    execute = libc.regexec
    execute.argtypes = (ctypes.c_void_p, ctypes.c_char_p, ctypes.c_size_t, ctypes.c_void_p, ctypes.c_int)
    # The compiled expression is never freed: there is one for a word of the command line.
    return lambda name: not execute(compiled, name.encode(), 0, None, 0)
