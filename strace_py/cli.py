"""The command line: strace's options, read as strace reads them, into one frozen Options object.

Reading goes in three steps. ``_split`` follows getopt_long(3): clusters, abbreviations, values, the first
word that is no option. argparse then applies each option in order, which collects what it asks for in a
``_State``. ``_finish`` checks the options against each other, in strace's order, and makes the Options.

argparse gets only words that it can't misread, since its own errors, abbreviations and order are not
strace's; and only the options that this command line holds: to add all takes longer than all the rest.
"""
from __future__ import annotations

import os
import sys

from .options import ALL, NOTHING, Except, Options

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from typing import Any, Callable, Dict, List, NoReturn, Optional, Sequence, Tuple, Union

    from .options import IntSet

    #: What an option does with the state, its spelling on the command line, and its value ("" if none).
    Apply = Callable[["_State", str, str], None]

#: The formats of --format: modules of output/.
FORMATS = ("text", "json")

_PROGRAM = "strace_py"
_INT_MAX = 2 ** 31 - 1
_ID_MAX = 2 ** 32 - 2       # of a user or group: the next number means "none" to the kernel
_SIZE_MAX = 2 ** 30 - 1     # strace's own limit for -s and for the frames of a stack trace
_LONG_MAX = 2 ** 63 - 1
_SPACE = " \t\n\v\f\r"      # what C's isspace() means


def parse(argv: Sequence[str]) -> Options:
    """The options that *argv*, without the program's name, asks for.

    Warnings go to stderr. Exits: status 1 after one line about an error, 0 after -h and -V.
    """
    state = _State()
    words, used, command = _split(argv)
    if words:
        _parser(used, state).parse_args(words)
    if isinstance(command, str):
        # Only now: an error in an earlier option comes first, and so does -h.
        _die(command, hint=True)
    return _finish(state, tuple(command))


class _State:
    """What the options so far have asked for."""

    def __init__(self) -> None:
        self.fields: Dict[str, Any] = {}        # fields of Options, where not the default
        self.times: Dict[str, int] = {}         # how often each option was given, by spelling
        self.unsupported: List[str] = []        # options that strace has and this program has not

    def given(self, *spellings: str) -> int:
        """How often the options of these spellings were given, taken together."""
        return sum([self.times.get(spelling, 0) for spelling in spellings])


def _say(text: str) -> None:
    """A line for the user, on stderr. Names in it may hold any byte."""
    os.write(2, os.fsencode(f"strace: {text}\n"))


def _die(text: str, hint: bool = False) -> NoReturn:
    _say(f"{text}\nTry 'strace -h' for more information." if hint else text)
    raise SystemExit(1)


def _invalid(spelled: str, value: str) -> NoReturn:
    _die(f"invalid {spelled} argument: '{value}'", hint=True)


def _nothing(state: _State, spelled: str, value: str) -> None:
    """For an option that is only counted."""


def _on(field: str) -> Apply:
    def apply(state: _State, spelled: str, value: str) -> None:
        state.fields[field] = True
    return apply


def _with(apply: Apply, value: str) -> Apply:
    """An option without a value that stands for another with *value*."""
    return lambda state, spelled, _: apply(state, spelled, value)


def _keep(field: str) -> Apply:
    def apply(state: _State, spelled: str, value: str) -> None:
        state.fields[field] = value
    return apply


def _integer(text: str) -> Optional[int]:
    """What C's strtol() makes of *text* in base 10, if it takes all of it and the number isn't negative."""
    digits = text.lstrip(_SPACE)
    negative = digits.startswith("-")
    if digits[:1] in ("-", "+"):
        digits = digits[1:]
    if not (digits.isascii() and digits.isdigit() and len(digits) < 1000):
        return None
    number = int(digits)
    return None if negative and number else number


def _number(field: str, least: int, most: int) -> Apply:
    def apply(state: _State, spelled: str, value: str) -> None:
        number = _integer(value)
        if number is None or not least <= number <= most:
            _invalid(spelled, value)
        state.fields[field] = number
    return apply


def _one_of(field: str, meanings: Dict[str, Any], any_case: bool = True) -> Apply:
    def apply(state: _State, spelled: str, value: str) -> None:
        key = value.lower() if any_case else value
        if key not in meanings:
            _invalid(spelled, value)
        state.fields[field] = meanings[key]
    return apply


def _syscalls(field: str) -> Apply:
    def apply(state: _State, spelled: str, value: str) -> None:
        from .syscalls import select
        try:
            state.fields[field] = select.parse(value, conditions=field == "trace")
        except select.SelectionError as error:
            _die(str(error), hint=error.hint)
    return apply


def _members(what: str, text: str, member: Callable[[str], Any]) -> IntSet:
    """The set that ``[!]all``, ``[!]none`` or ``[!]WORD,...`` describes.

    *member* tells what a word stands for, None if nothing; *what* names the members in errors.
    """
    rest = text.lstrip("!")
    inverted = bool((len(text) - len(rest)) % 2)
    if rest in ("all", "none"):
        return ALL if (rest == "all") != inverted else NOTHING
    words = [word for word in rest.split(",") if word]
    if not words:
        _die(f"invalid {what} '{text}'")
    members = set()
    for word in words:
        value = member(word)
        if value is None:
            _die(f"invalid {what} '{word}'")
        members.add(value)
    return Except(frozenset(members)) if inverted else frozenset(members)


def _numbers(field: str, what: str, member: Callable[[str], Optional[int]]) -> Apply:
    def apply(state: _State, spelled: str, value: str) -> None:
        state.fields[field] = _members(what, value, member)
    return apply


def _words(field: str, what: str, meanings: Dict[str, str]) -> Apply:
    """A set of names out of *meanings*: spelling -> canonical name."""
    def apply(state: _State, spelled: str, value: str) -> None:
        chosen = _members(what, value, lambda word: meanings.get(word.lower()))
        state.fields[field] = frozenset([name for name in meanings.values() if name in chosen])
    return apply


def _named(*names: str, **aliases: str) -> Dict[str, str]:
    return dict(zip(names, names), **aliases)


def _descriptor(word: str) -> Optional[int]:
    number = _integer(word)
    return number if number is not None and number <= _INT_MAX else None


def _signal(word: str) -> Optional[int]:
    if word.isascii() and word.isdigit():
        number = _integer(word)
        return number if number is not None and number <= 255 else None
    from .constants.signals import NAMES
    name = word.upper()
    if not name.startswith("SIG"):
        name = "SIG" + name
    return next((number for number, known in NAMES.items() if known == name), None)


def _summary(choice: str) -> Apply:
    def apply(state: _State, spelled: str, value: str) -> None:
        if state.fields.get("summary", choice) != choice:
            _die("-c/--summary-only and -C/--summary are mutually exclusive", hint=True)
        state.fields["summary"] = choice
    return apply


def _overhead(state: _State, spelled: str, value: str) -> None:
    import re
    match = re.match(r"([+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)(s|ms|us|ns|)\Z",
                     value.lstrip(_SPACE))
    amount = float(match.group(1)) if match else -1
    if match is None or amount < 0 or amount == float("inf"):
        _invalid(spelled, value)
    unit = {"s": 1e9, "ms": 1e6, "us": 1e3, "": 1e3, "ns": 1.0}[match.group(2)]
    state.fields["summary_overhead"] = int(min(amount * unit, _LONG_MAX))


_COLUMNS = {
    "time-percent": "time-percent", "time": "time-percent",
    "total-time": "total-time", "time-total": "total-time",
    "min-time": "min-time", "time-min": "min-time", "shortest": "min-time",
    "max-time": "max-time", "time-max": "max-time", "longest": "max-time",
    "avg-time": "avg-time", "time-avg": "avg-time",
    "wall-total": "wall-total", "total-wall": "wall-total",
    "wall-min": "wall-min", "min-wall": "wall-min",
    "wall-max": "wall-max", "max-wall": "wall-max",
    "wall-avg": "wall-avg", "avg-wall": "wall-avg",
    "calls": "calls", "count": "calls",
    "errors": "errors", "error": "errors",
    "name": "name", "syscall": "name", "syscall-name": "name",
}
_SORT_KEYS = dict(_COLUMNS, **{
    "time-percent": "total-time", "time": "total-time", "nothing": "nothing", "none": "nothing"})


def _sort_by(state: _State, spelled: str, value: str) -> None:
    if value not in _SORT_KEYS:
        _die(f"invalid sortby: '{value}'", hint=True)
    state.fields["summary_sort"] = _SORT_KEYS[value]


def _columns(state: _State, spelled: str, value: str) -> None:
    columns: List[str] = []
    words = value.split(",")
    for position, word in enumerate(words):
        column = _COLUMNS.get(word)
        if column is None:
            _die(f"unknown column name: '{word}'", hint=True)
        if column in columns:
            _die(f"call summary column has been provided more than once: '{word}'"
                 f" (-U option residual: '{','.join(words[position:])}')", hint=True)
        columns.append(column)
    if "name" not in columns:
        columns.append("name")
    state.fields["summary_columns"] = tuple(columns)


_PRECISIONS = {"s": 0, "ms": 3, "us": 6, "ns": 9}


def _timestamps(state: _State, spelled: str, value: str) -> None:
    form, precision = state.fields.get("absolute_time", "none"), state.fields.get("absolute_precision", 0)
    if form == "none":
        form = "time"
    for word in value.split(",") if value else ():
        word = word.lower()
        kind, _, rest = word.rpartition(":")
        if rest in _PRECISIONS and kind in ("", "precision"):
            precision = _PRECISIONS[rest]
        elif rest in ("none", "time", "unix") and kind in ("", "format"):
            form = rest
        elif word:
            _invalid(spelled, value)
    state.fields["absolute_time"], state.fields["absolute_precision"] = form, precision


_INTERRUPTIBLE = {"anywhere": 1, "waiting": 2, "never": 3, "never_tstp": 4}


def _interruptible(state: _State, spelled: str, value: str) -> None:
    number = _INTERRUPTIBLE.get(value.lower(), _integer(value))
    if number not in _INTERRUPTIBLE.values():
        _invalid(spelled, value)
    state.fields["interruptible"] = number


def _detach_on(state: _State, spelled: str, value: str) -> None:
    if value != "execve":
        _die(f"Syscall '{value}' for -b isn't supported")
    state.fields["detach_on_execve"] = True


def _environment(state: _State, spelled: str, value: str) -> None:
    name, equals, text = value.partition("=")
    state.fields["environment"] = (*state.fields.get("environment", ()), (name, text if equals else None))


def _trace_path(state: _State, spelled: str, value: str) -> None:
    state.fields["trace_paths"] = (*state.fields.get("trace_paths", ()), value)


def _attach(state: _State, spelled: str, value: str) -> None:
    pids = list(state.fields.get("attach", ()))
    for word in value.replace(" ", ",").replace("\t", ",").replace("\n", ",").split(","):
        if not word:
            continue
        pid = _integer(word)
        if pid is None or not 0 < pid <= _INT_MAX:
            _die(f"Invalid process id: '{word}'")
        if pid == os.getpid():
            _die("I'm sorry, I can't let you do that, Dave.")
        pids.append(pid)
    state.fields["attach"] = tuple(pids)


def _format(state: _State, spelled: str, value: str) -> None:
    if value not in FORMATS:
        _die(f"invalid --format argument: '{value}' (formats: {', '.join(FORMATS)})")
    state.fields["format"] = value


def _seccomp(state: _State, spelled: str, value: str) -> None:
    if value not in ("auto", "on", "off"):
        _die(f"invalid --seccomp-bpf argument: '{value}' (auto, on, off)")
    state.fields["seccomp_bpf"] = value


_ENGINES = ("auto", "syscall", "seccomp", "tracepoint")


def _engine(state: _State, spelled: str, value: str) -> None:
    if value not in _ENGINES:
        _die(f"invalid --engine argument: '{value}' ({', '.join(_ENGINES)})")
    state.fields["engine"] = value


def _dump_bpf(state: _State, spelled: str, value: str) -> None:
    if value not in ("text", "json"):
        _die(f"invalid --dump-bpf argument: '{value}' (formats: text, json)")
    state.fields["dump_bpf"] = value


def _missing(state: _State, spelled: str, value: str) -> None:
    state.unsupported.append(spelled)


def _die_of(spelled: str) -> NoReturn:
    _die(f"{spelled} is not supported by {_PROGRAM} yet")


def _tips(state: _State, spelled: str, value: str) -> None:
    # At once, since strace needs no command for this.
    _die_of(spelled)


def _stack_trace(state: _State, spelled: str, value: str) -> None:
    if value == "source" or state.given("-k") > 1:
        _die("Stack traces with source line information (-kk/--stack-trace=source option)"
             " are not supported by this build of strace")
    if value != "symbol":
        _invalid(spelled, value)
    state.fields["stack_trace"] = True
    _missing(state, spelled, value)


def _daemonize(state: _State, spelled: str, value: str) -> None:
    _one_of("daemonize", {"grandchild": 1, "pgroup": 2, "pgrp": 2, "session": 3})(state, spelled, value)
    _missing(state, spelled, value)


def _kvm(state: _State, spelled: str, value: str) -> None:
    if value not in ("vcpu", "vcpu+"):
        _die(f"invalid -e kvm= argument: '{value}'")
    state.fields["kvm"] = value
    _missing(state, spelled, value)


def _namespace(state: _State, spelled: str, value: str) -> None:
    if value != "new":
        _die(f"invalid -e namespace= argument: '{value}'")
    state.fields["namespace_new"] = True
    _missing(state, spelled, value)


def _secontext(state: _State, spelled: str, value: str) -> None:
    _die("SELinux context printing (--secontext option) is not supported by this build of strace")


def _help(state: _State, spelled: str, value: str) -> None:
    sys.stdout.write(_usage())
    raise SystemExit(0)


_SIGNALS = _numbers("signals", "signal", _signal)
_TRACE_FDS = _numbers("trace_fds", "descriptor", _descriptor)
_READ = _numbers("read_dump", "descriptor", _descriptor)
_WRITE = _numbers("write_dump", "descriptor", _descriptor)
_STATUS = _words("status", "status", _named("successful", "failed", "unfinished", "unavailable", "detached"))
_QUIET_ONCE = "attach,personality"
_QUIET = _words("quiet", "quiet", _named(
    "attach", "exit", "path-resolution", "personality", "thread-execve",
    exits="exit", superseded="thread-execve"))
_DECODE_FDS = _words("decode_fds", "decode-fds", _named(
    "path", "socket", "dev", "eventfd", "pidfd", "signalfd"))
_DECODE_PIDS = _words("decode_pids", "decode-pids", _named("comm", "pidns"))

_QUALIFIERS: Dict[str, Apply] = {}
for _names, _apply in (
        ("trace t", _syscalls("trace")), ("abbrev a", _syscalls("abbrev")),
        ("verbose v", _syscalls("verbose")), ("raw x", _syscalls("raw")),
        ("trace-fds trace-fd fds fd", _TRACE_FDS), ("signal signals s", _SIGNALS),
        ("read reads r", _READ), ("write writes w", _WRITE), ("status", _STATUS),
        ("quiet silent silence q", _QUIET), ("decode-fds decode-fd", _DECODE_FDS),
        ("decode-pids decode-pid", _DECODE_PIDS), ("fault", _missing), ("inject", _missing),
        ("kvm", _kvm), ("namespace", _namespace), ("secontext", _secontext)):
    _QUALIFIERS.update(dict.fromkeys(_names.split(), _apply))


def _expression(state: _State, spelled: str, value: str) -> None:
    qualifier, equals, rest = value.partition("=")
    if equals and qualifier in _QUALIFIERS:
        _QUALIFIERS[qualifier](state, f"{spelled} {qualifier}", rest)
    else:
        _QUALIFIERS["trace"](state, spelled, value)


class _Option:
    """One option: its spellings, whether it takes a value, what it does, and its line of help.

    *metavar*: empty for an option that takes no value. *default*: None if the value must be given; else the
    value that ``--option`` without "=" stands for, and a short spelling never takes one.
    """

    __slots__ = ("apply", "default", "help", "longs", "metavar", "short")

    def __init__(self, spellings: str, apply: Apply, metavar: str = "", default: Optional[str] = None,
                 help: str = "") -> None:
        words = spellings.split()
        self.short = words.pop(0) if not words[0].startswith("--") else ""
        self.longs = words
        self.apply = apply
        self.metavar = metavar
        self.default = default
        self.help = help

    @property
    def nargs(self) -> Union[None, int, str]:
        """How argparse says it."""
        return 0 if not self.metavar else None if self.default is None else "?"

    def flags(self) -> List[str]:
        return [self.short, *self.longs] if self.short else self.longs


#: In the order in which strace lists the possibilities for an ambiguous abbreviation.
_OPTIONS = (
    _Option("-a --columns", _number("columns", 0, _INT_MAX), "COLUMN",
            help="align results at column COLUMN (default 40)"),
    _Option("-A --output-append-mode", _on("append"), help="append to the file of -o"),
    _Option("-b --detach-on", _detach_on, "execve", help="detach from a process that calls execve"),
    _Option("-c --summary-only", _summary("only"), help="count calls, errors and time; print nothing else"),
    _Option("-C --summary", _summary("both"), help="like -c, but print the calls too"),
    _Option("-d --debug", _on("debug"), help="print what the tracer does to stderr"),
    _Option("-D", _nothing),
    _Option("--daemonize --daemonised --daemonized", _daemonize, "HOW", "grandchild"),
    _Option("-e", _expression, "[NAME=]SET", help="an option by its name: trace (if there is no NAME),"
            " trace-fds, signal, status, abbrev, verbose, raw, read, write, quiet, decode-fds, decode-pids"),
    _Option("-E --env", _environment, "VAR[=VAL]", help="set VAR for the command, or remove it"),
    _Option("-f", _nothing, help="trace the children, too; -ff: each into a file of its own, FILE.PID"),
    _Option("-F", _nothing),
    _Option("--follow-forks", _on("follow_forks"), help="the same as -f"),
    _Option("--output-separately", _on("output_separately"), help="append the process id to the name of -o"),
    _Option("-h --help", _help, help="print this"),
    _Option("-i --instruction-pointer", _on("instruction_pointer"), help="print where the call was made"),
    _Option("-I --interruptible", _interruptible, "WHEN",
            help="block fatal signals: 1 anywhere, 2 waiting, 3 never, 4 never_tstp may they interrupt"),
    _Option("--kill-on-exit", _on("kill_on_exit"), help="kill the tracees if the tracer dies"),
    _Option("-k --stack-trace --stack-traces", _stack_trace, "HOW", "symbol"),
    _Option("--stack-trace-frame-limit", _number("stack_trace_limit", 1, _SIZE_MAX), "LIMIT"),
    _Option("--syscall-limit", _number("syscall_limit", 1, _LONG_MAX), "LIMIT",
            help="detach after LIMIT system calls"),
    _Option("-n --syscall-number", _on("syscall_number"), help="print the numbers of the calls"),
    _Option("-N --arg-names", _on("arg_names"), help="print the names of the arguments"),
    _Option("-o --output", _keep("output"), "FILE", help="write to FILE, or to a command: '|COMMAND'"),
    _Option("-O --summary-syscall-overhead", _overhead, "OVERHEAD",
            help="subtract this from each call's time: a number and s, ms, us (default) or ns"),
    _Option("-p --attach", _attach, "PID", help="trace a running process, or several: PID,PID"),
    _Option("-P --trace-path", _trace_path, "PATH", help="trace only what accesses PATH; may be repeated"),
    _Option("-q", _nothing, help="--quiet=attach,personality; -qq: exit, too; -qqq: all"),
    _Option("-r --relative-timestamps", _one_of("relative_time", _PRECISIONS), "PRECISION", "us",
            help="print the time since the last call; PRECISION: s, ms, us, ns"),
    _Option("-s --string-limit", _number("string_limit", 0, _SIZE_MAX), "SIZE",
            help="print at most SIZE bytes of a string (default 32)"),
    _Option("-S --summary-sort-by", _sort_by, "COLUMN", help="sort the summary (default time)"),
    _Option("--absolute-timestamps --timestamps", _timestamps, "FORMAT,PRECISION", "time",
            help="print the time of each call; FORMAT: none, time, unix; PRECISION: s, ms, us, ns"),
    _Option("-t", _nothing, help="--absolute-timestamps=time; -tt: time,us; -ttt: unix,us"),
    _Option("-T --syscall-times", _one_of("syscall_times", _PRECISIONS), "PRECISION", "us",
            help="print how long each call took; PRECISION: s, ms, us, ns"),
    _Option("-u --user", _keep("user"), "USER", help="run the command as USER, a name or UID:GID"),
    _Option("-U --summary-columns", _columns, "COLUMNS", help="the columns of the summary"),
    _Option("-v --no-abbrev", _with(_QUALIFIERS["abbrev"], "none"),
            help="print all members of structures: --abbrev=none"),
    _Option("-V --version", _nothing, help="print the version"),
    _Option("-w --summary-wall-clock", _on("summary_wall_clock"), help="summarise wall clock time"),
    _Option("-x", _nothing, help="--strings-in-hex=non-ascii; -xx: all"),
    _Option("--strings-in-hex",
            _one_of("strings_in_hex", _named("none", "non-ascii-chars", "non-ascii", "all")), "WHICH", "all",
            help="WHICH: none, non-ascii-chars, non-ascii, all"),
    _Option("-X --const-print-style",
            _one_of("const_style", _named("raw", "abbrev", "verbose"), any_case=False), "STYLE",
            help="print constants as: raw, abbrev (default), verbose"),
    _Option("-y", _nothing, help="--decode-fds=path; -yy: all"),
    _Option("-Y", _with(_DECODE_PIDS, "comm"),
            help="print the command names of process ids: --decode-pids=comm"),
    _Option("--pidns-translation", _with(_DECODE_PIDS, "pidns"), help="--decode-pids=pidns"),
    _Option("-z --successful-only", _with(_STATUS, "successful"),
            help="print only calls that succeed: --status=successful"),
    _Option("-Z --failed-only --failing-only", _with(_STATUS, "failed"),
            help="print only calls that fail: --status=failed"),
    _Option("--seccomp-bpf", _seccomp, "WHEN", "on",
            help="let untraced calls run at full speed; WHEN: auto (default), on, off"),
    _Option("--engine", _engine, "ENGINE",
            help="how calls are picked: auto (default), syscall (every call stops), seccomp (only those of -e"
            " trace, in new commands: --seccomp-bpf), tracepoint (only those of -e trace and -Z, in running"
            " processes, too; needs tracefs, CAP_PERFMON and Linux 5.13. A call shows when it has returned, with"
            " its arguments as it left them and no duration; rt_sigreturn, calls of an ABI that is not the"
            " program's and calls made while SIGTRAP is blocked are not seen, the last are counted; the tracer"
            " must not be killed by SIGKILL)"),
    _Option("--spin", _number("spin", 0, _INT_MAX), "TIMES",
            help="how often to ask whether a process has stopped before sleeping until one has; 0: never. By default,"
            " while a core is idle and one busy process is traced, as long as it pays"),
    _Option("--dump-bpf", _dump_bpf, "FORMAT", "text",
            help="print the seccomp filter for -e trace and run nothing; FORMAT: text or json"),
    _Option("--tips", _tips, "TIP", ""),
    _Option("--argv0", _keep("argv0"), "NAME", help="the command's argv[0]"),
    _Option("--always-show-pid", _on("always_show_pid"), help="print the first process's id, too"),
    _Option("--color", _one_of("color", _named("auto", "always", "never")), "WHEN",
            help="colour: auto (default), always, never"),
    _Option("--trace", _QUALIFIERS["trace"], "SET",
            help="trace only these: names, numbers, %class, /regex; ?X: X may be unknown; X@64, X@32, X@x32;"
            " X[fd==1 && count>=4096]: by arguments"),
    _Option("--trace-fds", _TRACE_FDS, "SET", help="trace only calls on these descriptors"),
    _Option("--abbrev", _QUALIFIERS["abbrev"], "SET", help="shorten these calls' structures (default all)"),
    _Option("--verbose", _QUALIFIERS["verbose"], "SET", help="read these calls' structures (default all)"),
    _Option("--raw", _QUALIFIERS["raw"], "SET", help="print the arguments of these calls as numbers"),
    _Option("--signals", _SIGNALS, "SET", help="print only these signals"),
    _Option("--status", _STATUS, "SET",
            help="print only calls that ended so: successful, failed, unfinished, unavailable, detached"),
    _Option("--read", _READ, "SET", help="dump what is read from these descriptors"),
    _Option("--write", _WRITE, "SET", help="dump what is written to these descriptors"),
    _Option("--fault", _missing, "EXPR"),
    _Option("--inject", _missing, "EXPR"),
    _Option("--kvm", _kvm, "WHAT"),
    _Option("--namespace", _namespace, "WHAT", "new"),
    _Option("--quiet --silent --silence", _QUIET, "SET", _QUIET_ONCE,
            help="leave out: attach, exit, path-resolution, personality, thread-execve"),
    _Option("--decode-fds", _DECODE_FDS, "SET", "path",
            help="print what descriptors are: path, socket, dev, eventfd, pidfd, signalfd"),
    _Option("--decode-pids", _DECODE_PIDS, "SET", help="print what process ids are: comm, pidns"),
    _Option("--secontext", _secontext, "HOW", ""),
    _Option("--format", _format, "FORMAT", help=f"print as {' or '.join(FORMATS)}"),
)

_BY_LETTER = {option.short[1]: option for option in _OPTIONS if option.short}
_BY_NAME = {name[2:]: option for option in _OPTIONS for name in option.longs}
#: Not strace's: have to be spelled in full, so that strace's abbreviations keep their meanings.
_OURS = ("format", "dump-bpf", "engine", "spin")


def _parser(used: List[_Option], state: _State) -> argparse.ArgumentParser:
    """An argparse parser for the options *used*, which applies each to *state* as it comes."""
    import argparse

    class Apply(argparse.Action):
        def __call__(self, parser: argparse.ArgumentParser, namespace: argparse.Namespace,
                     values: Union[str, Sequence[Any], None], option_string: Optional[str] = None) -> None:
            spelled = option_string or ""
            state.times[spelled] = state.times.get(spelled, 0) + 1
            # _split puts a "=" before each value; what comes without a value is no string.
            option: _Option = self.const
            value = values[1:] if isinstance(values, str) else option.default or ""
            option.apply(state, spelled, value)

    parser = argparse.ArgumentParser(
        prog=_PROGRAM, add_help=False, allow_abbrev=False, argument_default=argparse.SUPPRESS,
        # With a width at hand argparse does not import shutil to ask for the terminal's.
        formatter_class=lambda prog: argparse.HelpFormatter(prog, width=80))
    for option in used:
        parser.add_argument(*option.flags(), action=Apply, nargs=option.nargs, const=option)
    return parser


class _Misread(Exception):
    """What getopt_long() would complain of."""


def _find(word: str) -> Tuple[str, _Option]:
    """The name in full, and the option, for *word*: an option without its "--", perhaps abbreviated."""
    start = word.partition("=")[0]
    if start in _BY_NAME:
        return start, _BY_NAME[start]
    found = [known for known in _BY_NAME.items() if known[0].startswith(start) and known[0] not in _OURS]
    if not found:
        raise _Misread(f"unrecognized option '--{word}'")
    first = found[0]
    others = [name for name, option in found if option is not first[1]]
    if others:
        names = " ".join([f"'--{name}'" for name in (first[0], *others)])
        raise _Misread(f"option '--{word}' is ambiguous; possibilities: {names}")
    return first


def _split(argv: Sequence[str]) -> Tuple[List[str], List[_Option], Union[str, List[str]]]:
    """Takes *argv* apart as getopt_long() does with "+".

    Returns the options as words of the form --name, --name==VALUE, -x or -x==VALUE; the options that occur;
    and the command, or the error that ended the reading. The second "=" keeps argparse from taking an
    empty value for none, and "--" for the end of the options.
    """
    words: List[str] = []
    used: Dict[_Option, None] = {}
    rest = list(argv)
    try:
        while rest and rest[0].startswith("-") and rest[0] != "-":
            word = rest.pop(0)
            if word == "--":
                break
            if word.startswith("--"):
                name, option = _find(word[2:])
                _, equals, value = word.partition("=")
                if equals and not option.metavar:
                    raise _Misread(f"option '--{name}' doesn't allow an argument")
                if not equals and option.nargs is None:
                    if not rest:
                        raise _Misread(f"option '--{name}' requires an argument")
                    equals, value = "=", rest.pop(0)
                words.append(f"--{name}=={value}" if equals else f"--{name}")
                used[option] = None
                continue
            for position, letter in enumerate(word[1:], 2):
                if letter not in _BY_LETTER:
                    raise _Misread(f"invalid option -- '{letter}'")
                option = _BY_LETTER[letter]
                used[option] = None
                if option.nargs is not None:
                    words.append(f"-{letter}")
                    continue
                if position == len(word) and not rest:
                    raise _Misread(f"option requires an argument -- '{letter}'")
                words.append(f"-{letter}=={word[position:] or rest.pop(0)}")
                break
    except _Misread as error:
        return words, list(used), str(error)
    return words, list(used), rest


def _finish(state: _State, command: Tuple[str, ...]) -> Options:
    """Checks the options against each other, as strace does and in its order, and makes the Options."""
    given, fields = state.given, state.fields
    if given("-V", "--version"):
        from . import __version__
        sys.stdout.write(f"{_PROGRAM} -- version {__version__}, prints what strace 7.2 prints\n")
        raise SystemExit(0)
    if "dump_bpf" in fields and fields.get("trace", ALL) is ALL:
        _die("there is no filter to dump: every system call is traced; see -e trace", hint=True)
    if not command and not fields.get("attach") and "dump_bpf" not in fields:
        _die("must have PROG [ARGS] or -p PID", hint=True)
    if not command and "argv0" in fields:
        _die("PROG [ARGS] must be specified with --argv0", hint=True)
    _merge_counted(state, command)
    _check_engine(state)
    _check_seccomp(state)
    if given("-F"):
        if fields.get("follow_forks"):
            _say("deprecated option -F ignored")
        else:
            _say("option -F is deprecated, please use -f/--follow-forks instead")
            fields["follow_forks"] = True
    _check_summary(state)
    if "output" not in fields:
        if given("--output-separately") and not fields.get("follow_forks"):
            _say("--output-separately has no effect without -o/--output")
        if "append" in fields:
            _say("-A/--output-append-mode has no effect without -o/--output")
    if given("-z", "--successful-only", "-Z", "--failed-only", "--failing-only") > 1:
        _say("Only the last of -z/--successful-only/-Z/--failed-only options will take effect."
             " See status qualifier for more complex filters.")
    _resolve_paths(state)
    if "stack_trace_limit" in fields and "stack_trace" not in fields:
        _say("--stack-trace-frame-limit has no effect without -k/--stack-trace")
    if "user" in fields:
        fields["user"] = _checked_user(fields["user"])
    if fields.get("seccomp_bpf") == "on":
        if not command:
            fields["seccomp_bpf"] = "off"
        elif fields.get("trace", ALL) is ALL:
            _say("Seccomp filter is requested but there are no syscalls to filter."
                 "  See -e trace to filter syscalls.")
            fields["seccomp_bpf"] = "off"
        elif "attach" not in fields and fields.get("follow_forks"):
            fields["kill_on_exit"] = True
    if given("--kill-on-exit") and fields.get("attach"):
        _die("--kill-on-exit and -p/--attach are mutually exclusive options")
    if fields.get("output_separately") and fields.get("output", "").startswith(("|", "!")):
        _die("piping the output and -ff/--output-separately are mutually exclusive", hint=True)
    _merge_quiet(state, command)
    if state.unsupported:
        _die_of(state.unsupported[0])
    return Options(command=command, **fields)


def _merge_counted(state: _State, command: Tuple[str, ...]) -> None:
    """The options whose meaning depends on how often they are given."""
    given, fields = state.given, state.fields
    daemonize = given("-D")
    if daemonize and "daemonize" in fields:
        _die("-D and --daemonize cannot be provided simultaneously")
    if not command and (daemonize or "daemonize" in fields):
        _die("PROG [ARGS] must be specified with -D/--daemonize", hint=True)
    if daemonize > 3:
        _die(f"Too many -D's ({daemonize}), maximum supported -D count is 3", hint=True)
    if daemonize:
        fields["daemonize"] = daemonize
        state.unsupported.append("-D")
    times = given("-t")
    if times:
        if "absolute_time" in fields:
            _die("-t and --absolute-timestamps cannot be provided simultaneously")
        fields["absolute_time"] = "time" if times < 3 else "unix"
        fields["absolute_precision"] = 0 if times == 1 else 6
    if given("-x"):
        if "strings_in_hex" in fields:
            _die("-x and --strings-in-hex cannot be provided simultaneously")
        fields["strings_in_hex"] = "non-ascii" if given("-x") == 1 else "all"
    if given("-y"):
        if "decode_fds" in fields:
            _die("-y and --decode-fds cannot be provided simultaneously")
        _DECODE_FDS(state, "-y", "path" if given("-y") == 1 else "all")
    if given("-f"):
        if "follow_forks" in fields:
            _die("-f and --follow-forks cannot be provided simultaneously")
        fields["follow_forks"] = True
    if given("-f") > 1:
        if "output_separately" in fields:
            _die("-ff and --output-separately cannot be provided simultaneously")
        fields["output_separately"] = True


def _merge_quiet(state: _State, command: Tuple[str, ...]) -> None:
    """-q, and what strace leaves out by itself when it writes a command's trace to a file."""
    level = state.given("-q")
    if level and "quiet" in state.fields:
        _die("-q and -e quiet/--quiet cannot be provided simultaneously")
    if level or (command and "output" in state.fields and "quiet" not in state.fields):
        _QUIET(state, "-q", "all" if level > 2 else "attach,personality,exit" if level == 2 else _QUIET_ONCE)


def _check_engine(state: _State) -> None:
    """--engine: what it means for the options that belong to one engine."""
    fields = state.fields
    engine = fields.get("engine", "auto")
    if engine == "seccomp":
        fields["seccomp_bpf"] = "on"
    elif engine != "auto":
        if fields.get("seccomp_bpf") == "on":
            _say(f"--seccomp-bpf is not enabled because it is not compatible with --engine={engine}")
        fields["seccomp_bpf"] = "off"
    if engine == "tracepoint":
        for field, name in (("syscall_times", "-T/--syscall-times"), ("summary_wall_clock", "-w/--summary-wall-clock")):
            if fields.pop(field, None) is not None:
                _say(f"{name} has no effect with --engine=tracepoint")


def _check_seccomp(state: _State) -> None:
    fields = state.fields
    if fields.get("seccomp_bpf") != "on":
        return
    if "detach_on_execve" in fields:
        _say("--seccomp-bpf is not enabled because it is not compatible with -b")
    elif "syscall_limit" in fields:
        _say("--seccomp-bpf is not enabled because it is not compatible with --syscall-limit")
    else:
        if fields.get("attach"):
            _say("--seccomp-bpf is not enabled for processes attached with -p")
        return
    fields["seccomp_bpf"] = "off"


def _check_summary(state: _State) -> None:
    fields = state.fields
    if "summary" not in fields:
        if "summary_wall_clock" in fields:
            _die("-w/--summary-wall-clock must be given with (-c/--summary-only or -C/--summary)", hint=True)
        if "summary_columns" in fields:
            _die("-U/--summary-columns must be given with (-c/--summary-only or -C/--summary)", hint=True)
        if "summary_sort" in fields:
            _say("-S/--summary-sort-by has no effect without (-c/--summary-only or -C/--summary)")
        return
    if fields.get("output_separately"):
        _die("(-c/--summary-only or -C/--summary) and -ff/--output-separately are mutually exclusive",
             hint=True)
    if fields["summary"] == "both":
        return
    for useless, name in (
            ("instruction_pointer" in fields, "-i/--instruction-pointer"),
            ("stack_trace" in fields, "-k/--stack-trace"),
            ("syscall_number" in fields, "-n/--syscall-number"),
            ("arg_names" in fields, "-N/--arg-names"),
            ("relative_time" in fields, "-r/--relative-timestamps"),
            (fields.get("absolute_time", "none") != "none", "-t/--absolute-timestamps"),
            ("syscall_times" in fields, "-T/--syscall-times"),
            (fields.get("decode_fds"), "-y/--decode-fds")):
        if useless:
            _say(f"{name} has no effect with -c/--summary-only")


def _resolve_paths(state: _State) -> None:
    """-P selects a path as it is written and as the kernel resolves it."""
    paths: List[str] = []
    for path in state.fields.get("trace_paths", ()):
        paths.append(path)
        if not os.path.exists(path):
            continue
        real = os.path.realpath(path)
        if real == path:
            continue
        paths.append(real)
        if "path-resolution" not in state.fields.get("quiet", ()):
            from .output.render import ESCAPES
            escape = ESCAPES[state.fields.get("strings_in_hex", "none")]
            _say(f'Requested path "{escape(os.fsencode(path))}" resolved into "{escape(os.fsencode(real))}"')
    if paths:
        state.fields["trace_paths"] = tuple(paths)


def _checked_user(user: str) -> str:
    """*user* as a name that exists, or as UID:GID."""
    if os.getuid() != 0:
        _die("You must be root to use the -u/--username option")
    if ":" in user:
        ids = [_integer(word) for word in user.split(":")[:2]]
        if not all(number is not None and number <= _ID_MAX for number in ids):
            _die(f"Invalid UID:GID pair '{user}'")
        return f"{ids[0]}:{ids[1]}"
    import pwd
    try:
        pwd.getpwnam(user)
    except KeyError:
        _die(f"Cannot find user '{user}'")
    return user


def _usage() -> str:
    lines = [f"usage: {_PROGRAM} [OPTIONS] PROG [ARGS]",
             f"       {_PROGRAM} [OPTIONS] -p PID",
             "",
             "Traces system calls and signals; options and output are those of strace 7.2. A SET is",
             "[!]all, [!]none or [!]VALUE,VALUE...",
             ""]
    for option in sorted(_OPTIONS, key=_help_key):
        if not option.help:
            continue
        short, value = option.short, option.metavar
        if short and option.nargs is None:
            short = f"{short} {value}"
        if option.default is not None:
            value = f"[={value}]"
        elif value:
            value = f"={value}"
        longs = [f"{name}{value}" for name in option.longs[:1]]
        lines.append("  " + ", ".join([short, *longs] if short else longs))
        words = option.help.split()
        line = " " * 14
        for word in words:
            if len(line) + len(word) > 98:
                lines.append(line)
                line = " " * 14
            line += " " + word
        lines.append(line)
    return "\n".join(lines) + "\n"


def _help_key(option: _Option) -> Tuple[str, str]:
    word = (option.short or option.longs[0]).lstrip("-")
    return word.lower(), word
