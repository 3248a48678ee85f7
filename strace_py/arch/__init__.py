"""The ABIs of this machine. One small file an architecture; nothing outside knows a register's name.

To add one: a file that makes an Abi, its generated ``constants/numbers_NAME.py``, a line in MACHINES; README.rst has
the whole list.
"""
from __future__ import annotations

import importlib
import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Tuple

    from .abi import Abi

#: ``uname -m`` → the names of its ABIs, the native one first.
MACHINES = {
    "x86_64": ("x86_64", "i386", "x32"),
    "aarch64": ("aarch64", "arm"),
}


def of_machine(machine: str = "") -> Tuple[Abi, ...]:
    """The ABIs of *machine* (default: this one), the native one first. Raises OSError when the
    package has none for it."""
    names = MACHINES.get(machine or os.uname().machine)
    if names is None:
        raise OSError(f"{machine or os.uname().machine}: this architecture is not supported")
    return tuple([importlib.import_module("." + name, __package__).ABI for name in names])
