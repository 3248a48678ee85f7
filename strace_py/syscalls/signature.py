"""A system call's signature, and what becomes of it once ABI and options are known.

    openat = Syscall(dirfd=DIRFD, pathname=PATH, flags=OPEN_FLAGS, mode=When(creates, MODE), returns=NEW_FD)

Keyword order is argument order, keyword names are the kernel's. From this one line come the text, the
JSON, the entry/exit split, each argument's width and the path and descriptor filters.
"""
from __future__ import annotations

from ..types.core import LONG, Argument, Decoder, How, InRegister, Type, register
from ..values import LATER, Half, Hex

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Dict, List, Optional, Tuple

    from ..arch.abi import Abi
    from ..call import Call
    from ..kernel.memory import Memory
    from ..options import Options
    from ..values import Dump, Value

    Hook = Callable[[Call, int], None]
    #: Prepares what is shown beside a result: given a How, a function from the call to a value or None.
    Note = Callable[[How], Callable[[Call], Optional[Value]]]
else:
    Hook = Note = None  # for annotations alone


class Syscall:
    """The arguments by name, the type of what is returned, and what is shown beside it.

    *note* makes a value for the parentheses after the result (``= 1 (in [3])``). *dump* says which data
    ``-e read`` or ``-e write`` show: ``"read"`` or ``"write"``, the name of the argument, and for one that
    points neither at the data nor at struct iovec its shape, ``"msghdr"`` or ``"mmsghdr"``.
    *named*: the arguments are always shown with their names.
    *never_returns*: no syscall-exit-stop follows (exit, exit_group).
    *overlooked*: arguments that are paths or descriptors, but that -P and -e trace-fds take no notice of.
    *rewritten*: arguments that are shown as they were at entry, that the kernel writes to before the call returns,
    and whose types don't tell; who first hears of a call when it returns needs to know (output/whole.py).
    """

    def __init__(self, *, returns: Type = LONG, note: Optional[Note] = None, dump: Tuple[str, ...] = (),
                 never_returns: bool = False, named: bool = False, overlooked: Tuple[str, ...] = (),
                 rewritten: Tuple[str, ...] = (),
                 **arguments: Type) -> None:
        self.arguments = arguments
        self.returns = returns
        self.note = note
        self.dump = dump
        self.never_returns = never_returns
        self.named = named
        self.overlooked = overlooked
        self.rewritten = rewritten


class Variants(Syscall):
    """A system call that is many: the value of its first argument chooses among *cases*, and *default* is
    for the others (prctl)."""

    def __init__(self, default: Syscall, cases: Dict[int, Syscall]) -> None:
        super().__init__(returns=default.returns, note=default.note, **default.arguments)  # type: ignore[arg-type]
        self.cases = cases


class ByAbi:
    """A system call whose arguments depend on the ABI: signatures by ABI name, *default* for the rest."""

    def __init__(self, default: Syscall, **signatures: Syscall) -> None:
        self.default = default
        self.signatures = signatures


class Prepared:
    """A signature worked out for one system call of one ABI under one set of options.

    *entering* decodes what the syscall-enter-stop can tell: ``(decoder, first register)`` in order;
    *leaving* has a pair for every argument. *kinds* are the types by name, *where* has the number of
    the first register, too. *traced*: the user wants it. *key*: what it is in sets of system calls.
    *resumable*: what restart_syscall(2) says that it resumes: "" where nothing has a name, None for itself.
    """

    __slots__ = ("abi", "nr", "name", "names", "kinds", "entering", "leaving", "hooks", "returns", "note",
                 "dump", "never_returns", "getters", "raw", "traced", "named", "where",
                 "overlooked", "rewritten", "key", "resumable", "_after")

    #: For a call that may stand for another one: finds the signature and the arguments of that, given the
    #: tracee's memory and the registers.
    resolve: Optional[Callable[[Memory, Tuple[int, ...]], Tuple[Prepared, Tuple[int, ...]]]] = None

    def __init__(self, name: str, nr: int, signature: Optional[Syscall], abi: Abi, options: Options,
                 number: Optional[int] = None) -> None:
        self.key = key = (abi.name, (nr if number is None else number) & ~abi.nr_bit)
        self.abi = abi
        self.nr = nr
        self.name = name
        arguments = dict(UNKNOWN.arguments if signature is None else signature.arguments)
        signature = signature or UNKNOWN
        self.raw = key in options.raw
        self.traced = key in options.trace
        self.kinds: Dict[str, Type] = arguments
        self.names = tuple(arguments)
        self.where = where = places(arguments, abi)
        how = How(abi, options, abbrev=key in options.abbrev, deref=key in options.verbose, where=where)
        self.getters: Dict[str, Callable[[Call], int]] = {
            argument: how.number(argument) for argument, kind in arguments.items() if kind.code}
        self.entering: List[Tuple[Decoder, int]] = []
        self.leaving: List[Tuple[Decoder, int]] = []
        self.hooks: List[Tuple[Hook, int]] = []
        entering = True
        if self.raw:  # as many bare registers as the arguments take, and none has a name
            count = max([index + kind.registers(abi) for index, kind in where.values()], default=0)
            self.names = tuple(UNKNOWN.arguments)[:count]
            self.entering = self.leaving = [(RAW.argument(how).leave, index) for index in range(count)]
            arguments = {}
        for argument, kind in arguments.items():
            prepared = kind.argument(how)
            index = where[argument][0]
            if kind.registers(abi) == 2:
                prepared = _joined(prepared, index)
            if prepared.enter is None:
                entering = False
            elif entering:
                self.entering.append((prepared.enter, index))
            self.leaving.append((prepared.leave, index))
            if prepared.hook is not None:
                self.hooks.append((prepared.hook, index))
        #: What is left of *leaving* after so many arguments.
        self._after = [self.leaving[count:] for count in range(len(self.leaving) + 1)]
        self.returns = (RAW if self.raw else signature.returns).decoder(how)
        self.note = signature.note(how) if signature.note is not None and not self.raw else None
        self.dump: Optional[Callable[[Call], Optional[Dump]]] = None
        if signature.dump:
            wanted = options.read_dump if signature.dump[0] == "read" else options.write_dump
            if wanted:
                from ..types.dump import prepare
                self.dump = prepare(signature.dump, self.kinds, self.getters, abi, wanted)
        self.never_returns = signature.never_returns
        self.named = signature.named and not self.raw
        self.overlooked = signature.overlooked
        self.rewritten = signature.rewritten
        self.resumable = "" if signature is UNKNOWN else None if name == "restart_syscall" else name

    def enter(self, call: Call) -> None:
        """At the syscall-enter-stop: fill in what is known."""
        values = call.values
        args = call.args
        for decode, index in self.entering:
            value = decode(call, args[index])
            if value is LATER:
                break
            values.append(value)
            if type(value) is Half:
                call.halved = True
                break
        call.entry_count = len(values) - call.halved
        for save, index in self.hooks:
            save(call, args[index])

    def leave(self, call: Call) -> None:
        """At the syscall-exit-stop: fill in the rest and the result."""
        values = call.values
        args = call.args
        if call.halved:
            call.save("half", values.pop())  # to be made whole
        for decode, index in self._after[call.entry_count]:
            values.append(decode(call, args[index]))
        if not call.error:
            call.result = self.returns(call, call.ret)
        if self.note is not None:
            call.note = self.note(call)
        if self.dump is not None:
            call.dump = self.dump(call)

    def incomplete(self, call: Call) -> bool:
        """Whether the exit of *call*, that never comes, would have told more than a result."""
        return call.entry_count < len(self.names) or self.note is not None and self.note(call) is not None


def places(arguments: Dict[str, Type], abi: Abi) -> Dict[str, Tuple[int, Type]]:
    """The first register of each argument, with its type."""
    where: Dict[str, Tuple[int, Type]] = {}
    registers = 0
    for argument, kind in arguments.items():
        width = kind.registers(abi)
        if width == 2 and abi.even_pairs:
            registers += registers % 2
        where[argument] = (kind.index if isinstance(kind, InRegister) else registers), kind
        registers += width
    return where


def bare(signature: Syscall, abi: Abi) -> Syscall:
    """What is shown of the calls that x32 has by 64-bit numbers, too: as many words as they have arguments."""
    count = max([index + kind.registers(abi) for index, kind in places(signature.arguments, abi).values()], default=0)
    words: Dict[str, Any] = dict(list(UNKNOWN.arguments.items())[:count])
    return Syscall(returns=RAW, **words) if count else signature


class PreparedVariants(Prepared):
    """A Variants, worked out: a call gets its own signature when it enters."""

    __slots__ = ("_case", "_cases", "_prepared", "_options")

    def __init__(self, name: str, nr: int, signature: Variants, abi: Abi, options: Options) -> None:
        super().__init__(name, nr, signature, abi, options)
        self._case = self.getters[next(iter(signature.arguments))]
        self._cases = {} if self.raw else signature.cases
        self._prepared: Dict[int, Prepared] = {}
        self._options = options

    def enter(self, call: Call) -> None:
        case = self._case(call)
        chosen = self._prepared.get(case)
        if chosen is None:
            found = self._cases.get(case)
            if found is None:
                super().enter(call)
                return
            chosen = self._prepared[case] = Prepared(self.name, self.nr, found, self.abi, self._options)
        call.signature = chosen
        chosen.enter(call)


class Narrow(Prepared):
    """A call of which the lower 32 bits of each register count, unless its argument has 64: then all registers are
    shown whole where only registers are shown."""

    __slots__ = ("_inner", "_masks")

    def __init__(self, inner: Prepared, options: Options) -> None:
        super().__init__(inner.name, inner.nr, None, inner.abi, options)
        self._inner = inner
        wide = {index for index, kind in inner.where.values() if kind.code in ("q", "Q")}
        self._masks = [(1 << 64 if index in wide or inner.raw and wide else 1 << 32) - 1 for index in range(6)]

    def resolve(self, memory: Memory, args: Tuple[int, ...]) -> Tuple[Prepared, Tuple[int, ...]]:
        return self._inner, tuple([word & mask for word, mask in zip(args, self._masks)])


def _joined(argument: Argument, index: int) -> Argument:
    """A 64-bit argument in two 32-bit registers."""
    def join(inner: Optional[Callable[[Call, Any], Any]]) -> Any:
        return inner and (lambda call, raw: inner(call, raw & 0xffffffff | (call.args[index + 1] & 0xffffffff) << 32
                                                 if index + 1 < len(call.args) else raw))
    return Argument(join(argument.enter), join(argument.leave), join(argument.hook))


class _Raw(Type):
    """A register as it is, in hexadecimal."""

    code = "L"

    def decoder(self, how: How) -> Decoder:
        convert = register("L", how.abi)
        return lambda call, raw: Hex(convert(raw))


RAW = _Raw()
#: A system call without a signature: six words.
UNKNOWN = Syscall(returns=RAW, arg1=RAW, arg2=RAW, arg3=RAW, arg4=RAW, arg5=RAW, arg6=RAW)
