"""The thin process that the shell waits for, while the tracer may have to stay behind it.

strace without ``-f`` ends with the command, even when the command leaves children running in the background.
Those children have inherited the seccomp filter and can't live without a tracer, and a tracer can't hand its
tracees to another process. So the process that was started forks: the child traces, the parent (the
*front*) passes signals on to it, and ends as the command ended as soon as the child says how. The child
stays, invisible, until the last filtered descendant is gone.
"""
from __future__ import annotations

import os
import signal
import struct

from ..kernel import libc

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Callable

_STATUS = struct.Struct("=i")
_PR_SET_PDEATHSIG = 1


def behind_front(trace: Callable[[Callable[[int], None]], int], passed_on: tuple) -> int:  # type: ignore[type-arg]
    """Run *trace* in a child and return its wait status in the parent as soon as it is known.

    *trace* is called with a function that it calls once, with the wait status to hand on; it may go on
    after that. *passed_on* are the signals that reach it through the parent.
    """
    front = os.getpid()
    read_end, write_end = os.pipe()
    signal.pthread_sigmask(signal.SIG_BLOCK, passed_on)
    tracer = os.fork()
    if not tracer:
        os.close(read_end)
        # A front that is killed takes the tracer along, as killing strace would.
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != front:
            os._exit(1)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, passed_on)

        def report(status: int) -> None:
            libc.prctl(_PR_SET_PDEATHSIG, 0, 0, 0, 0)
            os.write(write_end, _STATUS.pack(status))
            os.close(write_end)

        code = 1
        try:
            code = trace(report)
        finally:
            os._exit(code)
    os.close(write_end)
    for number in passed_on:
        signal.signal(number, lambda number, frame: _pass_on(tracer, number))
    signal.pthread_sigmask(signal.SIG_UNBLOCK, passed_on)
    told = os.read(read_end, _STATUS.size)
    if len(told) == _STATUS.size:
        return int(_STATUS.unpack(told)[0])
    return os.waitpid(tracer, 0)[1]


def _pass_on(tracer: int, number: int) -> None:
    try:
        os.kill(tracer, number)
    except ProcessLookupError:
        pass


def withdraw() -> None:
    """Become a process that nobody notices: in a session of its own, holding no file, no directory."""
    try:
        os.setsid()
    except OSError:
        pass  # a group leader already
    os.chdir("/")
    null = os.open(os.devnull, os.O_RDWR)
    for fd in range(3):
        os.dup2(null, fd)
    os.closerange(3, os.sysconf("SC_OPEN_MAX") if os.sysconf("SC_OPEN_MAX") < 1 << 16 else 1 << 16)
