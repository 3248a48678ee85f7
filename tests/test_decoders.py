"""Every family of system calls, in good, failing and unreadable variants, against the oracle.

Each ``tests/programs/fam_*.c`` makes the calls of one family with fixed arguments; it is traced by the oracle and
by us under every option set below, and the traces must be the same to the byte. Only process ids are
masked: address space randomisation is off, so addresses agree. What can't agree (times, inode numbers) is
marked in the program: a comment ``mask: REGEX`` on a line of its own is replaced in both traces.

    python3 -m tests.test_decoders fam_files[:VARIANT] [OPTION...]

shows the differences of one family; without options, under all option sets. A VARIANT is one of support.compilers():
``32`` builds the program for 32-bit processes.
"""
from __future__ import annotations

import difflib
import functools
import os
import platform
import re
import sys
import tempfile
import unittest
from typing import Callable, Dict, List, Sequence, Tuple

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

#: Those for 32-bit programs on a machine whose oracle takes their structures for 64-bit ones: names, registers and
#: results.
BARE_OPTION_SETS: Tuple[Tuple[str, ...], ...] = (("-e", "raw=all"),)

FAMILIES = sorted(name[:-2] for name in os.listdir(support.PROGRAMS)
                  if name.startswith("fam_") and name.endswith(".c"))


def masks(family: str) -> List[str]:
    """The regular expressions that the program's ``mask:`` comments give."""
    with open(os.path.join(support.PROGRAMS, family + ".c"), encoding="utf-8") as file:
        return re.findall(r"^\W*mask: (.*?)(?: \*/)?$", file.read(), re.MULTILINE)


def variants(family: str) -> List[str]:
    """How the program is built: as its comment ``variants: NAME...`` says, else plainly and for 32-bit processes."""
    with open(os.path.join(support.PROGRAMS, family + ".c"), encoding="utf-8") as file:
        found = re.search(r"^/\* variants: (.*) \*/$", file.read(), re.MULTILINE)
    return found.group(1).split() if found else ["", "32"]


def masked(trace: str, patterns: Sequence[str] = (), sub: Callable[..., str] = re.sub) -> List[str]:
    """The lines of a trace, process by process, with process ids and *patterns* masked. *sub* replaces as re.sub()
    does."""
    by_pid: Dict[str, List[str]] = {}
    for line in trace.splitlines():
        pid, _, rest = line.partition(" ")
        by_pid.setdefault(pid, []).append(rest.lstrip(" "))
    text = "\n".join(f"{pid} {line}" for pid, lines in by_pid.items() for line in _joined(lines))
    # The tracers' own arguments of execve are where each of them likes.
    first, newline, rest = text.partition("\n")
    text = sub(r"\b0x[0-9a-f]+", "ADDRESS", first) + newline + rest
    for number, pid in enumerate(by_pid, 1):
        # As a number of its own in decimal, hexadecimal or -y's /proc paths.
        text = sub(rf"(?<![\w.]){pid}(?![\w.])|\b{int(pid):#x}\b", f"PID{number}", text)
    for pattern in patterns:
        text = sub(pattern, "MASKED", text)
    # What was masked may have moved the result's column.
    return [sub(r" +(?== \S)", " ", line, count=1) for line in text.splitlines()]


#: How a line ends, with --color=always, too, when another process's comes before the call's end.
_UNFINISHED = re.compile(r" <unfinished \.\.\.>(\x1b\[0m)?$")


def _joined(lines: Sequence[str]) -> List[str]:
    """The lines of one process without the interruptions that the scheduler decides on."""
    joined: List[str] = []
    beginning = ""
    for line in lines:
        unfinished = _UNFINISHED.search(line)
        if unfinished:
            beginning = line[:unfinished.start()]
        elif line.startswith("<... ") and beginning:
            joined.append(beginning + line.partition(" resumed>")[2])
            beginning = ""
        else:
            joined.append(line)
    return joined


def compare(family: str, options: Sequence[str], variant: str = "", *, lines: Callable[..., List[str]] = masked,
            **environment: str) -> List[str]:
    """The unified diff of the oracle's trace and ours; empty when they agree. *variant*: see support.build. *lines*
    makes lines of a trace and the program's masks; *environment* is more of that for the tracers."""
    program = support.build(family + ".c", variant)
    traces = []
    for run in (support.run_oracle, support.run_ours):
        # The same directory name twice, so that paths are of the same length.
        with tempfile.TemporaryDirectory(prefix="fam") as parent:
            where = os.path.join(support.scratch(), family)
            if os.path.lexists(where):
                os.rename(where, os.path.join(parent, "old"))
            os.mkdir(where)
            done = run(["-f", *options, program], cwd=where, env=support.environment(where, **environment))
            assert done.trace, done.stderr
            if "Traceback" in done.stderr:
                traces.append(done.stderr.splitlines())
            else:
                traces.append(lines(done.trace, masks(family)))
    return list(difflib.unified_diff(traces[0], traces[1], "oracle", "ours", lineterm="", n=0))


def sign_extended(trace: str, patterns: Sequence[str] = ()) -> List[str]:
    """masked(), for an oracle that shows results of 32-bit programs with their sign extended to 64 bits."""
    return masked(re.sub(r"= 0xffffffff(?=[0-9a-f]{8}$)", "= 0x", trace, flags=re.MULTILINE), patterns)


def family_test(family: str, option_sets: Sequence[Sequence[str]],
                compare: Callable[..., List[str]] = compare) -> Callable[[unittest.TestCase], None]:
    """The test of a family: one subtest an option set."""
    def test(self: unittest.TestCase) -> None:
        for options in option_sets:
            with self.subTest(options=" ".join(options)):
                difference = support.differences(functools.partial(compare, family, options))
                self.assertFalse(difference, "\n" + "\n".join(difference[:40]))
    return test


@support.needs_gcc
@support.needs_oracle
class Decoders(unittest.TestCase):
    """One test a family and variant."""


for _family in FAMILIES:
    for _variant in variants(_family):
        _bare = bool(_variant) and platform.machine() == "aarch64"
        setattr(Decoders, "_".join(["test", _family[4:], *([_variant] if _variant else [])]),
                family_test(_family, BARE_OPTION_SETS if _bare else OPTION_SETS,
                            functools.partial(compare, variant=_variant, lines=sign_extended if _bare else masked)))


def main(arguments: Sequence[str], option_sets: Sequence[Sequence[str]] = OPTION_SETS,
         compare: Callable[..., List[str]] = compare) -> int:
    """The command line: show the differences of one family."""
    family, *options = arguments
    family, _, variant = family.partition(":")
    count = 0
    for chosen in ([options] if options else option_sets):
        difference = compare(family, chosen, variant)
        count += len(difference)
        print(f"== {family} {' '.join(chosen)}: {len(difference)} lines")
        print("\n".join(difference))
    return int(count > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
