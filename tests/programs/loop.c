/* loop.c [THREADS]: for each byte that comes in make a round of calls and print a line; end with the input.
   The other threads sleep. */
#include <pthread.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

static pthread_barrier_t barrier;

static void *sleeps(void *unused)
{
    pthread_barrier_wait(&barrier);
    pause();
    return NULL;
}

int main(int argc, char **argv)
{
    int count = argc > 1 ? atoi(argv[1]) : 0;
    char byte;
    pthread_barrier_init(&barrier, NULL, count + 1);
    for (int i = 0; i < count; i++) {
        pthread_t thread;
        if (pthread_create(&thread, NULL, sleeps, NULL))
            return 1;
    }
    pthread_barrier_wait(&barrier);
    write(1, "ready\n", 6);
    while (read(0, &byte, 1) == 1) {
        syscall(SYS_getppid);
        access("/", R_OK);
        access("/nonesuch", R_OK);
        write(1, "done\n", 5);
    }
    return 0;
}
