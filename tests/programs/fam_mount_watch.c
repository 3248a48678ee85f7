// fanotify, Landlock and security modules.
#include "fam.h"
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>

#define LANDLOCK_CREATE_RULESET 444
#define LANDLOCK_ADD_RULE 445
#define LANDLOCK_RESTRICT_SELF 446
#define LSM_GET_SELF_ATTR 459
#define LSM_SET_SELF_ATTR 460
#define LSM_LIST_MODULES 461

struct ruleset { unsigned long fs, net, scoped, more; };
struct lsm_ctx { unsigned long id, flags, len, ctx_len; char ctx[64]; };

int main(void)
{
    unsigned i;
    int fd, file;

    two_pages();
    mprotect(end, 4096, PROT_NONE);
    file = syscall(SYS_openat, AT_FDCWD, "file", O_RDWR | O_CREAT, 0640);

    /* fanotify */
    fd = syscall(SYS_fanotify_init, 0, O_RDONLY);
    static const unsigned classes[] = {4, 8, 0xc, 0xf, 3, 0x10, 0x20, 0x40, 0x80, 0x100, 0x200, 0x400, 0x800, 0x1000, 0x2000,
                                       0x4000, 0x8000, 0x1a03, 0xfff3, 0xffffffff, 0x80000000};
    for (i = 0; i < COUNT(classes); i++)
        syscall(SYS_fanotify_init, classes[i] | 0x80000000, i * 01001);
    syscall(SYS_fanotify_init, 0x80000000, 3);
    syscall(SYS_fanotify_init, 0x80000000, 0xffffffff);
    syscall(SYS_fanotify_init, 0x80000000L, O_RDWR | O_CLOEXEC | O_LARGEFILE | O_NONBLOCK | O_APPEND);
    static const unsigned marks[] = {1, 2, 3, 4, 8, 0x10, 0x20, 0x40, 0x80, 0x100, 0x200, 0x110, 0x400, 0x1f1, 0xffffffff, 0, 0x1000};
    static const unsigned long masks[] = {1, 2, 0x3b, 0xffffffff, 0x40000000, 0x8000000, 0x20000, 0x100000, 0x1fffff, -1L, 0x10000000,
                                          0x2000000, 0x100000000L, 0, 0x4000, 0x8000, 0x200000};
    for (i = 0; i < COUNT(marks); i++) {
        syscall(SYS_fanotify_mark, -1, marks[i], masks[i], AT_FDCWD, "file");
        syscall(SYS_fanotify_mark, fd, marks[i] | 0x800, masks[i], file, NULL);
    }
    syscall(SYS_fanotify_mark, fd, 1, 0x20L, AT_FDCWD, "file");
    syscall(SYS_fanotify_mark, fd, 1, 0x20L, file, NULL);
    syscall(SYS_fanotify_mark, fd, 0x80, 0L, -1, NULL);
    syscall(SYS_fanotify_mark, -1, 1, 0x20L, -1, NULL);
    syscall(SYS_fanotify_mark, -1, 1, 0x20L, 77, ONES);
    syscall(SYS_fanotify_mark, fd, 1, 0x20L, 0x100000000L, last("abc", 3));

    /* Landlock */
    struct ruleset rules = {0, 0, 0, 0};
    static const unsigned sizes[] = {0, 4, 8, 12, 16, 20, 24, 32, 40};
    syscall(LANDLOCK_CREATE_RULESET, NULL, 0L, 1);
    syscall(LANDLOCK_CREATE_RULESET, NULL, 0L, 2);
    syscall(LANDLOCK_CREATE_RULESET, NULL, 0L, 3);
    syscall(LANDLOCK_CREATE_RULESET, NULL, 0L, 0);
    syscall(LANDLOCK_CREATE_RULESET, NULL, 8L, 4);
    syscall(LANDLOCK_CREATE_RULESET, NULL, 8L, -1);
    for (i = 0; i < COUNT(sizes); i++) {
        syscall(LANDLOCK_CREATE_RULESET, &rules, (long) sizes[i], 4);
        rules.fs = 1L << i | 0x10000;
        rules.net = i;
        rules.scoped = 1 << i;
        syscall(LANDLOCK_CREATE_RULESET, &rules, (long) sizes[i], 4);
        syscall(LANDLOCK_CREATE_RULESET, last(&rules, sizes[i] > 32 ? 32 : sizes[i]), (long) sizes[i], 4);
    }
    rules.fs = rules.net = rules.scoped = rules.more = -1;
    syscall(LANDLOCK_CREATE_RULESET, &rules, 8L, 0);
    syscall(LANDLOCK_CREATE_RULESET, &rules, 24L, 0);
    syscall(LANDLOCK_CREATE_RULESET, &rules, 32L, 0);
    syscall(LANDLOCK_CREATE_RULESET, &rules, 5000L, 0);
    rules.fs = 0x100000000; rules.net = 0x80; rules.scoped = 0x80; rules.more = 0;
    syscall(LANDLOCK_CREATE_RULESET, &rules, 32L, 0);
    static unsigned long longer[8];
    syscall(LANDLOCK_CREATE_RULESET, longer, 48L, 4);
    syscall(LANDLOCK_CREATE_RULESET, longer, 49L, 4);
    syscall(LANDLOCK_CREATE_RULESET, longer, 64L, 4);
    syscall(LANDLOCK_CREATE_RULESET, BAD, 8L, 0);
    syscall(LANDLOCK_CREATE_RULESET, ONES, 4097L, 0);
    rules.fs = 0x1fff; rules.net = 3; rules.scoped = 3;
    syscall(LANDLOCK_CREATE_RULESET, &rules, 24L, 0);
    struct __attribute__((packed)) { unsigned long access; int parent; } path = {0, file};
    struct { unsigned long access, port; } net = {0, 0};
    for (i = 0; i < 22; i++) {
        syscall(LANDLOCK_ADD_RULE, -1, 1, &path, i);
        syscall(LANDLOCK_ADD_RULE, -1, 2, &net, i);
        path.access = 1L << i;
        net.access = 1L << i;
        net.port = i << 8;
    }
    path.access = -1; path.parent = -1; net.access = -1; net.port = -1;
    syscall(LANDLOCK_ADD_RULE, 77, 1, &path, 0);
    syscall(LANDLOCK_ADD_RULE, 77, 2, &net, 0);
    path.parent = AT_FDCWD;
    syscall(LANDLOCK_ADD_RULE, 77, 1, &path, 0);
    syscall(LANDLOCK_ADD_RULE, 77, 0, &path, 0);
    syscall(LANDLOCK_ADD_RULE, 77, 3, &path, -1);
    syscall(LANDLOCK_ADD_RULE, 77, -1, NULL, 1);
    syscall(LANDLOCK_ADD_RULE, 77, 1, NULL, 1);
    syscall(LANDLOCK_ADD_RULE, 77, 1, last(&path, 12), 1);
    syscall(LANDLOCK_ADD_RULE, 77, 1, last(&path, 11), 1);
    syscall(LANDLOCK_ADD_RULE, 77, 2, last(&net, 15), 1);
    syscall(LANDLOCK_ADD_RULE, 77, 2, BAD, 1);
    for (i = 0; i < 12; i++)
        syscall(LANDLOCK_RESTRICT_SELF, -1, 1 << i >> 1);
    syscall(LANDLOCK_RESTRICT_SELF, 77, -1);
    syscall(LANDLOCK_RESTRICT_SELF, file, 7);

    /* security modules */
    unsigned long ids[20];
    unsigned size;
    struct lsm_ctx ctx = {105, 0, 40, 7, "abc\0def"}, two[2];
    for (i = 0; i < 4; i++) {
        size = sizeof(ids);
        syscall(LSM_LIST_MODULES, ids, &size, i);
        size = i * 9;
        syscall(LSM_LIST_MODULES, ids, &size, 0);
    }
    syscall(LSM_LIST_MODULES, NULL, &size, 0);
    syscall(LSM_LIST_MODULES, ids, NULL, 0);
    syscall(LSM_LIST_MODULES, BAD, ONES, -1);
    size = 160;
    syscall(LSM_LIST_MODULES, end - 8, &size, 0);
    size = 160;
    syscall(LSM_LIST_MODULES, ids, last(&size, 4), 0);
    syscall(LSM_LIST_MODULES, ids, last(&size, 3), 0);
    for (i = 0; i < 8; i++) {
        size = sizeof(two);
        ctx.id = 99 + i;
        memset(two, 0, sizeof(two));
        syscall(LSM_GET_SELF_ATTR, i < 7 ? 100 + i : i, two, &size, 0);
        syscall(LSM_GET_SELF_ATTR, 100 + i, &ctx, &size, 1);
        syscall(LSM_SET_SELF_ATTR, 100 + i, &ctx, sizeof(ctx), 1 << i);
    }
    syscall(LSM_GET_SELF_ATTR, 100, NULL, &size, 0);
    syscall(LSM_GET_SELF_ATTR, 100, NULL, NULL, 0);
    syscall(LSM_GET_SELF_ATTR, 100, ONES, BAD, -1);
    size = 5;
    syscall(LSM_GET_SELF_ATTR, 100, &ctx, &size, 2);
    static const unsigned lengths[] = {0, 8, 31, 32, 33, 39, 40, 96};
    for (i = 0; i < COUNT(lengths); i++) {
        syscall(LSM_SET_SELF_ATTR, 100, &ctx, (long) lengths[i], 0);
        size = lengths[i];
        syscall(LSM_GET_SELF_ATTR, 100, &ctx, &size, 1);
        ctx.len = lengths[i];
        syscall(LSM_SET_SELF_ATTR, 100, &ctx, 96L, 0);
        ctx.ctx_len = lengths[i];
        syscall(LSM_SET_SELF_ATTR, 100, &ctx, 96L, 0);
        syscall(LSM_SET_SELF_ATTR, 100, last(&ctx, lengths[i]), 96L, 0);
    }
    ctx.flags = 5;
    ctx.len = ctx.ctx_len = -1;
    ctx.id = 0;
    syscall(LSM_SET_SELF_ATTR, 100, &ctx, 96L, 0);
    ctx.id = 1L << 33;
    syscall(LSM_SET_SELF_ATTR, 1 << 30, &ctx, 96L, 0);
    syscall(LSM_SET_SELF_ATTR, -1, NULL, 96L, 0);
    syscall(LSM_SET_SELF_ATTR, 100, BAD, -1L, -1);

    /* What success looks like: from here on a filter answers 0. */
    struct sock_filter filter[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, LSM_GET_SELF_ATTR, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = {COUNT(filter), filter};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program))
        return 0;
    struct lsm_ctx three[6];
    static const unsigned heads[] = {96, 48, 40, 38, 32, 31, 8, 0};
    memset(three, 'x', sizeof(three));
    for (i = 0; i < COUNT(heads); i++) {
        struct lsm_ctx one = {100 + i, i, heads[i], 7, "abc\0def"};
        unsigned at;
        for (at = 0; at + 96 <= sizeof(three); at += heads[i] ? heads[i] : 96)
            memcpy((char *) three + at, &one, 96);
        for (at = 0; at < 12; at++) {
            size = at < 10 ? at * 17 : at < 11 ? 576 : -1;
            syscall(LSM_GET_SELF_ATTR, 100, three, &size, at & 1);
        }
        size = 200;
        syscall(LSM_GET_SELF_ATTR, 100, last(three, 150), &size, 0);
        syscall(LSM_GET_SELF_ATTR, 100, last(three, 30), &size, 1);
        syscall(LSM_GET_SELF_ATTR, 100, three, NULL, i & 1);
        syscall(LSM_GET_SELF_ATTR, 100, NULL, &size, i & 1);
        three[0].ctx_len = 1000;
        size = 576;
        syscall(LSM_GET_SELF_ATTR, 100, three, &size, 0);
    }
    return 0;
}
