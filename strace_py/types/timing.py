"""Clocks, timers, dates, and the ways a timer or a queue tells that it is due."""
from __future__ import annotations

import time
from struct import Struct as _Layout

from ..constants import time as constants
from ..values import Addr, Noted, Words
from ..values import Const as ConstValue
from ..values import Struct as StructValue
from .common import PID, SIGNAL, TIMESPEC, TIMESPEC64, TIMEVAL, called
from .core import INT, INT64, LONG, UINT64, ByAbi, Const, Decoder, Flags, How, Pad, Struct, Type, register

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Callable, List, Optional, Tuple

    from ..arch.abi import Abi
    from ..call import Call
    from ..values import Value

CLOCK = Const(constants.CLOCKS, "CLOCK_???")
TIMER_FLAGS = Flags(constants.TIMER_FLAGS, "TIMER_???")
ITIMER = Const(constants.ITIMERS, "ITIMER_???")

ITIMERVAL = Struct(it_interval=TIMEVAL, it_value=TIMEVAL)
ITIMERSPEC = Struct(it_interval=TIMESPEC, it_value=TIMESPEC)
ITIMERSPEC64 = Struct(it_interval=TIMESPEC64, it_value=TIMESPEC64)
TIMEZONE = Struct(tz_minuteswest=INT, tz_dsttime=INT)


def date(seconds: int) -> str:
    """The local date and time *seconds* after 1970, ``2023-11-14T22:13:20+0000``; "" when it has none."""
    try:
        local = time.localtime(seconds)
    except (OverflowError, OSError, ValueError):
        return ""
    sign = "-" if local.tm_gmtoff < 0 else "+"
    hours, minutes = divmod(abs(local.tm_gmtoff) // 60, 60)
    return (f"{local.tm_year}-{local.tm_mon:02}-{local.tm_mday:02}T{local.tm_hour:02}:{local.tm_min:02}:"
            f"{local.tm_sec:02}{sign}{hours:02}{minutes:02}")


class Time(Type):
    """A time_t, with its date. One of 32 bits is taken for a number without sign there."""

    code = "l"

    def decoder(self, how: How) -> Decoder:
        narrow, top = how.abi.word == 4, (1 << 32) - 1

        def decode(call: Call, number: int) -> Value:
            when = date(number & top if narrow else number) if number else ""
            return Noted(number, when) if when else number
        return decode


TIME = Time()


def when(how: How) -> Callable[[Call], Optional[Value]]:
    """The note beside a result that is a time_t: its date."""
    def note(call: Call) -> Optional[Value]:
        text = date(call.ret) if call.ret and not call.error else ""
        return Words(((text, None),)) if text else None
    return note


def _timex(long: Type, time_of_day: Type, gap: int = 0) -> Struct:
    # *gap*: unnamed fields beside the numbers of 32 bits.
    return Struct(
        modes=Flags(constants.ADJTIMEX_MODES, "ADJ_???"), gap=Pad(gap), offset=long, freq=long, maxerror=long,
        esterror=long, status=Flags(constants.ADJTIMEX_STATUS, "STA_???"), gap2=Pad(gap), constant=long, precision=long,
        tolerance=long, time=time_of_day, tick=long, ppsfreq=long, jitter=long, shift=INT, gap3=Pad(gap), stabil=long,
        jitcnt=long, calcnt=long, errcnt=long, stbcnt=long, tai=INT, reserved=Pad(44))


TIMEX64 = _timex(INT64, Struct(tv_sec=INT64, tv_usec=UINT64), gap=4)
TIMEX = ByAbi(_timex(LONG, TIMEVAL), x32=TIMEX64)

CLOCK_STATE = Const(constants.ADJTIMEX_STATES)


def clock_state(how: How) -> Callable[[Call], Optional[Value]]:
    """The note beside a result that is the state of the clock, where the clock was shown."""
    state = called(CLOCK_STATE.names)(how)
    return lambda call: state(call) if isinstance(call.values[-1], StructValue) else None


_SIGEV_SIGNAL, _SIGEV_NONE, _SIGEV_THREAD, _SIGEV_THREAD_ID = 0, 1, 2, 4
_SIGEV_NOTIFY = Const(constants.SIGEV_NOTIFY, "SIGEV_???")


class SignalEvent(Type):
    """struct sigevent: which of its members mean something depends on ``sigev_notify``."""

    def layout(self, abi: Abi) -> Tuple[str, int, int]:
        size = 3 * abi.word + 8
        return f"{size}s", size, abi.word

    def decoder(self, how: How) -> Decoder:
        unpack = _Layout("=QIIQQ" if how.abi.word == 8 else "=IIIII").unpack
        names = _SIGEV_NOTIFY.names(how.abi)
        integer = register("i", how.abi)
        signal = SIGNAL.decoder(how)
        pid = PID.decoder(how)

        def decode(call: Call, data: bytes) -> Value:
            payload, number, notify, function, attributes = unpack(data)
            fields: List[Tuple[str, Value]] = []
            if payload:
                fields.append(("sigev_value", StructValue((
                    ("sival_int", integer(payload)), ("sival_ptr", Addr(payload))))))
            known = notify in (_SIGEV_SIGNAL, _SIGEV_THREAD, _SIGEV_THREAD_ID)
            fields += [("sigev_signo", signal(call, integer(number)) if known else number),
                       ("sigev_notify", ConstValue(notify, names))]
            if notify == _SIGEV_THREAD_ID:
                fields.append(("sigev_notify_thread_id", pid(call, integer(function))))
            elif notify == _SIGEV_THREAD:
                fields += [("sigev_notify_function", Addr(function)),
                           ("sigev_notify_attributes", Addr(attributes))]
            return StructValue(fields)
        return decode


SIGEVENT = SignalEvent()
