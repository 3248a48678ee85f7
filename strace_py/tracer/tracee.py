"""One traced thread."""
from __future__ import annotations

from ..kernel.memory import Memory

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Optional

    from ..arch.abi import Abi
    from ..call import Call
    from .tracer import Tracer


class Tracee:
    """A thread and where it stands between its stops.

    *tid* is its thread id, *abi* the ABI of its last system call, *nr* that call's number (-1: none yet), *ip* the
    instruction pointer at a signal (0: not known).

    *in_syscall*: between its syscall-enter-stop and its syscall-exit-stop; *call* is that system call when
    somebody wants to see it. *interrupted* is the name of the last one, which restart_syscall(2) may resume.
    *system_ns* is the CPU time spent in the kernel at the last stop, when somebody wants to know.

    *hidden*: not yet the user's program (the fork before its execve), *starting*: in that execve. *seen*: its
    first stop has come. *attached*: by -p. *silent*: nobody asked for it, see silent.py.
    """

    __slots__ = ("tid", "tracer", "abi", "memory", "call", "in_syscall", "hidden", "starting", "seen", "silent",
                 "interrupted", "system_ns", "attached", "nr", "ip")

    def __init__(self, tid: int, tracer: Tracer, abi: Abi, attached: bool = False) -> None:
        self.tid = tid
        self.tracer = tracer
        self.abi = abi
        self.memory = Memory(tid)
        self.call: Optional[Call] = None
        self.in_syscall = False
        self.hidden = False
        self.starting = False
        self.seen = False
        self.silent = False
        self.interrupted = ""
        self.system_ns = 0
        self.nr = -1
        self.ip = 0
        self.attached = attached

    def __repr__(self) -> str:
        return f"<Tracee {self.tid}>"
