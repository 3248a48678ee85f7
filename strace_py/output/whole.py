"""Calls that are first heard of when they have returned: given to another output as one complete line.

What a call has overwritten can't be read any more then. An argument whose value from before the call would
have been shown is shown as the call left it, and says so.
"""
from __future__ import annotations

from ..syscalls.rewritten import REWRITTEN
from ..values import OMIT, Addr, Noted
from .base import Output as Base

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, Set

    from ..call import Call

#: The remark.
LEFT = "as the call left it"


class Whole(Base):
    """Stands before *inner*; `enter` and `leave` may come one right after the other."""

    def __init__(self, inner: Base) -> None:
        super().__init__(inner.options)
        self.inner = inner
        self.pointers = inner.pointers
        self.executes = inner.executes
        self.decodes = inner.decodes
        self._changed: Set[str] = set()
        for event in ("signal", "stopped", "exited", "killed", "superseded", "executed", "personality",
                      "notice", "flush", "close"):
            setattr(self, event, getattr(inner, event))

    def enter(self, call: Call) -> None:
        """Find out which arguments hold what the call has made of them."""
        self._changed = set()
        if not self.decodes:
            return
        signature = call.signature
        registers = set()
        for save, index in signature.hooks:
            # What a hook saves for the exit is what the call overwrites.
            saved = call.saved or {}
            kept: Dict[str, Any] = {}
            call.saved = kept
            save(call, call.args[index])
            if kept:
                registers.add(index)
            call.saved = {**saved, **kept}
        count = call.entry_count
        overlooked = set()
        for index, (_name, (register, _)) in enumerate(signature.where.items()):
            if index >= count and call.args[register]:
                overlooked.add(call.args[register])
        rewritten = REWRITTEN.get(signature.name, ())
        self._changed = {
            name for index, (name, (register, kind)) in enumerate(signature.where.items())
            if register in registers or name in rewritten or call.halved and index == count
            # It is where the call has put another argument: nanosleep(&time, &time).
            or index < count and kind.code == "P" and call.args[register] in overlooked}

    def leave(self, call: Call) -> None:
        values = call.values
        call.entry_count = len(values)
        call.halved = False
        call.left_at = call.entered_at  # nobody knows how long it took
        for index, name in enumerate(call.signature.names):
            if name in self._changed and index < len(values):
                value = values[index]
                if value is not OMIT and type(value) is not Addr:
                    values[index] = Noted(value, LEFT)
        self.inner.enter(call)
        self.inner.leave(call)

    def lost(self, call: Call) -> None:
        self.inner.enter(call)
        self.inner.lost(call)
