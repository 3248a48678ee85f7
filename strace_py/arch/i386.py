"""32-bit x86: struct user_regs_struct32, 17 words, as an x86-64 kernel shows a 32-bit task."""
from __future__ import annotations

import errno
import struct

from .abi import NT_PRSTATUS, Abi

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import List, Tuple

_words = struct.Struct("<17I")
# ebx ecx edx esi edi ebp eax ds es fs gs orig_eax eip cs eflags esp ss
_EAX, _ORIG_EAX, _EIP, _ESP = 6, 11, 12, 15
_eax = struct.Struct(f"<{4 * _EAX}xi")
# A 64-bit program that calls int 0x80 has the registers of x86_64.py.
_long_words = struct.Struct("<27Q")
_RBP, _RBX, _RAX, _RCX, _RDX, _RSI, _RDI, _ORIG_RAX, _RIP, _RSP = 4, 5, 10, 11, 12, 13, 14, 15, 16, 19
_long_eax = struct.Struct(f"<{8 * _RAX}xi")


def _fetch(registers: bytes) -> Tuple[int, Tuple[int, ...], int, int]:
    if len(registers) == _long_words.size:
        w = _long_words.unpack(registers)
        args = tuple([w[place] & 0xffffffff for place in (_RBX, _RCX, _RDX, _RSI, _RDI, _RBP)])
        return w[_ORIG_RAX] & 0xffffffff, args, w[_RIP], w[_RSP]
    w = _words.unpack(registers)
    return w[_ORIG_EAX], w[:6], w[_EIP], w[_ESP]


def _result(registers: bytes) -> int:
    return int((_long_eax if len(registers) == _long_words.size else _eax).unpack_from(registers)[0])


def _refuse(registers: bytes) -> List[Tuple[int, bytes]]:
    if len(registers) == _long_words.size:
        from .x86_64 import ABI as X86_64
        return X86_64.refuse(registers)
    changed = bytearray(registers)
    struct.pack_into("<i", changed, 4 * _EAX, -errno.ENOSYS)
    struct.pack_into("<i", changed, 4 * _ORIG_EAX, -1)
    return [(NT_PRSTATUS, bytes(changed))]


# SYS_* of <linux/net.h> and the numbers of <linux/ipc.h>: see socketcall(2) and ipc(2).
_SOCKETCALLS = ("socket", "bind", "connect", "listen", "accept", "getsockname", "getpeername", "socketpair", "send",
                "recv", "sendto", "recvfrom", "shutdown", "setsockopt", "getsockopt", "sendmsg", "recvmsg",
                "accept4", "recvmmsg", "sendmmsg")
_IPCS = {1: "semop", 2: "semget", 3: "semctl", 4: "semtimedop", 11: "msgsnd", 12: "msgrcv", 13: "msgget", 14: "msgctl",
         21: "shmat", 22: "shmdt", 23: "shmget", 24: "shmctl"}

ABI = Abi("i386", audit_arch=0x40000003, word=4, mode="32 bit", registers=_words.size, alignment=4,
          fetch=_fetch, result=_result, refuse=_refuse,
          multiplexers={102: dict(enumerate(_SOCKETCALLS, 1)), 117: _IPCS})
