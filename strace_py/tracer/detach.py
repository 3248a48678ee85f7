"""Detaching: every tracee runs on as if we had never been there."""
from __future__ import annotations

import os
import signal
import struct

from ..kernel import ptrace as pt
from ..kernel.status import WAIT_OPTIONS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .tracee import Tracee
    from .tracer import Tracer


def detach_all(tracer: Tracer) -> None:
    """Detach from every tracee; kill them where they can't live without a tracer (a seccomp filter
    makes their calls fail then) or ``--kill-on-exit`` says so."""
    tracees = list(tracer.tracees.values())
    if tracer.filtered or tracer.options.kill_on_exit:
        for tracee in tracees:
            _kill(tracee)
        tracer.tracees.clear()
        return
    for tracee in tracees:
        del tracer.tracees[tracee.tid]
        if _detach(tracee):
            if "attach" not in tracer.options.quiet:
                tracer.output.notice(f"Process {tracee.tid} detached")
            call = tracee.call
            if call is not None:
                tracee.call = None
                tracer.output.detached(call)


def _kill(tracee: Tracee) -> None:
    """SIGKILL, and wait until it is gone."""
    try:
        os.kill(tracee.tid, signal.SIGKILL)
        while os.WIFSTOPPED(os.waitpid(tracee.tid, WAIT_OPTIONS)[1]):
            pass
    except (ProcessLookupError, ChildProcessError):
        pass


def _detach(tracee: Tracee) -> bool:
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
