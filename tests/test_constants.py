"""The generated constants: well formed, right where it matters, and as the generator writes them."""
from __future__ import annotations

import importlib
import os
import shutil
import subprocess
import sys
import unittest
from pathlib import Path
from typing import Dict, Iterator, List, Set, Tuple

ROOT = Path(__file__).resolve().parent.parent
CONSTANTS = ROOT / "strace_py" / "constants"
GENERATOR = ROOT / "tools" / "gen_constants.py"
ABIS = ("x86_64", "i386", "x32", "aarch64", "arm")
MODULES = sorted(path.stem for path in CONSTANTS.glob("*.py") if path.stem != "__init__")


def headers() -> Path:
    """The headers' root, beside the reference program (STRACE_ORACLE: the program or its directory)."""
    oracle = os.environ.get("STRACE_ORACLE")
    if oracle:
        place = Path(oracle)
        return (place if place.is_dir() else place.parent) / "root"
    return Path.home() / ".cache" / "strace-oracle" / "amd64" / "root"


def public(module: str) -> Dict[str, object]:
    loaded = importlib.import_module("strace_py.constants." + module)
    return {name: value for name, value in vars(loaded).items() if name.isupper() and name[0] != "_"}


def names_of(abi: str) -> Dict[int, str]:
    names = public("numbers_" + abi)["NAMES"]
    assert isinstance(names, dict)
    return names


def tables() -> Iterator[Tuple[str, Tuple[object, ...]]]:
    """Every tuple of pairs with its place."""
    for module in MODULES:
        for name, value in public(module).items():
            if isinstance(value, tuple):
                yield f"{module}.{name}", value
            elif isinstance(value, dict) and set(value) == set(ABIS):
                for abi, table in value.items():
                    if isinstance(table, tuple):
                        yield f"{module}.{name}[{abi}]", table


class TestTables(unittest.TestCase):
    def test_tables_are_tuples_of_distinct_int_and_name(self) -> None:
        wrong: List[str] = []
        count = 0
        for place, table in tables():
            count += 1
            values: Set[int] = set()
            for entry in table:
                if not (isinstance(entry, tuple) and len(entry) == 2 and type(entry[0]) is int
                        and isinstance(entry[1], str) and entry[1]):
                    wrong.append(f"{place}: {entry!r}")
                elif entry[0] in values:
                    wrong.append(f"{place}: {entry[0]:#x} has two names")
                else:
                    values.add(entry[0])
        self.assertEqual(wrong, [])
        self.assertGreater(count, 200)

    def test_tables_by_abi_have_all_abis(self) -> None:
        for module in MODULES:
            for name, value in public(module).items():
                by_name = isinstance(value, dict) and any(isinstance(key, str) for key in value)
                if isinstance(value, dict) and by_name and module != "classes":
                    with self.subTest(f"{module}.{name}"):
                        self.assertEqual(tuple(value), ABIS)

    def test_names_map_int_to_name(self) -> None:
        for module in MODULES:
            names = public(module).get("NAMES")
            if isinstance(names, dict):
                with self.subTest(module):
                    self.assertEqual({type(number) for number in names}, {int})
                    self.assertEqual({type(name) for name in names.values()}, {str})


class TestValues(unittest.TestCase):
    def test_numbers(self) -> None:
        expected = {"x86_64": (0, 1), "i386": (3, 4), "x32": (0, 1), "aarch64": (63, 64), "arm": (3, 4)}
        for abi, (read, write) in expected.items():
            with self.subTest(abi):
                names = names_of(abi)
                self.assertEqual((names[read], names[write]), ("read", "write"))
                self.assertEqual(len(set(names.values())), len(names))

    def test_architectures_differ_where_they_should(self) -> None:
        flags = public("fcntl")["OPEN_FLAGS"]
        assert isinstance(flags, dict)
        directory = {abi: {name: value for value, name in flags[abi]}["O_DIRECTORY"] for abi in ABIS}
        self.assertEqual(directory, {"x86_64": 0o200000, "i386": 0o200000, "x32": 0o200000,
                                     "aarch64": 0o40000, "arm": 0o40000})

    def test_names_that_have_synonyms(self) -> None:
        errors, texts = public("errno")["NAMES"], public("errno")["TEXTS"]
        families = public("socket")["FAMILIES"]
        assert isinstance(errors, dict) and isinstance(texts, dict) and isinstance(families, tuple)
        self.assertEqual((errors[11], errors[35], errors[95]), ("EAGAIN", "EDEADLK", "EOPNOTSUPP"))
        self.assertEqual(texts[514], "To be restarted if no handler")
        self.assertEqual(dict(families)[1], "AF_UNIX")

    def test_several_requests_of_one_number(self) -> None:
        common, specific = public("ioctl")["COMMON"], public("ioctl")["SPECIFIC"]
        assert isinstance(common, dict) and isinstance(specific, dict)
        for abi in ABIS:
            with self.subTest(abi):
                self.assertEqual(specific[abi].get(0x4020940d) or common.get(0x4020940d),
                                 "BTRFS_IOC_CLONE_RANGE or FICLONERANGE")
                self.assertFalse(set(specific[abi].items()) & set(common.items()))

    def test_classes_name_known_calls(self) -> None:
        classes = public("classes")["CLASSES"]
        assert isinstance(classes, dict)
        known = {name for abi in ABIS for name in names_of(abi).values()}
        for name, members in classes.items():
            with self.subTest(name):
                self.assertEqual(members - known, frozenset())
        self.assertIn("openat", classes["file"])
        self.assertIn("statx", classes["%stat"])


class TestGenerator(unittest.TestCase):
    @unittest.skipUnless(shutil.which("gcc"), "needs gcc")
    @unittest.skipUnless((headers() / "usr" / "include").is_dir(), "needs Linux's headers")
    def test_committed_modules_are_what_the_generator_writes(self) -> None:
        done = subprocess.run([sys.executable, str(GENERATOR), "--check", str(headers())],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.assertEqual((done.returncode, done.stdout), (0, "all up to date\n"))


if __name__ == "__main__":
    unittest.main()
