"""Types of sockets: addresses, lengths that the kernel changes, messages and their control data."""
from __future__ import annotations

from functools import lru_cache
from struct import Struct as _Layout

from ..constants import socket as constants
from ..kernel.memory import LONGEST
from ..values import (
    LATER,
    Abstract,
    Addr,
    Bytes,
    Hardware,
    Hex,
    HexWord,
    Joined,
    Macro,
    Ref,
    Words,
    Written,
)
from ..values import Array as ArrayValue
from ..values import Const as ConstValue
from ..values import Flags as FlagsValue
from ..values import Struct as StructValue
from .common import FD, PID, TIMESPEC, TIMESPEC64, TIMEVAL, UID, Expected, NumberAndName, Pointer, changed, int_at
from .core import (
    INT64,
    UBYTE,
    UINT,
    UINT64,
    ULONG,
    Argument,
    Array,
    Const,
    Decoder,
    Fixed,
    Flags,
    How,
    If,
    Out,
    Pad,
    Struct,
    Type,
    register,
)
from .io import IOVEC

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Dict, List, Optional, Tuple

    from ..arch.abi import Abi
    from ..call import Call
    from ..values import Value
    from . import netlink
    from .core import Count

    Fields = List[Tuple[str, Value]]

#: sizeof(struct sockaddr_storage): no address is longer, whatever the length claims.
LONGEST_ADDRESS = 128

AF_UNIX, AF_INET, AF_INET6, AF_NETLINK, AF_PACKET, AF_VSOCK, AF_QIPCRTR, AF_XDP = 1, 2, 10, 16, 17, 40, 42, 44

FAMILY = Const(constants.FAMILIES, "AF_???")
ETHER_PROTOCOL = Const(constants.ETHER_PROTOCOLS, "ETH_P_???", code="H")
MSG_FLAGS = Flags(constants.MSG_FLAGS, "MSG_???")
SHUTDOWN = Const(constants.SHUTDOWN_HOW, "SHUT_???")
_TYPES = Const(constants.TYPES, "SOCK_???")
_TYPE_FLAGS = Flags(constants.TYPE_FLAGS, "SOCK_???")
ACCEPT_FLAGS = _TYPE_FLAGS


class SocketType(Type):
    """socket(2)'s type and the flags in it: ``SOCK_STREAM|SOCK_CLOEXEC``."""

    code = "I"

    def decoder(self, how: How) -> Decoder:
        types = _TYPES.names(how.abi)
        flags = _TYPE_FLAGS.decoder(how)

        def decode(call: Call, number: int) -> Value:
            kind = ConstValue(number & 15, types)
            rest = number & ~15
            if types.name(number & 15) is None:
                return flags(call, number) if number else 0
            return Joined(number, (kind, flags(call, rest))) if rest else kind
        return decode


class Htons(Type):
    """An Ethernet protocol in network byte order, in an argument: ``htons(ETH_P_ALL)``."""

    code = "H"

    def decoder(self, how: How) -> Decoder:
        inner = ETHER_PROTOCOL.decoder(how)

        def decode(call: Call, number: int) -> Value:
            return Macro("htons", (inner(call, number >> 8 | number << 8 & 0xff00),), number=number)
        return decode


_INTERNET = Const(constants.IP_PROTOCOLS, "IPPROTO_???")
#: socket(2)'s protocol by its family.
PROTOCOLS: Dict[Any, Optional[Type]] = {
    AF_INET: _INTERNET,
    AF_INET6: _INTERNET,
    AF_NETLINK: Const(constants.NETLINK_PROTOCOLS, "NETLINK_???"),
    AF_PACKET: Htons(),
    3: NumberAndName(constants.AX25_PROTOCOLS, "AX25_P_???", "L", Hex),
    23: Const(constants.CAN_PROTOCOLS, "IRDAPROTO_???"),  # so does strace: AF_IRDA with CAN's names
    29: Const(constants.CAN_PROTOCOLS, "CAN_???"),
    31: Const(constants.BLUETOOTH_PROTOCOLS, "BTPROTO_???"),
    33: Const(constants.FAMILIES, "AF_???"),
    34: Const(constants.ISDN_PROTOCOLS, "ISDN_P_???"),
    35: Const(constants.PHONET_PROTOCOLS, "PN_PROTO_???"),
    37: Const(constants.CAIF_PROTOCOLS, "CAIFPROTO_???"),
    39: Const(constants.NFC_PROTOCOLS, "NFC_SOCKPROTO_???"),
    41: Const(constants.KCM_PROTOCOLS, "KCMPROTO_???"),
    43: Const(constants.SMC_PROTOCOLS, "SMCPROTO_???"),
}


def inet(data: bytes) -> Value:
    """An IPv4 address: ``inet_addr("127.0.0.1")``."""
    text = ".".join([str(byte) for byte in data])
    return Written(Bytes(data, opaque=True), Macro("inet_addr", (Bytes(text.encode()),)))


def inet6_text(data: bytes) -> str:
    """An IPv6 address as inet_ntop(3) writes it."""
    words = [data[index] << 8 | data[index + 1] for index in range(0, 16, 2)]
    start = length = run = 0
    for index, word in enumerate([*words, 1]):
        if word:
            if run > length and run > 1:
                start, length = index - run, run
            run = 0
        else:
            run += 1
    if not start and (length == 6 or length == 5 and words[5] == 0xffff):
        return "::" + ("ffff:" if length == 5 else "") + ".".join([str(byte) for byte in data[12:]])
    texts = [f"{word:x}" for word in words]
    if not length:
        return ":".join(texts)
    return ":".join(texts[:start]) + "::" + ":".join(texts[start + length:])


def inet6(data: bytes, field: str = "") -> Value:
    """An IPv6 address that fills *field*, if any: ``inet_pton(AF_INET6, "::1", &sin6_addr)``."""
    arguments = Words([("AF_INET6", None)]), Bytes(inet6_text(data).encode())
    return Written(Bytes(data, opaque=True), Macro("inet_pton", arguments, address_of=field))


def hardware(data: bytes) -> Value:
    """A hardware address: ``02:00:5e:10:00:01``."""
    return Written(Bytes(data, opaque=True), Hardware(data))


def interface(index: int) -> Value:
    """An interface by its name, when it has one: ``if_nametoindex("lo")``."""
    from socket import if_indextoname
    if not 0 < index < 1 << 31:
        return index
    try:
        name = if_indextoname(index)
    except OSError:
        return index
    return Written(index, Macro("if_nametoindex", (Bytes(name.encode("utf-8", "surrogateescape")),)))


def scope(address: bytes, index: int) -> Value:
    """The scope of an IPv6 address: an interface when the address is link-local."""
    unicast = address[0] == 0xfe and address[1] & 0xc0 == 0x80
    multicast = address[0] == 0xff and address[1] & 15 == 2
    return interface(index) if unicast or multicast else index


def port(data: bytes) -> Value:
    """A port: ``htons(80)``."""
    return Written(Bytes(data, opaque=True), Macro("htons", (int.from_bytes(data, "big"),)))


def _unix(data: bytes, how: How) -> Fields:
    path = data[2:110]
    if not path:
        return []
    if path[0]:
        return [("sun_path", Bytes(path.partition(b"\0")[0]))]
    return [("sun_path", Abstract(path[1:]))]


def _inet(data: bytes, how: How) -> Fields:
    return [("sin_port", port(data[2:4])), ("sin_addr", inet(data[4:8]))]


def _inet6(data: bytes, how: How) -> Fields:
    flow = data[4:8]
    fields: Fields = [
        ("sin6_port", port(data[2:4])),
        ("sin6_flowinfo", Written(Bytes(flow, opaque=True), Macro("htonl", (int.from_bytes(flow, "big"),)))),
        ("sin6_addr", inet6(data[8:24], "sin6_addr"))]
    if len(data) > 24:
        index = int.from_bytes(data[24:28], "little")  # of which a part may be cut off
        fields.append(("sin6_scope_id", scope(data[8:24], index)))
    return fields


def _netlink(data: bytes, how: How) -> Fields:
    pad, pid, groups = _Layout("=HiI").unpack_from(data, 2)
    fields: Fields = [("nl_pad", Hex(pad))] if pad else []
    return [*fields, ("nl_pid", pid), ("nl_groups", HexWord(groups, 8))]


_HARDWARE = Const(constants.ARP_HARDWARE, "ARPHRD_???")
_PACKET_TYPE = Const(constants.PACKET_TYPES, "PACKET_???")


def _packet(data: bytes, how: How) -> Fields:
    protocol, index, hardware, kind, length = _Layout("=2sIHBB").unpack_from(data, 2)
    number = int.from_bytes(protocol, "big")
    names = ETHER_PROTOCOL.names(how.abi)
    name = names.name(number)
    # The bytes stand beside it, so that no style repeats the number of a known protocol.
    ether: Value = ConstValue(number, names) if name is None else Words([(name, None)])
    fields: Fields = [
        ("sll_protocol", Written(Bytes(protocol, opaque=True), Macro("htons", (ether,)))),
        ("sll_ifindex", interface(index)),
        ("sll_hatype", ConstValue(hardware, _HARDWARE.names(how.abi))),
        ("sll_pkttype", ConstValue(kind, _PACKET_TYPE.names(how.abi))),
        ("sll_halen", length)]
    if length:
        shown = data[12:12 + length]
        fields.append(("sll_addr", ArrayValue([Hex(byte) for byte in shown], length > len(shown))))
    return fields


_CID = Const(constants.VSOCK_CIDS)
_VSOCK_PORT = Const(constants.VSOCK_PORTS)
_VSOCK_FLAGS = Flags(constants.VSOCK_FLAGS, "VMADDR_FLAG_???")


def _vsock(data: bytes, how: How) -> Fields:
    reserved, number, cid, flags = _Layout("=HIIB").unpack_from(data, 2)
    fields: Fields = [("svm_reserved1", Hex(reserved))] if reserved else []
    fields += [("svm_cid", ConstValue(cid, _CID.names(how.abi))),
               ("svm_port", ConstValue(number, _VSOCK_PORT.names(how.abi))),
               ("svm_flags", FlagsValue(flags, _VSOCK_FLAGS.names(how.abi)))]
    if data[13:16].strip(b"\0"):
        fields.append(("svm_zero", Bytes(data[13:16], opaque=True)))
    return fields


_XDP_FLAGS = Flags(constants.XDP_FLAGS, "XDP_???")


def _xdp(data: bytes, how: How) -> Fields:
    flags, index, queue, shared = _Layout("=HIII").unpack_from(data, 2)
    fields: Fields = [("sxdp_flags", FlagsValue(flags, _XDP_FLAGS.names(how.abi))),
                      ("sxdp_ifindex", interface(index)), ("sxdp_queue_id", queue)]
    if flags & 1:
        fields.append(("sxdp_shared_umem_fd", shared))
    return fields


def _qrtr(data: bytes, how: How) -> Fields:
    node, number = _Layout("=II").unpack_from(data, 4)
    return [("sq_node", Hex(node)), ("sq_port", Hex(number))]


#: What follows the family: the least length of an address with which it is understood, and how.
_FAMILIES: Dict[int, Tuple[int, Callable[[bytes, How], Fields]]] = {
    AF_UNIX: (2, _unix),
    AF_INET: (16, _inet),
    AF_INET6: (24, _inet6),
    AF_NETLINK: (12, _netlink),
    AF_PACKET: (20, _packet),
    AF_VSOCK: (16, _vsock),
    AF_QIPCRTR: (12, _qrtr),
    AF_XDP: (16, _xdp),
}


def address_decoder(how: How) -> Callable[[bytes], Value]:
    """Decodes the bytes of a socket address, at least two of them."""
    families = FAMILY.names(how.abi)

    def decode(data: bytes) -> Value:
        number = data[0] | data[1] << 8
        least, fields = _FAMILIES.get(number, (0, None))
        family: Tuple[str, Value] = ("sa_family", ConstValue(number, families))
        if fields is not None and len(data) >= least:
            return StructValue([family, *fields(data, how)])
        return StructValue([family, ("sa_data", Bytes(data[2:]))] if len(data) > 2 else [family])
    return decode


def _read_address(call: Call, address: int, length: int, decode: Callable[[bytes], Value]) -> Value:
    if not address or length < 2:
        return Addr(address)
    data = call.memory.read(address, min(length, LONGEST_ADDRESS))
    return Addr(address) if data is None else decode(data)


class SocketAddress(Type):
    """A pointer to a socket address of *length* bytes (a Count)."""

    code = "P"

    def __init__(self, length: Count) -> None:
        self.length = length

    def decoder(self, how: How) -> Decoder:
        if not how.deref:
            return lambda call, address: Addr(address)
        length = how.number(self.length)
        decode = address_decoder(how)
        return lambda call, address: _read_address(call, address, length(call), decode)


class LengthPointer(Pointer):
    """A pointer to a length that the kernel replaces: ``[128 => 16]``. *of*: the argument whose length it
    is; when that is NULL and *optional*, the length is of no interest."""

    def __init__(self, of: str, optional: bool = True) -> None:
        self.of = of
        self.optional = optional

    def stops(self, how: How) -> Argument:
        of = how.number(self.of)
        optional = self.optional

        def leave(call: Call, address: int) -> Value:
            before = call.load("length")
            if before is None or optional and not of(call):
                return Addr(address)
            after = before if call.error else int_at(call, address, signed=True)
            return Ref(before if after is None else changed(before, after))
        # What the length is of is known at entry only if nothing is going to be filled in.
        return Argument(lambda call, address: Addr(address), leave,
                        lambda call, address: call.save("length", int_at(call, address, signed=True)))


def filled(call: Call, length: str) -> int:
    """How many bytes the kernel has filled in of what the argument *length*, a LengthPointer, measures: as many
    as there was room."""
    before, after = call.load("length"), int_at(call, call.arg(length), signed=True)
    return 0 if before is None or after is None else min(before, after)


def peer(length: str) -> Type:
    """A socket address that the kernel fills in, as long as the argument *length*, a LengthPointer, says."""
    return Expected(lambda call, address: address and int_at(call, call.arg(length)) is not None,
                    SocketAddress(lambda call: filled(call, length)))


class AtEntry(Type):
    """What an argument pointed at when the call was entered, shown at exit: the call overwrites it."""

    code = "P"

    def __init__(self, kind: Type) -> None:
        self.kind = kind

    def argument(self, how: How) -> Argument:
        decode = self.kind.argument(how).leave

        def leave(call: Call, raw: int) -> Value:
            saved: Value = call.load("at entry")
            return saved
        return Argument(None, leave, lambda call, raw: call.save("at entry", decode(call, raw)))


# Control messages.

CREDENTIALS = Struct(pid=PID, uid=UID, gid=UID)
TIMEVAL64 = Struct(tv_sec=INT64, tv_usec=UINT64)


class _InetAddress(Type):
    """struct in_addr."""

    def layout(self, abi: Abi) -> Tuple[str, int, int]:
        return "4s", 4, 4

    def decoder(self, how: How) -> Decoder:
        return lambda call, data: inet(data)


class Inet6Address(Type):
    """struct in6_addr, the field *name*."""

    def __init__(self, name: str) -> None:
        self.name = name

    def layout(self, abi: Abi) -> Tuple[str, int, int]:
        return "16s", 16, 4

    def decoder(self, how: How) -> Decoder:
        name = self.name
        return lambda call, data: inet6(data, name)


class _Interface(Type):
    """An interface's index."""

    code = "I"

    def decoder(self, how: How) -> Decoder:
        return lambda call, number: interface(number)


IN_ADDR = _InetAddress()
INTERFACE = _Interface()
PKTINFO = Struct(ipi_ifindex=INTERFACE, ipi_spec_dst=IN_ADDR, ipi_addr=IN_ADDR)
#: struct sock_extended_err of <linux/errqueue.h>, that the address of the offender follows.
EXTENDED_ERROR = Struct(ee_errno=UINT, ee_origin=UBYTE, ee_type=UBYTE, ee_code=UBYTE, ee_pad=Pad(1), ee_info=UINT,
                        ee_data=UINT)

SOL_IP, SOL_SOCKET = 0, 1
LEVEL = Const(constants.SOCKET_LEVELS, "SOL_???")
_CONTROL_TYPES = {SOL_SOCKET: Const(constants.SCM_SOCKET_TYPES, "SCM_???"),
                  SOL_IP: Const(constants.SCM_IP_TYPES, "IP_???")}


class ControlMessages(Type):
    """msg_control: a pointer to ``msg_controllen`` bytes of control messages."""

    code = "P"
    beside = True

    def decoder(self, how: How) -> Decoder:
        decode = _Control(how).decode
        return lambda call, address: decode(call, address, call.siblings["msg_controllen"])


@lru_cache(maxsize=None)
def _most_control() -> int:
    """More bytes of control messages are not looked at: the kernel takes no more (socket(7))."""
    try:
        with open("/proc/sys/net/core/optmem_max", "rb") as file:
            return int(file.read())
    except (OSError, ValueError):
        return LONGEST


class _Control:
    """Decodes the control messages of one ABI: *size* bytes of header, aligned to words."""

    def __init__(self, how: How) -> None:
        abi = how.abi
        word = abi.word
        self.word = word
        self.header = _Layout("=Qii" if word == 8 else "=Iii")
        self.levels = LEVEL.names(abi)
        self.types = {level: kind.names(abi) for level, kind in _CONTROL_TYPES.items()}
        self.fd = FD.decoder(how)
        self.elements = how.elements
        address = address_decoder(how)

        def struct(kind: Type) -> Tuple[int, Decoder]:
            size = kind.layout(abi)[1]
            inner = kind.decoder(how)
            return size, lambda call, data: inner(call, data[:size])

        def error(call: Call, data: bytes) -> Value:
            size, inner = struct(EXTENDED_ERROR)
            value = inner(call, data)
            assert isinstance(value, StructValue)
            return StructValue([*value.fields, ("offender", address(data[size:size + 16]))])

        timeval, timespec = TIMEVAL.pick(abi), TIMESPEC.pick(abi)
        text: Decoder = lambda call, data: Bytes(data)  # noqa: E731
        protocol = Const(constants.IP_PROTOCOLS, "IP_???").names(abi)
        #: (level, type) -> the least size of the data and its decoder.
        self.data: Dict[Tuple[int, int], Tuple[int, Decoder]] = {
            (1, 1): (4, self.rights), (1, 2): struct(CREDENTIALS),
            (1, 3): (1, text),
            (1, 4): (4, lambda call, data: self.fd(call, int.from_bytes(data[:4], "little", signed=True))),
            (1, 29): struct(timeval), (1, 35): struct(timespec), (1, 37): struct(Fixed(timespec, 3)),
            (1, 63): struct(TIMEVAL64), (1, 64): struct(TIMESPEC64),
            (1, 65): struct(Fixed(TIMESPEC64, 3)),
            (0, 1): (1, self.octets), (0, 2): (4, self.ints), (0, 3): (1, text),
            (0, 6): (1, self.octets), (0, 7): (1, self.octets),
            (0, 8): struct(PKTINFO), (0, 11): (32, error), (0, 20): (16, lambda call, data: address(data)),
            (0, 23): (4, self.ints),
            (0, 52): (4, lambda call, data: ArrayValue(
                [ConstValue(int.from_bytes(data[:4], "little"), protocol)])),
        }

    def array(self, data: bytes, code: str, size: int, make: Callable[[int], Value]) -> Value:
        count = len(data) // size
        shown = self.elements(count)
        items = [make(item) for (item,) in _Layout(code).iter_unpack(data[:shown * size])]
        return ArrayValue(items, count > shown)

    def rights(self, call: Call, data: bytes) -> Value:
        return self.array(data, "=i", 4, lambda number: self.fd(call, number))

    def ints(self, call: Call, data: bytes) -> Value:
        return self.array(data, "=i", 4, int)

    def octets(self, call: Call, data: bytes) -> Value:
        return self.array(data, "=B", 1, Hex)

    def decode(self, call: Call, address: int, size: int) -> Value:
        header = self.header
        if not address or size < header.size:
            return Addr(address)
        most = _most_control()
        data = call.memory.read(address, min(size, most))
        if data is None:
            return Addr(address)
        items: List[Value] = []
        at = 0
        while True:
            if len(data) - at < header.size:
                return ArrayValue(items, size > most, address + at if at < len(data) else None)
            length, level, kind = header.unpack_from(data, at)
            fields: List[Tuple[str, Value]] = [
                ("cmsg_len", length), ("cmsg_level", ConstValue(level & 0xffffffff, self.levels)),
                ("cmsg_type", ConstValue(kind & 0xffffffff, self.types[level])
                 if level in self.types else Hex(kind & 0xffffffff))]
            content = data[at + header.size:at + max(length, header.size)]
            if content:
                least, decode = self.data.get((level, kind), (1 << 30, None))
                fields.append(("cmsg_data", decode(call, content) if decode and len(content) >= least
                               else Bytes(content, opaque=True)))
            items.append(StructValue(fields))
            if length < header.size:
                rest = at + header.size
                return ArrayValue(items, unread=address + rest if rest < len(data) else None)
            at += -(-length // self.word) * self.word


class _Contents:
    """Decodes what a buffer of a socket holds: netlink messages on a netlink socket, else a string."""

    def __init__(self, how: How) -> None:
        self.how = how
        self.limit = how.limit
        self.messages: Optional[netlink.Messages] = None

    def protocol(self, call: Call) -> Optional[int]:
        """The netlink protocol of the call's socket; None for other sockets, and when nothing is decoded."""
        if not self.how.deref:
            return None
        from . import netlink
        return netlink.protocol(call, call.arg("sockfd"))

    def decode(self, call: Call, address: int, size: int, protocol: Optional[int]) -> Value:
        """*size* bytes at *address*."""
        if not address or size < 0:
            return Addr(address)
        if protocol is not None and size:
            from . import netlink
            data = call.memory.read(address, min(size, netlink.LONGEST))
            if data is not None:
                if self.messages is None:
                    self.messages = netlink.Messages(self.how)
                return self.messages.decode(data, protocol)
        # strace looks one byte further than it shows.
        data = call.memory.read(address, min(size, self.limit + 1))
        return Addr(address) if data is None else Bytes(data[:self.limit], size > self.limit, size)


class SocketBuffer(Type):
    """A pointer to *size* (a Count) bytes that go through a socket."""

    code = "P"

    def __init__(self, size: Count) -> None:
        self.size = size

    def decoder(self, how: How) -> Decoder:
        size = how.number(self.size)
        contents = _Contents(how)

        def decode(call: Call, address: int) -> Value:
            length = size(call)
            return contents.decode(call, address, length, contents.protocol(call) if length > 0 else None)
        return decode


class _MessageVector(Array):
    """The struct iovec of a message, with their data. Of a message that is received, ReceivedMessage or Messages
    save the length ("transferred"), and the length of its name at entry ("namelen")."""

    beside = True

    def __init__(self) -> None:
        super().__init__(IOVEC, lambda call: int(call.siblings["msg_iovlen"]))

    def items(self, how: How) -> Callable[[Call, bytes], List[Value]]:
        contents = _Contents(how)
        unpack = _Layout("=QQ" if how.abi.word == 8 else "=II").iter_unpack

        def decode(call: Call, data: bytes) -> List[Value]:
            items: List[Value] = []
            left = call.load("transferred")
            protocol = contents.protocol(call)
            for base, length in unpack(data):
                there = length
                if left is not None:
                    there = min(length, left)
                    left -= there
                items.append(StructValue([
                    ("iov_base", contents.decode(call, base, there, protocol)), ("iov_len", length)]))
            return items
        return decode


class _NameLength(Type):
    """msg_namelen, and what it was at entry."""

    code = "i"

    def decoder(self, how: How) -> Decoder:
        def decode(call: Call, number: int) -> Value:
            before = call.load("namelen")
            return number if before is None else changed(before, number)
        return decode


def _name_filled(call: Call) -> int:
    """How many bytes of msg_name are an address: no more than there was room for."""
    length, before = int(call.siblings["msg_namelen"]), call.load("namelen")
    return length if before is None else min(length, before)


#: struct user_msghdr, and struct mmsghdr.
MESSAGE = Struct(
    msg_name=SocketAddress(_name_filled), msg_namelen=_NameLength(), msg_iov=_MessageVector(), msg_iovlen=ULONG,
    msg_control=If(lambda raw: raw["msg_controllen"], ControlMessages()), msg_controllen=ULONG,
    msg_flags=MSG_FLAGS)
_COUNTED_MESSAGE = Struct(msg_hdr=MESSAGE, msg_len=UINT)


class ReceivedMessage(Pointer):
    """A pointer to a message that the call fills in: after a failure, nothing but the room for the name is shown."""

    def stops(self, how: How) -> Argument:
        inner = MESSAGE.decoder(how)
        size, word = MESSAGE.layout(how.abi)[1], how.abi.word

        def enter(call: Call, address: int) -> Value:
            data = call.memory.read(address, size)
            if data is None:
                return Addr(address)
            call.save("namelen", int.from_bytes(data[word:word + 4], "little", signed=True))
            return LATER

        def leave(call: Call, address: int) -> Value:
            if call.error:
                return StructValue([("msg_namelen", call.load("namelen"))])
            call.save("transferred", call.ret)
            data = call.memory.read(address, size)
            return Addr(address) if data is None else inner(call, data)
        return Argument(enter, leave)


#: UIO_MAXIOV: the kernel takes no more messages at once.
MOST_MESSAGES = 1024


class Messages(Array):
    """A pointer to *count* (a Count) messages, with the length of each that went through."""

    def __init__(self, count: Count) -> None:
        super().__init__(_COUNTED_MESSAGE, count, most=1024)  # UIO_MAXIOV of <linux/uio.h>

    def decoder(self, how: How) -> Decoder:
        # Not even none are known to be none.
        return super().decoder(how) if how.deref else lambda call, address: Addr(address)

    def items(self, how: How) -> Callable[[Call, bytes], List[Value]]:
        size = self.element.layout(how.abi)[1]
        header = MESSAGE.layout(how.abi)[1]
        inner = MESSAGE.decoder(how)

        def decode(call: Call, data: bytes) -> List[Value]:
            items: List[Value] = []
            lengths = call.load("namelens")
            done = 0 if call.error else call.ret
            for index, at in enumerate(range(0, len(data), size)):
                length = int.from_bytes(data[at + header:at + header + 4], "little")
                if lengths is not None:
                    call.save("namelen", lengths[index] if index < len(lengths) else None)
                    call.save("transferred", length)
                fields = [("msg_hdr", inner(call, data[at:at + header]))]
                if index < done:
                    fields.append(("msg_len", length))
                items.append(StructValue(fields))
            return items
        return decode


class ReceivedMessages(Out):
    """A pointer to as many messages as the call received, of *room* (the name of an argument) at most."""

    def __init__(self, room: str) -> None:
        super().__init__(Messages("return"))
        self.room = room

    def argument(self, how: How) -> Argument:
        argument = super().argument(how)
        if not how.deref:
            return argument
        room = how.number(self.room)
        address = register("P", how.abi)
        size, word = _COUNTED_MESSAGE.layout(how.abi)[1], how.abi.word

        def hook(call: Call, raw: int) -> None:
            data = call.memory.upto(address(raw), min(room(call), MOST_MESSAGES) * size)
            call.save("namelens", [int.from_bytes(data[at + word:at + word + 4], "little", signed=True)
                                   for at in range(0, len(data) - size + 1, size)])
        return argument._replace(hook=hook)
