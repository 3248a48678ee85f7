"""seccomp(2) filters: cBPF programs, built by hand as arrays of struct sock_filter.

A filter sees struct seccomp_data {int nr; __u32 arch; __u64 instruction_pointer; __u64 args[6];} and
returns a verdict. Only instructions that the kernel's constant-action cache understands (Linux 5.11,
kernel/seccomp.c, seccomp_is_const_allow) are used, so a call that is always allowed costs no run of the program.
"""
from __future__ import annotations

import ctypes
import struct
from typing import Dict, Iterable, List, Sequence, Tuple

from . import libc

# <linux/bpf_common.h>, <linux/filter.h>
BPF_LD_W_ABS = 0x20
BPF_JMP_JA = 0x05
BPF_JMP_JEQ_K = 0x15
BPF_JMP_JGE_K = 0x35
BPF_RET_K = 0x06

# <linux/seccomp.h>
SECCOMP_RET_ALLOW = 0x7fff0000
SECCOMP_RET_TRACE = 0x7ff00000
NR = 0
ARCH = 4

# <linux/prctl.h>
PR_SET_SECCOMP = 22
PR_SET_NO_NEW_PRIVS = 38
SECCOMP_MODE_FILTER = 2

#: BPF_MAXINSNS: the kernel takes no longer program.
LONGEST = 4096

#: struct sock_filter {__u16 code; __u8 jt; __u8 jf; __u32 k;}
Instruction = Tuple[int, int, int, int]
#: Numbers that are traced: ``[first, last]``, both inclusive.
Range = Tuple[int, int]
TOP = 0xffffffff


def ranges(numbers: Iterable[int], inverted: bool = False) -> List[Range]:
    """*numbers*, or all others up to 2^32-1 when *inverted*, as ranges in ascending order."""
    found: List[Range] = []
    for number in sorted(set(numbers)):
        if found and found[-1][1] == number - 1:
            found[-1] = found[-1][0], number
        else:
            found.append((number, number))
    if not inverted:
        return found
    gaps, start = [], 0
    for first, last in found:
        if first > start:
            gaps.append((start, first - 1))
        start = last + 1
    if start <= TOP:
        gaps.append((start, TOP))
    return gaps


def _tree(edges: Sequence[Tuple[int, int]]) -> List[Instruction]:
    """A balanced tree of JGE over *edges*: ``(first number, verdict from there on)``, ascending."""
    if len(edges) == 1:
        return [(BPF_RET_K, 0, 0, edges[0][1])]
    middle = len(edges) // 2
    below, above = _tree(edges[:middle]), _tree(edges[middle:])
    pivot = edges[middle][0]
    if len(below) <= 255:
        return [(BPF_JMP_JGE_K, len(below), 0, pivot), *below, *above]
    # A conditional jump reaches 255 instructions, BPF_JA any distance.
    return [(BPF_JMP_JGE_K, 0, 1, pivot), (BPF_JMP_JA, 0, 0, len(below)), *below, *above]


def program(traced: Dict[int, Sequence[Range]]) -> List[Instruction]:
    """The filter that traces the numbers of *traced*, by AUDIT_ARCH word, and allows all others. Calls
    under any other arch word are traced. Raises ValueError when it would be too long for the kernel."""
    code: List[Instruction] = [(BPF_LD_W_ABS, 0, 0, ARCH)]
    for arch, spans in traced.items():
        edges = [(0, SECCOMP_RET_ALLOW)]
        for first, last in spans:
            if edges[-1][0] == first:
                edges.pop()
            edges.append((first, SECCOMP_RET_TRACE))
            if last < TOP:
                edges.append((last + 1, SECCOMP_RET_ALLOW))
        block = [(BPF_LD_W_ABS, 0, 0, NR), *_tree(edges)]
        if len(block) <= 255:
            code.append((BPF_JMP_JEQ_K, 0, len(block), arch))
        else:
            code += [(BPF_JMP_JEQ_K, 1, 0, arch), (BPF_JMP_JA, 0, 0, len(block))]
        code += block
    code.append((BPF_RET_K, 0, 0, SECCOMP_RET_TRACE))
    if len(code) > LONGEST:
        raise ValueError(f"seccomp filter of {len(code)} instructions")
    return code


class Filter:
    """A program in memory, as prctl(PR_SET_SECCOMP) takes it (struct sock_fprog)."""

    def __init__(self, code: Sequence[Instruction]) -> None:
        self._code = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *step) for step in code))
        self._fprog = ctypes.create_string_buffer(struct.pack("@HP", len(code), ctypes.addressof(self._code)))

    def calls(self) -> List[Tuple[object, Tuple[int, ...]]]:
        """The libc calls by which a child puts itself under the filter."""
        prctl = libc.child["prctl"]
        return [(prctl, (PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)),
                (prctl, (PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.addressof(self._fprog), 0, 0))]


