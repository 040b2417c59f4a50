"""Who writes to a database that many tills share."""

from peewee import BigIntegerField, CharField, Database, Model
from playhouse.migrate import SchemaMigrator


class WriterRow(Model):
    id = CharField(max_length=32, primary_key=True)
    last = CharField(max_length=32, default="")
    changes = BigIntegerField(default=0)
    at = BigIntegerField(default=0)

    class Meta:
        table_name = "writer"


def up(migrator: SchemaMigrator, db: Database) -> None:
    """Create the table."""
    with db.bind_ctx([WriterRow]):
        db.create_tables([WriterRow])
