"""Which system calls the seccomp engine asks the kernel for."""
from __future__ import annotations

from ..kernel import seccomp
from ..options import ALL

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Dict, List, Optional

    from .tracer import Tracer


def build(tracer: Tracer) -> Optional[seccomp.Filter]:
    """The filter for the tracer's trace set; None when everything is traced or it can't be built."""
    wanted = tracer.options.trace
    if wanted is ALL:
        return None
    traced: Dict[int, List[seccomp.Range]] = {}
    left_out: Dict[int, List[int]] = {}
    for abi in tracer.abis:
        # Every number that has a name and is not wanted is left out; the unknown ones are traced.
        left_out.setdefault(abi.audit_arch, []).extend(
            nr | abi.nr_bit for nr in abi.names if (abi.name, nr | abi.nr_bit) not in wanted)
    for audit_arch, numbers in left_out.items():
        traced[audit_arch] = seccomp.ranges(numbers, inverted=True)
    try:
        return seccomp.Filter(seccomp.program(traced))
    except ValueError:
        return None
