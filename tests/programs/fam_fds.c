/* What descriptors refer to. */
/* mask: :\d{5}\b */
/* mask: \[\d{4,}(->\d+)? */
/* mask: pid:\d+ */
/* mask: eventfd-id=\d+ */
/* mask: (?<=port=)"[^"]*" */
/* mask: /proc/\d+ */
/* mask: (?<=si_[us]time=)\d+(?: /. [^*]* ./)? */
/* mask: htons\(\d+\) */
#include "fam.h"
#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <linux/if_packet.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/timerfd.h>
#include <sys/un.h>
#include <sys/wait.h>
static void look(int fd) { S(SYS_fsync, fd); }
int main(void)
{
    int p[2]; sigset_t set;
    look(S(SYS_openat, AT_FDCWD, "file", O_CREAT | O_RDWR, 0600));
    int del = S(SYS_openat, AT_FDCWD, "gone", O_CREAT | O_RDWR, 0600); unlink("gone"); look(del);
    int hard = S(SYS_openat, AT_FDCWD, "hard", O_CREAT | O_RDWR, 0600); link("hard", "other"); unlink("hard"); look(hard); S(SYS_openat, AT_FDCWD, "hard", O_CREAT | O_RDWR, 0600); look(hard);
    S(SYS_openat, AT_FDCWD, "gone (deleted)", O_CREAT | O_RDWR, 0600); look(del);
    int del2 = S(SYS_openat, AT_FDCWD, "name (deleted)", O_CREAT | O_RDWR, 0600); look(del2);
    look(S(SYS_openat, AT_FDCWD, "od<d>\n\t\"\\\1\377 [x]é*?", O_CREAT | O_RDWR, 0600));
    look(S(SYS_openat, AT_FDCWD, "TCP:[1]", O_CREAT | O_RDWR, 0600)); look(S(SYS_openat, AT_FDCWD, "socket:[12]", O_CREAT | O_RDWR, 0600));
    look(S(SYS_openat, AT_FDCWD, ".", O_RDONLY)); look(S(SYS_openat, AT_FDCWD, "/", O_PATH));
    look(S(SYS_openat, AT_FDCWD, "/dev/null", O_RDWR)); look(S(SYS_openat, AT_FDCWD, "/dev/zero", O_PATH)); look(S(SYS_openat, AT_FDCWD, "/dev/loop0", O_PATH));look(S(SYS_openat, AT_FDCWD, "/dev/tty", O_PATH));
    look(S(SYS_openat, AT_FDCWD, "/dev/ptmx", O_RDWR));
    mkfifo("fifo", 0600); look(S(SYS_openat, AT_FDCWD, "fifo", O_RDWR));
    mknod("chr", S_IFCHR | 0600, (1 << 8) | 3); int chr = S(SYS_openat, AT_FDCWD, "chr", O_RDWR); unlink("chr"); look(chr);
    S(SYS_pipe2, p, 0); look(p[0]); look(p[1]);
    look(S(SYS_eventfd2, 5, 0)); look(S(SYS_eventfd2, 18, EFD_SEMAPHORE)); look(S(SYS_epoll_create1, 0)); look(S(SYS_timerfd_create, 1, 0)); look(S(SYS_inotify_init1, 0));
    sigemptyset(&set); sigaddset(&set, SIGCHLD); sigprocmask(SIG_BLOCK, &set, 0); sigemptyset(&set); sigaddset(&set, SIGINT); sigaddset(&set, SIGUSR1); look(S(SYS_signalfd4, -1, &set, 8, 0)); sigfillset(&set); look(S(SYS_signalfd4, -1, &set, 8, 0)); sigemptyset(&set); look(S(SYS_signalfd4, -1, &set, 8, 0));
    look(S(SYS_memfd_create, "mem fd", 0));
    look(S(434, getpid(), 0)); pid_t child = fork(); if (!child) _exit(0); int pf = S(434, child, 0); look(pf); waitpid(child, 0, 0); look(pf);
    look(S(SYS_openat, AT_FDCWD, "/proc/self/ns/net", O_RDONLY)); look(S(SYS_openat, AT_FDCWD, "/proc/self/maps", O_RDONLY));
    look(S(SYS_openat, AT_FDCWD, "/proc/1/stat", O_RDONLY));
    look(S(SYS_userfaultfd, 1));
    S(SYS_mkdirat, AT_FDCWD, "sub", 0700); look(S(SYS_openat, S(SYS_openat, AT_FDCWD, "sub", O_RDONLY), "x", O_CREAT, 0600));
    /* sockets */
    int one = 1;
    for (int f = AF_INET; f <= AF_INET6; f += AF_INET6 - AF_INET) {
        struct sockaddr_in6 a = { .sin6_family = f };
        socklen_t n = sizeof a;
        if (f == AF_INET) ((struct sockaddr_in *)&a)->sin_addr.s_addr = htonl(INADDR_LOOPBACK); else a.sin6_addr = in6addr_loopback;
        int l = S(SYS_socket, f, SOCK_STREAM, 0); look(l); bind(l, (void *)&a, sizeof a); look(l); listen(l, 5); look(l); getsockname(l, (void *)&a, &n);
        int c = S(SYS_socket, f, SOCK_STREAM, 0); connect(c, (void *)&a, n); look(c); int s = S(SYS_accept, l, 0, 0); look(s); close(c); look(s); 
        int u = S(SYS_socket, f, SOCK_DGRAM, 0); look(u); bind(u, (void *)&a, n); look(u); connect(u, (void *)&a, n); look(u); 
        look(S(SYS_socket, f, SOCK_DGRAM, 136)); look(S(SYS_socket, f, SOCK_RAW, f == AF_INET ? 1 : 58)); look(S(SYS_socket, f, SOCK_DGRAM, f == AF_INET ? 1 : 58)); look(S(SYS_socket, f, SOCK_RAW, 255)); look(S(SYS_socket, f, SOCK_STREAM, 132)); look(S(SYS_socket, f, SOCK_STREAM, 262));
    }
    struct sockaddr_in6 any = { .sin6_family = AF_INET6 }; int d = S(SYS_socket, AF_INET6, SOCK_STREAM, 0); bind(d, (void *)&any, sizeof any); listen(d, 5); look(d);
    struct sockaddr_un un = { AF_UNIX, "sock" };
    for (int t = 1; t < 6; t += t == 1 ? 1 : 3) {
        int l = S(SYS_socket, AF_UNIX, t, 0); look(l); bind(l, (void *)&un, sizeof un); look(l); listen(l, 5);
        int c = S(SYS_socket, AF_UNIX, t, 0); connect(c, (void *)&un, sizeof un); look(c); look(S(SYS_accept, l, 0, 0)); unlink("sock");
        S(SYS_socketpair, AF_UNIX, t, 0, p); look(p[0]); look(p[1]); close(p[1]); look(p[0]);
        l = S(SYS_socket, AF_UNIX, t, 0); struct sockaddr_un ab = { AF_UNIX, "\0ab<s>\"t\nr\377\0x" }; bind(l, (void *)&ab, 2 + 13); look(l);
        struct sockaddr_un odd = { AF_UNIX, "so<c>\"k\1\377" }; l = S(SYS_socket, AF_UNIX, t, 0); bind(l, (void *)&odd, sizeof odd); look(l); unlink(odd.sun_path);
    }
    for (int n = 0; n < 23; n++) look(S(SYS_socket, AF_NETLINK, SOCK_RAW, n));
    int nl = S(SYS_socket, AF_NETLINK, SOCK_RAW, 0); struct sockaddr_nl na = { AF_NETLINK }; bind(nl, (void *)&na, sizeof na); look(nl);
    nl = S(SYS_socket, AF_NETLINK, SOCK_RAW, 0); na.nl_pid = 77777; bind(nl, (void *)&na, sizeof na); look(nl);
    look(S(SYS_socket, AF_PACKET, SOCK_RAW, 0)); look(S(SYS_socket, AF_VSOCK, SOCK_STREAM, 0)); look(S(SYS_socket, AF_ALG, SOCK_SEQPACKET, 0)); look(S(SYS_socket, AF_KEY, SOCK_RAW, 2)); look(S(SYS_socket, AF_CAN, SOCK_RAW, 1)); look(S(SYS_socket, 44, 3, 0)); look(S(SYS_socket, 31, 3, 1));look(S(SYS_socket, 15, 3, 2));
    return 0;
}
