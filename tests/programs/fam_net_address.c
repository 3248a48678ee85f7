/* Families, types, protocols; addresses of every family and length. */
/* mask: \[\d{4,}(->\d+)? */
/* mask: socket\(0x3, .* */
#include "fam.h"
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <linux/if_packet.h>
#include <linux/vm_sockets.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
int main(void)
{
    two_pages();
    munmap(end, 4096);
    /* socket */
    for (int family = 0; family < 48; family++) S(SYS_socket, family, 99, 3);
    for (int type = 0; type < 17; type++) S(SYS_socket, 77, type, 0);
    for (int protocol = -1; protocol < 270; protocol++) S(SYS_socket, AF_INET, 15, protocol);
    S(SYS_socket, AF_INET6, 15, 58); S(SYS_socket, AF_INET6, 15, 262);
    for (int protocol = -1; protocol < 25; protocol++) S(SYS_socket, AF_NETLINK, 15, protocol);
    for (int protocol = -1; protocol < 12; protocol++) S(SYS_socket, AF_BLUETOOTH, 15, protocol);
    for (int protocol = -1; protocol < 12; protocol++) S(SYS_socket, AF_CAN, 15, protocol);
    for (int protocol = -1; protocol < 12; protocol++) S(SYS_socket, AF_PHONET, 15, protocol);
    for (int protocol = -1; protocol < 12; protocol++) S(SYS_socket, AF_CAIF, 15, protocol);
    for (int protocol = -1; protocol < 12; protocol++) S(SYS_socket, AF_NFC, 15, protocol);
    for (int protocol = -1; protocol < 4; protocol++) S(SYS_socket, AF_IRDA, 15, protocol);
    for (int protocol = -1; protocol < 4; protocol++) S(SYS_socket, AF_SMC, 15, protocol);
    for (int protocol = -1; protocol < 4; protocol++) S(SYS_socket, AF_ISDN, 15, protocol);
    for (int protocol = -1; protocol < 4; protocol++) S(SYS_socket, AF_KEY, 15, protocol);
    for (int protocol = -1; protocol < 4; protocol++) S(SYS_socket, AF_MCTP, 15, protocol);
    S(SYS_socket, AF_PACKET, 15, htons(3)); S(SYS_socket, AF_PACKET, 15, htons(0x800)); S(SYS_socket, AF_PACKET, 15, 3);
    S(SYS_socket, AF_PACKET, 15, 0x10003); S(SYS_socket, AF_PACKET, 15, -1); S(SYS_socket, AF_PACKET, 15, 0);
    S(SYS_socket, AF_PACKET, 15, htons(0x1234)); S(SYS_socket, AF_PACKET, 15, htons(0xeeee));
    S(SYS_socket, AF_UNIX, 15, 1); S(SYS_socket, AF_UNIX, 0x8080f, 0); S(SYS_socket, AF_UNIX, 0x7fffffff, 0);
    S(SYS_socket, AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK | 0x100, 0); S(SYS_socket, -1, -1, -1);
    S(SYS_socket, 0xffffffff00000001UL, 0xffffffff00000001UL, 0xffffffff00000001UL);
    int sv[2];
    S(SYS_socketpair, AF_UNIX, SOCK_DGRAM, 0, sv);
    S(SYS_socketpair, AF_UNIX, SOCK_STREAM, 6, sv);
    S(SYS_socketpair, AF_INET, SOCK_STREAM, 6, sv);
    S(SYS_socketpair, AF_NETLINK, SOCK_STREAM, 6, sv);
    S(SYS_socketpair, AF_UNIX, SOCK_DGRAM, 0, 0);
    S(SYS_socketpair, AF_UNIX, SOCK_DGRAM, 0, 8);
    int t = S(SYS_socket, AF_INET, SOCK_STREAM, IPPROTO_TCP);
    struct sockaddr_in in = { AF_INET, htons(1), { htonl(0x7f000001) } };
    S(SYS_connect, t, &in, sizeof in);
    for (int size = -1; size < 40; size++) S(SYS_bind, -1, &in, size);
    in.sin_zero[2] = 3;
    S(SYS_bind, -1, &in, 16);
    S(SYS_bind, -1, &in, 0x7fffffff); S(SYS_bind, -1, 0, 16); S(SYS_bind, -1, 8, 16); S(SYS_bind, -1, -1L, 16);S(SYS_bind, -1, 0, 0);
    S(SYS_bind, -1, last(&in, 16), 16); S(SYS_bind, -1, last(&in, 16), 28);S(SYS_bind, -1, last(&in, 8), 16); S(SYS_bind, -1, last(&in, 1), 16);
    struct sockaddr_in6 in6 = { AF_INET6, htons(80), 0, IN6ADDR_LOOPBACK_INIT, 0 };
    for (int size = 0; size < 40; size++) S(SYS_bind, -1, &in6, size);
    in6.sin6_flowinfo = htonl(0x12345678); in6.sin6_scope_id = 1;
    S(SYS_bind, -1, &in6, 28); in6.sin6_scope_id = 1; 
    S(SYS_bind, -1, &in6, 24);
    in6.sin6_addr.s6_addr[0] = 0xfe; in6.sin6_addr.s6_addr[1] = 0x80; S(SYS_bind, -1, &in6, 28); in6.sin6_scope_id = 77; S(SYS_bind, -1, &in6, 28);
    in6.sin6_addr.s6_addr[0] = 0xff; in6.sin6_addr.s6_addr[1] = 0x02; in6.sin6_scope_id = 1; S(SYS_bind, -1, &in6, 28);in6.sin6_addr.s6_addr[1] = 0x05;S(SYS_bind, -1, &in6, 28);in6.sin6_addr.s6_addr[1] = 0x01;S(SYS_bind, -1, &in6, 28);
    inet_pton(AF_INET6, "::ffff:1.2.3.4", &in6.sin6_addr); S(SYS_bind, -1, &in6, 28);
    inet_pton(AF_INET6, "::1.2.3.4", &in6.sin6_addr); S(SYS_bind, -1, &in6, 28);
    inet_pton(AF_INET6, "::2", &in6.sin6_addr); S(SYS_bind, -1, &in6, 28);
    inet_pton(AF_INET6, "::1:2", &in6.sin6_addr); S(SYS_bind, -1, &in6, 28);
    inet_pton(AF_INET6, "::", &in6.sin6_addr); S(SYS_bind, -1, &in6, 28);
    inet_pton(AF_INET6, "1:0:0:2:0:0:0:3", &in6.sin6_addr); S(SYS_bind, -1, &in6, 28);
    inet_pton(AF_INET6, "1:0:0:2:0:0:3:3", &in6.sin6_addr); S(SYS_bind, -1, &in6, 28);
    inet_pton(AF_INET6, "1:0:3:2:1:0:3:3", &in6.sin6_addr); S(SYS_bind, -1, &in6, 28);
    inet_pton(AF_INET6, "64:ff9b::1.2.3.4", &in6.sin6_addr); S(SYS_bind, -1, &in6, 28);
    inet_pton(AF_INET6, "::ffff:0:1.2.3.4", &in6.sin6_addr); S(SYS_bind, -1, &in6, 28);
    struct sockaddr_un un = { AF_UNIX, "path" };
    for (int size = 0; size < 10; size++) S(SYS_bind, -1, &un, size);
    S(SYS_bind, -1, &un, 110); S(SYS_bind, -1, &un, 111); S(SYS_bind, -1, &un, 200); S(SYS_bind, -1, &un, 128);
    memset(un.sun_path, 'x', 108); S(SYS_bind, -1, &un, 110);S(SYS_bind, -1, &un, 109); S(SYS_bind, -1, &un, 111);S(SYS_bind, -1, &un, 300);
    memcpy(un.sun_path, "\0abs\0tr\"act\1", 12); S(SYS_bind, -1, &un, 14); S(SYS_bind, -1, &un, 3); S(SYS_bind, -1, &un, 4); S(SYS_bind, -1, &un, 110);S(SYS_bind, -1, &un, 111);
    S(SYS_bind, -1, last(&un, 10), 110); S(SYS_bind, -1, last(&un, 10), 10); 
    memcpy(un.sun_path, "a\0\0\0\n\"<>\xff\0", 10);  S(SYS_bind, -1, &un, 11);
    memcpy(un.sun_path, "b\n\"<>\xff\0", 10);  S(SYS_bind, -1, &un, 11);
    struct sockaddr_nl nl = { AF_NETLINK, 0, 1234, 0x11 };
    for (int size = 0; size < 14; size++) S(SYS_bind, -1, &nl, size);
    nl.nl_pad = 5; nl.nl_groups = 0; nl.nl_pid = 4321; S(SYS_bind, -1, &nl, 12);
    struct sockaddr_ll ll = { AF_PACKET, htons(3), 1, 1, 0, 6, {1, 2, 3, 4, 5, 6, 7, 8} };
    for (int size = 0; size < 24; size++) S(SYS_bind, -1, &ll, size);
    for (int type = 1; type < 9; type++) { ll.sll_pkttype = type; ll.sll_hatype = type * 100; ll.sll_halen = type; ll.sll_ifindex = type; ll.sll_protocol = htons(type * 100); S(SYS_bind, -1, &ll, 20);S(SYS_bind, -1, &ll, 24); }
    ll.sll_halen = 77; S(SYS_bind, -1, &ll, 20); ll.sll_ifindex = 0;  S(SYS_bind, -1, &ll, 20); ll.sll_ifindex = -1;  S(SYS_bind, -1, &ll, 20);ll.sll_halen = 0; S(SYS_bind, -1, &ll, 20);
    unsigned char raw[256];
    for (int i = 0; i < 256; i++) raw[i] = i + 1;
    for (int family = 0; family < 50; family++) { if (strchr("\3\4\11\36\37\41\44\46\47\55", family)) continue; *(short *)raw = family; S(SYS_bind, -1, raw, 0); S(SYS_bind, -1, raw, 2); S(SYS_bind, -1, raw, 3); S(SYS_bind, -1, raw, 6); S(SYS_bind, -1, raw, 8);
       S(SYS_bind, -1, raw, 10); S(SYS_bind, -1, raw, 12); S(SYS_bind, -1, raw, 14); S(SYS_bind, -1, raw, 16); S(SYS_bind, -1, raw, 20); S(SYS_bind, -1, raw, 24);S(SYS_bind, -1, raw, 28);S(SYS_bind, -1, raw, 40); S(SYS_bind, -1, raw, 110); S(SYS_bind, -1, raw, 128);S(SYS_bind, -1, raw, 256);
       memset(raw + 2, 0, 254); S(SYS_bind, -1, raw, 16); S(SYS_bind, -1, raw, 128);S(SYS_bind, -1, raw, 256); for (int i = 2; i < 256; i++) raw[i] = i + 1; }
}
