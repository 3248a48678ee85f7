/* A child stops itself, its parent sees that, continues it, and sees it end: three times over. SIGCHLD, which would
   interrupt a wait or not, is blocked. */
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
    int stops[] = {SIGSTOP, SIGTSTP, SIGTTIN}, status;
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGCHLD);
    sigprocmask(SIG_BLOCK, &set, NULL);
    pid_t child = fork();
    if (child == 0) {
        setpgid(0, 0);
        for (int i = 0; i < 3; i++)
            kill(getpid(), stops[i]);
        _exit(5);
    }
    for (int i = 0; i < 3; i++) {
        if (waitpid(child, &status, WUNTRACED) != child || !WIFSTOPPED(status))
            return 1;
        kill(child, SIGCONT);
        if (waitpid(child, &status, WCONTINUED) != child || !WIFCONTINUED(status))
            return 2;
    }
    return waitpid(child, &status, 0) != child || WEXITSTATUS(status) != 5;
}
