// File status: stat and its kin, statx, statfs.
//
// mask: (?<=st_ino=)\d+
// mask: (?<=S_IFDIR\|0555, st_nlink=)\d+
// mask: (?<=stx_ino=)\d+
// mask: (?<=stx_mnt_id=)\w+
// mask: (?<=f_bfree=)\d+
// mask: (?<=f_bavail=)\d+
// mask: (?<=f_ffree=)\d+
// mask: (?<=st_ctime=)\d+ /\* .*? \*/
// mask: (?<=st_ctime_nsec=)\d+
// mask: (?<=stx_[bc]time=)\{.*?\} /\* .*? \*/
#include "fam.h"
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/sysmacros.h>

static void times(const char *name, long atime, long atime_nsec, long mtime, long mtime_nsec)
{
    struct timespec both[2] = {{atime, atime_nsec}, {mtime, mtime_nsec}};
    syscall(SYS_utimensat, AT_FDCWD, name, both, AT_SYMLINK_NOFOLLOW);
}

int main(void)
{
    static const char *const names[] = {
        "file", "dir", "dangling", "fifo", "sticky", "block", "gone", "old", "",
    };
    char *page = two_pages();
    char buf[512];
    int fd;

    munmap(end, 4096);
    umask(0);
    fd = open("file", O_RDWR | O_CREAT, 0640);
    ftruncate(fd, 12345);
    close(open("sticky", O_RDWR | O_CREAT, 0640));
    syscall(SYS_chmod, "sticky", 07777);
    close(open("old", O_RDWR | O_CREAT, 0));
    mkdir("dir", 01777);
    mkfifo("fifo", 0600);
    symlink("a target", "link");
    symlink("another", "dangling");
    mknod("block", S_IFBLK | 0660, makedev(259, 70000));
    times("file", 1700000000, 0, 1700000001, 987654321);
    times("dir", 0, 0, 0, 5);
    times("fifo", -1, 1, 1, 999999999);
    times("sticky", 4294967296, 1, 2147483648, 1);
    times("link", -100000, 0, 15032385535, 0);
    times("block", 1, 0, 1, 0);
    times("old", -2147483648, 0, -2147483649, 7);

    for (unsigned i = 0; i < COUNT(names); i++) {
        const char *name = names[i];
        syscall(SYS_stat, name, buf);
        syscall(SYS_newfstatat, AT_FDCWD, name, buf, 0L);
        syscall(SYS_statx, AT_FDCWD, name, 0, STATX_ALL, buf);
    }
    syscall(SYS_lstat, "link", buf);
    syscall(SYS_statx, AT_FDCWD, "link", AT_SYMLINK_NOFOLLOW, STATX_ALL, buf);
    syscall(SYS_stat, names[0], end - 8);
    syscall(SYS_stat, names[0], 0);
    syscall(SYS_stat, 0, 0);
    syscall(SYS_stat, page + 4094, buf);
    syscall(SYS_lstat, (void *) 8, (void *) -1L);
    syscall(SYS_stat, names[0], end - 144);
    syscall(SYS_fstat, fd, buf);
    syscall(SYS_fstat, -1, buf);
    syscall(SYS_fstat, 0xffffffff00000003L, (void *) 8);
    syscall(SYS_newfstatat, fd, "", buf, (long) AT_EMPTY_PATH);
    syscall(SYS_newfstatat, fd, "", buf, AT_EMPTY_PATH | AT_NO_AUTOMOUNT | 0x4000);
    syscall(SYS_newfstatat, -100, "link", buf, (long) AT_SYMLINK_NOFOLLOW);
    syscall(SYS_newfstatat, -2, "link", page + 4095, 0xffffffffL);
    syscall(SYS_newfstatat, 12345, 0, 0, 2L);
    syscall(SYS_newfstatat, fd, (void *) -1L, (void *) -1L, 0x800000000L);

    syscall(SYS_stat, "/dev/null", buf);

    syscall(SYS_statx, AT_FDCWD, "file", AT_STATX_SYNC_AS_STAT, STATX_BASIC_STATS | STATX_BTIME, buf);
    syscall(SYS_statx, AT_FDCWD, "file", AT_STATX_FORCE_SYNC, STATX_TYPE | STATX_MODE, buf);
    syscall(SYS_statx, fd, "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC, STATX_BASIC_STATS, buf);
    syscall(SYS_statx, fd, "", AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT, 0L, buf);
    syscall(SYS_statx, -1, 0, 0x6000, 0x80000000, 0);
    syscall(SYS_statx, -100, "file", 0x6001, 0xfffff, (void *) 8);
    syscall(SYS_statx, -100, "file", 0xffffffff, 0x7fffffff, end - 255);
    syscall(SYS_statx, -100, "file", 0, 0x1fff, end - 256);
    syscall(SYS_statx, -100, "block", 0, 0x1fff, end - 200);
    syscall(SYS_statx, -100, "file", 0x80000000, 0x100000000L, buf);
    syscall(SYS_statx, -100, "file", 0, 0x3e000L, buf);
    syscall(SYS_statx, -100, "/", 0, 0x3fffL, buf);

    syscall(SYS_statfs, "/proc", buf);
    syscall(SYS_statfs, ".", buf);
    syscall(SYS_statfs, "/dev/pts", buf);
    syscall(SYS_statfs, "gone", buf);
    syscall(SYS_statfs, "/sys", end - 120);
    syscall(SYS_statfs, "/sys", end - 119);
    syscall(SYS_statfs, 0, 0);
    syscall(SYS_fstatfs, fd, buf);
    syscall(SYS_fstatfs, -1, buf);
    syscall(SYS_fstatfs, fd, (void *) -1L);
    syscall(SYS_ustat, 0L, buf);
    syscall(SYS_ustat, makedev(8, 1), (void *) 8);
    {
        struct stat root;
        stat("/proc/sys", &root);
        syscall(SYS_ustat, root.st_dev, buf);
        syscall(SYS_ustat, root.st_dev, page + 4090);
        syscall(SYS_ustat, 0xffffffffffffffff, 0);
    }
    return 0;
}
