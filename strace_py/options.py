"""What a trace is asked to do: one frozen object, made by cli.py or by a program that uses the package.

Every field has strace's default. Nothing here parses, prints or looks at the system.
"""
from __future__ import annotations

from .record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Container, FrozenSet, Optional, Tuple

    #: A set of system calls: members are ``(abi name, number)``, for instance ``("x86_64", 257)``.
    #: ``ALL`` holds every number of every ABI, those without a name included.
    SyscallSet = Container[object]
    #: A set of integers: file descriptors or signal numbers.
    IntSet = Container[object]
else:
    SyscallSet = IntSet = None  # for annotations alone


class Everything:
    """A set that holds everything; ``NOTHING`` and ``Except`` complete the algebra that options need."""

    __slots__ = ()

    def __contains__(self, item: object) -> bool:
        return True

    def __repr__(self) -> str:
        return "ALL"


class Except:
    """Everything but the members of *left_out*."""

    __slots__ = ("left_out",)

    def __init__(self, left_out: Container[object]) -> None:
        self.left_out = left_out

    def __contains__(self, item: object) -> bool:
        return item not in self.left_out

    def __repr__(self) -> str:
        return f"Except({self.left_out!r})"


ALL = Everything()
NOTHING: FrozenSet[object] = frozenset()


class Options(NamedTuple):
    """strace's options, parsed. Precisions are decimal digits of a second: 0 s, 3 ms, 6 us, 9 ns."""

    # Startup
    command: Tuple[str, ...] = ()                   # argv of the command; empty with -p alone
    environment: Tuple[Tuple[str, Optional[str]], ...] = ()  # -E: (name, value), None removes; in order
    user: Optional[str] = None                      # -u: user name or "UID:GID"
    argv0: Optional[str] = None                     # --argv0
    attach: Tuple[int, ...] = ()                    # -p: process ids

    # Tracing
    detach_on_execve: bool = False                  # -b execve
    daemonize: int = 0                              # -D 1, -DD 2, -DDD 3
    follow_forks: bool = False                      # -f
    output_separately: bool = False                 # second half of -ff
    interruptible: int = 0                          # -I 1..4; 0: strace's default for the other options
    syscall_limit: Optional[int] = None             # --syscall-limit
    kill_on_exit: bool = False                      # --kill-on-exit
    seccomp_bpf: str = "auto"                       # --seccomp-bpf: off, auto, on
    engine: str = "auto"                            # --engine: auto, syscall, seccomp, tracepoint
    spin: Optional[int] = None                      # --spin: asks before a sleep; None: as many as pay

    # Filtering
    trace: SyscallSet = ALL                         # -e trace=
    trace_fds: Optional[IntSet] = None              # -e trace-fds=
    trace_paths: Tuple[str, ...] = ()               # -P
    signals: IntSet = ALL                           # -e signal=
    status: FrozenSet[str] = frozenset(
        ("successful", "failed", "unfinished", "unavailable", "detached"))  # -e status=, -z, -Z

    # Output format
    format: str = "text"                            # --format: a module of output/
    output: Optional[str] = None                    # -o: file name, "|command" or "!command"
    append: bool = False                            # -A
    columns: int = 40                               # -a
    color: str = "auto"                             # --color: auto, always, never
    abbrev: SyscallSet = ALL                        # -e abbrev=; -v is NOTHING
    verbose: SyscallSet = ALL                       # -e verbose=
    raw: SyscallSet = NOTHING                       # -e raw=
    read_dump: IntSet = NOTHING                     # -e read=
    write_dump: IntSet = NOTHING                    # -e write=
    quiet: FrozenSet[str] = frozenset()             # -q: attach, exit, path-resolution, personality, thread-execve
    decode_fds: FrozenSet[str] = frozenset()        # -y: path, socket, dev, eventfd, pidfd, signalfd
    decode_pids: FrozenSet[str] = frozenset()       # -Y: comm, pidns
    namespace_new: bool = False                     # -e namespace=new
    kvm: str = ""                                   # -e kvm: "", "vcpu", "vcpu+"
    instruction_pointer: bool = False               # -i
    syscall_number: bool = False                    # -n
    arg_names: bool = False                         # -N
    stack_trace: bool = False                       # -k
    stack_trace_limit: int = 256                    # --stack-trace-frame-limit
    relative_time: Optional[int] = None             # -r: precision, or None
    absolute_time: str = "none"                     # -t: none, time, unix
    absolute_precision: int = 0                     # digits of -t's time
    syscall_times: Optional[int] = None             # -T: precision, or None
    string_limit: int = 32                          # -s, bytes
    strings_in_hex: str = "none"                    # -x: none, non-ascii-chars, non-ascii, all
    const_style: str = "abbrev"                     # -X: raw, abbrev, verbose
    always_show_pid: bool = False                   # --always-show-pid

    # Statistics
    summary: str = "none"                           # none, only (-c), both (-C)
    summary_wall_clock: bool = False                # -w
    summary_overhead: Optional[int] = None          # -O, ns; None: nothing is subtracted beyond the heuristic
    summary_sort: str = "total-time"                # -S, canonical column name or "nothing"
    summary_columns: Tuple[str, ...] = (
        "time-percent", "total-time", "avg-time", "calls", "errors", "name")  # -U, canonical names

    # Miscellaneous
    syscall_info: bool = True                       # False: read registers, as before Linux 5.3
    debug: bool = False                             # -d
    dump_bpf: str = ""                              # --dump-bpf: a format, text or json
