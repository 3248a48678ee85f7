"""One system call of one tracee: what decoders fill in and outputs read."""
from __future__ import annotations

from typing import Any, Dict, List, Optional, Tuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .kernel.memory import Memory
    from .syscalls.signature import Prepared
    from .tracer.tracee import Tracee
    from .values import Dump, Value


class Call:
    """A system call from its syscall-enter-stop to its syscall-exit-stop.

    *args* are the six argument registers, unsigned words, *ip* and *sp* the instruction and stack pointers.

    *values* grows: at entry by the arguments known then (*entry_count* of them, and one that the call
    changes when *halved*), at exit by the others; OMIT stands for one that this call doesn't have.
    *returned* is False until the exit-stop, *ret* the signed result, *error* the errno (positive, 0 for
    success), *result* the decoded return value (None when there is none), *note* what is shown beside it,
    *dump* the data that -e read or -e write want to see whole.

    Times are ns, and 0 unless the output asked for them: *entered_at* and *left_at* of CLOCK_MONOTONIC,
    *wall_time* of CLOCK_REALTIME at the last of its stops, *system_ns* the CPU time the tracee spent in
    the kernel between them.

    For decoders: *saved* is what they keep from entry for exit, *siblings* the raw fields of the structure
    that is being decoded.
    """

    __slots__ = ("tracee", "memory", "signature", "nr", "args", "ip", "sp",
                 "values", "entry_count", "halved", "returned", "ret", "error", "result", "note", "dump",
                 "entered_at", "left_at", "wall_time", "system_ns", "saved", "siblings")

    def __init__(self, tracee: Tracee, signature: Prepared, nr: int, args: Tuple[int, ...], ip: int,
                 sp: int = 0) -> None:
        self.tracee = tracee
        self.memory: Memory = tracee.memory
        self.signature = signature
        self.nr = nr
        self.args = args
        self.ip = ip
        self.sp = sp
        self.values: List[Value] = []
        self.ret = 0
        self.error = 0
        self.returned = False
        self.entered_at = 0
        self.left_at = 0
        self.wall_time = 0
        self.system_ns = 0
        self.saved: Optional[Dict[str, Any]] = None
        self.note: Optional[Value] = None
        self.siblings: Dict[str, Any] = {}
        self.result: Optional[Value] = None
        self.entry_count = 0
        self.halved = False
        self.dump: Optional[Dump] = None

    @property
    def name(self) -> str:
        """The system call's name, as strace prints it."""
        return self.signature.name

    def arg(self, name: str) -> int:
        """The argument called *name* as its C type has it. Raises KeyError for a name it hasn't."""
        return self.signature.getters[name](self)

    def save(self, key: str, what: Any) -> None:
        """Keep *what* for the exit."""
        if self.saved is None:
            self.saved = {}
        self.saved[key] = what

    def load(self, key: str) -> Any:
        """What was saved at entry, or None."""
        return None if self.saved is None else self.saved.get(key)
