"""How a trace looks: values in, bytes out. One file a format; ``--format=NAME`` is the module NAME here.

A format is a class ``Output(options)`` with the methods of `base.Output`; nothing else knows of it.
"""
from __future__ import annotations

import importlib
import os
import stat

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..options import Options
    from .base import Output


def make(options: Options) -> Output:
    """The output that *options* ask for. Raises ModuleNotFoundError for an unknown format, OSError
    when the file it goes to can't be opened."""
    if options.summary == "only":
        from .counting import Counting
        return Counting(options)
    name = "color" if options.format == "text" and _in_color(options) else options.format
    output: Output = importlib.import_module("." + name, __package__).Output(options)
    if options.summary == "both":
        from .counting import Counting
        output = Counting(options, output)
    return output


def _in_color(options: Options) -> bool:
    """--color; "auto" looks at where the trace goes, and at the environment."""
    if options.color != "auto":
        return options.color == "always"
    if "NO_COLOR" in os.environ or os.environ.get("TERM", "") in ("", "dumb"):
        return False
    name = options.output
    if name is None:
        return os.isatty(2)
    # A file that exists and is no device needn't be opened to know.
    if name[:1] in ("|", "!") or options.output_separately or not _is_device(name):
        return False
    fd = os.open(name, os.O_WRONLY | os.O_NOCTTY | os.O_CLOEXEC)
    try:
        return os.isatty(fd)
    finally:
        os.close(fd)


def _is_device(name: str) -> bool:
    try:
        return stat.S_ISCHR(os.stat(name).st_mode)
    except OSError:
        return False
