"""Waiting for the next stop without going to sleep, where that is faster and nobody pays for it.

On an idle machine four fifths of the cost of a stop is waking up: the kernel lets the tracer's core fall asleep while
the tracee runs for a few microseconds, and wakes it again; and it lets the tracee's core fall asleep while the
tracer is at work. A tracer that asks ``waitpid(WNOHANG)`` a few times before it blocks is there at once. That
needs a core that nobody else wants: there is no asking on one core, and next to none while the machine shows that it
has better things to do: when the stop comes as soon as the tracer makes room, or more threads want to run than
there are cores.

The tracee's core can be kept from falling asleep by root only, in a virtual machine, where that costs most: see
`Wakefulness`.
"""
from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Optional

#: How often waitpid is asked before the tracer blocks, at most and at least. Asking takes about a microsecond; a
#: tracee between two system calls is usually back within 20.
MOST = 128
LEAST = 1
#: A stop that comes sooner after blocking (ns) would have come while asking.
SOON = 100_000
#: Before more asking than this it is found out whether the other cores are busy.
SOME = 8
#: So many waits pass without much asking after the tracee was seen to need our core.
REST = 1000
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


def crowded() -> bool:
    """Whether more threads want to run than there are cores: the fourth field of ``/proc/loadavg``, see proc(5)."""
    try:
        with open("/proc/loadavg", "rb") as file:
            running = int(file.read().split()[3].partition(b"/")[0])
    except (OSError, ValueError, IndexError):
        return False
    return running > (os.cpu_count() or 1)


class Patience:
    """How long to ask before blocking: *asks* is the number of times. *spin* is the number of times that the user
    wants, None to find out what pays."""

    __slots__ = ("asks", "_auto", "_rest", "_wakefulness")

    def __init__(self, spin: Optional[int]) -> None:
        self._auto = spin is None
        self.asks = spin if spin is not None else MOST if len(os.sched_getaffinity(0)) > 1 else 0
        self._rest = 0
        self._wakefulness: Optional[Wakefulness] = None

    def keeps_pace(self) -> None:
        """Many stops came without blocking."""
        if self._wakefulness is None:
            self._wakefulness = Wakefulness()
        if not self._wakefulness.held:
            self._wakefulness.hold()

    def gives_up(self) -> None:
        """All asking was in vain, and the tracer is going to block; or there is nothing more to wait for."""
        if self._wakefulness is not None and self._wakefulness.held:
            self._wakefulness.drop()

    def blocked(self, ns: int) -> None:
        """Blocking took *ns*."""
        if not self._auto:
            return
        if self._rest:
            self._rest -= 1
        elif ns > SOON:
            # The tracee sleeps. It will again.
            self.asks = max(LEAST, self.asks >> 1)
        elif self.asks == MOST or self.asks == SOME and crowded():
            # It came as soon as we made room: the other cores are busy.
            self.asks = LEAST
            self._rest = REST
        else:
            self.asks *= 2
