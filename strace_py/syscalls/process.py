"""Making processes, running programs in them, and what identifies them."""
from __future__ import annotations

from ..constants import fcntl, sched
from ..types.common import DIRFD, FD, NEW_FD, PGID, PID
from ..types.core import (
    ADDR,
    HEX32,
    HEXLONG,
    INT,
    PATH,
    SIZE,
    UINT,
    AtExit,
    Const,
    Flags,
    How,
    InRegister,
    Int,
    Out,
    Ptr,
    Struct,
    Switch,
    Type,
    When,
)
from ..types.process import (
    ARGV,
    CLONE_CHILD_CLEARTID,
    CLONE_CHILD_SETTID,
    CLONE_FLAGS,
    CLONE_PARENT_SETTID,
    CLONE_PIDFD,
    CLONE_SETTLS,
    ENVP,
    OTHER_FD,
    PERSONA,
    CloneArgs,
    RseqArea,
    descriptor_of,
)
from ..types.segments import UserDesc
from ..values import Hex
from .signature import ByAbi, Syscall

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Dict, Optional

    from ..call import Call
    from ..values import Value

execve = Syscall(pathname=PATH, argv=ARGV, envp=ENVP)
execveat = Syscall(dirfd=DIRFD, pathname=PATH, argv=ARGV, envp=ENVP, flags=Flags(fcntl.AT_EXEC_FLAGS,
                                                                                 "AT_???"))

fork = Syscall(returns=PID)
vfork = Syscall(returns=PID)


def _flag(flags: int) -> Callable[[Call], object]:
    return lambda call: call.arg("flags") & flags


def _clone(tls: int, child_tid: int, area: Type = ADDR) -> Syscall:
    """clone(2), of which *tls* and *child_tid* say which register holds what, *area* what the former points at."""
    return Syscall(
        child_stack=InRegister(1, ADDR), flags=InRegister(0, CLONE_FLAGS),
        parent_tid=InRegister(2, When(_flag(CLONE_PARENT_SETTID | CLONE_PIDFD), Out(Switch(
            lambda call: bool(call.arg("flags") & CLONE_PARENT_SETTID), {True: Ptr(PID), False: Ptr(FD)})))),
        tls=InRegister(tls, When(_flag(CLONE_SETTLS), AtExit(area))),
        child_tidptr=InRegister(child_tid, When(_flag(CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID),
                                                AtExit(ADDR))),
        returns=PID, named=True)


# CONFIG_CLONE_BACKWARDS of the kernel: which of the last two comes first.
clone = ByAbi(_clone(tls=3, child_tid=4), i386=_clone(tls=3, child_tid=4, area=Out(Ptr(UserDesc()))),
              x86_64=_clone(tls=4, child_tid=3), x32=_clone(tls=4, child_tid=3))
clone3 = Syscall(cl_args=CloneArgs("size"), size=SIZE, returns=PID)
exit_ = Syscall(status=INT, never_returns=True)
exit_group = Syscall(status=INT, never_returns=True)

getpid = Syscall(returns=PID)
getppid = Syscall(returns=PID)
gettid = Syscall(returns=PID)
getpgrp = Syscall(returns=PID)
getpgid = Syscall(pid=PID, returns=PID)
getsid = Syscall(pid=PID, returns=PID)
setpgid = Syscall(pid=PID, pgid=PGID)
setsid = Syscall(returns=PID)
set_tid_address = Syscall(tidptr=ADDR, returns=PID)
set_robust_list = Syscall(addr=ADDR, length=SIZE)
get_robust_list = Syscall(pid=PID, head_ptr=Out(Ptr(ADDR)), len_ptr=Out(Ptr(SIZE)))
rseq = Syscall(rseq=RseqArea("rseq_len"), rseq_len=UINT, flags=Flags(sched.RSEQ_FLAGS, "RSEQ_FLAG_???"),
               sig=HEX32, rewritten=("rseq",))

_EPOLL_SLOT = Struct(efd=FD, tfd=FD, toff=UINT)
_KCMP_WITHOUT: Dict[Any, Any] = dict.fromkeys(range(1, 7))
kcmp = Syscall(pid1=PID, pid2=PID, type=Const(sched.KCMP_TYPES, "KCMP_???"),
               idx1=Switch("type", {**_KCMP_WITHOUT, (0, 7): descriptor_of("pid1")}, HEXLONG),
               idx2=Switch("type", {**_KCMP_WITHOUT, 0: descriptor_of("pid2"), 7: Ptr(_EPOLL_SLOT)}, HEXLONG))
pidfd_open = Syscall(pid=PID, flags=Flags(sched.PIDFD_OPEN_FLAGS, "PIDFD_???"), returns=NEW_FD)
pidfd_getfd = Syscall(pidfd=FD, targetfd=OTHER_FD, flags=HEX32, returns=NEW_FD)
unshare = Syscall(flags=Flags(sched.UNSHARE_FLAGS, "CLONE_???", code="L"))
setns = Syscall(fd=FD, nstype=Flags(sched.SETNS_TYPES, "CLONE_NEW???"))


def _persona(how: How) -> Callable[[Call], Optional[Value]]:
    decode = PERSONA.decoder(how)
    return lambda call: None if call.error else decode(call, call.ret & 0xffffffff)


# All ones ask for the one there is.
personality = Syscall(persona=Switch("persona", {0xffffffff: HEX32}, PERSONA, code="I"), returns=Int("l", Hex),
                      note=_persona)
