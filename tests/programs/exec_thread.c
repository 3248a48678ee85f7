/* A thread that is not the leader executes a program while the leader and another thread sleep. It gives them
   time to fall asleep by looking at the clock, which makes no system call. */
#include <pthread.h>
#include <time.h>
#include <unistd.h>

static void *sleeps(void *unused)
{
    pause();
    return NULL;
}

static void *executes(void *unused)
{
    struct timespec start, now;
    clock_gettime(CLOCK_MONOTONIC, &start);
    do
        clock_gettime(CLOCK_MONOTONIC, &now);
    while ((now.tv_sec - start.tv_sec) * 1000000000L + now.tv_nsec - start.tv_nsec < 300000000L);
    execl("/bin/echo", "echo", "executed", (char *)NULL);
    return NULL;
}

int main(void)
{
    pthread_t thread;
    pthread_create(&thread, NULL, sleeps, NULL);
    pthread_create(&thread, NULL, executes, NULL);
    pause();
    return 1;
}
