"""What a sale holds beside top-ups, and the catalogue it is picked from."""

from peewee import BigIntegerField, BooleanField, CharField, CompositeKey, IntegerField, Model, TextField

from pos_tui.store.models.fields import Key


class ItemRow(Model):
    """What a sale holds beside top-ups."""

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
    """The subject while it stands in a sale, else null: no bill stands in two."""
    state = CharField(max_length=8)
    version = IntegerField(default=0)

    class Meta:
        table_name = "sale_item"


class ProductRow(Model):
    """A service or product of the catalogue."""

    id = Key(primary_key=True)
    code = CharField(max_length=20, unique=True)
    """Upper case."""
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
    """One row per folded word of a product's name."""

    word = CharField(max_length=60)
    product_id = Key(index=True)

    class Meta:
        primary_key = CompositeKey("word", "product_id")
        table_name = "product_word"
