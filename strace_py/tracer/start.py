"""How a trace begins: the command is found and spawned, processes are attached, signals are arranged."""
from __future__ import annotations

import os
import signal
import stat

from ..kernel import ptrace as pt
from ..kernel import spawn

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import List

    from ..options import Options
    from .tracer import Tracer

#: CPython ignores these from its start; a command must find them as an untraced one does. (What the
#: interpreter's own parent had set can't be known any more.)
IGNORED_BY_PYTHON = (signal.SIGPIPE, signal.SIGXFSZ)
FATAL = (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGPIPE, signal.SIGTERM)


class StartError(Exception):
    """The trace can't begin; the text is one line for the user."""


def find(command: str) -> str:
    """The file that execve is to run for *command*, as the shell's PATH look-up finds it. Raises
    StartError in strace's words."""
    if "/" in command:
        try:
            os.stat(command)
        except OSError as reason:
            raise StartError(f"Cannot stat '{command}': {reason.strerror}") from None
        return command
    # An empty entry, and PATH itself missing, mean the current directory.
    for directory in os.environ.get("PATH", "").split(":"):
        path = f"{directory}/{command}" if directory else command
        try:
            mode = os.stat(path).st_mode
        except OSError:
            continue
        if stat.S_ISREG(mode) and mode & 0o111:
            return path
    raise StartError(f"Cannot find executable '{command}'")


def identity(user: str) -> spawn.Identity:
    """``-u``: a user's name or ``UID:GID``. Raises StartError."""
    uid, colon, gid = user.partition(":")
    if colon and uid.isdigit() and gid.isdigit():
        return int(uid), int(gid), ()
    import pwd
    try:
        entry = pwd.getpwnam(user)
    except KeyError:
        raise StartError(f"Cannot find user '{user}'") from None
    return entry.pw_uid, entry.pw_gid, os.getgrouplist(user, entry.pw_gid)


def initial_environment() -> List[bytes]:
    """The environment that this process was started with, to the byte: CPython adds LC_CTYPE to its own
    (PEP 538) and keeps neither order nor duplicates for certain."""
    try:
        with open("/proc/self/environ", "rb") as file:
            return [entry for entry in file.read().split(b"\0") if entry]
    except OSError:
        return current_environment()


def current_environment() -> List[bytes]:
    """The environment of a program that vendors the package, as it has changed it."""
    return [name + b"=" + value for name, value in os.environb.items()]


def environment(options: Options, entries: List[bytes]) -> List[bytes]:
    """The command's environment: *entries*, changed by -E as setenv(3) and unsetenv(3) would."""
    for name, value in options.environment:
        key = os.fsencode(name) + b"="
        places = [place for place, entry in enumerate(entries) if entry.startswith(key)]
        if value is None:
            entries = [entry for entry in entries if not entry.startswith(key)]
        elif places:
            entries[places[0]] = key + os.fsencode(value)
        else:
            entries.append(key + os.fsencode(value))
    return entries


def start(tracer: Tracer) -> None:
    """Attach and spawn what the options name. Raises StartError."""
    options = tracer.options
    if options.engine == "tracepoint":
        from .tracepoint import Tracepoint
        tracer.tracepoint = Tracepoint(tracer)
        tracer.between = pt.PTRACE_CONT
    attached = [pid for pid in options.attach if _attach(tracer, pid)]
    if options.attach and not attached and not options.command:
        raise StartError("")
    if options.command:
        _spawn(tracer)


def interruptible(options: Options) -> int:
    """-I, 1 to 4: strace's default depends on where the trace goes."""
    return options.interruptible or (3 if options.command and options.output is not None else 2)


def arrange_signals(tracer: Tracer) -> None:
    """-I: which signals end the trace (1 and 2: by a clean end between two stops) and which are ignored.
    For a process that is all tracer; a program that vendors the package keeps its own handlers."""
    level = interruptible(tracer.options)
    handler = signal.SIG_IGN if level >= 3 else tracer.stops.interrupt
    ignored = (signal.SIGTTOU, signal.SIGTTIN, *((signal.SIGTSTP,) if level >= 4 else ()))
    for number in FATAL:
        tracer.replaced_signals[number] = signal.signal(number, handler)
    for number in ignored:
        tracer.replaced_signals[number] = signal.signal(number, signal.SIG_IGN)
    # Where SIGCHLD is ignored the kernel reaps children itself, and nobody learns how they ended.
    tracer.replaced_signals[signal.SIGCHLD] = signal.signal(signal.SIGCHLD, signal.SIG_DFL)


def _options(tracer: Tracer) -> int:
    options = pt.PTRACE_O_TRACESYSGOOD | pt.PTRACE_O_TRACEEXEC
    if tracer.options.follow_forks or tracer.filtered:
        options |= pt.PTRACE_O_TRACEFORK | pt.PTRACE_O_TRACEVFORK | pt.PTRACE_O_TRACECLONE
    if tracer.filtered:
        options |= pt.PTRACE_O_TRACESECCOMP
    if tracer.tracepoint is not None:
        options |= pt.PTRACE_O_TRACEEXIT
    if tracer.filtered or tracer.options.kill_on_exit:
        options |= pt.PTRACE_O_EXITKILL
    return options


def _spawn(tracer: Tracer) -> None:
    options = tracer.options
    path = find(options.command[0])
    argv = [os.fsencode(word) for word in options.command]
    if options.argv0 is not None:
        argv[0] = os.fsencode(options.argv0)
    code = None
    if options.seccomp_bpf != "off":
        from .filter import build, may_filter
        code = build(options, tracer.abis)
        tracer.filtered = code is not None
    # What was ignored when we were started (nohup) stays ignored in the command.
    dispositions = {number: signal.SIG_IGN if before is signal.SIG_IGN else signal.SIG_DFL
                    for number, before in tracer.replaced_signals.items()}
    dispositions.update(dict.fromkeys(IGNORED_BY_PYTHON, signal.SIG_DFL))
    child = spawn.Child(os.fsencode(path), argv, environment(options, tracer.environment()), dispositions,
                        identity(options.user) if options.user is not None else None,
                        code.calls(may_filter()) if code is not None else ())
    tracee = tracer.add(child.pid)
    tracee.hidden = True
    tracer.command = child.pid
    try:
        pt.seize(child.pid, _options(tracer))
        # It has to be stopped once to be told to stop at system calls.
        pt.request(pt.PTRACE_INTERRUPT, child.pid)
        os.waitpid(child.pid, 0)
        tracee.seen = True
        if tracer.tracepoint is not None:
            tracer.tracepoint.watch(tracee)
        tracer.resume(tracee)
    except OSError as reason:
        os.kill(child.pid, signal.SIGKILL)
        os.waitpid(child.pid, 0)
        tracer.tracees.clear()
        raise StartError(f"attach: ptrace(PTRACE_SEIZE, {child.pid}): {reason.strerror}") from None
    finally:
        child.go()


def _attach(tracer: Tracer, pid: int) -> bool:
    """-p: attach to process *pid*, with -f to all its threads. False, and a line for the user, when
    that fails."""
    count = 0
    found = True
    while found:
        # Threads that appear meanwhile are attached by the kernel, unless a thread not yet attached
        # makes them: look until nothing is new.
        found = False
        for tid in _threads(pid) if tracer.options.follow_forks else [pid]:
            if tid in tracer.tracees:
                continue
            try:
                pt.seize(tid, _options(tracer))
                tracee = tracer.add(tid, attached=True)
                count += 1
                found = tracer.options.follow_forks
                if tracer.tracepoint is not None:
                    tracer.tracepoint.watch(tracee)  # while it runs
                else:
                    pt.request(pt.PTRACE_INTERRUPT, tid)
            except OSError as reason:
                if not count:
                    tracer.output.notice(f"attach: ptrace(PTRACE_SEIZE, {pid}): {reason.strerror}")
                    return False
    if "attach" not in tracer.options.quiet:
        tracer.output.notice(f"Process {pid} attached" + (f" with {count} threads" if count > 1 else ""))
    return True


def _threads(pid: int) -> List[int]:
    """The threads of process *pid*, itself first."""
    try:
        return sorted(map(int, os.listdir(f"/proc/{pid}/task")), key=lambda tid: tid != pid)
    except OSError:
        return [pid]
