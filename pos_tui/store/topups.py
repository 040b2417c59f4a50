"""Queries for top-ups."""

from collections.abc import Iterable

from peewee import JOIN, Expression

from pos_tui.domain.lease import FAR_MS
from pos_tui.domain.topup import IN_FLIGHT, Decision, TopUp, TopUpState
from pos_tui.store.database import Row, Transaction
from pos_tui.store.models import SaleRow, TopUpRow
from pos_tui.store.models.fields import alike
from pos_tui.store.sentences import marks, members

_NAMES = TopUp.__struct_fields__
_COLUMNS = tuple(
    SaleRow.number.alias("sale_number") if name == "sale_number" else getattr(TopUpRow, name)
    for name in _NAMES
)
_ENTITY = "SELECT {} FROM topup t LEFT JOIN sale s ON s.id = t.sale_id ".format(
    ", ".join("s.number" if name == "sale_number" else f"t.{name}" for name in _NAMES)
)
_OF_SALES = _ENTITY + "WHERE t.sale_id IN ({}) ORDER BY t.sale_id, t.position"
_OF_SALE = _ENTITY + "WHERE t.sale_id = ? ORDER BY t.position"
_PENDING = _ENTITY + "WHERE t.open_since IS NOT NULL{} ORDER BY t.open_since, t.id LIMIT ?"
_AFTER = " AND (t.open_since, t.id) > (?, ?)"
_COUNT = "SELECT id FROM topup WHERE open_since IS NOT NULL LIMIT ?"
_DUE = (
    _ENTITY + "WHERE t.open_since IS NOT NULL AND ((t.till = ? AND t.ask_at <= ?) OR t.ask_at <= ?) "
    "ORDER BY t.ask_at, t.id LIMIT 20"
)
_NEXT_ASK = """
SELECT ask_at FROM topup WHERE till = ? AND open_since IS NOT NULL AND ask_at IS NOT NULL
ORDER BY ask_at LIMIT 1
"""
_STATES, _DECISIONS = members(TopUpState), members(Decision)
_STATE, _DECISION, _VARIABLE = (_NAMES.index(name) for name in ("state", "decision", "variable"))


def insert(tx: Transaction, topup: TopUp) -> None:
    """Insert a new top-up."""
    tx.insert(TopUpRow, **{name: getattr(topup, name) for name in _NAMES if name != "sale_number"})


def get(tx: Transaction, key: str) -> TopUp | None:
    """Return one top-up."""
    rows = tx.read(_ENTITY + "WHERE t.id = ?", key)
    return _entity(rows[0]) if rows else None


def of_sales(tx: Transaction, sale_ids: Iterable[str]) -> list[TopUp]:
    """Return the top-ups of some sales, in the order they were added."""
    ids = list(sale_ids)
    return [_entity(row) for row in tx.read(_OF_SALES.format(marks(len(ids))), *ids)] if ids else []


def of_sale(tx: Transaction, sale_id: str) -> list[TopUp]:
    """Return the top-ups of a sale, in the order they were added."""
    return [_entity(row) for row in tx.read(_OF_SALE, sale_id)]


def pending(tx: Transaction, limit: int, after: tuple[int, str] | None = None) -> list[TopUp]:
    """Return a page of the store's pendings, every till's, oldest first, after `(open_since, id)`."""
    rows = tx.read(_PENDING.format(_AFTER if after else ""), *(after or ()), limit)
    return [_entity(row) for row in rows]


def count_pending(tx: Transaction, ceiling: int) -> int:
    """Count the store's pendings, up to `ceiling` of them."""
    return len(tx.read(_COUNT, ceiling))


def in_flight(tx: Transaction, till: int, now: int) -> list[TopUp]:
    """Return what this till left in flight, what any till left past its lease, every uncertain one, and
    what was decided and not yet sent.
    """
    abandoned = TopUpRow.state.in_(sorted(IN_FLIGHT)) & (
        (TopUpRow.lease_till == till)
        | TopUpRow.lease_until.is_null()
        | ~TopUpRow.lease_until.between(now, now + FAR_MS)
    )
    uncertain = TopUpRow.state.in_([TopUpState.UNCERTAIN, TopUpState.PROCESSING])
    uncertain |= (TopUpRow.state == TopUpState.RESERVED) & (TopUpRow.decision != Decision.NONE)
    return _select(
        tx,
        TopUpRow.open_since.is_null(False) & (abandoned | uncertain),
        order=(TopUpRow.open_since, TopUpRow.id),
    )


def reserved_besides(tx: Transaction, provider: str, keys: Iterable[str]) -> list[TopUp]:
    """Return what we hold as reserved and the provider does not list as pending."""
    where = TopUpRow.open_since.is_null(False) & (TopUpRow.state == TopUpState.RESERVED)
    where &= (alike(TopUpRow.provider) == provider) & TopUpRow.provider_key.not_in(list(keys))
    return _select(tx, where, limit=200, order=(TopUpRow.open_since, TopUpRow.id))


def same_line_since(tx: Transaction, line: str, since: int) -> list[TopUp]:
    """Return the top-ups of a line requested since an instant and not undone, newest first."""
    undone = (TopUpState.CANCELLED, TopUpState.REFUSED, TopUpState.EXPIRED)
    where = (TopUpRow.line == line) & (TopUpRow.requested_at >= since) & TopUpRow.state.not_in(undone)
    return _select(tx, where, order=(TopUpRow.requested_at.desc(),))


def by_keys(tx: Transaction, provider: str, keys: Iterable[str]) -> dict[str, TopUp]:
    """Return those of a provider's keys that are ours, with what hangs on them."""
    found = _select(tx, (TopUpRow.provider == provider) & TopUpRow.provider_key.in_(list(keys)))
    return {topup.provider_key: topup for topup in found}


def due(tx: Transaction, till: int, now: int, abandoned: int) -> list[TopUp]:
    """Return what is to be asked about now: this till's, and any till's that waits since `abandoned`."""
    return [_entity(row) for row in tx.read(_DUE, till, now, abandoned)]


def next_ask(tx: Transaction, till: int) -> int | None:
    """Return when this till has to ask next."""
    rows = tx.read(_NEXT_ASK, till)
    return int(rows[0][0]) if rows else None


def _select(
    tx: Transaction, where: Expression, limit: int | None = None, order: tuple[object, ...] = ()
) -> list[TopUp]:
    query = TopUpRow.select(*_COLUMNS).join(SaleRow, JOIN.LEFT_OUTER, on=(SaleRow.id == TopUpRow.sale_id))
    return [_entity(row) for row in tx.rows(query.where(where).order_by(*order).limit(limit))]


def _entity(row: Row) -> TopUp:
    values = list(row)
    values[_STATE] = _STATES[values[_STATE]]
    values[_DECISION] = _DECISIONS[values[_DECISION]]
    values[_VARIABLE] = bool(values[_VARIABLE])
    return TopUp(*values)
