"""The one door to python-escpos 3.1, with the traps of its import fenced (facts/printing.md §1.1).

Its import costs half a second and Pillow, so it waits for the first job, in the print worker.
"""

import logging
import os
import shutil
import sys
from functools import cache
from importlib import import_module
from threading import Lock
from typing import Any

_PICKLES = "ESCPOS_CAPABILITIES_PICKLE_DIR"
_lock = Lock()


def printers() -> Any:
    """Return the module with the library's printers."""
    return _module("escpos.printer")


def capabilities() -> Any:
    """Return the module with the library's profiles."""
    return _module("escpos.capabilities")


def _module(name: str) -> Any:
    with _lock:
        _import()
        return sys.modules[name]


@cache
def _import() -> None:
    """Import it so that it leaves nothing behind.

    Left alone it gives the root logger a handler that would write over the screen, leaves a folder in the
    temporary directory, and trusts a pickle that a power cut may have left broken.
    """
    root = logging.getLogger()
    guard = logging.NullHandler()
    root.addHandler(guard)
    pickles = os.environ.pop(_PICKLES, None)
    fresh = "escpos.capabilities" not in sys.modules
    try:
        import_module("escpos.printer")
        if fresh:
            shutil.rmtree(sys.modules["escpos.capabilities"].pickle_dir, ignore_errors=True)
    finally:
        root.removeHandler(guard)
        if pickles is not None:
            os.environ[_PICKLES] = pickles
