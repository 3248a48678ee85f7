"""Asynchronous I/O: requests that io_submit takes, and io_uring."""
from __future__ import annotations

from ..constants import misc
from ..types.common import FD, NEW_FD, TIMESPEC, TIMESPEC64
from ..types.core import (
    ADDR,
    LONG,
    SIZE,
    UINT,
    ULONG,
    Array,
    Flags,
    InRegister,
    Out,
    Ptr,
    Switch,
)
from ..types.io import IO_EVENT, IOCB, IOCB_NAMED
from ..types.polling import SIGNALS
from ..types.signals import SignalSetAt
from ..types.uring import EXT_ARG, EXT_ARG_REG, GETEVENTS_ARG, REGISTER_OPERATION, REGISTERED, RingParameters
from .signature import Syscall

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict

    from ..call import Call

io_setup = Syscall(nr_events=UINT, ctx_idp=Out(Ptr(ADDR)))
io_submit = Syscall(ctx_id=ADDR, nr=LONG, iocbpp=Array(Ptr(IOCB), "nr"))
io_getevents = Syscall(ctx_id=ADDR, min_nr=LONG, nr=LONG, events=Out(Array(IO_EVENT, "return")),
                       timeout=Ptr(TIMESPEC))
io_pgetevents = Syscall(ctx_id=ADDR, min_nr=LONG, nr=LONG, events=Out(Array(IO_EVENT, "return")),
                        timeout=Ptr(TIMESPEC), sig=SIGNALS)
io_pgetevents_time64 = Syscall(ctx_id=ADDR, min_nr=LONG, nr=LONG, events=Out(Array(IO_EVENT, "return")),
                               timeout=Ptr(TIMESPEC64), sig=SIGNALS)
io_cancel = Syscall(ctx_id=ADDR, iocb=Ptr(IOCB_NAMED), result=Out(Ptr(IO_EVENT)))
io_destroy = Syscall(ctx_id=ADDR)

io_uring_setup = Syscall(entries=UINT, params=RingParameters(), returns=NEW_FD)


def _argument(call: Call) -> int:
    """What io_uring_enter's flags make of its last two arguments; both together are refused."""
    return call.arg("flags") & (EXT_ARG | EXT_ARG_REG)


_ONLY: Dict[Any, Any] = {(0, EXT_ARG | EXT_ARG_REG): None}
io_uring_enter = Syscall(
    fd=FD, to_submit=UINT, min_complete=UINT, flags=Flags(misc.IO_URING_ENTER_FLAGS, "IORING_ENTER_???"),
    sigset=Switch(_argument, {EXT_ARG: None, EXT_ARG_REG: None}, SignalSetAt("sigsetsize")),
    sigsetsize=Switch(_argument, {EXT_ARG: None, EXT_ARG_REG: None}, SIZE),
    arg=InRegister(4, Switch(_argument, {**_ONLY, EXT_ARG: Ptr(GETEVENTS_ARG)}, ULONG)),
    argsz=InRegister(5, Switch(_argument, _ONLY, SIZE)))
io_uring_register = Syscall(
    fd=Switch(lambda call: call.arg("opcode") >> 31, {1: UINT}, FD, code="i"), opcode=REGISTER_OPERATION,
    arg=Switch("opcode", REGISTERED, ADDR), nr_args=UINT)
