"""System V IPC and POSIX message queues."""
from __future__ import annotations

from struct import Struct as _Layout

from ..constants import ipc
from ..values import Addr, Joined, ShiftedBy
from ..values import Struct as StructValue
from .common import GID, MODE, PID, UID, Parts
from .core import (
    ADDR,
    HEX64,
    HEXLONG,
    INT,
    INT64,
    LONG,
    SHORT,
    UINT,
    UINT64,
    ULONG,
    USHORT,
    Begun,
    Buffer,
    ByAbi,
    Const,
    Count,
    Decoder,
    Flags,
    How,
    Out,
    Pad,
    Ptr,
    Struct,
    Switch,
    Type,
)
from .memory import HugeSize

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Callable, Dict, Tuple

    from ..arch.abi import Abi
    from ..call import Call
    from ..values import Value

KEY = Const(((0, "IPC_PRIVATE"),))
_PERMISSIONS = 0o777, MODE, True
GET_FLAGS = Parts((0, Flags(ipc.IPC_GET_FLAGS), False), _PERMISSIONS, raw="")
SHMGET_FLAGS = Parts((0xffffffff ^ 0o777 ^ HugeSize.MASK, Flags(ipc.SHMGET_FLAGS), False),
                     (HugeSize.MASK, HugeSize("SHM_HUGE_SHIFT"), False), _PERMISSIONS, raw="")
SHMAT_FLAGS = Flags(ipc.SHMAT_FLAGS, "SHM_???")
MSG_FLAGS = Flags(ipc.MSG_FLAGS, "MSG_???")

_IPC_64 = 0x100
_VERSION = _IPC_64, Flags(ipc.IPC_64), False
SHM_OPERATION = Parts(_VERSION, (0, Const(ipc.SHMCTL_COMMANDS, "SHM_???"), True), raw="")
SEM_OPERATION = Parts(_VERSION, (0, Const(ipc.SEMCTL_COMMANDS, "SEM_???"), True), raw="")
MSG_OPERATION = Parts(_VERSION, (0, Const(ipc.MSGCTL_COMMANDS, "MSG_???"), True), raw="")

class IpcCall(Type):
    """ipc(2)'s choice of a call, with a version in the upper half: ``1<<16|5``."""

    code = "I"

    def decoder(self, how: How) -> Decoder:
        return lambda call, number: (
            Joined(number, (ShiftedBy(number >> 16, 16), number & 0xffff)) if number >> 16 else number)


# __kernel_long_t and __kernel_ulong_t: x32 has them from x86-64.
_LONG = ByAbi(LONG, x32=INT64)
_ULONG = ByAbi(ULONG, x32=UINT64)


class _Time(Type):
    """A time_t of the status structures: 32-bit ABIs have its halves in two longs."""

    code = "Q"

    def layout(self, abi: Abi) -> Tuple[str, int, int]:
        return "Q", 8, 4 if abi.word == 4 and abi.name != "x32" else 8

    def decoder(self, how: How) -> Decoder:
        return lambda call, number: number


_TIME = _Time()

# What IPC_SET can change; IPC_STAT tells more.
_CHANGEABLE = ("uid", "gid", "mode")


def _perm(*order: str) -> Struct:
    """struct ipc64_perm."""
    return Struct(key=UINT, uid=UID, gid=GID, cuid=UID, cgid=GID, mode=MODE, seq=USHORT, pad=USHORT,
                  unused1=_ULONG, unused2=_ULONG, order=order)


_PERM = _perm(*_CHANGEABLE, "key", "cuid", "cgid")
_PERM_SET = _perm(*_CHANGEABLE)


def _shmid_ds(perm: Struct, *order: str) -> Struct:
    return Struct(shm_perm=perm, shm_segsz=_ULONG, shm_atime=_TIME, shm_dtime=_TIME, shm_ctime=_TIME,
                  shm_cpid=PID, shm_lpid=PID, shm_nattch=_ULONG, unused4=_ULONG, unused5=_ULONG,
                  order=("shm_perm", *order))


def _semid_ds(perm: Struct, *order: str) -> Struct:
    # x86-64 has padding where 32-bit ABIs have the upper halves.
    gap = ByAbi(Pad(0), x86_64=Pad(8), x32=Pad(8))
    return Struct(sem_perm=perm, sem_otime=_TIME, gap1=gap, sem_ctime=_TIME, gap2=gap, sem_nsems=_ULONG,
                  unused3=_ULONG, unused4=_ULONG, order=("sem_perm", *order))


def _msqid_ds(perm: Struct, *order: str) -> Struct:
    return Struct(msg_perm=perm, msg_stime=_TIME, msg_rtime=_TIME, msg_ctime=_TIME, msg_cbytes=_ULONG,
                  msg_qnum=_ULONG, msg_qbytes=_ULONG, msg_lspid=INT, msg_lrpid=INT, unused4=_ULONG,
                  unused5=_ULONG, order=("msg_perm", *order))


_SHMID_DS = _shmid_ds(_PERM, "shm_segsz", "shm_cpid", "shm_lpid", "shm_nattch", "shm_atime", "shm_dtime",
                      "shm_ctime")
_SEMID_DS = _semid_ds(_PERM, "sem_otime", "sem_ctime", "sem_nsems")
_MSQID_DS = _msqid_ds(_PERM, "msg_stime", "msg_rtime", "msg_ctime", "msg_qnum", "msg_qbytes", "msg_lspid",
                      "msg_lrpid")
_SHMINFO = Struct(shmmax=_ULONG, shmmin=_ULONG, shmmni=_ULONG, shmseg=_ULONG, shmall=_ULONG)
_SHM_INFO = Struct(used_ids=INT, shm_tot=_ULONG, shm_rss=_ULONG, shm_swp=_ULONG, swap_attempts=_ULONG,
                   swap_successes=_ULONG)
_SEMINFO = Struct(semmap=INT, semmni=INT, semmns=INT, semmnu=INT, semmsl=INT, semopm=INT, semume=INT,
                  semusz=INT, semvmx=INT, semaem=INT)
_MSGINFO = Struct(msgpool=INT, msgmap=INT, msgmax=INT, msgmnb=INT, msgmni=INT, msgssz=INT, msgtql=INT,
                  msgseg=USHORT)

_IPC_SET, _IPC_STAT, _IPC_INFO = 1, 2, 3


def _operation(call: Call) -> int:
    """What a ctl call does; the version of its structures left out."""
    return call.arg("op") & ~_IPC_64


def _control(told: Tuple[int, ...], status: Struct, changed: Struct, info: Struct,
             more: Dict[int, Type], out: Callable[[Type], Type] = Out) -> Switch:
    """The last argument of a ctl call: *told* are the operations that fill in *status*. *out* makes the type
    of what is filled in."""
    return Switch(_operation, {(_IPC_STAT, *told): out(Ptr(status)), _IPC_SET: Ptr(changed),
                               _IPC_INFO: out(Ptr(info)),
                               **{operation: out(kind) for operation, kind in more.items()}}, ADDR)


def _begun(kind: Type) -> Type:
    return Begun(Out(kind))


_SHM_STAT, _SHM_INFO_, _SHM_STAT_ANY = 13, 14, 15
_SEM_STAT, _SEM_INFO, _SEM_STAT_ANY = 18, 19, 20
_MSG_STAT, _MSG_INFO, _MSG_STAT_ANY = 11, 12, 13
SHMCTL_BUFFER = _control((_SHM_STAT, _SHM_STAT_ANY), _SHMID_DS, _shmid_ds(_PERM_SET), _SHMINFO,
                         {_SHM_INFO_: Ptr(_SHM_INFO)}, _begun)
SEMCTL_ARGUMENT = _control((_SEM_STAT, _SEM_STAT_ANY), _SEMID_DS, _semid_ds(_PERM_SET), _SEMINFO,
                           {_SEM_INFO: Ptr(_SEMINFO)}, _begun)
MSGCTL_BUFFER = _control((_MSG_STAT, _MSG_STAT_ANY), _MSQID_DS, _msqid_ds(_PERM_SET, "msg_qbytes"), _MSGINFO,
                         {_MSG_INFO: Ptr(_MSGINFO)})

SEMBUF = Struct(sem_num=USHORT, sem_op=SHORT, sem_flg=Flags(ipc.SEM_FLAGS, "SEM_???", code="H"))


class Message(Type):
    """A pointer to a struct msgbuf with *size* (a Count) bytes of text."""

    code = "P"

    def __init__(self, size: Count) -> None:
        self.size = size

    def decoder(self, how: How) -> Decoder:
        if not how.deref:
            return lambda call, address: Addr(address)
        code, word, _ = _LONG.layout(how.abi)
        unpack = _Layout("=" + code).unpack_from
        text = Buffer(self.size).decoder(how)

        def decode(call: Call, address: int) -> Value:
            # sizeof(struct msgbuf): the type, and the first byte of the text, padded.
            data = call.memory.read(address, 2 * word) if address else None
            if data is None:
                return Addr(address)
            return StructValue((("mtype", unpack(data)[0]), ("mtext", text(call, address + word))))
        return decode


def _mq_attr(flags: Type, wide_flags: Type) -> Struct:
    return Struct(mq_flags=ByAbi(flags, x32=wide_flags), mq_maxmsg=_LONG, mq_msgsize=_LONG, mq_curmsgs=_LONG,
                  reserved=ByAbi(Pad(32), i386=Pad(16), arm=Pad(16)),
                  order=("mq_flags", "mq_maxmsg", "mq_msgsize", "mq_curmsgs"))


MQ_ATTR = _mq_attr(*[Flags(((0x800, "O_NONBLOCK"),), "O_???", code=code) for code in "LQ"])
#: What mq_open is given: its flags say whether it may block, not this.
NEW_MQ_ATTR = _mq_attr(HEXLONG, HEX64)
