"""What tracing costs: strace_py beside strace and beside no tracer, in one run.

::

    python3 tools/bench.py [--runs N] [--strace FILE] [--python-ptrace FILE] [--also OPTIONS] [--tree DIR] [CASE...]

Each case runs its program in turn untraced, under strace and under strace_py, N times over, so that a machine whose
speed drifts treats them alike; the medians are shown, and their ratios, which are what to compare between runs and
machines.  The times are the wall's; beside them stands the CPU time (user and system) of tracer and tracees
together, to see what waiting without sleep costs.  strace is the oracle of the tests where it is at hand, else PATH's.
``--also`` adds strace_py with more options, such as ``--also=--spin=0``, ``--python-ptrace`` that project's strace.py.
The case ``build`` needs ``--tree``, an unpacked Linux kernel (Debian's package linux-source-6.1 will do).

The case ``scale`` traces 1, 10, 100 and 1,000 processes at once that make the same number of calls together, which
time themselves from when all are there.  The case ``memory`` says how much memory the tracer ever had, for traces of
different length.

The case ``filter`` shows what a call costs that nobody asked for: getppid in a loop under the seccomp filters
for 1, 20, 80 and 300 other calls, strace's beside ours.  Each loop times itself, start-up left out.

The case ``tracepoint`` attaches to a process that makes a call in a loop: what the call costs when nobody
wants it, and when somebody does, under ``--engine=tracepoint``, under ``strace -p``, and under filters that
were there from the start.  The loop times itself here, too.
"""

from __future__ import annotations

import argparse
import compileall
import contextlib
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import unittest
from collections import defaultdict
from typing import IO, Callable, Dict, Iterator, List, NamedTuple, Optional, Sequence, Tuple

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, ROOT)

from strace_py.arch import of_machine  # noqa: E402  (after the path that makes it importable)
from strace_py.kernel import libc  # noqa: E402
from tests import support  # noqa: E402
from tests.test_tracepoint import tracer as tracepoint_tracer  # noqa: E402
from tests.test_tracer import MEASURED  # noqa: E402

_FILTERED_CALLS = (1, 20, 80, 300)
_SCALES = (1, 10, 100, 1000)
_SCALED_CALLS = 100000
_LENGTHS = (10000, 1000000, 5000000)
#: Of <linux/prctl.h>, Linux 3.4: descendants whose parent ends become our children.
_PR_SET_CHILD_SUBREAPER = 36
_STRACE, _OURS, _THEIRS = "strace", "strace_py", "python-ptrace"


class Case(NamedTuple):
    """A program, and the options that it is traced with. *setting* is what there is around it: "" nothing, "pinned"
    one core for all, "busy" another process on each core, "piped" somebody who reads its output. *first*: a command to
    run before each run. *imports*: the interpreter is timed, too, when it imports these and does nothing."""

    what: str
    options: Tuple[str, ...]
    command: Tuple[str, ...]
    setting: str = ""
    first: Tuple[str, ...] = ()
    imports: str = ""


def _dd(calls: int) -> Tuple[str, ...]:
    """A program that makes so many calls, of one byte each."""
    return "dd", "if=/dev/zero", "of=/dev/null", "bs=1", f"count={calls // 2}", "status=none"


_FOUR = "for i in 1 2 3 4; do " + " ".join(_dd(25000)) + " & done; wait"
_SHORT = "for i in $(seq 200); do /bin/true; done"
CASES: Dict[str, Case] = {
    "start": Case("start-up alone: true", (), ("true",), imports="argparse, ctypes"),
    "full": Case("every one of 50,000 reads and writes of one byte", (), _dd(50000)),
    "pinned": Case("the same, tracer and tracee on one core", (), _dd(50000), "pinned"),
    "busy": Case("the same while other processes keep all cores busy", (), _dd(50000), "busy"),
    "count": Case("-c of the same", ("-c",), _dd(50000)),
    "ls": Case("every call of ls -lR /usr/share", (), ("ls", "-lR", "/usr/share")),
    "find": Case("every call of find /usr", (), ("find", "/usr")),
    "tar": Case("every call of tar c /usr/share to a pipe", (), ("tar", "c", "/usr/share"), "piped"),
    "countls": Case("-c of ls -lR /usr/share", ("-c",), ("ls", "-lR", "/usr/share")),
    "few": Case("-f --seccomp-bpf -e trace=openat of 10,000,000 other calls",
                ("-f", "--seccomp-bpf", "-e", "trace=openat"), _dd(10000000)),
    "four": Case("-f of four busy processes, 100,000 calls", ("-f",), ("sh", "-c", _FOUR)),
    "processes": Case("-f of 200 short processes", ("-f",), ("sh", "-c", _SHORT)),
    "build": Case("-f -e connect (strace: --seccomp-bpf) of a kernel's tinyconfig, make -j2", ("-f", "-e", "connect"),
                  ("make", "-s", "-j2"), first=("sh", "-c", "make -s mrproper && make -s tinyconfig")),
}
#: What is run where no case is named.
USUAL = ("start", "full", "pinned", "busy", "count", "ls", "four", "processes", "filter", "tracepoint")


def once(command: Sequence[str], environment: Dict[str, str], directory: str, setting: str) -> Tuple[float, float]:
    """How long a command takes, and its CPU time (s); RuntimeError where it fails."""
    cores = os.sched_getaffinity(0)
    with tempfile.TemporaryFile() as errors, reader() if setting == "piped" else open(os.devnull, "wb") as output:
        if setting == "pinned":
            os.sched_setaffinity(0, {min(cores)})
        try:
            begin = time.perf_counter()
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=errors,
                                       env=environment, cwd=directory)
        finally:
            os.sched_setaffinity(0, cores)
        _, status, usage = os.wait4(process.pid, 0)
        duration = time.perf_counter() - begin
        process.returncode = status
        if status:
            errors.seek(0)
            raise RuntimeError(f"{' '.join(command)}: status {status}\n{errors.read().decode()[-500:]}")
    spent = usage.ru_utime + usage.ru_stime
    while not setting:  # a tracer that lives on behind the process that was started, see PR_SET_CHILD_SUBREAPER
        try:
            usage = os.wait3(0)[2]
        except ChildProcessError:
            break
        spent += usage.ru_utime + usage.ru_stime
    return duration, spent


@contextlib.contextmanager
def reader() -> Iterator[IO[bytes]]:
    """A pipe that somebody reads; tar looks at no file that it would write to /dev/null."""
    with subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) as cat:
        assert cat.stdin is not None
        with cat.stdin as pipe:
            yield pipe


@contextlib.contextmanager
def busy() -> Iterator[None]:
    """Every core has something else to do."""
    spinners = [subprocess.Popen([sys.executable, "-S", "-c", "while True: pass"]) for _ in os.sched_getaffinity(0)]
    try:
        yield
    finally:
        for spinner in spinners:
            spinner.kill()
            spinner.wait()


def strace_command(given: Optional[str]) -> Optional[List[str]]:
    """The strace to compare with, None where there is none."""
    if given:
        return [given]
    found = shutil.which("strace")
    return support.oracle() or ([found] if found else None)


def measure(case: Case, tracers: Dict[str, List[str]], runs: int, directory: str,
            tree: Optional[str]) -> Dict[str, Tuple[float, float]]:
    """The median times of a case in seconds, the wall's and the CPU's: untraced, and under each tracer. The trace is
    written in *directory*."""
    environment = dict(os.environ, PYTHONPATH=ROOT)
    commands = {"untraced": list(case.command)}
    if case.imports:
        commands[f"import {case.imports}"] = [sys.executable, "-c", f"import {case.imports}"]
    for who, tracer in tracers.items():
        if who == _THEIRS and case.options not in ((), ("-f",)):
            continue  # it has few others
        options = [*case.options, *(("--seccomp-bpf",) if who == _STRACE and case.first else ())]
        commands[who] = [*tracer, *options, "-o", os.path.join(directory, "trace"), "--", *case.command]
    where = tree if case.first and tree else "."
    times: Dict[str, List[Tuple[float, float]]] = {name: [] for name in commands}
    with busy() if case.setting == "busy" else contextlib.nullcontext():
        for _ in range(runs):
            for name, command in commands.items():
                if case.first:
                    once(case.first, environment, where, "")
                times[name].append(once(command, environment, where, case.setting))
    return {name: (statistics.median([wall for wall, _ in values]), statistics.median([cpu for _, cpu in values]))
            for name, values in times.items()}


def show_cases(names: Sequence[str], tracers: Dict[str, List[str]], runs: int, tree: Optional[str]) -> None:
    """The table of the cases that run a program: a line each, for each tracer the wall's time, its ratio to strace's
    and to no tracer's, and the CPU time."""
    base = _STRACE if _STRACE in tracers else "untraced"
    with tempfile.TemporaryDirectory(prefix="bench-") as directory:
        for name in names:
            case = CASES[name]
            median = measure(case, tracers, runs, directory, tree)
            print(f"\n{name}: {case.what}")
            for who, (wall, cpu) in median.items():
                print(f"  {who:22} {wall:9.3f} s {wall / median[base][0]:6.2f} x {base}"
                      f" {wall / median['untraced'][0]:8.1f} x untraced   CPU {cpu:8.3f} s", flush=True)


# For each line that comes in, as many calls as it says, a few times over: the best is what no other process
# disturbed. Nothing but the calls within the loop: no byte code, and the clock is read without a call.
_LOOP = """
import collections, itertools, os, sys, time
for line in sys.stdin:
    count = int(line)
    best = float("inf")
    for _ in range(5):
        calls = itertools.starmap(os.getppid, itertools.repeat((), count))
        begin = time.perf_counter()
        collections.deque(calls, maxlen=0)
        best = min(best, time.perf_counter() - begin)
    print(best / count * 1e9, flush=True)
"""


class Loop:
    """A process that runs the loop, by itself or from its start under the tracer *before*."""

    def __init__(self, before: Sequence[str] = ()) -> None:
        self.process = subprocess.Popen(
            [*before, sys.executable, "-S", "-c", _LOOP],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=dict(os.environ, PYTHONPATH=ROOT), text=True)

    def __enter__(self) -> Loop:
        return self

    def __exit__(self, *reason: object) -> None:
        self.process.communicate()

    def time(self, count: int) -> float:
        """Nanoseconds that a call takes, the best mean of a few times *count*."""
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.write(f"{count}\n")
        self.process.stdin.flush()
        return float(self.process.stdout.readline())

    def time_attached(self, tracer: Sequence[str], count: int) -> float:
        """The same while *tracer* is attached to it."""
        attached = subprocess.Popen(
            [*tracer, "-o", os.devnull, "-p", str(self.process.pid)],
            stderr=subprocess.PIPE, env=dict(os.environ, PYTHONPATH=ROOT))
        assert attached.stderr is not None
        try:
            attached.stderr.readline()  # "Process … attached"
            return self.time(count)
        finally:
            attached.send_signal(signal.SIGINT)
            attached.communicate()


# Processes that wait until all are there, make their share of the calls and tell their parent, who times it.
_CROWD = """
import os, sys, time
many, calls = int(sys.argv[1]), int(sys.argv[2])
ready, go, done = os.pipe(), os.pipe(), os.pipe()
for _ in range(many):
    if not os.fork():
        os.close(go[1])
        os.write(ready[1], b".")
        os.read(go[0], 1)
        for _ in range(calls // many):
            os.getppid()
        os.write(done[1], b".")
        os._exit(0)
for _ in range(many):
    os.read(ready[0], 1)
begin = time.perf_counter()
os.close(go[1])
for _ in range(many):
    os.read(done[0], 1)
print(time.perf_counter() - begin)
"""


def show_scale(tracers: Dict[str, List[str]], runs: int) -> None:
    """The case ``scale``."""
    print("\nscale: us a call, and its ratio to that of one process")
    tracers = {"untraced": [], **{who: [*tracer, "-f", "-o", os.devnull, "--"] for who, tracer in tracers.items()}}
    found: Dict[Tuple[str, int], List[float]] = defaultdict(list)
    for _ in range(runs):
        for many in _SCALES:
            for who, tracer in tracers.items():
                done = subprocess.run([*tracer, sys.executable, "-S", "-c", _CROWD, str(many), str(_SCALED_CALLS)],
                                      stdout=subprocess.PIPE, check=True, env=dict(os.environ, PYTHONPATH=ROOT))
                found[who, many].append(float(done.stdout) / _SCALED_CALLS * 1e6)
    for who in tracers:
        medians = [statistics.median(found[who, many]) for many in _SCALES]
        print(f"  {who:22}" + "".join([f" {many:5}: {cost:7.2f} {cost / medians[0]:5.2f}x"
                                       for many, cost in zip(_SCALES, medians)]), flush=True)


def show_memory() -> None:
    """The case ``memory``."""
    print("\nmemory: the most that the tracer had, for traces of so many calls")
    for options in ((), ("-c",), ("-f", "-yy", "-v")):
        sizes = []
        for calls in _LENGTHS:
            done = subprocess.run([sys.executable, "-c", MEASURED, *options, "-o", os.devnull, *_dd(calls)],
                                  stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=True,
                                  env=dict(os.environ, PYTHONPATH=ROOT))
            sizes.append(f"{calls}: {int(done.stderr.split()[-2]) / 1024:.1f} MiB")
        print(f"  {' '.join(options) or 'no options':22} {', '.join(sizes)}", flush=True)


def show_filters(strace: Optional[List[str]], runs: int) -> None:
    """The case ``filter``."""
    names = sorted(name for name in of_machine()[0].names.values() if name != "getppid")
    print(
        f"\n{'filter':10} {'untraced':>10} {'strace':>17} {'strace_py':>17}"
        "  ns a getppid, and the ratio to untraced"
    )
    for count in _FILTERED_CALLS:
        # Names from all over the table, so that the set has as many edges as it can.
        chosen = ",".join(names[:: max(1, len(names) // count)][:count])
        options = ["-f", "--seccomp-bpf", "-o", os.devnull, "-e", f"trace={chosen}"]
        befores = {"untraced": [], "strace_py": [sys.executable, "-m", "strace_py", *options]}
        if strace:
            befores["strace"] = [*strace, *options]
        times: Dict[str, List[float]] = {who: [] for who in befores}
        for _ in range(runs):
            for who, before in befores.items():
                with Loop(before) as loop:
                    times[who].append(min(loop.time(10000) for _ in range(8)))
        median = {who: statistics.median(values) for who, values in times.items()}
        columns = [
            f"{median[who]:8.0f} {median[who] / median['untraced']:7.2f}x" if who in median else f"{'-':>17}"
            for who in ("strace", "strace_py")
        ]
        print(f"{count:4} calls {median['untraced']:10.0f} {' '.join(columns)}", flush=True)


def show_tracepoint(strace: Optional[List[str]], runs: int) -> None:
    """The case ``tracepoint``."""
    try:
        engine = [*tracepoint_tracer(), "--engine=tracepoint"]
    except unittest.SkipTest as reason:
        print(f"\ntracepoint: {reason}")
        return
    ours = [sys.executable, "-m", "strace_py"]
    attaching = {"this engine, -p": engine}
    starting = {"strace_py --seccomp-bpf COMMAND": [*ours, "-f", "--seccomp-bpf"]}
    if strace:
        attaching["strace -p"] = strace
        starting["strace --seccomp-bpf COMMAND"] = [*strace, "-f", "--seccomp-bpf"]
    unmatched: Dict[str, List[float]] = defaultdict(list)
    matched: Dict[str, List[float]] = defaultdict(list)
    for _ in range(runs):
        with Loop() as loop:
            bare = loop.time(20000)
            unmatched["untraced"].append(bare)
            matched["untraced"].append(bare)
            unmatched["this engine, -p"].append(loop.time_attached([*engine, "-e", "trace=openat"], 20000))
            unmatched["this engine, -p -Z"].append(loop.time_attached([*engine, "-Z"], 20000))
            if strace:
                unmatched["strace -p"].append(loop.time_attached([*strace, "-e", "trace=openat"], 1000))
            for who, tracer in attaching.items():
                matched[who].append(loop.time_attached([*tracer, "-e", "trace=getppid"], 1000))
        for who, tracer in starting.items():
            with Loop([*tracer, "-o", os.devnull, "-e", "trace=getppid"]) as loop:
                matched[who].append(loop.time(1000))
    for title, times in (("a getppid that nobody wants", unmatched), ("a getppid that is shown", matched)):
        print(f"\ntracepoint: {title}, ns and the ratio to untraced")
        bare = statistics.median(times["untraced"])
        for who, values in times.items():
            median = statistics.median(values)
            print(f"  {who:32} {median:9.0f} {median / bare:8.1f}x", flush=True)


def main() -> int:
    """The command line, see the top of this file."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--runs", type=int, default=7, metavar="N", help="runs of each, medians are shown (7)")
    parser.add_argument("--strace", metavar="FILE", help="the strace to compare with")
    parser.add_argument("--python-ptrace", metavar="FILE",
                        help="strace.py of the package python-ptrace, to compare with")
    parser.add_argument("--also", metavar="OPTIONS", action="append", default=[],
                        help="strace_py with these options as well")
    parser.add_argument("--tree", metavar="DIR", help="a Linux kernel's sources, for the case build")
    special: Dict[str, Callable[[Dict[str, List[str]], int], None]] = {
        "scale": show_scale,
        "memory": lambda tracers, runs: show_memory(),
        "filter": lambda tracers, runs: show_filters(tracers.get(_STRACE), runs),
        "tracepoint": lambda tracers, runs: show_tracepoint(tracers.get(_STRACE), runs),
    }
    known = (*CASES, *special)
    parser.add_argument("cases", nargs="*", metavar="CASE",
                        help=f"of {', '.join(known)}; by default {', '.join(USUAL)}")
    options = parser.parse_args()
    chosen = options.cases or USUAL
    wrong = [name for name in chosen if name not in known]
    if wrong or options.runs < 1:
        parser.error(f"no such case: {', '.join(wrong)}" if wrong else "--runs must be at least 1")
    if "build" in chosen and not options.tree:
        parser.error("the case build needs --tree")
    strace = strace_command(options.strace)
    tracers = {_STRACE: strace} if strace else {}
    if options.python_ptrace:
        tracers[_THEIRS] = [options.python_ptrace]
    ours = [sys.executable, "-m", "strace_py"]
    tracers[_OURS] = ours
    tracers.update({also: [*ours, *also.split()] for also in options.also})
    libc.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    # Only the first run of a checkout compiles; these runs write no byte code.
    compileall.compile_dir(os.path.join(ROOT, "strace_py"), quiet=1)
    version = sys.version.split()[0]
    print(f"strace_py on CPython {version}, {' '.join(strace[-1:]) if strace else 'no strace'}, "
          f"{os.cpu_count()} cores, medians of {options.runs} alternating runs", flush=True)
    show_cases([name for name in chosen if name in CASES], tracers, options.runs, options.tree)
    for name, show in special.items():
        if name in chosen:
            show(tracers, options.runs)
    return 0


if __name__ == "__main__":
    sys.exit(main())
