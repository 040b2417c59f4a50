"""Card receipts, what acquirers list, and which is which.

Days are ordinals (`date.toordinal`). What acquirers list is append-only but for its state; a receipt's
editions too. Nothing here holds a card number beyond its last four digits.
"""

from peewee import BigIntegerField, BooleanField, CharField, CompositeKey, IntegerField, Model, TextField

from pos_tui.store.models.fields import Instant, Key, indexed_while_set


class EstablishmentRow(Model):
    """The code by which an acquirer knows a store."""

    id = Key(primary_key=True)
    branch = TextField()
    acquirer = CharField(max_length=12)
    code = CharField(max_length=18)
    """Plain: without leading zeros."""
    group = CharField(max_length=18, default="", column_name="group_code")
    """The group's code, for whom files may be made."""
    version = IntegerField(default=0)

    class Meta:
        table_name = "establishment"
        indexes = ((("branch", "acquirer"), True),)


@indexed_while_set("to_send_since")
class CardReceiptRow(Model):
    """A card or wallet receipt of the till, as it is now; its key is the payment's."""

    id = Key(primary_key=True)
    sale_id = Key(index=True)
    till = IntegerField()
    branch = TextField()
    acquirer = CharField(max_length=12)
    establishment = CharField(max_length=18, default="")
    """Empty while nobody told the store's code: it is neither sent nor matched."""
    nsu = CharField(max_length=40)
    authorisation = CharField(max_length=20)
    brand = CharField(max_length=16)
    modality = CharField(max_length=12)
    instalments = IntegerField()
    amount = BigIntegerField()
    last_four = CharField(max_length=4, default="")
    terminal = CharField(max_length=18, default="")
    sold_at = Instant()
    day = IntegerField()
    edition = IntegerField(default=1)
    to_send_since = Instant(null=True)
    """When this edition was made; null once it was sent, or where nothing is sent."""
    sent_file = BigIntegerField(null=True)
    """The remessa (NSA) that took the last edition sent."""
    refunded = BooleanField(default=False)
    state = CharField(max_length=12)
    differences = TextField(default="")
    owner = CharField(max_length=12, default="")
    version = IntegerField(default=0)

    class Meta:
        table_name = "card_receipt"
        indexes = (
            (("day", "id"), False),
            (("state", "day", "id"), False),
            (("owner", "day", "id"), False),
            # Who waits for the store's code.
            (("establishment", "branch", "acquirer"), False),
        )


class CardEditionRow(Model):
    """Append-only: what a correction made of a receipt, by whom and why."""

    receipt_id = Key()
    edition = IntegerField()
    authorisation = CharField(max_length=20)
    instalments = IntegerField()
    who = TextField()
    reason = TextField()
    made_at = Instant()

    class Meta:
        table_name = "card_edition"
        primary_key = CompositeKey("receipt_id", "edition")


class CardLinkRow(Model):
    """A receipt and the acquirer's sale it is."""

    receipt_id = Key(primary_key=True)
    sale_id = Key(unique=True)
    stage = IntegerField()
    """0 to 4: how it was found; 5: by a person."""
    who = TextField(default="")
    reason = TextField(default="")
    linked_at = Instant()

    class Meta:
        table_name = "card_link"


class RemessaRow(Model):
    """A file for the conciliator, kept whole: what is committed here is written out, again if need be."""

    id = Key(primary_key=True)
    number = BigIntegerField(unique=True)
    """The sequence (NSA): one more for each file, never used twice."""
    acquirer = CharField(max_length=12)
    name = TextField()
    content = TextField()
    receipts = IntegerField()
    made_at = Instant()
    written_at = Instant(null=True)

    class Meta:
        table_name = "remessa"


class StatementFileRow(Model):
    """A file that came, taken or refused."""

    id = Key(primary_key=True)
    name = TextField()
    sha = CharField(max_length=64, unique=True)
    acquirer = CharField(max_length=12, default="")
    layout = CharField(max_length=12, default="")
    feed = CharField(max_length=8, default="")
    establishment = CharField(max_length=18, default="")
    sequence = BigIntegerField(null=True)
    recovered = BooleanField(default=False)
    made_on = IntegerField(default=0)
    read_at = Instant()
    taken = BooleanField()
    why = TextField(default="")
    """Why it was refused, naming line and field."""
    records = IntegerField(default=0)
    skipped = TextField(default="{}")
    """Records of unknown types: JSON, type → how many."""
    notes = TextField(default="[]")

    class Meta:
        table_name = "statement_file"
        indexes = (
            (("acquirer", "establishment", "feed", "sequence"), False),
            (("read_at",), False),
        )


class StatementDayRow(Model):
    """Proof that an acquirer's file about a day came, for one establishment."""

    acquirer = CharField(max_length=12)
    feed = CharField(max_length=8)
    establishment = CharField(max_length=18)
    day = IntegerField()

    class Meta:
        table_name = "statement_day"
        primary_key = CompositeKey("acquirer", "feed", "establishment", "day")


class AcquirerSaleRow(Model):
    """A sale as an acquirer lists it, its instalments added up."""

    id = Key(primary_key=True)
    acquirer = CharField(max_length=12)
    establishment = CharField(max_length=18)
    nsu = CharField(max_length=40)
    authorisation = CharField(max_length=20)
    day = IntegerField()
    minute = IntegerField()
    brand = CharField(max_length=16)
    modality = CharField(max_length=12)
    parts = IntegerField()
    seen = IntegerField()
    """How many of its parts have come."""
    amount = BigIntegerField()
    fee = BigIntegerField(null=True)
    terminal = CharField(max_length=18)
    last_four = CharField(max_length=4)
    summary = CharField(max_length=24)
    names = CharField(max_length=40)
    """The receipt and edition that a return names."""
    copies = IntegerField(default=1)
    last_file = Key()
    life = CharField(max_length=20, default="")
    state = CharField(max_length=12)
    owner = CharField(max_length=12, default="")
    version = IntegerField(default=0)

    class Meta:
        table_name = "acquirer_sale"
        indexes = (
            (("day", "id"), False),
            (("state", "day", "id"), False),
            (("owner", "day", "id"), False),
            (("acquirer", "establishment", "nsu"), False),
            (("acquirer", "establishment", "summary"), False),
            (("last_file", "id"), False),
            (("life", "day"), False),
        )


class AcquirerPartRow(Model):
    """One record of a statement: a whole sale (part 0), or one instalment."""

    sale_id = Key()
    part = IntegerField()
    amount = BigIntegerField()
    fee = BigIntegerField(null=True)
    file_id = Key()
    line = IntegerField()
    offset = BigIntegerField(column_name="byte_offset")
    record = TextField()
    last_file = Key()
    times = IntegerField(default=1)
    """How often the last file listed it."""
    copies = IntegerField(default=1)
    """The most that any one file did: twice in one file is a duplicate, twice in two is an overlap."""

    class Meta:
        table_name = "acquirer_part"
        primary_key = CompositeKey("sale_id", "part")


class AcquirerEventRow(Model):
    """What became of a sale, or of a whole summary, at the acquirer."""

    id = Key(primary_key=True)
    acquirer = CharField(max_length=12)
    establishment = CharField(max_length=18)
    life = CharField(max_length=20)
    nsu = CharField(max_length=40)
    summary = CharField(max_length=24)
    part = IntegerField()
    day = IntegerField()
    amount = BigIntegerField()
    file_id = Key()
    line = IntegerField()
    offset = BigIntegerField(column_name="byte_offset")
    record = TextField()

    class Meta:
        table_name = "acquirer_event"
        indexes = (
            (("acquirer", "establishment", "nsu"), False),
            (("acquirer", "establishment", "summary"), False),
            (("file_id", "id"), False),
        )
