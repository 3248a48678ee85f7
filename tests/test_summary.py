"""The call summary: reports that strace 7.2 printed for known calls and times, and some that it prints now.

CALLS was traced by strace 7.2 with its clocks replaced (an object loaded before its C library invented what
clock_gettime() and wait4() said), so that the calls' times are known exactly, and large ones occur.
"""
from __future__ import annotations

import re
import unittest
from typing import Iterable, Tuple

from strace_py.options import Options
from strace_py.output.summary import Summary

from . import support

Call = Tuple[str, int, str, int, int, bool]

COLUMNS = ("time-percent", "total-time", "min-time", "max-time", "avg-time",
           "wall-total", "wall-min", "wall-max", "wall-avg", "calls", "errors", "name")

CALLS = (
    ("x86_64", 59, "execve", 3799966000, 84946952113, False),
    ("x86_64", 39, "getpid", 7000, 27620767469748, False),
    ("x86_64", 3, "close", 311000, 234467, True),
    ("x86_64", 9999, "syscall_0x270f", 1000, 5153, True),
    ("x86_64", 605, "syscall_0x25d", 3353708000, 132530913216247, True),
    ("i386", 20, "getpid", 0, 2380, False),
    ("i386", 6, "close", 2708712000, 191816944, True),
    ("x32", 1073741863, "getpid", 0, 322614798, True),
    ("x86_64", 427, "io_uring_register", 227503000, 29255374, True),
    ("x86_64", 39, "getpid", 0, 102, False),
    ("x86_64", 9999, "syscall_0x270f", 1000, 2912566, True),
    ("x86_64", 3, "close", 23678000, 27305, True),
    ("i386", 20, "getpid", 249000, 433200488, False),
    ("x86_64", 102, "getuid", 0, 72873, False),
    ("x86_64", 24, "sched_yield", 201000, 965, False),
    ("x86_64", 110, "getppid", 7248000, 1148689006, False),
)

#: The options, and what strace 7.2 printed for CALLS with them.
REPORTS = {
    "default": (Options(), """\
% time     seconds  usecs/call     calls    errors syscall
------ ----------- ----------- --------- --------- ------------------
 51.26    3.799966     3799966         1           execve
 45.24    3.353708     3353708         1         1 syscall_0x25d
  3.07    0.227503      227503         1         1 io_uring_register
  0.32    0.023989       11994         2         2 close
  0.10    0.007248        7248         1           getppid
  0.00    0.000201         201         1           sched_yield
  0.00    0.000007           3         2           getpid
  0.00    0.000002           1         2         2 syscall_0x270f
  0.00    0.000000           0         1           getuid
------ ----------- ----------- --------- --------- ------------------
100.00    7.412624      617718        12         6 total
System call usage summary for 32 bit mode:
% time     seconds  usecs/call     calls    errors syscall
------ ----------- ----------- --------- --------- ----------------
 99.99    2.708712     2708712         1         1 close
  0.01    0.000249         124         2           getpid
------ ----------- ----------- --------- --------- ----------------
100.00    2.708961      902987         3         1 total
System call usage summary for x32 mode:
% time     seconds  usecs/call     calls    errors syscall
------ ----------- ----------- --------- --------- ----------------
  0.00    0.000000           0         1         1 getpid
------ ----------- ----------- --------- --------- ----------------
100.00    0.000000           0         1         1 total
"""),
    "wall_clock": (Options(summary_wall_clock=True, summary_sort="calls", summary_columns=(
        "name", "calls", "errors", "total-time", "min-time", "time-percent", "avg-time")), """\
syscall                calls    errors       seconds      shortest % time   usecs/call
------------------ --------- --------- ------------- ------------- ------ ------------
close                      2         2      0.000262      0.000027   0.00          130
getpid                     2            27620.767470      0.000000  17.24  13810383734
syscall_0x270f             2         2      0.002918      0.000005   0.00         1458
sched_yield                1                0.000001      0.000001   0.00            0
execve                     1               84.946952     84.946952   0.05     84946952
getuid                     1                0.000073      0.000073   0.00           72
getppid                    1                1.148689      1.148689   0.00      1148689
io_uring_register          1         1      0.029255      0.029255   0.00        29255
syscall_0x25d              1         1 132530.913216 132530.913216  82.71 132530913216
------------------ --------- --------- ------------- ------------- ------ ------------
total                     12         6 160237.808836      0.000000 100.00  13353150736
System call usage summary for 32 bit mode:
syscall              calls    errors     seconds shortest % time  usecs/call
---------------- --------- --------- ----------- -------- ------ -----------
getpid                   2              0.433203 0.000002  69.31      216601
close                    1         1    0.191817 0.191817  30.69      191816
---------------- --------- --------- ----------- -------- ------ -----------
total                    3         1    0.625020 0.000002 100.00      208339
System call usage summary for x32 mode:
syscall              calls    errors     seconds shortest % time  usecs/call
---------------- --------- --------- ----------- -------- ------ -----------
getpid                   1         1    0.322615 0.322615 100.00      322614
---------------- --------- --------- ----------- -------- ------ -----------
total                    1         1    0.322615 0.322615 100.00      322614
"""),
    "overhead": (Options(summary_overhead=1000, summary_sort="avg-time", summary_columns=(
        "total-time", "min-time", "max-time", "wall-avg", "wall-min", "avg-time")), """\
    seconds shortest  longest     wall-avg      wall-min  usecs/call syscall
----------- -------- -------- ------------ ------------- ----------- ------------------
   3.799965 3.799965 3.799965     84946951     84.946951     3799965 execve
   3.353707 3.353707 3.353707 132530913215 132530.913215     3353707 syscall_0x25d
   0.227502 0.227502 0.227502        29254      0.029254      227502 io_uring_register
   0.023987 0.000310 0.023677          129      0.000026       11993 close
   0.007247 0.007247 0.007247      1148688      1.148688        7247 getppid
   0.000200 0.000200 0.000200            0      0.000000         200 sched_yield
   0.000006 0.000000 0.000006  13810383734      0.000000           3 getpid
   0.000000 0.000000 0.000000           71      0.000072           0 getuid
   0.000000 0.000000 0.000000         1457      0.000004           0 syscall_0x270f
----------- -------- -------- ------------ ------------- ----------- ------------------
   7.412614 0.000000 3.799965  13353150735      0.000000      617717 total
System call usage summary for 32 bit mode:
    seconds shortest  longest    wall-avg wall-min  usecs/call syscall
----------- -------- -------- ----------- -------- ----------- ----------------
   2.708711 2.708711 2.708711      191815 0.191816     2708711 close
   0.000248 0.000000 0.000248      216600 0.000001         124 getpid
----------- -------- -------- ----------- -------- ----------- ----------------
   2.708959 0.000000 2.708711      208338 0.000001      902986 total
System call usage summary for x32 mode:
    seconds shortest  longest    wall-avg wall-min  usecs/call syscall
----------- -------- -------- ----------- -------- ----------- ----------------
   0.000000 0.000000 0.000000      322613 0.322614           0 getpid
----------- -------- -------- ----------- -------- ----------- ----------------
   0.000000 0.000000 0.000000      322613 0.322614           0 total
"""),
    "errors": (Options(summary_sort="errors", summary_columns=("errors", "name")), """\
   errors syscall
--------- ------------------
        2 close
        2 syscall_0x270f
        1 io_uring_register
        1 syscall_0x25d
          sched_yield
          getpid
          execve
          getuid
          getppid
--------- ------------------
        6 total
System call usage summary for 32 bit mode:
   errors syscall
--------- ----------------
        1 close
          getpid
--------- ----------------
        1 total
System call usage summary for x32 mode:
   errors syscall
--------- ----------------
        1 getpid
--------- ----------------
        1 total
"""),
    "nothing": (Options(summary_sort="nothing", summary_columns=("wall-max",)), """\
     wall-max syscall
------------- ------------------
     0.000234 close
     0.000001 sched_yield
 27620.767470 getpid
    84.946952 execve
     0.000073 getuid
     1.148689 getppid
     0.029255 io_uring_register
     0.002913 syscall_0x270f
132530.913216 syscall_0x25d
------------- ------------------
132530.913216 total
System call usage summary for 32 bit mode:
wall-max syscall
-------- ----------------
0.191817 close
0.433200 getpid
-------- ----------------
0.433200 total
System call usage summary for x32 mode:
wall-max syscall
-------- ----------------
0.322615 getpid
-------- ----------------
0.322615 total
"""),
}


def report(options: Options, calls: Iterable[Call]) -> str:
    summary = Summary(options)
    for call in calls:
        summary.count(*call)
    return summary.render()


class Recorded(unittest.TestCase):
    maxDiff = None

    def test_reports(self) -> None:
        for name, (options, expected) in REPORTS.items():
            with self.subTest(name):
                self.assertEqual(report(options, CALLS), expected)

    def test_rendering_changes_nothing(self) -> None:
        summary = Summary(Options(summary_sort="name"))
        for call in CALLS:
            summary.count(*call)
        self.assertEqual(summary.render(), summary.render())

    def test_no_calls_no_report(self) -> None:
        self.assertEqual(report(Options(), []), "")

    def test_averages_are_cut_as_doubles(self) -> None:
        # Seen: 212 in a row and 211 in the last line for 636 us in 3 calls; 3928544 for a call of 3928545 us.
        options = Options(summary_columns=("avg-time", "calls"))
        rows = report(options, [("x86_64", 83, "mkdir", 212000, 0, False)] * 3).splitlines()
        self.assertEqual([rows[2], rows[4]], ["        212         3 mkdir", "        211         3 total"])
        rows = report(options, [("x86_64", 24, "sched_yield", 3928545000, 0, False)]).splitlines()
        self.assertEqual(rows[2], "    3928544         1 sched_yield")
        # Nanoseconds: 10999.5 is 11 us, 10999.33 is 10 us.
        for times, usecs in (((10999, 11000), 11), ((10999, 10999, 11000), 10)):
            rows = report(options, [("x86_64", 10, "brk", time, 0, False) for time in times]).splitlines()
            self.assertEqual(rows[2], f"{usecs:11} {len(times):9} brk")

    def test_name_width(self) -> None:
        # One more than the longest name, 16 at least; each table its own.
        for name, width in (("rt_sigqueueinfo", 16), ("syscall_0x123456", 17), ("io_uring_register", 18)):
            lines = report(Options(summary_columns=("name", "errors")),
                           [("x86_64", 1, name, 0, 0, False),
                            ("i386", 20, "getpid", 0, 0, False)]).splitlines()
            self.assertEqual(lines[1], "-" * width + " ---------")
            self.assertEqual(lines[2], name.ljust(width) + " " * 10)
            self.assertEqual(lines[7], "-" * 16 + " ---------")


@support.needs_oracle
class Oracle(unittest.TestCase):
    """strace -C prints the wall-clock time of each call to the nanosecond, and then what it makes of them."""
    maxDiff = None

    def compare(self, options: Options, *args: str) -> None:
        run = support.run_oracle(["-C", "-w", "-n", "--syscall-times=ns", "-S", options.summary_sort,
                                  "-U", ",".join(COLUMNS), *args, "cat", "/dev/null", "/nowhere"])
        calls = re.findall(r"^\[ *(\d+)\] (\w+)\(.* = (.*) <(\d+)\.(\d{9})>$", run.trace, re.MULTILINE)
        self.assertGreater(len(calls), 10)
        expected = re.split(r"\+\+\+ exited with 1 \+\+\+\n", run.trace)[1]
        got = report(options, [("x86_64", int(nr), name, 0, int(seconds + ns), result.startswith("-1 "))
                               for nr, name, result, seconds, ns in calls])
        self.assertEqual(got, expected)

    def test_every_sort(self) -> None:
        for sort in COLUMNS + ("nothing",):
            with self.subTest(sort):
                self.compare(Options(summary_wall_clock=True, summary_sort=sort, summary_columns=COLUMNS))

    def test_overhead(self) -> None:
        for overhead in (0, 30000, 10**9):
            with self.subTest(overhead):
                options = Options(summary_wall_clock=True, summary_columns=COLUMNS, summary_overhead=overhead)
                self.compare(options, "-O", f"{overhead}ns")


if __name__ == "__main__":
    unittest.main()
