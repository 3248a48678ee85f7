"""Extended attributes of files, their attributes beside the mode, and handles of files."""
from __future__ import annotations

from ..constants import fcntl
from ..types.common import DIRFD, FD, NEW_FD, OPEN_FLAGS
from ..types.core import INT, PATH, SIZE, STR, Flags, Out, Ptr, Sized
from ..types.mounts import (
    FILE_ATTR,
    FILE_ATTR_SET,
    XATTR_ARGS,
    FileHandle,
    WithHandle,
    XattrArgsRead,
    XattrList,
    XattrRead,
    XattrValue,
)
from .signature import Syscall

_FLAGS = Flags(fcntl.XATTR_FLAGS, "XATTR_???")
_AT_FLAGS = Flags(fcntl.XATTR_AT_FLAGS, "AT_???")
_VALUE = XattrValue("size")
_READ = XattrRead("size")
_LIST = Out(XattrList())

setxattr = lsetxattr = Syscall(pathname=PATH, name=STR, value=_VALUE, size=SIZE, flags=_FLAGS)
fsetxattr = Syscall(fd=FD, name=STR, value=_VALUE, size=SIZE, flags=_FLAGS)
setxattrat = Syscall(dirfd=DIRFD, pathname=PATH, flags=_AT_FLAGS, name=STR,
                     args=Sized(XATTR_ARGS, "size", minimum=16), size=SIZE)

getxattr = lgetxattr = Syscall(pathname=PATH, name=STR, value=_READ, size=SIZE)
fgetxattr = Syscall(fd=FD, name=STR, value=_READ, size=SIZE)
getxattrat = Syscall(dirfd=DIRFD, pathname=PATH, flags=_AT_FLAGS, name=STR,
                     args=XattrArgsRead("size"), size=SIZE)

listxattr = llistxattr = Syscall(pathname=PATH, list=_LIST, size=SIZE)
flistxattr = Syscall(fd=FD, list=_LIST, size=SIZE)
listxattrat = Syscall(dirfd=DIRFD, pathname=PATH, flags=_AT_FLAGS, list=_LIST, size=SIZE)

removexattr = lremovexattr = Syscall(pathname=PATH, name=STR)
fremovexattr = Syscall(fd=FD, name=STR)
removexattrat = Syscall(dirfd=DIRFD, pathname=PATH, flags=_AT_FLAGS, name=STR)

file_getattr = Syscall(dirfd=DIRFD, pathname=PATH, attr=Out(FILE_ATTR), size=SIZE, flags=_AT_FLAGS)
file_setattr = Syscall(dirfd=DIRFD, pathname=PATH, attr=FILE_ATTR_SET, size=SIZE, flags=_AT_FLAGS)

name_to_handle_at = Syscall(dirfd=DIRFD, pathname=PATH, handle=FileHandle(filled=True),
                            mount_id=WithHandle(Ptr(INT)), flags=Flags(fcntl.AT_HANDLE_FLAGS, "AT_???"))
open_by_handle_at = Syscall(mount_fd=FD, handle=FileHandle(), flags=OPEN_FLAGS, returns=NEW_FD)
