/* Calls on sockets: connections, datagrams, messages with control data. */
/* mask: htons\(\d{5}\) */
/* mask: (?<=sin_port=)"[^"]*" */
/* mask: (?<=sa_data=)"[^"]*" */
/* mask: 127\.0\.0\.1:\d+ */
/* mask: \[\d{4,}(->\d+)? */
/* mask: (?<=SCM_CREDENTIALS, cmsg_data=)"[^"]*" */
/* mask: pid=\d+ */
/* mask: cmsg_type=0x2, cmsg_data="[^"]*" */
/* mask: SCM_CREDENTIALS [*]., cmsg_data="[^"]*" */
/* mask: nsec=\d+ */
/* mask: tv_sec=\d{10}, tv_usec=\d+ */
#include "fam.h"
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/un.h>
int main(void)
{
    two_pages();
    munmap(end, 4096);
    struct sockaddr_in in = { AF_INET, 0, { htonl(0x7f000001) } }, peer;
    int size = sizeof in, fd, l = S(SYS_socket, AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    S(SYS_bind, l, &in, size);
    S(SYS_listen, l, 5); S(SYS_listen, -1, 0x1ffffffffUL);
    S(SYS_getsockname, l, &in, &size);
    size = 128; S(SYS_getsockname, l, &in, &size);
    size = 5; S(SYS_getsockname, l, &peer, &size);
    size = 0; S(SYS_getsockname, l, &peer, &size);
    size = -1; S(SYS_getsockname, l, &peer, &size);
    size = 16; S(SYS_getsockname, l, 0, &size); size = 16; S(SYS_getsockname, l, 8, &size); S(SYS_getsockname, l, &in, 0); S(SYS_getsockname, l, &in, 8);
    size = 16; S(SYS_getpeername, l, &in, &size);
    int c = S(SYS_socket, AF_INET, SOCK_STREAM, IPPROTO_TCP);
    S(SYS_connect, c, &in, 16);
    size = 128; int a = C(accept, l, &peer, &size);
    size = 16; S(SYS_getpeername, a, &peer, &size);
    S(SYS_fcntl, l, F_SETFL, O_NONBLOCK);
    size = 128; C(accept, l, &peer, &size); C(accept, l, 0, 0); C(accept, l, 8, 16); C(accept, l, &peer, 16);
    S(SYS_accept4, l, &peer, &size, SOCK_CLOEXEC | SOCK_NONBLOCK | 1); S(SYS_accept4, l, 0, 0, 0); S(SYS_accept4, l, 0, 0, 1);
    int c2 = S(SYS_socket, AF_INET, SOCK_STREAM, IPPROTO_TCP);
    S(SYS_connect, c2, &in, 16);
    S(SYS_accept4, l, 0, &size, SOCK_CLOEXEC | SOCK_NONBLOCK);
    S(SYS_connect, S(SYS_socket, AF_INET, SOCK_STREAM, IPPROTO_TCP), &in, 16);
    C(accept, l, &peer, 0);
    S(SYS_connect, S(SYS_socket, AF_INET, SOCK_STREAM, IPPROTO_TCP), &in, 16);
    size = 3;
    C(accept, l, &peer, &size);
    S(SYS_sendto, c, "hello world", 11, MSG_NOSIGNAL | MSG_DONTWAIT, 0, 0);
    S(SYS_sendto, c, "hello world", 11, 0x88000000, &in, 16);
    S(SYS_sendto, c, 8, 11, 0xffffffff00000000, 8, 16); S(SYS_sendto, -1, last("abc", 3), -1L, 0, 0, 16); S(SYS_sendto, -1, end, 0, 0, 0, 16); S(SYS_sendto, -1, 0, 0, 0, &in, -1);
    char buf[100];
    size = 16; S(SYS_recvfrom, a, buf, 5, MSG_PEEK, &peer, &size);
    S(SYS_recvfrom, a, buf, 100, 0, 0, 0);
    S(SYS_recvfrom, a, buf, 100, MSG_DONTWAIT, &peer, &size);
    S(SYS_recvfrom, a, buf, 100, MSG_DONTWAIT, 0, 0); S(SYS_recvfrom, -1, 0, 0, 0x80000000, 8, 8);
    int u = S(SYS_socket, AF_INET, SOCK_DGRAM, 0), sv[2];
    struct sockaddr_in ua = { AF_INET, 0, { htonl(0x7f000001) } };
    S(SYS_bind, u, &ua, 16); size = 16; S(SYS_getsockname, u, &ua, &size);
    S(SYS_sendto, u, "datagram", 8, 0, &ua, 16); size = 128;
    S(SYS_recvfrom, u, buf, 4, MSG_TRUNC, &peer, &size);
    S(SYS_sendto, u, "datagram", 8, 0, &ua, 16);
    size = 4; S(SYS_recvfrom, u, buf, 40, 0, &peer, &size);
    S(SYS_sendto, u, "datagram", 8, 0, &ua, 16);
    S(SYS_recvfrom, u, buf, 40, 0, 0, &size);
    S(SYS_sendto, u, "datagram", 8, 0, &ua, 16);
    S(SYS_recvfrom, u, buf, 40, 0, &peer, 0);
    S(SYS_shutdown, c, 0); S(SYS_shutdown, -1, 1); S(SYS_shutdown, -1, 2); S(SYS_shutdown, -1, 3); S(SYS_shutdown, -1, -1); 
    S(SYS_socketpair, AF_UNIX, SOCK_STREAM, 0, sv);
    S(SYS_sendto, sv[0], "unix", 4, 0, 0, 0); size = 110; struct sockaddr_un un; S(SYS_recvfrom, sv[1], buf, 40, 0, &un, &size);
    size = 110; S(SYS_getsockname, sv[0], &un, &size);
    struct iovec iov[3] = {{"one", 3}, {"two", 4}, {buf, 50}};
    struct msghdr m = { .msg_iov = iov, .msg_iovlen = 2 };
    S(SYS_sendmsg, sv[0], &m, MSG_NOSIGNAL); S(SYS_sendmsg, -1, 0, 0); S(SYS_sendmsg, -1, 8, 0x100000); S(SYS_sendmsg, -1, last(&m, 40), 0);
    struct iovec riov[3] = {{buf, 5}, {buf + 20, 50}};
    struct msghdr r = { .msg_iov = riov, .msg_iovlen = 2 };
    S(SYS_recvmsg, sv[1], &r, MSG_DONTWAIT);
    S(SYS_recvmsg, sv[1], &r, MSG_DONTWAIT); S(SYS_recvmsg, sv[1], 0, MSG_DONTWAIT); S(SYS_recvmsg, sv[1], 8, MSG_DONTWAIT);
    r.msg_name = &un; r.msg_namelen = 110; S(SYS_sendmsg, sv[0], &m, 0);
    S(SYS_recvmsg, sv[1], &r, MSG_DONTWAIT);
    m.msg_name = &in; m.msg_namelen = 16; S(SYS_sendmsg, u, &m, 0);
    r.msg_name = &peer; r.msg_namelen = 128; S(SYS_recvmsg, u, &r, MSG_DONTWAIT);
    m.msg_name = &ua; S(SYS_sendmsg, u, &m, 0); r.msg_namelen = 128; S(SYS_recvmsg, u, &r, MSG_DONTWAIT);
    S(SYS_sendmsg, u, &m, 0); r.msg_namelen = 6; S(SYS_recvmsg, u, &r, MSG_DONTWAIT); S(SYS_sendmsg, u, &m, 0); r.msg_namelen = 0; S(SYS_recvmsg, u, &r, MSG_PEEK);
    r.msg_name = 0; r.msg_namelen = 8; S(SYS_recvmsg, u, &r, MSG_DONTWAIT); 
    S(SYS_sendmsg, u, &m, 0); r.msg_name = &peer; r.msg_namelen = 16;r.msg_iovlen = 1; S(SYS_recvmsg, u, &r, MSG_DONTWAIT);
    m.msg_name = 8; S(SYS_sendmsg, u, &m, 0); m.msg_name = 0; m.msg_namelen = 4; m.msg_iov = 8; S(SYS_sendmsg, u, &m, 0); m.msg_iov = 0;  S(SYS_sendmsg, u, &m, 0); m.msg_iovlen = 0; S(SYS_sendmsg, u, &m, 0);
    m.msg_iov = iov; S(SYS_sendmsg, -1, &m, 0); m.msg_iov = last(iov, sizeof iov); m.msg_iovlen = -1; S(SYS_sendmsg, -1, &m, 0); m.msg_iov = iov; m.msg_iovlen = 2;
    m.msg_flags = 0x80001001; S(SYS_sendmsg, -1, &m, 0); m.msg_flags = 0;
    /* control */
    static union { struct cmsghdr h; char b[512]; } ctl, rctl;
    m.msg_control = &ctl; m.msg_controllen = CMSG_SPACE(8); m.msg_namelen = 0;
    ctl.h = (struct cmsghdr){ CMSG_LEN(8), SOL_SOCKET, SCM_RIGHTS };
    ((int *)CMSG_DATA(&ctl.h))[0] = 0; ((int *)CMSG_DATA(&ctl.h))[1] = l;
    S(SYS_sendmsg, sv[0], &m, 0);
    r.msg_name = 0; r.msg_namelen = 0; r.msg_control = &rctl; r.msg_controllen = sizeof rctl;
    S(SYS_recvmsg, sv[1], &r, MSG_CMSG_CLOEXEC);
    int one = 1; S(SYS_setsockopt, sv[1], SOL_SOCKET, SO_PASSCRED, &one, 4); S(SYS_setsockopt, sv[1], SOL_SOCKET, SO_TIMESTAMP, &one, 4);
    S(SYS_sendmsg, sv[0], &m, 0); r.msg_controllen = sizeof rctl; S(SYS_recvmsg, sv[1], &r, MSG_DONTWAIT);
    S(SYS_sendmsg, sv[0], &m, 0); r.msg_controllen = 20; S(SYS_recvmsg, sv[1], &r, MSG_DONTWAIT);
    r.msg_controllen = sizeof rctl; S(SYS_recvmsg, sv[1], &r, MSG_DONTWAIT); m.msg_controllen = 0;  S(SYS_sendmsg, sv[0], &m, 0); S(SYS_recvmsg, sv[1], &r, MSG_DONTWAIT);
    for (int len = -1; len < 34; len++) { m.msg_controllen = len; S(SYS_sendmsg, -1, &m, 0); }
    m.msg_controllen = 512;
    S(SYS_sendmsg, -1, &m, 0);  m.msg_controllen = -1L; S(SYS_sendmsg, -1, &m, 0); 
    for (int len = 0; len < 40; len++) { ctl.h.cmsg_len = len; m.msg_controllen = 32; S(SYS_sendmsg, -1, &m, 0); }
    m.msg_control = 8; S(SYS_sendmsg, -1, &m, 0); m.msg_control = 0; S(SYS_sendmsg, -1, &m, 0); m.msg_control = end - 16; S(SYS_sendmsg, -1, &m, 0); m.msg_control = &ctl;
    for (int i = 0; i < 200; i++) CMSG_DATA(&ctl.h)[i] = i;
    m.msg_iovlen = 0;
    m.msg_controllen = 216; ctl.h.cmsg_len = 216;
    for (int type = 0; type < 10; type++) { ctl.h.cmsg_type = type; S(SYS_sendmsg, -1, &m, 0); }
    int levels[] = { SOL_SOCKET, SOL_IP, SOL_IPV6, SOL_TCP, 17, SOL_NETLINK, SOL_PACKET, 77, 0x110 };
    for (int i = 0; i < 9; i++) for (int type = 0; type < 80; type++) { ctl.h.cmsg_level = levels[i]; ctl.h.cmsg_type = type; m.msg_controllen = ctl.h.cmsg_len = 32 + (i == 0) * 48; S(SYS_sendmsg, -1, &m, 0); }
    ctl.h.cmsg_level = 0; for (int type = 0; type < 30; type++) for (int len = 0; len < 36; len+=2) { ctl.h.cmsg_type = type; m.msg_controllen = ctl.h.cmsg_len = 16 + len; S(SYS_sendmsg, -1, &m, 0); }
    ctl.h.cmsg_level = 1; for (int type = 1; type < 5; type++) for (int len = 0; len < 32; len+=1) { ctl.h.cmsg_type = type; m.msg_controllen = ctl.h.cmsg_len = 16 + len; S(SYS_sendmsg, -1, &m, 0); }
    /* mmsg */
    struct mmsghdr mm[3] = {{{.msg_iov = iov, .msg_iovlen = 1}}, {{.msg_iov = iov + 1, .msg_iovlen = 1}}, {{.msg_iov = iov, .msg_iovlen = 2}}};
    struct mmsghdr rm[3] = {{{.msg_iov = riov, .msg_iovlen = 1}}, {{.msg_iov = riov + 1, .msg_iovlen = 1}}, {{.msg_iov = riov, .msg_iovlen = 2}}};
    int sd[2]; S(SYS_socketpair, AF_UNIX, SOCK_DGRAM, 0, sd);
    S(SYS_sendmmsg, sd[0], mm, 2, 0); struct timespec ts = {1000, 900000000};
    S(SYS_recvmmsg, sd[1], rm, 3, MSG_DONTWAIT, 0);
    S(SYS_sendmmsg, sd[0], mm, 2, 0); S(SYS_recvmmsg, sd[1], rm, 2, MSG_DONTWAIT, &ts);
    S(SYS_sendmmsg, sd[0], mm, 2, 0); S(SYS_recvmmsg, sd[1], rm, 1, MSG_WAITFORONE, &ts);
    S(SYS_recvmmsg, sd[1], rm, 3, MSG_WAITFORONE, &ts); S(SYS_recvmmsg, sd[1], rm, 3, MSG_DONTWAIT, &ts);  S(SYS_recvmmsg, sd[1], rm, 3, MSG_DONTWAIT, 0);
    S(SYS_recvmmsg, sd[1], rm, 3, MSG_DONTWAIT, 8); S(SYS_recvmmsg, sd[1], 0, 3, MSG_DONTWAIT, 0); S(SYS_recvmmsg, sd[1], 8, 3, MSG_DONTWAIT, 0);
    S(SYS_sendmmsg, sd[0], mm, 0, 0); S(SYS_sendmmsg, sd[0], 0, 2, 0); S(SYS_sendmmsg, sd[0], 8, 2, 0); S(SYS_sendmmsg, -1, mm, 3, 0); S(SYS_sendmmsg, -1, last(mm, 128), 3, 0);
    S(SYS_recvmmsg, -1, rm, 0, MSG_DONTWAIT, 0); S(SYS_recvmmsg, sd[1], rm, 0, MSG_DONTWAIT, 0);
    
}
