"""Waiting for events: poll, select, epoll, and descriptors made of counters, timers, signals and faults."""
from __future__ import annotations

from ..constants import misc, signals
from ..constants import poll as names
from ..types.common import FD, NEW_FD, TIMESPEC, TIMESPEC64, TIMEVAL
from ..types.core import ADDR, INT, SIZE, UINT, Array, Const, Flags, Out, Ptr, Switch
from ..types.polling import (
    EPOLL_EVENT,
    POLLFD,
    SIGNALS,
    DescriptorSet,
    poll_note,
    select_note,
)
from ..types.signals import SignalSetAt
from ..types.timing import CLOCK, ITIMERSPEC, ITIMERSPEC64
from .signature import Syscall

_FDS = Array(POLLFD, "nfds")
_MASK = SignalSetAt("sigsetsize")
_SET = DescriptorSet()

poll = Syscall(fds=_FDS, nfds=UINT, timeout=INT, note=poll_note())
ppoll = Syscall(fds=_FDS, nfds=UINT, tmo_p=Ptr(TIMESPEC), sigmask=_MASK, sigsetsize=SIZE,
                note=poll_note(TIMESPEC), rewritten=("tmo_p",))
ppoll_time64 = Syscall(fds=_FDS, nfds=UINT, tmo_p=Ptr(TIMESPEC64), sigmask=_MASK, sigsetsize=SIZE,
                       note=poll_note(TIMESPEC64), rewritten=("tmo_p",))
_REWRITTEN = "readfds", "writefds", "exceptfds", "timeout"
select = Syscall(nfds=INT, readfds=_SET, writefds=_SET, exceptfds=_SET, timeout=Ptr(TIMEVAL),
                 note=select_note(TIMEVAL), rewritten=_REWRITTEN)
_newselect = select
pselect6 = Syscall(nfds=INT, readfds=_SET, writefds=_SET, exceptfds=_SET, timeout=Ptr(TIMESPEC), sig=SIGNALS,
                   note=select_note(TIMESPEC), rewritten=_REWRITTEN)
pselect6_time64 = Syscall(nfds=INT, readfds=_SET, writefds=_SET, exceptfds=_SET, timeout=Ptr(TIMESPEC64),
                          sig=SIGNALS, note=select_note(TIMESPEC64), rewritten=_REWRITTEN)

# EPOLL_CTL_DEL of <linux/eventpoll.h>
_DELETE = 2
_READY = Out(Array(EPOLL_EVENT, "return"))
epoll_create = Syscall(size=INT, returns=NEW_FD)
epoll_create1 = Syscall(flags=Flags(names.EPOLL_CREATE_FLAGS, "EPOLL_???"), returns=NEW_FD)
epoll_ctl = Syscall(epfd=FD, op=Const(names.EPOLL_OPERATIONS, "EPOLL_CTL_???"), fd=FD,
                    event=Switch("op", {_DELETE: ADDR}, Ptr(EPOLL_EVENT)), overlooked=("epfd",))
epoll_wait = Syscall(epfd=FD, events=_READY, maxevents=INT, timeout=INT)
epoll_pwait = Syscall(epfd=FD, events=_READY, maxevents=INT, timeout=INT, sigmask=Out(_MASK),
                      sigsetsize=SIZE)
epoll_pwait2 = Syscall(epfd=FD, events=_READY, maxevents=INT, timeout=Out(Ptr(TIMESPEC64)), sigmask=Out(_MASK),
                       sigsetsize=SIZE)

eventfd = Syscall(initval=UINT, returns=NEW_FD)
eventfd2 = Syscall(initval=UINT, flags=Flags(names.EVENTFD_FLAGS, "EFD_???"), returns=NEW_FD)

_TIMERFD_FLAGS = Flags(names.TIMERFD_FLAGS, "TFD_???")
timerfd_create = Syscall(clockid=CLOCK, flags=_TIMERFD_FLAGS, returns=NEW_FD)
timerfd_settime = Syscall(fd=FD, flags=_TIMERFD_FLAGS, new_value=Ptr(ITIMERSPEC),
                          old_value=Out(Ptr(ITIMERSPEC)))
timerfd_settime64 = Syscall(fd=FD, flags=_TIMERFD_FLAGS, new_value=Ptr(ITIMERSPEC64),
                            old_value=Out(Ptr(ITIMERSPEC64)))
timerfd_gettime = Syscall(fd=FD, curr_value=Out(Ptr(ITIMERSPEC)))
timerfd_gettime64 = Syscall(fd=FD, curr_value=Out(Ptr(ITIMERSPEC64)))

signalfd = Syscall(fd=FD, mask=SignalSetAt("sizemask"), sizemask=SIZE, returns=NEW_FD)
signalfd4 = Syscall(fd=FD, mask=SignalSetAt("sizemask"), sizemask=SIZE,
                    flags=Flags(signals.SIGNALFD_FLAGS, "SFD_???"), returns=NEW_FD)
userfaultfd = Syscall(flags=Flags(misc.USERFAULTFD_FLAGS, "UFFD_???"), returns=NEW_FD)
