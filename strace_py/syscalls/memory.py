"""Mapping, protecting, locking and placing memory, and reaching into another process's."""
from __future__ import annotations

import os

from ..constants import mman
from ..types.common import FD, NEW_FD, PID
from ..types.core import (
    ADDR,
    HEX32,
    HEX64,
    HEXLONG,
    INT,
    SIZE,
    STR,
    UINT64,
    ULONG,
    Array,
    AtExit,
    Const,
    Count,
    Flags,
    How,
    Int,
    Out,
    Ptr,
    Struct,
    Switch,
    Type,
    When,
)
from ..types.io import IOVEC, OutVector, Vector
from ..types.memory import (
    MAP_FLAGS,
    MEMFD_FLAGS,
    PAGE_STATUS,
    PROT,
    NodeMask,
    PolicyMode,
)
from ..values import Flags as FlagsValue
from ..values import Hex
from .signature import Syscall

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Callable, Optional

    from ..call import Call
    from ..values import Value

_MREMAP_MAYMOVE = 1
_MREMAP_FIXED_OR_DONTUNMAP = 2 | 4
_MEMBARRIER_QUERIES = (0, 1 << 9)
_MEMBARRIER_COMMANDS = Flags(mman.MEMBARRIER_COMMANDS)
_PAGE = os.sysconf("SC_PAGESIZE")

ADVICE = Const(mman.MADVISE, "MADV_???")


def _moves(call: Call) -> bool:
    """Whether mremap(2)'s flags make it look at a new address."""
    flags = call.arg("flags")
    return bool(flags & _MREMAP_MAYMOVE and flags & _MREMAP_FIXED_OR_DONTUNMAP)


def _commands(how: How) -> Callable[[Call], Optional[Value]]:
    """The commands that membarrier(2) returns the bits of."""
    names = _MEMBARRIER_COMMANDS.names(how.abi)
    return lambda call: (FlagsValue(call.ret, names)
                         if call.ret > 0 and call.arg("cmd") in _MEMBARRIER_QUERIES else None)


def _in_bytes(pages: int) -> Value:
    """mmap2(2)'s offset, in pages of 4096 bytes whatever the machine's are."""
    return Hex(pages << 12)


#: An address that is a result: one of 0 is no NULL.
_MAPPED = Int("P", Hex)
mmap = Syscall(addr=ADDR, length=SIZE, prot=PROT, flags=MAP_FLAGS, fd=FD, offset=HEXLONG, returns=_MAPPED)
mmap2 = Syscall(addr=ADDR, length=SIZE, prot=PROT, flags=MAP_FLAGS, fd=FD, offset=Int("I", _in_bytes), returns=_MAPPED)
munmap = Syscall(addr=ADDR, length=SIZE)
mprotect = Syscall(addr=ADDR, length=SIZE, prot=PROT)
pkey_mprotect = Syscall(addr=ADDR, length=SIZE, prot=PROT, pkey=INT)
pkey_alloc = Syscall(flags=HEXLONG, access_rights=Flags(mman.PKEY_ACCESS_FLAGS, "PKEY_???", code="L"))
pkey_free = Syscall(pkey=INT)
mremap = Syscall(old_address=ADDR, old_size=SIZE, new_size=SIZE,
                 flags=Flags(mman.MREMAP_FLAGS, "MREMAP_???", code="L"), new_address=When(_moves, ADDR),
                 returns=_MAPPED)
brk = Syscall(addr=ADDR, returns=_MAPPED)
remap_file_pages = Syscall(addr=ADDR, size=SIZE, prot=PROT, pgoff=ULONG, flags=MAP_FLAGS)
map_shadow_stack = Syscall(addr=ADDR, len=SIZE, flags=Flags(mman.SHADOW_STACK_FLAGS, "SHADOW_STACK_???"),
                           returns=_MAPPED)
mseal = Syscall(addr=ADDR, length=SIZE, flags=HEXLONG)
cachestat = Syscall(
    fd=FD, cstat_range=Ptr(Struct(off=HEX64, len=UINT64)),
    cstat=Out(Ptr(Struct(nr_cache=UINT64, nr_dirty=UINT64, nr_writeback=UINT64, nr_evicted=UINT64,
                         nr_recently_evicted=UINT64))), flags=HEX32)
madvise = Syscall(addr=ADDR, length=SIZE, advice=ADVICE)
process_madvise = Syscall(pidfd=FD, iovec=Array(IOVEC, "n"), n=SIZE, advice=ADVICE, flags=HEX32)
process_mrelease = Syscall(pidfd=FD, flags=HEX32)
msync = Syscall(addr=ADDR, length=SIZE, flags=Flags(mman.MS_FLAGS, "MS_???"))


def _pages(call: Call) -> int:
    return -(-call.arg("length") // _PAGE)


def _filled(array: Type, count: Count) -> Switch:
    """What a call fills in: an array that, when it has no elements, is shown after a failure, too."""
    return Switch(count, {0: AtExit(array)}, Out(array))


mincore = Syscall(addr=ADDR, length=SIZE, vec=_filled(Array(Int("B", lambda byte: byte & 1), _pages), _pages))
mlock = Syscall(addr=ADDR, length=SIZE)
mlock2 = Syscall(addr=ADDR, length=SIZE, flags=Flags(mman.MLOCK_FLAGS, "MLOCK_???"))
munlock = Syscall(addr=ADDR, length=SIZE)
mlockall = Syscall(flags=Flags(mman.MCL_FLAGS, "MCL_???"))
munlockall = Syscall()
membarrier = Syscall(cmd=Const(mman.MEMBARRIER_COMMANDS, "MEMBARRIER_CMD_???"),
                     flags=Flags(mman.MEMBARRIER_FLAGS, "MEMBARRIER_CMD_FLAG_???"),
                     cpu_id=When(lambda call: call.arg("flags") & 1, INT), returns=Int("l", Hex),
                     note=_commands)
memfd_create = Syscall(name=STR, flags=MEMFD_FLAGS, returns=NEW_FD)
memfd_secret = Syscall(flags=Flags(((0x80000, "O_CLOEXEC"),)), returns=NEW_FD)

_REMOTE = Array(IOVEC, "riovcnt")
process_vm_readv = Syscall(pid=PID, local_iov=OutVector("liovcnt"), liovcnt=ULONG, remote_iov=_REMOTE,
                           riovcnt=ULONG,
                           flags=ULONG)
process_vm_writev = Syscall(pid=PID, local_iov=Vector("liovcnt"), liovcnt=ULONG, remote_iov=_REMOTE,
                            riovcnt=ULONG,
                            flags=ULONG)

mbind = Syscall(addr=ADDR, len=SIZE, mode=PolicyMode("L"), nodemask=NodeMask("maxnode"), maxnode=ULONG,
                flags=Flags(mman.MBIND_FLAGS, "MPOL_MF_???"))
set_mempolicy = Syscall(mode=PolicyMode("I"), nodemask=NodeMask("maxnode"), maxnode=ULONG)
get_mempolicy = Syscall(mode=Out(Ptr(Const(mman.MPOL_MODES, "MPOL_???"))),
                        nodemask=_filled(NodeMask("maxnode"), "maxnode"), maxnode=ULONG,
                        addr=ADDR,
                        flags=Flags(mman.GET_MEMPOLICY_FLAGS, "MPOL_F_???", code="L"))
migrate_pages = Syscall(pid=PID, maxnode=ULONG, old_nodes=NodeMask("maxnode"), new_nodes=NodeMask("maxnode"))
move_pages = Syscall(pid=PID, count=ULONG, pages=Array(ADDR, "count"), nodes=Array(INT, "count"),
                     status=_filled(Array(PAGE_STATUS, "count"), "count"),
                     flags=Flags(mman.MOVE_PAGES_FLAGS, "MPOL_MF_???"))
set_mempolicy_home_node = Syscall(start=ADDR, len=SIZE, home_node=ULONG, flags=HEXLONG)
