/* threads.c COUNT: that many threads, all alive at once, each of which makes a few calls. */
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

static pthread_barrier_t barrier;

static void *work(void *number)
{
    pthread_barrier_wait(&barrier);
    getppid();
    dup2(-1, (int)(long)number);
    return NULL;
}

int main(int argc, char **argv)
{
    long count = argc > 1 ? atol(argv[1]) : 200;
    pthread_t *threads = calloc(count, sizeof *threads);
    pthread_barrier_init(&barrier, NULL, count + 1);
    for (long i = 0; i < count; i++)
        if (pthread_create(&threads[i], NULL, work, (void *)i))
            return 1;
    pthread_barrier_wait(&barrier);
    for (long i = 0; i < count; i++)
        pthread_join(threads[i], NULL);
    return 0;
}
