"""Tracees that the user did not ask for: descendants of a filtered command without ``-f``.

They have inherited the seccomp filter, whose SECCOMP_RET_TRACE makes calls fail with ENOSYS where no tracer
is, so they stay attached; but no line tells of them: each of their seccomp-stops is resumed at once.
(PTRACE_O_SUSPEND_SECCOMP would spare them those stops, but it suspends all filters of a task, so that one
which shuts itself into a sandbox would be outside.)
"""
from __future__ import annotations

import os

from ..kernel import ptrace as pt
from ..kernel.status import FILTER_DATA, SECCOMP_STOP, STOPPING, SYSCALL_STOP

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .tracee import Tracee
    from .tracer import Tracer

#: What a silent tracee is attached with: its own children have to be, too.
OPTIONS = (pt.PTRACE_O_TRACESYSGOOD | pt.PTRACE_O_TRACEFORK | pt.PTRACE_O_TRACEVFORK | pt.PTRACE_O_TRACECLONE
           | pt.PTRACE_O_TRACESECCOMP | pt.PTRACE_O_EXITKILL)


def silent_stop(tracer: Tracer, tracee: Tracee, status: int) -> None:
    """One change of state of a silent *tracee*."""
    if status & 0xff != 0x7f:
        if tracee.tid == tracer.command and tracer.exit_status is None:
            # The command, after an execve in one of its threads: that it ended is what the user asked for.
            tracee.silent = False
            tracer.handle(tracee.tid, status)
        else:
            tracer.tracees.pop(tracee.tid, None)
        return
    number, event = status >> 8 & 0xff, status >> 16
    try:
        if not tracee.seen:
            tracee.seen = True
            # A thread of the command, whose execve would put it in the command's place, has to tell of that.
            thread = os.path.exists(f"/proc/{tracer.command}/task/{tracee.tid}")
            pt.set_options(tracee.tid, OPTIONS | pt.PTRACE_O_TRACEEXEC if thread else OPTIONS)
        if event == pt.PTRACE_EVENT_STOP and number in STOPPING:
            pt.request(pt.PTRACE_LISTEN, tracee.tid)
        else:
            if status == SECCOMP_STOP:
                data = pt.get_event_message(tracee.tid)
                if data != FILTER_DATA:
                    from .own_filters import refuse
                    refuse(tracer, tracee.tid, data)
            # A syscall-stop is one that was under way when the tracee became silent.
            pt.request(pt.PTRACE_CONT, tracee.tid, 0 if event or status == SYSCALL_STOP else number)
    except ProcessLookupError:
        pass  # killed meanwhile: waitpid will say so
