"""What is asked of the TEF manager beside the sale's payments."""

from peewee import CharField, IntegerField, Model, TextField

from pos_tui.store.models.fields import Instant, Key, indexed_while_set


@indexed_while_set("open_since")
class TefOperationRow(Model):
    """One operation of the manager's own menu, or an answer that no sale of ours asked for."""

    id = Key(primary_key=True)
    till = IntegerField()
    number = CharField(max_length=40)
    """The till's number of it (001)."""
    settle_key = CharField(max_length=40, default="")
    state = CharField(max_length=12)
    decision = CharField(max_length=8, default="none")
    reply = TextField(default="")
    """The answer as it came. Never a card number."""
    why = TextField(default="")
    who = TextField()
    asked_at = Instant()
    open_since = Instant(null=True)
    settled_at = Instant(null=True)
    version = IntegerField(default=0)
    lease_till = IntegerField(null=True)
    lease_until = Instant(null=True)

    class Meta:
        table_name = "tef_operation"
        indexes = ((("till", "number"), False),)
