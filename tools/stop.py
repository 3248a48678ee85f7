"""Where the time of one stop goes: the tracer's loop, taken apart.

::

    python3 tools/stop.py [OPTIONS OF strace_py...]

The loop runs on recorded answers of the kernel, those of a program that reads and writes single bytes, in place of the
kernel's calls; then it runs again and again with one more part replaced by nothing, and the differences are what the
parts cost. What the real calls cost through ctypes is measured with the simplest one that there is. Last, a
real trace on one core says what a stop takes in all, and so what is left for the kernel: its calls, two switches of
context, what the tracee does, and caches that both have to share.

Microseconds a stop; the best of several runs, so that what else the machine does counts least.
"""

from __future__ import annotations

import ctypes
import importlib
import itertools
import os
import subprocess
import sys
import time
import timeit
from typing import Any, Callable, Dict, Iterator, List, Sequence, Tuple

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, ROOT)

from strace_py import cli, output  # noqa: E402  (after the path that makes it importable)
from strace_py.arch import of_machine  # noqa: E402
from strace_py.kernel.status import SYSCALL_STOP  # noqa: E402

#: The module of the loop, whose names are replaced here.
loop: Any = importlib.import_module("strace_py.tracer.tracer")


class Loose(loop.Tracer):  # type: ignore[misc]
    """A tracer whose methods can be replaced."""


_TID = 4711
_COUNT, _REPEATS, _CALLS = 8000, 9, 20000


def _answers(arch: int) -> Iterator[Tuple[int, ...]]:
    """What PTRACE_GET_SYSCALL_INFO says at the stops of read(0, …, 1) = 1 and write(1, …, 1) = 1, for ever."""
    names = {name: number for number, name in of_machine()[0].names.items()}
    read, write = ((1, arch, 0x7f1, 0x7ff, names[name], fd, 0x55d0, 1, 0, 0, 0, 0)
                   for fd, name in enumerate(("read", "write")))
    back = 2, arch, 0x7f1, 0x7ff, 1, False
    return itertools.cycle((read, back, write, back))


def _loop(words: Sequence[str], change: Callable[[Any], None]) -> float:
    """Microseconds that the loop takes a stop when *change* has been made to the tracer."""
    options = cli.parse(["-o", os.devnull, *words, "true"])
    tracer: Any = Loose(options, output.make(options))
    tracee = tracer.add(_TID)
    tracee.hidden, tracee.seen = False, True
    tracee.memory._ways = (lambda tid, address, size: bytes(size),)
    answers = _answers(tracer.abi.audit_arch)
    tracer._info = lambda tid: next(answers)
    tracer.stops._ask = lambda pid, options: (_TID, SYSCALL_STOP)
    real, loop.resume = loop.resume, lambda *arguments: 0
    change(tracer)
    try:
        tracer._go_on(_COUNT // 4)
        begin = time.perf_counter()
        tracer._go_on(_COUNT)
        return (time.perf_counter() - begin) / _COUNT * 1e6
    finally:
        loop.resume = real
        tracer.output.streams.close()


def parts(words: Sequence[str]) -> Dict[str, float]:
    """What the parts of the loop cost, in the order of a stop."""
    def text(tracer: Any) -> None:
        tracer.output.enter = tracer.output.leave = lambda call: None

    def decoding(tracer: Any) -> None:
        text(tracer)
        tracer._decode = False

    def calls(tracer: Any) -> None:
        tracer._syscall_enter = tracer._syscall_exit = lambda tracee, info: None

    def handling(tracer: Any) -> None:
        tracer.handle = lambda tid, status: None

    changes: List[Callable[[Any], None]] = [lambda tracer: None, text, decoding, calls, handling]
    costs = [min(_loop(words, change) for _ in range(_REPEATS)) for change in changes]
    names = "text: values to a line", "decoding: registers and bytes to values", "the state of the call", \
        "which stop it is, and resumption", "waiting: the loop around wait4"
    return dict(reversed(list(zip(names, [whole - rest for whole, rest in zip(costs, [*costs[1:], 0])]))))


def through_ctypes() -> float:
    """What a call of four arguments costs more through ctypes than the os module's of none, in microseconds."""
    def best(call: Callable[[], object]) -> float:
        return min(timeit.repeat(call, number=20000, repeat=_REPEATS)) / 20000 * 1e6

    getppid = ctypes.PyDLL(None)["getppid"]  # bound as those of kernel/libc.py; it ignores the arguments
    return best(lambda: getppid(1, 2, 3, 4)) - best(os.getppid)


def real(words: Sequence[str]) -> float:
    """What a stop takes in all, tracer and tracee on one core."""
    def run(calls: int) -> float:
        dd = ["dd", "if=/dev/zero", "of=/dev/null", "bs=1", f"count={calls // 2}", "status=none"]
        begin = time.perf_counter()
        subprocess.run([sys.executable, "-m", "strace_py", *words, "-o", os.devnull, *dd], check=True,
                       env=dict(os.environ, PYTHONPATH=ROOT))
        return time.perf_counter() - begin

    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(cores)})
    try:
        return min(run(_CALLS) - run(0) for _ in range(3)) / (2 * _CALLS) * 1e6
    finally:
        os.sched_setaffinity(0, cores)


def main() -> int:
    """The command line, see the top of this file."""
    words = sys.argv[1:]
    costs = parts(words)
    # wait4, PTRACE_GET_SYSCALL_INFO, the resumption, and process_vm_readv at every other stop.
    costs["ctypes, three and a half calls"] = 3.5 * through_ctypes()
    whole = real(words)
    print(f"CPython {sys.version.split()[0]}, microseconds a stop")
    for name, cost in costs.items():
        print(f"{cost:7.2f}  {name}")
    print(f"{whole - sum(costs.values()):7.2f}  the kernel, the tracee, cold caches")
    print(f"{whole:7.2f}  in all")
    return 0


if __name__ == "__main__":
    sys.exit(main())
