"""--dump-bpf: the seccomp filter that a set of system calls makes, as a listing or as JSON.

Each instruction with what it tests by name, where it leads and its verdict; then what that comes to for the
calls of each ABI. *cached* says that the kernel's constant-action cache gets that far: it works out once per
number what such instructions decide, and doesn't run the program for numbers that it always allows.
"""
from __future__ import annotations

from typing import List, NamedTuple

from ..kernel.disassembly import Names, constant, disassemble

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Dict, Optional, Sequence

    from ..arch.abi import Abi
    from ..kernel.disassembly import Line
    from ..kernel.seccomp import Program
    from ..options import SyscallSet


class Calls(NamedTuple):
    """What becomes of the named calls of an ABI: each is in one of the lists."""

    abi: Abi
    stop: List[str]     # each call stops
    tested: List[str]   # a condition on the arguments decides
    run: List[str]      # allowed by a run of the filter
    cached: List[str]   # allowed without one


def text(program: Program, trace: SyscallSet, abis: Sequence[Abi]) -> str:
    """The listing."""
    lines = [" pc  instruction        then  else  cached  test or verdict"]
    for line in disassemble(program, _names(abis)):
        jumps = ["" if target is None else str(target) for target in (line.yes, line.no)]
        lines.append(f"{line.address:3}  {line.text:17} {jumps[0]:>5} {jumps[1]:>5}  {_yes(line):6}  "
                     f"{line.verdict or line.test}".rstrip())
    lines.append("")
    for found in _sort(program, trace, abis):
        for what, calls in (("always stop", found.stop), ("tested by their arguments", found.tested)):
            if calls:
                lines.append(f"{found.abi.name}: {what} ({len(calls)}): {', '.join(calls)}")
        for what, calls in (("let through without a run of the filter", found.cached),
                            ("let through by a run of the filter", found.run)):
            if calls:
                lines.append(f"{found.abi.name}: {what}: {len(calls)}")
    lines.append("numbers without a name and unknown architectures: always stop")
    return "\n".join(lines) + "\n"


def json(program: Program, trace: SyscallSet, abis: Sequence[Abi]) -> str:
    """The same for tools: one object."""
    from json import dumps
    instructions: List[Dict[str, object]] = []
    for (code, jt, jf, k), line in zip(program, disassemble(program, _names(abis))):
        entry: Dict[str, object] = {"address": line.address, "code": code, "jt": jt, "jf": jf, "k": k,
                                    "text": line.text, "cached": line.constant}
        for key, value in (("test", line.test or None), ("then", line.yes), ("else", line.no),
                           ("verdict", line.verdict or None)):
            if value is not None:
                entry[key] = value
        instructions.append(entry)
    return dumps({"instructions": instructions, "abis": [
        {"abi": found.abi.name, "arch": found.abi.audit_arch, "stop": found.stop, "tested": found.tested,
         "run": found.run, "cached": found.cached} for found in _sort(program, trace, abis)]}) + "\n"


#: The formats of --dump-bpf.
FORMATS = {"text": text, "json": json}


def _yes(line: Line) -> str:
    return "yes" if line.constant else "no"


def _sort(program: Program, trace: SyscallSet, abis: Sequence[Abi]) -> List[Calls]:
    conditions = getattr(trace, "conditions", {})
    found = []
    for abi in abis:
        entry = Calls(abi, [], [], [], [])
        for nr, name in sorted(abi.names.items()):
            if (abi.name, nr) in conditions:
                entry.tested.append(name)
            elif (abi.name, nr) in trace:
                entry.stop.append(name)
            # The kernel's cache is a table of the numbers from 0 up, to which x32's bit doesn't lead.
            elif constant(program, abi.audit_arch, nr | abi.nr_bit) and not abi.nr_bit:
                entry.cached.append(name)
            else:
                entry.run.append(name)
        found.append(entry)
    return found


def _names(abis: Sequence[Abi]) -> Names:
    """What the ABIs of a machine call things."""
    def arch(word: int) -> str:
        return next((abi.name for abi in abis if abi.audit_arch == word), "")

    def find(word: int, number: int) -> Optional[Abi]:
        """The ABI that has *number* under *word*."""
        return next((abi for abi in abis if abi.audit_arch == word and number & abi.nr_bit == abi.nr_bit
                     and number & ~abi.nr_bit in abi.names), None)

    def call(word: int, number: int) -> str:
        abi = find(word, number)
        if abi is None:
            return ""
        name = abi.names[number & ~abi.nr_bit]
        return f"{name}@{abi.name}" if abi.nr_bit else name

    def argument(word: int, number: int, half: int) -> str:
        from ..syscalls.predicate import argument_of
        abi = find(word, number)
        return "" if abi is None else argument_of(abi.names[number & ~abi.nr_bit], half, abi)

    return Names(arch, call, argument)
