"""strace's text: ``openat(AT_FDCWD, "/etc/passwd", O_RDONLY) = 3``.

A system call's first part is written at its syscall-enter-stop, so that a call that blocks is visible
while it blocks. When another thread's line comes in between, the first part ends in
``<unfinished ...>`` and the rest follows after ``<... NAME resumed>``.
"""
from __future__ import annotations

import os
import time

from ..constants.errno import NAMES as ERRNO_NAMES
from ..constants.errno import TEXTS as ERRNO_TEXTS
from ..constants.signals import NAMES as SIGNAL_NAMES
from ..values import OMIT, Pid, Words
from .base import Lines
from .render import Remembered, writers

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Callable, Dict, Optional

    from ..call import Call
    from ..options import Options
    from ..tracer.tracee import Tracee
    from ..values import Value
    from .base import Stream, Streams

_UNITS = {0: 10 ** 9, 3: 10 ** 6, 6: 10 ** 3, 9: 1}


def duration(ns: int, digits: int) -> str:
    """*ns* as seconds with *digits* decimals."""
    seconds, rest = divmod(ns, 10 ** 9)
    return f"{seconds}.{rest // _UNITS[digits]:0{digits}}" if digits else str(seconds)


def signal_name(number: int) -> str:
    """What strace calls signal *number*."""
    return SIGNAL_NAMES.get(number, str(number))


class Output(Lines):
    """The trace as strace 7.2 writes it."""

    # What another look of the same lines changes; color.py is one.
    _left, _right = "[", "]"
    _less, _greater = "<", ">"
    # What closes the arguments, and what leads to the result.
    _close, _equals = ")", "= "
    _end = "\n"
    _unfinished = " <unfinished ...>\n"
    _unknown = "?"
    #: How many columns a text takes.
    _width: Callable[[str], int] = staticmethod(len)

    def __init__(self, options: Options, streams: Optional[Streams] = None) -> None:
        super().__init__(options, streams)
        # What writes values, and those that a call returned, and remarks beside them.
        write = self._writers = writers(options)
        self.render: Callable[[Value], str] = lambda value: write[type(value)](value)
        self._returned = self._remark = self.render
        self.monotonic = options.syscall_times is not None or options.relative_time is not None
        self.realtime = options.absolute_time != "none"
        # With -z, -Z and -e status a line is written when its call has returned.
        self._wait_for_status = len(options.status) < 5
        self._always_pid = options.always_show_pid or (
            options.output is not None and options.follow_forks and not options.output_separately)
        self._no_pid = self.streams.separate
        self._shared = self.streams.shared
        # Whether lines have a prefix even when there is one tracee, and whether that is a pid and nothing else.
        more = (self.realtime or options.relative_time is not None
                or options.syscall_number or options.instruction_pointer)
        self._prefixed = self._always_pid or more
        self._names = "comm" in options.decode_pids
        self._only_pid = self._always_pid and not more and not self._names
        self._pids = Remembered(lambda tid: f"{tid:<5} ")
        self._last_time = 0
        # With -z and its kin: the beginnings of lines that may never be written.
        self._held: Dict[Call, str] = {}
        self._named_arguments = options.arg_names
        self._errors: Dict[int, str] = {}
        # What stands between arguments and result, by the columns in front of it
        columns = options.columns - 1
        self._gaps = Remembered(lambda before: f"{self._close}{' ' * (columns - before) or ' '}{self._equals}")
        self._time_digits = options.syscall_times
        self._exit = "exit" not in options.quiet

    # Lines

    def _prefix(self, tracee: Tracee, monotonic: int, realtime: int, ip: int, former: bool = False) -> str:
        """What stands before the system call's name: process, time, number, instruction pointer. *former*:
        the process is called what it was called in its last line."""
        options = self.options
        text = ""
        if self._always_pid:
            text = f"{tracee.tid}{self._name(tracee, former)} " if self._names else self._pids[tracee.tid]
        elif not self._no_pid and tracee.tracer.count > 1:
            name = self._name(tracee, former) if self._names else ""
            text = f"{self._left}pid {tracee.tid:>5}{name}{self._right} "
        if self.realtime:
            digits = options.absolute_precision
            seconds, rest = divmod(realtime, 10 ** 9)
            if options.absolute_time == "time":
                text += time.strftime("%H:%M:%S", time.localtime(seconds))
            else:
                text += str(seconds)
            text += f".{rest // _UNITS[digits]:0{digits}} " if digits else " "
        if options.relative_time is not None:
            last = self._last_time or monotonic
            self._last_time = monotonic
            digits = options.relative_time
            passed = duration(monotonic - last, digits).rjust(7 + digits if digits else 6)
            text += f"(+{passed}) " if self.realtime else passed + " "
        if options.syscall_number:
            number = "????" if tracee.nr < 0 else f"{tracee.nr:4d}"
            text += f"{self._left}{number}{self._right} "
        if options.instruction_pointer:
            width = 2 * tracee.abi.word
            pointer = f"{ip:0{width}x}" if ip else "?" * width
            text += f"{self._left}{pointer}{self._right} "
        return text

    def _name(self, tracee: Tracee, former: bool) -> str:
        """-Y: what follows a tracee's number. One that is gone is called what it was called before."""
        from ..types.pids import command
        tid = tracee.tid
        comm = self.comms.get(tid) if former else None
        if comm is None:
            comm = command(tid) or self.comms.get(tid)
        if comm is None:
            return ""
        self.comms[tid] = comm
        return self.render(Pid(tid, comm))[len(str(tid)):]

    def _begin(self, tracee: Tracee, stream: Stream) -> None:
        """Make room for a line of *tracee*'s: end the line that another call is on."""
        call = stream.line_of
        if call is not None:
            stream.line_of = None
            if call.tracee is tracee and call.returned:
                return
            stream.parts.append(self._unfinished)

    def _line(self, tracee: Tracee, text: str, former: bool = False) -> None:
        """A whole line of *tracee*'s that is no system call."""
        stream = self.streams.of(tracee)
        self._begin(tracee, stream)
        monotonic = time.clock_gettime_ns(time.CLOCK_MONOTONIC) if self.monotonic else 0
        realtime = time.time_ns() if self.realtime else 0
        stream.parts.append(f"{self._prefix(tracee, monotonic, realtime, tracee.ip, former)}{text}{self._end}")

    # Events

    def enter(self, call: Call) -> None:
        if self._wait_for_status:
            self._held[call] = self._head(call)
            return
        stream = self._shared or self.streams.of(call.tracee)
        if stream.line_of is not None:
            self._begin(call.tracee, stream)
        head = self._head(call)
        stream.parts.append(head)
        stream.begun = head
        stream.line_of = call

    def _head(self, call: Call) -> str:
        """The line up to the arguments known at entry."""
        signature = call.signature
        prefix = ""
        if self._only_pid:
            prefix = self._pids[call.tracee.tid]
        elif self._prefixed or call.tracee.tracer.count > 1:
            prefix = self._prefix(call.tracee, call.entered_at, call.wall_time, call.ip)
        return f"{prefix}{signature.name}({self._arguments(call, 0)}"

    def _arguments(self, call: Call, start: int) -> str:
        """The arguments from number *start* on, and what separates them from each other and from those before."""
        text = ""
        comma = ", " if start else ""
        if self._named_arguments or call.signature.named:
            for name, value in list(zip(call.signature.names, call.values))[start:]:
                if value is not OMIT:
                    text += comma + (self.render(value) if type(value) is Words else f"{name}={self.render(value)}")
                    comma = ", "
            return text
        write = self._writers
        for value in call.values[start:] if start else call.values:
            if value is not OMIT:
                text += comma + write[type(value)](value)
                comma = ", "
        return text

    def _named(self, name: str) -> str:
        """What stands before the value of the argument called *name*."""
        return name + "="

    def _made_whole(self, call: Call) -> str:
        """What the syscall-exit-stop adds to an argument that is known in part, and those after it."""
        count = call.entry_count
        half = call.load("half")
        begun, whole = self.render(half), self.render(call.values[count])
        text = ""
        if half.named_twice and self.options.arg_names:
            text = self._named(call.signature.names[count])
        if whole.startswith(begun):
            text += whole[len(begun):]
        return text + self._arguments(call, count + 1)

    def leave(self, call: Call) -> None:
        stream = self._shared or self.streams.of(call.tracee)
        if self._wait_for_status and ("failed" if call.error else "successful") not in self.options.status:
            self._held.pop(call, None)
            return
        begun = stream.begun if stream.line_of is call else self._resume(call, stream)
        stream.line_of = None
        rest = self._made_whole(call) if call.halved else self._arguments(call, call.entry_count)
        stream.parts.append(f"{rest}{self._gaps[self._width(begun + rest)]}{self._result(call)}{self._end}")
        if call.dump is not None:
            from .dump import lines
            stream.parts.append(lines(call.dump))

    def _resume(self, call: Call, stream: Stream, former: bool = False) -> str:
        """Start the line that goes on with *call*; returns what is on it. *former*: see _prefix."""
        if stream.line_of is not None:
            self._begin(call.tracee, stream)
        if self._wait_for_status:
            text = self._held.pop(call, "")
        else:
            prefix = self._pids[call.tracee.tid] if self._only_pid else self._prefix(
                call.tracee, call.left_at, call.wall_time, call.ip, former)
            text = f"{prefix}<... {call.signature.name} resumed>"
        stream.parts.append(text)
        return text

    def _result(self, call: Call) -> str:
        error = call.error
        if error:
            text = self._errors.get(error) or self._error(error)
            if call.signature.raw and error in ERRNO_TEXTS:
                text = self._failed("-1", ERRNO_NAMES.get(error), os.strerror(error))
        elif call.result is None:
            text = self._unknown
        else:
            text = self._returned(call.result)
        if call.note is not None:
            text += self._aside(f"({self._remark(call.note)})")
        digits = self._time_digits
        if digits is not None:
            text += self._aside(f"{self._less}{duration(call.left_at - call.entered_at, digits)}{self._greater}")
        return text

    def _error(self, error: int) -> str:
        name = ERRNO_NAMES.get(error)
        if error in ERRNO_TEXTS:
            text = self._failed("?", name, ERRNO_TEXTS[error])
        elif name is None:
            text = self._failed("-1", None, f"errno {error}")
        else:
            text = self._failed("-1", name, os.strerror(error))
        self._errors[error] = text
        return text

    def _failed(self, result: str, name: Optional[str], text: str) -> str:
        return f"{result} {name} ({text})" if name else f"{result} ({text})"

    def _aside(self, text: str) -> str:
        """What follows the result."""
        return f" {text}"

    def lost(self, call: Call) -> None:
        if self._wait_for_status and "unfinished" not in self.options.status:
            self._held.pop(call, None)
            return
        # A call of which something was still to be told, which nobody will ever know, ends as unfinished.
        self._cut(call, " <unfinished ...>" if call.signature.incomplete(call) else "", True)

    def detached(self, call: Call) -> None:
        if self._wait_for_status and "detached" not in self.options.status:
            self._held.pop(call, None)
        elif self._wait_for_status or self.streams.of(call.tracee).line_of is call:
            self._cut(call, " <detached ...>\n", False)

    def _cut(self, call: Call, text: str, closed: bool) -> None:
        """End a call's line that will see no syscall-exit-stop."""
        stream = self.streams.of(call.tracee)
        begun = stream.begun if stream.line_of is call else self._resume(call, stream, former=True)
        stream.line_of = None
        stream.parts.append(text)
        if closed:
            stream.parts.append(f"{self._gaps[self._width(begun + text)]}{self._unknown}{self._end}")

    def signal(self, tracee: Tracee, info: Value, number: int) -> None:
        name = signal_name(number)
        self._line(tracee, f"--- {name} {self.render(info)} ---")

    def stopped(self, tracee: Tracee, number: int) -> None:
        self._line(tracee, f"--- stopped by {signal_name(number)} ---")

    def exited(self, tracee: Tracee, status: int) -> None:
        if self._exit:
            self._line(tracee, f"+++ exited with {status} +++")
        self.drop(tracee)

    def killed(self, tracee: Tracee, number: int, core: bool) -> None:
        if self._exit:
            self._line(tracee, f"+++ killed by {signal_name(number)}{' (core dumped)' if core else ''} +++")
        self.drop(tracee)

    def superseded(self, tracee: Tracee, by: int) -> None:
        if "thread-execve" not in self.options.quiet:
            self._line(tracee, f"+++ superseded by execve in pid {by} +++", former=True)

    def personality(self, tracee: Tracee) -> None:
        if "personality" not in self.options.quiet:
            self._line(tracee, f"[ Process PID={tracee.tid} runs in {tracee.abi.mode} mode. ]")
