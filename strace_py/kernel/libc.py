"""The C functions that the package calls, bound once with their types.

``CDLL(None)`` is the C library that the interpreter itself runs on, glibc or musl: no search, no
compiler, no file name. Functions bound with ``use_errno`` report errors through ``ctypes.get_errno()``.
"""
from __future__ import annotations

import ctypes
import os
from ctypes import c_int, c_long, c_size_t, c_ulong, c_void_p

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable

_libc = ctypes.CDLL(None, use_errno=True)
# After fork() the child must not touch the interpreter's lock, and a PyDLL function doesn't: it runs
# with the lock held, in the parent and in the child.
_held = ctypes.PyDLL(None, use_errno=True)


def _bind(library: ctypes.CDLL, name: str, restype: Any, *argtypes: Any) -> Callable[..., int]:
    function = getattr(library, name)
    function.restype = restype
    function.argtypes = argtypes
    return function  # type: ignore[no-any-return]


#: long ptrace(request, pid, addr, data): -1 and errno on failure; see ptrace(2).
ptrace = _bind(_libc, "ptrace", c_long, c_long, c_long, c_ulong, c_ulong)
#: int prctl(option, arg2, arg3, arg4, arg5), and options of <linux/prctl.h>
prctl = _bind(_libc, "prctl", c_int, c_int, c_ulong, c_ulong, c_ulong, c_ulong)
PR_SET_PDEATHSIG = 1
PR_GET_SECCOMP = 21
PR_SET_SECCOMP = 22
PR_SET_NO_NEW_PRIVS = 38
#: long syscall(number, …), for calls that libc has no function for.
syscall = _bind(_libc, "syscall", c_long, c_long, c_ulong, c_long, c_long, c_long, c_ulong)


def _loose(library: ctypes.CDLL, name: str, restype: Any = c_int) -> Callable[..., int]:
    function = library[name]
    function.restype = restype
    return function


# What the tracer calls at every stop has no argtypes, which halves the time of a call (CPython 3.8 to 3.13). So
# numbers are passed as C's int, and what they point at as a ctypes object. Where that is possible, errno is not kept,
# and the interpreter's lock not given away: a tenth each.
_brief = ctypes.PyDLL(None)
#: ptrace() with a ctypes object for its last argument. Who wants to know why it has failed asks `ptrace` again.
quick_ptrace = _loose(_brief, "ptrace")
#: ptrace() that resumes; nobody asks whether it did.
resume = _loose(_brief, "ptrace", None)
#: pid_t wait4(pid, status, options, usage); unlike os.waitpid() it does not begin again after a signal.
wait4 = _loose(ctypes.CDLL(None), "wait4")
#: ssize_t process_vm_readv(pid, local_iov, liovcnt, remote_iov, riovcnt, flags), Linux 3.2, of less than 2 GiB
quick_readv = _loose(_brief, "process_vm_readv")
#: The same, that keeps errno.
process_vm_readv = _loose(_libc, "process_vm_readv")

#: The calls a forked child makes before execve(2); each takes prepared numbers and addresses only.
fork = _bind(_held, "fork", c_int)
child = {
    "_exit": _bind(_held, "_exit", None, c_int),
    "execve": _bind(_held, "execve", c_int, c_void_p, c_void_p, c_void_p),
    "perror": _bind(_held, "perror", None, c_void_p),
    "prctl": _bind(_held, "prctl", c_int, c_int, c_ulong, c_ulong, c_ulong, c_ulong),
    "read": _bind(_held, "read", c_long, c_int, c_void_p, c_size_t),
    "setgroups": _bind(_held, "setgroups", c_int, c_size_t, c_void_p),
    "setresgid": _bind(_held, "setresgid", c_int, c_int, c_int, c_int),
    "setresuid": _bind(_held, "setresuid", c_int, c_int, c_int, c_int),
    "signal": _bind(_held, "signal", c_long, c_int, c_ulong),
}


class iovec(ctypes.Structure):
    """struct iovec of readv(2): an address and a length in bytes."""

    _fields_ = [("iov_base", c_ulong), ("iov_len", c_ulong)]


def error() -> OSError:
    """The OSError for the errno of the last failed call."""
    number = ctypes.get_errno()
    return OSError(number, os.strerror(number))
