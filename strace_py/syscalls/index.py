"""Which module of this package has the signature of which system call: made by tools/gen_index.py."""
from __future__ import annotations

from typing import Dict

FAMILY: Dict[str, str] = {
    "close": "files",
    "creat": "files",
    "open": "files",
    "openat": "files",
    "pread64": "files",
    "pwrite64": "files",
    "read": "files",
    "write": "files",
}
