"""x86-64: struct user_regs_struct of <asm/ptrace.h>, 27 words."""
from __future__ import annotations

import errno
import struct

from .abi import NT_PRSTATUS, Abi

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import List, Tuple

_words = struct.Struct("<27Q")
# r15 r14 r13 r12 rbp rbx r11 r10 r9 r8 rax rcx rdx rsi rdi orig_rax rip cs eflags rsp ss …
_R10, _R9, _R8, _RAX, _RDX, _RSI, _RDI, _ORIG_RAX, _RIP, _RSP = 7, 8, 9, 10, 12, 13, 14, 15, 16, 19
_rax = struct.Struct(f"<{8 * _RAX}xq")


def _fetch(registers: bytes) -> Tuple[int, Tuple[int, ...], int, int]:
    w = _words.unpack(registers)
    return w[_ORIG_RAX], (w[_RDI], w[_RSI], w[_RDX], w[_R10], w[_R8], w[_R9]), w[_RIP], w[_RSP]


def _result(registers: bytes) -> int:
    return int(_rax.unpack_from(registers)[0])


def _refuse(registers: bytes) -> List[Tuple[int, bytes]]:
    changed = bytearray(registers)
    struct.pack_into("<q", changed, 8 * _RAX, -errno.ENOSYS)
    struct.pack_into("<q", changed, 8 * _ORIG_RAX, -1)
    return [(NT_PRSTATUS, bytes(changed))]


ABI = Abi("x86_64", audit_arch=0xC000003E, word=8, mode="64 bit", registers=_words.size,
          fetch=_fetch, result=_result, refuse=_refuse)
