"""The catalogue of services and products: find, add, change, import."""

import io
from collections.abc import Iterator, Mapping

from msgspec import Struct

from pos_tui.domain.card import refuse_pan
from pos_tui.domain.errors import Conflict, FieldError, RuleError
from pos_tui.domain.item import KIND_WORDS, SOLD, ItemKind, Product, check_product
from pos_tui.domain.money import parse_money
from pos_tui.domain.people import Action
from pos_tui.domain.text import clean, fold
from pos_tui.domain.values import replace
from pos_tui.services.context import Context
from pos_tui.services.guard import Approval, Guard
from pos_tui.services.journal import Event
from pos_tui.store import products
from pos_tui.store.database import Transaction
from pos_tui.store.ids import new_key

PAGE = 50
FOUND = 30
"""Most products one search offers."""

COLUMNS = ("codigo", "barras", "nome", "preco", "tipo")
"""The heading of a file to import; `barras` and `tipo` may be missing."""
_NEEDED = ("codigo", "nome", "preco")
_COLUMN_WORDS = {
    "codigo": "codigo", "code": "codigo", "barras": "barras", "codigo de barras": "barras",
    "barcode": "barras", "ean": "barras", "nome": "nome", "name": "nome", "descricao": "nome",
    "preco": "preco", "price": "preco", "valor": "preco", "tipo": "tipo", "kind": "tipo",
}  # fmt: skip
_KINDS = {fold(words): kind for kind, words in KIND_WORDS.items()} | {kind.value: kind for kind in SOLD}


class Imported(Struct, frozen=True):
    """What an import did."""

    added: int
    changed: int


class Products:
    """What the store sells beside top-ups."""

    def __init__(self, context: Context, guard: Guard) -> None:
        self._context = context
        self._store = context.store
        self._guard = guard

    # Reading

    def find(self, text: str) -> list[Product]:
        """Return what a code or bar code names exactly, else up to `FOUND` by beginnings of name words."""
        typed = clean(text)
        with self._store.reading() as tx:
            exact = products.by_code(tx, typed) or products.by_barcode(tx, typed)
            if exact is not None and exact.active:
                return [exact]
            return products.search(tx, typed, FOUND)

    def get(self, key: str) -> Product:
        """Return one product. Raises RuleError when there is none."""
        with self._store.reading() as tx:
            found = products.get(tx, key)
        if found is None:
            raise RuleError("Este item não está mais no catálogo.")
        return found

    def page(self, edge: Product | None = None, earlier: bool = False) -> list[Product]:
        """Return a page of the catalogue by name, those out of use too."""
        with self._store.reading() as tx:
            return products.page(tx, PAGE, products.cursor(edge) if edge else None, earlier)

    # Changing

    def add(self, product: Product, who: str, approval: Approval | None = None) -> Product:
        """Add to the catalogue.

        Raises:
            FieldError: names the field that is wrong, or in use already.
            NeedsApproval: the person here may not do it alone.
        """
        fresh = check_product(replace(_cleaned(product), id=new_key(), version=0))
        trace = self._guard.allow(Action.MANAGE_CATALOGUE, "", approval)

        def work(tx: Transaction) -> None:
            self._check_free(tx, fresh)
            products.insert(tx, fresh)
            event = Event("product", fresh.id, who, {**_told(fresh), **trace})
            self._context.journal.note(tx, event, "added")

        self._store.write(work)
        return fresh

    def change(self, product: Product, who: str, approval: Approval | None = None) -> None:
        """Change name, price, codes, kind, or whether it is sold; what was sold keeps its own words.

        Raises:
            FieldError, NeedsApproval: as `add`.
            Conflict: somebody else changed it first.
        """
        changed = check_product(_cleaned(product))
        trace = self._guard.allow(Action.MANAGE_CATALOGUE, changed.id, approval)

        def work(tx: Transaction) -> None:
            self._check_free(tx, changed)
            self._replace(tx, changed)
            event = Event("product", changed.id, who, {**_told(changed), **trace})
            self._context.journal.note(tx, event, "changed")

        self._store.write(work)

    def import_csv(self, text: str, who: str) -> Imported:
        """Add or change by code whatever a file lists, all of it or nothing.

        Raises:
            RuleError: names the line that cannot be taken, and why.
        """
        read = list(read_csv(text))

        def work(tx: Transaction) -> Imported:
            added = sum(self._put(tx, line, product) for line, product in read)
            event = Event("product", new_key(), who, {"added": added, "changed": len(read) - added})
            self._context.journal.note(tx, event, "imported")
            return Imported(added, len(read) - added)

        return self._store.write(work)

    # Inside

    def _put(self, tx: Transaction, line: int, product: Product) -> bool:
        """Add or change one; say whether it is new."""
        known = products.by_code(tx, product.code)
        kept = replace(product, id=known.id if known else new_key(), version=known.version if known else 0)
        try:
            self._check_free(tx, kept)
        except FieldError as error:
            raise RuleError(f"Linha {line}: {error.message} Nada foi importado.") from None
        if known is None:
            products.insert(tx, kept)
        else:
            self._replace(tx, kept)
        return known is None

    def _replace(self, tx: Transaction, product: Product) -> None:
        if not products.update(tx, product):
            raise Conflict("Outra pessoa mudou este item do catálogo: confira e tente de novo.")

    def _check_free(self, tx: Transaction, product: Product) -> None:
        same_code = products.by_code(tx, product.code)
        if same_code is not None and same_code.id != product.id:
            raise FieldError("code", f"O código já é de {same_code.name}.")
        same_bars = products.by_barcode(tx, product.barcode) if product.barcode else None
        if same_bars is not None and same_bars.id != product.id:
            raise FieldError("barcode", f"O código de barras já é de {same_bars.name}.")


def read_csv(text: str) -> Iterator[tuple[int, Product]]:
    """Yield `(line, product)` of a file with a heading, `;` or `,` between cells.

    Raises:
        RuleError: names the line, and what is wrong with it.
    """
    import csv  # late: an import of a file is rare

    first = text.partition("\n")[0]
    rows = csv.reader(io.StringIO(text), delimiter=";" if ";" in first else ",")
    heading = [_COLUMN_WORDS.get(fold(cell), "") for cell in next(rows, [])]
    missing = [name for name in _NEEDED if name not in heading]
    if missing:
        raise RuleError(
            f"A primeira linha deve dar nome às colunas ({';'.join(COLUMNS)}): falta {', '.join(missing)}."
        )
    for line, cells in enumerate(rows, start=2):
        if any(cell.strip() for cell in cells):
            yield line, _read_row(line, dict(zip(heading, cells, strict=False)))


def _read_row(line: int, cells: Mapping[str, str]) -> Product:
    kind = _KINDS.get(fold(cells.get("tipo", "") or KIND_WORDS[ItemKind.PRODUCT]), ItemKind.BILL)
    try:
        price = parse_money(cells.get("preco", ""))
        product = Product(
            "", cells.get("codigo", ""), cells.get("barras", ""), cells.get("nome", ""), price, kind
        )
        return check_product(_cleaned(product))
    except FieldError as error:
        raise RuleError(f"Linha {line}: {error.message} Nada foi importado.") from None
    except ValueError:
        raise RuleError(
            f"Linha {line}: o preço «{clean(cells.get('preco', ''), 20)}» não é um valor como 12,50. "
            "Nada foi importado."
        ) from None


def _cleaned(product: Product) -> Product:
    return replace(
        product,
        code=clean(product.code, 40).upper(),
        barcode=clean(product.barcode, 60),
        name=clean(refuse_pan("name", product.name), 60),
    )


def _told(product: Product) -> dict[str, str | int | bool]:
    return {
        "code": product.code,
        "name": product.name,
        "price": product.price,
        "kind": product.kind.value,
        "active": product.active,
    }
