/* fcntl: every command, with what it takes and what it returns.
   mask: (pipe|socket):\[\d+\] */
#include "fam.h"
#include <fcntl.h>
#include <signal.h>

#define F(...) syscall(SYS_fcntl, __VA_ARGS__)

int main(void)
{
    two_pages();
    munmap(end, 4096);
    signal(SIGIO, SIG_IGN);

    int fd = syscall(SYS_openat, AT_FDCWD, "data", O_RDWR | O_CREAT | O_TRUNC | O_LARGEFILE, 0600);
    int dir = syscall(SYS_openat, AT_FDCWD, ".", O_RDONLY | O_DIRECTORY, 0);
    int p[2];
    syscall(SYS_pipe2, p, 0);
    int mem = syscall(SYS_memfd_create, "m", 2U);

    F(fd, F_DUPFD, 10L);
    F(fd, F_DUPFD, -1L);
    F(fd, F_DUPFD_CLOEXEC, 30L);
    F(-1, F_DUPFD_CLOEXEC, 0x100000005L);
    F(fd, F_GETFD, 7L);
    F(30, F_GETFD);
    F(-1, F_GETFD);
    F(fd, F_SETFD, 1L);
    F(fd, F_GETFD);
    F(fd, F_SETFD, 3L);
    F(fd, F_SETFD, 0L);
    F(fd, F_SETFD, 6L);
    F(-1, F_SETFD, -1L);
    F(fd, F_GETFL, 5L);
    F(dir, F_GETFL);
    F(1, F_SETFL, 0x100000000L);
    F(fd, F_SETFL, (long) O_APPEND | O_NONBLOCK);
    F(fd, F_SETFL, 2L);
    F(fd, F_SETFL, 0xffffffffL);
    F(fd, F_GETFL);
    F(-1, F_SETFL, 0L);

    struct flock lock = {F_WRLCK, SEEK_SET, 5, 10, 77};
    struct flock odd = {7, 9, -5, -1, -3};
    struct flock get = {F_RDLCK, SEEK_END, 0, 0, 0};
    F(fd, F_GETLK, &get);
    F(fd, F_SETLK, &lock);
    F(fd, F_SETLKW, &lock);
    F(fd, F_SETLK, &odd);
    F(fd, F_GETLK, &odd);
    F(fd, F_SETLK, 0L);
    F(fd, F_SETLK, BAD);
    F(fd, F_GETLK, BAD);
    F(-1, F_GETLK, &get);
    F(-1, F_SETLKW, last(&lock, sizeof lock));
    F(-1, F_SETLKW, last(&lock, sizeof lock - 4));
    F(fd, F_OFD_SETLK, &lock);
    lock.l_type = F_UNLCK;
    F(fd, F_SETLK, &lock);
    lock.l_type = F_WRLCK;
    lock.l_pid = 0;
    F(fd, F_OFD_SETLK, &lock);
    F(fd, F_OFD_SETLKW, &lock);
    lock.l_pid = 0;
    F(fd, F_OFD_GETLK, &lock);
    F(fd, F_OFD_GETLK, &odd);

    F(p[0], F_SETOWN, (long) getpid());
    F(p[0], F_SETOWN, -1L);
    F(p[0], F_GETOWN);
    F(p[0], F_SETOWN, (long) getpid());
    F(p[0], F_GETOWN, 3L);
    F(-1, F_SETOWN, 0L);
    F(-1, F_GETOWN, 0L);
    F(p[0], F_SETSIG, (long) SIGUSR1);
    F(p[0], F_GETSIG);
    F(p[0], F_SETSIG, 0L);
    F(p[0], F_GETSIG, 1L);
    F(p[0], F_SETSIG, 100L);
    F(p[0], F_SETSIG, -1L);
    F(-1, F_GETSIG);
    struct f_owner_ex owner = {F_OWNER_PID, getpid()}, bad_owner = {9, -3};
    F(p[0], F_SETOWN_EX, &owner);
    F(p[0], F_GETOWN_EX, &owner);
    F(p[0], F_SETOWN_EX, &bad_owner);
    F(p[0], F_SETOWN_EX, 0L);
    F(p[0], F_GETOWN_EX, BAD);
    F(-1, F_GETOWN_EX, &owner);
    unsigned uids[2];
    F(p[0], 17, uids);
    F(p[0], 17, 0L);
    F(-1, 17, uids);

    F(fd, F_GETLEASE);
    F(fd, F_SETLEASE, (long) F_WRLCK);
    F(fd, F_SETLEASE, (long) F_UNLCK);
    F(fd, F_SETLEASE, 9L);
    F(-1, F_GETLEASE, 0L);
    F(dir, F_NOTIFY, 0x80000001L);
    F(dir, F_NOTIFY, 0L);
    F(-1, F_NOTIFY, 0xffL);
    F(-1, F_NOTIFY, 0x1000L);
    F(p[0], F_GETPIPE_SZ, 9L);
    F(p[0], F_SETPIPE_SZ, 8192L);
    F(p[0], F_SETPIPE_SZ, -1L);
    F(mem, F_GET_SEALS);
    F(mem, F_ADD_SEALS, 6L);
    F(mem, F_GET_SEALS);
    F(mem, F_ADD_SEALS, 0x101L);
    F(mem, F_ADD_SEALS, 0x100L);
    F(fd, F_GET_SEALS);
    F(fd, F_ADD_SEALS, 0L);

    unsigned long hint = 3, bad_hint = 17;
    F(fd, F_SET_RW_HINT, &hint);
    F(fd, F_GET_RW_HINT, &hint);
    F(fd, F_SET_RW_HINT, &bad_hint);
    F(fd, F_SET_RW_HINT, 0L);
    F(fd, F_GET_RW_HINT, BAD);
    F(-1, F_GET_RW_HINT, &hint);
    F(fd, F_GET_FILE_RW_HINT, &hint);
    F(fd, F_SET_FILE_RW_HINT, &hint);
    F(fd, 1027, (long) dir);        /* F_DUPFD_QUERY */
    F(fd, 1027, (long) fd);
    F(fd, 1027, -1L);
    F(fd, 1028, 8L);                /* F_CREATED_QUERY */
    F(-1, 1028, 8L);
    F(fd, 1029, 8L);                /* F_CANCELLK */
    struct { unsigned flags; unsigned short type, pad; } deleg = {0, F_WRLCK, 0}, odd_deleg = {5, 9, 3};
    F(fd, 1039, &deleg);            /* F_GETDELEG */
    F(fd, 1040, &deleg);
    F(fd, 1040, &odd_deleg);
    F(fd, 1039, BAD);
    F(-1, 1039, &deleg);
    F(fd, 12, &lock);
    F(fd, 13, &lock);
    F(fd, 14, &lock);
    F(fd, 18, 5L);
    F(fd, 99, 0x123456789aL);
    F(fd, -1, -1L);
    F(fd, 1041, 0L);
    F(p[0], F_GETFL);
    F(p[1], F_GETFL);
    F(fd, F_SETLEASE, 0x100000001L);
    F(p[0], F_SETPIPE_SZ, 0x100002000L);
    F(-1, F_NOTIFY, 0x100000001L);
    F(-1, F_SETSIG, 0x10000000aL);
    F(-1, F_SETOWN, 0x10000000aL);
    F(-1, 1027, 0x100000003L);
    F(-1, F_ADD_SEALS, 0x100000001L);
    F(-1, F_SETFD, 0x100000001L);
    odd.l_type = odd.l_whence = -1;
    F(-1, F_SETLK, &odd);
    bad_hint = 0x300000001L;
    F(-1, F_SET_RW_HINT, &bad_hint);
    F(0x100000003L, 0x100000001L, -1L);
    return 0;
}
