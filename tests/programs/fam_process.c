/* Processes: making them, running programs in them, waiting for them, namespaces. */
/* mask: \{ru_utime=.*?\}(?=\)|, \) = ) */
/* mask: (getppid|getpgrp|getpgid|getsid)\(.*?= (0x)?[0-9a-f]+ */
/* mask: (?<=si_[us]time=)\d+(?: /. [^*]* ./)? */
#include "fam.h"
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>

static char *file = "/nonexistent";

static void executions(void)
{
    char *two[] = {"a", "b with \"quotes\" and a long text beyond the usual limit", 0};
    char *bad[] = {"a", (char *) 8, "c", 0};
    char *none[] = {0};
    char *many[50] = {0}, *limit[33] = {0};
    for (int i = 0; i < 49; i++)
        many[i] = "arg";
    for (int i = 0; i < 32; i++)
        limit[i] = "q";
    C(execve, file, two, two);
    C(execve, file, many, many);
    C(execve, file, limit, limit);
    C(execve, file, bad, bad);
    C(execve, file, none, none);
    C(execve, 0, 0, 0);
    C(execve, BAD, BAD, BAD);
    C(execve, ONES, ONES, ONES);
    char **pointers = (char **) end - 2;
    pointers[0] = "x";
    pointers[1] = "y";
    C(execve, file, pointers, pointers);
    C(execve, file, pointers + 1, pointers + 1);
    C(execve, file, pointers + 2, pointers + 2);
    pointers[1] = BAD;
    C(execve, file, pointers, pointers);
    pointers[0] = 0;
    C(execveat, AT_FDCWD, file, two, none, AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW);
    C(execveat, -1, file, two, two, -1);
    C(execveat, -1, file + 1, two, none, 0x10000);
    C(execveat, -1, file + 1, two, none, 1);
}

/* fork(2), where the machine has it */
static long born(void)
{
#ifdef __NR_fork
    return C(fork);
#else
    return C(clone, SIGCHLD);
#endif
}

static int child(void *nothing)
{
    return 3;
}

static char stack[8192];

static void births(void)
{
    int status;
    struct rusage usage;
    int parent_tid = 0, child_tid = 0;
    if (!born())
        _exit(0);
    C(wait4, -1, &status, 0, &usage);
    if (!vfork())
        _exit(1);
    C(wait4, -1, &status, __WALL, 0);
    if (!C(clone, SIGCHLD, 0, 0, 0, 0))
        _exit(2);
    C(wait4, -1, &status, 0, 0);
    if (!C(clone, CLONE_PARENT_SETTID | CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID | SIGCHLD, 0, &parent_tid,
           &child_tid, 0))
        _exit(3);
    C(wait4, -1, &status, 0, 0);
    if (!C(clone, CLONE_FS | CLONE_PARENT_SETTID | SIGUSR2, 0, &parent_tid, &child_tid, 0))
        _exit(4);
    C(wait4, -1, &status, __WCLONE, 0);
    if (!C(clone, CLONE_SETTLS | CLONE_VFORK, 0, &parent_tid, &child_tid, 0x7f))
        C(exit, 5);
    C(wait4, -1, &status, __WALL | __WNOTHREAD, 0);
    if (!C(clone, CLONE_PIDFD, 0, &parent_tid, 0, 0))
        _exit(6);
    C(wait4, -1, &status, __WALL, 0);
    close(parent_tid);
    clone(child, stack + sizeof(stack), CLONE_VM | CLONE_VFORK | SIGCHLD, 0);
    C(wait4, -1, &status, 0, 0);
    C(clone, CLONE_THREAD, 0, 0, 0, 0);
    C(clone, -1, BAD, BAD, BAD, BAD);
    C(clone, CLONE_SIGHAND | 0x40 | CLONE_DETACHED, 0, 0, 0, 0);
    C(clone, CLONE_SIGHAND | 0xff, 0, 0, 0, 0);
    C(clone, CLONE_SIGHAND | CLONE_PARENT_SETTID | 1L << 32 | 1L << 40, 0, 0, 0, 0);
    C(clone, CLONE_SIGHAND | CLONE_PARENT_SETTID | CLONE_PIDFD, 0, &parent_tid, 0, 0);
    C(clone, CLONE_SIGHAND | CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWTIME, 0, BAD, 0, 0);
}

struct clone3_args {
    unsigned long flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls, set_tid, set_tid_size,
        cgroup, more[2];
};

static void clones(void)
{
    int status, pidfd = -1, child_tid = -1, parent_tid = -1, tids[3] = {1, 2, 3};
    struct clone3_args args = {.exit_signal = SIGCHLD};
    for (int size = 64; size <= 88; size += 8) {
        if (!C(clone3, &args, size))
            _exit(0);
        C(wait4, -1, &status, 0, 0);
    }
    args.flags = CLONE_PIDFD | CLONE_PARENT_SETTID | CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID | CLONE_SETTLS
        | CLONE_VFORK;
    args.pidfd = (long) &pidfd;
    args.child_tid = (long) &child_tid;
    args.parent_tid = (long) &parent_tid;
    args.tls = 0x1000;
    if (!C(clone3, &args, 88))
        C(exit, 1);
    close(pidfd);
    C(wait4, -1, &status, 0, 0);
    args.flags = CLONE_PARENT_SETTID;
    if (!C(clone3, &args, 80))
        _exit(1);
    C(wait4, -1, &status, 0, 0);
    args.flags = CLONE_PIDFD | CLONE_VFORK;
    if (!C(clone3, &args, 80))
        _exit(1);
    close(pidfd);
    C(wait4, -1, &status, 0, 0);
    if (!C(clone3, &args, 104)) /* longer than the kernel's, but zeros */
        _exit(1);
    close(pidfd);
    C(wait4, -1, &status, 0, 0);
    args.exit_signal = SIGUSR2;
    args.flags = CLONE_PARENT_SETTID;
    args.parent_tid = 0;
    if (!C(clone3, &args, 88))
        _exit(1);
    C(wait4, -1, &status, __WALL, 0);
    C(clone3, 0, 0);
    C(clone3, 0, 88);
    C(clone3, BAD, 88);
    C(clone3, ONES, 88);
    C(clone3, &args, 0);
    C(clone3, &args, 60);
    C(clone3, &args, 63);
    C(clone3, &args, -1);
    C(clone3, &args, 4097);
    args.more[0] = 0x1234;
    C(clone3, &args, 96);
    C(clone3, &args, 98);
    args.more[1] = 0x123456;
    C(clone3, &args, 100);
    C(clone3, &args, 104);
    args.set_tid = (long) tids;
    args.set_tid_size = 3;
    C(clone3, &args, 88);
    C(clone3, &args, 80);
    args.set_tid_size = 33;
    C(clone3, &args, 88);
    args.set_tid_size = 0;
    C(clone3, &args, 88);
    args.set_tid = 8;
    args.set_tid_size = 2;
    C(clone3, &args, 88);
    args.set_tid = 0;
    args.exit_signal = 0x123;
    args.flags = -1;
    args.cgroup = 7;
    args.stack = 0x1000;
    args.stack_size = 0x2000;
    C(clone3, &args, 88);
    C(clone3, &args, 87);
    C(clone3, &args, 80);
    args.exit_signal = 1L << 32;
    args.flags = 1L << 33 | CLONE_THREAD;
    C(clone3, &args, 88);
    C(clone3, last(&args, 88), 88);
    C(clone3, end - 88, 96);
    C(clone3, end - 80, 88);
}

static void waits(void)
{
    int status = 0x1234;
    siginfo_t info;
    struct rusage usage;
    memset(&info, 0, sizeof(info));
    if (!born())
        _exit(200);
    C(waitid, P_ALL, 0, &info, WEXITED | WNOWAIT, 0);
    C(waitid, P_PID, -1, &info, WEXITED | WNOHANG, 0);
    C(waitid, P_ALL, 0, &info, WEXITED, &usage);
    long pid = born();
    if (!pid) {
        signal(SIGUSR1, SIG_DFL);
        C(kill, getpid(), SIGUSR1);
    }
    C(waitid, P_PID, pid, &info, WEXITED | WSTOPPED | WCONTINUED, 0);
    pid = born();
    if (!pid)
        for (;;)
            C(kill, getpid(), SIGSTOP);
    C(wait4, pid, &status, WUNTRACED, &usage);
    memset(&info, 0, sizeof(info));
    C(wait4, pid, &status, WNOHANG, 0);
    C(waitid, P_PID, pid, &info, WEXITED | WNOHANG, 0);
    C(kill, pid, SIGKILL);
    C(wait4, pid, &status, 0, &usage);
    pid = born();
    if (!pid) {
        C(kill, getpid(), SIGABRT);
        _exit(0);
    }
    C(wait4, pid, &status, 0, 0);
    C(wait4, -1, &status, -1, &usage);
    C(wait4, -1, &status, 0, &usage);
    C(wait4, 0x80000000, 0, 0x10, 0);
    C(wait4, 0, BAD, 0, BAD);
    C(waitid, P_PGID, 1, BAD, WNOHANG, BAD);
    C(waitid, 9, 1, 0, -1, 0);
    C(waitid, P_PIDFD, -1, &info, 8, &usage);
    C(waitid, P_PIDFD, 99, &info, WEXITED, &usage);
}

static void others(void)
{
    long pid = getpid();
    unsigned long head[3] = {1, 2, 3}, length = 0;
    C(unshare, 0);
    C(unshare, CLONE_FILES | CLONE_FS);
    C(unshare, 1);
    C(unshare, -1);
    C(unshare, CLONE_NEWTIME | CLONE_NEWNS | CLONE_NEWUSER | CLONE_THREAD | CLONE_SIGHAND | 0x1);
    C(setns, -1, 0);
    C(setns, -1, CLONE_NEWTIME | CLONE_NEWNS);
    C(setns, -1, -1);
    C(setns, -1, 1);
    int fd = (int) C(pidfd_open, pid, 0);
    C(pidfd_open, -1, 0);
    C(pidfd_open, pid, O_NONBLOCK | 0x80);
    C(pidfd_open, pid, -1);
    C(pidfd_open, pid, 1);
    C(pidfd_send_signal, fd, 0, 0, 0);
    C(pidfd_send_signal, fd, 0, 0, 1);
    C(pidfd_send_signal, -1, SIGUSR1, BAD, -1);
    C(pidfd_send_signal, -1, 99, BAD, 6);
    C(pidfd_getfd, fd, 1, 0);
    C(pidfd_getfd, -1, -1, -1);
    C(getpid);
    C(getppid);
    C(gettid);
    C(getpgrp);
    C(getpgid, 0);
    C(getpgid, pid);
    C(getpgid, -1);
    C(getsid, 0);
    C(getsid, -1);
    C(setpgid, 0, -1);
    C(setpgid, -1, -2);
    C(setsid);
    C(set_robust_list, head, 24);
    C(set_robust_list, BAD, -1);
    C(get_robust_list, 0, &length, &head[1]);
    C(get_robust_list, -1, &length, &head[1]);
    C(get_robust_list, pid, BAD, ONES);
    C(get_robust_list, pid, 0, 0);
    N(SYS_rseq, 0, 0, 0, 0);
    N(SYS_rseq, BAD, 32, -1, -1);
    N(SYS_rseq, ONES, 40, 1, 0x53053053);
    _Alignas(32) unsigned rs[16] = {1, 0xffffffff, 0, 0, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
    for (int i = 0; i < 44; i += 4)
        N(SYS_rseq, rs, i, 2, 1);
    rs[1] = 0xfffffffe;
    N(SYS_rseq, rs, 64, 2, 1);
    rs[1] = 0xfffffffd;
    rs[2] = 0x1000;
    rs[4] = -1;
    N(SYS_rseq, rs, -1, 2, 1);
    N(SYS_rseq, rs + 4, 32, 1, 1);
    N(SYS_rseq, last(rs, 28), 32, 1, 1);
    N(SYS_rseq, last(rs, 32), 32, 3, 1);
    N(SYS_rseq, last(rs, 32), 64, 3, 1);
    C(kcmp, pid, pid, 0, 1, 1);
    C(kcmp, pid, -1, 1, 5, 6);
    for (int i = 2; i < 7; i++)
        C(kcmp, -1, pid, i, 5, 6);
    unsigned slot[3] = {1, 2, 3};
    C(kcmp, pid, pid, 7, 1, slot);
    C(kcmp, pid, pid, 7, 1, BAD);
    C(kcmp, -1, -1, 8, -1, -1);
    C(kcmp, -1, -1, -1, -1, -1);
    C(personality, 0xffffffff);
    C(personality, 0x0040000);
    C(personality, 0x0040000 | 6);
    C(personality, 0);
    C(personality, 0x7fffffff);
    C(personality, 8);
    C(personality, 0x1000000 | 0x80);
    C(personality, 0x0040000);
    close(fd);
}

int main(void)
{
    two_pages();
    munmap(end, 4096);
    signal(SIGUSR1, SIG_IGN);
    long children = 1 << (SIGCHLD - 1) | 1 << (SIGUSR2 - 1); /* when they come is the scheduler's business */
    C(rt_sigprocmask, SIG_BLOCK, &children, 0, 8);
    executions();
    births();
    clones();
    waits();
    others();
    char *arguments[] = {"true", "one", "two", 0}, *environment[] = {"LC_ALL=C", 0};
    C(execve, (char *) "/bin/true", arguments, environment);
    return 0;
}
