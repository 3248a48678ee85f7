"""Types of getsockopt(2) and setsockopt(2): options by level, and what their values look like."""
from __future__ import annotations

from ..constants import socket as constants
from ..values import Addr, Bits, Bytes, Hex, Noted, Ref
from ..values import Struct as StructValue
from .common import Expected, int_at
from .core import ADDR, INT, UINT, USHORT, Const, Decoder, How, Struct, Switch, Type
from .network import CREDENTIALS, IN_ADDR, INTERFACE, Inet6Address, address_decoder, filled, hardware

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Callable, Dict, List, Optional, Tuple

    from ..arch.abi import Abi
    from ..call import Call
    from ..constants import Table
    from ..values import Value

SOL_IP, SOL_SOCKET, SOL_TCP, SOL_IPV6, SOL_RAW, SOL_PACKET, SOL_NETLINK = 0, 1, 6, 41, 255, 263, 270

LEVEL = Const(constants.SOCKET_LEVELS, "SOL_??")

#: Level -> (what both calls know, what only setsockopt, what only getsockopt knows, the remark for others).
_OPTIONS: Dict[int, Tuple[Table, Table, Table, str]] = {
    SOL_IP: (constants.IP_OPTIONS, constants.IP_SET_OPTIONS, constants.IP_GET_OPTIONS, "IP_???"),
    SOL_SOCKET: (constants.SO_OPTIONS, constants.SO_SET_OPTIONS, constants.SO_GET_OPTIONS, "SO_???"),
    SOL_TCP: (constants.TCP_OPTIONS, (), (), "TCP_???"),
    17: (constants.UDP_OPTIONS, (), (), "UDP_???"),
    40: (constants.VSOCK_OPTIONS, (), (), "SO_VM_SOCKETS_???"),
    SOL_IPV6: (constants.IPV6_OPTIONS, constants.IPV6_SET_OPTIONS, constants.IPV6_GET_OPTIONS, "IPV6_???"),
    101: (constants.CAN_RAW_OPTIONS, (), (), "CAN_RAW_???"),
    132: (constants.SCTP_OPTIONS, (), (), "SCTP_???"),
    SOL_RAW: (constants.RAW_OPTIONS, (), (), "RAW_???"),
    SOL_PACKET: (constants.PACKET_OPTIONS, (), (), "PACKET_???"),
    SOL_NETLINK: (constants.NETLINK_OPTIONS, (), (), "NETLINK_???"),
    282: (constants.TLS_OPTIONS, (), (), "TLS_???"),
    283: (constants.XDP_OPTIONS, (), (), "XDP_???"),
}


SET_OPTION = Switch("level", {level: Const((*both, *more), unknown)
                              for level, (both, more, _, unknown) in _OPTIONS.items()}, UINT, code="I")
GET_OPTION = Switch("level", {level: Const((*both, *more), unknown)
                              for level, (both, _, more, unknown) in _OPTIONS.items()}, UINT, code="I")

#: Options of SOL_SOCKET whose value is an int, however many bytes are given.
_INTEGER_NAMES = frozenset("""
SO_ACCEPTCONN SO_BROADCAST SO_BSDCOMPAT SO_BUSY_POLL SO_BUSY_POLL_BUDGET SO_CNX_ADVICE SO_DEBUG
SO_DETACH_FILTER SO_DETACH_REUSEPORT_BPF SO_DONTROUTE SO_INCOMING_CPU SO_INCOMING_NAPI_ID SO_INQ
SO_KEEPALIVE SO_LOCK_FILTER SO_MARK
SO_NOFCS SO_NO_CHECK SO_OOBINLINE SO_PASSCRED SO_PASSPIDFD SO_PASSRIGHTS SO_PASSSEC SO_PEEK_OFF
SO_PREFER_BUSY_POLL SO_PRIORITY SO_RCVBUF SO_RCVBUFFORCE SO_RCVLOWAT SO_RCVMARK SO_RCVPRIORITY SO_RESERVE_MEM
SO_REUSEADDR SO_REUSEPORT SO_RXQ_OVFL SO_SELECT_ERR_QUEUE SO_SNDBUF SO_SNDBUFFORCE SO_SNDLOWAT
SO_TIMESTAMPING_NEW SO_TIMESTAMPING_OLD SO_TIMESTAMPNS_NEW SO_TIMESTAMPNS_OLD SO_TIMESTAMP_NEW
SO_TIMESTAMP_OLD SO_WIFI_STATUS SO_ZEROCOPY""".split())
_INTEGERS = frozenset(value for value, name in constants.SO_OPTIONS if name in _INTEGER_NAMES)

SO_ERROR, SO_LINGER, SO_PEERCRED, SO_ATTACH_FILTER = 4, 13, 17, 26
SO_ATTACH_REUSEPORT_CBPF, SO_TXREHASH = 51, 74

LINGER = Struct(l_onoff=INT, l_linger=INT)
#: strace names the filter's address only.
FILTER = Struct(len=USHORT, filter=ADDR)
MEMBERSHIP = Struct(imr_multiaddr=IN_ADDR, imr_interface=IN_ADDR)
MEMBERSHIP6 = Struct(ipv6mr_multiaddr=Inet6Address("ipv6mr_multiaddr"), ipv6mr_interface=INTERFACE)
RING = Struct(tp_block_size=UINT, tp_block_nr=UINT, tp_frame_size=UINT, tp_frame_nr=UINT)
STATISTICS = Struct(tp_packets=UINT, tp_drops=UINT)


class _HardwareAddress(Type):
    """The eight bytes of mr_address."""

    def layout(self, abi: Abi) -> Tuple[str, int, int]:
        return "8s", 8, 1

    def decoder(self, how: How) -> Decoder:
        return lambda call, data: hardware(data)


PACKET_MEMBERSHIP = Struct(
    mr_ifindex=INTERFACE, mr_type=Const(constants.PACKET_MEMBERSHIPS, "PACKET_MR_???", code="H"),
    mr_alen=USHORT, mr_address=_HardwareAddress())


class _Sockaddr(Type):
    """struct sockaddr_storage."""

    def layout(self, abi: Abi) -> Tuple[str, int, int]:
        return "128s", 128, abi.word

    def decoder(self, how: How) -> Decoder:
        decode = address_decoder(how)
        return lambda call, data: decode(data)


GROUP = Struct(gr_interface=INTERFACE, gr_group=_Sockaddr())


class _Integer(Type):
    """An int in brackets."""

    code = "i"

    def __init__(self, kind: Optional[Type] = None) -> None:
        self.kind = kind or INT

    def decoder(self, how: How) -> Decoder:
        inner = self.kind.decoder(how)
        return lambda call, number: Ref(inner(call, number))


class _PortRange(Type):
    """IP_LOCAL_PORT_RANGE: the low port in the lower half, the high one in the upper."""

    code = "I"

    def decoder(self, how: How) -> Decoder:
        def decode(call: Call, number: int) -> Value:
            low, high = number & 0xffff, number >> 16
            if not number:
                return 0
            return Noted(Hex(number), f"{low or ''}..{high or ''}", raw=False)
        return decode


class _IcmpFilter(Type):
    """ICMP_FILTER: the types that are not let through."""

    code = "I"

    def decoder(self, how: How) -> Decoder:
        names = Const(constants.ICMP_TYPES, "ICMP_???").names(how.abi)

        def decode(call: Call, number: int) -> Value:
            inverted = bin(number).count("1") > 16
            shown = number ^ 0xffffffff if inverted else number
            bits = [bit for bit in range(32) if shown >> bit & 1]
            return Bits(number, [names.name(bit) or f"{bit:#x} /* ICMP_??? */" for bit in bits], inverted)
        return decode


_INT = _Integer()
_TXREHASH = _Integer(Const(constants.TXREHASH, "SOCK_TXREHASH_???", raw="d"))
_PROTOCOL = _Integer(Const(constants.IP_PROTOCOLS, "IPPROTO_???"))
_PORTS = _Integer(_PortRange())
_ICMP = _IcmpFilter()

#: (level, option) -> the type of its value, for setsockopt. A scalar needs its size, a structure all of it.
_SET: Dict[Tuple[int, int], Type] = {
    (SOL_SOCKET, SO_LINGER): LINGER,
    (SOL_SOCKET, SO_TXREHASH): _TXREHASH,
    (SOL_IP, 35): MEMBERSHIP, (SOL_IP, 36): MEMBERSHIP,
    (SOL_IP, 42): GROUP, (SOL_IP, 45): GROUP, (SOL_IPV6, 42): GROUP, (SOL_IPV6, 45): GROUP,
    (SOL_IPV6, 20): MEMBERSHIP6, (SOL_IPV6, 21): MEMBERSHIP6,
    (SOL_IPV6, 27): MEMBERSHIP6, (SOL_IPV6, 28): MEMBERSHIP6,
    (SOL_RAW, 1): _ICMP,
}
#: The same for values of one size only.
_SET_EXACT: Dict[Tuple[int, int], Type] = {
    (SOL_SOCKET, SO_ATTACH_FILTER): FILTER, (SOL_SOCKET, SO_ATTACH_REUSEPORT_CBPF): FILTER,
    (SOL_PACKET, 1): PACKET_MEMBERSHIP, (SOL_PACKET, 2): PACKET_MEMBERSHIP,
    (SOL_PACKET, 5): RING, (SOL_PACKET, 13): RING,
}
#: For getsockopt: structures of which the kernel may have filled in a part, and numbers.
_GET: Dict[Tuple[int, int], Type] = {
    (SOL_SOCKET, SO_LINGER): LINGER,
    (SOL_SOCKET, SO_PEERCRED): CREDENTIALS,
    (SOL_SOCKET, SO_TXREHASH): _TXREHASH,
    (SOL_IP, 52): _PROTOCOL,
    (SOL_IP, 51): _PORTS,
    (SOL_PACKET, 6): STATISTICS,
}


def _is_integer(level: int, option: int) -> bool:
    return level == SOL_SOCKET and option in _INTEGERS or level == SOL_NETLINK


def _scalar(how: How, kind: Type) -> Callable[[Call, bytes], Value]:
    inner = kind.decoder(how)
    signed = kind.code.islower()
    return lambda call, data: inner(call, int.from_bytes(data[:4], "little", signed=signed))


def _plain(limit: int) -> Callable[[bytes, int], Value]:
    """A value of which nothing is known: an int when it has an int's size, else a string."""
    def decode(data: bytes, length: int) -> Value:
        if length == 4:
            return Ref(int.from_bytes(data, "little", signed=True))
        return Bytes(data, length > limit, length)
    return decode


def _partial(how: How, kind: Struct) -> Callable[[Call, bytes], Value]:
    """A structure of 32-bit fields, maybe only its beginning."""
    prepared = [(name, _scalar(how, field)) for name, field in kind.fields.items()]

    def decode(call: Call, data: bytes) -> Value:
        fields: List[Tuple[str, Value]] = []
        for index, (name, inner) in enumerate(prepared):
            part = data[4 * index:4 * index + 4]
            if part:
                fields.append((name, inner(call, part) if len(part) == 4 else Bytes(part, opaque=True)))
        return StructValue(fields)
    return decode


class SetValue(Type):
    """setsockopt's *optval* of *optlen* bytes."""

    code = "P"

    def decoder(self, how: How) -> Decoder:
        if not how.deref:
            return lambda call, address: Addr(address)
        level_of, option_of, length_of = how.number("level"), how.number("optname"), how.number("optlen")
        limit = how.limit
        plain = _plain(limit)
        integer = _scalar(how, _INT)
        prepared = {key: (4 if kind.code else kind.layout(how.abi)[1],
                          _scalar(how, kind) if kind.code else kind.decoder(how), exact)
                    for exact, table in ((False, _SET), (True, _SET_EXACT)) for key, kind in table.items()}
        ports = _scalar(how, _PORTS)

        def decode(call: Call, address: int) -> Value:
            if not address:
                return Addr(0)
            key = level_of(call), option_of(call)
            length = length_of(call)
            if key == (SOL_IP, 51):
                data = call.memory.read(address, min(length & 0xffffffff, max(limit, 4)))
                if data is None:
                    return Addr(address)
                return ports(call, data) if length == 4 else Bytes(
                    data[:limit], length & 0xffffffff > limit, length, opaque=True)
            size, inner, exact = prepared.get(key, (0, integer, False))
            if not size:
                if not _is_integer(*key):
                    length &= 0xffffffff
                    data = call.memory.read(address, 4 if length == 4 else min(length, limit))
                    return Addr(address) if data is None else plain(data, length)
                size = 4
            if length != size if exact else length < size:
                return Addr(address)
            data = call.memory.read(address, size)
            return Addr(address) if data is None else inner(call, data)
        return decode


class _GetValue(Type):
    """getsockopt's *optval*, as long as the LengthPointer *optlen* says."""

    code = "P"

    def decoder(self, how: How) -> Decoder:
        level_of, option_of = how.number("level"), how.number("optname")
        limit = how.limit
        plain = _plain(limit)
        integer = _scalar(how, _INT)
        icmp = _ICMP.decoder(how)
        scalars = {key: _scalar(how, kind) for key, kind in _GET.items() if kind.code}
        structs = {key: _partial(how, kind) for key, kind in _GET.items() if isinstance(kind, Struct)}

        def decode(call: Call, address: int) -> Value:
            length = filled(call, "optlen")
            if length <= 0:
                return Addr(address)
            key = level_of(call), option_of(call)
            data = call.memory.read(address, min(length, max(limit, 64)))
            if data is None:
                return Addr(address)
            if key in structs:
                return structs[key](call, data)
            if key == (SOL_RAW, 1):
                return icmp(call, int.from_bytes(data[:4], "little"))
            scalar = scalars.get(key) or (
                integer if _is_integer(*key) or key == (SOL_SOCKET, SO_ERROR) else None)
            if scalar is None:
                return plain(data[:limit] if length != 4 else data, length)
            return scalar(call, data) if length >= 4 else Bytes(data, opaque=True)
        return decode


GET_VALUE = Expected(lambda call, _: int_at(call, call.arg("optlen")) is not None, _GetValue())
