"""A tracee's memory, read with as few kernel calls as the answer allows.

process_vm_readv(2) (Linux 3.2, may be compiled out or forbidden by a sandbox) comes first, then
``/proc/PID/mem``, then PTRACE_PEEKDATA a word at a time. The addresses and lengths come from the
tracee and are claims: every read is bounded by the caller and answers None or short, never raises.
"""
from __future__ import annotations

import ctypes
import errno
import os
import struct

from .libc import process_vm_readv, ptrace, quick_readv
from .ptrace import PTRACE_PEEKDATA

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Optional, Tuple

    Way = Callable[[int, int, int], bytes]

#: The smallest page of any supported machine: a read that ends at a multiple of it never crosses into
#: a page that is not mapped, whatever the real page size.
PAGE = 4096
#: No single read is longer, whatever the tracee claims.
LONGEST = 1 << 20

_WORD = ctypes.sizeof(ctypes.c_ulong)
_TOP = 1 << (8 * _WORD)

# Where the bytes go, and where they are: two struct iovec, of which the first only changes with the buffer.
_iovec = struct.Struct("@2L")
_vectors = ctypes.create_string_buffer(2 * _iovec.size)
_fill = _iovec.pack_into
_REMOTE = _iovec.size
_local, _remote = ctypes.byref(_vectors), ctypes.byref(_vectors, _REMOTE)
_buffer: Any = None
_room = 0


def _grow(size: int) -> None:
    global _buffer, _room
    _buffer = ctypes.create_string_buffer(size)
    _room = size
    _fill(_vectors, 0, ctypes.addressof(_buffer), size)


_grow(PAGE)


class _Refused(Exception):
    """This way of reading does not work for this tracee at all (not: this address is bad)."""


def _by_readv(tid: int, address: int, size: int) -> bytes:
    if size > _room:
        _grow(size)
    _fill(_vectors, _REMOTE, address, size)
    count = quick_readv(tid, _local, 1, _remote, 1, 0)
    if count < 0:
        if process_vm_readv(tid, _local, 1, _remote, 1, 0) < 0 \
                and ctypes.get_errno() in (errno.ENOSYS, errno.EPERM):
            raise _Refused
        return b""
    return _buffer[:count]  # type: ignore[no-any-return]


def _by_proc(tid: int, address: int, size: int) -> bytes:
    try:
        fd = os.open(f"/proc/{tid}/mem", os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        raise _Refused from None
    try:
        return os.pread(fd, size, address)
    except (OSError, OverflowError):
        return b""
    finally:
        os.close(fd)


def _by_peek(tid: int, address: int, size: int) -> bytes:
    start = address & -_WORD
    words = []
    for word_address in range(start, min(address + size, _TOP), _WORD):
        ctypes.set_errno(0)
        word = ptrace(PTRACE_PEEKDATA, tid, word_address, 0)
        if word == -1 and ctypes.get_errno():
            break
        words.append((word % _TOP).to_bytes(_WORD, "little"))
    return b"".join(words)[address - start:address - start + size]


#: The ways to read, best first. A tracer that finds one refused goes on with the next for good.
WAYS = (_by_readv, _by_proc, _by_peek)


class Memory:
    """The memory of the thread *tid*."""

    __slots__ = ("tid", "_ways")

    def __init__(self, tid: int, ways: Tuple[Way, ...] = WAYS) -> None:
        self.tid = tid
        self._ways = ways

    def upto(self, address: int, size: int) -> bytes:
        """As many of the *size* bytes at *address* as can be read from the front; maybe none."""
        if size <= 0 or address <= 0 or address >= _TOP:
            return b""
        size = min(size, LONGEST, _TOP - address)
        while True:
            try:
                data = self._ways[0](self.tid, address, size)
                break
            except _Refused:
                if len(self._ways) == 1:
                    return b""
                self._ways = self._ways[1:]
        while data and len(data) < size:
            # The kernel promises whole iovec elements only, so the bytes before a bad page may be
            # missing: go on to the end of the page that the last byte is in.
            at = address + len(data)
            part = self._ways[0](self.tid, at, min(PAGE - at % PAGE, size - len(data)))
            if not part:
                break
            data += part
        return data

    def read(self, address: int, size: int) -> Optional[bytes]:
        """Exactly *size* bytes at *address*, or None when not all can be read. 0 bytes can always be."""
        if 0 < size <= PAGE and 0 < address < _TOP - PAGE:  # as `upto`, when all goes well
            try:
                data = self._ways[0](self.tid, address, size)
                if len(data) == size:
                    return data
            except _Refused:
                pass
        data = self.upto(address, size)
        return data if len(data) == size else None

    def string(self, address: int, limit: int) -> Optional[Tuple[bytes, bool]]:
        """The string at *address* up to its NUL, at most *limit* bytes of it, and whether the NUL was
        seen; None when memory ends before either."""
        data = b""
        while len(data) <= limit:
            # To the end of the page: shorter reads cost as much, longer ones may fail.
            at = address + len(data)
            part = self.upto(at, min(PAGE - at % PAGE, limit + 1 - len(data)))
            if not part:
                return None
            end = part.find(0)
            if end >= 0:
                data += part[:end]
                return data[:limit], len(data) <= limit
            data += part
        return data[:limit], False
