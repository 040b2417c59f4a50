"""What the doctor asks of the database."""

from pathlib import Path

from pos_tui.services.context import Context
from pos_tui.store import database, snapshot


def damage(file: Path) -> str:
    """Say what is damaged in the database's file, or nothing. Reads all of it."""
    return snapshot.check_whole(file)


def schema(context: Context) -> str:
    """Return the name of the newest migration."""
    return database.applied(context.store.db)[-1]
