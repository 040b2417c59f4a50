"""When a customer was made anonymous, and a customer's sales by index (LGPD: export, erase, retention)."""

from peewee import BigIntegerField, Database
from playhouse.migrate import SchemaMigrator, migrate


def up(migrator: SchemaMigrator, db: Database) -> None:
    """Add the column and the indexes."""
    migrate(
        migrator.add_column("customer", "erased_at", BigIntegerField(null=True)),
        migrator.add_index("customer", ("erased_at", "created_at"), False),
        migrator.add_index("sale", ("customer_id",), False),
    )
