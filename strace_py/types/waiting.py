"""Types of the calls that wait for processes: wait statuses, resource usage."""
from __future__ import annotations

from ..constants import sched
from ..values import Condition, Joined, Shifted
from ..values import Const as ConstValue
from .common import SIGNAL, TIMEVAL
from .core import ULONG, Const, Decoder, FilledWhen, How, Struct, Type, Verbose

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import List, Optional, Tuple

    from ..call import Call
    from ..values import Value


class WaitStatus(Type):
    """A wait status by the macros that test it."""

    code = "i"

    def decoder(self, how: How) -> Decoder:
        names = SIGNAL.names(how.abi)
        # PTRACE_O_TRACESYSGOOD marks the signal of a syscall-stop.
        marked = Const(tuple((number | 0x80, f"{name} | 0x80") for number, name in names.table)).names(how.abi)
        events = Const(sched.PTRACE_EVENTS).names(how.abi)

        def decode(call: Call, status: int) -> Value:
            status &= 0xffffffff
            number, high, event = status & 0x7f, status >> 8 & 0xff, status >> 16
            if status == 0xffff:
                return Condition(status, (("WIFCONTINUED(s)", None),))
            if not number:
                tests: List[Tuple[str, Optional[Value]]] = [("WIFEXITED(s)", None), ("WEXITSTATUS(s)", high)]
            elif number != 0x7f:
                tests = [("WIFSIGNALED(s)", None), ("WTERMSIG(s)", ConstValue(number, names))]
                if status & 0x80:
                    tests.append(("WCOREDUMP(s)", None))
            else:
                tests = [("WIFSTOPPED(s)", None),
                         ("WSTOPSIG(s)", ConstValue(high, marked if high & 0x80 else names))]
                if event:
                    return Joined(status, (Condition(status, tests),
                                           Shifted(ConstValue(event, events), 16, "16")))
            return Condition(status, tests)
        return decode


class WhenFound(FilledWhen):
    """What wait4 fills in when it found a child: when it returns a process id."""

    def __init__(self, kind: Type) -> None:
        super().__init__(lambda call: not call.error and call.ret > 0, kind)


RUSAGE = Struct(
    ru_utime=TIMEVAL, ru_stime=TIMEVAL, ru_maxrss=Verbose(ULONG), ru_ixrss=Verbose(ULONG),
    ru_idrss=Verbose(ULONG),
    ru_isrss=Verbose(ULONG), ru_minflt=Verbose(ULONG), ru_majflt=Verbose(ULONG), ru_nswap=Verbose(ULONG),
    ru_inblock=Verbose(ULONG), ru_oublock=Verbose(ULONG), ru_msgsnd=Verbose(ULONG), ru_msgrcv=Verbose(ULONG),
    ru_nsignals=Verbose(ULONG), ru_nvcsw=Verbose(ULONG), ru_nivcsw=Verbose(ULONG))
