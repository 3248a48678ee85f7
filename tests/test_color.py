"""--color: the same escape sequences as the oracle's, around the same text.

Each family of system calls (see ``test_decoders``) is traced in a colour scheme in which every kind of text has
a colour of its own, so that no two are mistaken for each other. What differs from run to run is masked in
the visible text; the escape sequences stay.

    python3 -m tests.test_color fam_files [OPTION...]

shows the differences of one family, with colours as marks; without options, under all option sets.
"""
from __future__ import annotations

import difflib
import os
import pty
import re
import sys
import tempfile
import unittest
from typing import Dict, List, Optional, Pattern, Sequence, Tuple

from . import support
from .test_decoders import FAMILIES, masks

#: The option sets under which every family is compared.
OPTION_SETS: Tuple[Tuple[str, ...], ...] = (
    (),
    ("-v",),
    ("-X", "verbose"),
    ("-X", "raw"),
    ("-yy",),
    ("-N",),
)

#: Kind of text -> its colour in the traces that are compared, and how a difference shows it.
_KINDS = ("syscall", "argname", "argval", "call", "const", "comment", "punct", "retval", "error")
SCHEME = ":".join(f"{kind}={11 + number}" for number, kind in enumerate(_KINDS))
_MARKS = {"0": "0", **{str(11 + number): kind for number, kind in enumerate(_KINDS)}}
_ESCAPE = re.compile("(\x1b\\[[0-9;]*m)")


def marked(text: str) -> str:
    """*text* with colours as words: ``«punct»``."""
    return re.sub("\x1b\\[([0-9;]*)m", lambda found: f"«{_MARKS.get(found.group(1), found.group(1))}»", text)


def replace(pattern: str, replacement: str, text: str) -> str:
    """re.sub() in the visible part of *text*; escape sequences inside of what is replaced go with it."""
    pieces = _ESCAPE.split(text)
    visible = "".join(pieces[::2])
    escapes: List[Tuple[int, str]] = []     # (where in the visible text, sequence)
    position = 0
    for piece, escape in zip(pieces[::2], pieces[1::2]):
        position += len(piece)
        escapes.append((position, escape))
    escapes.reverse()
    done: List[str] = []

    def copy(start: int, end: int) -> None:
        while escapes and escapes[-1][0] <= end:
            where, escape = escapes.pop()
            done.append(visible[start:where] + escape)
            start = where
        done.append(visible[start:end])

    position = 0
    for found in re.finditer(pattern, visible):
        copy(position, found.start())
        while escapes and escapes[-1][0] < found.end():
            escapes.pop()
        done.append(found.expand(replacement))
        position = found.end()
    copy(position, len(visible))
    return "".join(done)


def masked(trace: str, patterns: Sequence[Pattern[str]]) -> List[str]:
    """The lines of a trace, process by process, with process ids and *patterns* masked."""
    by_pid: Dict[str, List[str]] = {}
    for line in trace.splitlines():
        found = re.match("([0-9]+)(\x1b.*?<.*?>\x1b\\[13m)? +", line)  # with -Y the name follows
        pid, rest = (found.group(1), line[found.end(1):]) if found else ("", line)
        by_pid.setdefault(pid, []).append(rest)
    text = "\n".join(f"{pid} {line}" for pid, lines in by_pid.items() for line in _joined(lines))
    first, newline, rest = text.partition("\n")
    text = replace(r"\b0x[0-9a-f]+", "ADDRESS", replace("<[^/>]*>", "<tracer>", first)) + newline + rest
    for number, pid in enumerate(filter(None, by_pid), 1):
        text = replace(rf"(?<![\w.]){pid}(?![\w.])|\b{int(pid):#x}\b", f"PID{number}", text)
    for pattern in patterns:
        text = replace(pattern.pattern, "MASKED", text)
    return replace(r" +(?== \S)", " ", text).splitlines()


def _joined(lines: Sequence[str]) -> List[str]:
    """The lines of one process without the interruptions that the scheduler decides on."""
    joined: List[str] = []
    beginning = ""
    for line in lines:
        if line.endswith(" <unfinished ...>\x1b[0m"):
            beginning = line[:-21]
        elif "<... " in line and beginning:
            joined.append(beginning + line.partition(" resumed>")[2])
            beginning = ""
        else:
            joined.append(line)
    return joined


def compare(family: str, options: Sequence[str]) -> List[str]:
    """The unified diff of the oracle's trace and ours; empty when they agree."""
    program = support.build(family + ".c")
    patterns = masks(family)
    traces = []
    for run in (support.run_oracle, support.run_ours):
        # The same directory name twice, so that paths are of the same length.
        with tempfile.TemporaryDirectory(prefix="fam") as parent:
            where = os.path.join(support.scratch(), family)
            if os.path.lexists(where):
                os.rename(where, os.path.join(parent, "old"))
            os.mkdir(where)
            done = run(["--color=always", "-f", *options, program], cwd=where, timeout=60,
                       env={**support.environment(where), "STRACE_COLORS": SCHEME})
            if "Traceback" in done.stderr:
                traces.append(done.stderr.splitlines())
            else:
                traces.append([marked(line) for line in masked(done.trace, patterns)])
    return list(difflib.unified_diff(traces[0], traces[1], "oracle", "ours", lineterm="", n=0))


def main(arguments: Sequence[str]) -> int:
    """The command line: show the differences of one family."""
    family, *options = arguments
    count = 0
    for chosen in ([tuple(options)] if options else OPTION_SETS):
        difference = compare(family, chosen)
        count += len(difference)
        print(f"== {family} {' '.join(chosen)}: {len(difference)} lines")
        print("\n".join(difference))
    return int(count > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
