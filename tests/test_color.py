"""--color: the same escape sequences as the oracle's, around the same text.

Each family of system calls (see ``test_decoders``) is traced in a colour scheme that gives every kind of text
a colour of its own, so that no two are mistaken for each other. What differs from run to run is masked in
the visible text; the escape sequences stay.

    python3 -m tests.test_color fam_files [OPTION...]

shows the differences of one family, with colours as marks; without options, under all option sets.
"""
from __future__ import annotations

import difflib
import itertools
import os
import pty
import re
import subprocess
import sys
import unittest
from typing import Callable, Dict, List, Optional, Sequence, Tuple

from . import support, test_decoders

#: The option sets under which every family is compared.
OPTION_SETS: Tuple[Tuple[str, ...], ...] = (
    (),
    ("-v", "-N"),
    ("-v", "-X", "verbose"),
    ("-X", "raw", "-yy"),
)

#: Kind of text -> its colour in the traces that are compared, and how a difference shows it.
_KINDS = ("syscall", "argname", "argval", "call", "const", "comment", "punct", "retval", "error")
SCHEME = ":".join(f"{kind}={11 + number}" for number, kind in enumerate(_KINDS))
_MARKS = {"0": "0", **{str(11 + number): kind for number, kind in enumerate(_KINDS)}}
_ESCAPE = re.compile("(\x1b\\[[0-9;]*m)")


def marked(text: str) -> str:
    """*text* with colours as words: ``«punct»``."""
    return re.sub("\x1b\\[([0-9;]*)m", lambda found: f"«{_MARKS.get(found.group(1), found.group(1))}»", text)


def replace(pattern: str, replacement: str, text: str, count: int = 0) -> str:
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
    for found in itertools.islice(re.finditer(pattern, visible), count or None):
        copy(position, found.start())
        while escapes and escapes[-1][0] < found.end():
            escapes.pop()
        done.append(found.expand(replacement))
        position = found.end()
    copy(position, len(visible))
    return "".join(done)


def masked(trace: str, patterns: Sequence[str] = ()) -> List[str]:
    """As ``test_decoders.masked``, with colours as words."""
    return [marked(line) for line in test_decoders.masked(trace, patterns, replace)]


def compare(family: str, options: Sequence[str], variant: str = "") -> List[str]:
    """The unified diff of the oracle's trace and ours; empty when they agree."""
    return test_decoders.compare(family, ["--color=always", *options], variant, lines=masked, STRACE_COLORS=SCHEME)


@support.needs_gcc
@support.needs_oracle
@unittest.skipIf(support.SLOWNESS > 1, "an emulated machine is slow, and colours don't depend on the architecture")
class Families(unittest.TestCase):
    """One test a family."""


for _family in test_decoders.FAMILIES:
    setattr(Families, "test_" + _family[4:], test_decoders.family_test(_family, OPTION_SETS, compare))


@support.needs_oracle
class Lines(unittest.TestCase):
    """What surrounds the arguments."""

    def trace(self, run: Callable[..., support.Run], options: str, command: Sequence[str],
              scheme: Optional[str] = SCHEME) -> List[str]:
        """The lines of a trace, the tracees' in the order of their appearance, with times and ids masked."""
        where = support.scratch()
        env = support.environment(where, STRACE_COLORS=scheme)
        done = run(["--color=always", *options.split(), *command], cwd=where, env=env)
        self.assertNotIn("Traceback", done.stderr)
        text = done.trace
        for pattern, replacement in (
                (support.TICKS, "TICKS"), (r"\d\d:\d\d:\d\d(\.\d+)?(?= )", "TIME"), (r"\b1\d{9}(\.\d+)?(?= )", "UNIX"),
                (r"(?m)(?<=[ +<])\d+\.\d+(?=[ )>])", "SECONDS"), (r"0x[0-9a-f]+ /\* \d+ vars", "ENVIRONMENT"),
                (r"\[[0-9a-f]{16}\] execve", "[IP] execve"), (r"(\[pid +|\bsi_pid=|^)\d+", r"\1PID"),
                (r"(?<== )\d{4,}$", "PID"),
                (r" +(?== )", " "), (r"<(ld-linux[-\w.]*|strace|python[\d.]*)>", "<tracer>")):
            text = "\n".join([replace(pattern, replacement, line) for line in text.split("\n")])
        return [marked(line) for line in text.splitlines()]

    def check(self, options: str, *command: str, scheme: Optional[str] = SCHEME) -> None:
        with self.subTest(options=options, scheme=scheme):
            def compare() -> List[str]:
                theirs, ours = [self.trace(run, options, command, scheme)
                                for run in (support.run_oracle, support.run_ours)]
                self.assertTrue(theirs)
                return list(difflib.unified_diff(theirs, ours, "oracle", "ours", n=0, lineterm=""))

            lines = support.differences(compare)
            self.assertFalse(lines, "\n" + "\n".join(lines))

    def test_prefixes_and_times(self) -> None:
        for options in ("-t", "-ttt -r", "-T", "-n", "-i", "-Y --always-show-pid -n -T", "-a 60", "-a 1", "-z",
                        "-Z", "-e raw=all", "-y", "-e read=3", "-x", "-C -U name,calls,errors -S name"):
            self.check("-e trace=openat,read,close,exit_group " + options,
                       "cat", "/etc/passwd", "/nonexistent")

    @support.needs_gcc
    def test_signals_and_ends(self) -> None:
        self.check("-e trace=none", support.build("signals.c"))
        self.check("-e trace=none", support.build("killed.c"))

    @support.needs_gcc
    def test_interruptions(self) -> None:
        # Whose line comes in between is up to the scheduler: lines are compared when they are whole again.
        def compare() -> List[str]:
            traces = []
            for run in (support.run_oracle, support.run_ours):
                where = support.scratch()
                done = run(["--color=always", "-f", "-e", "trace=!execve", "-e", "signal=none",
                            support.build("vfork.c")],
                           cwd=where, env=support.environment(where, STRACE_COLORS=SCHEME))
                lines = [marked(line) for line in done.trace.splitlines()]
                begun = [line for line in lines if line.endswith(" <unfinished ...>«0»")]
                self.assertTrue(begun)
                for line in begun:
                    self.assertTrue(line.endswith("«0» <unfinished ...>«0»"), line)
                self.assertEqual(len(begun), sum([" resumed>" in line for line in lines]))
                traces.append(masked(done.trace))
            return list(difflib.unified_diff(traces[0], traces[1], "oracle", "ours", n=0, lineterm=""))

        self.assertEqual(support.differences(compare), [])

    def test_columns(self) -> None:
        """Escape sequences take no room: without them, it is the trace without colours."""
        command = ["-e", "trace=openat,read,close", "cat", "/etc/passwd", "/nonexistent"]
        plain = support.run_ours(["--color=never", *command]).trace
        colored = support.run_ours(["--color=always", *command]).trace
        self.assertNotEqual(plain, colored)
        self.assertEqual(_ESCAPE.sub("", colored), plain)

    def test_schemes(self) -> None:
        for scheme in (None, "", "const=1;33", "const=7:syscall=4", "zz=3:const=1", "const=1x:argval=2",
                       " CONST = 4 ", "const", "const=", "const=;;", "const=;1", "const=1 2", "const=1:const=2",
                       "const=-1", ":::"):
            self.check("-e trace=mprotect", "/bin/true", scheme=scheme)


def on_terminal(tracer: Sequence[str], options: Sequence[str], environment: Dict[str, str]) -> str:
    """What a tracer writes to a terminal that is its standard error, and is called TERMINAL in *options*."""
    ours, theirs = pty.openpty()
    name = os.ttyname(theirs)
    process = subprocess.Popen([*tracer, *(name if word == "TERMINAL" else word for word in options)],
                               stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=theirs,
                               env=environment, start_new_session=True)
    os.close(theirs)
    parts = []
    with open(ours, "rb", buffering=0) as terminal:
        try:
            while True:
                part = terminal.read(4096)
                if not part:
                    break
                parts.append(part)
        except OSError:     # EIO: nobody has the other end open any more
            pass
    process.wait(60)
    return b"".join(parts).decode()


@support.needs_oracle
class Auto(unittest.TestCase):
    """Without --color, colours are for terminals that have them."""

    def test_terminals(self) -> None:
        oracle = support.oracle()
        assert oracle is not None
        for options, changes in (
                ("", {"TERM": "xterm"}), ("", {"TERM": "vt220"}), ("", {"TERM": "dumb"}), ("", {"TERM": ""}),
                ("", {}),
                ("", {"TERM": "xterm", "NO_COLOR": "1"}), ("", {"TERM": "xterm", "NO_COLOR": ""}),
                ("--color=auto", {"TERM": "xterm"}), ("--color=never", {"TERM": "xterm"}),
                ("--color=always", {"TERM": "dumb", "NO_COLOR": "1"}), ("-o TERMINAL", {"TERM": "xterm"}),
                ("-o /dev/null", {"TERM": "xterm"})):
            with self.subTest(options=options, environment=changes):
                environment = {name: value for name, value in support.environment(support.scratch()).items()
                               if name not in ("TERM", "NO_COLOR", "STRACE_COLORS")}
                environment.update(changes)
                words = [*options.split(), "-e", "trace=close", "-qqq", "/bin/true"]
                expected = on_terminal(oracle, words, environment)
                self.assertEqual(on_terminal(support.ours(), words, environment), expected)

    def test_file(self) -> None:
        self.assertNotIn("\x1b", support.run_ours(["-e", "trace=close", "true"]).trace)


if __name__ == "__main__":
    sys.exit(test_decoders.main(sys.argv[1:], OPTION_SETS, compare))
