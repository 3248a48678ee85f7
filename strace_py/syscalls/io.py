"""Moving in files, vectors of buffers, duplicating descriptors, pipes, and copying between descriptors."""
from __future__ import annotations

from ..constants import fcntl
from ..types.common import FD, NEW_FD
from ..types.core import INT64, LONG, SIZE, UINT, UINT64, ULONG, Const, Fixed, Flags, Out, Ptr
from ..types.io import OTHER, PIPE_FLAGS, WHENCE, TwoWords, Moved, OutVector, Vector
from .signature import ByAbi, Syscall

RWF = Flags(fcntl.RWF_FLAGS, "RWF_???")
SPLICE_FLAGS = Flags(fcntl.SPLICE_FLAGS, "SPLICE_F_???")

lseek = Syscall(fd=FD, offset=LONG, whence=WHENCE)
_llseek = Syscall(fd=FD, offset=TwoWords("offset_low", high_first=True), offset_low=OTHER,
                  result=Out(Ptr(INT64)), whence=WHENCE)

readv = Syscall(fd=FD, iov=OutVector("iovcnt"), iovcnt=ULONG, dump=("read", "iov"))
writev = Syscall(fd=FD, iov=Vector("iovcnt"), iovcnt=ULONG, dump=("write", "iov"))
# Linux takes every offset in two longs. Where one long is enough, the second has no meaning: preadv and
# pwritev have four arguments then, and preadv2 and pwritev2 keep the gap.
preadv = ByAbi(
    Syscall(fd=FD, iov=OutVector("iovcnt"), iovcnt=ULONG, offset=INT64, dump=("read", "iov")),
    i386=Syscall(fd=FD, iov=OutVector("iovcnt"), iovcnt=ULONG, offset=TwoWords("pos_h"), pos_h=OTHER,
                 dump=("read", "iov")),
    arm=Syscall(fd=FD, iov=OutVector("iovcnt"), iovcnt=ULONG, offset=TwoWords("pos_h"), pos_h=OTHER,
                dump=("read", "iov")))
pwritev = ByAbi(
    Syscall(fd=FD, iov=Vector("iovcnt"), iovcnt=ULONG, offset=INT64, dump=("write", "iov")),
    i386=Syscall(fd=FD, iov=Vector("iovcnt"), iovcnt=ULONG, offset=TwoWords("pos_h"), pos_h=OTHER,
                 dump=("write", "iov")),
    arm=Syscall(fd=FD, iov=Vector("iovcnt"), iovcnt=ULONG, offset=TwoWords("pos_h"), pos_h=OTHER,
                dump=("write", "iov")))
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
_PIPE = Out(Ptr(Fixed(FD, 2)))
pipe = Syscall(pipefd=_PIPE)
pipe2 = Syscall(pipefd=_PIPE, flags=PIPE_FLAGS)
close_range = Syscall(first=UINT, last=UINT, flags=Flags(fcntl.CLOSE_RANGE_FLAGS, "CLOSE_RANGE_???"))

sendfile = Syscall(out_fd=FD, in_fd=FD, offset=Moved(ULONG), count=SIZE)
sendfile64 = Syscall(out_fd=FD, in_fd=FD, offset=Moved(UINT64), count=SIZE)
splice = Syscall(fd_in=FD, off_in=Ptr(INT64), fd_out=FD, off_out=Ptr(INT64), len=SIZE, flags=SPLICE_FLAGS)
tee = Syscall(fd_in=FD, fd_out=FD, len=SIZE, flags=SPLICE_FLAGS)
vmsplice = Syscall(fd=FD, iov=Vector("nr_segs"), nr_segs=ULONG, flags=SPLICE_FLAGS)
copy_file_range = Syscall(fd_in=FD, off_in=Ptr(INT64), fd_out=FD, off_out=Ptr(INT64), len=SIZE, flags=UINT)

fallocate = Syscall(fd=FD, mode=Flags(fcntl.FALLOC_FLAGS, "FALLOC_FL_???"), offset=INT64, len=INT64)
_ADVICE = Const(fcntl.FADVISE, "POSIX_FADV_???")
fadvise64 = Syscall(fd=FD, offset=INT64, len=SIZE, advice=_ADVICE)
fadvise64_64 = Syscall(fd=FD, offset=INT64, len=INT64, advice=_ADVICE)
readahead = Syscall(fd=FD, offset=INT64, count=SIZE)
_SYNC_FLAGS = Flags(fcntl.SYNC_FILE_RANGE_FLAGS, "SYNC_FILE_RANGE_???")
sync_file_range = Syscall(fd=FD, offset=INT64, nbytes=INT64, flags=_SYNC_FLAGS)
sync_file_range2 = Syscall(fd=FD, flags=_SYNC_FLAGS, offset=INT64, nbytes=INT64)
arm_sync_file_range = sync_file_range2
