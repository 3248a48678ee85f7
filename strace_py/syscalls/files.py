"""Files by name and by descriptor: opening, reading and writing, status, names, modes, owners, times."""
from __future__ import annotations

from ..constants import fcntl, poll
from ..types.common import DIRFD, FD, NEW_FD, OPEN_FLAGS, UMODE, Device
from ..types.core import (
    ADDR,
    INT,
    INT64,
    PATH,
    SIZE,
    UINT,
    UINT64,
    ULONG,
    AtExit,
    Buffer,
    Const,
    FilledWhen,
    Flags,
    Int,
    Out,
    Ptr,
    Str,
    When,
)
from ..types.files import (
    AT_FLAGS,
    CREATES,
    OLD_STAT,
    OPEN_HOW,
    STAT,
    STAT64,
    STATFS,
    STATFS64,
    STATFS64_SIZE,
    STATX,
    STATX_FLAGS,
    STATX_MASK,
    TIMESPECS,
    TIMESPECS64,
    TIMEVALS,
    UTIMBUF,
    Entries,
    FileMode,
    OldEntry,
    is_device,
)
from ..values import Oct
from .signature import Syscall

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..call import Call


def creates(call: Call) -> bool:
    """Whether open(2)'s flags make it look at a mode."""
    return bool(call.arg("flags") & CREATES)


def makes_device(call: Call) -> bool:
    """Whether mknod(2)'s mode makes it look at a device number."""
    return is_device(call.arg("mode"))


WHENCE = Const(fcntl.WHENCES, "SEEK_???")
ACCESS_MODE = Flags(((0, "F_OK"), *fcntl.ACCESS_MODES), "?_OK")
ACCESS_FLAGS = Flags(fcntl.AT_ACCESS_FLAGS, "AT_???")
RENAME_FLAGS = Flags(fcntl.RENAME_FLAGS, "RENAME_???")
CHMOD_FLAGS = Flags(fcntl.AT_CHMOD_FLAGS, "AT_???")
NEW_MODE = FileMode("H")
DEV = When(makes_device, Device("I"))
STAT_OUT, STAT64_OUT = Out(Ptr(STAT)), Out(Ptr(STAT64))
STATFS_OUT = Out(Ptr(STATFS))
#: Only one size is right.
STATFS64_OUT = FilledWhen(lambda call: not call.error and call.arg("size") == STATFS64_SIZE, Ptr(STATFS64))
NAME_OUT = Out(Buffer(size="return"))

open_ = Syscall(pathname=PATH, flags=OPEN_FLAGS, mode=When(creates, UMODE), returns=NEW_FD)
openat = Syscall(dirfd=DIRFD, pathname=PATH, flags=OPEN_FLAGS, mode=When(creates, UMODE), returns=NEW_FD)
openat2 = Syscall(dirfd=DIRFD, pathname=PATH, how=OPEN_HOW, size=SIZE, returns=NEW_FD)
creat = Syscall(pathname=PATH, mode=UMODE, returns=NEW_FD)
close = Syscall(fd=FD)
read = Syscall(fd=FD, buf=Out(Buffer(size="return")), count=SIZE, dump=("read", "buf"))
write = Syscall(fd=FD, buf=Buffer(size="count"), count=SIZE, dump=("write", "buf"))
pread64 = Syscall(fd=FD, buf=Out(Buffer(size="return")), count=SIZE, offset=INT64, dump=("read", "buf"))
pwrite64 = Syscall(fd=FD, buf=Buffer(size="count"), count=SIZE, offset=INT64, dump=("write", "buf"))

access = Syscall(pathname=PATH, mode=ACCESS_MODE)
faccessat = Syscall(dirfd=DIRFD, pathname=PATH, mode=ACCESS_MODE)
faccessat2 = Syscall(dirfd=DIRFD, pathname=PATH, mode=ACCESS_MODE, flags=ACCESS_FLAGS)

stat = lstat = Syscall(pathname=PATH, statbuf=STAT_OUT)
fstat = Syscall(fd=FD, statbuf=STAT_OUT)
newfstatat = Syscall(dirfd=DIRFD, pathname=PATH, statbuf=STAT_OUT, flags=AT_FLAGS)
oldstat = oldlstat = Syscall(pathname=PATH, statbuf=Out(Ptr(OLD_STAT)))
oldfstat = Syscall(fd=FD, statbuf=Out(Ptr(OLD_STAT)))
stat64 = lstat64 = Syscall(pathname=PATH, statbuf=STAT64_OUT)
fstat64 = Syscall(fd=FD, statbuf=STAT64_OUT)
fstatat64 = Syscall(dirfd=DIRFD, pathname=PATH, statbuf=STAT64_OUT, flags=AT_FLAGS)
statx = Syscall(dirfd=DIRFD, pathname=PATH, flags=STATX_FLAGS, mask=STATX_MASK, statxbuf=Out(Ptr(STATX)))
statfs = Syscall(pathname=PATH, buf=STATFS_OUT)
fstatfs = Syscall(fd=FD, buf=STATFS_OUT)
statfs64 = Syscall(pathname=PATH, size=SIZE, buf=STATFS64_OUT)
fstatfs64 = Syscall(fd=FD, size=SIZE, buf=STATFS64_OUT)
ustat = Syscall(dev=Device("I"), ubuf=AtExit(ADDR))

readlink = Syscall(pathname=PATH, buf=NAME_OUT, bufsiz=SIZE)
readlinkat = Syscall(dirfd=DIRFD, pathname=PATH, buf=NAME_OUT, bufsiz=SIZE)
link = Syscall(oldpath=PATH, newpath=PATH)
linkat = Syscall(olddirfd=DIRFD, oldpath=PATH, newdirfd=DIRFD, newpath=PATH, flags=AT_FLAGS)
symlink = Syscall(oldpath=PATH, newpath=PATH, overlooked=("oldpath",))
symlinkat = Syscall(target=PATH, newdirfd=DIRFD, linkpath=PATH, overlooked=("target",))
unlink = Syscall(path=PATH)
unlinkat = Syscall(dirfd=DIRFD, pathname=PATH, flags=AT_FLAGS)
rename = Syscall(oldpath=PATH, newpath=PATH, overlooked=("newpath",))
renameat = Syscall(olddirfd=DIRFD, oldpath=PATH, newdirfd=DIRFD, newpath=PATH)
renameat2 = Syscall(olddirfd=DIRFD, oldpath=PATH, newdirfd=DIRFD, newpath=PATH, flags=RENAME_FLAGS)

mkdir = Syscall(pathname=PATH, mode=UMODE)
mkdirat = Syscall(dirfd=DIRFD, pathname=PATH, mode=UMODE)
rmdir = Syscall(path=PATH)
mknod = Syscall(pathname=PATH, mode=NEW_MODE, dev=DEV)
mknodat = Syscall(dirfd=DIRFD, pathname=PATH, mode=NEW_MODE, dev=DEV)
readdir = Syscall(fd=FD, dirp=FilledWhen(lambda call: call.ret and not call.error, Ptr(OldEntry())),
                  count=When(lambda call: call.args[2] & 0xffffffff != 1, UINT))
getdents = Syscall(fd=FD, dirp=Out(Entries(old=True)), count=Int("I"))
getdents64 = Syscall(fd=FD, dirp=Out(Entries()), count=Int("I"))

chmod = Syscall(pathname=PATH, mode=UMODE)
fchmod = Syscall(fd=FD, mode=UMODE)
fchmodat = Syscall(dirfd=DIRFD, pathname=PATH, mode=UMODE)
fchmodat2 = Syscall(dirfd=DIRFD, pathname=PATH, mode=UMODE, flags=CHMOD_FLAGS)
umask = Syscall(mask=UMODE, returns=Int("I", Oct))

chdir = Syscall(path=PATH)
fchdir = Syscall(fd=FD)
chroot = Syscall(path=PATH)
getcwd = Syscall(buf=Out(Str(whole=True, size="return")), size=SIZE)

utime = Syscall(filename=PATH, times=Ptr(UTIMBUF))
utimes = Syscall(pathname=PATH, times=TIMEVALS)
futimesat = Syscall(dirfd=DIRFD, pathname=PATH, times=TIMEVALS)
utimensat_time64 = Syscall(dirfd=DIRFD, pathname=PATH, times=TIMESPECS64, flags=AT_FLAGS)
utimensat = Syscall(dirfd=DIRFD, pathname=PATH, times=TIMESPECS, flags=AT_FLAGS)

truncate = Syscall(path=PATH, length=ULONG)
ftruncate = Syscall(fd=FD, length=ULONG)
truncate64 = Syscall(path=PATH, length=UINT64)
ftruncate64 = Syscall(fd=FD, length=UINT64)
sync = Syscall()
syncfs = fsync = fdatasync = fchdir
flock = Syscall(fd=FD, op=Flags(fcntl.FLOCK_FLAGS, "LOCK_???"))

inotify_init = Syscall(returns=NEW_FD)
inotify_init1 = Syscall(flags=Flags(poll.INOTIFY_INIT_FLAGS, "IN_???"), returns=NEW_FD)
inotify_add_watch = Syscall(fd=FD, pathname=PATH, mask=Flags(poll.INOTIFY_MASKS, "IN_???"))
inotify_rm_watch = Syscall(fd=FD, wd=INT)

uselib = Syscall(path=PATH)
