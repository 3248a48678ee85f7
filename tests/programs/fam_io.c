/* Descriptors: seeking, vectors, duplicating, pipes, copying between files, advice.
   mask: (pipe|socket):\[\d+\] */
#include "fam.h"
#include <fcntl.h>
#include <sys/uio.h>

static char a[64], b[64];
static struct iovec out[8] = {{"hello, world", 12}, {"", 0},
                              {"and forty-five bytes more of quite plain text", 45}};
static struct iovec in[3] = {{a, 5}, {b, 3}, {a + 20, 40}};
static struct iovec many[1100];

int main(void)
{
    two_pages();
    munmap(end, 4096);
    struct iovec odd[4] = {{BAD, 4}, {0, 0}, {ONES, 1}, {last("x y", 4), -1UL}};
    for (int i = 0; i < 1100; i++) {
        many[i].iov_base = "abc";
        many[i].iov_len = 1;
    }

    int fd = syscall(SYS_openat, AT_FDCWD, "data", O_RDWR | O_CREAT | O_TRUNC, 0600);
    syscall(SYS_writev, fd, out, 3L);
    syscall(SYS_writev, fd, many, 40L);
    syscall(SYS_writev, fd, odd, 4L);
    syscall(SYS_writev, fd, odd, 0L);
    syscall(SYS_writev, fd, 0, 0L);
    syscall(SYS_writev, fd, 0, 1L);
    syscall(SYS_writev, fd, BAD, 2L);
    syscall(SYS_writev, fd, ONES, 2L);
    syscall(SYS_writev, fd, out, -1L);
    syscall(SYS_writev, fd, out, 1L << 60);
    syscall(SYS_writev, fd, many, 1025L);
    syscall(SYS_writev, fd, last(out, 16), 2L);
    syscall(SYS_writev, fd, last(out, 16), 1L << 59);
    syscall(SYS_writev, fd, last(out, 8), 1L);
    syscall(SYS_writev, -1, out, 1L);
    syscall(SYS_lseek, fd, 0L, SEEK_SET);
    syscall(SYS_readv, fd, in, 3L);
    syscall(SYS_readv, fd, in, 2L);
    syscall(SYS_readv, fd, in, 0L);
    syscall(SYS_readv, fd, in, -1L);
    syscall(SYS_readv, -1, in, 3L);
    syscall(SYS_readv, fd, 0, 1L);
    syscall(SYS_readv, fd, BAD, 1L);
    syscall(SYS_readv, fd, last(in, 16), 2L);
    syscall(SYS_lseek, fd, 90L, SEEK_SET);
    syscall(SYS_readv, fd, in, 3L);
    syscall(SYS_lseek, fd, 1000L, SEEK_SET);
    syscall(SYS_readv, fd, in, 3L);
    syscall(SYS_preadv, fd, in, 3L, 2L, 0L);
    syscall(SYS_preadv, fd, in, 1L, 7L, 1L);
    syscall(SYS_preadv, fd, in, 1L, -1L, 0x100000000L);
    syscall(SYS_pwritev, fd, out, 3L, 1L, 0L);
    syscall(SYS_pwritev, fd, out, 1L, 1L, -1L);
    syscall(SYS_preadv2, fd, in, 3L, 2L, 0L, 0);
    syscall(SYS_preadv2, fd, in, 3L, 1000L, -1L, 8);
    syscall(SYS_preadv2, fd, in, 1L, 0L, 0L, -1);
    syscall(SYS_pwritev2, fd, out, 2L, 0L, 0L, 0x10);
    syscall(SYS_pwritev2, fd, out, 2L, 0L, 0L, 0x7f);
    syscall(SYS_pwritev2, fd, out, 2L, 0L, 0L, 0x80000000);

    syscall(SYS_lseek, fd, -5L, SEEK_CUR);
    syscall(SYS_lseek, fd, 0L, SEEK_END);
    syscall(SYS_lseek, fd, 0L, SEEK_DATA);
    syscall(SYS_lseek, fd, 1L << 62, SEEK_HOLE);
    syscall(SYS_lseek, fd, 5L, 5);
    syscall(SYS_lseek, -1, 0x7fffffffffffffffL, -1);

    syscall(SYS_dup, fd);
    syscall(SYS_dup, -1);
    syscall(SYS_dup2, fd, 20);
    syscall(SYS_dup2, fd, -1);
    syscall(SYS_dup3, fd, 21, O_CLOEXEC);
    syscall(SYS_dup3, fd, 21, 0);
    syscall(SYS_dup3, fd, 21, O_CLOEXEC | 0x1 | O_NONBLOCK | 0x80000000);

    int p[2];
    syscall(SYS_pipe, p);
    syscall(SYS_pipe2, p, O_CLOEXEC | O_NONBLOCK);
    syscall(SYS_pipe2, p, O_DIRECT);
    syscall(SYS_pipe2, p, 0);
    syscall(SYS_pipe2, p, O_EXCL);
    syscall(SYS_pipe2, p, -1);
    syscall(SYS_pipe, 0);
    syscall(SYS_pipe, BAD);
    syscall(SYS_pipe2, ONES, 1);

    syscall(436, 20U, 21U, 0U);            /* close_range */
    syscall(436, 100U, -1U, 4U);
    syscall(436, 100U, 50U, 2U);
    syscall(436, 100U, 150U, 0x18U);

    int other = syscall(SYS_openat, AT_FDCWD, "other", O_RDWR | O_CREAT | O_TRUNC, 0600);
    long long off = 3, off2 = 9;
    syscall(SYS_sendfile, other, fd, 0, 10L);
    syscall(SYS_sendfile, other, fd, &off, 10L);
    syscall(SYS_sendfile, other, fd, &off, 0L);
    syscall(SYS_sendfile, other, fd, BAD, 10L);
    syscall(SYS_sendfile, -1, fd, &off, -1L);
    syscall(SYS_sendfile, other, fd, last(&off, 8), 1L);
    syscall(SYS_sendfile, other, fd, last(&off, 4), 1L);
    off = -1;
    syscall(SYS_sendfile, other, fd, &off, 1L);
    off = 3;
    syscall(SYS_splice, fd, &off, p[1], 0, 20L, 1U | 4U);
    syscall(SYS_tee, p[0], p[1], 20L, 2U);
    syscall(SYS_tee, -1, p[1], -1L, 0x1fU);
    syscall(SYS_splice, p[0], 0, other, &off2, 5L, 0U);
    syscall(SYS_splice, p[0], &off, other, BAD, 5L, -1U);
    off = -7;
    syscall(SYS_splice, p[0], 0, other, &off, 5L, 0U);
    syscall(SYS_vmsplice, p[1], out, 3L, 0U);
    syscall(SYS_vmsplice, p[0], in, 1L, 2U | 8U);
    syscall(SYS_vmsplice, -1, in, 1L, 8U);
    syscall(SYS_vmsplice, p[1], BAD, 2L, 0x10U);
    off = off2 = 0;
    syscall(SYS_copy_file_range, fd, &off, other, &off2, 30L, 0U);
    syscall(SYS_copy_file_range, fd, &off, other, &off2, 0L, 0U);
    syscall(SYS_copy_file_range, fd, 0, other, 0, 3L, 0U);
    syscall(SYS_copy_file_range, fd, &off, -1, BAD, -1L, 1U);
    off = -7;
    syscall(SYS_copy_file_range, fd, &off, other, &off2, 1L, 0xffU);

    syscall(SYS_fallocate, other, 0, 0L, 100L);
    syscall(SYS_fallocate, other, 3, 10L, 10L);
    syscall(SYS_fallocate, other, 0xffff, -1L, -1L);
    syscall(SYS_fallocate, -1, 0x800, 1L << 40, 1L);
    syscall(SYS_fadvise64, other, 0L, 10L, 0);
    syscall(SYS_fadvise64, other, -1L, -10L, 5);
    syscall(SYS_fadvise64, -1, 1L << 40, 0L, 6);
    syscall(SYS_fadvise64, other, 0L, 0L, -1);
    syscall(SYS_readahead, fd, 0L, 10L);
    syscall(SYS_readahead, -1, -1L, -1L);
    syscall(SYS_sync_file_range, other, 0L, 10L, 2U);
    syscall(SYS_sync_file_range, other, -1L, -10L, 0xffU);
    syscall(SYS_sync_file_range, -1, 0L, 0L, 0U);
    syscall(SYS_sync_file_range, -1, 0L, 0L, 0x80U);
    return 0;
}
