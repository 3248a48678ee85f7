"""The tracer: nothing lost, nothing left behind, the tracee none the wiser."""
from __future__ import annotations

import os
import re
import select
import signal
import subprocess
import sys
import unittest
from typing import Sequence, Set

from . import support

# Runs the command line's main with a change to the package made first.
CHANGED = "import sys; {change}; from strace_py.__main__ import main; sys.exit(main())"
# Forces the path for kernels before 5.3: a switch of Options that the command line doesn't have.
REGISTERS = ("import strace_py.cli as cli; parse = cli.parse; "
             "cli.parse = lambda argv: parse(argv)._replace(syscall_info=False)")
WAYS = "import strace_py.kernel.memory as m; m.Memory.__init__.__defaults__ = (m.WAYS[{first}:],)"
# Says how much memory the tracer itself ever used.
MEASURED = ("import sys; from strace_py.__main__ import main; status = main(); "
            "sys.stderr.write([l for l in open('/proc/self/status') if l.startswith('VmHWM')][0]); "
            "sys.exit(status)")
MOST_KB = 40 * 1024


def run_changed(code: str, args: Sequence[str], timeout: float = 60.0) -> support.Run:
    """Our tracer, run by *code* instead of ``-m strace_py``."""
    return support.run_tracer([sys.executable, "-c", code], args, timeout=timeout)


class Process:
    """A child of the test in a session of its own, killed and reaped at the end of a with block."""

    def __init__(self, command: Sequence[str], **arguments: object) -> None:
        self.popen: subprocess.Popen[bytes] = subprocess.Popen(
            list(command), start_new_session=True, env=support.environment(support.scratch()),
            **arguments)  # type: ignore[call-overload]
        self.pid = self.popen.pid

    def __enter__(self) -> Process:
        return self

    def __exit__(self, *reason: object) -> None:
        support.kill_session(self.pid)
        self.popen.wait()
        for stream in (self.popen.stdin, self.popen.stdout, self.popen.stderr):
            if stream is not None:
                stream.close()

    def read_until(self, fd: int, wanted: bytes, timeout: float = 30.0) -> bytes:
        """What comes through *fd* up to *wanted*. Raises AssertionError at the end or after *timeout* s."""
        data = b""
        while wanted not in data:
            if not select.select([fd], [], [], timeout * support.SLOWNESS)[0]:
                raise AssertionError(f"no {wanted!r} in {data!r}")
            part = os.read(fd, 4096)
            if not part:
                raise AssertionError(f"{wanted!r} never came: {data!r}")
            data += part
        return data


def state(pid: int) -> str:
    """The letter of a process's state, and whether it is traced: ``"S"``, ``"T"``, ``"t traced"``."""
    with open(f"/proc/{pid}/status", encoding="ascii", errors="replace") as file:
        text = file.read()
    letter = re.search(r"^State:\s+(\S)", text, re.MULTILINE)
    tracer = re.search(r"^TracerPid:\s+(\d+)", text, re.MULTILINE)
    assert letter and tracer
    return letter.group(1) + (" traced" if tracer.group(1) != "0" else "")


LOOPER = ("import os, sys\n"
          "while True:\n"
          "    line = os.read(0, 100)\n"
          "    if not line: break\n"
          "    os.write(1, line)\n")


class SameTrace(unittest.TestCase):
    """Every way to the same facts gives the same trace."""

    def _compare(self, change: str) -> None:
        for args in (["/bin/ls", "-l", "/usr"], ["-f", "/bin/sh", "-c", "echo hello; exit 3"],
                     ["-i", "-yy", "/bin/cat", "/dev/null"]):
            with self.subTest(args=args):
                plain = support.run_ours(args)
                changed = run_changed(CHANGED.format(change=change), args)
                # Two runs differ in process ids and in what the kernel draws by chance.
                mask = re.compile(r"^\d+ +|\b\d{3,}\b|0x[0-9a-f]+|\"(\\x[0-9a-f]{2})+\""
                                  r"|\b(st_size|si_utime|si_stime)=\d+", re.MULTILINE)
                self.assertEqual(mask.sub("N", plain.trace), mask.sub("N", changed.trace))
                self.assertEqual(plain.status, changed.status)

    def test_registers(self) -> None:
        """Registers (before Linux 5.3) instead of PTRACE_GET_SYSCALL_INFO."""
        self._compare(REGISTERS)

    def test_memory_by_proc(self) -> None:
        """/proc/PID/mem instead of process_vm_readv."""
        self._compare(WAYS.format(first=1))

    def test_memory_by_peeking(self) -> None:
        """PTRACE_PEEKDATA instead of both."""
        self._compare(WAYS.format(first=2))


class Scale(unittest.TestCase):
    """Many processes and threads: nothing lost, nothing left, little memory."""

    def _trace(self, args: Sequence[str], processes: int) -> None:
        done = run_changed(MEASURED, ["-f", *args], timeout=300)
        self.assertEqual(done.status, 0, done.stderr)
        self.assertEqual(done.left, ())
        ended = re.findall(r"^(\d+) +\+\+\+ exited with 0 \+\+\+$", done.trace, re.MULTILINE)
        self.assertEqual(len(ended), len(set(ended)))
        self.assertEqual(len(ended), processes)
        # Every line belongs to a process that ended, and everything that was begun was finished.
        self.assertEqual(set(re.findall(r"^(\d+) ", done.trace, re.MULTILINE)), set(ended))
        self.assertEqual(done.trace.count(" <unfinished ...>\n"), done.trace.count(" resumed>"))
        used = int(re.findall(r"VmHWM:\s+(\d+) kB", done.stderr)[0])
        self.assertLess(used, MOST_KB)

    def test_short_processes(self) -> None:
        """2,000 processes, one after the other; fewer on a machine that takes minutes for them."""
        many = int(2000 / support.SLOWNESS)
        self._trace(["/bin/sh", "-c", f"i=0; while [ $i -lt {many} ]; do /bin/true; i=$((i+1)); done"], many + 1)

    def test_threads(self) -> None:
        """200 threads at once."""
        self._trace([support.build("threads.c"), "200"], 201)

    def test_fork_bomb(self) -> None:
        """Every process forks twice, eight levels deep."""
        self._trace([support.build("fork_tree.c"), "8"], 511)


class Ends(unittest.TestCase):
    """The tracer ends as the command ended."""

    def test_sigchld_ignored(self) -> None:
        """Also where the kernel reaps children itself."""
        ignore = ("import os, signal, sys; signal.signal(signal.SIGCHLD, signal.SIG_IGN); "
                  "os.execv(sys.argv[1], sys.argv[1:])")
        for when in ("off", "on"):
            tracer = [sys.executable, "-c", ignore, *support.ours(), f"--seccomp-bpf={when}", "-e", "trace=chdir"]
            done = support.run([*tracer, "-f", "/bin/sh", "-c", "(cd /); exit 7"])
            self.assertEqual(done.status, 7)
            self.assertIn('chdir("/")', done.stderr)
            self.assertIn("+++ exited with 7 +++", done.stderr)
            done = support.run([*tracer, "/bin/grep", "SigIgn", "/proc/self/status"])
            self.assertTrue(int(done.stdout.split()[1], 16) >> (signal.SIGCHLD - 1) & 1, done.stdout)


class Unwritten(unittest.TestCase):
    """A trace that can't be written any more: one line says so, the command is none the wiser."""

    def run_both(self, output: str, command: str) -> None:
        where = support.scratch()
        expected: Set[str] = set()
        for tracer in filter(None, (support.oracle(), support.ours())):
            fifo = os.path.join(where, "fifo")
            if os.path.exists(fifo):
                os.unlink(fifo)
            os.mkfifo(fifo)
            done = support.run_tracer(tracer, ["-o", output, "sh", "-c", command], separate=False, cwd=where)
            self.assertEqual((done.status, done.stdout, done.left), (3, "done\n", ()))
            if expected:
                self.assertEqual({done.stderr}, expected)
            expected = set(done.stderr.splitlines(True))  # strace says it again for each line
        self.assertEqual(len(expected), 1)

    def test_full(self) -> None:
        """No space is left."""
        self.run_both("/dev/full", "echo done; exit 3")

    def test_nobody_reads(self) -> None:
        """The command that gets the trace ends before there is one."""
        self.run_both("|exec <&-; echo > fifo", "read line < fifo; echo done; exit 3")


class Blocking(unittest.TestCase):
    """A call that blocks shows while it blocks."""

    def test_visible(self) -> None:
        with Process([*support.ours(), "-e", "trace=read", "/bin/cat"], stdin=subprocess.PIPE,
                     stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as tracer:
            assert tracer.popen.stderr is not None and tracer.popen.stdin is not None
            tracer.read_until(tracer.popen.stderr.fileno(), b"read(0")
            tracer.popen.stdin.close()
            rest = tracer.popen.stderr.read()
            self.assertIn(b', "", 131072)', rest)
            self.assertEqual(tracer.popen.wait(30), 0)
            tracer.popen.stdin = None


class Detach(unittest.TestCase):
    """A signal to the tracer ends the trace and nothing else."""

    def _detach(self, number: int, tracer_options: Sequence[str] = ()) -> None:
        with Process([sys.executable, "-c", LOOPER], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as looper:
            assert looper.popen.stdin is not None and looper.popen.stdout is not None
            stdin, stdout = looper.popen.stdin.fileno(), looper.popen.stdout.fileno()
            os.write(stdin, b"ready\n")
            looper.read_until(stdout, b"ready\n")
            with Process([*support.ours(), *tracer_options, "-p", str(looper.pid)], stderr=subprocess.PIPE) as tracer:
                assert tracer.popen.stderr is not None
                stderr = tracer.popen.stderr.fileno()
                seen = tracer.read_until(stderr, b"read(0")
                self.assertIn(b"attached\n", seen)
                os.write(stdin, b"traced\n")
                looper.read_until(stdout, b"traced\n")
                tracer.read_until(stderr, b'write(1, "traced\\n", 7)')
                os.kill(tracer.pid, number)
                self.assertEqual(tracer.popen.wait(30), -number)
                rest = tracer.popen.stderr.read()
                self.assertIn(b"strace: Process %d detached\n" % looper.pid, rest)
                self.assertTrue(rest.endswith((b" <detached ...>\n", b" detached\n")), rest)
            self.assertNotIn("traced", state(looper.pid))
            os.write(stdin, b"free\n")
            looper.read_until(stdout, b"free\n")

    def test_sigint(self) -> None:
        self._detach(signal.SIGINT)

    def test_sigterm(self) -> None:
        self._detach(signal.SIGTERM, ["-f"])

    def test_sighup(self) -> None:
        self._detach(signal.SIGHUP)

    def test_stopped_stays_stopped(self) -> None:
        """A process in a group-stop is still stopped after the tracer let go of it."""
        with Process([sys.executable, "-c", LOOPER], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as looper:
            assert looper.popen.stdin is not None and looper.popen.stdout is not None
            os.write(looper.popen.stdin.fileno(), b"ready\n")
            looper.read_until(looper.popen.stdout.fileno(), b"ready\n")
            with Process([*support.ours(), "-p", str(looper.pid)], stderr=subprocess.PIPE) as tracer:
                assert tracer.popen.stderr is not None
                tracer.read_until(tracer.popen.stderr.fileno(), b"read(0")
                os.kill(looper.pid, signal.SIGSTOP)
                tracer.read_until(tracer.popen.stderr.fileno(), b"--- stopped by SIGSTOP ---")
                os.kill(tracer.pid, signal.SIGINT)
                self.assertEqual(tracer.popen.wait(30), -signal.SIGINT)
            self.assertEqual(state(looper.pid), "T")
            os.kill(looper.pid, signal.SIGCONT)
            os.write(looper.popen.stdin.fileno(), b"again\n")
            looper.read_until(looper.popen.stdout.fileno(), b"again\n")


class Filtered(unittest.TestCase):
    """A seccomp filter picks the calls: the same lines, and no filtered process outlives its tracer."""

    def _masked(self, run: support.Run) -> str:
        return re.sub(support.TICKS + r"|^\d+ +|\d{3,}|0x[0-9a-f]+", "N", run.trace, flags=re.MULTILINE)

    def _same(self, *args: str) -> None:
        """The lines of a command under a filter are those without one."""
        plain, filtered = (support.run_ours([f"--seccomp-bpf={when}", *args]) for when in ("off", "on"))
        self.assertEqual(*[sorted(self._masked(run).splitlines()) for run in (plain, filtered)])
        self.assertEqual(plain.status, filtered.status)
        self.assertEqual(plain.stdout, filtered.stdout)

    def test_with_children(self) -> None:
        self._same("-f", "-e", "trace=openat,execve", "/bin/sh", "-c", "/bin/cat /dev/null; /bin/true; exit 4")

    def test_without_children(self) -> None:
        """Without -f, children are nobody's business, and none of their calls fails."""
        self._same("-e", "trace=openat,execve,chdir", "/bin/sh", "-c",
                   "/bin/cat /etc/hostname; "
                   "(cd /; /bin/sh -c 'cd /; /bin/cat /etc/hostname & wait; exit 3'; echo $?); exit 4")

    def test_vfork_and_threads(self) -> None:
        self._same("-e", "trace=write,execve", support.build("vfork.c"))
        self._same("-e", "trace=dup2,write", support.build("threads.c"), "20")

    def test_loading_fails(self) -> None:
        """Where no filter can be loaded, every call stops and the lines are the same."""
        code = CHANGED.format(change="import strace_py.kernel.seccomp as s; s.SECCOMP_MODE_FILTER = 99")
        args = ["-e", "trace=openat,execve", "/bin/cat", "/etc/hostname"]
        plain, failed = support.run_ours(args), run_changed(code, args)
        self.assertEqual(self._masked(plain), self._masked(failed))
        self.assertIn("openat", failed.trace)

    def test_daemon(self) -> None:
        """The tracer ends with the command, and what the command left behind runs on as it would have."""
        read_end, write_end = os.pipe()
        script = f"exec 3<&0; (read line <&3; echo $line; /bin/cat /etc/hostname; echo end) >&{write_end} & exit 7"
        with Process([*support.ours(), "--seccomp-bpf=on", "-e", "trace=execve,openat", "-o", os.devnull,
                      "/bin/sh", "-c", script],
                     stdin=subprocess.PIPE, pass_fds=[write_end]) as tracer:
            os.close(write_end)
            self.assertEqual(tracer.popen.wait(30), 7)
            assert tracer.popen.stdin is not None
            os.write(tracer.popen.stdin.fileno(), b"go on\n")
            with open("/etc/hostname", "rb") as file:
                self.assertEqual(tracer.read_until(read_end, b"end\n"), b"go on\n" + file.read() + b"end\n")
        os.close(read_end)

    def test_terminated(self) -> None:
        """SIGTERM ends the trace; the command and its calls go on."""
        read_end, write_end = os.pipe()
        with Process([*support.ours(), "-e", "trace=openat", sys.executable, "-S", "-c",
                      LOOPER + "print(open('/etc/hostname').read())"],
                     stdin=subprocess.PIPE, stdout=write_end, stderr=subprocess.PIPE) as tracer:
            os.close(write_end)
            assert tracer.popen.stdin is not None and tracer.popen.stderr is not None
            os.write(tracer.popen.stdin.fileno(), b"ready\n")
            tracer.read_until(read_end, b"ready\n")
            os.kill(tracer.pid, signal.SIGTERM)
            self.assertEqual(tracer.popen.wait(30), -signal.SIGTERM)
            tracer.read_until(tracer.popen.stderr.fileno(), b" detached\n")
            os.write(tracer.popen.stdin.fileno(), b"still\n")
            tracer.read_until(read_end, b"still\n")
            tracer.popen.stdin.close()
            tracer.popen.stdin = None
            with open("/etc/hostname", "rb") as file:
                tracer.read_until(read_end, file.read())
        os.close(read_end)

    def test_killed(self) -> None:
        """SIGKILL of the tracer takes the filtered processes along."""
        for follow in ([], ["-f"]):
            with self.subTest(follow=follow):
                read_end, write_end = os.pipe()
                with Process([*support.ours(), *follow, "--seccomp-bpf", "-e", "trace=execve", "-o", os.devnull,
                              sys.executable, "-c", LOOPER], stdin=subprocess.PIPE, stdout=write_end) as tracer:
                    os.close(write_end)
                    assert tracer.popen.stdin is not None
                    os.write(tracer.popen.stdin.fileno(), b"ready\n")
                    tracer.read_until(read_end, b"ready\n")
                    os.kill(tracer.pid, signal.SIGKILL)
                    self.assertEqual(tracer.popen.wait(30), -signal.SIGKILL)
                    self.assertEqual(os.read(read_end, 1), b"")  # the last writer is gone
                os.close(read_end)


class Api(unittest.TestCase):
    """``strace_py.trace`` in a program."""

    def _python(self, code: str, stdin: bytes = b"") -> str:
        done = support.run([sys.executable, "-c", code], stdin=stdin)
        self.assertEqual(done.status, 0, done.stderr)
        self.assertEqual(done.left, ())
        return done.stdout

    def test_events(self) -> None:
        out = self._python(
            "import strace_py\n"
            "for e in strace_py.trace(['/bin/sh', '-c', 'cd /; exit 7'], '-e', 'trace=chdir,exit_group'):\n"
            "    print(e.kind, e.call and (e.call.name, e.call.values), e.number)\n")
        lines = out.splitlines()
        self.assertEqual(len(lines), 3, out)
        self.assertRegex(lines[0], r"^syscall \('chdir', \[<.*Bytes.*>\]\) 0$")
        self.assertEqual(lines[1:], ["unfinished ('exit_group', [7]) 0", "exited None 7"])

    def test_leaving_early(self) -> None:
        """The command runs on when the loop is left."""
        out = self._python(
            "import strace_py, os\n"
            "for e in strace_py.trace(['/bin/sh', '-c', 'echo still here']):\n"
            "    break\n"
            "print(os.waitpid(-1, 0)[1])\n")
        self.assertEqual(out, "still here\n0\n")

    def test_own_handlers(self) -> None:
        """The program's signal handlers stay its own."""
        out = self._python(
            "import strace_py, signal\n"
            "before = [signal.getsignal(n) for n in (2, 13, 15)]\n"
            "list(strace_py.trace(['/bin/true']))\n"
            "print([signal.getsignal(n) for n in (2, 13, 15)] == before)\n")
        self.assertEqual(out, "True\n")


if __name__ == "__main__":
    unittest.main()
