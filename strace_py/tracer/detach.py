"""Detaching: every tracee runs on as if we had never been there."""
from __future__ import annotations

import os
import signal

from ..kernel import ptrace as pt
from ..kernel.status import STOPPING, WAIT_OPTIONS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .tracee import Tracee
    from .tracer import Tracer


def detach_all(tracer: Tracer) -> None:
    """Detach from every tracee, or kill them where they can't live without a tracer (a seccomp filter
    makes their calls fail then) or ``--kill-on-exit`` says so."""
    if tracer.filtered or tracer.options.kill_on_exit:
        for tracee in tracer.tracees.values():
            try:
                os.kill(tracee.tid, signal.SIGKILL)
            except ProcessLookupError:
                pass
    for tracee in list(tracer.tracees.values()):
        _detach(tracer, tracee)
        call = tracee.call
        if call is not None:
            tracee.call = None
            tracer.output.detached(call)
        tracer.tracees.pop(tracee.tid, None)
    tracer.output.flush()


def _detach(tracer: Tracer, tracee: Tracee) -> None:
    tid = tracee.tid
    deliver = 0
    try:
        # A stop that nobody has waited for yet, or has just been reported, is good to detach from.
        pt.request(pt.PTRACE_DETACH, tid)
    except ProcessLookupError:
        # It runs (or is gone): stop it, and detach at whatever stop comes first.
        try:
            pt.request(pt.PTRACE_INTERRUPT, tid)
            _, status = os.waitpid(tid, WAIT_OPTIONS)
            if not os.WIFSTOPPED(status):
                return
            number, event = status >> 8 & 0xff, status >> 16
            if not event and number & 0x7f != signal.SIGTRAP:
                deliver = number  # a signal-delivery-stop: the signal must not be lost
            elif event == pt.PTRACE_EVENT_STOP and number in STOPPING:
                deliver = number  # a group-stop: it stays stopped
            pt.request(pt.PTRACE_DETACH, tid, deliver)
        except (ProcessLookupError, ChildProcessError):
            return
    if "attach" not in tracer.options.quiet:
        tracer.output.notice(f"Process {tid} detached")
