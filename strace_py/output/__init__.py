"""How a trace looks: values in, bytes out. One file a format; ``--format=NAME`` is the module NAME here.

A format is a class ``Output(options)`` with the methods of `base.Output`; nothing else knows of it.
"""
from __future__ import annotations

import importlib

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
    output: Output = importlib.import_module("." + options.format, __package__).Output(options)
    if options.summary == "both":
        from .counting import Counting
        output = Counting(options, output)
    return output
