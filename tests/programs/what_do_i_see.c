/* Print what a process inherits: descriptors, signal mask and dispositions, environment, affinity, limits,
   directory, umask, priority and credentials.  A tracer must change nothing of it. */
#define _GNU_SOURCE
#include <dirent.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

extern char **environ;

int main(int argc, char **argv)
{
    char path[4096];
    int death = -1, reaper = -1;
    sigset_t mask;
    cpu_set_t cpus;
    DIR *fds = opendir("/proc/self/fd");

    for (int i = 0; i < argc; i++)
        printf("argv %s\n", i ? argv[i] : "0");
    for (struct dirent *entry; fds && (entry = readdir(fds));) {
        int fd = atoi(entry->d_name);
        ssize_t length;
        if (entry->d_name[0] == '.' || fd == dirfd(fds))
            continue;
        snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
        length = readlink(path, path, sizeof path - 1);
        path[length < 0 ? 0 : length] = 0;
        printf("fd %d %s %ld\n", fd, fd > 2 ? path : "", lseek(fd, 0, SEEK_CUR) >= 0 && fd > 2 ? 1L : 0L);
    }
    sigprocmask(SIG_SETMASK, NULL, &mask);
    for (int number = 1; number < 65; number++) {
        struct sigaction action;
        if (sigismember(&mask, number) == 1)
            printf("blocked %d\n", number);
        if (sigaction(number, NULL, &action) == 0 && action.sa_handler != SIG_DFL)
            printf("%s %d\n", action.sa_handler == SIG_IGN ? "ignored" : "handled", number);
    }
    for (char **variable = environ; *variable; variable++)
        printf("environment %s\n", *variable);
    sched_getaffinity(0, sizeof cpus, &cpus);
    for (int cpu = 0; cpu < CPU_SETSIZE; cpu++)
        if (CPU_ISSET(cpu, &cpus))
            printf("cpu %d\n", cpu);
    for (int limit = 0; limit < RLIM_NLIMITS; limit++) {
        struct rlimit value;
        getrlimit(limit, &value);
        printf("limit %d %lu %lu\n", limit, (unsigned long)value.rlim_cur, (unsigned long)value.rlim_max);
    }
    printf("directory %s\n", getcwd(path, sizeof path));
    printf("umask %o\n", umask(0));
    printf("scheduler %d nice %d\n", sched_getscheduler(0), getpriority(PRIO_PROCESS, 0));
    printf("ids %d %d %d %d\n", getuid(), geteuid(), getgid(), getegid());
    prctl(PR_GET_PDEATHSIG, &death);
    prctl(PR_GET_CHILD_SUBREAPER, &reaper);
    printf("dumpable %d, no new privileges %d, death signal %d, subreaper %d, personality %lx\n",
           prctl(PR_GET_DUMPABLE), prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0), death, reaper,
           (unsigned long)personality(0xffffffff));
    return 0;
}
