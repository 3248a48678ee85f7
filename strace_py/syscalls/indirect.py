"""System calls of 32-bit x86 whose arguments are not in the registers.

socketcall(2) and ipc(2) are many calls under one number, told apart by the first register; the oldest forms of
mmap(2) and select(2) point at a structure of their arguments. What such a call is, is known only when its
registers and the tracee's memory have been read: then it has the name, the signature and the arguments of
the call that it stands for. Where the memory can't be read it is shown as it is.
"""
from __future__ import annotations

from struct import Struct

from ..arch.abi import key
from ..arch.i386 import ABI as I386
from ..types.core import ADDR, HEXLONG, INT, SIZE, Argument, Const, Type
from ..types.ipc import MSG_FLAGS, SEM_OPERATION, SEMCTL_ARGUMENT, SHMAT_FLAGS, IpcCall
from ..values import Addr, Hex, Ref
from .signature import RAW, Prepared, Syscall

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, Optional, Tuple

    from ..arch.abi import Abi
    from ..call import Call
    from ..kernel.memory import Memory
    from ..options import Options
    from ..types.core import Decoder, How
    from ..values import Value

    Args = Tuple[int, ...]

SOCKETCALL, IPC, SELECT, MMAP = 102, 117, 82, 90

#: How many arguments the calls of socketcall(2) have, from SYS_SOCKET on.
_WORDS = (3, 3, 3, 2, 3, 3, 3, 4, 4, 4, 6, 6, 2, 5, 5, 3, 3, 4, 5, 4)
#: How many of ipc(2)'s registers belong to a call, and which of them are its arguments, in its own order.
_FIRST, _SECOND, _THIRD, _PTR, _FIFTH = range(1, 6)
_PLACES: Dict[str, Tuple[int, Tuple[int, ...]]] = {
    "semop": (4, (_FIRST, _PTR, _SECOND)),
    "semget": (3, (_FIRST, _SECOND, _THIRD)),
    "semctl": (4, (_FIRST, _SECOND, _THIRD, _PTR)),
    "semtimedop": (5, (_FIRST, _PTR, _SECOND, _FIFTH)),
    "msgsnd": (4, (_FIRST, _PTR, _SECOND, _THIRD)),
    "msgrcv": (5, (_FIRST, _PTR, _SECOND, _FIFTH, _THIRD)),
    "msgget": (2, (_FIRST, _SECOND)),
    "msgctl": (4, (_FIRST, _SECOND, _PTR)),
    "shmat": (4, (_FIRST, _PTR, _SECOND, _THIRD)),
    "shmdt": (4, (_PTR,)),
    "shmget": (3, (_FIRST, _SECOND, _THIRD)),
    "shmctl": (4, (_FIRST, _SECOND, _PTR)),
}
#: Version 0 of msgrcv points at the buffer's address and the type: struct ipc_kludge of <linux/ipc.h>.
_MSGRCV, _KLUDGE = 12, Struct("<II")
#: The structures that the old forms point at.
_ARGUMENTS = {MMAP: Struct("<6I"), SELECT: Struct("<5I")}


class _Attached(Type):
    """Where shmat has attached the memory: the kernel writes it where the third word points."""

    _word = Struct("<I")

    def decoder(self, how: How) -> Decoder:
        def decode(call: Call, number: int) -> Hex:
            data = call.memory.read(call.args[3], self._word.size)
            return Hex(number if data is None else self._word.unpack(data)[0])
        return decode


class _Pointed(Type):
    """ipc(2)'s last argument of semctl: a pointer to what is the argument of semctl(2) itself. What is no structure
    is shown as a number."""

    code = "P"

    def argument(self, how: How) -> Argument:
        inner = SEMCTL_ARGUMENT.argument(how).leave
        word = Struct("<I")

        def decode(call: Call, address: int) -> Value:
            data = call.memory.read(address, word.size) if address and how.deref else None
            if data is None:
                return Addr(address)
            number = word.unpack(data)[0]
            value = Addr(number) if call.error else inner(call, number)
            return Ref(Hex(number)) if isinstance(value, Addr) else value
        return Argument(None, decode)


#: The signatures of what differs from the call that has the name.
_SHMAT = Syscall(shmid=INT, shmaddr=ADDR, shmflg=SHMAT_FLAGS, returns=_Attached())
_OLD_MSGRCV = Syscall(msqid=INT, ipc_kludge=ADDR, msgsz=SIZE, msgflg=MSG_FLAGS)
_SEMCTL = Syscall(semid=INT, semnum=INT, op=SEM_OPERATION, arg=_Pointed())
_DIFFERENT = {"shmat": _SHMAT, "semctl": _SEMCTL}
_AS_IT_IS = {MMAP: Syscall(addr=ADDR, returns=HEXLONG), SELECT: Syscall(arg=ADDR)}

socketcall = Syscall(call=Const(
    tuple([(number, "SYS_" + name.upper()) for number, name in I386.multiplexers[SOCKETCALL].items()]),
    code="i", raw="d"), args=ADDR)
ipc = Syscall(call=IpcCall(), first=RAW, second=RAW, third=RAW, ptr=RAW, fifth=RAW)


class Indirect(Prepared):
    """The signature of such a system call as it is; `resolve` finds the call that it stands for."""

    __slots__ = ("_calls", "_options")

    def __init__(self, name: str, nr: int, signature: Optional[Syscall], abi: Abi, options: Options) -> None:
        super().__init__(name, nr, _AS_IT_IS.get(nr, signature), abi, options)
        self._options = options
        self._calls: Dict[Tuple[int, Optional[Syscall]], Prepared] = {}

    def resolve(self, memory: Memory, args: Args) -> Tuple[Prepared, Args]:
        if self.nr == IPC:
            return self._ipc(memory, args)
        if self.nr == SOCKETCALL:
            number, address = args[0], args[1]
            if not 0 < number <= len(_WORDS):
                return self, args
            words = Struct(f"<{_WORDS[number - 1]}I")
        else:
            number, address = 0, args[0]
            words = _ARGUMENTS[self.nr]
            if self.raw:
                return self, args
        data = memory.read(address, words.size)
        if data is None:
            return self, args
        name = I386.multiplexers[self.nr][number] if number else self.name
        return self._call(number, name), words.unpack(data)

    def _ipc(self, memory: Memory, args: Args) -> Tuple[Prepared, Args]:
        number, version = args[0] & 0xffff, args[0] >> 16
        name = I386.multiplexers[IPC].get(number)
        if name is None:
            return self, args
        count, places = _PLACES[name]
        found = self._call(number, name)
        if found.raw:
            return found, args[1:1 + count]
        if number == _MSGRCV and version == 0:
            data = memory.read(args[_PTR], _KLUDGE.size)
            if data is None:
                found = self._call(number, name, _OLD_MSGRCV)
                return found, (args[_FIRST], args[_PTR], args[_SECOND], args[_THIRD])
            pointer, kind = _KLUDGE.unpack(data)
            return found, (args[_FIRST], pointer, args[_SECOND], kind, args[_THIRD])
        return found, tuple([args[place] for place in places])

    def _call(self, number: int, name: str, kind: Optional[Syscall] = None) -> Prepared:
        """The signature of the call *name*, the multiplexer's *number* (0: there is but one), or *kind* instead."""
        found = self._calls.get((number, kind))
        if found is None:
            found = self._calls[number, kind] = self._prepare(number, name, kind)
        return found

    def _prepare(self, number: int, name: str, kind: Optional[Syscall]) -> Prepared:
        from . import signature as find  # which knows this module
        abi, options = self.abi, self._options
        place = key(self.nr, number) if number else self.nr
        if self.nr == IPC:
            kind = kind or _DIFFERENT.get(name)
        found = Prepared(name, self.nr, kind or find(name, abi), abi, options, place)
        if found.raw and self.nr == IPC:
            registers: Dict[str, Any] = {f"arg{index}": RAW for index in range(_PLACES[name][0])}
            found = Prepared(name, self.nr, Syscall(**registers), abi, options, place)
        return found
