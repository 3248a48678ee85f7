"""The text format against the oracle: prefixes, times, statuses, dumps, paths, process names, colours.

The command lines that need nothing but a comparison are cases in ``differential.py``; here is what needs a
program of its own, several masks at once, or a terminal.
"""
from __future__ import annotations

import difflib
import os
import re
import tempfile
import unittest
from typing import Callable, List, Sequence

from . import support

#: What two runs of the same tracer do not agree on.
_MASKS = (
    (r"\d\d:\d\d:\d\d(\.\d+)?(?= )", lambda found: _digits(found, "TIME")),
    (r"\b1\d{9}(\.\d+)?(?= )", lambda found: _digits(found, "UNIX")),
    (r"(?m)(^|\(\+|(?<=\] )|(?<=[\d>] )) {0,5}\d+\.(\d{3}|\d{6}|\d{9})(?=[) ])", lambda found: _digits(found, "SINCE")),
    (r"(?m)<\d+(\.\d+)?>$", lambda found: _digits(found, "<DURATION>")),
)


def _digits(found: re.Match[str], name: str) -> str:
    """*name* with as many digits as the time has decimals: precision is not masked."""
    return f"{name}{len(found.group(0).partition('.')[2].rstrip('>'))}"


def masked(trace: str) -> str:
    """*trace* with times, process ids and the tracer's own name masked."""
    for pattern, replacement in _MASKS:
        trace = re.sub(pattern, replacement, trace)
    trace = re.sub(support.TICKS, "TICKS", trace)
    # The tracer's own memory and code, from which it executes the command
    trace = re.sub(r"0x[0-9a-f]+ /\* (\d+) vars", r"ENVIRONMENT /* \1 vars", trace)
    trace = re.sub(r"\[[0-9a-f]{16}\] execve", "[IP] execve", trace)
    trace = re.sub(r"<(ld-linux[-\w]*|strace|python[\d.]*)>", "<tracer>", trace)
    pids = re.findall(r"(?m)^(?:\[pid +)?(\d+)(?=[ <])", trace) + re.findall(r"\[pid +(\d+)", trace)
    pids += re.findall(r"\b(?:getpid|set_tid_address)\(.*\) += (0x[0-9a-f]+|\d+)", trace)
    pids += re.findall(r"Process (\d+) ", trace) + re.findall(r"\bsi_pid=(\d+)", trace)
    for number, pid in enumerate(dict.fromkeys(pids)):
        trace = re.sub(rf"\b(?:{pid}|{int(pid, 0):#x})\b", f"PID{number}", trace)
    # Where the result stands moves with the length of what was masked.
    return re.sub(r"(?m)\) +(= )", r") \1", trace)


@support.needs_oracle
@support.needs_gcc
class Same(unittest.TestCase):
    """The same program under the same options."""

    def traces(self, options: Sequence[str], command: Sequence[str], mask: Callable[[str], str]) -> List[str]:
        found = []
        for run in (support.run_oracle, support.run_ours):
            with tempfile.TemporaryDirectory(dir=support.scratch()) as directory:
                where = os.path.join(support.scratch(), "here")
                if os.path.lexists(where):
                    os.unlink(where)
                os.symlink(directory, where)
                done = run([*options, *command], cwd=where)
                self.assertNotIn("Traceback", done.stderr)
                found.append(mask(done.trace))
        return found

    def check(self, options: str, *command: str, mask: Callable[[str], str] = masked) -> None:
        with self.subTest(options=options):
            def compare() -> List[str]:
                theirs, ours = [trace.splitlines() for trace in self.traces(options.split(), command, mask)]
                self.assertTrue(theirs)
                return list(difflib.unified_diff(theirs, ours, "oracle", "ours", n=0, lineterm=""))

            lines = support.differences(compare)
            self.assertFalse(lines, "\n" + "\n".join(lines))

    def test_prefixes_and_times(self) -> None:
        for options in (
                "-t", "-tt", "-ttt", "-r", "-r -t", "-r -tt", "-r -ttt", "-T", "-n", "-i", "-N",
                "-n -i -tt -T -N -r", "-r -n -i", "-a 60", "-a 1", "-a 0 -tt -n",
                "--relative-timestamps=s", "--relative-timestamps=ms", "--relative-timestamps=ns -t",
                "--syscall-times=s", "--syscall-times=ms", "--syscall-times=ns",
                "--absolute-timestamps=format:unix,precision:s", "--absolute-timestamps=precision:ms",
                "--absolute-timestamps=format:unix,precision:ns -r", "--always-show-pid", "--always-show-pid -f -t",
                "-f -n -Y", "-Y --always-show-pid -i"):
            self.check("-e trace=openat,read,close,exit_group " + options, "cat", "/etc/passwd", "/nonexistent")

    def test_status(self) -> None:
        for options in ("-z", "-Z", "-z -Z", "-e status=unfinished", "-e status=detached", "-e status=none",
                        "-e status=!failed", "-e status=successful,unfinished", "-z -t -n", "-Z -T -N", "-z -r"):
            self.check("-e trace=!execve,getrandom " + options, "cat", "/etc/passwd", "/nonexistent")

    def test_statuses_of_processes(self) -> None:
        for options in ("-z", "-Z", "-z -n -t", "-e status=unfinished"):
            self.check(f"-f -e trace=vfork,wait4,execve,exit_group -e signal=none {options}", support.build("vfork.c"),
                       mask=_by_process)

    def test_signals(self) -> None:
        for options in ("-i", "-n", "-i -n -r -T", "-z", "-Y"):
            self.check(f"-e trace=none {options}", support.build("signals.c"))

    def test_dumps(self) -> None:
        for options in ("-e read=5,6 -e write=5,6", "-e read=all", "-e write=all", "-e write=!5",
                        "-e read=6 -z", "-e write=5 -Z", "-e write=5 -s 3 -e raw=all", "-f -tt -e write=5,6"):
            self.check(f"{options} -e trace=!execve", support.build("dump.c"))

    def test_paths_and_descriptors(self) -> None:
        where = os.path.join(support.scratch(), "here")
        for options in ("-P {0}/x", "-P {0}/x -P {0}/other", "-P {0}", "-P {0}/y", "-e trace-fds=3",
                        "-e trace-fds=50,51", "-e trace-fds=!3,4", "-e trace-fds=3 -P {0}/other", "-e trace-fds=all",
                        "-e trace-fds=none", "-P {0}/x -e raw=all", "-P {0}/x -e verbose=none",
                        "-P {0}/x -e trace=write", "-P {0}/x -z", "-f -P {0}/x"):
            self.check(options.format(where), support.build("paths.c"), where + "/x", where + "/other", where)

    def test_names_of_processes(self) -> None:
        for options in ("-f", "-f --always-show-pid", "-f -i"):
            self.check(f"-Y -e trace=execve,exit_group,getpid -e signal=none {options}", support.build("vfork.c"),
                       mask=_by_process)


def _by_process(trace: str) -> str:
    """*trace* with its lines sorted: how those of several processes interleave is up to the scheduler."""
    return "".join(sorted(masked(trace).splitlines(True)))


if __name__ == "__main__":
    unittest.main()
