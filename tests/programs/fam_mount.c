// Mounting, the old way and by descriptors, in a mount namespace of its own.
// mask: mnt_id=\d+
#include "fam.h"
#include <fcntl.h>
#include <sched.h>
#include <sys/stat.h>

#define OPEN_TREE 428
#define MOVE_MOUNT 429
#define FSOPEN 430
#define FSCONFIG 431
#define FSMOUNT 432
#define FSPICK 433
#define MOUNT_SETATTR 442
#define OPEN_TREE_ATTR 467

struct mount_attr { unsigned long set, clr, propagation, userns; };

int main(void)
{
    unsigned i;
    int fd, tree, context;

    two_pages();
    mprotect(end, 4096, PROT_NONE);
    mkdir("dir", 0755);
    mkdir("dir/old", 0755);
    if (unshare(CLONE_NEWNS))
        return 0;

    /* the old way */
    syscall(SYS_mount, NULL, "/", NULL, 0x44000L, NULL);
    syscall(SYS_mount, "none", "dir", "tmpfs", 0L, "size=4k,mode=700");
    syscall(SYS_mount, "none", "dir", "tmpfs", 0xc0ed0006L, "size=4k,and=a,much=longer,list=of,options");
    syscall(SYS_mount, "none", "dir", NULL, 0x27L, NULL);
    syscall(SYS_mount, "none", "dir", NULL, 0x1000027L, "size=8k");
    syscall(SYS_mount, "dir", "dir/none", NULL, 0x1000L, "ignored");
    syscall(SYS_mount, "dir", "dir/none", "ignored", 0x5000L, NULL);
    syscall(SYS_mount, "dir", "dir/none", "ignored", 0x2000L, BAD);
    syscall(SYS_mount, "dir", "dir/none", ONES, 0x20L, BAD);
    syscall(SYS_mount, "dir", "dir/none", ONES, 0x1020L, BAD);
    syscall(SYS_mount, BAD, "dir/none", BAD, 0x40000L, BAD);
    syscall(SYS_mount, "a", "dir/none", "b", 0x20000L, "c");
    syscall(SYS_mount, "a", "dir/none", "b", 0x80000L, "c");
    syscall(SYS_mount, "a", "dir/none", "b", 0x100000L, "c");
    syscall(SYS_mount, "a", "dir/none", "b", 0x104020L, "c");
    syscall(SYS_mount, "a", "dir/none", "b", 0xc0ed1001L, "c");
    syscall(SYS_mount, "a", "dir/none", "b", 0xc0ed0000L, "c");
    syscall(SYS_mount, "a", "dir/none", "b", 0xc0ee0000L, "c");
    syscall(SYS_mount, "a", "dir/none", "b", 0xc0ed0020L, "c");
    syscall(SYS_mount, "a", "dir/none", "b", -1L, "c");
    syscall(SYS_mount, "a", "dir/none", "b", 0x200L, "c");
    syscall(SYS_mount, "a", "dir/none", "b", 0x100000000L, "c");
    syscall(SYS_mount, NULL, NULL, NULL, 0L, NULL);
    syscall(SYS_mount, ONES, ONES, ONES, 0L, ONES);
    syscall(SYS_mount, last("abc", 3), "dir/none", "b", 0L, last("abc", 3));
    syscall(SYS_umount2, "dir", 0);
    syscall(SYS_umount2, "none", 0xf);
    syscall(SYS_umount2, NULL, -1);
    syscall(SYS_umount2, ONES, 0x10);
    syscall(SYS_pivot_root, "dir", "dir/none");
    syscall(SYS_pivot_root, NULL, ONES);

    /* a tree */
    static const unsigned open_flags[] = {0, 1, 0x80001, 0x88001, 0x9901, 2, 3, 0x1000, 0xffffffff, 4, 0x20000};
    for (i = 0; i < COUNT(open_flags); i++) {
        syscall(OPEN_TREE, AT_FDCWD, "dir", open_flags[i]);
        syscall(OPEN_TREE, -1, NULL, open_flags[i]);
    }
    syscall(OPEN_TREE, 0, ONES, 0);
    tree = syscall(OPEN_TREE, AT_FDCWD, "dir", 0x80001);
    static const unsigned move_flags[] = {0, 0x77, 4, 0x44, 0x100, 0x200, 0x308, 0x1000, 0xffffffff};
    for (i = 0; i < COUNT(move_flags); i++) {
        syscall(MOVE_MOUNT, AT_FDCWD, "none", 77, "nothing", move_flags[i]);
        syscall(MOVE_MOUNT, tree, "", AT_FDCWD, "nothing", move_flags[i]);
    }
    syscall(MOVE_MOUNT, tree, "", AT_FDCWD, "dir", 4);
    syscall(MOVE_MOUNT, -1, NULL, -1, ONES, 0);

    /* a context */
    static const unsigned two_bits[] = {0, 1, 2, 3, 4, 8, 15, 0xffffffff};
    for (i = 0; i < COUNT(two_bits); i++) {
        syscall(FSOPEN, "nofs", two_bits[i]);
        syscall(FSPICK, AT_FDCWD, "none", two_bits[i]);
        syscall(FSPICK, -1, NULL, two_bits[i]);
        syscall(FSMOUNT, -1, two_bits[i], i);
        syscall(FSMOUNT, 77, two_bits[i], i << 4);
    }
    syscall(FSMOUNT, 77, 0, 0x2000ff);
    syscall(FSMOUNT, 77, 0, 0x2000bf);
    syscall(FSMOUNT, 77, 0, 0x100000);
    syscall(FSMOUNT, 77, 0, 0x100);
    syscall(FSMOUNT, 77, 0, 0x181);
    syscall(FSMOUNT, 77, 0, -1);
    syscall(FSMOUNT, 77, 0, -1L);
    syscall(FSOPEN, NULL, 0);
    syscall(FSOPEN, ONES, 0);
    syscall(FSOPEN, "a name of a file system that is longer than thirty-two bytes", 0);
    syscall(FSPICK, 0, ONES, 0);
    context = syscall(FSOPEN, "tmpfs", 1);
    static const char binary[] = "0123456789\0\377abcdefghijklmnopqrstuvwxyz";
    for (i = 0; i < 10; i++) {
        syscall(FSCONFIG, -1, i, "key", "value", 0);
        syscall(FSCONFIG, -1, i, "key", binary, 5);
        syscall(FSCONFIG, -1, i, "key", binary, 20);
        syscall(FSCONFIG, -1, i, "key", binary, 38);
        syscall(FSCONFIG, -1, i, "key", binary, AT_FDCWD);
        syscall(FSCONFIG, -1, i, "key", binary, -1);
        syscall(FSCONFIG, -1, i, NULL, NULL, 0);
        syscall(FSCONFIG, -1, i, BAD, ONES, 0);
        syscall(FSCONFIG, -1, i, last("abc", 3), last("abc", 3), 4);
        syscall(FSCONFIG, -1, i, last("a name of a file system that is longer than thirty-two bytes", 61),
                "a name of a file system that is longer than thirty-two bytes", 1 << 20);
    }
    syscall(FSCONFIG, context, -1, "key", "value", 1);
    syscall(FSCONFIG, context, 0, "ro", NULL, 0);
    syscall(FSCONFIG, context, 0, "", NULL, 0);
    syscall(FSCONFIG, context, 1, "size", "4096", 0);
    syscall(FSCONFIG, context, 1, "source", "here\n", 0);
    syscall(FSCONFIG, context, 2, "source", "here\n", 5);
    syscall(FSCONFIG, context, 2, "source", end - 3, 5);
    syscall(FSCONFIG, context, 3, "source", "dir", AT_FDCWD);
    syscall(FSCONFIG, context, 4, "source", "", tree);
    syscall(FSCONFIG, context, 5, "source", NULL, tree);
    syscall(FSCONFIG, context, 6, NULL, NULL, 0);
    fd = syscall(FSMOUNT, context, 1, 0x27);
    syscall(MOVE_MOUNT, fd, "", AT_FDCWD, "dir", 4);
    syscall(FSPICK, AT_FDCWD, "dir", 1);

    /* attributes */
    struct { struct mount_attr attr; unsigned long more; } attr = {{0, 0, 0, 0}, 0};
    static const unsigned setattr_flags[] = {0, 0x1000, 0x8000, 0x9900, 0x100, 0x800, 1, 0xffffffff};
    for (i = 0; i < COUNT(setattr_flags); i++) {
        syscall(MOUNT_SETATTR, -1, "", setattr_flags[i], &attr, 32L);
        syscall(MOUNT_SETATTR, AT_FDCWD, "none", setattr_flags[i], &attr, 32L);
        syscall(OPEN_TREE_ATTR, -1, "none", setattr_flags[i], &attr, 32L);
        attr.attr.set = 1 << i;
        attr.attr.clr = 2 << i;
        attr.attr.propagation = 1 << (i + 14);
    }
    attr.attr.set = 0x70; attr.attr.clr = 0x70; attr.attr.userns = -1; attr.attr.propagation = 1 << 18;
    syscall(MOUNT_SETATTR, AT_FDCWD, "none", 0, &attr, 32L);
    syscall(OPEN_TREE_ATTR, AT_FDCWD, "none", 0, &attr, 32L);
    attr.attr.set = 0x20; attr.attr.clr = 0x30; attr.attr.userns = 3; attr.attr.propagation = 1 << 19;
    syscall(MOUNT_SETATTR, AT_FDCWD, "none", 0, &attr, 32L);
    attr.attr.set = 0x100000; attr.attr.clr = 0; attr.attr.userns = tree; attr.attr.propagation = 1 << 20;
    syscall(MOUNT_SETATTR, AT_FDCWD, "none", 0, &attr, 32L);
    attr.attr.set = 0; attr.attr.clr = 0x100000; attr.attr.userns = tree; attr.attr.propagation = 0x40000000;
    syscall(MOUNT_SETATTR, AT_FDCWD, "none", 0, &attr, 32L);
    attr.attr.set = -1; attr.attr.clr = -1; attr.attr.userns = 1L << 32; attr.attr.propagation = -1;
    syscall(MOUNT_SETATTR, AT_FDCWD, "none", 0, &attr, 32L);
    syscall(OPEN_TREE_ATTR, AT_FDCWD, "none", 0, &attr, 32L);
    attr.attr.set = 0x2000bf; attr.attr.clr = 0x100; attr.attr.userns = 0; attr.attr.propagation = 0x10000;
    syscall(MOUNT_SETATTR, AT_FDCWD, "none", 0, &attr, 40L);
    attr.more = 0x1234;
    syscall(MOUNT_SETATTR, AT_FDCWD, "none", 0, &attr, 40L);
    syscall(OPEN_TREE_ATTR, AT_FDCWD, "none", 0, &attr, 40L);
    syscall(OPEN_TREE_ATTR, AT_FDCWD, "none", 0x80001, &attr, 31L);
    syscall(OPEN_TREE_ATTR, AT_FDCWD, "none", 0, NULL, 0L);
    syscall(OPEN_TREE_ATTR, AT_FDCWD, NULL, 0, ONES, -1L);
    syscall(MOUNT_SETATTR, AT_FDCWD, "none", 0, &attr, 31L);
    syscall(MOUNT_SETATTR, AT_FDCWD, "none", 0, &attr, 0L);
    syscall(MOUNT_SETATTR, AT_FDCWD, "none", 0, &attr, -1L);
    syscall(MOUNT_SETATTR, AT_FDCWD, "none", 0, last(&attr, 31), 32L);
    syscall(MOUNT_SETATTR, AT_FDCWD, "none", 0, last(&attr, 32), 33L);
    syscall(MOUNT_SETATTR, AT_FDCWD, "none", 0, NULL, 32L);
    syscall(MOUNT_SETATTR, AT_FDCWD, NULL, 0, BAD, 4097L);
    memset(&attr, 0, 32);
    attr.attr.set = 1;
    syscall(MOUNT_SETATTR, AT_FDCWD, "dir", 0, &attr, 32L);
    syscall(OPEN_TREE_ATTR, AT_FDCWD, "dir", 1, &attr, 32L);
    syscall(SYS_umount2, "dir", 2);

    /* the bits of old */
    syscall(SYS_swapon, "nothing", 0);
    syscall(SYS_swapon, "nothing", 0x8005);
    syscall(SYS_swapon, "nothing", 0xffff);
    syscall(SYS_swapon, "nothing", 0x7fff);
    syscall(SYS_swapon, "nothing", 0x18000);
    syscall(SYS_swapon, "nothing", 0x70000);
    syscall(SYS_swapon, "nothing", 0x80000);
    syscall(SYS_swapon, "nothing", 0x80001);
    syscall(SYS_swapon, NULL, -1);
    syscall(SYS_swapon, ONES, 0);
    syscall(SYS_swapoff, "nothing");
    syscall(SYS_swapoff, NULL);
    syscall(SYS_acct, "nothing/at/all");
    syscall(SYS_acct, ONES);
    return 0;
}
