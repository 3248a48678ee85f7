/* Every system call of x32 from a 64-bit program, and numbers that x32 hasn't, none of which is carried out: where the
   kernel has x32 the program ends at once. */
/* variants: low */
/* Flags without a name, and what isn't decoded.
   mask: (?:sem|msg)get\(.*
   mask: bpf\(.*
   mask: (?<=getrandom\()(?:buf=)?"[^"]*" */
#if !defined(__x86_64__)
#error for x86-64 only
#endif
#include <errno.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { X32 = 0x40000000 };

int main(void)
{
    /* What the pointers point at is readable, and has numbers that are small. */
    int *data = mmap((void *) 0x10000000, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    for (int i = 0; i < 1024; i++)
        data[i] = i;
    if (syscall(X32 | SYS_getppid) >= 0 || errno != ENOSYS)
        return 1;
    for (long number = 0; number < 560; number++) {
        if (number == SYS_exit || number == SYS_exit_group) /* Nobody expects that they return. */
            continue;
        syscall(X32 | number, 1, data, 8, data + 64, 0x1fffffff8, -1L);
        syscall(X32 | number, data, data + 16, data + 32, 4, data + 128, 8L);
        syscall(X32 | number, -1L, 8L, -1L, -1L, -1L, -1L);
    }
    return 0;
}
