"""Tables of the online orders: what the platform told, the steps taken here, and the e-mails to customers."""

from peewee import BigIntegerField, CharField, IntegerField, Model, TextField

from pos_tui.store.models.fields import Instant, Key, few, indexed_while_set

UNDER_WAY = "state = 'open' AND delivery <> 'delivered'"
"""What an order is like that may still change at the platform."""


@few("online_order_under_way", UNDER_WAY, "read_at")
@indexed_while_set("open_since")
class OrderRow(Model):
    """An order as last read; its columns repeat what the list is filtered by."""

    id = Key(primary_key=True)
    provider = CharField(max_length=16)
    remote_id = CharField(max_length=40)
    state = CharField(max_length=12)
    payment = CharField(max_length=12)
    delivery = CharField(max_length=12)
    method = CharField(max_length=12)
    search = TextField()
    """Number, customer, CPF, note, SKUs and tracking code, folded."""
    total = BigIntegerField()
    created_at = Instant()
    read_at = Instant()
    told = TextField()
    """The order as JSON."""
    doing = TextField(default="")
    """What was asked and is not settled, as JSON; empty when nothing is."""
    doing_by = TextField(default="")
    open_since = Instant(null=True)
    """Set while something asked is not settled."""
    why = TextField(default="")
    alert = TextField(default="")
    """What the platform did that nobody expected."""
    version = IntegerField(default=0)
    lease_till = IntegerField(null=True)
    lease_until = Instant(null=True)

    class Meta:
        table_name = "online_order"
        indexes = (
            (("provider", "remote_id"), True),
            (("created_at", "id"), False),
        )


class OrderStepRow(Model):
    """Append-only: what was done here with an order, beside the platform's own history."""

    id = Key(primary_key=True)
    order_id = Key()
    at = Instant()
    what = TextField()
    who = TextField()
    source = CharField(max_length=12)
    note = TextField(default="")

    class Meta:
        table_name = "online_order_step"
        indexes = ((("order_id", "at"), False),)


@indexed_while_set("due_at")
class OrderMailRow(Model):
    """The outbox: one e-mail for each parcel, under one Message-ID for life."""

    id = Key(primary_key=True)
    order_id = Key()
    code = CharField(max_length=60)
    """The tracking code it tells."""
    message_id = CharField(max_length=160)
    recipient = TextField()
    subject = TextField()
    body = TextField()
    state = CharField(max_length=12)
    attempts = IntegerField(default=0)
    why = TextField(default="")
    queued_at = Instant()
    due_at = Instant(null=True)
    """When it may be tried next; null once it is settled or waits for a person."""
    settled_at = Instant(null=True)
    version = IntegerField(default=0)
    lease_till = IntegerField(null=True)
    lease_until = Instant(null=True)

    class Meta:
        table_name = "online_order_mail"
        indexes = ((("order_id", "code"), True),)
