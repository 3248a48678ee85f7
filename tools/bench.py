"""What tracing costs: strace_py beside strace and beside no tracer, in one run.

::

    python3 tools/bench.py [--runs N] [--strace FILE] [CASE...]

Each case runs its program in turn untraced, under strace and under strace_py, N times over, so that a
machine whose speed drifts treats them alike; the medians are shown, and their ratios, which are what to
compare between runs and machines.  strace is the oracle of the tests where it is at hand, else PATH's.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import time
from typing import Dict, List, NamedTuple, Optional, Tuple

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, ROOT)

from tests import support  # noqa: E402  (after the path that makes it importable)

_STATS = "import os\nfor _ in range({}): os.stat('/')"


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


def main() -> int:
    """The command line, see the top of this file."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument(
        "--runs", type=int, default=5, metavar="N", help="runs of each, medians are shown (5)"
    )
    parser.add_argument("--strace", metavar="FILE", help="the strace to compare with")
    parser.add_argument("cases", nargs="*", metavar="CASE", help=f"of {', '.join(CASES)}; all by default")
    options = parser.parse_args()
    wrong = [name for name in options.cases if name not in CASES]
    if wrong or options.runs < 1:
        parser.error(f"no such case: {', '.join(wrong)}" if wrong else "--runs must be at least 1")
    strace = strace_command(options.strace)
    version = sys.version.split()[0]
    print(
        f"strace_py on CPython {version}, {' '.join(strace[-1:]) if strace else 'no strace'}, "
        f"{os.cpu_count()} cores, medians of {options.runs} alternating runs"
    )
    print(
        f"{'case':10} {'untraced':>10} {'strace':>10} {'strace_py':>10} {'py/strace':>10} {'py/untraced':>12}"
    )
    for name in options.cases or CASES:
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
    return 0


if __name__ == "__main__":
    sys.exit(main())
