/* tp_abis.c: the same call through every door of an x86-64 kernel; as a 32-bit program only through int 0x80. */
#if !defined(__x86_64__) && !defined(__i386__)
#error for x86 only
#endif
#include <sys/syscall.h>
#include <unistd.h>

static const char text[] = "hi\n";

int main(void)
{
    int result;
    syscall(SYS_getppid);
    __asm__ volatile("int $0x80" : "=a"(result) : "a"(4), "b"(1), "c"(text), "d"(3) : "memory");
#ifdef __x86_64__
    syscall(SYS_write, 1, text, 3);
#endif
    return 0;
}
