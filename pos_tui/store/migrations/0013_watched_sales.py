"""Chargebacks and the like are found without reading every sale."""

from peewee import Database
from playhouse.migrate import SchemaMigrator, migrate


def up(migrator: SchemaMigrator, db: Database) -> None:
    """Add the index."""
    migrate(migrator.add_index("acquirer_sale", ("life", "day"), False))
