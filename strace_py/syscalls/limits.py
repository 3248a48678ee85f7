"""Resource limits."""
from __future__ import annotations

from ..constants import sched
from ..types.common import PID
from ..types.core import Const, Decoder, How, Out, Ptr, Struct, Type
from ..values import Const as ConstValue
from ..values import Scaled
from .signature import ByAbi, Syscall

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Tuple

    from ..call import Call
    from ..values import Value


class _Limit(Type):
    """A resource limit: in KiB when it is a multiple of that. *code* is its C type, *infinity* the name of
    all ones."""

    def __init__(self, code: str, infinity: str) -> None:
        self.code = code
        self.infinity = infinity

    def decoder(self, how: How) -> Decoder:
        all_ones = (1 << 8 * self.layout(how.abi)[1]) - 1
        names = Const(((all_ones, self.infinity),), raw="d").names(how.abi)

        def decode(call: Call, number: int) -> Value:
            if number == all_ones:
                return ConstValue(number, names)
            return Scaled(number, 1024) if number > 1024 and not number % 1024 else number
        return decode


_RLIMIT64 = Struct(rlim_cur=_Limit("Q", "RLIM64_INFINITY"), rlim_max=_Limit("Q", "RLIM64_INFINITY"))
_RLIMIT = Struct(rlim_cur=_Limit("L", "RLIM_INFINITY"), rlim_max=_Limit("L", "RLIM_INFINITY"))
_RESOURCE = Const(sched.RLIMITS, "RLIMIT_???")


def _limits(limit: Struct) -> Tuple[Syscall, Syscall]:
    return Syscall(resource=_RESOURCE, rlim=Out(Ptr(limit))), Syscall(resource=_RESOURCE, rlim=Ptr(limit))


_getrlimit64, _setrlimit64 = _limits(_RLIMIT64)
_getrlimit, _setrlimit = _limits(_RLIMIT)
getrlimit = ByAbi(_getrlimit, x86_64=_getrlimit64, aarch64=_getrlimit64, x32=_getrlimit64)
setrlimit = ByAbi(_setrlimit, x86_64=_setrlimit64, aarch64=_setrlimit64, x32=_setrlimit64)
ugetrlimit = _getrlimit
prlimit64 = Syscall(pid=PID, resource=_RESOURCE, new_limit=Ptr(_RLIMIT64), old_limit=Out(Ptr(_RLIMIT64)))
