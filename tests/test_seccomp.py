"""Seccomp filters: what they let through is what was asked for, on every ABI, and the kernel agrees."""
from __future__ import annotations

import contextlib
import ctypes
import errno
import mmap
import os
import platform
import random
import unittest
from typing import Callable, Dict, Iterator, List, Optional, Sequence, Set, Tuple

from strace_py import arch
from strace_py.arch.abi import Abi, key
from strace_py.kernel import disassembly, libc, seccomp
from strace_py.kernel.condition import ALWAYS, NEVER, AllOf, AnyOf, Between, Condition, Not, test
from strace_py.kernel.status import FILTER_DATA, FILTER_LOADS
from strace_py.options import Except, SyscallSet
from strace_py.syscalls import select
from strace_py.tracer import filter as engine
from strace_py.tracer.own_filters import LOADERS

TOP = 0xffffffff
ALL_ONES = (1 << 64) - 1
X86_64, I386 = 0xc000003e, 0x40000003
MACHINES = ("x86_64", "aarch64")
NUMBERS = (*range(601), 1023, 1024, 4095, 4096, 0x3fffffff, *range(0x40000000, 0x40000259), 0x7fffffff,
           0x80000000, 0xfffffffe, TOP)
EDGES = (0, 1, 2, 0x7f, 0xff, 0xffff, 0x7fffffff, 0x80000000, TOP - 1, TOP, 1 << 32, (1 << 32) + 1,
         (1 << 63) - 1, 1 << 63, (1 << 64) - 2, (1 << 64) - 1)
#: Calls that do nothing, whatever their arguments.
HARMLESS = ("getpid", "getppid", "getuid", "geteuid", "getgid", "getegid", "gettid", "sched_yield")
#: What no harmless call fails with.
REFUSED = errno.EBADFD


def verdict(traced: bool) -> int:
    return seccomp.SECCOMP_RET_TRACE if traced else seccomp.SECCOMP_RET_ALLOW


def by_engine(traced: bool) -> int:
    """The verdict of the filters that tracees get."""
    return verdict(traced) | (FILTER_DATA if traced else 0)


def random_condition(chance: random.Random, registers: int = 6, depth: int = 3) -> Condition:
    """Some condition on the first *registers* arguments, mostly neither always nor never true."""
    kind = chance.randrange(8) if depth else 0
    if kind == 7:
        return Not(random_condition(chance, registers, depth - 1))
    if kind >= 5:
        parts = tuple([random_condition(chance, registers, depth - 1) for _ in range(chance.randrange(4))])
        return AllOf(parts) if kind == 5 else AnyOf(parts)
    register = chance.randrange(registers)
    halves: Tuple[int, ...] = chance.choice((
        (2 * register,), (2 * register, 2 * register + 1), (2 * register, 2 * ((register + 1) % registers))))
    most = (1 << 32 * len(halves)) - 1
    ends = sorted(chance.choice((*EDGES, chance.getrandbits(64))) & most for _ in range(2))
    mask = chance.choice((most, most, 1 << chance.randrange(64), chance.getrandbits(64))) & most
    return Between(halves, mask,
                   *chance.choice((ends, (0, 0), (ends[0], ends[0]), (ends[0], most), (0, ends[0]))))


def random_arguments(chance: random.Random) -> List[int]:
    return [chance.choice((*EDGES, chance.getrandbits(64))) for _ in range(6)]


class Compile(unittest.TestCase):
    def test_ranges(self) -> None:
        self.assertEqual([(1, 3), (7, 7)], seccomp.ranges((7, 3, 1, 2, 2)))
        self.assertEqual([(0, 0), (4, 6), (8, TOP)], seccomp.ranges((7, 3, 1, 2, 2), inverted=True))
        self.assertEqual([], seccomp.ranges(()))
        self.assertEqual([(0, TOP)], seccomp.ranges((), inverted=True))
        self.assertEqual([(1, TOP - 1)], seccomp.ranges((0, TOP), inverted=True))

    def _check(self, trace: SyscallSet, abis: Sequence[Abi]) -> None:
        """The filter traces the calls of *trace* and what has no name, and the cache knows what it allows:
        all but calls that may load a filter, which are told by their arguments."""
        program = engine.program(trace, abis)
        for abi in abis:
            if abi.nr_bit:
                continue  # among the numbers of the one whose arch word it shares
            for number in NUMBERS:
                by = next((each for each in abis if each.audit_arch == abi.audit_arch and each.nr_bit
                           and number & each.nr_bit and number < 1 << 31), abi)
                nr = number & ~by.nr_bit
                traced = (by.name, nr) in trace if nr in by.names and nr | by.nr_bit == number else True
                found = disassembly.interpret(program, abi.audit_arch, number)
                loader = LOADERS.get(by.names.get(nr, "")) if nr | by.nr_bit == number else None
                if loader is not None:
                    loads = disassembly.interpret(program, abi.audit_arch, number, (loader,) + (0,) * 5)
                    self.assertEqual(seccomp.SECCOMP_RET_TRACE | FILTER_LOADS, loads)
                run = traced or loader is not None
                if not traced:  # a multiplexer: one of its calls may be
                    for call in by.multiplexers.get(nr, ()):
                        chosen = (by.name, key(nr, call)) in trace
                        self.assertEqual(by_engine(chosen), disassembly.interpret(
                            program, abi.audit_arch, number, (1 << 16 | call,) + (0,) * 5), (abi, number, call))
                        run = run or chosen
                if found != by_engine(traced) or disassembly.constant(program, abi.audit_arch, number) == run:
                    self.fail(f"{abi}: {number} is to be traced: {traced}, found: {found:#x}")
        for unknown in (0, 1, 0xc0000015, TOP):
            self.assertEqual(by_engine(True), disassembly.interpret(program, unknown, 1))

    def test_random_sets(self) -> None:
        """On every ABI each number gets what the set says."""
        for machine in MACHINES:
            abis = arch.of_machine(machine)
            for seed in range(8):
                chance = random.Random(seed)
                share = chance.random() ** 2
                members = frozenset(
                    (abi.name, nr) for abi in abis for nr in abi.selectable() if chance.random() < share)
                for trace in (members, Except(members)):
                    with self.subTest(machine=machine, seed=seed, trace=type(trace).__name__):
                        self._check(trace, abis)

    def test_sets_of_the_command_line(self) -> None:
        for machine in MACHINES:
            abis = arch.of_machine(machine)
            for text in ("openat", "!openat", "%file", "read@64", "!read@32", "none", "all@64"):
                trace = select.parse(text, machine)
                with self.subTest(machine=machine, text=text):
                    self._check(trace, abis)

    def test_x32_numbers_with_and_without_their_bit(self) -> None:
        trace = select.parse("read@x32", "x86_64")
        self.assertIn(("x32", 0), trace)
        self.assertIn(("x32", 0x40000000), trace)
        self.assertNotIn(("x86_64", 0), trace)

    def test_same_cost_for_any_set(self) -> None:
        """No call passes more than log2 of the edges, plus the way to them."""
        abis = arch.of_machine("x86_64")
        members = frozenset((abi.name, nr) for abi in abis for nr in abi.names if nr % 2)
        program = engine.program(members, abis)
        for nr in range(601):
            steps = place = 0
            a = 0
            while program[place][0] != seccomp.BPF_RET_K:
                code, jt, jf, k = program[place]
                if code == seccomp.BPF_LD_W_ABS:
                    a = nr if k == seccomp.NR else X86_64
                    place += 1
                elif code == seccomp.BPF_JMP_JA:
                    place += 1 + k
                else:
                    taken = a == k if code == seccomp.BPF_JMP_JEQ_K else a >= k
                    place += 1 + (jt if taken else jf)
                steps += 1
            self.assertLess(steps, 3 + 2 * 10 + 1)

    def test_long_programs(self) -> None:
        """Jumps over 255 instructions: to a verdict, within the tree, over an ABI, to a test of arguments."""
        number = [(nr, nr) for nr in range(0, 3000, 2)]
        tested: Dict[int, Condition] = {nr: Between((0,), TOP, nr, nr) for nr in range(1, 600, 2)}
        program = seccomp.compile({X86_64: seccomp.Rules(number, tested), I386: seccomp.Rules([(7, 7)])})
        self.assertGreater(len(program), 2000)
        for nr in range(3100):
            for argument in (nr, 5):
                wanted = nr % 2 == 0 and nr < 3000 or nr % 2 == 1 and nr < 600 and argument == nr
                found = disassembly.interpret(program, X86_64, nr, (argument,) + (0,) * 5)
                self.assertEqual(verdict(wanted), found)
        for nr in (6, 7, 8):
            self.assertEqual(verdict(nr == 7), disassembly.interpret(program, I386, nr))
        seccomp.Filter(program)  # all distances fit

    def test_too_long(self) -> None:
        with self.assertRaises(ValueError):
            seccomp.compile({X86_64: seccomp.Rules([(nr, nr) for nr in range(0, 9000, 2)])})

    def test_only_calls_with_a_condition_look_at_arguments(self) -> None:
        rules = seccomp.Rules([(3, 9)], {5: Between((0,), TOP, 1, 1), 20: Between((0, 1), ALL_ONES, 7, 7)})
        program = seccomp.compile({X86_64: rules})
        for nr in range(30):
            self.assertEqual(nr not in (20, *range(3, 10)), disassembly.constant(program, X86_64, nr), nr)
        for nr, argument, traced in ((5, 1, True), (5, 2, False), (4, 2, True), (20, 7, True),
                                     (20, 7 << 32, False)):
            self.assertEqual(verdict(traced), disassembly.interpret(program, X86_64, nr, (argument,) + (0,) * 5))


class Conditions(unittest.TestCase):
    """A condition says the same as cBPF and as a function."""

    def test_random(self) -> None:
        chance = random.Random(1)
        outcomes: Set[bool] = set()
        for _ in range(1500):
            condition = random_condition(chance)
            program = seccomp.compile({X86_64: seccomp.Rules([], {1: condition})})
            holds = test(condition)
            for _ in range(12):
                args = random_arguments(chance)
                outcomes.add(holds(args))
                if verdict(holds(args)) != disassembly.interpret(program, X86_64, 1, args):
                    self.fail(f"{condition} on {args} is {holds(args)}")
        self.assertEqual({True, False}, outcomes)

    def test_meaning(self) -> None:
        """The function itself, against numbers known to be right."""
        for condition, value, wanted in (
                (Between((0,), TOP, 1, 1), 1 << 32 | 1, True),
                (Between((0, 1), ALL_ONES, 1, 1), 1 << 32 | 1, False),
                (Between((1,), TOP, 1, 1), 1 << 32, True), (Between((0,), 6, 4, 6), 5, True),
                (Between((0,), 6, 4, 6), 3, False), (Not(Between((0,), TOP, 0, 9)), 9, False),
                (ALWAYS, 0, True), (NEVER, 0, False), (AllOf((ALWAYS, NEVER)), 0, False),
                (AnyOf((ALWAYS, NEVER)), 0, True)):
            self.assertEqual(wanted, test(condition)((value,) + (0,) * 5), condition)

    def test_two_registers(self) -> None:
        """64 bits in two registers of a 32-bit ABI: the second holds the high half."""
        condition = Between((4, 6), TOP << 32 | TOP, 1 << 32, 1 << 32)
        self.assertTrue(test(condition)((0, 0, 0, 1, 0, 0)))
        self.assertFalse(test(condition)((0, 0, 1 << 32, 0, 0, 0)))


class Interpret(unittest.TestCase):
    def test_what_no_filter_may_be(self) -> None:
        for program in ([(seccomp.BPF_LD_W_ABS, 0, 0, 0)], [(0x07, 0, 0, 0), (seccomp.BPF_RET_K, 0, 0, 0)],
                        [(seccomp.BPF_JMP_JA, 0, 0, 5)], []):
            with self.assertRaises(ValueError):
                disassembly.interpret(program, X86_64, 0)
            self.assertFalse(disassembly.constant(program, X86_64, 0))

    def test_masks_and_all_jumps(self) -> None:
        program = [
            (seccomp.BPF_LD_W_ABS, 0, 0, seccomp.NR), (seccomp.BPF_ALU_AND_K, 0, 0, 0xff),
            (seccomp.BPF_JMP_JGT_K, 0, 1, 5), (seccomp.BPF_RET_K, 0, 0, seccomp.SECCOMP_RET_ALLOW),
            (seccomp.BPF_JMP_JSET_K, 0, 1, 4), (seccomp.BPF_RET_K, 0, 0, 4), (seccomp.BPF_RET_K, 0, 0, 0)]
        for nr, wanted in ((0x105, 4), (6, seccomp.SECCOMP_RET_ALLOW), (0x103, 0)):
            self.assertEqual(wanted, disassembly.interpret(program, 0, nr))
            self.assertEqual(wanted == seccomp.SECCOMP_RET_ALLOW, disassembly.constant(program, 0, nr))


class Disassemble(unittest.TestCase):
    def test_names(self) -> None:
        program = seccomp.compile({X86_64: seccomp.Rules([(2, 2)], {1: Between((0,), 3, 1, 1)})})
        names = disassembly.Names(lambda word: "here" if word == X86_64 else "", lambda word, nr: f"call{nr}",
                                  lambda word, nr, half: f"argument{half} of {nr}")
        self.assertEqual([
            (0, "ld [4]", "arch", None, None, "", True),
            (1, "jeq #0xc000003e", "arch == here", 2, 9, "", True),
            (2, "ld [0]", "nr", None, None, "", True),
            (3, "jge #2", "nr >= call2", 5, 4, "", True),
            (4, "jge #1", "nr >= call1", 6, 10, "", True),
            (5, "jge #3", "nr >= call3", 10, 9, "", True),
            (6, "ld [16]", "argument0 of 1", None, None, "", False),
            (7, "and #0x3", "argument0 of 1 & 0x3", None, None, "", False),
            (8, "jeq #1", "argument0 of 1 & 0x3 == 1", 9, 10, "", False),
            (9, "ret #0x7ff00000", "", None, None, "TRACE", True),
            (10, "ret #0x7fff0000", "", None, None, "ALLOW", True),
        ], [tuple(line) for line in disassembly.disassemble(program, names)])

    def test_any_program(self) -> None:
        """Instructions that nobody knows, or gets to, or that lead outside are shown, too."""
        names = disassembly.Names(lambda word: "", lambda word, nr: "", lambda word, nr, half: "")
        chance = random.Random(2)
        for _ in range(300):
            program = [(chance.choice((0x20, 0x54, 0x05, 0x15, 0x35, 0x45, 0x06, 0x99)), chance.randrange(9),
                        chance.randrange(9), chance.choice((0, 4, 16, TOP))) for _ in range(12)]
            self.assertEqual(12, len(disassembly.disassemble(program, names)))


@contextlib.contextmanager
def int_0x80() -> Iterator[Callable[..., int]]:
    """A function that makes an i386 system call from a 64-bit process: number and three arguments."""
    # push rbx; mov eax, edi; mov ebx, esi; xchg ecx, edx; int 0x80; cdqe; pop rbx; ret
    code = bytes.fromhex("53 89f8 89f3 87ca cd80 4898 5b c3")
    with mmap.mmap(-1, mmap.PAGESIZE, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC) as page:
        page.write(code)
        start = ctypes.c_char.from_buffer(page)
        yield ctypes.CFUNCTYPE(ctypes.c_long, *[ctypes.c_ulong] * 4)(ctypes.addressof(start))
        del start


def under_filter(program: seccomp.Program, call: Callable[[int, Sequence[int]], int],
                 calls: Sequence[Tuple[int, Sequence[int]]]) -> Optional[List[bool]]:
    """Which of *calls* a child under *program* was refused; None when it was killed."""
    refusing = [(code, jt, jf, seccomp.SECCOMP_RET_ERRNO | REFUSED)
                if (code, k) == (seccomp.BPF_RET_K, seccomp.SECCOMP_RET_TRACE) else (code, jt, jf, k)
                for code, jt, jf, k in program]
    loaded = seccomp.Filter(refusing)
    ours, theirs = os.pipe()
    pid = os.fork()
    if not pid:
        try:
            for function, args in loaded.calls(False):
                if function(*args):
                    os._exit(2)
            os.write(theirs, bytes([call(nr, args) == -REFUSED for nr, args in calls]))
        finally:
            os._exit(0)
    os.close(theirs)
    try:
        with open(ours, "rb") as pipe:
            data = pipe.read()
    finally:
        _, status = os.waitpid(pid, 0)
    return [bool(byte) for byte in data] if status == 0 and len(data) == len(calls) else None


class Kernel(unittest.TestCase):
    """The kernel takes the programs and decides as the interpreter does."""

    def setUp(self) -> None:
        try:
            self.abis = arch.of_machine()
        except OSError as reason:
            self.skipTest(str(reason))
        if libc.prctl(21, 0, 0, 0, 0) < 0:  # PR_GET_SECCOMP
            self.skipTest("needs a kernel with seccomp")
        function = ctypes.CDLL(None, use_errno=True).syscall
        function.restype = ctypes.c_long

        def call(nr: int, args: Sequence[int]) -> int:
            result = function(ctypes.c_long(nr), *[ctypes.c_ulong(arg) for arg in args])
            return -ctypes.get_errno() if result == -1 else int(result)
        self.call = call

    def _numbers(self, abi: Abi) -> List[int]:
        """Numbers that can be called without harm: of calls that do nothing, and of none."""
        return [nr for nr, name in abi.names.items() if name in HARMLESS] + list(range(500, 601))

    def _rules(self, chance: random.Random, abi: Abi, conditions: bool, registers: int = 6) -> seccomp.Rules:
        numbers = self._numbers(abi)
        tested = {nr: random_condition(chance, registers) for nr in numbers
                  if conditions and chance.random() < 0.5}
        traced = [nr for nr in numbers if nr not in tested and chance.random() < 0.5]
        return seccomp.Rules(seccomp.ranges(traced), tested)

    def _compare(self, seed: int, conditions: bool) -> None:
        chance = random.Random(seed)
        native = self.abis[0]
        program = seccomp.compile({abi.audit_arch: self._rules(chance, abi, conditions)
                                   for abi in reversed(self.abis) if not abi.nr_bit})
        calls = [(nr, random_arguments(chance))
                 for nr in self._numbers(native) for _ in range(1 + 5 * conditions)]
        wanted = [disassembly.interpret(program, native.audit_arch, nr, args) == seccomp.SECCOMP_RET_TRACE
                  for nr, args in calls]
        self.assertEqual({True, False}, set(wanted))
        self.assertEqual(wanted, under_filter(program, self.call, calls))

    def test_random_sets(self) -> None:
        for seed in range(4):
            self._compare(seed, False)

    def test_random_conditions(self) -> None:
        for seed in range(6):
            self._compare(seed, True)

    def test_long_program(self) -> None:
        native = self.abis[0]
        named = set(native.names)
        numbers = [nr for nr in range(500, 4000, 2) if nr not in named]
        program = seccomp.compile({native.audit_arch: seccomp.Rules(seccomp.ranges(numbers))})
        calls = [(nr, (0,) * 6) for nr in range(500, 4000, 3) if nr not in named]
        self.assertEqual([nr % 2 == 0 for nr, _ in calls], under_filter(program, self.call, calls))

    @unittest.skipUnless(platform.machine() == "x86_64", "needs x86-64, which has a second ABI within reach")
    def test_i386(self) -> None:
        chance = random.Random(5)
        abis = {abi.name: abi for abi in self.abis}
        program = seccomp.compile({
            abis[name].audit_arch: self._rules(chance, abis[name], True, registers=3)
            for name in ("x86_64", "i386")})
        calls = [(nr, [argument & TOP for argument in random_arguments(chance)[:3]] + [0] * 3)
                 for nr in self._numbers(abis["i386"]) for _ in range(4)]
        wanted = [disassembly.interpret(program, I386, nr, args) == seccomp.SECCOMP_RET_TRACE
                  for nr, args in calls]
        self.assertEqual({True, False}, set(wanted))
        with int_0x80() as enter:
            def call(nr: int, args: Sequence[int]) -> int:
                return enter(nr, *args[:3])
            if under_filter([(seccomp.BPF_RET_K, 0, 0, seccomp.SECCOMP_RET_ALLOW)], call, calls[:1]) is None:
                self.skipTest("needs a kernel that runs 32-bit programs")
            self.assertEqual(wanted, under_filter(program, call, calls))


if __name__ == "__main__":
    unittest.main()
