"""The stop loop: from waitpid(2) to the next resumption, in the order of ptrace(2)'s stops.

One tracee goes through this, under the engine that stops at every system call:

    PTRACE_EVENT_STOP       it was attached (or its parent's fork attached it)
    syscall-enter-stop      arguments are in registers            ─┐ PTRACE_SYSCALL
    syscall-exit-stop       the result is in a register           ─┘ from each to the next
    signal-delivery-stop    a signal is about to be delivered: pass it on when resuming
    group-stop              SIGSTOP and its kind stopped the process: PTRACE_LISTEN, not resume
    PTRACE_EVENT_EXEC       inside execve, before its syscall-exit-stop
    exit                    waitpid says exited or killed

Under the seccomp engine a filter in the kernel picks the calls: PTRACE_CONT runs to the next seccomp-stop,
which stands in for the syscall-enter-stop, and PTRACE_SYSCALL from there to the syscall-exit-stop. Under the
tracepoint engine a call has one stop, a signal-delivery-stop when it returns (tracepoint.py).
"""
from __future__ import annotations

import gc
import os
import signal
import time

from .. import arch
from ..arch.abi import X32_SYSCALL_BIT
from ..call import Call
from ..kernel import ptrace as pt
from ..kernel.libc import resume
from ..kernel.status import FILTER_DATA, SECCOMP_STOP, STOPPING, SYSCALL_STOP, WAIT_OPTIONS
from ..syscalls import Table
from .detach import detach, kill
from .registers import MAX_ERRNO
from .silent import silent_stop
from .start import arrange_signals, current_environment, initial_environment, start
from .stops import Interrupted, Stops
from .tracee import Tracee

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Callable, Dict, Optional, Set, Tuple

    from ..arch.abi import Abi
    from ..kernel.condition import Test
    from ..options import Options
    from ..output.base import Output
    from ..syscalls.signature import Prepared
    from ..values import Value
    from .tracepoint import Tracepoint

#: So many stops may pass, under `Tracer.step`, before what they gave is written.
MANY = 256
PTRACE_SYSCALL = pt.PTRACE_SYSCALL
NONE, EXIT = pt.PTRACE_SYSCALL_INFO_NONE, pt.PTRACE_SYSCALL_INFO_EXIT
_BIRTHS = (pt.PTRACE_EVENT_FORK, pt.PTRACE_EVENT_VFORK, pt.PTRACE_EVENT_CLONE)


class Tracer:
    """Traces what *options* say and tells *output*. `run` does it all; `start` and `step` do it stop by
    stop, for programs that have other things to do."""

    # CPython 3.11 to 3.13 finds an attribute fast in an object that has at most 30, or slots: 5 % of a stop.
    __slots__ = ("options", "output", "abis", "abi", "_by_arch", "_x32", "_tables", "tracees", "count", "exit_status",
                 "command", "between", "_attach_notice", "_clock", "_date", "_decode", "_timing", "stops",
                 "_measures", "_system_now", "_conditions", "_matcher", "_info", "_siginfo", "_expected", "_early",
                 "_immediate", "_overlaps", "_unwritten", "tracepoint", "filtered", "lingers", "environment",
                 "replaced_signals", "unlimited", "remaining")

    def __init__(self, options: Options, output: Output) -> None:
        self.options = options
        self.output = output
        self.abis = arch.of_machine()
        self.abi = self.abis[0]
        self._by_arch = {abi.audit_arch: abi for abi in self.abis if not abi.nr_bit}
        self._x32 = next((abi for abi in self.abis if abi.nr_bit), None)
        self._tables = {abi: Table(abi, options) for abi in self.abis}
        self.tracees: Dict[int, Tracee] = {}
        #: How many of them the user asked for: whether lines need a pid.
        self.count = 0
        #: The wait status that `run` hands on: the command's.
        self.exit_status: Optional[int] = None
        self.command: Optional[int] = None
        # How a tracee is resumed when it is in no system call that anybody wants to see.
        self.between = pt.PTRACE_SYSCALL
        self._attach_notice = "attach" not in options.quiet
        self._clock = output.monotonic
        self._date = output.realtime
        self._decode = output.decodes
        self._timing = output.monotonic or output.realtime or output.system_time
        self.stops = Stops(self.tracees, options, output)
        self._measures = output.system_time
        self._system_now = 0
        self._conditions: Optional[Dict[Tuple[str, int], Test]] = None
        conditions = getattr(options.trace, "conditions", None)
        if conditions:
            from ..kernel.condition import test
            self._conditions = {key: test(condition) for key, condition in conditions.items()}
        self._matcher = None
        if options.trace_paths or options.trace_fds is not None:
            from .paths import Matcher
            self._matcher = Matcher(options)
        self._info = pt.get_syscall_info
        if not options.syscall_info or not pt.has_syscall_info():
            from .registers import Reader
            self._info = Reader(self).info
        self._siginfo: Optional[Callable[[Tracee, bytes], Value]] = None
        # Children that an event has announced and that have not stopped yet, and those that were faster.
        self._expected: Set[int] = set()
        self._early: Set[int] = set()
        # What the tracees themselves write to stderr has to come between the right lines.
        self._immediate = options.output is None and options.summary != "only"
        #: Whether a tracee goes on before its line is made, which happens meanwhile on another core: the line must not
        #: depend on anything that it may change.
        self._overlaps = not self._immediate and not options.decode_pids and options.syscall_limit is None
        #: How many stops `step` has seen since the output was written.
        self._unwritten = 0
        #: The engine that sees calls when they return, if it was asked for.
        self.tracepoint: Optional[Tracepoint] = None
        #: A seccomp filter picks the calls: tracees can't live without us.
        self.filtered = False
        #: Whoever runs the trace will call `linger` after it.
        self.lingers = False
        #: Where the command's environment comes from.
        self.environment = current_environment
        #: Dispositions that the trace changed in this process, by signal.
        self.replaced_signals: Dict[int, object] = {}
        self.unlimited = options.syscall_limit is None
        self.remaining = options.syscall_limit or 0

    # Life of the trace

    def run(self) -> int:
        """Trace until the last tracee is gone or a signal ends it, for a process that does nothing else;
        returns the wait status to hand on (0 for attached processes). Raises StartError when nothing could
        be started or attached."""
        arrange_signals(self)
        self.environment = initial_environment
        try:
            self.start()
            self.stops.keep_time()
            # What there is now stays: no collection need look at it again.
            gc.freeze()
            if self._alive():
                self._go_on()
        except Interrupted as reason:
            self.detach_all()
            if self.exit_status is None:
                self.exit_status = reason.number
        finally:
            self.stops.end()
            if self.tracepoint is not None:
                self.detach_all()  # if this is an error of ours: the next SIGTRAP would kill a tracee
                self.tracepoint.report()
            self.output.close()
        return self.exit_status or 0

    def start(self) -> None:
        """Attach to the processes and start the command that the options name."""
        start(self)

    def step(self) -> bool:
        """Wait for one stop and handle it. False when no tracee is left that the user asked for."""
        self._unwritten += 1
        if self._unwritten > MANY:
            self._unwritten = 0
            self.output.flush()
        return self._alive() and self._go_on(1)

    def _alive(self) -> bool:
        return bool(self.count or self._expected or self.stops)

    def _go_on(self, stops: int = 0) -> bool:
        """Wait for so many stops, or 0 for all there will be, and handle them. False when the last tracee is gone."""
        following, handle, measures = self.stops.next, self.handle, self._measures
        while True:
            try:
                stop = following()
            except ChildProcessError:
                # They went without a word: somebody else in this process has reaped them.
                for tracee in list(self.tracees.values()):
                    self._gone(tracee)
                return False
            if measures:
                self._system_now = stop[2]
            handle(stop[0], stop[1])
            stops -= 1
            if not self.count and not self._alive():
                return False
            if not stops:
                return True

    # Stops

    def handle(self, tid: int, status: int) -> None:
        """One change of state of thread *tid*, as waitpid(2) reported it."""
        tracee = self.tracees.get(tid)
        if tracee is None:
            tracee = self._unannounced(tid, status)
            if tracee is None:
                return
        if tracee.silent:
            silent_stop(self, tracee, status)
            return
        if status == SYSCALL_STOP or status == SECCOMP_STOP:
            if status == SECCOMP_STOP:
                if tracee.in_syscall and self.between == pt.PTRACE_SYSCALL:
                    from .own_filters import second_stop
                    second_stop(self, tracee)
                    return
                tracee.in_syscall = False  # an entry, whatever became of the call before
            info = self._info(tid)
            if info is None or info[0] == NONE:
                if info is None or not self._has_executed(tid):
                    self.resume(tracee)
            elif info[0] == EXIT:
                call = self._syscall_exit(tracee, info)
                if call is None:
                    self._compare_abi(tracee, info)
                    self.resume(tracee)
                elif self._overlaps:
                    resume(self.between, tid, 0, 0)
                    self.output.leave(call)
                    if self.filtered:
                        self._compare_abi(tracee, info)
                else:
                    self._left(call, info)
                    self.resume(tracee)
            else:
                call = self._syscall_enter(tracee, info)
                if status == SECCOMP_STOP and info[11] != FILTER_DATA:
                    from .own_filters import seccomp_stop
                    seccomp_stop(self, tracee, info[5:11], info[11])
                if call is None:
                    self.resume(tracee)
                elif self._overlaps:
                    if tracee.call is not None:
                        resume(PTRACE_SYSCALL, tid, 0, 0)
                        self.output.enter(call)
                    else:  # it never returns
                        resume(self.between, tid, 0, 0)
                        self._entered(call)
                else:
                    self._entered(call)
                    self.resume(tracee)
        elif status & 0xff == 0x7f:
            self._other_stop(tracee, status >> 8 & 0xff, status >> 16)
        else:
            self._ended(tracee, status)

    def _has_executed(self, tid: int) -> bool:
        """Whether the thread that had stopped is gone, and *tid* is one that execve has given its number, at its
        PTRACE_EVENT_EXEC: waitpid has not told of that yet."""
        try:
            code = int.from_bytes(pt.get_siginfo(tid)[8:12], "little")
        except OSError:
            return False
        return code >> 8 == pt.PTRACE_EVENT_EXEC

    def resume(self, tracee: Tracee, number: int = 0) -> None:
        """Let *tracee* run to its next stop, delivering signal *number*."""
        if self._immediate:
            self.output.flush()
        # It may have been killed meanwhile, and waitpid will say so: no error is looked at.
        resume(pt.PTRACE_SYSCALL if tracee.call is not None and tracee.in_syscall else self.between,
               tracee.tid, 0, number)

    def _syscall_enter(self, tracee: Tracee, info: Tuple[int, ...]) -> Optional[Call]:
        """A syscall-enter-stop; the call, if its line is to be begun."""
        nr = info[4]
        abi = tracee.abi
        if info[1] != abi.audit_arch or nr >= X32_SYSCALL_BIT or abi.nr_bit:
            abi = self._by_arch.get(info[1], self.abi)
            if X32_SYSCALL_BIT <= nr < 2 * X32_SYSCALL_BIT and self._x32 is not None and abi is self.abi:
                abi = self._x32
        tracee.in_syscall = True
        if tracee.hidden:
            name = abi.names.get(nr, "")
            if name != "execve":
                tracee.nr = -1
                if self.filtered:
                    from .own_filters import LOADERS
                    if LOADERS.get(name) == info[5]:
                        tracee.nr = nr
                return None
            tracee.hidden = False
            tracee.starting = True
        if abi is not tracee.abi:
            self._changes_abi(tracee, abi, info[2])
        tracee.nr = nr
        signature = self._tables[abi][nr]
        args = info[5:11]
        if signature.resolve is not None:
            signature, args = signature.resolve(tracee.memory, args)
        if not signature.traced:
            return None
        if self._conditions is not None:
            test = self._conditions.get(signature.key)
            if test is not None and not test(args):
                return None
        call = tracee.call = Call(tracee, signature, nr, args, info[2], info[3])
        if self._timing:
            if self._clock:
                call.entered_at = time.clock_gettime_ns(time.CLOCK_MONOTONIC)
            if self._date:
                call.wall_time = time.time_ns()
            tracee.system_ns = self._system_now
        if self._decode:
            signature.enter(call)
        if self._matcher is not None and not self._matcher.matches(call):
            tracee.call = None
            return None
        if signature.never_returns:
            tracee.call = None
        return call

    def _entered(self, call: Call) -> None:
        """Begin its line."""
        self.output.enter(call)
        if call.signature.never_returns:
            self.output.lost(call)

    def _syscall_exit(self, tracee: Tracee, info: Tuple[int, ...]) -> Optional[Call]:
        """A syscall-exit-stop; the call, if it has a line to end."""
        tracee.in_syscall = False
        call = tracee.call
        if call is None:
            if tracee.hidden and tracee.nr >= 0:
                # Our own child has loaded the filter, or could not.
                self.filtered = not info[5]
                if self.filtered:
                    self.between = pt.PTRACE_CONT
                tracee.nr = -1
            tracee.hidden = tracee.hidden or tracee.starting
            return None
        tracee.call = None
        if self._timing:
            if self._clock:
                call.left_at = time.clock_gettime_ns(time.CLOCK_MONOTONIC)
            if self._date:
                call.wall_time = time.time_ns()
            call.system_ns = self._system_now - tracee.system_ns
        call.returned = True
        signature = call.signature
        if signature.resumable is not None:
            tracee.interrupted = signature.resumable
        result = info[4]
        if info[5]:
            call.ret = -1
            call.error = -result
            # Our own child could not run the command: what it does now is none of the user's business.
            tracee.hidden = tracee.starting
        else:
            # An AArch64 kernel extends the sign of a 32-bit process's result, x86-64's does not.
            call.ret = result if result >= 0 or tracee.abi.word == 8 else result & 0xffffffff
        if self._decode:
            signature.leave(call)
        return call

    def _left(self, call: Call, info: Tuple[int, ...]) -> None:
        """End its line."""
        self.output.leave(call)
        if self.filtered:
            self._compare_abi(call.tracee, info)
        if not self.unlimited:
            self.remaining -= 1
            if self.remaining <= 0:
                self.output.notice("System call limit has been reached, detaching tracees")
                raise Interrupted(0)

    def show(self, tracee: Tracee, abi: Abi, nr: int, args: Tuple[int, ...], ip: int, sp: int,
             result: Optional[int]) -> None:
        """A call that has had no stops of its own. Without a *result* it will not return."""
        call = self._syscall_enter(tracee, (pt.PTRACE_SYSCALL_INFO_ENTRY, abi.audit_arch, ip, sp, nr, *args))
        if call is not None:
            self._entered(call)
        if result is not None:
            info = pt.PTRACE_SYSCALL_INFO_EXIT, abi.audit_arch, ip, sp, result, -MAX_ERRNO <= result < 0
            call = self._syscall_exit(tracee, info)
            if call is not None:
                self._left(call, info)
        elif tracee.call is not None:
            self.output.lost(tracee.call)
            tracee.call = None

    def signature(self, abi: Abi, nr: int) -> Prepared:
        """The signature of system call *nr* of *abi*."""
        return self._tables[abi][nr]

    def _compare_abi(self, tracee: Tracee, info: Tuple[int, ...]) -> None:
        """At a syscall-exit-stop: execve may have changed the ABI. The next call's syscall-enter-stop tells that as
        well, and strace waits for it; behind a filter there may be none."""
        if self.filtered and info[1] != tracee.abi.audit_arch and not tracee.hidden:
            self._changes_abi(tracee, self._by_arch.get(info[1], self.abi), info[2])

    def _changes_abi(self, tracee: Tracee, abi: Abi, ip: int) -> None:
        tracee.abi = abi
        tracee.ip = ip
        self.output.personality(tracee)

    def _other_stop(self, tracee: Tracee, number: int, event: int) -> None:
        if event == pt.PTRACE_EVENT_STOP:
            if not tracee.seen:
                self._first_stop(tracee)
            if number in STOPPING:
                # A group-stop: the process stays stopped until SIGCONT, and tells us when that comes.
                if not tracee.hidden:
                    self._locate(tracee)
                    self.output.stopped(tracee, number)
                self._try(pt.PTRACE_LISTEN, tracee)
                return
            self.resume(tracee)
        elif event == pt.PTRACE_EVENT_EXEC:
            starting = tracee.hidden or tracee.starting
            tracee = self._executed(tracee)
            tracee.in_syscall = True  # still
            if self.tracepoint is not None:
                self.tracepoint.executed(tracee)
            if self.options.detach_on_execve and not starting:
                self.detach(tracee)
            else:
                self.resume(tracee)
        elif event:
            if event in _BIRTHS and self.options.follow_forks:
                self._expect(tracee)
            elif event == pt.PTRACE_EVENT_EXIT and self.tracepoint is not None:
                self.tracepoint.exiting(tracee)
            tracee.in_syscall = True  # still
            self.resume(tracee)
        else:
            self._signal(tracee, number)

    def _expect(self, parent: Tracee) -> None:
        """PTRACE_EVENT_FORK, _VFORK, _CLONE: the parent may be gone before the child's first stop, and the
        trace must not end between the two."""
        try:
            tid = pt.get_event_message(parent.tid)
        except ProcessLookupError:
            return
        if tid in self._early:
            self._early.discard(tid)  # it has stopped already, and may even have ended
        else:
            self._expected.add(tid)

    def _try(self, request: int, tracee: Tracee) -> None:
        try:
            pt.request(request, tracee.tid)
        except ProcessLookupError:
            pass

    def _first_stop(self, tracee: Tracee) -> None:
        tracee.seen = True
        if self.tracepoint is not None:
            self.tracepoint.watch(tracee)
        if not tracee.attached and not tracee.hidden and self._attach_notice:
            self.output.notice(f"Process {tracee.tid} attached")

    def _unannounced(self, tid: int, status: int) -> Optional[Tracee]:
        """A thread that we don't know stopped: a new child of a tracee, attached by the kernel."""
        if tid in self._expected:
            self._expected.discard(tid)
        elif self.options.follow_forks:
            self._early.add(tid)
        if status & 0xff != 0x7f:
            return None
        if not self.options.follow_forks:
            # Nobody asked for it, but it has inherited the filter.
            tracee = self.tracees[tid] = Tracee(tid, self, self.abi)
            tracee.silent = True
            return tracee
        tracee = self.add(tid)
        if status >> 16 != pt.PTRACE_EVENT_STOP:
            self._first_stop(tracee)
        return tracee

    def add(self, tid: int, attached: bool = False) -> Tracee:
        """Take note of a new tracee."""
        tracee = self.tracees[tid] = Tracee(tid, self, self.abi, attached)
        self.count += 1
        return tracee

    def _executed(self, tracee: Tracee) -> Tracee:
        """PTRACE_EVENT_EXEC: all other threads of the process are gone, and the one that called execve
        has taken the process's thread id."""
        former = pt.get_event_message(tracee.tid)
        caller = self.tracees.get(former)
        if former != tracee.tid and caller is not None:
            if caller.silent:
                # What the process runs now is the silent thread's: of that, only how it ends is shown.
                caller.call = tracee.call
            else:
                if tracee.call is not None:
                    self.output.lost(tracee.call)
                self.count -= 1
                self._locate(tracee)
                self.output.superseded(tracee, former)
            del self.tracees[former]
            if self.tracepoint is not None:
                self.tracepoint.forget(former)
            tid = tracee.tid
            caller.tid = tid
            caller.memory = type(caller.memory)(tid)
            self.tracees[tid] = tracee = caller
            if tracee.call is not None:
                tracee.call.memory = tracee.memory
        tracee.hidden = tracee.starting = False
        if self.output.executes and not tracee.silent:
            try:
                path = os.fsencode(os.readlink(f"/proc/{tracee.tid}/exe"))
            except OSError:
                path = b""
            self.output.executed(tracee, path)
        return tracee

    def _locate(self, tracee: Tracee) -> None:
        """Find out the instruction pointer, when the output shows it."""
        if self.output.pointers:
            registers = self._info(tracee.tid)
            tracee.ip = registers[2] if registers else 0

    def _signal(self, tracee: Tracee, number: int) -> None:
        if number == signal.SIGTRAP and self.tracepoint is not None and self.tracepoint.stopped(tracee):
            return
        if tracee.hidden:
            self.resume(tracee, number)
            return
        if number in self.options.signals:
            try:
                info = pt.get_siginfo(tracee.tid)
            except OSError:
                info = b""
            self._locate(tracee)
            if info:
                self.output.signal(tracee, self.decode_siginfo(tracee, info), number)
        self.resume(tracee, number)

    def decode_siginfo(self, tracee: Tracee, info: bytes) -> Value:
        """A siginfo_t as a value."""
        if self._siginfo is None:
            from ..types.siginfo import reports
            self._siginfo = reports(self.abi, self.options)
        return self._siginfo(tracee, info)

    def _ended(self, tracee: Tracee, status: int) -> None:
        """waitpid says: exited or killed."""
        if tracee.tid == self.command:
            self.exit_status = status
        call = tracee.call
        if call is not None:
            tracee.call = None
            self.output.lost(call)
        if self.tracepoint is not None:
            self.tracepoint.forget(tracee.tid)
        tracee.ip = 0
        if os.WIFEXITED(status):
            self.output.exited(tracee, os.WEXITSTATUS(status))
        else:
            self.output.killed(tracee, os.WTERMSIG(status), os.WCOREDUMP(status))
        self._gone(tracee)

    def _gone(self, tracee: Tracee) -> None:
        if self.tracees.pop(tracee.tid, None) is not None and not tracee.silent:
            self.count -= 1

    # The end

    def linger(self) -> None:
        """Serve the tracees that can't live without us, in silence, until the last is gone. For a process
        in which nobody waits for anything else."""
        self.options = self.options._replace(follow_forks=False)  # those born from now on are silent, too
        while True:
            try:
                tid, status = os.waitpid(-1, WAIT_OPTIONS)
            except ChildProcessError:
                return
            self.handle(tid, status)

    def has_descendants(self) -> bool:
        """Whether there is any tracee left, be it one that has not been heard of yet."""
        try:
            os.waitid(os.P_ALL, 0, WAIT_OPTIONS | os.WEXITED | os.WNOHANG | os.WNOWAIT)
        except ChildProcessError:
            return False
        return True

    def detach(self, tracee: Tracee) -> None:
        """Let *tracee* run on, untraced, or for `linger` in silence where it can't live without us."""
        if tracee.silent:
            return
        if self.tracepoint is not None:
            self.tracepoint.release(tracee)
        if self.lingers and self.filtered:
            tracee.silent = True
            tracee.seen = False
            self.count -= 1
            parted = True
        else:
            self._gone(tracee)
            parted = detach(tracee)
        if parted:
            if self._attach_notice:
                self.output.notice(f"Process {tracee.tid} detached")
            call = tracee.call
            if call is not None:
                tracee.call = None
                self.output.detached(call)

    def detach_all(self) -> None:
        """Let every tracee run on as if we had never been there. All with ``--kill-on-exit``, and those that
        can't live without a tracer (a seccomp filter makes their calls fail then) when nobody is going to
        `linger`, are killed."""
        deadly = self.options.kill_on_exit or self.filtered and not self.lingers
        for tracee in list(self.tracees.values()):
            if deadly:
                kill(tracee)
                self._gone(tracee)
            else:
                self.detach(tracee)
        if self.tracepoint is not None:
            self.tracepoint.close()
