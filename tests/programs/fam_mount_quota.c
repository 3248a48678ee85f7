// Quotas: the commands of quotactl and quotactl_fd, on devices that have none.
#include "fam.h"
#include <fcntl.h>
#include <linux/dqblk_xfs.h>
#include <linux/filter.h>
#include <linux/quota.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>

#define QUOTACTL_FD 443

int main(void)
{
    static unsigned char some[512];
    unsigned i, j;
    int fd;

    two_pages();
    mprotect(end, 4096, PROT_NONE);
    fd = syscall(SYS_openat, AT_FDCWD, "file", O_RDWR | O_CREAT, 0640);
    for (i = 0; i < 512; i++)
        some[i] = i * 7 + i / 8;

    static const unsigned commands[] = {0x5801, 0x5802, 0x5803, 0x5804, 0x5805, 0x5806, 0x5807, 0x5808, 0x5809, 0x580a,
        0x800001, 0x800002, 0x800003, 0x800004, 0x800005, 0x800006, 0x800007, 0x800008, 0x800009, 0x80000a, 0, 1, 0xffffff};
    for (i = 0; i < COUNT(commands); i++) {
        for (j = 0; j < 4; j++)
            syscall(SYS_quotactl, commands[i] << 8 | j, "/dev/nothing", j == 3 ? -1 : j * 1000, some + j);
        syscall(SYS_quotactl, commands[i] << 8 | 0xff, NULL, 2, NULL);
        syscall(SYS_quotactl, commands[i] << 8, ONES, 0x12345678, ONES);
        syscall(SYS_quotactl, commands[i] << 8, "/dev/null", 4, BAD);
        syscall(SYS_quotactl, commands[i] << 8, "/dev/null", 5, "/a/file/name/that/is/longer/than/thirty-two/bytes");
        syscall(SYS_quotactl, commands[i] << 8, "/dev/null", 0xfffffffeL, last(some, 12));
        memset(some, 0, 4);
        syscall(SYS_quotactl, commands[i] << 8, "/dev/null", 1, some);
        some[0] = 1;
        some[2] = 7;
        syscall(SYS_quotactl, commands[i] << 8, "/dev/null", 1, some);
        some[2] = 255; some[1] = 255; some[3] = 255;
        syscall(SYS_quotactl, commands[i] << 8, "/dev/null", 1, some);
        syscall(QUOTACTL_FD, fd, commands[i] << 8, 1000, some);
        syscall(QUOTACTL_FD, -1, commands[i] << 8 | 2, -1, NULL);
        syscall(QUOTACTL_FD, 77, commands[i] << 8 | 7, 3, "/some/file");
    }
    struct if_dqblk block = {1, 2, 3, 4, 5, 6, 7, 8, 0x3f};
    syscall(SYS_quotactl, Q_SETQUOTA << 8, "/dev/null", 1, &block);
    block.dqb_valid = 1;
    syscall(SYS_quotactl, Q_SETQUOTA << 8, "/dev/null", 1, &block);
    block.dqb_valid = 0x40;
    syscall(SYS_quotactl, Q_SETQUOTA << 8, "/dev/null", 1, &block);
    block.dqb_valid = 0;
    syscall(SYS_quotactl, Q_SETQUOTA << 8, "/dev/null", 1, &block);
    syscall(SYS_quotactl, Q_SETQUOTA << 8, "/dev/null", 1, last(&block, sizeof(block)));
    syscall(SYS_quotactl, Q_SETQUOTA << 8, "/dev/null", 1, last(&block, sizeof(block) - 4));
    static const unsigned flags[] = {0, 1, 2, 0x10000, 0x10001, 0x30003, 4, 0xffffffff};
    for (i = 0; i < COUNT(flags); i++) {
        struct if_dqinfo info = {10, 20, flags[i], i < 3 ? i : 7};
        syscall(SYS_quotactl, Q_SETINFO << 8, "/dev/null", 1, &info);
    }
    for (i = 0; i < 18; i++) {
        struct fs_disk_quota xfs = {1, i < 8 ? 1 << i : 7, 1 << i, 5, 1, 2, 3, 4, 5, 6, -7, 8, 9, 10};
        unsigned flags = 1 << i;
        syscall(SYS_quotactl, Q_XSETQLIM << 8, "/dev/null", 1, &xfs);
        syscall(SYS_quotactl, Q_XQUOTAON << 8, "/dev/null", 1, &flags);
        syscall(SYS_quotactl, Q_XQUOTARM << 8, "/dev/null", 1, last(&flags, 4 - i % 2));
    }
    syscall(SYS_quotactl, -1, "/dev/null", 1, some);
    syscall(SYS_quotactl, 0, "/dev/null", 1, some);
    syscall(SYS_quotactl, 0x1000000000L, "/dev/null", 1L << 33, some);

    /* What success looks like: from here on a filter answers 0. */
    struct sock_filter filter[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_quotactl, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = {COUNT(filter), filter};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program))
        return 0;
    for (i = 0; i < 512; i++)
        some[i] = i * 7 + i / 8;
    for (i = 0; i < COUNT(commands); i++) {
        for (j = 0; j < 3; j++)
            syscall(SYS_quotactl, commands[i] << 8 | j, "/dev/nothing", j * 1000, some + j);
        syscall(SYS_quotactl, commands[i] << 8, "/dev/null", 4, BAD);
        syscall(SYS_quotactl, commands[i] << 8, "/dev/null", 0xfffffffeL, last(some, 12));
        syscall(SYS_quotactl, commands[i] << 8, "/dev/null", 6, NULL);
        for (j = 60; j < 200; j += 4)
            syscall(SYS_quotactl, commands[i] << 8, "/dev/null", j, last(some, j));
    }
    return 0;
}
