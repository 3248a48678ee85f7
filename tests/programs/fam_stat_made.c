// What no kernel returns: a seccomp filter makes the calls succeed without running, so the structures that
// are decoded are those that the program made.
#include "fam.h"
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/statfs.h>

static union {
    struct stat stat;
    struct statfs statfs;
    struct statx statx;
    unsigned char bytes[512];
    unsigned int words[128];
} made;

static void show(void)
{
    syscall(SYS_stat, "stat", &made);
    syscall(SYS_statfs, "statfs", &made);
    syscall(SYS_statx, -100, "statx", 0, 0, &made);
}

int main(void)
{
    struct sock_filter filter[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_exit_group, 2, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_munmap, 1, 0),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = {COUNT(filter), filter};
    two_pages();

    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
    memset(&made, 0xff, sizeof made);
    show();
    memset(&made, 0, sizeof made);
    show();
    for (unsigned i = 0; i < 128; i++)
        made.words[i] = 0x80000000 + i;
    show();
    for (unsigned bit = 0; bit < 32; bit++) {
        made.statx.stx_mask = 1u << bit;
        syscall(SYS_statx, -100, "bit", 1u << bit, 1u << bit, &made);
    }
    memset(&made, 0, sizeof made);
    for (unsigned word = 0xa0 / 4; word < 0xc0 / 4; word++)
        made.words[word] = word;
    for (unsigned mask = 0; mask < 16; mask++) {
        made.statx.stx_attributes = mask & 1 ? 0x400000 : 0; // STATX_ATTR_WRITE_ATOMIC
        made.statx.stx_mask = mask >> 1 << 15;
        syscall(SYS_statx, -100, "attributes", 0, 0, &made);
    }
    memset(&made, 0, sizeof made);
    made.statx.stx_attributes = 0x400000;
    made.statx.stx_mask = 0x10000;
    syscall(SYS_statx, -100, "zeros", 0, 0, &made);
    for (unsigned type = 0; type < 16; type++) {
        made.stat.st_mode = type << 12 | 07 << type / 2;
        syscall(SYS_stat, "type", &made);
        syscall(SYS_mknod, "type", (long) made.stat.st_mode, 0x123456789abcdefL);
    }
    made.stat.st_mode = 0x10000 | S_IFREG | 0644;
    syscall(SYS_stat, "wide", &made);
    made.statfs.f_flags = 0x40000020;
    syscall(SYS_statfs, "flags", &made);
    made.statfs.f_flags = 0x40000000;
    made.statfs.f_type = 0x12345678;
    syscall(SYS_fstatfs, 0, &made);
    munmap(end, 4096);
    syscall(SYS_stat, "unreadable", 8L);
    syscall(SYS_stat, "unreadable", 0L);
    syscall(SYS_fstat, 1, end - 144);
    syscall(SYS_fstat, 1, end - 143);
    syscall(SYS_statfs, "unreadable", end - 119);
    syscall(SYS_statfs, "unreadable", 8L);
    syscall(SYS_statfs, "unreadable", 0L);
    syscall(SYS_statx, -100, "unreadable", 0, 0, 8L);
    syscall(SYS_statx, -100, "unreadable", 0, 0, end - 255);
    syscall(SYS_ustat, 0x12345L, 8L);
    syscall(SYS_getdents64, 3, &made, 5);
    syscall(SYS_getdents64, 3, 8L, 5);
    syscall(SYS_getdents, 3, 0L, -1);
    syscall(SYS_readlink, "empty", &made, 5);
    return 0;
}
