"""Handling, blocking, sending and waiting for signals."""
from __future__ import annotations

from ..constants import signals
from ..types.common import PID, SIGNAL, TIMESPEC, TIMESPEC64
from ..types.core import SIZE, UINT, Const, Out, Ptr
from ..types.siginfo import SIGINFO
from ..types.signals import SIGACTION, STACK, Received, SignalMaskInFrame, SignalSetAt, which
from .signature import Syscall

HOW = Const(signals.SIGPROCMASK_HOW, "SIG_???")

rt_sigaction = Syscall(signum=SIGNAL, act=Ptr(SIGACTION), oldact=Out(Ptr(SIGACTION)), sigsetsize=SIZE)
rt_sigprocmask = Syscall(how=HOW, set=SignalSetAt(), oldset=Out(SignalSetAt()), sigsetsize=SIZE)
rt_sigpending = Syscall(set=Out(SignalSetAt(shorter=True)), sigsetsize=SIZE)
rt_sigsuspend = Syscall(set=SignalSetAt(), sigsetsize=SIZE)
rt_sigtimedwait = Syscall(set=SignalSetAt(), info=Received(), timeout=Ptr(TIMESPEC), sigsetsize=SIZE,
                          note=which)
rt_sigtimedwait_time64 = Syscall(set=SignalSetAt(), info=Received(), timeout=Ptr(TIMESPEC64), sigsetsize=SIZE,
                                 note=which)
rt_sigqueueinfo = Syscall(tgid=PID, signum=SIGNAL, info=Ptr(SIGINFO))
rt_tgsigqueueinfo = Syscall(tgid=PID, tid=PID, signum=SIGNAL, info=Ptr(SIGINFO))

# Where the mask is, above the stack pointer that the handler's return leaves: struct ucontext, in
# struct rt_sigframe, of <asm/ucontext.h> and the kernel's <asm/sigframe.h>.
rt_sigreturn = Syscall(sigmask=SignalMaskInFrame(x86_64=296, x32=280, i386=248, aarch64=168, arm=232))

sigaltstack = Syscall(ss=Ptr(STACK), old_ss=Out(Ptr(STACK)))
kill = Syscall(pid=PID, signum=SIGNAL)
tkill = Syscall(tid=PID, signum=SIGNAL)
tgkill = Syscall(tgid=PID, tid=PID, signum=SIGNAL)
pause = Syscall()
alarm = Syscall(seconds=UINT, returns=UINT)
