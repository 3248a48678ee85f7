"""What a seccomp filter does, told from its program: the kernel's verdict, whether the constant-action cache holds it,
and the instructions in words. See seccomp.py.
"""
from __future__ import annotations

import struct
from typing import Callable, Dict, FrozenSet, List, NamedTuple, Optional, Sequence, Tuple

from .seccomp import (
    ARCH,
    ARGS,
    BPF_ALU_AND_K,
    BPF_JMP_JA,
    BPF_JMP_JEQ_K,
    BPF_JMP_JGE_K,
    BPF_LD_W_ABS,
    BPF_RET_K,
    JUMPS,
    NR,
    SECCOMP_RET_ALLOW,
    SECCOMP_RET_ERRNO,
    SECCOMP_RET_TRACE,
    TOP,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .seccomp import Program


def interpret(program: Program, arch: int, nr: int, args: Sequence[int] = (0,) * 6, ip: int = 0) -> int:
    """The verdict of *program* on a system call, as the kernel would come to it. Raises ValueError for an
    instruction that is not among the seven kinds and for a jump out of the program."""
    data = struct.pack("=IIQ6Q", nr, arch, ip, *args)
    return _verdict(program, lambda offset: struct.unpack_from("=I", data, offset)[0])


def constant(program: Program, arch: int, nr: int) -> bool:
    """Whether the kernel knows in advance that *program* allows all calls of this kind, and does not run it
    for them. (For numbers with the x32 bit it never does: they are beyond its table.)"""
    try:
        return _verdict(program, {NR: nr, ARCH: arch}.__getitem__) == SECCOMP_RET_ALLOW
    except (KeyError, ValueError):  # it looks at something else, or nobody knows what it does
        return False


def _verdict(program: Program, load: Callable[[int], int]) -> int:
    """What *program* returns where *load* gives what is at an offset in struct seccomp_data."""
    a = place = 0
    while place < len(program):
        code, jt, jf, k = program[place]
        place += 1
        if code == BPF_RET_K:
            return k
        if code == BPF_LD_W_ABS:
            a = load(k)
        elif code == BPF_ALU_AND_K:
            a &= k
        elif code == BPF_JMP_JA:
            place += k
        elif code in JUMPS:
            place += jt if JUMPS[code][1](a, k) else jf
        else:
            raise ValueError(f"instruction {place - 1}: unknown code {code:#x}")
    raise ValueError("the program ends without a verdict")


class Names(NamedTuple):
    """What `disassemble` calls things; each function answers "" for what has no name."""

    arch: Callable[[int], str]
    #: (arch, nr) -> system call
    nr: Callable[[int, int], str]
    #: (arch, nr, half) -> argument, and which half of it
    argument: Callable[[int, int, int], str]


class Line(NamedTuple):
    """One instruction for people: *text* as assembly, *test* what it looks at or decides, by name; *yes* and
    *no* the addresses it may go to when that is not just the next one; *verdict*, for a ``ret``;
    *constant*: the constant-action cache gets here, since no argument was looked at."""

    address: int
    text: str
    test: str
    yes: Optional[int]
    no: Optional[int]
    verdict: str
    constant: bool


#: Calls that may get to an instruction: (arch, or -1 for any; first number; last number).
_Span = Tuple[int, int, int]


class _Known(NamedTuple):
    """What is known before an instruction: what is in A ("arch", "nr", "args"; "" when ways differ), of
    "args" which *half*, and what it was ANDed with; the calls that get here; *constant* as in Line."""

    holds: str
    half: int
    mask: int
    calls: FrozenSet[_Span]
    constant: bool


_VERDICTS = {SECCOMP_RET_ALLOW: "ALLOW", SECCOMP_RET_TRACE: "TRACE", SECCOMP_RET_ERRNO: "ERRNO"}
_OPERATORS = {"jeq": "==", "jgt": ">", "jge": ">=", "jset": "&"}


def disassemble(program: Program, names: Names) -> List[Line]:
    """*program* in words. What an instruction means depends on how it was reached; since jumps only go
    forward, one pass in order knows that of each."""
    known: Dict[int, _Known] = {0: _Known("", 0, TOP, frozenset(((-1, 0, TOP),)), True)}

    def arrive(place: int, new: _Known) -> None:
        old = known.get(place, new)
        same = old[:3] == new[:3]
        known[place] = _Known(old.holds if same else "", old.half, old.mask if same else TOP,
                              old.calls | new.calls, old.constant or new.constant)

    lines = []
    for place, (code, jt, jf, k) in enumerate(program):
        now = known.get(place)
        if now is None:
            now = _Known("", 0, TOP, frozenset(), False)  # nothing leads here
        yes: Optional[int] = None
        no: Optional[int] = None
        verdict = test = ""
        constant = now.constant
        if code == BPF_LD_W_ABS:
            holds = {NR: "nr", ARCH: "arch"}.get(k, "args")
            constant = constant and holds != "args"
            now = now._replace(holds=holds, half=(k - ARGS) // 4, mask=TOP, constant=constant)
            text, test = f"ld [{k}]", _subject(now, names)
            arrive(place + 1, now)
        elif code == BPF_ALU_AND_K:
            now = now._replace(mask=now.mask & k)
            text, test = f"and #{k:#x}", _subject(now, names)
            arrive(place + 1, now)
        elif code == BPF_JMP_JA:
            text, yes = "ja", place + 1 + k
            arrive(yes, now)
        elif code in JUMPS:
            word = JUMPS[code][0]
            number = f"{k:#x}" if now.holds == "arch" or word == "jset" else str(k)
            text, yes, no = f"{word} #{number}", place + 1 + jt, place + 1 + jf
            test = f"{_subject(now, names)} {_OPERATORS[word]} {_named(now, k, names) or number}"
            above, below = _split(now, code, k)
            arrive(yes, now._replace(calls=above))
            arrive(no, now._replace(calls=below))
        elif code == BPF_RET_K:
            text, verdict = f"ret #{k:#x}", _VERDICTS.get(k & ~0xffff, f"{k:#x}")
        else:
            text = f"code {code:#x}, {jt}, {jf}, {k:#x}"
        lines.append(Line(place, text, test, yes, no, verdict, constant))
    return lines


def _subject(known: _Known, names: Names) -> str:
    """What is in A, by name."""
    if known.mask != TOP:
        return f"{_subject(known._replace(mask=TOP), names)} & {known.mask:#x}"
    if known.holds != "args":
        return known.holds or "A"
    found = {names.argument(arch, first, known.half) if first == last else ""
             for arch, first, last in known.calls}
    name = found.pop() if len(found) == 1 else ""
    return name or f"args[{known.half // 2}] {'high' if known.half & 1 else 'low'} half"


def _named(known: _Known, number: int, names: Names) -> str:
    """The name of *number*, to which A is compared."""
    if known.holds == "arch":
        return names.arch(number)
    archs = {arch for arch, _, _ in known.calls}
    return names.nr(archs.pop(), number) if known.holds == "nr" and len(archs) == 1 else ""


def _split(known: _Known, code: int, k: int) -> Tuple[FrozenSet[_Span], FrozenSet[_Span]]:
    """The calls for which the jump *code* is taken, and those for which it is not."""
    if known.holds == "arch" and code == BPF_JMP_JEQ_K:
        return (frozenset((k, first, last) for arch, first, last in known.calls if arch in (-1, k)),
                frozenset(span for span in known.calls if span[0] != k))
    if known.holds == "nr" and code == BPF_JMP_JGE_K:
        return (frozenset((arch, max(first, k), last) for arch, first, last in known.calls if last >= k),
                frozenset((arch, first, min(last, k - 1)) for arch, first, last in known.calls if first < k))
    return known.calls, known.calls
