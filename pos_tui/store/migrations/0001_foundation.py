"""Customers, sales with their top-ups and payments, the journal, the print spool."""

from peewee import Database
from playhouse.migrate import SchemaMigrator

from pos_tui.store.models import MODELS


def up(migrator: SchemaMigrator, db: Database) -> None:
    """Create every table of the first release."""
    with db.bind_ctx(MODELS):
        db.create_tables(MODELS)
