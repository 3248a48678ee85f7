"""What tracing costs: strace_py beside strace and beside no tracer, in one run.

::

    python3 tools/bench.py [--runs N] [--strace FILE] [CASE...]

The case ``filter`` shows what a call costs that nobody asked for: getppid in a loop under the seccomp filters
for 1, 20, 80 and 300 other calls, strace's beside ours.  Each loop times itself, start-up left out.

The case ``tracepoint`` attaches to a process that makes a call in a loop: what the call costs when nobody
wants it, and when somebody does, under ``--engine=tracepoint``, under ``strace -p``, and under filters that
were there from the start.  The loop times itself here, too.

Each other case runs its program in turn untraced, under strace and under strace_py, N times over, so that a
machine whose speed drifts treats them alike; the medians are shown, and their ratios, which are what to
compare between runs and machines.  strace is the oracle of the tests where it is at hand, else PATH's.
"""

from __future__ import annotations

import argparse
import compileall
import os
import shutil
import signal
import statistics
import subprocess
import sys
import time
import unittest
from collections import defaultdict
from typing import Dict, List, NamedTuple, Optional, Sequence, Tuple

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, ROOT)

from strace_py.arch import of_machine  # noqa: E402  (after the path that makes it importable)
from tests import support  # noqa: E402
from tests.test_tracepoint import tracer as tracepoint_tracer  # noqa: E402

_STATS = "import os\nfor _ in range({}): os.stat('/')"
_FILTERED_CALLS = (1, 20, 80, 300)


class Case(NamedTuple):
    """A program, and the options that it is traced with."""

    what: str
    options: Tuple[str, ...]
    command: Tuple[str, ...]


CASES: Dict[str, Case] = {
    "start": Case("start-up alone: true", (), ("true",)),
    "full": Case(
        "every call of 10,000 reads and writes of one byte",
        (),
        ("dd", "if=/dev/zero", "of=/dev/null", "bs=1", "count=10000", "status=none"),
    ),
    "filtered": Case(
        "-e trace=openat of a program that makes 20,000 other calls",
        ("-e", "trace=openat"),
        (sys.executable, "-S", "-c", _STATS.format(20000)),
    ),
    "seccomp": Case(
        "the same with -f --seccomp-bpf",
        ("-f", "--seccomp-bpf", "-e", "trace=openat"),
        (sys.executable, "-S", "-c", _STATS.format(20000)),
    ),
    "processes": Case(
        "-f of 200 short processes", ("-f",), ("sh", "-c", "for i in $(seq 200); do /bin/true; done")
    ),
}


def seconds(command: List[str], environment: Dict[str, str]) -> float:
    """How long a command takes; RuntimeError where it fails."""
    begin = time.perf_counter()
    done = subprocess.run(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=environment
    )
    duration = time.perf_counter() - begin
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}: status {done.returncode}\n{done.stderr.decode()[-500:]}")
    return duration


def strace_command(given: Optional[str]) -> Optional[List[str]]:
    """The strace to compare with, None where there is none."""
    if given:
        return [given]
    found = shutil.which("strace")
    return support.oracle() or ([found] if found else None)


def measure(case: Case, strace: Optional[List[str]], runs: int) -> Dict[str, float]:
    """The median time of a case in seconds: untraced, under strace (where there is one), under strace_py."""
    environment = dict(os.environ, PYTHONPATH=ROOT)
    trace = [*case.options, "-o", os.devnull, *case.command]
    commands = {"untraced": list(case.command)}
    if strace:
        commands["strace"] = strace + trace
    commands["strace_py"] = [sys.executable, "-m", "strace_py", *trace]
    times: Dict[str, List[float]] = {name: [] for name in commands}
    for _ in range(runs):
        for name, command in commands.items():
            times[name].append(seconds(command, environment))
    return {name: statistics.median(values) for name, values in times.items()}


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
    parser.add_argument(
        "--runs", type=int, default=5, metavar="N", help="runs of each, medians are shown (5)"
    )
    parser.add_argument("--strace", metavar="FILE", help="the strace to compare with")
    known = (*CASES, "filter", "tracepoint")
    parser.add_argument("cases", nargs="*", metavar="CASE", help=f"of {', '.join(known)}; all by default")
    options = parser.parse_args()
    wrong = [name for name in options.cases if name not in known]
    if wrong or options.runs < 1:
        parser.error(f"no such case: {', '.join(wrong)}" if wrong else "--runs must be at least 1")
    strace = strace_command(options.strace)
    # Only the first run of a checkout compiles; these runs write no byte code.
    compileall.compile_dir(os.path.join(ROOT, "strace_py"), quiet=1)
    version = sys.version.split()[0]
    print(
        f"strace_py on CPython {version}, {' '.join(strace[-1:]) if strace else 'no strace'}, "
        f"{os.cpu_count()} cores, medians of {options.runs} alternating runs"
    )
    cases = [name for name in options.cases or CASES if name in CASES]
    if cases:
        print(
            f"{'case':10} {'untraced':>10} {'strace':>10} {'strace_py':>10} {'py/strace':>10}"
            f" {'py/untraced':>12}"
        )
    for name in cases:
        case = CASES[name]
        median = measure(case, strace, options.runs)
        ours, bare = median["strace_py"], median["untraced"]
        theirs = median.get("strace")
        print(
            f"{name:10} {bare:9.3f}s "
            + (f"{theirs:9.3f}s " if theirs else f"{'-':>10} ")
            + f"{ours:9.3f}s "
            + (f"{ours / theirs:9.2f}x " if theirs else f"{'-':>10} ")
            + f"{ours / bare:11.1f}x  {case.what}",
            flush=True,
        )
    if not options.cases or "filter" in options.cases:
        show_filters(strace, options.runs)
    if not options.cases or "tracepoint" in options.cases:
        show_tracepoint(strace, options.runs)
    return 0


if __name__ == "__main__":
    sys.exit(main())
