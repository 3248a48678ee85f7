/* Extended attributes, file attributes, and handles of files. */
// mask: f_handle="[^"]*"
#include "fam.h"
#include <fcntl.h>
#include <sys/stat.h>

#define SETXATTRAT 463
#define GETXATTRAT 464
#define LISTXATTRAT 465
#define REMOVEXATTRAT 466
#define FILE_GETATTR 468
#define FILE_SETATTR 469

struct xattr_args { unsigned long value; unsigned size, flags; };
struct file_attr { unsigned long xflags; unsigned extsize, nextents, projid, cowextsize; };

int main(void)
{
    two_pages();
    char buf[600];
    static char zeros[300];
    int fd = syscall(SYS_openat, AT_FDCWD, "file", O_RDWR | O_CREAT, 0640);
    int i;

    mprotect(end, 4096, PROT_NONE);
    symlink("file", "link");

    /* set */
    syscall(SYS_setxattr, "file", "user.one", "value", 5L, 0);
    syscall(SYS_setxattr, "file", "user.one", "value", 5L, 1);
    syscall(SYS_setxattr, "file", "user.none", "value", 5L, 2);
    syscall(SYS_setxattr, "file", "user.two", "a\0b\377 and a longer value than thirty-two bytes are", 48L, 1);
    syscall(SYS_setxattr, "file", "user.empty", "", 0L, 3);
    syscall(SYS_setxattr, "file", "user.x", NULL, 0L, 0xfffffffc);
    syscall(SYS_setxattr, "file", "user.x", NULL, 5L, 0xffffffff);
    syscall(SYS_setxattr, NULL, NULL, NULL, 0L, 0);
    syscall(SYS_setxattr, BAD, BAD, BAD, 5L, 4);
    syscall(SYS_setxattr, ONES, ONES, ONES, -1L, 0x80000001);
    syscall(SYS_setxattr, "file", "user.x", "value", -1L, 0);
    syscall(SYS_setxattr, "file", "user.x", "value", 0x100000005L, 0x100000001L);
    syscall(SYS_setxattr, "file", last("user.y", 6), last("val", 3), 4L, 0);
    syscall(SYS_setxattr, last("file", 5), last("user.y", 7), last("val", 3), 3L, 0);
    syscall(SYS_lsetxattr, "link", "trusted.l", "12345", 5L, 1);
    syscall(SYS_lsetxattr, "nothing", "trusted.l", zeros, 300L, 2);
    syscall(SYS_fsetxattr, fd, "user.f", "12345\n", 6L, 1);
    syscall(SYS_fsetxattr, -1, "user.f", zeros, 300L, 8);
    syscall(SYS_fsetxattr, AT_FDCWD, "a name which is a good deal longer than thirty-two bytes", zeros, 3L, 0);
    syscall(SYS_setxattr, "file", "a name which is a good deal longer than thirty-two bytes", zeros, 3L, 0);

    /* get */
    syscall(SYS_getxattr, "file", "user.one", buf, 100L);
    syscall(SYS_getxattr, "file", "user.two", buf, 100L);
    syscall(SYS_getxattr, "file", "user.two", buf, 0L);
    syscall(SYS_getxattr, "file", "user.two", NULL, 0L);
    syscall(SYS_getxattr, "file", "user.two", buf, 3L);
    syscall(SYS_getxattr, "file", "user.empty", buf, 3L);
    syscall(SYS_getxattr, "file", "user.one", NULL, 100L);
    syscall(SYS_getxattr, "file", "user.one", end - 3, 100L);
    syscall(SYS_getxattr, "file", "user.nil", buf, 100L);
    syscall(SYS_getxattr, NULL, NULL, NULL, 0L);
    syscall(SYS_getxattr, ONES, ONES, ONES, -1L);
    syscall(SYS_getxattr, "file", "user.one", end - 5, 5L);
    syscall(SYS_lgetxattr, "link", "trusted.l", buf, 100L);
    syscall(SYS_lgetxattr, "link", "user.one", buf, 100L);
    syscall(SYS_fgetxattr, fd, "user.f", buf, 100L);
    syscall(SYS_fgetxattr, 77, "user.f", BAD, 0xffffffffL);

    syscall(SYS_setxattr, "file", "user.empty", "", 0L, 0);
    syscall(SYS_getxattr, "file", "user.empty", buf, 3L);
    syscall(SYS_getxattr, "file", "user.empty", NULL, 0L);
    syscall(SYS_setxattr, "file", "user.empty", zeros, 0x10000L, 4);
    syscall(SYS_setxattr, "file", "user.empty", "abc\0\0d", 4L, 4);
    syscall(SYS_setxattr, "file", "user.empty", "abc\0\0d", 5L, 4);
    syscall(SYS_removexattr, "file", "user.empty");
    syscall(SYS_open, "plain", O_RDWR | O_CREAT, 0640);
    syscall(SYS_listxattr, "plain", buf, 600L);
    syscall(SYS_listxattr, "plain", NULL, 600L);
    syscall(SYS_listxattr, "plain", buf, 0L);

    /* list */
    syscall(SYS_listxattr, "file", buf, 600L);
    syscall(SYS_listxattr, "file", NULL, 0L);
    syscall(SYS_listxattr, "file", buf, 0L);
    syscall(SYS_listxattr, "file", buf, 2L);
    syscall(SYS_listxattr, "file", BAD, 600L);
    syscall(SYS_listxattr, NULL, NULL, -1L);
    syscall(SYS_llistxattr, "link", buf, 600L);
    syscall(SYS_llistxattr, ONES, ONES, 0L);
    syscall(SYS_flistxattr, fd, buf, 600L);
    syscall(SYS_flistxattr, -100, buf, 600L);

    /* at */
    for (i = 0; i < 7; i++) {
        static const unsigned flags[] = {0, 0x100, 0x1000, 0x1100, 0x800, 0xffffffff, 1};
        struct xattr_args args = {(unsigned long) "att", 3, i == 3 ? 3 : i == 4 ? 8 : 0}, get = {(unsigned long) buf, 100, 0};
        syscall(SETXATTRAT, AT_FDCWD, "file", flags[i], "user.at", &args, 16L);
        syscall(GETXATTRAT, AT_FDCWD, "file", flags[i], "user.at", &get, 16L);
        syscall(LISTXATTRAT, AT_FDCWD, "file", flags[i], buf, 600L);
        syscall(REMOVEXATTRAT, i == 6 ? 77 : AT_FDCWD, "file", flags[i], "user.at");
    }
    struct { struct xattr_args args; long more, evenmore; } args = {{(unsigned long) "att", 3, 1}, 0, 0};
    syscall(SETXATTRAT, -1, "file", 0, "user.at", &args, 16L);
    syscall(SETXATTRAT, AT_FDCWD, "file", 0, "user.big", &args, 24L);
    syscall(REMOVEXATTRAT, AT_FDCWD, "file", 0, "user.big");
    args.more = 0x1122334455667788;
    syscall(SETXATTRAT, AT_FDCWD, "file", 0, "user.big", &args, 24L);
    syscall(SETXATTRAT, AT_FDCWD, "file", 0, "user.big", &args, 32L);
    syscall(SETXATTRAT, AT_FDCWD, "file", 0, "user.big", &args, 8L);
    syscall(SETXATTRAT, AT_FDCWD, "file", 0, "user.big", &args, 0L);
    syscall(SETXATTRAT, AT_FDCWD, "file", 0, "user.big", &args, -1L);
    syscall(SETXATTRAT, AT_FDCWD, "file", 0, "user.big", last(&args, 16), 17L);
    syscall(SETXATTRAT, AT_FDCWD, "file", 0, "user.big", last(&args, 24), 32L);
    syscall(SETXATTRAT, AT_FDCWD, "file", 0, "user.big", last(&args, 12), 16L);
    syscall(SETXATTRAT, AT_FDCWD, "file", 0, "user.big", NULL, 16L);
    syscall(SETXATTRAT, AT_FDCWD, "file", 0, "user.big", BAD, 5000L);
    args.args.value = 8;
    args.args.size = -1;
    args.args.flags = 0x18;
    args.more = 0;
    syscall(SETXATTRAT, AT_FDCWD, NULL, 0, NULL, &args, 16L);
    syscall(SETXATTRAT, fd, ONES, 0x1000, ONES, &args, 16L);
    syscall(SETXATTRAT, fd, "", 0x1000, "user.none", &args, 16L);
    syscall(GETXATTRAT, fd, "", 0x1000, "user.one", &args, 16L);
    args.args.value = 0;
    args.args.size = 0;
    args.args.flags = 0;
    syscall(GETXATTRAT, fd, "", 0x1000, "user.one", &args, 16L);
    args.args.value = (unsigned long) buf;
    args.args.size = 3;
    syscall(GETXATTRAT, fd, "", 0x1000, "user.one", &args, 16L);
    args.args.size = 100;
    syscall(GETXATTRAT, fd, "", 0x1000, "user.one", &args, 24L);
    syscall(GETXATTRAT, fd, "", 0x1000, "user.one", &args, 12L);
    syscall(GETXATTRAT, fd, "", 0x1000, "user.two", &args, 16L);
    syscall(GETXATTRAT, fd, "", 0x1000, "user.empty", &args, 16L);
    args.args.flags = 1;
    syscall(GETXATTRAT, fd, "", 0x1000, "user.one", &args, 16L);
    args.more = 5;
    syscall(GETXATTRAT, fd, "", 0x1000, "user.one", &args, 24L);
    syscall(GETXATTRAT, fd, "", 0x1000, "user.one", last(&args, 16), 24L);
    syscall(GETXATTRAT, fd, "", 0x1000, "user.one", last(&args, 12), 16L);
    syscall(GETXATTRAT, fd, "", 0x1000, "user.one", NULL, 16L);
    syscall(GETXATTRAT, -1, NULL, -1, NULL, BAD, -1L);
    syscall(LISTXATTRAT, fd, "", 0x1000, NULL, 0L);
    syscall(LISTXATTRAT, fd, "", 0x1000, buf, 0L);
    syscall(LISTXATTRAT, fd, "", 0x1000, buf, 2L);
    syscall(LISTXATTRAT, -1, NULL, 0x1000, BAD, -1L);
    syscall(REMOVEXATTRAT, -1, NULL, 0x1000, NULL);
    syscall(REMOVEXATTRAT, fd, ONES, 0x2000, ONES);

    /* remove */
    syscall(SYS_removexattr, "file", "user.one");
    syscall(SYS_removexattr, "file", "user.one");
    syscall(SYS_removexattr, NULL, NULL);
    syscall(SYS_removexattr, ONES, BAD);
    syscall(SYS_lremovexattr, "link", "trusted.l");
    syscall(SYS_lremovexattr, "none", last("trusted.l", 9));
    syscall(SYS_fremovexattr, fd, "user.f");
    syscall(SYS_fremovexattr, -1, "user.f");

    /* file attributes */
    struct { struct file_attr attr; long more; } attr = {{0, 0, 0, 0, 0}, 0};
    for (i = 0; i < 3; i++) {
        static const unsigned flags[] = {0, 0x1100, 0xffffffff};
        syscall(FILE_GETATTR, AT_FDCWD, "file", &attr, 24L, flags[i]);
        syscall(FILE_SETATTR, AT_FDCWD, "file", &attr, 24L, flags[i]);
    }
    attr.attr.xflags = ~0ul;
    attr.attr.extsize = 1; attr.attr.nextents = -1; attr.attr.projid = -1; attr.attr.cowextsize = 4;
    syscall(FILE_SETATTR, AT_FDCWD, "nothing", &attr, 24L, 0);
    syscall(FILE_SETATTR, AT_FDCWD, "nothing", &attr, 32L, 0);
    attr.attr.xflags = 0x100000;
    attr.more = 5;
    syscall(FILE_SETATTR, AT_FDCWD, "nothing", &attr, 32L, 0);
    syscall(FILE_SETATTR, AT_FDCWD, "nothing", last(&attr, 24), 32L, 0);
    syscall(FILE_SETATTR, AT_FDCWD, "nothing", last(&attr, 20), 24L, 0);
    syscall(FILE_SETATTR, AT_FDCWD, "nothing", last(&attr, 20), 20L, 0);
    syscall(FILE_SETATTR, -1, NULL, NULL, 24L, 1);
    syscall(FILE_SETATTR, fd, ONES, BAD, -1L, 0x1000);
    syscall(FILE_GETATTR, AT_FDCWD, "nothing", &attr, 24L, 0);
    syscall(FILE_GETATTR, AT_FDCWD, "file", &attr, 32L, 0);
    syscall(FILE_GETATTR, AT_FDCWD, "file", &attr, 20L, 0);
    syscall(FILE_GETATTR, fd, "", &attr, 24L, 0x1000);
    syscall(FILE_GETATTR, fd, "", last(&attr, 20), 24L, 0x1000);
    syscall(FILE_GETATTR, -1, ONES, BAD, -1L, 0x10);

    /* handles */
    struct { unsigned size; int type; unsigned char bytes[128]; } handle = {128, 0, {0}};
    int mount[2] = {0, 0};
    long mount64 = 0;
    for (i = 0; i < 8; i++) {
        static const unsigned flags[] = {0, 0x400, 0x1000, 0x200, 1, 2, 0x1600, 0xffffffff};
        handle.size = 128;
        syscall(SYS_name_to_handle_at, AT_FDCWD, "file", &handle, mount, flags[i]);
        syscall(SYS_name_to_handle_at, fd, "", &handle, &mount64, flags[i] | 0x1000);
        syscall(SYS_open_by_handle_at, fd, &handle, i * 01000001);
    }
    handle.size = 0;
    syscall(SYS_name_to_handle_at, AT_FDCWD, "file", &handle, mount, 0);
    handle.size = 4;
    syscall(SYS_name_to_handle_at, AT_FDCWD, "file", &handle, mount, 0);
    handle.size = 129;
    syscall(SYS_name_to_handle_at, AT_FDCWD, "file", &handle, mount, 0);
    handle.size = 4096;
    syscall(SYS_name_to_handle_at, AT_FDCWD, "file", &handle, mount, 0);
    handle.size = 8;
    syscall(SYS_name_to_handle_at, AT_FDCWD, "nothing", &handle, mount, 0);
    syscall(SYS_name_to_handle_at, AT_FDCWD, "file", last(&handle, 16), NULL, 0);
    syscall(SYS_name_to_handle_at, AT_FDCWD, "file", last(&handle, 12), mount, 0);
    syscall(SYS_name_to_handle_at, AT_FDCWD, "file", last(&handle, 6), mount, 0);
    handle.size = 128;
    syscall(SYS_name_to_handle_at, AT_FDCWD, "file", last(&handle, 40), mount, 0);
    syscall(SYS_name_to_handle_at, AT_FDCWD, "file", NULL, NULL, 0);
    syscall(SYS_name_to_handle_at, AT_FDCWD, "file", BAD, BAD, 0);
    syscall(SYS_name_to_handle_at, -1, NULL, ONES, ONES, 0);
    handle.size = 128;
    syscall(SYS_name_to_handle_at, AT_FDCWD, "file", &handle, BAD, 0);
    memset(handle.bytes, 'x', 128);
    handle.size = 128; handle.type = -1;
    syscall(SYS_open_by_handle_at, -1, &handle, O_RDWR | O_CREAT | O_CLOEXEC);
    handle.type = 0xff;
    syscall(SYS_open_by_handle_at, AT_FDCWD, &handle, O_PATH);
    handle.size = 8; handle.type = 1;
    syscall(SYS_open_by_handle_at, fd, last(&handle, 16), O_WRONLY);
    handle.size = 9;
    syscall(SYS_open_by_handle_at, fd, last(&handle, 16), 3);
    handle.size = 129;
    syscall(SYS_open_by_handle_at, fd, &handle, 3);
    handle.size = -1;
    syscall(SYS_open_by_handle_at, fd, &handle, 3);
    handle.size = 0;
    syscall(SYS_open_by_handle_at, fd, &handle, 3);
    syscall(SYS_open_by_handle_at, fd, last(&handle, 6), 3);
    syscall(SYS_open_by_handle_at, fd, NULL, 0xffffffff);
    syscall(SYS_open_by_handle_at, fd, BAD, 0);
    return 0;
}
