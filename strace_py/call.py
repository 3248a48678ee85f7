"""One system call of one tracee: what decoders fill in and outputs read."""
from __future__ import annotations

from types import MappingProxyType

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, List, Mapping, Optional, Tuple

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

    # Most calls never set these: an attribute of the class costs nothing to make.
    entry_count = 0
    halved = False
    returned = False
    ret = 0
    error = 0
    result: Optional[Value] = None
    note: Optional[Value] = None
    dump: Optional[Dump] = None
    entered_at = 0
    left_at = 0
    wall_time = 0
    system_ns = 0
    saved: Optional[Dict[str, Any]] = None
    siblings: Mapping[str, Any] = MappingProxyType({})

    def __init__(self, tracee: Tracee, signature: Prepared, nr: int, args: Tuple[int, ...], ip: int, sp: int) -> None:
        self.tracee = tracee
        self.memory: Memory = tracee.memory
        self.signature = signature
        self.nr = nr
        self.args = args
        self.ip = ip
        self.sp = sp
        self.values: List[Value] = []

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
