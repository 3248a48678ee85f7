/* Signals of every origin: kill, tgkill, sigqueue, a timer, a fault, a broken pipe, a child, SIGSYS's kin. */
#include <setjmp.h>
#include <signal.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static sigjmp_buf back;

static void count(int number, siginfo_t *info, void *context)
{
}

static void leave(int number)
{
    siglongjmp(back, 1);
}

int main(void)
{
    struct sigaction action = {.sa_sigaction = count, .sa_flags = SA_SIGINFO | SA_RESTART}, fault = {.sa_handler = leave};
    union sigval value = {.sival_int = 42};
    struct itimerval soon = {.it_value = {.tv_usec = 1000}};
    struct itimerspec later = {.it_value = {.tv_nsec = 1000000}};
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGRTMIN + 2, .sigev_value = {.sival_int = 7}};
    sigset_t set, old;
    timer_t timer;
    int ends[2];
    pid_t child;

    sigaction(SIGUSR1, &action, NULL);
    sigaction(SIGUSR2, &action, NULL);
    sigaction(SIGALRM, &action, NULL);
    sigaction(SIGPIPE, &action, NULL);
    sigaction(SIGCHLD, &action, NULL);
    sigaction(SIGRTMIN + 1, &action, NULL);
    sigaction(SIGRTMIN + 2, &action, NULL);
    sigaction(SIGSEGV, &fault, NULL);
    sigaction(SIGBUS, &fault, NULL);
    sigaction(SIGFPE, &fault, NULL);
    sigaction(SIGILL, &fault, NULL);
    sigaction(SIGTRAP, &action, NULL);

    kill(getpid(), SIGUSR1);
    raise(SIGUSR2);
    sigqueue(getpid(), SIGUSR1, value);
    sigqueue(getpid(), SIGRTMIN + 1, value);

    sigemptyset(&set);
    sigaddset(&set, SIGALRM);
    sigaddset(&set, SIGRTMIN + 2);
    sigaddset(&set, SIGCHLD);
    sigprocmask(SIG_BLOCK, &set, &old);
    setitimer(ITIMER_REAL, &soon, NULL);
    sigsuspend(&old);
    timer_create(CLOCK_MONOTONIC, &event, &timer);
    timer_settime(timer, 0, &later, NULL);
    sigsuspend(&old);
    timer_delete(timer);

    if (pipe(ends) == 0) {
        close(ends[0]);
        write(ends[1], "x", 1);
        close(ends[1]);
    }
    if (sigsetjmp(back, 1) == 0)
        *(volatile char *)16 = 1;
    if (sigsetjmp(back, 1) == 0)
        *(volatile char *)mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) = 1;
#if defined __x86_64__
    if (sigsetjmp(back, 1) == 0)
        *(volatile char *)0x8000000000000000UL = 1;
    if (sigsetjmp(back, 1) == 0)
        __asm__ volatile("xor %%edx, %%edx; xor %%eax, %%eax; xor %%ecx, %%ecx; idiv %%ecx" ::: "eax", "ecx", "edx");
    if (sigsetjmp(back, 1) == 0)
        __asm__ volatile("ud2");
    __asm__ volatile("int3");
#endif
    child = fork();
    if (child == 0)
        _exit(9);
    sigsuspend(&old);
    waitpid(child, NULL, 0);
    sigprocmask(SIG_SETMASK, &old, NULL);
    return 0;
}
