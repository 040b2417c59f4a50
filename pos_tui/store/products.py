"""Queries for the catalogue of services and products."""

from msgspec.structs import asdict
from peewee import Expression

from pos_tui.domain.item import ItemKind, Product
from pos_tui.domain.text import fold
from pos_tui.store.database import Row, Transaction
from pos_tui.store.models.items import ProductRow, ProductWordRow
from pos_tui.store.words import begins, words

_NAMES = Product.__struct_fields__
_COLUMNS = tuple(getattr(ProductRow, name) for name in _NAMES)

Cursor = tuple[str, str]
"""Where a page ends: `(folded name, id)` of its last line."""


def insert(tx: Transaction, product: Product) -> None:
    """Insert a product and the words it is found by."""
    tx.insert(ProductRow, **_values(product))
    _index(tx, product)


def update(tx: Transaction, product: Product) -> bool:
    """Change a product that is still as last read; say whether we were the one."""
    values = {name: value for name, value in _values(product).items() if name not in ("id", "version")}
    if not tx.claim(ProductRow, product.id, product.version, **values):
        return False
    tx.run(ProductWordRow.delete().where(ProductWordRow.product_id == product.id))
    _index(tx, product)
    return True


def get(tx: Transaction, key: str) -> Product | None:
    """Return one product."""
    found = _select(tx, ProductRow.id == key, 1)
    return found[0] if found else None


def by_code(tx: Transaction, code: str) -> Product | None:
    """Return what has a code, active or not; case does not matter."""
    found = _select(tx, ProductRow.code == code.upper(), 1)
    return found[0] if found else None


def by_barcode(tx: Transaction, barcode: str) -> Product | None:
    """Return what has a bar code, active or not."""
    found = _select(tx, ProductRow.barcode == barcode, 1)
    return found[0] if found else None


def search(tx: Transaction, text: str, limit: int) -> list[Product]:
    """Find active products by the beginnings of words of their name."""
    typed = words(text)
    where: Expression = ProductRow.active == True  # noqa: E712  a column, not a value
    if not typed:
        return []
    for word in typed:
        ids = ProductWordRow.select(ProductWordRow.product_id).where(begins(ProductWordRow.word, word))
        where &= ProductRow.id.in_(ids)
    return _select(tx, where, limit)


def page(tx: Transaction, limit: int, edge: Cursor | None = None, earlier: bool = False) -> list[Product]:
    """Return a page of the catalogue by name: after `edge`, or the page that ends before it."""
    where: Expression = ProductRow.id.is_null(False)
    if edge is not None:
        where &= _beyond(edge, earlier)
    columns = (ProductRow.folded, ProductRow.id)
    order = [column.desc() if earlier else column.asc() for column in columns]
    rows = tx.rows(ProductRow.select(*_COLUMNS).where(where).order_by(*order).limit(limit))
    return [_entity(row) for row in (rows[::-1] if earlier else rows)]


def cursor(product: Product) -> Cursor:
    """Return where a page that ends with this product goes on."""
    return fold(product.name), product.id


def _beyond(edge: Cursor, earlier: bool) -> Expression:
    name, key = edge
    same = ProductRow.folded == name
    if earlier:
        return (ProductRow.folded < name) | (same & (ProductRow.id < key))
    return (ProductRow.folded > name) | (same & (ProductRow.id > key))


def _values(product: Product) -> dict[str, object]:
    code = product.code.upper()
    return {
        **asdict(product),
        "code": code,
        "barcode": product.barcode or None,
        "folded": fold(product.name),
    }


def _index(tx: Transaction, product: Product) -> None:
    for word in words(product.name):
        tx.insert(ProductWordRow, word=word, product_id=product.id)


def _select(tx: Transaction, where: Expression, limit: int) -> list[Product]:
    query = ProductRow.select(*_COLUMNS).where(where).order_by(ProductRow.folded, ProductRow.id)
    return [_entity(row) for row in tx.rows(query.limit(limit))]


def _entity(row: Row) -> Product:
    key, code, barcode, name, price, kind, active, version = row
    return Product(key, code, barcode or "", name, price, ItemKind(kind), bool(active), version)
