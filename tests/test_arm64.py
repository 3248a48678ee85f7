"""tools/arm64.py: output and exit status come out of the machine, and it always ends."""
from __future__ import annotations

import os
import platform
import subprocess
import sys
import unittest

from . import support

TOOL = os.path.join(support.ROOT, "tools", "arm64.py")


def arm64(*words: str) -> support.Run:
    # Making the machine takes a while the first time, and happens in the user's own cache.
    return support.run([sys.executable, TOOL, *words], timeout=600,
                       env=support.environment(support.scratch(), HOME=os.path.expanduser("~")))


class Missing(unittest.TestCase):
    def test_what_is_missing_is_said(self) -> None:
        for words, status in ((["--missing"], 1), (["true"], 125)):
            done = support.run([sys.executable, TOOL, *words],
                               env=support.environment(support.scratch(), PATH="/nowhere"))
            self.assertEqual((done.status, done.stdout, done.left), (status, "", ()))
            self.assertRegex(done.stderr, r"^arm64\.py: needs Debian's packages .*\bqemu-system-arm\b.*\n$")


@unittest.skipIf(platform.machine() == "aarch64", "is for other machines")
class Machine(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        missing = subprocess.run([sys.executable, TOOL, "--missing"], stderr=subprocess.PIPE, text=True)
        if missing.returncode:
            raise unittest.SkipTest(missing.stderr.strip())

    def test_output_and_status(self) -> None:
        done = arm64("--", "sh", "-c", "uname -m; echo error >&2; exit 7")
        if done.status == 125:
            self.skipTest(done.stderr.strip())
        self.assertEqual((done.status, done.stdout.split(), done.left), (7, ["aarch64", "error"], ()), done.stderr)

    def test_a_hang_is_ended(self) -> None:
        """Its console's last lines are shown."""
        done = arm64("--timeout", "20", "sh", "-c", "echo beginning; echo console >/dev/console; sleep 1000")
        if done.status == 125:
            self.skipTest(done.stderr.strip())
        self.assertEqual((done.status, done.stdout.split(), done.left), (124, ["beginning"], ()))
        self.assertRegex(done.stderr, r"(?s)^arm64\.py: no end after 20 s; the console's last lines:\n.*\bconsole\b")


if __name__ == "__main__":
    unittest.main()
