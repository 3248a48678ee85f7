/* loop.c [THREADS]: for each byte that comes in make a round of calls and print a line; end with the input.
   The other threads sleep, and do so before "ready" is printed. */
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

static pthread_barrier_t barrier;
static pid_t ids[1000];

static void *sleeps(void *number)
{
    ids[(long)number] = syscall(SYS_gettid);
    pthread_barrier_wait(&barrier);
    pause();
    return NULL;
}

/* Whether a thread is asleep in pause(). */
static int pauses(pid_t id)
{
    char path[50], line[50] = "";
    snprintf(path, sizeof path, "/proc/self/task/%d/syscall", id);
    int fd = open(path, O_RDONLY);
    if (fd < 0)
        return 1;
    int size = read(fd, line, sizeof line - 1);
    close(fd);
#ifdef __NR_pause
    return size < 0 || atoi(line) == SYS_pause; /* "running" is 0 */
#else
    return size < 0 || atoi(line) == SYS_ppoll;
#endif
}

int main(int argc, char **argv)
{
    int count = argc > 1 ? atoi(argv[1]) : 0;
    char byte;
    pthread_barrier_init(&barrier, NULL, count + 1);
    for (int i = 0; i < count; i++) {
        pthread_t thread;
        if (pthread_create(&thread, NULL, sleeps, (void *)(long)i))
            return 1;
    }
    pthread_barrier_wait(&barrier);
    for (int i = 0; i < count; i++)
        while (!pauses(ids[i]))
            sched_yield();
    write(1, "ready\n", 6);
    while (read(0, &byte, 1) == 1) {
        syscall(SYS_getppid);
        access("/", R_OK);
        access("/nonesuch", R_OK);
        write(1, "done\n", 5);
    }
    return 0;
}
