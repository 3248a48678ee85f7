"""Opening, closing, reading and writing files, and the names in directories."""
from __future__ import annotations

from ..constants import fcntl
from ..types.common import DIRFD, FD, MODE, NEW_FD, OPEN_FLAGS
from ..types.core import INT64, INT, PATH, SIZE, Buffer, Const, Flags, Out, When
from .signature import Syscall

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..call import Call

# O_CREAT | __O_TMPFILE of <asm-generic/fcntl.h>
_CREATES = 0o100 | 0o20000000


def creates(call: Call) -> bool:
    """Whether open(2)'s flags make it look at a mode."""
    return bool(call.arg("flags") & _CREATES)


WHENCE = Const(fcntl.WHENCES, "SEEK_???")
ACCESS_MODE = Flags(fcntl.ACCESS_MODES, "?_OK")

open_ = Syscall(pathname=PATH, flags=OPEN_FLAGS, mode=When(creates, MODE), returns=NEW_FD)
openat = Syscall(dirfd=DIRFD, pathname=PATH, flags=OPEN_FLAGS, mode=When(creates, MODE), returns=NEW_FD)
creat = Syscall(pathname=PATH, mode=MODE, returns=NEW_FD)
close = Syscall(fd=FD)
read = Syscall(fd=FD, buf=Out(Buffer(size="return")), count=SIZE, dump=("read", "buf"))
write = Syscall(fd=FD, buf=Buffer(size="count"), count=SIZE, dump=("write", "buf"))
pread64 = Syscall(fd=FD, buf=Out(Buffer(size="return")), count=SIZE, pos=INT64, dump=("read", "buf"))
pwrite64 = Syscall(fd=FD, buf=Buffer(size="count"), count=SIZE, pos=INT64, dump=("write", "buf"))
