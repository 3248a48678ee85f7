"""Changing whose a file is."""
from __future__ import annotations

from ..types.common import DIRFD, FD, GID, UID
from ..types.core import PATH
from ..types.files import AT_FLAGS
from .creds import by_width
from .signature import Syscall

chown = lchown = by_width(lambda kind: Syscall(pathname=PATH, owner=kind, group=kind))
chown32 = lchown32 = Syscall(pathname=PATH, owner=UID, group=GID)
fchown = by_width(lambda kind: Syscall(fd=FD, owner=kind, group=kind))
fchown32 = Syscall(fd=FD, owner=UID, group=GID)
fchownat = Syscall(dirfd=DIRFD, pathname=PATH, owner=UID, group=GID, flags=AT_FLAGS)
