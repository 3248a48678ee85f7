"""Whatever a tracee has in its registers and its memory, tracing it never raises."""
from __future__ import annotations

import json
import unittest

from . import support


@support.needs_gcc
class Fuzz(unittest.TestCase):
    """Random arguments for every system call; see programs/fuzz.c."""

    def _trace(self, *options: str, flags: str = "-O1") -> None:
        program = support.build("fuzz.c", flags)
        for seed, error in (("1", "0"), ("2", "22"), ("3", "4")):
            with self.subTest(seed=seed, error=error):
                done = support.run_ours([*options, program, seed, error, "2"], timeout=120)
                self.assertEqual(done.status, 0, done.stderr)
                self.assertEqual(done.stderr, "")
                self.assertTrue(done.trace.isprintable() or all(
                    line.isprintable() for line in done.trace.splitlines()), "control characters got through")
                self.assertGreater(done.trace.count("\n"), 900)

    def test_plain(self) -> None:
        self._trace()

    def test_verbose(self) -> None:
        self._trace("-v", "-yy", "-Y", "-X", "verbose", "-s", "100")

    def test_raw(self) -> None:
        self._trace("-X", "raw", "-xx", "-N", "-i", "-n", "-T")

    def test_dumps(self) -> None:
        program = support.build("fuzz.c", "-O1")
        done = support.run_ours(["-e", "read=all", "-e", "write=all", "-P", "/", "-e", "fd=0,1,2", program, "4", "0", "1"])
        self.assertEqual((done.status, done.stderr), (0, ""))

    def test_json(self) -> None:
        program = support.build("fuzz.c", "-O1")
        done = support.run_ours(["--format=json", "-v", "-yy", program, "5", "0", "2"], timeout=120)
        self.assertEqual((done.status, done.stderr), (0, ""))
        for line in done.trace.splitlines():
            json.loads(line)

    def test_32_bit(self) -> None:
        try:
            self._trace("-v", flags="-m32")
        except AssertionError as reason:
            if "gcc fuzz.c" in str(reason):
                self.skipTest("needs gcc -m32")
            raise


if __name__ == "__main__":
    unittest.main()
