/* Calls on one file by its path and by descriptors, and calls on other files, for -P and -e trace-fds. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/select.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    const char *x = argv[1], *other = argv[2], *directory = argv[3];
    char b[100];
    struct stat st;
    int a = open(x, O_RDWR | O_CREAT, 0600), o = open(other, O_RDWR | O_CREAT, 0600);
    int d = open(directory, O_RDONLY);
    openat(d, "x", O_RDONLY);
    openat(AT_FDCWD, "nope", O_RDONLY);
    symlink(x, "y");
    symlink("y", x);
    link(x, "z");
    link("z", x);
    rename("z", x);
    rename(x, x);
    linkat(d, "a", d, x, 0);
    renameat(d, "a", d, x);
    symlinkat(x, d, "b");
    unlinkat(d, "nope", 0);
    write(a, "a", 1);
    write(o, "o", 1);
    dup2(a, 50);
    dup2(o, 51);
    dup2(o, 50);
    dup2(a, 50);
    mmap(0, 10, PROT_READ, MAP_PRIVATE, a, 0);
    mmap(0, 10, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    struct pollfd p[3] = {{o, POLLIN}, {a, POLLIN}, {-5, POLLIN}};
    poll(p, 1, 0);
    poll(p, 3, 0);
    poll((void *) 8, 3, 0);
    fd_set s;
    struct timeval t = {0};
    FD_ZERO(&s);
    FD_SET(a, &s);
    syscall(SYS_select, 60, 0, 0, &s, &t);
    syscall(SYS_select, a, &s, 0, 0, &t);
    int e = epoll_create(1);
    epoll_ctl(e, EPOLL_CTL_ADD, a, 0);
    epoll_ctl(a, EPOLL_CTL_ADD, o, 0);
    stat(x, &st);
    fstat(a, &st);
    stat(other, &st);
    syscall(SYS_copy_file_range, a, 0, o, 0, 0, 0);
    syscall(SYS_copy_file_range, o, 0, a, 0, 0, 0);
    chdir(x);
    getpid();
    unlink(x);
    write(a, "b", 1);
    fsync(50);
    close(50);
    close(a);
    write(a, "c", 1);
    return argc != 4;
}
