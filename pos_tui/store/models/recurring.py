"""Recurring card payments: attempts, instalments, and the provider's notices."""

from peewee import BigIntegerField, CharField, IntegerField, Model, TextField

from pos_tui.store.models.fields import Instant, Key, indexed_while_set


@indexed_while_set("open_since", "ask_at")
class AttemptRow(Model):
    """One try to get an OS paid by a recurring card."""

    id = Key(primary_key=True)
    sale_id = Key(index=True)
    holds = Key(null=True, unique=True)
    """The sale while the customer may still pay the attempt, else null: an OS has one such attempt."""
    payment_id = Key()
    till = IntegerField()
    mode = CharField(max_length=10)
    provider = CharField(max_length=16)
    state = CharField(max_length=10)
    total = BigIntegerField()
    count = IntegerField()
    first_due = CharField(max_length=10)
    created_at = Instant()
    created_by = TextField()
    subscription_ref = CharField(max_length=60, default="", index=True)
    payment_ref = CharField(max_length=60, default="")
    link = TextField(default="")
    problem = TextField(default="")
    why = TextField(default="")
    decided_by = TextField(default="")
    reason = TextField(default="")
    sent_at = Instant(null=True)
    open_since = Instant(null=True)
    ask_at = Instant(null=True)
    asked = IntegerField(default=0)
    settled_at = Instant(null=True)
    version = IntegerField(default=0)
    lease_till = IntegerField(null=True)
    lease_until = Instant(null=True)

    class Meta:
        table_name = "recurring_attempt"


class InstalmentRow(Model):
    """One monthly charge of a recurring payment."""

    id = Key(primary_key=True)
    attempt_id = Key(index=True)
    sale_id = Key()
    number = IntegerField()
    due = CharField(max_length=10)
    amount = BigIntegerField()
    state = CharField(max_length=10)
    payment_ref = CharField(max_length=60, default="")
    reason = TextField(default="")
    moved_by = TextField(default="")
    moved_at = Instant(null=True)
    refund_asked = Instant(null=True)
    """When its money was asked back, until it is known what came of that."""
    version = IntegerField(default=0)

    class Meta:
        table_name = "recurring_instalment"
        indexes = ((("due", "id"), False),)


@indexed_while_set("ask_at")
class NoticeRow(Model):
    """What a provider notified, once; it moves nothing before the provider was asked."""

    id = CharField(max_length=120, primary_key=True)
    provider = CharField(max_length=16)
    kind = CharField(max_length=10)
    reference = CharField(max_length=60, default="")
    subscription_ref = CharField(max_length=60, default="")
    payment_ref = CharField(max_length=60, default="")
    received_at = Instant()
    ask_at = Instant(null=True)
    """Null once the provider was asked about it."""
    told = TextField(default="")
    version = IntegerField(default=0)

    class Meta:
        table_name = "recurring_notice"
