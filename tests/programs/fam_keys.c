/* Key management, in a session keyring of its own. */
/* mask: \b\d{6,9}\b */
/* mask: \b1\d{9}\b */
/* mask: \b0x[0-9a-f]{7,8}\b */
#include "fam.h"
#include <linux/keyctl.h>
#include <sys/uio.h>

#define SESSION KEY_SPEC_SESSION_KEYRING
/* No key has this number. */
#define NONE 0x7ffffff0

int main(void)
{
    static char buf[9000], *page;
    struct iovec parts[2] = {{"ab", 2}, {"cde", 3}};
    struct { char *hash, *other; unsigned length, spare[8]; } kdf = {"sha256", "other", 5};
    unsigned dh[4], pkey[10] = {1, 10, 20};
    int key;

    page = two_pages();
    munmap(end, 4096);
    memset(page, 'x', 4096);
    S(SYS_keyctl, 1, end);
    if (S(SYS_keyctl, 1, "ring") < 0)
        return 1;
    key = S(SYS_add_key, "user", "fam_key", "payload\0x", 9L, SESSION);
    for (int i = 1; i > -10; i--)
        S(SYS_add_key, "user", "fam_key", 0, 0L, i);
    S(SYS_add_key, end, "x", end, 5L, 0x7fffffff);
    S(SYS_add_key, 0, 0, 0, -1L, -8);
    S(SYS_add_key, "type", "a long description, more than thirty-two bytes", page, 4097L, NONE);
    S(SYS_request_key, "user", "fam_key", 0, SESSION);
    S(SYS_request_key, end, end, end, 0);
    S(SYS_request_key, 0, 0, 0, -6);
    /* None of these finds its key. What KEYCTL_PKEY_ENCRYPT and its like are given depends on more. */
    for (int operation = -1; operation < 40; operation++)
        if (operation != KEYCTL_SESSION_TO_PARENT && operation != KEYCTL_ASSUME_AUTHORITY
            && (operation < KEYCTL_PKEY_ENCRYPT || operation > KEYCTL_PKEY_SIGN))
            S(SYS_keyctl, operation, NONE, page + 4090, page + 4092, 5L, 6L);
    for (int operation = 2; operation < 34; operation++)
        if (operation != KEYCTL_SESSION_TO_PARENT && operation != KEYCTL_ASSUME_AUTHORITY
            && (operation < KEYCTL_PKEY_ENCRYPT || operation > KEYCTL_PKEY_SIGN))
            S(SYS_keyctl, operation, NONE, end, 0L, 0xfffffffffL, -1L);
    S(SYS_keyctl, 0, SESSION, 1);
    S(SYS_keyctl, 0, SESSION, 0);
    S(SYS_keyctl, 5, NONE, 0x3f3f3f3f);
    S(SYS_keyctl, 5, NONE, 0xffffffff);
    S(SYS_keyctl, 5, NONE, 0x80);
    S(SYS_keyctl, 4, NONE, -1, 0);
    S(SYS_keyctl, 6, SESSION, buf, 0L);
    S(SYS_keyctl, 6, SESSION, 0, 0L);
    S(SYS_keyctl, 6, SESSION, buf, 100L);
    S(SYS_keyctl, 6, SESSION, buf, 26L);
    S(SYS_keyctl, 6, SESSION, buf, 25L);
    S(SYS_keyctl, 6, SESSION, buf, 5L);
    S(SYS_keyctl, 11, SESSION, buf, 0L);
    S(SYS_keyctl, 11, key, buf, 100L);
    S(SYS_keyctl, 11, key, buf, 3L);
    S(SYS_keyctl, 11, key, 0, 0L);
    S(SYS_keyctl, 17, 0, buf, 100L);
    S(SYS_keyctl, 10, SESSION, "user", "fam_key", SESSION);
    S(SYS_keyctl, 10, SESSION, "user", "none", 0);
    S(SYS_keyctl, 2, key, "newpay", 6L);
    S(SYS_keyctl, 8, key, SESSION);
    for (int ring = -1; ring < 9; ring++)
        S(SYS_keyctl, 14, ring == 0 ? -2 : ring);
    S(SYS_keyctl, 15, key, 1000);
    S(SYS_keyctl, 20, NONE, parts, 2L, SESSION);
    S(SYS_keyctl, 12, NONE, "pay", 3L, SESSION);
    S(SYS_keyctl, 13, NONE, 7, SESSION);
    S(SYS_keyctl, 19, NONE, 7, 128, SESSION);
    S(SYS_keyctl, 19, NONE, 7, 4000, SESSION);
    dh[0] = dh[1] = dh[2] = SESSION;
    S(SYS_keyctl, 23, dh, buf, 100L, 0);
    S(SYS_keyctl, 23, dh, buf, 100L, &kdf);
    kdf.spare[3] = 7;
    kdf.hash = 0;
    kdf.other = end;
    S(SYS_keyctl, 23, end, end, 100L, &kdf);
    S(SYS_keyctl, 24, key, 0, "info", buf);
    S(SYS_keyctl, 25, pkey, "info", "in data that is longer", buf);
    pkey[9] = 5;
    S(SYS_keyctl, 26, pkey, "info", "in data that is longer", buf);
    S(SYS_keyctl, 27, pkey, end, end, end);
    S(SYS_keyctl, 28, pkey, "enc=raw", "in data that is longer", "signature that is longer");
    S(SYS_keyctl, 28, end, "enc=raw", "in", "sig");
    S(SYS_keyctl, 29, key, "user", "restr");
    S(SYS_keyctl, 29, SESSION, 0, 0);
    S(SYS_keyctl, 30, key, SESSION, SESSION, 1);
    S(SYS_keyctl, 30, key, NONE, NONE, 8);
    S(SYS_keyctl, 31, buf, 5L);
    S(SYS_keyctl, 31, buf, 2L);
    S(SYS_keyctl, 31, buf, 1L);
    S(SYS_keyctl, 31, buf, 0L);
    S(SYS_keyctl, 32, NONE, 5);
    /* Last what ends a key: whoever asks for one without a link races with the kernel's collector. */
    S(SYS_keyctl, 3, key);
    S(SYS_keyctl, 21, key);
    S(SYS_keyctl, 9, key, SESSION);
    S(SYS_keyctl, 7, SESSION);
    S(SYS_keyctl, 21, SESSION);
    return 0;
}
