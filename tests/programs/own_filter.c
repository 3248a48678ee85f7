/* A program with seccomp filters of its own. Its words are obeyed in order; what comes of each call is printed.

   ERRNO TRAP KILL_PROCESS KILL_THREAD TRACE LOG NOTIFY   load a filter with that verdict on getppid(2)
   TSYNC          the same with ERRNO, for all threads, of which another one makes the calls
   int80          on x86-64: getppid of i386; i386 makes filters be about its number
   probe          ask whether filters are supported, as libseccomp does: loads nothing
   calls          getppid, getpgid, and openat of /dev/null
   getpgid        from now on filters are about getpgid(2)
   line           wait for a line from standard input
   run            execute the rest as a command
   fork, vfork, thread    obey the rest in a child (vfork: after execve), wait for it, then "calls"
   exec           obey the rest after execve
   daemon         obey the rest in an orphan in a session of its own
   ids            user ids, and whether privileges can be gained */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <linux/filter.h>
#include <linux/seccomp.h>

static const struct { const char *name; unsigned verdict; } actions[] = {
    {"ERRNO", SECCOMP_RET_ERRNO | EXDEV}, {"TRAP", SECCOMP_RET_TRAP | 77},
    {"KILL_PROCESS", SECCOMP_RET_KILL_PROCESS}, {"KILL_THREAD", SECCOMP_RET_KILL_THREAD},
    {"TRACE", SECCOMP_RET_TRACE | 5}, {"LOG", SECCOMP_RET_LOG}, {"NOTIFY", SECCOMP_RET_USER_NOTIF},
};
static char *self;
static int filtered = SYS_getppid;
static pthread_t answering;

static void say(const char *what, long result)
{
    char line[100];
    int length = snprintf(line, sizeof line, "%s %s %d\n", what, result < 0 ? "failed" : "ok", result < 0 ? errno : 0);
    write(1, line, length);
}

static void calls(void)
{
    say("getppid", syscall(SYS_getppid));
    say("getpgid", syscall(SYS_getpgid, 0));
    int fd = syscall(SYS_openat, AT_FDCWD, "/dev/null", O_RDONLY);
    say("openat", fd);
    close(fd);
}

static void trapped(int number, siginfo_t *info, void *context)
{
    char line[100];
    write(1, line, snprintf(line, sizeof line, "SIGSYS %d %d %d\n", info->si_code, info->si_errno, info->si_syscall == filtered));
}

static int load(unsigned verdict, unsigned flags)
{
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, filtered, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, verdict),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = {4, code};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
        return -1;
    return flags ? syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &program)
                 : prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0);
}

static void *answer(void *listener)
{
    struct seccomp_notif request = {0};
    if (ioctl((long)listener, SECCOMP_IOCTL_NOTIF_RECV, &request))
        return NULL;
    struct seccomp_notif_resp response = {.id = request.id, .error = -ENOTUNIQ};
    ioctl((long)listener, SECCOMP_IOCTL_NOTIF_SEND, &response);
    return NULL;
}

static pthread_barrier_t barrier;

static void *other(void *unused)
{
    calls();
    pthread_barrier_wait(&barrier);
    pthread_barrier_wait(&barrier);
    calls();
    return NULL;
}

static void ended(int status)
{
    char line[100];
    write(1, line, snprintf(line, sizeof line, "child: %s %d\n", WIFEXITED(status) ? "exit" : "signal",
                            WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status)));
}

static int obey(char **words);

static void *obey_there(void *words)
{
    obey(words);
    return NULL;
}

static int obey(char **words)
{
    for (; *words; words++) {
        const char *word = *words;
        pthread_t thread;
        int status;
        pid_t pid;
        if (!strcmp(word, "calls"))
            calls();
#ifdef __x86_64__
        else if (!strcmp(word, "int80")) {
            int result;
            __asm__ volatile("int $0x80" : "=a"(result) : "a"(64) : "memory");
            errno = -result;
            say("int80", result);
        } else if (!strcmp(word, "i386"))
            filtered = 64;
#endif
        else if (!strcmp(word, "probe"))
            say("probe", syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, NULL));
        else if (!strcmp(word, "TSYNC")) {
            pthread_barrier_init(&barrier, NULL, 2);
            pthread_create(&thread, NULL, other, NULL);
            pthread_barrier_wait(&barrier);
            say("load", load(actions[0].verdict, SECCOMP_FILTER_FLAG_TSYNC));
            pthread_barrier_wait(&barrier);
            pthread_join(thread, NULL);
        } else if (!strcmp(word, "fork") || !strcmp(word, "vfork")) {
            pid = word[0] == 'f' ? fork() : vfork();
            if (!pid && word[0] == 'v') {
                *words = self;
                execv(self, words);
                _exit(9);
            }
            if (!pid)
                continue;
            waitpid(pid, &status, 0);
            ended(status);
            calls();
            return 0;
        } else if (!strcmp(word, "thread")) {
            pthread_create(&thread, NULL, obey_there, words + 1);
            pthread_join(thread, NULL);
            calls();
            return 0;
        } else if (!strcmp(word, "exec")) {
            *words = self;
            execv(self, words);
        } else if (!strcmp(word, "daemon")) {
            if (fork())
                _exit(3);
            setsid();
            if (fork())
                _exit(0);
        } else if (!strcmp(word, "getpgid"))
            filtered = SYS_getpgid;
        else if (!strcmp(word, "run"))
            return execvp(words[1], words + 1);
        else if (!strcmp(word, "line")) {
            char byte;
            while (read(0, &byte, 1) == 1 && byte != '\n')
                ;
        } else if (!strcmp(word, "ids")) {
            char line[100];
            write(1, line, snprintf(line, sizeof line, "uid %d euid %d no_new_privs %d\n", getuid(), geteuid(),
                                    prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0)));
        } else {
            for (size_t i = 0; i < sizeof actions / sizeof *actions; i++)
                if (!strcmp(word, actions[i].name)) {
                    int notify = !strcmp(word, "NOTIFY");
                    int result = load(actions[i].verdict, notify ? SECCOMP_FILTER_FLAG_NEW_LISTENER : 0);
                    say("load", result);
                    if (notify)
                        pthread_create(&answering, NULL, answer, (void *)(long)result);
                }
        }
    }
    return 0;
}

int main(int argc, char **argv)
{
    struct sigaction action = {.sa_sigaction = trapped, .sa_flags = SA_SIGINFO};
    sigaction(SIGSYS, &action, NULL);
    self = argv[0];
    obey(argv + 1);
    if (answering)
        pthread_join(answering, NULL);
    return 4;
}
