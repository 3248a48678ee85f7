"""Calls that are first heard of when they have returned: given to another output as one complete line.

What a call has overwritten can't be read any more then. An argument whose value from before the call would
have been shown is shown as the call left it, and says so.
"""
from __future__ import annotations

from ..syscalls.rewritten import REWRITTEN
from ..values import OMIT, Noted
from .base import Output as Base

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import AbstractSet, Any, Dict, List, Tuple

    from ..call import Call
    from ..syscalls.signature import Prepared

#: The remark.
LEFT = "as the call left it"

_NONE: AbstractSet[str] = frozenset()


class Whole(Base):
    """Stands before *inner*; `enter` and `leave` may come one right after the other."""

    def __init__(self, inner: Base) -> None:
        super().__init__(inner.options)
        self.inner = inner
        self.pointers = inner.pointers
        self.executes = inner.executes
        self.decodes = inner.decodes
        self._changed: AbstractSet[str] = _NONE
        self._pointers: Dict[Prepared, List[Tuple[int, str, int]]] = {}
        for event in ("signal", "stopped", "exited", "killed", "superseded", "executed", "personality",
                      "notice", "flush", "close"):
            setattr(self, event, getattr(inner, event))

    def enter(self, call: Call) -> None:
        """Find out which arguments hold what the call has made of them."""
        signature = call.signature
        pointers = self._pointers.get(signature)
        if pointers is None:
            pointers = self._pointers[signature] = [
                (index, name, register) for index, (name, (register, kind)) in enumerate(signature.where.items())
                if kind.code in ("", "P", "L")] if self.decodes else []
        self._changed = self._find(call, pointers) if pointers else _NONE

    def _find(self, call: Call, pointers: List[Tuple[int, str, int]]) -> AbstractSet[str]:
        """The names of those arguments; *pointers* are (place, name, register) of all that may be."""
        signature = call.signature
        rewritten = REWRITTEN.get(signature.name, ())
        registers = set()
        for save, register in signature.hooks:
            # What a hook saves for the exit is what the call overwrites.
            saved = call.saved or {}
            kept: Dict[str, Any] = {}
            call.saved = kept
            save(call, call.args[register])
            if kept:
                registers.add(register)
            call.saved = {**saved, **kept}
        count = call.entry_count
        # Where the call has put other arguments: nanosleep(&time, &time).
        results = {call.args[register] for index, _, register in pointers if index >= count}
        return {name for index, name, register in pointers
                if register in registers or name in rewritten or call.halved and index == count
                or index < count and call.args[register] in results}

    def leave(self, call: Call) -> None:
        values = call.values
        call.entry_count = len(values)
        call.halved = False
        call.left_at = call.entered_at  # nobody knows how long it took
        if self._changed:
            for index, name in enumerate(call.signature.names):
                if name in self._changed and index < len(values):
                    value = values[index]
                    if value is not OMIT and not isinstance(value, int):
                        values[index] = Noted(value, LEFT)
        self.inner.enter(call)
        self.inner.leave(call)

    def lost(self, call: Call) -> None:
        self.inner.enter(call)
        self.inner.lost(call)
