/* Waiting for events: poll, select, epoll, eventfd, timerfd, signalfd, aio.
   mask: (pipe|socket|eventfd):\[\d+\]
   mask: left \{tv_sec=\d+, tv_n?u?sec=\d+\}
   mask: it_value=\{tv_sec=(4|39), tv_nsec=\d+\}
   mask: eventfd-id=\d+ */
#include "fam.h"
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/timerfd.h>

int main(void)
{
    two_pages();
    munmap(end, 4096);
    int p[2], q[2];
    syscall(SYS_pipe2, p, 0);
    syscall(SYS_pipe2, q, 0);
    syscall(SYS_write, q[1], "x", 1L);

    struct pollfd f[3] = {{p[0], POLLIN, 0}, {q[0], POLLIN | POLLPRI, 0}, {99, POLLOUT | 0x4800, 0}};
    struct pollfd none[2] = {{p[0], POLLIN, 7}, {-1, 0, 9}};
    struct pollfd many[40] = {};
    for (int i = 0; i < 40; i++) {
        many[i].fd = i < 38 ? -1 : q[0];
        many[i].events = POLLIN;
    }
    struct timespec zero = {0, 0}, some = {0, 1000000}, five, odd = {-1, 2000000000};
    unsigned long long set = 1 << (SIGUSR1 - 1) | 1 << (SIGCHLD - 1);
    syscall(SYS_poll, f, 3L, 0);
    syscall(SYS_poll, f, 1L, 0);
    syscall(SYS_poll, none, 2L, 1);
    syscall(SYS_poll, f + 1, 1L, -1);
    syscall(SYS_poll, many, 40L, 5);
    syscall(SYS_poll, f, 0L, 0);
    syscall(SYS_poll, 0, 0L, 0);
    syscall(SYS_poll, 0, 1L, 0);
    syscall(SYS_poll, BAD, 1L, 0);
    syscall(SYS_poll, last(f, 8), 2L, 0);
    syscall(SYS_poll, last(f, 24), -1L, 0);
    syscall(SYS_poll, f, 0x100000001L, 0);
    syscall(SYS_poll, last(f, 20), 0xffffffL, 0);
    for (int i = 0; i < 40; i++)
        many[i].fd = q[0];
    syscall(SYS_poll, many, 5L, 5);
    syscall(SYS_poll, many, 3L, 5);
    five = (struct timespec) {5, 0};
    syscall(SYS_ppoll, f, 3L, &five, &set, 8L);
    syscall(SYS_ppoll, none, 2L, &some, 0, 8L);
    syscall(SYS_ppoll, f + 1, 1L, 0, &set, 8L);
    syscall(SYS_ppoll, f, 1L, &zero, BAD, 8L);
    syscall(SYS_ppoll, f, 1L, BAD, &set, 8L);
    syscall(SYS_ppoll, f, 1L, &odd, &set, 8L);
    syscall(SYS_ppoll, f, 1L, &zero, &set, 4L);
    five = (struct timespec) {5, 0};
    syscall(SYS_ppoll, BAD, 1L, &five, 0, 0L);

    struct { fd_set set, more; } rr = {}, ww = {};
#define r rr.set
#define w ww.set
    fd_set e;
    struct timeval tv = {0, 0}, tvfive = {5, 0}, tvodd = {-1, 7};
#define SETS FD_ZERO(&r); FD_ZERO(&w); FD_ZERO(&e); FD_SET(p[0], &r); FD_SET(q[0], &r); FD_SET(p[1], &w); FD_SET(q[1], &e)
    SETS;
    tvfive = (struct timeval) {5, 0};
    syscall(SYS_select, 10, &r, &w, &e, &tvfive);
    SETS;
    syscall(SYS_select, 10, &r, 0, 0, 0);
    SETS; FD_CLR(q[0], &r);
    syscall(SYS_select, 10, &r, 0, &e, &tv);
    syscall(SYS_select, 0, 0, 0, 0, &tv);
    syscall(SYS_select, 0, &r, &w, &e, &tv);
    SETS;
    syscall(SYS_select, -1, &r, &w, &e, &tv);
    syscall(SYS_select, 10, BAD, &w, &e, &tv);
    syscall(SYS_select, 10, &r, &w, &e, &tvodd);
    syscall(SYS_select, 10, &r, &w, &e, BAD);
    SETS;
    syscall(SYS_select, 2000, &r, &w, 0, &tv);
    for (int i = 0; i < 10; i++)
        FD_SET(i, &r), FD_SET(i, &w);
    syscall(SYS_select, 7, &r, &w, 0, &tv);
    syscall(SYS_select, 0x7fffffff, &r, &w, 0, &tv);
    FD_ZERO(&w);
    FD_ZERO(&r);
    syscall(SYS_select, 10, &r, 0, 0, &tv);
    SETS;
    syscall(SYS_select, 4, &r, &w, 0, &tv);
    syscall(SYS_select, 10, last(&r, 8), 0, 0, &tv);
    syscall(SYS_select, 65, last(&r, 8), 0, 0, &tv);
    struct { const void *set; unsigned long size; } sig = {&set, 8}, sigodd = {BAD, 4}, signull = {0, 8};
    SETS;
    five = (struct timespec) {5, 0};
    syscall(SYS_pselect6, 10, &r, &w, &e, &five, &sig);
    SETS;
    syscall(SYS_pselect6, 10, &r, 0, 0, 0, 0);
    FD_ZERO(&r);
    syscall(SYS_pselect6, 10, &r, 0, 0, &some, &signull);
    syscall(SYS_pselect6, 10, &r, 0, 0, &zero, &sigodd);
    syscall(SYS_pselect6, 10, &r, 0, 0, &zero, BAD);
    syscall(SYS_pselect6, 10, &r, 0, 0, BAD, &sig);
    syscall(SYS_pselect6, 10, &r, 0, 0, &odd, &sig);

    int ep = syscall(SYS_epoll_create1, EPOLL_CLOEXEC);
    syscall(SYS_epoll_create, 1);
    syscall(SYS_epoll_create, -1);
    syscall(SYS_epoll_create1, 0);
    syscall(SYS_epoll_create1, 0x81);
    struct epoll_event ev = {EPOLLIN | EPOLLET, {.u64 = 0x123456789aL}}, all = {-1, {.u64 = -1}}, evs[40];
    ev.data.fd = q[0];
    syscall(SYS_epoll_ctl, ep, EPOLL_CTL_ADD, q[0], &ev);
    ev.events = EPOLLOUT | EPOLLONESHOT | 0x4800;
    ev.data.u64 = 0xdeadbeefcafe0001;
    syscall(SYS_epoll_ctl, ep, EPOLL_CTL_ADD, q[1], &ev);
    syscall(SYS_epoll_ctl, ep, EPOLL_CTL_MOD, q[1], &ev);
    syscall(SYS_epoll_ctl, ep, EPOLL_CTL_DEL, p[1], &ev);
    syscall(SYS_epoll_ctl, ep, EPOLL_CTL_DEL, p[1], 0);
    syscall(SYS_epoll_ctl, ep, EPOLL_CTL_ADD, p[1], 0);
    syscall(SYS_epoll_ctl, ep, EPOLL_CTL_ADD, -1, &all);
    syscall(SYS_epoll_ctl, -1, 9, p[1], BAD);
    syscall(SYS_epoll_ctl, ep, EPOLL_CTL_ADD, p[1], last(&ev, 11));
    syscall(SYS_epoll_wait, ep, evs, 40, 0);
    syscall(SYS_epoll_wait, ep, evs, 40, 0);
    syscall(SYS_epoll_wait, ep, evs, -1, 0);
    syscall(SYS_epoll_wait, -1, evs, 2, -1);
    syscall(SYS_epoll_wait, ep, 0, 2, 0);
    syscall(SYS_epoll_ctl, ep, EPOLL_CTL_MOD, q[1], &ev);
    syscall(SYS_epoll_pwait, ep, evs, 40, 5000, &set, 8L);
    syscall(SYS_epoll_pwait, ep, evs, 40, 0, 0, 8L);
    syscall(SYS_epoll_pwait, ep, evs, 40, 0, &set, 3L);
    syscall(SYS_epoll_ctl, ep, EPOLL_CTL_MOD, q[1], &ev);
    five = (struct timespec) {5, 0};
    syscall(441, ep, evs, 40, &five, &set, 8L);     /* epoll_pwait2 */
    syscall(441, ep, evs, 40, &zero, 0, 0L);
    syscall(441, ep, evs, 40, BAD, BAD, 8L);

    syscall(SYS_eventfd, 5U);
    syscall(SYS_eventfd, -1U);
    syscall(SYS_eventfd2, 0U, 0);
    syscall(SYS_eventfd2, 7U, 1 | O_CLOEXEC | O_NONBLOCK);
    syscall(SYS_eventfd2, 7U, -1);
    syscall(SYS_eventfd2, 7U, 2);

    int t = syscall(SYS_timerfd_create, CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
    syscall(SYS_timerfd_create, 99, 0);
    syscall(SYS_timerfd_create, CLOCK_BOOTTIME, 0x1000003);
    syscall(SYS_timerfd_create, CLOCK_REALTIME, 0x40);
    struct itimerspec its = {{1, 2}, {5, 600}}, old, its_odd = {{-1, -1}, {0, 2000000000}}, later = {{3, 4}, {40, 0}};
    syscall(SYS_timerfd_settime, t, 0, &its, 0);
    syscall(SYS_timerfd_settime, t, 0, &later, &old);
    syscall(SYS_timerfd_gettime, t, &old);
    syscall(SYS_timerfd_settime, t, 3, &its_odd, &old);
    syscall(SYS_timerfd_settime, t, 0x14, 0, BAD);
    syscall(SYS_timerfd_settime, -1, 0, last(&its, 24), 0);
    syscall(SYS_timerfd_gettime, t, 0);
    syscall(SYS_timerfd_gettime, -1, &old);

    int s = syscall(SYS_signalfd4, -1, &set, 8L, 0x80800);
    syscall(SYS_signalfd4, s, &set, 8L, 0);
    syscall(SYS_signalfd, s, &set, 8L);
    syscall(SYS_signalfd, s, 0, 8L);
    syscall(SYS_signalfd, -1, BAD, 4L);
    syscall(SYS_signalfd4, -1, &set, 8L, 0x41);
    syscall(SYS_signalfd4, 1, &set, 16L, 2);
    syscall(SYS_userfaultfd, 6);
    syscall(SYS_userfaultfd, 0x80001 | 0x80000000);
    return 0;
}
