"""``python3 -m strace_py``: trace a command, end as it ended."""
from __future__ import annotations

import gc
import os
import signal
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Callable, NoReturn, Optional, Sequence

    from .options import Options

#: So many new objects make the interpreter look for garbage. A start makes tens of thousands that stay; to look
#: through them after every 700 takes 2.5 ms (CPython 3.8 to 3.13).
YOUNG = 50000


def main(argv: Optional[Sequence[str]] = None) -> int:
    """Trace as the command line says. Returns the exit status; ends by the command's signal when a
    signal ended the command."""
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # until the trace begins: no KeyboardInterrupt
    gc.set_threshold(YOUNG)
    from .cli import parse
    options = parse(sys.argv[1:] if argv is None else argv)
    if options.dump_bpf:
        return _dump_filter(options)
    if _leaves_descendants(options):
        from .tracer.front import behind_front
        status = behind_front(options, lambda report: _trace(options, report))
    else:
        status = _trace(options)
    if os.WIFSIGNALED(status):
        _die_by(os.WTERMSIG(status))
    return os.WEXITSTATUS(status)


def _dump_filter(options: Options) -> int:
    """--dump-bpf: print the filter for the trace set. Returns the exit status."""
    from .arch import of_machine
    from .output.bpf import FORMATS
    from .tracer.filter import program
    abis = of_machine()
    try:
        code = program(options.trace, abis)
    except ValueError as reason:
        sys.stderr.write(f"strace: {reason}: the kernel takes no longer one than 4096\n")
        return 1
    try:
        sys.stdout.write(FORMATS[options.dump_bpf](code, options.trace, abis))
        sys.stdout.flush()
    except OSError as reason:
        sys.stderr.write(f"strace: standard output: {reason.strerror}\n")
        return 1
    return 0


def _leaves_descendants(options: Options) -> bool:
    """Whether tracees may need the tracer after the trace has ended."""
    if options.seccomp_bpf == "off" or options.kill_on_exit:
        return False
    from .tracer.filter import usable
    return usable(options)


def _trace(options: Options, report: Optional[Callable[[int], None]] = None) -> int:
    """Trace; returns the wait status to end with. With *report*, it is reported as soon as it is known, and
    then tracees that can't live without a tracer are served until the last is gone."""
    from .output import make
    from .tracer.start import StartError
    from .tracer.tracer import Tracer
    try:
        output = make(options)
    except OSError as reason:
        sys.stderr.write(f"strace: Can't fopen '{reason.filename}': {reason.strerror}\n")
        return 1 << 8
    tracer = Tracer(options, output)
    tracer.lingers = report is not None
    try:
        status = tracer.run()
    except StartError as reason:
        if str(reason):
            sys.stderr.write(f"strace: {reason}\n")
        status = 1 << 8
    if report is not None:
        report(status)
        if tracer.has_descendants():
            from .tracer.front import withdraw
            withdraw()
            tracer.linger()
    return status


def _die_by(number: int) -> None:
    """End by signal *number*, without a core dump of our own."""
    import resource
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
    if number not in (signal.SIGKILL, signal.SIGSTOP):
        signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, (number,))
    os.kill(os.getpid(), number)


def _end(status: int) -> NoReturn:
    """End at once: that the interpreter takes itself apart costs 3 ms to 5 ms (CPython 3.8 to 3.13)."""
    if vars(sys.modules["__main__"]) is not globals() or sys.flags.inspect:
        sys.exit(status)  # somebody goes on: a profiler, or the user
    import atexit
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is not None:
                stream.flush()
        except OSError:
            pass  # whoever wrote to it has said so
    os._exit(status)


if __name__ == "__main__":
    _end(main())
