"""Types of extended attributes, file handles, mounts, quotas and access control."""
from __future__ import annotations

from typing import List, Optional, Tuple

from ..constants import fcntl, mount
from ..values import Addr, Bytes, Changed, Joined, Tail
from ..values import Struct as StructValue
from .common import FD
from .core import HEX32, UINT, Argument, Buffer, Const, Count, Decoder, Flags, Hidden, How, Int, Struct, Type, register

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..call import Call
    from ..values import Value

ADDR64 = Int("Q", Addr)


class _UserNamespace(Type):
    """mount_attr's userns_fd, a file descriptor only where ids are to be mapped."""

    code = "Q"
    beside = True
    # MOUNT_ATTR_IDMAP of <linux/mount.h>
    WANTED = 0x100000

    def decoder(self, how: How) -> Decoder:
        inner = FD.decoder(how)

        def decode(call: Call, number: int) -> Value:
            wanted = (call.siblings["attr_set"] | call.siblings["attr_clr"]) & self.WANTED
            return inner(call, number) if wanted and number < 1 << 31 else number
        return decode


class XattrValue(Type):
    """A pointer to *size* (a Count) bytes, an extended attribute's value: most are strings. More than XATTR_SIZE_MAX bytes are no value. *code*: "Q" for the field
    of a structure."""

    #: XATTR_SIZE_MAX of <linux/limits.h>.
    LONGEST = 65536
    beside = True

    def __init__(self, size: Count, code: str = "P") -> None:
        self.size = size
        self.code = code

    def decoder(self, how: How) -> Decoder:
        size = how.number(self.size)
        limit = how.limit

        def decode(call: Call, address: int) -> Value:
            length = size(call)
            if not address or not 0 <= length <= self.LONGEST:
                return Addr(address)
            # One byte more than is shown is known to be there.
            data = call.memory.read(address, min(length, limit + 1))
            if data is None:
                return Addr(address)
            return Bytes(data[:limit], length > limit, length, terminated=True)
        return decode


class XattrRead(XattrValue):
    """An extended attribute's value that the call got: nothing when it failed or was only asked for its
    size (*size*)."""

    def __init__(self, size: Count, code: str = "P") -> None:
        super().__init__("return", code)
        self.asked = size

    def decoder(self, how: How) -> Decoder:
        asked = how.number(self.asked)
        inner = super().decoder(how)
        return lambda call, address: inner(call, address) if asked(call) and not call.error else Addr(address)


class XattrList(Type):
    """What listxattr fills in: names that end in a NUL each, unless asked only for their *size*."""

    code = "P"

    def decoder(self, how: How) -> Decoder:
        limit = how.limit

        def decode(call: Call, address: int) -> Value:
            length = call.ret
            data = call.memory.read(address, min(length, limit)) if address and call.arg("size") else None
            return Addr(address) if data is None else Bytes(data, length > limit, length)
        return decode


def _xattr_args(value: Type) -> Struct:
    """struct xattr_args of <linux/xattr.h>."""
    return Struct(value=value, size=UINT, flags=Flags(fcntl.XATTR_FLAGS, "XATTR_???"))


XATTR_ARGS = _xattr_args(XattrValue(lambda call: call.siblings["size"], "Q"))
XATTR_ARGS_READ = _xattr_args(XattrRead(lambda call: call.siblings["size"], "Q"))

_XFLAGS = Flags(fcntl.FILE_XFLAGS, "FS_XFLAG_???", code="Q")
#: struct file_attr of <linux/fs.h>; fa_nextents is only told.
FILE_ATTR = Struct(fa_xflags=_XFLAGS, fa_extsize=UINT, fa_nextents=UINT, fa_projid=HEX32, fa_cowextsize=UINT)
FILE_ATTR_SET = Struct(fa_xflags=_XFLAGS, fa_extsize=UINT, fa_nextents=Hidden(UINT), fa_projid=HEX32,
                       fa_cowextsize=UINT)


class FileHandle(Type):
    """A pointer to a struct file_handle. With *filled* the call fills it in, or says how large it has to be."""

    code = "P"
    # MAX_HANDLE_SZ of <linux/exportfs.h>: what follows is not shown.
    LONGEST = 128
    # EOVERFLOW of <asm-generic/errno.h>: the handle is larger than handle_bytes.
    TOO_SMALL = 75

    def __init__(self, filled: bool = False) -> None:
        self.filled = filled

    def argument(self, how: How) -> Argument:
        address = register("P", how.abi)
        if not how.deref:
            return Argument(None if self.filled else (lambda call, raw: Addr(address(raw))),
                            lambda call, raw: Addr(address(raw)))

        def header(call: Call, at: int) -> Optional[Tuple[int, int]]:
            data = call.memory.read(at, 8) if at else None
            if data is None:
                return None
            return int.from_bytes(data[:4], "little"), int.from_bytes(data[4:], "little", signed=True)

        def whole(call: Call, at: int, size: int, kind: int, shown: Value) -> Value:
            data = call.memory.read(at + 8, min(size, self.LONGEST))
            fields: List[Tuple[str, Value]] = [("handle_bytes", shown), ("handle_type", kind)]
            if data is None:
                return StructValue(fields + [("f_handle", Tail(8, 8 + size, None))])
            return StructValue(fields + [("f_handle", Bytes(data, size > self.LONGEST, size, opaque=True))])

        def decode(call: Call, raw: int) -> Value:
            found = header(call, address(raw))
            return whole(call, address(raw), found[0], found[1], found[0]) if found else Addr(address(raw))

        def keep(call: Call, raw: int) -> None:
            call.save("handle", header(call, address(raw)))

        def result(call: Call, raw: int) -> Value:
            before = call.load("handle")
            after = header(call, address(raw))
            if not before or not after:
                return Addr(address(raw))
            size: Value = after[0] if before[0] == after[0] else Changed(before[0], after[0])
            if call.error:
                return StructValue([("handle_bytes", size if call.error == self.TOO_SMALL else before[0])])
            return whole(call, address(raw), after[0], after[1], size)
        return Argument(None, result, keep) if self.filled else Argument(decode, decode)


class MountFlags(Type):
    """mount's flags, which once had to bear a magic number in their upper half."""

    code = "L"
    MAGIC = Const(((0xc0ed0000, "MS_MGC_VAL"),), code="L")
    FLAGS = Flags(mount.MOUNT_FLAGS, "MS_???", code="L")

    def decoder(self, how: How) -> Decoder:
        magic, flags = self.MAGIC.decoder(how), self.FLAGS.decoder(how)

        def decode(call: Call, number: int) -> Value:
            if number & 0xffff0000 != 0xc0ed0000:
                return flags(call, number)
            parts = [magic(call, 0xc0ed0000)]
            if number != 0xc0ed0000:
                parts.append(flags(call, number ^ 0xc0ed0000))
            return Joined(number, parts)
        return decode


class SwapFlags(Type):
    """swapon's flags, with a priority in their lower bits."""

    code = "I"
    PRIORITY = 0x7fff
    FLAGS = Flags(mount.SWAP_FLAGS, "SWAP_FLAG_???")

    def decoder(self, how: How) -> Decoder:
        flags = self.FLAGS.decoder(how)

        def decode(call: Call, number: int) -> Value:
            priority = number & self.PRIORITY
            return Joined(number, (flags(call, number ^ priority), priority)) if number != priority else priority
        return decode


class Binary(Buffer):
    """A pointer to *size* bytes that are no text."""

    def decoder(self, how: How) -> Decoder:
        inner = super().decoder(how)

        def decode(call: Call, address: int) -> Value:
            value = inner(call, address)
            return Bytes(value.data, value.more, value.length, opaque=True) if isinstance(value, Bytes) else value
        return decode


MOUNT_ATTR = Struct(
    attr_set=Flags(mount.MOUNT_SETATTR_ATTRS, "MOUNT_ATTR_???", code="Q"),
    attr_clr=Flags(mount.MOUNT_SETATTR_ATTRS, "MOUNT_ATTR_???", code="Q"),
    propagation=Const(mount.PROPAGATIONS, "MS_???", code="Q"), userns_fd=_UserNamespace())
