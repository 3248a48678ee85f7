"""What the tracer tells an output, and where an output's text goes."""
from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Dict, List, Optional

    from ..call import Call
    from ..options import Options
    from ..tracer.tracee import Tracee
    from ..values import Value


class Output:
    """The events of a trace, in the order in which they happen. The base class ignores all of them."""

    #: Which clocks the tracer reads for each call: "monotonic" for durations, "realtime" for dates.
    monotonic = False
    realtime = False
    #: Whether it wants the instruction pointer at signals (``tracee.ip``) and the CPU time that calls
    #: took in the kernel (``call.system_ns``): each costs more kernel calls.
    pointers = False
    system_time = False
    #: Whether it wants to be told of every execve that succeeded.
    executes = False
    #: Whether calls' arguments are to be decoded at all.
    decodes = True
    #: Where it writes, when it writes anything.
    streams: Streams

    def __init__(self, options: Options) -> None:
        self.options = options

    def enter(self, call: Call) -> None:
        """A syscall-enter-stop: ``call.values`` holds the arguments known so far."""

    def leave(self, call: Call) -> None:
        """A syscall-exit-stop: all values, ``call.ret``, ``call.error``, ``call.result``."""

    def lost(self, call: Call) -> None:
        """The tracee ended inside *call*."""

    def detached(self, call: Call) -> None:
        """The tracer let go of the tracee inside *call*."""

    def signal(self, tracee: Tracee, info: Value, number: int) -> None:
        """A signal-delivery-stop, with the decoded siginfo."""

    def stopped(self, tracee: Tracee, number: int) -> None:
        """A group-stop."""

    def exited(self, tracee: Tracee, status: int) -> None:
        """The tracee is gone: exit status."""

    def killed(self, tracee: Tracee, number: int, core: bool) -> None:
        """The tracee is gone: killed by signal *number*, with a core dump or not."""

    def superseded(self, tracee: Tracee, by: int) -> None:
        """The thread is gone: thread *by* of its process called execve."""

    def executed(self, tracee: Tracee, path: bytes) -> None:
        """The tracee runs the program at *path* from now on ("" when that is not known)."""

    def personality(self, tracee: Tracee) -> None:
        """From now on the tracee runs in another ABI (``tracee.abi``)."""

    def notice(self, text: str) -> None:
        """Something about the trace itself, for the user's eyes: goes to stderr."""
        self.flush()
        sys.stderr.write(f"strace: {text}\n")
        sys.stderr.flush()

    def flush(self) -> bool:
        """Write what has been gathered; whether there was anything."""
        return False

    def close(self) -> None:
        """The trace is over."""


class Stream:
    """Text on its way to a file descriptor, gathered until `flush`."""

    __slots__ = ("fd", "parts", "begun", "line_of", "broken", "_pid", "_name")

    def __init__(self, fd: int, name: str = "", pid: int = 0) -> None:
        """*name* is what the user calls it; "" for a descriptor that is not ours to close."""
        self.fd = fd
        self.parts: List[str] = []
        #: What is on the current line, and whose unfinished system call that is.
        self.begun = ""
        self.line_of: Optional[Call] = None
        self.broken = False
        self._pid = pid
        self._name = name

    def flush(self) -> bool:
        """Write what was gathered; whether there was anything. A reader that went away or a full disk end the output,
        not the trace."""
        if not self.parts:
            return False
        data = "".join(self.parts).encode("utf-8", "surrogateescape")
        self.parts.clear()
        view = memoryview(data)
        while view and not self.broken:
            try:
                view = view[os.write(self.fd, view):]
            except OSError as reason:
                self.broken = True
                if self._name:
                    sys.stderr.write(f"strace: {self._name}: {reason.strerror}\n")
        return True

    def close(self) -> None:
        """Flush, close, and wait for the command at the other end of a pipe."""
        self.flush()
        if self._name:
            os.close(self.fd)
        if self._pid:
            try:
                os.waitpid(self._pid, 0)
            except ChildProcessError:
                pass  # it ended during the trace: who waits for tracees waits for every child


def open_stream(options: Options, suffix: str = "") -> Stream:
    """Where the trace goes: stderr, ``-o FILE`` (with *suffix* for -ff) or ``-o '|COMMAND'``.
    Raises OSError, with the file's name, when it can't be opened."""
    name = options.output
    if name is None:
        return Stream(2)
    if name[:1] in ("|", "!"):
        return _open_pipe(name)
    flags = os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC | (os.O_APPEND if options.append else os.O_TRUNC)
    return Stream(os.open(name + suffix, flags, 0o666), name + suffix)


def _open_pipe(name: str) -> Stream:
    """A shell that runs *name*, without its first character, with the trace as its standard input."""
    ours, theirs = os.pipe()  # reading end, writing end: both closed on execve
    actions = [(os.POSIX_SPAWN_DUP2, ours, 0)]
    # CPython ignores SIGPIPE and SIGXFSZ; the command must not.
    import signal
    pid = os.posix_spawn("/bin/sh", ["sh", "-c", name[1:]], os.environ, file_actions=actions,
                         setsigdef=[signal.SIGPIPE, signal.SIGXFSZ])
    os.close(ours)
    return Stream(theirs, name, pid)


class Streams:
    """One stream for the whole trace, or with -ff one a tracee, opened at its first line."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.separate = options.output_separately and options.output is not None
        self.shared = None if self.separate else open_stream(options)
        self._by_tid: Dict[int, Stream] = {}

    def of(self, tracee: Tracee) -> Stream:
        """The stream of *tracee*'s lines."""
        if self.shared is not None:
            return self.shared
        stream = self._by_tid.get(tracee.tid)
        if stream is None:
            stream = self._by_tid[tracee.tid] = open_stream(self.options, f".{tracee.tid}")
        return stream

    def drop(self, tracee: Tracee) -> None:
        """*tracee* is gone: close its own stream."""
        stream = self._by_tid.pop(tracee.tid, None)
        if stream is not None:
            stream.close()

    def flush(self) -> bool:
        """Write everything that was gathered; whether there was anything."""
        if self.shared is not None:
            return self.shared.flush()
        return [stream.flush() for stream in self._by_tid.values()].count(True) > 0

    def close(self) -> None:
        """Close all."""
        if self.shared is not None:
            self.shared.close()
        for stream in self._by_tid.values():
            stream.close()
        self._by_tid.clear()


class Lines(Output):
    """What outputs share that write a line for each event, where the trace goes."""

    def __init__(self, options: Options, streams: Optional[Streams] = None) -> None:
        super().__init__(options)
        self.streams = streams or Streams(options)
        self.pointers = options.instruction_pointer
        #: With -Y, what tracees were called in their last lines.
        self.comms: Dict[int, bytes] = {}

    def drop(self, tracee: Tracee) -> None:
        """*tracee* is gone, and has had its last line."""
        self.comms.pop(tracee.tid, None)
        self.streams.drop(tracee)

    def flush(self) -> bool:
        return self.streams.flush()

    def close(self) -> None:
        self.streams.close()
