"""wait4(2) for a tracer: a signal ends it, and the CPU time that a tracee has used is a number.

What does not block is ``os.waitpid`` itself, which takes half the time of a call through ctypes.
"""
from __future__ import annotations

import ctypes
import os

from .libc import wait4

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Tuple

_status = ctypes.c_int()
_at_status = ctypes.byref(_status)
#: struct rusage of <linux/resource.h>: two struct timeval, of the user's time and the system's, and 14 longs.
_usage = (ctypes.c_long * 18)()


def wait(pid: int, options: int) -> Tuple[int, int]:
    """Wait for *pid*, -1 for any child or tracee: its id and status; the id is 0 when a signal came first. Raises
    ChildProcessError when there is none to wait for."""
    found = wait4(pid, _at_status, options, None)
    return (found, _status.value) if found >= 0 else os.waitpid(pid, options | os.WNOHANG)


def wait_with_usage(pid: int, options: int) -> Tuple[int, int, int]:
    """The same, and the CPU time (ns) that it has spent in the kernel."""
    found = wait4(pid, _at_status, options, _usage)
    if found >= 0:
        return found, _status.value, _usage[2] * 1000000000 + _usage[3] * 1000
    found, status, usage = os.wait4(pid, options | os.WNOHANG)
    return found, status, round(usage.ru_stime * 1000000) * 1000
