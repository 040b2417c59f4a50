"""Card receipts, acquirers' sales and the links between them: a frozen copy of the models of that day."""

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


class EstablishmentRow(Model):
    id = Key(primary_key=True)
    branch = TextField()
    acquirer = CharField(max_length=12)
    code = CharField(max_length=18)
    group = CharField(max_length=18, default="", column_name="group_code")
    version = IntegerField(default=0)

    class Meta:
        table_name = "establishment"
        indexes = ((("branch", "acquirer"), True),)


class CardReceiptRow(Model):
    id = Key(primary_key=True)
    sale_id = Key(index=True)
    till = IntegerField()
    branch = TextField()
    acquirer = CharField(max_length=12)
    establishment = CharField(max_length=18, default="")
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
    to_send_since = Instant(null=True, index=True)
    sent_file = BigIntegerField(null=True)
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
        )


class CardEditionRow(Model):
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
    receipt_id = Key(primary_key=True)
    sale_id = Key(unique=True)
    stage = IntegerField()
    who = TextField(default="")
    reason = TextField(default="")
    linked_at = Instant()

    class Meta:
        table_name = "card_link"


class RemessaRow(Model):
    id = Key(primary_key=True)
    number = BigIntegerField(unique=True)
    acquirer = CharField(max_length=12)
    name = TextField()
    content = TextField()
    receipts = IntegerField()
    made_at = Instant()
    written_at = Instant(null=True)

    class Meta:
        table_name = "remessa"


class StatementFileRow(Model):
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
    records = IntegerField(default=0)
    skipped = TextField(default="{}")
    notes = TextField(default="[]")

    class Meta:
        table_name = "statement_file"
        indexes = (
            (("acquirer", "establishment", "feed", "sequence"), False),
            (("read_at",), False),
        )


class StatementDayRow(Model):
    acquirer = CharField(max_length=12)
    feed = CharField(max_length=8)
    establishment = CharField(max_length=18)
    day = IntegerField()

    class Meta:
        table_name = "statement_day"
        primary_key = CompositeKey("acquirer", "feed", "establishment", "day")


class AcquirerSaleRow(Model):
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
    amount = BigIntegerField()
    fee = BigIntegerField(null=True)
    terminal = CharField(max_length=18)
    last_four = CharField(max_length=4)
    summary = CharField(max_length=24)
    names = CharField(max_length=40)
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
        )


class AcquirerPartRow(Model):
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
    copies = IntegerField(default=1)

    class Meta:
        table_name = "acquirer_part"
        primary_key = CompositeKey("sale_id", "part")


class AcquirerEventRow(Model):
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


MODELS = (
    EstablishmentRow,
    CardReceiptRow,
    CardEditionRow,
    CardLinkRow,
    RemessaRow,
    StatementFileRow,
    StatementDayRow,
    AcquirerSaleRow,
    AcquirerPartRow,
    AcquirerEventRow,
)


def up(migrator: SchemaMigrator, db: Database) -> None:
    """Create the tables."""
    with db.bind_ctx(MODELS):
        db.create_tables(MODELS)
