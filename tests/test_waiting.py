"""How the tracer waits: asking or asleep, the trace is the same, and nothing waits to be written."""
from __future__ import annotations

import contextlib
import os
import re
import select
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from collections import Counter
from typing import Iterator, List, Set, Tuple

from strace_py import cli
from strace_py.events import Recorder
from strace_py.kernel.ptrace import PTRACE_EVENT_EXEC
from strace_py.kernel.status import SYSCALL_STOP, WAIT_OPTIONS
from strace_py.tracer import waiting
from strace_py.tracer.stops import CROWD, FEW
from strace_py.tracer.tracer import Tracer
from strace_py.tracer.waiting import LEAST, LOOK, MOST, REST, SOME, SOON, Core, Patience, Wakefulness

from . import differential, support
from .test_tracer import Process, state

#: Command lines whose traces are the same every time but for what is masked in all.
_SAME = ("ls -l /usr", "-f sh -c 'ls /; echo hello; exit 3'", "-c -S calls ls /",
         "-T -e trace=openat,close cat /dev/null", "-f -e trace=execve,wait4,exit_group sh -c '/bin/true; /bin/true'")


@contextlib.contextmanager
def _fifo() -> Iterator[Tuple[str, int]]:
    """A named pipe to trace into, and a descriptor to read from."""
    with tempfile.TemporaryDirectory(dir=support.scratch()) as directory:
        path = os.path.join(directory, "fifo")
        os.mkfifo(path)
        # Open for writing, too: the tracer's opening doesn't wait, and reading doesn't end.
        reader = os.open(path, os.O_RDWR)
        try:
            yield path, reader
        finally:
            os.close(reader)


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
        with _fifo() as (fifo, reader), \
                Process([*support.ours(), *options, "-o", fifo, "-e", "trace=read,exit_group", "/bin/cat"],
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

    def test_first_half(self) -> None:
        """A call that blocks shows while it blocks, and what came before it."""
        for spin in ([], ["--spin=0"], ["--spin=100"]):
            with self.subTest(spin=spin):
                self._follow(*spin)

    def test_busy_elsewhere(self) -> None:
        """While one process keeps the tracer busy, another one's lines are written, too."""
        with _fifo() as (fifo, reader), \
                Process([*support.ours(), "-f", "-o", fifo, "-e", "trace=chdir,getppid", "/bin/sh", "-c",
                        "cd /usr; while :; do :; done"], stdout=subprocess.DEVNULL) as tracer:
            tracer.read_until(reader, b'chdir("/usr")')

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


class Crowd(unittest.TestCase):
    """More tracees than run at a time."""

    #: Processes that wait for each other to begin; each makes so many calls, or makes them for ever.
    PROGRAM = """
import os, sys
many, calls = int(sys.argv[1]), int(sys.argv[2])
ready, go = os.pipe(), os.pipe()
for _ in range(many):
    if not os.fork():
        os.close(go[1])
        os.write(ready[1], b".")
        os.read(go[0], 1)
        while calls:
            os.getppid()
            calls -= 1
        os._exit(0)
for _ in range(many):
    os.read(ready[0], 1)
os.close(go[1])
for _ in range(many):
    os.wait()
"""

    def _command(self, calls: int) -> List[str]:
        return [sys.executable, "-S", "-c", self.PROGRAM, str(CROWD + FEW), str(calls)]

    def test_nothing_lost(self) -> None:
        for options in (["--spin=0"], [], ["--spin=100"], ["--spin=100", "--seccomp-bpf=off"], ["-C"]):
            with self.subTest(options=options):
                done = support.run_ours(["-f", "-e", "trace=getppid,wait4", *options, *self._command(50)], timeout=120)
                self.assertEqual((done.status, done.left), (0, ()))
                calls = Counter(re.findall(r"^(\d+) +getppid\(", done.trace, re.MULTILINE))
                self.assertEqual(list(calls.values()), [50] * (CROWD + FEW))
                self.assertEqual(set(re.findall(r"^(\d+) +\+\+\+ exited with 0 \+\+\+$", done.trace, re.MULTILINE)),
                                 {*calls, *re.findall(r"^(\d+) +wait4\(", done.trace, re.MULTILINE)})
                self.assertEqual(done.trace.count(" <unfinished ...>\n"), done.trace.count(" resumed>"))

    def test_interrupted(self) -> None:
        """A signal ends the trace although somebody always has stopped, and all run on."""
        with _fifo() as (fifo, reader), \
                Process([*support.ours(), "-I2", "-f", "--seccomp-bpf=off", "--spin=100", "-o", fifo, "-e",
                        "trace=getppid", *self._command(-1)], stderr=subprocess.DEVNULL) as tracer:
            pids: Set[bytes] = set()
            text = b""
            end = time.monotonic() + 60 * support.SLOWNESS
            while len(pids) < CROWD + FEW and time.monotonic() < end:
                text = text.rpartition(b"\n")[2] + tracer.read_until(reader, b"\n")
                pids.update(re.findall(rb"^(\d+) +getppid\(", text, re.MULTILINE))
            os.kill(tracer.pid, signal.SIGINT)
            while time.monotonic() < end:  # a full pipe would keep it from ending
                text = text.rpartition(b"\n")[2]
                if select.select([reader], [], [], 0.1)[0]:
                    text += os.read(reader, 65536)
                elif tracer.popen.poll() is not None:
                    break
            self.assertEqual(len(pids), CROWD + FEW)
            self.assertEqual(tracer.popen.poll(), -signal.SIGINT)
            self.assertRegex(text, rb"^$|( = \d+| <detached \.\.\.>)\n$")
            for pid in pids:
                self.assertNotIn("traced", state(int(pid)))

    def test_late(self) -> None:
        """A stop that was told before another thread's execve, and taken after it, does not hide that."""
        options = cli.parse(["-o", os.devnull, "/bin/sh", "-c", "exec /bin/true"])
        tracer = Tracer(options, Recorder(options))
        try:
            tracer.start()
            (pid,) = tracer.tracees
            for executed in range(2):  # by the tracer's child, and by the shell
                while getattr(tracer.tracees[pid].call, "name", "") != "execve":
                    self.assertTrue(tracer.step())
                if not executed:
                    tracer.step()
                    tracer.step()
            waiting_for = os.P_PID, pid, os.WSTOPPED | os.WEXITED | os.WNOWAIT | WAIT_OPTIONS
            event = signal.SIGTRAP | PTRACE_EVENT_EXEC << 8
            found = os.waitid(*waiting_for)
            assert found is not None
            self.assertEqual(found.si_status, event)
            tracer.handle(pid, SYSCALL_STOP)
            found = os.waitid(*waiting_for)
            assert found is not None
            self.assertEqual(found.si_status, event)
            while tracer.step():
                pass
            self.assertEqual(tracer.exit_status, 0)
        finally:
            tracer.detach_all()


class Asking(unittest.TestCase):
    """Patience: when it asks, and how often."""

    def test_fixed(self) -> None:
        never, always = Patience(0), Patience(7)
        for patience in (never, always):
            patience.blocked(0, 0, os.getpid())
            patience.blocked(0, 10 * SOON, os.getpid())
        self.assertEqual((never.asks, always.asks), (0, 7))

    def test_one_core(self) -> None:
        """A tracer that may run on one core only doesn't keep the tracee from it."""
        cores = os.sched_getaffinity(0)
        os.sched_setaffinity(0, {min(cores)})
        try:
            patience = Patience(None)
            patience.blocked(0, SOON // 2)
            patience.blocked(0, 10 * SOON)
            self.assertEqual(patience.asks, 0)
        finally:
            os.sched_setaffinity(0, cores)

    def _patience(self, crowd: List[int]) -> Patience:
        """One that finds the machine crowded while *crowd* holds something."""
        self.addCleanup(setattr, waiting, "crowded", waiting.crowded)
        waiting.crowded = lambda: bool(crowd)
        patience = Patience(None)
        patience._informed = True
        return patience

    @unittest.skipIf(len(os.sched_getaffinity(0)) < 2, "needs two cores")
    def test_adapts(self) -> None:
        crowd: List[int] = []
        patience = self._patience(crowd)
        self.assertEqual(patience.asks, MOST)
        for _ in range(20):
            patience.blocked(0, 10 * SOON)  # the tracee sleeps
        self.assertEqual(patience.asks, LEAST)
        while patience.asks < MOST:
            patience.blocked(0, SOON // 2)  # asking would have found it
        patience.blocked(0, SOON // 2)  # a call that takes its time
        self.assertEqual(patience.asks, MOST)
        crowd[:] = [1]
        now = SOON // 2
        patience.blocked(0, now)  # it came when there was a core for it
        for others in (1, 1, 0):
            crowd[:] = [others] * others
            until = patience.rests
            self.assertEqual((patience.asks, until), (LEAST, now + REST))
            for moment in (now + 1, until - 1):
                patience.blocked(moment, moment)
                self.assertEqual((patience.asks, patience.rests), (LEAST, until))
            patience.blocked(until, until)  # the rest is over: look again
            self.assertEqual((patience.asks, patience.rests), (SOME, 0))
            now = until + 1
            patience.blocked(until, now)
        self.assertGreater(patience.asks, SOME)

    @unittest.skipIf(len(os.sched_getaffinity(0)) < 2, "needs two cores")
    @support.needs("taskset")
    def test_keeps_close(self) -> None:
        """Where no core is idle, to the only tracee, as long as that lasts and not longer than the trace."""
        ours = os.sched_getaffinity(0)
        self.addCleanup(os.sched_setaffinity, 0, ours)
        crowd = [1]
        patience = self._patience(crowd)
        with there(min(ours)) as first, there(max(ours)) as second:
            patience.blocked(0, 1, first)
            self.assertEqual(patience.asks, 0)
            patience.blocked(1, 2, first)
            self.assertEqual(os.sched_getaffinity(0), {min(ours)})
            patience.blocked(2, 3, second)  # too soon to look
            patience.blocked(3, LOOK + 3, 0)  # there is another tracee
            self.assertEqual(os.sched_getaffinity(0), {min(ours)})
            patience.blocked(LOOK + 3, LOOK + 4, second)
            self.assertEqual(os.sched_getaffinity(0), {max(ours)})
            patience.blocked(LOOK + 4, REST + 1, first)
            self.assertEqual((patience.asks, os.sched_getaffinity(0)), (SOME, ours))
            patience.blocked(REST + 1, REST + 2, first)
            patience.blocked(REST + 2, REST + 3, first)
            self.assertEqual(os.sched_getaffinity(0), {min(ours)})
            patience.end()
            self.assertEqual(os.sched_getaffinity(0), ours)

    def test_crowded(self) -> None:
        """As many threads that run as cores, this one among them."""
        spinners = [subprocess.Popen(["sh", "-c", "echo; while :; do :; done"], stdout=subprocess.PIPE)
                    for _ in range((os.cpu_count() or 1) - 1)]
        try:
            for spinner in spinners:
                assert spinner.stdout is not None
                spinner.stdout.readline()
            self.assertTrue(waiting.crowded())
        finally:
            for spinner in spinners:
                spinner.kill()
                spinner.communicate()


@contextlib.contextmanager
def there(core: int) -> Iterator[int]:
    """A process on one core, by number."""
    with subprocess.Popen(["taskset", "-c", str(core), "sh", "-c", "echo; read end"], stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE) as process:
        assert process.stdin is not None and process.stdout is not None
        with process.stdin:
            process.stdout.readline()
            yield process.pid


@unittest.skipIf(len(os.sched_getaffinity(0)) < 2, "needs two cores")
class Following(unittest.TestCase):
    """Core: where the tracer may run."""

    def setUp(self) -> None:
        self.ours = os.sched_getaffinity(0)
        self.addCleanup(os.sched_setaffinity, 0, self.ours)

    @support.needs("taskset")
    def test_not_where_the_tracer_must_not_run(self) -> None:
        os.sched_setaffinity(0, {min(self.ours)})
        core = Core()
        with there(max(self.ours)) as pid:
            core.follow(pid)
        self.assertEqual(os.sched_getaffinity(0), {min(self.ours)})
        core.leave()
        self.assertEqual(os.sched_getaffinity(0), {min(self.ours)})

    @support.needs("taskset")
    def test_one_that_has_gone(self) -> None:
        core = Core()
        with there(min(self.ours)) as pid:
            core.follow(pid)
        core.follow(pid)
        self.assertEqual(os.sched_getaffinity(0), {min(self.ours)})
        core.leave()
        self.assertEqual(os.sched_getaffinity(0), self.ours)

    def test_a_trace(self) -> None:
        """The tracer keeps to a core while it runs a trace, and a program that calls step stays where it is."""
        for how, during in (("run", "1"), ("step", str(len(self.ours)))):
            with self.subTest(how):
                ran = support.run([sys.executable, "-c", _CORES, how], env=support.environment(
                    support.scratch(), PYTHONPATH=support.ROOT))
                self.assertEqual((ran.status, ran.stdout), (0, f"{during} {len(self.ours)}\n"), ran.stderr)


#: Of how many cores the tracer may use one, the fewest during a trace on a crowded machine, and after it.
_CORES = """
import os, sys
from strace_py import cli
from strace_py.events import Recorder
from strace_py.tracer.tracer import Tracer

class Output(Recorder):
    cores = os.cpu_count()
    def leave(self, call):
        self.cores = min(self.cores, len(os.sched_getaffinity(0)))

options = cli.parse(["-o", os.devnull, "/bin/true"])
output = Output(options)
tracer = Tracer(options, output)
tracer.stops._patience.asks, tracer.stops._patience.rests = 0, 1 << 63
if sys.argv[1] == "run":
    tracer.run()
else:
    tracer.start()
    while tracer.step():
        pass
print(output.cores, len(os.sched_getaffinity(0)))
"""


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
