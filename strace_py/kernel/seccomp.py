"""seccomp(2) filters: cBPF programs that tell the kernel which system calls to stop at.

cBPF is a machine with one register, A, of 32 bits (and an X and sixteen words of memory, for which a filter
has no use). Before each system call the kernel runs the filter on

    struct seccomp_data {int nr; __u32 arch; __u64 instruction_pointer; __u64 args[6];}

and obeys the number that it returns. An instruction is a struct sock_filter {code, jt, jf, k}, and a few
kinds are enough:

    ld  [k]         A = the 32-bit word at offset k of seccomp_data; 64-bit numbers are loaded in halves
    and #k          A &= k
    jeq #k, t, f    if A == k go to t, else to f; jgt and jge compare as unsigned numbers, jset is A & k != 0
    ja  t           go to t
    ret #k          the verdict: SECCOMP_RET_ALLOW, _TRACE, ...

Jumps only go forward, so every program ends. Conditional ones have 8 bits for each distance and so reach no
further than 255 instructions beyond the next; ja has 32 bits.

Since Linux 5.11 the kernel works out once, when a filter is installed, for which numbers the verdict is
always ALLOW, and never runs the program for those: the *constant-action cache*. To see that, it follows the
program for each number as long as all it meets is ``ld`` of nr and arch, jumps, ``and`` and ``ret``
(seccomp_is_const_allow in kernel/seccomp.c; `constant` in disassembly.py). Programs made here stay within that
for all calls whose arguments don't matter: an untraced call then costs the same under any set, however long
the program is.

    compile()      rules -> program         Assembler       the steps in between
    Filter         a program to be loaded   disassembly.py  what a program does, for people and tests
"""
from __future__ import annotations

import ctypes
import struct

from . import libc
from .condition import AllOf, AnyOf, Between, Not
from .libc import PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Callable, Dict, Iterable, List, Optional, Sequence, Tuple

    from .condition import Condition

    #: struct sock_filter {__u16 code; __u8 jt; __u8 jf; __u32 k;}
    Instruction = Tuple[int, int, int, int]
    Program = Sequence[Instruction]
    #: Numbers that are traced: ``[first, last]``, both inclusive.
    Range = Tuple[int, int]
else:
    Instruction = Program = Range = None  # for annotations alone

# <linux/bpf_common.h>, <linux/filter.h>
BPF_LD_W_ABS = 0x20
BPF_ALU_AND_K = 0x54
BPF_JMP_JA = 0x05
BPF_JMP_JEQ_K = 0x15
BPF_JMP_JGT_K = 0x25
BPF_JMP_JGE_K = 0x35
BPF_JMP_JSET_K = 0x45
BPF_RET_K = 0x06

# <linux/seccomp.h>: verdicts, of which the low 16 bits are data, and offsets in struct seccomp_data
SECCOMP_RET_ERRNO = 0x00050000
SECCOMP_RET_TRACE = 0x7ff00000
SECCOMP_RET_ALLOW = 0x7fff0000
NR = 0
ARCH = 4
ARGS = 16

SECCOMP_MODE_FILTER = 2

#: BPF_MAXINSNS: the kernel takes no longer program.
LONGEST = 4096
#: How many instructions a conditional jump can skip.
REACH = 255

TOP = 0xffffffff

JUMPS: Dict[int, Tuple[str, Callable[[int, int], bool]]] = {
    BPF_JMP_JEQ_K: ("jeq", lambda a, k: a == k),
    BPF_JMP_JGT_K: ("jgt", lambda a, k: a > k),
    BPF_JMP_JGE_K: ("jge", lambda a, k: a >= k),
    BPF_JMP_JSET_K: ("jset", lambda a, k: a & k != 0),
}


class Rules:
    """What to do with the system calls of one AUDIT_ARCH word: trace the numbers in *traced* (ascending
    ranges that don't touch), and those in *tested* where the condition on their arguments holds; allow all
    others. Before all that, each number in *special* gets a verdict of its own where a condition holds."""

    def __init__(self, traced: Sequence[Range], tested: Optional[Dict[int, Condition]] = None,
                 special: Optional[Dict[int, Tuple[Condition, int]]] = None) -> None:
        self.traced = traced
        self.tested = tested or {}
        self.special = special or {}


def ranges(numbers: Iterable[int], inverted: bool = False) -> List[Range]:
    """*numbers*, or all others up to 2^32-1 when *inverted*, as ranges in ascending order."""
    found: List[Range] = []
    for number in sorted(set(numbers)):
        if found and found[-1][1] == number - 1:
            found[-1] = found[-1][0], number
        else:
            found.append((number, number))
    if not inverted:
        return found
    gaps, start = [], 0
    for first, last in found:
        if first > start:
            gaps.append((start, first - 1))
        start = last + 1
    if start <= TOP:
        gaps.append((start, TOP))
    return gaps


# Making programs

#: Where an instruction is: how many come after it. That never changes while a program grows at its front.
Label = int


class Assembler:
    """Builds a program from its end to its beginning. Jumps only go forward: whatever one leads to is there
    already, and its distance is known. Each method puts instructions in front of the program and returns the
    Label of the first, for jumps that will be put in front of that."""

    def __init__(self) -> None:
        self._backwards: List[Instruction] = []
        # Where jumps to a label can go instead: the nearest of the stepping stones planted for it.
        self._stones: Dict[Label, Label] = {}
        self._verdicts: Dict[int, Label] = {}

    def program(self, entry: Label) -> List[Instruction]:
        """The program that begins at *entry*. Raises ValueError when it is too long for the kernel."""
        self._continue(entry)
        if len(self._backwards) > LONGEST:
            raise ValueError(f"seccomp filter of {len(self._backwards)} instructions")
        return self._backwards[::-1]

    def verdict(self, value: int) -> Label:
        """``ret #value``, the same one each time."""
        if value not in self._verdicts:
            self._verdicts[value] = self._put((BPF_RET_K, 0, 0, value))
        return self._verdicts[value]

    def load(self, offset: int, then: Label) -> Label:
        """``ld [offset]``, and on to *then*."""
        self._continue(then)
        return self._put((BPF_LD_W_ABS, 0, 0, offset))

    def mask(self, bits: int, then: Label) -> Label:
        """``and #bits``, and on to *then*."""
        self._continue(then)
        return self._put((BPF_ALU_AND_K, 0, 0, bits))

    def jump(self, code: int, k: int, yes: Label, no: Label) -> Label:
        """The conditional jump *code*. None is needed where both ways lead to the same label."""
        if yes == no:
            return yes
        yes, no = self._near(yes), self._near(no)
        return self._put((code, self._skipped(yes), self._skipped(no), k))

    def _put(self, instruction: Instruction) -> Label:
        self._backwards.append(instruction)
        return len(self._backwards) - 1

    def _skipped(self, label: Label) -> int:
        """How many instructions lie between one put now and *label*."""
        return len(self._backwards) - 1 - label

    def _continue(self, label: Label) -> None:
        """See that what is put next runs on into *label*."""
        if self._skipped(label):
            self._stone(label)

    def _near(self, label: Label) -> Label:
        """*label*, or a stepping stone to it that a conditional jump can reach, even when one more stone is
        planted for the other way of that jump."""
        stone = self._stones.get(label, label)
        return stone if self._skipped(stone) < REACH else self._stone(label)

    def _stone(self, label: Label) -> Label:
        """Plant a stepping stone to *label*: a copy of a ``ret``, else a ``ja``."""
        instruction = self._backwards[label]
        if instruction[0] != BPF_RET_K:
            instruction = (BPF_JMP_JA, 0, 0, self._skipped(label))
        stone = self._stones[label] = self._put(instruction)
        return stone


def compile(rules: Dict[int, Rules], verdict: int = SECCOMP_RET_TRACE) -> List[Instruction]:
    """The filter for *rules*, by AUDIT_ARCH word; calls under any other word are traced, by *verdict*. Raises
    ValueError when it would be too long for the kernel."""
    assembler = Assembler()
    allow = assembler.verdict(SECCOMP_RET_ALLOW)
    trace = assembler.verdict(verdict)
    entry = trace
    for arch, rule in reversed(list(rules.items())):
        # Calls with equal conditions share the code that tests them.
        shared: Dict[Condition, Label] = {}
        tested: Dict[int, Label] = {}
        for number, condition in rule.tested.items():
            if condition not in shared:
                shared[condition] = _condition(assembler, condition, trace, allow)
            tested[number] = shared[condition]
        also: Dict[Tuple[Condition, int, Label], Label] = {}
        for number, (condition, value) in rule.special.items():
            traced = any(first <= number <= last for first, last in rule.traced)
            key = condition, value, tested.get(number, trace if traced else allow)
            if key not in also:
                also[key] = _condition(assembler, condition, assembler.verdict(value), key[2])
            tested[number] = also[key]
        block = assembler.load(NR, _tree(assembler, _edges(rule, tested, allow, trace)))
        entry = assembler.jump(BPF_JMP_JEQ_K, arch, block, entry)
    return assembler.program(assembler.load(ARCH, entry))


def _edges(rule: Rules, tested: Dict[int, Label], allow: Label, trace: Label) -> List[Tuple[int, Label]]:
    """Where along all numbers the way to go changes: ``(first number, label from there on)``, from 0 up."""
    marks: List[Tuple[int, Label]] = [(0, allow)]
    for first, last in rule.traced:
        marks += [(first, trace), (last + 1, allow)]
    edges: Dict[int, Label] = dict(marks)
    for number in sorted(tested):
        # What holds for the number after it is what the last edge up to there says.
        after = [label for start, label in marks if start <= number + 1][-1]
        edges.setdefault(number + 1, after)
        edges[number] = tested[number]
    found: List[Tuple[int, Label]] = []
    for start, label in sorted(edges.items()):
        if start <= TOP and (not found or found[-1][1] != label):
            found.append((start, label))
    return found


def _tree(assembler: Assembler, edges: Sequence[Tuple[int, Label]]) -> Label:
    """A balanced tree of ``jge`` over *edges*: each comparison halves what is left, so that of n edges a call
    passes log2(n)."""
    if len(edges) == 1:
        return edges[0][1]
    middle = len(edges) // 2
    above = _tree(assembler, edges[middle:])
    below = _tree(assembler, edges[:middle])
    return assembler.jump(BPF_JMP_JGE_K, edges[middle][0], above, below)


def _condition(assembler: Assembler, condition: Condition, yes: Label, no: Label) -> Label:
    """Goes to *yes* when *condition* holds, else to *no*."""
    if isinstance(condition, Not):
        return _condition(assembler, condition.part, no, yes)
    if isinstance(condition, (AllOf, AnyOf)):
        every = isinstance(condition, AllOf)
        label = yes if every else no
        for part in reversed(condition.parts):
            label = _condition(assembler, part, label if every else yes, no if every else label)
        return label
    if len(condition.halves) == 1:
        half, = condition.halves
        return _half(assembler, half, condition.mask, condition.first, condition.last, yes, no)
    return _wide(assembler, condition, yes, no)


def _half(assembler: Assembler, half: int, mask: int, first: int, last: int, yes: Label, no: Label) -> Label:
    """Goes to *yes* when *half* of the arguments, ANDed with *mask*, is within *first* ... *last*."""
    if first > min(last, mask):
        return no
    if first == 0 and last >= mask:
        return yes
    if first == last == 0 and mask != TOP:
        label = assembler.jump(BPF_JMP_JSET_K, mask, no, yes)
    else:
        label = _within(assembler, mask, first, last, yes, no)
        if mask != TOP:
            label = assembler.mask(mask, label)
    return assembler.load(ARGS + 4 * half, label)


def _within(assembler: Assembler, most: int, first: int, last: int, yes: Label, no: Label) -> Label:
    """Goes to *yes* when A, which is at most *most*, is within *first* ... *last*."""
    if first == last:
        return assembler.jump(BPF_JMP_JEQ_K, first, yes, no)
    label = yes
    if last < most:
        label = assembler.jump(BPF_JMP_JGT_K, last, no, label)
    if first > 0:
        label = assembler.jump(BPF_JMP_JGE_K, first, label, no)
    return label


def _wide(assembler: Assembler, condition: Between, yes: Label, no: Label) -> Label:
    """The same for a number of 64 bits, of which A takes one half at a time: mostly the high half decides,
    and the low one only where the high half is that of the first or of the last number of the range."""
    low, high = condition.halves
    mask_high, mask_low = condition.mask >> 32, condition.mask & TOP
    if condition.first > min(condition.last, condition.mask):
        return no
    first_high, first_low = condition.first >> 32, condition.first & TOP
    last_high, last_low = min(condition.last, condition.mask) >> 32, min(condition.last, condition.mask) & TOP
    if first_high == last_high:
        label = _half(assembler, low, mask_low, first_low, last_low, yes, no)
        return _half(assembler, high, mask_high, first_high, first_high, label, no)
    at_first = _half(assembler, low, mask_low, first_low, TOP, yes, no)
    at_last = _half(assembler, low, mask_low, 0, last_low, yes, no)
    # A is the high half.
    if at_first == yes:
        label = assembler.jump(BPF_JMP_JGE_K, first_high, yes, no) if first_high else yes
    else:
        label = assembler.jump(BPF_JMP_JEQ_K, first_high, at_first, no) if first_high else at_first
        label = assembler.jump(BPF_JMP_JGT_K, first_high, yes, label)
    if at_last != yes:
        label = assembler.jump(BPF_JMP_JEQ_K, last_high, at_last, label)
    if last_high < mask_high:
        label = assembler.jump(BPF_JMP_JGT_K, last_high, no, label)
    if mask_high != TOP:
        label = assembler.mask(mask_high, label)
    return assembler.load(ARGS + 4 * high, label)


class Filter:
    """A program in memory, as prctl(PR_SET_SECCOMP) takes it (struct sock_fprog)."""

    def __init__(self, program: Program) -> None:
        self._code = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *step) for step in program))
        self._fprog = ctypes.create_string_buffer(
            struct.pack("@HP", len(program), ctypes.addressof(self._code)))

    def calls(self, privileged: bool) -> List[Tuple[Callable[..., int], Tuple[int, ...]]]:
        """The libc calls by which a child puts itself under the filter. Without CAP_SYS_ADMIN
        (*privileged*) it has to renounce new privileges first: setuid programs lose their meaning."""
        prctl = libc.child["prctl"]
        load = prctl, (PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.addressof(self._fprog), 0, 0)
        return [load] if privileged else [(prctl, (PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)), load]
