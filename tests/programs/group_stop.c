/* A child stops itself, its parent sees that, continues it, sees that and lets it go on: three times over. Without its
   leave the child could be stopped again, or gone, before the parent looks. SIGCHLD, which would interrupt a wait
   or not, is blocked. */
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
    int stops[] = {SIGSTOP, SIGTSTP, SIGTTIN}, status, leave[2];
    char byte = 0;
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGCHLD);
    sigprocmask(SIG_BLOCK, &set, NULL);
    pipe(leave);
    pid_t child = fork();
    if (child == 0) {
        setpgid(0, 0);
        for (int i = 0; i < 3; i++) {
            kill(getpid(), stops[i]);
            read(leave[0], &byte, 1);
        }
        _exit(5);
    }
    for (int i = 0; i < 3; i++) {
        if (waitpid(child, &status, WUNTRACED) != child || !WIFSTOPPED(status))
            return 1;
        kill(child, SIGCONT);
        if (waitpid(child, &status, WCONTINUED) != child || !WIFCONTINUED(status))
            return 2;
        write(leave[1], &byte, 1);
    }
    return waitpid(child, &status, 0) != child || WEXITSTATUS(status) != 5;
}
