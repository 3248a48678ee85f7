"""What a descriptor refers to: -y, -yy and ``--decode-fds``.

``/proc/PID/fd/N`` names files, and tells sockets, pipes and anonymous inodes apart. What else there is to
know costs further questions to the kernel, and they are asked only for the kinds that the options name.
"""
from __future__ import annotations

import os
from stat import S_ISBLK, S_ISCHR

from ..values import Abstract, Bytes, Fd

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Dict, FrozenSet, List, Optional, Sequence, Tuple, Union

    from ..tracer.tracee import Tracee
    from ..values import Const, Value

    Detail = Sequence[Union[str, Value]]

_DELETED = b" (deleted)"
#: The kernel's names of protocols (``system.sockprotoname``) -> (family, protocol) for sock_diag.
_INET: Dict[str, Tuple[int, int]] = {
    "TCP": (2, 6), "UDP": (2, 17), "UDPLITE": (2, 136), "SCTP": (2, 132), "DCCP": (2, 33), "RAW": (2, 255),
    "L2TP/IP": (2, 115), "PING": (2, 1),
    "TCPv6": (10, 6), "UDPv6": (10, 17), "UDPLITEv6": (10, 136), "SCTPv6": (10, 132), "DCCPv6": (10, 33),
    "RAWv6": (10, 255), "L2TP/IPv6": (10, 115), "PINGv6": (10, 58),
}

# A socket's addresses are asked once: a tracer that listed all sockets of the machine for each call on each
# socket would never get anywhere. One inode has one place, so memory is bounded.
_PLACES = 1024
_known: Dict[int, Tuple[int, Detail]] = {}


def describe(tracee: Tracee, number: int, details: FrozenSet[str], at: Optional[Const] = None) -> Fd:
    """Descriptor *number* of *tracee*, or its working directory when *at* names that."""
    link = f"/proc/{tracee.tid}/cwd" if at is not None else f"/proc/{tracee.tid}/fd/{number}"
    if at is not None and "path" not in details:
        return Fd(number, at=at)
    try:
        path = os.fsencode(os.readlink(link))
    except OSError:
        return Fd(number, at=at)
    if path.startswith(b"/"):
        return _file(number, link, path, details, at)
    detail: Detail = ()
    if path.startswith(b"socket:["):
        if "socket" in details:
            detail = _socket(link, path)
    elif path == b"anon_inode:[eventfd]":
        if "eventfd" in details:
            detail = _eventfd(link)
    elif path == b"anon_inode:[signalfd]":
        if "signalfd" in details:
            detail = _signalfd(link)
    elif path == b"anon_inode:[pidfd]" and "pidfd" in details:
        detail = _pidfd(link)
    if detail:
        return Fd(number, detail=detail)
    return Fd(number, path if "path" in details else None)


def _file(number: int, link: str, path: bytes, details: FrozenSet[str], at: Optional[Const]) -> Fd:
    """A descriptor of something that has a name in a file system, or had one."""
    deleted = path.endswith(_DELETED) and not _is_at(link, path)
    if deleted:
        path = path[:-len(_DELETED)]
    if "dev" in details and at is None and not deleted:
        try:
            status = os.stat(link)
        except OSError:
            status = None
        if status is not None and (S_ISCHR(status.st_mode) or S_ISBLK(status.st_mode)):
            kind = "char" if S_ISCHR(status.st_mode) else "block"
            device = f"{os.major(status.st_rdev)}:{os.minor(status.st_rdev)}"
            terminal = _information(link).get("tty-index") if device == "5:2" and kind == "char" else None
            return Fd(number, path, (f"<{kind} {device}" + (f" @/dev/pts/{terminal}>" if terminal else ">"),))
    if "path" not in details:
        return Fd(number, at=at)
    return Fd(number, path, deleted=deleted, at=at)


def _is_at(link: str, path: bytes) -> bool:
    """Whether *path*, that looks as if it were deleted, is really the name of what *link* leads to."""
    try:
        found, meant = os.lstat(path), os.stat(link)
    except OSError:
        return False
    return found.st_ino == meant.st_ino and found.st_dev == meant.st_dev


def _information(link: str) -> Dict[str, str]:
    """What /proc/PID/fdinfo/N says."""
    try:
        with open(link.replace("/fd/", "/fdinfo/"), encoding="ascii", errors="replace") as file:
            lines = file.read(4096).splitlines()
    except OSError:
        return {}
    return {name.strip(): value.strip() for name, _, value in [line.partition(":") for line in lines]}


def _eventfd(link: str) -> Detail:
    known = _information(link)
    if "eventfd-count" not in known:
        return ()
    count = int(known["eventfd-count"], 16)
    fields: List[str] = [f"eventfd-count={count:#x}" if count else "eventfd-count=0"]
    fields += [f"{name}={known[name]}" for name in ("eventfd-id", "eventfd-semaphore") if name in known]
    return ("{" + ", ".join(fields) + "}",)


def _signalfd(link: str) -> Detail:
    from .signals import signal_set
    try:
        mask = int(_information(link)["sigmask"], 16)
    except (KeyError, ValueError):
        return ()
    return "signalfd:", signal_set(mask.to_bytes(8, "little"))


def _pidfd(link: str) -> Detail:
    pid = _information(link).get("Pid", "-1")
    return (f"pid:{pid}" if pid.isdigit() and pid != "0" else "anon_inode:[pidfd]",)


def _socket(link: str, path: bytes) -> Detail:
    """A socket by protocol, addresses and inode; of a protocol that can't be asked about, just the inode."""
    unknown: Detail = (path.decode("ascii", "replace"),)
    try:
        inode = int(path[len(b"socket:["):-1])
        protocol = os.getxattr(link, "system.sockprotoname").rstrip(b"\0").decode("ascii", "replace")
    except (OSError, ValueError):
        return unknown
    known = _known.get(inode % _PLACES)
    if known is not None and known[0] == inode:
        return known[1]
    if protocol in _INET:
        found = _inet(protocol, inode)
    elif protocol.startswith("UNIX"):
        found = _unix(protocol, inode)
    elif protocol == "NETLINK":
        found = _netlink(inode)
    else:
        return unknown
    if found is None:
        return (f"{protocol}:[{inode}]",)
    _known[inode % _PLACES] = inode, found
    return found


def _inet(protocol: str, inode: int) -> Optional[Detail]:
    from ..kernel import sock_diag
    family, number = _INET[protocol]
    answer = sock_diag.inet(family, number, inode)
    if answer is None:
        return None
    source, source_port, target, target_port = answer
    text = f"{protocol}:[{_address(source)}:{source_port}"
    if target_port or target.strip(b"\0"):
        text += f"->{_address(target)}:{target_port}"
    return (text + "]",)


def _address(data: bytes) -> str:
    if len(data) == 4:
        return ".".join([str(byte) for byte in data])
    from .network import inet6_text
    return f"[{inet6_text(data)}]"


def _unix(protocol: str, inode: int) -> Optional[Detail]:
    from ..kernel import sock_diag
    answer = sock_diag.unix(inode)
    if answer is None or not any(answer):
        return None
    peer, name = answer
    text = f"{protocol}:[{inode}->{peer}" if peer else f"{protocol}:[{inode}"
    if not name:
        return (text + "]",)
    shown = name[1:] if name[:1] == b"\0" else name
    shown = shown.partition(b"\0")[0]
    return text + ",", Abstract(shown) if name[:1] == b"\0" else Bytes(shown), "]"


def _netlink(inode: int) -> Optional[Detail]:
    from ..constants.socket import NETLINK_PROTOCOLS
    from ..kernel import sock_diag
    answer = sock_diag.netlink(inode)
    if answer is None:
        return None
    number, port = answer
    name = dict(NETLINK_PROTOCOLS).get(number)
    return (f"NETLINK:[{name[len('NETLINK_'):] if name else number}:{port}]",)
