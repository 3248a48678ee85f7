/* fuzz.c SEED ERRNO ROUNDS: every system call with arguments made by chance, ROUNDS times. None is carried out: a
   seccomp filter answers ERRNO (0: success) for all but exit_group. */
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static unsigned long state;

static unsigned long chance(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

static char *area;
enum { AREA = 65536 };

/* A number as programs pass them: small, a pointer into the area, near its end, a bad pointer, anything. */
static long argument(void)
{
    unsigned long any = chance() >> 8;
    switch (chance() >> 8 & 15) {
    case 0: case 1: case 2: return any & 7;
    case 3: return any & 0xfff;
    case 4: return 1L << (any % (8 * sizeof(long)));
    case 5: return -(long)(any & 0x1ff);
    case 6: return (long)(area + AREA - (any & 0x3f));
    case 7: return (long)any;
    case 8: return 0;
    default: return (long)(area + any % AREA);
    }
}

int main(int argc, char **argv)
{
    if (argc != 4)
        return 2;
    state = strtoul(argv[1], NULL, 0) * 2654435761u + 1;
    int rounds = atoi(argv[3]);
    area = mmap(NULL, AREA + 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    munmap(area + AREA, 4096);
    for (long *word = (long *)area; word < (long *)(area + AREA); word++)
        *word = argument();
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_exit_group, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | atoi(argv[2])),
    };
    struct sock_fprog program = {sizeof code / sizeof *code, code};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program))
        return 3;
    for (int round = 0; round < rounds; round++)
        for (long nr = 0; nr < 512; nr++) {
            /* These would end the program or its address space, filter or no filter. */
            if (nr == SYS_exit_group || nr == SYS_rseq_slice_yield || nr == 335 || nr == 336)
                continue;
            syscall(nr, argument(), argument(), argument(), argument(), argument(), argument());
        }
    syscall(SYS_exit_group, 0);
    return 4;
}
