"""System call information from registers, for kernels without PTRACE_GET_SYSCALL_INFO (before Linux 5.3).

The registers don't say whether a syscall-stop is the entry or the exit: the tracer's own state does.
"""
from __future__ import annotations

from ..kernel import ptrace as pt

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Optional, Tuple

    from .tracer import Tracer

#: MAX_ERRNO of <linux/err.h>.
MAX_ERRNO = 4095


class Reader:
    """Answers as kernel.ptrace.get_syscall_info does."""

    def __init__(self, tracer: Tracer) -> None:
        self._tracees = tracer.tracees
        # The length of the register set tells a 32-bit task from a 64-bit one.
        self._abis = {abi.registers: abi for abi in reversed(tracer.abis)}
        self._native = tracer.abi

    def info(self, tid: int) -> Optional[Tuple[int, ...]]:
        """``(op, arch, ip, sp, …)`` of the syscall-stop that *tid* is in, or None when it is gone."""
        try:
            registers = pt.get_registers(tid)
        except OSError:
            return None
        abi = self._abis.get(len(registers), self._native)
        nr, args, ip, sp = abi.fetch(registers)
        if not self._tracees[tid].in_syscall:
            if nr >= 1 << 31:
                nr &= 0xffffffff
            try:
                data = pt.get_event_message(tid)
            except OSError:
                return None
            return (pt.PTRACE_SYSCALL_INFO_ENTRY, abi.audit_arch, ip, sp, nr, *args, data)
        result = abi.result(registers)
        return pt.PTRACE_SYSCALL_INFO_EXIT, abi.audit_arch, ip, sp, result, -MAX_ERRNO <= result < 0
