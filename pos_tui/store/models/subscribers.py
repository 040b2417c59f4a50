"""The store's own book of subscribers, what was asked of their ERP, and credit bought at the counter.

A subscriber's `id` is the ERP's number, kept as text. Days are ISO text, so that they sort as they fall.
"""

from peewee import BigIntegerField, BlobField, CharField, CompositeKey, IntegerField, Model, TextField

from pos_tui.store.models.fields import Instant, Key, indexed_while_set


class Code(CharField):
    """What somebody else numbers: contracts, bills, notes, tickets."""

    def __init__(self, **options: object) -> None:
        super().__init__(max_length=40, **options)


class SubscriberRow(Model):
    id = Code(primary_key=True)
    name = TextField()
    document = CharField(max_length=14, index=True)
    phone = CharField(max_length=11, index=True)

    class Meta:
        table_name = "subscriber"


class SubscriberWordRow(Model):
    """One row per folded word of a name: prefix search by index on every database."""

    word = CharField(max_length=60)
    subscriber_id = Code(index=True)

    class Meta:
        primary_key = CompositeKey("word", "subscriber_id")
        table_name = "subscriber_word"


class ContractRow(Model):
    id = Code(primary_key=True)
    subscriber_id = Code(index=True)
    plan = TextField()
    state = CharField(max_length=10)
    terminals = TextField(default="[]")
    """JSON list of voice terminals."""
    logins = TextField(default="[]")
    """JSON list of RADIUS logins."""
    enabled_until = CharField(max_length=10, default="")
    """The last day of a provisional enabling; empty when it was not enabled."""
    version = IntegerField(default=0)

    class Meta:
        table_name = "subscriber_contract"


class BillRow(Model):
    id = Code(primary_key=True)
    subscriber_id = Code()
    contract = Code(default="")
    due = CharField(max_length=10, default="")
    amount = BigIntegerField()
    face = BigIntegerField(default=0)
    state = CharField(max_length=10)
    number = CharField(max_length=40, default="")
    our_number = CharField(max_length=40, default="")
    description = TextField(default="")
    charge = CharField(max_length=16, default="slip")
    line = CharField(max_length=60, default="")
    pix = TextField(default="")
    slip_due = CharField(max_length=10, default="")
    """The day the slip says, where it is another one than the bill's."""
    slip_amount = BigIntegerField(default=0)
    beneficiary = TextField(default="")
    beneficiary_document = CharField(max_length=14, default="")
    paid_on = CharField(max_length=10, default="")
    paid = BigIntegerField(default=0)
    how = TextField(default="")
    version = IntegerField(default=0)

    class Meta:
        table_name = "subscriber_bill"
        indexes = ((("subscriber_id", "state", "due", "id"), False),)


class NoteRow(Model):
    id = Code(primary_key=True)
    subscriber_id = Code()
    fiscal_model = CharField(max_length=4)
    series = CharField(max_length=8, default="")
    number = CharField(max_length=20, default="")
    key = CharField(max_length=44, default="")
    issued = CharField(max_length=10, default="")
    amount = BigIntegerField(default=0)
    status = CharField(max_length=40, default="")
    xml = BlobField(null=True)
    """Byte for byte: its signature is over these bytes."""

    class Meta:
        table_name = "subscriber_note"
        indexes = ((("subscriber_id", "issued", "id"), False),)


class TicketRow(Model):
    id = Code(primary_key=True)
    subscriber_id = Code()
    protocol = CharField(max_length=40)
    opened = Instant()
    description = TextField(default="")
    kind = TextField(default="")
    status = TextField(default="")
    contacts = TextField(default="[]")
    """JSON list of names, the first first."""
    closed = Instant(null=True)
    solution = TextField(default="")

    class Meta:
        table_name = "subscriber_ticket"
        indexes = ((("subscriber_id", "opened", "id"), False),)


class TicketEventRow(Model):
    ticket_id = Code()
    place = IntegerField()
    at = Instant()
    author = TextField(default="")
    text = TextField(default="")

    class Meta:
        primary_key = CompositeKey("ticket_id", "place")
        table_name = "subscriber_ticket_event"


@indexed_while_set("open_since")
class SubscriberActionRow(Model):
    """An effect asked of the ERP: a bill settled, a plan enabled."""

    id = Key(primary_key=True)
    kind = CharField(max_length=8)
    provider = CharField(max_length=16)
    till = IntegerField()
    subscriber_id = Code()
    subscriber_name = TextField()
    document = CharField(max_length=14, default="", index=True)
    target = Code()
    """The bill or the contract."""
    about = TextField(default="")
    """What the counter calls it."""
    bill = TextField(default="")
    """The bill as it was, as JSON."""
    amount = BigIntegerField(default=0)
    state = CharField(max_length=10)
    holds = CharField(max_length=80, null=True, unique=True)
    """What it is about while nobody knows how it ended, else null: nothing is asked twice at once."""
    sale_id = Key(null=True, index=True)
    item_id = Key(null=True)
    protocol = CharField(max_length=60, default="")
    text = TextField(default="")
    """The ERP's own words."""
    why = TextField(default="")
    who = TextField(default="")
    created_at = Instant()
    open_since = Instant(null=True)
    """Set while somebody must still do or learn something; null once final."""
    settled_at = Instant(null=True)
    version = IntegerField(default=0)
    lease_till = IntegerField(null=True)
    lease_until = Instant(null=True)

    class Meta:
        table_name = "subscriber_action"
        indexes = (
            (("provider", "target", "created_at"), False),
            (("subscriber_id", "created_at", "id"), False),
        )


class CreditRow(Model):
    """SMS credit bought at the counter: to be paid, then transferred by hand, then released."""

    id = Key(primary_key=True)
    number = BigIntegerField()
    till = IntegerField()
    subscriber_id = Code()
    subscriber_name = TextField()
    document = CharField(max_length=14, default="", index=True)
    contract = Code()
    plan = TextField()
    messages = IntegerField()
    amount = BigIntegerField()
    due = CharField(max_length=10)
    line = CharField(max_length=60, default="")
    state = CharField(max_length=10)
    sale_id = Key(null=True)
    item_id = Key(null=True)
    who = TextField()
    created_at = Instant()
    released_by = TextField(default="")
    version = IntegerField(default=0)

    class Meta:
        table_name = "subscriber_credit"
        indexes = (
            (("till", "number"), True),
            (("subscriber_id", "created_at", "id"), False),
        )
