"""The kernel's key management."""
from __future__ import annotations

from ..constants import keys
from ..types.core import HEXLONG, SIZE, STR, Buffer
from ..types.keys import ARGUMENTS, OPERATION, SERIAL
from .signature import Syscall, Variants

add_key = Syscall(type=STR, description=STR, payload=Buffer("plen"), plen=SIZE, keyring=SERIAL,
                  returns=SERIAL)
request_key = Syscall(type=STR, description=STR, callout_info=STR, dest_keyring=SERIAL, returns=SERIAL)
_NUMBERS = {name: number for number, name in keys.KEYCTL_OPERATIONS}
keyctl = Variants(
    Syscall(operation=OPERATION, arg2=HEXLONG, arg3=HEXLONG, arg4=HEXLONG, arg5=HEXLONG),
    {_NUMBERS[f"KEYCTL_{name}"]: Syscall(operation=OPERATION, **arguments)  # type: ignore[arg-type]
     for name, arguments in ARGUMENTS.items()})
