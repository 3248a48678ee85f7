"""siginfo_t (<asm-generic/siginfo.h>): what came with a signal."""
from __future__ import annotations

from ..call import Call
from ..constants import signals
from ..values import Struct as StructValue
from .common import PID, SIGNAL, UID
from .core import INT, Const, How

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..tracer.tracee import Tracee
    from ..tracer.tracer import Tracer
    from ..values import Value


def decode(tracer: Tracer, tracee: Tracee, info: bytes) -> Value:
    """A siginfo_t that the kernel reported for *tracee*."""
    return StructValue((), True)
