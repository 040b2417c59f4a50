"""Python imports this at its start where the path leads here: programs of tests keep data on the server.

What they import, and when, stays as it is: only once the program itself has imported `pos_tui.foundation`
does it open databases elsewhere.
"""

import importlib.abc
import importlib.machinery
import importlib.util
import os
import sys
from collections.abc import Sequence
from types import ModuleType

NAME = "pos_tui.foundation"


class _Hook(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Loads the foundation as it is, and then changes where it opens databases."""

    _real: importlib.abc.Loader

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if name != NAME:
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(name)
        assert spec is not None and spec.loader is not None
        self._real, spec.loader = spec.loader, self
        return spec

    def exec_module(self, module: ModuleType) -> None:
        self._real.exec_module(module)
        from tests.server_databases import install_in_program

        install_in_program()


if os.environ.get("POS_TUI_TEST_TAKEN"):
    sys.meta_path.insert(0, _Hook())
