"""Run a command line under the oracle and under strace_py, and show every line that differs.

::

    python3 -m tests.differential                       every case of CASES, one line each
    python3 -m tests.differential -k ls -k make         the cases whose name contains one of these, with diffs
    python3 -m tests.differential -- -f sh -c 'ls|cat'  any command line at all
    python3 -m tests.differential --oracle-twice        what differs between two runs of the oracle itself
    python3 -m tests.differential --show ours -- true   the masked trace of one side

A case is one line of ``CASES``.  Only what differs between two runs of the oracle is masked: process ids,
times, random bytes and temporary names, each of them only where such a thing stands.  Addresses are compared
as they are: both sides run without address space randomisation.  A trace of several processes is compared
process by process, each named after its place in the family tree (``P``, ``P.1``, ``P.1.2``), since how
processes interleave is up to the scheduler; a call split in ``<unfinished ...>`` and ``<... resumed>`` is put
together first.  A case whose oracle runs still differ says why (``unstable``) and has several attempts.
"""
from __future__ import annotations

import argparse
import contextlib
import difflib
import http.server
import os
import platform
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unittest
from typing import Callable, Dict, Iterator, List, NamedTuple, Optional, Sequence, Set, Tuple

from tests import support


class Case(NamedTuple):
    """One command line to compare."""

    name: str
    #: Options and command in shell words.  ``{NAME}`` is the path of the program built from
    #: tests/programs/NAME.c, ``{NAME:VARIANT}`` built otherwise (support.compilers), ``{port}`` a local HTTP
    #: server's port, ``{pid}`` the attached program, ``{python}`` this interpreter.
    args: str
    #: Why two runs of the oracle differ; empty where they don't.
    unstable: str = ""
    #: What the working directory holds: a function of FIXTURES.
    fixture: str = ""
    #: The tools that the case needs besides those of every Debian system.
    needs: str = ""
    #: Names in MASKS: what else to mask in this case.
    mask: str = ""
    #: False: the case says itself where the trace goes (standard error, or files called ``trace*``).
    separate: bool = True
    #: Attach to this program (shell words as in *args*), see tests/programs/loop.c.
    attach: str = ""
    #: Lines that match stand where, and as often as, the scheduler puts them: they are compared apart, and
    #: each needs to be among those of some process in one of the oracle's runs.
    floating: str = ""
    #: Only root can run it.
    root: bool = False


#: How often an unstable case is tried; what the oracle printed in earlier attempts counts in later ones.
ATTEMPTS = 8

_RACE = "processes and signals race"
_CHILD = r"--- SIGCHLD |(^|> )(wait4|waitid|rt_sigreturn|getrandom)\("
_PIPE = r"|(^|> )(read|write)\([01],"
_THREADS = "threads race for locks"
_LOCKS = r"^(futex|madvise|munmap|mmap|mprotect|sched_yield|clock_nanosleep|select|poll)\("
_SERVER = "the client and the server race"
_POLL = r"^(p?poll|rt_sigaction)\("
_READER = ("import sys, threading; names = sys.argv[1:]; "
           "threads = [threading.Thread(target=lambda n=n: open(n).read()) for n in names]; "
           "[(t.start(), t.join()) for t in threads]")
_PIPES = "for i in 1 2; do (echo $i; ls / | wc -l) | cat; done; (exit 3); echo $(echo x | tr x y)"

#: A 64-bit program runs a 32-bit one, which runs a 64-bit one, and that a 32-bit one.
_CHAIN = "{exec_chain} {exec_chain:32} {exec_chain} {exec_chain:32}"

CASES: Tuple[Case, ...] = (
    # Everyday programs
    Case("true", "true"),
    Case("ls -l", "ls -l /usr/lib"),
    Case("cat", "cat /etc/passwd /etc/nonesuch"),
    Case("date", "date", mask="clock"),
    Case("find", "find /usr/share -name *.mo"),
    Case("python", "{python} -S -c 'print(len(open(\"/etc/passwd\").read()))'"),
    Case("python threads", f"-f {{python}} -S -c {shlex.quote(_READER)} /etc/passwd /etc/group /etc/hosts",
         unstable=_THREADS, floating=_LOCKS, mask="addresses locks"),
    Case("bash pipelines", f"-f bash -c {shlex.quote(_PIPES)}", unstable=_RACE, floating=_CHILD + _PIPE,
         mask="addresses", needs="bash"),
    Case("make", "-f make", unstable=_RACE, floating=_CHILD, fixture="project", needs="make gcc"),
    Case("git log", "-f git log -p", fixture="repository", needs="git"),
    Case("git status", "-f git status", fixture="repository", needs="git"),
    Case("tar gzip", "-f sh -c 'tar -cf - tree | gzip -9n > tree.tar.gz'", unstable=_RACE, floating=_CHILD,
         fixture="tree"),
    Case("curl", "curl -s http://127.0.0.1:{port}/", unstable=_SERVER, floating=_POLL, mask="ports",
         needs="curl"),
    Case("curl -yy", "-f -yy curl -s http://127.0.0.1:{port}/", unstable=_SERVER, floating=_POLL,
         mask="ports inodes", needs="curl"),
    Case("seccomp-bpf make", "-f --seccomp-bpf -e trace=openat,connect make", unstable=_RACE, floating=_CHILD,
         fixture="project", needs="make gcc"),
    # Ends, signals, threads
    Case("killed", "{killed} 15"),
    Case("killed by SIGSEGV", "{killed} 0"),
    Case("killed with core", "{killed} 6"),
    Case("exit status", "sh -c 'exit 7'"),
    Case("signals", "{signals}"),
    Case("signals -e signal", "-e signal=USR1,ALRM {signals}"),
    Case("signals -e signal=none", "-e signal=none {signals}"),
    Case("signals !", "-e signal=!SIGCHLD,SEGV -e trace=none {signals}"),
    Case("group-stop", "-f {group_stop}", unstable=_RACE, floating=_CHILD),
    Case("vfork", "-f {vfork}", unstable=_RACE, floating=_CHILD),
    Case("exec from a thread", "-f {exec_thread}", unstable=_THREADS, floating=_LOCKS, mask="addresses"),
    Case("fork depth", "-f {fork_tree} 3 2", unstable=_RACE, floating=_CHILD),
    Case("threads", "-f {threads} 8", unstable=_THREADS, floating=_LOCKS, mask="addresses locks"),
    Case("vfork on stderr", "-f {vfork}", separate=False, unstable=_RACE, floating=_CHILD),
    # Attaching
    Case("attach", "-p {pid}", attach="{loop}", separate=False),
    Case("attach -o", "-p {pid}", attach="{loop}"),
    Case("attach -q", "-q -p {pid}", attach="{loop}", separate=False),
    Case("attach filtered", "-e trace=read -p {pid}", attach="{loop}", separate=False),
    Case("attach -f", "-f -p {pid}", attach="{loop} 2", unstable=_THREADS, mask="addresses"),
    Case("attach -c", "-c -p {pid}", attach="{loop}", separate=False),
    Case("attach none", "-p 999999999", separate=False),
    # Summaries
    Case("-c", "-c ls /usr/lib", separate=False),
    Case("-c -f", "-c -f {vfork}", separate=False),
    Case("-C", "-C ls /usr/lib", separate=False),
    Case("-c -w", "-c -w ls /", separate=False),
    Case("-c -S calls", "-c -S calls ls /", separate=False, mask="rows-of-equals"),
    Case("-c -S name", "-c -S name ls /", separate=False),
    Case("-c -S errors", "-c -S errors ls /", separate=False, mask="rows-of-equals"),
    Case("-c -U", "-c -S name -U name,calls,errors ls /", separate=False),
    Case("-c -U more", "-c -S name -U time-percent,total-time,min-time,max-time,avg-time,calls,name ls /",
         separate=False),
    Case("-c -e trace", "-c -e trace=openat,read ls /", separate=False),
    Case("-c -O", "-c -O 10 ls /", separate=False),
    Case("-c of nothing", "-c -e trace=reboot ls /", separate=False),
    Case("-c -Z", "-c -Z ls /", separate=False),
    # Where the trace goes
    Case("stderr", "ls /usr/lib", separate=False),
    Case("-o", "-o trace ls /", separate=False),
    Case("-o |", "-o '|cat > trace' ls /", separate=False),
    Case("-o !", "-o '!cat > trace' ls /", separate=False),
    Case("-A", "-A -o trace ls /", fixture="trace", separate=False),
    Case("-ff", "-ff -o trace sh -c 'ls / | cat'", separate=False, unstable=_RACE, floating=_CHILD),
    Case("-ff without -o", "-ff sh -c 'ls / >/dev/null; true'", separate=False, unstable=_RACE,
         floating=_CHILD),
    # Line format
    Case("-a", "-a 60 ls /"),
    Case("-a 0", "-a 0 ls /"),
    Case("-t", "-t ls /"),
    Case("-tt", "-tt ls /"),
    Case("-ttt", "-ttt ls /"),
    Case("-r", "-r ls /"),
    Case("-r -t", "-r -t ls /"),
    Case("-r ns", "--relative-timestamps=ns ls /"),
    Case("-t formats", "--absolute-timestamps=format:unix,precision:ns ls /"),
    Case("-T", "-T ls /"),
    Case("-T ns", "--syscall-times=ns ls /"),
    Case("-f -t -T", "-f -tt -T {vfork}", unstable=_RACE, floating=_CHILD),
    Case("-i", "-i ls /"),
    Case("-n", "-n ls /"),
    Case("-N", "-N ls -l /usr/lib"),
    Case("-i -n -r -T", "-i -n -r -T ls /"),
    Case("-q", "-q -f sh -c 'ls; true'", separate=False, unstable=_RACE, floating=_CHILD),
    Case("-qq", "-qq -f sh -c 'ls; true'", separate=False, unstable=_RACE, floating=_CHILD),
    Case("-qqq", "-qqq sh -c 'exit 3'", separate=False),
    Case("--quiet", "--quiet=exit ls /", separate=False),
    Case("-e quiet", "-e quiet=attach,exit ls /", separate=False),
    Case("--always-show-pid", "--always-show-pid ls /", separate=False),
    # Values
    Case("-v", "-v ls -l /usr/lib", mask="times"),
    Case("-s", "-s 5 ls /"),
    Case("-s 0", "-s 0 cat /etc/passwd"),
    Case("-s 4096", "-s 4096 cat /etc/passwd"),
    Case("-x", "-x ls -l /usr/lib"),
    Case("-xx", "-xx ls -l /usr/lib"),
    Case("--strings-in-hex", "--strings-in-hex=non-ascii-chars cat /etc/passwd"),
    Case("-X raw", "-X raw ls -l /usr/lib"),
    Case("-X abbrev", "-X abbrev ls -l /usr/lib"),
    Case("-X verbose", "-X verbose ls -l /usr/lib"),
    Case("-X raw signals", "-X raw {signals}"),
    Case("-X verbose signals", "-X verbose {signals}"),
    Case("-v -X raw", "-v -X raw ls -l /usr/lib", mask="times"),
    Case("-y", "-y ls -l /usr/lib", mask="inodes"),
    Case("-yy", "-yy ls -l /usr/lib", mask="inodes"),
    Case("-y -X raw", "-y -X raw cat /etc/passwd"),
    Case("-Y", "-Y -f {vfork}", mask="names", unstable=_RACE, floating=_CHILD),
    Case("-e abbrev", "-e abbrev=execve ls -l /usr/lib", mask="times"),
    Case("-e abbrev=none", "-e abbrev=none ls /", mask="times"),
    Case("-e verbose", "-e verbose=none ls -l /usr/lib"),
    Case("-e verbose=!", "-e verbose=!newfstatat ls -l /usr/lib"),
    Case("-e raw", "-e raw=openat,execve ls /"),
    Case("-e raw=all", "-e raw=all ls /"),
    Case("-e read", "-e read=3 cat /etc/passwd"),
    Case("-e write", "-e write=1 ls /"),
    Case("-e read write", "-e read=all -e write=all -e trace=read,write,pread64 ls /"),
    # Filters
    Case("-e trace", "-e trace=openat,close ls /"),
    Case("-e bare", "-e openat ls /"),
    Case("-e %file", "-e trace=%file ls -l /usr/lib"),
    Case("-e %desc", "-e %desc ls /"),
    Case("-e %memory", "-e trace=%memory ls /"),
    Case("-e classes", "-e trace=%process,%signal,%stat,%net ls /"),
    Case("-e regex", "-e trace=/^(m|open) ls /"),
    Case("-e !", "-e trace=!%memory,openat ls /"),
    Case("-e ?", "-e trace=?nonesuch,?openat,read ls /"),
    Case("-e @64", "-e trace=openat@64,read@64 ls /"),
    Case("-e @32", "-e trace=openat@32 ls /"),
    Case("-e none", "-e trace=none ls /"),
    Case("-e number", "-e trace=257,0 ls /"),
    Case("-e status", "-e status=failed ls /"),
    Case("-e status !", "-e status=!failed ls /"),
    Case("-e status unfinished", "-e status=unfinished ls /"),
    Case("-z", "-z cat /etc/passwd /etc/nonesuch"),
    Case("-Z", "-Z cat /etc/passwd /etc/nonesuch"),
    Case("-P", "-P /etc/passwd cat /etc/passwd /etc/group"),
    Case("-P twice", "-P /etc/passwd -P /etc/group cat /etc/passwd /etc/group"),
    Case("-P on stderr", "-P /etc/../etc/passwd cat /etc/passwd", separate=False),
    Case("-e trace-fds", "-e trace-fds=3 ls /"),
    Case("--seccomp-bpf", "-f --seccomp-bpf -e trace=openat ls /"),
    Case("--seccomp-bpf %file", "-f --seccomp-bpf -e trace=%file sh -c 'ls / | cat'", unstable=_RACE,
         floating=_CHILD),
    # Programs of two ABIs
    *[Case(f"mixed {options}".rstrip(), f"-f {options} {_CHAIN}", unstable=_RACE, floating=_CHILD)
      for options in (
          "", "-i", "-X raw", "-qq", "-e quiet=personality", "-e trace=getppid@32,write@64", "-e trace=%net@32",
          "-e trace=socket", "-e trace=listen", "-e trace=%net", "-e trace=%ipc", "-e trace=socketcall",
          "-e trace=ipc", "-e trace=semget", "-e trace=!socket", "-e trace=102@32", "-e trace=64", "-e trace=none",
          "-z -e trace=%net,%ipc", "-e raw=all -e trace=!wait4", "-N -e raw=%net,%ipc", "-n -e trace=%net",
          "--seccomp-bpf -e trace=socket", "--seccomp-bpf -e trace=%net,%ipc",
          "--seccomp-bpf -e trace=getppid@32,write@64", "--seccomp-bpf -e trace=socketcall,ipc",
          "--seccomp-bpf -e trace=/^(list|sem)")],
    Case("32-bit -c", "-c -S name -U name,calls,errors {exec_chain:32}", separate=False),
    Case("32-bit -c -t -i -n", "-c -t -i -n -S name -U name,calls,errors {exec_chain:32}", separate=False),
    Case("mixed -c", f"-f -q -c -S name -U name,calls,errors {_CHAIN}", separate=False),
    Case("mixed -c -e", f"-f -q -c -S name -U name,calls,errors -e trace=%net,%ipc {_CHAIN}", separate=False),
    # Start-up
    Case("-E", "-E NEW=value -E LC_ALL -v -e trace=execve env"),
    Case("--argv0", "--argv0=other -e trace=execve sh -c 'echo $0'"),
    Case("-u", "-u nobody id -u", root=True),
    Case("-b execve", "-b execve sh -c 'exec true'"),
    Case("no command", "", separate=False),
    Case("not found", "nonesuch-program", separate=False),
    Case("not found with a slash", "/nonesuch/program", separate=False),
    Case("a directory", "/etc", separate=False),
    Case("not executable", "/etc/passwd", separate=False),
    Case("wrong option", "--nonesuch ls", separate=False),
    Case("wrong set", "-e trace=nonesuch ls", separate=False),
    Case("wrong signal", "-e signal=nonesuch ls", separate=False),
    Case("wrong -a", "-a x ls", separate=False),
    Case("wrong -s", "-s -1 ls", separate=False),
    Case("wrong -o", "-o /nonesuch/trace ls", separate=False),
    Case("wrong -p", "-p x", separate=False),
    Case("wrong -S", "-c -S nonesuch ls", separate=False),
    Case("wrong -u", "-u nonesuch-user ls", separate=False),
    Case("wrong -X", "-X nonesuch ls", separate=False),
)


# What a case's working directory holds

_PROJECT = {
    "Makefile": "OBJECTS = main.o one.o two.o\nprogram: $(OBJECTS)\n\tgcc -o $@ $(OBJECTS)\n"
                "%.o: %.c all.h\n\tgcc -c -o $@ $<\n",
    "all.h": "int one(void);\nint two(void);\n",
    "main.c": '#include "all.h"\nint main(void) { return one() + two() - 3; }\n',
    "one.c": '#include "all.h"\nint one(void) { return 1; }\n',
    "two.c": '#include "all.h"\nint two(void) { return 2; }\n',
}


def _write(directory: str, files: Dict[str, str]) -> None:
    for name, text in files.items():
        path = os.path.join(directory, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        os.utime(path, (1600000000, 1600000000))


def _project(directory: str) -> None:
    _write(directory, _PROJECT)


def _tree(directory: str) -> None:
    _write(directory, {f"tree/{number}/file": f"{number}\n" * 100 for number in range(3)})


def _trace(directory: str) -> None:
    _write(directory, {"trace": "an older trace\n"})


def _repository(directory: str) -> None:
    env = support.environment(directory)
    for role in ("AUTHOR", "COMMITTER"):
        env.update({f"GIT_{role}_NAME": "A", f"GIT_{role}_EMAIL": "a@b",
                    f"GIT_{role}_DATE": "1600000000 +0000"})

    def git(*words: str) -> None:
        subprocess.run(["git", *words], cwd=directory, env=env, stdin=subprocess.DEVNULL, check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    git("init", "-q")
    for number, (name, text) in enumerate(_PROJECT.items()):
        _write(directory, {name: text})
        git("add", name)
        git("commit", "-q", "-m", f"Number {number}")
    _write(directory, {"new": "not added\n"})
    git("status")  # refreshes the index, so that the traced one need not


FIXTURES: Dict[str, Callable[[str], None]] = {
    "project": _project, "tree": _tree, "trace": _trace, "repository": _repository,
}

_server: Optional[http.server.HTTPServer] = None


class _Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = b"answer\n" * 100
        self.wfile.write(b"HTTP/1.0 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))

    def log_message(self, format: str, *args: object) -> None:
        pass


def _port() -> int:
    global _server
    if _server is None:
        _server = http.server.HTTPServer(("127.0.0.1", 0), _Answer)
        threading.Thread(target=_server.serve_forever, daemon=True).start()
    return int(_server.server_address[1])


# Masks: what differs between two runs of the oracle

_Substitution = Tuple["re.Pattern[str]", str]


def _sub(pattern: str, replacement: str) -> _Substitution:
    return re.compile(pattern), replacement


#: Applied to every line.
_ALWAYS: Tuple[_Substitution, ...] = (
    _sub(r"(\[ Process PID=)\d+(?= runs in )", r"\1<pid>"),
    # Leaders and trailers: -t, -tt, -ttt, -r, -T
    _sub(r"^\d\d:\d\d:\d\d(\.\d+)?(?= )", "<time>"),
    _sub(r"^\d{10}(\.\d+)?(?= )", "<time>"),
    _sub(r"(^|\(\+) +\d+\.(\d{3,9})(?=\)? )", r"\1<since last>"),
    _sub(r" <\d+(\.\d+)?>$", " <duration>"),
    # The command's own execve is made by the tracer, from the tracer's memory.
    _sub(r"(\bexecve\(.*, (?:envp=)?)0x[0-9a-f]+(?= /\* \d+ vars \*/)", r"\1<environment>"),
    _sub(r"(\bexecve\(\"[^\"]*\", )0x[0-9a-f]+, 0x[0-9a-f]+\)", r"\1<of the tracer>)"),
    _sub(r"^(.*)\[[0-9a-f]{16}\](?= execve\(.*<environment>)", r"\1<in the tracer>"),
    _sub(r"(\bexecve\()(?:\w+=)?0x[0-9a-f]+, (?:\w+=)?0x[0-9a-f]+, (?:\w+=)?0x[0-9a-f]+", r"\1<of the tracer>"),
    # Random bytes
    _sub(r"(\bgetrandom\((?:buf=)?)\"[^\"]*\"(\.\.\.)?", r"\1<random>"),
    # The clock and what was used of it
    _sub(support.TICKS, "<ticks>"),
    _sub(r"(?<=\bmm_cid=)\d+", "<cpu>"),
    _sub(r"(\b(?:clock_gettime|gettimeofday)\(.*)tv_sec=\d+(?: /\* .*? \*/)?, tv_(n|u)sec=\d+", r"\1<now>"),
    _sub(r"(\bfutex\([^,]*, FUTEX_WAIT_BITSET[^,]*, )\d+, (?:\{[^}]*\}|NULL)", r"\1<value>, <then>"),
    _sub(r"(\btimes\().*", r"\1<ticks>)"),
    _sub(r"(\bgetrusage\([^,]*, ).*\}", r"\1<usage>"),
    _sub(r"(\bsysinfo\().*\}", r"\1<system>"),
    # Free space
    _sub(r"\b(f_bfree|f_bavail|f_ffree)=\d+", r"\1=<free>"),
    # Temporary names
    _sub(r"/(tmp/)?(cc|Gm|GM|tmp_\w+_|sh-thd\.|\.git/objects/\w\w/tmp_obj_)\w{6}", r"/\1\2<name>"),
)

#: Applied in the cases that ask for them by name.
MASKS: Dict[str, Tuple[_Substitution, ...]] = {
    # Which thread's stack or arena lands where, and whether a thread has ended when its number is looked at
    "addresses": (_sub(r"\} => \{parent_tid=\[\d+\]\}", "} => {parent_tid=[<tid>]}"),
                  _sub(r"0x[0-9a-f]{7,16}", "<address>"), _sub(r"\b140737\d{9}\b", "<address>")),
    # One SIGCHLD stands for all children that ended meanwhile, and comes in the middle of anything.
    "children": (_sub(r"(--- SIGCHLD .*si_pid=)\d+(?:<.*?>)?(.*si_status=)\w+", r"\1<child>\2<status>"),
                 _sub(r"(\bwait4\((?:-1|\d+(?:<.*?>)?), )\[\{.*?\}\], (\w|\|)+, NULL\) += \d+(?:<.*?>)?",
                      r"\1<status>, <options>, NULL) = <child>"),
                 _sub(r"\brt_sigreturn\(.*", "rt_sigreturn(<what it interrupted>)")),
    # Which locks are contended, and where in a reservation an arena is aligned
    "locks": (_sub(r"^futex\(.*", "futex(...)"), _sub(r"(\bmunmap\(<address>, )\d+", r"\1<size>")),
    # The tracer's own name, which its child has until it executes the command; and whether a child has the name of
    # what it executes yet, here and in the wait that follows: execve wakes who waits in vfork before it gives the name
    "names": (_sub(r"^<(ld-linux[-\w]*|strace|python[\d.]*)>", "<tracer>"),
              _sub(r"((?:\bvfork\(| vfork resumed>|\|CLONE_VFORK\|).*= \d+|\bwait4\(\d+)<(?:vfork|true)>",
                   r"\1<child>")),
    "clock": (_sub(r"\b\d\d:\d\d:\d\d\b", "<time>"),),
    "ports": (_sub(r"(?<=, )\d{2,3}(?=\) = 1 \(\[\{fd=)", "<timeout>"),
              _sub(r"(?<=\{tv_sec=0, tv_nsec=)[1-9]\d*", "<timeout>"),
              _sub(r"(?<=htons\()\d+", "<port>"), _sub(r"(?<=127\.0\.0\.1:)\d+", "<port>")),
    "inodes": (_sub(r":\[\d{3,}(->\d+)?\]", ":[<inode>]"), _sub(r"(?<=/tmp/#)\d+", "<inode>")),
    # The files that standard output and the like are
    "times": (_sub(r"\b(st_[amc]time)=\d+( /\* [^*]* \*/)?", r"\1=<time>"),
              _sub(r"\b(st_[amc]time_nsec)=\d+", r"\1=<ns>")),
    # The order of rows that sort alike
    "rows-of-equals": (),
}

_MAKES_CHILD = re.compile(r"\b(?:fork|vfork|clone|clone3)(?:\(| resumed>).*= (\d+)(?= |$)")
_CALLS_RETURNING_A_PID = (
    "getpid|gettid|getppid|getpgrp|getpgid|getsid|setsid|set_tid_address|rt_sigreturn|fork|vfork|clone3?|wait4|waitpid")
_CALLS_ON_A_PID = (
    "kill|tgkill|tkill|wait4|waitid|setpgid|getpgid|getsid|prlimit64|sched_\\w+|pidfd_open|ptrace|rt_t?g?sigqueueinfo"
    "|process_vm_\\w+|ioprio_.et|get_robust_list|move_pages|migrate_pages|capget|capset|kcmp")
#: Group 1 is what stands before a process id, group 2 the id.
_PID_PLACES: Tuple[re.Pattern[str], ...] = tuple(re.compile(pattern) for pattern in (
    r"^(\[pid +)(\d+)(?=\])",
    rf"((?:\b|<\.\.\. )(?:{_CALLS_RETURNING_A_PID})(?:\(| resumed>).*= )(0x[0-9a-f]+|\d+)",
    rf"(\b(?:{_CALLS_ON_A_PID})\((?:P_PID, |P_PGID, |\w+=)?-?)(\d{{2,}})",
    r"(\bfcntl\(.*F_GETOWN.* = -?)(\d+)",
    r"(\btgkill\([^,]+, )(\d+)",
    r"(\b(?:si_pid|child_tid|parent_tid|l_pid|pid|tgid)=\[?)(\d+)",
    r"(\bNSpid:\s)(\d+)",
    r"(/proc/)(\d+)",
    r"([Pp]rocess )(\d+)",
    r"(\bin pid )(\d+)",
    r"(\b(?:TIOC[SG]PGRP|F_[SG]ETOWN), \[?-?)(\d+)",
    r"(=> \{[^}]*=\[?)(\d+)(?=\]?\})",
))


def mask_line(line: str, names: Dict[str, str], extra: Sequence[str] = ()) -> str:
    """*line* with what differs from run to run masked; *names* maps process ids to what to call them."""
    for pattern, replacement in _ALWAYS:
        line = pattern.sub(replacement, line)
    for mask in extra:
        for pattern, replacement in MASKS[mask]:
            line = pattern.sub(replacement, line)

    def name(found: re.Match[str]) -> str:
        pid = found.group(2)
        if pid.startswith("0x"):
            pid = str(int(pid, 16))
        return found.group(1) + (pid if pid == "0" else names.get(pid, "<pid>"))

    for pattern in _PID_PLACES:
        line = pattern.sub(name, line)
    return line


# From a trace to one list of lines a process

_UNFINISHED = re.compile(r" <unfinished \.\.\.>$")
_RESUMED = re.compile(r"<\.\.\. (\w+) resumed>")
_ON_PAD = re.compile(r"\) += (?=\S)")
#: A signal that arrives while a process is being made: the call begins again, as if nothing had been.
_BEGINS_AGAIN = re.compile(r"\) += \? ERESTARTNOINTR ")


def processes_of(text: str) -> Dict[str, List[str]]:
    """The lines of a ``-f`` trace by process id, in order of appearance, without the id.

    Knows ``-o FILE`` (``PID line``) and standard error (``[pid PID] line``, and no prefix while there is
    one process).  The lines of nobody, such as a summary, stand under "".
    """
    lines = text.splitlines()
    by_pid: Dict[str, List[str]] = {}
    prefixed = [re.match(r"(\d+)(<[^>]*>)? +(\S.*)", line) for line in lines]
    if lines and all(prefixed):
        for found in filter(None, prefixed):
            by_pid.setdefault(found.group(1), []).append(" ".join(filter(None, found.group(2, 3))))
        return by_pid
    # The message stands in the middle of a call that has begun
    text = re.sub(r"(?m)^(.*\S)(strace: Process \d+ attached\n)( <unfinished)", r"\2\1\3", text)
    lines = text.splitlines()
    attached = set(re.findall(r"^strace: Process (\d+) attached", text, re.MULTILINE))
    prefixes = re.findall(r"^\[pid +(\d+)\]", text, re.MULTILINE)
    root = next((pid for pid in prefixes if pid not in attached), "")
    alive = [root]
    for line in lines:
        prefix = re.match(r"\[pid +(\d+)\] ", line)
        comes = re.match(r"strace: Process (\d+) attached$", line)
        if prefix:
            pid, line = prefix.group(1), line[prefix.end():]
        elif comes:
            pid = comes.group(1)
            alive.append(pid)
        else:
            pid = alive[-1] if len(alive) == 1 else root
        by_pid.setdefault(pid, []).append(line)
        if line.startswith(("+++ exited", "+++ killed")) and pid in alive and len(alive) > 1:
            alive.remove(pid)
    return by_pid


def join(lines: Sequence[str]) -> List[str]:
    """One process's lines with each call that was split put together.

    Whether a call is split depends on the scheduler, and with it the padding before its ``= result``, which
    is taken out: the cases of one process compare it.  A call that a signal made begin again (fork and its
    kin do) is there once.
    """
    joined: List[str] = []
    open_call: Optional[int] = None
    for line in lines:
        resumed = _RESUMED.search(line)
        if resumed and open_call is not None:
            head = _UNFINISHED.sub("", joined[open_call])
            called = re.search(r"(\w+)\(", head)
            if called and called.group(1) == resumed.group(1):
                joined[open_call] = head + _ON_PAD.sub(") = ", line[resumed.end():])
                open_call = None
                continue
        if _UNFINISHED.search(line):
            open_call = len(joined)
        joined.append(_ON_PAD.sub(") = ", line))
    return [line for line in joined if not _BEGINS_AGAIN.search(line)]


def names_of(by_pid: Dict[str, List[str]]) -> Dict[str, str]:
    """What to call each process: ``P`` the first, ``P.1`` its first child, and so on."""
    names: Dict[str, str] = {}
    if by_pid:
        names[next(iter(by_pid))] = "P"
    todo = list(names)
    while todo:
        parent = todo.pop(0)
        number = 0
        for line in by_pid.get(parent, ()):
            found = _MAKES_CHILD.search(line)
            if found and found.group(1) not in names:
                number += 1
                names[found.group(1)] = f"{names[parent]}.{number}"
                todo.append(found.group(1))
    return names


#: The columns of -c that are no times.
_COUNTS = ("calls", "errors", "syscall")


def mask_summary(lines: Sequence[str], sort_rows: bool) -> List[str]:
    """The tables of -c with the times masked, and the rows sorted where the times decide their order."""
    result: List[str] = []
    table: Optional[List[str]] = None  # the rows of the table that is open
    spans: List[Tuple[int, int]] = []  # where its columns of times are
    total = False
    for index, line in enumerate(lines):
        if re.match(r"-+( -+)+$", line):
            if table is None:
                head = lines[index - 1] if index else ""
                spans = [found.span() for found in re.finditer(r"-+", line)
                         if head[slice(*found.span())].strip() not in _COUNTS]
                table = []
            else:
                result += sorted(table, key=lambda row: row.split()[-1]) if sort_rows else table
                table, total = None, True
            result.append(line)
            continue
        if table is not None or total:
            for start, end in spans:
                line = line[:start] + ("#" if line[start:end].strip() else "").rjust(end - start) + line[end:]
        if table is not None:
            table.append(line)
        else:
            result.append(line)
            total = False
    return result + (table or [])


Streams = Dict[str, List[str]]

#: How the stream is called of which only the set of lines matters.
_FLOATING = "lines in no order"
_TAKES_WORD = re.compile(r"-[abeEIoOpPsSuUX]$")


def _options(args: str) -> List[str]:
    """The words of a command line that stand before its command."""
    words = shlex.split(args)
    index = 0
    while index < len(words) and words[index].startswith("-"):
        index += 2 if _TAKES_WORD.match(words[index]) else 1
    return words[:index]


#: What arm64's oracle says when it meets a 32-bit program.
_WEAKER = re.compile(r"^strace: WARNING: Proper structure decoding for this personality is not supported.*\n",
                     re.MULTILINE)


def streams_of(case: Case, run: support.Run) -> Streams:
    """A run's output, masked: one list of lines for each process and each stream."""
    run = run._replace(stderr=_WEAKER.sub("", run.stderr), trace=_WEAKER.sub("", run.trace))
    words = _options(case.args)
    extra = case.mask.split() + ["children"] * (case.unstable == _RACE)
    follows = any(re.match(r"-f|--follow-forks", word) for word in words)
    summary = any(re.match(r"-[cC]$|--summary", word) for word in words)
    by_time = not any(word in ("-S", "--summary-sort-by") for word in words) or "rows-of-equals" in extra
    written = [mask_line(line, {}, extra) for line in run.stdout.splitlines()] if "clock" in extra \
        else run.stdout.splitlines()
    streams: Streams = {"status": [str(run.status)], "stdout": written,
                        "left behind": [f"{len(run.left)} processes"]}
    if not follows or summary:
        names = {}
        text = run.trace
        found = re.match(r"(\d+) +(?=\w+\()", text)
        if found:  # --always-show-pid
            names[found.group(1)] = "P"
            text = re.sub(rf"(?m)^{found.group(1)} ", "P ", text)
        lines = [mask_line(line, names, extra) for line in text.splitlines()]
        if case.floating:
            streams[_FLOATING] = sorted({line for line in lines if re.search(case.floating, line)})
            lines = [line for line in lines if not re.search(case.floating, line)]
        if summary:
            lines = mask_summary(lines, by_time)
        streams["trace"] = lines
    else:
        by_pid = {pid: join(lines) for pid, lines in processes_of(run.trace).items()}
        names = names_of(by_pid)
        unknown: List[List[str]] = []
        floating: Set[str] = set()
        for pid, lines in by_pid.items():
            lines = [mask_line(line, names, extra) for line in lines]
            if case.floating:
                floating.update(line for line in lines if re.search(case.floating, line))
                lines = [line for line in lines if not re.search(case.floating, line)]
            if pid in names:
                streams[f"trace of {names[pid]}"] = lines
            else:
                unknown.append(lines)
        for number, lines in enumerate(sorted(unknown), 1):
            streams[f"trace of unknown process {number}"] = lines
        streams[_FLOATING] = sorted(floating)
    stderr = [mask_line(line, names, extra) for line in run.stderr.splitlines()] if case.separate else []
    streams["stderr"] = sorted(stderr) if follows else stderr
    return streams


# Running a case

class Side(NamedTuple):
    """One of the two tracers that are compared."""

    name: str
    command: List[str]


def expand(words: str, **known: str) -> List[str]:
    """Shell words with every ``{NAME}`` replaced, by *known* or by the path of a test program."""
    def value(found: re.Match[str]) -> str:
        name = found.group(1)
        if name == "port":
            return str(_port())
        if name == "python":
            return sys.executable  # what PATH has may be a script that looks for an interpreter
        return known[name] if name in known else support.build(name + ".c", found.group(2) or "")

    return [re.sub(r"\{([a-z_]+)(?::([a-z0-9]+))?\}", value, word) if not word.startswith("import") else word
            for word in shlex.split(words)]


@contextlib.contextmanager
def _place(case: Case) -> Iterator[str]:
    """The case's working directory: the same path for every run, made anew."""
    path = os.path.join(support.scratch(), "work")
    shutil.rmtree(path, ignore_errors=True)
    os.makedirs(path)
    if case.fixture:
        FIXTURES[case.fixture](path)
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def run_case(case: Case, side: Side, timeout: float = 120.0) -> support.Run:
    """Run a case under one tracer."""
    with _place(case) as cwd:
        if case.attach:
            return _run_attached(case, side, cwd, timeout)
        result = support.run_tracer(side.command, expand(case.args), separate=case.separate, cwd=cwd,
                                    timeout=timeout)
        return result if case.separate else result._replace(trace=result.stderr + _traces(cwd))


def _traces(cwd: str) -> str:
    """The files called ``trace*``, those of -ff with the process id before each line."""
    text = ""
    for name in sorted(os.listdir(cwd), key=lambda name: (len(name), name)):
        if name.startswith("trace"):
            with open(os.path.join(cwd, name), encoding="utf-8", errors="surrogateescape") as file:
                pid = name[len("trace."):]
                text += "".join(f"{pid:5} {line}" if pid else line for line in file)
    return text


def _run_attached(case: Case, side: Side, cwd: str, timeout: float) -> support.Run:
    """Attach to a program, let it make one round of calls, detach with SIGINT, see that it still runs."""
    env = support.environment(cwd)
    program = subprocess.Popen(support.fixed_addresses() + expand(case.attach), stdin=subprocess.PIPE,
                               stdout=subprocess.PIPE, cwd=cwd, env=env, start_new_session=True)
    assert program.stdin is not None and program.stdout is not None
    deadline = time.monotonic() + min(timeout, 20) * support.SLOWNESS

    def status(key: str) -> str:
        with open(f"/proc/{program.pid}/status", encoding="utf-8") as file:
            return next((line.split()[1] for line in file if line.startswith(key + ":")), "")

    def slept() -> int:
        """How often the program has given up its CPU; -1 while it runs or is stopped."""
        return int(status("voluntary_ctxt_switches")) if status("State") == "S" else -1

    try:
        assert program.stdout.readline() == b"ready\n"
        before = slept()
        while before < 0 and time.monotonic() < deadline:
            before = slept()
    except BaseException:
        support.kill_session(program.pid)
        program.wait()
        raise
    with tempfile.TemporaryDirectory(prefix="trace-") as directory, \
            open(os.path.join(directory, "stderr"), "w+b") as error:
        where = os.path.join(directory, "trace") if case.separate else error.name
        options = ["-o", where] if case.separate else []
        tracer = subprocess.Popen(
            [*side.command, *options, *expand(case.args, pid=str(program.pid))], stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=error, cwd=cwd, env=env, start_new_session=True)

        def wait(condition: Callable[[], bool], what: str) -> None:
            while not condition():
                if tracer.poll() is not None or time.monotonic() > deadline:
                    with open(error.name, encoding="utf-8", errors="replace") as file:
                        raise AssertionError(f"{side.name} did not show {what}: {file.read()[-2000:]}")
                time.sleep(0.005)

        def seen(text: str, times: int) -> bool:
            with open(where, encoding="utf-8", errors="surrogateescape") as file:
                return file.read().count(text) >= times

        try:
            summary = any(re.match("-[cC]", word) for word in _options(case.args))
            wait(lambda: status("TracerPid") not in ("", "0"), "the attached process")
            if summary:  # Interrupted, stopped at the entry of the read that begins again, and blocked in that
                wait(lambda: slept() >= before + 3, "the blocked read")
            else:  # A blocked call is visible while it blocks
                wait(lambda: os.path.exists(where) and seen("read(0", 1), "the blocked read")
            program.stdin.write(b"x")
            program.stdin.flush()
            assert program.stdout.readline() == b"done\n"
            wait(lambda: status("State") == "S" if summary else seen("read(0", 2), "the second read")
            tracer.send_signal(signal.SIGINT)
            result = tracer.wait(timeout * support.SLOWNESS)
            program.stdin.write(b"x")
            program.stdin.flush()
            alive = program.stdout.readline().decode()
            tracer_pid = status("TracerPid")
        finally:
            if tracer.poll() is None:
                support.kill_session(tracer.pid)
                tracer.wait()
            program.stdin.close()
            try:
                program.wait(10)
            except subprocess.TimeoutExpired:
                support.kill_session(program.pid)
                program.wait()
            program.stdout.close()
        with open(where, encoding="utf-8", errors="surrogateescape") as file:
            trace = file.read()
        error.seek(0)
        stderr = error.read().decode("utf-8", "surrogateescape")
        return support.Run(result, f"{alive}TracerPid {tracer_pid}\n", stderr, trace, ())


def difference(case: Case, theirs: Sequence[Streams], ours: Streams, labels: Tuple[str, str]) -> List[str]:
    """A unified diff, empty where each stream of *ours* equals that of one of the runs in *theirs*."""
    lines: List[str] = []
    latest = theirs[-1]
    for name in [*latest, *(name for name in ours if name not in latest)]:
        mine = ours.get(name, [])
        if any(mine == other.get(name, []) for other in theirs):
            continue
        known = {line for other in theirs for line in other.get(name, [])}
        if name == _FLOATING and known.issuperset(mine):
            continue
        lines += difflib.unified_diff(latest.get(name, []), mine, f"{labels[0]}: {name}",
                                      f"{labels[1]}: {name}", lineterm="", n=1)
    return lines


def missing(case: Case) -> str:
    """Why the case can't run here; empty where it can."""
    absent = [tool for tool in case.needs.split() if shutil.which(tool) is None]
    if absent:
        return f"needs {', '.join(absent)}"
    if case.root and os.geteuid() != 0:
        return "needs root"
    if ":32}" in case.args and "-c" in _options(case.args) and platform.machine() == "aarch64":
        return "this oracle counts an execve that changes the ABI as another call"
    return ""


def compare(case: Case, theirs: Side, ours: Side, attempts: int = ATTEMPTS, timeout: float = 60.0) -> List[str]:
    """What differs, as a unified diff: of the last attempt, where the case is unstable."""
    runs: List[Streams] = []
    lines: List[str] = []
    left = attempts if case.unstable else 1
    while left:
        first = _last_pid()
        for _ in range(2 if case.unstable else 1):
            runs.append(streams_of(case, run_case(case, theirs, timeout)))
        mine = streams_of(case, run_case(case, ours, timeout))
        lines = difference(case, runs, mine, (theirs.name, ours.name))
        if not lines:
            break
        # Where process ids get another length meanwhile, columns move: that attempt told nothing.
        left -= len(str(first)) == len(str(_last_pid()))
    return lines


def _last_pid() -> int:
    """The process id given last (proc(5))."""
    with open("/proc/loadavg", encoding="ascii") as file:
        return int(file.read().split()[-1])


def sides(python: str = sys.executable) -> Tuple[Side, Side]:
    """The oracle and this checkout; SkipTest where there is no oracle."""
    command = support.oracle()
    if command is None:
        raise unittest.SkipTest("needs the oracle, strace 7.2")
    return Side(support.oracle_name(), command), Side("strace_py", support.ours(python))


def main() -> int:
    """The command line, see the top of this file."""
    parser = argparse.ArgumentParser(prog="python3 -m tests.differential",
                                     description=(__doc__ or "").split("\n")[0])
    parser.add_argument("-k", metavar="CASE", action="append", help="only cases whose name contains this")
    parser.add_argument("-l", "--list", action="store_true", help="list the cases")
    parser.add_argument("--oracle-twice", action="store_true", help="compare the oracle with itself")
    parser.add_argument("--attempts", type=int, default=ATTEMPTS, help="attempts that an unstable case has")
    parser.add_argument("--python", default=sys.executable, help="the interpreter that runs strace_py")
    parser.add_argument("--registers", action="store_true",
                        help="have strace_py read registers, as before Linux 5.3")
    parser.add_argument("--seccomp-bpf", choices=("on", "off"), help="pass this to strace_py alone, "
                        "with a set of all calls but one so that there is something to filter")
    parser.add_argument("--spin", metavar="TIMES", help="pass this to strace_py alone")
    parser.add_argument("--show", choices=("oracle", "ours"), help="print one side's masked output instead")
    parser.add_argument("command", nargs=argparse.REMAINDER,
                        help="-- OPTIONS COMMAND: compare this command line")
    options = parser.parse_args()
    theirs, ours = sides(options.python)
    if options.registers:
        from tests.test_tracer import CHANGED, REGISTERS
        ours = Side(ours.name, [options.python, "-c", CHANGED.format(change=REGISTERS)])
    if options.seccomp_bpf:
        some = ["-e", "trace=!vhangup"] if options.seccomp_bpf == "on" else []
        ours = Side(ours.name, [*ours.command, f"--seccomp-bpf={options.seccomp_bpf}", *some])
    if options.spin is not None:
        ours = Side(ours.name, [*ours.command, f"--spin={options.spin}"])
    if options.oracle_twice:
        ours = Side("again", theirs.command)
    words = options.command[1:] if options.command[:1] == ["--"] else options.command
    if words:
        cases: Sequence[Case] = [Case("this command line", " ".join(map(shlex.quote, words)))]
    else:
        cases = [case for case in CASES if not options.k or any(part in case.name for part in options.k)]
    failed = 0
    for case in cases:
        if options.list:
            print(f"{case.name:28} {case.args}")
            continue
        if missing(case):
            print(f"skipped {case.name}: {missing(case)}")
            continue
        if options.show:
            side = theirs if options.show == "oracle" else ours
            for name, lines in streams_of(case, run_case(case, side)).items():
                print(f"== {name}", *lines, sep="\n")
            continue
        try:
            diff = compare(case, theirs, ours, options.attempts)
        except AssertionError as error:
            diff = [str(error)]
        except unittest.SkipTest as reason:
            print(f"skipped {case.name}: {reason}")
            continue
        failed += bool(diff)
        count = sum(line[:1] in "+-" and line[:3] not in ("+++", "---") for line in diff)
        print(f"DIFFERS {case.name} ({count} lines)" if diff else f"same    {case.name}", flush=True)
        print(*diff, sep="\n", end="\n" if diff else "")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
