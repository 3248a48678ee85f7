"""Signatures of system calls: one line each, one module a family.

``signature(name)`` finds one through the generated index, so that a run imports only the families
that it meets.
"""
from __future__ import annotations

import importlib

from .signature import ByAbi, Prepared, PreparedVariants, Syscall, Variants

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Dict, Optional

    from ..arch.abi import Abi
    from ..options import Options


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


class Table:
    """The prepared signatures of one ABI under one set of options, made as they are met."""

    def __init__(self, abi: Abi, options: Options) -> None:
        self.abi = abi
        self.options = options
        self._prepared: Dict[int, Prepared] = {}

    def __getitem__(self, nr: int) -> Prepared:
        """The signature of system call *nr*; for an unknown number, six words."""
        found = self._prepared.get(nr)
        if found is None:
            name = self.abi.names.get(nr & ~self.abi.nr_bit)
            known = name and signature(name, self.abi) or None
            kind = PreparedVariants if isinstance(known, Variants) else Prepared
            found = kind(name or f"syscall_{nr:#x}", nr, known, self.abi, self.options)  # type: ignore[arg-type]
            if name is not None or len(self._prepared) < 4096:  # a tracee can make up numbers
                self._prepared[nr] = found
        return found
