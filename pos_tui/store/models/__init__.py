"""The tables, as peewee sees them.

Models are bound to no database: one process may hold two (a till and its local outbox). Queries are built
from them and run by `Store`, which returns plain tuples. Instants are UTC milliseconds, keys are UUIDv7 as
hex text, money is centavos. Changes of shape go through `store/migrations`.

Here stand the tables of the sale, its papers, people and money; each further capability has a file of its own
beside this one, imported when it is first used.
"""

from peewee import BigIntegerField, BooleanField, CharField, CompositeKey, IntegerField, Model, TextField

from pos_tui.store.models.fields import Instant, Key, few, indexed_while_set


class CounterRow(Model):
    """Numbers that only grow: receipt numbers and provider keys, per till."""

    name = CharField(primary_key=True)
    value = BigIntegerField()

    class Meta:
        table_name = "counter"


class CustomerRow(Model):
    id = Key(primary_key=True)
    name = TextField()
    document = CharField(max_length=14, null=True, index=True)
    """CPF or CNPJ, bare."""
    phone = CharField(max_length=11, null=True, index=True)
    email = TextField(null=True)
    created_at = Instant()
    erased_at = Instant(null=True)
    """When it was made anonymous; what the law keeps may still stand here."""

    class Meta:
        table_name = "customer"
        indexes = ((("erased_at", "created_at"), False),)


class CustomerWordRow(Model):
    """One row per folded word of a customer's name: prefix search by index on every database."""

    word = CharField(max_length=60)
    customer_id = Key()

    class Meta:
        primary_key = CompositeKey("word", "customer_id")
        table_name = "customer_word"
        indexes = ((("customer_id", "word"), False),)


class SaleRow(Model):
    id = Key(primary_key=True)
    till = IntegerField()
    number = BigIntegerField(null=True)
    """Given when saved, gap-free per till."""
    state = CharField(max_length=12)
    branch = TextField()
    pdv = TextField()
    seller = TextField()
    customer_id = Key(null=True, index=True)
    customer_name = TextField()
    customer_folded = TextField()
    """The name as search compares it: lower case, no accents."""
    invoice = TextField(default="")
    """NF number, typed later."""
    opened_at = Instant()
    saved_at = Instant(null=True)
    total = BigIntegerField(default=0)
    change = BigIntegerField(default=0)
    version = IntegerField(default=0)

    class Meta:
        table_name = "sale"
        indexes = (
            (("number", "till"), True),
            (("state", "saved_at", "id"), False),
            (("branch", "seller"), False),
        )


@indexed_while_set("open_since", "ask_at")
class TopUpRow(Model):
    id = Key(primary_key=True)
    sale_id = Key()
    position = IntegerField()
    till = IntegerField()
    provider = CharField(max_length=16)
    provider_key = CharField(max_length=40)
    """The number the provider knows it by, for its whole life."""
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
    """Why it was cancelled, as typed."""
    version = IntegerField(default=0)
    lease_till = IntegerField(null=True)
    lease_until = Instant(null=True)
    provider_ref = CharField(max_length=60, default="")
    nsu = CharField(max_length=60, default="")
    message = TextField(default="")
    why_class = CharField(max_length=16, default="")
    why_code = CharField(max_length=60, default="")
    why = TextField(default="")
    """Why it stands where it stands, in words for the cashier."""
    requested_at = Instant()
    open_since = Instant(null=True)
    """Set while it is pending, null once final: the pendings are an index scan, oldest first."""
    expires_at = Instant(null=True)
    settled_at = Instant(null=True)
    sent_at = Instant(null=True)
    """Its day in Brasília is part of some providers' questions."""
    absent_at = Instant(null=True)
    ask_at = Instant(null=True)
    asked = IntegerField(default=0)

    class Meta:
        table_name = "topup"
        indexes = (
            (("provider", "provider_key"), True),
            (("line", "requested_at"), False),
            # All that the list and a year's sums need of a top-up.
            (("sale_id", "position", "state", "operator_name", "face"), False),
        )


@few("payment_given_back", "state = 'refunded'", "state", "sale_id")
@indexed_while_set("open_since", "ask_at", "request_key", "refund_key")
class PaymentRow(Model):
    id = Key(primary_key=True)
    sale_id = Key()
    position = IntegerField()
    method = CharField(max_length=16)
    state = CharField(max_length=12)
    decision = CharField(max_length=8, default="none")
    amount = BigIntegerField()
    """What it brings; for cash, what was handed over."""
    discount = BigIntegerField(default=0)
    cash_out = BigIntegerField(default=0)
    details = TextField(default="{}")
    """Method's own fields as JSON: brand, NSU, txid… Never a card number."""
    version = IntegerField(default=0)
    lease_till = IntegerField(null=True)
    lease_until = Instant(null=True)
    till = IntegerField(default=0)
    request_key = CharField(max_length=40, default="")
    """What the outside knows the charge by: TEF's number, Pix's txid."""
    settle_key = CharField(max_length=40, default="")
    refund_key = CharField(max_length=40, default="")
    refund_settle_key = CharField(max_length=40, default="")
    reply = TextField(default="")
    """The charge's answer as it came. Never a card number."""
    refund_reply = TextField(default="")
    why = TextField(default="")
    decided_by = TextField(default="")
    reason = TextField(default="")
    open_since = Instant(null=True)
    """Set while something of it is to be done or learnt outside: the recovery is an index scan."""
    settled_at = Instant(null=True)
    ask_at = Instant(null=True)
    """When it is asked about again, given up as it is."""

    class Meta:
        table_name = "payment"
        indexes = ((("sale_id", "state", "decision"), False),)


class JournalRow(Model):
    """Append-only, hash-chained per till."""

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
        indexes = (
            (("till", "seq"), True),
            (("subject",), False),
            (("at",), False),
        )


@indexed_while_set("open_since")
class PrintJobRow(Model):
    id = Key(primary_key=True)
    till = IntegerField()
    sale_id = Key(null=True, index=True)
    subject = Key(null=True)
    """The top-up, payment or movement it belongs to."""
    kind = CharField(max_length=16)
    copy = IntegerField(default=0)
    """0 is the original; reprints count up."""
    original = Key(null=True)
    """The job it is a copy of."""
    document = TextField()
    """The Receipt as JSON."""
    state = CharField(max_length=12)
    version = IntegerField(default=0)
    lease_till = IntegerField(null=True)
    lease_until = Instant(null=True)
    queued_at = Instant()
    released_at = Instant(null=True)
    """When a person said that it should be printed after all."""
    open_since = Instant(null=True)
    settled_at = Instant(null=True)
    attempts = IntegerField(default=0)
    why = TextField(default="")

    class Meta:
        table_name = "print_job"
        indexes = ((("original", "copy"), True),)


class CatalogueRow(Model):
    """What a provider sold when it was last asked: offered at once after a start, with its age."""

    provider = CharField(max_length=16, primary_key=True)
    read_at = Instant()
    offers = TextField()
    """JSON list of offers."""

    class Meta:
        table_name = "catalogue"


class ShiftRow(Model):
    """One *caixa* from opening to closing."""

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
    """What was counted, as JSON: note in centavos → how many."""
    approved_by = TextField(default="")
    reason = TextField(default="")
    carried = IntegerField(default=0)
    seal = CharField(max_length=64, default="")
    version = IntegerField(default=0)

    class Meta:
        table_name = "shift"
        indexes = ((("till", "number"), True),)


@few("cash_move_given_back", "kind = 'refund'", "kind", "sale_id")
class CashMoveRow(Model):
    """Append-only: what the drawer must hold is added up from these."""

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
    """Somebody who works at the counter. The PIN is hashed with a pepper that is not in the database."""

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
