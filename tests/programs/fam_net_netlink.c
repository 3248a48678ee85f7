/* Netlink: lists of messages, acknowledgements, the addresses of this machine. */
/* mask: recvfrom\(\d, ".* */
/* mask: getrandom.* */
/* mask: nl_pid=-?\d+ */
/* mask: nlmsg_pid=-?\d+ */
/* mask: nlmsg_seq=\d{6,} */
/* mask: (?:nl_pid|port|ROUTE:|SOCK_DIAG:|SOCKDIAG:|\[)\d{4,} */
/* mask: tx_packets=\d+, rx_bytes=\d+, tx_bytes=\d+ */
/* mask: rx_packets=\d+ */
#include "fam.h"
#include <linux/netlink.h>
#include <ifaddrs.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>
int main(void)
{
    int fd = S(SYS_socket, AF_NETLINK, SOCK_RAW, 0);
    struct { struct nlmsghdr h; struct ifaddrmsg a; } get = {{sizeof get, RTM_GETADDR, NLM_F_REQUEST | NLM_F_DUMP, 6}};
    static char answer[16384];
    int link = S(SYS_socket, AF_NETLINK, SOCK_RAW, 0);
    S(SYS_sendto, link, &get, sizeof get, 0, 0, 0);
    while (S(SYS_recvfrom, link, answer, sizeof answer, MSG_DONTWAIT, 0, 0) > 20) continue;
    struct { struct nlmsghdr h; unsigned char b[300]; } m = {{16, 0x10, 1, 7, 0}};
    S(SYS_sendto, fd, &m, 16, MSG_DONTWAIT, 0, 0);
    struct sockaddr_nl a = {AF_NETLINK}; S(SYS_bind, fd, &a, 12);
    for (int n = 0; n < 20; n+=3) S(SYS_sendto, fd, &m, n, MSG_DONTWAIT, 0, 0);
    for (int n = 0; n < 18; n+=1) { m.h.nlmsg_len = n; m.h.nlmsg_type = 5; S(SYS_sendto, fd, &m, 17, MSG_DONTWAIT, 0, 0); }
    m.h.nlmsg_len = 32; m.h.nlmsg_type = 0x11; S(SYS_sendto, fd, &m, 32, MSG_DONTWAIT, 0, 0); S(SYS_sendto, fd, &m, 24, MSG_DONTWAIT, 0, 0); S(SYS_sendto, fd, &m, 40, MSG_DONTWAIT, 0, 0);S(SYS_sendto, fd, &m, 52, MSG_DONTWAIT, 0, 0);
    m.h.nlmsg_len = 21;for (int i = 0; i < 100; i++) m.b[i] = i + 1;
    for (int t = 0; t < 28; t++) { m.h.nlmsg_type = t; m.h.nlmsg_flags = 0; S(SYS_sendto, fd, &m, 21, MSG_DONTWAIT, 0, 0); }
    for (int t = 0; t < 28; t++) { m.h.nlmsg_type = t; m.h.nlmsg_flags = 0xff73; S(SYS_sendto, fd, &m, 21, MSG_DONTWAIT, 0, 0); }
    for (int t = 2; t < 4; t++) for (int n = 16; n < 44; n+=3) { m.h.nlmsg_len = n;  *(int *)m.b = t == 2 ? -1 : 33; m.h.nlmsg_type = t; m.h.nlmsg_flags = 0xf; S(SYS_sendto, fd, &m, n, MSG_DONTWAIT, 0, 0); }
    m.h.nlmsg_type = 3;  m.h.nlmsg_len = 20; *(int*)m.b = 3; for (int i = 20; i < 60; i += 20) memcpy((char*)&m + i, &m, 20); S(SYS_sendto, fd, &m, 60, MSG_DONTWAIT, 0, 0); S(SYS_sendto, fd, &m, 55, MSG_DONTWAIT, 0, 0); S(SYS_sendto, fd, &m, 42, MSG_DONTWAIT, 0, 0);
    S(SYS_recvfrom, fd, &m, 300, MSG_DONTWAIT, 0, 0); S(SYS_recvfrom, fd, &m, 300, MSG_DONTWAIT, 0, 0);
}
