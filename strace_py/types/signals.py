"""Sets of signals (sigset_t as the kernel knows it), handlers, and what handlers and waits leave behind."""
from __future__ import annotations

from ..constants import signals
from ..values import OMIT, Addr, Bits, Names, Words
from ..values import Const as ConstValue
from ..values import Struct as StructValue
from .common import Expected, bits
from .core import ADDR, ULONG, Argument, Count, Decoder, Flags, How, If, Pad, Ptr, Struct, Type, register
from .siginfo import SIGINFO

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Callable, Dict, Optional, Tuple

    from ..arch.abi import Abi
    from ..call import Call
    from ..values import Value

#: Bytes of the kernel's sigset_t on every ABI that we know (_NSIG / 8); the kernel refuses other sizes.
SIZE = 8

#: Signal number -> name in a set.
SHORT_NAMES: Dict[int, str] = {number: name[3:] for number, name in signals.NAMES.items()}

# Programs use few different sets; a tracee that makes up many must not fill our memory.
_REMEMBERED = 1024
_known: Dict[bytes, Bits] = {}


def signal_set(data: bytes) -> Bits:
    """The set whose bits *data* holds, words of 32: bit 0 is signal 1. When two thirds of the signals are in it,
    those that are left out are named instead."""
    found = _known.get(data)
    if found is None:
        data += bytes(-len(data) % 4)
        mask = int.from_bytes(data, "little")
        count = 8 * len(data)
        present = [bit + 1 for bit in bits(data)]
        inverted = len(present) >= count * 2 // 3 > 0
        numbers = [number for number in range(1, count + 1) if number not in present] if inverted else present
        found = Bits(mask, [SHORT_NAMES[number] for number in numbers], inverted, numbers)
        if len(_known) < _REMEMBERED:
            _known[data] = found
    return found


class SignalSet(Type):
    """A set of at most SIZE bytes in memory, for structures and as a target of Ptr."""

    def __init__(self, size: int = SIZE) -> None:
        self.size = size

    def layout(self, abi: Abi) -> Tuple[str, int, int]:
        return f"{self.size}s", self.size, min(abi.word, self.size)

    def decoder(self, how: How) -> Decoder:
        return lambda call, data: signal_set(data)


#: The kernel's sigset_t.
SIGSET = SignalSet()


class SignalMask(Type):
    """A set of 32 signals in a register."""

    code = "I"

    def decoder(self, how: How) -> Decoder:
        return lambda call, number: signal_set(number.to_bytes(4, "little"))


def old_mask(word: str) -> Callable[[How], Callable[[Call], Optional[Value]]]:
    """The note beside a result that is such a set: *word* and the set."""
    def prepare(how: How) -> Callable[[Call], Optional[Value]]:
        decode = SignalMask().decoder(how)
        return lambda call: None if call.error else Words(((word, decode(call, call.ret & 0xffffffff)),))
    return prepare


class SignalSetAt(Type):
    """A pointer to a set whose size in bytes is *size* (a Count, usually the name of an argument). It is
    followed when the size is from a word's to the kernel's; *shorter*: when it is smaller, too (rt_sigpending)."""

    code = "P"

    def __init__(self, size: Count = "sigsetsize", shorter: bool = False) -> None:
        self.size = size
        self.shorter = shorter

    def decoder(self, how: How) -> Decoder:
        if not how.deref:
            return lambda call, address: Addr(address)
        number = how.number(self.size)
        least = 1 if self.shorter else how.abi.word

        def decode(call: Call, address: int) -> Value:
            size = number(call)
            if not least <= size <= SIZE:
                return Addr(address)
            data = call.memory.read(address, size) if address else None
            return Addr(address) if data is None else signal_set(data)
        return decode


#: SIG_ERR has all the bits of the tracer's word: no handler of a 32-bit ABI has that name.
_HANDLERS = Names(((0, "SIG_DFL"), (1, "SIG_IGN"), ((1 << 64) - 1, "SIG_ERR")))
_NAMED = {value for value, _ in _HANDLERS.table}


class Handler(Type):
    """A signal handler: SIG_DFL and its kin, or an address."""

    code = "P"

    def decoder(self, how: How) -> Decoder:
        return lambda call, number: ConstValue(number, _HANDLERS) if number in _NAMED else Addr(number)


def former_handler(how: How) -> Callable[[Call], Optional[Value]]:
    """The note beside a result that is a handler: its name."""
    address = register("P", how.abi)

    def note(call: Call) -> Optional[Value]:
        name = None if call.error else _HANDLERS.name(address(call.ret))
        return None if name is None else Words(((name, None),))
    return note


_SA_RESTORER = 0x4000000
#: struct sigaction as the kernel has it.
SIGACTION = Struct(
    sa_handler=Handler(), sa_flags=Flags(signals.SA_FLAGS, "SA_???", code="L"),
    sa_restorer=If(lambda raw: raw["sa_flags"] & _SA_RESTORER, ADDR), sa_mask=SIGSET,
    # Of the C library's larger set, which strace reads.
    rest=Pad(56), order=("sa_handler", "sa_mask", "sa_flags", "sa_restorer"))

#: struct old_sigaction of the 32-bit ABIs.
OLD_SIGACTION = Struct(
    sa_handler=Handler(), sa_mask=SignalSet(4), sa_flags=Flags(signals.SA_FLAGS, "SA_???", code="L"),
    sa_restorer=If(lambda raw: raw["sa_flags"] & _SA_RESTORER, ADDR))

#: stack_t.
STACK = Struct(ss_sp=ADDR, ss_flags=Flags(signals.SIGALTSTACK_FLAGS, "SS_???"), ss_size=ULONG)


class SignalMaskInFrame(Type):
    """The mask that sigreturn restores: it lies in the frame that the kernel pushed for the handler,
    *offsets* (by ABI name) bytes above the stack pointer; when there are two, its halves lie apart. It is no
    argument and in no register. *old*: of sigreturn(2), which has no name for it and, where there is none, shows
    the frame's address."""

    def __init__(self, old: bool = False, **offsets: Tuple[int, ...]) -> None:
        self.old = old
        self.offsets = offsets

    def registers(self, abi: Abi) -> int:
        return 0

    def argument(self, how: How) -> Argument:
        offsets = self.offsets.get(how.abi.name, (0,))
        size = SIZE // len(offsets)
        deref = how.deref
        word = how.abi.word
        top = 1 << 8 * (8 if how.abi.wide else word)
        last = 1 << 8 * word
        old = self.old

        def decode(call: Call, _: int) -> Value:
            if call.sp <= word and not old:
                return OMIT
            addresses = [(call.sp + offset) % top for offset in offsets]
            parts = [call.memory.read(address, size) or b"" for address in addresses if address < last] if deref else []
            mask = b"".join(parts)
            whole = len(mask) == SIZE
            value: Value = StructValue((("mask", signal_set(mask) if whole else Addr(addresses[0])),))
            if old:
                return Words((("", value if whole else Addr(call.sp)),))
            return value
        return Argument(decode, decode)


#: Where a wait for a signal puts its siginfo_t, if anywhere: a NULL is known at entry, and so is what follows it.
RECEIVED = Expected(lambda call, address: address, Ptr(SIGINFO))
