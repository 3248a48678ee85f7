/* io_uring, io_pgetevents and io_cancel under a filter that answers 3 (success) or EINVAL without doing anything: not
   every kernel allows io_uring. The structures are written out, because the system's headers may be older. */
#include "fam.h"
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>

static struct {
    unsigned sq_entries, cq_entries, flags, sq_thread_cpu, sq_thread_idle, features, wq_fd, resv[3];
    struct { unsigned head, tail, ring_mask, ring_entries, flags, dropped, array, resv1; unsigned long user_addr; } sq;
    struct { unsigned head, tail, ring_mask, ring_entries, overflow, cqes, flags, resv1; unsigned long user_addr; } cq;
} params;
static struct { unsigned long mask; unsigned size, wait; unsigned long ts; } arg;
static struct { unsigned long data; unsigned key, rw_flags; unsigned short opcode; short prio; unsigned fd;
                unsigned long buf, nbytes; long offset; unsigned long reserved; unsigned flags, resfd; } cb;
static struct { unsigned long mask, size; } sig;

/* The last argument tells the filter what to answer. */
static void both(long nr, long a, long b, long c, long d, long e)
{
    syscall(nr, a, b, c, d, e, 3L);
    syscall(nr, a, b, c, d, e, 0L);
}

static void setup(void *address)
{
    /* Two arguments: the others are free. */
    both(SYS_io_uring_setup, 4, (long)address, 0, 0, 0);
}

int main(void)
{
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_io_uring_setup, 7, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_io_uring_enter, 6, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_io_uring_register, 5, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_io_pgetevents, 4, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_io_cancel, 3, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_io_submit, 2, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_io_getevents, 1, 0),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[5])),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 3, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | 0),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EINVAL),
    };
    struct sock_fprog program = {COUNT(code), code};
    two_pages();
    munmap(end, 4096);
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program))
        return 3;

    setup(&params);
    for (unsigned bit = 0; bit < 32; bit++) {
        params.flags = params.features = 1U << bit;
        setup(&params);
    }
    params.flags = 0;
    params.features = 0x1ffffff;
    for (unsigned word = 0; word < sizeof params / 4; word++) {
        memset(&params, 0, sizeof params);
        ((unsigned *)&params)[word] = 0x11 + word;
        setup(&params);
    }
    for (unsigned word = 0; word < sizeof params / 4; word++)
        ((unsigned *)&params)[word] = word + 1;
    setup(&params);
    params.flags = 0x28;
    params.wq_fd = 1;
    setup(&params);
    params.flags = 2;
    setup(&params);
    for (unsigned at = 4; at <= 124; at += 8)
        setup(end - at);
    setup(NULL);
    setup((void *)8);

    long data = (long)&arg;
    both(SYS_io_uring_enter, 1, 2, 3, 0, 0);
    for (unsigned bit = 0; bit < 32; bit++)
        both(SYS_io_uring_enter, 1, 2, 3, 1U << bit, data);
    arg.mask = (long)&sig;
    arg.size = 8;
    arg.wait = 77;
    arg.ts = (long)&params;
    for (long size = 0; size < 40; size += 8)
        for (long flags = 0; flags < 0x100; flags += 8)
            if (flags == 0 || flags == 8 || flags == 0x48 || flags == 0x40 || flags == 0x28)
                syscall(SYS_io_uring_enter, 1, 2, 3, flags, data, size);
    arg.size = 4;
    syscall(SYS_io_uring_enter, -1, 2, 3, 8L, data, 24L);
    arg.ts = 8;
    arg.mask = 0;
    syscall(SYS_io_uring_enter, 1, 2, 3, 8L, data, 24L);
    syscall(SYS_io_uring_enter, 1, 2, 3, 8L, end - 16, 24L);
    syscall(SYS_io_uring_enter, 1, 2, 3, 8L, 0L, 24L);
    syscall(SYS_io_uring_enter, 1, 2, 3, 0L, &sig, 8L);
    syscall(SYS_io_uring_enter, 1, 2, 3, 0L, 0L, 8L);
    syscall(SYS_io_uring_enter, 1, 2, 3, 0L, 8L, 8L);

    for (unsigned op = 0; op < 45; op++) {
        /* What is not decoded: limits of workers, buffer status, busy polling, messages, zero copy, memory. */
        if (op == 19 || op == 26 || op == 27 || op == 28 || (op >= 31 && op <= 37))
            continue;
        both(SYS_io_uring_register, 1, op, data, 1, 0);
        both(SYS_io_uring_register, 1, op, 0, 0, 0);
    }
    static unsigned words[64];
    static const long counts[] = {0, 1, 2, 3, 32, 40, 56, -1};
    for (unsigned op = 0; op < 31; op++) {
        if (op == 19 || op == 26 || op == 27 || op == 28)
            continue;
        for (unsigned i = 0; i < 64; i++)
            words[i] = 0;
        both(SYS_io_uring_register, 1, op, (long)words, 1, 0);
        for (unsigned i = 0; i < 64; i++)
            words[i] = i + 1;
        for (unsigned i = 0; i < COUNT(counts); i++)
            both(SYS_io_uring_register, 1, op, (long)words, counts[i], 0);
        for (unsigned i = 0; i < 20; i++) {
            memset(words, 0, sizeof words);
            words[i] = 0x01020003;
            for (unsigned count = 0; count < 2; count++)
                both(SYS_io_uring_register, 1, op, (long)words, op >= 13 && op <= 16 ? 32 : count, 0);
        }
        syscall(SYS_io_uring_register, 1, op, end - 12, 1);
    }
    static unsigned fds[] = {1, 2, -1};
    static unsigned long tags[] = {7, 8, 9}, resources[] = {3, 0, (long)fds, (long)tags};
    both(SYS_io_uring_register, 1, 13, (long)resources, 32, 0);
    both(SYS_io_uring_register, 1, 15, (long)resources, 32, 0);
    resources[0] = 1;
    resources[1] = (long)fds;
    resources[2] = (long)tags;
    resources[3] = 3;
    both(SYS_io_uring_register, 1, 14, (long)resources, 32, 0);
    both(SYS_io_uring_register, 1, 16, (long)resources, 32, 0);
    both(SYS_io_uring_register, 1, 6, (long)resources, 3, 0);
    both(SYS_io_uring_register, 1, 0x80000001, data, 1, 0);
    both(SYS_io_uring_register, -1, 0xffffffff, data, -1, 0);
    both(SYS_io_uring_register, -1, 0x7fffffff, 8, -1, 0);

    long events[12] = {1, 2, -3, 4, 5, 6, -7, 8, 9, 10, 11, 12}, time[2] = {1, 2};
    sig.mask = (long)&params;
    for (sig.size = 0; sig.size < 24; sig.size += 8)
        syscall(SYS_io_pgetevents, 1L, 2L, 3L, events, time, &sig);
    sig.size = 8;
    both(SYS_io_getevents, 1, 2, 3, (long)events, (long)time);
    syscall(SYS_io_pgetevents, 1L, -2L, -3L, 0L, 0L, 0L);
    syscall(SYS_io_pgetevents, 1L, -2L, -3L, 8L, 8L, 8L);
    syscall(SYS_io_pgetevents, 1L, -2L, -3L, end - 40, end - 8, end - 8);
    syscall(SYS_io_pgetevents, 1L, -2L, -3L, events, time, 3L);
    sig.mask = 0;
    syscall(SYS_io_pgetevents, 1L, -2L, -3L, events, time, &sig);
    sig.mask = 8;
    syscall(SYS_io_pgetevents, 1L, -2L, -3L, events, time, &sig);

    long list[] = {(long)&cb, 8, 0, (long)(end - 32)};
    both(SYS_io_submit, 1, 4, (long)list, 0, 0);
    for (unsigned op = 0; op < 11; op++)
        for (int full = 0; full < 2; full++) {
            memset(&cb, 0, sizeof cb);
            cb.opcode = op;
            if (full) {
                cb.data = 0x1234;
                cb.key = 7;
                cb.rw_flags = 0x21;
                cb.prio = 4;
                cb.fd = 1;
                cb.buf = (long)"data";
                cb.nbytes = 4;
                cb.offset = -5;
                cb.reserved = 9;
                cb.flags = 1;
                cb.resfd = 2;
            }
            both(SYS_io_submit, 1, 1, (long)list, 0, 0);
            both(SYS_io_cancel, 1, (long)&cb, (long)events, 0, 0);
        }
    for (unsigned bit = 0; bit < 32; bit++) {
        cb.opcode = bit & 1;
        cb.rw_flags = cb.flags = 1U << bit;
        cb.prio = 1 << bit % 16;
        cb.resfd = bit > 3 ? -1 : bit / 2;
        both(SYS_io_submit, 1, 1, (long)list, 0, 0);
    }
    cb.opcode = 7;
    cb.buf = (long)events;
    cb.nbytes = 2;
    events[0] = (long)"buffer";
    events[1] = 6;
    events[2] = (long)"more";
    events[3] = 4;
    both(SYS_io_submit, 1, 1, (long)list, 0, 0);
    cb.opcode = 8;
    both(SYS_io_submit, 1, 1, (long)list, 0, 0);
    cb.nbytes = 0;
    both(SYS_io_submit, 1, 1, (long)list, 0, 0);
    cb.buf = 8;
    cb.nbytes = 1;
    both(SYS_io_submit, 1, 1, (long)list, 0, 0);
    cb.fd = -1;
    cb.prio = (2 << 13) | 7;
    both(SYS_io_submit, 1, 1, (long)list, 0, 0);
    both(SYS_io_cancel, 1, (long)(end - 32), 8, 0, 0);
    return 0;
}
