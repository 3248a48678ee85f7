"""Conditions on a system call's arguments, as registers and not as C types: what a filter can test.

The six argument registers are twelve *halves* of 32 bits, the unit in which cBPF computes: half ``2 * n`` is
the low half of register *n*, ``2 * n + 1`` the high one. A condition is a tree of the tuples below. The
seccomp compiler makes cBPF of it and `test` makes a Python function of it; one tree, so both say the same.
"""
from __future__ import annotations

from typing import Any, Callable, NamedTuple, Sequence, Tuple

#: The unsigned argument registers of a call -> whether a condition holds.
Test = Callable[[Sequence[int]], bool]


class Between(NamedTuple):
    """The number in *halves* (one or two, the low one first), ANDed with *mask*, is unsigned and within
    *first* ... *last*. All comparisons come down to this: signed numbers are two ranges of unsigned ones."""

    halves: Tuple[int, ...]
    mask: int
    first: int
    last: int


class Not(NamedTuple):
    """*part* does not hold."""

    part: Condition


class AllOf(NamedTuple):
    """Every one of *parts* holds; of none, always."""

    parts: Tuple[Condition, ...]


class AnyOf(NamedTuple):
    """At least one of *parts* holds; of none, never."""

    parts: Tuple[Condition, ...]


#: Between, Not, AllOf or AnyOf.
Condition = Any

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
    halves, mask, first, last = between
    places = [(half >> 1, 32 * (half & 1), 32 * order) for order, half in enumerate(halves)]

    def within(args: Sequence[int]) -> bool:
        number = 0
        for register, down, up in places:
            number |= (args[register] >> down & 0xffffffff) << up
        return first <= number & mask <= last
    return within
