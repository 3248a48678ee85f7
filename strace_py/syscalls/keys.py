"""The kernel's key management."""
from __future__ import annotations

from ..types.core import SIZE, STR, Buffer
from ..types.keys import OPERATION, SERIAL, argument
from .signature import Syscall

add_key = Syscall(type=STR, description=STR, payload=Buffer("plen"), plen=SIZE, keyring=SERIAL, returns=SERIAL)
request_key = Syscall(type=STR, description=STR, callout_info=STR, dest_keyring=SERIAL, returns=SERIAL)
keyctl = Syscall(operation=OPERATION, arg2=argument(0), arg3=argument(1), arg4=argument(2), arg5=argument(3))
