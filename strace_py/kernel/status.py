"""What waitpid(2) says of a tracee, as ptrace(2) names the stops.

A status is 16 bits of the classic wait status with a PTRACE_EVENT_* number above them.
"""
from __future__ import annotations

from signal import SIGSTOP, SIGTRAP, SIGTSTP, SIGTTIN, SIGTTOU

#: wait for threads and for children of any kind of clone(2), but only for our own thread's tracees:
#: a program that vendors the package keeps the children of its other threads.
__WNOTHREAD = 0x20000000
__WALL = 0x40000000
WAIT_OPTIONS = __WALL | __WNOTHREAD

#: Status of a syscall-enter-stop or syscall-exit-stop under PTRACE_O_TRACESYSGOOD.
SYSCALL_STOP = (SIGTRAP | 0x80) << 8 | 0x7f
#: Status of a seccomp-stop.
SECCOMP_STOP = 7 << 16 | SIGTRAP << 8 | 0x7f

#: The data of our filter's verdicts, which tells its seccomp-stops from those that a program's own filter
#: causes: of a call of the set, and of one that loads another filter.
FILTER_DATA = 0x5354
FILTER_LOADS = 0x5355

#: Signals whose default action stops a process; a PTRACE_EVENT_STOP with one of them is a group-stop.
STOPPING = frozenset((SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU))
