"""How the tracer waits: asking or asleep, the trace is the same, and nothing waits to be written."""
from __future__ import annotations

import os
import signal
import subprocess
import tempfile
import unittest
from typing import List

from strace_py.tracer import waiting
from strace_py.tracer.waiting import LEAST, MOST, REST, SOME, SOON, Patience, Wakefulness

from . import differential, support
from .test_tracer import Process

#: Command lines whose traces are the same every time but for what is masked in all.
_SAME = ("ls -l /usr", "-f sh -c 'ls /; echo hello; exit 3'", "-c -S calls ls /",
         "-T -e trace=openat,close cat /dev/null", "-f -e trace=execve,wait4,exit_group sh -c '/bin/true; /bin/true'")


class SameTrace(unittest.TestCase):
    """Asking always, never, and as often as it pays."""

    def test_spin(self) -> None:
        _, auto = differential.sides()
        for args in _SAME:
            case = differential.Case("spin", args, mask="times", unstable="processes race",
                                     floating=r"--- SIGCHLD |(^|> )wait4\(")
            for spin in ("0", "3", "100000"):
                with self.subTest(args=args, spin=spin):
                    side = differential.Side("spin", [*auto.command, "--spin=" + spin])
                    self.assertEqual(differential.compare(case, auto, side), [])


class Written(unittest.TestCase):
    """What is gathered for a file is there soon, whatever the tracee does."""

    def _follow(self, *options: str) -> None:
        with tempfile.TemporaryDirectory(dir=support.scratch()) as directory:
            fifo = os.path.join(directory, "fifo")
            os.mkfifo(fifo)
            # Open for writing, too: the tracer's opening doesn't wait, and reading doesn't end.
            reader = os.open(fifo, os.O_RDWR)
            try:
                with Process([*support.ours(), *options, "-o", fifo, "-e", "trace=read,exit_group", "/bin/cat"],
                             stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) as tracer:
                    assert tracer.popen.stdin is not None
                    tracer.read_until(reader, b"\nread(0")
                    for number in range(3):
                        tracer.popen.stdin.write(b"line %d\n" % number)
                        tracer.popen.stdin.flush()
                        seen = tracer.read_until(reader, b"= 7\nread(0")
                        self.assertTrue(seen.startswith(b', "line %d\\n", 131072)' % number), seen)
                    tracer.popen.stdin.close()
                    tracer.popen.stdin = None
                    tracer.read_until(reader, b"exit_group(0)")
            finally:
                os.close(reader)

    def test_first_half(self) -> None:
        """A call that blocks shows while it blocks, and what came before it."""
        for spin in ([], ["--spin=0"], ["--spin=100"]):
            with self.subTest(spin=spin):
                self._follow(*spin)

    def test_busy_elsewhere(self) -> None:
        """While one process keeps the tracer busy, another one's lines are written, too."""
        with tempfile.TemporaryDirectory(dir=support.scratch()) as directory:
            fifo = os.path.join(directory, "fifo")
            os.mkfifo(fifo)
            reader = os.open(fifo, os.O_RDWR)
            try:
                with Process([*support.ours(), "-f", "-o", fifo, "-e", "trace=chdir,getppid", "/bin/sh", "-c",
                              "cd /usr; while :; do :; done"], stdout=subprocess.DEVNULL) as tracer:
                    tracer.read_until(reader, b'chdir("/usr")')
            finally:
                os.close(reader)

    def test_signals(self) -> None:
        """A signal that ends the trace loses no line."""
        with tempfile.TemporaryDirectory(dir=support.scratch()) as directory:
            path = os.path.join(directory, "trace")
            with Process(["/bin/cat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as cat:
                assert cat.popen.stdin is not None and cat.popen.stdout is not None
                with Process([*support.ours(), "-o", path, "-p", str(cat.pid)], stderr=subprocess.PIPE) as tracer:
                    assert tracer.popen.stderr is not None
                    tracer.read_until(tracer.popen.stderr.fileno(), b"attached\n")
                    for line in (b"first line\n", b"last line\n"):
                        os.write(cat.popen.stdin.fileno(), line)
                        cat.read_until(cat.popen.stdout.fileno(), line)
                    os.kill(tracer.pid, signal.SIGINT)
                    self.assertEqual(tracer.popen.wait(30), -signal.SIGINT)
                with open(path, encoding="ascii") as file:
                    text = file.read()
            self.assertIn('"last line\\n", 131072)', text)
            self.assertIn('write(1, "last line\\n", 10', text)
            self.assertTrue(text.endswith((" <detached ...>\n", " = 10\n")), text)


class Asking(unittest.TestCase):
    """Patience: when it asks, and how often."""

    def test_fixed(self) -> None:
        never, always = Patience(0), Patience(7)
        for patience in (never, always):
            patience.blocked(0)
            patience.blocked(10 * SOON)
        self.assertEqual((never.asks, always.asks), (0, 7))

    def test_one_core(self) -> None:
        """A tracer that may run on one core only doesn't keep the tracee from it."""
        cores = os.sched_getaffinity(0)
        os.sched_setaffinity(0, {min(cores)})
        try:
            self.assertEqual(Patience(None).asks, 0)
        finally:
            os.sched_setaffinity(0, cores)

    @unittest.skipIf(len(os.sched_getaffinity(0)) < 2, "needs two cores")
    def test_adapts(self) -> None:
        crowd: List[int] = []
        self.addCleanup(setattr, waiting, "crowded", waiting.crowded)
        waiting.crowded = lambda: bool(crowd)
        patience = Patience(None)
        self.assertEqual(patience.asks, MOST)
        for _ in range(20):
            patience.blocked(10 * SOON)  # the tracee sleeps
        self.assertEqual(patience.asks, LEAST)
        while patience.asks < MOST:
            patience.blocked(SOON // 2)  # asking would have found it
        patience.blocked(SOON // 2)  # it came when there was a core for it
        self.assertEqual(patience.asks, LEAST)
        for others in (1, 1, 0):
            crowd[:] = [others] * others
            for _ in range(REST):
                patience.blocked(SOON // 2)
                self.assertEqual(patience.asks, LEAST)
            while patience.asks < SOME:
                patience.blocked(SOON // 2)
            patience.blocked(SOON // 2)
        self.assertGreater(patience.asks, SOME)

    def test_crowded(self) -> None:
        """More threads that run than cores."""
        spinners = [subprocess.Popen(["sh", "-c", "echo; while :; do :; done"], stdout=subprocess.PIPE)
                    for _ in range((os.cpu_count() or 1) + 1)]
        try:
            for spinner in spinners:
                assert spinner.stdout is not None
                spinner.stdout.readline()
            self.assertTrue(waiting.crowded())
        finally:
            for spinner in spinners:
                spinner.kill()
                spinner.communicate()


class KeepingAwake(unittest.TestCase):
    """Wakefulness: what is requested of the kernel, and when no longer."""

    def setUp(self) -> None:
        directory = tempfile.TemporaryDirectory(dir=support.scratch())
        self.addCleanup(directory.cleanup)
        self.driver, self.request = (os.path.join(directory.name, name) for name in ("driver", "request"))
        for name, path in (("DRIVER", self.driver), ("REQUEST", self.request)):
            self.addCleanup(setattr, Wakefulness, name, getattr(Wakefulness, name))
            setattr(Wakefulness, name, path)
        self.cores = os.cpu_count
        self.addCleanup(setattr, os, "cpu_count", os.cpu_count)

    def _machine(self, driver: str, cores: int) -> bytes:
        """What a tracer writes that keeps pace and then gives up, twice."""
        with open(self.driver, "w", encoding="ascii") as file:
            file.write(driver + "\n")
        with open(self.request, "wb"):
            pass
        os.cpu_count = lambda: cores
        patience = Patience(None)
        for _ in range(2):
            patience.keeps_pace()
            patience.keeps_pace()
            patience.gives_up()
        with open(self.request, "rb") as written:
            return written.read()

    def test_requests(self) -> None:
        awake, usual = b"\0\0\0\0", (2000 * 1000 * 1000).to_bytes(4, "little")
        self.assertEqual(self._machine("haltpoll", 2), 2 * (awake + usual))

    def test_not_needed(self) -> None:
        """Hardware wakes up by itself; many cores are not kept awake for one."""
        self.assertEqual(self._machine("intel_idle", 2), b"")
        self.assertEqual(self._machine("haltpoll", 64), b"")

    def test_not_allowed(self) -> None:
        os.cpu_count = lambda: 2
        patience = Patience(None)  # neither file exists
        patience.keeps_pace()
        patience.gives_up()


if __name__ == "__main__":
    unittest.main()
