/* exec_chain.c [PROGRAM [ARGUMENT...]]: some calls to pick from, then the rest as a command in a child. As a 32-bit
   program it makes the calls of sockets and System V IPC through socketcall(2) and ipc(2). */
#include <sys/ipc.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    (void) argc;
    syscall(SYS_getppid);
    syscall(SYS_write, 1, "hi\n", 3);
#ifdef __i386__
    long words[] = {AF_UNIX, SOCK_STREAM, 0};
    syscall(SYS_socketcall, 1, words);
    syscall(SYS_socketcall, 4, (long[]) {-1, 5});
    syscall(SYS_socketcall, 77, words);
    syscall(SYS_socketcall, 2, 8L);
    syscall(SYS_ipc, 2, -1, 2, 0, 0);
    syscall(SYS_ipc, 13, -1, 0, 0, 0);
    syscall(SYS_ipc, 99, 1, 2, 3, 4, 5);
#else
    syscall(SYS_socket, AF_UNIX, SOCK_STREAM, 0);
    syscall(SYS_listen, -1, 5);
    syscall(SYS_semget, -1, 2, 0);
    syscall(SYS_msgget, -1, 0);
#endif
    if (!argv[1])
        return 0;
    pid_t child = fork();
    if (!child) {
        execv(argv[1], argv + 1);
        _exit(127);
    }
    waitpid(child, NULL, 0);
    syscall(SYS_listen, -1, 6);
    return 0;
}
