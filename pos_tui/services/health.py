"""What the doctor asks of the database."""

from pathlib import Path

from pos_tui.services.context import Context
from pos_tui.services.journal import Journal
from pos_tui.store import database, snapshot, values


def damage(file: Path) -> str:
    """Say what is damaged in the database's file, or nothing. Reads all of it."""
    return snapshot.check_whole(file)


def schema(context: Context) -> str:
    """Return the name of the newest migration."""
    return database.applied(context.store.db)[-1]


def broken_elsewhere(context: Context) -> dict[int, int]:
    """Check the whole journal of every other till here: till → the seq of its first broken line."""
    with context.store.reading() as tx:
        others = [number for number in values.each_till(tx) if number != context.till]
    checked = {number: Journal(context.store, number, context.now).verify(whole=True) for number in others}
    return {number: seq for number, seq in checked.items() if seq is not None}
