/* Settings of the process: prctl and arch_prctl; seccomp, ptrace. */
#include "fam.h"
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <errno.h>
#include <signal.h>

static void settings(void)
{
    long buffer[8] = {0};
    char name[17] = "a name of sixteen";
    /* Those that would change what the rest of the run does are made with arguments that are refused. */
    for (int i = 1; i < 82; i++) {
        if (i == 50 || i == 55 || i == 63 || i == 69 || i >= 71 && i <= 73) /* of other machines */
            continue;
        int reading = i == 2 || i == 5 || i == 9 || i == 11 || i == 16 || i == 19 || i == 25 || i == 37 || i == 40;
        if (i == 15)
            C(prctl, i, name);
        else if (reading)
            C(prctl, i, buffer, 0, 0, 0);
        else
            C(prctl, i, -1, -2, -3, -4);
    }
    for (int i = 1; i < 82; i++)
        if (i != 22 && i != 15 && i != 59 && i != 50 && i != 55 && i != 63 && i < 69)
            C(prctl, i, BAD, 1, 2, 3);
    C(prctl, 0, 1, 2, 3, 4);
    C(prctl, -1, 1, 2, 3, 4);
    C(prctl, 0x59616d61, -1);
    C(prctl, 0x59616d61, getpid());
    C(prctl, 0x59616d61, 0);
    C(prctl, 0x53564d41, 0, buffer, 0x1000, (char *) "name");
    C(prctl, 0x53564d41, 1, buffer, 0x1000, (char *) "name");
    C(prctl, 0x41555856, buffer, 64, 0, 0);
    C(prctl, 0x41555856, BAD, 64, 1, 0);
    C(prctl, PR_SET_PDEATHSIG, SIGTERM);
    C(prctl, PR_GET_PDEATHSIG, buffer);
    C(prctl, PR_SET_PDEATHSIG, 0);
    C(prctl, PR_GET_PDEATHSIG, 0);
    C(prctl, PR_SET_DUMPABLE, 1);
    C(prctl, PR_SET_DUMPABLE, 2);
    C(prctl, PR_GET_DUMPABLE);
    C(prctl, PR_SET_KEEPCAPS, 1);
    C(prctl, PR_GET_KEEPCAPS);
    C(prctl, PR_SET_TIMING, 0);
    C(prctl, PR_GET_TIMING);
    C(prctl, PR_SET_NAME, (char *) "short");
    C(prctl, PR_SET_NAME, (char *) "a name longer than sixteen");
    C(prctl, PR_GET_NAME, name);
    C(prctl, PR_SET_NAME, last("abc", 3));
    C(prctl, PR_SET_SECUREBITS, 0x2f);
    C(prctl, PR_GET_SECUREBITS);
    C(prctl, PR_SET_SECUREBITS, 0x1000);
    C(prctl, PR_CAPBSET_READ, 0);
    C(prctl, PR_CAPBSET_READ, 40);
    C(prctl, PR_CAPBSET_READ, 99);
    C(prctl, PR_CAPBSET_DROP, 99);
    C(prctl, PR_SET_TIMERSLACK, 50000);
    C(prctl, PR_GET_TIMERSLACK);
    C(prctl, PR_MCE_KILL, 0, 0);
    C(prctl, PR_MCE_KILL, 1, 9);
    C(prctl, PR_MCE_KILL, 1, 2);
    C(prctl, PR_MCE_KILL_GET);
    for (int i = 0; i < 17; i++)
        C(prctl, PR_SET_MM, i, BAD, 3, 4);
    C(prctl, PR_SET_CHILD_SUBREAPER, 1);
    C(prctl, PR_GET_CHILD_SUBREAPER, buffer);
    C(prctl, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    C(prctl, PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0);
    C(prctl, PR_GET_TID_ADDRESS, buffer);
    C(prctl, PR_SET_THP_DISABLE, 1, 0, 0, 0);
    C(prctl, PR_SET_THP_DISABLE, 1, 2, 0, 0);
    C(prctl, PR_GET_THP_DISABLE, 0, 0, 0, 0);
    C(prctl, PR_SET_THP_DISABLE, 0, 0, 0, 0);
    for (int i = 0; i < 5; i++)
        C(prctl, PR_CAP_AMBIENT, i, 3, 0, 0);
    C(prctl, PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
    C(prctl, PR_CAP_AMBIENT, 2, 99, 1, 2);
    C(prctl, PR_SET_FP_MODE, 3);
    C(prctl, PR_GET_SPECULATION_CTRL, 0, 0, 0, 0);
    C(prctl, PR_GET_SPECULATION_CTRL, 1, 0, 0, 0);
    C(prctl, PR_GET_SPECULATION_CTRL, 7, 0, 0, 0);
    C(prctl, PR_SET_SPECULATION_CTRL, 0, 2, 0, 0);
    C(prctl, PR_SET_SPECULATION_CTRL, 1, 0x13, 0, 0);
    C(prctl, PR_SET_SPECULATION_CTRL, 9, 0x100, 0, 0);
    C(prctl, 54, 0x1f);
    C(prctl, 54, 0x100);
    C(prctl, 60, 3, 1);
    C(prctl, 65, 3);
    C(prctl, 65, 8);
    C(prctl, 66, 0);
    C(prctl, PR_SET_UNALIGN, 3);
    C(prctl, PR_SET_TSC, 3);
    C(prctl, PR_SET_TSC, 1);
    C(prctl, PR_GET_TSC, buffer);
    C(prctl, PR_SET_ENDIAN, 1);
    C(prctl, PR_SET_FPEMU, 1);
    C(prctl, PR_SET_FPEXC, 1);
    C(prctl, 62, 0, 0, 0, 0);
    C(prctl, 62, 4, -1, 2, buffer);
    C(prctl, 59, sizeof(long) == 8 ? 1 : 4, -1, 3, 4); /* in 32 bits it would be no mistake, and the last call */
    C(prctl, 59, 2, 2, 3, 4);
    C(prctl, 59, 3, 2, 3, 4);
    C(prctl, 59, 0, 0, 0, 0);
    unsigned long base = 0;
    for (int i = 0x1001; i < 0x1030; i++)
        if (i != 0x1002)
            C(arch_prctl, i, i == 0x1003 || i == 0x1004 || i == 0x1021 || i == 0x1022 || i == 0x1024 ? &base : BAD);
    C(arch_prctl, 0x1003, BAD);
    C(arch_prctl, 0x1012, 1);
    C(arch_prctl, 0x1023, 18);
    C(arch_prctl, 0x1025, 99);
    for (int i = 0x2001; i < 0x2005; i++)
        C(arch_prctl, i, 1);
    for (int i = 0x4001; i < 0x4006; i++)
        C(arch_prctl, i, i == 0x4001 || i == 0x4003 ? &base : 99);
    for (int i = 0x5000; i < 0x5007; i++)
        C(arch_prctl, i, -1);
    C(arch_prctl, -1, 1);
}

/* Processor features of any machine: a filter answers that the call has succeeded, and leaves the word as it is. */
static void features(void)
{
#ifdef __x86_64__
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_arch_prctl, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = {4, code};
    unsigned long masks[] = {0, 3, 0xe0, 0x60, 0x60000, 0x60001, 0x600e7, 0x400e7, 0x80000, 0x80001, -1};
    C(prctl, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    C(prctl, PR_SET_SECCOMP, 2, &program);
    for (unsigned i = 0; i < sizeof masks / sizeof *masks; i++)
        C(arch_prctl, 0x1021, masks + i);
    for (int i = 0; i < 64; i++) {
        masks[0] = 1UL << i;
        C(arch_prctl, 0x1022, masks);
        C(arch_prctl, 0x1023, (long) i);
    }
#endif
}

static void filters(void)
{
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x123, 1, 2),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | 5),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
        BPF_STMT(BPF_RET | BPF_A, 7),
        BPF_STMT(BPF_RET | BPF_K, 0x12345678),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRAP | 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRACE | 0xffff),
        BPF_STMT(BPF_RET | BPF_K, 0),
        BPF_STMT(BPF_LDX | BPF_W | BPF_LEN, 3),
        BPF_STMT(BPF_LDX | BPF_B | BPF_MSH, 3),
        BPF_STMT(BPF_LD | BPF_H | BPF_IND, 4),
        BPF_STMT(BPF_LD | BPF_IMM, 4),
        BPF_STMT(BPF_LD | BPF_MEM, 4),
        BPF_STMT(BPF_ST, 4),
        BPF_STMT(BPF_STX, 4),
        BPF_STMT(BPF_ALU | BPF_AND | BPF_K, 4),
        BPF_STMT(BPF_ALU | BPF_RSH | BPF_X, 4),
        BPF_STMT(BPF_ALU | BPF_NEG, 4),
        BPF_STMT(BPF_ALU | 0xf0, 4),
        BPF_STMT(BPF_JMP | BPF_JA, 4),
        BPF_JUMP(BPF_JMP | BPF_JSET | BPF_X, 4, 255, 0),
        BPF_STMT(BPF_MISC | BPF_TAX, 0),
        BPF_STMT(BPF_MISC | BPF_TXA, 1),
        {0xffff, 1, 2, -1},
        {0, 0, 0, 0},
    };
    struct sock_fprog program = {1, code}, all = {COUNT(code), code}, none = {0, code},
        bad = {5, (void *) 8};
    C(seccomp, 0, 1, 0);
    C(seccomp, 1, -1, &program);
    C(seccomp, 1, 0x80, &all);
    C(seccomp, 1, 0x80, &none);
    C(seccomp, 1, 0x80, &bad);
    C(seccomp, 1, 0x80, BAD);
    C(seccomp, 1, 7, 0);
    C(seccomp, 1, 7, LAST(program));
    unsigned actions[] = {0, 0x7fff0000, 0x80000000, 0x30000, 0x50000, 0x7fc00000, 0x7ff00000, 0x7ffc0000, 5};
    for (int i = 0; i < 9; i++)
        C(seccomp, 2, 0, &actions[i]);
    C(seccomp, 2, 1, BAD);
    unsigned short sizes[3];
    C(seccomp, 3, 0, sizes);
    C(seccomp, 3, 1, sizes);
    C(seccomp, 4, 1, sizes);
    C(seccomp, -1, -1, -1);
    C(prctl, PR_SET_SECCOMP, 9, &program);
    C(prctl, PR_SET_SECCOMP, 2, BAD);
    C(prctl, PR_GET_SECCOMP);
}

static void traces(void)
{
    for (int i = -1; i < 30; i++)
        C(ptrace, i, -1, 0x10, 0x20);
    for (int i = 0x4200; i < 0x4216; i++)
        C(ptrace, i, -1, 1, 2);
    C(ptrace, 0x4200, -1, 0, 0x3000ff);
    C(ptrace, 0x4206, -1, 0, 0x200001);
    C(ptrace, 0x4206, -1, 0, 0x100000000);
    C(ptrace, 7, -1, 1, SIGTERM);
    C(ptrace, 24, -1, 1, 0);
    C(ptrace, 3, -1, 8 * 15, 0);
    C(ptrace, 6, -1, 8 * 26, 5);
    C(ptrace, 3, -1, 848, 0);
    C(ptrace, 3, -1, 100000, 0);
}

int main(void)
{
    two_pages();
    munmap(end, 4096);
    settings();
    filters();
    traces();
    features();
    return 0;
}
