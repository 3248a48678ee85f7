"""Classes that are tuples with names, written as with typing.NamedTuple.

To import typing takes 2 ms to 3 ms of a start-up, and its NamedTuple compiles every annotation (CPython 3.8 to 3.13).
This one makes of the same class statement what collections.namedtuple makes.
"""
from __future__ import annotations

from collections import namedtuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NamedTuple as NamedTuple
else:
    class _Statement(type):
        def __new__(cls, name, bases, members):
            if not bases:
                return super().__new__(cls, name, bases, members)
            fields = members.pop("__annotations__", {})
            defaults = [members.pop(field) for field in fields if field in members]
            made = namedtuple(name, fields, defaults=defaults, module=members.pop("__module__"))
            for member, value in members.items():
                if member != "__qualname__":
                    setattr(made, member, value)
            return made

    class NamedTuple(metaclass=_Statement):
        """The base that class statements name; no class has it."""
