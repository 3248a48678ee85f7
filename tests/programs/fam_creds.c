/* User and group ids, and capabilities. */
#include "fam.h"
#include <stdint.h>
#include <linux/capability.h>

int main(void)
{
    char *page = two_pages();
    munmap(end, 4096);
    memset(page, -1, 4096);
    unsigned g[70];
    for (int i = 0; i < 70; i++)
        g[i] = i * 1000;
    g[3] = -1;
    g[2] = 0x80000000;
    syscall(SYS_getuid);
    syscall(SYS_geteuid);
    syscall(SYS_getgid);
    syscall(SYS_getegid);
    syscall(SYS_setuid, -1);
    syscall(SYS_setgid, -1);
    syscall(SYS_setreuid, -1, 0);
    syscall(SYS_setregid, 0, -1);
    syscall(SYS_setresuid, -1, -1, -1);
    syscall(SYS_setresgid, -1L, 0x100000000, 0);
    unsigned a, b, c;
    syscall(SYS_getresuid, &a, &b, &c);
    syscall(SYS_getresgid, &a, &b, &c);
    syscall(SYS_getresuid, &a, end, &c);
    syscall(SYS_getresgid, 0, &b, &c);
    syscall(SYS_setfsuid, -1);
    syscall(SYS_setfsgid, -1);
    syscall(SYS_setfsuid, 0);
    syscall(SYS_getgroups, 0, 0);
    syscall(SYS_getgroups, 0, g);
    syscall(SYS_setgroups, 5, g);
    g[3] = 7;
    syscall(SYS_setgroups, 5, g);
    syscall(SYS_setgroups, 1, g);
    syscall(SYS_setgroups, 0, 0);
    syscall(SYS_setgroups, 0, g);
    syscall(SYS_setgroups, -1, g);
    syscall(SYS_setgroups, 65537, g);
    syscall(SYS_setgroups, 3, end - 8);
    syscall(SYS_setgroups, 3, end);
    syscall(SYS_setgroups, 2, end - 8);
    syscall(SYS_setgroups, 2, 0);
    syscall(SYS_setgroups, 70, g);
    syscall(SYS_setgroups, 40, g);
    syscall(SYS_getgroups, 0, 0);
    syscall(SYS_getgroups, 0, g);
    syscall(SYS_getgroups, 0, end);
    syscall(SYS_getgroups, 65536, g);
    syscall(SYS_getgroups, 65537, g);
    syscall(SYS_getgroups, 70, g);
    syscall(SYS_getgroups, 1, g);
    syscall(SYS_getgroups, -1, g);
    syscall(SYS_getgroups, 40, end);
    syscall(SYS_getgroups, 100, 0);
    syscall(SYS_getgroups, 0x100000028, g);
    syscall(SYS_setgroups, 32, g);
    syscall(SYS_getgroups, 32, g);
    syscall(SYS_setgroups, 33, g);
    syscall(SYS_getgroups, 33, g);
    syscall(SYS_setgroups, 2, g);
    syscall(SYS_getgroups, 32, g);
    struct __user_cap_header_struct h = {0x19980330, 0};
    struct __user_cap_data_struct d[2] = {{1, 2, 3}, {4, 5, 6}};
    int v[] = {0x19980330, 0x20071026, 0x20080522, 0, 0x1234};
    for (int i = 0; i < 5; i++) {
        h.version = v[i];
        h.pid = i == 1 ? getpid() : 0;
        d[0].effective = 7;
        syscall(SYS_capget, &h, d);
        h.version = v[i];
        syscall(SYS_capget, &h, 0);
        h.version = v[i];
        h.pid = -1;
        syscall(SYS_capset, &h, d);
    }
    h.version = v[2];
    h.pid = 0x7ffffff0;
    memset(d, 0, sizeof d);
    syscall(SYS_capset, &h, d);
    memset(d, -1, sizeof d);
    syscall(SYS_capset, &h, d);
    d[0].effective = 1 << 5 | 1;
    d[0].permitted = 0x80000000;
    d[1].effective = 1;
    d[1].permitted = 0x400;
    d[1].inheritable = 0;
    syscall(SYS_capset, &h, d);
    h.version = v[2];
    d[0].effective = 0;
    syscall(SYS_capset, &h, d);
    h.version = v[1];
    syscall(SYS_capset, &h, end - 12);
    h.version = v[2];
    syscall(SYS_capset, &h, end - 12);
    syscall(SYS_capset, &h, 0);
    syscall(SYS_capset, end, d);
    syscall(SYS_capset, end - 4, d);
    syscall(SYS_capset, 0, d);
    syscall(SYS_capget, 0, 0);
    syscall(SYS_capget, end, end);
}
