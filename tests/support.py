"""What every test module shares: where the oracle is, how a tracer is run, how a test program is built.

The *oracle* is a real strace whose output ours is compared with.  It is looked for in the directory that
the environment variable STRACE_ORACLE names, else in ``~/.cache/strace-oracle/ARCH``.

Everything that is run here runs in a session of its own, with a fixed environment, no terminal, no address
space randomisation where the system allows that, and a time limit; whatever it leaves behind is killed.
"""

from __future__ import annotations

import atexit
import contextlib
import functools
import importlib
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
from typing import (
    Any,
    Callable,
    Dict,
    Iterator,
    List,
    Mapping,
    NamedTuple,
    Optional,
    Sequence,
    Tuple,
    TypeVar,
    Union,
)

#: The top of the checkout.
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
#: Where the C programs are.
PROGRAMS = os.path.join(ROOT, "tests", "programs")
#: How many times longer than elsewhere everything may take, before it counts as a hang: on an emulated machine.
SLOWNESS = float(os.environ.get("STRACE_PY_SLOWNESS", "1"))
#: Where the C programs have been built already, a directory a variant: on a machine without a compiler.
_BUILT = os.environ.get("STRACE_PY_PROGRAMS", "")
#: The version of strace that ours is to equal.
WANTED_VERSION = (7, 2)

Decorated = TypeVar("Decorated", bound=Union[type, Callable[..., object]])

_once = functools.lru_cache(maxsize=None)


@_once
def scratch() -> str:
    """A directory of this test process, removed at its end."""
    directory = tempfile.mkdtemp(prefix="strace-py-tests-")
    os.chmod(directory, 0o755)  # -u cases run as another user
    atexit.register(shutil.rmtree, directory, ignore_errors=True)
    return directory


# The oracle


def oracle() -> Optional[List[str]]:
    """The command that runs the oracle, or None where there is none."""
    arch = {"x86_64": "amd64", "aarch64": "arm64"}.get(platform.machine(), platform.machine())
    cache = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    directory = os.environ.get("STRACE_ORACLE") or os.path.join(cache, "strace-oracle", arch)
    wrapper = os.path.join(directory, "strace")
    if not os.access(wrapper, os.X_OK):
        return None
    with open(wrapper, "rb") as file:
        text = file.read(4096)
    # A wrapper script is replaced by what it runs: its shell would reorder the environment that we compare.
    found = re.search(rb'^exec (.*) "\$@"$', text, re.MULTILINE) if text.startswith(b"#!") else None
    return shlex.split(found.group(1).decode()) if found else [wrapper]


@_once
def oracle_version() -> Tuple[int, ...]:
    """The oracle's version, for instance ``(7, 2)``; empty where there is none or it can't run."""
    command = oracle()
    if command is None:
        return ()
    try:
        text = subprocess.run(
            command + ["--version"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            timeout=30,
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return ()
    found = re.search(rb"version ([0-9.]+)", text)
    return tuple(int(part) for part in found.group(1).decode().strip(".").split(".")) if found else ()


def oracle_name() -> str:
    """How a report calls the oracle: ``strace 7.2``."""
    return "strace " + (".".join(map(str, oracle_version())) or "(none)")


# Skipping, always by name


def needs(*tools: str) -> Callable[[Decorated], Decorated]:
    """A decorator: skip the test where one of these programs is not in PATH."""
    missing = [tool for tool in tools if shutil.which(tool) is None]
    return unittest.skipIf(bool(missing), f"needs {', '.join(missing)}")


def needs_gcc(test: Decorated) -> Decorated:
    """Skip the test where gcc can't link a program (the compiler or the C library's headers are missing) and none
    has been built before."""
    return unittest.skipUnless(_compiles(), "needs gcc and the C library's headers")(test)


def needs_oracle(test: Decorated) -> Decorated:
    """Skip the test where the oracle is missing or older than the version wanted."""
    version = oracle_version()
    if not version:
        return unittest.skip("needs the oracle, strace 7.2 (see STRACE_ORACLE in tests/support.py)")(test)
    return unittest.skipIf(version < WANTED_VERSION, f"the oracle is {oracle_name()}, older than 7.2")(test)


@_once
def _compiles(variant: str = "") -> bool:
    """Whether programs of this variant can be built, or have been."""
    if _BUILT:
        return os.path.isdir(os.path.join(_BUILT, variant or "plain"))
    source = b"#include <errno.h>\n#include <unistd.h>\nint main(void) { return getpid() < 0; }\n"
    words = compilers(platform.machine()).get(variant)
    return words is not None and _gcc([*words, "-x", "c", "-o", os.path.join(scratch(), "probe"), "-"],
                                      source).returncode == 0


def compilers(machine: str) -> Dict[str, List[str]]:
    """How each variant of a test program is built for *machine*, with which compiler and which words.

    The variants: "" plainly, ``32`` for 32-bit processes; ``32-static`` and, at addresses that fit into 32 bits,
    ``low`` are for a program that makes system calls of another ABI.
    """
    native = "gcc" if machine == platform.machine() else machine + "-linux-gnu-gcc"
    if machine == "aarch64":
        # Whoever can run these programs seldom has their C library.
        return {"": [native], "32": ["arm-linux-gnueabihf-gcc", "-static"]}
    if machine != "x86_64":
        return {"": [native]}
    # The headers below /usr/include/asm are those of 64-bit programs.
    short = [native, "-m32", "-idirafter", "/usr/include/x86_64-linux-gnu"]
    return {"": [native], "32": short, "32-static": [*short, "-static"], "low": [native, "-static", "-no-pie"]}


@_once
def build(program: str, variant: str = "") -> str:
    """Compile ``tests/programs/PROGRAM`` once per test process; gives the executable's path.

    The executable is called as the program without ``.c``.  Raises SkipTest where the machine has no compiler
    for this variant (see compilers()) or the program is for another machine (it says #error), AssertionError with the
    compiler's words where the program does not compile.
    """
    name = os.path.splitext(program)[0]
    if not _compiles(variant):
        raise unittest.SkipTest(f"needs a compiler for programs of the variant {variant or 'plain'!r}")
    if _BUILT:
        path = os.path.join(_BUILT, variant or "plain", name)
        if not os.path.exists(path):
            raise unittest.SkipTest(f"{name} has not been built for this machine")
        return path
    directory = tempfile.mkdtemp(dir=scratch())
    os.chmod(directory, 0o755)
    path = os.path.join(directory, name)
    said = _compile(compilers(platform.machine())[variant], program, path)
    if "#error" in said:
        raise unittest.SkipTest(f"{name} is for another machine")
    if said:
        raise AssertionError(f"gcc {program}: {said}")
    return path


def _compile(compiler: Sequence[str], program: str, path: str) -> str:
    """Compile a test program to *path*; gives what the compiler says where it fails."""
    done = _gcc([*compiler, "-O1", "-w", "-pthread", "-include", _all_calls(), "-o", path,
                 os.path.join(PROGRAMS, program)])
    return done.stdout.decode(errors="replace") if done.returncode else ""


@_once
def _all_calls() -> str:
    """A header that has every SYS_* name of every architecture with Linux 7.2's numbers: one that the compiler's
    lacks is a number that no system call has, so that a test program may make calls that only other machines have."""
    path = os.path.join(scratch(), "all_calls.h")
    macros = {"x86_64": "__x86_64__", "i386": "__i386__", "aarch64": "__aarch64__", "arm": "__arm__"}
    numbers = {abi: {name: number for number, name in
                     importlib.import_module(f"strace_py.constants.numbers_{abi}").NAMES.items()} for abi in macros}
    names = sorted(set().union(*numbers.values()))
    with open(path, "w", encoding="ascii") as file:
        file.write("#include <sys/syscall.h>\n")
        for abi, macro in macros.items():
            file.write(f"#ifdef {macro}\n")
            file.writelines(f"#ifndef SYS_{name}\n#define SYS_{name} {numbers[abi].get(name, 9999)}\n#endif\n"
                            for name in names)
            file.write("#endif\n")
    return path


def _gcc(words: Sequence[str], source: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(words, input=source, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    except FileNotFoundError as error:
        return subprocess.CompletedProcess(words, 127, str(error).encode())


def main(arguments: Sequence[str]) -> int:
    """``python3 -m tests.support MACHINE DIRECTORY``: build every test program for another machine.

    Run there with STRACE_PY_PROGRAMS=DIRECTORY, the tests need no compiler.  A program or a variant that doesn't
    compile for that machine is said and left out.
    """
    machine, directory = arguments
    for variant, compiler in compilers(machine).items():
        if shutil.which(compiler[0]) is None:
            print(f"no {compiler[0]}: nothing of the variant {variant or 'plain'!r}")
            continue
        place = os.path.join(directory, variant or "plain")
        os.makedirs(place, exist_ok=True)
        for program in sorted(os.listdir(PROGRAMS)):
            if program.endswith(".c"):
                said = _compile(compiler, program, os.path.join(place, program[:-2]))
                if said:
                    print(f"{variant or 'plain'} {program}: {said.splitlines()[0]}")
    return 0


# Comparing

#: The CPU time of a child that has ended, in SIGCHLD's siginfo: mostly 0.
TICKS = r"(?<=si_[us]time=)\d+(?: /\* [^*]* \*/)?"

#: How often two traces may differ before they count as different.
ATTEMPTS = 3


def differences(compare: Callable[[], List[str]]) -> List[str]:
    """What *compare*, which makes two traces, found in its last attempt: the first without a difference, or the third.

    A process id may by chance equal another number of one of the traces or get a digit more between the two, which
    moves columns, and two processes that race may end a race either way.
    """
    for _ in range(ATTEMPTS - 1):
        if not compare():
            return []
        # Programs try ranges of numbers (fam_ptrace 0xb00 to 0xb13, among others), and an attempt takes so few ids that
        # all attempts could fall into one range: the next ids go to threads that end at once.
        for _ in range(64):
            thread = threading.Thread(target=int)
            thread.start()
            thread.join()
    return compare()


# Running


class Run(NamedTuple):
    """What a run came to."""

    status: int  # as subprocess says it: negative for a signal
    stdout: str
    stderr: str
    trace: str  # the -o file; the standard error where there is none; with -ff each line after "PID "
    left: Tuple[int, ...]  # processes of the run's session that outlived it; they have been killed


def environment(cwd: str, **changes: Optional[str]) -> Dict[str, str]:
    """The environment that traced programs get: the same under both tracers and from run to run."""
    fixed = {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": scratch(),
        "PWD": cwd,
        "LC_ALL": "C",
        "TZ": "UTC",
        "PYTHONPATH": ROOT,
        "PYTHONHASHSEED": "0",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    for name, value in changes.items():
        if value is None:
            fixed.pop(name, None)
        else:
            fixed[name] = value
    return fixed


@_once
def fixed_addresses() -> List[str]:
    """The words before a command that switch address space randomisation off, none where that can't be."""
    tool = shutil.which("setarch")
    words = [tool, "-R"] if tool else []
    if words and subprocess.call(
        words + [sys.executable, "-c", ""],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ):
        return []
    return words


def ours(python: str = sys.executable) -> List[str]:
    """The command that runs this checkout's strace_py."""
    return [python, "-m", "strace_py"]


def processes(session: int) -> List[int]:
    """The living processes of a session (zombies are not living)."""
    found = []
    for pid, stat in _stats():
        if int(stat[3]) == session and stat[0] not in "ZX":
            found.append(pid)
    return found


def _stats() -> Iterator[Tuple[int, List[str]]]:
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                with open(f"/proc/{name}/stat", encoding="utf-8", errors="replace") as file:
                    yield int(name), file.read().rpartition(") ")[2].split()
            except OSError:
                continue


def descendants(pid: int) -> List[int]:
    """The living descendants of a process, the process itself left out."""
    children: Dict[int, List[int]] = {}
    for child, stat in _stats():
        children.setdefault(int(stat[1]), []).append(child)
    found: List[int] = []
    todo = [pid]
    while todo:
        below = children.get(todo.pop(), [])
        found += below
        todo += below
    return found


def kill_session(session: int) -> Tuple[int, ...]:
    """Kill every process of a session and what descends from it; gives those that were there."""
    seen: List[int] = []
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        alive = sorted(
            {*processes(session), *(pid for one in processes(session) for pid in descendants(one))}
        )
        if not alive:
            break
        # A tracer dies last: the death of a tracer lets its tracees run on.
        for pid in sorted(alive, key=lambda pid: pid == session):
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
            if pid not in seen:
                seen.append(pid)
    return tuple(seen)


def run(
    command: Sequence[str],
    *,
    cwd: Optional[str] = None,
    env: Optional[Mapping[str, str]] = None,
    stdin: bytes = b"",
    timeout: float = 60.0,
    pass_fds: Sequence[int] = (),
) -> Run:
    """Run a command to its end; AssertionError where that takes more than *timeout* seconds (times SLOWNESS).

    It gets *stdin* as a file, and files for its standard output and error, so that a process which it
    leaves behind cannot keep this one waiting.  These files are the same ones from run to run.
    """
    where = cwd or scratch()
    with _standard_files() as directory, open(os.path.join(directory, "in"), "w+b") as source, \
            open(os.path.join(directory, "out"), "w+b") as out, \
            open(os.path.join(directory, "error"), "w+b") as error:
        source.write(stdin)
        source.seek(0)
        process = subprocess.Popen(
            fixed_addresses() + list(command),
            stdin=source,
            stdout=out,
            stderr=error,
            cwd=where,
            env=dict(environment(where) if env is None else env),
            start_new_session=True,
            pass_fds=pass_fds,
        )
        try:
            status = process.wait(timeout * SLOWNESS)
        except subprocess.TimeoutExpired:
            kill_session(process.pid)
            process.wait()
            error.seek(0)
            raise AssertionError(
                f"more than {timeout:g} s: {' '.join(command)}\n"
                + error.read()[-2000:].decode("utf-8", "replace")
            ) from None
        except BaseException:
            kill_session(process.pid)
            process.wait()
            raise
        left = kill_session(process.pid)
        out.seek(0)
        error.seek(0)
        stderr = _text(error.read())
        return Run(status, _text(out.read()), stderr, stderr, left)


_idle: List[str] = []


@contextlib.contextmanager
def _standard_files() -> Iterator[str]:
    directory = _idle.pop() if _idle else tempfile.mkdtemp(prefix="files-", dir=scratch())
    try:
        yield directory
    finally:
        _idle.append(directory)


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


def run_tracer(tracer: Sequence[str], args: Sequence[str], *, separate: bool = True, **how: Any) -> Run:
    """Run ``TRACER ARGS``; *how*: see run().

    With *separate* the trace goes to a file of its own (``-o FILE`` before the arguments); without it the
    trace is wherever the arguments send it, and ``Run.trace`` is the standard error.
    """
    if not separate:
        return run([*tracer, *args], **how)
    with tempfile.TemporaryDirectory(prefix="trace-") as directory:
        os.chmod(directory, 0o755)
        result = run([*tracer, "-o", os.path.join(directory, "trace"), *args], **how)
        parts = []
        for name in sorted(os.listdir(directory), key=lambda name: (len(name), name)):
            with open(os.path.join(directory, name), "rb") as file:
                text = _text(file.read())
            pid = name[len("trace.") :]
            if pid:  # -ff
                text = "".join(f"{pid} {line}" for line in text.splitlines(True))
            parts.append(text)
    return result._replace(trace="".join(parts))


def run_ours(args: Sequence[str], **how: Any) -> Run:
    """``run_tracer`` with this checkout's strace_py."""
    return run_tracer(ours(), args, **how)


def run_oracle(args: Sequence[str], **how: Any) -> Run:
    """``run_tracer`` with the oracle; SkipTest where it is missing."""
    command = oracle()
    if command is None:
        raise unittest.SkipTest("needs the oracle, strace 7.2")
    return run_tracer(command, args, **how)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
