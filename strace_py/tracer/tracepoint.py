"""The tracepoint engine: one stop a call, when it returns, and none for the calls that nobody wants to see.

Every tracee gets an event (kernel/perf.py) on the tracepoint ``raw_syscalls:sys_exit``, with a filter on the
number and the result of the call. Where it matches, the tracee takes a SIGTRAP on its way out of the kernel:
a signal-delivery-stop in which the registers hold the number, the arguments and the result. The signal is
never delivered. PTRACE_CONT runs to the next match, so a tracee's other calls cost it only the filter, and a
process can be attached and let go at will.

What this can't show, by its nature, is listed in the README. What it misses it counts: an event knows how
often it matched, whether a signal came of it or not.
"""
from __future__ import annotations

import errno
import os
import signal

from ..arch.abi import X32_SYSCALL_BIT, key
from ..kernel import perf
from ..kernel import ptrace as pt
from ..kernel.status import WAIT_OPTIONS
from ..options import ALL
from ..output.whole import Whole
from .registers import MAX_ERRNO
from .start import StartError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Dict, List, Optional, Sequence, Tuple

    from ..arch.abi import Abi
    from ..options import SyscallSet
    from .tracee import Tracee
    from .tracer import Tracer

_TRACEPOINT = "raw_syscalls/sys_exit"
#: Tells our events' signals from those of a tracee's own events.
_COOKIE = int.from_bytes(b"strace", "big") << 16
_SIGTRAP_BIT = 1 << signal.SIGTRAP - 1
#: Numbers from here on are either all wanted or all not.
_TOP = 1024
_MOST_NUMBERS = 1 << 31
#: ERESTARTSYS to ERESTART_RESTARTBLOCK: what an interrupted call returns inside the kernel.
_FIRST_RESTART, _LAST_RESTART = 512, 516
#: How many descriptors are for other things than events.
_SPARE_FILES = 128

#: What a filter says of results, by whether successful and failed calls are wanted.
_RESULTS = {
    (True, True): "",
    (True, False): f"(ret>=0||ret<-{MAX_ERRNO})",
    (False, True): f"ret<0&&ret>=-{MAX_ERRNO}",
}


def picks(wanted: SyscallSet, abi: Abi, nr: int) -> bool:
    """Whether *wanted* has number *nr* of *abi* or one of the calls that it may stand for."""
    return (abi.name, nr) in wanted or any((abi.name, key(nr, call)) in wanted for call in abi.multiplexers.get(nr, ()))


def spans(wanted: SyscallSet, abis: Sequence[Abi]) -> List[Tuple[int, int]]:
    """The numbers of the calls *wanted* of all *abis*, as ranges ``(first, last)`` in ascending order."""
    numbers = set()
    beyond = []
    for abi in abis:
        top = max(_TOP, max(abi.names) + 1)
        numbers.update([nr | abi.nr_bit for nr in range(top) if picks(wanted, abi, nr)])
        if (abi.name, top) in wanted:
            # The other ABI's bit is above all numbers of this one.
            above = [other.nr_bit for other in abis if other.nr_bit > abi.nr_bit]
            beyond.append((top | abi.nr_bit, min(above, default=_MOST_NUMBERS) - 1))
    found: List[Tuple[int, int]] = []
    for first, last in sorted([(number, number) for number in numbers] + beyond):
        if found and found[-1][1] >= first - 1:
            found[-1] = found[-1][0], max(last, found[-1][1])
        else:
            found.append((first, last))
    return found


def condition(ranges: Sequence[Tuple[int, int]]) -> str:
    """A filter that holds for numbers in *ranges*, and where that would be too long for the kernel for some
    more: the caller has to look again. The numbers are tested as a tree, so that long filters cost little."""
    ranges = list(ranges)
    while True:
        for leaf in (4, 8, 16):
            text = _tree(ranges, leaf)
            if len(text) <= perf.LONGEST_FILTER - 64:  # the result has to be tested, too
                return text
        gaps = [after[0] - before[1] for before, after in zip(ranges, ranges[1:])]
        place = gaps.index(min(gaps))
        ranges[place:place + 2] = [(ranges[place][0], ranges[place + 1][1])]


def _tree(ranges: Sequence[Tuple[int, int]], leaf: int) -> str:
    if len(ranges) <= leaf:
        return "||".join([f"id=={first}" if first == last else f"(id>={first}&&id<={last})"
                          for first, last in ranges])
    middle = len(ranges) // 2
    pivot = ranges[middle][0]
    return f"(id<{pivot}&&({_tree(ranges[:middle], leaf)}))||(id>={pivot}&&({_tree(ranges[middle:], leaf)}))"


class _Unavailable(Exception):
    """The engine can't be had; the text goes on after its name."""


class _Event:
    """A tracee's event: *fd*, how many of its matches are accounted for (*seen*), and whether the next will
    be the return of the execve that has been shown already (*executed*)."""

    __slots__ = ("fd", "seen", "executed")

    def __init__(self, fd: int) -> None:
        self.fd = fd
        self.seen = 0
        self.executed = False


class Tracepoint:
    """The engine's side of a Tracer."""

    def __init__(self, tracer: Tracer) -> None:
        """Raises StartError, with one line for the user, where the engine can't be had."""
        options = tracer.options
        self._tracer = tracer
        self._events: Dict[int, _Event] = {}
        self._conditions: Dict[int, Optional[str]] = {}
        self._lost = 0
        # Raised when that many are near: by then the command has got the limit as it was.
        self._most_files = os.sysconf("SC_OPEN_MAX")
        status = options.status
        self._results = _RESULTS.get(("successful" in status, "failed" in status))
        self._by_arch = {abi.audit_arch: abi for abi in tracer.abis if not abi.nr_bit}
        try:
            self._id, self._first = self._prepare()
        except _Unavailable as reason:
            instead = "seccomp" if options.command and not options.attach else "syscall"
            raise StartError(f"--engine=tracepoint {reason}: use --engine={instead}") from None
        tracer.output = Whole(tracer.output)

    def _prepare(self) -> Tuple[int, int]:
        """The tracepoint's id, and a first event, to find out whether there can be any. It stays until
        another one is open: the kernel takes tens of milliseconds to close a tracepoint's last event."""
        if self._tracer.abi.name != "x86_64":
            # Elsewhere the result overwrites the first argument, which only a syscall-enter-stop would tell.
            raise _Unavailable("works on x86-64 only")
        try:
            directory = perf.tracefs()
        except FileNotFoundError:
            raise _Unavailable("needs tracefs, and it is not mounted"
                               " (as root: mount -t tracefs tracefs /sys/kernel/tracing)") from None
        except OSError as reason:
            raise _Unavailable(f"needs to read tracefs: {reason.filename}: {reason.strerror}") from None
        try:
            number = perf.tracepoint(directory, _TRACEPOINT)
        except OSError as reason:
            raise _Unavailable(f"needs to read {reason.filename}: {reason.strerror}") from None
        try:
            return number, perf.open_sigtrap(0, number, _COOKIE, "id==-2")
        except PermissionError:
            raise _Unavailable("needs CAP_PERFMON") from None
        except OSError as reason:
            if reason.errno in (errno.EINVAL, errno.E2BIG):
                raise _Unavailable("needs Linux 5.13") from None
            raise _Unavailable(f"needs perf_event_open(2): {reason.strerror}") from None

    # Events

    def _condition(self, tid: int) -> Optional[str]:
        """The filter for the program that *tid* runs; None when no call of it is wanted."""
        options = self._tracer.options
        if self._results is None:
            return None
        machine = 0 if options.trace is ALL else _machine(tid)
        if machine not in self._conditions:
            if options.trace is ALL:
                self._conditions[machine] = self._results
            else:
                # An event can't tell in which ABI a number is meant. A program makes the calls of its own
                # ABI, unless only those of another one are wanted.
                abis = self._tracer.abis
                own = [abi for abi in abis if abi.audit_arch & 0xffff == machine] or list(abis)
                ranges = spans(options.trace, own) or spans(options.trace, abis)
                numbers = f"({condition(ranges)})" if ranges else ""
                both = [test for test in (self._results, numbers) if test]
                self._conditions[machine] = "&&".join(both) if ranges else None
        return self._conditions[machine]

    def watch(self, tracee: Tracee) -> None:
        """Open the event of a thread that has none."""
        tid = tracee.tid
        if tid in self._events:
            return
        wanted = self._condition(tid)
        if wanted is None:
            return
        try:
            fd = perf.open_sigtrap(tid, self._id, _COOKIE, wanted)
        except ProcessLookupError:
            return  # killed meanwhile: waitpid will say so
        except OSError as reason:
            self._tracer.output.notice(f"Process {tid}: no system calls will be seen: perf_event_open:"
                                       f" {reason.strerror}")
            return
        self._events[tid] = _Event(fd)
        if fd >= self._most_files - _SPARE_FILES:
            self._most_files = _more_files()
        if self._first >= 0:
            os.close(self._first)
            self._first = -1

    def forget(self, tid: int) -> None:
        """Thread *tid* is gone."""
        self._close(self._events.pop(tid, None))

    def _close(self, event: Optional[_Event]) -> None:
        if event is not None:
            self._account(event)
            os.close(event.fd)

    def _account(self, event: _Event) -> None:
        """Take note of the matches of which no signal told."""
        matches = perf.count(event.fd)
        if not event.executed:
            self._lost += matches - event.seen
        elif matches > event.seen:
            self._lost += matches - event.seen - 1
            event.executed = False
        event.seen = matches

    # Stops

    def stopped(self, tracee: Tracee) -> bool:
        """A signal-delivery-stop of SIGTRAP. Whether it was ours; then the tracee has been resumed."""
        flags = self._flags(tracee)
        if flags < 0:
            return False
        self._take(tracee, flags)
        self._tracer.resume(tracee)
        return True

    def _flags(self, tracee: Tracee) -> int:
        try:
            return perf.sigtrap(pt.get_siginfo(tracee.tid), _COOKIE)
        except OSError:
            return -1

    def _take(self, tracee: Tracee, flags: int) -> None:
        """Show the call that the tracee is returning from."""
        event = self._events.get(tracee.tid)
        if event is None:
            return
        late = flags & perf.TRAP_PERF_FLAG_ASYNC
        if event.executed and not late:
            event.executed = False
            event.seen += 1
            return
        found = self._registers(tracee)
        if found is None:
            return
        abi, nr, args, ip, sp, result = found
        if late:
            # SIGTRAP has just been unblocked. The call that did it may itself be wanted, and is all there;
            # of those before it, nothing is known but their number.
            self._account(event)
            if nr < 0 or not self._matches(abi, nr, result):
                return
            self._lost -= 1
        else:
            event.seen += 1
            if nr < 0:
                return  # rt_sigreturn(2) has replaced the registers
        self._tracer.show(tracee, abi, nr, args, ip, sp, result)

    def _registers(self, tracee: Tracee) -> Optional[Tuple[Abi, int, Tuple[int, ...], int, int, int]]:
        """The ABI, number (-1: not from a system call), arguments, ip, sp and result in a stop."""
        try:
            registers = pt.get_registers(tracee.tid)
            info = pt.get_syscall_info(tracee.tid)
        except OSError:
            return None
        if info is None:
            return None
        abi = self._by_arch.get(info[1], self._tracer.abi)
        nr, args, ip, sp = abi.fetch(registers)
        if nr >= _MOST_NUMBERS:
            nr = -1
        elif nr >= X32_SYSCALL_BIT:
            abi = next((x32 for x32 in self._tracer.abis if x32.nr_bit and x32.audit_arch == info[1]), abi)
        return abi, nr, args, ip, sp, abi.result(registers)

    def _matches(self, abi: Abi, nr: int, result: int) -> bool:
        """What the filter says, in Python."""
        status = "failed" if -MAX_ERRNO <= result < 0 else "successful"
        return status in self._tracer.options.status and picks(self._tracer.options.trace, abi, nr & ~abi.nr_bit)

    def executed(self, tracee: Tracee) -> None:
        """PTRACE_EVENT_EXEC: show the call, and watch the new program. The arguments are gone with the old
        program; the new one's stack has what became of them."""
        tid = tracee.tid
        former = self._events.pop(tid, None)  # execve has removed it
        self.watch(tracee)
        self._close(former)
        event = self._events.get(tid)
        found = self._registers(tracee)
        if found is None:
            return
        abi, nr, _, ip, sp, _ = found  # nr: execve(2), whatever was called, in the ABI of the new program
        if event is not None:
            event.executed = self._matches(abi, nr, 0)
        before = tracee.abi
        tracee.abi = abi
        word = abi.word
        count = int.from_bytes(tracee.memory.upto(sp, word), "little")
        args = _file_name(tid, word), sp + word, sp + word * (count + 2), 0, 0, 0
        self._tracer.show(tracee, abi, nr, args, ip, sp, 0)
        if before is not abi:
            self._tracer.output.personality(tracee)

    def exiting(self, tracee: Tracee) -> None:
        """PTRACE_EVENT_EXIT: show the call that ends the thread, or in which it is killed."""
        event = self._events.get(tracee.tid)
        found = self._registers(tracee)
        if found is None or event is None or tracee.hidden:
            return
        abi, nr, args, ip, sp, _ = found
        missing = perf.count(event.fd) - event.seen
        if nr < 0:
            return
        tracer = self._tracer
        ends = tracer.signature(abi, nr).never_returns
        if not ends:
            # Killed: the kernel had it return, but not to the program. With SIGTRAP blocked nobody knows.
            try:
                if not missing or pt.get_mask(tracee.tid) & _SIGTRAP_BIT:
                    return
            except OSError:
                return
            event.seen += 1
        tracer.show(tracee, abi, nr, args, ip, sp, None)

    # The end

    def release(self, tracee: Tracee) -> None:
        """Before *tracee* is detached: end its event, and see to it that none of our signals is left for it,
        which would kill it. It is stopped then, if it still lives."""
        tid = tracee.tid
        try:
            try:
                pt.get_siginfo(tid)
            except OSError:
                pt.request(pt.PTRACE_INTERRUPT, tid)
                if not os.WIFSTOPPED(os.waitpid(tid, WAIT_OPTIONS)[1]):
                    return
            while True:
                info = pt.get_siginfo(tid)
                ours = perf.sigtrap(info, _COOKIE)
                waiting = [flags for flags in [perf.sigtrap(other, _COOKIE) for other in pt.pending(tid)]
                           if flags >= 0]
                if ours >= 0 or waiting:
                    self._last(tracee, ours if ours >= 0 else waiting[0])
                self.forget(tid)
                if ours < 0 and not waiting:
                    return
                number, _, code = (int.from_bytes(info[at:at + 4], "little", signed=True) for at in (0, 4, 8))
                if ours < 0 and _is_event(code):
                    # The signal waits, maybe because the thread blocks it: have it taken now.
                    mask = pt.get_mask(tid)
                    pt.set_mask(tid, mask & ~_SIGTRAP_BIT)
                    self._next_stop(tid, 0)
                    pt.set_mask(tid, mask)
                else:
                    pt.request(pt.PTRACE_INTERRUPT, tid)
                    self._next_stop(tid, 0 if ours >= 0 else number)
        except OSError:
            pass  # gone
        finally:
            self.forget(tid)

    def _last(self, tracee: Tracee, flags: int) -> None:
        """Show the call of a signal that nobody has taken yet."""
        event = self._events.get(tracee.tid)
        if event is None or flags & perf.TRAP_PERF_FLAG_ASYNC or perf.count(event.fd) == event.seen:
            return
        found = self._registers(tracee)
        limited = not self._tracer.unlimited and self._tracer.remaining <= 0
        if limited or found is None or -_LAST_RESTART <= found[5] <= -_FIRST_RESTART:
            # It goes on when we are gone: we have interrupted it.
            event.seen += 1
        else:
            self._take(tracee, flags)

    @staticmethod
    def _next_stop(tid: int, number: int) -> None:
        pt.request(pt.PTRACE_CONT, tid, number)
        os.waitpid(tid, WAIT_OPTIONS)

    def close(self) -> None:
        """End all events."""
        for tid in list(self._events):
            self.forget(tid)
        if self._first >= 0:
            os.close(self._first)
            self._first = -1

    def report(self) -> None:
        """End all events, and say how much was missed."""
        self.close()
        if self._lost > 0:
            calls = "system call was" if self._lost == 1 else "system calls were"
            self._tracer.output.notice(
                f"{self._lost} {calls} made while SIGTRAP was blocked and could not be seen")


def _is_event(code: int) -> bool:
    """Whether the si_code of a stop is that of a PTRACE_EVENT stop and no signal's."""
    return code > 0 and code & 0x7f == signal.SIGTRAP or code >> 8 == pt.PTRACE_EVENT_STOP


def _machine(tid: int) -> int:
    """The e_machine of the program that *tid* runs (the low half of an AUDIT_ARCH word); 0 if unknown."""
    try:
        with open(f"/proc/{tid}/exe", "rb") as file:
            return int.from_bytes(file.read(20)[18:], "little")
    except OSError:
        return 0


def _file_name(tid: int, word: int) -> int:
    """AT_EXECFN: the address of the file name that execve got; 0 if unknown."""
    try:
        with open(f"/proc/{tid}/auxv", "rb") as file:
            data = file.read()
    except OSError:
        return 0
    for at in range(0, len(data), 2 * word):
        if int.from_bytes(data[at:at + word], "little") == 31:
            return int.from_bytes(data[at + word:at + 2 * word], "little")
    return 0


def _more_files() -> int:
    """Every thread's event is a descriptor: ask for as many as we may have. Returns the number."""
    import resource
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard if hard > 0 else _MOST_NUMBERS
