"""What a database that many tills share needs to know of them."""

from peewee import BigIntegerField, CharField, IntegerField, Model

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


class LateClaimRow(Model):
    """A change of state that a till made while its server was away, and that came too late there."""

    id = Key(primary_key=True)
    till = IntegerField()
    at = Instant()
    about = CharField(max_length=32)
    """The table."""
    subject = Key()
    """The row, which stayed as the server had it."""
    wanted = CharField(max_length=24, default="")
    """The state it was given here."""
    found = CharField(max_length=24, default="")
    """The state it had there."""
    copied_at = Instant(null=True)
    """When the till had the row as it is there; until then nothing that it did to it counts."""
    noted_at = Instant(null=True)
    """When it came into the till's journal."""
    open_since = Instant(null=True, index=True)
    """Until somebody has looked at it."""
    version = IntegerField(default=0)

    class Meta:
        table_name = "late_claim"
