"""How a trace looks: values in, bytes out. One file a format; ``--format=NAME`` is the module NAME here.

A format is a class ``Output(options, sink)`` with the methods of `base.Output`; nothing else knows of it.
"""
from __future__ import annotations

import importlib

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..options import Options
    from .base import Output


def make(options: Options) -> Output:
    """The output that *options* ask for. Raises ModuleNotFoundError for an unknown format."""
    module = importlib.import_module("." + options.format, __package__)
    return module.Output(options)  # type: ignore[no-any-return]
