"""Moving in files, vectors of buffers, duplicating and controlling descriptors, copying between them."""
from __future__ import annotations

from ..constants import fcntl as names
from ..types.common import FD, NEW_FD, OPEN_FLAGS, PID, SIGNAL
from ..types.core import (
    HEX16,
    HEX32,
    HEXLONG,
    INT64,
    LONG,
    SIZE,
    UINT,
    UINT64,
    ULONG,
    WIDE_LONG,
    Array,
    Const,
    Flags,
    Hidden,
    InRegister,
    Out,
    Ptr,
    Struct,
    Switch,
)
from ..types.io import (
    OTHER,
    PIPE_FLAGS,
    WHENCE,
    Moved,
    OutVector,
    Plain,
    ResultSwitch,
    TwoWords,
    Vector,
)
from ..values import Words
from .signature import ByAbi, Syscall

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Dict, Optional

    from ..call import Call
    from ..types.core import How, Type
    from ..values import Value

RWF = Flags(names.RWF_FLAGS, "RWF_???")
SPLICE_FLAGS = Flags(names.SPLICE_FLAGS, "SPLICE_F_???")

lseek = Syscall(fd=FD, offset=LONG, whence=WHENCE)
_llseek = Syscall(fd=FD, offset=TwoWords("offset_low", high_first=True), offset_low=OTHER,
                  result=Out(Ptr(UINT64)), whence=WHENCE)

readv = Syscall(fd=FD, iov=OutVector("iovcnt"), iovcnt=ULONG, dump=("read", "iov"))
writev = Syscall(fd=FD, iov=Vector("iovcnt"), iovcnt=ULONG, dump=("write", "iov"))
# Linux takes every offset in two longs. Where one long is enough, the second has no meaning: preadv and
# pwritev have four arguments then, and preadv2 and pwritev2 keep the gap.
_PREADV = Syscall(fd=FD, iov=OutVector("iovcnt"), iovcnt=ULONG, offset=TwoWords("pos_h"), pos_h=OTHER,
                  dump=("read", "iov"))
_PWRITEV = Syscall(fd=FD, iov=Vector("iovcnt"), iovcnt=ULONG, offset=TwoWords("pos_h"), pos_h=OTHER,
                   dump=("write", "iov"))
preadv = ByAbi(Syscall(fd=FD, iov=OutVector("iovcnt"), iovcnt=ULONG, offset=INT64, dump=("read", "iov")),
               i386=_PREADV, arm=_PREADV)
pwritev = ByAbi(Syscall(fd=FD, iov=Vector("iovcnt"), iovcnt=ULONG, offset=INT64, dump=("write", "iov")),
                i386=_PWRITEV, arm=_PWRITEV)
preadv2 = ByAbi(
    Syscall(fd=FD, iov=OutVector("iovcnt"), iovcnt=ULONG, offset=TwoWords("pos_h"), pos_h=OTHER, flags=RWF,
            dump=("read", "iov")),
    x32=Syscall(fd=FD, iov=OutVector("iovcnt"), iovcnt=ULONG, offset=INT64, flags=RWF, dump=("read", "iov")))
pwritev2 = ByAbi(
    Syscall(fd=FD, iov=Vector("iovcnt"), iovcnt=ULONG, offset=TwoWords("pos_h"), pos_h=OTHER, flags=RWF,
            dump=("write", "iov")),
    x32=Syscall(fd=FD, iov=Vector("iovcnt"), iovcnt=ULONG, offset=INT64, flags=RWF, dump=("write", "iov")))

dup = Syscall(oldfd=FD, returns=NEW_FD)
dup2 = Syscall(oldfd=FD, newfd=FD, returns=NEW_FD)
dup3 = Syscall(oldfd=FD, newfd=FD, flags=PIPE_FLAGS, returns=NEW_FD)
_PIPE = Out(Array(FD, 2))
pipe = Syscall(pipefd=_PIPE)
pipe2 = Syscall(pipefd=_PIPE, flags=PIPE_FLAGS)
close_range = Syscall(first=UINT, last=UINT, flags=Flags(names.CLOSE_RANGE_FLAGS, "CLOSE_RANGE_???"))

sendfile64 = Syscall(out_fd=FD, in_fd=FD, offset=Moved(UINT64, "count"), count=SIZE)
sendfile = ByAbi(Syscall(out_fd=FD, in_fd=FD, offset=Moved(ULONG, "count"), count=SIZE), x32=sendfile64)
_OFFSETS = "off_in", "off_out"
splice = Syscall(fd_in=FD, off_in=Ptr(INT64), fd_out=FD, off_out=Ptr(INT64), len=SIZE, flags=SPLICE_FLAGS,
                 rewritten=_OFFSETS)
tee = Syscall(fd_in=FD, fd_out=FD, len=SIZE, flags=SPLICE_FLAGS)
vmsplice = Syscall(fd=FD, iov=Vector("nr_segs"), nr_segs=ULONG, flags=SPLICE_FLAGS, dump=("write", "iov"))
copy_file_range = Syscall(fd_in=FD, off_in=Ptr(INT64), fd_out=FD, off_out=Ptr(INT64), len=SIZE, flags=UINT,
                          rewritten=_OFFSETS)

fallocate = Syscall(fd=FD, mode=Flags(names.FALLOC_FLAGS, "FALLOC_FL_???"), offset=INT64, len=INT64)
_ADVICE = Const(names.FADVISE, "POSIX_FADV_???")
fadvise64 = Syscall(fd=FD, offset=INT64, len=SIZE, advice=_ADVICE)
fadvise64_64 = ByAbi(
    Syscall(fd=FD, offset=INT64, len=INT64, advice=_ADVICE),
    # So that each pair of registers has an even place: see syscall(2)
    arm=Syscall(fd=FD, offset=InRegister(2, INT64), len=InRegister(4, INT64), advice=InRegister(1, _ADVICE)))
readahead = Syscall(fd=FD, offset=INT64, count=SIZE)
_SYNC_FLAGS = Flags(names.SYNC_FILE_RANGE_FLAGS, "SYNC_FILE_RANGE_???")
sync_file_range = Syscall(fd=FD, offset=INT64, nbytes=INT64, flags=_SYNC_FLAGS)
sync_file_range2 = Syscall(fd=FD, flags=_SYNC_FLAGS, offset=INT64, nbytes=INT64)

_LOCK_TYPE = Const(names.LOCK_TYPES, "F_???", code="H")
_LOCK_WHENCE = Const(names.WHENCES, "SEEK_???", code="H")


def _lock(offset: Type, pid: Type) -> Type:
    """A pointer to struct flock, whose offsets and whose process id are of these types."""
    return Ptr(Struct(l_type=_LOCK_TYPE, l_whence=_LOCK_WHENCE, l_start=offset, l_len=offset, l_pid=pid))


_GET_LOCK = Out(_lock(LONG, PID))
_SET_LOCK = _lock(LONG, Hidden(PID))
_GET_LOCK64 = Out(_lock(INT64, PID))
_SET_LOCK64 = _lock(INT64, Hidden(PID))
_FD_FLAGS = Flags(names.FD_FLAGS, "FD_???")
_SEALS = Flags(names.SEALS, "F_SEAL_???", code="L")
_OWNER = Ptr(Struct(type=Const(names.OWNER_TYPES, "F_OWNER_???"), pid=PID))
_HINT = Ptr(Const(names.RW_HINTS, "RWH_WRITE_LIFE_???", code="Q"))
_DELEG = Ptr(Struct(d_flags=HEX32, d_type=_LOCK_TYPE, __pad=HEX16))
_COMMANDS = {name: number for number, name in names.FCNTL_COMMANDS}


def _by_command(kinds: Dict[str, Any]) -> Dict[int, Any]:
    """*kinds* by the numbers of the commands that their keys name."""
    return {_COMMANDS[name]: kind for names, kind in kinds.items() for name in names.split()}


_ARGUMENTS = _by_command({
    "F_GETFD F_GETFL F_GETOWN F_GETSIG F_GETLEASE F_GETPIPE_SZ F_GET_SEALS": None,
    "F_DUPFD F_DUPFD_CLOEXEC": WIDE_LONG,
    "F_SETFD": _FD_FLAGS,
    "F_SETFL": OPEN_FLAGS,
    "F_SETOWN": PID,
    "F_SETPIPE_SZ": WIDE_LONG,
    "F_SETSIG": SIGNAL,
    "F_SETLEASE": Const(names.LOCK_TYPES, "F_???", code="L"),
    "F_NOTIFY": Flags(names.NOTIFY_FLAGS, "DN_???", code="L"),
    "F_ADD_SEALS": _SEALS,
    "F_DUPFD_QUERY": FD,
    "F_GETLK": _GET_LOCK,
    "F_SETLK F_SETLKW": _SET_LOCK,
    "F_OFD_GETLK": _GET_LOCK64,
    "F_OFD_SETLK F_OFD_SETLKW": _SET_LOCK64,
    "F_SETOWN_EX": _OWNER,
    "F_GETOWN_EX": Out(_OWNER),
    "F_GET_RW_HINT F_GET_FILE_RW_HINT": Out(_HINT),
    "F_SET_RW_HINT F_SET_FILE_RW_HINT": _HINT,
    "F_GETDELEG": Out(_DELEG),
    "F_SETDELEG": _DELEG,
})
_ARGUMENTS64 = {**_ARGUMENTS, **_by_command({
    "F_GETLK64": _GET_LOCK64, "F_SETLK64 F_SETLKW64": _SET_LOCK64})}
_RESULTS = _by_command({
    "F_DUPFD F_DUPFD_CLOEXEC": NEW_FD,
    "F_GETFD F_GETFL F_GETLEASE F_GET_SEALS": HEX32,
    "F_GETOWN": PID,
})
#: What the result of a command is called beside its number, and whether 0 is called anything.
_NOTES = _by_command({
    "F_GETFD": ("flags", _FD_FLAGS, False),
    "F_GETFL": ("flags", Plain(OPEN_FLAGS), True),
    "F_GET_SEALS": ("seals", _SEALS, False),
    "F_GETSIG": ("", Plain(SIGNAL), False),
    "F_GETLEASE": ("", Plain(Const(names.LOCK_TYPES)), True),
})


def _note(how: How) -> Callable[[Call], Optional[Value]]:
    operation = how.number("op")
    prepared = {number: (word, kind.decoder(how), zero) for number, (word, kind, zero) in _NOTES.items()}

    def note(call: Call) -> Optional[Value]:
        found = prepared.get(operation(call))
        if found is None or call.error or not (call.ret or found[2]):
            return None
        word, decode, _ = found
        return Words(((word, decode(call, call.ret)),))
    return note


_OPERATION = Const(names.FCNTL_COMMANDS, "F_???")
fcntl_ = Syscall(fd=FD, op=_OPERATION, arg=Switch("op", _ARGUMENTS, HEXLONG),
                 returns=ResultSwitch("op", _RESULTS, LONG), note=_note)
fcntl64 = Syscall(fd=FD, op=_OPERATION, arg=Switch("op", _ARGUMENTS64, HEXLONG),
                  returns=ResultSwitch("op", _RESULTS, LONG), note=_note)
