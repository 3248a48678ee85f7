"""What argument types are, and the few from which all others are built.

A *type* describes an argument or a field once, for every ABI and every option. Before a trace starts it is
*prepared* (``How``): word sizes, layouts and options are worked out, and what remains is a *decoder*, a
function of the call and a number (or the bytes of an aggregate) that returns a value.

When an argument is decoded: at the syscall-enter-stop, unless its type says otherwise (``Out``,
``OnInterrupt`` …). The first argument that has to wait for the syscall-exit-stop makes all that follow wait.
"""
from __future__ import annotations

from struct import Struct as _Layout

from ..record import NamedTuple
from ..values import BEGUN, LATER, OMIT, Addr, Bytes, Half, Hex, Names, Oct, Ref, Tail, Words
from ..values import Array as ArrayValue
from ..values import Const as ConstValue
from ..values import Flags as FlagsValue
from ..values import Struct as StructValue

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Dict, List, Optional, Sequence, Tuple, Union

    from ..arch.abi import Abi
    from ..call import Call
    from ..constants import Constants
    from ..options import Options
    from ..values import Value

    Decoder = Callable[[Call, Any], Value]
    Convert = Callable[[int], int]
    #: Where a count or a size comes from: see How.number.
    Count = Union[int, str, Callable[[Call], int]]
else:
    Decoder = Convert = Count = None  # for annotations alone

#: Where addresses end. strace counts with its own, on 32-bit ABIs too.
_TOP = 1 << 64
#: More elements of one array are never shown, whatever the tracee claims.
MOST_ELEMENTS = 1 << 16


class How:
    """Everything a decoder may depend on, known before the first call: the ABI, the options, whether
    structures are abbreviated (*abbrev*) and pointers followed (*deref*) in this system call, and
    where its other arguments are."""

    __slots__ = ("abi", "options", "abbrev", "deref", "limit", "_where")

    def __init__(self, abi: Abi, options: Options, abbrev: bool = True, deref: bool = True,
                 where: Optional[Dict[str, Tuple[int, Type]]] = None) -> None:
        self.abi = abi
        self.options = options
        self.abbrev = abbrev
        self.deref = deref
        self.limit = options.string_limit
        self._where = where or {}

    def number(self, source: Count) -> Callable[[Call], int]:
        """How to get a count or size: a constant, the name of another argument, ``"return"``, or a
        function of the call."""
        if isinstance(source, int):
            constant = source
            return lambda call: constant
        if source == "return":
            return lambda call: call.ret
        if callable(source):
            return source
        index, kind = self._where[source]
        convert = register(kind.code, self.abi)
        return lambda call: convert(call.args[index])

    def elements(self, count: int) -> int:
        """How many of *count* array elements are shown. strace compares the lower 32 bits with the limit."""
        return min(count, self.limit if self.abbrev and count & 0xffffffff > self.limit else MOST_ELEMENTS)


class Argument(NamedTuple):
    """A prepared argument: *enter* decodes it at the syscall-enter-stop (None: not possible there;
    it may return LATER), *leave* at the syscall-exit-stop, and *hook* is called at the enter-stop when
    *leave* will need something that the call is going to overwrite."""

    enter: Optional[Decoder]
    leave: Decoder
    hook: Optional[Callable[[Call, int], None]] = None


#: struct's codes of the C types that are as wide as a word, by the bytes of a word.
_WORDS = {4: {"l": "i", "L": "I", "P": "I", "j": "q"}, 8: {"l": "q", "L": "Q", "P": "Q", "j": "q"}}
#: Bytes by struct's code.
_BYTES = {"b": 1, "h": 2, "i": 4, "q": 8}


def register(code: str, abi: Abi) -> Convert:
    """How a register's 64 bits become a C type's value: *code* is struct's, with ``l``, ``L`` and ``P``
    for the ABI's signed, unsigned and pointer words and ``j`` for the signed word of the tracer. The words of
    x32's registers are wider than those of its memory."""
    code = _WORDS[8 if abi.wide else abi.word].get(code, code)
    bits = 8 * _BYTES[code.lower()]
    mask = (1 << bits) - 1
    sign = 1 << bits - 1
    if code.isupper():
        return int if bits == 64 else lambda raw: raw & mask
    return lambda raw: ((raw & mask) ^ sign) - sign


def number_in(code: str, abi: Abi) -> Decoder:
    """The decoder of a register that holds a plain number: `register` in one step, as it runs at every stop."""
    code = _WORDS[8 if abi.wide else abi.word].get(code, code)
    bits = 8 * _BYTES[code.lower()]
    mask = (1 << bits) - 1
    sign = 1 << bits - 1
    if code.islower():
        return lambda call, raw: ((raw & mask) ^ sign) - sign
    return as_it_is if bits == 64 else lambda call, raw: raw & mask


def as_it_is(call: Call, number: int) -> Value:
    """The decoder of a plain number."""
    return number


class Type:
    """The base of all types. *code* is the struct code of a scalar (see `register`), "" for aggregates."""

    code = ""
    #: Whether, as a field, it is decoded by the help of other fields (call.siblings).
    beside = False

    def layout(self, abi: Abi) -> Tuple[str, int, int]:
        """The struct format, size and alignment in bytes that the type has in memory."""
        code = _WORDS[abi.word].get(self.code, self.code)
        size = _BYTES[code.lower()]
        return code, size, min(size, abi.alignment) if size == 8 else size

    def decoder(self, how: How) -> Decoder:
        """The decoder of what memory holds: a number for a scalar, bytes for an aggregate."""
        raise NotImplementedError(type(self).__name__)

    def argument(self, how: How) -> Argument:
        """The decoder of what a register holds."""
        decode = self.decoder(how)
        if decode is as_it_is:
            decode = number_in(self.code, how.abi)
            return Argument(decode, decode)
        convert = register(self.code, how.abi)
        if convert is int:
            return Argument(decode, decode)
        argument: Decoder = lambda call, raw: decode(call, convert(raw))  # noqa: E731
        return Argument(argument, argument)

    def registers(self, abi: Abi) -> int:
        """How many registers the argument takes: two for 64 bits on a 32-bit ABI."""
        return 2 if self.code in ("q", "Q") and not abi.wide else 1


class Int(Type):
    """A number. *make* gives its notation: int, Hex, Oct or Addr."""

    def __init__(self, code: str, make: Callable[[int], Value] = int) -> None:
        self.code = code
        self.make = make

    def decoder(self, how: How) -> Decoder:
        make = self.make
        return as_it_is if make is int else lambda call, number: make(number)

    def argument(self, how: How) -> Argument:
        if self.registers(how.abi) == 2:
            return two_registers(self, how)
        make = self.make
        convert = register(self.code, how.abi)
        decode: Decoder
        if make is int:
            decode = number_in(self.code, how.abi)
        elif convert is int:
            decode = lambda call, raw: make(raw)  # noqa: E731
        else:
            decode = lambda call, raw: make(convert(raw))  # noqa: E731
        return Argument(decode, decode)


def two_registers(kind: Type, how: How) -> Argument:
    """A 64-bit argument on a 32-bit ABI: the low half in the first register, the high one in the next.
    Syscall.prepare passes them joined."""
    decode = kind.decoder(how)
    if kind.code == "Q":
        return Argument(decode, decode)
    signed: Decoder = lambda call, raw: decode(call, (raw ^ 1 << 63) - (1 << 63))  # noqa: E731
    return Argument(signed, signed)


INT = Int("i")
UINT = Int("I")
LONG = Int("l")
#: A long that is shown as the tracer's own: what fills the 32 bits of a narrower register is not negative.
WIDE_LONG = Int("j")
ULONG = Int("L")
INT64 = Int("q")
UINT64 = Int("Q")
SHORT = Int("h")
USHORT = Int("H")
BYTE = Int("b")
UBYTE = Int("B")
SIZE = ULONG
HEX8 = Int("B", Hex)
HEX16 = Int("H", Hex)
HEX32 = Int("I", Hex)
HEX64 = Int("Q", Hex)
HEXLONG = Int("L", Hex)
OCT = Int("I", Oct)
#: A pointer that is never followed.
ADDR = Int("P", Addr)
#: The same in a field of 64 bits.
ADDR64 = Int("Q", Addr)


def table_for(constants: Constants, abi: Abi) -> Any:
    """The table of *constants* that *abi* uses."""
    return constants[abi.name] if isinstance(constants, dict) else constants


class _Named(Type):
    """A number with names; the sets are shared by all that use the same table."""

    value: Callable[[int, Names], Value]
    bits = False

    def __init__(self, constants: Constants, unknown: str = "", code: str = "I", raw: str = "x") -> None:
        self.constants = constants
        self.unknown = unknown
        self.code = code
        self.raw = raw
        self._names: Dict[int, Names] = {}

    def names(self, abi: Abi) -> Names:
        """The names in *abi*."""
        table = table_for(self.constants, abi)
        if id(table) not in self._names:
            self._names[id(table)] = Names(table, self.unknown, self.raw, self.bits)
        return self._names[id(table)]

    def decoder(self, how: How) -> Decoder:
        names = self.names(how.abi)
        value = type(self).value
        return lambda call, number: value(number, names)

    def argument(self, how: How) -> Argument:
        if self.registers(how.abi) == 2:
            return two_registers(self, how)
        names = self.names(how.abi)
        value = type(self).value
        convert = register(self.code, how.abi)
        decode: Decoder = lambda call, raw: value(convert(raw), names)  # noqa: E731
        return Argument(decode, decode)


class Const(_Named):
    """One of a set of named constants. *unknown* is the remark for others (``"F_???"``), *raw* the
    notation of the bare number (x, d, o), *code* its C type."""

    value = ConstValue


class Flags(_Named):
    """A bit mask with named bits. The parameters are those of Const."""

    value = FlagsValue
    bits = True


class InRegister(Type):
    """An argument that is not shown in the order of the registers: *index* is its register's place."""

    def __init__(self, index: int, kind: Type) -> None:
        self.index = index
        self.kind = kind
        self.code = kind.code

    def argument(self, how: How) -> Argument:
        return self.kind.argument(how)


class Ptr(Type):
    """A pointer to one *target*: NULL, what it points at, or the address when that can't be read.
    A scalar target is shown in brackets. *always*: followed even with ``-e verbose=none``."""

    code = "P"

    def __init__(self, target: Type, always: bool = False) -> None:
        self.target = target
        self.always = always

    def decoder(self, how: How) -> Decoder:
        if not how.deref and not self.always:
            return lambda call, address: Addr(address)
        code, size, _ = self.target.layout(how.abi)
        inner = self.target.decoder(how)
        if not self.target.code:
            def aggregate(call: Call, address: int) -> Value:
                data = call.memory.read(address, size) if address else None
                return Addr(address) if data is None else inner(call, data)
            return aggregate
        unpack = _Layout("=" + code).unpack

        def scalar(call: Call, address: int) -> Value:
            data = call.memory.read(address, size) if address else None
            return Addr(address) if data is None else Ref(inner(call, unpack(data)[0]))
        return scalar


class Out(Type):
    """What the call fills in: decoded at exit; after a failure the address is shown."""

    code = "P"

    def __init__(self, kind: Type) -> None:
        self.kind = kind

    def argument(self, how: How) -> Argument:
        inner = self.kind.argument(how)
        leave = inner.leave
        address = register("P", how.abi)
        return Argument(None, lambda call, raw: Addr(address(raw)) if call.error else leave(call, raw),
                        inner.hook)


class AtExit(Type):
    """Decoded at exit whether the call failed or not."""

    def __init__(self, kind: Type) -> None:
        self.kind = kind
        self.code = kind.code

    def argument(self, how: How) -> Argument:
        inner = self.kind.argument(how)
        return Argument(None, inner.leave, inner.hook)


class Begun(Type):
    """Decoded at exit, but begun at entry: the comma before it is written there, and its name with ``-N``.
    *followed*: a pointer that could not be followed at entry is complete there. *named_twice*: see Half."""

    def __init__(self, kind: Type, followed: bool = False, named_twice: bool = False) -> None:
        self.kind = kind
        self.code = kind.code
        self.followed = followed
        self.begun = Half(Words(()), kept=True, named_twice=True) if named_twice else BEGUN

    def argument(self, how: How) -> Argument:
        _, leave, hook = self.kind.argument(how)
        if not self.followed:
            return Argument(lambda call, raw: self.begun, leave, hook)

        def enter(call: Call, raw: int) -> Value:
            value = leave(call, raw)
            return value if isinstance(value, Addr) else BEGUN
        return Argument(enter, leave, hook)


#: The errno values (<linux/errno.h>: EINTR and the kernel's restart codes) of an interrupted call.
INTERRUPTED = frozenset((4, 512, 513, 514, 516))


class FilledWhen(Type):
    """What the call fills in only when *condition*, a function of the call at exit, holds; else an address."""

    code = "P"

    def __init__(self, condition: Callable[[Call], object], kind: Type) -> None:
        self.condition = condition
        self.kind = kind

    def argument(self, how: How) -> Argument:
        condition = self.condition
        leave = self.kind.argument(how).leave
        address = register("P", how.abi)
        return Argument(None, lambda call, raw: leave(call, raw) if condition(call) else Addr(address(raw)))


class OnInterrupt(FilledWhen):
    """What the call fills in only when a signal interrupts it: the rest of a sleep."""

    def __init__(self, kind: Type) -> None:
        super().__init__(lambda call: call.error in INTERRUPTED, kind)


class When(Type):
    """An argument that exists only when *condition* (a function of the call) holds at entry."""

    def __init__(self, condition: Callable[[Call], object], kind: Type) -> None:
        self.condition = condition
        self.kind = kind
        self.code = kind.code

    def argument(self, how: How) -> Argument:
        condition = self.condition
        enter, leave, hook = self.kind.argument(how)
        # One that waits for the exit must not make the call wait when it doesn't exist.
        return Argument(
            lambda call, raw: (LATER if enter is None else enter(call, raw)) if condition(call) else OMIT,
            lambda call, raw: leave(call, raw) if condition(call) else OMIT,
            hook and (lambda call, raw: hook(call, raw) if condition(call) else None))


def by_value(cases: Dict[Any, Any]) -> Dict[int, Any]:
    """*cases*, where a tuple of numbers may stand for each of them, by number."""
    return {number: case for key, case in cases.items() for number in (key if isinstance(key, tuple) else (key,))}


class Switch(Type):
    """An argument whose type another argument (*by*) chooses: *cases* maps values (or tuples of values)
    to types; None means that the argument does not exist. *by* may be a function of the call."""

    def __init__(self, by: Count, cases: Dict[Any, Optional[Type]], default: Optional[Type] = None,
                 code: str = "L") -> None:
        self.by = by
        self.code = code
        self.default = default
        self.cases: Dict[int, Optional[Type]] = by_value(cases)

    def argument(self, how: How) -> Argument:
        number = how.number(self.by)
        omitted = Argument(lambda call, raw: OMIT, lambda call, raw: OMIT)
        prepared: Dict[int, Argument] = {}
        default = self.default.argument(how) if self.default else omitted

        def choose(call: Call) -> Argument:
            value = number(call)
            found = prepared.get(value)
            if found is None:
                if value not in self.cases:
                    return default
                kind = self.cases[value]
                found = prepared[value] = kind.argument(how) if kind else omitted
            return found

        def enter(call: Call, raw: int) -> Value:
            decode = choose(call).enter
            return LATER if decode is None else decode(call, raw)

        def hook(call: Call, raw: int) -> None:
            save = choose(call).hook
            if save is not None:
                save(call, raw)

        return Argument(enter, lambda call, raw: choose(call).leave(call, raw), hook)


class Buffer(Type):
    """A pointer to *size* bytes (a Count), shown as a string that ``-s`` limits."""

    code = "P"

    def __init__(self, size: Count) -> None:
        self.size = size

    def decoder(self, how: How) -> Decoder:
        size = how.number(self.size)
        limit = how.limit

        def decode(call: Call, address: int) -> Value:
            if not address:
                return Addr(0)
            length = size(call)
            more = length > limit
            # The byte after those that are shown has to be there too.
            data = call.memory.read(address, limit + 1 if more else length) if length >= 0 else None
            if data is None:
                return Addr(address)
            return Bytes(data[:limit] if more else data, more, length)
        return decode


#: PATH_MAX of <linux/limits.h>: a longer file name is none.
PATH_MAX = 4096


class Str(Type):
    """A pointer to a string that a NUL ends, limited by ``-s``; *whole*: a file name, never shortened.
    *size* (a Count): so many bytes of it are looked at."""

    code = "P"

    def __init__(self, whole: bool = False, size: Count = PATH_MAX) -> None:
        self.whole = whole
        self.size = size

    def decoder(self, how: How) -> Decoder:
        limit = PATH_MAX if self.whole else how.limit
        size = how.number(self.size)

        def decode(call: Call, address: int) -> Value:
            most = min(limit, size(call))
            if most <= 0 and address:
                return Bytes(b"", True)
            found = call.memory.string(address, most) if address else None
            if found is None:
                return Addr(address)
            data, whole = found
            return Bytes(data, not whole, len(data) if whole else None)
        return decode


class Path(Str):
    """A file name: what -P matches and ``%file`` is about."""

    def __init__(self) -> None:
        super().__init__(whole=True)


STR = Str()
PATH = Path()


class Chars(Type):
    """A char array of *size* bytes inside a structure, a string up to its NUL. *raw*: all the bytes."""

    def __init__(self, size: int, raw: bool = False) -> None:
        self.size = size
        self.raw = raw

    def layout(self, abi: Abi) -> Tuple[str, int, int]:
        return f"{self.size}s", self.size, 1

    def decoder(self, how: How) -> Decoder:
        limit = how.limit

        def decode(call: Call, data: bytes) -> Value:
            if not self.raw:
                data = data.partition(b"\0")[0]
            return Bytes(data[:limit], len(data) > limit, len(data))
        return decode


class Fixed(Type):
    """An array of *count* elements inside a structure."""

    def __init__(self, element: Type, count: int) -> None:
        self.element = element
        self.count = count

    def layout(self, abi: Abi) -> Tuple[str, int, int]:
        _, size, alignment = self.element.layout(abi)
        return f"{size * self.count}s", size * self.count, alignment

    def decoder(self, how: How) -> Decoder:
        items = _elements(self.element, how)
        return lambda call, data: ArrayValue(items(call, data))


def _elements(element: Type, how: How) -> Callable[[Call, bytes], List[Value]]:
    """Decodes bytes as consecutive elements."""
    code, size, _ = element.layout(how.abi)
    inner = element.decoder(how)
    unpack = _Layout("=" + code).iter_unpack
    return lambda call, data: [inner(call, raw) for (raw,) in unpack(data)]


class Array(Type):
    """A pointer to *count* (a Count) elements: ``[1, 2, 3]``, at most ``-s`` of them unless ``-v``, and never
    more than *most*."""

    code = "P"

    def __init__(self, element: Type, count: Count, most: int = MOST_ELEMENTS) -> None:
        self.element = element
        self.count = count
        self.most = most

    def items(self, how: How) -> Callable[[Call, bytes], List[Value]]:
        """The decoder of the elements' bytes."""
        return _elements(self.element, how)

    def decoder(self, how: How) -> Decoder:
        number = how.number(self.count)
        if not how.deref:  # not one element is read, but none is known to be none
            return lambda call, address: ArrayValue(()) if address and not number(call) else Addr(address)
        _, size, _ = self.element.layout(how.abi)
        items = self.items(how)

        def decode(call: Call, address: int) -> Value:
            if not address:
                return Addr(0)
            count = number(call)
            if count <= 0:
                return ArrayValue(()) if count == 0 else Addr(address)
            if address + count * size > _TOP:  # it wraps around: no such array
                return Addr(address)
            shown = min(how.elements(count), self.most)
            # "..." stands for elements of which the first, at least, could be read.
            wanted = min(count, shown + 1)
            data = call.memory.upto(address, wanted * size)
            whole = len(data) // size
            if not whole and wanted:
                return Addr(address)
            return ArrayValue(items(call, data[:min(whole, shown) * size]), whole > shown,
                              None if whole == wanted else address + whole * size)
        return decode


class Sized(Type):
    """A pointer to a structure that grew over the years: *size* (a Count) says how much of it the caller
    knows, at least *minimum* bytes; what is missing is 0. With *rest*, bytes beyond the last field are
    shown when they are not 0; those from 4096 on are never looked at."""

    code = "P"
    LONGEST = 4096

    def __init__(self, kind: Struct, size: Count, minimum: int, rest: bool = True) -> None:
        self.rest = rest
        self.kind = kind
        self.size = size
        self.minimum = minimum

    def decoder(self, how: How) -> Decoder:
        if not how.deref:
            return lambda call, address: Addr(address)
        number = how.number(self.size)
        minimum = self.minimum
        whole = self.kind.layout(how.abi)[1]
        inner = self.kind.decoder(how)
        limit = how.limit
        longest = self.LONGEST if self.rest else 0

        def decode(call: Call, address: int) -> Value:
            size = number(call)
            data = call.memory.read(address, min(size, whole)) if address and size >= minimum else None
            if data is None:
                return Addr(address)
            value = inner(call, data.ljust(whole, b"\0"))
            end = min(size, longest)
            if end > whole and isinstance(value, StructValue):
                rest = call.memory.read(address + whole, end - whole)
                if rest is None:
                    value.fields = [*value.fields, ("", Tail(whole, end, None))]
                elif rest.strip(b"\0"):
                    shown = Bytes(rest[:limit], len(rest) > limit, len(rest), opaque=True)
                    value.fields = [*value.fields, ("", Tail(whole, end, shown))]
            return value
        return decode


class Hidden(Type):
    """A field that is laid out and never shown."""

    def __init__(self, kind: Type) -> None:
        self.kind = kind
        self.code = kind.code

    def layout(self, abi: Abi) -> Tuple[str, int, int]:
        return self.kind.layout(abi)


class Verbose(Hidden):
    """A field that is shown only when structures are not abbreviated (``-v``)."""


class If(Hidden):
    """A field that is shown when *condition*, a function of the raw fields by name, holds."""

    def __init__(self, condition: Callable[[Dict[str, Any]], object], kind: Type) -> None:
        super().__init__(kind)
        self.condition = condition


class Pad(Type):
    """*size* bytes that mean nothing."""

    def __init__(self, size: int) -> None:
        self.size = size

    def layout(self, abi: Abi) -> Tuple[str, int, int]:
        return f"{self.size}s", self.size, 1


class Missing(Type):
    """A field that this form of a structure hasn't, and that is shown as 0."""

    def layout(self, abi: Abi) -> Tuple[str, int, int]:
        return "0s", 0, 1

    def decoder(self, how: How) -> Decoder:
        return lambda call, data: 0


class ByAbi(Type):
    """A type that depends on the ABI: *kinds* by name, *default* for the others."""

    def __init__(self, default: Type, **kinds: Type) -> None:
        self.default = default
        self.kinds = kinds

    def pick(self, abi: Abi) -> Type:
        """The type in *abi*."""
        return self.kinds.get(abi.name, self.default)

    def layout(self, abi: Abi) -> Tuple[str, int, int]:
        return self.pick(abi).layout(abi)

    def decoder(self, how: How) -> Decoder:
        return self.pick(how.abi).decoder(how)

    def argument(self, how: How) -> Argument:
        return self.pick(how.abi).argument(how)

    def registers(self, abi: Abi) -> int:
        return self.pick(abi).registers(abi)


class Struct(Type):
    """A C structure: fields by name, in the order of memory, aligned as the ABI aligns them.

    A field's type may be wrapped: Hidden, Verbose, If, Pad. *order* names the fields in the order they
    are shown when that is not the order of memory. *packed* switches alignment off.
    """

    def __init__(self, *, order: Sequence[str] = (), packed: bool = False, **fields: Type) -> None:
        self.fields = fields
        self.order = tuple(order)
        self.packed = packed
        self._layouts: Dict[str, Tuple[str, int, int]] = {}

    def layout(self, abi: Abi) -> Tuple[str, int, int]:
        _, size, alignment = self._measure(abi)
        return f"{size}s", size, alignment

    def _measure(self, abi: Abi) -> Tuple[str, int, int]:
        """struct's format of all the fields, the size and the alignment."""
        known = self._layouts.get(abi.name)
        if known is None:
            codes = ["="]
            offset, largest = 0, 1
            for kind in self.fields.values():
                code, size, alignment = kind.layout(abi)
                if self.packed:
                    alignment = 1
                gap = -offset % alignment
                codes.append(f"{gap}x{code}" if gap else code)
                offset += gap + size
                largest = max(largest, alignment)
            tail = -offset % largest
            codes.append(f"{tail}x" if tail else "")
            known = self._layouts[abi.name] = "".join(codes), offset + tail, largest
        return known

    def decoder(self, how: How) -> Decoder:
        unpack = _Layout(self._measure(how.abi)[0]).unpack
        names = tuple(self.fields)
        shown: List[Tuple[str, int, Decoder, Optional[Callable[[Dict[str, Any]], object]]]] = []
        more = False
        dependent = False
        for name in self.order or names:
            kind = self.fields[name]
            condition = None
            while isinstance(kind, (Verbose, If)):
                if isinstance(kind, If):
                    condition = kind.condition
                elif how.abbrev:
                    break
                kind = kind.kind
            if isinstance(kind, Verbose):
                more = True
            elif not isinstance(kind, (Hidden, Pad)):
                shown.append((name, names.index(name), kind.decoder(how), condition))
                dependent = dependent or condition is not None or kind.beside
        if not dependent:
            plain = [(name, index, decode) for name, index, decode, _ in shown]

            def independent(call: Call, data: bytes) -> Value:
                raw = unpack(data)
                return StructValue([(name, decode(call, raw[index])) for name, index, decode in plain], more)
            return independent

        def decode_all(call: Call, data: bytes) -> Value:
            raw = unpack(data)
            outer = call.siblings
            siblings = dict(zip(names, raw))
            fields = []
            for name, index, decode, condition in shown:
                call.siblings = siblings
                if condition is not None and not condition(siblings):
                    continue
                fields.append((name, decode(call, raw[index])))
            call.siblings = outer
            return StructValue(fields, more)
        return decode_all
