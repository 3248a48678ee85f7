"""32-bit x86: struct user_regs_struct32, 17 words, as an x86-64 kernel shows a 32-bit task."""
from __future__ import annotations

import struct

from .abi import Abi

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Tuple

_words = struct.Struct("<17I")
# ebx ecx edx esi edi ebp eax ds es fs gs orig_eax eip cs eflags esp ss
_EAX, _ORIG_EAX, _EIP, _ESP = 6, 11, 12, 15
_eax = struct.Struct(f"<{4 * _EAX}xi")


def _fetch(registers: bytes) -> Tuple[int, Tuple[int, ...], int, int]:
    w = _words.unpack(registers)
    return w[_ORIG_EAX], w[:6], w[_EIP], w[_ESP]


def _result(registers: bytes) -> int:
    return int(_eax.unpack_from(registers)[0])


ABI = Abi("i386", audit_arch=0x40000003, word=4, mode="32 bit", registers=_words.size, alignment=4,
          fetch=_fetch, result=_result)
