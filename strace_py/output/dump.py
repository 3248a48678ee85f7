"""What -e read and -e write show below a call's line: its data in hexadecimal and in ASCII.

     | 00000  68 65 6c 6c 6f 0a                                 hello.           |
"""
from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import List

    from ..values import Dump

_ASCII = "".join([chr(byte) if 32 <= byte < 127 else "." for byte in range(256)])


def lines(dump: Dump) -> str:
    """The lines, each with its newline."""
    text: List[str] = []
    for number, (count, buffers) in enumerate(dump.vectors):
        if dump.depth > 1:
            text.append(f" = {count} buffers in vector {number}\n")
        for index, (length, data) in enumerate(buffers):
            if dump.depth:
                text.append(f" * {length} bytes in buffer {index}\n")
            if data is not None:
                _hexdump(data, text)
    return "".join(text)


def _hexdump(data: bytes, text: List[str]) -> None:
    for start in range(0, len(data), 16):
        row = data[start:start + 16]
        left, right = row[:8].hex(" "), row[8:].hex(" ")
        shown = row.decode("latin-1").translate(_ASCII)
        text.append(f" | {start:05x}  {left:<23}  {right:<23}  {shown:<16} |\n")
