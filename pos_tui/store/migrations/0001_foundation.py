"""Every table of the first release: a frozen copy of the models of that day, as later ones build on it.

`tests/store/test_migrations.py` holds all migrations to the models: a change is a new one, not an edit.
"""

from peewee import (
    BigIntegerField,
    BooleanField,
    CharField,
    CompositeKey,
    Database,
    IntegerField,
    Model,
    TextField,
)
from playhouse.migrate import SchemaMigrator


class Key(CharField):
    def __init__(self, **options: object) -> None:
        super().__init__(max_length=32, **options)


class Instant(BigIntegerField):
    pass


class CounterRow(Model):
    name = CharField(primary_key=True)
    value = BigIntegerField()

    class Meta:
        table_name = "counter"


class CustomerRow(Model):
    id = Key(primary_key=True)
    name = TextField()
    document = CharField(max_length=14, null=True, index=True)
    phone = CharField(max_length=11, null=True, index=True)
    email = TextField(null=True)
    created_at = Instant()

    class Meta:
        table_name = "customer"


class CustomerWordRow(Model):
    word = CharField(max_length=60)
    customer_id = Key()

    class Meta:
        primary_key = CompositeKey("word", "customer_id")
        table_name = "customer_word"


class SaleRow(Model):
    id = Key(primary_key=True)
    till = IntegerField()
    number = BigIntegerField(null=True)
    state = CharField(max_length=12)
    branch = TextField()
    pdv = TextField()
    seller = TextField()
    customer_id = Key(null=True)
    customer_name = TextField()
    customer_folded = TextField()
    invoice = TextField(default="")
    opened_at = Instant()
    saved_at = Instant(null=True)
    total = BigIntegerField(default=0)
    change = BigIntegerField(default=0)
    version = IntegerField(default=0)

    class Meta:
        table_name = "sale"
        indexes = ((("till", "number"), True), (("state", "saved_at", "id"), False))


class TopUpRow(Model):
    id = Key(primary_key=True)
    sale_id = Key(index=True)
    position = IntegerField()
    till = IntegerField()
    provider = CharField(max_length=16)
    provider_key = CharField(max_length=40)
    operator = CharField(max_length=40)
    operator_name = TextField()
    product = CharField(max_length=40)
    product_name = TextField()
    line = CharField(max_length=11)
    face = BigIntegerField()
    variable = BooleanField(default=False)
    cost = BigIntegerField(null=True)
    validity_days = IntegerField(null=True)
    state = CharField(max_length=12)
    decision = CharField(max_length=8, default="none")
    decided_by = TextField(default="")
    reason = TextField(default="")
    version = IntegerField(default=0)
    lease_till = IntegerField(null=True)
    lease_until = Instant(null=True)
    provider_ref = CharField(max_length=60, default="")
    nsu = CharField(max_length=60, default="")
    message = TextField(default="")
    why_class = CharField(max_length=16, default="")
    why_code = CharField(max_length=60, default="")
    why = TextField(default="")
    requested_at = Instant()
    open_since = Instant(null=True, index=True)
    expires_at = Instant(null=True)
    settled_at = Instant(null=True)
    sent_at = Instant(null=True)
    absent_at = Instant(null=True)
    ask_at = Instant(null=True, index=True)
    asked = IntegerField(default=0)

    class Meta:
        table_name = "topup"
        indexes = ((("provider", "provider_key"), True), (("line", "requested_at"), False))


class PaymentRow(Model):
    id = Key(primary_key=True)
    sale_id = Key(index=True)
    position = IntegerField()
    method = CharField(max_length=16)
    state = CharField(max_length=12)
    decision = CharField(max_length=8, default="none")
    amount = BigIntegerField()
    discount = BigIntegerField(default=0)
    cash_out = BigIntegerField(default=0)
    details = TextField(default="{}")
    version = IntegerField(default=0)
    lease_till = IntegerField(null=True)
    lease_until = Instant(null=True)
    till = IntegerField(default=0)
    request_key = CharField(max_length=40, default="")
    settle_key = CharField(max_length=40, default="")
    refund_key = CharField(max_length=40, default="")
    refund_settle_key = CharField(max_length=40, default="")
    reply = TextField(default="")
    refund_reply = TextField(default="")
    why = TextField(default="")
    decided_by = TextField(default="")
    reason = TextField(default="")
    open_since = Instant(null=True, index=True)
    settled_at = Instant(null=True)

    class Meta:
        table_name = "payment"


class JournalRow(Model):
    id = Key(primary_key=True)
    till = IntegerField()
    seq = BigIntegerField()
    at = Instant()
    who = TextField()
    kind = CharField(max_length=32)
    subject = Key()
    event = CharField(max_length=16)
    data = TextField()
    hash = CharField(max_length=64)

    class Meta:
        table_name = "journal"
        indexes = ((("till", "seq"), True), (("subject",), False), (("at",), False))


class PrintJobRow(Model):
    id = Key(primary_key=True)
    till = IntegerField()
    sale_id = Key(null=True, index=True)
    subject = Key(null=True)
    kind = CharField(max_length=16)
    copy = IntegerField(default=0)
    original = Key(null=True)
    document = TextField()
    state = CharField(max_length=12)
    version = IntegerField(default=0)
    lease_till = IntegerField(null=True)
    lease_until = Instant(null=True)
    queued_at = Instant()
    released_at = Instant(null=True)
    open_since = Instant(null=True, index=True)
    settled_at = Instant(null=True)
    attempts = IntegerField(default=0)
    why = TextField(default="")

    class Meta:
        table_name = "print_job"
        indexes = ((("original", "copy"), True),)


class CatalogueRow(Model):
    provider = CharField(max_length=16, primary_key=True)
    read_at = Instant()
    offers = TextField()

    class Meta:
        table_name = "catalogue"


class ShiftRow(Model):
    id = Key(primary_key=True)
    till = IntegerField()
    number = BigIntegerField()
    opened_by = TextField()
    opened_at = Instant()
    closed_by = TextField(default="")
    closed_at = Instant(null=True)
    expected = BigIntegerField(default=0)
    counted = BigIntegerField(default=0)
    notes = TextField(default="{}")
    approved_by = TextField(default="")
    reason = TextField(default="")
    carried = IntegerField(default=0)
    seal = CharField(max_length=64, default="")
    version = IntegerField(default=0)

    class Meta:
        table_name = "shift"
        indexes = ((("till", "number"), True),)


class CashMoveRow(Model):
    id = Key(primary_key=True)
    shift_id = Key(null=True, index=True)
    till = IntegerField()
    number = BigIntegerField()
    kind = CharField(max_length=12)
    amount = BigIntegerField()
    reason = TextField(default="")
    who = TextField()
    approved_by = TextField(default="")
    sale_id = Key(null=True, index=True)
    at = Instant()

    class Meta:
        table_name = "cash_move"
        indexes = ((("till", "number"), True),)


class OperatorRow(Model):
    id = Key(primary_key=True)
    number = IntegerField(unique=True)
    name = TextField()
    folded = TextField(unique=True)
    role = CharField(max_length=12)
    pin_hash = TextField()
    active = BooleanField(default=True)
    failures = IntegerField(default=0)
    locked_until = Instant(null=True)
    created_at = Instant()
    version = IntegerField(default=0)

    class Meta:
        table_name = "operator"


MODELS = (
    CashMoveRow,
    CatalogueRow,
    CounterRow,
    CustomerRow,
    CustomerWordRow,
    SaleRow,
    TopUpRow,
    PaymentRow,
    JournalRow,
    OperatorRow,
    PrintJobRow,
    ShiftRow,
)


def up(migrator: SchemaMigrator, db: Database) -> None:
    """Create the tables."""
    with db.bind_ctx(MODELS):
        db.create_tables(MODELS)
