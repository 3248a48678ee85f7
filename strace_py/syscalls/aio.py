"""Asynchronous I/O: requests that io_submit takes, and io_uring."""
from __future__ import annotations

from ..constants import misc
from ..types.common import FD, NEW_FD, TIMESPEC
from ..types.core import (
                       ADDR,
                       LONG,
                       SIZE,
                       UINT,
                       Array,
                       Const,
                       Flags,
                       Hidden,
                       Out,
                       Ptr,
                       Struct,
)
from ..types.io import IO_EVENT, IOCB, IOCB_NAMED
from ..types.signals import SignalSetAt
from .signature import Syscall

io_setup = Syscall(nr_events=UINT, ctx_idp=Out(Ptr(ADDR)))
io_submit = Syscall(ctx_id=ADDR, nr=LONG, iocbpp=Array(Ptr(IOCB), "nr"))
io_getevents = Syscall(ctx_id=ADDR, min_nr=LONG, nr=LONG, events=Out(Array(IO_EVENT, "return")),
                       timeout=Ptr(TIMESPEC))
io_cancel = Syscall(ctx_id=ADDR, iocb=Ptr(IOCB_NAMED), result=Out(Ptr(IO_EVENT)))
io_destroy = Syscall(ctx_id=ADDR)

_PARAMETERS = Struct(
    sq_entries=Hidden(UINT), cq_entries=Hidden(UINT),
    flags=Flags(misc.IO_URING_SETUP_FLAGS, "IORING_SETUP_???"), sq_thread_cpu=UINT, sq_thread_idle=UINT)
io_uring_setup = Syscall(entries=UINT, params=Ptr(_PARAMETERS), returns=NEW_FD)
io_uring_enter = Syscall(fd=FD, to_submit=UINT, min_complete=UINT,
                         flags=Flags(misc.IO_URING_ENTER_FLAGS, "IORING_ENTER_???"),
                         sigset=SignalSetAt("sigsetsize"), sigsetsize=SIZE)
io_uring_register = Syscall(fd=FD, opcode=Const(misc.IO_URING_REGISTER_OPS, "IORING_REGISTER_???"), arg=ADDR,
                            nr_args=UINT)
