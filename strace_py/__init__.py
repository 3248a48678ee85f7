"""Trace system calls and signals of Linux programs, in pure Python: strace 7.2 without a compiler.

On the command line: ``python3 -m strace_py [options] command``. In a program:

    import strace_py

    for event in strace_py.trace(["ls", "-l"], "-e", "trace=openat"):
        if event.kind == "syscall":
            call = event.call
            print(call.name, call.arg("flags"), call.ret, call.error)

A copy of this directory under any other name, inside any other project, works the same.
"""
from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Iterator, Sequence

    from .events import Event

__version__ = "0.1.0"
__all__ = ["trace"]


def trace(command: Sequence[str], *options: str, pid: int = 0) -> Iterator[Event]:
    """Run *command* (or attach to process *pid*) under strace's *options* and yield events as they happen.

    Events are `events.Event`; ``event.call`` of a "syscall" is a `call.Call`. The tracer lives in the
    thread that iterates; leaving the loop early detaches, and the command runs on. SystemExit, with a
    line on stderr, answers options that strace would refuse; `tracer.start.StartError` a command that can't be run.
    """
    from .cli import parse
    from .events import record
    words = [*options, *(["-p", str(pid)] if pid else []), *(["--", *command] if command else [])]
    return record(parse(words))
