"""Sleeping, clocks and timers."""
from __future__ import annotations

from ..types.common import TIMESPEC, TIMESPEC64, TIMEVAL
from ..types.core import ADDR, INT, AtExit, OnInterrupt, Out, Ptr, Switch
from ..types.timing import (
    CLOCK,
    ITIMER,
    ITIMERSPEC,
    ITIMERSPEC64,
    ITIMERVAL,
    SIGEVENT,
    TIME,
    TIMER_FLAGS,
    TIMEX,
    TIMEX64,
    TIMEZONE,
    clock_state,
    when,
)
from .signature import Syscall

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..call import Call


def absolute(call: Call) -> int:
    """Whether TIMER_ABSTIME is among the flags: what is left of such a sleep needs no telling."""
    return call.arg("flags") & 1


def _left(timespec: Ptr) -> Switch:
    return Switch(absolute, {1: AtExit(ADDR)}, OnInterrupt(timespec))


nanosleep = Syscall(req=Ptr(TIMESPEC), rem=OnInterrupt(Ptr(TIMESPEC)))
clock_nanosleep = Syscall(clockid=CLOCK, flags=TIMER_FLAGS, request=Ptr(TIMESPEC),
                          remain=_left(Ptr(TIMESPEC)))
clock_nanosleep_time64 = Syscall(clockid=CLOCK, flags=TIMER_FLAGS, request=Ptr(TIMESPEC64),
                                 remain=_left(Ptr(TIMESPEC64)))
clock_gettime = Syscall(clockid=CLOCK, tp=Out(Ptr(TIMESPEC)))
clock_gettime64 = Syscall(clockid=CLOCK, tp=Out(Ptr(TIMESPEC64)))
clock_getres = Syscall(clockid=CLOCK, tp=Out(Ptr(TIMESPEC)))
clock_getres_time64 = Syscall(clockid=CLOCK, tp=Out(Ptr(TIMESPEC64)))
clock_settime = Syscall(clockid=CLOCK, tp=Ptr(TIMESPEC))
clock_settime64 = Syscall(clockid=CLOCK, tp=Ptr(TIMESPEC64))
clock_adjtime = Syscall(clockid=CLOCK, buf=Out(Ptr(TIMEX)), note=clock_state)
clock_adjtime64 = Syscall(clockid=CLOCK, buf=Out(Ptr(TIMEX64)), note=clock_state)
adjtimex = Syscall(buf=Out(Ptr(TIMEX)), note=clock_state)
gettimeofday = Syscall(tv=Out(Ptr(TIMEVAL)), tz=Out(Ptr(TIMEZONE)))
settimeofday = Syscall(tv=Ptr(TIMEVAL), tz=Ptr(TIMEZONE))
stime = Syscall(tloc=Out(Ptr(TIME)))
time = Syscall(tloc=Out(Ptr(TIME)), note=when)
getitimer = Syscall(which=ITIMER, curr_value=Out(Ptr(ITIMERVAL)))
setitimer = Syscall(which=ITIMER, new_value=Ptr(ITIMERVAL), old_value=Out(Ptr(ITIMERVAL)))
timer_create = Syscall(clockid=CLOCK, sevp=Ptr(SIGEVENT), timerid=Out(Ptr(INT)))
timer_settime = Syscall(timerid=INT, flags=TIMER_FLAGS, new_value=Ptr(ITIMERSPEC),
                        old_value=Out(Ptr(ITIMERSPEC)))
timer_settime64 = Syscall(timerid=INT, flags=TIMER_FLAGS, new_value=Ptr(ITIMERSPEC64),
                          old_value=Out(Ptr(ITIMERSPEC64)))
timer_gettime = Syscall(timerid=INT, curr_value=Out(Ptr(ITIMERSPEC)))
timer_gettime64 = Syscall(timerid=INT, curr_value=Out(Ptr(ITIMERSPEC64)))
timer_getoverrun = Syscall(timerid=INT)
timer_delete = Syscall(timerid=INT)
