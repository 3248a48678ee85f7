"""ioctl: the requests whose arguments are more than a bare number."""
from __future__ import annotations

from ..constants import fcntl
from ..constants import ioctl as names
from ..types.common import FD
from ..types.core import (
    HEX8,
    HEX16,
    HEX32,
    HEX64,
    HEXLONG,
    INT,
    UINT,
    UINT64,
    ULONG,
    USHORT,
    Buffer,
    Const,
    Fixed,
    Flags,
    Hidden,
    Out,
    Ptr,
    Struct,
    Switch,
    Verbose,
    by_value,
)
from ..types.ioctl import (
    Alias,
    HardwareAddress,
    Interface,
    InterfaceAddress,
    InterfaceFlags,
    Name,
    Opaque,
    Request,
    WideDescriptor,
)
from ..types.termios import TERMIO, TERMIOS, TERMIOS2
from .signature import Syscall

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict

_INT = Ptr(INT)
_GET_INT = Out(_INT)
_GET_UINT = Out(Ptr(UINT))
_GET_ULONG = Out(Ptr(ULONG))
_LINES = Ptr(Flags(names.TERMINAL_LINES, "TIOCM_???"))
_WINSIZE = Ptr(Struct(ws_row=USHORT, ws_col=USHORT, ws_xpixel=USHORT, ws_ypixel=USHORT))

_TERMINAL: Dict[Any, Any] = {
    (0x5401, 0x5456): Out(Ptr(TERMIOS)),                # TCGETS TIOCGLCKTRMIOS
    (0x5402, 0x5403, 0x5404, 0x5457): Ptr(TERMIOS),     # TCSETS TCSETSW TCSETSF TIOCSLCKTRMIOS
    0x5405: Out(Ptr(TERMIO)),                           # TCGETA
    (0x5406, 0x5407, 0x5408): Ptr(TERMIO),              # TCSETA TCSETAW TCSETAF
    0x802c542a: Out(Ptr(TERMIOS2)),                     # TCGETS2
    (0x402c542b, 0x402c542c, 0x402c542d): Ptr(TERMIOS2),  # TCSETS2 TCSETSW2 TCSETSF2
    (0x5409, 0x5425): INT,                              # TCSBRK TCSBRKP
    0x540a: Const(names.FLOW_ACTIONS, "TC???"),         # TCXONC
    0x540b: Const(names.FLUSH_QUEUES, "TC???"),         # TCFLSH
    # TIOCEXCL TIOCNXCL TIOCCONS TIOCNOTTY TIOCSBRK TIOCCBRK TIOCVHANGUP
    (0x540c, 0x540d, 0x541d, 0x5422, 0x5427, 0x5428, 0x5437): None,
    0x540e: INT,                                        # TIOCSCTTY
    # TIOCGPGRP TIOCGSID TIOCOUTQ TIOCGSOFTCAR FIONREAD TIOCGETD TIOCGEXCL
    (0x540f, 0x5429, 0x5411, 0x5419, 0x541b, 0x5424, 0x80045440): _GET_INT,
    # TIOCSPGRP TIOCSSOFTCAR TIOCPKT TIOCSETD TIOCSPTLCK
    (0x5410, 0x541a, 0x5420, 0x5423, 0x40045431): _INT,
    (0x80045430, 0x80045432): _GET_UINT,                # TIOCGPTN TIOCGDEV
    0x5412: Buffer(1),                                  # TIOCSTI
    0x5413: Out(_WINSIZE),                              # TIOCGWINSZ
    0x5414: _WINSIZE,                                   # TIOCSWINSZ
    0x5415: Out(_LINES),                                # TIOCMGET
    (0x5416, 0x5417, 0x5418): _LINES,                   # TIOCMBIS TIOCMBIC TIOCMSET
}

_FILE_FLAGS = Ptr(Flags(fcntl.FILE_FLAGS, "FS_???"))
_XFLAGS = Flags(fcntl.FILE_XFLAGS, "FS_XFLAG_???")
# FSLABEL_MAX of <linux/fs.h>
_LABEL = Ptr(Name(256))
_FILES: Dict[Any, Any] = {
    (0x5421, 0x5452): _INT,                             # FIONBIO FIOASYNC
    (0x5450, 0x5451, 0xc0045877, 0xc0045878): None,     # FIONCLEX FIOCLEX FIFREEZE FITHAW
    0xc0185879: Ptr(Struct(start=HEX64, len=UINT64, minlen=UINT64)),  # FITRIM
    0x40049409: INT,                                    # FICLONE
    0x81009431: Out(_LABEL),                            # FS_IOC_GETFSLABEL
    0x41009432: _LABEL,                                 # FS_IOC_SETFSLABEL
    0x4020940d: Ptr(Struct(src_fd=WideDescriptor(), src_offset=UINT64, src_length=UINT64,
                           dest_offset=UINT64)),        # FICLONERANGE
    (0x80086601, 0x80046601): Out(_FILE_FLAGS),         # FS_IOC_GETFLAGS FS_IOC32_GETFLAGS
    (0x40086602, 0x40046602): _FILE_FLAGS,              # FS_IOC_SETFLAGS FS_IOC32_SETFLAGS
    0x801c581f: Out(Ptr(Struct(fsx_xflags=_XFLAGS, fsx_extsize=UINT, fsx_nextents=UINT, fsx_projid=HEX32,
                               fsx_cowextsize=UINT, fsx_pad=Hidden(UINT64)))),       # FS_IOC_FSGETXATTR
    0x401c5820: Ptr(Struct(fsx_xflags=_XFLAGS, fsx_extsize=UINT, fsx_nextents=Hidden(UINT), fsx_projid=HEX32,
                           fsx_cowextsize=UINT, fsx_pad=Hidden(UINT64))),            # FS_IOC_FSSETXATTR
}

_BLOCKS: Dict[Any, Any] = {
    0x125d: _INT,                                       # BLKROSET
    # BLKROGET BLKSSZGET BLKBSZGET
    (0x125e, 0x1268, 0x80081270, 0x80041270): _GET_INT,
    (0x125f, 0x1261): None,                             # BLKRRPART BLKFLSBUF
    (0x1260, 0x1263): _GET_ULONG,                       # BLKGETSIZE BLKRAGET
    0x1262: ULONG,                                      # BLKRASET
    0x1267: Out(Ptr(USHORT)),                           # BLKSECTGET
    (0x40081271, 0x40041271): _INT,                     # BLKBSZSET
    (0x80081272, 0x80041272): Out(Ptr(UINT64)),         # BLKGETSIZE64
    (0x1277, 0x127d, 0x127f): Ptr(Fixed(UINT64, 2)),    # BLKDISCARD BLKSECDISCARD BLKZEROOUT
    (0x1278, 0x1279, 0x127b): _GET_UINT,                # BLKIOMIN BLKIOOPT BLKPBSZGET
    0x127a: _GET_INT,                                   # BLKALIGNOFF
    0x127e: Out(Ptr(USHORT)),                           # BLKROTATIONAL
    (0x4c00, 0x4c06): FD,                               # LOOP_SET_FD LOOP_CHANGE_FD
    (0x4c01, 0x4c82): None,                             # LOOP_CLR_FD LOOP_CTL_GET_FREE
    (0x4c80, 0x4c81): INT,                              # LOOP_CTL_ADD LOOP_CTL_REMOVE
    0xab01: ULONG,                                      # NBD_SET_BLKSIZE
}

_IF_FLAGS = InterfaceFlags()
_MAP = Struct(mem_start=HEXLONG, mem_end=HEXLONG, base_addr=HEX16, irq=HEX8, dma=HEX8, port=HEX8)
_ADDRESS = InterfaceAddress()
_INTERFACES: Dict[Any, Any] = {
    0x8905: _GET_INT,                                   # SIOCATMARK
    0x8910: Interface("ifr_ifindex", INT, reads=True, by_index=True),  # SIOCGIFNAME
    0x8913: Interface("ifr_flags", _IF_FLAGS, reads=True),         # SIOCGIFFLAGS
    0x8914: Interface("ifr_flags", _IF_FLAGS),                     # SIOCSIFFLAGS
    0x8915: Interface("ifr_addr", _ADDRESS, reads=True),           # SIOCGIFADDR
    0x8916: Interface("ifr_addr", _ADDRESS),                       # SIOCSIFADDR
    0x8917: Interface("ifr_dstaddr", _ADDRESS, reads=True),        # SIOCGIFDSTADDR
    0x8918: Interface("ifr_dstaddr", _ADDRESS),                    # SIOCSIFDSTADDR
    0x8919: Interface("ifr_broadaddr", _ADDRESS, reads=True),      # SIOCGIFBRDADDR
    0x891a: Interface("ifr_broadaddr", _ADDRESS),                  # SIOCSIFBRDADDR
    0x891b: Interface("ifr_netmask", _ADDRESS, reads=True),        # SIOCGIFNETMASK
    0x891c: Interface("ifr_netmask", _ADDRESS),                    # SIOCSIFNETMASK
    0x891d: Interface("ifr_metric", INT, reads=True),              # SIOCGIFMETRIC
    0x891e: Interface("ifr_metric", INT),                          # SIOCSIFMETRIC
    0x8921: Interface("ifr_mtu", INT, reads=True),                 # SIOCGIFMTU
    0x8922: Interface("ifr_mtu", INT),                             # SIOCSIFMTU
    0x8924: Interface("ifr_hwaddr", HardwareAddress()),            # SIOCSIFHWADDR
    0x8927: Interface("ifr_hwaddr", HardwareAddress(), reads=True),  # SIOCGIFHWADDR
    0x8933: Interface("ifr_ifindex", INT, reads=True),             # SIOCGIFINDEX
    0x8942: Interface("ifr_qlen", INT, reads=True),                # SIOCGIFTXQLEN
    0x8943: Interface("ifr_qlen", INT),                            # SIOCSIFTXQLEN
    0x8970: Interface("ifr_map", _MAP, reads=True),                # SIOCGIFMAP
    0x8971: Interface("ifr_map", _MAP),                            # SIOCSIFMAP
}

_RTC_TIME = Ptr(Struct(tm_sec=INT, tm_min=INT, tm_hour=INT, tm_mday=INT, tm_mon=INT, tm_year=INT,
                       tm_wday=Verbose(INT), tm_yday=Verbose(INT), tm_isdst=Verbose(INT)))
_DEVICES: Dict[Any, Any] = {
    0x80045200: _GET_INT,                               # RNDGETENTCNT
    0x40045201: _INT,                                   # RNDADDTOENTCNT
    (0x5204, 0x5206): None,                             # RNDZAPENTCNT RNDCLEARPOOL
    (0x80247009, 0x80247008): Out(_RTC_TIME),           # RTC_RD_TIME RTC_ALM_READ
    (0x4024700a, 0x40247007): _RTC_TIME,                # RTC_SET_TIME RTC_ALM_SET
    # RTC_AIE_ON/OFF RTC_UIE_ON/OFF RTC_PIE_ON/OFF RTC_WIE_ON/OFF
    (0x7001, 0x7002, 0x7003, 0x7004, 0x7005, 0x7006, 0x700f, 0x7010): None,
    (0x8008700b, 0x8008700d, 0x8004700b, 0x8004700d): _GET_ULONG,  # RTC_IRQP_READ RTC_EPOCH_READ
    (0x4008700c, 0x4008700e, 0x4004700c, 0x4004700e): ULONG,       # RTC_IRQP_SET RTC_EPOCH_SET
}

_REQUESTS: Dict[int, Any] = {
    number: kind for table in (_TERMINAL, _FILES, _BLOCKS, _INTERFACES, _DEVICES)
    for number, kind in by_value(table).items()}


def _named(*numbers: int) -> Alias:
    """Take these requests' arguments out of _REQUESTS, for one with a name of its own."""
    alias = Alias({number: _REQUESTS[number] for number in numbers})
    for number in numbers:
        _REQUESTS[number] = None
    return alias


_NAMED: Dict[str, Any] = {
    # TCSBRK TCSBRKP TCXONC TCFLSH TIOCSCTTY FICLONERANGE FS_IOC_FSGETXATTR FS_IOC_FSSETXATTR
    "arg": _named(0x5409, 0x5425, 0x540a, 0x540b, 0x540e, 0x4020940d, 0x801c581f, 0x401c5820),
    "lock": _named(0x40045431),
    "mode": _named(0x5420),
    "src_fd": _named(0x40049409),
    "attr": _named(0x80086601, 0x80046601, 0x40086602, 0x40046602),
    "label": _named(0x81009431, 0x41009432),            # FS_IOC_GETFSLABEL FS_IOC_SETFSLABEL
}

ioctl = Syscall(fd=FD, op=Request(), argp=Switch("op", _REQUESTS, Opaque()), **_NAMED)
