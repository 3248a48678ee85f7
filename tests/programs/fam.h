/* What most families' programs begin with; include it before everything else. */
#define _GNU_SOURCE
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#define S syscall
#define COUNT(array) (sizeof(array) / sizeof(*(array)))

/* Addresses that nothing is at */
#define BAD ((void *) 8)
#define ONES ((void *) -1L)

/* C(NAME, ARGUMENT...) passes six words, whatever the arguments' types; those that are not given are 0. */
#pragma GCC diagnostic ignored "-Wint-conversion"
#define N(number, ...) call(number, (long[6]) {__VA_ARGS__})
#define C(name, ...) N(SYS_##name, __VA_ARGS__)

static long call(long number, const long *a)
{
    return syscall(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

static char *end; /* the end of readable memory */

/* Two pages, of which the program makes the second, at "end", unreadable. */
static char *two_pages(void)
{
    char *page = mmap(0, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    end = page + 4096;
    return page;
}

/* A copy of something at the very end of readable memory */
static void *last(const void *data, long size)
{
    return memcpy(end - size, data, size);
}
#define LAST(what) last(&what, sizeof(what))
