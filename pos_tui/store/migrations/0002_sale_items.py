"""Services, products and bills in a sale, and the catalogue they are picked from."""

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


class ItemRow(Model):
    id = Key(primary_key=True)
    sale_id = Key(index=True)
    position = IntegerField()
    kind = CharField(max_length=8)
    code = CharField(max_length=60)
    name = TextField()
    unit_price = BigIntegerField()
    quantity = IntegerField()
    amount = BigIntegerField()
    subject = CharField(max_length=80, default="")
    holds = CharField(max_length=80, null=True, unique=True)
    state = CharField(max_length=8)
    version = IntegerField(default=0)

    class Meta:
        table_name = "sale_item"


class ProductRow(Model):
    id = Key(primary_key=True)
    code = CharField(max_length=20, unique=True)
    barcode = CharField(max_length=40, null=True, unique=True)
    name = TextField()
    folded = TextField()
    price = BigIntegerField()
    kind = CharField(max_length=8)
    active = BooleanField(default=True)
    version = IntegerField(default=0)

    class Meta:
        table_name = "product"
        indexes = ((("folded", "id"), False),)


class ProductWordRow(Model):
    word = CharField(max_length=60)
    product_id = Key(index=True)

    class Meta:
        primary_key = CompositeKey("word", "product_id")
        table_name = "product_word"


MODELS = (ItemRow, ProductRow, ProductWordRow)


def up(migrator: SchemaMigrator, db: Database) -> None:
    """Create the tables."""
    with db.bind_ctx(MODELS):
        db.create_tables(MODELS)
