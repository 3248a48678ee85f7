"""Parting from a tracee: it runs on as if we had never been there, or not at all."""
from __future__ import annotations

import os
import signal
import struct

from ..kernel import ptrace as pt
from ..kernel.status import WAIT_OPTIONS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .tracee import Tracee


def kill(tracee: Tracee) -> None:
    """SIGKILL, and wait until it is gone."""
    try:
        os.kill(tracee.tid, signal.SIGKILL)
        while os.WIFSTOPPED(os.waitpid(tracee.tid, WAIT_OPTIONS)[1]):
            pass
    except (ProcessLookupError, ChildProcessError):
        pass


def detach(tracee: Tracee) -> bool:
    """Detach, whatever it does; False when it is gone."""
    tid = tracee.tid
    try:
        # A stop that was just reported, or that nobody has waited for yet, is good to detach from.
        pt.request(pt.PTRACE_DETACH, tid, _undelivered(tid))
        return True
    except OSError:
        pass
    try:
        # It runs: stop it, and detach at whatever stop comes first.
        pt.request(pt.PTRACE_INTERRUPT, tid)
        if not os.WIFSTOPPED(os.waitpid(tid, WAIT_OPTIONS)[1]):
            return False
        pt.request(pt.PTRACE_DETACH, tid, _undelivered(tid))
        return True
    except OSError:
        return False


def _undelivered(tid: int) -> int:
    """The signal that a stopped *tid* is about to get, which must not be lost; 0 for any other stop
    (their si_code is SIGTRAP with an event number above it). Raises OSError when *tid* isn't stopped."""
    number, _, code = struct.unpack_from("=iii", pt.get_siginfo(tid))
    return 0 if code > 0 and code & 0x7f == signal.SIGTRAP or code >> 8 == pt.PTRACE_EVENT_STOP else int(number)
