"""A trace as a sequence of Python objects, for programs that use the package."""
from __future__ import annotations

from typing import Any, Iterator, List, NamedTuple, Optional

from .call import Call
from .output.base import Output
from .tracer.tracer import Tracer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .options import Options
    from .tracer.tracee import Tracee
    from .values import Value


class Event(NamedTuple):
    """Something that happened to thread *tid*.

    *kind* is "syscall" (returned: *call* is complete), "unfinished" (*call* will never return),
    "detached" (in *call*), "signal" (*number*, *detail* is its siginfo), "stopped" (by signal *number*),
    "exited" (*number* is the status), "killed" (by signal *number*; *detail*: a core was dumped) or
    "superseded" (thread *number* of the process called execve).
    """

    kind: str
    tid: int
    call: Optional[Call] = None
    number: int = 0
    detail: Any = None


class Recorder(Output):
    """An output that keeps events until they are taken."""

    monotonic = True
    realtime = True

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self.events: List[Event] = []

    def leave(self, call: Call) -> None:
        if ("failed" if call.error else "successful") in self.options.status:
            self.events.append(Event("syscall", call.tracee.tid, call))

    def lost(self, call: Call) -> None:
        self.events.append(Event("unfinished", call.tracee.tid, call))

    def detached(self, call: Call) -> None:
        self.events.append(Event("detached", call.tracee.tid, call))

    def signal(self, tracee: Tracee, info: Value, number: int) -> None:
        self.events.append(Event("signal", tracee.tid, None, number, info))

    def stopped(self, tracee: Tracee, number: int) -> None:
        self.events.append(Event("stopped", tracee.tid, None, number))

    def exited(self, tracee: Tracee, status: int) -> None:
        self.events.append(Event("exited", tracee.tid, None, status))

    def killed(self, tracee: Tracee, number: int, core: bool) -> None:
        self.events.append(Event("killed", tracee.tid, None, number, core))

    def superseded(self, tracee: Tracee, by: int) -> None:
        self.events.append(Event("superseded", tracee.tid, None, by))

    def notice(self, text: str) -> None:
        pass


def record(options: Options) -> Iterator[Event]:
    """Trace as *options* say and yield the events. Raises tracer.start.StartError."""
    recorder = Recorder(options)
    if options.seccomp_bpf == "auto":
        # Descendants that can't live without a tracer would be a burden that nobody asked for.
        options = options._replace(seccomp_bpf="off")
    tracer = Tracer(options, recorder)
    try:
        tracer.start()
        going = True
        while going:
            going = tracer.step()
            yield from recorder.events
            recorder.events.clear()
    finally:
        tracer.detach_all()
