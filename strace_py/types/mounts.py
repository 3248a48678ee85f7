"""Types of extended attributes, file handles, mounts, quotas and access control."""
from __future__ import annotations

from typing import Any, Callable, Dict, List, Optional, Tuple

from ..constants import fcntl, misc, mount, poll
from ..values import BEGUN, LATER, Addr, Bytes, Changed, Compound, Half, Hex, Joined, Macro, Ref, Tail
from ..values import Array as ArrayValue
from ..values import Const as ConstValue
from ..values import Struct as StructValue
from .common import DIRFD, FD, AtMost, Pointer, Wide, changed, int_at, unless_zero
from .core import (
    ADDR,
    BYTE,
    HEX16,
    HEX32,
    HEX64,
    INT,
    PATH_MAX,
    UINT,
    UINT64,
    USHORT,
    Argument,
    Array,
    Const,
    Count,
    Decoder,
    Flags,
    Hidden,
    How,
    If,
    Out,
    Pad,
    Ptr,
    Sized,
    Struct,
    Type,
    Verbose,
    register,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..call import Call
    from ..constants import Table
    from ..values import Value


class _UserNamespace(Type):
    """mount_attr's userns_fd, a file descriptor only where ids are to be mapped."""

    code = "Q"
    beside = True
    # MOUNT_ATTR_IDMAP of <linux/mount.h>
    WANTED = 0x100000

    def decoder(self, how: How) -> Decoder:
        inner = FD.decoder(how)

        def decode(call: Call, number: int) -> Value:
            wanted = (call.siblings["attr_set"] | call.siblings["attr_clr"]) & self.WANTED
            return inner(call, number) if wanted and number < 1 << 31 else number
        return decode


class WithHandle(Out):
    """What name_to_handle_at fills in beside the handle: nothing where that is known at entry."""

    def argument(self, how: How) -> Argument:
        return Argument(ADDR.argument(how).enter, super().argument(how).leave)


class XattrValue(Type):
    """A pointer to *size* (a Count) bytes, an extended attribute's value: most are strings. More than
    XATTR_SIZE_MAX bytes are no value."""

    code = "P"
    #: XATTR_SIZE_MAX of <linux/limits.h>.
    LONGEST = 65536

    def __init__(self, size: Count) -> None:
        self.size = size

    def decoder(self, how: How) -> Decoder:
        size = how.number(self.size)
        limit = how.limit
        # The field of struct xattr_args has 64 bits on every ABI.
        top = 1 << 8 * how.abi.word

        def decode(call: Call, address: int) -> Value:
            length = size(call)
            if not 0 < address < top or not 0 <= length <= self.LONGEST:
                return Addr(address)
            # One byte more than is shown is known to be there.
            data = call.memory.read(address, min(length, limit + 1))
            if data is None:
                return Addr(address)
            return Bytes(data[:limit], length > limit, length, terminated=True)
        return decode


class XattrRead(XattrValue):
    """An extended attribute's value that the call got: nothing when it failed or was only asked for its
    size (*size*)."""

    def __init__(self, size: Count) -> None:
        super().__init__("return")
        self.asked = size

    def decoder(self, how: How) -> Decoder:
        asked = how.number(self.asked)
        inner = super().decoder(how)
        return lambda call, address: inner(call, address) if asked(call) and not call.error else Addr(address)

    def argument(self, how: How) -> Argument:
        asked = how.number(self.asked)
        address = register("P", how.abi)
        return Argument(lambda call, raw: LATER if asked(call) else Addr(address(raw)),
                        super().argument(how).leave)


class XattrArgsRead(Sized):
    """The structure of getxattrat: complete at entry when only the size is asked for."""

    def __init__(self, size: Count) -> None:
        super().__init__(_xattr_args(XattrRead(_size)), size, minimum=16)

    def argument(self, how: How) -> Argument:
        leave = super().argument(how).leave

        def enter(call: Call, raw: int) -> Value:
            value = leave(call, raw)
            return BEGUN if isinstance(value, StructValue) and value.fields[1][1] else value
        return Argument(enter, leave)


class XattrList(Type):
    """What listxattr fills in: names that end in a NUL each, unless asked only for their *size*."""

    code = "P"

    def decoder(self, how: How) -> Decoder:
        limit = how.limit

        def decode(call: Call, address: int) -> Value:
            length = call.ret
            data = call.memory.read(address, min(length, limit)) if address and call.arg("size") else None
            return Addr(address) if data is None else Bytes(data, length > limit, length)
        return decode


def _size(call: Call) -> int:
    return int(call.siblings["size"])


def _xattr_args(value: Type) -> Struct:
    """struct xattr_args of <linux/xattr.h>."""
    return Struct(value=Wide(value), size=UINT, flags=Flags(fcntl.XATTR_FLAGS, "XATTR_???"))


XATTR_ARGS = _xattr_args(XattrValue(_size))

_XFLAGS = Flags(fcntl.FILE_XFLAGS, "FS_XFLAG_???", code="Q")


def _file_attr(nextents: Type) -> Type:
    """A pointer to a struct file_attr of <linux/fs.h>: one that is larger than a page is none."""
    return AtMost(4096, "size", Sized(Struct(
        fa_xflags=_XFLAGS, fa_extsize=UINT, fa_nextents=nextents, fa_projid=HEX32, fa_cowextsize=UINT),
        "size", minimum=24))


#: fa_nextents is only told.
FILE_ATTR, FILE_ATTR_SET = _file_attr(UINT), _file_attr(Hidden(UINT))


class FileHandle(Pointer):
    """A pointer to a struct file_handle. With *filled* the call fills it in, or says how
    large it has to be."""

    # MAX_HANDLE_SZ of <linux/exportfs.h>: what follows is not shown.
    LONGEST = 128
    # EOVERFLOW of <asm-generic/errno.h>: the handle is larger than handle_bytes.
    TOO_SMALL = 75

    def __init__(self, filled: bool = False) -> None:
        self.filled = filled

    def stops(self, how: How) -> Argument:
        def header(call: Call, address: int) -> Optional[Tuple[int, int]]:
            data = call.memory.read(address, 8)
            if data is None:
                return None
            return int.from_bytes(data[:4], "little"), int.from_bytes(data[4:], "little", signed=True)

        def whole(call: Call, address: int, size: int, kind: int, shown: Value) -> Value:
            data = call.memory.read(address + 8, min(size, self.LONGEST))
            fields: List[Tuple[str, Value]] = [("handle_bytes", shown), ("handle_type", kind)]
            if data is None:
                return StructValue(fields + [("f_handle", Tail(8, 8 + size, None))])
            return StructValue(fields + [("f_handle", Bytes(data, size > self.LONGEST, size, opaque=True))])

        def decode(call: Call, address: int) -> Value:
            found = header(call, address)
            return whole(call, address, *found, found[0]) if found else Addr(address)

        def enter(call: Call, address: int) -> Value:
            found = header(call, address)
            if found is None:
                return Addr(address)
            call.save("handle_bytes", found[0])
            return Half(StructValue([("handle_bytes", found[0])]), open=True)

        def result(call: Call, address: int) -> Value:
            before = call.load("handle_bytes")
            after = header(call, address)
            if not after:
                return Addr(address)
            size = changed(before, after[0])
            if call.error:
                return StructValue([("handle_bytes", size if call.error == self.TOO_SMALL else before)])
            return whole(call, address, *after, size)
        return Argument(enter, result) if self.filled else Argument(decode, decode)


class MountFlags(Type):
    """mount's flags, which once had to bear a magic number in their upper half."""

    code = "L"
    MAGIC = Const(((0xc0ed0000, "MS_MGC_VAL"),), code="L")
    FLAGS = Flags(mount.MOUNT_FLAGS, "MS_???", code="L")

    def decoder(self, how: How) -> Decoder:
        magic, flags = self.MAGIC.decoder(how), self.FLAGS.decoder(how)

        def decode(call: Call, number: int) -> Value:
            if number & 0xffff0000 != 0xc0ed0000:
                return flags(call, number)
            parts = [magic(call, 0xc0ed0000)]
            if number != 0xc0ed0000:
                parts.append(flags(call, number ^ 0xc0ed0000))
            return Joined(number, parts)
        return decode


class SwapFlags(Type):
    """swapon's flags, with a priority in their lower bits."""

    code = "I"
    PRIORITY = 0x7fff
    FLAGS = Flags(mount.SWAP_FLAGS, "SWAP_FLAG_???")

    def decoder(self, how: How) -> Decoder:
        flags = self.FLAGS.decoder(how)

        def decode(call: Call, number: int) -> Value:
            priority = number & self.PRIORITY
            if number == priority:
                return number
            return Joined(number, (flags(call, number ^ priority), priority))
        return decode


MOUNT_ATTR = Struct(
    attr_set=Flags(mount.MOUNT_SETATTR_ATTRS, "MOUNT_ATTR_???", code="Q"),
    attr_clr=Flags(mount.MOUNT_SETATTR_ATTRS, "MOUNT_ATTR_???", code="Q"),
    propagation=Const(mount.PROPAGATIONS, "MS_???", code="Q"), userns_fd=_UserNamespace())


class NamedOr(Type):
    """A 64-bit id, or one of a set of *names* for what is none: ``LSMT_ROOT``."""

    code = "Q"

    def __init__(self, names: Table) -> None:
        self._const = Const(names, code="Q")

    def decoder(self, how: How) -> Decoder:
        names = self._const.names(how.abi)
        return lambda call, number: Hex(number) if names.name(number) is None else ConstValue(number, names)


class SelfSized(Type):
    """A pointer to a structure whose first field, a 32-bit *size*, says how much of it the caller knows."""

    code = "P"

    def __init__(self, kind: Struct, minimum: int) -> None:
        self.kind = kind
        self.minimum = minimum

    def decoder(self, how: How) -> Decoder:
        if not how.deref:
            return lambda call, address: Addr(address)
        size = 0
        inner = Sized(self.kind, lambda call: size, self.minimum).decoder(how)

        def decode(call: Call, address: int) -> Value:
            nonlocal size
            found = int_at(call, address)
            if found is None:
                return Addr(address)
            size = found
            value = StructValue([("size", size)]) if size < self.minimum else inner(call, address)
            if isinstance(value, StructValue):
                return value
            return StructValue([("size", size), ("", Tail(4, size, None))])
        return decode


def _known(size: int) -> Callable[[Dict[str, Any]], object]:
    return lambda fields: fields["size"] >= size


#: struct mnt_id_req of <linux/mount.h>, for statmount and listmount.
STATMOUNT_REQUEST = SelfSized(Struct(
    size=UINT, mnt_ns_fd=FD, mnt_id=HEX64, param=Flags(mount.STATMOUNT_MASKS, "STATMOUNT_???", code="Q"),
    mnt_ns_id=If(_known(32), HEX64)), minimum=24)
LISTMOUNT_REQUEST = SelfSized(Struct(
    size=UINT, mnt_ns_fd=FD, mnt_id=NamedOr(mount.LISTMOUNT_ROOTS), param=HEX64,
    mnt_ns_id=If(_known(32), HEX64)), minimum=24)
#: struct ns_id_req of <linux/nsfs.h>.
LISTNS_REQUEST = SelfSized(Struct(
    size=UINT, spare=unless_zero("spare", HEX32), ns_id=HEX64, ns_type=Flags(mount.NAMESPACES, "???_NS"),
    spare2=unless_zero("spare2", HEX32), user_ns_id=NamedOr(mount.LISTNS_USERS)), minimum=32)


class Listed(Type):
    """The numbers that a call returned, in an array of *count* (the name of an argument)."""

    code = "P"

    def __init__(self, count: str) -> None:
        self.count = count

    def argument(self, how: How) -> Argument:
        inner = Array(HEX64, "return").argument(how).leave
        none = Array(HEX64, self.count).argument(how).leave
        number = how.number(self.count)
        address = register("P", how.abi)

        def leave(call: Call, raw: int) -> Value:
            if not call.error:
                return inner(call, raw)
            return Addr(address(raw)) if number(call) else none(call, raw)
        return Argument(None, leave)


# Where the strings of struct statmount begin.
_STRINGS = 512


def _strings(call: Call, offset: int) -> bytes:
    """The strings of a struct statmount from *offset* on; none if not all of them can be read."""
    size = min(call.siblings["size"], call.arg("bufsize"))
    return (call.memory.read(call.arg("buf") + _STRINGS, max(size - _STRINGS, 0)) or b"")[offset:]


class _Text(Type):
    """A field of struct statmount: a string, by its offset among the strings."""

    code = "I"
    beside = True

    def decoder(self, how: How) -> Decoder:
        def decode(call: Call, offset: int) -> Value:
            found = _strings(call, offset)
            text = found.partition(b"\0")[0]
            return Bytes(text[:PATH_MAX], len(text) > PATH_MAX, len(text)) if found else Hex(offset)
        return decode


class _Texts(Type):
    """As many strings, one behind the other, as the field *count* says."""

    code = "I"
    beside = True

    def __init__(self, count: str) -> None:
        self.count = count

    def decoder(self, how: How) -> Decoder:
        def decode(call: Call, offset: int) -> Value:
            rest = _strings(call, offset)
            if not rest:
                return Hex(offset)
            count = call.siblings[self.count]
            shown = how.elements(count)
            items: List[Value] = []
            while rest and len(items) < shown:
                text, _, rest = rest.partition(b"\0")
                items.append(Bytes(text[:PATH_MAX], len(text) > PATH_MAX, len(text)))
            return ArrayValue(items, count > len(items))
        return decode


def _got(bit: int, kind: Type) -> If:
    return If(lambda fields: fields["mask"] & bit, kind)


_MASKS = Flags(mount.STATMOUNT_MASKS, "STATMOUNT_???", code="Q")
#: struct statmount of <linux/mount.h>, without the strings behind it.
STATMOUNT = Struct(
    size=UINT, mnt_opts=_got(0x80, _Text()), mask=_MASKS,
    sb_dev_major=_got(1, UINT), sb_dev_minor=_got(1, UINT),
    sb_magic=_got(1, Const(mount.FS_MAGICS, code="Q")), sb_flags=_got(1, Flags(mount.SB_FLAGS, "MS_???")),
    fs_type=_got(0x20, _Text()), mnt_id=_got(2, HEX64), mnt_parent_id=_got(2, HEX64),
    mnt_id_old=_got(2, HEX32), mnt_parent_id_old=_got(2, HEX32),
    mnt_attr=_got(2, Flags(mount.MOUNT_SETATTR_ATTRS, "MOUNT_ATTR_???", code="Q")),
    mnt_propagation=_got(2, Flags(mount.PROPAGATIONS, "MS_???", code="Q")), mnt_peer_group=_got(2, HEX64),
    mnt_master=_got(2, HEX64), propagate_from=_got(4, HEX64), mnt_root=_got(8, _Text()),
    mnt_point=_got(0x10, _Text()), mnt_ns_id=_got(0x40, HEX64), fs_subtype=_got(0x100, _Text()),
    sb_source=_got(0x200, _Text()), opt_num=_got(0x400, UINT), opt_array=_got(0x400, _Texts("opt_num")),
    opt_sec_num=_got(0x800, UINT), opt_sec_array=_got(0x800, _Texts("opt_sec_num")),
    supported_mask=_got(0x1000, _MASKS),
    mnt_uidmap_num=_got(0x2000, UINT), mnt_uidmap=_got(0x2000, _Texts("mnt_uidmap_num")),
    mnt_gidmap_num=_got(0x4000, UINT), mnt_gidmap=_got(0x4000, _Texts("mnt_gidmap_num")), spare=Pad(43 * 8))


class QuotaCommand(Type):
    """quotactl's command: what to do above, for which type of quota in the lowest eight bits."""

    code = "I"
    COMMANDS = Const(mount.QUOTA_COMMANDS, "Q_???")
    TYPES = Const(mount.QUOTA_TYPES, "???QUOTA")

    def decoder(self, how: How) -> Decoder:
        commands, types = self.COMMANDS.names(how.abi), self.TYPES.names(how.abi)
        return lambda call, number: Compound(number, [Macro("QCMD", (
            ConstValue(number >> 8, commands), ConstValue(number & 0xff, types)), number=number)], raw="d")


QUOTA_FORMAT = Const(mount.QUOTA_FORMATS, "QFMT_???")
#: A pointer to quota types or states of XFS.
XFS_QUOTA_TYPES = Ptr(Flags(mount.XFS_QUOTA_TYPES, "FS_???_QUOTA"))
XFS_QUOTA_STATES = Ptr(Flags(mount.XFS_QUOTA_STATES, "FS_QUOTA_???"))
_QUOTA: Dict[str, Type] = {
    "dqb_bhardlimit": UINT64, "dqb_bsoftlimit": UINT64, "dqb_curspace": UINT64, "dqb_ihardlimit": UINT64,
    "dqb_isoftlimit": UINT64, "dqb_curinodes": UINT64, "dqb_btime": Verbose(UINT64),
    "dqb_itime": Verbose(UINT64), "dqb_valid": Verbose(Flags(mount.QUOTA_VALID, "QIF_???"))}
#: struct if_dqblk (without the padding at its end), if_nextdqblk and if_dqinfo of <linux/quota.h>.
QUOTA = Struct(packed=True, **_QUOTA)  # type: ignore[arg-type]
NEXT_QUOTA = Struct(**_QUOTA, dqb_id=UINT)  # type: ignore[arg-type]
QUOTA_INFO = Struct(dqi_bgrace=UINT64, dqi_igrace=UINT64, dqi_flags=Flags(mount.QUOTA_INFO_FLAGS, "DQF_???"),
                    dqi_valid=Flags(mount.QUOTA_INFO_VALID, "IIF_???"))
#: struct fs_disk_quota, fs_quota_stat and fs_quota_statv of <linux/dqblk_xfs.h>.
XFS_QUOTA = Struct(
    d_version=BYTE, d_flags=Flags(mount.XFS_QUOTA_TYPES, "FS_???_QUOTA", code="B"), d_fieldmask=HEX16,
    d_id=UINT, d_blk_hardlimit=UINT64, d_blk_softlimit=UINT64, d_ino_hardlimit=UINT64, d_ino_softlimit=UINT64,
    d_bcount=UINT64, d_icount=UINT64, d_itimer=Verbose(INT), d_btimer=Verbose(INT), d_iwarns=Verbose(USHORT),
    d_bwarns=Verbose(USHORT), padding=Pad(4), d_rtb_hardlimit=Verbose(UINT64),
    d_rtb_softlimit=Verbose(UINT64),
    d_rtbcount=Verbose(UINT64), d_rtbtimer=Verbose(INT), d_rtbwarns=Verbose(USHORT), padding3=Pad(10))
_QUOTA_FILE = Verbose(Struct(qfs_ino=UINT64, qfs_nblks=UINT64, qfs_nextents=UINT))
_QUOTA_FILE_V = Verbose(Struct(qfs_ino=UINT64, qfs_nblks=UINT64, qfs_nextents=UINT, qfs_pad=Pad(4)))
_STATES = Verbose(Flags(mount.XFS_QUOTA_STATES, "FS_QUOTA_???", code="H"))
XFS_QUOTA_STAT = Struct(
    qs_version=BYTE, qs_flags=_STATES, qs_pad=Pad(1), qs_uquota=_QUOTA_FILE, qs_gquota=_QUOTA_FILE,
    qs_incoredqs=Verbose(UINT), qs_btimelimit=Verbose(INT), qs_itimelimit=Verbose(INT),
    qs_rtbtimelimit=Verbose(INT), qs_bwarnlimit=Verbose(USHORT), qs_iwarnlimit=Verbose(USHORT))
XFS_QUOTA_STATV = Struct(
    qs_version=BYTE, qs_pad1=Pad(1), qs_flags=_STATES, qs_incoredqs=Verbose(UINT), qs_uquota=_QUOTA_FILE_V,
    qs_gquota=_QUOTA_FILE_V, qs_pquota=_QUOTA_FILE_V, qs_btimelimit=Verbose(INT), qs_itimelimit=Verbose(INT),
    qs_rtbtimelimit=Verbose(INT), qs_bwarnlimit=Verbose(USHORT), qs_iwarnlimit=Verbose(USHORT),
    qs_pad3=Pad(64))


class FanotifyFlags(Type):
    """fanotify_init's flags: a class of notifications and bits."""

    code = "I"
    CLASS = 0xc
    CLASSES = Const(poll.FANOTIFY_CLASSES, "FAN_CLASS_???")
    FLAGS = Flags(poll.FANOTIFY_INIT_FLAGS, "FAN_???")

    def decoder(self, how: How) -> Decoder:
        kind, flags = self.CLASSES.decoder(how), self.FLAGS.decoder(how)

        def decode(call: Call, number: int) -> Value:
            first, rest = kind(call, number & self.CLASS), number & ~self.CLASS
            return Joined(number, (first, flags(call, rest))) if rest else first
        return decode


class WatchedFd(Type):
    """fanotify_mark's directory: a descriptor, AT_FDCWD or none (FAN_NOFD)."""

    code = "i"
    NONE = Const(((-1, "FAN_NOFD"),), code="i", raw="d")

    def decoder(self, how: How) -> Decoder:
        none, inner = self.NONE.decoder(how), DIRFD.decoder(how)
        return lambda call, number: none(call, number) if number == -1 else inner(call, number)


_ACCESS_FS = Flags(misc.LANDLOCK_ACCESS_FS, "LANDLOCK_ACCESS_FS_???", code="Q")
_ACCESS_NET = Flags(misc.LANDLOCK_ACCESS_NET, "LANDLOCK_ACCESS_NET_???", code="Q")
_SCOPES = Flags(misc.LANDLOCK_SCOPES, "LANDLOCK_SCOPE_???", code="Q")


class Ruleset(Sized):
    """A pointer to a struct landlock_ruleset_attr of *size* bytes: what the caller doesn't know is not shown,
    nor what it knows beyond that."""

    RULESET = Struct(handled_access_fs=_ACCESS_FS, handled_access_net=_ACCESS_NET, scoped=_SCOPES,
                     quiet_access_fs=_ACCESS_FS, quiet_access_net=_ACCESS_NET, quiet_scoped=_SCOPES)

    def __init__(self, size: Count) -> None:
        super().__init__(self.RULESET, size, minimum=8, rest=False)

    def decoder(self, how: How) -> Decoder:
        inner = super().decoder(how)
        size = how.number(self.size)

        def decode(call: Call, address: int) -> Value:
            value = inner(call, address)
            known = (size(call) + 7) // 8  # fields of 8 bytes, maybe the last in part
            if isinstance(value, StructValue):
                value.fields = value.fields[:known]
                value.more = known > len(self.RULESET.fields)
            return value
        return decode


#: struct landlock_path_beneath_attr and landlock_net_port_attr of <linux/landlock.h>.
PATH_RULE = Struct(packed=True, allowed_access=_ACCESS_FS, parent_fd=FD)
PORT_RULE = Struct(allowed_access=_ACCESS_NET, port=UINT64)


class InOutNumber(Pointer):
    """A pointer to a 32-bit number that the call changes: ``[160 => 32]``."""

    def stops(self, how: How) -> Argument:
        def enter(call: Call, address: int) -> Value:
            before = int_at(call, address)
            return Addr(address) if before is None else Ref(before)

        def leave(call: Call, address: int) -> Value:
            before, after = call.load("number"), int_at(call, address)
            return Addr(address) if before is None or after is None else Ref(changed(before, after))
        return Argument(enter, leave, lambda call, address: call.save("number", int_at(call, address)))


_LSM_ID = NamedOr(misc.LSM_IDS)
# The fields of struct lsm_ctx of <linux/lsm.h> in front of the context.
_LSM_HEAD = 32


def _lsm_context(how: How) -> Callable[[Call, int, int], Optional[StructValue]]:
    """The decoder of the struct lsm_ctx at an address, of at most so many bytes; None if it isn't there."""
    identity = _LSM_ID.decoder(how)

    def decode(call: Call, address: int, size: int) -> Optional[StructValue]:
        head = call.memory.read(address, _LSM_HEAD) if size >= _LSM_HEAD else None
        if head is None:
            return None
        number, flags, length, text = (int.from_bytes(head[at:at + 8], "little") for at in (0, 8, 16, 24))
        fields: List[Tuple[str, Value]] = [
            ("id", identity(call, number)), ("flags", Hex(flags)), ("len", length), ("ctx_len", text)]
        count = min(text, min(length, size) - _LSM_HEAD)
        if count > 0:
            data = call.memory.read(address + _LSM_HEAD, min(count, how.limit))
            fields.append(("ctx", Addr(address + _LSM_HEAD) if data is None
                           else Bytes(data, count > how.limit, count, opaque=True)))
        return StructValue(fields)
    return decode


class LsmContext(Type):
    """A pointer to one struct lsm_ctx of *size* bytes."""

    code = "P"

    def __init__(self, size: Count) -> None:
        self.size = size

    def decoder(self, how: How) -> Decoder:
        if not how.deref:
            return lambda call, address: Addr(address)
        size = how.number(self.size)
        inner = _lsm_context(how)
        return lambda call, address: inner(call, address, size(call)) or Addr(address)


class LsmContexts(Pointer):
    """What lsm_get_self_attr fills in: structs lsm_ctx, one behind the other. With LSM_FLAG_SINGLE the
    caller says of which module: ``{id=LSM_ID_SMACK} => [...]``."""

    MOST = 1 << 10

    def stops(self, how: How) -> Argument:
        identity = _LSM_ID.decoder(how)
        inner = _lsm_context(how)
        most = how.elements(self.MOST)

        def room(call: Call) -> Optional[int]:
            return int_at(call, call.arg("size"))

        def enter(call: Call, address: int) -> Value:
            if room(call) is None:
                return Addr(address)
            if not call.arg("flags") & 1:
                return BEGUN
            data = call.memory.read(address, _LSM_HEAD)
            if data is None:
                return Addr(address)
            asked = StructValue([("id", identity(call, int.from_bytes(data[:8], "little")))])
            call.save("asked", asked)
            return Half(asked)

        def contexts(call: Call, at: int) -> Value:
            left = room(call) or 0
            items: List[Value] = []
            while left > 0:
                found = inner(call, at, left)
                if found is None:
                    return ArrayValue(items, unread=at) if items else Addr(at)
                if len(items) >= most:
                    return ArrayValue(items, more=True)
                items.append(found)
                length = found.fields[2][1]
                if not isinstance(length, int) or length < _LSM_HEAD:
                    break
                at += length
                left -= length
            return ArrayValue(items) if items else Addr(at)

        def leave(call: Call, address: int) -> Value:
            asked = call.load("asked")
            after = Addr(address) if call.error else contexts(call, address)
            return after if asked is None else Changed(asked, after)
        return Argument(enter, leave)
