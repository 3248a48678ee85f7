"""Which stop is the next one: the tracees' changes of state in the order in which they are handled.

``waitpid(-1)`` tells the stop of whichever tracee the kernel finds first, and sleeps until there is one. That alone
would do for one tracee and a tracer without hurry. Here is what more there is to it: asking before sleeping
(waiting.py), fairness among several tracees, a crowd of them of which a few run at a time, and signals,
which end the trace or say that it is time to write.
"""
from __future__ import annotations

import errno
import os
import signal
import time
from collections import deque

from ..kernel.ptrace import PTRACE_EVENT_EXEC
from ..kernel.status import WAIT_OPTIONS
from ..kernel.wait import wait, wait_with_usage
from .waiting import Patience

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Callable, Deque, Dict, Tuple

    from ..options import Options
    from ..output.base import Output
    from .tracee import Tracee

    #: What waitpid has told: thread, status, and when the output asks for it the CPU time (ns) spent in the kernel.
    Stop = Tuple[int, ...]

ASK = WAIT_OPTIONS | os.WNOHANG
#: How often a timer ends a wait (s), and while tracees keep the tracer busy.
LATE = 1.0
SOON = 0.004
#: More tracees than these are a crowd, of which a few run at a time, for so many stops in all.
CROWD, FEW, TURNS = 32, 4, 256
#: How often the few are asked for a stop, each in its turn, before one of them makes room.
ROUNDS = 32


class Interrupted(Exception):
    """A signal asks the tracer to end; *number* is the signal."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


class Stops:
    """The stops of *tracees*, threads by number, which somebody else keeps up to date."""

    def __init__(self, tracees: Dict[int, Tracee], options: Options, output: Output) -> None:
        self._tracees = tracees
        self._output = output
        #: waitpid(2) that returns at once, and the one that sleeps.
        self._ask: Callable[[int, int], Stop] = wait_with_usage if output.system_time else os.waitpid
        self._wait: Callable[[int, int], Stop] = wait_with_usage if output.system_time else wait
        self._patience = Patience(options.spin)
        #: What waitpid has told and nobody has taken yet.
        self._told: Deque[Stop] = deque()
        #: Those of a crowd who run, longest without a question first, and for how many stops more they do.
        self._few: Deque[int] = deque()
        self._turns = 0
        #: Whether a timer runs (see `keep_time`), and whether it is to expire soon.
        self._timed = self._hurries = False
        #: Whether the tracer has slept since the timer last expired.
        self._slept = False
        #: Whether a signal has come that somebody has to look at, and which one asks for the end.
        self._signalled = False
        self._interrupted = 0
        #: Whether a signal handler may raise.
        self._exposed = False

    def __len__(self) -> int:
        """How many are known that have not been taken."""
        return len(self._told)

    def next(self) -> Stop:
        """Wait for one. Raises Interrupted, and ChildProcessError when there is no tracee left."""
        if self._few:
            stop = self._of_few()
            if stop[0]:
                return stop
        elif self._told:
            return self._told.popleft()
        if self._signalled:
            self._attend()
        asks = self._patience.asks
        if asks:
            stop = self._ask(-1, ASK)
            if not stop[0]:
                stop = self._wait_for(asks - 1)
        elif self._patience.rests:
            stop = self._wait_for(0)
        else:
            stop = self._block()
        return stop if len(self._tracees) < 2 else self._among_others(stop)

    def _wait_for(self, asks: int) -> Stop:
        """Ask so many times, and then sleep."""
        # In a crowd the few have been asked already, and asking for all takes long.
        if len(self._tracees) <= CROWD:
            for _ in range(asks):
                stop = self._ask(-1, ASK)
                if stop[0]:
                    return stop
        patience = self._patience
        patience.gives_up()
        start = time.monotonic_ns()
        stop = self._block()
        # Only a process that does nothing else moves to where its tracee is.
        patience.blocked(start, time.monotonic_ns(), stop[0] if self._timed and len(self._tracees) == 1 else 0)
        return stop

    def _block(self) -> Stop:
        """Wait for one, asleep."""
        if not self._timed:
            return self._block_untimed()
        while True:
            # A signal that comes between this and the call does not end that: the timer does.
            if self._signalled and not self._attend() and self._hurries:
                self._set_timer(False)
            self._slept = True
            stop = self._wait(-1, WAIT_OPTIONS)
            if stop[0]:
                if not self._hurries:
                    self._set_timer(True)
                return stop

    def _block_untimed(self) -> Stop:
        """_block for a program that does other things, too, and whose signal handlers may raise."""
        self._output.flush()
        while True:
            self._exposed = True
            try:
                self._check_interrupted()
                # It is not taken yet: what a signal handler interrupts here is not lost.
                os.waitid(os.P_ALL, 0, WAIT_OPTIONS | os.WEXITED | os.WSTOPPED | os.WNOWAIT)
            except OSError as reason:
                if reason.errno != errno.EINVAL:
                    raise
                time.sleep(0.001)  # before Linux 4.7 waitid didn't know __WALL
            finally:
                self._exposed = False
            self._check_interrupted()
            stop = self._ask(-1, ASK)
            if stop[0]:
                return stop

    # Several tracees

    def _among_others(self, stop: Stop) -> Stop:
        """The next stop, after *stop*, when there may be others."""
        if len(self._tracees) <= CROWD:
            return self._first(stop)
        # To hear that no other has stopped, the kernel looks at all of them: not every time.
        self._turns -= 1
        if self._turns <= 0:
            self._turns = TURNS
            for tid in list(self._tracees):
                try:
                    other = self._ask(tid, ASK)
                except ChildProcessError:
                    continue
                if other[0]:
                    self._told.append(other)
            stop = self._first(stop)
        if self._patience.asks:
            self._few.append(stop[0])
        return stop

    def _first(self, stop: Stop) -> Stop:
        """The first of all stops that there are now, of which waitpid has just told one. The others are kept: no
        tracee goes on before all have been heard. waitpid prefers the oldest, which could be back before a younger
        one has its turn, and may have killed it."""
        told, ask, options = self._told, self._ask, ASK
        try:
            while stop[0]:
                if stop[1] >> 16 == PTRACE_EVENT_EXEC:
                    # The thread that had this id has gone without a word, whatever it had stopped for.
                    for other in [other for other in told if other[0] == stop[0]]:
                        told.remove(other)
                told.append(stop)
                stop = ask(-1, options)
        except ChildProcessError:
            pass  # that was the last one
        return told.popleft()

    def _of_few(self) -> Stop:
        """The next stop in a crowd. To find the one that has stopped, the kernel looks at all tracees, which takes it
        longer than anything else; and each that has not run for long finds its memory cold. So a few go on for a
        while, each asked for by itself, and the others stay where they are; who has better things to do than to stop
        makes room for another. Thread 0 when there is nobody left."""
        few, told, ask = self._few, self._told, self._ask
        if self._signalled:
            self._attend()
            if self._interrupted:
                few.clear()
        self._turns -= 1
        if self._turns <= 0:
            few.clear()
            if told:
                self._turns = TURNS
        while few and (len(few) == FEW or not told):
            for _ in range(ROUNDS if told else self._patience.asks):
                try:
                    stop = ask(few[0], ASK)
                except ChildProcessError:
                    few.popleft()  # it has ended
                    break
                few.rotate(-1)
                if stop[0]:
                    return stop
            else:
                if told:
                    few.popleft()
                else:
                    few.clear()
        if not told:
            return 0, 0
        few.append(told[0][0])
        return told.popleft()

    # Signals

    def keep_time(self) -> None:
        """From now on a timer ends each wait, after a second at the latest. A signal that comes just before the
        tracer falls asleep is noticed then; so is the end of a thread group's leader that clone(2) has given no
        signal and whose threads, not traced, outlive it: nobody is told of that (seen on Linux 6.18). What the output
        has gathered is written each time, which is every few milliseconds while there are stops."""
        signal.signal(signal.SIGALRM, self._alarm)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, (signal.SIGALRM,))
        self._timed = True
        self._set_timer(True)

    def _set_timer(self, hurries: bool) -> None:
        self._hurries = hurries
        interval = SOON if hurries else LATE
        signal.setitimer(signal.ITIMER_REAL, interval, interval)

    def end(self) -> None:
        """The trace is over."""
        signal.setitimer(signal.ITIMER_REAL, 0)
        self._patience.end()

    def _alarm(self, number: int, frame: object) -> None:
        self._signalled = True

    def _attend(self) -> bool:
        """A signal has come. It asks for the end, or the timer has expired. Returns whether anything was written."""
        self._signalled = False
        if self._told and self._interrupted:
            self._signalled = True  # as soon as those are handled: they are not told again
            return True
        self._check_interrupted()
        if not self._slept:
            self._patience.keeps_pace()
        self._slept = False
        return self._output.flush()

    def _check_interrupted(self) -> None:
        if self._interrupted:
            raise Interrupted(self._interrupted)

    def interrupt(self, number: int, frame: object = None) -> None:
        """A signal handler: end the trace. The exception is raised only while the tracer waits, when
        nothing is half done; a stop that is being handled is finished first."""
        self._interrupted = number
        self._signalled = True
        if self._exposed:
            self._exposed = False
            raise Interrupted(number)
