"""System V shared memory, semaphores and message queues, and POSIX message queues."""
from __future__ import annotations

from ..types.common import FD, NEW_FD, OPEN_FLAGS, TIMESPEC, TIMESPEC64, UMODE
from ..types.core import ADDR, HEXLONG, INT, LONG, PATH, SIZE, UINT, Array, Buffer, Out, Ptr, When
from ..types.ipc import (
    GET_FLAGS,
    KEY,
    MQ_ATTR,
    MSG_FLAGS,
    MSG_OPERATION,
    MSGCTL_BUFFER,
    NEW_MQ_ATTR,
    SEM_OPERATION,
    SEMBUF,
    SEMCTL_ARGUMENT,
    SHM_OPERATION,
    SHMAT_FLAGS,
    SHMCTL_BUFFER,
    SHMGET_FLAGS,
    Message,
)
from ..types.timing import SIGEVENT
from .signature import Syscall

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..call import Call

shmget = Syscall(key=KEY, size=SIZE, shmflg=SHMGET_FLAGS)
shmat = Syscall(shmid=INT, shmaddr=ADDR, shmflg=SHMAT_FLAGS, returns=HEXLONG)
shmdt = Syscall(shmaddr=ADDR)
shmctl = Syscall(shmid=INT, op=SHM_OPERATION, buf=SHMCTL_BUFFER)

semget = Syscall(key=KEY, nsems=INT, semflg=GET_FLAGS)
semop = Syscall(semid=INT, sops=Array(SEMBUF, "nsops"), nsops=UINT)
semtimedop = Syscall(semid=INT, sops=Array(SEMBUF, "nsops"), nsops=UINT, timeout=Ptr(TIMESPEC))
semtimedop_time64 = Syscall(semid=INT, sops=Array(SEMBUF, "nsops"), nsops=UINT, timeout=Ptr(TIMESPEC64))
semctl = Syscall(semid=INT, semnum=INT, op=SEM_OPERATION, arg=SEMCTL_ARGUMENT)

msgget = Syscall(key=KEY, msgflg=GET_FLAGS)
msgsnd = Syscall(msqid=INT, msgp=Message("msgsz"), msgsz=SIZE, msgflg=MSG_FLAGS)
msgrcv = Syscall(msqid=INT, msgp=Out(Message("msgsz")), msgsz=SIZE, msgtyp=LONG, msgflg=MSG_FLAGS)
msgctl = Syscall(msqid=INT, op=MSG_OPERATION, buf=MSGCTL_BUFFER)

_O_CREAT = 0o100


def _makes(call: Call) -> int:
    """Whether mq_open(2)'s flags make it look at a mode and at attributes."""
    return call.arg("flags") & _O_CREAT


mq_open = Syscall(name=PATH, flags=OPEN_FLAGS, mode=When(_makes, UMODE), attr=When(_makes, Ptr(NEW_MQ_ATTR)),
                  returns=NEW_FD, overlooked=("name",))
mq_unlink = Syscall(path=PATH, overlooked=("path",))
mq_timedsend = Syscall(mqdes=FD, msg_ptr=Buffer("msg_len"), msg_len=SIZE, msg_prio=UINT,
                       abs_timeout=Ptr(TIMESPEC), dump=("write", "msg_ptr"))
mq_timedsend_time64 = Syscall(mqdes=FD, msg_ptr=Buffer("msg_len"), msg_len=SIZE, msg_prio=UINT,
                              abs_timeout=Ptr(TIMESPEC64), dump=("write", "msg_ptr"))
mq_timedreceive = Syscall(mqdes=FD, msg_ptr=Out(Buffer("return")), msg_len=SIZE, msg_prio=Out(Ptr(UINT)),
                          abs_timeout=Ptr(TIMESPEC), dump=("read", "msg_ptr"))
mq_timedreceive_time64 = Syscall(mqdes=FD, msg_ptr=Out(Buffer("return")), msg_len=SIZE,
                                 msg_prio=Out(Ptr(UINT)), abs_timeout=Ptr(TIMESPEC64),
                                 dump=("read", "msg_ptr"))
mq_notify = Syscall(mqdes=FD, sevp=Ptr(SIGEVENT))
mq_getsetattr = Syscall(mqdes=FD, newattr=Ptr(MQ_ATTR), oldattr=Out(Ptr(MQ_ATTR)))
