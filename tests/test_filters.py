"""Programs with seccomp filters of their own, above and below ours, do what they do untraced."""
from __future__ import annotations

import errno
import os
import platform
import pwd
import re
import shutil
import signal
import subprocess
import sys
import unittest
from typing import Dict, List, Sequence, Tuple

from strace_py import arch

from . import support
from .test_tracer import CHANGED, REGISTERS, Process, run_changed

#: What tests/programs/own_filter.c is to do; in all of it getppid is the call that its filters are about.
VISIBLE = (
    "ERRNO calls", "TRAP calls", "KILL_PROCESS calls", "KILL_THREAD calls", "TRACE calls", "LOG calls",
    "NOTIFY calls", "TRACE ERRNO calls", "ERRNO TRACE calls", "TRACE exec calls", "ERRNO fork calls",
    "TRACE vfork calls",
    "TRACE thread calls", "probe calls",
)
BELOW = (
    "fork ERRNO calls", "fork TRAP calls", "fork KILL_PROCESS calls", "fork TRACE calls", "fork NOTIFY calls",
    "vfork TRACE exec calls", "thread ERRNO calls", "thread KILL_THREAD calls", "thread TRACE calls",
    "fork thread vfork TRACE fork calls",
)
WANTED = "trace=getppid,getpgid,openat"
NOBODY = pwd.getpwnam("nobody")
#: Runs the rest of its command line as nobody.
AS_NOBODY = [sys.executable, "-c",
             f"import os, sys; os.setgroups([]); os.setgid({NOBODY.pw_gid}); os.setuid({NOBODY.pw_uid}); "
             "os.execvp(sys.argv[1], sys.argv[1:])"]
needs_root = unittest.skipUnless(os.geteuid() == 0, "needs root")


def unfiltered() -> bool:
    """Whether we are under no filter: under one, ``auto`` takes no filter of its own."""
    with open("/proc/self/status", encoding="ascii", errors="replace") as file:
        return re.search(r"^Seccomp:\s+0$", file.read(), re.MULTILINE) is not None


def lines(run: support.Run) -> List[str]:
    """The lines of a trace; their order among processes means nothing. How a thread ends is left out: one
    that has been waited for may still be caught by the exit of its process."""
    text = re.sub(r"^\d+ \+\+\+ .*\n", "", run.trace, flags=re.MULTILINE)
    return sorted(re.sub(support.TICKS + r"|\d{3,}|0x[0-9a-f]+", "N", text).splitlines())


def stops(*args: str) -> int:
    """How many seccomp-stops and syscall-stops a run of our tracer has."""
    code = CHANGED.format(change="import strace_py.tracer.tracer as t, strace_py.tracer.silent as s; "
                          "inner = t.Tracer.handle; count = []; "
                          "t.Tracer.handle = lambda self, tid, status: (count.append(status in "
                          "(t.SYSCALL_STOP, t.SECCOMP_STOP)), inner(self, tid, status))[1]; "
                          "import os, atexit; leave = os._exit; "
                          "os._exit = lambda code: (os.write(2, b'stops %d\\n' % sum(count)), leave(code))")
    found = re.findall(r"^stops (\d+)$", run_changed(code, args).stderr, re.MULTILINE)
    assert found
    return max(map(int, found))


class OwnFilters(unittest.TestCase):
    program: str
    _untraced: Dict[str, support.Run]

    @classmethod
    def setUpClass(cls) -> None:
        cls.program = support.build("own_filter.c")
        cls._untraced = {}

    def untraced(self, words: str) -> support.Run:
        if words not in self._untraced:
            self._untraced[words] = support.run([self.program, *words.split()])
        return self._untraced[words]

    def same(self, words: str, *args: str, mode: str = "auto", compare: bool = True) -> None:
        """Traced by *args*, under a filter and without one, the program does what it does untraced, and the
        two traces are equal."""
        with self.subTest(words=words, args=args, mode=mode):
            alone = self.untraced(words)
            found = []
            for when in ("off", mode):
                run = support.run_ours([f"--seccomp-bpf={when}", *args, self.program, *words.split()])
                self.assertEqual((alone.status, alone.stdout), (run.status, run.stdout), when)
                self.assertEqual(run.left, ())
                found.append(lines(run))
            if compare:
                self.assertEqual(*found)
                self.assertTrue(any("openat" in line for line in found[0]))

    def test_the_program(self) -> None:
        """Its filters do what the tests below rely on."""
        self.assertEqual("load ok 0\ngetppid failed 18\ngetpgid ok 0\nopenat ok 0\n",
                         self.untraced("ERRNO calls").stdout)
        self.assertIn("getppid failed 38\n", self.untraced("TRACE calls").stdout)
        self.assertIn("getppid failed 76\n", self.untraced("NOTIFY calls").stdout)
        self.assertIn("SIGSYS 1 77 1\n", self.untraced("TRAP calls").stdout)
        self.assertEqual(-signal.SIGSYS, self.untraced("KILL_PROCESS calls").status)
        self.assertIn("child: signal 31\n", self.untraced("fork KILL_PROCESS calls").stdout)

    def test_own(self) -> None:
        for words in VISIBLE:
            self.same(words, "-e", WANTED)

    def test_of_descendants(self) -> None:
        """Filters of processes that nobody asked for work, too."""
        for words in BELOW:
            self.same(words, "-e", WANTED)

    def test_followed(self) -> None:
        for words in (*VISIBLE[::2], *BELOW[1::2], "ERRNO fork calls", "TRACE vfork calls"):
            self.same(words, "-ff", "-e", WANTED)

    def test_asked_for(self) -> None:
        """--seccomp-bpf=on"""
        for words in ("ERRNO calls", "TRACE calls", "fork TRACE calls", "fork KILL_PROCESS calls"):
            self.same(words, "-e", WANTED, mode="on")
            self.same(words, "-ff", "-e", WANTED, mode="on")

    def test_not_in_the_set(self) -> None:
        """What the program's filter says of calls that ours lets through."""
        for words in ("TRACE calls", "TRAP calls", "fork TRACE calls"):
            self.same(words, "-e", "trace=openat")
            self.same(words, "-ff", "-e", "trace=openat")

    def test_loaders_in_the_set(self) -> None:
        for words in ("ERRNO calls", "TRACE fork TRAP calls"):
            self.same(words, "-ff", "-e", "trace=prctl,seccomp,openat")
            self.same(words, "-ff", "-e", "trace=prctl[op==PR_SET_SECCOMP],openat")

    @unittest.skipUnless(platform.machine() == "x86_64", "needs x86-64, which has a second ABI within reach")
    def test_second_abi(self) -> None:
        if self.untraced("int80").stdout != "int80 ok 0\n":
            self.skipTest("needs a kernel that makes 32-bit calls")
        for words in ("i386 TRACE int80 calls", "fork i386 TRACE int80 calls", "i386 ERRNO int80 calls"):
            self.assertRegex(self.untraced(words).stdout, "int80 failed (38|18)")
            self.same(words, "-e", "trace=getppid,openat")
            self.same(words, "-ff", "-e", "trace=openat")

    def test_all_threads(self) -> None:
        """SECCOMP_FILTER_FLAG_TSYNC. Of a thread that runs meanwhile, calls that the filter answers may show
        from its next stop on only."""
        self.same("TSYNC calls", "-e", WANTED)
        self.same("TSYNC calls", "-ff", "-e", WANTED, compare=False)

    def test_registers(self) -> None:
        """The same on kernels without PTRACE_GET_SYSCALL_INFO."""
        code = CHANGED.format(change=REGISTERS)
        for words in ("ERRNO calls", "TRACE fork calls", "fork TRACE calls"):
            for follow in ([], ["-ff"]):
                with self.subTest(words=words, follow=follow):
                    args = [*follow, "-e", WANTED, self.program, *words.split()]
                    plain, run = support.run_ours(["--seccomp-bpf=off", *args]), run_changed(code, args)
                    self.assertEqual(self.untraced(words).stdout, run.stdout)
                    self.assertEqual(lines(plain), lines(run))

    @unittest.skipUnless(unfiltered() and os.geteuid() == 0, "needs root, and no filter around the tests")
    def test_speed_until_then(self) -> None:
        """Calls begin to stop when a filter is loaded, not when one is probed for."""
        words = [self.program, "probe"] + ["calls"] * 20
        few = stops("-e", "trace=openat", *words)
        many = stops("-e", "trace=openat", *words[:2], "ERRNO", *words[2:])
        self.assertLess(few, 100)
        self.assertGreater(many, 250)

    def test_thread_that_executes(self) -> None:
        """Without -f, a thread that nobody asked for takes the place of the command."""
        self.same("thread exec calls", "-e", WANTED)
        self.same("thread exec fork KILL_PROCESS calls", "-e", WANTED)


class Refuse(unittest.TestCase):
    """How a call is made to fail, on every ABI."""

    def test_result(self) -> None:
        for machine in ("x86_64", "aarch64"):
            for abi in arch.of_machine(machine):
                before = bytes([place & 0xff for place in range(abi.registers)])
                sets = dict(abi.refuse(before))
                after = sets[1]
                self.assertEqual(-errno.ENOSYS, abi.result(after), abi)
                if machine == "x86_64":
                    none = (1 << 8 * (4 if abi.name == "i386" else 8)) - 1
                    self.assertEqual(none, abi.fetch(after)[0], abi)
                else:
                    self.assertEqual(b"\xff" * 4, sets[0x404], abi)
                self.assertEqual(abi.fetch(before)[2:], abi.fetch(after)[2:], abi)


class Unprivileged(unittest.TestCase):
    """A tracer without CAP_SYS_ADMIN."""

    def test_same(self) -> None:
        prefix = AS_NOBODY if os.geteuid() == 0 else []
        # The interpreter may be where only root can read.
        tracers = [[*prefix, *support.ours(python)] for python in (sys.executable, "/usr/bin/python3")]
        tracer = next((command for command in tracers if support.run([*command, "-V"]).status == 0), None)
        if tracer is None:
            self.skipTest("needs a checkout and an interpreter that nobody can read")
        program = support.build("own_filter.c")
        for words in ("ERRNO calls", "TRACE calls", "fork TRACE calls", "vfork KILL_PROCESS calls",
                      "thread TRAP calls"):
            alone = support.run([*prefix, program, *words.split()])
            for args in (["--seccomp-bpf=on"], ["-f"]):
                with self.subTest(words=words, args=args):
                    run = support.run([*tracer, *args, "-qq", "-o", os.devnull, "-e", WANTED, program,
                                       *words.split()])
                    self.assertEqual((alone.status, alone.stdout), (run.status, run.stdout), run.stderr)
                    self.assertEqual(run.left, ())


class Above(unittest.TestCase):
    """The tracer itself runs under somebody's filter."""

    def _run(self, action: str, *args: str, follow: Sequence[str] = ()) -> support.Run:
        program = support.build("own_filter.c")
        return support.run([program, "getpgid", action, "run", *support.ours(), *args, *follow,
                            "-e", WANTED, program, "calls", "fork", "calls"])

    def test_same(self) -> None:
        """``auto`` takes no filter of its own then; with ``on``, calls that the outer one answers go unseen."""
        for action in ("ERRNO", "TRACE", "LOG"):
            alone = support.run([support.build("own_filter.c"), "getpgid", action, "calls", "fork", "calls"])
            for follow in ((), ("-f", "-qq")):
                with self.subTest(action=action, follow=follow):
                    plain = self._run(action, "--seccomp-bpf=off", follow=follow)
                    auto = self._run(action, follow=follow)
                    self.assertEqual(plain.stdout, alone.stdout)
                    self.assertEqual((plain.status, plain.stdout), (auto.status, auto.stdout))
                    self.assertEqual(lines(plain), lines(auto))
                    asked = self._run(action, "--seccomp-bpf=on", follow=follow)
                    if action != "TRACE":  # where both say TRACE, the newer filter is ours
                        self.assertEqual((plain.status, plain.stdout), (asked.status, asked.stdout))
                    hidden = [line for line in lines(plain) if action != "ERRNO" or "getpgid" not in line]
                    if action != "TRACE":
                        self.assertEqual(hidden, lines(asked))

    def test_trace_outside_the_set(self) -> None:
        """An outer TRACE of a call that nobody asked about still makes it fail."""
        program = support.build("own_filter.c")
        alone = support.run([program, "getpgid", "TRACE", "calls", "fork", "calls"])
        for follow in ((), ("-f",)):
            run = support.run([program, "getpgid", "TRACE", "run", *support.ours(), *follow,
                               "--seccomp-bpf=on", "-e", "trace=openat", program, "calls", "fork", "calls"])
            self.assertEqual(alone.stdout, run.stdout)


class Orphans(unittest.TestCase):
    """No call of a process that outlives the command or the trace fails that would not have."""

    def test_daemons(self) -> None:
        """Double fork and a session of its own; what descends from that, too."""
        program = support.build("own_filter.c")
        for words in ("calls", "ERRNO calls", "TRACE fork calls", "fork vfork thread calls",
                      "thread fork KILL_PROCESS calls"):
            alone = support.run([program, *words.split()]).stdout
            for mode in ("auto", "on"):
                with self.subTest(words=words, mode=mode), Process(
                        [*support.ours(), f"--seccomp-bpf={mode}", "-e", WANTED, "-o", os.devnull, program,
                         "daemon", "line", *words.split()],
                        stdin=subprocess.PIPE, stdout=subprocess.PIPE) as tracer:
                    self.assertEqual(tracer.popen.wait(30), 3)
                    self.assertEqual(alone, tracer.popen.communicate(b"\n", 30)[0].decode())

    def test_after_sigterm(self) -> None:
        """The tracer has gone; filters go on as they were."""
        program = support.build("own_filter.c")
        for words in ("ERRNO line calls", "TRACE line calls", "TRACE fork line calls", "fork TRACE line calls"):
            alone = support.run([program, *words.split()], stdin=b"\n").stdout
            for follow in ([], ["-f"]):
                with self.subTest(words=words, follow=follow), Process(
                        [*support.ours(), *follow, "-qq", "-e", WANTED, "-o", os.devnull, "-I", "2", program,
                         *words.split()],
                        stdin=subprocess.PIPE, stdout=subprocess.PIPE) as tracer:
                    assert tracer.popen.stdout is not None
                    begin = tracer.read_until(tracer.popen.stdout.fileno(), b"load ok 0\n")
                    os.kill(tracer.pid, signal.SIGTERM)
                    self.assertEqual(tracer.popen.wait(30), -signal.SIGTERM)
                    self.assertEqual(alone, (begin + tracer.popen.communicate(b"\n", 30)[0]).decode())


@needs_root
class Privileges(unittest.TestCase):
    """Without PR_SET_NO_NEW_PRIVS, a program that changes its user on execve does so."""

    def _programs(self) -> Tuple[str, str]:
        """One that runs as root whoever starts it, and one that runs as the user "daemon"."""
        found = []
        for name, owner in (("as_root", 0), ("as_daemon", 1)):
            path = os.path.join(support.scratch(), name)
            shutil.copy(support.build("own_filter.c"), path)
            os.chown(path, owner, -1)
            os.chmod(path, 0o4755)
            found.append(path)
        return found[0], found[1]

    def test_setuid(self) -> None:
        for path in self._programs():
            alone = support.run([*AS_NOBODY, path, "ids"])
            if f"uid {NOBODY.pw_uid} euid {os.stat(path).st_uid} no_new_privs 0" not in alone.stdout:
                self.skipTest("needs a scratch directory where setuid programs work")
            for follow in ([], ["-f"]):
                for command in ([path, "ids"], ["/bin/sh", "-c", f"{path} ids; exit 4"],
                                [path, "fork", "exec", "ids"]):
                    with self.subTest(path=path, follow=follow, command=command):
                        alone = support.run([*AS_NOBODY, *command])
                        runs = [support.run_ours([*follow, f"--seccomp-bpf={mode}", "-u", "nobody",
                                                  "-e", "trace=openat", *command])
                                for mode in ("off", "auto", "on")]
                        for run in runs:
                            self.assertEqual((alone.status, alone.stdout), (run.status, run.stdout))
                            self.assertEqual(lines(runs[0]), lines(run))

    @unittest.skipUnless(unfiltered(), "needs to be under no filter")
    def test_what_proc_says(self) -> None:
        """What a descendant can tell: a tracer, a filter, and no NoNewPrivs."""
        command = ["/bin/sh", "-c", "/bin/cat /proc/self/status; true"]
        facts: Dict[str, Dict[str, str]] = {}
        for mode in ("off", "auto"):
            out = support.run_ours([f"--seccomp-bpf={mode}", "-e", "trace=chdir", *command]).stdout
            facts[mode] = dict(re.findall(r"^(TracerPid|NoNewPrivs|Seccomp):\s+(\d+)$", out, re.MULTILINE))
        self.assertEqual({"TracerPid": "0", "NoNewPrivs": "0", "Seccomp": "0"}, facts["off"])
        self.assertNotEqual("0", facts["auto"].pop("TracerPid"))
        self.assertEqual({"NoNewPrivs": "0", "Seccomp": "2"}, facts["auto"])


if __name__ == "__main__":
    unittest.main()
