"""32-bit Arm EABI as an AArch64 kernel shows it: r0…r15, cpsr, orig_r0; the number is in r7."""
from __future__ import annotations

import errno
import struct

from .aarch64 import NO_CALL
from .abi import NT_PRSTATUS, Abi

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import List, Tuple

_words = struct.Struct("<18I")
_R7, _SP, _PC, _ORIG_R0 = 7, 13, 15, 17
_r0 = struct.Struct("<i")


def _fetch(registers: bytes) -> Tuple[int, Tuple[int, ...], int, int]:
    w = _words.unpack(registers)
    return w[_R7], (w[_ORIG_R0], *w[1:6]), w[_PC], w[_SP]


def _result(registers: bytes) -> int:
    return int(_r0.unpack_from(registers)[0])


def _refuse(registers: bytes) -> List[Tuple[int, bytes]]:
    return [(NT_PRSTATUS, _r0.pack(-errno.ENOSYS) + registers[_r0.size:]), NO_CALL]


ABI = Abi("arm", audit_arch=0x40000028, word=4, mode="32 bit", registers=_words.size,
          fetch=_fetch, result=_result, refuse=_refuse, even_pairs=True)
