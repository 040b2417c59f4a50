"""What a sale holds beside top-ups: services, products and bills, and what becomes of each.

A bill stands for something outside (its `subject`): it counts once it is in the sale, and is carried out
outside after the sale is saved. Services and products are done with the sale itself. Money is in centavos.
"""

import re
from collections.abc import Iterable
from enum import StrEnum

from msgspec import Struct

from pos_tui.domain.errors import FieldError, RuleError
from pos_tui.domain.money import MAX_CENTAVOS


class ItemKind(StrEnum):
    """What is sold."""

    SERVICE = "service"
    PRODUCT = "product"
    BILL = "bill"
    """Somebody else's claim, received at this counter."""


KIND_WORDS = {ItemKind.SERVICE: "Serviço", ItemKind.PRODUCT: "Produto", ItemKind.BILL: "Conta"}


class ItemState(StrEnum):
    """Where an item stands."""

    IN_SALE = "in_sale"
    PENDING = "pending"
    """Paid; what it stands for is still to be carried out outside."""
    DONE = "done"
    UNDONE = "undone"
    """Paid, and it did not come about: the customer's money goes back."""
    REMOVED = "removed"
    """Taken off before the sale was saved."""


S = ItemState

MOVES: dict[ItemState, frozenset[ItemState]] = {
    S.IN_SALE: frozenset({S.REMOVED, S.PENDING, S.DONE}),
    S.PENDING: frozenset({S.DONE, S.UNDONE}),
    S.DONE: frozenset({S.UNDONE}),
    S.UNDONE: frozenset(),
    S.REMOVED: frozenset(),
}
"""Every allowed move."""

COUNTING = frozenset({S.IN_SALE, S.PENDING, S.DONE})
"""Part of what the customer pays."""

WORDS = {
    S.IN_SALE: "na venda",
    S.PENDING: "Pendente",
    S.DONE: "Realizada",
    S.UNDONE: "Não realizada",
    S.REMOVED: "Removida",
}

MAX_QUANTITY = 999


class Item(Struct, frozen=True):
    """One line of a sale."""

    id: str
    sale_id: str
    position: int
    kind: ItemKind
    code: str
    name: str
    unit_price: int
    quantity: int
    amount: int
    """Unit price times quantity."""
    subject: str = ""
    """What it stands for, such as a bill: it can stand in one sale only."""
    state: ItemState = ItemState.IN_SALE
    version: int = 0

    @property
    def counts(self) -> bool:
        """Whether it is part of what the customer pays."""
        return self.state in COUNTING

    @property
    def words(self) -> str:
        """What the screen and the paper say of it; nothing of what is simply sold."""
        return "" if self.state is S.IN_SALE else WORDS[self.state]


class Product(Struct, frozen=True):
    """What the store sells beside top-ups: a service or a product with a price of its own."""

    id: str
    code: str
    barcode: str
    name: str
    price: int
    kind: ItemKind
    active: bool = True
    version: int = 0


def check_move(now: ItemState, then: ItemState) -> ItemState:
    """Return `then` when the table allows the move. Raises RuleError when it does not."""
    if then not in MOVES[now]:
        raise RuleError(f"Um item «{WORDS[now]}» não pode passar a «{WORDS[then]}».")
    return then


def price_of(unit_price: int, quantity: int) -> int:
    """Return what so many units cost.

    Raises:
        FieldError: on `what`, when the quantity or the sum is beyond a counter's.
    """
    if not 1 <= quantity <= MAX_QUANTITY:
        raise FieldError("what", f"A quantidade vai de 1 a {MAX_QUANTITY}.")
    if not 0 < unit_price * quantity <= MAX_CENTAVOS:
        raise FieldError("what", "O valor do item passa do que um caixa recebe: confira a quantidade.")
    return unit_price * quantity


_TIMES = re.compile(r"(\d{1,4})\s*[*xX]\s*(\S.*)")


def parse_entry(text: str) -> tuple[int, str]:
    """Read what was typed or scanned: `7891000100103`, `3*7891000100103`, `2x corte` → quantity, the rest."""
    match = _TIMES.fullmatch(text.strip())
    if match is None:
        return 1, text.strip()
    return int(match[1]), match[2].strip()


def describe(items: Iterable[Item]) -> str:
    """Say in a list's cell what a sale holds beside top-ups, what waits first."""
    counting = [item for item in items if item.counts]
    waiting = [item for item in counting if item.state is S.PENDING]
    if waiting:
        return f"Conta: {WORDS[S.PENDING].lower()}"
    if not counting:
        return ""
    first = counting[0].name
    return first if len(counting) == 1 else f"{first} +{len(counting) - 1}"


CODE = re.compile(r"[0-9A-Za-z.\-/]{1,20}")
BARCODE = re.compile(r"[0-9A-Za-z.\-/]{4,40}")
SOLD = (ItemKind.SERVICE, ItemKind.PRODUCT)
"""The kinds the catalogue holds."""


def check_product(product: Product) -> Product:
    """Return a product fit for the catalogue.

    Raises:
        FieldError: on `code`, `barcode`, `name`, `price` or `kind`.
    """
    if not CODE.fullmatch(product.code):
        raise FieldError("code", "O código tem de 1 a 20 letras ou números, sem espaços.")
    if product.barcode and not BARCODE.fullmatch(product.barcode):
        raise FieldError("barcode", "O código de barras tem de 4 a 40 letras ou números, sem espaços.")
    if len(product.name) < 2:
        raise FieldError("name", "Informe o nome, como sai no comprovante.")
    if not 0 < product.price <= MAX_CENTAVOS:
        raise FieldError("price", "Informe o preço, maior que zero.")
    if product.kind not in SOLD:
        raise FieldError("kind", "Escolha serviço ou produto.")
    return product
