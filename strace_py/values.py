"""What a system call said: the values that decoders return and every output format renders.

A value is made once, from the tracee's registers and memory, and knows nothing of how it looks. A plain
``int`` is a number whose natural notation is decimal; the other notations and everything with a structure
are the classes below. Integers keep being integers (``Hex(16) == 16``), so that filters and programs that
use the package can compare them without knowing the class.
"""
from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Dict, List, Optional, Sequence, Tuple, Union

    from .constants import Table


class Hex(int):
    """A number that is written in hexadecimal: masks, offsets of mappings, opaque arguments."""

    __slots__ = ()


class Oct(int):
    """A number that is written in octal with at least three digits: permission bits (``0644``, ``000``)."""

    __slots__ = ()


class Addr(int):
    """An address in the tracee: a pointer that was not followed, NULL when 0."""

    __slots__ = ()


class HexWord:
    """A word of a bit map, in hexadecimal filled up with zeros to *digits* characters."""

    __slots__ = ("value", "digits")

    def __init__(self, value: int, digits: int) -> None:
        self.value = value
        self.digits = digits


class Names:
    """A named set of constants: what a number can be called.

    *table* holds ``(value, name)`` pairs; *unknown* is the comment for a value that has no name
    (``"O_???"``); *raw* is the notation of the bare number: ``"x"`` hexadecimal, ``"d"`` decimal,
    ``"o"`` octal.
    """

    __slots__ = ("table", "unknown", "raw", "bits", "_text", "_by_value", "_join")

    #: How many rendered values a set remembers: a tracee chooses the values, so memory has to be bounded.
    REMEMBERED = 1024

    def __init__(self, table: Table, unknown: str = "", raw: str = "x", bits: bool = False) -> None:
        self.table = table
        self.unknown = unknown
        self.raw = raw
        self.bits = bits
        self._by_value: Optional[Dict[int, str]] = None
        self._text: Dict[int, Tuple[Tuple[str, ...], int]] = {}

    def name(self, value: int) -> Optional[str]:
        """The name of exactly *value*, or None."""
        if self._by_value is None:
            by_value: Dict[int, str] = {}
            for number, name in self.table:
                by_value.setdefault(number, name)
            self._by_value = by_value
        return self._by_value.get(value)

    def split(self, value: int) -> Tuple[Tuple[str, ...], int]:
        """The names of *value* and what no name covers: ``(("O_WRONLY", "O_CREAT"), 0)``."""
        found = self._text.get(value)
        if found is None:
            found = self._split(value)
            if len(self._text) < self.REMEMBERED:
                self._text[value] = found
        return found

    def _split(self, value: int) -> Tuple[Tuple[str, ...], int]:
        exact = self.name(value)
        if exact is not None:
            return (exact,), 0
        if not self.bits:
            return (), value
        names: List[str] = []
        rest = value
        for bits, name in self.table:
            if bits and rest & bits == bits:
                names.append(name)
                rest &= ~bits
        return tuple(names), rest


class Const:
    """A number out of a set of named constants (``SEEK_SET``)."""

    __slots__ = ("value", "names")

    def __init__(self, value: int, names: Names) -> None:
        self.value = value
        self.names = names


class Flags:
    """A bit mask with named bits (``O_WRONLY|O_CREAT|0x8``)."""

    __slots__ = ("value", "names")

    def __init__(self, value: int, names: Names) -> None:
        self.value = value
        self.names = names


class Compound:
    """A number put together from parts, each a value of its own: ``S_IFREG|0644``, ``CLONE_VM|SIGCHLD``.

    *raw* is the notation of the bare number, as in Names; "" when each part shows its own.
    """

    __slots__ = ("value", "parts", "raw")

    def __init__(self, value: int, parts: Sequence[Value], raw: str = "x") -> None:
        self.value = value
        self.parts = parts
        self.raw = raw


class Joined:
    """A number put together from parts that are shown each for itself, whatever the style of constants."""

    __slots__ = ("value", "parts")

    def __init__(self, value: int, parts: Sequence[Value]) -> None:
        self.value = value
        self.parts = parts


class Fd:
    """A file descriptor and what is known of it.

    *path* is what ``/proc/PID/fd/N`` says, *deleted* whether the file has no name any more. *detail* is
    what more is known, as words and values in a row: of a socket its protocol and addresses, of a device its
    number (after the path), of a signalfd its signals. *at* is the constant that stands in the number's place
    (AT_FDCWD).
    """

    __slots__ = ("value", "path", "detail", "deleted", "at")

    def __init__(self, value: int, path: Optional[bytes] = None,
                 detail: Sequence[Union[str, Value]] = (), deleted: bool = False,
                 at: Optional[Const] = None) -> None:
        self.value = value
        self.path = path
        self.detail = detail
        self.deleted = deleted
        self.at = at


class Pid:
    """A process, thread, group or session id with what ``--decode-pids`` found: its command name
    (*comm*, bytes) and its number in the tracer's pid namespace (*outside*, 0 when it is the same)."""

    __slots__ = ("value", "comm", "outside")

    def __init__(self, value: int, comm: Optional[bytes] = None, outside: int = 0) -> None:
        self.value = value
        self.comm = comm
        self.outside = outside


class Bytes:
    """Bytes of the tracee: *data* is what was read, *length* how many there are in all (None: not known),
    *more* whether *data* is only their beginning. *opaque* bytes are no text (random numbers, hashes):
    written in hexadecimal. *terminated* bytes are mostly strings, whose NUL goes without saying."""

    __slots__ = ("data", "more", "length", "opaque", "terminated")

    def __init__(self, data: bytes, more: bool = False, length: Optional[int] = None, opaque: bool = False,
                 terminated: bool = False) -> None:
        self.data = data
        self.more = more
        self.length = length
        self.opaque = opaque
        self.terminated = terminated


class Struct:
    """A structure: *fields* in the order they are shown, *more* when some were left out.
    *unread*: the address where reading failed, for a structure that is only partly readable."""

    __slots__ = ("fields", "more", "unread")

    def __init__(self, fields: Sequence[Tuple[str, Value]], more: bool = False,
                 unread: Optional[int] = None) -> None:
        self.fields = fields
        self.more = more
        self.unread = unread


class Tail:
    """The bytes from offset *start* up to *end* of a structure that is longer than what is known of it;
    *data* is None when they could not be read. A field without a name."""

    __slots__ = ("start", "end", "data")

    def __init__(self, start: int, end: int, data: Optional[Bytes]) -> None:
        self.start = start
        self.end = end
        self.data = data


class Array:
    """A sequence of values: *more* when it goes on; *unread* is the address where reading it failed."""

    __slots__ = ("items", "more", "unread")

    def __init__(self, items: Sequence[Value], more: bool = False, unread: Optional[int] = None) -> None:
        self.items = items
        self.more = more
        self.unread = unread


class Bits:
    """A set of small numbers: *names* in order, *inverted* when those left out are fewer (``~[KILL STOP]``).
    *numbers* are what the names stand for, none when the names are the numbers."""

    __slots__ = ("value", "names", "inverted", "numbers")

    def __init__(self, value: int, names: Sequence[str], inverted: bool = False,
                 numbers: Sequence[int] = ()) -> None:
        self.value = value
        self.names = names
        self.inverted = inverted
        self.numbers = numbers


class Ref:
    """What a pointer to a single number points at (``[16]``)."""

    __slots__ = ("value",)

    def __init__(self, value: Value) -> None:
        self.value = value


class Changed:
    """A value that the call changed: ``128 => 16``."""

    __slots__ = ("before", "after")

    def __init__(self, before: Value, after: Value) -> None:
        self.before = before
        self.after = after


class Macro:
    """A number written as the C macro that makes it: ``makedev(0x1, 0x3)``, ``htons(80)``; *number* is
    what it makes. *address_of* is the name whose address the macro fills (``&sin6_addr``)."""

    __slots__ = ("name", "args", "number", "address_of")

    def __init__(self, name: str, args: Sequence[Value], number: int = 0, address_of: str = "") -> None:
        self.name = name
        self.args = args
        self.number = number
        self.address_of = address_of


class Written:
    """A number or bytes that have a readable form: *plain* is what memory holds (``-X raw`` shows it), *made*
    the form (``htons(80)``), and with ``-X verbose`` both are shown. A *made* Macro that has an *address_of*
    names its field by itself."""

    __slots__ = ("plain", "made")

    def __init__(self, plain: Value, made: Value) -> None:
        self.plain = plain
        self.made = made


class Hardware:
    """A hardware address: ``02:00:5e:10:00:01``."""

    __slots__ = ("data",)

    def __init__(self, data: bytes) -> None:
        self.data = data


class Abstract:
    """A name in the abstract namespace of AF_UNIX, without the NUL that marks it: ``@"dbus"``."""

    __slots__ = ("data",)

    def __init__(self, data: bytes) -> None:
        self.data = data


class Element:
    """An element of an array beside the name of its index: ``[DEVCONF_MTU6]=1500``."""

    __slots__ = ("index", "value")

    def __init__(self, index: Value, value: Value) -> None:
        self.index = index
        self.value = value


class Noted:
    """A value with a remark: ``1700000000 /* 2023-11-14T22:13:20+0000 */``. *raw*: ``-X raw`` shows the
    remark, too."""

    __slots__ = ("value", "note", "raw")

    def __init__(self, value: Value, note: str, raw: bool = True) -> None:
        self.value = value
        self.note = note
        self.raw = raw


class Scaled:
    """A number shown as a multiple: ``8192*1024``."""

    __slots__ = ("value", "unit")

    def __init__(self, value: int, unit: int) -> None:
        self.value = value
        self.unit = unit


class Shifted:
    """A number shown with the shift that puts it in its place: ``21<<MAP_HUGE_SHIFT``. *value* is what is
    shifted by *shift* bits, *name* what the header calls the shift."""

    __slots__ = ("value", "shift", "name")

    def __init__(self, value: Value, shift: int, name: str) -> None:
        self.value = value
        self.shift = shift
        self.name = name


class Condition:
    """A wait status as the macros that test it: ``WIFEXITED(s) && WEXITSTATUS(s) == 0``.
    *tests* are (macro, value or None for a bare truth)."""

    __slots__ = ("value", "tests")

    def __init__(self, value: int, tests: Sequence[Tuple[str, Optional[Value]]]) -> None:
        self.value = value
        self.tests = tests


class Words:
    """Named results beside the return value: ``in [3], left {tv_sec=1, tv_nsec=0}``. A part is a
    (word, value); the value may be None and the word empty."""

    __slots__ = ("parts",)

    def __init__(self, parts: Sequence[Tuple[str, Optional[Value]]]) -> None:
        self.parts = parts


class Half:
    """What an argument that the call also changes was at entry: shown there, and completed at exit by
    the Changed value that its type returns then (or by nothing, when it returns the same). Of a Ref the
    closing bracket is left for the exit: ``[3`` and `` => 13]``; of an *open* structure too, which has
    its first fields here and all of them then. *kept*: the call doesn't change what is shown at entry.
    *named_twice*: with ``-N`` what the exit adds begins with the argument's name again."""

    __slots__ = ("value", "open", "kept", "named_twice")

    def __init__(self, value: Value, open: bool = False, kept: bool = False, named_twice: bool = False) -> None:
        self.value = value
        self.open = open
        self.kept = kept
        self.named_twice = named_twice


class Spaced:
    """A set of values written without commas: the descriptors of select (``[3 5]``)."""

    __slots__ = ("items",)

    def __init__(self, items: Sequence[Value]) -> None:
        self.items = items


class Indexed:
    """An array whose indices are named: ``[[VINTR]=0x3, [17]=0]``. *items* are (index, value)."""

    __slots__ = ("items",)

    def __init__(self, items: Sequence[Tuple[str, Value]]) -> None:
        self.items = items


class ShiftedBy:
    """A value in the place where a named *shift* puts it: ``B9600<<IBSHIFT``."""

    __slots__ = ("value", "shift")

    def __init__(self, value: Value, shift: Value) -> None:
        self.value = value
        self.shift = shift


class Plain:
    """A value that is written by name whatever the style of constants."""

    __slots__ = ("value",)

    def __init__(self, value: Value) -> None:
        self.value = value


class Dump:
    """Data that a call read or wrote, whole: *vectors* are (number of buffers, [(length, bytes or None)]).
    *depth* tells what they stand for: 0 one buffer, 1 one vector of buffers, 2 several vectors."""

    __slots__ = ("depth", "vectors")

    def __init__(self, depth: int,
                 vectors: Sequence[Tuple[int, Sequence[Tuple[int, Optional[bytes]]]]]) -> None:
        self.depth = depth
        self.vectors = vectors


class Marker:
    """A sign that is no value: OMIT (the argument does not exist in this call), LATER (known at exit)."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return self.name


OMIT = Marker("OMIT")
LATER = Marker("LATER")
#: An argument of which nothing but its name is shown at entry, and the comma before it.
BEGUN = Half(Words(()), kept=True)

if TYPE_CHECKING:
    Value = Union[int, Const, Flags, Compound, Fd, Pid, Bytes, Struct, Array, Bits, Ref, Changed, Macro, Noted,
                  Written, Hardware, Abstract, Element, HexWord, Joined, Shifted, Tail, Scaled, Condition, Words,
                  Half, Plain, Spaced, Indexed, ShiftedBy, Marker]
else:
    Value = None  # for annotations alone
