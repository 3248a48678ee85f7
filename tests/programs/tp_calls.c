/* tp_calls.c: does what each byte that comes in says, answers with a line, ends with the input.
   r a round of calls, t the same in a thread, f in a child, e execve in a child, b with SIGTRAP blocked,
   B blocks SIGTRAP and U unblocks it, h its own SIGTRAP to its own handler, m calls that overwrite their arguments,
   s counts calls for a while (the line says how many nanoseconds each took), k a child that is killed in a call. */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static volatile int trapped;

static void trap(int number) { trapped += number == SIGTRAP; }

static void round_of_calls(void)
{
    syscall(SYS_getppid);
    syscall(SYS_access, "/", R_OK);
    syscall(SYS_access, "/nonesuch", R_OK);
    syscall(SYS_access, "/nonesuch", W_OK);
    syscall(SYS_getpgid, 0);
}

static void *in_thread(void *unused)
{
    round_of_calls();
    return unused;
}

static void blocked(int how)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTRAP);
    sigprocmask(how, &set, NULL);
}

static void overwrites(void)
{
    int pair[2];
    char name[128];
    socklen_t length = sizeof(name);
    fd_set set;
    struct timeval time = { 5, 0 };
    socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
    getsockname(pair[0], (struct sockaddr *)name, &length);
    write(pair[0], "x", 1);
    FD_ZERO(&set);
    FD_SET(pair[0], &set);
    FD_SET(pair[1], &set);
    select(pair[1] + 1, &set, NULL, NULL, &time);
    close(pair[0]);
    close(pair[1]);
}

static double nanoseconds(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1e9 + time.tv_nsec;
}

static void speed(void)
{
    double best = 1e18;
    for (int run = 0; run < 5; run++) {
        double start = nanoseconds();
        for (int i = 0; i < 20000; i++)
            syscall(SYS_getppid);
        double each = (nanoseconds() - start) / 20000;
        if (each < best)
            best = each;
    }
    printf("%.0f ", best);
}

static void child(char what)
{
    pid_t pid = fork();
    if (!pid) {
        if (what == 'f')
            round_of_calls();
        else if (what == 'e')
            execl("/bin/true", "true", "one", "two", NULL);
        else
            pause();
        _exit(0);
    }
    if (what == 'k') {
        usleep(200000);
        kill(pid, SIGKILL);
    }
    waitpid(pid, NULL, 0);
}

int main(void)
{
    char byte;
    setvbuf(stdout, NULL, _IOLBF, 0);
    puts("ready");
    while (read(0, &byte, 1) == 1) {
        pthread_t thread;
        switch (byte) {
        case 'r': round_of_calls(); break;
        case 't': pthread_create(&thread, NULL, in_thread, NULL); pthread_join(thread, NULL); break;
        case 'f': case 'e': case 'k': child(byte); break;
        case 'b': blocked(SIG_BLOCK); round_of_calls(); blocked(SIG_UNBLOCK); break;
        case 'B': blocked(SIG_BLOCK); break;
        case 'U': blocked(SIG_UNBLOCK); break;
        case 'h': signal(SIGTRAP, trap); raise(SIGTRAP); signal(SIGTRAP, SIG_DFL); printf("%d ", trapped); break;
        case 'm': overwrites(); break;
        case 's': speed(); break;
        }
        puts("done");
    }
    return 0;
}
