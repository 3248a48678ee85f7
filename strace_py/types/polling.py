"""Types of waiting for events: pollfd arrays, descriptor sets, and what is shown beside the result."""
from __future__ import annotations

from struct import Struct as Layout

from ..constants import poll
from ..values import Addr, Spaced, Words
from ..values import Array as ArrayValue
from ..values import Struct as StructValue
from .common import FD, bits
from .core import (
    HEX64,
    INT,
    SHORT,
    SIZE,
    ByAbi,
    Flags,
    Hidden,
    If,
    Ptr,
    Struct,
    Type,
)
from .signals import SignalSetAt

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Callable, List, Optional, Tuple

    from ..call import Call
    from ..syscalls.signature import Note
    from ..values import Value
    from .core import Decoder, How

_EVENTS = Flags(poll.POLL_EVENTS, "POLL???", code="H")
#: struct pollfd at entry: the events of a negative descriptor don't count.
POLLFD = Struct(fd=FD, events=If(lambda raw: raw["fd"] >= 0, _EVENTS), revents=Hidden(SHORT))


def _epoll_event(packed: bool) -> Struct:
    return Struct(events=Flags(poll.EPOLL_EVENTS, "EPOLL???"), data=HEX64, packed=packed)


#: EPOLL_PACKED of <linux/eventpoll.h>: on x86-64 and for x32 as on i386, whose 64-bit members are aligned to 4.
EPOLL_EVENT = ByAbi(_epoll_event(False), x86_64=_epoll_event(True), x32=_epoll_event(True))

#: Larger descriptor sets are not looked at.
MOST_DESCRIPTORS = 1 << 20
#: More descriptors of one poll are never searched for events.
MOST_POLLED = 1 << 16

_TIMEOUT = Words((("Timeout", None),))


class DescriptorSet(Type):
    """A pointer to an fd_set of as many bits as the argument *count* says: ``[3 5]``. *bare*: the numbers
    alone, without what the descriptors refer to; *always*: followed even with ``-e verbose=none``."""

    code = "P"

    def __init__(self, count: str = "nfds", bare: bool = False, always: bool = False) -> None:
        self.count = count
        self.kind: Type = INT if bare else FD
        self.always = always

    def decoder(self, how: How) -> Decoder:
        if not how.deref and not self.always:
            return lambda call, address: Addr(address)
        number = how.number(self.count)
        word = 8 * how.abi.word
        inner = self.kind.decoder(how)

        def decode(call: Call, address: int) -> Value:
            count = number(call)
            if not address or not 0 < count <= MOST_DESCRIPTORS:
                return Addr(address)
            data = call.memory.read(address, (count + word - 1) // word * (word // 8))
            if data is None:
                return Addr(address)
            return Spaced([inner(call, bit) for bit in bits(data) if bit < count])
        return decode


def _leave(how: How, kind: Type, argument: str) -> Callable[[Call], Value]:
    """A function that decodes *argument* as *kind* when the call has returned."""
    decode = kind.argument(how).leave
    number = how.number(argument)
    return lambda call: decode(call, number(call))


def select_note(timeout: Type) -> Note:
    """What select shows beside its result: the descriptors that are ready and the rest of its time."""
    def prepare(how: How) -> Callable[[Call], Optional[Value]]:
        sets = [(word, _leave(how, DescriptorSet(bare=True, always=True), name)) for word, name in (
            ("in", "readfds"), ("out", "writefds"), ("except", "exceptfds"))]
        left = _leave(how, Ptr(timeout), "timeout")

        def note(call: Call) -> Optional[Value]:
            if call.error:
                return None
            if not call.ret:
                return _TIMEOUT
            parts: List[Tuple[str, Optional[Value]]] = []
            count = call.ret  # the kernel leaves bits beyond the process's last descriptor as they were
            for word, decode in sets:
                ready = decode(call)
                if isinstance(ready, Spaced) and ready.items and count > 0:
                    parts.append((word, Spaced(ready.items[:count])))
                    count -= len(ready.items)
            rest = left(call)
            if rest != 0:
                parts.append(("left", rest))
            return Words(parts) if parts else None
        return note
    return prepare


def poll_note(timeout: Optional[Type] = None) -> Note:
    """What poll shows beside its result: the descriptors that have events and, of a *timeout* that points
    to a time, what is left."""
    def prepare(how: How) -> Callable[[Call], Optional[Value]]:
        address, number = how.number("fds"), how.number("nfds")
        events = _EVENTS.decoder(how)
        unpack = Layout("=i2xH").iter_unpack
        most = how.elements(MOST_POLLED)
        left = None if timeout is None else _leave(how, Ptr(timeout), "tmo_p")

        def note(call: Call) -> Optional[Value]:
            if call.error:
                return None
            if not call.ret:
                return _TIMEOUT
            if not how.deref:
                return None
            data = call.memory.upto(address(call), 8 * min(number(call), MOST_POLLED))
            ready = [(fd, found) for fd, found in unpack(data[:len(data) // 8 * 8]) if found]
            shown: List[Value] = [StructValue((("fd", fd), ("revents", events(call, found))))
                                  for fd, found in ready[:most]]
            parts: List[Tuple[str, Optional[Value]]] = [("", ArrayValue(shown, len(ready) > most))]
            rest = 0 if left is None else left(call)
            if rest != 0:
                parts.append(("left", rest))
            return Words(parts)
        return note
    return prepare


class SizedSignalSet(SignalSetAt):
    """A pointer to a signal set in a structure whose field ``sigsetsize`` says how large the set is."""

    beside = True

    def __init__(self) -> None:
        super().__init__(lambda call: int(call.siblings["sigsetsize"]))


#: What pselect6 and io_pgetevents are given instead of a signal set: a pointer to it and its size.
SIGNALS = Ptr(Struct(sigmask=SizedSignalSet(), sigsetsize=SIZE))
