"""Mounting and its kin: mount points, swap, quotas, what watches file systems and what restricts them."""
from __future__ import annotations

from ..constants import misc, poll
from ..constants import mount as constants
from ..types.common import DIRFD, FD, NEW_FD, OPEN_FLAGS, UID, Binary, Expected, int_at
from ..types.core import ADDR, HEX32, INT, LONG, PATH, SIZE, STR, UINT, Array, Const, Flags, Out, Ptr, Sized, Switch
from ..types.io import ResultSwitch
from ..types.mounts import (
    LISTMOUNT_REQUEST,
    LISTNS_REQUEST,
    MOUNT_ATTR,
    NEXT_QUOTA,
    PATH_RULE,
    PORT_RULE,
    QUOTA,
    QUOTA_FORMAT,
    QUOTA_INFO,
    STATMOUNT,
    STATMOUNT_REQUEST,
    XFS_QUOTA,
    XFS_QUOTA_STAT,
    XFS_QUOTA_STATES,
    XFS_QUOTA_STATV,
    XFS_QUOTA_TYPES,
    FanotifyFlags,
    InOutNumber,
    Listed,
    LsmContext,
    LsmContexts,
    MountFlags,
    QuotaCommand,
    Ruleset,
    SwapFlags,
    WatchedFd,
)
from .signature import Syscall

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, Optional

    from ..call import Call
    from ..types.core import Type

    Cases = Dict[Any, Optional[Type]]

# MS_* of <linux/mount.h>: with these, mount(2) looks at no file system type, and with the latter at no data.
_REMOUNT = 0x20
_CHANGES = 0x1000 | 0x2000 | 0x20000 | 0x40000 | 0x80000 | 0x100000


def _flags(call: Call) -> int:
    flags = call.arg("mountflags")
    return flags ^ 0xc0ed0000 if flags & 0xffff0000 == 0xc0ed0000 else flags


def _has_type(call: Call) -> int:
    return int(not _flags(call) & (_REMOUNT | _CHANGES))


def _has_data(call: Call) -> int:
    return int(bool(_flags(call) & _REMOUNT) or not _flags(call) & _CHANGES)


mount = Syscall(source=PATH, target=PATH, filesystemtype=Switch(_has_type, {1: STR}, ADDR, code="P"),
                mountflags=MountFlags(), data=Switch(_has_data, {1: STR}, ADDR, code="P"))
umount2 = Syscall(target=PATH, flags=Flags(constants.UMOUNT_FLAGS, "MNT_???"))
umount = oldumount = Syscall(path=PATH)
pivot_root = Syscall(oldpath=PATH, newpath=PATH)

_OPEN_TREE_FLAGS = Flags(constants.OPEN_TREE_FLAGS, "OPEN_TREE_???")
_MOUNT_ATTRS = Sized(MOUNT_ATTR, "size", minimum=32)
open_tree = Syscall(dirfd=DIRFD, pathname=PATH, flags=_OPEN_TREE_FLAGS, returns=NEW_FD)
open_tree_attr = Syscall(dirfd=DIRFD, pathname=PATH, flags=_OPEN_TREE_FLAGS, attr=_MOUNT_ATTRS, size=SIZE,
                         returns=NEW_FD)
move_mount = Syscall(from_dfd=DIRFD, from_pathname=PATH, to_dfd=DIRFD, to_pathname=PATH,
                     flags=Flags(constants.MOVE_MOUNT_FLAGS, "MOVE_MOUNT_???"))
mount_setattr = Syscall(dirfd=DIRFD, pathname=PATH, flags=Flags(constants.MOUNT_SETATTR_FLAGS, "AT_???"),
                        attr=_MOUNT_ATTRS, size=SIZE)

_FSCONFIG_KEYS: Cases = {(0, 1, 2, 3, 4, 5): STR}
_FSCONFIG_VALUES: Cases = {1: STR, 2: Binary("aux"), (3, 4): PATH}
_FSCONFIG_AUX: Cases = {(3, 4): DIRFD, 5: FD}
fsopen = Syscall(fsname=STR, flags=Flags(constants.FSOPEN_FLAGS, "FSOPEN_???"), returns=NEW_FD)
fspick = Syscall(dirfd=DIRFD, pathname=PATH, flags=Flags(constants.FSPICK_FLAGS, "FSPICK_???"),
                 returns=NEW_FD)
fsconfig = Syscall(fd=FD, cmd=Const(constants.FSCONFIG_COMMANDS, "FSCONFIG_???"),
                   key=Switch("cmd", _FSCONFIG_KEYS, ADDR, code="P"),
                   value=Switch("cmd", _FSCONFIG_VALUES, ADDR, code="P"),
                   aux=Switch("cmd", _FSCONFIG_AUX, INT, code="i"), overlooked=("fd",))
fsmount = Syscall(fd=FD, flags=Flags(constants.FSMOUNT_FLAGS, "FSMOUNT_???"),
                  attr_flags=Flags(constants.MOUNT_ATTRS, "MOUNT_ATTR_???"), returns=NEW_FD)

statmount = Syscall(req=STATMOUNT_REQUEST, buf=Out(Sized(STATMOUNT, "bufsize", minimum=4, rest=False)),
                    bufsize=SIZE, flags=Flags(constants.STATMOUNT_FLAGS, "STATMOUNT_???"))
listmount = Syscall(req=LISTMOUNT_REQUEST, mnt_ids=Listed("nr_mnt_ids"), nr_mnt_ids=SIZE,
                    flags=Flags(constants.LISTMOUNT_FLAGS, "LISTMOUNT_???"))
listns = Syscall(req=LISTNS_REQUEST, ns_ids=Listed("nr_ns_ids"), nr_ns_ids=SIZE, flags=HEX32)

swapon = Syscall(path=PATH, swapflags=SwapFlags())
swapoff = Syscall(path=PATH)
acct = Syscall(path=PATH)


def _quota_command(call: Call) -> int:
    return call.arg("op") >> 8


# Q_* of <linux/quota.h> and <linux/dqblk_xfs.h>: Q_SYNC, Q_QUOTAOFF and Q_XQUOTASYNC need no more.
_QUOTA_IDS: Cases = {0x800002: QUOTA_FORMAT, (0x800001, 0x800003, 0x5807): None,
              (0x800004, 0x800005, 0x800006, 0x5801, 0x5802, 0x5805, 0x5806, 0x5808): None}
_QUOTA_ADDRESSES: Cases = {
    (0x800001, 0x800003, 0x5807): None, 0x800002: PATH, 0x800004: Out(Ptr(QUOTA_FORMAT)),
    0x800005: Out(Ptr(QUOTA_INFO)), 0x800006: Ptr(QUOTA_INFO), 0x800007: Out(Ptr(QUOTA)),
    0x800008: Ptr(QUOTA), 0x800009: Out(Ptr(NEXT_QUOTA)), (0x5801, 0x5802): XFS_QUOTA_STATES,
    (0x5803, 0x5809): Out(Ptr(XFS_QUOTA)),
    0x5804: Ptr(XFS_QUOTA), 0x5805: Out(Ptr(XFS_QUOTA_STAT)), 0x5806: XFS_QUOTA_TYPES,
    0x5808: Out(Ptr(XFS_QUOTA_STATV))}
_QUOTA_ID = Switch(_quota_command, _QUOTA_IDS, UID, code="I")
_QUOTA_ADDRESS = Switch(_quota_command, _QUOTA_ADDRESSES, ADDR, code="P")
quotactl = Syscall(op=QuotaCommand(), special=PATH, id=_QUOTA_ID, addr=_QUOTA_ADDRESS)
quotactl_fd = Syscall(fd=FD, op=QuotaCommand(), id=_QUOTA_ID, addr=_QUOTA_ADDRESS)

fanotify_init = Syscall(flags=FanotifyFlags(), event_f_flags=OPEN_FLAGS, returns=NEW_FD)
fanotify_mark = Syscall(fanotify_fd=FD, flags=Flags(poll.FANOTIFY_MARK_FLAGS, "FAN_MARK_???"),
                        mask=Flags(poll.FANOTIFY_EVENTS, "FAN_???", code="Q"), dirfd=WatchedFd(),
                        pathname=PATH)



def _asks(call: Call) -> bool:
    """Whether landlock_create_ruleset(2) only tells a number: LANDLOCK_CREATE_RULESET_VERSION or _ERRATA."""
    return bool(call.arg("flags") & 3)


landlock_create_ruleset = Syscall(
    attr=Ruleset("size"), size=SIZE, flags=Flags(misc.LANDLOCK_CREATE_FLAGS, "LANDLOCK_CREATE_RULESET_???"),
    returns=ResultSwitch(_asks, {False: NEW_FD}, LONG))
landlock_add_rule = Syscall(
    ruleset_fd=FD, rule_type=Const(misc.LANDLOCK_RULE_TYPES, "LANDLOCK_RULE_???"),
    rule_attr=Switch("rule_type", {1: Ptr(PATH_RULE), 2: Ptr(PORT_RULE)}, ADDR, code="P"),
    flags=Flags(misc.LANDLOCK_ADD_FLAGS, "LANDLOCK_ADD_RULE_???"))
landlock_restrict_self = Syscall(ruleset_fd=FD, flags=HEX32)

_LSM_ATTR = Const(misc.LSM_ATTRS, "LSM_ATTR_???")
lsm_get_self_attr = Syscall(attr=_LSM_ATTR, ctx=LsmContexts(), size=InOutNumber(),
                            flags=Flags(misc.LSM_FLAGS, "LSM_FLAG_???"))
lsm_set_self_attr = Syscall(attr=_LSM_ATTR, ctx=LsmContext("size"), size=UINT, flags=HEX32)
lsm_list_modules = Syscall(
    ids=Expected(lambda call, _: int_at(call, call.arg("size")) is not None,
                 Array(Const(misc.LSM_IDS, "LSM_ID_???", code="Q"), "return")),
    size=InOutNumber(), flags=HEX32)
