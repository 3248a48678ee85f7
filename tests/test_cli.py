"""The command line: what it means, and that every error and warning reads as the oracle's."""
from __future__ import annotations

import io
import os
import re
import shlex
import subprocess
import tempfile
import unittest
from contextlib import redirect_stdout
from typing import Any, Dict, List, Optional, Tuple
from unittest import mock

from strace_py import cli
from strace_py.options import ALL, NOTHING, Except, Options

from . import support

#: A command that no system has, so that the oracle stops after its command line.
PROG = "/no/such/program"
#: A process that no system has.
NONE = "2147483647"

Outcome = Tuple[Optional[int], str]


def parse(arguments: List[str]) -> Tuple[Outcome, Optional[Options]]:
    """The exit status, None if it goes on, with what was written to stderr; and the options."""
    options, status = None, None
    saved = os.dup(2)
    with tempfile.TemporaryFile() as stderr:
        os.dup2(stderr.fileno(), 2)
        try:
            options = cli.parse(arguments)
        except SystemExit as end:
            status = int(str(end.code))
        finally:
            os.dup2(saved, 2)
            os.close(saved)
        stderr.seek(0)
        return (status, os.fsdecode(stderr.read())), options


def ask_oracle(arguments: List[str]) -> Outcome:
    """The same from the oracle, which goes on where it looks for the program or the process."""
    done = subprocess.run([*(support.oracle() or ()), *arguments], stdin=subprocess.DEVNULL,
                          stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, timeout=30 * support.SLOWNESS)
    going_on = f"strace: (Cannot stat '{PROG}'|attach: ptrace\\(PTRACE_SEIZE, {NONE}\\)).*\n"
    said, went_on = re.subn(going_on, "", os.fsdecode(done.stderr))
    return (None if went_on else done.returncode), said


def words(line: str) -> List[str]:
    return [{"PROG": PROG, "NONE": NONE}.get(word, word) for word in shlex.split(line)]


#: Options and values for them, right and wrong; each is tried alone, before PROG.
VALUES: Tuple[Tuple[str, str], ...] = (
    ("-a", "x -1 -0 0 '' ' 5' '5 ' 2147483648 99999999999"),
    ("-b", "execve '' exec all execve,fork"),
    ("-s", "x -1 -0 1k '' ' 5' +5 0x10 010 =5 1073741823 1073741824 2147483647 4294967296"),
    ("-I", "0 1 4 5 01 +2 ' 2' x '' waiting WAITING never never_tstp anywhere wait"),
    ("-O", "x -1 -0 1.5 1.5ms 1h 1e3us inf nan '' 0x10 .5s . 1. 1e 1es 1S 1e400 1e300s '1 s' ' 1s' 5ns"),
    ("-c -S", "foo '' TIME time none percent time,name count"),
    ("-c -U", "foo '' name,foo name,name name,,calls time,total-time total-time,time-total nothing"
              " name,calls,name,errors wall-total,total-wall"),
    ("-X", "foo '' RAW raw abbrev verbose"),
    ("-p", "0 x -1 '' , ' ' '1 x' 1,x,y 99999999999 2147483648 99999x"),
    ("-u", "no-such-user 1 '' 0:0 0: :0 : 1:x x:1 -1:0 ' 1:0' 1:2:3 1:2:x 1:2x 1:4294967294 4294967295:0"),
    ("-E", "A A=B = =x '' A=B=C"),
    ("-P", "'' /no/such/path /usr/../usr /usr/."),
    ("-xx -P", "/usr/."),
    ("-e quiet=path-resolution -P", "/usr/."),
    ("-qqq -P", "/usr/."),
    ("--color", "always ALWAYS foo ''"),
    ("--syscall-limit", "x 0 -1 1 +3 9223372036854775807 9223372036854775808"),
    ("--stack-trace-frame-limit", "x 0 -1 5 1073741823 1073741824"),
    ("-e", "'' = bogus=open TRACE=open tra=open !open !trace=open trace=open=5 kvm namespace"
           " namespaces=new namespace= namespace=NEW kvm= kvm=foo secontext=full"),
    ("-e", "trace= trace=, trace=open, trace=,open trace=open,,close trace=all,open trace=none,open"
           " trace=! trace=!! trace=!!open trace=!open,!close trace=!all trace=!none 'trace= open'"
           " trace=OPEN trace=foo trace=?foo trace=??foo trace=open,foo trace=?foo,bar trace=all,"),
    ("-e", "trace=%foo trace=?%foo trace=% trace=%%foo trace=%%file trace=%FILE trace=file trace=net"
           " trace=%net trace=network trace=%network trace=creds trace=%creds trace=pure trace=clock"
           " trace=memory trace=%%stat trace=%%statfs trace=%stat64"),
    ("-e", "trace=0 trace=99999 trace=-1 trace=0x5 trace=010 trace=+5 trace=1,foo trace=?99999"),
    ("-e", "trace=open@ trace=open@foo trace=?open@foo trace=foo@bar trace=?foo@64 trace=foo@64"
           " trace=open@64@32 trace=foo@64@bar trace=@64 trace=?@64 trace=none@64 trace=all@64"
           " trace=%file@64 trace=5@foo trace=/a@b"),
    ("-e", "trace=/open trace=/ trace=/nomatch trace=?/nomatch trace=/[ 'trace=/(' 'trace=?/(' 'trace=/)'"
           " trace=/* trace=/a** trace=/a{2,1} trace=/a{2 trace=/a{99999} trace=/[[:foo:]] trace=/[z-a]"
           " 'trace=/\\' 'trace=/a|b' 'trace=/?' 'trace=/+' 'trace=/{' trace=/open,/close 'trace=/[]a]'"
           " 'trace=/\\d' 'trace=/(a)\\1' 'trace=/a\\>'"),
    ("-e", "abbrev=foo verbose=foo raw=foo a=foo v=foo x=%foo t=foo"),
    ("-e", "signal= signal=foo signal=SIGINT signal=int signal=SIGint signal=2 signal=0 signal=255"
           " signal=256 signal=-1 signal=+2 signal=!io signal=RTMIN signal=RT_0 signal=rt_2 signal=RT_01"
           " signal=SIGRT_32 signal=RT_33 signal=SIGRTMAX signal=CLD signal=IOT signal=SIG signal=sigsigint"
           " signal=all signal=ALL signal=int,all signal=int, signal=, s=foo signals=foo"),
    ("-e", "read=foo read=-1 read=+3 read=3,x read= read=, read=all read=!3 read=2147483647"
           " read=2147483648 r=x reads=x write=x w=x writes=x trace-fds=x trace-fd=x fd=x fds=x"),
    ("-e", "status=foo status= status=successful,foo status=SUCCESSFUL status=all status=ALL"
           " status=all,failed status=!failed status=none status=, status=!"),
    ("-e", "quiet=foo quiet= quiet=exits quiet=Superseded quiet=!exit q=foo silent=foo silence=foo"),
    ("-e", "decode-fd=foo decode-fds=foo decode-fds=dev,pidfd decode-pid=foo decode-pids=comm"),
)

#: Long options with "=": right and wrong values.
ASSIGNED: Tuple[Tuple[str, str], ...] = (
    ("--string-limit", "x 5"), ("--columns", "x"), ("--interruptible", "bar"), ("--const-print-style", "foo"),
    ("--summary-syscall-overhead", "x"), ("--detach-on", "foo"), ("--string-l", "x"), ("--const", "x"),
    ("--decode-fds", "foo '' path,foo path, all,path !all none,path PATH 1"),
    ("--strings-in-hex", "foo '' none ALL"),
    ("--absolute-timestamps", "foo '' unix,us us,unix us,us format:us precision:us,format:unix precision:foo"
                              " us, format: us,foo unix,us,ms UNIX,NS ,, ' us'"),
    ("--timestamps", "ns foo"), ("--absolute-t", "foo"),
    ("--relative-timestamps", "foo '' us US none"), ("--syscall-times", "foo '' s"),
    ("--quiet", "foo '' all none attach,foo superseded attaching"), ("--silent", "foo"), ("--silen", "foo"),
    ("--daemonize", "foo ''"), ("--daemonise", "foo"), ("--daemon", "foo"),
    ("--stack-trace", "foo '' source"), ("--decode-pids", "foo comm '' all none"),
    ("--namespace", "foo '' all"), ("--kvm", "foo none"), ("--secontext", "full"), ("--trace", "foo"),
    ("--trace-fd", "x"), ("--abbrev", "foo"), ("--raw", "/zzz"), ("--read", "x"), ("--write", "x"),
    ("--summary-wall-clock", "3"), ("--summary-w", "3"), ("--debug", "3"), ("--summary", "5"),
    ("--pidns-translation", "1"), ("--help", "x"),
)

#: Whole command lines.
LINES = """
-p
-s
-p NONE -s
--string-limit
--string-l
--string-limit 5 PROG
--decode-fds PROG
--foo PROG
--foo=3 PROG
--1 PROG
-j PROG
-fj PROG
-? PROG
-W PROG
--= PROG
--trac=open PROG
--trac open PROG
--trace=open PROG
--s=5 PROG
--sum PROG
--output-a PROG
--d PROG
--stack PROG
--si PROG
--fail PROG
--e A=B PROG
-j -h
-e foo -h
-e foo -V
-V -j
-s x -V
-c -C -V
-E A=B
-u root
--argv0=x
-p '' -p ,
-p NONE --argv0=x
-p NONE -p x
-p NONE -E A=B
-p NONE -u no-such-user
-p NONE -D
-D
-DDDD
-D --daemonize
-DDDD PROG
-DDDD -p NONE
-D --daemonize -p NONE
-D --daemonize=pgroup PROG
-D -p NONE --argv0=x
-p NONE --kill-on-exit
-p NONE --kill-on-exit PROG
--kill-on-exit PROG
-kk PROG
-s x -c -C PROG
-c -C -s x PROG
-b foo -s x PROG
-S foo PROG
-U foo -s x PROG
-S time PROG
-U name PROG
-w PROG
-c -w PROG
-C -w PROG
-O 1 PROG
-cc PROG
-C -c PROG
-c -ff PROG
-C -ff -o x PROG
-c --output-separately -o x PROG
-i -c -ff PROG
-inNrtTyY -c PROG
-inNrtTyY -C PROG
-vx -a5 -s5 -Xraw -c PROG
--timestamps=none -c PROG
-e decode-fds=!all -c PROG
--output-separately PROG
--output-separately -f PROG
--output-separately -F PROG
--output-separately -A PROG
-ff PROG
-fff PROG
-F PROG
-FF PROG
-f -F PROG
-F --follow-forks PROG
-F -f -q --quiet PROG
-f --follow-forks PROG
-ff --follow-forks PROG
-ff --output-separately PROG
-ff --output-separately -c PROG
-ff --output-separately -f --follow-forks PROG
-A PROG
-A -c PROG
-A -S name PROG
-A --stack-trace-frame-limit=3 --output-separately -z -Z -S name PROG
-P /usr/. -A -z -Z --stack-trace-frame-limit=3 -u no-such-user PROG
-P /usr/. -w PROG
-P /usr/. -P /usr/. PROG
-P /usr/. --kill-on-exit -p NONE
-P /usr/. -q --quiet PROG
-z -Z PROG
-z -z PROG
-z --successful-only PROG
-z -e status=failed PROG
-z -Z -c -i PROG
-q --quiet=exit PROG
--quiet=exit -q PROG
-e quiet=none -qqq PROG
-y --decode-fds=socket PROG
-e decode-fds=none -y PROG
-t --absolute-timestamps=unix PROG
--timestamps=none -t PROG
-x --strings-in-hex=none PROG
-x --strings-in-hex -t --timestamps PROG
-y --decode-fds -f --follow-forks -t --timestamps -x --strings-in-hex PROG
-y --decode-fds -f --follow-forks PROG
-w -t --timestamps PROG
-u no-such-user -w PROG
-ttttttt -xxx -yyyy -qqqqq PROG
-o '|cat' -ff PROG
-o '!cat' --output-separately PROG
-o '|cat' -ff -w PROG
-o '|cat' -ff -u no-such-user PROG
-o '|cat' -ff --kill-on-exit -p NONE
--seccomp-bpf -f PROG
--seccomp-bpf -b execve -f PROG
--seccomp-bpf -f --syscall-limit=1 PROG
--seccomp-bpf -f -p NONE
--seccomp-bpf -f -p NONE -b execve --syscall-limit=1
--seccomp-bpf -f -p NONE -u no-such-user -P /usr/. PROG
--seccomp-bpf -f -e trace=all PROG
--seccomp-bpf -f -e trace=none PROG
--seccomp-bpf -f -e trace=!none PROG
--seccomp-bpf -f -e trace=!?foo PROG
--seccomp-bpf -f -e trace=!open PROG
--seccomp-bpf -f -e trace=/. PROG
--seccomp-bpf -f -q --quiet PROG
--seccomp-bpf -f -o '|cat' -ff PROG
""".strip().splitlines()


@support.needs_oracle
class Oracle(unittest.TestCase):
    """Both get the same command line: same exit status, or both go on, and the same words."""

    def check(self, arguments: List[str]) -> None:
        with self.subTest(arguments=arguments):
            wanted, (got, _) = ask_oracle(arguments), parse(arguments)
            if wanted != got and support.oracle_version() > support.WANTED_VERSION:
                self.skipTest(f"{support.oracle_name()} differs: {wanted!r}, not {got!r}")
            if wanted != got and "Stack traces (" in wanted[1] and "not supported by this build" in wanted[1]:
                self.skipTest("this oracle was built without stack traces")
            self.assertEqual(wanted, got)

    def setUp(self) -> None:
        # What -o may make is made elsewhere.
        self.addCleanup(os.chdir, os.getcwd())
        os.chdir(support.scratch())

    def test_values(self) -> None:
        for option, values in VALUES:
            for value in shlex.split(values):
                self.check([*option.split(), value, PROG])

    def test_assigned_values(self) -> None:
        for option, values in ASSIGNED:
            for value in shlex.split(values):
                self.check([f"{option}={value}", PROG])

    def test_lines(self) -> None:
        for line in LINES:
            self.check(words(line))

    def test_every_letter(self) -> None:
        for letter in "abcdefgijlmnopqrstuvwxyzABCEFGHIJKLMNOPQRSTUWXYZ0123456789;!":
            self.check([f"-{letter}"])


#: Command lines, and the fields of the options that are not as with "PROG" alone.
MEANINGS: Tuple[Tuple[str, Dict[str, Any]], ...] = (
    ("PROG", {}),
    ("-f PROG -o x -j --foo", {"command": (PROG, "-o", "x", "-j", "--foo"), "follow_forks": True}),
    ("-- PROG -x", {"command": (PROG, "-x")}),
    ("-o -- PROG", {"output": "--", "quiet": {"attach", "personality"}}),
    ("-s5 -a 7 PROG", {"string_limit": 5, "columns": 7}),
    ("--string-l 5 --colu=7 PROG", {"string_limit": 5, "columns": 7}),
    ("-ff PROG", {"follow_forks": True, "output_separately": True}),
    ("-F PROG", {"follow_forks": True}),
    ("--output-separately -o x PROG",
     {"output_separately": True, "output": "x", "quiet": {"attach", "personality"}}),
    ("-fqqs64 -o|cat PROG", {"follow_forks": True, "quiet": {"attach", "personality", "exit"},
                             "string_limit": 64, "output": "|cat"}),
    ("-o x --quiet=exit PROG", {"output": "x", "quiet": {"exit"}}),
    ("-o x -A -p NONE", {"output": "x", "append": True, "attach": (2147483647,), "command": ()}),
    ("-p 2147483646,2147483645 -p '2147483644 NONE' PROG".replace("NONE", NONE),
     {"attach": (2147483646, 2147483645, 2147483644, 2147483647)}),
    ("-q PROG", {"quiet": {"attach", "personality"}}),
    ("-qqqq PROG", {"quiet": {"attach", "exit", "path-resolution", "personality", "thread-execve"}}),
    ("--quiet PROG", {"quiet": {"attach", "personality"}}),
    ("--quiet=exit -e q=!attach,superseded PROG", {"quiet": {"exit", "path-resolution", "personality"}}),
    ("-E A=1 -E B -E A= PROG", {"environment": (("A", "1"), ("B", None), ("A", ""))}),
    ("--argv0= PROG", {"argv0": ""}),
    ("-b execve -d -i -n -N -w -c PROG",
     {"detach_on_execve": True, "debug": True, "instruction_pointer": True, "syscall_number": True,
      "arg_names": True, "summary_wall_clock": True, "summary": "only"}),
    ("-C PROG", {"summary": "both"}),
    ("-I 3 PROG", {"interruptible": 3}),
    ("-I Never_TSTP PROG", {"interruptible": 4}),
    ("--syscall-limit=5 --kill-on-exit PROG", {"syscall_limit": 5, "kill_on_exit": True}),
    ("--seccomp-bpf -f -e trace=none PROG",
     {"seccomp_bpf": "on", "follow_forks": True, "trace": NOTHING, "kill_on_exit": True}),
    ("--seccomp-bpf -f -e trace=none -p NONE PROG",
     {"seccomp_bpf": "on", "follow_forks": True, "trace": NOTHING, "attach": (2147483647,)}),
    # Ours needs no -f, and takes a value.
    ("--seccomp-bpf -e trace=none PROG", {"seccomp_bpf": "on", "trace": NOTHING}),
    ("--seccomp-bpf=auto PROG", {"seccomp_bpf": "auto"}),
    ("--seccomp-bpf=off -f PROG", {"seccomp_bpf": "off", "follow_forks": True}),
    ("--seccomp-bpf PROG", {"seccomp_bpf": "off"}),
    ("-e trace-fds=3 -e fds=4,5 PROG", {"trace_fds": {4, 5}}),
    ("-e fd=none PROG", {"trace_fds": NOTHING}),
    ("-P /no/such -P /usr/. PROG", {"trace_paths": ("/no/such", "/usr/.", os.path.realpath("/usr"))}),
    ("-e signal=none PROG", {"signals": NOTHING}),
    ("-e s=SIGint,usr1,rt_2,64 PROG", {"signals": {2, 10, 34, 64}}),
    ("-z PROG", {"status": {"successful"}}),
    ("-e status=!failed PROG", {"status": {"successful", "unfinished", "unavailable", "detached"}}),
    ("-z -e status=failed,detached PROG", {"status": {"failed", "detached"}}),
    ("-e status=failed -z -Z PROG", {"status": {"failed"}}),
    ("-v PROG", {"abbrev": NOTHING}),
    ("-v -e abbrev=all PROG", {"abbrev": ALL}),
    ("-e a=all -v PROG", {"abbrev": NOTHING}),
    ("-e verbose=none -e raw=all PROG", {"verbose": NOTHING, "raw": ALL}),
    ("-e raw=all -e x=!all PROG", {"raw": NOTHING}),
    ("-e read=3 -e r=4 -e write=1,2 PROG", {"read_dump": {4}, "write_dump": {1, 2}}),
    ("-y PROG", {"decode_fds": {"path"}}),
    ("-yy PROG", {"decode_fds": {"path", "socket", "dev", "eventfd", "pidfd", "signalfd"}}),
    ("--decode-fds=!path,dev,pidfd PROG", {"decode_fds": {"socket", "eventfd", "signalfd"}}),
    ("--decode-fds=path --decode-fds=socket PROG", {"decode_fds": {"socket"}}),
    ("-Y --decode-pids=pidns PROG", {"decode_pids": {"pidns"}}),
    ("--decode-pids=all -Y PROG", {"decode_pids": {"comm"}}),
    ("-Y --pidns-translation PROG", {"decode_pids": {"pidns"}}),
    ("-t PROG", {"absolute_time": "time"}),
    ("-tt -r PROG", {"absolute_time": "time", "absolute_precision": 6, "relative_time": 6}),
    ("-tttt PROG", {"absolute_time": "unix", "absolute_precision": 6}),
    ("--timestamps=ns,unix PROG", {"absolute_time": "unix", "absolute_precision": 9}),
    ("--timestamps=unix --timestamps=ns PROG", {"absolute_time": "unix", "absolute_precision": 9}),
    ("--timestamps=unix,ns --timestamps PROG", {"absolute_time": "time", "absolute_precision": 9}),
    ("--timestamps=unix,ns --timestamps= PROG", {"absolute_time": "unix", "absolute_precision": 9}),
    ("--timestamps=unix,time,ns,ms PROG", {"absolute_time": "time", "absolute_precision": 3}),
    ("--timestamps=none,us PROG", {"absolute_precision": 6}),
    ("--timestamps=none --timestamps=us PROG", {"absolute_time": "time", "absolute_precision": 6}),
    ("-r --relative-timestamps=NS PROG", {"relative_time": 9}),
    ("--syscall-times=s PROG", {"syscall_times": 0}),
    ("--syscall-times=ns -T PROG", {"syscall_times": 6}),
    ("-x PROG", {"strings_in_hex": "non-ascii"}),
    ("-xxx PROG", {"strings_in_hex": "all"}),
    ("--strings-in-hex PROG", {"strings_in_hex": "all"}),
    ("--strings-in-hex=NON-ascii-chars PROG", {"strings_in_hex": "non-ascii-chars"}),
    ("-X verbose --always-show-pid --color never PROG",
     {"const_style": "verbose", "always_show_pid": True, "color": "never"}),
    ("-c -S count -O 1.5ms PROG", {"summary": "only", "summary_sort": "calls", "summary_overhead": 1500000}),
    ("-c -S time -O 2 PROG", {"summary": "only", "summary_overhead": 2000}),
    ("-c -S none -O 1e300s PROG",
     {"summary": "only", "summary_sort": "nothing", "summary_overhead": 2 ** 63 - 1}),
    ("-c -U time,count PROG", {"summary": "only", "summary_columns": ("time-percent", "calls", "name")}),
    ("-c -U name,max-wall PROG", {"summary": "only", "summary_columns": ("name", "wall-max")}),
    ("--format=json PROG", {"format": "json"}),
)

#: Options of strace that this program does not have.
UNSUPPORTED = (
    ("-k PROG", "-k"), ("--stack-trace PROG", "--stack-trace"), ("-D PROG", "-D"), ("-DDD PROG", "-D"),
    ("--daemonize=pgroup PROG", "--daemonize"), ("--inject=all:error=EPERM PROG", "--inject"),
    ("-e fault=all PROG", "-e fault"), ("--kvm=vcpu+ PROG", "--kvm"),
    ("-e namespace=new PROG", "-e namespace"), ("--namespace PROG", "--namespace"), ("--tips", "--tips"),
    ("--tips=none PROG", "--tips"),
)


class Meaning(unittest.TestCase):
    maxDiff = None

    def test_options(self) -> None:
        for line, changes in MEANINGS:
            with self.subTest(line=line):
                self.assertEqual(Options(command=(PROG,))._replace(**changes), parse(words(line))[1])

    def test_inverted_numbers(self) -> None:
        _, options = parse(words("-e signal=!int -e trace-fds=!3 PROG"))
        assert options is not None and isinstance(options.signals, Except) and options.trace_fds is not None
        self.assertEqual([False, True, False, True], [2 in options.signals, 999 in options.signals,
                                                      3 in options.trace_fds, 4 in options.trace_fds])

    def test_unsupported(self) -> None:
        for line, name in UNSUPPORTED:
            with self.subTest(line=line):
                self.assertEqual((1, f"strace: {name} is not supported by strace_py yet\n"),
                                 parse(words(line))[0])

    def test_unknown_format(self) -> None:
        self.assertEqual((1, "strace: invalid --format argument: 'xml' (formats: text, json)\n"),
                         parse(words("--format=xml PROG"))[0])

    def test_format_has_no_abbreviation(self) -> None:
        self.assertEqual(1, parse(words("--form=json PROG"))[0][0])
        self.assertEqual((None, ""), parse(words("--fo PROG"))[0])  # --follow-forks

    def test_own_process(self) -> None:
        self.assertEqual((1, "strace: I'm sorry, I can't let you do that, Dave.\n"),
                         parse(["-p", str(os.getpid())])[0])

    def test_user_needs_root(self) -> None:
        with mock.patch("os.getuid", return_value=1):
            self.assertEqual((1, "strace: You must be root to use the -u/--username option\n"),
                             parse(words("-u 0:0 PROG"))[0])

    def test_user(self) -> None:
        with mock.patch("os.getuid", return_value=0):
            for given, wanted in ((" 1:+2:x", "1:2"), ("root", "root")):
                _, options = parse(["-u", given, PROG])
                self.assertEqual(wanted, options and options.user)

    def test_any_byte_in_an_error(self) -> None:
        self.assertEqual((1, "strace: invalid system call '\udcff\n'\n"), parse(["-e", "\udcff\n", PROG])[0])

    def test_help_and_version(self) -> None:
        for line, start in (("-h -j", "usage: strace_py "), ("-Vh", "usage: "),
                            ("-V", "strace_py -- version "), ("-p 5 --vers", "strace_py -- version ")):
            with self.subTest(line=line), redirect_stdout(io.StringIO()) as stdout:
                self.assertEqual((0, ""), parse(words(line))[0])
                self.assertTrue(stdout.getvalue().startswith(start), stdout.getvalue())

    def test_help_names_what_is_supported(self) -> None:
        with redirect_stdout(io.StringIO()) as stdout:
            parse(["--help"])
        for name in ("-e ", "--trace=", "--format=", "--quiet[=", "-s SIZE, --string-limit=SIZE"):
            self.assertIn(name, stdout.getvalue())
        for name in ("--inject", "--daemonize", "--kvm", "--namespace", "--tips", "-k, "):
            self.assertNotIn(name, stdout.getvalue())


if __name__ == "__main__":
    unittest.main()
