"""perf_event_open(2) of a tracepoint, with a signal to the thread that hits it.

An event of type TRACEPOINT with ``sigtrap`` (Linux 5.13) makes a thread take a SIGTRAP (si_code TRAP_PERF)
whenever it passes the tracepoint and the event's filter holds. The filter is text, made of the tracepoint's
fields as tracefs describes them, and is run inside the kernel: what it rejects costs a few comparisons.
Closing the descriptor ends the event. Every function raises OSError.
"""
from __future__ import annotations

import ctypes
import os
import struct

from .libc import error, syscall

#: Where debugfs mounts tracefs as soon as somebody looks.
_VISITED = "/sys/kernel/debug/tracing"

_NUMBERS = {"x86_64": 298, "aarch64": 241}

# <linux/perf_event.h>: struct perf_event_attr as of PERF_ATTR_SIZE_VER7.
_TYPE_TRACEPOINT = 2
_ATTR_SIZE = 128
_DISABLED = 1 << 0
_REMOVE_ON_EXEC = 1 << 36     # sigtrap demands it: the new program knows nothing of the event
_SIGTRAP = 1 << 37
_FLAG_FD_CLOEXEC = 8
# type, size, config, sample_period, sample_type, read_format, flags, 72 bytes, sig_data
_attr = struct.Struct("=IIQQQQQ72xQ")
_ENABLE = 0x2400
_SET_FILTER = 0x40082406
#: The kernel takes a page, with the NUL at its end.
LONGEST_FILTER = 4095

#: si_code of the signal (<asm-generic/siginfo.h>), and what its flags have when it came late, because the
#: thread had SIGTRAP blocked.
TRAP_PERF = 6
TRAP_PERF_FLAG_ASYNC = 1
# struct siginfo of 64-bit tracers: si_signo, si_errno, si_code, si_addr, then _perf {_data, _type, _flags}.
_siginfo = struct.Struct("=iiiiQQII")


def tracefs() -> str:
    """The directory where tracefs is mounted. FileNotFoundError: nowhere."""
    with open("/proc/self/mounts", "rb") as file:
        for line in file:
            words = line.split()
            if words[2] == b"tracefs":
                return os.fsdecode(words[1])
    os.stat(_VISITED + "/events")
    return _VISITED


def tracepoint(directory: str, name: str) -> int:
    """The id of the tracepoint called *name* (``raw_syscalls/sys_exit``), from tracefs at *directory*.
    PermissionError: tracefs is for root only."""
    with open(f"{directory}/events/{name}/id", "rb") as file:
        return int(file.read())


def open_sigtrap(tid: int, config: int, data: int, condition: str) -> int:
    """An event for every passage of thread *tid* (0: the caller) through tracepoint *config* for which
    *condition* holds (a filter; ``""``: always). Its siginfo holds *data*, 64 bits. Returns a descriptor."""
    flags = _DISABLED | _REMOVE_ON_EXEC | _SIGTRAP
    attr = ctypes.create_string_buffer(
        _attr.pack(_TYPE_TRACEPOINT, _ATTR_SIZE, config, 1, 0, 0, flags, data), _ATTR_SIZE)
    fd = syscall(_NUMBERS[os.uname().machine], ctypes.addressof(attr), tid, -1, -1, _FLAG_FD_CLOEXEC)
    if fd < 0:
        raise error()
    import fcntl
    try:
        if condition:
            fcntl.ioctl(fd, _SET_FILTER, bytearray(condition.encode() + b"\0"))
        fcntl.ioctl(fd, _ENABLE, 0)
    except OSError:
        os.close(fd)
        raise
    return fd


def count(fd: int) -> int:
    """How often the event has happened, whether a signal came of it or not."""
    return int.from_bytes(os.read(fd, 8), "little")


def sigtrap(info: bytes, data: int) -> int:
    """Whether the siginfo_t *info* is from an event that was opened with *data*: its flags, -1 if not."""
    _, _, code, _, _, found, _, flags = _siginfo.unpack_from(info)
    return int(flags) if code == TRAP_PERF and found == data else -1
