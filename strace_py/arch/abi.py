"""What the rest of the package may know of a system call ABI."""
from __future__ import annotations

import importlib

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Callable, Dict, List, Optional, Tuple

#: The type of the general register set, of <linux/elf.h>.
NT_PRSTATUS = 1
#: What an x32 program adds to each number (<asm/unistd.h>).
X32_SYSCALL_BIT = 0x40000000


def key(nr: int, call: int) -> int:
    """The number that *call* of the multiplexer *nr* has in sets of system calls: no real call has it."""
    return nr | call << 16


class Abi:
    """One way to make system calls: x86_64, i386, x32, aarch64, arm.

    *audit_arch* is the AUDIT_ARCH_* word that seccomp and PTRACE_GET_SYSCALL_INFO report, *word* the
    size of a long and a pointer in bytes, *alignment* that of a 64-bit integer inside a structure,
    *mode* what strace calls a process that runs in it. *registers* is the length of the NT_PRSTATUS
    register set; *fetch* takes that set and returns ``(number, arguments, instruction pointer, stack pointer)``;
    *result* returns the signed return value; *refuse* takes it at a stop before the call and returns the
    register sets, ``(NT_* type, content)``, to write so that the call is not made and fails with ENOSYS.
    *nr_bit* is set in every number (x32). *wide*: a register holds a 64-bit argument, which otherwise takes
    two; *even_pairs*: of which the first has an even place. *multiplexers*: the calls that one number stands for,
    by what its first argument is.
    """

    __slots__ = ("name", "audit_arch", "word", "alignment", "mode", "registers", "fetch", "result", "refuse",
                 "nr_bit", "wide", "even_pairs", "multiplexers", "_names")

    def __init__(self, name: str, audit_arch: int, word: int, mode: str, registers: int,
                 fetch: Callable[[bytes], Tuple[int, Tuple[int, ...], int, int]],
                 result: Callable[[bytes], int], refuse: Callable[[bytes], List[Tuple[int, bytes]]],
                 alignment: int = 8, nr_bit: int = 0,
                 even_pairs: bool = False, multiplexers: Optional[Dict[int, Dict[int, str]]] = None) -> None:
        self.name = name
        self.audit_arch = audit_arch
        self.word = word
        self.alignment = alignment
        self.mode = mode
        self.registers = registers
        self.fetch = fetch
        self.result = result
        self.refuse = refuse
        self.nr_bit = nr_bit
        self.wide = word == 8 or nr_bit != 0
        self.even_pairs = even_pairs
        self.multiplexers = multiplexers or {}
        self._names: Optional[Dict[int, str]] = None

    @property
    def names(self) -> Dict[int, str]:
        """Number to name of every system call of the ABI, loaded at the first use."""
        if self._names is None:
            module = importlib.import_module(f"..constants.numbers_{self.name}", __package__)
            self._names = module.NAMES
        return self._names

    def selectable(self) -> Dict[int, str]:
        """Number to name of all that a set of system calls can name: a multiplexer's calls, too (see `key`)."""
        names = dict(self.names)
        for nr, calls in self.multiplexers.items():
            names.update((key(nr, call), name) for call, name in calls.items())
        return names

    def __repr__(self) -> str:
        return f"<Abi {self.name}>"
