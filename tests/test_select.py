"""Sets of system calls: what each way of writing one selects."""
from __future__ import annotations

import unittest
from typing import Dict, Set, Tuple

from strace_py.options import ALL, NOTHING
from strace_py.syscalls import select

#: Set, and the numbers that it selects on x86-64.
SELECTED: Tuple[Tuple[str, Dict[str, Set[int]]], ...] = (
    ("openat", {"x86_64": {257}, "i386": {295}, "x32": {257}}),
    ("openat,close", {"x86_64": {257, 3}, "i386": {295, 6}, "x32": {257, 3}}),
    (",openat,,", {"x86_64": {257}, "i386": {295}, "x32": {257}}),
    ("!!openat", {"x86_64": {257}, "i386": {295}, "x32": {257}}),
    ("openat@64", {"x86_64": {257}}),
    ("openat@32,read@x32", {"i386": {295}, "x32": {0}}),
    ("waitpid", {"x86_64": set(), "i386": {7}, "x32": set()}),
    ("?nonsense", {"x86_64": set(), "i386": set(), "x32": set()}),
    ("?nonsense@64,read@64", {"x86_64": {0}}),
    ("7", {"x86_64": {7}, "i386": {7}, "x32": {7}}),
    ("007@64", {"x86_64": {7}}),
    ("1073741831", {"x86_64": set(), "i386": set(), "x32": {7}}),
    ("512", {"x86_64": set(), "i386": set(), "x32": {512}}),
    ("/^(read|write)$@64", {"x86_64": {0, 1}}),
    ("/preadv?2?$@64", {"x86_64": {295, 327}}),
    ("/[[:digit:]][[:digit:]]$@64", {"x86_64": {17, 18, 217, 221, 302}}),
    ("/^openat\\>@64", {"x86_64": {257}}),
    ("%clock@64", {"x86_64": {96, 159, 164, 201, 227, 228, 229, 305}}),
)

ERRORS = (
    ("", "invalid system call ''", False),
    ("!", "invalid system call '!'", False),
    (",", "invalid system call ','", False),
    ("read,foo,bar", "invalid system call 'foo'", False),
    ("read,none", "invalid system call 'none'", False),
    ("9" * 5000, "invalid system call '" + "9" * 5000 + "'", False),
    ("%nonsense", "invalid system call '%nonsense'", False),
    ("net", "invalid system call 'net'", False),
    ("?read@16", "incorrect personality designator '16' in qualification 'read@16'", True),
)


class Parse(unittest.TestCase):
    def test_selected(self) -> None:
        for text, wanted in SELECTED:
            with self.subTest(text=text):
                chosen = select.parse(text, "x86_64")
                assert isinstance(chosen, select.Selection)
                self.assertEqual(wanted, {abi: set(numbers) for abi, numbers in chosen.selected.items()})
                self.assertFalse(chosen.inverted)

    def test_all_and_none(self) -> None:
        for text, wanted in (("all", ALL), ("none", NOTHING), ("!all", NOTHING), ("!none", ALL),
                             ("!!all", ALL), ("!?nonsense", ALL)):
            self.assertIs(wanted, select.parse(text, "x86_64"), text)

    def test_members(self) -> None:
        chosen, others = select.parse("openat@64", "x86_64"), select.parse("!openat@64", "x86_64")
        for item, selected in ((("x86_64", 257), True), (("x86_64", 9999), False), (("i386", 257), False),
                               (("arm", 1), False)):
            self.assertEqual((selected, not selected), (item in chosen, item in others), item)

    def test_what_is_no_call_is_in_no_set(self) -> None:
        self.assertNotIn("read", select.parse("!read", "x86_64"))

    def test_bare_class(self) -> None:
        for bare, marked in (("file", "%file"), ("network", "%net"), ("signal", "%signal"), ("ipc", "%ipc")):
            one, other = select.parse(bare, "x86_64"), select.parse(marked, "x86_64")
            assert isinstance(one, select.Selection) and isinstance(other, select.Selection)
            self.assertEqual(one.selected, other.selected)
            self.assertTrue(one.selected["x86_64"])

    def test_stat_is_a_call_and_a_class(self) -> None:
        self.assertNotIn(("x86_64", 5), select.parse("stat", "x86_64"))
        self.assertIn(("x86_64", 5), select.parse("%%stat", "x86_64"))
        self.assertNotIn(("x86_64", 5), select.parse("%stat", "x86_64"))

    def test_all_of_one_personality(self) -> None:
        chosen = select.parse("all@64", "x86_64")
        self.assertIn(("x86_64", 0), chosen)
        self.assertNotIn(("i386", 0), chosen)

    def test_aarch64(self) -> None:
        chosen = select.parse("openat@64,openat@32", "aarch64")
        assert isinstance(chosen, select.Selection)
        self.assertEqual({"aarch64": {56}, "arm": {322}}, chosen.selected)
        with self.assertRaises(select.SelectionError):
            select.parse("openat@x32", "aarch64")
        with self.assertRaises(select.SelectionError):
            select.parse("arch_prctl", "aarch64")

    def test_errors(self) -> None:
        for text, message, hint in ERRORS:
            with self.subTest(text=text[:20]), self.assertRaises(select.SelectionError) as raised:
                select.parse(text, "x86_64")
            self.assertEqual((message, hint), (str(raised.exception), raised.exception.hint))

    def test_bad_regex(self) -> None:
        with self.assertRaises(select.SelectionError) as raised:
            select.parse("?/a(", "x86_64")
        self.assertRegex(str(raised.exception), r"\Aregcomp: a\(: .")


if __name__ == "__main__":
    unittest.main()
