/* What comes with a signal: every member of siginfo_t's union, as the argument of a call that fails. */
#include "fam.h"
#include <stdint.h>

/* No process has this number. */
#define NOBODY 0x7ffffff0

struct info { int signo, err, code, pad; uint64_t words[14]; };

int main(void)
{
    /* signal, code, errno, and the union's first words, the last one twice */
    static const struct { int signo, code, err; uint64_t a, b, c; } kinds[] = {
        {10, 0, 0, 0, 0, 0}, {10, 0, 1, 0xffffffffffffffffull, 0, 0}, {10, -1, 0, 0, 0, 0},
        {10, -1, 0, 0, 0xffffffffffffffffull, 0}, {10, -8, 0, 0, 0, 0}, {10, -8, 0, 1, 0, 0},
        {10, -8, 0, 0x100000000ull, 0, 0}, {10, -8, 0, 0, 1, 0}, {10, -8, 0, 0, 0x100000000ull, 0},
        {10, 0x80, 0, 0, 0, 0}, {10, -7, 0, 0, 0, 0}, {10, -60, 0, 0, 0, 0}, {10, -61, 0, 0, 0, 0},
        {10, -2, 0, 0, 0, 0}, {10, -2, 0, -1, 0, 0}, {10, -3, 0, 0, 0, 0}, {10, -4, 0, 0, 0, 0},
        {10, -5, 0, 0, 0, 0}, {10, -5, 0, -1, -1, 0}, {10, -6, 0, 0, 0, 0}, {10, 7, 0, 0, 0, 0},
        {10, 0x10001, 0, 0, 0, 0}, {10, 129, 0, 5, 0, 0}, {0, 0, 0, 1, 1, 0}, {70, 7, 0, 1, 1, 0},
        {-1, 7, 0, 1, 1, 0}, {17, 7, 0, 1, 1, 1}, {17, 0, 0, 1, 1, 1}, {17, 1, 0, 1, 11, 1},
        {17, 2, 0, 1, 11, 1}, {17, 3, 0, 1, 11, 1}, {17, 4, 0, 1, 11, 1}, {17, 5, 0, 1, 19, 1},
        {17, 6, 0, 1, 18, 1}, {17, 6, 0, 1, 70, 1}, {17, 1, 0, 1, 0xffffffffull, -1},
        {17, 1, 0, 1, 0x100000001ull, 150}, {17, 1, 0, 1, 0x100000001ull, 0},
        {17, 1, 0, 1, 0x100000001ull, 99}, {17, 1, 0, 1, 0x100000001ull, -150},
        {17, 1, 0, 1, 0x100000001ull, 0x8000000000000000ull}, {17, 7, 0, 0, 0, 0}, {17, -9, 0, 0, 0, 0},
        {11, 7, 0, 1, 1, 1}, {11, 1, 0, 0, 1, 1}, {11, 3, 0, 0, 1, 1}, {11, 4, 0, 0, 1, -1},
        {11, 11, 0, 0, 1, -1}, {11, 128, 0, 0, 0, 0}, {11, 3, 0, 0, 0, 0}, {7, 4, 0, 0, -1, 0},
        {7, 6, 0, 0, -1, 0}, {29, 7, 0, 0, 0, 0}, {29, 1, 0, 0, 0, 0}, {29, 1, 0, 1, -1, 0},
        {29, 1, 0, 0x41, 3, 0}, {29, 128, 0, 0x41, 3, 0}, {29, 128, 0, 0x41, 0, 0}, {29, 128, 0, 0, 3, 0},
        {29, 9, 0, 0x41, 3, 0}, {31, 1, 0, 0, 0, 0}, {31, 1, 0, 0x1234, 0xc000003e00000027ull, 0},
        {31, 2, 0, 0x1234, 0x40000003ffffffffull, 0}, {31, 3, 0, 0x1234, 0xc000003e00000127ull, 0},
        {31, 1, 0, 0x1234, 0xc00000b700000038ull, 0}, {31, 1, 0, 0x1234, 0xc000003e00000127ull, 0},
        {5, 6, 0, 0x1234, 1, 1}, {5, 7, 0, 0x1234, 1, 1}, {5, 0x605, 0, 0x1234, 1, 1},
        {4, 9, 0, 0x1234, 1, 1}, {5, 1, 0, 0, 0, 0}, {8, 9, 0, 0, 0, 0}, {13, 1, 5, 0, 0, 0},
        {34, 1, 0, 0, 0, 0}, {29, 7, 0, 0x41, 3, 0}, {10, 1, 0, 0, 1, 0},
        {10, -1, 0, 0, 0x100000000ull, 7}, {31, 1, 0, 0x1234, 0xc000003e40000027ull, 0},
        {31, 1, 0, 0x1234, 0xc000003e00000fffull, 0}, {10, 0, 4000, 1, 1, 1}, {10, 0, 512, 1, 1, 1},
        {10, 0, 133, 1, 1, 1}, {10, 0, 134, 1, 1, 1}, {10, 0, -1, 1, 1, 1},
    };
    struct info info;

    two_pages();
    munmap(end, 4096);
    for (unsigned i = 0; i < COUNT(kinds); i++) {
        memset(&info, 0, sizeof info);
        info.signo = kinds[i].signo;
        info.code = kinds[i].code;
        info.err = kinds[i].err;
        info.words[0] = kinds[i].a;
        info.words[1] = kinds[i].b;
        info.words[2] = info.words[3] = kinds[i].c;
        syscall(SYS_rt_sigqueueinfo, NOBODY, kinds[i].signo, &info);
    }
    memcpy(end - sizeof info, &info, sizeof info);
    syscall(SYS_rt_sigqueueinfo, NOBODY, 34, end - sizeof info);
    syscall(SYS_rt_sigqueueinfo, NOBODY, 34, end + 1 - sizeof info);
    syscall(SYS_rt_sigqueueinfo, NOBODY, 34, end);
    syscall(SYS_rt_sigqueueinfo, NOBODY, 34, 0);
    syscall(SYS_rt_tgsigqueueinfo, NOBODY, NOBODY, 64, &info);
    syscall(SYS_rt_tgsigqueueinfo, -1, -1, 66, &info);
    syscall(SYS_rt_tgsigqueueinfo, NOBODY, 0, -1, (void *) 8);
    return 0;
}
