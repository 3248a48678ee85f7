"""AArch64: struct user_pt_regs of <asm/ptrace.h>: x0…x30, sp, pc, pstate.

The kernel overwrites x0 with the result, so arguments have to be fetched at the syscall-enter-stop.
"""
from __future__ import annotations

import errno
import struct

from .abi import NT_PRSTATUS, Abi

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import List, Tuple

_words = struct.Struct("<34Q")
_X8, _SP, _PC = 8, 31, 32
_x0 = struct.Struct("<q")
#: The number of the call to make, which a changed x8 would not change: NT_ARM_SYSTEM_CALL (Linux 3.18).
NO_CALL = 0x404, struct.pack("<i", -1)


def _fetch(registers: bytes) -> Tuple[int, Tuple[int, ...], int, int]:
    w = _words.unpack(registers)
    return w[_X8] & 0xffffffff, w[:6], w[_PC], w[_SP]


def _result(registers: bytes) -> int:
    return int(_x0.unpack_from(registers)[0])


def _refuse(registers: bytes) -> List[Tuple[int, bytes]]:
    return [(NT_PRSTATUS, _x0.pack(-errno.ENOSYS) + registers[_x0.size:]), NO_CALL]


ABI = Abi("aarch64", audit_arch=0xC00000B7, word=8, mode="64 bit", registers=_words.size,
          fetch=_fetch, result=_result, refuse=_refuse)
