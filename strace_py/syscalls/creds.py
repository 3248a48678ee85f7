"""User and group ids, and capabilities."""
from __future__ import annotations

from ..types.common import UID, AtMost
from ..types.core import INT, Array, Out, Ptr, Type
from ..types.creds import CAP_HEADER, MOST_GROUPS, CapabilityData, ShortId
from .signature import ByAbi, Syscall

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Callable

def by_width(make: Callable[[Type], Syscall]) -> ByAbi:
    """A call about ids, which have 16 bits in the first calls of the 32-bit ABIs."""
    short = make(ShortId())
    return ByAbi(make(UID), i386=short, arm=short)


def _set_one(kind: Type) -> Syscall:
    return Syscall(uid=kind)


def _set_two(kind: Type) -> Syscall:
    return Syscall(ruid=kind, euid=kind)


def _set_three(kind: Type) -> Syscall:
    return Syscall(ruid=kind, euid=kind, suid=kind)


def _get_three(kind: Type) -> Syscall:
    return Syscall(ruid=Out(Ptr(kind)), euid=Out(Ptr(kind)), suid=Out(Ptr(kind)))


def _set_fs(kind: Type) -> Syscall:
    return Syscall(fsuid=kind, returns=UID)


def _get_groups(kind: Type) -> Syscall:
    return Syscall(size=INT, list=Out(Array(kind, "return")))


def _set_groups(kind: Type) -> Syscall:
    return Syscall(size=INT, list=AtMost(MOST_GROUPS, "size", Array(kind, "size")))


# strace calls the arguments of the calls about groups as those about users.
getuid = geteuid = getgid = getegid = getuid32 = geteuid32 = getgid32 = getegid32 = Syscall(returns=UID)
setuid = setgid = by_width(_set_one)
setuid32 = setgid32 = _set_one(UID)
setreuid = setregid = by_width(_set_two)
setreuid32 = setregid32 = _set_two(UID)
setresuid = setresgid = by_width(_set_three)
setresuid32 = setresgid32 = _set_three(UID)
getresuid = getresgid = by_width(_get_three)
getresuid32 = getresgid32 = _get_three(UID)
setfsuid = setfsgid = by_width(_set_fs)
setfsuid32 = setfsgid32 = _set_fs(UID)
getgroups = by_width(_get_groups)
getgroups32 = _get_groups(UID)
setgroups = by_width(_set_groups)
setgroups32 = _set_groups(UID)
capget = Syscall(hdrp=Ptr(CAP_HEADER), datap=Out(CapabilityData("hdrp")))
capset = Syscall(hdrp=Ptr(CAP_HEADER), datap=CapabilityData("hdrp"))
