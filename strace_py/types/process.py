"""Types of the process calls: argument vectors, clone's structure, wait statuses, resource usage."""
from __future__ import annotations

from ..constants import sched
from ..values import Addr, Bytes, Changed, Half, Noted
from ..values import Array as ArrayValue
from ..values import Const as ConstValue
from ..values import Struct as StructValue
from .common import FD, PID, SIGNAL, Parts
from .core import (
    ADDR64,
    HEX8,
    HEX64,
    MOST_ELEMENTS,
    UBYTE,
    UINT,
    UINT64,
    USHORT,
    Argument,
    Array,
    Const,
    Decoder,
    Flags,
    How,
    If,
    Ptr,
    Sized,
    Struct,
    Type,
    register,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Dict, List, Optional, Tuple

    from ..call import Call
    from ..values import Value


class Strings(Type):
    """A pointer to pointers to strings, of which NULL is the last: execve's arguments. *counted*: how many
    there are is all that is shown, unless structures are shown in full (the environment)."""

    code = "P"
    #: So many pointers are read at once.
    CHUNK = 64

    def __init__(self, counted: bool = False) -> None:
        self.counted = counted

    def decoder(self, how: How) -> Decoder:
        if not how.deref:
            return lambda call, address: Addr(address)
        if self.counted and how.abbrev:
            return lambda call, address: self._count(call, address, how.abi.word)
        word = how.abi.word
        limit = how.limit
        most = how.elements(MOST_ELEMENTS)

        def decode(call: Call, address: int) -> Value:
            pointers, end = self._pointers(call, address, word, most + 1)
            if pointers is None:
                return Addr(address)
            items: List[Value] = []
            for pointer in pointers[:most]:
                found = call.memory.string(pointer, limit)
                items.append(Addr(pointer) if found is None else Bytes(found[0], not found[1]))
            return ArrayValue(items, len(pointers) > most, end if len(pointers) <= most else None)
        return decode

    def _pointers(self, call: Call, address: int, word: int, most: int) -> Tuple[Optional[List[int]],
                                                                                 Optional[int]]:
        """The pointers up to NULL, at most *most*, and the address of one that can't be read. None
        instead of the list when there is nothing to read."""
        if not address:
            return None, None
        pointers: List[int] = []
        while len(pointers) < most:
            at = address + len(pointers) * word
            data = call.memory.upto(at, min(self.CHUNK, most - len(pointers)) * word)
            if len(data) < word:
                return (pointers, at) if pointers else (None, None)
            for start in range(0, len(data) - word + 1, word):
                pointer = int.from_bytes(data[start:start + word], "little")
                if not pointer:
                    return pointers, None
                pointers.append(pointer)
        return pointers, None

    def _count(self, call: Call, address: int, word: int) -> Value:
        pointers, end = self._pointers(call, address, word, MOST_ELEMENTS)
        if pointers is None:
            return Addr(address)
        count = len(pointers)
        return Noted(Addr(address), f"{count} var{'s' * (count != 1)}{', unterminated' if end else ''}")


ARGV = Strings()
ENVP = Strings(counted=True)

# <linux/sched.h>: the low byte of clone's flags is the signal that the child sends when it ends.
CSIGNAL = 0xff
CLONE_PIDFD = 0x1000
CLONE_SETTLS = 0x80000
CLONE_PARENT_SETTID = 0x100000
CLONE_CHILD_CLEARTID = 0x200000
CLONE_CHILD_SETTID = 0x1000000
CLONE_INTO_CGROUP = 0x200000000
#: clone's flags and the exit signal.
CLONE_FLAGS = Parts((0, Flags(sched.CLONE_FLAGS, "CLONE_???"), False), (CSIGNAL, SIGNAL, False), code="L", raw="")


class ExitSignal(Type):
    """A signal number in 64 bits."""

    code = "Q"

    def decoder(self, how: How) -> Decoder:
        inner = SIGNAL.decoder(how)
        return lambda call, number: inner(call, number) if number < 1 << 31 else number


def _has(flags: int) -> Callable[[Dict[str, Any]], object]:
    return lambda fields: fields["flags"] & flags


# MAX_PID_NS_LEVEL of <linux/pid_namespace.h>: a longer set_tid is refused.
_MOST_TIDS = 32


class _Tids(Type):
    """clone3's set_tid: process ids, as many as the next field says."""

    code = "Q"

    def decoder(self, how: How) -> Decoder:
        inner = Array(PID, lambda call: call.siblings["set_tid_size"]).decoder(how)
        return lambda call, number: (inner(call, number) if 0 < call.siblings["set_tid_size"] <= _MOST_TIDS
                                     else Addr(number))


def _some_tids(fields: Dict[str, Any]) -> object:
    return fields["set_tid"] or fields["set_tid_size"]


def _some_cgroup(fields: Dict[str, Any]) -> object:
    return fields["cgroup"] or fields["flags"] & CLONE_INTO_CGROUP


_UP_TO_TIDS = {
    "flags": Flags(sched.CLONE3_FLAGS, "CLONE_???", code="Q"),
    "pidfd": If(_has(CLONE_PIDFD), ADDR64),
    "child_tid": If(_has(CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID), ADDR64),
    "parent_tid": If(_has(CLONE_PARENT_SETTID), ADDR64),
    "exit_signal": ExitSignal(), "stack": ADDR64, "stack_size": HEX64,
    "tls": If(_has(CLONE_SETTLS), ADDR64),
    "set_tid": If(_some_tids, _Tids()), "set_tid_size": If(_some_tids, UINT64)}
#: The structure as of Linux 5.5, and as of Linux 5.7.
CLONE_ARGS_80 = Struct(**_UP_TO_TIDS)  # type: ignore[arg-type]
CLONE_ARGS = Struct(**_UP_TO_TIDS, cgroup=If(_some_cgroup, UINT64))  # type: ignore[arg-type]


class CloneArgs(Type):
    """clone3's structure, completed at exit by what the kernel wrote where it points."""

    code = "P"

    def __init__(self, size: str) -> None:
        self.size = size

    def argument(self, how: How) -> Argument:
        known = Sized(CLONE_ARGS, self.size, 64).argument(how).leave
        older = Sized(CLONE_ARGS_80, self.size, 64).argument(how).leave
        size = how.number(self.size)
        whole = CLONE_ARGS.layout(how.abi)[1]
        pidfd, tid = Ptr(FD).decoder(how), Ptr(PID).decoder(how)
        address = register("P", how.abi)

        def decode(call: Call, raw: int) -> Value:
            return older(call, raw) if size(call) <= 80 else known(call, raw)

        def enter(call: Call, raw: int) -> Value:
            value = decode(call, raw)
            if not isinstance(value, StructValue):
                return value
            data = call.memory.read(address(raw), 32) or b""
            if not (size(call) > whole
                    or int.from_bytes(data[:8], "little") & (CLONE_PIDFD | CLONE_PARENT_SETTID)):
                return value
            call.save("cl_args", (value, data))
            return Half(value, kept=True)

        def leave(call: Call, raw: int) -> Value:
            saved = call.load("cl_args")
            if saved is None:
                return decode(call, raw)
            value, data = saved
            if call.error:
                return value  # type: ignore[no-any-return]
            words = [int.from_bytes(data[at:at + 8], "little") for at in (0, 8, 24)]
            written: List[Tuple[str, Value]] = []
            if words[0] & CLONE_PIDFD:
                written.append(("pidfd", pidfd(call, words[1])))
            if words[0] & CLONE_PARENT_SETTID:
                written.append(("parent_tid", tid(call, words[2])))
            now = decode(call, raw)
            if isinstance(now, StructValue):
                written += [(name, field) for name, field in now.fields if not name]  # its tail
            return Changed(value, StructValue(written)) if written else value
        return Argument(enter, leave)


class CpuId(Type):
    """A processor, or one of the reasons why there is none."""

    code = "i"

    def decoder(self, how: How) -> Decoder:
        names = Const(sched.RSEQ_CPU_IDS, raw="d").names(how.abi)
        return lambda call, number: (number & 0xffffffff if names.name(number) is None
                                     else ConstValue(number, names))


RSEQ = Struct(
    cpu_id_start=UINT, cpu_id=CpuId(), rseq_cs=ADDR64,
    flags=Flags(sched.RSEQ_CS_FLAGS), node_id=UINT, mm_cid=UINT,
    slice_ctrl=Struct(request=UBYTE, granted=UBYTE, __reserved=USHORT), __reserved=HEX8)

#: A personality: the low byte is PER_MASK of <linux/personality.h>.
PERSONA = Parts((0xff, Const(sched.PERSONALITY_TYPES, "PER_???"), True), (0, Flags(sched.PERSONALITY_FLAGS), False),
                raw="")


class RseqArea(Sized):
    """A pointer to a struct rseq, which is looked at where the kernel would accept it."""

    ALIGNMENT = 32

    def __init__(self, size: str) -> None:
        super().__init__(RSEQ, size, 32, rest=False)

    def decoder(self, how: How) -> Decoder:
        inner = super().decoder(how)
        return lambda call, address: Addr(address) if address % self.ALIGNMENT else inner(call, address)


class OtherDescriptor(Type):
    """A descriptor of another process: *process* (a function of the call) finds which, 0 for none."""

    code = "i"

    def __init__(self, process: Callable[[Call], int]) -> None:
        self.process = process

    def decoder(self, how: How) -> Decoder:
        details = how.options.decode_fds
        if not details:
            return lambda call, number: number
        from ..tracer.tracee import Tracee
        from .fds import describe

        def decode(call: Call, number: int) -> Value:
            tracee = call.tracee
            pid = self.process(call)
            return describe(Tracee(pid, tracee.tracer, tracee.abi), number,
                            details) if pid > 0 <= number else number
        return decode


def _pidfd(call: Call) -> int:
    """The process that the first argument, a pidfd, refers to; 0 when it is none."""
    try:
        path = f"/proc/{call.tracee.tid}/fdinfo/{call.args[0] & 0xffffffff}"
        with open(path, encoding="ascii", errors="replace") as file:
            for line in file:
                if line.startswith("Pid:"):
                    return int(line[4:])
    except (OSError, ValueError):
        pass
    return 0


def descriptor_of(pid: str) -> OtherDescriptor:
    """A descriptor of the process that the argument *pid* names."""
    def process(call: Call) -> int:
        from .pids import translate
        number = call.arg(pid)
        return translate(call.tracee.tid, number) if number > 0 else 0
    return OtherDescriptor(process)


OTHER_FD = OtherDescriptor(_pidfd)
