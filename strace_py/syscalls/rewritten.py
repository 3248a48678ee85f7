"""Arguments that are shown as they were at entry, and that the kernel writes to before the call returns.

Only a tracer that first hears of a call when it returns needs to know them: see output/whole.py. Arguments whose
signature tells by itself (it keeps the value from before, or shows both) are not here.
"""
from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Dict, Tuple

_SELECT = "readfds", "writefds", "exceptfds", "timeout"
_OFFSETS = "off_in", "off_out"

#: Names of arguments by system call.
REWRITTEN: Dict[str, Tuple[str, ...]] = {
    "_newselect": _SELECT,
    "bpf": ("attr",),
    "copy_file_range": _OFFSETS,
    "ppoll": ("tmo_p",),
    "ppoll_time64": ("tmo_p",),
    "pselect6": _SELECT,
    "pselect6_time64": _SELECT,
    "rseq": ("rseq",),
    "select": _SELECT,
    "splice": _OFFSETS,
}
