"""Whatever a tracee has in its registers and its memory, tracing it never raises."""
from __future__ import annotations

import json
import platform
import unittest
from typing import Dict

from . import support

#: Calls of which random arguments make lines that differ from strace's, and why.
NOT_EQUAL = {
    "exit": "the filter makes it return, which no kernel does",
    "restart_syscall": "strace names the call before it, which was not interrupted",
    "set_tid_address": "returns the thread's id",
    "get_thread_area": "strace decodes nothing on x86-64 and shows what it has",
    "bpf": "the attributes of its commands are not decoded",
    "statmount": "strings at the offsets that a random structure has",
    "msgget": "strace leaves a bar out where flags have no name",
    "semget": "as msgget",
    "ioctl": "families of requests that are not decoded",
    "getcwd": "no bytes at all, which the kernel never answers: on each machine strace says something else",
    "io_uring_register": "operations that are not decoded",
}
#: And of 32-bit programs.
NOT_EQUAL_32 = {
    "rt_sigreturn": "the mask is on the stack, where random numbers are",
}


@support.needs_gcc
class Fuzz(unittest.TestCase):
    """Random arguments for every system call; see programs/fuzz.c."""

    def _trace(self, *options: str, variant: str = "") -> None:
        program = support.build("fuzz.c", variant)
        for seed, error in (("1", "0"), ("2", "22"), ("3", "4")):
            with self.subTest(seed=seed, error=error):
                done = support.run_ours([*options, program, seed, error, "2"], timeout=300)
                self.assertEqual(done.status, 0, done.stderr)
                self.assertEqual(done.stderr, "")
                self.assertTrue(done.trace.replace("\n", "").isprintable(), "control characters got through")
                self.assertGreater(done.trace.count("\n"), 900)

    def test_plain(self) -> None:
        self._trace()

    def test_verbose(self) -> None:
        self._trace("-v", "-yy", "-Y", "-X", "verbose", "-s", "100")

    def test_raw(self) -> None:
        self._trace("-X", "raw", "-xx", "-N", "-i", "-n", "-T")

    def test_dumps(self) -> None:
        program = support.build("fuzz.c")
        done = support.run_ours(["-e", "read=all", "-e", "write=all", "-P", "/", "-e", "fd=0,1,2",
                                 program, "4", "0", "1"])
        self.assertEqual((done.status, done.stderr), (0, ""))

    def test_json(self) -> None:
        program = support.build("fuzz.c")
        done = support.run_ours(["--format=json", "-v", "-yy", program, "5", "0", "2"], timeout=300)
        self.assertEqual((done.status, done.stderr), (0, ""))
        for line in done.trace.splitlines():
            json.loads(line)

    @support.needs_oracle
    def test_equal(self) -> None:
        self._compare(NOT_EQUAL)

    @support.needs_oracle
    @unittest.skipUnless(platform.machine() == "x86_64", "needs an oracle that knows the structures of 32-bit programs")
    def test_equal_32_bit(self) -> None:
        self._compare({**NOT_EQUAL, **NOT_EQUAL_32}, "32")

    def _compare(self, not_equal: Dict[str, str], variant: str = "") -> None:
        program = support.build("fuzz.c", variant)
        for options, seed, error in (
                ((), "10", "0"), ((), "11", "22"), (("-v",), "12", "0"), (("-v",), "13", "22"),
                (("-X", "raw", "-v"), "14", "0"), (("-e", "verbose=none"), "15", "0"),
                (("-e", "raw=all"), "16", "0"), (("-xx", "-s", "3"), "17", "0"), (("-s", "100"), "18", "0")):
            with self.subTest(options=" ".join(options), seed=seed, error=error):
                theirs, ours = (run([*options, program, seed, error, "2"], timeout=300).trace.splitlines()[1:]
                                for run in (support.run_oracle, support.run_ours))
                self.assertEqual(len(theirs), len(ours))
                different = [pair for pair in zip(theirs, ours)
                             if pair[0] != pair[1] and pair[0].partition("(")[0] not in not_equal]
                self.assertFalse(different, "\n".join("- {}\n+ {}".format(*pair) for pair in different[:10]))

    def test_32_bit(self) -> None:
        self._trace("-v", variant="32")


if __name__ == "__main__":
    unittest.main()
