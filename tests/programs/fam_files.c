// Names in directories, modes, owners, times, sizes, watches.
//
// mask: (?<=d_ino=)\d+
// mask: (?<=d_off=)\d+
#include "fam.h"
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

static char buf[4096];

static void opening(void)
{
    struct open_how how = {O_RDWR | O_CREAT | 1L << 40, 0777, 0x3f};
    static const long longer[8] = {O_RDWR, 0, 0x81, 0xff};

    syscall(SYS_open, "none/x", O_RDWR | O_CREAT, 0x1ffffL);
    syscall(SYS_open, "none/x", O_CREAT, 0);
    syscall(SYS_open, "none/x", O_TMPFILE | O_WRONLY, 07);
    syscall(SYS_open, "none/x", 0xfffffff8ffffffff, 01000);
    syscall(SYS_open, "none/x", 0x40000000, 01000);
    syscall(SYS_openat, -100, "none/x", O_DIRECTORY | O_PATH | O_SYNC | O_DSYNC | O_NOATIME, 0);
    syscall(SYS_openat, -1, end - 1, 3, 0);
    syscall(SYS_openat, 12345, 0, O_CREAT | O_EXCL | O_APPEND | O_ASYNC | O_DIRECT, 0xffff0123);
    syscall(SYS_creat, "none/x", 0x1ffffL);
    syscall(SYS_creat, 0L, 0);
    syscall(SYS_openat2, -100, "none/x", &how, 24L);
    how.flags = O_RDWR;
    how.resolve = 0x80;
    syscall(SYS_openat2, -100, "none/x", &how, 24L);
    how.mode = 0;
    syscall(SYS_openat2, 12345, "none/x", &how, 24L);
    how.flags = O_CREAT;
    how.resolve = 0;
    syscall(SYS_openat2, -100, "none/x", &how, 24L);
    how.flags = 3 | O_TMPFILE;
    how.mode = 01234567;
    syscall(SYS_openat2, -100, "none/x", &how, 24L);
    syscall(SYS_openat2, -100, "none/x", &how, 23L);
    syscall(SYS_openat2, -100, "none/x", &how, 0L);
    syscall(SYS_openat2, -100, "none/x", longer, 32L);
    syscall(SYS_openat2, -100, "none/x", longer, 27L);
    syscall(SYS_openat2, -100, "none/x", longer, 64L);
    syscall(SYS_openat2, -100, "none/x", 0L, 24L);
    syscall(SYS_openat2, -100, "none/x", 8L, 24L);
    syscall(SYS_openat2, -100, "none/x", end - 23, 24L);
    syscall(SYS_openat2, -100, "none/x", end - 24, 24L);
    syscall(SYS_openat2, -100, "none/x", end - 24, 32L);
    syscall(SYS_openat2, -100, "none/x", end - 24, -1L);
    memset(&how, 0, sizeof how);
    close(syscall(SYS_openat2, -100, ".", &how, 24L));
}

static void asking(int fd)
{
    syscall(SYS_access, "file", F_OK);
    syscall(SYS_access, "none", R_OK | W_OK | X_OK);
    syscall(SYS_access, "file", 15);
    syscall(SYS_access, "file", 8);
    syscall(SYS_access, -1L, -1);
    syscall(SYS_faccessat, -100, "file", R_OK);
    syscall(SYS_faccessat, fd, 0L, 0x100000000);
    syscall(SYS_faccessat2, -100, "file", W_OK | X_OK, AT_EACCESS);
    syscall(SYS_faccessat2, -100, "file", F_OK, AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH | 0x800);
    syscall(SYS_faccessat2, -100, "file", F_OK, 2);
    syscall(SYS_readlink, "link", buf, 100L);
    syscall(SYS_readlink, "link", buf, 3L);
    syscall(SYS_readlink, "link", buf, -1L);
    syscall(SYS_readlink, "link", 0L, 0xffffffffL);
    syscall(SYS_readlink, "none", buf, 50L);
    syscall(SYS_readlink, last("link", 4), 8L, 50L);
    syscall(SYS_readlink, "long", buf, 100L);
    syscall(SYS_readlinkat, -100, "long", end - 40, 40L);
    syscall(SYS_readlinkat, -100, "long", end - 30, 100L);
    syscall(SYS_readlinkat, fd, "", buf, 0L);
    syscall(SYS_getcwd, buf, 4096L);
    syscall(SYS_getcwd, buf, 1L);
    syscall(SYS_getcwd, 0L, -1L);
    syscall(SYS_getcwd, end - 4, 100L);
}

static void listing(void)
{
    int fd = open("dir", O_RDONLY | O_DIRECTORY);

    syscall(SYS_getdents64, fd, buf, 4096);
    syscall(SYS_getdents64, fd, buf, 4096);
    syscall(SYS_getdents64, fd, 0L, 4096);
    syscall(SYS_getdents64, -1, buf, 0xffffffff00001000L);
    lseek(fd, 0, SEEK_SET);
    syscall(SYS_getdents64, fd, end - 100, 4096);
    syscall(SYS_getdents64, fd, end - 100, 100);
    syscall(SYS_getdents64, fd, 8L, -1);
    syscall(SYS_getdents64, fd, buf, 10);
    lseek(fd, 0, SEEK_SET);
    syscall(SYS_getdents, fd, buf, 4096);
    syscall(SYS_getdents, fd, buf, 4096);
    syscall(SYS_getdents, fd, 0L, 4096);
    syscall(SYS_getdents, -1, -1L, -1);
    close(fd);
}

static void naming(int fd)
{
    syscall(SYS_link, "file", "file2");
    syscall(SYS_link, "none", "none2");
    syscall(SYS_link, 0L, 8L);
    syscall(SYS_linkat, -100, "link", -100, "link2", AT_SYMLINK_FOLLOW);
    syscall(SYS_linkat, fd, "", -100, "none/x", AT_EMPTY_PATH | 1);
    syscall(SYS_linkat, -1, "", 12345, "none/x", 2);
    syscall(SYS_symlink, "a\ttarget\377", "link3");
    syscall(SYS_symlink, "", "link3");
    syscall(SYS_symlink, -1L, 0L);
    syscall(SYS_symlinkat, "target", -100, "link4");
    syscall(SYS_symlinkat, "target", fd, "link4");
    syscall(SYS_rename, "file2", "file3");
    syscall(SYS_rename, "none", "none2");
    syscall(SYS_renameat, -100, "file3", -100, "file4");
    syscall(SYS_renameat, fd, "none", -3, "none2");
    syscall(SYS_renameat2, -100, "file4", -100, "file", RENAME_EXCHANGE);
    syscall(SYS_renameat2, -100, "file4", -100, "file", RENAME_NOREPLACE);
    syscall(SYS_renameat2, -100, "none", -100, "file", 15);
    syscall(SYS_renameat2, -100, "none", -100, "file", 0x80000000);
    syscall(SYS_renameat2, -100, "none", -100, 0L, 0x100000000);
    syscall(SYS_unlink, "file4");
    syscall(SYS_unlink, "none");
    syscall(SYS_unlink, last("page end", 9));
    syscall(SYS_unlink, last("page end!", 9));
    syscall(SYS_unlinkat, -100, "dir/sub", AT_REMOVEDIR);
    syscall(SYS_unlinkat, -100, "link4", 0);
    syscall(SYS_unlinkat, -100, "link4", 0x1ff);
    syscall(SYS_mkdir, "new", 0x1ffffL);
    syscall(SYS_mkdir, "none/new", 0);
    syscall(SYS_mkdirat, -100, "new2", 01755);
    syscall(SYS_mkdirat, -1, "new2", 07);
    syscall(SYS_rmdir, "new");
    syscall(SYS_rmdir, "new");
    syscall(SYS_mknod, "fifo", S_IFIFO | 0644, 1L);
    syscall(SYS_mknod, "fifo", 0L, 1L);
    syscall(SYS_mknod, "fifo", 04L, 1L);
    syscall(SYS_mknod, "fifo", 0x1ffffL, 1L);
    syscall(SYS_mknod, "null", S_IFCHR | S_ISUID | 0666, makedev(1, 3));
    syscall(SYS_mknod, "none/x", S_IFBLK | S_ISGID | S_ISVTX, -1L);
    syscall(SYS_mknod, "none/x", S_IFSOCK | 01L, -1L);
    syscall(SYS_mknod, "none/x", 0170644L, -1L);
    syscall(SYS_mknodat, -100, "none/x", S_IFREG | 0640, 1L);
    syscall(SYS_mknodat, fd, "none/x", S_IFCHR | 0640, 0x123456789abcdef0L);
    syscall(SYS_chdir, "new2");
    syscall(SYS_chdir, "..");
    syscall(SYS_chdir, "none");
    syscall(SYS_chdir, 0L);
    syscall(SYS_fchdir, fd);
    syscall(SYS_fchdir, -1);
    syscall(SYS_chroot, "none");
    syscall(SYS_uselib, "none");
}

static void changing(int fd)
{
    syscall(SYS_chmod, "file", 0x7fffffff0644L);
    syscall(SYS_chmod, "none", 0170000L);
    syscall(SYS_chmod, "none", 01L);
    syscall(SYS_fchmod, fd, 01755);
    syscall(SYS_fchmod, -1, 0);
    syscall(SYS_fchmodat, -100, "file", 0600);
    syscall(SYS_fchmodat, fd, 0L, 07777);
    syscall(SYS_fchmodat2, -100, "file", 0600, AT_SYMLINK_NOFOLLOW);
    syscall(SYS_fchmodat2, -100, "file", 0600, AT_EMPTY_PATH | 0x200);
    syscall(SYS_fchmodat2, -100, "file", 0600, 1);
    syscall(SYS_chown, "file", -1, -1);
    syscall(SYS_chown, "none", 0L, 0xffffffff00000005L);
    syscall(SYS_lchown, "link", 1L, 0x80000000L);
    syscall(SYS_fchown, fd, -2L, 65535L);
    syscall(SYS_fchownat, -100, "none", 1, 2, AT_SYMLINK_NOFOLLOW);
    syscall(SYS_fchownat, fd, "", -1, -1, AT_EMPTY_PATH | 0x80000);
    syscall(SYS_umask, 01777777L);
    syscall(SYS_umask, 0L);
    syscall(SYS_umask, 07L);
    syscall(SYS_umask, 022L);
    syscall(SYS_truncate, "file", 100L);
    syscall(SYS_truncate, "none", -1L);
    syscall(SYS_ftruncate, fd, 0x123456789L);
    syscall(SYS_ftruncate, -1, -1L);
    syscall(SYS_ftruncate, fd, 0L);
    syscall(SYS_sync);
    syscall(SYS_syncfs, -1);
    syscall(SYS_fsync, -1);
    syscall(SYS_fdatasync, -1);
    syscall(SYS_flock, fd, LOCK_SH);
    syscall(SYS_flock, fd, LOCK_EX | LOCK_NB);
    syscall(SYS_flock, fd, LOCK_UN);
    syscall(SYS_flock, -1, 0);
    syscall(SYS_flock, -1, 0xffffffffffL);
    syscall(SYS_flock, -1, 0x100L);
}

static void timing(int fd)
{
    static const long seconds[] = {
        0, 1, -1, 0x7fffffff, 0x80000000, -62135596801, -62167219200, -62167219201, -30000000000, 253402300799,
        253402300800, 67767976233532799, 67768036191676800, -67768040609740801, 0x7fffffffffffffff, 1L << 63,
    };
    static const long fractions[] = {
        0, 1, 999999, 1000000, 999999999, 1000000000, -1, UTIME_NOW, UTIME_OMIT, 0x80000000,
    };
    long both[4];

    for (unsigned i = 0; i < COUNT(seconds); i++) {
        both[0] = both[1] = seconds[i];
        syscall(SYS_utime, "none", both);
    }
    for (unsigned i = 0; i < COUNT(fractions); i++) {
        both[0] = i ? 1700000000 : 0;
        both[1] = both[3] = fractions[i];
        both[2] = i & 1;
        syscall(SYS_utimes, "none", both);
        syscall(SYS_utimensat, -100, "none", both, 0);
    }
    both[3] = UTIME_NOW;
    syscall(SYS_utimensat, -100, "none", both, AT_SYMLINK_NOFOLLOW);
    both[1] = UTIME_OMIT;
    syscall(SYS_utimensat, fd, 0L, both, AT_SYMLINK_NOFOLLOW);
    syscall(SYS_futimesat, -100, "none", both);
    syscall(SYS_futimesat, fd, 0L, 0L);
    syscall(SYS_utime, "none", 0L);
    syscall(SYS_utime, 0L, end - 8);
    syscall(SYS_utimes, "none", 0L);
    syscall(SYS_utimes, "none", end - 16);
    syscall(SYS_utimensat, -100, "none", 0L, -1);
    syscall(SYS_utimensat, -100, "none", end - 16, 0x2000);
    syscall(SYS_utimensat, -100, "none", end - 32, 2);
    syscall(SYS_utimensat, -100, "none", 8L, 0x100000000);
}

static void watching(void)
{
    int fd = syscall(SYS_inotify_init1, IN_CLOEXEC | IN_NONBLOCK);

    syscall(SYS_inotify_init);
    syscall(SYS_inotify_init1, IN_CLOEXEC | 1);
    syscall(SYS_inotify_init1, 1);
    syscall(SYS_inotify_add_watch, fd, "dir", IN_ALL_EVENTS);
    syscall(SYS_inotify_add_watch, fd, "none", -1L);
    syscall(SYS_inotify_add_watch, -1, 0L, 0x1000);
    syscall(SYS_inotify_add_watch, fd, "file", 0x100000000);
    syscall(SYS_inotify_rm_watch, fd, 1);
    syscall(SYS_inotify_rm_watch, fd, -1);
    syscall(SYS_inotify_rm_watch, -1, 0x80000000);
}

int main(void)
{
    int fd = open("file", O_RDWR | O_CREAT, 0640);

    two_pages();
    munmap(end, 4096);
    symlink("file", "link");
    symlink("a target that is longer than the 32 characters", "long");
    mkdir("dir", 0755);
    mkdir("dir/sub", 0755);
    mkdir("dir/a name of more than thirty-two characters", 0755);
    close(open("dir/\t\"\377", O_WRONLY | O_CREAT, 0600));
    symlink("x", "dir/link");
    mkfifo("dir/fifo", 0600);
    opening();
    asking(fd);
    listing();
    naming(fd);
    changing(fd);
    timing(fd);
    watching();
    return 0;
}
