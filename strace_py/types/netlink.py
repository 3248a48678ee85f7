"""Messages on AF_NETLINK sockets (<linux/netlink.h>): headers, acknowledgements, and the links, addresses
and routes of NETLINK_ROUTE (<linux/rtnetlink.h>). Everything else is shown as bytes."""
from __future__ import annotations

import os
from struct import Struct as _Layout

from ..constants import errno
from ..constants import socket as constants
from ..values import Array as ArrayValue
from ..values import Bytes, Element, Hex, Joined, Names
from ..values import Const as ConstValue
from ..values import Flags as FlagsValue
from ..values import Struct as StructValue
from .network import AF_INET, AF_INET6, hardware, inet, inet6, interface

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Dict, List, Optional, Tuple

    from ..call import Call
    from ..values import Value
    from .core import How

    #: Decodes the bytes of one attribute for an address family; None: they are too few.
    Attribute = Callable[["Messages", int, bytes], Optional[Value]]
    Attributes = Tuple[Names, Dict[int, Attribute]]

_ROUTE, _SOCK_DIAG = 0, 4
_HEADER = _Layout("=IHHIi")
_ATTRIBUTE = _Layout("=HH")
_NLMSG_ERROR, _NLMSG_DONE, _FIRST_OWN_TYPE = 2, 3, 16
_SOCK_DIAG_BY_FAMILY = 20
_CAPPED = 0x100
_NESTED, _NET_BYTE_ORDER = 0x8000, 0x4000
_TYPE_FLAGS = Names(((_NESTED, "NLA_F_NESTED"), (_NET_BYTE_ORDER, "NLA_F_NET_BYTEORDER")), bits=True)

#: Bytes of one message list that are looked at, whatever the call transferred.
LONGEST = 1 << 16

_FAMILIES = Names(constants.FAMILIES, "AF_???")
_TYPES = Names(constants.NETLINK_TYPES, "NLMSG_???")
_ROUTE_TYPES = Names(constants.ROUTE_TYPES, "RTM_???")
_DIAG_TYPES = Names(constants.DIAG_TYPES, "SOCK_DIAG_???")
_ERRORS = Names(tuple((-number, "-" + name) for number, name in errno.NAMES.items()), raw="d")


def _flags(more: Any = ()) -> Names:
    return Names((*constants.NETLINK_FLAGS, *more), "NLM_F_???", bits=True)


_PLAIN_FLAGS = _flags()
_ERROR_FLAGS = _flags(constants.NETLINK_ERROR_FLAGS)
#: By what the two lowest bits of NETLINK_ROUTE's types say: new, delete, get, set.
_ROUTE_FLAGS = (_flags(constants.NETLINK_NEW_FLAGS), _flags(constants.NETLINK_DELETE_FLAGS),
                _flags(constants.NETLINK_GET_FLAGS), _PLAIN_FLAGS)


def protocol(call: Call, number: int) -> Optional[int]:
    """The protocol of descriptor *number* when it is a netlink socket, -1 when the kernel doesn't tell,
    None when it is none."""
    link = f"/proc/{call.tracee.tid}/fd/{number}"
    try:
        if os.getxattr(link, "system.sockprotoname") != b"NETLINK\0":
            return None
        inode = int(os.readlink(link)[len("socket:["):-1])
    except (OSError, ValueError):
        return None
    from ..kernel import sock_diag
    found = sock_diag.netlink(inode)
    return -1 if found is None else found[0]


def _opaque(data: bytes, limit: int) -> Value:
    return Bytes(data[:limit], len(data) > limit, len(data), opaque=True)


def _number(code: str, make: Callable[[int], Value] = int) -> Attribute:
    layout = _Layout("=" + code)

    def decode(messages: Messages, family: int, data: bytes) -> Optional[Value]:
        return make(layout.unpack_from(data)[0]) if len(data) >= layout.size else None
    return decode


def _mac(messages: Messages, family: int, data: bytes) -> Optional[Value]:
    return hardware(data)


def _address(messages: Messages, family: int, data: bytes) -> Optional[Value]:
    if family == AF_INET and len(data) >= 4:
        return inet(data[:4])
    if family == AF_INET6 and len(data) >= 16:
        return inet6(data[:16])
    return None


def _fields(code: str, names: str, least: int = 0) -> Attribute:
    """A structure of equal numbers; older kernels leave the last ones out, down to *least*."""
    size = _Layout("=" + code).size
    words = names.split()

    def decode(messages: Messages, family: int, data: bytes) -> Optional[Value]:
        count = min(len(words), len(data) // size)
        if count < (least or len(words)):
            return None
        return StructValue(list(zip(words, _Layout(f"={count}{code}").unpack_from(data))))
    return decode


def _named(code: str, table: Any, unknown: str, raw: str = "x") -> Attribute:
    names = Names(table, unknown, raw)
    return _number(code, lambda number: ConstValue(number, names))


def _bits(code: str, table: Any, unknown: str) -> Attribute:
    names = Names(table, unknown, bits=True)
    return _number(code, lambda number: FlagsValue(number, names))


def _text(messages: Messages, family: int, data: bytes) -> Optional[Value]:
    """A string up to its NUL, that ``-s`` limits."""
    long = len(data) >= messages.limit
    return Bytes(data[:messages.limit] if long else data.partition(b"\0")[0], long)


_U8, _U16, _U32 = _number("B"), _number("H"), _number("I")
_INDEX = _number("I", interface)
_SCOPES = Names(constants.RT_SCOPES, "RT_SCOPE_???")
_TABLES = Names(constants.RT_TABLES, "RT_TABLE_???")
_ARP = Names(constants.ARP_HARDWARE, "ARPHRD_???")
_INTERFACE_FLAGS = Names(constants.INTERFACE_FLAGS, "IFF_???", bits=True)
_IFA_FLAGS = Names(constants.IFA_FLAGS, "IFA_F_???", bits=True)
_RTPROT = Names(constants.RTPROT, "RTPROT_???")
_RTN = Names(constants.RTN, "RTN_???")
_RTM_FLAGS = Names(constants.RTM_ROUTE_FLAGS, "RTM_F_???", bits=True)

_STATISTICS = """rx_packets tx_packets rx_bytes tx_bytes rx_errors tx_errors rx_dropped tx_dropped multicast
collisions rx_length_errors rx_over_errors rx_crc_errors rx_frame_errors rx_fifo_errors rx_missed_errors
tx_aborted_errors tx_carrier_errors tx_fifo_errors tx_heartbeat_errors tx_window_errors rx_compressed
tx_compressed rx_nohandler"""


def _map(messages: Messages, family: int, data: bytes) -> Optional[Value]:
    """struct rtnl_link_ifmap."""
    if len(data) < 28:
        return None
    start, end, base, irq, dma, number = _Layout("=QQQHBB").unpack_from(data)
    return StructValue([("mem_start", Hex(start)), ("mem_end", Hex(end)), ("base_addr", Hex(base)),
                        ("irq", irq), ("dma", dma), ("port", number)])


def _nested(attributes: Attributes) -> Attribute:
    """An attribute that holds attributes."""
    return lambda messages, family, data: messages.attributes(data, family, attributes)


def _attributes(table: Any, unknown: str, kinds: Dict[str, Any]) -> Attributes:
    by_name = {name: number for number, name in table}
    return Names(table, unknown), {by_name[name]: kind for names, kind in kinds.items()
                                   for name in names.split() if name in by_name}


def _numbers(code: str, table: Any, unknown: str, base: int = 0) -> Attribute:
    """An array of numbers, indexed by the constants of *table* less *base*."""
    suffix = f"-{base}" if base else ""
    layout = _Layout("=" + code)
    names = Names(tuple((number - base, name + suffix) for number, name in table), unknown, "d")

    def decode(messages: Messages, family: int, data: bytes) -> Optional[Value]:
        count = len(data) // layout.size
        if not count:
            return None
        shown = messages.elements(count)
        return ArrayValue([Element(ConstValue(index, names), number) for index, (number,)
                           in enumerate(layout.iter_unpack(data[:shown * layout.size]))], count > shown)
    return decode


_XDP: Attributes = _attributes(constants.IFLA_XDP_ATTRIBUTES, "IFLA_XDP_???", {
    "IFLA_XDP_ATTACHED": _named("B", constants.XDP_ATTACHED, "XDP_ATTACHED_???"),
    "IFLA_XDP_FLAGS IFLA_XDP_PROG_ID IFLA_XDP_DRV_PROG_ID IFLA_XDP_SKB_PROG_ID IFLA_XDP_HW_PROG_ID": _U32})
_INET: Attributes = _attributes(constants.IFLA_INET, "IFLA_INET_???", {
    "IFLA_INET_CONF": _numbers("i", constants.IPV4_DEVCONF, "IPV4_DEVCONF_???", 1)})
_INET6: Attributes = _attributes(constants.IFLA_INET6, "IFLA_INET6_???", {
    "IFLA_INET6_FLAGS": _bits("I", constants.IF_INET6_FLAGS, "IF_???"),
    "IFLA_INET6_CACHEINFO": _fields("I", "max_reasm_len tstamp reachable_time retrans_time"),
    "IFLA_INET6_CONF": _numbers("i", constants.DEVCONF, "DEVCONF_???"),
    "IFLA_INET6_STATS": _numbers("Q", constants.IPSTATS_MIB, "IPSTATS_MIB_???"),
    "IFLA_INET6_ICMP6STATS": _numbers("Q", constants.ICMP6_MIB, "ICMP6_MIB_???"),
    "IFLA_INET6_TOKEN": lambda messages, family, data: _address(messages, AF_INET6, data),
    "IFLA_INET6_ADDR_GEN_MODE": _named("B", constants.ADDRESS_GENERATION, "IN6_ADDR_GEN_MODE_???")})
_SPECIFIC: Attributes = _attributes(constants.FAMILIES, "AF_???", {
    "AF_INET": _nested(_INET), "AF_INET6": _nested(_INET6)})
_INFO: Attributes = _attributes(constants.IFLA_INFO, "IFLA_INFO_???", {
    "IFLA_INFO_KIND IFLA_INFO_SLAVE_KIND": _text})
_LINK: Attributes = _attributes(constants.IFLA, "IFLA_???", {
    "IFLA_ADDRESS IFLA_BROADCAST IFLA_PERM_ADDRESS": _mac,
    """IFLA_IFNAME IFLA_QDISC IFLA_IFALIAS IFLA_PHYS_PORT_NAME IFLA_PARENT_DEV_NAME
    IFLA_PARENT_DEV_BUS_NAME""": _text,
    """IFLA_MTU IFLA_TXQLEN IFLA_GROUP IFLA_PROMISCUITY IFLA_ALLMULTI IFLA_NUM_TX_QUEUES IFLA_NUM_RX_QUEUES
    IFLA_GSO_MAX_SEGS IFLA_GSO_MAX_SIZE IFLA_GRO_MAX_SIZE IFLA_GSO_IPV4_MAX_SIZE IFLA_GRO_IPV4_MAX_SIZE
    IFLA_TSO_MAX_SIZE IFLA_TSO_MAX_SEGS IFLA_CARRIER_CHANGES IFLA_CARRIER_UP_COUNT IFLA_CARRIER_DOWN_COUNT
    IFLA_MIN_MTU IFLA_MAX_MTU IFLA_NUM_VF IFLA_WEIGHT IFLA_NET_NS_PID IFLA_NET_NS_FD""": _U32,
    "IFLA_OPERSTATE IFLA_LINKMODE IFLA_CARRIER IFLA_PROTO_DOWN IFLA_NETNS_IMMUTABLE": _U8,
    "IFLA_HEADROOM IFLA_TAILROOM": _U16,
    "IFLA_LINK IFLA_MASTER": _INDEX,
    "IFLA_STATS64": _fields("Q", _STATISTICS + " rx_otherhost_dropped", 23),
    "IFLA_STATS": _fields("I", _STATISTICS, 23),
    "IFLA_EXT_MASK": _bits("I", ((1, "RTEXT_FILTER_VF"), (2, "RTEXT_FILTER_BRVLAN"),
                                 (4, "RTEXT_FILTER_BRVLAN_COMPRESSED"), (8, "RTEXT_FILTER_SKIP_STATS")),
                           "RTEXT_FILTER_???"),
    "IFLA_MAP": _map, "IFLA_AF_SPEC": _nested(_SPECIFIC),
    "IFLA_XDP": _nested(_XDP), "IFLA_LINKINFO": _nested(_INFO)})
_ADDR: Attributes = _attributes(constants.IFA, "IFA_???", {
    "IFA_ADDRESS IFA_LOCAL IFA_BROADCAST IFA_ANYCAST IFA_MULTICAST": _address,
    "IFA_LABEL": _text, "IFA_FLAGS": _number("I", lambda number: FlagsValue(number, _IFA_FLAGS)),
    "IFA_CACHEINFO": _fields("I", "ifa_prefered ifa_valid cstamp tstamp"), "IFA_RT_PRIORITY": _U32})
_ROUTES: Attributes = _attributes(constants.RTA, "RTA_???", {
    "RTA_DST RTA_SRC RTA_GATEWAY RTA_PREFSRC": _address,
    "RTA_IIF RTA_OIF": _INDEX, "RTA_PRIORITY RTA_FLOW": _U32, "RTA_PREF": _U8,
    "RTA_TABLE": _number("I", lambda number: ConstValue(number, _TABLES)),
    "RTA_CACHEINFO": _fields(
        "I", "rta_clntref rta_lastuse rta_expires rta_error rta_used rta_id rta_ts rta_tsage")})


def _link(data: bytes) -> List[Tuple[str, Value]]:
    family, kind, index, flags, change = _Layout("=BxHIII").unpack_from(data)
    return [("ifi_family", ConstValue(family, _FAMILIES)), ("ifi_type", ConstValue(kind, _ARP)),
            ("ifi_index", interface(index)), ("ifi_flags", FlagsValue(flags, _INTERFACE_FLAGS)),
            ("ifi_change", FlagsValue(change, _INTERFACE_FLAGS))]


def _addr(data: bytes) -> List[Tuple[str, Value]]:
    family, prefix, flags, scope, index = _Layout("=BBBBI").unpack_from(data)
    return [("ifa_family", ConstValue(family, _FAMILIES)), ("ifa_prefixlen", prefix),
            ("ifa_flags", FlagsValue(flags, _IFA_FLAGS)), ("ifa_scope", ConstValue(scope, _SCOPES)),
            ("ifa_index", interface(index))]


def _route(data: bytes) -> List[Tuple[str, Value]]:
    family, to, source, tos, table, origin, scope, kind, flags = _Layout("=BBBBBBBBI").unpack_from(data)
    return [("rtm_family", ConstValue(family, _FAMILIES)), ("rtm_dst_len", to), ("rtm_src_len", source),
            ("rtm_tos", Hex(tos)), ("rtm_table", ConstValue(table, _TABLES)),
            ("rtm_protocol", ConstValue(origin, _RTPROT)), ("rtm_scope", ConstValue(scope, _SCOPES)),
            ("rtm_type", ConstValue(kind, _RTN)), ("rtm_flags", FlagsValue(flags, _RTM_FLAGS))]


#: (type - 16) / 4 of NETLINK_ROUTE -> the name of the family's field, the size of the structure, its
#: fields, its attributes.
_PAYLOADS: Dict[int, Tuple[str, int, Callable[[bytes], List[Tuple[str, Value]]], Attributes]] = {
    0: ("ifi_family", 16, _link, _LINK),
    1: ("ifa_family", 8, _addr, _ADDR),
    2: ("rtm_family", 12, _route, _ROUTES),
}


class Messages:
    """Decodes lists of netlink messages under the options of *how*."""

    def __init__(self, how: How) -> None:
        self.elements = how.elements
        self.limit = how.limit

    def decode(self, data: bytes, number: int) -> Value:
        """What *data*, not empty, holds on a socket of protocol *number* (-1: not known)."""
        return self.parts(data, _HEADER, lambda part: self.message(part, number))

    def parts(self, data: bytes, header: _Layout, decode: Callable[[bytes], Value]) -> Value:
        """The parts of *data*, each with a *header* that begins with the part's length."""
        items: List[Value] = []
        most = self.elements(len(data))
        at = 0
        while at < len(data):
            if len(items) == most:
                return ArrayValue(items, more=True)
            rest = data[at:]
            if len(rest) < header.size:
                items.append(_opaque(rest, self.limit))
                break
            length = header.unpack_from(rest)[0]
            items.append(decode(rest[:max(length, header.size)]))
            if length < header.size:
                break
            at += length + 3 & ~3
        return items[0] if len(items) == 1 else ArrayValue(items)

    def message(self, data: bytes, number: int) -> Value:
        length, kind, flags, sequence, port = _HEADER.unpack_from(data)
        own = kind >= _FIRST_OWN_TYPE
        names, flag_names = _TYPES, _PLAIN_FLAGS
        if own and number == _ROUTE:
            names, flag_names = _ROUTE_TYPES, _ROUTE_FLAGS[kind & 3]
            if names.name(kind) is None:
                flag_names = _PLAIN_FLAGS
        elif own and number == _SOCK_DIAG:
            names = _DIAG_TYPES
            if kind == _SOCK_DIAG_BY_FAMILY:
                flag_names = _ROUTE_FLAGS[2]
        elif kind == _NLMSG_ERROR:
            flag_names = _ERROR_FLAGS
        header = StructValue([
            ("nlmsg_len", length), ("nlmsg_type", ConstValue(kind, names)),
            ("nlmsg_flags", FlagsValue(flags, flag_names)), ("nlmsg_seq", sequence), ("nlmsg_pid", port)])
        payload = data[_HEADER.size:]
        return ArrayValue([header, *self.payload(kind, flags, payload, number)]) if payload else header

    def payload(self, kind: int, flags: int, data: bytes, number: int) -> List[Value]:
        if kind == _NLMSG_DONE and len(data) == 4:
            return [int.from_bytes(data, "little", signed=True)]
        if kind == _NLMSG_ERROR and len(data) >= 4 + _HEADER.size:
            error = int.from_bytes(data[:4], "little", signed=True)
            about = data[4:]
            length = _HEADER.unpack_from(about)[0]
            end = _HEADER.size if flags & _CAPPED else max(length, _HEADER.size)
            return [StructValue([("error", ConstValue(error, _ERRORS) if error else 0),
                                 ("msg", self.message(about[:end], number))])]
        if kind < _FIRST_OWN_TYPE or number not in (_ROUTE, _SOCK_DIAG):
            return [_opaque(data, self.limit)]
        family = ConstValue(data[0], _FAMILIES)
        known = _PAYLOADS.get(kind - _FIRST_OWN_TYPE >> 2) if number == _ROUTE else None
        if known is None or _ROUTE_TYPES.name(kind) is None:
            fields: List[Tuple[str, Value]] = [("family", family)]
            if len(data) > 1:
                fields.append(("data", _opaque(data[1:], self.limit)))
            return [StructValue(fields)]
        name, size, decode, attributes = known
        if len(data) < size:
            return [StructValue([(name, family)], more=True)]
        values: List[Value] = [StructValue(decode(data))]
        if len(data) > size:
            values.append(self.attributes(data[size:], data[0], attributes))
        return values

    def attributes(self, data: bytes, family: int, known: Attributes) -> Value:
        """The attributes in *data*, of something of the address *family*."""
        names, kinds = known

        def attribute(part: bytes) -> Value:
            length, kind = _ATTRIBUTE.unpack_from(part)
            name: Value = ConstValue(kind & 0x3fff, names)
            if kind & _NESTED or kind & _NET_BYTE_ORDER:
                name = Joined(kind, [FlagsValue(kind & ~0x3fff, _TYPE_FLAGS), name])
            header = StructValue([("nla_len", length), ("nla_type", name)])
            content = part[_ATTRIBUTE.size:]
            if not content:
                return header
            decode = kinds.get(kind & 0x3fff)
            value = None if decode is None else decode(self, family, content)
            return ArrayValue([header, _opaque(content, self.limit) if value is None else value])
        return self.parts(data, _ATTRIBUTE, attribute)
