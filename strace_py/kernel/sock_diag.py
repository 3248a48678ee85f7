"""Sockets by inode number, asked of the kernel: NETLINK_SOCK_DIAG (<linux/sock_diag.h>, sock_diag(7)).

Answers are about the network namespace of the caller. A kernel or a sandbox may know nothing of it: then
nothing is found.
"""
from __future__ import annotations

from struct import Struct, pack

TYPE_CHECKING = False
if TYPE_CHECKING:
    from socket import socket
    from typing import Iterator, Optional, Tuple

AF_UNIX, AF_INET, AF_INET6, AF_NETLINK = 1, 2, 10, 16
_NETLINK_SOCK_DIAG = 4
_SOCK_DIAG_BY_FAMILY = 20
_REQUEST, _DUMP = 1, 0x300
_ERROR, _DONE = 2, 3
_HEADER = Struct("=IHHII")
_ATTRIBUTE = Struct("=HH")
_ALL_STATES = 0xffffffff
_NO_COOKIE = (1 << 64) - 1
_SHOW_NAME, _SHOW_PEER = 1, 4
_UNIX_NAME, _UNIX_PEER = 0, 2
#: Enough for one part of a dump, which the kernel cuts to at most 32 KiB.
_BUFFER = 1 << 16

_connection: Optional[socket] = None


def _answers(family_request: bytes, flags: int) -> Iterator[bytes]:
    """The payloads that answer a request. The connection is kept: a dump that is not read to its end is
    dropped together with it."""
    global _connection
    import socket
    try:
        if _connection is None:
            _connection = socket.socket(AF_NETLINK, socket.SOCK_RAW | socket.SOCK_CLOEXEC, _NETLINK_SOCK_DIAG)
        _connection.sendto(_HEADER.pack(_HEADER.size + len(family_request), _SOCK_DIAG_BY_FAMILY,
                                        _REQUEST | flags, 0, 0) + family_request, (0, 0))
        while True:
            data = _connection.recv(_BUFFER)
            at = 0
            while at + _HEADER.size <= len(data):
                length, kind, _, _, _ = _HEADER.unpack_from(data, at)
                if kind in (_ERROR, _DONE) or length < _HEADER.size:
                    return
                yield data[at + _HEADER.size:at + length]
                at += length + 3 & ~3
            if not flags & _DUMP or not data:
                return
    except OSError:
        return


def close() -> None:
    """Drop the connection, and with it what was not read."""
    global _connection
    if _connection is not None:
        _connection.close()
        _connection = None


def inet(family: int, protocol: int, inode: int) -> Optional[Tuple[bytes, int, bytes, int]]:
    """Source address and port, destination address and port of an AF_INET or AF_INET6 socket."""
    request = pack("=BBBBI48x", family, protocol, 0, 0, _ALL_STATES)
    size = 4 if family == AF_INET else 16
    for answer in _answers(request, _DUMP):
        if len(answer) >= 72 and int.from_bytes(answer[68:72], "little") == inode:
            close()
            return (answer[8:8 + size], int.from_bytes(answer[4:6], "big"),
                    answer[24:24 + size], int.from_bytes(answer[6:8], "big"))
    return None


def unix(inode: int) -> Optional[Tuple[int, bytes]]:
    """The peer's inode (0: none) and the name (b"": none) of an AF_UNIX socket."""
    request = pack("=BBHIIIQ", AF_UNIX, 0, 0, _ALL_STATES, inode, _SHOW_NAME | _SHOW_PEER, _NO_COOKIE)
    for answer in _answers(request, 0):
        peer, name = 0, b""
        at = 16
        while at + _ATTRIBUTE.size <= len(answer):
            length, kind = _ATTRIBUTE.unpack_from(answer, at)
            if length < _ATTRIBUTE.size:
                break
            content = answer[at + _ATTRIBUTE.size:at + length]
            if kind == _UNIX_NAME:
                name = content
            elif kind == _UNIX_PEER:
                peer = int.from_bytes(content, "little")
            at += length + 3 & ~3
        return peer, name
    return None


def netlink(inode: int) -> Optional[Tuple[int, int]]:
    """Protocol and port of an AF_NETLINK socket that has a port."""
    request = pack("=BBHIIII", AF_NETLINK, 0xff, 0, 0, 0, 0, 0)
    for answer in _answers(request, _DUMP):
        if len(answer) >= 20 and int.from_bytes(answer[16:20], "little") == inode:
            close()
            return answer[2], int.from_bytes(answer[4:8], "little")
    return None
