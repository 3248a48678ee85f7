"""Waiting for the next stop without going to sleep, where that is faster and nobody pays for it.

On an idle machine four fifths of the cost of a stop is waking up: the kernel lets the tracer's core fall asleep while
the tracee runs for a few microseconds, and wakes it again; and it lets the tracee's core fall asleep while the
tracer is at work. A tracer that asks ``waitpid(WNOHANG)`` a few times before it blocks is there at once. That
needs a core that nobody else wants: there is no asking on one core, and next to none while the machine shows that it
has better things to do: when the stop comes as soon as the tracer makes room and no core is idle. Then the
tracer keeps to the core where its tracee runs (`Core`), since each of them works only while the other waits.

The tracee's core can be kept from falling asleep by root only, in a virtual machine, where that costs most: see
`Wakefulness`.
"""
from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Optional, Set

#: How often waitpid is asked before the tracer blocks, at most and at least. Asking takes about a microsecond; a
#: tracee between two system calls is usually back within 20.
MOST = 128
LEAST = 1
#: A stop that comes sooner after blocking (ns) would have come while asking.
SOON = 100_000
#: Before more asking than this it is found out whether the other cores are busy.
SOME = 8
#: For so long (ns) there is not much asking after the tracee was seen to need our core.
REST = 20_000_000
#: How often (ns) to look on which core the tracee is meanwhile: it takes 10 microseconds.
LOOK = 2_000_000
#: With more cores than these all the others would be kept awake for one.
FEW_CORES = 4


class Wakefulness:
    """Keeps idle cores awake: they ask for work in a loop, which Linux calls polling, instead of halting.

    It is a request to the kernel's PM QoS (Documentation/power/pm_qos_interface.rst) that ends with the process. On
    hardware a core that halts for microseconds is back soon enough. A virtual one has to leave the guest and be
    scheduled by its host, which is the case where the guest's cpuidle driver is haltpoll and doesn't poll by itself
    (guest_halt_poll_ns): a stop took 35 microseconds there, and 15 with this.
    """

    DRIVER = "/sys/devices/system/cpu/cpuidle/current_driver"
    REQUEST = "/dev/cpu_dma_latency"
    #: s32, microseconds: as little latency as can be, and the kernel's PM_QOS_DEFAULT_VALUE.
    AWAKE, AS_USUAL = bytes(4), (2000 * 10 ** 6).to_bytes(4, "little")

    __slots__ = ("held", "_fd")

    def __init__(self) -> None:
        self.held = False
        self._fd: Optional[int] = None
        if (os.cpu_count() or 1) > FEW_CORES:
            return
        try:
            with open(self.DRIVER, "rb") as file:
                if file.read().strip() == b"haltpoll":
                    self._fd = os.open(self.REQUEST, os.O_WRONLY | os.O_CLOEXEC)
        except OSError:
            pass  # not root, or in a container

    def hold(self) -> None:
        """Begin, where it is possible."""
        self.held = self._write(self.AWAKE)

    def drop(self) -> None:
        """End."""
        self.held = False
        self._write(self.AS_USUAL)

    def _write(self, value: bytes) -> bool:
        if self._fd is None:
            return False
        try:
            return os.write(self._fd, value) > 0
        except OSError:
            return False


class Core:
    """The core where a tracee runs, when the tracer keeps to it.

    Where no core is idle, tracer and tracee may as well share one: they take turns. The scheduler often gives them one
    each nevertheless, and moves them about. Then each stop fetches memory from another core's caches and interrupts a
    core twice, which took twice as long as on one core (Linux 6.18, virtual machine).
    """

    __slots__ = ("_number", "_ours")

    def __init__(self) -> None:
        self._number = -1
        #: Where this thread may run, while it keeps to one core.
        self._ours: Optional[Set[int]] = None

    def follow(self, tid: int) -> None:
        """Move to where thread *tid* ran last: the 39th field of ``/proc/TID/stat``, see proc(5)."""
        try:
            file = os.open(f"/proc/{tid}/stat", os.O_RDONLY | os.O_CLOEXEC)
            try:
                fields = os.read(file, 1024)
            finally:
                os.close(file)
            number = int(fields[fields.rindex(b")") + 1:].split()[39 - 3])
            if number != self._number:
                ours = self._ours or os.sched_getaffinity(0)
                if number in ours:
                    os.sched_setaffinity(0, (number,))
                    self._number, self._ours = number, ours
        except (OSError, ValueError, IndexError):
            pass  # it has ended, or there is no /proc

    def leave(self) -> None:
        """Run anywhere again."""
        if self._ours is not None:
            try:
                os.sched_setaffinity(0, self._ours)
            except OSError:
                pass  # our control group has got other cores meanwhile, and the kernel has moved us there
            self._number, self._ours = -1, None


def crowded() -> bool:
    """Whether no core is idle, for a tracer whose tracee has stopped: as many threads want to run, this one among
    them, as there are cores. The fourth field of ``/proc/loadavg``, see proc(5)."""
    try:
        with open("/proc/loadavg", "rb") as file:
            running = int(file.read().split()[3].partition(b"/")[0])
    except (OSError, ValueError, IndexError):
        return False
    return running >= (os.cpu_count() or 1)


class Patience:
    """How long to ask before blocking: *asks* is the number of times, and while there is not to be much asking *rests*
    says until when (ns of the monotonic clock, else 0). *spin* is the number of times that the user wants, None to
    find out what pays."""

    __slots__ = ("asks", "rests", "_auto", "_core", "_informed", "_looks", "_wakefulness")

    def __init__(self, spin: Optional[int]) -> None:
        cores = len(os.sched_getaffinity(0))
        self._auto = spin is None and cores > 1
        # Whether /proc/loadavg, which is about all cores, tells about ours.
        self._informed = cores == os.cpu_count()
        self.asks = spin if spin is not None else MOST if self._auto else 0
        self.rests = self._looks = 0
        self._core = Core()
        self._wakefulness: Optional[Wakefulness] = None

    def keeps_pace(self) -> None:
        """Many stops came without blocking."""
        if self._wakefulness is None:
            self._wakefulness = Wakefulness()
        if not self._wakefulness.held:
            self._wakefulness.hold()

    def gives_up(self) -> None:
        """All asking was in vain, and the tracer is going to block."""
        if self._wakefulness is not None and self._wakefulness.held:
            self._wakefulness.drop()

    def end(self) -> None:
        """There is nothing more to wait for."""
        self.gives_up()
        self._core.leave()

    def blocked(self, since: int, until: int, tid: int = 0) -> None:
        """The tracer slept, from *since* to *until* (ns of the monotonic clock). *tid* is the thread that has stopped,
        if it is the only tracee and worth keeping close to."""
        if not self._auto:
            return
        if self.rests:
            if until >= self.rests:
                self.rests = self._looks = 0
                self.asks = SOME
                self._core.leave()
            elif tid and not self.asks and until >= self._looks:
                self._looks = until + LOOK
                self._core.follow(tid)
        elif until - since > SOON:
            # The tracee sleeps. It will again.
            self.asks = max(LEAST, self.asks >> 1)
        elif self.asks == MOST and not self._informed or self.asks in (SOME, MOST) and crowded():
            # It came as soon as we made room: the other cores are busy. Where they share a core, asking is in vain.
            self.asks = 0 if tid and self._informed else LEAST
            self.rests = until + REST
        elif self.asks < MOST:
            self.asks *= 2
