// ptrace(2): what its requests tell and set, as a filter has them succeed. Nobody is traced by this program.
/* mask: clone\(.* */
/* mask: pipe:\[\d+\] */
#include "fam.h"
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/uio.h>

#define WORD(member) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, member))
#define IS(value, yes, no) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, yes, no)
#define ANSWER(what) BPF_STMT(BPF_RET | BPF_K, what)

/* ptrace has four arguments: the fifth is what the call is to return, and with a sixth it fails. */
#define P(request, addr, data, ...) C(ptrace, request, 5, addr, data, ##__VA_ARGS__)
#define FAIL 0, 1

/* Answers the calls that are to return something else than 0, and is not traced itself. */
static void supervise(int pipe)
{
    struct seccomp_notif asked;
    struct seccomp_notif_resp answer;
    int fd;

    read(pipe, &fd, sizeof(fd));
    for (;;) {
        memset(&asked, 0, sizeof(asked));
        if (ioctl(fd, SECCOMP_IOCTL_NOTIF_RECV, &asked))
            _exit(0);
        memset(&answer, 0, sizeof(answer));
        answer.id = asked.id;
        answer.val = asked.data.args[4];
        if (asked.data.args[0] == -1U || asked.data.args[0] == -1ULL)
            answer.val = 0;
        ioctl(fd, SECCOMP_IOCTL_NOTIF_SEND, &answer);
        if (asked.data.args[0] == -1U || asked.data.args[0] == -1ULL)
            _exit(0);
    }
}

static void answer_calls(void)
{
    static struct sock_filter filter[] = {
        WORD(nr), IS(SYS_ptrace, 1, 0), ANSWER(SECCOMP_RET_ALLOW),
        WORD(args[5]), IS(0, 1, 0), ANSWER(SECCOMP_RET_ERRNO | EINVAL),
        WORD(args[4]), IS(0, 0, 1), ANSWER(SECCOMP_RET_ERRNO), ANSWER(SECCOMP_RET_USER_NOTIF)};
    struct sock_fprog program = {COUNT(filter), filter};
    int ends[2], fd;

    pipe(ends);
    if (!syscall(SYS_clone, CLONE_FILES | CLONE_UNTRACED, 0L, 0L, 0L, 0L))
        supervise(ends[0]);
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    fd = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &program);
    write(ends[1], &fd, sizeof(fd));
}

static void both(long get, long addr, void *data)
{
    P(get, addr, data);
    P(get + 1, addr, data);
}

static void register_sets(char *some)
{
    static const int notes[] = {1, 2, 3, 0x200, 0x202, 0x401, 0x46e62b7f};
    static const long lengths[] = {216, 224, 512, 0, 4, 7, 8, 12, 16, 24, 28, 32, 36, 64, 67, 68, 72, 104, 108, 112, 160, 164,
        168, 208, 215, 412, 416, 420, 424, 508, 516, 520, 4096, 5000, -1};
    struct iovec vector;
    unsigned i, j;

    for (i = 0; i < COUNT(notes); i++) {
        for (j = 0; j < (i < 2 ? COUNT(lengths) : 3); j++) {
            vector = (struct iovec) {some, lengths[j]};
            both(0x4204, notes[i], &vector);
        }
        both(0x4204, notes[i], last(&vector, sizeof(vector) - 1));
        both(0x4204, notes[i] | 7L << 16 << 16, NULL);
        both(0x4204, notes[i], BAD);
        vector = (struct iovec) {some, 216};
        P(0x4204, notes[i], &vector, FAIL);
        P(0x4205, notes[i], &vector, FAIL);
        P(0x4204, notes[i], BAD, FAIL);
        P(0x4205, notes[i], NULL, FAIL);
        P(0x4204, notes[i], LAST(vector), 1);
        P(0x4205, notes[i], LAST(vector), 1);
        vector.iov_len = 16;
        vector.iov_base = end - 16;
        both(0x4204, notes[i], &vector);
        vector.iov_base = end - 15;
        both(0x4204, notes[i], &vector);
        vector.iov_base = NULL;
        both(0x4204, notes[i], &vector);
        vector.iov_base = BAD;
        both(0x4204, notes[i], &vector);
        vector.iov_len = 0;
        both(0x4204, notes[i], &vector);
    }
    for (i = 0; i < 0x1100; i += i < 0x20 || i % 0x100 < 0x14 ? 1 : 0x100 - i % 0x100)
        P(0x4204, i, NULL);
    P(0x4204, 0x53494749, NULL);
    P(0x4204, 0x46494c45, NULL);
    P(0x4204, -1, NULL);
}

static void signals(char *some)
{
    static const long sizes[] = {0, 1, 4, 7, 8, 9, 12, 16, 100, -1};
    struct { unsigned long long off; unsigned flags; int nr; } args = {0, 0, 10};
    static int infos[64][32];
    unsigned i;

    for (i = 0; i < 64; i++) {
        infos[i][0] = 10 + i % 4;
        infos[i][2] = i ? -1 : 1;
        infos[i][3] = 78;
        infos[i][4] = 77;
        infos[i][5] = 7;
        infos[i][6] = 8;
    }
    static const int results[] = {0, 1, 3, 32, 33, 40, -1};
    for (i = 0; i < COUNT(results); i++) {
        args.flags = i;
        args.nr = i - 1;
        P(0x4209, &args, infos, results[i]);
        P(0x4209, &args, NULL, results[i]);
        P(0x4209, &args, BAD, results[i]);
        P(0x4209, NULL, infos, results[i]);
    }
    args.off = -1;
    P(0x4209, &args, infos, FAIL);
    P(0x4209, LAST(args), infos, 1);
    P(0x4209, last(&args, 12), infos, 1);
    P(0x4209, BAD, last(infos, 128), 2);
    P(0x4209, BAD, last(infos, 300), 3);
    P(0x4209, BAD, last(infos, 64), 3);
    P(0x4209, BAD, ONES, 3);
    both(0x4202, 8, infos);
    both(0x4202, 0, last(infos, 128));
    both(0x4202, 0, last(infos, 127));
    both(0x4202, 0, NULL);
    both(0x4202, 0, BAD);
    P(0x4202, 0, infos, FAIL);
    P(0x4203, 0, infos, FAIL);
    infos[0][0] = 0;
    both(0x4202, 0, infos);
    for (i = 0; i < COUNT(sizes); i++) {
        both(0x420a, sizes[i], some);
        both(0x420a, sizes[i], end - 8);
        both(0x420a, sizes[i], end - 4);
        P(0x420a, sizes[i], some, FAIL);
        P(0x420b, sizes[i], some, FAIL);
    }
    both(0x420a, 8, NULL);
    both(0x420a, 8, BAD);
}

static void filters(char *some)
{
    static const long sizes[] = {0, 7, 8, 9, 12, 15, 16, 17, 100, -1};
    static const int results[] = {0, 3, 8, 9, 15, 16, 17, -1};
    static struct sock_filter filter[] = {WORD(nr), IS(101, 0, 1), ANSWER(SECCOMP_RET_ERRNO | 3), ANSWER(SECCOMP_RET_ALLOW)};
    unsigned long long metadata[2] = {5};
    unsigned i, j;

    for (i = 0; i < 5; i++) {
        P(0x420c, i, filter, i);
        P(0x420c, i, LAST(filter), i + 1);
        P(0x420c, i, NULL, i);
        P(0x420c, i, BAD, i);
    }
    P(0x420c, -1, last(filter, 4), 4);
    P(0x420c, 1L << 16 << 16, filter, FAIL);
    for (i = 0; i < COUNT(sizes); i++) {
        for (j = 0; j < COUNT(results); j++) {
            P(0x420d, sizes[i], some, results[j]);
            P(0x420d, sizes[i], end - 8 - j % 3 * 4, results[j]);
        }
        P(0x420d, sizes[i], some, FAIL);
    }
    P(0x420d, 16, NULL, 16);
    P(0x420d, 16, BAD, 16);
    P(0x420d, 16, end - 7, 16);
    for (i = 0; i < 9; i++) {
        metadata[1] = 1 << i >> 1;
        P(0x420d, 16, LAST(metadata), 16);
    }
    metadata[1] = -1;
    P(0x420d, 16, metadata, 16);
}

static void calls(char *some)
{
    static const long sizes[] = {0, 1, 2, 3, 4, 5, 7, 8, 15, 16, 20, 24, 31, 32, 33, 40, 79, 80, 83, 84, 87, 88, 89, 4096, -1};
    static const unsigned archs[] = {0, 0xc000003e, 0x40000003, 0xc00000b7, 7};
    struct { unsigned char op, reserved; unsigned short flags; unsigned arch; unsigned long long rest[10]; } info;
    unsigned i, j, k;

    for (i = 0; i < 5; i++) {
        some[0] = i;
        for (j = 0; j < COUNT(sizes); j++) {
            P(0x420e, sizes[j], some, j % 2 ? 88 : 200);
            P(0x4212, sizes[j], some);
        }
        P(0x420e, 88, some);
        P(0x420e, 88, some, 33);
        P(0x420e, 88, some, -1);
        P(0x420e, 88, some, FAIL);
        P(0x4212, 88, some, FAIL);
        P(0x420e, 88, NULL, 88);
        P(0x420e, 88, BAD, 88);
        P(0x4212, 88, NULL);
        P(0x4212, 88, BAD);
        P(0x420e, 88, memcpy(end - 33, some, 33), 88);
        P(0x420e, 33, end - 33, 88);
        P(0x4212, 88, end - 33);
        P(0x4212, 33, end - 33);
    }
    static const long long numbers[] = {0, 1, 5, 101, 257, 0x40000001, -14, -4095, -4096, -1000, -512, 0x100000001LL, 4294967282LL};
    for (i = 0; i < COUNT(archs); i++)
        for (j = 0; j < COUNT(numbers); j++)
            for (k = 1; k < 4; k++) {
                memset(&info, 0, sizeof(info));
                info.op = k;
                info.reserved = j % 3;
                info.flags = j % 2;
                info.arch = archs[i];
                info.rest[2] = numbers[j];
                info.rest[3] = (i + 2) % 3;
                info.rest[9] = 7;
                P(0x420e, 88, &info, 88);
                P(0x4212, 88, &info);
                P(0x4212, 32, &info);
            }
}

int main(void)
{
    static const int requests[] = {1, 2, 3, 12, 13, 14, 15, 18, 19, 25, 26, 30, 6, 0x4201, 0x4202, 0x4203, 0x420f, 0x4210, 0x4211,
        0x4213, 0x12345};
    char *some = two_pages();
    static int zero[128];
    unsigned i;

    mprotect(end, 4096, PROT_NONE);
    for (i = 0; i < 4096; i++)
        some[i] = i * 7 + 1;
    answer_calls();
    for (i = 0; i < COUNT(requests); i++) {
        P(requests[i], 16, some);
        P(requests[i], some, 16);
        P(requests[i], 8, NULL, 1);
        P(requests[i], 8, BAD);
        P(requests[i], 8, ONES);
        P(requests[i], 0x1003, end - 4);
        P(requests[i], 0, end - 8);
        P(requests[i], 0, end - 68);
        P(requests[i], 0, end - 216);
        P(requests[i], 0, zero);
        P(requests[i], 0, some, FAIL);
        P(requests[i], 0, 3, FAIL);
    }
    for (i = 0; i < 12; i++)
        P(0x4200, 0, 1L << 2 * i);
    P(0x4206, 0, -1);
    register_sets(some);
    signals(some);
    filters(some);
    calls(some);
    P(-1, 0, 0, 1); /* the end of who answers, too */
    return 0;
}
