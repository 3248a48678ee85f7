/* Signal sets, handlers, sending and waiting. No set has more than 34 names: with -X verbose strace's buffer
 * for a set is full then, and strace ends. */
/* mask: (?<=si_[us]time=)\d+(?: /. [^*]* ./)? */
#include "fam.h"
#include <signal.h>
#include <stdint.h>
#include <sys/time.h>
#include <sys/wait.h>

struct action { void *handler; unsigned long flags; void *restorer; uint64_t mask; };
struct stack { void *sp; int flags; unsigned long size; };
struct span { long sec, nsec; };

static uint64_t set[4], old[4];

static void handler(int number)
{
}

static void sets(void)
{
    static const uint64_t values[] = {
        0, 1, 0x10000, 0x18000, 1ull << 31, 1ull << 32, 1ull << 63, 0x7fffffff, ~0ull, ~1ull, ~0x40100ull,
        ~0xfffffull, ~0x3fffffull, 0xfffull, 0x8000000000000001,
    };
    for (unsigned i = 0; i < COUNT(values); i++) {
        set[0] = values[i];
        syscall(SYS_rt_sigprocmask, i % 5, set, i % 2 ? old : 0, 8L);
        syscall(SYS_rt_sigprocmask, SIG_SETMASK, old + 3, old, 8L);
    }
    set[0] = 0x4001;
    memset(end - 8, 0x11, 8);
    for (long size = 0; size < 18; size++) {
        syscall(SYS_rt_sigprocmask, 3, set, old, size);
        syscall(SYS_rt_sigpending, old, size);
        syscall(SYS_rt_sigsuspend, end - 4, size);
        syscall(SYS_rt_sigtimedwait, end - 5, old, 0, size);
    }
    syscall(SYS_rt_sigprocmask, SIG_BLOCK, 0, 0, 8L);
    syscall(SYS_rt_sigprocmask, SIG_BLOCK, 0, old, 0x100000008L);
    syscall(SYS_rt_sigprocmask, SIG_UNBLOCK, set, (void *) 8, 8L);
    syscall(SYS_rt_sigprocmask, -1, (void *) 8, end, 8L);
    syscall(SYS_rt_sigpending, end, 8L);
    syscall(SYS_rt_sigpending, 0, 8L);
    set[0] = 1 << (SIGUSR1 - 1);
    syscall(SYS_rt_sigprocmask, SIG_BLOCK, set, 0, 8L);
    syscall(SYS_kill, getpid(), SIGUSR1);
    syscall(SYS_rt_sigpending, old, 8L);
    old[0] = -1;
    syscall(SYS_rt_sigpending, old, 3L);
}

static void actions(void)
{
    static struct action act, was;
    static const unsigned long flags[] = {
        0, SA_RESTART, SA_SIGINFO | SA_NOCLDSTOP | SA_NOCLDWAIT, 0x04000000, 0xfbfffff8, 0x400, 0x800,
        0x2000000, 0x20000000, SA_RESETHAND | SA_NODEFER | SA_ONSTACK, 0x100000000, 0x04000001ul | 1ul << 40, -1ul,
    };
    for (unsigned i = 0; i < COUNT(flags); i++) {
        act.handler = i % 3 == 0 ? SIG_IGN : i % 3 == 1 ? SIG_DFL : (void *) handler;
        act.flags = flags[i];
        act.restorer = i % 2 ? (void *) handler : 0;
        act.mask = 0x8001ull << i;
        syscall(SYS_rt_sigaction, SIGUSR2, &act, &was, 8L);
        syscall(SYS_rt_sigaction, SIGRTMIN, i % 2 ? 0 : &act, i % 3 ? &was : 0, 8L);
    }
    act.handler = SIG_ERR;
    act.mask = ~0ull;
    syscall(SYS_rt_sigaction, SIGKILL, &act, &was, 8L);
    syscall(SYS_rt_sigaction, 0, 0, 0, 8L);
    syscall(SYS_rt_sigaction, 65, 0, 0, 8L);
    syscall(SYS_rt_sigaction, -1, end, 0, 8L);
    syscall(SYS_rt_sigaction, SIGHUP, end - 16, &was, 8L);
    syscall(SYS_rt_sigaction, SIGHUP, 0, end, 8L);
    syscall(SYS_rt_sigaction, SIGHUP, &act, &was, 4L);
    syscall(SYS_rt_sigaction, SIGHUP, &act, &was, 16L);
    act.handler = (void *) 3;
    act.flags = 0;
    syscall(SYS_rt_sigaction, SIGHUP, &act, &was, 8L);
    act.handler = SIG_DFL;
    syscall(SYS_rt_sigaction, SIGHUP, &act, &was, 8L);
}

static void delivery(void)
{
    struct span none = {0, 0}, bad = {-1, 1000000000}, soon = {0, 1000000};
    siginfo_t info;
    union sigval value = {.sival_ptr = (void *) 0x123456789abcdef0};
    int pid = getpid();

    set[0] = 1 << (SIGUSR1 - 1) | 1ull << 33;
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, set, 0, 8L);
    syscall(SYS_kill, pid, SIGUSR1);
    syscall(SYS_rt_sigtimedwait, set, &info, &none, 8L);
    sigqueue(pid, 34, value);
    syscall(SYS_rt_sigtimedwait, set, &info, 0, 8L);
    syscall(SYS_tgkill, pid, pid, 34);
    syscall(SYS_rt_sigtimedwait, set, 0, &soon, 8L);
    syscall(SYS_tkill, pid, 34);
    syscall(SYS_rt_sigtimedwait, set, end, &soon, 8L);
    syscall(SYS_rt_sigtimedwait, set, &info, &none, 8L);
    syscall(SYS_rt_sigtimedwait, set, &info, &bad, 8L);
    syscall(SYS_rt_sigtimedwait, set, &info, end, 8L);
    syscall(SYS_rt_sigtimedwait, 0, 0, 0, 8L);

    signal(SIGUSR1, handler);
    signal(SIGUSR2, handler);
    signal(SIGALRM, handler);
    syscall(SYS_kill, pid, SIGUSR1);
    set[0] = 1ull << 33;
    syscall(SYS_rt_sigsuspend, set, 8L);
    syscall(SYS_rt_sigsuspend, 0, 8L);
    syscall(SYS_kill, pid, SIGUSR2);
    raise(SIGUSR2);
    sigqueue(pid, SIGUSR2, value);
    set[0] = ~0ull;
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, old + 3, 0, 8L);
    /* Should the signal come before the pause, the next one ends it. */
    struct itimerval soonest = {{1, 0}, {0, 50000}}, never = {{0, 0}, {0, 0}};
    syscall(SYS_setitimer, ITIMER_REAL, &soonest, 0);
    syscall(SYS_pause);
    syscall(SYS_setitimer, ITIMER_REAL, &never, 0);
    syscall(SYS_alarm, 1000);
    syscall(SYS_alarm, 0xffffffff);
    syscall(SYS_alarm, 0);
    syscall(SYS_kill, 0, 0);
    syscall(SYS_kill, 1, 0);
    syscall(SYS_kill, -0x7ffffff0, SIGTERM);
    syscall(SYS_kill, 0x7ffffff0, 66);
    syscall(SYS_kill, 0x7ffffff0, -1);
    syscall(SYS_kill, 0x17ffffff0, 0x10000000aL);
    syscall(SYS_tkill, 0x7ffffff0, SIGRTMAX);
    syscall(SYS_tkill, -1, SIGSTOP);
    syscall(SYS_tgkill, -1, -1, SIGSTKFLT);
    syscall(SYS_tgkill, 0x7ffffff0, 0x7ffffff0, 77);
}

static void stacks(void)
{
    static char space[65536];
    struct stack stack = {space, 0, sizeof space}, was;
    syscall(SYS_sigaltstack, 0, &was);
    syscall(SYS_sigaltstack, &stack, 0);
    stack.flags = (int) 0x80000000;
    syscall(SYS_sigaltstack, &stack, &was);
    stack.flags = SS_DISABLE;
    syscall(SYS_sigaltstack, &stack, &was);
    stack.flags = SS_ONSTACK;
    syscall(SYS_sigaltstack, &stack, &was);
    stack.flags = 4;
    syscall(SYS_sigaltstack, &stack, &was);
    stack.flags = 0x1ffffff7;
    stack.sp = 0;
    stack.size = -1;
    syscall(SYS_sigaltstack, &stack, &was);
    stack.flags = 0;
    stack.size = 1;
    syscall(SYS_sigaltstack, &stack, &was);
    syscall(SYS_sigaltstack, end, end);
    syscall(SYS_sigaltstack, end - 16, 0);
    syscall(SYS_sigaltstack, 0, end);
    syscall(SYS_sigaltstack, 0, 0);
}

/* Wait for a child. Its SIGCHLD is blocked and comes when that is over: not before, and not in the middle. */
static void see_off(pid_t child)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGCHLD);
    waitpid(child, 0, 0);
    sigprocmask(SIG_UNBLOCK, &set, 0);
    sigprocmask(SIG_BLOCK, &set, 0);
}

static void faults(void)
{
    for (int kind = 0; kind < 4; kind++) {
        pid_t child = fork();
        if (!child) {
            if (kind == 0)
                *(volatile int *) end = 1;
            else if (kind == 1)
                __builtin_trap();
            else if (kind == 2)
                *(volatile int *) "x" = 1;
            else
                syscall(SYS_kill, getpid(), SIGTERM);
            _exit(0);
        }
        see_off(child);
    }
}

int main(void)
{
    memset(two_pages(), -1, 4096);
    munmap(end, 4096);
    sets();
    actions();
    stacks();
    delivery();
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGCHLD);
    sigprocmask(SIG_BLOCK, &set, 0);
    faults();
    /* No frame of a handler there; the kernel kills the process. */
    pid_t child = fork();
    if (!child)
        syscall(SYS_rt_sigreturn);
    see_off(child);
    return 0;
}
