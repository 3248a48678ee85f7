"""System calls that are gone, were never written or belong to the kernel's own machinery: shown as words."""
from __future__ import annotations

from ..types.core import ADDR, INT, SIZE, UINT64, AtExit, Buffer, Fixed, Hidden, Out, Ptr, Struct
from .signature import RAW, Syscall

_NONE = Syscall()
_ONE = Syscall(arg1=RAW)
_TWO = Syscall(arg1=RAW, arg2=RAW)
_THREE = Syscall(arg1=RAW, arg2=RAW, arg3=RAW)
_FOUR = Syscall(arg1=RAW, arg2=RAW, arg3=RAW, arg4=RAW)
_FIVE = Syscall(arg1=RAW, arg2=RAW, arg3=RAW, arg4=RAW, arg5=RAW)

vhangup = rseq_slice_yield = uretprobe = break_ = ftime = prof = lock = mpx = idle = _NONE
breakpoint = usr26 = usr32 = get_tls = _NONE
get_kernel_syms = vm86old = set_tls = _ONE
create_module = stty = gtty = ulimit = bdflush = _TWO
tuxcall = security = nfsservctl = sysfs = pciconfig_iobase = cacheflush = _THREE
epoll_ctl_old = epoll_wait_old = profil = _FOUR
syscall = afs_syscall = vserver = query_module = getpmsg = putpmsg = vm86 = pciconfig_read = pciconfig_write = _FIVE

nice = Syscall(increment=INT)
lookup_dcookie = Syscall(cookie=AtExit(UINT64), buffer=Out(Buffer("return")), len=SIZE)
_sysctl = Syscall(args=Ptr(Struct(
    name=ADDR, nlen=INT, oldval=ADDR, oldlenp=ADDR, newval=ADDR, newlen=SIZE, unused=Hidden(Fixed(SIZE, 4)))))
