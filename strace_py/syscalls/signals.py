"""Handling, blocking, sending and waiting for signals."""
from __future__ import annotations

from ..constants import sched, signals
from ..types.common import FD, PID, SIGNAL, TIMESPEC, TIMESPEC64, called
from ..types.core import HEXLONG, SIZE, UINT, Const, Flags, InRegister, Out, Ptr
from ..types.siginfo import SIGINFO
from ..types.signals import (
    OLD_SIGACTION,
    RECEIVED,
    SIGACTION,
    STACK,
    Handler,
    SignalMask,
    SignalMaskInFrame,
    SignalSet,
    SignalSetAt,
    former_handler,
    old_mask,
)
from .signature import Syscall

HOW = Const(signals.SIGPROCMASK_HOW, "SIG_???")

rt_sigaction = Syscall(signum=SIGNAL, act=Ptr(SIGACTION), oldact=Out(Ptr(SIGACTION)), sigsetsize=SIZE)
rt_sigprocmask = Syscall(how=HOW, set=SignalSetAt(), oldset=Out(SignalSetAt()), sigsetsize=SIZE)
rt_sigpending = Syscall(set=Out(SignalSetAt(shorter=True)), sigsetsize=SIZE)
rt_sigsuspend = Syscall(set=SignalSetAt(), sigsetsize=SIZE)
rt_sigtimedwait = Syscall(set=SignalSetAt(), info=RECEIVED, timeout=Ptr(TIMESPEC), sigsetsize=SIZE,
                          note=called(SIGNAL.names))
rt_sigtimedwait_time64 = Syscall(set=SignalSetAt(), info=RECEIVED, timeout=Ptr(TIMESPEC64), sigsetsize=SIZE,
                                 note=called(SIGNAL.names))
rt_sigqueueinfo = Syscall(tgid=PID, signum=SIGNAL, info=Ptr(SIGINFO))
rt_tgsigqueueinfo = Syscall(tgid=PID, tid=PID, signum=SIGNAL, info=Ptr(SIGINFO))
pidfd_send_signal = Syscall(pidfd=FD, signum=SIGNAL, info=Ptr(SIGINFO),
                            flags=Flags(sched.PIDFD_SIGNAL_FLAGS, "PIDFD_SIGNAL_???"))

# Where the mask is, above the stack pointer that the handler's return leaves: struct ucontext, in
# struct rt_sigframe, of <asm/ucontext.h> and the kernel's <asm/sigframe.h>.
rt_sigreturn = Syscall(sigmask=SignalMaskInFrame(
    x86_64=(296,), x32=(280,), i386=(248,), aarch64=(168,), arm=(232,)))
sigreturn = Syscall(sigmask=SignalMaskInFrame(old=True, i386=(80, 712), arm=(104,)))

# What the 32-bit ABIs had before, with sets of 32 signals.
_OLD_SET = Ptr(SignalSet(4))
_MASK = SignalMask()
sigaction = Syscall(signum=SIGNAL, act=Ptr(OLD_SIGACTION), oldact=Out(Ptr(OLD_SIGACTION)))
sigprocmask = Syscall(how=HOW, set=_OLD_SET, oldset=Out(_OLD_SET))
sgetmask = Syscall(returns=HEXLONG, note=old_mask("mask"))
ssetmask = Syscall(newmask=_MASK, returns=HEXLONG, note=old_mask("old mask"))
sigsuspend = Syscall(mask=InRegister(2, _MASK))
sigpending = Syscall(set=Out(_OLD_SET))
signal = Syscall(signum=SIGNAL, handler=Handler(), returns=HEXLONG, note=former_handler)

sigaltstack = Syscall(ss=Ptr(STACK), old_ss=Out(Ptr(STACK)))
kill = Syscall(pid=PID, signum=SIGNAL)
tkill = Syscall(tid=PID, signum=SIGNAL)
tgkill = Syscall(tgid=PID, tid=PID, signum=SIGNAL)
pause = Syscall()
alarm = Syscall(seconds=UINT, returns=UINT)
