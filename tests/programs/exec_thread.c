/* A thread that is not the leader executes a program while the leader and another thread sleep. */
#include <pthread.h>
#include <unistd.h>

static void *sleeps(void *unused)
{
    pause();
    return NULL;
}

static void *executes(void *unused)
{
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
