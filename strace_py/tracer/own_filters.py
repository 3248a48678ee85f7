"""Programs under our seccomp filter that have filters of their own.

The kernel runs all filters of a task and obeys the strictest verdict: KILL before TRAP, ERRNO, USER_NOTIF,
TRACE, LOG and ALLOW; of equal ones the newest filter's. So two things differ from a program that our filter
alone watches:

* A call that the program's filter answers never gets to a seccomp-stop, while plain tracing shows it. Our
  filter tells of each attempt to load another one, and from then on every call stops, as without a filter.
* TRACE is not for us when the program's filter says it: such a call fails with ENOSYS where no tracer knows
  what to do with it. The data of the verdict tells whose it is.
"""
from __future__ import annotations

from ..kernel import ptrace as pt
from ..kernel.libc import PR_SET_SECCOMP
from ..kernel.status import FILTER_DATA, FILTER_LOADS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Sequence

    from .tracee import Tracee
    from .tracer import Tracer

SECCOMP_SET_MODE_FILTER = 1  # <linux/seccomp.h>
#: What loads a filter: the call and its first argument (the third is the filter).
LOADERS = {"prctl": PR_SET_SECCOMP, "seccomp": SECCOMP_SET_MODE_FILTER}


def seccomp_stop(tracer: Tracer, tracee: Tracee, args: Sequence[int], data: int) -> None:
    """A seccomp-stop with other *data* than that for a call of the set."""
    if data == FILTER_LOADS:
        # libseccomp and others ask what the kernel can do by loading a NULL.
        if args[2] and tracer.between == pt.PTRACE_CONT:
            _stop_at_every_call(tracer, tracee)
    else:
        refuse(tracer, tracee.tid, data)


def _stop_at_every_call(tracer: Tracer, loading: Tracee) -> None:
    """For all tracees: which of them get the filter (threads by TSYNC, children) need not be known."""
    tracer.between = pt.PTRACE_SYSCALL
    for tracee in tracer.tracees.values():
        if tracee is not loading and tracee.call is None:
            tracee.in_syscall = False  # it was left running in a call, and may since have come to the next


def second_stop(tracer: Tracer, tracee: Tracee) -> None:
    """A seccomp-stop after the syscall-enter-stop: every call stops, and our filter or another tells, too."""
    try:
        refuse(tracer, tracee.tid, pt.get_event_message(tracee.tid))
    except ProcessLookupError:
        pass  # killed meanwhile: waitpid will say so
    tracer.resume(tracee)


def refuse(tracer: Tracer, tid: int, data: int) -> None:
    """At a seccomp-stop: unless our own filter caused it, let the call fail as it would without a tracer."""
    if data in (FILTER_DATA, FILTER_LOADS):
        return
    try:
        registers = pt.get_registers(tid)
        for abi in tracer.abis:
            if abi.registers == len(registers):
                for kind, content in abi.refuse(registers):
                    pt.set_registers(tid, kind, content)
                return
    except ProcessLookupError:
        pass  # killed meanwhile: waitpid will say so
