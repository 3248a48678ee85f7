"""The thin process that the shell waits for, while the tracer may have to stay behind it.

strace without ``-f`` ends with the command, even when the command leaves children running in the background.
Those children have inherited the seccomp filter and can't live without a tracer, and a tracer can't hand its
tracees to another process. So the process that was started forks: the child traces, the parent (the
*front*) passes signals on to it, and ends as the command ended as soon as the child says how. The child
stays, unseen, until the last filtered descendant is gone.
"""
from __future__ import annotations

import os
import signal
import struct

from ..kernel import libc
from ..kernel.libc import PR_SET_PDEATHSIG
from .start import FATAL, interruptible

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Callable

    from ..options import Options

_STATUS = struct.Struct("=i")


def behind_front(options: Options, trace: Callable[[Callable[[int], None]], int]) -> int:
    """Run *trace* in a child; returns the wait status that it reports, as soon as it does.

    *trace* is called with the function to report by; it may go on after that, and its process ends when it
    returns. When it returns without a report, the wait status that it returns counts.
    """
    front = os.getpid()
    read_end, write_end = os.pipe()
    # No signal may come between the fork and the handlers.
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, FATAL)
    tracer = os.fork()
    if not tracer:
        code = 1
        try:
            os.close(read_end)
            # A front that is killed takes the tracer along, as killing strace would end the trace.
            libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)
            if os.getppid() == front:
                code = trace(lambda status: _report(write_end, status)) >> 8
        finally:
            os._exit(code)
    os.close(write_end)
    for number in FATAL:
        signal.signal(number, signal.SIG_IGN if interruptible(options) >= 3 else
                      lambda number, frame: _pass_on(tracer, number))
    signal.pthread_sigmask(signal.SIG_SETMASK, mask)
    told = os.read(read_end, _STATUS.size)
    if len(told) == _STATUS.size:
        return int(_STATUS.unpack(told)[0])
    try:
        return os.waitpid(tracer, 0)[1]  # the tracer was killed, or ended without a report
    except ChildProcessError:
        return 1 << 8  # SIGCHLD is ignored


def _report(fd: int, status: int) -> None:
    libc.prctl(PR_SET_PDEATHSIG, 0, 0, 0, 0)
    try:
        os.write(fd, _STATUS.pack(status))
    except BrokenPipeError:
        pass  # the front is gone
    os.close(fd)


def _pass_on(tracer: int, number: int) -> None:
    try:
        os.kill(tracer, number)
    except ProcessLookupError:
        pass


def withdraw() -> None:
    """Become a process that is in nobody's way: in a session of its own, holding no file and no directory."""
    try:
        os.setsid()
    except OSError:
        pass  # the leader of a process group already
    os.chdir("/")
    null = os.open(os.devnull, os.O_RDWR)
    for fd in range(3):
        os.dup2(null, fd)
    for name in os.listdir("/proc/self/fd"):
        if int(name) > 2:
            try:
                os.close(int(name))
            except OSError:
                pass  # the listing's own
