#!/usr/bin/env python3
"""Write strace_py/syscalls/index.py: which module holds the signature of which system call.

Run after adding a system call. ``--check`` writes nothing and exits 1 when the index is out of date.
"""
import importlib
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
INDEX = ROOT / "strace_py" / "syscalls" / "index.py"
HEADER = '''"""Which module of this package has the signature of which system call: made by tools/gen_index.py."""
from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Dict

FAMILY: Dict[str, str] = {
'''


def text() -> str:
    """The index as it should be."""
    sys.path.insert(0, str(ROOT))
    signature = importlib.import_module("strace_py.syscalls.signature")
    abis = ("x86_64", "i386", "x32", "aarch64", "arm")
    known = {name for abi in abis
             for name in importlib.import_module(f"strace_py.constants.numbers_{abi}").NAMES.values()}
    family = {}
    for path in sorted(INDEX.parent.glob("*.py")):
        if path.stem in ("__init__", "signature", "select", "index"):
            continue
        module = importlib.import_module(f"strace_py.syscalls.{path.stem}")
        for name, value in vars(module).items():
            if isinstance(value, (signature.Syscall, signature.ByAbi)) and name.islower() and (
                    not name.startswith("_") or name in known):
                family[name.rstrip("_")] = path.stem
    return HEADER + "".join(f'    "{name}": "{family[name]}",\n' for name in sorted(family)) + "}\n"


def main() -> int:
    """The command line."""
    wanted = text()
    if "--check" in sys.argv[1:]:
        return int(not INDEX.exists() or INDEX.read_text() != wanted)
    INDEX.write_text(wanted)
    return 0


if __name__ == "__main__":
    sys.exit(main())
