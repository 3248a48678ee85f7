"""AArch64: struct user_pt_regs of <asm/ptrace.h>: x0…x30, sp, pc, pstate.

The kernel overwrites x0 with the result, so arguments have to be fetched at the syscall-enter-stop.
"""
from __future__ import annotations

import struct

from .abi import Abi

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Tuple

_words = struct.Struct("<34Q")
_X8, _SP, _PC = 8, 31, 32
_x0 = struct.Struct("<q")


def _fetch(registers: bytes) -> Tuple[int, Tuple[int, ...], int, int]:
    w = _words.unpack(registers)
    return w[_X8] & 0xffffffff, w[:6], w[_PC], w[_SP]


def _result(registers: bytes) -> int:
    return int(_x0.unpack_from(registers)[0])


ABI = Abi("aarch64", audit_arch=0xC00000B7, word=8, mode="64 bit", registers=_words.size,
          fetch=_fetch, result=_result)
