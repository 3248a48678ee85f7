/* perf_event_open: struct perf_event_attr in all its sizes, types and unions. The structure is written out, because
   the system's headers may be older than what is shown. */
#include "fam.h"

struct attr {
    unsigned type, size;
    unsigned long config, sample_period, sample_type, read_format, bits;
    unsigned wakeup, bp_type;
    unsigned long config1, config2, branch, regs_user;
    unsigned stack_user;
    int clockid;
    unsigned long regs_intr;
    unsigned aux_watermark;
    unsigned short max_stack, reserved2;
    unsigned aux_sample_size, aux_action;
    unsigned long sig_data, config3, config4, beyond[16];
} a;

static void show(void *attr)
{
    /* An unknown flag: refused. */
    syscall(SYS_perf_event_open, attr, 0, -1, -1, 0x10UL);
}

int main(void)
{
    static const unsigned sizes[] = {0, 4, 60, 63, 64, 68, 72, 80, 84, 96, 100, 104, 112, 120, 128, 136, 144, 145, 200,
                                     5000};
    static const unsigned long configs[] = {0, 3, 9, 10, 0x10203, 0x20106, 0x30000, 0x40302, 0x100000001UL,
                                            0xff00000000000003UL, 0x1000203, 7, 0x8, 0x300000205UL};
    for (unsigned i = 0; i < COUNT(sizes); i++) {
        a.size = sizes[i];
        show(&a);
    }
    a.size = 144;
    for (unsigned type = 0; type < 9; type++)
        for (unsigned i = 0; i < COUNT(configs); i++) {
            a.type = type;
            a.config = configs[i];
            show(&a);
        }
    a.config = 0;
    for (unsigned type = 5; type < 7; type++)
        for (unsigned i = 0; i < 8; i++) {
            a.type = type;
            a.bp_type = i;
            a.config1 = i ? 0x1234 : 0;
            a.config2 = i;
            show(&a);
        }
    a.type = a.bp_type = a.config1 = a.config2 = 0;
    for (unsigned long bit = 0; bit < 64; bit++) {
        a.bits = 1UL << bit;
        show(&a);
    }
    a.bits = 3UL << 15;
    show(&a);
    a.bits = 1 << 10;
    a.sample_period = 99;
    show(&a);
    a.bits = 1 << 14;
    a.wakeup = 5;
    show(&a);
    a.bits = 1 << 25;
    for (a.clockid = -5; a.clockid < 3; a.clockid++)
        show(&a);
    a.bits = 0;
    show(&a);
    for (unsigned long bit = 0; bit < 64; bit++) {
        a.sample_type = 1UL << bit;
        show(&a);
        a.branch = 9;
        a.regs_user = 0xff;
        a.stack_user = 4096;
        a.regs_intr = 3;
        a.aux_sample_size = 77;
        a.aux_watermark = 1;
        a.max_stack = 127;
        a.sig_data = 0x55;
        a.config3 = 3;
        a.config4 = 4;
        show(&a);
    }
    a.sample_type = 0x80000000000000ffUL;
    show(&a);
    a.sample_type = 1 << 11;
    for (a.branch = 0; a.branch < 64; a.branch = a.branch * 2 + 1)
        show(&a);
    a.branch = 1UL << 40;
    show(&a);
    a.sample_type = a.branch = 0;
    for (a.read_format = 1; a.read_format < 0x100; a.read_format = a.read_format * 2 + 1)
        show(&a);
    a.read_format = 1UL << 60;
    show(&a);
    a.read_format = 0;
    a.reserved2 = 0xabcd;
    show(&a);
    a.reserved2 = 0;
    for (unsigned bit = 0; bit < 32; bit += 3) {
        a.aux_action = 1U << bit;
        show(&a);
    }
    a.aux_action = 0;
    a.size = 200;
    a.beyond[2] = 7;
    show(&a);
    a.beyond[2] = 0;
    a.beyond[10] = 7;
    show(&a);
    a.bits = 1UL << 37 | 1;
    show(&a);

    char *page = two_pages();
    munmap(end, 4096);
    for (unsigned size = 4; size < 160; size += 4)
        for (unsigned claim = 0; claim < 160; claim += 48) {
            unsigned *attr = (unsigned *)(end - size);
            memset(page, 0, 4096);
            if (size > 4)
                attr[1] = claim;
            show(attr);
        }
    show(end - 6);
    show(NULL);
    show((void *)8);
    show((void *)-1L);
    a.size = 64;
    a.config = 0xffffffff;
    syscall(SYS_perf_event_open, &a, 0, -1, -1, 0UL);
    syscall(SYS_perf_event_open, &a, -1, 5, 77, ~0UL);
    return 0;
}
