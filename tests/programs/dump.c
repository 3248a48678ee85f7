/* Reads and writes of every shape, for -e read and -e write: to descriptors 5 and 6. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

int main(void)
{
    char b[200];
    for (int i = 0; i < 200; i++)
        b[i] = i + 20;
    int f = open("file", O_RDWR | O_CREAT | O_TRUNC, 0600);
    dup2(f, 5);
    write(5, "hello\n", 6);
    write(5, b, 40);
    write(5, b, 16);
    write(5, b, 0);
    write(5, (void *) 8, 3);
    pwrite64(5, b, 17, 3);
    pread64(5, b, 17, 3);
    read(5, b, 100);
    lseek(5, 0, SEEK_SET);
    read(5, b, 100);
    read(f, b, 100);
    struct iovec v[3] = {{"abc", 3}, {"", 0}, {"0123456789abcdefghij", 20}};
    struct iovec w[3] = {{b, 3}, {b + 50, 10}, {b + 60, 40}};
    writev(5, v, 3);
    lseek(5, 0, SEEK_SET);
    readv(5, w, 3);
    preadv(5, w, 3, 40);
    preadv(5, w, 3, 1000);
    v[1].iov_base = (void *) 8;
    v[1].iov_len = 5;
    writev(5, v, 3);
    writev(5, (void *) 8, 3);
    v[1].iov_base = "xy";
    v[1].iov_len = 2;
    dup2(open("/dev/full", O_RDWR), 5);
    write(5, "full", 4);
    writev(5, v, 3);
    int s[2];
    socketpair(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0, s);
    dup2(s[0], 5);
    dup2(s[1], 6);
    send(5, "sent", 4, 0);
    recv(6, b, 20, 0);
    recv(6, b, 20, 0);
    struct msghdr m = {.msg_iov = v, .msg_iovlen = 3};
    sendmsg(5, &m, 0);
    m.msg_iov = w;
    recvmsg(6, &m, 0);
    sendmsg(5, NULL, 0);
    struct mmsghdr mm[2];
    memset(mm, 0, sizeof mm);
    mm[0].msg_hdr.msg_iov = v;
    mm[0].msg_hdr.msg_iovlen = 2;
    mm[1].msg_hdr.msg_iov = v + 2;
    mm[1].msg_hdr.msg_iovlen = 1;
    sendmmsg(5, mm, 2, 0);
    mm[0].msg_hdr.msg_iov = w;
    mm[1].msg_hdr.msg_iov = w + 2;
    recvmmsg(6, mm, 2, MSG_DONTWAIT, NULL);
    recvmmsg(6, mm, 2, MSG_DONTWAIT, NULL);
    int p[2];
    pipe(p);
    dup2(p[1], 5);
    vmsplice(5, v, 3, 0);
    return 0;
}
