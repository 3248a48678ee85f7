"""The kernel's key management."""
from __future__ import annotations

from ..types.core import SIZE, STR, Buffer
from ..types.keys import OPERATION, SERIAL, arguments
from .signature import Syscall

add_key = Syscall(type=STR, description=STR, payload=Buffer("plen"), plen=SIZE, keyring=SERIAL,
                  returns=SERIAL)
request_key = Syscall(type=STR, description=STR, callout_info=STR, dest_keyring=SERIAL, returns=SERIAL)
keyctl = Syscall(operation=OPERATION, **arguments())  # type: ignore[arg-type]
