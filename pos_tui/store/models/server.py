"""What a database that many tills share needs to know of them."""

from peewee import BigIntegerField, Model

from pos_tui.store.models.fields import Instant, Key


class WriterRow(Model):
    """One running program: how often it committed, and by which key its last commit can be looked up."""

    id = Key(primary_key=True)
    last = Key(default="")
    changes = BigIntegerField(default=0)
    at = Instant(default=0)
    """When it began."""

    class Meta:
        table_name = "writer"
