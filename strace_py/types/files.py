"""Types of the calls on files and their names: modes, status, times, directory entries."""
from __future__ import annotations

from struct import Struct as _Layout

from ..constants import fcntl, mount, stat
from ..values import Addr, Compound, Noted, Oct, Words, Written
from ..values import Array as ArrayValue
from ..values import Bytes as BytesValue
from ..values import Const as ConstValue
from ..values import Flags as FlagsValue
from ..values import Struct as StructValue
from .common import TIMESPEC, TIMESPEC64, TIMEVAL, UID, Device, Parts
from .core import (
    HEX32,
    HEX64,
    INT64,
    UINT,
    UINT64,
    ULONG,
    USHORT,
    ByAbi,
    Const,
    Decoder,
    Fixed,
    Flags,
    Hidden,
    How,
    If,
    Int,
    Missing,
    Pad,
    Ptr,
    Sized,
    Struct,
    Type,
    Verbose,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, List, Optional, Tuple

    from ..arch.abi import Abi
    from ..call import Call
    from ..values import Value

# The parts of a mode: <linux/stat.h>.
S_IFMT = 0o170000
S_IFCHR = 0o020000
S_IFBLK = 0o060000
_SPECIAL = 0o7000


def is_device(mode: int) -> bool:
    """Whether *mode* is that of a file that stands for a device."""
    return mode & S_IFMT in (S_IFCHR, S_IFBLK)


class FileMode(Type):
    """The type and permissions of a file: ``S_IFREG|S_ISUID|0755``; a number when the type has no name."""

    def __init__(self, code: str = "I") -> None:
        self.code = code
        self._types = Const(stat.FILE_TYPES)
        self._flags = Flags(stat.MODE_FLAGS)

    def decoder(self, how: How) -> Decoder:
        types, flags = self._types.names(how.abi), self._flags.names(how.abi)

        def decode(call: Call, number: int) -> Value:
            kind = number & S_IFMT
            parts: List[Value] = []
            if kind:
                if types.name(kind) is None:
                    return Oct(number)
                parts.append(ConstValue(kind, types))
            if number & _SPECIAL:
                parts.append(FlagsValue(number & _SPECIAL, flags))
            parts.append(Oct(number & ~(S_IFMT | _SPECIAL)))
            return Compound(number, parts, "o")
        return decode


FILE_MODE = FileMode()


def moment(seconds: int, fraction: int, digits: int) -> str:
    """The local date of *seconds* and *fraction* (of *digits* decimal digits); "" for 0 and what is none."""
    if not seconds and not fraction or fraction >= 10 ** digits:
        return ""
    from .timing import date
    text = date(seconds)
    return f"{text[:-5]}.{fraction:0{digits}}{text[-5:]}" if fraction and text else text


class Stamp(Type):
    """A field of seconds with its date; the field *nsec* beside it has the rest of them."""

    beside = True

    def __init__(self, code: str, nsec: str = "") -> None:
        self.code = code
        self.nsec = nsec

    def decoder(self, how: How) -> Decoder:
        nsec = self.nsec

        def decode(call: Call, number: int) -> Value:
            text = moment(number, call.siblings[nsec] if nsec else 0, 9)
            return Noted(number, text) if text else number
        return decode


#: What utimensat(2) takes in tv_nsec's place (<linux/stat.h>).
UTIME_SPECIAL = {0x3fffffff: "UTIME_NOW", 0x3ffffffe: "UTIME_OMIT"}


class Dated(Type):
    """A structure of seconds and a fraction of *digits* digits, with its date. *special*: names for
    the whole by fractions that mean something else."""

    def __init__(self, kind: Type, digits: int = 9, special: Optional[Dict[int, str]] = None) -> None:
        self.kind = kind
        self.digits = digits
        self.special = special or {}

    def layout(self, abi: Abi) -> Tuple[str, int, int]:
        return self.kind.layout(abi)

    def decoder(self, how: How) -> Decoder:
        inner = self.kind.decoder(how)
        digits, special = self.digits, self.special

        def decode(call: Call, data: bytes) -> Value:
            value = inner(call, data)
            assert isinstance(value, StructValue)
            seconds, fraction = [field for _, field in value.fields[:2]]
            assert isinstance(seconds, int) and isinstance(fraction, int)
            if fraction in special:
                return Written(value, Words(((special[fraction], None),)))
            text = moment(seconds, fraction, digits)
            return Noted(value, text) if text else value
        return decode


UTIMBUF = ByAbi(Struct(actime=Stamp("l"), modtime=Stamp("l")),
                x32=Struct(actime=Stamp("q"), modtime=Stamp("q")))
TIMESPECS = Ptr(Fixed(Dated(TIMESPEC, special=UTIME_SPECIAL), 2))
TIMESPECS64 = Ptr(Fixed(Dated(TIMESPEC64, special=UTIME_SPECIAL), 2))
TIMEVALS = Ptr(Fixed(Dated(TIMEVAL, 6), 2))


def _device_file(fields: Dict[str, Any]) -> bool:
    return is_device(fields["st_mode"])


def _other_file(fields: Dict[str, Any]) -> bool:
    return not is_device(fields["st_mode"])


_SHOWN = ("st_dev", "st_ino", "st_mode", "st_nlink", "st_uid", "st_gid", "st_blksize", "st_blocks", "st_size",
          "st_rdev", "st_atime", "st_atime_nsec", "st_mtime", "st_mtime_nsec", "st_ctime", "st_ctime_nsec")


def _stat(word: str, unused: int, **fields: Type) -> Struct:
    """A struct stat whose times are of type *word* and have *unused* bytes behind them; *fields* are those
    before them, in memory's order."""
    named: Dict[str, Any] = {}
    for name, kind in fields.items():
        if name == "st_size":
            kind = If(_other_file, kind)
        elif name == "st_rdev":
            kind = If(_device_file, kind)
        elif name != "st_mode" and not isinstance(kind, (Pad, Hidden)):
            kind = Verbose(kind)
        named[name] = kind
    times: Dict[str, Any] = {}
    for name in ("st_atime", "st_mtime", "st_ctime"):
        times[name] = Verbose(Stamp(word, name + "_nsec"))
        times[name + "_nsec"] = Verbose(Int(word.upper()))
    # struct stat64 has st_ino at its end.
    last = {"st_ino": named.pop("st_ino")} if list(named)[-1] == "st_ino" else {}
    return Struct(order=_SHOWN, **named, **times, **last, unused=Pad(unused))


_DEV32, _DEV64 = Device("I"), Device("Q")
# struct stat of <asm/stat.h>: x86-64 (and x32, whose longs are 64 bits there), the generic one, and
# that of i386 and arm with 16-bit ids.
_STAT_X86_64 = _stat(
    "q", 24, st_dev=_DEV64, st_ino=UINT64, st_nlink=UINT64, st_mode=FILE_MODE, st_uid=UINT, st_gid=UINT,
    pad=Pad(4), st_rdev=_DEV64, st_size=UINT64, st_blksize=UINT64, st_blocks=UINT64)
_STAT_GENERIC = _stat(
    "q", 8, st_dev=_DEV64, st_ino=UINT64, st_mode=FILE_MODE, st_nlink=UINT, st_uid=UINT, st_gid=UINT,
    st_rdev=_DEV64, pad=Pad(8), st_size=UINT64, st_blksize=UINT, pad2=Pad(4), st_blocks=UINT64)
_STAT_OLD = _stat(
    "i", 8, st_dev=_DEV32, st_ino=UINT, st_mode=FileMode("H"), st_nlink=USHORT, st_uid=USHORT, st_gid=USHORT,
    st_rdev=_DEV32, st_size=UINT, st_blksize=UINT, st_blocks=UINT)
#: struct __old_kernel_stat, and what strace shows of fields that it hasn't.
OLD_STAT = Struct(
    st_dev=Verbose(Device("H")), st_ino=Verbose(USHORT), st_mode=FileMode("H"), st_nlink=Verbose(USHORT),
    st_uid=Verbose(USHORT), st_gid=Verbose(USHORT), st_rdev=If(_device_file, Device("H")),
    st_size=If(_other_file, UINT), st_atime=Verbose(Stamp("i", "")), st_mtime=Verbose(Stamp("i", "")),
    st_ctime=Verbose(Stamp("i", "")), st_blksize=Verbose(Missing()), st_blocks=Verbose(Missing()),
    order=[name for name in _SHOWN if not name.endswith("_nsec")])
STAT = ByAbi(_STAT_X86_64, aarch64=_STAT_GENERIC, i386=_STAT_OLD, arm=_STAT_OLD)
#: struct stat64 of the 32-bit ABIs.
STAT64 = _stat(
    "i", 0, st_dev=_DEV64, pad=Pad(4), old_ino=Hidden(UINT), st_mode=FILE_MODE, st_nlink=UINT, st_uid=UINT,
    st_gid=UINT, st_rdev=_DEV64, pad2=Pad(4), st_size=UINT64, st_blksize=UINT, st_blocks=UINT64,
    st_ino=UINT64)

_FSID = Struct(val=Fixed(HEX32, 2))


def _valid(fields: Dict[str, Any]) -> bool:
    # ST_VALID: since Linux 2.6.36 the flags are filled in.
    return bool(fields["f_flags"] & 0x20)


def _statfs(word: Type, count: Type, code: str) -> Struct:
    """A struct statfs of *word* fields (of struct's *code*), numbers of blocks and inodes being *count*."""
    return Struct(
        packed=True, f_type=Const(mount.FS_MAGICS, code=code), f_bsize=word, f_blocks=count, f_bfree=count,
        f_bavail=count, f_files=count, f_ffree=count, f_fsid=_FSID, f_namelen=word, f_frsize=word,
        f_flags=If(_valid, Flags(mount.STATFS_FLAGS, "ST_???", code)), f_spare=Hidden(Fixed(word, 4)))


_STATFS_LONG = _statfs(UINT64, UINT64, "Q")
_STATFS_OLD = _statfs(UINT, UINT, "I")
STATFS = ByAbi(_STATFS_LONG, i386=_STATFS_OLD, arm=_STATFS_OLD)
#: struct statfs64 of the 32-bit ABIs.
STATFS64 = _statfs(UINT, UINT64, "I")
STATFS64_SIZE = 84

STATX_MASK = Flags(stat.STATX_MASKS, "STATX_???")
_ATTRIBUTES = Flags(stat.STATX_ATTRIBUTES, "STATX_ATTR_???", "Q")
_STATX_TIME = Dated(Struct(tv_sec=INT64, tv_nsec=UINT, reserved=Pad(4)))


def _got(names: str, kind: Type) -> Type:
    """A field that statx fills in when stx_mask has one of the bits *names*."""
    bits = sum(bit for bit, name in stat.STATX_MASKS if name in names.split("|"))
    return If(lambda raw: raw["stx_mask"] & bits, kind)


def _atomic(kind: Type) -> Type:
    """A field that the attribute STATX_ATTR_WRITE_ATOMIC gives a meaning."""
    return If(lambda raw: raw["stx_attributes"] & 0x400000, kind)


STATX = Struct(
    order=("stx_mask", "stx_blksize", "stx_attributes", "stx_nlink", "stx_uid", "stx_gid", "stx_mode",
           "stx_ino", "stx_size", "stx_blocks", "stx_attributes_mask", "stx_atime", "stx_btime", "stx_ctime",
           "stx_mtime", "stx_rdev_major", "stx_rdev_minor", "stx_dev_major", "stx_dev_minor", "stx_mnt_id",
           "stx_dio_mem_align", "stx_dio_offset_align", "stx_subvol", "stx_atomic_write_unit_min",
           "stx_atomic_write_unit_max", "stx_atomic_write_segments_max", "stx_dio_read_offset_align",
           "stx_atomic_write_unit_max_opt"),
    stx_mask=STATX_MASK,
    stx_blksize=Verbose(UINT),
    stx_attributes=_ATTRIBUTES,
    stx_nlink=_got("STATX_NLINK", Verbose(UINT)),
    stx_uid=_got("STATX_UID", Verbose(UID)),
    stx_gid=_got("STATX_GID", Verbose(UID)),
    stx_mode=_got("STATX_TYPE|STATX_MODE", FileMode("H")),
    spare0=Pad(2),
    stx_ino=_got("STATX_INO", Verbose(UINT64)),
    stx_size=_got("STATX_SIZE", UINT64),
    stx_blocks=_got("STATX_BLOCKS", Verbose(UINT64)),
    stx_attributes_mask=Verbose(_ATTRIBUTES),
    stx_atime=_got("STATX_ATIME", Verbose(_STATX_TIME)),
    stx_btime=_got("STATX_BTIME", Verbose(_STATX_TIME)),
    stx_ctime=_got("STATX_CTIME", Verbose(_STATX_TIME)),
    stx_mtime=_got("STATX_MTIME", Verbose(_STATX_TIME)),
    stx_rdev_major=Verbose(UINT),
    stx_rdev_minor=Verbose(UINT),
    stx_dev_major=Verbose(UINT),
    stx_dev_minor=Verbose(UINT),
    stx_mnt_id=_got("STATX_MNT_ID", Verbose(HEX64)),
    stx_dio_mem_align=_got("STATX_DIOALIGN", Verbose(UINT)),
    stx_dio_offset_align=_got("STATX_DIOALIGN", Verbose(UINT)),
    stx_subvol=_got("STATX_SUBVOL", Verbose(HEX64)),
    stx_atomic_write_unit_min=_atomic(Verbose(UINT)),
    stx_atomic_write_unit_max=_atomic(Verbose(UINT)),
    stx_atomic_write_segments_max=_atomic(Verbose(UINT)),
    stx_dio_read_offset_align=_got("STATX_DIO_READ_ALIGN", Verbose(UINT)),
    stx_atomic_write_unit_max_opt=_atomic(Verbose(UINT)),
    spare=Pad(68))

AT_FLAGS = Flags(fcntl.AT_FLAGS, "AT_???")
STATX_FLAGS = Parts((0x6000, Flags(fcntl.AT_STATX_SYNC_TYPES), True),  # AT_STATX_SYNC_TYPE
                    (0, Flags(fcntl.AT_FLAGS), False), raw="")


class OldEntry(Type):
    """The struct old_linux_dirent that readdir(2) fills in: d_reclen is the length of the name."""

    def layout(self, abi: Abi) -> Tuple[str, int, int]:
        size = 2 * abi.word + 2
        return f"{size}s", size, abi.word

    def decoder(self, how: How) -> Decoder:
        head = _Layout("=" + 2 * ULONG.layout(how.abi)[0] + "H")

        def decode(call: Call, data: bytes) -> Value:
            ino, off, length = head.unpack(data)
            name = call.memory.read(call.arg("dirp") + head.size, min(length, 256))
            return StructValue([("d_ino", ino), ("d_off", off), ("d_reclen", length),
                                ("d_name", Addr(call.arg("dirp") + head.size) if name is None else BytesValue(name))])
        return decode


class Entries(Type):
    """A pointer to as many bytes of directory entries as the call returned: their number, with ``-v``
    the entries. *old*: struct linux_dirent, of words, with the type in its last byte."""

    code = "P"

    def __init__(self, old: bool = False) -> None:
        self.old = old

    def decoder(self, how: How) -> Decoder:
        if not how.deref:
            return lambda call, address: Addr(address)
        old = self.old
        word = ULONG.layout(how.abi)[0] if old else "Q"
        head = _Layout("=" + word + (word if old else "q") + "H")
        name_at = head.size + (not old)
        kinds = Const(fcntl.DIRENT_TYPES, "DT_???").names(how.abi)

        def entry(data: bytes, at: int, ino: int, off: int, length: int) -> StructValue:
            kind = ("d_type", ConstValue(data[at + length - 1 if old else at + head.size], kinds))
            name = ("d_name", BytesValue(data[at + name_at:at + length - old].partition(b"\0")[0]))
            return StructValue([("d_ino", ino), ("d_off", off), ("d_reclen", length),
                                *((name, kind) if old else (kind, name))])

        def decode(call: Call, address: int) -> Value:
            data = call.memory.upto(address, call.ret)
            items: List[Value] = []
            count = at = 0
            while at + name_at < len(data):
                ino, off, length = head.unpack_from(data, at)
                if length <= name_at or at + length > len(data):
                    break
                if not how.abbrev:
                    items.append(entry(data, at, ino, off, length))
                count += 1
                at += length
            return Noted(Addr(address), f"{count} entries") if how.abbrev else ArrayValue(items)
        return decode


# O_CREAT | __O_TMPFILE of <asm-generic/fcntl.h>
CREATES = 0o100 | 0o20000000
_HOW_FLAGS = {abi: (*table, *fcntl.OPENAT2_FLAGS) for abi, table in fcntl.OPEN_FLAGS.items()}
OPEN_HOW = Sized(Struct(
    flags=Parts((3, Const(fcntl.OPEN_MODES, "O_???"), True), (0, Flags(_HOW_FLAGS), False), code="Q"),
    mode=If(lambda raw: raw["mode"] or raw["flags"] & CREATES, Int("Q", Oct)),
    resolve=Flags(fcntl.RESOLVE_FLAGS, "RESOLVE_???", "Q")), size="size", minimum=24)
