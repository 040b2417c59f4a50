"""When a customer was made anonymous, and by index what is kept of a person (LGPD)."""

from peewee import BigIntegerField, Database
from playhouse.migrate import SchemaMigrator, migrate


def up(migrator: SchemaMigrator, db: Database) -> None:
    """Add the column and the indexes."""
    migrate(
        migrator.add_column("customer", "erased_at", BigIntegerField(null=True)),
        migrator.add_index("customer", ("erased_at", "created_at"), False),
        migrator.add_index("sale", ("customer_id",), False),
        migrator.add_index("subscriber_action", ("document",), False),
        migrator.add_index("subscriber_credit", ("document",), False),
    )
