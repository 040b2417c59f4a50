"""Operations of the TEF manager's own menu, and answers that no sale asked for."""

from peewee import BigIntegerField, CharField, Database, IntegerField, Model, TextField
from playhouse.migrate import SchemaMigrator


class TefOperationRow(Model):
    id = CharField(max_length=32, primary_key=True)
    till = IntegerField()
    number = CharField(max_length=40)
    settle_key = CharField(max_length=40, default="")
    state = CharField(max_length=12)
    decision = CharField(max_length=8, default="none")
    reply = TextField(default="")
    why = TextField(default="")
    who = TextField()
    asked_at = BigIntegerField()
    open_since = BigIntegerField(null=True, index=True)
    settled_at = BigIntegerField(null=True)
    version = IntegerField(default=0)
    lease_till = IntegerField(null=True)
    lease_until = BigIntegerField(null=True)

    class Meta:
        table_name = "tef_operation"
        indexes = ((("till", "number"), False),)


def up(migrator: SchemaMigrator, db: Database) -> None:
    """Create the table."""
    with db.bind_ctx((TefOperationRow,)):
        db.create_tables((TefOperationRow,))
