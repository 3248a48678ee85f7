"""Sockets."""
from __future__ import annotations

from ..types.common import FD, NEW_FD, TIMESPEC, TIMESPEC64
from ..types.core import INT, SIZE, UINT, ULONG, Array, AtExit, How, Out, Ptr, Switch, Type
from ..types.network import (
    ACCEPT_FLAGS,
    FAMILY,
    MESSAGE,
    MOST_MESSAGES,
    MSG_FLAGS,
    PROTOCOLS,
    SHUTDOWN,
    AtEntry,
    LengthPointer,
    Messages,
    ReceivedMessage,
    ReceivedMessages,
    SocketAddress,
    SocketBuffer,
    SocketType,
    peer,
)
from ..types.sockopt import GET_OPTION, GET_VALUE, LEVEL, SET_OPTION, SetValue
from ..values import Addr, Words
from .signature import Syscall

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Callable, Optional

    from ..call import Call
    from ..values import Value


def received(call: Call) -> int:
    """How many bytes of the buffer are filled: with MSG_TRUNC recv(2) returns more than there is room for."""
    return min(call.ret, call.arg("len"))


def _sent(call: Call) -> int:
    """How many messages sendmmsg(2) looks at."""
    return min(call.arg("vlen"), MOST_MESSAGES)


def left(timespec: Type) -> Callable[[How], Callable[[Call], Optional[Value]]]:
    """A note of how much time is left, or that none is."""
    def prepare(how: How) -> Callable[[Call], Optional[Value]]:
        decode = Ptr(timespec).decoder(how)
        timeout = how.number("timeout")

        def note(call: Call) -> Optional[Value]:
            address = timeout(call)
            if call.error:
                return None
            if not call.ret:
                return Words([("Timeout", None)])
            if not address or not how.deref:
                return None
            value = decode(call, address)
            return None if type(value) is Addr else Words([("left", value)])
        return note
    return prepare


PROTOCOL = Switch("domain", PROTOCOLS, ULONG, code="I")
TYPE = SocketType()
ADDRESS = SocketAddress("addrlen")
PEER = peer("addrlen")
PEER_LENGTH = LengthPointer("addr")

socket = Syscall(domain=FAMILY, type=TYPE, protocol=PROTOCOL, returns=NEW_FD)
socketpair = Syscall(domain=FAMILY, type=TYPE, protocol=ULONG, sv=Out(Array(FD, 2)))
bind = Syscall(sockfd=FD, addr=ADDRESS, addrlen=INT)
connect = Syscall(sockfd=FD, addr=ADDRESS, addrlen=INT)
listen = Syscall(sockfd=FD, backlog=INT)
accept = Syscall(sockfd=FD, addr=PEER, addrlen=PEER_LENGTH, returns=NEW_FD)
accept4 = Syscall(sockfd=FD, addr=PEER, addrlen=PEER_LENGTH, flags=ACCEPT_FLAGS, returns=NEW_FD)
getsockname = Syscall(sockfd=FD, addr=PEER, addrlen=PEER_LENGTH)
getpeername = Syscall(sockfd=FD, addr=PEER, addrlen=PEER_LENGTH)
shutdown = Syscall(sockfd=FD, how=SHUTDOWN)
send = Syscall(sockfd=FD, buf=SocketBuffer("len"), len=SIZE, flags=MSG_FLAGS, dump=("write", "buf"))
sendto = Syscall(sockfd=FD, buf=SocketBuffer("len"), len=SIZE, flags=MSG_FLAGS,
                 dest_addr=ADDRESS, addrlen=INT, dump=("write", "buf"))
recv = Syscall(sockfd=FD, buf=Out(SocketBuffer(received)), len=SIZE, flags=MSG_FLAGS, dump=("read", "buf"))
recvfrom = Syscall(sockfd=FD, buf=Out(SocketBuffer(received)), len=SIZE, flags=MSG_FLAGS, src_addr=PEER,
                   addrlen=LengthPointer("src_addr"), dump=("read", "buf"))
sendmsg = Syscall(sockfd=FD, msg=Ptr(MESSAGE), flags=MSG_FLAGS, dump=("write", "msg", "msghdr"))
recvmsg = Syscall(sockfd=FD, msg=ReceivedMessage(), flags=MSG_FLAGS,
                  dump=("read", "msg", "msghdr"))
sendmmsg = Syscall(sockfd=FD, msgvec=AtExit(Messages(_sent)), vlen=UINT, flags=MSG_FLAGS,
                   dump=("write", "msgvec", "mmsghdr"))
setsockopt = Syscall(sockfd=FD, level=LEVEL, optname=SET_OPTION, optval=SetValue(), optlen=INT)
getsockopt = Syscall(sockfd=FD, level=LEVEL, optname=GET_OPTION, optval=GET_VALUE,
                     optlen=LengthPointer("optval", optional=False))
recvmmsg = Syscall(sockfd=FD, msgvec=ReceivedMessages("vlen"), vlen=UINT, flags=MSG_FLAGS,
                   timeout=AtEntry(Ptr(TIMESPEC)), note=left(TIMESPEC), dump=("read", "msgvec", "mmsghdr"))
recvmmsg_time64 = Syscall(sockfd=FD, msgvec=ReceivedMessages("vlen"), vlen=UINT, flags=MSG_FLAGS,
                          timeout=AtEntry(Ptr(TIMESPEC64)), note=left(TIMESPEC64),
                          dump=("read", "msgvec", "mmsghdr"))
