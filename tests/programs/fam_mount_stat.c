// Asking about mounts and namespaces.
// mask: \{stx_mask=.*\}
// mask: (mnt_id|mnt_parent_id|mnt_id_old|mnt_parent_id_old|mnt_ns_id|mnt_peer_group|sb_dev_minor)=(0x[0-9a-f]{1,10}\b|\d+)
// mask: \[(0x[0-9a-f]{3,}, )*0x[0-9a-f]{3,}(, \.\.\.)?\](?=, (nr_mnt_ids=)?\d+)
// mask: \[(0x[0-9a-f]+, )*0x[0-9a-f]+(, \.\.\.)?\](?=, (nr_ns_ids=)?\d+, (flags=)?0x1)
#include "fam.h"
#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>

#define STATMOUNT 457
#define LISTMOUNT 458
#define LISTNS 470

struct mnt_id_req { unsigned size, fd; unsigned long long mnt_id, param, ns_id, more; };
struct ns_id_req { unsigned size, spare; unsigned long long ns_id; unsigned type, spare2; unsigned long long user, more; };

int main(void)
{
    static char buf[8192];
    struct statx stx;
    unsigned long ids[64];
    unsigned i;

    two_pages();
    mprotect(end, 4096, PROT_NONE);
    statx(AT_FDCWD, "/", 0, 0x4000, &stx);
    struct mnt_id_req req = {24, 0, ((unsigned long long *) &stx)[0x90 / 8], 0, 0, 0};

    static const unsigned long long masks[] = {0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384,
                                          0x7fff, 0x7fffLL << 1, -1, 0x100000};
    for (i = 0; i < COUNT(masks); i++) {
        req.param = masks[i];
        syscall(STATMOUNT, &req, buf, 8192L, i == 0 ? 0 : 0);
    }
    req.param = 0x7fff;
    syscall(STATMOUNT, &req, buf, 512L, 0);
    syscall(STATMOUNT, &req, buf, 520L, 0);
    req.param = 3;
    syscall(STATMOUNT, &req, buf, 512L, 0);
    syscall(STATMOUNT, &req, buf, 32L, 0);
    syscall(STATMOUNT, &req, buf, 50L, 0);
    syscall(STATMOUNT, &req, buf, 8L, 0);
    syscall(STATMOUNT, &req, buf, 0L, 0);
    syscall(STATMOUNT, &req, end - 512, 512L, 0);
    syscall(STATMOUNT, &req, end - 500, 512L, 0);
    for (i = 0; i < 4; i++)
        syscall(STATMOUNT, &req, buf, 512L, 1 << i);
    syscall(STATMOUNT, &req, buf, 512L, -1);
    syscall(STATMOUNT, &req, NULL, 512L, 0);
    syscall(STATMOUNT, &req, BAD, -1L, 0);
    static const unsigned small[] = {1, 3, 4, 7, 12, 15, 16, 17, 20, 24, 28, 40, 511};
    for (i = 0; i < COUNT(small); i++)
        syscall(STATMOUNT, &req, buf, (long) small[i], 0);
    if (!unshare(CLONE_NEWNS)) {
        static const unsigned flags[] = {0x2b, 0x5, 0x7dd0, 0x1000000, 0x2000490, 0x100};
        static const unsigned kinds[] = {0x100000, 0x80000, 0x100000, 0x20000, 0x40000};
        struct mnt_id_req req = {24, 0, 0, 0x7fff, 0, 0};
        mkdir("dir", 0755);
        for (i = 0; i < COUNT(flags); i++) {
            mount("a source of more than thirty-two bytes", "dir", "tmpfs", flags[i] & ~0x1020, "mode=700,size=16k,huge=never");
            mount("none", "dir", NULL, kinds[i % 5], NULL);
            if (i % 5 == 2)
                mount("none", "dir", NULL, 0x80000, NULL);
            statx(AT_FDCWD, "dir", 0, 0x4000, &stx);
            req.mnt_id = ((unsigned long long *) &stx)[0x90 / 8];
            syscall(STATMOUNT, &req, buf, 8192L, 0);
            umount2("dir", MNT_DETACH);
        }
    }
    req.mnt_id = 1;
    syscall(STATMOUNT, &req, buf, 512L, 0);
    req.mnt_id = -1;
    syscall(STATMOUNT, &req, buf, 512L, 0);
    req.fd = 3;
    syscall(STATMOUNT, &req, buf, 512L, 0);
    syscall(STATMOUNT, &req, buf, 512L, 1);
    req.size = 32;
    syscall(STATMOUNT, &req, buf, 512L, 0);
    syscall(STATMOUNT, &req, buf, 512L, 1);
    req.ns_id = 0x123456789;
    syscall(STATMOUNT, &req, buf, 512L, 0);
    req.size = 40;
    syscall(STATMOUNT, &req, buf, 512L, 0);
    req.more = 7;
    syscall(STATMOUNT, &req, buf, 512L, 0);
    req.size = 36;
    syscall(STATMOUNT, &req, buf, 512L, 0);
    static const unsigned sizes[] = {0, 4, 8, 16, 23, 25, 31, 33, 4096, 5000, 0xffffffff};
    for (i = 0; i < COUNT(sizes); i++) {
        req.size = sizes[i];
        syscall(STATMOUNT, &req, buf, 512L, 0);
        syscall(LISTMOUNT, &req, ids, 5L, 0);
    }
    req.size = 32;
    syscall(STATMOUNT, last(&req, 24), buf, 512L, 0);
    syscall(STATMOUNT, last(&req, 4), buf, 512L, 0);
    syscall(STATMOUNT, last(&req, 3), buf, 512L, 0);
    syscall(STATMOUNT, NULL, NULL, 0L, 0);
    syscall(STATMOUNT, BAD, NULL, 0L, 0);

    memset(&req, 0, sizeof(req));
    req.size = 24;
    req.mnt_id = -1;
    syscall(LISTMOUNT, &req, ids, 2L, 0);
    syscall(LISTMOUNT, &req, ids, 64L, 1);
    syscall(LISTMOUNT, &req, ids, 0L, 0);
    syscall(LISTMOUNT, &req, ids, 64L, 2);
    syscall(LISTMOUNT, &req, ids, 64L, -1);
    syscall(LISTMOUNT, &req, end - 8, 1L, 0);
    syscall(LISTMOUNT, &req, end - 16, 3L, 0);
    syscall(LISTMOUNT, &req, NULL, 3L, 0);
    syscall(LISTMOUNT, &req, BAD, -1L, 0);
    syscall(LISTMOUNT, NULL, ids, 0L, 0);
    req.param = -1;
    syscall(LISTMOUNT, &req, ids, 64L, 0);
    req.param = 5;
    req.mnt_id = 1;
    syscall(LISTMOUNT, &req, ids, 64L, 0);
    req.size = 32;
    syscall(LISTMOUNT, &req, ids, 64L, 0);
    req.ns_id = 77;
    syscall(LISTMOUNT, &req, ids, 64L, 0);
    req.fd = 1;
    syscall(LISTMOUNT, &req, ids, 64L, 0);
    req.size = 40;
    req.more = 7;
    syscall(LISTMOUNT, &req, ids, 64L, 0);
    syscall(LISTMOUNT, last(&req, 32), ids, 64L, 0);
    syscall(LISTMOUNT, last(&req, 28), ids, 64L, 0);
    syscall(LISTMOUNT, NULL, NULL, 0L, 0);
    syscall(LISTMOUNT, ONES, NULL, 0L, 0);

    struct ns_id_req ns = {32, 0, 0, 0, 0, 0, 0};
    syscall(LISTNS, &ns, ids, 2L, 0);
    syscall(LISTNS, &ns, ids, 64L, 0);
    syscall(LISTNS, &ns, ids, 0L, 1);
    syscall(LISTNS, &ns, ids, 64L, -1);
    syscall(LISTNS, &ns, end - 16, 3L, 0);
    syscall(LISTNS, &ns, BAD, -1L, 0);
    static const unsigned types[] = {0x80, 0x20000, 0x2000000, 0x4000000, 0x8000000, 0x10000000, 0x20000000,
                                     0x40000000, 0x20020, 0x7e020080, 0x7e020081, 0xffffffff, 1};
    for (i = 0; i < COUNT(types); i++) {
        ns.type = types[i];
        syscall(LISTNS, &ns, ids, 64L, i);
    }
    ns.type = 0x20000; ns.ns_id = 4; ns.user = -1;
    syscall(LISTNS, &ns, ids, 64L, 0);
    ns.spare = 5; ns.user = 5;
    syscall(LISTNS, &ns, ids, 64L, 0);
    ns.spare2 = 6; ns.spare = 0;
    syscall(LISTNS, &ns, ids, 64L, 0);
    ns.size = 40;
    syscall(LISTNS, &ns, ids, 64L, 0);
    ns.more = 5;
    syscall(LISTNS, &ns, ids, 64L, 0);
    syscall(LISTNS, last(&ns, 32), ids, 64L, 0);
    syscall(LISTNS, last(&ns, 30), ids, 64L, 0);
    syscall(LISTNS, last(&ns, 3), ids, 64L, 0);
    for (i = 0; i < COUNT(sizes); i++) {
        ns.size = sizes[i];
        syscall(LISTNS, &ns, ids, 5L, 0);
    }
    syscall(LISTNS, NULL, NULL, 64L, 0);
    syscall(LISTNS, ONES, ONES, 64L, 0);
    return 0;
}
