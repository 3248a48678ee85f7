/* The plainest calls: opening, reading, writing, closing. */
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void)
{
    char buf[64];
    int fd = syscall(SYS_openat, AT_FDCWD, "file \t\"\\\1\1771\n", O_RDWR | O_CREAT | O_TRUNC, 0640);
    syscall(SYS_write, fd, "hello\0world\3331 and more than thirty-two bytes", 45L);
    syscall(SYS_pwrite64, fd, "x", 1L, 100L);
    syscall(SYS_pread64, fd, buf, 50L, 2L);
    syscall(SYS_read, fd, (void *) 8, 50L);
    syscall(SYS_read, -1, buf, 50L);
    syscall(SYS_write, fd, (void *) -1L, 50L);
    syscall(SYS_openat, fd, (void *) 16, 0xfffffffff, 0777);
    syscall(SYS_openat, -100, 0, 0x87000000, 0777);
    syscall(SYS_open, "/nonexistent", 3);
    syscall(SYS_creat, "/nonexistent/x", 01755);
    syscall(SYS_close, fd);
    syscall(SYS_close, 0x1ffffffffL);
    return 0;
}
