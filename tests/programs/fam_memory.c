/* Memory: mappings, protection, advice, locking, policies, other processes' memory. */
/* mask: nr_cache=\d+ */
#include "fam.h"
#include <linux/mempolicy.h>
#include <linux/mman.h>
#include <sys/uio.h>
#include <fcntl.h>

#ifndef MAP_32BIT /* only x86 has it */
#define MAP_32BIT 0x40
#endif

static void mappings(void)
{
    int fd = open("file", O_RDWR | O_CREAT, 0600);
    write(fd, "x", 1);
    char *p = (char *) C(mmap, 0, 0x3000, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    C(mmap, 0, 4096, PROT_NONE, MAP_SHARED, fd, 0);
    C(mmap, 0, 4096, PROT_READ, MAP_SHARED_VALIDATE | MAP_SYNC, fd, 0x1000);
    C(mmap, BAD, -1, 0xffffffff, -1, -1, -1);
    C(mmap, 0, 0x200000, 7, MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB | 21 << 26, -1, 0);
    C(mmap, 0, 0x200000, 7, MAP_PRIVATE | MAP_ANONYMOUS | 30 << 26, -1, 0);
    C(mmap, 0, 0x200000, 8, MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB | 3 << 26, -1, 0);
    C(mmap, 0x1000001, 0, PROT_GROWSDOWN | PROT_READ, MAP_FIXED, fd, 0x7fffffffffffffff);
    C(mmap, 0, 0, 0xff00, 0x5, fd, 1);
    C(mmap, 0, 0, 0, 0, 0x123456789, 0);
    C(mmap, 0, 4096, PROT_READ | 0x100, MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT | MAP_STACK | MAP_NORESERVE, -1, 0);
    C(mmap, 0, 0, 0, MAP_ANONYMOUS | 0x800 | 0x800000, -1, 0);
    C(mmap, 0, 0, 0, 0xffffffff00000002, -1, 0);
    C(mmap, 0, 0, 0xffffffff00000001, 8, -1, 0);
    C(mmap, 0, 0, 0, 4, -1, 0);
    C(munmap, p + 0x2000, 0x1000);
    C(munmap, p + 1, -1);
    C(munmap, 0, 0);
    C(mprotect, p, 4096, PROT_READ);
    C(mprotect, p, 4096, PROT_NONE);
    C(mprotect, p, -1, PROT_READ | PROT_GROWSUP | 0x10);
    C(mprotect, p, 4096, 0x10);
    C(mprotect, p, 4096, PROT_READ | PROT_WRITE);
    C(pkey_alloc, 0, 0);
    C(pkey_alloc, 1, 3);
    C(pkey_alloc, -1, -1);
    C(pkey_alloc, 0, 4);
    C(pkey_alloc, 0, 8);
    C(pkey_free, 99);
    C(pkey_free, -1);
    C(pkey_mprotect, p, 4096, PROT_READ, -1);
    C(pkey_mprotect, p, 4096, PROT_READ | PROT_WRITE, 99);
    C(mremap, p, 0x2000, 0x1000, 0);
    p = (char *) C(mremap, p, 0x1000, 0x2000, MREMAP_MAYMOVE);
    C(mremap, p, 0x1000, 0x2000, MREMAP_MAYMOVE | MREMAP_FIXED, 0x1001);
    C(mremap, p, 0x1000, 0x2000, MREMAP_MAYMOVE | MREMAP_DONTUNMAP, 0x1001);
    C(mremap, p, 0x1000, 0x2000, MREMAP_DONTUNMAP, 0x1001);
    C(mremap, 0, 0x1000, 0x2000, -1, 0);
    C(mremap, 0, 0x1000, 0x2000, 8, 7);
    C(mremap, 0, 0x1000, 0x2000, 0xf00000002, 0);
    C(brk, 0);
    C(brk, 0x1234);
    C(brk, -1);
    C(remap_file_pages, p, 0x1000, 0, 5, MAP_NONBLOCK);
    C(remap_file_pages, p, -1, -1, -1, -1);
    C(remap_file_pages, p, 0x1000, 1, 0, 0);
    N(453, 0, 0x1000, 1);
    N(453, 0x1000, 0x1000, 1);
    N(453, 0, -1, -1);
    N(453, 0, -1, 2);
    N(462, p + 1, 0x1000, 0);
    N(462, p + 1, 0x1000, 1);
    N(462, p, -1, -1);
    long range[2] = {0, 4096};
    long stat[5];
    N(451, fd, range, stat, 0);
    N(451, fd, range, stat, 1);
    N(451, fd, 0, 0, -1);
    N(451, -1, BAD, BAD, 0);
    N(451, -1, LAST(range), ONES, 0);
    N(451, -1, end - 8, ONES, 0);
    C(munmap, p, 0x2000);
    close(fd);
}

static void advice(void)
{
    char *p = (char *) C(mmap, 0, 0x4000, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    p[0] = p[0x1000] = 1;
    for (long i = -1; i < 27; i++)
        C(madvise, p, 0x1000, i);
    for (long i = 102; i < 106; i++)
        C(madvise, p + 1, 0x1000, i);
    C(madvise, 0, 0, 100);
    C(madvise, 0, 0, 101);
    C(madvise, p, -1, 0x100000003);
    C(msync, p, 0x1000, MS_SYNC);
    C(msync, p, 0x1000, MS_ASYNC | MS_INVALIDATE);
    C(msync, p, 0x1000, 0);
    C(msync, p, 0x1000, -1);
    C(msync, p, 0x1000, 0x18);
    unsigned char vec[64];
    C(mincore, p, 0x4000, vec);
    C(mincore, p, 0x3001, vec);
    C(mincore, p, 0, vec);
    C(mincore, p + 1, 0x1000, vec);
    C(mincore, p, 0x1000, 0);
    C(mincore, p, 0x4000, BAD);
    char *big = (char *) C(mmap, 0, 0x30000, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    big[0] = big[0x29000] = 1;
    C(mincore, big, 0x30000, vec);
    C(mlock, p, 0x1000);
    C(mlock, p, -1);
    C(mlock2, p, 0x1000, MLOCK_ONFAULT);
    C(mlock2, p, 0x1000, 0);
    C(mlock2, p, 0x1000, -1);
    C(mlock2, p, 0x1000, 8);
    C(munlock, p, 0x1000);
    C(munlock, 0, -1);
    C(mlockall, 0);
    C(mlockall, -1);
    C(mlockall, 8);
    C(mlockall, MCL_ONFAULT);
    C(munlockall);
    C(membarrier, 0, 0);
    C(membarrier, 1 << 4, 0);
    C(membarrier, 1 << 5, 0, 5);
    C(membarrier, 1 << 7, 1, 5);
    C(membarrier, 1 << 8, -1, -5);
    C(membarrier, 1 << 9, 2, -5);
    C(membarrier, 3, 0);
    C(membarrier, -1, 0);
    C(membarrier, 1 << 20, 1);
    int fd = (int) C(memfd_create, (char *) "name", 1);
    C(memfd_create, (char *) "a name that is longer than the usual limit of strings", 2 | 0x40);
    C(memfd_create, BAD, -1);
    C(memfd_create, 0, 0x18);
    C(memfd_create, last("end", 4), 0x100);
    C(memfd_create, last("end", 3), 4 | 21 << 26);
    C(memfd_create, (char *) "x", 21 << 26);
    C(memfd_create, (char *) "x", 0);
    N(447, 0);
    N(447, O_CLOEXEC);
    N(447, 1);
    N(447, -1);
    struct iovec iov[2] = {{p, 0x1000}, {p + 0x2000, 1}};
    int self = (int) syscall(SYS_pidfd_open, getpid(), 0);
    N(440, self, iov, 2, MADV_COLD, 0);
    N(440, self, iov, 1, MADV_PAGEOUT, 1);
    N(440, -1, BAD, 1, 99, -1);
    N(440, -1, 0, 0, 0, 0);
    N(440, -1, end - 8, 1, 0, 0);
    N(440, -1, last(iov, 32), 3, 0, 0);
    N(440, -1, iov, -1, 0, 0);
    N(448, self, 1);
    N(448, -1, -1);
    N(448, -1, 0);
    close(fd);
    close(self);
}

static void policies(void)
{
    char *p = (char *) C(mmap, 0, 0x4000, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    static unsigned long nodes[16] = {1, 0, 0x8000000000000000, 5};
    int mode = -1;
    p[0] = 1;
    C(mbind, p, 0x1000, MPOL_BIND, nodes, 2, MPOL_MF_STRICT);
    C(mbind, p, 0x1000, MPOL_DEFAULT, 0, 0, MPOL_MF_MOVE | MPOL_MF_MOVE_ALL);
    C(mbind, p, 0x1000, MPOL_PREFERRED | MPOL_F_STATIC_NODES, nodes, 256, -1);
    C(mbind, p, -1, -1, BAD, 64, 8);
    C(mbind, p, -1, 99, nodes, -1, 0);
    C(mbind, p, 0x1000, MPOL_BIND, end - 8, 65, 0);
    C(mbind, p, 0x1000, MPOL_BIND, end - 8, 64, 0);
    C(mbind, p, 0x1000, MPOL_BIND, nodes, 0, 0);
    C(mbind, p, 0x1000, 0x8007, nodes, 1, 0);
    C(mbind, p, 0x1000, 0x100000000, nodes, 1, 0);
    C(set_mempolicy, MPOL_INTERLEAVE, nodes, 129);
    C(set_mempolicy, MPOL_DEFAULT, 0, 0);
    C(set_mempolicy, -1, ONES, -1);
    C(set_mempolicy, 5 | MPOL_F_RELATIVE_NODES, nodes, 1000);
    C(set_mempolicy, 6 | 0x2000, nodes, 1024);
    C(get_mempolicy, &mode, nodes, 64, 0, 0);
    C(get_mempolicy, &mode, nodes, 1024, p, MPOL_F_ADDR);
    C(get_mempolicy, &mode, 0, 0, p, MPOL_F_NODE | MPOL_F_ADDR);
    C(get_mempolicy, 0, nodes, 256, 0, MPOL_F_MEMS_ALLOWED);
    C(get_mempolicy, &mode, nodes, 1, 0, 0);
    C(get_mempolicy, BAD, nodes, 64, 0, -1);
    C(get_mempolicy, 0, 0, 0, 0, 0);
    C(get_mempolicy, 0, end - 8, 64, 0, 0);
    C(migrate_pages, 0, 64, nodes, nodes);
    C(migrate_pages, -1, -1, nodes, BAD);
    C(migrate_pages, 0, 2, 0, end - 8);
    void *pages[40] = {p, p + 0x1000, 0};
    int to[40] = {0, 0, 1}, status[40];
    C(move_pages, 0, 2, pages, to, status, MPOL_MF_MOVE);
    C(move_pages, 0, 3, pages, 0, status, 0);
    C(move_pages, 0, 40, pages, 0, status, 0);
    C(move_pages, 0, 3, pages, to, status, 0);
    C(move_pages, -1, -1, pages, to, status, -1);
    C(move_pages, 0x7fffffff, 0, 0, 0, 0, 1);
    C(move_pages, 0, 2, BAD, ONES, 0, 2);
    C(move_pages, 0, 2, end - 8, end - 4, status, 2);
    N(450, p, 0x1000, 0, 0);
    N(450, p, -1, -1, -1);
}

static void others(void)
{
    char buffer[100] = "a text that process_vm_readv can read from another process";
    char target[100];
    struct iovec local[3] = {{target, 10}, {target + 20, 50}, {BAD, 10}};
    struct iovec remote[3] = {{buffer, 10}, {buffer + 10, 40}, {ONES, -1L}};
    long pid = getpid();
    C(process_vm_readv, pid, local, 2, remote, 2, 0);
    C(process_vm_readv, pid, local, 1, remote, 1, 1);
    C(process_vm_readv, pid, local, 3, remote, 3, 0);
    C(process_vm_readv, -1, 0, 0, 0, 0, 0);
    C(process_vm_readv, pid, BAD, 1, ONES, 1, 0);
    C(process_vm_readv, pid, local, -1, remote, -1, 0);
    C(process_vm_readv, pid, end - 8, 1, last(remote, 16), 2, 0);
    C(process_vm_writev, pid, local, 2, remote, 2, 0);
    C(process_vm_writev, pid, remote, 1, local, 1, -1);
    C(process_vm_writev, 0, remote, 3, local, 3, 0);
    C(process_vm_writev, pid, BAD, 1, 0, 1, 0);
    C(process_vm_writev, pid, last(remote, 32), 3, local, 5, 0);
}

int main(void)
{
    two_pages();
    munmap(end, 4096);
    mappings();
    advice();
    policies();
    others();
    return 0;
}
