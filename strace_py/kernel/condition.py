"""Conditions on a system call's arguments, as registers and not as C types: what a filter can test.

The six argument registers are twelve *halves* of 32 bits, the unit in which cBPF computes: half ``2 * n`` is
the low half of register *n*, ``2 * n + 1`` the high one. A condition is a tree of the objects below. The
seccomp compiler makes cBPF of it and `test` makes a Python function of it; one tree, so both say the same.
"""
from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Sequence, Tuple

    #: The unsigned argument registers of a call -> whether a condition holds.
    Test = Callable[[Sequence[int]], bool]
    #: Between, Not, AllOf or AnyOf.
    Condition = Any
else:
    Test = Condition = None  # for annotations alone


class Between:
    """The number in *halves* (one or two, the low one first), ANDed with *mask*, is unsigned and within
    *first* ... *last*. All comparisons come down to this: signed numbers are two ranges of unsigned ones."""

    def __init__(self, halves: Tuple[int, ...], mask: int, first: int, last: int) -> None:
        self.halves = halves
        self.mask = mask
        self.first = first
        self.last = last

    def __repr__(self) -> str:
        return f"Between({self.halves}, {self.mask:#x}, {self.first:#x}, {self.last:#x})"


class Not:
    """*part* does not hold."""

    def __init__(self, part: Condition) -> None:
        self.part = part

    def __repr__(self) -> str:
        return f"Not({self.part!r})"


class _Parts:
    def __init__(self, parts: Tuple[Condition, ...]) -> None:
        self.parts = parts

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.parts!r})"


class AllOf(_Parts):
    """Every one of *parts* holds; of none, always."""


class AnyOf(_Parts):
    """At least one of *parts* holds; of none, never."""


ALWAYS = AllOf(())
NEVER = AnyOf(())


def test(condition: Condition) -> Test:
    """*condition* as a function, for tracees that no filter picks the calls of."""
    if isinstance(condition, Not):
        inner = test(condition.part)
        return lambda args: not inner(args)
    if isinstance(condition, AllOf):
        tests = [test(part) for part in condition.parts]
        return lambda args: all(each(args) for each in tests)
    if isinstance(condition, AnyOf):
        tests = [test(part) for part in condition.parts]
        return lambda args: any(each(args) for each in tests)
    between: Between = condition
    mask, first, last = between.mask, between.first, between.last
    places = [(half >> 1, 32 * (half & 1), 32 * order) for order, half in enumerate(between.halves)]

    def within(args: Sequence[int]) -> bool:
        number = 0
        for register, down, up in places:
            number |= (args[register] >> down & 0xffffffff) << up
        return first <= number & mask <= last
    return within
