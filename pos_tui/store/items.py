"""Queries for what a sale holds beside top-ups."""

from collections.abc import Iterable

from msgspec import structs
from peewee import Expression, IntegrityError

from pos_tui.domain.errors import Conflict
from pos_tui.domain.item import Item, ItemKind, ItemState
from pos_tui.store.database import Row, Transaction
from pos_tui.store.models.items import ItemRow
from pos_tui.store.sentences import marks, members, row_of

_NAMES = Item.__struct_fields__
_OF_SALES = f"SELECT {', '.join(_NAMES)} FROM sale_item WHERE sale_id IN ({{}}) ORDER BY sale_id, position"
_OF_SALE = f"SELECT {', '.join(_NAMES)} FROM sale_item WHERE sale_id = ? ORDER BY position"
_COLUMNS = tuple(getattr(ItemRow, name) for name in _NAMES)
_INSERT = row_of("sale_item", (*_NAMES, "holds"))
_KINDS, _STATES = members(ItemKind), members(ItemState)
_KIND, _STATE = _NAMES.index("kind"), _NAMES.index("state")
_FREE = (ItemState.REMOVED, ItemState.UNDONE)
"""States in which the subject may stand in another sale."""


def insert(tx: Transaction, item: Item) -> None:
    """Insert an item. Raises Conflict when its subject stands in a sale already."""
    try:
        tx.change(_INSERT, *structs.astuple(item), item.subject or None)
    except IntegrityError:
        raise Conflict("Esta conta já está em outra venda: confira antes de receber de novo.") from None


def move(tx: Transaction, item: Item, state: ItemState) -> bool:
    """Put an item into another state if it is as last read; say whether we were the one."""
    free: dict[str, object] = {"holds": None} if state in _FREE else {}
    return tx.claim(ItemRow, item.id, item.version, state=state, **free)


def get(tx: Transaction, key: str) -> Item | None:
    """Return one item."""
    found = _select(tx, ItemRow.id == key)
    return found[0] if found else None


def of_sales(tx: Transaction, sale_ids: Iterable[str]) -> list[Item]:
    """Return the items of some sales, in the order they were added."""
    ids = list(sale_ids)
    return [_entity(row) for row in tx.read(_OF_SALES.format(marks(len(ids))), *ids)] if ids else []


def of_sale(tx: Transaction, sale_id: str) -> list[Item]:
    """Return the items of a sale, in the order they were added."""
    return [_entity(row) for row in tx.read(_OF_SALE, sale_id)]


def holding(tx: Transaction, subject: str) -> Item | None:
    """Return the item that a subject stands in a sale with, or None."""
    found = _select(tx, ItemRow.holds == subject)
    return found[0] if found else None


def _select(tx: Transaction, where: Expression) -> list[Item]:
    query = ItemRow.select(*_COLUMNS).where(where).order_by(ItemRow.sale_id, ItemRow.position)
    return [_entity(row) for row in tx.rows(query)]


def _entity(row: Row) -> Item:
    values = list(row)
    values[_KIND] = _KINDS[values[_KIND]]
    values[_STATE] = _STATES[values[_STATE]]
    return Item(*values)
