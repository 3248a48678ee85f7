"""User and group ids, and capabilities."""
from __future__ import annotations

from ..types.common import GID, UID
from ..types.core import INT, Out, Ptr
from ..types.creds import CAP_HEADER, CapabilityData, Groups
from .signature import Syscall

getuid = geteuid = getgid = getegid = Syscall(returns=UID)
setuid = Syscall(uid=UID)
setgid = Syscall(gid=GID)
setreuid = Syscall(ruid=UID, euid=UID)
setregid = Syscall(rgid=GID, egid=GID)
# The names are those that strace gives both.
setresuid = setresgid = Syscall(ruid=UID, euid=UID, suid=UID)
getresuid = getresgid = Syscall(ruid=Out(Ptr(UID)), euid=Out(Ptr(UID)), suid=Out(Ptr(UID)))
setfsuid = Syscall(fsuid=UID, returns=UID)
setfsgid = Syscall(fsgid=GID, returns=GID)
getgroups = Syscall(size=INT, list=Out(Groups("size", filled=True)))
setgroups = Syscall(size=INT, list=Groups("size"))
capget = Syscall(hdrp=Ptr(CAP_HEADER), datap=Out(CapabilityData("hdrp")))
capset = Syscall(hdrp=Ptr(CAP_HEADER), datap=CapabilityData("hdrp"))
