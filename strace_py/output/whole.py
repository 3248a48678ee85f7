"""Calls that are first heard of when they have returned: given to another output as one complete line.

What a call has overwritten can't be read any more then. An argument whose value from before the call would
have been shown is shown as the call left it, and says so.
"""
from __future__ import annotations

from ..values import Marker, Noted
from .base import Output as Base

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, List, Set, Tuple

    from ..call import Call
    from ..syscalls.signature import Prepared

#: The remark.
LEFT = "as the call left it"

_MOST_SIGNATURES = 4096
#: Codes of argument types that may be pointers: some are unions of a number and a pointer.
_MAY_POINT = ("", "L", "P")


class Whole(Base):
    """Stands before *inner*; `enter` and `leave` may come one right after the other."""

    def __init__(self, inner: Base) -> None:
        super().__init__(inner.options)
        self.inner = inner
        self.pointers = inner.pointers
        self.executes = inner.executes
        self.decodes = inner.decodes
        self._saved: Set[int] = set()
        self._pointers: Dict[Prepared, List[Tuple[int, str, int]]] = {}
        for event in ("signal", "stopped", "exited", "killed", "superseded", "executed", "personality",
                      "notice", "flush", "close"):
            setattr(self, event, getattr(inner, event))

    def enter(self, call: Call) -> None:
        """Find out which arguments the call is known to change: what a hook saves for the exit, it does."""
        self._saved.clear()
        if not self.decodes:
            return
        for save, register in call.signature.hooks:
            saved = call.saved or {}
            kept: Dict[str, Any] = {}
            call.saved = kept
            save(call, call.args[register])
            if kept:
                self._saved.add(register)
            call.saved = {**saved, **kept}

    def leave(self, call: Call) -> None:
        values = call.values
        signature = call.signature
        if values:
            pointers = self._pointers.get(signature)
            if pointers is None:
                pointers = [(index, name, register) for index, (name, (register, kind))
                            in enumerate(signature.where.items()) if kind.code in _MAY_POINT]
                if len(self._pointers) < _MOST_SIGNATURES:  # a tracee can make up numbers
                    self._pointers[signature] = pointers
            if pointers:
                self._remark(call, pointers)
        call.entry_count = len(values)
        call.halved = False
        call.left_at = call.entered_at  # nobody knows how long it took
        self.inner.enter(call)
        self.inner.leave(call)

    def _remark(self, call: Call, pointers: List[Tuple[int, str, int]]) -> None:
        """Mark the values that are not from before the call; *pointers* are (place, name, register)."""
        values, args, count = call.values, call.args, call.entry_count
        changed = call.halved and not call.load("half").kept
        rewritten = call.signature.rewritten
        # Numbers are addresses that nobody followed, or no addresses at all.
        followed = [pointer for pointer in pointers
                    if pointer[0] < len(values) and not isinstance(values[pointer[0]], (int, Marker))]
        # Where the call has put other arguments: nanosleep(&time, &time).
        results = [args[register] for index, _, register in followed if index >= count]
        for index, name, register in followed:
            if (register in self._saved or name in rewritten or changed and index == count
                    or index < count and args[register] in results):
                values[index] = Noted(values[index], LEFT)

    def lost(self, call: Call) -> None:
        self.inner.enter(call)
        self.inner.lost(call)
