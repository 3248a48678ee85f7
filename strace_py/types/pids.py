"""What a process id refers to: -Y and ``--decode-pids``."""
from __future__ import annotations

import os

from ..values import Pid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import FrozenSet, Iterator, Optional, Tuple

    from ..tracer.tracee import Tracee


#: TASK_COMM_LEN of <linux/sched.h>, without the NUL.
COMM_LENGTH = 15


def describe(tracee: Tracee, number: int, wanted: FrozenSet[str]) -> Pid:
    """Process or thread *number*, as *tracee* counts them, with what of *wanted* (comm, pidns) can be found."""
    ours = translate(tracee.tid, number)
    if not ours:
        return Pid(number)
    comm = command(ours) if "comm" in wanted else None
    return Pid(number, comm, ours if "pidns" in wanted and ours != number else 0)


def command(tid: int) -> Optional[bytes]:
    """The command name of thread *tid*, as we count; None when there is no such thread."""
    try:
        with open(f"/proc/{tid}/comm", "rb", 0) as file:
            # A kernel thread's may be longer than the 15 bytes that are a name.
            return file.read(64)[:-1][:COMM_LENGTH]
    except OSError:
        return None


def translate(tid: int, number: int) -> int:
    """What we call the process that our *tid* calls *number*; 0 when it is not found."""
    try:
        theirs = os.readlink(f"/proc/{tid}/ns/pid")
        if theirs == os.readlink("/proc/self/ns/pid"):
            return number
    except OSError:
        return 0
    inner = _inner(tid)
    if inner is None:
        return 0
    depth = inner[0]
    for candidate in _threads(tid):
        found = _inner(candidate)
        if found == (depth, number):
            try:
                if os.readlink(f"/proc/{candidate}/ns/pid") == theirs:
                    return candidate
            except OSError:
                continue
    return 0


def _inner(tid: int) -> Optional[Tuple[int, int]]:
    """How many pid namespaces below ours *tid* is, and its number in the lowest; None when it is gone."""
    try:
        with open(f"/proc/{tid}/status", "rb", 0) as file:
            for line in file.read(1 << 16).splitlines():
                if line.startswith(b"NSpid:"):
                    numbers = line.split()[1:]
                    return len(numbers) - 1, int(numbers[-1])
    except (OSError, ValueError, IndexError):
        pass
    return None


def _threads(first: int) -> Iterator[int]:
    """Every thread, *first* first: a process mostly speaks of itself."""
    yield first
    for process in os.listdir("/proc"):
        if process.isdigit():
            try:
                tids = os.listdir(f"/proc/{process}/task")
            except OSError:
                continue
            # The leader comes first: it is what a process is called.
            yield from sorted(map(int, tids))
