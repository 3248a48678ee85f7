"""What ptrace(2)'s requests point at: registers, siginfo, what is known of a system call, filters."""
from __future__ import annotations

from struct import Struct as _Layout

from ..arch import of_machine
from ..constants import prctl
from ..values import BEGUN, Addr, Half, Hex, Names, Noted, Tail
from ..values import Array as ArrayValue
from ..values import Const as ConstValue
from ..values import Struct as StructValue
from .common import changed
from .core import (
    ADDR,
    HEX16,
    HEX32,
    HEX64,
    UINT,
    UINT64,
    ULONG,
    Argument,
    Array,
    Begun,
    ByAbi,
    Const,
    Fixed,
    Flags,
    How,
    Out,
    Ptr,
    Struct,
    Type,
    register,
)
from .filter import Instruction
from .siginfo import ARCHS, SIGINFO, system_call
from .signals import SignalSetAt

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Callable, Dict, List, Optional, Tuple

    from ..arch.abi import Abi
    from ..call import Call
    from ..values import Value
    from .core import Count, Decoder

    Fields = List[Tuple[str, Value]]


class Followed(Type):
    """A pointer that is *kind* where pointers are followed, and an address with ``-e verbose=none``. *whole*:
    not where structures are abbreviated either."""

    code = "P"

    def __init__(self, kind: Type, whole: bool = False) -> None:
        self.kind = kind
        self.whole = whole

    def argument(self, how: How) -> Argument:
        return (ADDR if not how.deref or self.whole and how.abbrev else self.kind).argument(how)


class RegisterSet(Struct):
    """A structure of registers, all of them numbers in hexadecimal or arrays of such. Its decoder takes bytes of any
    length: registers that are beyond their end are not shown."""

    def __init__(self, registers: Dict[str, Type]) -> None:
        super().__init__(**registers)  # type: ignore[arg-type]

    def decoder(self, how: How) -> Decoder:
        parts: List[Tuple[str, int, int, int]] = []  # name, offset, bytes of one, number of an array's
        offset = 0
        for name, kind in self.fields.items():
            count = kind.count if isinstance(kind, Fixed) else 0
            _, size, alignment = (kind.element if isinstance(kind, Fixed) else kind).layout(how.abi)
            offset += -offset % alignment
            parts.append((name, offset, size, count))
            offset += size * (count or 1)
        whole = offset

        def decode(call: Call, data: bytes) -> Value:
            fields: Fields = []
            for name, offset, size, count in parts:
                present = min((len(data) - offset) // size, count or 1)
                if present <= 0:
                    break
                shown = how.elements(present)
                numbers = [Hex(int.from_bytes(data[at:at + size], "little"))
                           for at in range(offset, offset + min(present, shown) * size, size)]
                fields.append((name, ArrayValue(numbers, present > shown) if count else numbers[0]))
            return StructValue(fields, len(data) > whole)
        return decode


def _registers(kind: Type, names: str) -> Dict[str, Type]:
    return dict.fromkeys(names.split(), kind)


#: struct user_regs_struct and struct user_fpregs_struct of <sys/user.h>, in 64-bit and in 32-bit programs.
_X86_64 = RegisterSet(_registers(
    HEX64, "r15 r14 r13 r12 rbp rbx r11 r10 r9 r8 rax rcx rdx rsi rdi orig_rax rip cs eflags rsp ss fs_base gs_base "
           "ds es fs gs"))
_X86_64_FP = RegisterSet({
    **_registers(HEX16, "cwd swd ftw fop"), **_registers(HEX64, "rip rdp"), **_registers(HEX32, "mxcsr mxcr_mask"),
    "st_space": Fixed(HEX32, 32), "xmm_space": Fixed(HEX32, 64), "padding": Fixed(HEX32, 24)})
_I386 = RegisterSet(_registers(
    HEX32, "ebx ecx edx esi edi ebp eax xds xes xfs xgs orig_eax eip xcs eflags esp xss"))
_I386_FP = RegisterSet({**_registers(HEX32, "cwd swd twd fip fcs foo fos"), "st_space": Fixed(HEX32, 20)})
#: struct user_pt_regs of <asm/ptrace.h>.
_AARCH64 = RegisterSet({"regs": Fixed(HEX64, 31), **_registers(HEX64, "sp pc pstate")})

#: The register sets that are shown, by NT_* and ABI, and the size of their words.
_SETS: Dict[int, Dict[str, Tuple[RegisterSet, int]]] = {
    1: {"x86_64": (_X86_64, 8), "x32": (_X86_64, 8), "i386": (_I386, 4), "aarch64": (_AARCH64, 8)},
    2: {"x86_64": (_X86_64_FP, 8), "x32": (_X86_64_FP, 8), "i386": (_I386_FP, 4)},
}
_REGISTERS, _FP_REGISTERS = (
    ByAbi(ADDR, **{abi: Followed(Ptr(kind)) for abi, (kind, _) in _SETS[note].items()}) for note in (1, 2))

#: The types of arguments *data*: what the tracer is told, and what it sets.
TOLD_WORD = Begun(Out(Ptr(ADDR)))
TOLD_MESSAGE = Begun(Out(Ptr(ULONG)))
TOLD_REGISTERS, SET_REGISTERS = Begun(Out(_REGISTERS)), _REGISTERS
TOLD_FP_REGISTERS, SET_FP_REGISTERS = Begun(Out(_FP_REGISTERS)), _FP_REGISTERS
TOLD_SIGINFO, SET_SIGINFO = Begun(Out(Ptr(SIGINFO))), Ptr(SIGINFO)
TOLD_SIGNALS = Begun(Out(Followed(Array(SIGINFO, "return"))))
TOLD_MASK, SET_MASK = Begun(Out(SignalSetAt("addr"))), SignalSetAt("addr")
TOLD_FILTER = Begun(Out(Followed(
    Array(Instruction(Const(prctl.SECCOMP_ACTIONS, "SECCOMP_RET_???")), "return"), whole=True)))
#: struct ptrace_peeksiginfo_args of <linux/ptrace.h>.
SIGNALS_ASKED = Ptr(Struct(
    off=UINT64, flags=Flags(prctl.PTRACE_PEEKSIGINFO_FLAGS, "PTRACE_PEEKSIGINFO_???"), nr=UINT))


class RegisterVector(Type):
    """A pointer to a struct iovec that has room for the register set that the argument *addr* names, or, when *told*
    is false, has that set already. The call changes iov_len to what it copied."""

    code = "P"

    def __init__(self, told: bool) -> None:
        self.told = told

    def argument(self, how: How) -> Argument:
        if not how.deref:
            return ADDR.argument(how)
        address = register("P", how.abi)
        note = how.number("addr")
        iovec = _Layout("=QQ" if how.abi.word == 8 else "=II")
        sets: Dict[int, Tuple[Decoder, int, int]] = {
            number: (kinds[how.abi.name][0].decoder(how), kinds[how.abi.name][0].layout(how.abi)[1],
                     kinds[how.abi.name][1]) for number, kinds in _SETS.items() if how.abi.name in kinds}

        def vector(call: Call, raw: int) -> Optional[Tuple[int, int]]:
            data = call.memory.read(address(raw), iovec.size) if address(raw) else None
            return data and iovec.unpack(data)  # type: ignore[return-value]

        def registers(call: Call, base: int, length: int) -> Value:
            known = sets.get(note(call))
            if known is None or not base or not length or length % known[2]:
                return Addr(base)
            decode, size, _ = known
            data = call.memory.read(base, min(length, size))
            if data is None:
                return Addr(base)
            # One byte more tells the decoder that there are more.
            return decode(call, data + b"\0" if length > size else data)

        def begin(call: Call, raw: int) -> Value:
            found = vector(call, raw)
            if found is None:
                return Addr(address(raw))
            call.save("iov_len", found[1])
            return BEGUN

        def told(call: Call, raw: int) -> Value:
            found = vector(call, raw)
            if found is None:
                return Addr(address(raw))
            base, length = found
            return StructValue([("iov_base", Addr(base) if call.error else registers(call, base, length)),
                                ("iov_len", changed(call.load("iov_len"), length))])

        def given(call: Call, raw: int) -> Value:
            found = vector(call, raw)
            if found is None:
                return Addr(address(raw))
            value = StructValue([("iov_base", registers(call, *found)), ("iov_len", found[1])])
            return Half(value, open=True, kept=True)

        def taken(call: Call, raw: int) -> Value:
            base, (name, length) = call.load("half").value.fields
            found = vector(call, raw)
            return StructValue([base, (name, length if found is None else changed(length, found[1]))])

        return Argument(begin, told) if self.told else Argument(given, taken)


TOLD_REGISTER_SET, SET_REGISTER_SET = RegisterVector(True), RegisterVector(False)


class FilterMetadata(Type):
    """A pointer to a struct seccomp_metadata of <linux/ptrace.h> of *addr* bytes: which filter is asked for, and its
    flags, when the call tells that many bytes."""

    code = "P"
    #: Where the flags begin, and where they end.
    FLAGS, END = 8, 16

    def argument(self, how: How) -> Argument:
        if not how.deref:
            return ADDR.argument(how)
        address = register("P", how.abi)
        size = how.number("addr")
        names = Flags(prctl.SECCOMP_FILTER_FLAGS, "SECCOMP_FILTER_FLAG_???", code="Q").decoder(how)

        def enter(call: Call, raw: int) -> Value:
            where = address(raw)
            data = call.memory.read(where, self.FLAGS) if where and size(call) >= self.FLAGS else None
            if data is None:
                return Addr(where)
            return Half(StructValue([("filter_off", int.from_bytes(data, "little"))]), open=True, kept=True)

        def leave(call: Call, raw: int) -> Value:
            fields: Fields = list(call.load("half").value.fields)
            if call.error or call.ret <= self.FLAGS:
                return StructValue(fields)
            data = None
            if call.ret >= self.END:
                data = call.memory.read(address(raw) + self.FLAGS, self.END - self.FLAGS)
            if data is None:
                return StructValue([*fields, ("", Tail(self.FLAGS, self.END, None))])
            return StructValue([*fields, ("flags", names(call, int.from_bytes(data, "little")))], call.ret > self.END)
        return Argument(enter, leave)


TOLD_METADATA = FilterMetadata()

_OPS = Names(prctl.PTRACE_SYSCALL_INFO_OPS, "PTRACE_SYSCALL_INFO_???")
_ENTRY, _EXIT, _SECCOMP = 1, 2, 3
#: No system call returns a number below this one but as an error (MAX_ERRNO of <linux/err.h>).
_LOWEST_ERROR = -4095


def _error(number: int) -> Value:
    """The result of a system call that failed: ``-EFAULT``."""
    from ..constants.errno import NAMES
    name = NAMES.get(-number) if _LOWEST_ERROR <= number < 0 else None
    return number if name is None else ConstValue(number, Names(((number, f"-{name}"),), raw="d"))


def _number(abi: Abi, arch: int, number: int) -> Value:
    """System call *number* of the architecture *arch*, with a remark where that is another of this machine's."""
    if arch == abi.audit_arch:
        return system_call(abi, arch, number)
    for other in of_machine():
        if other.audit_arch == arch and number & other.nr_bit == other.nr_bit:
            name = other.names.get(number & ~other.nr_bit)
            if name is not None:
                return Noted(number, name, raw=False)
    return number


class SyscallInfo(Type):
    """A pointer to a struct ptrace_syscall_info of <linux/ptrace.h>, of which only *size* (a Count) bytes count."""

    code = "P"
    #: Where the union begins, and where it ends.
    UNION, END = 24, 88

    def __init__(self, size: Callable[[Callable[[Call], int]], Count]) -> None:
        self.size = size

    def decoder(self, how: How) -> Decoder:
        if not how.deref:
            return lambda call, address: Addr(address)
        size = how.number(self.size(how.number("addr")))

        def words(data: bytes, start: int, end: int) -> List[int]:
            return [int.from_bytes(data[at:at + 8], "little") for at in range(start, min(end, len(data)) - 7, 8)]

        def of_call(abi: Abi, arch: int, data: bytes) -> Fields:
            fields: Fields = [("nr", _number(abi, arch, words(data, 24, 32)[0]))]
            arguments = words(data, 32, 80)
            if arguments:
                shown = [Hex(number) for number in arguments[:how.elements(len(arguments))]]
                fields.append(("args", ArrayValue(shown, len(arguments) > len(shown))))
            return fields

        def of_result(data: bytes) -> Fields:
            failed = data[32] if len(data) > 32 else 0
            number = int.from_bytes(data[24:32], "little", signed=True)
            fields: Fields = [("rval", _error(number) if failed else number)]
            if len(data) > 32:
                fields.append(("is_error", failed))
            return fields

        def decode(call: Call, address: int) -> Value:
            length = min(size(call), self.END)
            data = call.memory.read(address, length) if address and length > 0 else None
            if data is None:
                return Addr(address)
            op = data[0]
            fields: Fields = [("op", ConstValue(op, _OPS))]
            # What ought to be zeros, shown when it isn't.
            fields += [(name, Hex(number)) for name, number in (
                ("reserved", int.from_bytes(data[1:2], "little")), ("flags", int.from_bytes(data[2:4], "little")))
                if number]
            arch = int.from_bytes(data[4:8], "little")
            if length >= 8:
                fields.append(("arch", ConstValue(arch, ARCHS)))
            fields += [(name, Addr(number)) for name, number in zip(
                ("instruction_pointer", "stack_pointer"), words(data, 8, self.UNION))]
            if length >= self.UNION + 8:
                abi = call.tracee.abi
                if op == _ENTRY:
                    fields.append(("entry", StructValue(of_call(abi, arch, data))))
                elif op == _EXIT:
                    fields.append(("exit", StructValue(of_result(data))))
                elif op == _SECCOMP:
                    inner = of_call(abi, arch, data)
                    if length >= 84:
                        inner.append(("ret_data", int.from_bytes(data[80:84], "little")))
                    fields.append(("seccomp", StructValue(inner)))
            return StructValue(fields)
        return decode


TOLD_SYSCALL_INFO = Begun(Out(SyscallInfo(lambda room: lambda call: min(room(call), call.ret))))
SET_SYSCALL_INFO = SyscallInfo(lambda room: room)
