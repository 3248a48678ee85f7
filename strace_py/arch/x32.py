"""x32: x86-64's registers and call instruction, 32-bit longs and pointers, X32_SYSCALL_BIT in every number."""
from __future__ import annotations

from .abi import X32_SYSCALL_BIT, Abi
from .x86_64 import ABI as X86_64

ABI = Abi("x32", audit_arch=X86_64.audit_arch, word=4, mode="x32", registers=X86_64.registers,
          fetch=X86_64.fetch, result=X86_64.result, refuse=X86_64.refuse, nr_bit=X32_SYSCALL_BIT)
