"""Every family of system calls, in good, failing and unreadable variants, against the oracle.

Each ``tests/programs/fam_*.c`` makes the calls of one family with fixed arguments; it is traced by the oracle and
by us under every option set below, and the traces must be the same to the byte. Only process ids are
masked: address space randomisation is off, so addresses agree. What can't agree (times, inode numbers) is
marked in the program: a comment ``mask: REGEX`` on a line of its own is replaced in both traces.

    python3 -m tests.test_decoders fam_files[:VARIANT] [OPTION...]

shows the differences of one family; without options, under all option sets. A VARIANT is one of support.VARIANTS:
``32`` builds the program for 32-bit processes.
"""
from __future__ import annotations

import difflib
import os
import re
import sys
import tempfile
import unittest
from typing import Dict, List, Sequence, Tuple

from . import support

#: The option sets under which every family is compared.
OPTION_SETS: Tuple[Tuple[str, ...], ...] = (
    (),
    ("-v",),
    ("-X", "raw"),
    ("-X", "verbose"),
    ("-y",),
    ("-yy",),
    ("-N",),
    ("-e", "raw=all"),
    ("-e", "verbose=none"),
    ("-v", "-s", "4096"),
    ("-xx", "-s", "3"),
    ("-z",),
)

#: How often a comparison is made until it finds no difference.
ATTEMPTS = 5

FAMILIES = sorted(name[:-2] for name in os.listdir(support.PROGRAMS)
                  if name.startswith("fam_") and name.endswith(".c"))


def masks(family: str) -> List[re.Pattern[str]]:
    """The regular expressions that the program's ``mask:`` comments give."""
    with open(os.path.join(support.PROGRAMS, family + ".c"), encoding="utf-8") as file:
        return [re.compile(found) for found in re.findall(r"^\W*mask: (.*?)(?: \*/)?$", file.read(), re.MULTILINE)]


def masked(trace: str, patterns: Sequence[re.Pattern[str]]) -> List[str]:
    """The lines of a trace, process by process, with process ids and *patterns* masked."""
    pids: Dict[str, str] = {}
    by_pid: Dict[str, List[str]] = {}
    for line in trace.splitlines():
        pid, _, rest = line.partition(" ")
        pids.setdefault(pid, f"PID{len(pids) + 1}")
        by_pid.setdefault(pid, []).append(rest.lstrip(" "))
    text = "\n".join(f"{pid} {line}" for pid, lines in by_pid.items() for line in _joined(lines))
    # The tracers' own arguments of execve are where each of them likes.
    first, newline, rest = text.partition("\n")
    text = re.sub(r"\b0x[0-9a-f]+", "ADDRESS", first) + newline + rest
    for pid, name in pids.items():
        # As a number of its own in decimal, hexadecimal or -y's /proc paths.
        text = re.sub(rf"(?<![\w.]){pid}(?![\w.])|\b{int(pid):#x}\b", name, text)
    for pattern in patterns:
        text = pattern.sub("MASKED", text)
    # What was masked may have moved the result's column.
    return [re.sub(r" +(= \S.*)$", r" \1", line) for line in text.splitlines()]


def _joined(lines: Sequence[str]) -> List[str]:
    """The lines of one process without the interruptions that the scheduler decides on."""
    joined: List[str] = []
    beginning = ""
    for line in lines:
        if line.endswith(" <unfinished ...>"):
            beginning = line[:-17]
        elif line.startswith("<... ") and beginning:
            joined.append(beginning + line.partition(" resumed>")[2])
            beginning = ""
        else:
            joined.append(line)
    return joined


def compare(family: str, options: Sequence[str], variant: str = "") -> List[str]:
    """The unified diff of the oracle's trace and ours; empty when they agree. *variant*: see support.build."""
    program = support.build(family + ".c", variant)
    patterns = masks(family)
    traces = []
    for run in (support.run_oracle, support.run_ours):
        # The same directory name twice, so that paths are of the same length.
        with tempfile.TemporaryDirectory(prefix="fam") as parent:
            where = os.path.join(support.scratch(), family)
            if os.path.lexists(where):
                os.rename(where, os.path.join(parent, "old"))
            os.mkdir(where)
            done = run(["-f", *options, program], cwd=where, timeout=60)
            if "Traceback" in done.stderr:
                traces.append(done.stderr.splitlines())
            else:
                traces.append(masked(done.trace, patterns))
    return list(difflib.unified_diff(traces[0], traces[1], "oracle", "ours", lineterm="", n=0))


@support.needs_gcc
@support.needs_oracle
class Decoders(unittest.TestCase):
    """One test a family and variant; one subtest an option set."""


def _add(family: str, variant: str) -> None:
    def test(self: unittest.TestCase) -> None:
        for options in OPTION_SETS:
            with self.subTest(options=" ".join(options)):
                # A process id may by chance equal another number of one of the traces, and two processes that
                # race may end a race either way.
                for _ in range(ATTEMPTS):
                    difference = compare(family, options, variant)
                    if not difference:
                        break
                self.assertFalse(difference, "\n" + "\n".join(difference[:40]))
    setattr(Decoders, f"test_{family[4:]}{variant and '_' + variant}", test)


for _family in FAMILIES:
    for _variant in ("",):
        _add(_family, _variant)


def main(arguments: Sequence[str]) -> int:
    """The command line: show the differences of one family."""
    family, *options = arguments
    family, _, variant = family.partition(":")
    count = 0
    for chosen in ([tuple(options)] if options else OPTION_SETS):
        difference = compare(family, chosen, variant)
        count += len(difference)
        print(f"== {family} {' '.join(chosen)}: {len(difference)} lines")
        print("\n".join(difference))
    return int(count > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
