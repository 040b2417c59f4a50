"""When the money of an instalment was asked back."""

from peewee import BigIntegerField, Database
from playhouse.migrate import SchemaMigrator, migrate


def up(migrator: SchemaMigrator, db: Database) -> None:
    """Add the column."""
    migrate(migrator.add_column("recurring_instalment", "refund_asked", BigIntegerField(null=True)))
