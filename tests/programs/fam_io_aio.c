/* Asynchronous I/O: io_setup and its kin, io_uring. */
#include <fcntl.h>
#include <linux/aio_abi.h>
#include <linux/io_uring.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

int main(void)
{
    aio_context_t ctx = 0;
    char buf[64] = "hello";
    int fd = syscall(SYS_openat, AT_FDCWD, "data", O_RDWR | O_CREAT | O_TRUNC, 0600);
    syscall(SYS_io_setup, 4U, &ctx);
    syscall(SYS_io_setup, -1U, 0);
    struct iocb w = {.aio_data = 0x11, .aio_lio_opcode = IOCB_CMD_PWRITE, .aio_fildes = fd,
                     .aio_buf = (unsigned long) buf, .aio_nbytes = 5, .aio_offset = 3};
    struct iocb r = {.aio_data = 0x12, .aio_lio_opcode = IOCB_CMD_PREAD, .aio_fildes = fd,
                     .aio_buf = (unsigned long) buf, .aio_nbytes = 5, .aio_offset = 3, .aio_reqprio = 7};
    struct iocb f = {.aio_lio_opcode = IOCB_CMD_FSYNC, .aio_fildes = fd};
    struct iocb odd = {.aio_lio_opcode = 77, .aio_fildes = -1};
    struct iocb *list[] = {&w, &r}, *others[] = {&f, &odd, 0, (void *) 8};
    syscall(SYS_io_submit, ctx, 2L, list);
    syscall(SYS_io_submit, ctx, 0L, list);
    syscall(SYS_io_submit, 0L, 4L, others);
    syscall(SYS_io_submit, 0L, 1L, 0);
    syscall(SYS_io_submit, 0L, -1L, list);
    struct io_event events[4];
    struct timespec zero = {0, 0};
    syscall(SYS_io_getevents, ctx, 2L, 4L, events, 0);
    syscall(SYS_io_getevents, ctx, 0L, 4L, events, &zero);
    syscall(SYS_io_getevents, 0L, 0L, -1L, events, 8);
    syscall(SYS_io_cancel, 0L, &w, events);
    syscall(SYS_io_cancel, 0L, 8L, 0);
    syscall(SYS_io_destroy, ctx);
    syscall(SYS_io_destroy, 0L);

    struct io_uring_params p = {.flags = 1 << 31}, q = {.flags = 8, .cq_entries = 64, .wq_fd = 5};
    syscall(425, 4U, &p);
    syscall(425, 4U, 0);
    syscall(425, -1U, &q);
    syscall(426, -1, 1U, 2U, 3U, 0, 8L);
    syscall(426, -1, 1U, 2U, 0x80000000U, 8L, 8L);
    syscall(427, -1, 0U, 8L, 2U);
    syscall(427, -1, 99U, 0, 2U);
    return 0;
}
