"""Queries for online orders, their steps and the outbox."""

import json
from typing import Any

from msgspec import to_builtins
from peewee import SQL, Expression

from pos_tui.domain.lease import FAR_MS
from pos_tui.domain.order import (
    DeliveryState,
    Invoice,
    Order,
    OrderItem,
    OrderState,
    PaymentState,
    PayMethod,
    Shipment,
    Source,
    Step,
)
from pos_tui.domain.order_kept import KeptOrder, MailState, OrderFilter, OrderMail, search_text, search_words
from pos_tui.domain.order_rules import from_data
from pos_tui.store.database import Row, Transaction
from pos_tui.store.ids import new_key
from pos_tui.store.models.fields import alike
from pos_tui.store.models.orders import UNDER_WAY, OrderMailRow, OrderRow, OrderStepRow

_COLUMNS = (
    OrderRow.id,
    OrderRow.told,
    OrderRow.version,
    OrderRow.read_at,
    OrderRow.doing,
    OrderRow.doing_by,
    OrderRow.lease_till,
    OrderRow.lease_until,
    OrderRow.why,
    OrderRow.alert,
)
_MAIL = (
    OrderMailRow.id,
    OrderMailRow.order_id,
    OrderMailRow.code,
    OrderMailRow.message_id,
    OrderMailRow.recipient,
    OrderMailRow.subject,
    OrderMailRow.body,
    OrderMailRow.state,
    OrderMailRow.attempts,
    OrderMailRow.why,
    OrderMailRow.version,
)

Edge = tuple[int, str]
"""Where a page ends: `(created_at, id)` of its last order."""


def columns(order: Order, read_at: int) -> dict[str, object]:
    """Return what a row holds of an order as told."""
    return {
        "state": order.state,
        "payment": order.payment,
        "delivery": order.delivery,
        "method": order.method,
        "search": search_words(order),
        "total": order.total,
        "created_at": order.created_at,
        "read_at": read_at,
        "told": as_json(order),
    }


def insert(tx: Transaction, provider: str, order: Order, read_at: int) -> str:
    """Keep an order for the first time; when another till was faster its row stays. Returns our key."""
    row = {"id": new_key(), "provider": provider, "remote_id": order.remote_id, **columns(order, read_at)}
    tx.run(OrderRow.insert(**row).on_conflict_ignore())
    found = tx.row(OrderRow.select(OrderRow.id).where(_named(provider, order.remote_id)))
    assert found is not None, "it was inserted, or was there"
    return str(found[0])


def touch(tx: Transaction, key: str, read_at: int) -> None:
    """Note that an order was read again and is as it was: no change, so no new version."""
    tx.run(OrderRow.update(read_at=read_at).where(OrderRow.id == key))


def get(tx: Transaction, key: str) -> KeptOrder | None:
    """Return one order by our key."""
    row = tx.row(OrderRow.select(*_COLUMNS).where(OrderRow.id == key))
    return _kept(row) if row else None


def by_remote(tx: Transaction, provider: str, remote_id: str) -> KeptOrder | None:
    """Return one order by the platform's number."""
    row = tx.row(OrderRow.select(*_COLUMNS).where(_named(provider, remote_id)))
    return _kept(row) if row else None


def page(
    tx: Transaction,
    provider: str,
    chosen: OrderFilter,
    limit: int,
    edge: Edge | None = None,
    newer: bool = False,
) -> list[KeptOrder]:
    """Return a page, newest first: older than `edge`, or `newer` than it."""
    where = (alike(OrderRow.provider) == provider) & (OrderRow.created_at >= chosen.since)
    where &= OrderRow.created_at < chosen.until
    if chosen.open_only:
        where &= OrderRow.state == OrderState.OPEN
    for column, wanted in (
        (OrderRow.payment, chosen.payment),
        (OrderRow.delivery, chosen.delivery),
        (OrderRow.method, chosen.method),
    ):
        if wanted is not None:
            where &= column == wanted
    if chosen.text:
        where &= OrderRow.search.contains(search_text(chosen.text))
    if edge is not None:
        where &= _beyond(edge, newer)
    order = (OrderRow.created_at, OrderRow.id) if newer else (OrderRow.created_at.desc(), OrderRow.id.desc())
    rows = tx.rows(OrderRow.select(*_COLUMNS).where(where).order_by(*order).limit(limit))
    return [_kept(row) for row in (rows[::-1] if newer else rows)]


def unsettled(tx: Transaction, provider: str) -> list[KeptOrder]:
    """Return what was asked and is not settled, the oldest first."""
    where = (alike(OrderRow.provider) == provider) & OrderRow.open_since.is_null(False)
    query = OrderRow.select(*_COLUMNS).where(where).order_by(OrderRow.open_since)
    return [_kept(row) for row in tx.rows(query)]


def unfinished_before(tx: Transaction, provider: str, read_before: int, limit: int) -> list[KeptOrder]:
    """Return orders still under way that were not read since an instant, the longest unread first."""
    where = (alike(OrderRow.provider) == provider) & SQL(UNDER_WAY) & (OrderRow.read_at < read_before)
    where &= OrderRow.payment.in_([PaymentState.PENDING, PaymentState.APPROVED])
    query = OrderRow.select(*_COLUMNS).where(where).order_by(OrderRow.read_at).limit(limit)
    return [_kept(row) for row in tx.rows(query)]


def add_step(tx: Transaction, order_id: str, step: Step) -> None:
    """Write down what was done here."""
    values = {"at": step.at, "what": step.what, "who": step.who, "source": step.source, "note": step.note}
    tx.insert(OrderStepRow, id=new_key(), order_id=order_id, **values)


def steps(tx: Transaction, order_id: str) -> list[Step]:
    """Return what was done here with an order."""
    names = (OrderStepRow.at, OrderStepRow.what, OrderStepRow.who, OrderStepRow.source, OrderStepRow.note)
    rows = tx.rows(
        OrderStepRow.select(*names).where(OrderStepRow.order_id == order_id).order_by(OrderStepRow.at)
    )
    return [Step(at, what, who, Source(source), note) for at, what, who, source, note in rows]


# The outbox ------------------------------------------------------------------------------------------


def add_mail(tx: Transaction, **values: object) -> None:
    """Queue an e-mail; a parcel that already has one keeps it."""
    tx.run(OrderMailRow.insert(**values).on_conflict_ignore())


def mail(tx: Transaction, key: str) -> OrderMail | None:
    """Return one e-mail."""
    row = tx.row(OrderMailRow.select(*_MAIL).where(OrderMailRow.id == key))
    return _mail(row) if row else None


def mails_of(tx: Transaction, order_id: str) -> list[OrderMail]:
    """Return the e-mails of an order."""
    query = OrderMailRow.select(*_MAIL).where(OrderMailRow.order_id == order_id)
    return [_mail(row) for row in tx.rows(query.order_by(OrderMailRow.queued_at))]


def due_mail(tx: Transaction, now: int) -> OrderMail | None:
    """Return the oldest queued e-mail that may be tried now."""
    where = (OrderMailRow.state == MailState.QUEUED) & (OrderMailRow.due_at <= now)
    row = tx.row(OrderMailRow.select(*_MAIL).where(where).order_by(OrderMailRow.due_at).limit(1))
    return _mail(row) if row else None


def abandoned_mails(tx: Transaction, till: int, now: int) -> list[OrderMail]:
    """Return e-mails that were being sent when this till stopped, or another did long ago."""
    over = OrderMailRow.lease_until.is_null() | ~OrderMailRow.lease_until.between(now, now + FAR_MS)
    where = (OrderMailRow.state == MailState.SENDING) & (over | (OrderMailRow.lease_till == till))
    return [_mail(row) for row in tx.rows(OrderMailRow.select(*_MAIL).where(where))]


# Inside ----------------------------------------------------------------------------------------------


def as_json(order: Order) -> str:
    """Return an order as the one text that is kept; equal orders give equal text."""
    return json.dumps(to_builtins(order), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def from_json(text: str) -> Order:
    """Read what `as_json` wrote."""
    data: dict[str, Any] = json.loads(text)
    data["state"], data["payment"] = OrderState(data["state"]), PaymentState(data["payment"])
    data["delivery"], data["method"] = DeliveryState(data["delivery"]), PayMethod(data["method"])
    data["address"] = tuple(data["address"])
    data["items"] = tuple(OrderItem(**item) for item in data["items"])
    data["invoice"], data["shipment"] = Invoice(**data["invoice"]), Shipment(**data["shipment"])
    data["steps"] = tuple(Step(**{**step, "source": Source(step["source"])}) for step in data["steps"])
    return Order(**data)


def _named(provider: str, remote_id: str) -> Expression:
    return (OrderRow.provider == provider) & (OrderRow.remote_id == remote_id)


def _beyond(edge: Edge, newer: bool) -> Expression:
    at, key = edge
    if newer:
        return (OrderRow.created_at > at) | ((OrderRow.created_at == at) & (OrderRow.id > key))
    return (OrderRow.created_at < at) | ((OrderRow.created_at == at) & (OrderRow.id < key))


def _kept(row: Row) -> KeptOrder:
    key, told, version, read_at, doing, doing_by, lease_till, lease_until, why, alert = row
    demand = from_data(json.loads(doing)) if doing else None
    return KeptOrder(
        key, from_json(told), version, read_at, demand, doing_by, lease_till, lease_until, why, alert
    )


def _mail(row: Row) -> OrderMail:
    key, order_id, code, message_id, recipient, subject, body, state, attempts, why, version = row
    return OrderMail(
        key, order_id, code, message_id, recipient, subject, body, MailState(state), attempts, why, version
    )
