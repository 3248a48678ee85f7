/* vfork twice: one child executes a program, the other leaves at once. */
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
    int status;
    pid_t child = vfork();
    if (child == 0) {
        execl("/bin/true", "true", (char *)NULL);
        _exit(127);
    }
    waitpid(child, &status, 0);
    child = vfork();
    if (child == 0)
        _exit(3);
    waitpid(child, &status, 0);
    return WEXITSTATUS(status) != 3;
}
