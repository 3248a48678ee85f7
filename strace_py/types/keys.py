"""The kernel's keys: serial numbers, and what each operation of keyctl is given."""
from __future__ import annotations

from ..constants import errno, keys
from ..values import Addr
from ..values import Array as ArrayValue
from .common import UID, Reserved, unless_zero
from .core import (
    HEX32,
    HEXLONG,
    INT,
    SIZE,
    STR,
    UINT,
    USHORT,
    Buffer,
    Const,
    Flags,
    How,
    If,
    Out,
    Ptr,
    Struct,
    Type,
)
from .io import Vector

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Callable, Dict

    from ..call import Call
    from ..values import Value
    from .core import Decoder

#: key_serial_t.
SERIAL = Const(keys.KEY_SPECS, code="i", raw="d")
OPERATION = Const(keys.KEYCTL_OPERATIONS, "KEYCTL_???")
_PERMISSIONS = Flags(keys.KEY_PERMS, "KEY_???")
_DEFAULT_KEYRING = Const(keys.KEY_REQKEY_DEFLS, "KEY_REQKEY_DEFL_???", code="i", raw="d")
_MOVE_FLAGS = Flags(keys.KEYCTL_MOVE_FLAGS, "KEYCTL_MOVE_???")
_ERRNO = Const(tuple(errno.NAMES.items()), raw="d")
_SUPPORTS = Flags(keys.KEYCTL_SUPPORTS, "KEYCTL_SUPPORTS_???")


def _filled(call: Call) -> int:
    """How many bytes a reading operation put into its buffer: it returns how many there are."""
    return min(call.ret, call.arg("buflen"))


def _text(call: Call) -> int:
    """The same of an operation that tells a string: its NUL is not shown."""
    return min(max(call.ret - 1, 0), call.arg("buflen"))


class _Capabilities(Type):
    """A pointer to the bytes of KEYCTL_CAPABILITIES."""

    code = "P"

    def decoder(self, how: How) -> Decoder:
        deref = how.deref
        kinds = [Flags(table, unknown).decoder(how) for table, unknown in (
            (keys.KEYCTL_CAPS0, "KEYCTL_CAPS0_???"), (keys.KEYCTL_CAPS1, "KEYCTL_CAPS1_???"))]

        def decode(call: Call, address: int) -> Value:
            count = min(call.ret, call.arg("buflen"), len(kinds))
            if address and not count:
                return ArrayValue(())
            data = call.memory.read(address, count) if address and deref else None
            if data is None:
                return Addr(address)
            return ArrayValue([kind(call, byte) for kind, byte in zip(kinds, data)])
        return decode


def _spare(count: int) -> If:
    return unless_zero("__spare", Reserved(HEX32, count))


def _in_parameters(offset: int) -> Callable[[Call], int]:
    """The length that stands *offset* bytes into struct keyctl_pkey_params, -1 when it can't be read."""
    def length(call: Call) -> int:
        data = call.memory.read(call.arg("params") + offset, 4)
        return -1 if data is None else int.from_bytes(data, "little")
    return length


def _parameters(second: str) -> Ptr:
    """struct keyctl_pkey_params; *second* is what its third field is called in this operation."""
    fields: Dict[str, Type] = {"key_id": SERIAL, "in_len": UINT, second: UINT, "__spare": _spare(7)}
    return Ptr(Struct(**fields))  # type: ignore[arg-type]


class _Data(Buffer):
    """A Buffer that is followed as pointers to structures are."""

    def decoder(self, how: How) -> Decoder:
        return super().decoder(how) if how.deref else lambda call, address: Addr(address)


_INPUT = _Data(_in_parameters(4))
_OUTPUT = Out(Buffer("return"))
_TO_OUTPUT: Dict[str, Type] = {"params": _parameters("out_len"), "info": STR, "in": _INPUT, "out": _OUTPUT}

_DH_PARAMETERS = Ptr(Struct(private=SERIAL, prime=SERIAL, base=SERIAL))
_KDF_PARAMETERS = Ptr(Struct(hashname=STR, otherinfo=Buffer(lambda call: call.siblings["otherinfolen"]),
                             otherinfolen=UINT, __spare=_spare(8)), always=True)
_PKEY_QUERY = Ptr(Struct(supported_ops=_SUPPORTS, key_size=UINT, max_data_size=USHORT, max_sig_size=USHORT,
                         max_enc_size=USHORT, max_dec_size=USHORT, __spare=_spare(10)))

#: The arguments of each operation after the first, by the names that strace gives them.
ARGUMENTS: Dict[str, Dict[str, Type]] = {
    "GET_KEYRING_ID": {"key": SERIAL, "create": INT},
    "JOIN_SESSION_KEYRING": {"name": STR},
    "UPDATE": {"key": SERIAL, "payload": Buffer("plen"), "plen": SIZE},
    "REVOKE": {"key": SERIAL},
    "CHOWN": {"key": SERIAL, "uid": UID, "gid": UID},
    "SETPERM": {"key": SERIAL, "perms": _PERMISSIONS},
    "DESCRIBE": {"key": SERIAL, "buffer": Out(Buffer(_text)), "buflen": SIZE},
    "CLEAR": {"key": SERIAL},
    "LINK": {"key": SERIAL, "keyring": SERIAL},
    "UNLINK": {"key": SERIAL, "keyring": SERIAL},
    "SEARCH": {"keyring": SERIAL, "type": STR, "description": STR, "dest_keyring": SERIAL},
    "READ": {"key": SERIAL, "buffer": Out(Buffer(_filled)), "buflen": SIZE},
    "INSTANTIATE": {"key": SERIAL, "payload": Buffer("plen"), "plen": SIZE, "keyring": SERIAL},
    "NEGATE": {"key": SERIAL, "timeout": UINT, "keyring": SERIAL},
    "SET_REQKEY_KEYRING": {"reqkey_defl": _DEFAULT_KEYRING},
    "SET_TIMEOUT": {"key": SERIAL, "timeout": UINT},
    "ASSUME_AUTHORITY": {"key": SERIAL},
    "GET_SECURITY": {"key": SERIAL, "buffer": Out(Buffer(_text)), "buflen": SIZE},
    "SESSION_TO_PARENT": {},
    "REJECT": {"key": SERIAL, "timeout": UINT, "error": _ERRNO, "keyring": SERIAL},
    "INSTANTIATE_IOV": {"key": SERIAL, "payload": Vector("plen"), "plen": SIZE, "keyring": SERIAL},
    "INVALIDATE": {"key": SERIAL},
    "GET_PERSISTENT": {"uid": UID, "keyring": SERIAL},
    "DH_COMPUTE": {"dh_params": _DH_PARAMETERS, "buffer": _OUTPUT, "buflen": SIZE,
                   "kdf_params": _KDF_PARAMETERS},
    "PKEY_QUERY": {"key": SERIAL, "reserved": HEXLONG, "params": STR, "info": Out(_PKEY_QUERY)},
    "PKEY_ENCRYPT": _TO_OUTPUT,
    "PKEY_DECRYPT": _TO_OUTPUT,
    "PKEY_SIGN": _TO_OUTPUT,
    "PKEY_VERIFY": {"params": _parameters("in2_len"), "info": STR, "in": _INPUT,
                    "in2": _Data(_in_parameters(8))},
    "RESTRICT_KEYRING": {"keyring": SERIAL, "type": STR, "restriction": STR},
    "MOVE": {"key": SERIAL, "from_keyring": SERIAL, "to_keyring": SERIAL, "flags": _MOVE_FLAGS},
    "CAPABILITIES": {"buffer": Out(_Capabilities()), "buflen": SIZE},
}
