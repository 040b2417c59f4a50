"""The whole suite on a server: with POS_TUI_TEST_DATABASE, tills of tests keep their data there."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from pos_tui import foundation
from pos_tui.store.database import Store
from pos_tui.till import Till
from tests.server_databases import HERE, Databases, for_programs, install, name_for, server

__all__ = [
    "HERE",
    "Databases",
    "for_programs",
    "install",
    "name_for",
    "needs_file",
    "on",
    "open_store_of",
    "server",
]

needs_file = pytest.mark.skipif(bool(server()), reason="is about the file of a SQLite database")
"""Left out where the run is for a server."""


@contextmanager
def on(address: str) -> Iterator[Databases]:
    """For the time being, put every till that this process opens on a server, whatever the run is for."""
    before, databases = vars(foundation)["open_store"], Databases(address)
    vars(foundation)["open_store"] = databases.open
    try:
        yield databases
    finally:
        vars(foundation)["open_store"] = before


def open_store_of(till: Till) -> Store:
    """Open a till's database once more, wherever the run has it."""
    opened: Store = vars(foundation)["open_store"](till.url)
    return opened
