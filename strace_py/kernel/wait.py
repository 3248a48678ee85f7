"""wait4(2) for a tracer: a signal ends it, and the CPU time that a tracee has used is a number."""
from __future__ import annotations

import ctypes
import errno

from .libc import error, wait4

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Tuple

_status = ctypes.c_int()
_at_status = ctypes.byref(_status)
#: struct rusage of <linux/resource.h>: two struct timeval, of the user's time and the system's, and 14 longs.
_usage = (ctypes.c_long * 18)()


def wait(options: int, times: int = 1) -> Tuple[int, int]:
    """Wait for any child or tracee: its id and status; the id is 0 when a signal came first, or with WNOHANG when
    there is nothing to tell, asked so many *times*. Raises ChildProcessError when there is none to wait for."""
    for _ in range(times):
        pid = wait4(-1, _at_status, options, None)
        if pid:
            return (pid, _status.value) if pid > 0 else _none()
    return 0, 0


def wait_with_usage(options: int, times: int = 1) -> Tuple[int, int, int]:
    """The same, and the CPU time (ns) that it has spent in the kernel."""
    for _ in range(times):
        pid = wait4(-1, _at_status, options, _usage)
        if pid:
            return (pid, _status.value, _usage[2] * 1000000000 + _usage[3] * 1000) if pid > 0 else (*_none(), 0)
    return 0, 0, 0


def _none() -> Tuple[int, int]:
    if ctypes.get_errno() != errno.EINTR:
        raise error()
    return 0, 0
