/* System V IPC and POSIX message queues, in a namespace of their own: ids start at 0, and nothing stays. */
/* mask: (?<=time=)\d{9,} */
#include "fam.h"
#include <fcntl.h>
#include <mqueue.h>
#include <sched.h>
#include <signal.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>

struct span { long sec, nsec; };
struct event { void *value; int signo, notify; void *function, *attributes; char pad[32]; };

static char buf[9000];

static void shared_memory(void)
{
    void *where;
    int id = S(SYS_shmget, 0, 4096L, 01600);

    S(SYS_shmget, 0x7000001, -1L, 0xffffffff);
    S(SYS_shmget, 0xbadc0de, 5L, 0);
    S(SYS_shmget, 0xbadc0de, 0x200000L, 04000 | 21 << 26 | 0777 | 02000);
    S(SYS_shmget, 0, 4096L, 01000 | 010000);
    S(SYS_shmget, 1, 1L, 0x10000);
    S(SYS_shmctl, id, IPC_STAT, buf);
    S(SYS_shmctl, id, IPC_SET, buf);
    S(SYS_shmctl, id, IPC_SET, end);
    S(SYS_shmctl, id, IPC_STAT, end);
    S(SYS_shmctl, id, SHM_LOCK, 0);
    S(SYS_shmctl, id, IPC_STAT, buf);
    S(SYS_shmctl, id, SHM_UNLOCK, buf);
    S(SYS_shmctl, 0, IPC_INFO, buf);
    S(SYS_shmctl, 0, IPC_INFO, end);
    S(SYS_shmctl, 0, SHM_INFO, buf);
    S(SYS_shmctl, 0, SHM_STAT, buf);
    S(SYS_shmctl, 0, 15, buf);
    S(SYS_shmctl, 0x7fffff, 15, buf);
    S(SYS_shmctl, id, 99, buf);
    S(SYS_shmctl, -1, 0x102, buf);
    S(SYS_shmctl, -1, 0x100, buf);
    S(SYS_shmctl, -1, 0x301, end);
    where = (void *) S(SYS_shmat, id, 0, 0);
    S(SYS_shmctl, id, IPC_STAT, buf);
    S(SYS_shmat, id, 0, SHM_RDONLY);
    S(SYS_shmat, id, 8, 0170001);
    S(SYS_shmat, -1, 0, 0x80000000);
    S(SYS_shmdt, where);
    S(SYS_shmdt, 8);
    S(SYS_shmdt, 0);
    S(SYS_shmctl, id, IPC_RMID, 0);
    S(SYS_shmctl, id, IPC_RMID, buf);
}

static void semaphores(void)
{
    struct sembuf ops[] = {{0, 1, 0}, {1, -1, IPC_NOWAIT}, {2, 0, SEM_UNDO | IPC_NOWAIT | 1}};
    struct span soon = {0, 1000}, bad = {-1, 1000000000};
    short values[3] = {1, 2, 3};
    int id = S(SYS_semget, 0, 3, 01600);

    S(SYS_semget, 0x7000001, -1, 0);
    S(SYS_semget, 0x7000001, 1, 0xffffffff);
    S(SYS_semget, 1, 1, 04003);
    S(SYS_semop, id, ops, 1L);
    S(SYS_semop, id, ops, 3L);
    S(SYS_semop, id, ops, 0L);
    S(SYS_semop, id, end - 4096, -1L);
    S(SYS_semop, id, end - 4096, 100000L);
    S(SYS_semop, id, end, 1L);
    S(SYS_semop, id, end - 6, 2L);
    S(SYS_semop, id, 0, 2L);
    S(SYS_semop, -1, ops, 1L);
    S(SYS_semtimedop, id, ops, 2L, &soon);
    ops[1].sem_flg = 0;
    ops[1].sem_op = -5;
    S(SYS_semtimedop, id, ops + 1, 1L, &soon);
    S(SYS_semtimedop, id, ops, 1L, 0);
    S(SYS_semtimedop, id, ops, 1L, &bad);
    S(SYS_semtimedop, id, ops, 0x100000001L, end);
    S(SYS_semctl, id, 0, IPC_STAT, buf);
    S(SYS_semctl, id, 0, IPC_SET, buf);
    S(SYS_semctl, id, 0, IPC_SET, end);
    S(SYS_semctl, id, 0, IPC_STAT, end);
    S(SYS_semctl, 0, 0, IPC_INFO, buf);
    S(SYS_semctl, 0, 0, SEM_INFO, buf);
    S(SYS_semctl, 0, 0, SEM_STAT, buf);
    S(SYS_semctl, 0, 0, 20, buf);
    S(SYS_semctl, id, 0, SETALL, values);
    S(SYS_semctl, id, 0, GETALL, values);
    S(SYS_semctl, id, 0, GETALL, end);
    S(SYS_semctl, id, 1, GETVAL, 0);
    S(SYS_semctl, id, 1, SETVAL, 5);
    S(SYS_semctl, id, 1, SETVAL, -1);
    S(SYS_semctl, id, 1, GETPID, 0);
    S(SYS_semctl, id, 1, GETNCNT, 7);
    S(SYS_semctl, id, 1, GETZCNT, 0);
    S(SYS_semctl, id, -1, 99, buf);
    S(SYS_semctl, id, -1, 0x102, buf);
    S(SYS_semctl, id, 0, IPC_RMID, 0);
    S(SYS_semctl, id, 0, IPC_RMID, buf);
}

static void messages(void)
{
    static struct { long type; char text[8192]; } sent = {7, "hello\0world"}, got;
    int id = S(SYS_msgget, 0, 01600);

    S(SYS_msgget, 0x7000001, 0xffff);
    S(SYS_msgget, -5, 2);
    S(SYS_msgsnd, id, &sent, 11L, 0);
    S(SYS_msgsnd, id, &sent, 0L, IPC_NOWAIT);
    S(SYS_msgsnd, id, &sent, -1L, IPC_NOWAIT);
    S(SYS_msgsnd, id, end, 5L, 0xffff);
    S(SYS_msgsnd, id, end - 12, 4L, IPC_NOWAIT);
    S(SYS_msgsnd, id, end - 16, 8L, IPC_NOWAIT);
    S(SYS_msgsnd, id, end - 16, 9L, IPC_NOWAIT);
    S(SYS_msgsnd, id, 0, 4L, IPC_NOWAIT);
    sent.type = -1;
    S(SYS_msgsnd, id, &sent, 60L, 0);
    sent.type = 9;
    S(SYS_msgsnd, id, &sent, 60L, 0);
    S(SYS_msgrcv, id, &got, 4L, 7L, MSG_NOERROR);
    S(SYS_msgrcv, id, &got, 100L, 9L, IPC_NOWAIT);
    S(SYS_msgrcv, id, &got, 100L, -9L, 0x7000);
    S(SYS_msgrcv, id, &got, 100L, -9L, 0);
    S(SYS_msgrcv, id, &got, 100L, 0L, IPC_NOWAIT);
    S(SYS_msgrcv, id, end, 100L, 0L, IPC_NOWAIT);
    S(SYS_msgrcv, -1, 0, 100L, 0L, 0x10000);
    S(SYS_msgctl, id, IPC_STAT, buf);
    S(SYS_msgctl, id, IPC_SET, buf);
    S(SYS_msgctl, id, IPC_SET, end);
    S(SYS_msgctl, id, IPC_STAT, end);
    S(SYS_msgctl, 0, IPC_INFO, buf);
    S(SYS_msgctl, 0, MSG_INFO, buf);
    S(SYS_msgctl, 0, MSG_STAT, buf);
    S(SYS_msgctl, 0, 13, buf);
    S(SYS_msgctl, id, 99, buf);
    S(SYS_msgctl, -1, 0x102, buf);
    S(SYS_msgctl, id, IPC_RMID, 0);
    S(SYS_msgctl, id, IPC_RMID, buf);
}

static void queues(void)
{
    static const char *digits = "1234567890123456789012345678901234567890";
    long attr[8] = {O_NONBLOCK, 4, 40, 0}, old[8];
    struct span soon = {0, 1000};
    struct event event = {(void *) 0x123456789a, SIGUSR1, SIGEV_SIGNAL};
    unsigned priority = 7;
    int fd = S(SYS_mq_open, "queue", O_RDWR | O_CREAT | O_EXCL, 0600, attr);

    S(SYS_mq_open, "queue", O_RDONLY, 0600, attr);
    S(SYS_mq_open, "none", O_RDONLY | O_NONBLOCK | O_CLOEXEC, 0600, attr);
    S(SYS_mq_open, end, O_WRONLY | O_CREAT, 01600, end);
    S(SYS_mq_open, "queue", O_RDWR | O_CREAT | O_EXCL, 0600, 0);
    S(SYS_mq_open, "a queue with a long name, more than thirty-two bytes", O_RDONLY);
    attr[0] = 0x12345801;
    S(SYS_mq_open, 0, -1, 0600, attr);
    S(SYS_mq_open, 0, O_CREAT, 0600, end - 63);
    S(SYS_mq_open, 0, O_CREAT, 0600, end - 64);
    S(SYS_mq_timedsend, fd, "hello\0world", 11L, 3, 0);
    S(SYS_mq_timedsend, fd, "second", 6L, 0xffffffff, &soon);
    S(SYS_mq_timedsend, fd, end, 6L, 1, end);
    S(SYS_mq_timedsend, -1, digits, 40L, 1, &soon);
    S(SYS_mq_timedsend, fd, digits, 40L, 1, &soon);
    S(SYS_mq_timedreceive, fd, buf, 5L, &priority, 0);
    S(SYS_mq_timedreceive, fd, buf, 40L, &priority, &soon);
    S(SYS_mq_timedreceive, fd, buf, 9000L, 0, 0);
    S(SYS_mq_timedreceive, fd, buf, 50L, end, end);
    S(SYS_mq_timedreceive, -1, buf, 50L, &priority, &soon);
    S(SYS_mq_timedreceive, fd, buf, 50L, &priority, &soon);
    S(SYS_mq_notify, fd, &event);
    S(SYS_mq_notify, fd, 0);
    event.notify = SIGEV_NONE;
    S(SYS_mq_notify, fd, &event);
    event.notify = SIGEV_THREAD;
    S(SYS_mq_notify, fd, &event);
    event.notify = 9;
    event.value = 0;
    S(SYS_mq_notify, fd, &event);
    S(SYS_mq_notify, -1, end);
    attr[0] = 0;
    S(SYS_mq_getsetattr, fd, attr, old);
    attr[0] = O_NONBLOCK;
    S(SYS_mq_getsetattr, fd, attr, 0);
    S(SYS_mq_getsetattr, fd, 0, old);
    attr[0] = -1;
    S(SYS_mq_getsetattr, fd, attr, old);
    attr[0] = 1;
    S(SYS_mq_getsetattr, fd, attr, old);
    S(SYS_mq_getsetattr, -1, end, end);
    S(SYS_mq_getsetattr, -1, 0, 0);
    S(SYS_mq_unlink, "queue");
    S(SYS_mq_unlink, "queue");
    S(SYS_mq_unlink, end);
}

int main(void)
{
    memset(two_pages(), -1, 4096);
    munmap(end, 4096);
    if (unshare(CLONE_NEWIPC) && unshare(CLONE_NEWUSER | CLONE_NEWIPC))
        return 1;
    shared_memory();
    semaphores();
    messages();
    queues();
    return 0;
}
