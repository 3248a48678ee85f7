/* Socket options. */
/* mask: \[\d{4,}\] */
/* mask: htons\(\d{5}\) */
#include "fam.h"
#include <arpa/inet.h>
#include <linux/netlink.h>
#include <linux/if_packet.h>
#include <linux/vm_sockets.h>
#include <linux/filter.h>
#include <netinet/in.h>
#include <net/if.h>
#include <sys/socket.h>
#include <sys/un.h>
int main(){
    struct sockaddr_in in = { AF_INET, htons(1), { htonl(0x7f000001) } };
    S(SYS_bind, -1, &in, 16);
    struct sockaddr_in6 in6 = { AF_INET6, htons(80), htonl(5), IN6ADDR_LOOPBACK_INIT, 1 };
    S(SYS_bind, -1, &in6, 28); in6.sin6_addr.s6_addr[0] = 0xfe; in6.sin6_addr.s6_addr[1] = 0x80; S(SYS_bind, -1, &in6, 28);
    struct sockaddr_un un = { AF_UNIX, "pa\1\xffth" }; S(SYS_bind, -1, &un, 9); un.sun_path[0] = 0;  S(SYS_bind, -1, &un, 9);
    struct sockaddr_nl nl = { AF_NETLINK, 3, 1234, 0x11 }; S(SYS_bind, -1, &nl, 12);
    struct sockaddr_ll ll = { AF_PACKET, htons(3), 1, 1, 0, 6, {1, 2, 3, 4, 5, 6, 7, 8} }; S(SYS_bind, -1, &ll, 20); ll.sll_protocol=1; S(SYS_bind, -1, &ll, 20);
    struct sockaddr_vm vm = { AF_VSOCK, 3, -1, -1 }; S(SYS_bind, -1, &vm, 16); vm.svm_cid = 2; S(SYS_bind, -1, &vm, 16);vm.svm_cid = 1; S(SYS_bind, -1, &vm, 16);vm.svm_cid = 3; S(SYS_bind, -1, &vm, 16);
    struct { char a[20]; } r = { "\4\1abcdefghijklmn" }; S(SYS_bind, -1, &r, 16); S(SYS_bind, -1, &r, 2);
    S(SYS_socket, 99, 1, 1); S(SYS_socket, 16, 0x80001, 0); S(SYS_socket, 17, 0x80066, htons(3));  S(SYS_socket, 17, 0x8000f, htons(4));S(SYS_socket, 31, 0x8000f, 99);
    int x = 1; S(SYS_setsockopt, -1, 0, 1, &x, 4); S(SYS_setsockopt, -1, 99, 1, &x, 4); S(SYS_setsockopt, -1, 1, 1, &x, 4); S(SYS_setsockopt, -1, 1, 74, &x, 4);S(SYS_setsockopt, -1, 0, 51, &x, 4);
    S(SYS_setsockopt, -1, 0, 35, &in, 8); S(SYS_setsockopt, -1, 41, 20, &in6.sin6_addr, 20);S(SYS_setsockopt, -1, 1, 13, &in, 8);
    S(SYS_setsockopt, -1, 1, 25, "lo", 3); S(SYS_setsockopt, -1, 0, 0, 0, 0);  S(SYS_setsockopt, -1, 0, 0, 8, 4);S(SYS_setsockopt, -1, 0, 0, 8, 5);S(SYS_setsockopt, -1, 0, 0, 0, 5);
    struct { char a[40]; } m = { "abcdefghijkl\x02\0\x03\0\1\2\3\4\5\6\7\10" }; S(SYS_setsockopt, -1, 263, 1, &m, 16); S(SYS_setsockopt, -1, 263, 5, &m, 16);
    int fd = S(SYS_socket, 1, 1, 0); x = 4; S(SYS_getsockopt, fd, 1, 3, &un, &x); x = 12; S(SYS_getsockopt, fd, 1, 17, &un, &x); x=4;  S(SYS_getsockopt, fd, 1, 39, &un, &x);x=4;  S(SYS_getsockopt, fd, 1, 4, &un, &x); S(SYS_getsockopt, fd, 1, 4, &un, 0); S(SYS_getsockopt, fd, 1, 4, 0, &x);S(SYS_getsockopt, fd, 1, 4, &un, 8);
    fd = S(SYS_socket, 2, 1, 0); x = 4; S(SYS_getsockopt, fd, 1, 3, &un, &x);S(SYS_connect, fd, &in, 16);x = 12; S(SYS_getsockopt, fd, 1, 17, &un, &x);S(SYS_getsockopt, fd, 1, 4, &un, &x);
    unsigned char raw[300];
    for (int i = 0; i < 300; i++) raw[i] = i + 1;
    int levels[] = { 0, 1, 6, 17, 41, 58, 100, 101, 136, 255, 263, 270, 282, 283, 40, 132, 999 };
    int lens[] = { -1, 0, 3, 4, 5, 8, 16, 20, 136 };
    for (int i = 0; i < 17; i++) for (int o = 0; o < 90; o++) {
        if (levels[i] == 6 && o == 38 || levels[i] == 255 && o == 1) continue; /* TCP_AO_ADD_KEY, ICMP_FILTER */
        if (levels[i] == 1 && (o == 26 || o == 51)) continue; /* filters */
        if (i < 2) for (int l = 0; l < 9; l++) S(SYS_setsockopt, -1, levels[i], o, raw, lens[l]);
        else S(SYS_setsockopt, -1, levels[i], o, raw, lens[o % 9]);
    }
    int s[4] = { socket(AF_INET, SOCK_STREAM, 0), socket(AF_INET6, SOCK_DGRAM, 0), socket(AF_NETLINK, SOCK_RAW, 0), socket(AF_PACKET, SOCK_RAW, 0) };
    int got[] = { 0, 1, 6, 17, 41, 263, 270 }, len;
    for (int i = 0; i < 7; i++) for (int o = 0; o < 80; o++) for (int l = 0; l < 4; l++) {
        if (got[i] == 1 && o == 57 || got[i] == 6 && (o == 24 || o == 11)) continue; /* SO_COOKIE, TCP_TIMESTAMP, TCP_INFO */
        len = o % 3 ? 4 : o % 2 ? 300 : 2;
        memset(raw, 7, 300);
        S(SYS_getsockopt, s[l], got[i], o, raw, &len);
    }
}
