/* System calls that only 32-bit x86 has, or that it makes in a way of its own. */
/* variants: 32 */
#define _GNU_SOURCE
#if !defined(__i386__)
#error for i386 only
#endif
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#define S(...) syscall(__VA_ARGS__)

/* mask: (?<=st_(?:dev|ino)=)\w+(?:\(.*?\))?|(?<=st_[amc]time=)-?\d+(?: /. .*? ./)?|(?<=st_[amc]time_nsec=)\d+ */
/* mask: (?<=d_ino=)\d+|(?<=d_off=)\d+ */
/* mask: (?:shm|sem|msg)get\((?:key=)?(?:IPC_PRIVATE|0x?0*)\b.* */
/* mask: (?:shm|sem|msg)\w+\((?:\w+=)?(?!-1|0xffffffff|0x1234|IPC)\w+ */
/* mask: (?<=socket:\[)\d+|(?<=UNIX:\[)[-\d>]+|(?<=STREAM:\[)[-\d>]+|(?<=TCP:\[)[\d.:]+|(?<=_[ors]time=)\d+|(?<=_[acd]time=)\d+|(?<=sysname=).*?(?=\}) */

static long words[6];

static long *six(long a, long b, long c, long d, long e, long f)
{
    words[0] = a, words[1] = b, words[2] = c, words[3] = d, words[4] = e, words[5] = f;
    return words;
}

static void socketcalls(void)
{
    int sv[2];
    char buf[20];
    struct sockaddr_un name = {AF_UNIX, "/nonesuch/socket"};
    struct sockaddr_in in = {AF_INET, 0, {htonl(INADDR_LOOPBACK)}};
    socklen_t size = sizeof in;
    struct iovec iov = {"message", 7};
    struct msghdr msg = {0, 0, &iov, 1};
    struct mmsghdr many[2] = {{msg}, {msg}};
    int one = 1;
    S(SYS_socketcall, 1, six(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, 0, 0, 0));
    S(SYS_socketcall, 3, six(3, (long) &name, sizeof name, 0, 0, 0));
    S(SYS_socketcall, 2, six(3, (long) &name, sizeof name, 0, 0, 0));
    S(SYS_socketcall, 8, six(AF_UNIX, SOCK_STREAM, 0, (long) sv, 0, 0));
    S(SYS_socketcall, 9, six(sv[0], (long) "hello", 5, 0, 0, 0));
    S(SYS_socketcall, 10, six(sv[1], (long) buf, 20, 0, 0, 0));
    S(SYS_socketcall, 11, six(sv[0], (long) "again", 5, MSG_NOSIGNAL, 0, 0));
    S(SYS_socketcall, 12, six(sv[1], (long) buf, 20, 0, 0, 0));
    S(SYS_socketcall, 16, six(sv[0], (long) &msg, 0, 0, 0, 0));
    S(SYS_socketcall, 17, six(sv[1], (long) &msg, 0, 0, 0, 0));
    S(SYS_socketcall, 20, six(sv[0], (long) many, 2, 0, 0, 0));
    S(SYS_socketcall, 19, six(sv[1], (long) many, 2, MSG_DONTWAIT, 0, 0));
    S(SYS_socketcall, 13, six(sv[1], SHUT_RD, 0, 0, 0, 0));
    S(SYS_socketcall, 1, six(AF_INET, SOCK_STREAM, IPPROTO_TCP, 0, 0, 0));
    S(SYS_socketcall, 14, six(6, SOL_SOCKET, SO_REUSEADDR, (long) &one, sizeof one, 0));
    S(SYS_socketcall, 15, six(6, SOL_SOCKET, SO_REUSEADDR, (long) &one, (long) &size, 0));
    S(SYS_socketcall, 4, six(6, 5, 0, 0, 0, 0));
    size = sizeof in;
    S(SYS_socketcall, 7, six(6, (long) &in, (long) &size, 0, 0, 0));
    S(SYS_socketcall, 6, six(sv[0], (long) &name, (long) &size, 0, 0, 0));
    fcntl(6, F_SETFL, O_NONBLOCK);
    S(SYS_socketcall, 5, six(6, 0, 0, 0, 0, 0));
    S(SYS_socketcall, 18, six(6, (long) &in, (long) &size, SOCK_NONBLOCK, 0, 0));
    S(SYS_socketcall, 0, words);
    S(SYS_socketcall, 21, words);
    S(SYS_socketcall, -1, words);
    S(SYS_socketcall, 1, 0);
    for (int call = 0; call < 22; call++)
        S(SYS_socketcall, call, 8);
}

static void ipcs(void)
{
    struct { long type; char text[8]; } message = {7, "content"};
    struct { unsigned short number; short operation, flags; } operation = {0, 1, 0};
    struct { long seconds, nanoseconds; } timeout = {0, 1000};
    long buf[40];
    struct { void *message; long type; } kludge = {&message, 7};
    for (int version = 0; version < 2; version++)
        for (int call = 0; call < 30; call++)
            if (version || call != 4)
                S(SYS_ipc, version << 16 | call, -1, 2, 3, 16 * version, 5);
    S(SYS_ipc, 23, 0x1234, 1, 0, 0, 0);
    int shm = S(SYS_ipc, 23, 0, 100, 0600 | 01000, 0, 0);
    S(SYS_ipc, 21, shm, 0, buf, 0, 0);
    S(SYS_ipc, 21, shm, 0, 8, 0, 0);
    S(SYS_ipc, 22, 0, 0, 0, buf[0], 0);
    S(SYS_ipc, 24, shm, 0x102, 0, buf, 0);
    S(SYS_ipc, 24, shm, 0, 0, 0, 0);
    int sem = S(SYS_ipc, 2, 0, 2, 0600 | 01000, 0, 0);
    S(SYS_ipc, 1, sem, 1, 0, &operation, 0);
    operation.operation = -5;
    S(SYS_ipc, 4, sem, 1, 0, &operation, &timeout);
    buf[0] = 5;
    S(SYS_ipc, 3, sem, 0, 16, buf, 0);
    S(SYS_ipc, 3, sem, 0, 0x100 | 16, buf, 0);
    S(SYS_ipc, 3, sem, 0, 0x100 | 2, buf, 0);
    buf[0] = (long) (buf + 1);
    S(SYS_ipc, 3, sem, 0, 0x100 | 2, buf, 0);
    S(SYS_ipc, 3, sem, 0, 0, 0, 0);
    S(SYS_semctl, sem, 0, 0, 0);
    int msg = S(SYS_ipc, 13, 0, 0600 | 01000, 0, 0, 0);
    S(SYS_ipc, 11, msg, 8, 0, &message, 0);
    S(SYS_ipc, 12, msg, 8, 0, &kludge, 0);
    S(SYS_ipc, 11, msg, 8, 0, &message, 0);
    S(SYS_ipc, 0x10000 | 12, msg, 8, 04000, &message, 7);
    S(SYS_ipc, 12, msg, 8, 04000, &kludge, 0);
    S(SYS_ipc, 12, msg, 8, 04000, 8, 0);
    S(SYS_ipc, 14, msg, 0x102, 0, buf, 0);
    S(SYS_ipc, 14, msg, 0, 0, 0, 0);
}

static void old_structures(void)
{
    char buf[400];
    S(18, "/", buf), S(18, "/nonesuch", buf), S(18, 8, 8), S(84, "/", buf), S(84, "/nonesuch", buf);
    S(28, 0, buf), S(28, -1, buf), S(28, 0, 8);
    S(195, "/", buf), S(196, "/", buf), S(197, 0, buf), S(195, "/nonesuch", buf), S(197, -1, 8);
    S(SYS_fstatat64, AT_FDCWD, "/", buf, 0), S(SYS_fstatat64, -1, 8, 8, -1);
    S(59, buf), S(59, 8), S(109, buf), S(109, 8), S(122, buf), S(122, 8);
    S(SYS_stime, 0), S(SYS_stime, 8);
    int fd = open("/", O_RDONLY | O_DIRECTORY);
    S(SYS_readdir, fd, buf, 1), S(SYS_readdir, -1, buf, 1), S(SYS_readdir, fd, 8, 1), S(SYS_readdir, 0, 0, 7);
    close(fd);
}

static void memory(void)
{
    char *page = (char *) S(SYS_mmap2, 0, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    S(SYS_mmap2, page, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 3);
    S(SYS_mmap2, 0, 4096, 0xff, 0xff, 7, 0xffffffff);
    S(SYS_mmap2, 0, 0, 0, 0, 0, 0x12345678);
    S(90, six(0, 4096, 3, 0x22, -1, 0)), S(90, six(0, 4096, 3, 0x22, 7, 1)), S(90, 8), S(90, 0);
    munmap(page, 8192);
}

static void pairs(void)
{
    int fd = open("file", O_RDWR | O_CREAT, 0600);
    char buf[10];
    long long large;
    struct iovec iov = {buf, 4};
    S(SYS_pwrite64, fd, "content", 7, 1, 0), S(SYS_pread64, fd, buf, 4, 0, 1), S(SYS_pread64, fd, buf, 4, -1, -1);
    S(SYS_preadv, fd, &iov, 1, 1, 0), S(SYS_pwritev, fd, &iov, 1, 1, 1), S(SYS_preadv2, fd, &iov, 1, -1, -1, 0);
    S(SYS_truncate64, "file", 5, 1), S(SYS_truncate64, "file", -1, -1), S(SYS_ftruncate64, fd, 6, 0);
    S(SYS_truncate, "file", 5), S(SYS_ftruncate, fd, -1);
    S(SYS__llseek, fd, 0, 3, &large, SEEK_SET), S(SYS__llseek, fd, -1, -1, &large, SEEK_CUR);
    S(SYS__llseek, fd, 0, 0, 8, SEEK_END), S(SYS__llseek, -1, 1, 2, 0, 9), S(SYS_lseek, fd, -1, SEEK_SET);
    S(SYS_fadvise64, fd, 1, 1, 4096, 3), S(SYS_fadvise64_64, fd, 1, 1, 2, 2, 3), S(SYS_fadvise64_64, -1, 0, 0, 0, 0, 9);
    S(SYS_sync_file_range, fd, 1, 1, 2, 2, 7), S(SYS_readahead, fd, 1, 2, 3), S(SYS_fallocate, fd, 3, 1, 1, 2, 2);
    S(SYS_sendfile, 1, fd, 8, 4), S(SYS_sendfile64, 1, fd, 8, 4), S(SYS_sendfile64, -1, fd, &large, 4);
    S(SYS_fanotify_mark, -1, 1, 0x10, 0x20, AT_FDCWD, "/"), S(SYS_lookup_dcookie, 1, 2, buf, 10);
    S(SYS_quotactl, 0, 0, 0, 0);
    struct flock lock = {F_RDLCK, SEEK_SET, 1, 2};
    struct flock64 lock64 = {F_RDLCK, SEEK_SET, 1, 2};
    S(SYS_fcntl, fd, F_GETLK, &lock), S(SYS_fcntl64, fd, F_GETLK, &lock), S(SYS_fcntl64, fd, 12, &lock64);
    S(SYS_fcntl, fd, 12, &lock64), S(SYS_fcntl64, fd, 13, &lock64), S(SYS_fcntl64, fd, 36, &lock64);
    S(SYS_chown32, "file", 0, -1), S(SYS_lchown32, "file", -1, -1), S(SYS_fchown32, fd, 70000, 5);
    S(SYS_chown, "file", 0, -1), S(SYS_lchown, "file", 0xffff, 0x1ffff), S(SYS_fchown, -1, 70000, 5);
    close(fd);
    unlink("file");
}

static void handler(int number) { (void) number; }

static void old_signals(void)
{
    unsigned long mask = 0, old;
    struct { void *handler; unsigned long mask; unsigned long flags; void *restorer; } action = {handler, 0x800, 0x10000000};
    S(SYS_sigaction, SIGUSR1, &action, 0), S(SYS_sigaction, SIGUSR1, 0, &action), S(SYS_sigaction, 0, 8, 8);
    action.handler = SIG_IGN, action.mask = -1, action.flags = -1;
    S(SYS_sigaction, 65, &action, &action), S(SYS_sigaction, SIGKILL, &action, &action);
    S(SYS_signal, SIGUSR2, SIG_IGN), S(SYS_signal, SIGUSR2, handler), S(SYS_signal, 99, SIG_DFL), S(SYS_signal, SIGUSR2, 0);
    S(SYS_sigprocmask, SIG_BLOCK, &mask, &old), S(SYS_sigprocmask, 9, 8, 8), S(SYS_sigprocmask, SIG_SETMASK, 0, &old);
    S(SYS_ssetmask, 0x200), kill(getpid(), SIGUSR1), S(SYS_sigpending, &mask), S(SYS_sigpending, 8), S(SYS_sgetmask);
    S(SYS_sigsuspend, 0, 0, 0x1);
    S(SYS_ssetmask, 0);
}

static void times(void)
{
    struct { long long seconds, nanoseconds; } wide[2] = {{0, 1000}, {5, 6}};
    int word = 1;
    S(SYS_futex_time64, &word, 0x80, 1, wide, 0, 0), S(SYS_futex_time64, &word, 1, 1, 8, 0, 0);
    S(SYS_futex_time64, &word, 0x189, 1, wide, 0, -1), S(SYS_futex_time64, 8, 77, 1, 8, 8, 8);
    S(SYS_utimensat_time64, AT_FDCWD, "/nonesuch", wide, 0), S(SYS_utimensat_time64, -1, 8, 8, -1);
    S(SYS_utimensat_time64, 77, 0, 0, 0), S(SYS_utimensat, AT_FDCWD, "/nonesuch", wide, 0x100);
    S(SYS_sched_rr_get_interval_time64, -1, wide), S(SYS_sched_rr_get_interval_time64, 0, 8);
    S(SYS_clock_gettime64, 99, wide), S(SYS_clock_nanosleep_time64, 0, 0, wide, 0), S(SYS_ppoll_time64, 0, 0, wide, 0, 8);
    S(SYS_clock_getres_time64, 1, wide), S(SYS_timerfd_settime64, -1, 0, wide, wide), S(SYS_semtimedop_time64, -1, 8, 1, wide);
    S(82, six(0, 0, 0, 0, (long) words, 0)), S(82, 8), S(82, 0), S(SYS__newselect, 0, 0, 0, 0, wide), S(SYS__newselect, 1, 8, 8, 8, 8);
    S(SYS_pselect6_time64, 0, 0, 0, 0, wide, 0), S(SYS_recvmmsg_time64, -1, 8, 1, 0, wide);
    S(SYS_io_pgetevents_time64, 0, 1, 2, 8, wide, 0), S(SYS_rt_sigtimedwait_time64, 8, 8, wide, 8);
    S(SYS_mq_timedsend_time64, -1, "x", 1, 1, wide), S(SYS_mq_timedreceive_time64, -1, 8, 1, 8, wide);
    S(SYS_clock_adjtime64, 99, 8), S(SYS_timer_settime64, 1, 0, wide, 8), S(SYS_timer_gettime64, 1, wide);
}

static void others(void)
{
    unsigned long limit[2];
    int status;
    S(SYS_getrlimit, 3, limit), S(SYS_ugetrlimit, 3, limit), S(SYS_setrlimit, 99, limit), S(SYS_prlimit64, 0, 3, 0, limit);
    S(SYS_waitpid, -1, &status, WNOHANG), S(SYS_wait4, -1, &status, 0, 0), S(SYS_waitpid, -1, 8, -1);
    S(SYS_getuid), S(SYS_getuid32), S(SYS_setuid, 0), S(SYS_setresuid, -1, -1, 0x1ffff), S(SYS_setresuid32, -1, -1, -1);
    S(SYS_getresuid, limit, limit, 8), S(SYS_getgroups, 0, 0), S(SYS_setfsuid, -1), S(SYS_setgroups, 1, 8);
    S(SYS_nice, 0), S(SYS_time, 8), S(SYS_umount, "/nonesuch"), S(SYS_ulimit), S(SYS_prof), S(SYS_idle), S(SYS_gtty);
    S(SYS_modify_ldt, 0, 8, 16), S(SYS_get_thread_area, 8), S(SYS_set_thread_area, 8), S(SYS_vm86old, 8), S(SYS_vm86, 9, 8);
    S(SYS_iopl, 9), S(SYS_ioperm, -1, 1, 1), S(SYS_statfs64, "/", 84, 8), S(SYS_fstatfs64, -1, 1, 8), S(SYS_ftime);
    S(SYS_restart_syscall), S(SYS_bdflush, 1, 8), S(SYS_mount, 8, 8, 8, 8, 8), S(SYS_uselib, 8), S(SYS_clone, -1, 8, 8, 8, 8);
}

int main(void)
{
    close(0);
    open("/dev/zero", O_RDONLY);
    old_structures();
    memory();
    pairs();
    old_signals();
    times();
    others();
    socketcalls();
    ipcs();
    return 0;
}
