"""Recurring card payments: attempts, instalments, and the provider's notices."""

from peewee import BigIntegerField, CharField, Database, IntegerField, Model, TextField
from playhouse.migrate import SchemaMigrator


class Key(CharField):
    def __init__(self, **options: object) -> None:
        super().__init__(max_length=32, **options)


class Instant(BigIntegerField):
    pass


class AttemptRow(Model):
    id = Key(primary_key=True)
    sale_id = Key(index=True)
    holds = Key(null=True, unique=True)
    payment_id = Key()
    till = IntegerField()
    mode = CharField(max_length=10)
    provider = CharField(max_length=16)
    state = CharField(max_length=10)
    total = BigIntegerField()
    count = IntegerField()
    first_due = CharField(max_length=10)
    created_at = Instant()
    created_by = TextField()
    subscription_ref = CharField(max_length=60, default="", index=True)
    payment_ref = CharField(max_length=60, default="")
    link = TextField(default="")
    problem = TextField(default="")
    why = TextField(default="")
    decided_by = TextField(default="")
    reason = TextField(default="")
    sent_at = Instant(null=True)
    open_since = Instant(null=True)
    ask_at = Instant(null=True, index=True)
    asked = IntegerField(default=0)
    settled_at = Instant(null=True)
    version = IntegerField(default=0)
    lease_till = IntegerField(null=True)
    lease_until = Instant(null=True)

    class Meta:
        table_name = "recurring_attempt"
        indexes = ((("open_since", "id"), False),)


class InstalmentRow(Model):
    id = Key(primary_key=True)
    attempt_id = Key(index=True)
    sale_id = Key()
    number = IntegerField()
    due = CharField(max_length=10)
    amount = BigIntegerField()
    state = CharField(max_length=10)
    payment_ref = CharField(max_length=60, default="")
    reason = TextField(default="")
    moved_by = TextField(default="")
    moved_at = Instant(null=True)
    version = IntegerField(default=0)

    class Meta:
        table_name = "recurring_instalment"
        indexes = ((("due", "id"), False),)


class NoticeRow(Model):
    id = CharField(max_length=120, primary_key=True)
    provider = CharField(max_length=16)
    kind = CharField(max_length=10)
    reference = CharField(max_length=60, default="")
    subscription_ref = CharField(max_length=60, default="")
    payment_ref = CharField(max_length=60, default="")
    received_at = Instant()
    ask_at = Instant(null=True, index=True)
    told = TextField(default="")
    version = IntegerField(default=0)

    class Meta:
        table_name = "recurring_notice"


MODELS = (AttemptRow, InstalmentRow, NoticeRow)


def up(migrator: SchemaMigrator, db: Database) -> None:
    """Create the tables."""
    with db.bind_ctx(MODELS):
        db.create_tables(MODELS)
