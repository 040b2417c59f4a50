"""Tills that outlive their server: each has its own copy, and reaches the server by a cable."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from pos_tui import foundation
from pos_tui.store.database import Store
from pos_tui.store.shadow import ShadowedStore, open_shadowed
from pos_tui.till import Till

DATABASE = "loja"


def make_database(port: int) -> None:
    """Make the store's database, empty."""
    with psycopg.connect(f"postgresql://postgres@127.0.0.1:{port}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {DATABASE} TEMPLATE template0".encode())


def address(port: int) -> str:
    """Where the store's database is, by a port of the server or of a cable to it."""
    return f"postgresql://postgres@127.0.0.1:{port}/{DATABASE}"


@contextmanager
def shadowed(port: int) -> Iterator[None]:
    """For the time being, every till that this process opens is one of the store's; its folder says which."""
    before = vars(foundation)["open_store"]

    def opened(url: str, password: str = "", gate: str = "") -> Store:
        folder = Path(url.removeprefix("sqlite:///")).parent
        return open_shadowed(address(port), "", "", folder / "local.db", int(folder.name))

    vars(foundation)["open_store"] = opened
    try:
        yield
    finally:
        vars(foundation)["open_store"] = before


def store_of(till: Till) -> ShadowedStore:
    """Its store."""
    store = till.context.store
    assert isinstance(store, ShadowedStore)
    return store
