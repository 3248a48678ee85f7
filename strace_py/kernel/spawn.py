"""fork(2) and execve(2) of the command, in pure libc calls.

Everything the child needs is allocated before the fork; the child makes prepared libc calls and nothing
else, then waits on a pipe until the tracer has attached.
"""
from __future__ import annotations

import ctypes
import os

from . import libc

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Callable, List, Mapping, Optional, Sequence, Tuple

    #: Numeric user id, group id and supplementary groups.
    Identity = Tuple[int, int, Sequence[int]]


def _vector(strings: Sequence[bytes]) -> ctypes.Array[ctypes.c_char_p]:
    """A NULL-terminated char *array[]."""
    return (ctypes.c_char_p * (len(strings) + 1))(*strings, None)


class Child:
    """A forked child that waits for `go`. *pid* is its process id."""

    def __init__(self, path: bytes, argv: Sequence[bytes], environment: Sequence[bytes],
                 dispositions: Mapping[int, int], identity: Optional[Identity] = None,
                 setup: Sequence[Tuple[Callable[..., int], Tuple[int, ...]]] = (), program: bytes = b"strace") -> None:
        """*dispositions* are SIG_DFL or SIG_IGN by signal. *setup* are further libc calls, made first, whose
        failure is the caller's to notice; when another call or execve fails, the child says so on stderr
        in *program*'s name and exits with 1. Raises OSError when fork fails."""
        calls: List[Tuple[Callable[..., int], Tuple[object, ...], bytes]] = []
        child = libc.child
        signal = child["signal"]
        signals = [(int(number), int(disposition)) for number, disposition in dispositions.items()]
        if identity is not None:
            uid, gid, groups = identity
            array = (ctypes.c_uint * max(1, len(groups)))(*groups)
            calls.append((child["setgroups"], (len(groups), array), b"setgroups"))
            calls.append((child["setresgid"], (gid, gid, gid), b"setregid"))
            calls.append((child["setresuid"], (uid, uid, uid), b"setreuid"))
        prepared = [(function, arguments, program + b": " + what) for function, arguments, what in calls]
        execve, read, perror, leave = child["execve"], child["read"], child["perror"], child["_exit"]
        argv_vector, environment_vector = _vector(argv), _vector(environment)
        exec_failed = program + b": exec"
        ready, self._go = os.pipe()
        byte = ctypes.create_string_buffer(1)
        self.pid = libc.fork()
        if self.pid == 0:
            # Before it is traced: each call would be two stops.
            for number, disposition in signals:
                signal(number, disposition)
            if read(ready, byte, 1) != 1:
                leave(1)  # the tracer is gone
            for function, numbers in setup:
                function(*numbers)
            for function, arguments, what in prepared:
                if function(*arguments) < 0:
                    perror(what)
                    leave(1)
            execve(path, argv_vector, environment_vector)
            perror(exec_failed)
            leave(1)
        os.close(ready)
        if self.pid < 0:
            os.close(self._go)
            raise libc.error()

    def go(self) -> None:
        """Let the child run on to its execve."""
        os.write(self._go, b"x")
        os.close(self._go)
