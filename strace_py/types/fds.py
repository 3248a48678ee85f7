"""What a descriptor refers to: -y, -yy and ``--decode-fds``."""
from __future__ import annotations

import os

from ..values import Fd

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import FrozenSet, Optional

    from ..tracer.tracee import Tracee
    from ..values import Const


def describe(tracee: Tracee, number: int, details: FrozenSet[str], at: Optional[Const] = None) -> Fd:
    """Descriptor *number* of *tracee*, or its working directory when *at* names that."""
    link = f"/proc/{tracee.tid}/cwd" if at is not None else f"/proc/{tracee.tid}/fd/{number}"
    try:
        path = os.fsencode(os.readlink(link))
    except OSError:
        return Fd(number, at=at)
    deleted = path.endswith(b" (deleted)")
    return Fd(number, path[:-10] if deleted else path, deleted=deleted, at=at)
