"""The kernel's keys: serial numbers, and what each operation of keyctl is given."""
from __future__ import annotations

from ..constants import errno, sched
from ..values import Addr
from ..values import Array as ArrayValue
from .common import UID
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
    Fixed,
    Flags,
    How,
    If,
    Out,
    Ptr,
    Struct,
    Switch,
    Type,
)
from .io import Vector

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Callable, Dict, Optional, Tuple

    from ..call import Call
    from ..values import Value
    from .core import Decoder

#: key_serial_t.
SERIAL = Const(sched.KEY_SPECS, code="i", raw="d")
OPERATION = Const(sched.KEYCTL_OPERATIONS, "KEYCTL_???")
_PERMISSIONS = Flags(sched.KEY_PERMS, "KEY_???")
_DEFAULT_KEYRING = Const(sched.KEY_REQKEY_DEFLS, "KEY_REQKEY_DEFL_???", code="i", raw="d")
_MOVE_FLAGS = Flags(sched.KEYCTL_MOVE_FLAGS, "KEYCTL_MOVE_???")
_ERRNO = Const(tuple(errno.NAMES.items()), raw="d")
_SUPPORTS = Flags(sched.KEYCTL_SUPPORTS, "KEYCTL_SUPPORTS_???")


def _filled(call: Call) -> int:
    """How many bytes a reading operation put into its buffer: it returns how many there are."""
    return min(call.ret, call.arg("arg4"))


def _text(call: Call) -> int:
    """The same of an operation that tells a string: its NUL is not shown."""
    return min(call.ret - 1, call.arg("arg4"))


class _Capabilities(Type):
    """A pointer to the bytes of KEYCTL_CAPABILITIES."""

    code = "P"

    def decoder(self, how: How) -> Decoder:
        if not how.deref:
            return lambda call, address: Addr(address)
        kinds = [Flags(table, unknown).decoder(how) for table, unknown in (
            (sched.KEYCTL_CAPS0, "KEYCTL_CAPS0_???"), (sched.KEYCTL_CAPS1, "KEYCTL_CAPS1_???"))]

        def decode(call: Call, address: int) -> Value:
            count = min(call.ret, call.arg("arg3"), len(kinds))
            data = call.memory.read(address, count) if address and count > 0 else None
            if data is None:
                return Addr(address)
            return ArrayValue([kind(call, byte) for kind, byte in zip(kinds, data)])
        return decode


def _spare(count: int) -> If:
    return If(lambda raw: any(raw["__spare"]), Fixed(HEX32, count))


def _in_parameters(offset: int) -> Callable[[Call], int]:
    """The length that stands *offset* bytes into struct keyctl_pkey_params, -1 when it can't be read."""
    def length(call: Call) -> int:
        data = call.memory.read(call.arg("arg2") + offset, 4)
        return -1 if data is None else int.from_bytes(data, "little")
    return length


def _parameters(second: str) -> Ptr:
    """struct keyctl_pkey_params; *second* is what its third field is called in this operation."""
    fields: Dict[str, Type] = {"key_id": SERIAL, "in_len": UINT, second: UINT, "__spare": _spare(7)}
    return Ptr(Struct(**fields))


_INPUT = Buffer(_in_parameters(4))
_OUTPUT = Out(Buffer("return"))
_TO_OUTPUT = _parameters("out_len"), STR, _INPUT, _OUTPUT

_DH_PARAMETERS = Ptr(Struct(private=SERIAL, prime=SERIAL, base=SERIAL))
_KDF_PARAMETERS = Ptr(Struct(hashname=STR, otherinfo=Buffer(lambda call: call.siblings["otherinfolen"]),
                             otherinfolen=UINT, __spare=_spare(8)))
_PKEY_QUERY = Ptr(Struct(supported_ops=_SUPPORTS, key_size=UINT, max_data_size=USHORT, max_sig_size=USHORT,
                         max_enc_size=USHORT, max_dec_size=USHORT, __spare=_spare(10)))

#: What follows each operation; others have four words.
_ARGUMENTS: Dict[str, Tuple[Type, ...]] = {
    "GET_KEYRING_ID": (SERIAL, INT),
    "JOIN_SESSION_KEYRING": (STR,),
    "UPDATE": (SERIAL, Buffer("arg4"), SIZE),
    "REVOKE": (SERIAL,),
    "CHOWN": (SERIAL, UID, UID),
    "SETPERM": (SERIAL, _PERMISSIONS),
    "DESCRIBE": (SERIAL, Out(Buffer(_text)), SIZE),
    "CLEAR": (SERIAL,),
    "LINK": (SERIAL, SERIAL),
    "UNLINK": (SERIAL, SERIAL),
    "SEARCH": (SERIAL, STR, STR, SERIAL),
    "READ": (SERIAL, Out(Buffer(_filled)), SIZE),
    "INSTANTIATE": (SERIAL, Buffer("arg4"), SIZE, SERIAL),
    "NEGATE": (SERIAL, UINT, SERIAL),
    "SET_REQKEY_KEYRING": (_DEFAULT_KEYRING,),
    "SET_TIMEOUT": (SERIAL, UINT),
    "ASSUME_AUTHORITY": (SERIAL,),
    "GET_SECURITY": (SERIAL, Out(Buffer(_text)), SIZE),
    "SESSION_TO_PARENT": (),
    "REJECT": (SERIAL, UINT, _ERRNO, SERIAL),
    "INSTANTIATE_IOV": (SERIAL, Vector("arg4"), SIZE, SERIAL),
    "INVALIDATE": (SERIAL,),
    "GET_PERSISTENT": (UID, SERIAL),
    "DH_COMPUTE": (_DH_PARAMETERS, _OUTPUT, SIZE, _KDF_PARAMETERS),
    "PKEY_QUERY": (SERIAL, HEXLONG, STR, Out(_PKEY_QUERY)),
    "PKEY_ENCRYPT": _TO_OUTPUT,
    "PKEY_DECRYPT": _TO_OUTPUT,
    "PKEY_SIGN": _TO_OUTPUT,
    "PKEY_VERIFY": (_parameters("in2_len"), STR, _INPUT, Buffer(_in_parameters(8))),
    "RESTRICT_KEYRING": (SERIAL, STR, STR),
    "MOVE": (SERIAL, SERIAL, SERIAL, _MOVE_FLAGS),
    "CAPABILITIES": (Out(_Capabilities()), SIZE),
}
_NUMBERS = {name[len("KEYCTL_"):]: number for number, name in sched.KEYCTL_OPERATIONS}


def argument(index: int) -> Switch:
    """The *index*-th argument after the operation."""
    cases: Dict[int, Optional[Type]] = {
        _NUMBERS[name]: kinds[index] if index < len(kinds) else None for name, kinds in _ARGUMENTS.items()}
    return Switch("operation", cases, HEXLONG)
