"""ptrace(2): its requests, options and events, and the calls the tracer makes with them.

Names and numbers are those of <linux/ptrace.h>. Every function takes a thread id and raises OSError
(ESRCH when the tracee is gone or not stopped) unless it says otherwise.
"""
from __future__ import annotations

import ctypes
import errno
import struct

from .libc import error, iovec
from .libc import ptrace as _ptrace
from .libc import quick_ptrace as _quick_ptrace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import List, Optional, Tuple

PTRACE_PEEKDATA = 2
PTRACE_CONT = 7
PTRACE_DETACH = 17
PTRACE_SYSCALL = 24
PTRACE_SETOPTIONS = 0x4200
PTRACE_GETEVENTMSG = 0x4201
PTRACE_GETSIGINFO = 0x4202
PTRACE_GETREGSET = 0x4204
PTRACE_SETREGSET = 0x4205
PTRACE_SEIZE = 0x4206            # Linux 3.4
PTRACE_INTERRUPT = 0x4207
PTRACE_LISTEN = 0x4208
PTRACE_PEEKSIGINFO = 0x4209      # Linux 3.10
PTRACE_GETSIGMASK = 0x420a       # Linux 3.11
PTRACE_SETSIGMASK = 0x420b
PTRACE_GET_SYSCALL_INFO = 0x420e  # Linux 5.3

PTRACE_O_TRACESYSGOOD = 0x1
PTRACE_O_TRACEFORK = 0x2
PTRACE_O_TRACEVFORK = 0x4
PTRACE_O_TRACECLONE = 0x8
PTRACE_O_TRACEEXEC = 0x10
PTRACE_O_TRACEEXIT = 0x40
PTRACE_O_TRACESECCOMP = 0x80
PTRACE_O_EXITKILL = 0x100000     # Linux 3.8

PTRACE_EVENT_FORK = 1
PTRACE_EVENT_VFORK = 2
PTRACE_EVENT_CLONE = 3
PTRACE_EVENT_EXEC = 4
PTRACE_EVENT_EXIT = 6
PTRACE_EVENT_SECCOMP = 7
PTRACE_EVENT_STOP = 128

NT_PRSTATUS = 1

# struct ptrace_syscall_info: op, padding, arch, instruction_pointer, stack_pointer, then a union:
# entry {nr, args[6]}, exit {rval, is_error} or seccomp {nr, args[6], ret_data}.
PTRACE_SYSCALL_INFO_NONE = 0
PTRACE_SYSCALL_INFO_ENTRY = 1
PTRACE_SYSCALL_INFO_EXIT = 2
PTRACE_SYSCALL_INFO_SECCOMP = 3

_INFO_SIZE = 88
_info = ctypes.create_string_buffer(_INFO_SIZE)
_info_address = ctypes.addressof(_info)
_at_info = ctypes.byref(_info)
_op = memoryview(_info).cast("B")
_unpack_entry = struct.Struct("=B3xIQQQ6QI").unpack_from
_unpack_exit = struct.Struct("=B3xIQQq?").unpack_from

_word = ctypes.c_ulong()
_word_address = ctypes.addressof(_word)
SIGINFO_SIZE = 128
_siginfo = ctypes.create_string_buffer(SIGINFO_SIZE)
_siginfo_address = ctypes.addressof(_siginfo)
_MOST_PENDING = 32
_MASK_SIZE = 8
_REGSET_SIZE = 1024
_regset = ctypes.create_string_buffer(_REGSET_SIZE)
_regset_iov = iovec(ctypes.addressof(_regset), _REGSET_SIZE)
_regset_iov_address = ctypes.addressof(_regset_iov)


def seize(tid: int, options: int) -> None:
    """PTRACE_SEIZE: become the tracer of *tid* without stopping it."""
    if _ptrace(PTRACE_SEIZE, tid, 0, options) < 0:
        raise error()


def set_options(tid: int, options: int) -> None:
    """PTRACE_SETOPTIONS, for a stopped tracee."""
    if _ptrace(PTRACE_SETOPTIONS, tid, 0, options) < 0:
        raise error()


def request(number: int, tid: int, signal: int = 0) -> None:
    """A request that resumes or prods: PTRACE_SYSCALL, _CONT, _DETACH (with a signal to deliver),
    PTRACE_LISTEN, _INTERRUPT."""
    if _ptrace(number, tid, 0, signal) < 0:
        raise error()


def get_event_message(tid: int) -> int:
    """PTRACE_GETEVENTMSG: a new child's pid, an execve's former thread id, the data of a filter's verdict."""
    if _ptrace(PTRACE_GETEVENTMSG, tid, 0, _word_address) < 0:
        raise error()
    return _word.value


def get_siginfo(tid: int) -> bytes:
    """PTRACE_GETSIGINFO: the siginfo_t of a signal-delivery-stop, 128 bytes."""
    if _ptrace(PTRACE_GETSIGINFO, tid, 0, _siginfo_address) < 0:
        raise error()
    return _siginfo.raw


def pending(tid: int) -> List[bytes]:
    """PTRACE_PEEKSIGINFO: the siginfo_t of each signal that waits for a stopped tracee, this thread alone."""
    argument = ctypes.create_string_buffer(struct.pack("=QIi", 0, 0, _MOST_PENDING))
    found = ctypes.create_string_buffer(_MOST_PENDING * SIGINFO_SIZE)
    number = _ptrace(PTRACE_PEEKSIGINFO, tid, ctypes.addressof(argument), ctypes.addressof(found))
    if number < 0:
        raise error()
    return [found.raw[at:at + SIGINFO_SIZE] for at in range(0, number * SIGINFO_SIZE, SIGINFO_SIZE)]


def get_mask(tid: int) -> int:
    """PTRACE_GETSIGMASK: the signals that a stopped tracee blocks, bit N-1 for signal N."""
    if _ptrace(PTRACE_GETSIGMASK, tid, _MASK_SIZE, _word_address) < 0:
        raise error()
    return _word.value


def set_mask(tid: int, mask: int) -> None:
    """PTRACE_SETSIGMASK, for a stopped tracee."""
    _word.value = mask
    if _ptrace(PTRACE_SETSIGMASK, tid, _MASK_SIZE, _word_address) < 0:
        raise error()


def get_registers(tid: int) -> bytes:
    """PTRACE_GETREGSET of NT_PRSTATUS: the general registers; their length tells the ABI."""
    _regset_iov.iov_len = _REGSET_SIZE
    if _ptrace(PTRACE_GETREGSET, tid, NT_PRSTATUS, _regset_iov_address) < 0:
        raise error()
    return _regset.raw[:_regset_iov.iov_len]


def set_registers(tid: int, kind: int, registers: bytes) -> None:
    """PTRACE_SETREGSET of the register set *kind* (NT_*)."""
    buffer = ctypes.create_string_buffer(registers, len(registers))
    argument = iovec(ctypes.addressof(buffer), len(registers))
    if _ptrace(PTRACE_SETREGSET, tid, kind, ctypes.addressof(argument)) < 0:
        raise error()


def get_syscall_info(tid: int) -> Optional[Tuple[int, ...]]:
    """PTRACE_GET_SYSCALL_INFO, as a flat tuple that starts with ``(op, arch, ip, sp)`` and goes on with
    ``(nr, arg0 … arg5, data)`` for entry and seccomp (*data* is that of the filter's verdict, and
    means nothing at an entry), ``(rval, is_error)`` for exit, or nothing. None when the tracee is gone."""
    if _quick_ptrace(PTRACE_GET_SYSCALL_INFO, tid, _INFO_SIZE, _at_info) < 0 \
            and _ptrace(PTRACE_GET_SYSCALL_INFO, tid, _INFO_SIZE, _info_address) < 0:
        if ctypes.get_errno() == errno.ESRCH:
            return None
        raise error()
    return _unpack_exit(_info) if _op[0] == PTRACE_SYSCALL_INFO_EXIT else _unpack_entry(_info)


def has_syscall_info() -> bool:
    """Whether the kernel knows PTRACE_GET_SYSCALL_INFO (Linux 5.3). It answers ESRCH for a thread
    that is not our tracee whatever the request, so the release number has to tell."""
    import os
    major, minor = (int("".join(filter(str.isdigit, part)) or 0) for part in os.uname().release.split(".")[:2])
    return (major, minor) >= (5, 3)
