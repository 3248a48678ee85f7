"""The tracepoint engine: the lines of the syscall engine at one stop a call, and nothing left behind."""
from __future__ import annotations

import json
import os
import platform
import random
import re
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest
from typing import List, Optional, Sequence

from strace_py import arch
from strace_py.kernel import perf
from strace_py.options import ALL
from strace_py.syscalls import signature
from strace_py.syscalls.select import parse
from strace_py.tracer import tracepoint

from . import support
from .test_tracer import Process

ENGINE = "--engine=tracepoint"
#: The calls of tp_calls.c's rounds, none of which waits.
ROUND = "trace=getppid,access,getpgid"
# Where tracefs is not mounted, it is for the tracer alone, in a mount namespace that goes with it.
_MOUNT = ("unshare", "-m", "sh", "-c", 'mount -t tracefs tracefs /sys/kernel/tracing && exec "$@"', "sh")
# A change to kernel/perf.py: tracefs is there.
FOUND = "perf.tracefs = perf.tracepoint = lambda *names: 1; "
_found: Optional[List[str]] = None
_refused = ""


def tracer() -> List[str]:
    """The command that runs our tracer where it finds tracefs. Raises SkipTest."""
    global _found, _refused
    if _found is None and not _refused:
        _found = support.ours()
        try:
            perf.tracefs()
        except FileNotFoundError:
            if os.getuid() or not shutil.which("unshare"):
                _refused = "needs tracefs, or root and unshare(1) to mount it"
            _found = [*_MOUNT, *_found]
        except PermissionError:
            _refused = "needs to read tracefs"
        if not _refused:
            done = support.run_tracer(_found, [ENGINE, "true"])
            if re.match("strace: --engine=tracepoint (needs|works)", done.stderr):
                _refused = f"the engine is not to be had here: {done.stderr.strip()}"
    if _refused or _found is None:
        raise unittest.SkipTest(_refused)
    return _found


class Filters(unittest.TestCase):
    """What the kernel is asked for."""

    @staticmethod
    def _holds(text: str, number: int) -> bool:
        """Evaluate a filter as the kernel does: C's operators."""
        text = text.replace("&&", " and ").replace("||", " or ")
        return bool(eval(text, {"__builtins__": {}}, {"id": number}))

    def test_random_sets(self) -> None:
        """A filter holds for exactly the numbers of its set."""
        draw = random.Random(1)
        for size in (1, 2, 5, 20, 80, 150):
            numbers = set(draw.sample(range(460), size))
            abis = arch.of_machine("x86_64")[:1]
            wanted = frozenset(("x86_64", number) for number in numbers)
            text = tracepoint.condition(tracepoint.spans(wanted, abis))
            self.assertLessEqual(len(text), perf.LONGEST_FILTER)
            for number in (*range(600), -1, 1 << 30, (1 << 30) + 3):
                self.assertEqual(self._holds(text, number), number in numbers, (size, number))

    def test_long_sets_let_more_through(self) -> None:
        """What would be too long for the kernel holds for more calls, never for fewer."""
        ranges = [(number, number) for number in range(0, 3000, 2)]
        text = tracepoint.condition(ranges)
        self.assertLess(len(text), perf.LONGEST_FILTER)
        for number in range(0, 3000, 2):
            self.assertTrue(self._holds(text, number))

    def test_unknown_numbers(self) -> None:
        """A negated set holds the numbers without a name, of x32, too."""
        native, _, x32 = arch.of_machine("x86_64")
        abis = (native, x32)
        ranges = tracepoint.spans(parse("!read", "x86_64"), abis)
        text = tracepoint.condition(ranges)
        for number, expected in ((0, False), (1, True), (999, True), (5000, True), (1 << 30, False),
                                 ((1 << 30) + 1, True), ((1 << 30) + 9999, True)):
            self.assertEqual(self._holds(text, number), expected, number)
        self.assertEqual(tracepoint.spans(ALL, abis), [(0, (1 << 31) - 1)])

    def test_rewritten(self) -> None:
        """Every argument that is said to be rewritten exists."""
        some = set()
        for abi in arch.of_machine("x86_64"):
            for name in abi.names.values():
                found = signature(name, abi)
                if found is not None and found.rewritten:
                    some.add(name)
                    self.assertLessEqual(set(found.rewritten), set(found.arguments), name)
        self.assertIn("select", some)


only_x86 = unittest.skipUnless(platform.machine() == "x86_64", "the engine is x86-64's")


class Refused(unittest.TestCase):
    """Where the engine can't be had: one line, exit status 1."""

    def _refuse(self, change: str, args: Sequence[str], wanted: str) -> None:
        code = ("import sys; import strace_py.kernel.perf as perf\n"
                "def fail(error):\n"
                "    def function(*arguments): raise error\n"
                "    return function\n"
                f"{change}\n"
                "from strace_py.__main__ import main\n"
                "sys.exit(main())\n")
        done = support.run_tracer([sys.executable, "-c", code], [ENGINE, *args], separate=False)
        self.assertEqual(done.status, 1)
        self.assertRegex(done.stderr, f"^strace: --engine=tracepoint {wanted}\n$")
        self.assertEqual(done.stdout, "")

    @only_x86
    def test_no_tracefs(self) -> None:
        """The line says how to mount it, which we never do, and what to use instead."""
        change = "perf.tracefs = fail(FileNotFoundError(2, 'none'))"
        self._refuse(change, ["echo"], r"needs tracefs.*mount -t tracefs.*: use --engine=seccomp")
        self._refuse(change, ["-p", "1"], r"needs tracefs.*mount -t tracefs.*: use --engine=syscall")

    @only_x86
    def test_no_privilege(self) -> None:
        """tracefs can't be read, or CAP_PERFMON is missing."""
        self._refuse("perf.tracefs = fail(PermissionError(13, 'no', '/place'))", ["echo"],
                     "needs to read tracefs: /place: no: use --engine=seccomp")
        self._refuse(f"{FOUND}perf.open_sigtrap = fail(PermissionError(13, 'no'))",
                     ["echo"], "needs CAP_PERFMON: use --engine=seccomp")

    @only_x86
    def test_old_kernel(self) -> None:
        """The kernel doesn't know sigtrap."""
        for number in (7, 22):
            self._refuse(f"{FOUND}perf.open_sigtrap = fail(OSError({number}, 'no'))",
                         ["echo"], "needs Linux 5.13: use --engine=seccomp")

    def test_option(self) -> None:
        """An unknown engine; no abbreviation, since --en is strace's --env."""
        done = support.run_ours(["--engine=none", "true"], separate=False)
        self.assertEqual((done.status, done.stderr), (
            1, "strace: invalid --engine argument: 'none' (auto, syscall, seccomp, tracepoint)\n"))
        self.assertEqual(support.run_ours(["--en=X=1", "sh", "-c", "test $X = 1"]).status, 0)


class Target(Process):
    """tp_calls.c, which does what it is told."""

    def __init__(self) -> None:
        super().__init__([support.build("tp_calls.c")], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def __enter__(self) -> Target:
        self.wait(b"ready\n")
        return self

    def wait(self, wanted: bytes) -> bytes:
        """What it says up to *wanted*."""
        assert self.popen.stdout is not None
        return self.read_until(self.popen.stdout.fileno(), wanted)

    def do(self, what: str) -> List[str]:
        """Have it do these things, one after the other; its answers."""
        assert self.popen.stdin is not None
        answers = []
        for byte in what.encode():
            self.popen.stdin.write(bytes([byte]))
            self.popen.stdin.flush()
            answers.append(self.wait(b"done\n").decode()[:-5].strip())
        return answers

    def status(self, field: str) -> List[str]:
        """A line of /proc/PID/status, of every thread."""
        found = []
        for tid in os.listdir(f"/proc/{self.pid}/task"):
            with open(f"/proc/{self.pid}/task/{tid}/status", encoding="ascii", errors="replace") as file:
                found += re.findall(rf"^{field}:\s+(\S+)", file.read(), re.MULTILINE)
        return found


def varying(text: str) -> str:
    """*text* with N for each number that may differ between runs."""
    return re.sub(support.TICKS + r"|\b\d{3,}\b|0x[0-9a-f]{6,}", "N", text)


class Attached:
    """A tracer that is attached to a Target in a with block; after it *lines* by process in order (*raw*: as they
    were; numbers that differ between runs are N), and what it said to the user, *notes*."""

    def __init__(self, target: Target, *options: str, command: Optional[Sequence[str]] = None) -> None:
        self.directory = tempfile.mkdtemp(dir=support.scratch())
        self.process = Process(
            [*(command or tracer()), "-ff", "-o", os.path.join(self.directory, "trace"), *options,
             "-p", str(target.pid)], stderr=subprocess.PIPE)
        self.notes = ""
        self.lines: List[List[str]] = []
        self.raw: List[List[str]] = []

    def __enter__(self) -> Attached:
        assert self.process.popen.stderr is not None
        self.notes = self.process.read_until(self.process.popen.stderr.fileno(), b" attached").decode()
        return self

    def wait_for_lines(self, target: Target) -> None:
        """Until something has been written of *target*. Raises AssertionError when the tracer ends, or after
        half a minute."""
        stream = os.path.join(self.directory, f"trace.{target.pid}")
        for _ in range(3000):
            if os.path.exists(stream) and os.path.getsize(stream):
                return
            if self.process.popen.poll() is not None:
                raise AssertionError("the tracer has ended")
            select.select([], [], [], 0.01)
        raise AssertionError("no line was written")

    def __exit__(self, *reason: object) -> None:
        with self.process:
            self.process.popen.send_signal(signal.SIGINT)
            if not reason[0]:
                assert self.process.popen.stderr is not None
                self.notes += self.process.popen.stderr.read().decode()
                self.process.popen.wait(60)
        names = sorted(os.listdir(self.directory), key=lambda name: int(name[len("trace."):]))
        for name in names:
            with open(os.path.join(self.directory, name), encoding="utf-8", errors="replace") as file:
                self.raw.append(file.readlines())
        self.lines = [[varying(line) for line in lines] for lines in self.raw]


@support.needs_gcc
class SameLines(unittest.TestCase):
    """The same process does the same thing under this engine and under the one that stops at every call."""

    def _compare(self, what: str, *options: str) -> List[List[str]]:
        traces = []
        with Target() as target:
            for engine, command in ((ENGINE, tracer()), ("--engine=syscall", support.ours())):
                with Attached(target, engine, *options, command=command) as attached:
                    target.do(what)
                self.assertNotIn("SIGTRAP", attached.notes)
                traces.append(attached.lines)
        self.assertEqual(traces[0], traces[1])
        return traces[0]

    def test_calls(self) -> None:
        """A round of calls."""
        lines = self._compare("rr", "-e", ROUND)
        self.assertEqual(len(lines), 1)
        self.assertEqual(len(lines[0]), 10)

    def test_all_calls(self) -> None:
        """No number filter."""
        lines = self._compare("r", "-e", "trace=!read,write,restart_syscall")[0]
        self.assertEqual(len(lines), 5)

    def test_results(self) -> None:
        """-Z, -z and -e status are tests of the result, in the kernel."""
        self.assertEqual(len(self._compare("r", "-Z", "-e", ROUND)[0]), 2)
        self.assertEqual(len(self._compare("r", "-Z", "-e", "trace=!read,write,restart_syscall")[0]), 2)
        self.assertEqual(len(self._compare("r", "-z", "-e", ROUND)[0]), 3)

    def test_predicate(self) -> None:
        """The tracer evaluates what the tracepoint can't."""
        self.assertEqual(len(self._compare("r", "-e", "trace=access[mode==W_OK]")[0]), 1)
        self.assertEqual(len(self._compare("r", "-P", "/nonesuch")[0]), 2)

    def test_threads_and_children(self) -> None:
        """-f: threads, children, and what they execute."""
        lines = self._compare("trfe", "-f", "-e", ROUND + ",exit_group,exit")
        self.assertEqual(len(lines), 4)

    def test_signals(self) -> None:
        """Signals are shown as ever; a SIGTRAP of the program's own reaches its handler."""
        lines = self._compare("h", "-e", "trace=getppid")[0]
        self.assertEqual(len(lines), 1)
        self.assertIn("SIGTRAP", lines[0])

    def test_killed_in_a_call(self) -> None:
        """A call that never returns."""
        lines = self._compare("k", "-f", "-e", "trace=pause,getppid", "-e", "signal=none")
        self.assertEqual(lines[0], ["pause()                                 = ?\n", "+++ killed by SIGKILL +++\n"])

    def test_command(self) -> None:
        """A new command: from its execve on, the failed ones included."""
        done = self._run_both("-ff", "-e", "trace=execve,openat,exit_group", "sh", "-c",
                              "/bin/true; /nonesuch; exec sh -c 'exit 3'")
        self.assertEqual(done.status, 3)
        self.assertGreaterEqual(done.trace.count("execve("), 3)

    def test_command_not_executable(self) -> None:
        """An execve of the command itself that fails."""
        path = os.path.join(support.scratch(), "not-executable")
        with open(path, "wb") as file:
            file.write(b"\x7fELF nonsense")
        os.chmod(path, 0o755)
        done = self._run_both("-e", "trace=execve", path)
        self.assertEqual(done.status, 1)
        self.assertIn("ENOEXEC", done.trace)

    def test_abis(self) -> None:
        """A 32-bit program's calls; in a 64-bit one those through int 0x80 when no number is filtered, or only
        theirs."""
        if os.uname().machine != "x86_64":
            self.skipTest("needs an x86-64 machine")
        long_program = support.build("tp_abis.c", "low")  # int 0x80 takes low addresses only
        self._calls_of_both("trace=!brk,rseq,prlimit64,getrandom", long_program, 4)
        self._calls_of_both("trace=write@32", long_program, 1)
        self.assertIn("write(", support.run_tracer(tracer(), [ENGINE, "-e", "trace=write", long_program]).trace)
        short_program = support.build("tp_abis.c", "32-static")
        self._calls_of_both("trace=getppid,write,execve", short_program, 3)

    def test_multiplexed(self) -> None:
        """The calls that a 32-bit program makes through socketcall(2) and ipc(2)."""
        if os.uname().machine != "x86_64":
            self.skipTest("needs an x86-64 machine")
        program = support.build("exec_chain.c", "32")
        for trace, least in (("socket,listen", 2), ("%net,%ipc", 5), ("socketcall,ipc", 5), ("semget", 1)):
            self._calls_of_both("trace=" + trace, program, least)

    def _calls_of_both(self, trace: str, program: str, least: int) -> None:
        self.assertGreaterEqual(self._run_both("-e", trace, program).trace.count(" = "), least)

    def _run_both(self, *args: str) -> support.Run:
        """A run of a command under both engines, which are equal."""
        runs = [support.run_tracer(command, [engine, *args])
                for engine, command in ((ENGINE, tracer()), ("--engine=syscall", support.ours()))]
        one, other = ((varying(run.trace), run.status, run.left) for run in runs)
        self.assertEqual(one, other)
        self.assertEqual(runs[0].left, ())
        return runs[0]


@support.needs_gcc
class OneStop(unittest.TestCase):
    """What is different when a call is first heard of at its end."""

    def test_blocking_call(self) -> None:
        """A call that was under way when we came is shown whole when it returns."""
        with Target() as target, Attached(target, ENGINE, "-e", "trace=read", command=tracer()) as attached:
            target.do("rr")
        self.assertEqual(attached.lines, [['read(0, "r", 1)                         = 1\n'] * 2])

    def test_overwritten(self) -> None:
        """What the call has overwritten says so, in text and in JSON."""
        with Target() as target:
            with Attached(target, ENGINE, "-e", "trace=getsockname,pselect6", command=tracer()) as attached:
                target.do("m")
            with Attached(target, ENGINE, "-e", "trace=getsockname,pselect6", "--format=json",
                          command=tracer()) as machine:
                target.do("m")
        name, wait = attached.lines[0]
        self.assertRegex(name, r"^getsockname\(3, \{sa_family=AF_UNIX\}, \[2\] /\* as the call left it \*/\) = 0$")
        self.assertRegex(wait, r"^pselect6\(5, \[4\] /\* as the call left it \*/, NULL, NULL,"
                               r" \{tv_sec=4, .*\} /\* as the call left it \*/, NULL\) = 1 \(in \[4\], left \{.*\}\)$")
        events = [json.loads(line) for line in machine.raw[0]]
        self.assertEqual(events[0]["args"]["addrlen"], {"value": [2], "note": "as the call left it"})

    def test_execve(self) -> None:
        """execve's arguments are those that the new program has found."""
        with Target() as target, \
                Attached(target, ENGINE, "-f", "-e", "trace=execve", command=tracer()) as attached:
            target.do("e")
        self.assertRegex(attached.lines[1][0],
                         r'^execve\("/bin/true", \["true", "one", "two"\], N /\* \d+ vars \*/\) = 0$')

    def test_lost_calls_are_counted(self) -> None:
        """SIGTRAP blocked: nothing is shown, and that is said."""
        with Target() as target:
            with Attached(target, ENGINE, "-e", ROUND, command=tracer()) as attached:
                target.do("rbr")
            self.assertEqual(len(attached.lines[0]), 10)
            self.assertIn("strace: 5 system calls were made while SIGTRAP was blocked and could not be seen\n",
                          attached.notes)
            # The call that unblocks the signal is all there.
            with Attached(target, ENGINE, "-e", ROUND + ",rt_sigprocmask", command=tracer()) as attached:
                target.do("b")
            self.assertEqual([line[:26] for line in attached.lines[0]], ["rt_sigprocmask(SIG_UNBLOCK"])
            self.assertIn("strace: 6 system calls", attached.notes)
            with Attached(target, ENGINE, "-Z", "-e", ROUND, command=tracer()) as attached:
                target.do("b")
            self.assertIn("strace: 2 system calls", attached.notes)

    def test_many_threads(self) -> None:
        """Every thread's event is a descriptor: the tracer takes as many as it may, the command does not."""
        loop = support.build("loop.c")
        done = support.run_tracer(
            ["sh", "-c", 'ulimit -S -n 150; exec "$@"', "sh", *tracer()],
            [ENGINE, "-f", "-e", "trace=getppid", "sh", "-c", f"ulimit -n; exec {loop} 300"], stdin=b"x")
        self.assertEqual(done.stdout, "150\nready\ndone\n")
        self.assertEqual(len(re.findall(r"\+\+\+ exited with 0 \+\+\+$", done.trace, re.MULTILINE)), 301)
        self.assertIn("getppid()", done.trace)
        self.assertEqual((done.stderr, done.left), ("", ()))

    def test_limit(self) -> None:
        """--syscall-limit counts what is shown."""
        done = support.run_tracer(tracer(), [ENGINE, "--syscall-limit=2", "-e", "trace=openat", "/bin/ls", "/"])
        self.assertEqual(done.trace.count("openat("), 2)
        self.assertEqual(done.status, 0)
        self.assertNotIn("SIGTRAP", done.stderr)


@support.needs_gcc
class Detaching(unittest.TestCase):
    """A process that was traced runs on as if nobody had been there."""

    def _clean(self, target: Target) -> None:
        self.assertEqual(set(target.status("TracerPid")), {"0"})
        self.assertEqual(set(target.status("SigPnd") + target.status("ShdPnd")), {"0" * 16})

    def test_speed(self) -> None:
        """A loop's speed before, during and after: calls that nobody wants are cheap, and then free again."""
        with Target() as target:
            before = float(target.do("s")[0])
            disposition = target.status("SigCgt"), target.status("SigIgn"), target.status("SigBlk")
            with Attached(target, ENGINE, "-e", "trace=openat", command=tracer()):
                during = float(target.do("s")[0])
                self.assertNotEqual(set(target.status("TracerPid")), {"0"})
            after = float(target.do("s")[0])
            self._clean(target)
            self.assertEqual((target.status("SigCgt"), target.status("SigIgn"), target.status("SigBlk")), disposition)
            self.assertEqual(target.do("h"), ["1"])
        # Two stops cost a hundred times as much as a call; a filter, about as much.
        self.assertLess(during, 20 * before)
        self.assertLess(after, 3 * before)

    def test_while_it_calls(self) -> None:
        """Detached in the middle of calls that stop, again and again: no signal is left that would kill it."""
        with Target() as target:
            assert target.popen.stdin is not None
            for _ in range(3):
                with Attached(target, ENGINE, "-e", "trace=getppid", command=tracer()) as attached:
                    target.popen.stdin.write(b"s")
                    target.popen.stdin.flush()
                    attached.wait_for_lines(target)
                target.wait(b"done\n")
                self._clean(target)
                self.assertGreater(len(attached.lines[0]), 0)
                self.assertNotIn("SIGTRAP", attached.notes)
            self.assertIsNone(target.popen.poll())

    def test_while_blocked(self) -> None:
        """Detached while a signal of ours waits behind the signal mask."""
        with Target() as target:
            target.do("B")
            mask = target.status("SigBlk")
            with Attached(target, ENGINE, "-e", "trace=getppid", command=tracer()) as attached:
                target.do("rr")
            self.assertIn("strace: 2 system calls", attached.notes)
            self._clean(target)
            self.assertEqual(target.status("SigBlk"), mask)
            self.assertEqual(target.do("Ur"), ["", ""])

    def test_stopped(self) -> None:
        """A process that a signal has stopped stays stopped, and goes on when told."""
        with Target() as target:
            with Attached(target, ENGINE, "-e", "trace=getppid", command=tracer()) as attached:
                os.kill(target.pid, signal.SIGSTOP)
                attached.wait_for_lines(target)
            self.assertEqual(target.status("State"), ["T"])
            os.kill(target.pid, signal.SIGCONT)
            self.assertEqual(target.do("r"), [""])
            self._clean(target)


if __name__ == "__main__":
    unittest.main()
