// System calls that the kernel forgot, or never had.
#include "fam.h"
#include <fcntl.h>
#include <signal.h>

struct sysctl_args { int *name; int nlen; void *oldval; size_t *oldlenp; void *newval; size_t newlen; unsigned long unused[4]; };

static void on_signal(int signal)
{
}

int main(void)
{
    char buf[64];
    unsigned i;

    two_pages();
    mprotect(end, 4096, PROT_NONE);

    /* all that take nothing that is known: security, tuxcall and so on, and numbers of the future */
    static const unsigned unknown[] = {SYS_afs_syscall, SYS_tuxcall, SYS_security, SYS_vserver, SYS_create_module,
        SYS_get_kernel_syms, SYS_query_module, SYS_nfsservctl, SYS_getpmsg, SYS_putpmsg, SYS_epoll_ctl_old,
        SYS_epoll_wait_old, 471, 472, 600};
    for (i = 0; i < COUNT(unknown); i++) {
        syscall(unknown[i], 1L, 2L, 3L, 4L, 5L, 6L);
        syscall(unknown[i], "name", buf, "more", -1L, buf, "end");
        syscall(unknown[i], NULL, 2L, BAD, 32L, ONES, 1L << 32);
        syscall(unknown[i], -1L, -1L, -1L, -1L, -1L, -1L);
    }

    /* some that are forgotten, but were known */
    int name[] = {1, 1};
    size_t length = 20, big = 1 << 20;
    struct sysctl_args args = {name, 2, buf, &length, "new\n", 4, {1, 2, 3, 4}};
    syscall(SYS__sysctl, &args);
    args.nlen = -1;
    args.newval = NULL;
    syscall(SYS__sysctl, &args);
    args.newval = BAD;
    syscall(SYS__sysctl, &args);
    args.oldval = NULL;
    syscall(SYS__sysctl, &args);
    args.oldval = BAD;
    syscall(SYS__sysctl, &args);
    args.oldlenp = NULL;
    syscall(SYS__sysctl, &args);
    args.oldlenp = (size_t *) ONES;
    syscall(SYS__sysctl, &args);
    args.oldlenp = &big;
    syscall(SYS__sysctl, &args);
    args.name = NULL;
    syscall(SYS__sysctl, &args);
    args.name = (int *) BAD;
    syscall(SYS__sysctl, &args);
    syscall(SYS__sysctl, last(&args, sizeof(args)));
    syscall(SYS__sysctl, last(&args, sizeof(args) - 32));
    syscall(SYS__sysctl, last(&args, sizeof(args) - 40));
    syscall(SYS__sysctl, NULL);
    syscall(SYS__sysctl, ONES);

    syscall(SYS_lookup_dcookie, 0x123456789abcdefL, buf, 20L);
    syscall(SYS_lookup_dcookie, -1L, NULL, -1L);
    syscall(SYS_sysfs, 1, "proc");
    syscall(SYS_sysfs, 1, "a name of a file system that is longer than thirty-two bytes");
    syscall(SYS_sysfs, 1, NULL);
    syscall(SYS_sysfs, 1, ONES);
    for (i = 0; i < 5; i++) {
        syscall(SYS_sysfs, i, i, buf);
        syscall(SYS_sysfs, 2, i * 1000, buf);
    }
    syscall(SYS_sysfs, 2, 0, NULL);
    syscall(SYS_sysfs, 2, 0, BAD);
    syscall(SYS_sysfs, 2, -1, end - 4);
    syscall(SYS_sysfs, 3);
    syscall(SYS_sysfs, -1, -1, -1);
    syscall(SYS_sysfs, -1L, -1L, -1L);

    /* those of the uprobes, which are nobody else's: the signal that they raise is taken */
    struct sigaction action = {.sa_handler = on_signal};
    sigaction(SIGILL, &action, NULL);
    sigaction(SIGSYS, &action, NULL);
    sigaction(SIGSEGV, &action, NULL);
    syscall(336, 1L, 2L, 3L, 4L, 5L, 6L);
    syscall(335, 1L, 2L, 3L, 4L, 5L, 6L);
    return 0;
}
