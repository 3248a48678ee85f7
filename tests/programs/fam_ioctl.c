/* ioctl: terminals, sockets, files, block devices; requests with several names or none.
   mask: (pipe|socket|UDP|TCP):\[\d+\]
   mask: /dev/pts/\d+
   mask: char 136:\d+
   mask: TIOCGPTN, \[\d+\] */
#include "fam.h"
#include <asm/termbits.h>
#include <fcntl.h>
#include <asm/ioctls.h>
#include <linux/fs.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <linux/loop.h>
#include <linux/random.h>
#include <linux/rtc.h>
#include <linux/sockios.h>
#include <sys/socket.h>
#include <netinet/in.h>

struct winsize { unsigned short row, col, x, y; };
int ftruncate(int, long);

#define I(...) syscall(SYS_ioctl, __VA_ARGS__)

int main(void)
{
    two_pages();
    munmap(end, 4096);
    int fd = syscall(SYS_openat, AT_FDCWD, "data", O_RDWR | O_CREAT | O_TRUNC, 0600), n = 5, zero = 0;
    syscall(SYS_write, fd, "hello", 5L);
    int ptm = syscall(SYS_openat, AT_FDCWD, "/dev/ptmx", O_RDWR | O_NOCTTY, 0);
    struct termios t = {}, odd;
    struct termios2 t2 = {};
    struct termio { unsigned short i, o, c, l; unsigned char line, cc[8]; } tio = {};
    memset(&odd, 0xff, sizeof odd);
    odd.c_line = 0;
    I(ptm, TCGETS, &t);
    I(ptm, TCSETS, &t);
    I(ptm, TCSETSW, &odd);
    I(-1, TCSETSF, &odd);
    odd.c_line = 77;
    odd.c_lflag = ICANON;
    I(-1, TCSETS, &odd);
    I(fd, TCGETS, &t);
    I(ptm, TCGETS, 0);
    I(ptm, TCSETS, BAD);
    I(-1, TCSETS, last(&t, 36));
    I(-1, TCSETS, last(&t, 32));
    I(ptm, TCGETS2, &t2);
    I(ptm, TCSETS2, &t2);
    I(fd, TCSETSW2, &t2);
    I(-1, TCSETSF2, &t2);
    I(ptm, TCGETA, &tio);
    I(ptm, TCSETA, &tio);
    I(-1, TCSETAW, &tio);
    I(-1, TCSETAF, &tio);
    I(ptm, TIOCGLCKTRMIOS, &t);
    I(-1, TIOCSLCKTRMIOS, &t);
    struct winsize ws = {24, 80, 1, 2};
    I(ptm, TIOCSWINSZ, &ws);
    I(ptm, TIOCGWINSZ, &ws);
    I(fd, TIOCGWINSZ, &ws);
    I(-1, TIOCSWINSZ, &ws);
    I(-1, TIOCSWINSZ, BAD);
    I(ptm, TIOCGPTN, &n);
    n = 0;
    I(ptm, TIOCSPTLCK, &n);
    I(ptm, TIOCGPTLCK, &n);
    I(ptm, TIOCGPTPEER, (long) O_RDWR | O_NOCTTY | O_CLOEXEC);
    I(-1, TIOCGPTPEER, 0L);
    I(ptm, TIOCGPGRP, &n);
    I(-1, TIOCGPGRP, &n);
    n = 55;
    I(-1, TIOCSPGRP, &n);
    I(ptm, TIOCGSID, &n);
    I(-1, TIOCSCTTY, 0L);
    I(-1, TIOCSCTTY, 1L);
    I(-1, TIOCNOTTY, 5L);
    I(-1, TIOCEXCL, 5L);
    I(-1, TIOCNXCL, 5L);
    I(ptm, TIOCGEXCL, &n);
    I(-1, TIOCCONS, 7L);
    I(-1, TIOCSTI, "x");
    I(-1, TIOCSTI, 0L);
    I(-1, TIOCSBRK, 7L);
    I(-1, TIOCCBRK, 7L);
    I(-1, TIOCVHANGUP, 7L);
    I(ptm, TIOCOUTQ, &n);
    I(ptm, FIONREAD, &n);
    I(ptm, TIOCGETD, &n);
    n = 0;
    I(-1, TIOCSETD, &n);
    n = 77;
    I(-1, TIOCSETD, &n);
    I(-1, TIOCPKT, &n);
    I(ptm, TIOCGPKT, &n);
    n = 0x126;
    I(-1, TIOCMGET, &n);
    I(-1, TIOCMSET, &n);
    I(-1, TIOCMBIS, &n);
    I(-1, TIOCMBIC, &n);
    I(-1, TIOCGSOFTCAR, &n);
    I(-1, TIOCSSOFTCAR, &n);
    I(-1, TIOCLINUX, "\6");
    I(-1, TIOCSERGETLSR, &n);
    I(-1, TIOCMIWAIT, 0x60L);
    I(-1, TIOCGICOUNT, BAD);
    I(-1, TIOCGSERIAL, &n);
    I(ptm, TIOCGDEV, &n);
    I(ptm, TIOCSIG, 2L);
    I(-1, TCXONC, 1L);
    I(-1, TCXONC, 9L);
    I(-1, TCFLSH, 2L);
    I(-1, TCFLSH, 9L);
    I(-1, TCSBRK, 1L);
    I(-1, TCSBRKP, 3L);

    n = 1;
    I(fd, FIONREAD, &n);
    I(-1, FIONREAD, &n);
    n = 0;
    I(fd, FIONBIO, &n);
    I(fd, FIONBIO, BAD);
    I(fd, FIOASYNC, &n);
    I(fd, FIOCLEX, 5L);
    I(fd, FIONCLEX, 0L);
    I(fd, FIOQSIZE, &t);
    I(fd, FIGETBSZ, &n);
    I(fd, FIBMAP, &n);
    I(-1, FIFREEZE, 5L);
    I(-1, FITHAW, 5L);
    unsigned long trim[3] = {1, 2, 3};
    I(-1, FITRIM, trim);
    I(-1, FICLONE, (long) fd);
    I(fd, FICLONE, -1L);
    unsigned long long range[4] = {fd, 1, 2, 3};
    I(-1, FICLONERANGE, range);
    I(-1, FICLONERANGE, BAD);
    long lf = 0;
    I(fd, FS_IOC_GETFLAGS, &lf);
    lf = 0x80010;
    I(-1, FS_IOC_SETFLAGS, &lf);
    I(-1, FS_IOC_GETFLAGS, &lf);
    I(-1, FS_IOC32_GETFLAGS, &lf);
    struct fsxattr x = {3, 4, 5, 6, 7};
    I(-1, FS_IOC_FSGETXATTR, &x);
    I(fd, FS_IOC_FSGETXATTR, &x);
    I(-1, FS_IOC_FSSETXATTR, &x);
    I(-1, FS_IOC_GETFSLABEL, &t);
    char label[256] = "a label";
    I(-1, FS_IOC_SETFSLABEL, label);
    I(-1, FS_IOC_SETFSLABEL, BAD);
    memset(label, 'l', sizeof label);
    I(-1, FS_IOC_SETFSLABEL, label);

    long long size = 0;
    I(-1, BLKGETSIZE64, &size);
    I(-1, BLKGETSIZE, &lf);
    I(-1, BLKSSZGET, &n);
    I(-1, BLKBSZGET, &n);
    I(-1, BLKBSZSET, &n);
    I(-1, BLKROGET, &n);
    I(-1, BLKROSET, &n);
    I(-1, BLKRASET, 5L);
    I(-1, BLKRAGET, &lf);
    I(-1, BLKFLSBUF, 5L);
    I(-1, BLKRRPART, 5L);
    I(-1, BLKDISCARD, range);
    I(-1, BLKSECDISCARD, range);
    I(-1, BLKZEROOUT, range);
    I(-1, BLKPBSZGET, &n);
    I(-1, BLKIOMIN, &n);
    I(-1, BLKALIGNOFF, &n);
    I(-1, BLKROTATIONAL, &n);
    I(-1, BLKSECTGET, &n);

    int s = syscall(SYS_socket, AF_INET, SOCK_DGRAM, 0);
    struct ifreq ifr = {};
    strcpy(ifr.ifr_name, "lo");
    I(s, SIOCGIFINDEX, &ifr);
    I(s, SIOCGIFFLAGS, &ifr);
    I(s, SIOCGIFADDR, &ifr);
    I(s, SIOCGIFMTU, &ifr);
    I(s, SIOCGIFHWADDR, &ifr);
    I(s, SIOCGIFNETMASK, &ifr);
    I(s, SIOCGIFMETRIC, &ifr);
    I(s, SIOCGIFTXQLEN, &ifr);
    I(s, SIOCGIFMAP, &ifr);
    ifr.ifr_ifindex = 1;
    I(s, SIOCGIFNAME, &ifr);
    ifr.ifr_flags = 0x49;
    I(-1, SIOCSIFFLAGS, &ifr);
    ifr.ifr_mtu = 1500;
    I(-1, SIOCSIFMTU, &ifr);
    strcpy(ifr.ifr_name, "nonexistent0");
    I(s, SIOCGIFINDEX, &ifr);
    memset(ifr.ifr_name, 'n', sizeof ifr.ifr_name);
    I(s, SIOCGIFINDEX, &ifr);
    I(s, SIOCGIFINDEX, 0);
    I(s, SIOCGIFADDR, BAD);
    I(-1, SIOCGIFCONF, BAD);
    n = 0;
    I(-1, SIOCATMARK, &n);
    I(-1, SIOCGSTAMP_OLD, &n);
    I(-1, 0x8906, &n);
    I(-1, TUNSETIFF, &ifr);
    I(-1, TUNGETFEATURES, &n);
    I(-1, TUNSETPERSIST, 1L);
    I(-1, RNDGETENTCNT, &n);
    I(-1, RNDADDTOENTCNT, &n);
    I(-1, RNDCLEARPOOL, 5L);
    struct rtc_time rtc = {1, 2, 3, 4, 5, 100, 1, 2, 3};
    I(-1, RTC_RD_TIME, &rtc);
    I(-1, RTC_SET_TIME, &rtc);
    I(-1, RTC_UIE_ON, 5L);
    I(-1, RTC_IRQP_SET, 64L);
    I(-1, LOOP_SET_FD, (long) fd);
    I(-1, LOOP_CLR_FD, 0L);
    I(-1, LOOP_CTL_GET_FREE, 0L);
    I(-1, LOOP_CTL_ADD, 5L);

    I(fd, 0L, 0L);
    I(fd, 0xffffffffL, -1L);
    I(fd, 0x12345678L, 0x99L);
    I(fd, 0x80045401L, &n);
    I(fd, 0xc0105499L, &n);
    I(fd, 0x100005401L, &t);
    I(fd, 0x4004fe01L, 5L);
    I(fd, 0x5400L, 5L);
    I(fd, 0x80000000L | 'z', 5L);
    I(fd, 0xaaL, 5L);
    I(fd, 0x3b01L, 7L);
    I(fd, 0xab01L, 7L);
    return 0;
}
