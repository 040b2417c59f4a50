"""When a payment that was given up is asked about again."""

from peewee import BigIntegerField, Database
from playhouse.migrate import SchemaMigrator, migrate


def up(migrator: SchemaMigrator, db: Database) -> None:
    """Add the column and its index."""
    migrate(
        migrator.add_column("payment", "ask_at", BigIntegerField(null=True)),
        migrator.add_index("payment", ("ask_at",), False),
    )
