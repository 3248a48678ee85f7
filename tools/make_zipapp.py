"""Make ``strace.pyz``: strace_py as one file that any CPython >= 3.8 runs.

::

    python3 tools/make_zipapp.py [FILE]     FILE defaults to strace.pyz
    python3 strace.pyz -f ls                or ./strace.pyz -f ls

The file holds the package and a three-line ``__main__.py``; nothing is compiled or downloaded.  The same
sources give the same bytes, whenever and wherever it is made.
"""

from __future__ import annotations

import os
import stat
import sys
import zipfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PACKAGE = "strace_py"
MAIN = f"from {PACKAGE}.__main__ import main\n\nraise SystemExit(main())\n"
#: Every member's time of change: the oldest that the zip format can express.
WHEN = (1980, 1, 1, 0, 0, 0)


def make(path: str, interpreter: str = "/usr/bin/env python3") -> None:
    """Write the archive to *path* and make it executable; OSError where that fails."""
    members = {"__main__.py": MAIN.encode()}
    for directory, names, files in os.walk(os.path.join(ROOT, PACKAGE)):
        names[:] = sorted(name for name in names if name != "__pycache__")
        for name in files:
            if name.endswith((".py", ".typed")):
                source = os.path.join(directory, name)
                with open(source, "rb") as file:
                    members[os.path.relpath(source, ROOT).replace(os.sep, "/")] = file.read()
    with open(path, "wb") as out:
        out.write(f"#!{interpreter}\n".encode())
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for name in sorted(members):
                info = zipfile.ZipInfo(name, WHEN)
                info.compress_type = zipfile.ZIP_DEFLATED
                info.external_attr = 0o100644 << 16
                archive.writestr(info, members[name])
    os.chmod(path, os.stat(path).st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)


if __name__ == "__main__":
    if len(sys.argv) > 2 or sys.argv[1:2] in (["-h"], ["--help"]):
        print((__doc__ or "").strip(), file=sys.stderr)
        sys.exit(len(sys.argv) > 2)
    make(sys.argv[1] if len(sys.argv) > 1 else "strace.pyz")
