"""Programs of classic BPF (<linux/filter.h>): seccomp's and sockets' filters."""
from __future__ import annotations

from ..values import Addr, Hex, Joined, Macro, Noted
from ..values import Const as ConstValue
from .core import USHORT, Array, Const, Decoder, How, Struct, Type

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Dict, List, Optional, Tuple

    from ..arch.abi import Abi
    from ..call import Call
    from ..values import Names, Value

_CLASSES = ((0, "BPF_LD"), (1, "BPF_LDX"), (2, "BPF_ST"), (3, "BPF_STX"), (4, "BPF_ALU"), (5, "BPF_JMP"),
            (6, "BPF_RET"), (7, "BPF_MISC"))
_SIZES = (0x18, ((0x00, "BPF_W"), (0x08, "BPF_H"), (0x10, "BPF_B")))
_MODES = (0xe0, ((0x00, "BPF_IMM"), (0x20, "BPF_ABS"), (0x40, "BPF_IND"), (0x60, "BPF_MEM"), (0x80,
                                                                                              "BPF_LEN"),
                 (0xa0, "BPF_MSH")))
_SOURCES = (0x08, ((0x00, "BPF_K"), (0x08, "BPF_X")))
_ALU = (0xf0, ((0x00, "BPF_ADD"), (0x10, "BPF_SUB"), (0x20, "BPF_MUL"), (0x30, "BPF_DIV"), (0x40, "BPF_OR"),
               (0x50, "BPF_AND"), (0x60, "BPF_LSH"), (0x70, "BPF_RSH"), (0x80, "BPF_NEG"), (0x90, "BPF_MOD"),
               (0xa0, "BPF_XOR")))
# The last ones are eBPF's, by which strace calls them too.
_JUMPS = (0xf0, ((0x00, "BPF_JA"), (0x10, "BPF_JEQ"), (0x20, "BPF_JGT"), (0x30, "BPF_JGE"), (0x40,
                                                                                             "BPF_JSET"),
                 (0x50, "BPF_JNE"), (0x60, "BPF_JSGT"), (0x70, "BPF_JSGE"), (0x80, "BPF_CALL"), (0x90,
                                                                                                 "BPF_EXIT"),
                 (0xa0, "BPF_JLT"), (0xb0, "BPF_JLE"), (0xc0, "BPF_JSLT"), (0xd0, "BPF_JSLE"), (0xe0,
                                                                                                "BPF_JCOND")))
_RESULTS = (0x18, ((0x00, "BPF_K"), (0x08, "BPF_X"), (0x10, "BPF_A")))
_MISC = (0xf8, ((0x00, "BPF_TAX"), (0x80, "BPF_TXA")))
#: What the bits beside the class mean, by class.
_FIELDS: Dict[int, Tuple[Tuple[int, Tuple[Tuple[int, str], ...]], ...]] = {
    0: (_SIZES, _MODES), 1: (_SIZES, _MODES), 2: (), 3: (), 4: (_SOURCES, _ALU), 5: (_SOURCES, _JUMPS),
    6: (_RESULTS,), 7: (_MISC,)}
_RET = 6


class Instruction(Type):
    """A struct sock_filter: ``BPF_STMT(BPF_LD|BPF_W|BPF_ABS, 0)``. *action* names the high half of what a
    return statement returns (seccomp's)."""

    def __init__(self, action: Optional[Const] = None) -> None:
        self.action = action

    def layout(self, abi: Abi) -> Tuple[str, int, int]:
        return "8s", 8, 4

    def decoder(self, how: How) -> Decoder:
        classes = Const(_CLASSES).names(how.abi)
        fields: Dict[int, List[Tuple[int, Names]]] = {
            kind: [(mask, Const(table, "BPF_???").names(how.abi)) for mask, table in parts]
            for kind, parts in _FIELDS.items()}
        actions = self.action and self.action.names(how.abi)

        def decode(call: Call, data: bytes) -> Value:
            code, k = int.from_bytes(data[:2], "little"), int.from_bytes(data[4:], "little")
            kind = code & 7
            rest = code & ~7
            parts: List[Value] = [ConstValue(kind, classes)]
            for mask, names in fields[kind]:
                parts.append(ConstValue(code & mask, names))
                rest &= ~mask
            if rest:
                parts.append(Noted(Hex(rest), "BPF_???"))
            operand: Value = Hex(k)
            if kind == _RET and actions:
                returned: List[Value] = [ConstValue(k & 0xffff0000, actions)]
                if k & 0xffff:
                    returned.append(Hex(k & 0xffff))
                operand = Joined(k, returned)
            if data[2] or data[3]:
                return Macro("BPF_JUMP", (Joined(code, parts), operand, Hex(data[2]), Hex(data[3])))
            return Macro("BPF_STMT", (Joined(code, parts), operand))
        return decode


class Program(Type):
    """The field *filter* of a struct sock_fprog: the instructions, when structures are shown in full."""

    code = "P"
    beside = True

    def __init__(self, action: Optional[Const] = None) -> None:
        self._instructions = Array(Instruction(action), lambda call: call.siblings["len"])

    def decoder(self, how: How) -> Decoder:
        if how.abbrev:
            return lambda call, address: Addr(address)
        return self._instructions.decoder(how)


def program(action: Optional[Const] = None) -> Struct:
    """A struct sock_fprog; *action* as in Instruction."""
    return Struct(len=USHORT, filter=Program(action))


SOCK_FPROG = program()
