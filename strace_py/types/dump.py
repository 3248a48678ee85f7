"""The whole of what a call read or wrote: -e read and -e write."""
from __future__ import annotations

from struct import Struct as Layout

from ..values import Dump
from .io import OutVector, Vector

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Callable, Container, Dict, List, Optional, Sequence, Tuple

    from ..arch.abi import Abi
    from ..call import Call
    from ..kernel.memory import Memory
    from .core import Type

    Buffers = List[Tuple[int, Optional[bytes]]]

#: No more of one call is kept, whatever its length.
MOST = 1 << 24
#: UIO_MAXIOV of <linux/uio.h>: a call with more buffers or messages fails.
MOST_BUFFERS = 1024
_CHUNK = 1 << 20


def prepare(dump: Sequence[str], kinds: Dict[str, Type], getters: Dict[str, Callable[[Call], int]], abi: Abi,
            wanted: Container[object]) -> Callable[[Call], Optional[Dump]]:
    """A function from a finished call to its data; None for a descriptor that is not *wanted*. *dump* is
    Syscall's: the direction, the argument, and the shape where the argument's type doesn't tell."""
    direction, argument, *shapes = dump
    shape = shapes[0] if shapes else "iovec" if isinstance(kinds[argument], (Vector, OutVector)) else "buffer"
    reads = direction == "read"
    address = getters[argument]
    # The number of bytes, buffers or messages is the argument that follows.
    names = list(kinds)
    following = getters[names[min(names.index(argument) + 1, len(names) - 1)]]
    descriptor = getters[names[0]]
    word = "I" if abi.word == 4 else "Q"
    pad = "" if abi.word == 4 else "4x"
    vector = Layout(f"={2 * word}")
    # struct user_msghdr and struct mmsghdr of <linux/socket.h>
    header = f"={word}I{pad}{4 * word}I{pad}"
    message, messages = Layout(header), Layout(f"{header}I{pad}")

    def buffers(memory: Memory, at: int, count: int, left: Optional[int]) -> Buffers:
        """The *count* buffers of the iovec at *at*; *left* limits what counts of them."""
        found: Buffers = []
        data = memory.upto(at, vector.size * max(0, min(count, MOST_BUFFERS)))
        for base, length in vector.iter_unpack(data[:len(data) // vector.size * vector.size]):
            if left is not None:
                length = min(length, left)
                left -= length
            if not length:
                break
            found.append((length, _whole(memory, base, length)))
        return found

    def collect(call: Call) -> Optional[Dump]:
        if descriptor(call) not in wanted or reads and call.ret <= 0:
            return None
        memory = call.memory
        at = address(call)
        left = call.ret if reads else None
        if shape == "buffer":
            length = call.ret if reads else following(call)
            found = _whole(memory, at, length)
            return Dump(0, ((1, ((length, found),)),)) if found else None
        if shape == "iovec":
            return Dump(1, ((0, buffers(memory, at, following(call), left)),))
        if shape == "msghdr":
            data = memory.read(at, message.size)
            if data is None:
                return None
            _, _, iov, iovlen, *_ = message.unpack(data)
            return Dump(1, ((iovlen, buffers(memory, iov, iovlen, left)),))
        vectors = []
        for number in range(min(call.ret, MOST_BUFFERS)):
            data = memory.read(at + number * messages.size, messages.size)
            if data is None:
                break
            _, _, iov, iovlen, _, _, _, done = messages.unpack(data)
            vectors.append((iovlen, buffers(memory, iov, iovlen, done if reads else None)))
        return Dump(2, vectors)
    return collect


def _whole(memory: Memory, address: int, length: int) -> Optional[bytes]:
    """The bytes at *address*; None when not all can be read."""
    parts = []
    length = min(length, MOST)
    for start in range(0, length, _CHUNK):
        part = memory.read(address + start, min(_CHUNK, length - start))
        if part is None:
            return None
        parts.append(part)
    return b"".join(parts)
