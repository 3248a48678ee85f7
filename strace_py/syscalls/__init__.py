"""Signatures of system calls: one line each, one module a family.

``signature(name)`` finds one through the generated index, so that a run imports only the families
that it meets.
"""
from __future__ import annotations

import importlib

from .signature import ByAbi, Narrow, Prepared, PreparedVariants, Syscall, Variants, bare

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Callable, Dict, Optional

    from ..arch.abi import Abi
    from ..options import Options

    _ByNumber = Dict[int, Prepared]
else:
    _ByNumber = dict


def signature(name: str, abi: Abi) -> Optional[Syscall]:
    """The signature of the system call called *name*, None when it has none yet."""
    from .index import FAMILY
    family = FAMILY.get(name)
    if family is None:
        return None
    # A call whose name is no Python identifier to be used freely ends in an underscore: ``exit_``.
    module = importlib.import_module("." + family, __package__)
    found = getattr(module, name, None) or getattr(module, name + "_")
    if isinstance(found, ByAbi):
        found = found.signatures.get(abi.name, found.default)
    return found  # type: ignore[no-any-return]


#: The numbers, by ABI, of calls that may stand for others: see indirect.py.
_INDIRECT = {"i386": (82, 90, 102, 117), "arm": (82, 90)}
#: What x32 calls its numbers that only 64-bit programs ought to use.
_NOT_X32 = "#64"
#: From here on the numbers are x32's own, and the arguments have 32 bits.
_X32_OWN = 512


class Table(_ByNumber):
    """The prepared signatures of one ABI under one set of options by number, made as they are met; for an unknown
    number, six words."""

    #: A tracee can make up numbers: only so many are kept.
    MOST = 4096

    def __init__(self, abi: Abi, options: Options) -> None:
        super().__init__()
        self.abi = abi
        self.options = options

    def __missing__(self, nr: int) -> Prepared:
        name = self.abi.names.get(nr & ~self.abi.nr_bit)
        known = name and signature(name, self.abi) or None
        if name is not None and name.endswith(_NOT_X32):
            from ..arch.x86_64 import ABI
            known = signature(name[:-len(_NOT_X32)], ABI)
            known = known and bare(known, ABI)
        make: Callable[..., Prepared] = PreparedVariants if isinstance(known, Variants) else Prepared
        if nr in _INDIRECT.get(self.abi.name, ()):
            from .indirect import Indirect
            make = Indirect
        found = make(name or f"syscall_{nr:#x}", nr, known, self.abi, self.options)
        if known is not None and self.abi.nr_bit and nr & ~self.abi.nr_bit >= _X32_OWN:
            found = Narrow(found, self.options)
        if name is not None or len(self) < self.MOST:
            self[nr] = found
        return found
