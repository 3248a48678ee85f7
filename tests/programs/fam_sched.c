/* Scheduling, limits, futexes, the system's names and numbers. */
/* mask: \{uptime=.*?\}(?=\)) */
/* mask: \{ru_utime=.*?\}(?=\)|, \) = ) */
/* mask: \{tms_utime=.*?\} */
/* mask: times\(.*|get_thread_area\(.* */
/* mask: getrandom\("[^"]*" */
/* mask: getrandom\(buf="[^"]*" */
#include "fam.h"
#include <linux/futex.h>
#include <sys/resource.h>
#include <sched.h>
#include <signal.h>
#include <time.h>

static void scheduling(void)
{
    int param[2] = {0, 7}, high[2] = {200, 7};
    struct timespec interval;
    unsigned long cpus[128] = {3, 0, 0};
    C(sched_getscheduler, 0);
    C(sched_getscheduler, -1);
    C(sched_setscheduler, 0, 0, param);
    C(sched_setscheduler, 0, SCHED_BATCH | 0x40000000, param);
    for (int i = 1; i < 9; i++)
        C(sched_setscheduler, -1, i, high);
    C(sched_getscheduler, 0);
    C(sched_setscheduler, 0, 0x40000063, param);
    C(sched_setscheduler, -1, 0x40000000, param);
    C(sched_setscheduler, -1, -1, BAD);
    C(sched_setscheduler, 0, 99, last(high, 4));
    C(sched_setscheduler, 0, 0, 0);
    C(sched_setscheduler, 0, 0, param);
    C(sched_getparam, 0, param);
    C(sched_getparam, -1, param);
    C(sched_getparam, 0, BAD);
    C(sched_setparam, 0, param);
    C(sched_setparam, 0, high);
    C(sched_setparam, 0, BAD);
    C(sched_get_priority_max, SCHED_FIFO);
    C(sched_get_priority_max, -1);
    C(sched_get_priority_min, SCHED_RR);
    C(sched_get_priority_min, 4);
    C(sched_rr_get_interval, 0, &interval);
    C(sched_rr_get_interval, -1, &interval);
    C(sched_rr_get_interval, 0, BAD);
    C(sched_yield);
    C(sched_getaffinity, 0, 1024, cpus);
    C(sched_getaffinity, 0, 8, cpus);
    C(sched_getaffinity, 0, 4, cpus);
    C(sched_getaffinity, 0, 128, BAD);
    C(sched_getaffinity, -1, -1, cpus);
    cpus[0] = 1;
    C(sched_setaffinity, 0, 8, cpus);
    C(sched_setaffinity, 0, 1, cpus);
    C(sched_setaffinity, 0, 0, cpus);
    C(sched_setaffinity, 0, 3, cpus);
    cpus[0] = 0xf0f0f0f0f0f0f0f0;
    cpus[1] = 0x8000000000000001;
    C(sched_setaffinity, -1, 8, cpus);
    C(sched_setaffinity, -1, 16, cpus);
    C(sched_setaffinity, -1, 13, cpus);
    C(sched_setaffinity, -1, 5, cpus);
    C(sched_setaffinity, -1, -1, cpus);
    C(sched_setaffinity, -1, 0x80000000, cpus);
    C(sched_setaffinity, -1, 16, BAD);
    C(sched_setaffinity, -1, 16, 0);
    C(sched_setaffinity, -1, 16, end - 8);
    cpus[0] = cpus[1] = 0;
    C(sched_setaffinity, -1, 16, cpus);
    C(sched_setaffinity, -1, 8, last(cpus, 8));
    memset(cpus, 255, 16);
    C(sched_setaffinity, 0, 128, cpus);
    struct {
        unsigned size, policy;
        unsigned long flags;
        int nice;
        unsigned priority;
        unsigned long runtime, deadline, period;
        unsigned min, max;
        long more[2];
    } attr = {48};
    C(sched_getattr, 0, &attr, 56, 0);
    C(sched_getattr, 0, &attr, 48, 0);
    C(sched_getattr, 0, &attr, 72, 0);
    C(sched_getattr, 0, &attr, 47, 0);
    C(sched_getattr, -1, &attr, -1, -1);
    C(sched_getattr, 0, BAD, 48, 0);
    C(sched_setattr, 0, &attr, 0);
    attr.size = 48;
    C(sched_setattr, 0, &attr, 0);
    for (attr.policy = 1; attr.policy < 9; attr.policy++) {
        attr.flags = 1L << attr.policy;
        C(sched_setattr, -1, &attr, 1);
    }
    attr.flags = -1;
    attr.policy = -1;
    attr.nice = -5;
    attr.priority = 0x80000000;
    attr.runtime = attr.deadline = attr.period = -3;
    C(sched_setattr, -1, &attr, -1);
    attr.size = 56;
    attr.min = 0x80000000;
    attr.max = 7;
    C(sched_setattr, -1, &attr, 0);
    attr.flags = 0x20;
    C(sched_setattr, -1, &attr, 0);
    attr.flags = 0x40;
    C(sched_setattr, -1, &attr, 0);
    attr.flags = 0x18;
    C(sched_setattr, -1, &attr, 0);
    attr.flags = 0x100;
    C(sched_setattr, -1, &attr, 0);
    attr.size = 0;
    C(sched_setattr, -1, &attr, 0);
    attr.size = 8;
    C(sched_setattr, -1, &attr, 0);
    attr.size = 40;
    C(sched_setattr, -1, &attr, 0);
    attr.size = 52;
    C(sched_setattr, -1, &attr, 0);
    attr.size = 72;
    C(sched_setattr, -1, &attr, 0);
    attr.more[0] = 0x12345;
    C(sched_setattr, -1, &attr, 0);
    attr.size = -1;
    C(sched_setattr, -1, &attr, 0);
    attr.size = 48;
    C(sched_setattr, -1, last(&attr, 48), 0);
    C(sched_setattr, -1, last(&attr, 47), 0);
    C(sched_setattr, -1, last(&attr, 4), 0);
    C(sched_setattr, -1, last(&attr, 2), 0);
    C(sched_setattr, -1, BAD, 0);
    C(sched_setattr, -1, 0, 0);
    C(getpriority, PRIO_PROCESS, 0);
    C(getpriority, PRIO_PGRP, -1);
    C(getpriority, PRIO_USER, 0);
    C(getpriority, 3, 0);
    C(setpriority, PRIO_PROCESS, 0, 1);
    C(setpriority, PRIO_PGRP, -1, -5);
    C(setpriority, -1, 0, -21);
    C(ioprio_get, 1, 0);
    C(ioprio_get, 2, -1);
    C(ioprio_get, 3, 0);
    C(ioprio_get, 4, 0);
    C(ioprio_get, -1, 0);
    C(ioprio_set, 1, 0, 2 << 13 | 5);
    C(ioprio_get, 1, 0);
    C(ioprio_set, 1, 0, 3 << 13);
    C(ioprio_get, 1, 0);
    C(ioprio_set, 2, -1, 1 << 13 | 9);
    C(ioprio_set, 3, -1, 4 << 13 | 1);
    C(ioprio_set, 3, -1, -1);
    C(ioprio_set, 3, -1, 0);
    C(ioprio_set, 3, -1, 7);
    C(ioprio_set, 3, -1, 1 << 13 | 3 << 3 | 1);
    unsigned cpu, node;
    C(getcpu, 0, 0, 0);
    C(getcpu, BAD, ONES, BAD);
    C(getcpu, 0, &node, 0);
}

static void limits(void)
{
    struct {
        unsigned long current, most;
    } limit;
    struct rusage usage;
    for (int i = 0; i < 17; i++)
        C(getrlimit, i, &limit);
    C(getrlimit, -1, &limit);
    C(getrlimit, 1, BAD);
    limit.current = 1024;
    limit.most = -1;
    C(setrlimit, RLIMIT_CORE, &limit);
    limit.current = 1025;
    limit.most = 1000000 * 1024L;
    C(setrlimit, RLIMIT_CORE, &limit);
    limit.current = 2048;
    limit.most = 1L << 40 | 1;
    C(setrlimit, -1, &limit);
    limit.current = -2;
    limit.most = -1024;
    C(setrlimit, -1, &limit);
    C(setrlimit, RLIMIT_NOFILE, 0);
    C(setrlimit, RLIMIT_NOFILE, BAD);
    C(setrlimit, RLIMIT_NOFILE, end - 8);
    C(prlimit64, 0, RLIMIT_STACK, 0, &limit);
    C(prlimit64, getpid(), RLIMIT_STACK, &limit, &limit);
    limit.current = 0;
    limit.most = 1023;
    C(prlimit64, -1, 99, &limit, &limit);
    C(prlimit64, 0, RLIMIT_AS, BAD, ONES);
    C(getrusage, RUSAGE_SELF, &usage);
    C(getrusage, RUSAGE_CHILDREN, &usage);
    C(getrusage, 5, &usage);
    C(getrusage, RUSAGE_THREAD, BAD);
    C(getrusage, -2, 0);
}

static void system_(void)
{
    char buffer[400], other[400];
    C(times, buffer);
    C(times, 0);
    C(times, BAD);
    C(uname, buffer);
    C(uname, BAD);
    C(uname, 0);
    C(sysinfo, buffer);
    C(sysinfo, BAD);
    if (C(unshare, CLONE_NEWUTS) == 0) {
        C(sethostname, (char *) "a long name with more than thirty-two bytes", 5);
        C(sethostname, (char *) "a long name with more than thirty-two bytes", 40);
        C(sethostname, (char *) "", 0);
    }
    C(sethostname, BAD, 3);
    C(sethostname, (char *) "a long name with more than thirty-two bytes", 1000);
    C(sethostname, (char *) "x", -1);
    C(sethostname, 0, -1);
    C(setdomainname, BAD, 3);
    C(setdomainname, (char *) "a long name with more than thirty-two bytes", 1000);
    C(getrandom, buffer, 8, 0);
    C(getrandom, buffer, 100, 1);
    C(getrandom, buffer, 0, 4);
    C(getrandom, BAD, 8, 3);
    C(getrandom, buffer, 8, 0x80);
    C(getrandom, buffer, 8, -1);
    C(reboot, 0xfee1dead, 1, 0, BAD);
    C(reboot, 0xfee1dead, 1, 0x1234567, BAD);
    C(reboot, 0xfee1dead, 1, 0x4321fedc, BAD);
    C(reboot, 0xfee1dead, 1, 0xa1b2c3d4, (char *) "text");
    C(reboot, 0xfee1dead, 1, 0xa1b2c3d4, BAD);
    C(reboot, 0xfee1dead, 1, 0x89abcdef, BAD);
    C(reboot, 1, 672274793, 0x45584543, BAD);
    C(reboot, 1, 85072278, 0xcdef0123, BAD);
    C(reboot, 1, 369367448, 0xd000fce2, BAD);
    C(reboot, 1, 537993216, 0, BAD);
    C(reboot, -1, -1, -1, -1);
    C(syslog, 10, 0, 0);
    C(syslog, 2, BAD, -1);
    C(syslog, 3, 0, 10);
    C(syslog, -1, BAD, 10);
    C(syslog, 11, BAD, -1);
    C(syslog, 8, BAD, -1);
    C(syslog, 2, buffer, 0);
    C(ioperm, 1, 2, 3);
    C(ioperm, -1, -1, -1);
    C(iopl, 4);
    C(iopl, -1);
    unsigned desc[4] = {3, 0x1000, 0x2000, 0x7f}, null[4] = {7, 0, 0, 0x28};
    C(modify_ldt, 0, other, 16);
    C(modify_ldt, 0x11, desc, 16);
    C(modify_ldt, 0x11, null, 16);
    C(modify_ldt, 2, other, 4);
    C(modify_ldt, 0, other, 16);
    C(get_thread_area, desc);
    C(set_thread_area, desc);
    C(get_thread_area, 0);
    C(set_thread_area, BAD);
    C(init_module, BAD, 3, (char *) "arguments");
    C(init_module, 0, -1, BAD);
    C(finit_module, -1, (char *) "arguments", 3);
    C(finit_module, -1, BAD, -1);
    C(finit_module, -1, 0, 0x10);
    C(delete_module, (char *) "no such module", 0);
    C(delete_module, (char *) "no such module", 0xa00);
    C(delete_module, BAD, -1);
    C(delete_module, BAD, 1);
    unsigned long segment[8] = {1, 2, 3, 4, 0, 0, 5, 6};
    C(kexec_load, 1, 2, segment, -1);
    C(kexec_load, -1, -1, segment, 0x3e0001);
    C(kexec_load, 0, 17, segment, 0x3e0002);
    C(kexec_load, 0, 1, BAD, 0x100f0);
    C(kexec_file_load, -1, -1, 4, (char *) "abc", 3);
    C(kexec_file_load, -1, -1, 5, (char *) "abc", -1);
    C(kexec_file_load, -1, -1, -1, BAD, 8);
}

static void futexes(void)
{
    int word = 1, other = 2;
    struct timespec timeout = {0, 1000}, wrong = {-1, 1000000000};
    C(futex, &word, FUTEX_WAIT, 0, 0);
    C(futex, &word, FUTEX_WAIT_PRIVATE, 0, &timeout);
    C(futex, &word, FUTEX_WAIT_PRIVATE, 1, &timeout);
    C(futex, &word, FUTEX_WAIT_PRIVATE, 0xfffffffe, &wrong);
    C(futex, &word, FUTEX_WAIT, 1, BAD);
    C(futex, &word, FUTEX_WAIT | FUTEX_CLOCK_REALTIME, 0, &timeout);
    C(futex, &word, FUTEX_WAKE, 1, BAD, BAD, 7);
    C(futex, &word, FUTEX_WAKE_PRIVATE, 0x7fffffff);
    C(futex, &word, FUTEX_FD, SIGUSR1);
    C(futex, &word, FUTEX_REQUEUE, 1, 2, &other);
    C(futex, &word, FUTEX_REQUEUE_PRIVATE, 1, -1, &other);
    C(futex, &word, FUTEX_CMP_REQUEUE, 1, 2, &other, 3);
    C(futex, &word, FUTEX_CMP_REQUEUE_PRIVATE, 1, 2, &other, -1);
    C(futex, &word, FUTEX_WAKE_OP, 1, 1, &other, FUTEX_OP(FUTEX_OP_SET, 0, FUTEX_OP_CMP_GT, 1));
    C(futex, &word, FUTEX_WAKE_OP_PRIVATE, 1, 1, &other, FUTEX_OP(FUTEX_OP_ADD | 8, 5, FUTEX_OP_CMP_EQ, 1));
    C(futex, &word, FUTEX_WAKE_OP_PRIVATE, 1, 1, &other, FUTEX_OP(FUTEX_OP_OR, -1, FUTEX_OP_CMP_NE, -1));
    C(futex, &word, FUTEX_WAKE_OP_PRIVATE, 1, 1, &other, FUTEX_OP(FUTEX_OP_ANDN, 5, FUTEX_OP_CMP_LT, 0xfff));
    C(futex, &word, FUTEX_WAKE_OP, 1, 1, &other, FUTEX_OP(FUTEX_OP_XOR, 0xfff, FUTEX_OP_CMP_LE, 0));
    C(futex, &word, FUTEX_WAKE_OP, 1, 1, &other, FUTEX_OP(FUTEX_OP_XOR, 0xfff, FUTEX_OP_CMP_GE, 0));
    C(futex, &word, FUTEX_WAKE_OP, 1, 1, &other, -1);
    C(futex, &word, FUTEX_WAKE_OP, 1, 1, &other, 0x56000000);
    C(futex, 1, FUTEX_LOCK_PI, 0, &timeout);
    C(futex, 1, FUTEX_LOCK_PI2, 0, &timeout);
    C(futex, 1, FUTEX_LOCK_PI_PRIVATE, 0, 0);
    C(futex, 1, FUTEX_UNLOCK_PI, 0, 0);
    C(futex, 1, FUTEX_UNLOCK_PI_PRIVATE, 0, 0);
    C(futex, 1, FUTEX_TRYLOCK_PI, 0, 0);
    C(futex, 1, FUTEX_TRYLOCK_PI_PRIVATE, 0, 0);
    C(futex, &word, FUTEX_WAIT_BITSET, 0, &timeout, 0, -1);
    C(futex, &word, FUTEX_WAIT_BITSET_PRIVATE | FUTEX_CLOCK_REALTIME, 1, &timeout, 0, 0x11);
    C(futex, &word, FUTEX_WAIT_BITSET_PRIVATE | FUTEX_CLOCK_REALTIME, 1, 0, 0, 0);
    C(futex, &word, FUTEX_WAKE_BITSET, 1, 0, 0, 0x11);
    C(futex, &word, FUTEX_WAKE_BITSET_PRIVATE, 1, 0, 0, -1);
    C(futex, 1, FUTEX_WAIT_REQUEUE_PI, 0, 0, &other);
    C(futex, 1, FUTEX_WAIT_REQUEUE_PI_PRIVATE | FUTEX_CLOCK_REALTIME, 0, &timeout, &other);
    C(futex, 1, FUTEX_CMP_REQUEUE_PI, 1, 0, &other, 5);
    C(futex, 1, FUTEX_CMP_REQUEUE_PI_PRIVATE, 1, 0, &other, 5);
    C(futex, 1, 14, 1, 2, 3, 4);
    C(futex, 1, 14 | 128 | 256, 1, 2, 3, 4);
    C(futex, 1, -1, -1, -2, -3, -4);
    C(futex, 0, 0x1000, 1, 2, 3, 4);
    C(futex, &word, FUTEX_WAKE | FUTEX_CLOCK_REALTIME, 1, 2, 3, 4);
    struct {
        unsigned long value, address;
        unsigned flags, reserved;
    } waiters[3] = {{1, (long) &word, 0x82, 0}, {2, 3, 1, 5}, {-1, -1, -1, -1}};
    N(449, waiters, 3, 0, 0, 0);
    N(449, waiters, 2, 1, &timeout, 1);
    N(449, waiters, 3, -1, &wrong, -1);
    N(449, BAD, 1, 0, BAD, 0);
    N(449, 0, 0, 0, 0, 9);
    N(449, last(waiters, 24), 2, 0, 0, 0);
    N(454, &word, -1, 1, 0x82);
    N(454, &word, 0x11, -1, -1);
    N(454, 0, 0, 0, 0x10);
    N(455, &word, 0, -1, 0x82, &timeout, 1);
    N(455, &word, 0, -1, 2, &timeout, 0);
    N(455, 0, -1, 0x11, -1, BAD, -1);
    N(455, 1, 1, 1, 0, 0, 99);
    N(456, waiters, 0, 1, 2);
    N(456, waiters, -1, -1, -2);
    N(456, BAD, 0, 1, 2);
    N(456, last(waiters, 24), 1, 1, 2);
}

int main(void)
{
    two_pages();
    munmap(end, 4096);
    scheduling();
    limits();
    system_();
    futexes();
    return 0;
}
