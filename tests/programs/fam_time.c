/* Sleeping, clocks and timers. */
/* What clocks say and what is left of a sleep or a timer are masked; so is the second zone, which is that time.
 * mask: (?<=tv_sec=)\d{2,10}, tv_[nu]sec=\d+(?=\})
 * mask: (?<=tv_sec=)[0-5], tv_[nu]sec=\d{5,}(?=\})
 * mask: (?<=tz_minuteswest=)\d{2,}
 * mask: (?<=\btime\()[^)]*\) += \d.*
 * mask: (?<=adjtimex\()(buf=)?\{modes=.*
 * mask: (?<=, )(buf=)?\{modes=.*
 */
#include "fam.h"
#include <signal.h>
#include <sys/time.h>
#include <sys/timex.h>
#include <time.h>

struct event { void *value; int signo, notify; void *function, *attributes; char pad[32]; };

static void handler(int number)
{
}

/* Should the signal come before the sleep, the next one ends it. */
static void interrupt_soon(void)
{
    struct itimerval soon = {{1, 0}, {0, 30000}};
    syscall(SYS_setitimer, ITIMER_REAL, &soon, 0);
}

static void sleeping(void)
{
    long none[2] = {0, 1000}, five[2] = {5, 1000}, bad[2] = {-1, 1000000000}, odd[2] = {-1, -1}, left[2];
    long far[2] = {0x7ffffffff, 1};

    syscall(SYS_nanosleep, none, left);
    syscall(SYS_nanosleep, none, 0);
    syscall(SYS_nanosleep, bad, left);
    syscall(SYS_nanosleep, odd, left);
    syscall(SYS_nanosleep, end, left);
    syscall(SYS_nanosleep, 0, end);
    syscall(SYS_nanosleep, end - 8, 8);
    interrupt_soon();
    syscall(SYS_nanosleep, five, left);
    interrupt_soon();
    syscall(SYS_nanosleep, five, 0);
    interrupt_soon();
    syscall(SYS_clock_nanosleep, CLOCK_MONOTONIC, 0, five, left);
    interrupt_soon();
    syscall(SYS_clock_nanosleep, CLOCK_REALTIME, TIMER_ABSTIME, far, left);
    interrupt_soon();
    syscall(SYS_clock_nanosleep, CLOCK_REALTIME, TIMER_ABSTIME, far, 0);
    syscall(SYS_setitimer, ITIMER_REAL, (long[4]) {0}, 0);
    syscall(SYS_clock_nanosleep, CLOCK_REALTIME, TIMER_ABSTIME, none, left);
    syscall(SYS_clock_nanosleep, 100, 3, bad, left);
    syscall(SYS_clock_nanosleep, -5, 0, end, end);
    syscall(SYS_clock_nanosleep, -6, 0x1000, 0, 0);
}

static void clocks(void)
{
    static const int numbers[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 16, -1, -5, -9, -810,
                                  0x7fffffff, -0x7fffffff};
    long now[2], bad[2] = {-1, 1000000000}, odd[2] = {0, -5};
    int zone[2] = {-1, 0x7fffffff};
    struct timex change;

    for (unsigned i = 0; i < COUNT(numbers); i++) {
        syscall(SYS_clock_gettime, numbers[i], now);
        syscall(SYS_clock_getres, numbers[i], now);
        syscall(SYS_clock_settime, numbers[i], bad);
    }
    syscall(SYS_clock_gettime, 0, 0);
    syscall(SYS_clock_gettime, 0, end);
    syscall(SYS_clock_getres, 0, 0);
    syscall(SYS_clock_getres, 77, 0);
    syscall(SYS_clock_settime, 1, end);
    syscall(SYS_gettimeofday, now, zone);
    syscall(SYS_gettimeofday, now, 0);
    syscall(SYS_gettimeofday, 0, zone);
    syscall(SYS_gettimeofday, 0, 0);
    syscall(SYS_gettimeofday, end, end);
    syscall(SYS_settimeofday, bad, 0);
    syscall(SYS_settimeofday, end, odd);
    syscall(SYS_settimeofday, odd, zone);
    syscall(SYS_settimeofday, bad, end);
    syscall(SYS_time, 0);
    syscall(SYS_time, now);
    syscall(SYS_time, end);
    /* Nothing that would change a clock. */
    memset(&change, 0, sizeof change);
    syscall(SYS_adjtimex, &change);
    change.modes = 0xa001;
    syscall(SYS_adjtimex, &change);
    change.modes = 0;
    syscall(SYS_clock_adjtime, 0, &change);
    syscall(SYS_clock_adjtime, 1, &change);
    memset(&change, -1, sizeof change);
    syscall(SYS_clock_adjtime, 99, &change);
    syscall(SYS_adjtimex, end);
    syscall(SYS_adjtimex, 0);
    syscall(SYS_clock_adjtime, 0, end - 8);
    syscall(SYS_clock_adjtime, -1, 0);
}

static void interval_timers(void)
{
    long none[4] = {0}, far[4] = {0, 0, 10000, 0}, bad[4] = {-1, 1000000000, 5, -1}, was[4];

    for (int which = -1; which < 4; which++) {
        syscall(SYS_setitimer, which, which ? none : far, was);
        syscall(SYS_getitimer, which, was);
        syscall(SYS_setitimer, which, none, 0);
    }
    syscall(SYS_setitimer, 0, 0, was);
    syscall(SYS_setitimer, 0, bad, was);
    syscall(SYS_setitimer, 1, end, end);
    syscall(SYS_setitimer, 1, 0, end);
    syscall(SYS_setitimer, 1, end - 16, end - 16);
    syscall(SYS_getitimer, 1, end);
    syscall(SYS_getitimer, 1, 0);
}

static void timers(void)
{
    static const int kinds[] = {SIGEV_SIGNAL, SIGEV_NONE, SIGEV_THREAD, SIGEV_THREAD_ID, 3, 5, -1};
    struct event event = {.value = (void *) 0x123456789, .signo = SIGUSR1};
    long none[4] = {0}, far[4] = {0, 0, 10000, 5}, bad[4] = {-1, 1000000000, 5, -1}, was[4];
    int id = 7;

    for (unsigned i = 0; i < COUNT(kinds); i++) {
        event.notify = kinds[i];
        event.function = (void *) (long) (kinds[i] == SIGEV_THREAD_ID ? getpid() : 1234);
        syscall(SYS_timer_create, i, &event, &id);
        event.signo = i == 3 ? 0 : 34;
    }
    memset(&event, 0, sizeof event);
    syscall(SYS_timer_create, 1, &event, &id);
    syscall(SYS_timer_create, 0, 0, &id);
    syscall(SYS_timer_create, 0, end, &id);
    syscall(SYS_timer_create, 0, end - 32, 0);
    syscall(SYS_timer_create, 0, end - 31, 0);
    syscall(SYS_timer_create, 0, 0, end);
    syscall(SYS_timer_create, 0, 0, 0);
    syscall(SYS_timer_settime, 0, 0, far, 0);
    syscall(SYS_timer_settime, 0, 0, far, was);
    syscall(SYS_timer_settime, 0, TIMER_ABSTIME, none, was);
    syscall(SYS_timer_settime, 0, 6, bad, was);
    syscall(SYS_timer_settime, 0, 0x1000, end, end);
    syscall(SYS_timer_settime, -1, 0, none, end);
    syscall(SYS_timer_settime, -1, 0, 0, 0);
    syscall(SYS_timer_gettime, 0, was);
    syscall(SYS_timer_gettime, -1, was);
    syscall(SYS_timer_gettime, 0, end);
    syscall(SYS_timer_gettime, 0, 0);
    syscall(SYS_timer_getoverrun, 0);
    syscall(SYS_timer_getoverrun, -1);
    syscall(SYS_timer_delete, 0);
    syscall(SYS_timer_delete, -1);
    none[3] = 1;
    syscall(SYS_timer_settime, 4, TIMER_ABSTIME, none, 0);
}

int main(void)
{
    memset(two_pages(), -1, 4096);
    munmap(end, 4096);
    signal(SIGALRM, handler);
    sleeping();
    clocks();
    interval_timers();
    timers();
    return 0;
}
