"""Waiting for processes."""
from __future__ import annotations

from ..constants import sched
from ..types.common import FD, PID
from ..types.core import INT, Const, Flags, Out, Ptr, Switch
from ..types.siginfo import SIGINFO
from ..types.waiting import RUSAGE, WaitStatus, WhenFound
from .signature import Syscall

_WAIT_OPTIONS = Flags(sched.WAIT_OPTIONS, "W???")
wait4 = Syscall(pid=PID, status=WhenFound(Ptr(WaitStatus())), options=_WAIT_OPTIONS,
                usage=WhenFound(Ptr(RUSAGE)),
                returns=PID)
waitpid = Syscall(pid=PID, status=WhenFound(Ptr(WaitStatus())), options=_WAIT_OPTIONS, returns=PID)
waitid = Syscall(idtype=Const(sched.WAITID_TYPES, "P_???"),
                 id=Switch("idtype", {1: PID, 2: PID, 3: FD}, INT, code="i"),
                 siginfo=Out(Ptr(SIGINFO)), options=_WAIT_OPTIONS, usage=Out(Ptr(RUSAGE)))
