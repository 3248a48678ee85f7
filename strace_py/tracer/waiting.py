"""Waiting for the next stop without going to sleep, where that is faster and nobody pays for it.

On an idle machine four fifths of the cost of a stop is waking up: the kernel lets the tracer's core fall asleep while
the tracee runs for a few microseconds, and wakes it again. A tracer that asks ``waitpid(WNOHANG)`` a few
times before it blocks is there at once. That needs a core that nobody else wants: there is no asking on one core,
with as many tracees as cores, or while the machine shows that it has better things to do.
"""
from __future__ import annotations

import os

#: How often waitpid is asked before the tracer blocks, at most and at least. Asking takes about a microsecond; a
#: tracee between two system calls is usually back within 20.
MOST = 128
LEAST = 2
#: A stop that comes sooner after blocking (ns) would have come while asking.
SOON = 100_000
#: So many waits pass without much asking after the tracee was seen to need our core.
REST = 1000


class Patience:
    """How long to ask before blocking: *asks* is the number of times, *cores* how many we may run on."""

    __slots__ = ("cores", "asks", "_rest")

    def __init__(self) -> None:
        self.cores = len(os.sched_getaffinity(0))
        self.asks = MOST if self.cores > 1 else 1
        self._rest = 0

    def blocked(self, ns: int) -> None:
        """All asking was in vain, and blocking took *ns*."""
        if self._rest:
            self._rest -= 1
        elif ns > SOON:
            # The tracee sleeps. It will again.
            self.asks = max(LEAST, self.asks >> 1)
        elif self.asks < MOST:
            self.asks *= 2
        else:
            # It came as soon as we made room: the other cores are busy.
            self.asks = LEAST
            self._rest = REST
