/* Kill oneself: killed.c SIGNAL; signal 0 stands for a read through a null pointer. */
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    int number = argc > 1 ? atoi(argv[1]) : SIGTERM;
    struct rlimit none = {0, 0};
    setrlimit(RLIMIT_CORE, &none);
    if (number == 0)
        return *(volatile int *)0;
    kill(getpid(), number);
    return 1;
}
