"""The same command line under the oracle and under strace_py, and without a tracer: nothing differs.

The cases that are compared with the oracle, and how, are in ``differential.py``.
"""

from __future__ import annotations

import os
import re
import sys
import tempfile
import unittest
from typing import Callable

from tests import differential, support


@support.needs_oracle
class Differential(unittest.TestCase):
    """One test for each case of ``differential.CASES``."""

    newer: bool

    @classmethod
    def setUpClass(cls) -> None:
        cls.newer = support.oracle_version() > support.WANTED_VERSION
        note = ": differences are reported and do not fail" if cls.newer else ""
        print(f"comparing with {support.oracle_name()}{note}", file=sys.stderr)

    def check(self, case: differential.Case) -> None:
        """Fail with the difference, if there is one."""
        reason = differential.missing(case)
        if reason:
            self.skipTest(reason)
        theirs, ours = differential.sides()
        lines = differential.compare(case, theirs, ours)
        if not lines:
            return
        shown = "\n".join([f"{support.oracle_name()} and strace_py differ: {case.args}", *lines[:60]])
        if self.newer:
            self.skipTest(shown)
        self.fail(shown)


def _test(case: differential.Case) -> Callable[[Differential], None]:
    def test(self: Differential) -> None:
        self.check(case)

    test.__doc__ = f"{case.name}: {case.args}"
    return test


for _number, _case in enumerate(differential.CASES):
    _name = "".join(letter if letter.isalnum() else "_" for letter in _case.name)
    setattr(Differential, f"test_{_number:03}_{_name}", _test(_case))


class Transparency(unittest.TestCase):
    """The tracee sees what it would see untraced."""

    #: Before the tracer starts: an ignored signal, limits, a mask and an affinity of one's own.
    SETTING = 'trap "" USR1; umask 027; ulimit -n 100; exec taskset -c 0 nice -n 1 "$@"'

    def sees(self, *tracer: str) -> str:
        """What a program says of its surroundings under a tracer, or under none."""
        with tempfile.TemporaryFile() as inherited:
            inherited.write(b"at an offset")
            inherited.flush()
            ran = support.run(
                ["sh", "-c", self.SETTING, "sh", *tracer, support.build("what_do_i_see.c"), "an argument"],
                # Without a locale CPython sets LC_CTYPE in its own environment
                env=support.environment(support.scratch(), LC_ALL=None, EMPTY="", PYTHONPATH=support.ROOT),
                pass_fds=[inherited.fileno()],
            )
        self.assertEqual((ran.status, ran.left), (0, ()), ran.stderr)
        # The number of a file that has no name
        return re.sub(r"/#\d+ \(deleted\)", "/# (deleted)", ran.stdout)

    @support.needs_gcc
    @support.needs("taskset", "nice")
    def test_the_tracee_sees_nothing_of_the_tracer(self) -> None:
        untraced = self.sees()
        self.assertIn("ignored 10\n", untraced)
        self.assertIn("cpu 0\n", untraced)
        for options in ((), ("-f",), ("-o", os.devnull), ("-o", "|cat >/dev/null"), ("-c",), ("--argv0=0",)):
            with self.subTest(options=options):
                self.assertEqual(self.sees(*support.ours(), *options), untraced)


class Masking(unittest.TestCase):
    """What the comparison itself rests on."""

    def test_processes_are_named_after_their_place_in_the_family(self) -> None:
        by_pid = differential.processes_of(
            "10    clone(child_stack=NULL, flags=SIGCHLD) = 12\n12    fork() = 11\n10    fork() = 13\n"
            "11    +++ exited with 0 +++\n13    +++ exited with 0 +++\n"
        )
        self.assertEqual(differential.names_of(by_pid), {"10": "P", "12": "P.1", "13": "P.2", "11": "P.1.1"})

    def test_a_split_call_is_put_together(self) -> None:
        self.assertEqual(
            differential.join(
                ["read(0,  <unfinished ...>", "--- SIGUSR1 {} ---", '<... read resumed>"x", 1) = 1']
            ),
            ['read(0, "x", 1) = 1', "--- SIGUSR1 {} ---"],
        )

    def test_only_what_varies_is_masked(self) -> None:
        for line, masked in (
            ("getpid()                                = 4321", "getpid()                                = P"),
            ('read(3, "", 4321)                       = 0', 'read(3, "", 4321)                       = 0'),
            ("kill(-4321, SIGTERM)                    = 0", "kill(-P, SIGTERM)                    = 0"),
            ("12:34:56.123456 close(3) = 0 <0.000012>", "<time> close(3) = 0 <duration>"),
            ('getrandom("\\x01\\x02", 2, 0) = 2', "getrandom(<random>, 2, 0) = 2"),
            ("nanosleep({tv_sec=1, tv_nsec=0}, NULL) = 0", "nanosleep({tv_sec=1, tv_nsec=0}, NULL) = 0"),
        ):
            with self.subTest(line):
                self.assertEqual(differential.mask_line(line, {"4321": "P"}), masked)

    def test_the_names_of_cases_are_unique(self) -> None:
        names = [case.name for case in differential.CASES]
        self.assertEqual(sorted(names), sorted(set(names)))


if __name__ == "__main__":
    unittest.main()
