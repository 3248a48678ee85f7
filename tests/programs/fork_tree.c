/* fork_tree.c DEPTH WIDTH: every process has WIDTH children, DEPTH levels deep, and waits for them.
   With the defaults, 8 and 2, that makes 511 processes. */
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    int depth = argc > 1 ? atoi(argv[1]) : 8, width = argc > 2 ? atoi(argv[2]) : 2;
    for (int i = 0; depth > 0 && i < width; i++) {
        pid_t child = fork();
        if (child < 0)
            return 1;
        if (child == 0) {
            i = -1;
            depth--;
        }
    }
    for (int status; wait(&status) > 0;)
        if (status != 0)
            return 2;
    return 0;
}
