"""User and group ids, and capabilities."""
from __future__ import annotations

from ..types.common import UID
from ..types.core import INT, Out, Ptr
from ..types.creds import CAP_HEADER, CapabilityData, Groups
from .signature import Syscall

getuid = geteuid = getgid = getegid = Syscall(returns=UID)
# strace calls the arguments of the calls about groups as those about users.
setuid = setgid = Syscall(uid=UID)
setreuid = setregid = Syscall(ruid=UID, euid=UID)
setresuid = setresgid = Syscall(ruid=UID, euid=UID, suid=UID)
getresuid = getresgid = Syscall(ruid=Out(Ptr(UID)), euid=Out(Ptr(UID)), suid=Out(Ptr(UID)))
setfsuid = setfsgid = Syscall(fsuid=UID, returns=UID)
getgroups = Syscall(size=INT, list=Out(Groups("size", filled=True)))
setgroups = Syscall(size=INT, list=Groups("size"))
capget = Syscall(hdrp=Ptr(CAP_HEADER), datap=Out(CapabilityData("hdrp")))
capset = Syscall(hdrp=Ptr(CAP_HEADER), datap=CapabilityData("hdrp"))
