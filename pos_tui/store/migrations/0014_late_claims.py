"""What a till did without its server, and the server had from another till already."""

from peewee import BigIntegerField, CharField, Database, IntegerField, Model
from playhouse.migrate import SchemaMigrator


class LateClaimRow(Model):
    id = CharField(max_length=32, primary_key=True)
    till = IntegerField()
    at = BigIntegerField()
    about = CharField(max_length=32)
    subject = CharField(max_length=32)
    wanted = CharField(max_length=24, default="")
    found = CharField(max_length=24, default="")
    copied_at = BigIntegerField(null=True)
    noted_at = BigIntegerField(null=True)
    open_since = BigIntegerField(null=True, index=True)
    version = IntegerField(default=0)

    class Meta:
        table_name = "late_claim"


def up(migrator: SchemaMigrator, db: Database) -> None:
    """Create the table."""
    with db.bind_ctx([LateClaimRow]):
        db.create_tables([LateClaimRow])
