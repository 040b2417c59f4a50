"""Queries for what was asked of the ERP, and for credit bought."""

from typing import Any

from peewee import Expression, IntegrityError

from pos_tui.domain.errors import Conflict
from pos_tui.domain.subscriber_action import (
    ActionKind,
    ActionState,
    Credit,
    CreditState,
    SubscriberAction,
)
from pos_tui.store.database import Row, Store, Transaction
from pos_tui.store.models.subscribers import CreditRow, SubscriberActionRow

PAGE = 50
_ACTION = SubscriberAction.__struct_fields__
_CREDIT = Credit.__struct_fields__
_KIND, _STATE, _CREDIT_STATE = _ACTION.index("kind"), _ACTION.index("state"), _CREDIT.index("state")


def insert(tx: Transaction, action: SubscriberAction) -> None:
    """Insert an action. Raises Conflict when one about the same is still open."""
    try:
        tx.insert(SubscriberActionRow, **{name: getattr(action, name) for name in _ACTION})
    except IntegrityError:
        raise Conflict(
            "Já há um pedido em aberto sobre isto: consulte-o (F5) antes de pedir outro."
        ) from None


def get(tx: Transaction, key: str) -> SubscriberAction | None:
    """Return one action."""
    return next(iter(_actions(tx, SubscriberActionRow.id == key, 1)), None)


def of_item(tx: Transaction, item: str) -> SubscriberAction | None:
    """Return the action of an item of a sale."""
    return next(iter(_actions(tx, SubscriberActionRow.item_id == item, 1)), None)


def last_done(tx: Transaction, provider: str, target: str, kind: ActionKind) -> SubscriberAction | None:
    """Return the last action about a bill or a plan that came about."""
    where = (SubscriberActionRow.provider == provider) & (SubscriberActionRow.target == target)
    where &= (SubscriberActionRow.kind == kind) & (SubscriberActionRow.state == ActionState.DONE)
    return next(iter(_actions(tx, where, 1)), None)


def of_sale(tx: Transaction, sale: str) -> list[SubscriberAction]:
    """Return the actions of a sale."""
    return _actions(tx, SubscriberActionRow.sale_id == sale, PAGE)


def waiting(tx: Transaction, limit: int = PAGE) -> list[SubscriberAction]:
    """Return what somebody must still do or learn, the oldest first."""
    query = _select().where(SubscriberActionRow.open_since.is_null(False))
    rows = tx.rows(query.order_by(SubscriberActionRow.open_since, SubscriberActionRow.id).limit(limit))
    return [_action(row) for row in rows]


def any_waiting(store: Store) -> bool:
    """Whether anything waits, without a look at what."""
    query = SubscriberActionRow.select(SubscriberActionRow.id)
    with store.reading() as tx:
        return tx.row(query.where(SubscriberActionRow.open_since.is_null(False)).limit(1)) is not None


def of_subscriber(tx: Transaction, key: str) -> list[SubscriberAction]:
    """Return a subscriber's actions, the latest first."""
    return _actions(tx, SubscriberActionRow.subscriber_id == key, PAGE)


def insert_credit(tx: Transaction, credit: Credit) -> None:
    """Insert a purchase. Raises Conflict when this one was inserted before."""
    try:
        tx.insert(CreditRow, **{name: getattr(credit, name) for name in _CREDIT})
    except IntegrityError:
        raise Conflict("Esta compra já está registrada: veja a lista de compras.") from None


def credit(tx: Transaction, key: str) -> Credit | None:
    """Return one purchase."""
    return next(iter(_credits(tx, CreditRow.id == key, 1)), None)


def credits_of(tx: Transaction, subscriber: str) -> list[Credit]:
    """Return a subscriber's purchases, the latest first."""
    return _credits(tx, CreditRow.subscriber_id == subscriber, PAGE)


def _select() -> Any:
    return SubscriberActionRow.select(*(getattr(SubscriberActionRow, name) for name in _ACTION))


def _actions(tx: Transaction, where: Expression, limit: int) -> list[SubscriberAction]:
    latest_first = SubscriberActionRow.created_at.desc(), SubscriberActionRow.id.desc()
    return [_action(row) for row in tx.rows(_select().where(where).order_by(*latest_first).limit(limit))]


def _action(row: Row) -> SubscriberAction:
    values = list(row)
    values[_KIND], values[_STATE] = ActionKind(values[_KIND]), ActionState(values[_STATE])
    return SubscriberAction(*values)


def _credits(tx: Transaction, where: Expression, limit: int) -> list[Credit]:
    query = CreditRow.select(*(getattr(CreditRow, name) for name in _CREDIT)).where(where)
    rows = tx.rows(query.order_by(CreditRow.created_at.desc(), CreditRow.id.desc()).limit(limit))
    found = []
    for row in rows:
        values = list(row)
        values[_CREDIT_STATE] = CreditState(values[_CREDIT_STATE])
        found.append(Credit(*values))
    return found
