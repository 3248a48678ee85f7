"""-c and -C: the trace's calls counted, beside another output or instead of it."""
from __future__ import annotations

from .base import Output as Base
from .base import Streams
from .summary import Summary

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Optional

    from ..call import Call
    from ..options import Options
    from ..tracer.tracee import Tracee


class Counting(Base):
    """Counts calls and reports at the end, after the trace, where the trace goes."""

    monotonic = True
    system_time = True

    def __init__(self, options: Options, inner: Optional[Base] = None) -> None:
        super().__init__(options)
        self.inner = inner
        self.summary = Summary(options)
        self.streams = inner.streams if inner is not None else Streams(options)
        self._status = options.status
        # Paths and descriptors are matched on decoded arguments.
        self.decodes = inner is not None or bool(options.trace_paths) or options.trace_fds is not None
        self.pointers = options.instruction_pointer
        if inner is not None:
            self.realtime = inner.realtime
            self.pointers = inner.pointers
            self.executes = inner.executes
            for event in ("enter", "lost", "detached", "signal", "stopped", "exited", "killed", "superseded",
                          "executed", "personality", "notice", "flush"):
                setattr(self, event, getattr(inner, event))

    def leave(self, call: Call) -> None:
        if ("failed" if call.error else "successful") in self._status:
            signature = call.signature
            self.summary.count(*signature.key, signature.name, call.system_ns,
                               call.left_at - call.entered_at, call.error != 0)
        if self.inner is not None:
            self.inner.leave(call)

    def personality(self, tracee: Tracee) -> None:
        """The only line of the trace that there is without it."""
        if "personality" not in self.options.quiet:
            from .text import Output as Text
            Text(self.options, self.streams).personality(tracee)

    def flush(self) -> bool:
        return self.streams.flush()

    def close(self) -> None:
        stream = self.streams.shared
        if stream is not None:
            stream.parts.append(self.summary.render())
        if self.inner is not None:
            self.inner.close()
        else:
            self.streams.close()
