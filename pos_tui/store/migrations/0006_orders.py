"""Online orders: what the platform told, the steps taken here, and the e-mails to customers."""

from peewee import BigIntegerField, CharField, Database, IntegerField, Model, TextField
from playhouse.migrate import SchemaMigrator


class Key(CharField):
    def __init__(self, **options: object) -> None:
        super().__init__(max_length=32, **options)


class Instant(BigIntegerField):
    pass


class OrderRow(Model):
    id = Key(primary_key=True)
    provider = CharField(max_length=16)
    remote_id = CharField(max_length=40)
    state = CharField(max_length=12)
    payment = CharField(max_length=12)
    delivery = CharField(max_length=12)
    method = CharField(max_length=12)
    search = TextField()
    total = BigIntegerField()
    created_at = Instant()
    read_at = Instant()
    told = TextField()
    doing = TextField(default="")
    doing_by = TextField(default="")
    open_since = Instant(null=True, index=True)
    why = TextField(default="")
    alert = TextField(default="")
    version = IntegerField(default=0)
    lease_till = IntegerField(null=True)
    lease_until = Instant(null=True)

    class Meta:
        table_name = "online_order"
        indexes = (
            (("provider", "remote_id"), True),
            (("created_at", "id"), False),
        )


class OrderStepRow(Model):
    id = Key(primary_key=True)
    order_id = Key()
    at = Instant()
    what = TextField()
    who = TextField()
    source = CharField(max_length=12)
    note = TextField(default="")

    class Meta:
        table_name = "online_order_step"
        indexes = ((("order_id", "at"), False),)


class OrderMailRow(Model):
    id = Key(primary_key=True)
    order_id = Key()
    code = CharField(max_length=60)
    message_id = CharField(max_length=160)
    recipient = TextField()
    subject = TextField()
    body = TextField()
    state = CharField(max_length=12)
    attempts = IntegerField(default=0)
    why = TextField(default="")
    queued_at = Instant()
    due_at = Instant(null=True, index=True)
    settled_at = Instant(null=True)
    version = IntegerField(default=0)
    lease_till = IntegerField(null=True)
    lease_until = Instant(null=True)

    class Meta:
        table_name = "online_order_mail"
        indexes = ((("order_id", "code"), True),)


def up(migrator: SchemaMigrator, db: Database) -> None:
    """Create the tables."""
    models = (OrderRow, OrderStepRow, OrderMailRow)
    with db.bind_ctx(models):
        db.create_tables(models)
