"""The package as a thing to install, copy and run: every way that the README promises works."""

from __future__ import annotations

import ast
import compileall
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from typing import Dict, Iterator, List, Optional, Tuple

from tests import support

PACKAGE = os.path.join(support.ROOT, "strace_py")
#: What of the standard library the package may import: public modules that every CPython >= 3.8 has.
_STANDARD = {
    "__future__",
    "_ctypes",
    "argparse",
    "array",
    "atexit",
    "base64",
    "binascii",
    "bisect",
    "collections",
    "contextlib",
    "ctypes",
    "datetime",
    "errno",
    "fcntl",
    "fnmatch",
    "functools",
    "gc",
    "grp",
    "heapq",
    "importlib",
    "io",
    "ipaddress",
    "itertools",
    "json",
    "locale",
    "math",
    "mmap",
    "operator",
    "os",
    "platform",
    "posix",
    "pwd",
    "re",
    "resource",
    "select",
    "selectors",
    "shlex",
    "signal",
    "socket",
    "stat",
    "string",
    "struct",
    "subprocess",
    "sys",
    "tempfile",
    "textwrap",
    "threading",
    "time",
    "types",
    "typing",
    "unicodedata",
    "warnings",
    "weakref",
    "zlib",
}


def sources() -> Iterator[Tuple[str, ast.Module]]:
    """Each module of the package: its path within the checkout, and its syntax tree."""
    for directory, _, files in os.walk(PACKAGE):
        for name in sorted(files):
            if name.endswith(".py"):
                path = os.path.join(directory, name)
                with open(path, encoding="utf-8") as file:
                    yield (
                        os.path.relpath(path, support.ROOT),
                        ast.parse(file.read(), path, feature_version=(3, 8)),
                    )


def _execute(command: List[str], cwd: str, path: Optional[str] = None) -> subprocess.CompletedProcess[bytes]:
    env: Dict[str, str] = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    if path:
        env["PYTHONPATH"] = path
    env["PYTHONDONTWRITEBYTECODE"] = "1"
    return subprocess.run(
        command,
        cwd=cwd,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        timeout=300,
    )


class Runs(unittest.TestCase):
    """Every way to run it traces a program."""

    def setUp(self) -> None:
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.directory = holder.name

    def traces(self, tracer: List[str], cwd: Optional[str] = None, path: Optional[str] = None) -> None:
        """The tracer shows what `echo` writes, and ends with the command's status."""
        trace = os.path.join(self.directory, "trace")
        done = _execute([*tracer, "-o", trace, "sh", "-c", "echo hello; exit 7"], cwd or self.directory, path)
        self.assertEqual((done.returncode, done.stdout, done.stderr), (7, b"hello\n", b""))
        with open(trace, encoding="utf-8") as file:
            lines = file.read().splitlines()
        self.assertTrue(lines[0].startswith("execve("), lines[0])
        self.assertIn('write(1, "hello\\n", 6)                  = 6', lines)
        self.assertEqual(lines[-1], "+++ exited with 7 +++")

    def test_checkout(self) -> None:
        self.traces([sys.executable, "-m", "strace_py"], cwd=support.ROOT)

    def test_isolated_interpreter(self) -> None:
        run = (
            "import sys; sys.path.insert(0, sys.argv.pop(1)); import runpy; "
            "runpy.run_module('strace_py', run_name='__main__', alter_sys=True)"
        )
        self.traces([sys.executable, "-I", "-S", "-c", run, support.ROOT])

    def test_renamed_copy_inside_another_project(self) -> None:
        inside = os.path.join(self.directory, "project", "vendor")
        os.makedirs(inside)
        for package in (os.path.dirname(inside), inside):
            with open(os.path.join(package, "__init__.py"), "w", encoding="utf-8"):
                pass
        shutil.copytree(
            PACKAGE, os.path.join(inside, "tracing"), ignore=shutil.ignore_patterns("__pycache__")
        )
        self.traces([sys.executable, "-m", "project.vendor.tracing"], path=self.directory)

    def test_zipapp(self) -> None:
        archive = os.path.join(self.directory, "strace.pyz")
        tool = os.path.join(support.ROOT, "tools", "make_zipapp.py")
        again = os.path.join(self.directory, "again.pyz")
        for path in (archive, again):
            done = _execute([sys.executable, tool, path], self.directory)
            self.assertEqual((done.returncode, done.stderr), (0, b""))
        with open(archive, "rb") as one, open(again, "rb") as two:
            self.assertEqual(one.read(), two.read(), "the same sources give the same archive")
        self.assertTrue(os.access(archive, os.X_OK))
        self.traces([sys.executable, archive])

    def test_installed_with_pip(self) -> None:
        environment = os.path.join(self.directory, "venv")
        made = _execute([sys.executable, "-m", "venv", environment], self.directory)
        if made.returncode:
            self.skipTest("needs the venv module with pip")
        # pip writes beside the sources that it builds
        sources = os.path.join(self.directory, "sources")
        os.makedirs(sources)
        for name in ("setup.cfg", "pyproject.toml", "README.rst", "LICENSE"):
            shutil.copy(os.path.join(support.ROOT, name), sources)
        shutil.copytree(
            PACKAGE, os.path.join(sources, "strace_py"), ignore=shutil.ignore_patterns("__pycache__")
        )
        python = os.path.join(environment, "bin", "python")
        done = _execute([python, "-m", "pip", "install", "-q", "--no-input", sources], self.directory)
        if done.returncode and (b"No matching distribution" in done.stderr or b"onnection" in done.stderr):
            self.skipTest("needs pip and setuptools from a package index")
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        self.traces([os.path.join(environment, "bin", "strace-py")])
        listed = _execute([python, "-m", "pip", "show", "-f", "strace-py"], self.directory).stdout.decode()
        self.assertIn("\nRequires: \n", listed)
        self.assertNotIn("tests/", listed)


class Sources(unittest.TestCase):
    """What every module of the package keeps to."""

    def test_imports_are_relative_or_of_the_standard_library(self) -> None:
        for path, tree in sources():
            for node in ast.walk(tree):
                names: List[str] = []
                if isinstance(node, ast.Import):
                    names = [alias.name for alias in node.names]
                elif isinstance(node, ast.ImportFrom) and node.level == 0:
                    names = [node.module or ""]
                for name in names:
                    self.assertIn(name.split(".")[0], _STANDARD, f"{path}:{getattr(node, 'lineno', 0)}")

    def test_every_module_says_what_it_is_for(self) -> None:
        for path, tree in sources():
            if tree.body:
                self.assertTrue(ast.get_docstring(tree), f"{path} has no docstring")

    def test_every_module_imports_on_this_interpreter(self) -> None:
        names = [path[: -len(".py")].replace(os.sep, ".") for path, _ in sources()]
        names = [name[: -len(".__init__")] if name.endswith(".__init__") else name for name in names]
        run = "import importlib, sys\nfor name in sys.argv[1:]: importlib.import_module(name)"
        done = _execute([sys.executable, "-W", "error", "-c", run, *names], support.ROOT)
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, b"", b""))

    def test_a_plain_trace_imports_what_it_needs(self) -> None:
        """Neither typing, which takes 2 ms to 3 ms, nor what makes filters."""
        run = ("import argparse, ctypes, sys; there = set(sys.modules); from strace_py.__main__ import main; "
               "status = main(['-o', '/dev/null', 'true']); "
               "print(status, {'typing', 'strace_py.kernel.seccomp'} & (set(sys.modules) - there))")
        done = _execute([sys.executable, "-S", "-c", run], support.ROOT)
        self.assertEqual((done.stdout, done.stderr), (b"0 set()\n", b""))

    def test_every_file_compiles(self) -> None:
        with tempfile.TemporaryDirectory() as directory:
            copy = os.path.join(directory, "copy")
            for name in ("strace_py", "tests", "tools"):
                shutil.copytree(
                    os.path.join(support.ROOT, name),
                    os.path.join(copy, name),
                    ignore=shutil.ignore_patterns("__pycache__"),
                )
            self.assertTrue(compileall.compile_dir(copy, quiet=1, force=True))

    def test_the_package_does_not_know_its_own_name(self) -> None:
        for path, tree in sources():
            for node in ast.walk(tree):
                if isinstance(node, ast.Constant) and isinstance(node.value, str) and "\n" not in node.value:
                    self.assertNotIn("strace_py.", node.value, f"{path}:{node.lineno}")


class Layout(unittest.TestCase):
    """The top of the checkout."""

    def test_what_is_there(self) -> None:
        for name in (
            "LICENSE",
            "README.rst",
            "setup.cfg",
            "pyproject.toml",
            ".ci/run",
            "tools/make_zipapp.py",
            "strace_py/__init__.py",
            "strace_py/__main__.py",
        ):
            self.assertTrue(os.path.exists(os.path.join(support.ROOT, name)), name)
        self.assertTrue(os.access(os.path.join(support.ROOT, ".ci", "run"), os.X_OK))

    def test_every_link_of_the_readme_leads_somewhere(self) -> None:
        with open(os.path.join(support.ROOT, "README.rst"), encoding="utf-8") as file:
            text = file.read()
        links = [part.split(">`_")[0] for part in text.split(" <")[1:] if ">`_" in part]
        for link in links:
            if "://" not in link:
                self.assertTrue(os.path.exists(os.path.join(support.ROOT, link)), link)


if __name__ == "__main__":
    unittest.main()
