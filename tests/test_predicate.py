"""Conditions on arguments in sets of calls: what they mean, and that every engine prints the same."""
from __future__ import annotations

import contextlib
import json
import random
import re
import subprocess
import sys
import unittest
from typing import Tuple

from strace_py import arch
from strace_py.kernel import disassembly, seccomp
from strace_py.kernel.condition import Condition, test
from strace_py.syscalls import predicate, select
from strace_py.tracer import filter as engine

from . import support

TOP = 0xffffffff
ALL_ONES = (1 << 64) - 1
AT_FDCWD = -100 & TOP

#: A set with one condition, an ABI, the number of the call there, arguments, and whether they meet it.
MEANING: Tuple[Tuple[str, str, int, Tuple[int, ...], bool], ...] = (
    ("openat[flags&O_CREAT]", "x86_64", 257, (3, 0, 0o101), True),
    ("openat[flags&O_CREAT]", "x86_64", 257, (3, 0, 1), False),
    ("openat[flags & (O_CREAT|O_EXCL) == O_CREAT|O_EXCL]", "x86_64", 257, (3, 0, 0o300), True),
    ("openat[flags & (O_CREAT|O_EXCL) == O_CREAT|O_EXCL]", "x86_64", 257, (3, 0, 0o100), False),
    ("openat[(flags & O_ACCMODE) != O_RDONLY]", "x86_64", 257, (3, 0, 2), True),
    ("openat[(flags & O_ACCMODE) != O_RDONLY]", "x86_64", 257, (3, 0, 0o100), False),
    ("openat[dirfd==AT_FDCWD]", "x86_64", 257, (AT_FDCWD,), True),
    ("openat[dirfd==AT_FDCWD]", "x86_64", 257, (ALL_ONES - 99,), True),
    ("openat[!(dirfd==AT_FDCWD)]", "x86_64", 257, (AT_FDCWD,), False),
    ("openat[flags&~(O_CLOEXEC|O_DIRECTORY)]", "x86_64", 257, (0, 0, 0x80000), False),
    ("openat[flags&~(O_CLOEXEC|O_DIRECTORY)]", "x86_64", 257, (0, 0, 0x80001), True),
    # The constants are those of the ABI.
    ("openat[flags&O_DIRECTORY]", "aarch64", 56, (0, 0, 0x4000), True),
    ("openat[flags&O_DIRECTORY]", "aarch64", 56, (0, 0, 0x10000), False),
    ("openat[flags&O_DIRECTORY]", "x86_64", 257, (0, 0, 0x10000), True),
    # 32 bits: the rest of the register is nothing.
    ("write[fd==1]", "x86_64", 1, (7 << 32 | 1,), True),
    ("write[fd<0]", "x86_64", 1, (TOP,), True),
    ("write[fd<0]", "x86_64", 1, (1 << 63,), False),
    ("write[fd>=-1]", "x86_64", 1, (TOP,), True),
    ("write[fd>=-1]", "x86_64", 1, (TOP - 1,), False),
    ("write[fd>=-1]", "x86_64", 1, (5,), True),
    ("write[fd<=3]", "x86_64", 1, (TOP,), True),
    ("write[fd<=3]", "x86_64", 1, (4,), False),
    ("write[fd==0xffffffff]", "x86_64", 1, (TOP,), True),
    ("write[fd]", "x86_64", 1, (7 << 32,), False),
    ("write[fd]", "x86_64", 1, (1,), True),
    # 64 bits
    ("write[count>=4096]", "x86_64", 1, (0, 0, 4095), False),
    ("write[count>=4096]", "x86_64", 1, (0, 0, 4096), True),
    ("write[count>=4096]", "x86_64", 1, (0, 0, 1 << 32), True),
    ("write[count>=010000]", "x86_64", 1, (0, 0, 4096), True),
    ("write[count<0x100000001]", "x86_64", 1, (0, 0, 0x100000000), True),
    ("write[count<0x100000001]", "x86_64", 1, (0, 0, 0x100000001), False),
    ("write[count==-1]", "x86_64", 1, (0, 0, ALL_ONES), True),
    ("write[count==-1]", "x86_64", 1, (0, 0, TOP), False),
    ("lseek[offset<-5]", "x86_64", 8, (0, ALL_ONES - 5), True),
    ("lseek[offset<-5]", "x86_64", 8, (0, ALL_ONES - 4), False),
    ("lseek[offset<-5]", "x86_64", 8, (0, 0), False),
    ("lseek[offset>-5]", "x86_64", 8, (0, 0), True),
    # A long of 32 bits compares as a number, not as what is left of the other
    ("write[count<0x100000001]", "i386", 4, (0, 0, TOP), True),
    ("write[count>0x100000001]", "i386", 4, (0, 0, TOP), False),
    ("lseek[offset<-5]", "i386", 19, (0, TOP - 5), True),
    ("lseek[offset<-5]", "i386", 19, (0, 7), False),
    # 64 bits in two registers; Arm's are even
    ("fallocate[offset==0x100000002]", "i386", 324, (0, 0, 2, 1), True),
    ("fallocate[offset==0x100000002]", "i386", 324, (0, 0, 1, 2), False),
    ("fallocate[offset<0]", "i386", 324, (0, 0, 0, TOP), True),
    ("fallocate[offset==0x100000002]", "arm", 352, (0, 0, 2, 1), True),
    ("ftruncate64[length==0x100000002]", "arm", 194, (0, 9, 2, 1), True),
    ("ftruncate64[length==0x100000002]", "i386", 194, (0, 2, 1), True),
    ("preadv[offset==0x100000002]", "i386", 333, (0, 0, 0, 2, 1), True),
    # 16 bits
    ("mkdir[mode==0755]", "x86_64", 83, (0, 0x10000 | 0o755), True),
    ("mkdir[mode&0022]", "x86_64", 83, (0, 0x10000 | 0o755), False),
    # Order of registers and of arguments
    ("clone[flags&CLONE_VM]", "x86_64", 56, (0x100,), True),
    ("clone[flags&CLONE_VM]", "x86_64", 56, (0, 0x100), False),
    # How parts are put together
    ("write[fd==1 && count>=4096]", "x86_64", 1, (1, 0, 5000), True),
    ("write[fd==1 && count>=4096]", "x86_64", 1, (2, 0, 5000), False),
    ("write[fd==1 || fd==2 && count==0]", "x86_64", 1, (1, 0, 9), True),
    ("write[(fd==1 || fd==2) && count==0]", "x86_64", 1, (1, 0, 9), False),
    ("write[!(fd==1||fd==2)]", "x86_64", 1, (0,), True),
    ("write[fd==1],write[fd==2]", "x86_64", 1, (2,), True),
    ("!write[fd==1]", "x86_64", 1, (1,), False),
    ("!write[fd==1]", "x86_64", 1, (2,), True),
    ("!write[fd==1],write[fd==2]", "x86_64", 1, (2,), False),
    ("%desc[fd==3]", "x86_64", 0, (3,), True),
    ("socket[type & ~(SOCK_CLOEXEC|SOCK_NONBLOCK) == SOCK_STREAM]", "x86_64", 41, (0, 0o2000001), True),
    ("fcntl[op==F_SETFL && arg&O_APPEND]", "x86_64", 72, (3, 4, 0o2000), True),
)

#: A set that is wrong, and what is said of it.
ERRORS = (
    ("openat[flgs&1]", "no argument 'flgs' (numbers are: dirfd, flags, mode) (column 8)"),
    ("read,openat[pathname==1]", "'pathname' is a pointer, and only numbers can be tested (column 8)"),
    ("write[fd==O_CREAT]", "'fd' has no named constants such as 'O_CREAT' (column 11)"),
    ("openat[flags&O_NOPE]", "'O_NOPE' is no constant of 'flags' (column 14)"),
    ("write[fd==1", "']' is missing (column 12)"),
    ("write[fd==1]s", "']' is not the end (column 13)"),
    ("write[]", "expected the name of an argument, not the end (column 7)"),
    ("write[fd==]", "expected a number or a constant, not the end (column 11)"),
    ("write[fd=1]", "expected '&&', '||' or the end, not '=' (column 9)"),
    ("write[fd==1 &&]", "expected the name of an argument, not the end (column 15)"),
    ("write[fd==1 2]", "expected '&&', '||' or the end, not '2' (column 13)"),
    ("write[fd,count]", "expected '&&', '||' or the end, not ',' (column 9)"),
    ("write[1==fd]", "expected the name of an argument, not '1' (column 7)"),
    ("write[fd==08]", "expected a number or a constant, not '08' (column 11)"),
    ("write[fd&0]", "no bits to test: the mask is 0 (column 10)"),
    ("write[fd==0x100000000]", "0x100000000 does not fit into the 32 bits of 'fd' (column 11)"),
    ("write[fd==-2147483649]", "-0x80000001 does not fit into the 32 bits of 'fd' (column 11)"),
    (f"write[fd==0x1{'0' * 28}]", f"expected a number or a constant, not '0x1{'0' * 28}' (column 11)"),
    ("write[(fd==1]", "expected ')', not the end (column 13)"),
    ("write[!fd]", "expected '(' after '!', not 'fd' (column 8)"),
    ("write[" + "(" * 60 + "]", "too deeply nested (column 58)"),
    ("write[fd==" + "~" * 60 + "1]", "too deeply nested (column 62)"),
    ("execve[a0==1]", "no argument 'a0' (column 8)"),
    ("write[fd==1]@32[fd==2]", "expected '&&', '||' or the end, not ']' (column 12)"),
)

WRITER = """
import ctypes, os
for fd in (1, 2):
    for size in (0, 1, 4095, 4096, 70000):
        os.write(fd, b'x' * size)
call = ctypes.CDLL(None).syscall
call.argtypes = [ctypes.c_long] + [ctypes.c_ulong] * 3
number = {number}
text = ctypes.create_string_buffer(b'text')
call(number, 0x700000001, ctypes.addressof(text), 4)      # the kernel takes 32 bits for a descriptor
call(number, 1, ctypes.addressof(text), 0x100000004)
call(number, (1 << 64) - 1, ctypes.addressof(text), 4)
os.lseek(0, 5, os.SEEK_SET)
try: os.lseek(0, -5, os.SEEK_SET)
except OSError: pass
os.close(os.open('/dev/null', os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o644))
os.close(os.open('/dev/null', os.O_WRONLY))
"""
SETS = (
    "write[fd==1 && count>=4096]", "write[fd==1]", "write[fd<0 || count>0xffffffff]",
    "!write[fd==1],%memory,%%stat,getrandom,sysinfo,futex",
    "openat[flags&O_CREAT],write[count==1]", "openat[flags & O_ACCMODE == O_WRONLY]", "lseek[offset<0]",
    "write[!(fd==1 && count<4096)],close", "%desc[fd==1]", "%file,write[fd==2]", "mmap[prot&PROT_EXEC]",
    "lseek[whence==SEEK_CUR]",
)


def only(text: str, abi: str, number: int) -> Condition:
    """The condition that a set puts on a call."""
    machine = next(machine for machine, names in arch.MACHINES.items() if abi in names)
    chosen = select.parse(text, machine, conditions=True)
    assert isinstance(chosen, select.Selection)
    return chosen.conditions[abi, number]


class Meaning(unittest.TestCase):
    def test_conditions(self) -> None:
        """As a function and as cBPF."""
        for text, abi, number, given, wanted in MEANING:
            with self.subTest(text=text, abi=abi, args=given):
                args = [*given, *(0,) * (6 - len(given))]
                condition = only(text, abi, number)
                self.assertEqual(wanted, test(condition)(args))
                program = seccomp.compile({1: seccomp.Rules([], {number: condition})})
                found = disassembly.interpret(program, 1, number, args)
                self.assertEqual(wanted, found == seccomp.SECCOMP_RET_TRACE)

    def test_random_numbers(self) -> None:
        """Every operator on every kind of number, against Python's own arithmetic."""
        chance = random.Random(3)
        kinds = (("write", 1, "fd", 0, 32, True), ("write", 1, "count", 2, 64, False),
                 ("lseek", 8, "offset", 1, 64, True), ("openat", 257, "flags", 2, 32, False),
                 ("mkdir", 83, "mode", 1, 16, False))
        edges = [edge + more for edge in (0, 0xffff, 1 << 31, TOP, 1 << 63, ALL_ONES) for more in (-1, 0, 1)]
        for _ in range(1500):
            name, number, argument, register, bits, signed = chance.choice(kinds)

            def wrap(number: int, sign: int = signed << bits - 1, size: int = 1 << bits) -> int:
                """As C converts *number* to the type of the argument."""
                return (number + sign) % size - sign

            value = wrap(chance.choice(edges))
            operator = chance.choice(("==", "!=", "<", "<=", ">", ">="))
            mask = chance.choice((None, chance.getrandbits(bits) or 1))
            raw = chance.choice((*edges, chance.getrandbits(64), value, value + 1)) & ALL_ONES
            left = wrap(raw) if mask is None else raw & mask
            right = value if mask is None else value % (1 << bits)
            wanted = {"==": left == right, "!=": left != right, "<": left < right, "<=": left <= right,
                      ">": left > right, ">=": left >= right}[operator]
            text = f"{name}[{argument}{'' if mask is None else f'&{mask:#x}'}{operator}{value}]"
            args = [0] * 6
            args[register] = raw
            condition = only(text, "x86_64", number)
            program = seccomp.compile({1: seccomp.Rules([], {number: condition})})
            if not (wanted == test(condition)(args)
                    == (disassembly.interpret(program, 1, number, args) == seccomp.SECCOMP_RET_TRACE)):
                self.fail(f"{text} of {raw:#x} is {wanted}")

    def test_every_name_of_a_type(self) -> None:
        """Flags that a type keeps in its parts, in its class, in its cases and in its module."""
        for text in ("open[flags&O_CREAT]", "mbind[mode==MPOL_BIND]", "mount[mountflags&MS_BIND]",
                     "clone[flags&CLONE_FILES]", "socket[type==SOCK_STREAM]",
                     "setsockopt[optname==SO_REUSEADDR]", "memfd_create[flags&MFD_CLOEXEC]",
                     "mmap[flags&MAP_SHARED]", "fcntl[arg&O_APPEND]",
                     "ioctl[op==TIOCGWINSZ]"):
            with self.subTest(text=text):
                select.parse(text, "x86_64", conditions=True)


class Sets(unittest.TestCase):
    """Conditions within sets."""

    def _parse(self, text: str) -> select.Selection:
        chosen = select.parse(text, "x86_64", conditions=True)
        assert isinstance(chosen, select.Selection)
        return chosen

    def test_beside_other_calls(self) -> None:
        chosen = self._parse("close,write[fd==1 || fd==2],%process,?nonsense[fd==1]")
        self.assertEqual({("x86_64", 1), ("i386", 4), ("x32", 1)}, set(chosen.conditions))
        self.assertIn(("x86_64", 1), chosen)
        self.assertIn(("x86_64", 3), chosen)
        self.assertNotIn(("x86_64", 0), chosen)

    def test_one_personality(self) -> None:
        for text in ("write@32[fd==1]", "write[fd==1]@32"):
            self.assertEqual({("i386", 4)}, set(self._parse(text).conditions))

    def test_without_condition_wins(self) -> None:
        for text in ("write,write[fd==1]", "write[fd==1],write"):
            chosen = self._parse(text)
            self.assertFalse(chosen.conditions)
            self.assertIn(("x86_64", 1), chosen)

    def test_inverted(self) -> None:
        chosen = self._parse("!write[fd==1],read")
        self.assertIn(("x86_64", 1), chosen)
        self.assertNotIn(("x86_64", 0), chosen)
        self.assertIn(("x86_64", 2), chosen)
        self.assertTrue(chosen.inverted)

    def test_calls_without_the_argument_are_left_out(self) -> None:
        chosen = self._parse("%desc[fd==3]")
        self.assertIn(("x86_64", 0), chosen)
        self.assertNotIn(("x86_64", 257), chosen)  # openat has a dirfd

    def test_brackets_of_a_regex(self) -> None:
        chosen = self._parse("/^[rw][er][ia][dt]e?$,close")
        self.assertFalse(chosen.conditions)
        self.assertIn(("x86_64", 0), chosen)

    def test_only_where_asked_for(self) -> None:
        with self.assertRaises(select.SelectionError) as raised:
            select.parse("write[fd==1]", "x86_64")
        self.assertEqual("invalid system call 'write[fd==1]'", str(raised.exception))

    def test_errors(self) -> None:
        for text, message in ERRORS:
            with self.subTest(text=text[:40]), self.assertRaises(select.SelectionError) as raised:
                select.parse(text, "x86_64", conditions=True)
            word = text.split(",", 1)[-1] if text.startswith("read,") else text
            self.assertEqual(f"invalid predicate '{word}': {message}", str(raised.exception))
        for text in ("nope[fd==1]", "none[fd==1]", "[fd==1]"):
            with self.subTest(text=text), self.assertRaises(select.SelectionError) as raised:
                select.parse(text, "x86_64", conditions=True)
            self.assertIn("invalid system call", str(raised.exception))

    def test_any_text(self) -> None:
        """Whatever is written is a set or a SelectionError."""
        chance = random.Random(4)
        pieces = ("fd", "count", "O_CREAT", "1", "0x", "(", ")", "!", "~", "-", "&", "&&", "|", "||", "==",
                  "=", "<", ">=", " ", ",", "[", "]", "@32", "\u00e9", "9" * 40, "a.b")
        for _ in range(1500):
            text = "write[" + "".join(chance.choice(pieces) for _ in range(chance.randrange(8))) + "]"
            with contextlib.suppress(select.SelectionError):
                select.parse(text, "x86_64", conditions=True)

    def test_argument_names(self) -> None:
        x86_64, i386 = arch.of_machine("x86_64")[:2]
        self.assertEqual("fd", predicate.argument_of("write", 0, x86_64))
        self.assertEqual("", predicate.argument_of("write", 1, x86_64))  # the kernel doesn't look there
        self.assertEqual("", predicate.argument_of("write", 2, x86_64))  # a pointer
        self.assertEqual("count, low half", predicate.argument_of("write", 4, x86_64))
        self.assertEqual("count, high half", predicate.argument_of("write", 5, x86_64))
        self.assertEqual("offset, high half", predicate.argument_of("fallocate", 6, i386))


class Engines(unittest.TestCase):
    """Calls picked by the tracer, and calls picked by the kernel: the same lines."""
    maxDiff = None

    def test_same_lines(self) -> None:
        try:
            names = arch.of_machine()[0].names
        except OSError as reason:
            self.skipTest(str(reason))
        number = next(number for number, name in names.items() if name == "write")
        command = [sys.executable, "-S", "-c", WRITER.format(number=number)]
        empty = True
        for text in SETS:
            with self.subTest(text=text):
                plain = support.run_ours(["-f", "-s1", "--seccomp-bpf=off", "-e", f"trace={text}", *command])
                picked = support.run_ours(["-f", "-s1", "--seccomp-bpf=on", "-e", f"trace={text}", *command])
                self.assertEqual(masked(plain.trace), masked(picked.trace))
                self.assertEqual((plain.status, plain.stdout), (picked.status, picked.stdout))
                empty = empty and "write" not in plain.trace
        self.assertFalse(empty)

    def test_lines(self) -> None:
        """What is left of all writes is what the condition says."""
        command = [sys.executable, "-S", "-c",
                   "import os\nfor n in (1, 5, 9): os.write(1, b'x' * n); os.write(2, b'y' * n)"]
        for engine_options in (("--seccomp-bpf=off",), ("-f", "--seccomp-bpf=on")):
            done = support.run_ours([*engine_options, "-e", "trace=write[fd==1 && count>4]", *command])
            lines = [" ".join(line.split()) for line in re.findall("write.*", done.trace)]
            self.assertEqual(['write(1, "xxxxx", 5) = 5', 'write(1, "xxxxxxxxx", 9) = 9'], lines)


def masked(trace: str) -> str:
    """A trace without the addresses, times and process ids that differ from run to run."""
    pid = trace.partition(" ")[0]
    trace = re.sub(rf"\b{pid}\b *", "PID ", trace)  # it is filled up to five columns
    return re.sub(support.TICKS + r"|0x[0-9a-f]{4,}|st_[a-z]*=[^,}]*", "N", trace)


class CommandLine(unittest.TestCase):
    def _run(self, *args: str) -> Tuple[int, str, str]:
        done = support.run_ours(args, separate=False)
        return done.status, done.stdout, done.stderr

    def test_error(self) -> None:
        for words in (("-e", "trace=openat[flgs&1]"), ("-eopenat[flgs&1]",), ("--trace=openat[flgs&1]",)):
            self.assertEqual((1, "", "strace: invalid predicate 'openat[flgs&1]': no argument 'flgs' "
                              "(numbers are: dirfd, flags, mode) (column 8)\n"), self._run(*words, "true"))

    def test_dump(self) -> None:
        status, text, errors = self._run("--dump-bpf", "-e", "trace=close,write[count>=4096]")
        self.assertEqual((0, ""), (status, errors))
        self.assertRegex(text, r"(?m)^ *\d+  ret #0x7ff05354 +yes +TRACE$")
        abi = arch.of_machine()[0]
        self.assertRegex(text, rf"(?m)^ *1  jeq #{abi.audit_arch:#x} +2 +\d+  yes     arch == {abi.name}$")
        self.assertRegex(text, r"(?m)^ *\d+  ld \[32\] +no      count, low half$")
        self.assertRegex(text, rf"(?m)^{abi.name}: always stop \(1\): close$")
        self.assertRegex(text, rf"(?m)^{abi.name}: tested by their arguments \(1\): write$")
        self.assertIn(f"\n{abi.name}: let through without a run of the filter: {len(abi.names) - 4}\n", text)

    def test_dump_as_json(self) -> None:
        status, text, errors = self._run("--dump-bpf=json", "-e", "trace=%file,write[fd==2]")
        self.assertEqual((0, ""), (status, errors))
        found = json.loads(text)
        program = [(step["code"], step["jt"], step["jf"], step["k"]) for step in found["instructions"]]
        abis = arch.of_machine()
        self.assertEqual(engine.program(select.parse("%file,write[fd==2]", conditions=True), abis), program)
        for entry, abi in zip(found["abis"], abis):
            self.assertEqual((abi.name, abi.audit_arch), (entry["abi"], entry["arch"]))
            self.assertEqual(["write"], entry["tested"])
            self.assertIn("openat", entry["stop"])
            self.assertEqual(sorted(abi.names.values()),
                             sorted(entry["stop"] + entry["tested"] + entry["run"] + entry["cached"]))

    def test_dump_of_everything(self) -> None:
        status, text, errors = self._run("--dump-bpf")
        self.assertEqual((1, ""), (status, text))
        self.assertIn("strace: there is no filter to dump", errors)
        self.assertEqual(1, self._run("--dump-bpf=xml", "-e", "trace=read")[0])

    def test_dump_that_nobody_can_write(self) -> None:
        with open("/dev/full", "w", encoding="ascii") as full:
            done = subprocess.run([*support.ours(), "--dump-bpf", "-e", "trace=read"], stdout=full,
                                  stderr=subprocess.PIPE, env=support.environment("."), text=True, check=False)
        self.assertEqual((1, "strace: standard output: No space left on device\n"), (done.returncode, done.stderr))

    def test_nothing_is_read_without_conditions(self) -> None:
        """A plain set loads no signature."""
        code = ("import sys; from strace_py.cli import parse; parse(['-e', 'trace=openat,%file', 'true']); "
                "sys.exit('strace_py.syscalls.predicate' in sys.modules)")
        self.assertEqual(0, support.run([sys.executable, "-S", "-c", code]).status)


if __name__ == "__main__":
    unittest.main()
