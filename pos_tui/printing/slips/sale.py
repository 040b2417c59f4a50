"""The receipt of a whole sale: its items, what was paid, and what did not come about."""

from collections.abc import Iterator
from datetime import tzinfo

from msgspec import Struct

from pos_tui.domain.money import format_brl, format_money
from pos_tui.printing.receipt import Align, Blank, Block, Copy, Kind, Pair, Receipt, Rule, Text
from pos_tui.printing.slips.common import (
    Paid,
    SaleHead,
    StoreHead,
    contacts,
    payments,
    sale_head,
    store_head,
    title,
)


class Item(Struct, frozen=True):
    """One item. `amount` is the price of all its units, in centavos."""

    description: str
    amount: int
    quantity: int = 1
    detail: str = ""
    """A second line: the number topped up, the NSU."""
    state: str = ""
    """The word of the screen when it is worth telling: `Cancelada`, `Pendente`."""
    done: bool = True
    """False for an item that did not come about (refused, cancelled) and does not count in the total."""


class SaleSlip(Struct, frozen=True):
    """A sale. `paid` is what was received, `change` what was given back, both in centavos."""

    store: StoreHead
    sale: SaleHead
    items: tuple[Item, ...]
    paid: tuple[Paid, ...] = ()
    change: int = 0
    notes: tuple[str, ...] = ()


_TITLE = title("COMPROVANTE DE VENDA")


def sale_receipt(
    slip: SaleSlip, *, tz: tzinfo, copy: Copy = Copy.CLIENT, training: bool = False, drawer: bool = False
) -> Receipt:
    """Return the paper of a sale; `drawer` when cash was taken."""
    blocks = (
        *store_head(slip.store),
        _TITLE,
        *sale_head(slip.sale, tz),
        Rule(),
        *(block for number, item in enumerate(slip.items, 1) for block in _item(number, item)),
        Rule(),
        *_totals(slip.items),
        *payments(slip.paid, slip.change),
        *_owed(slip),
        *(Text(note, Align.CENTRE) for note in slip.notes),
        *contacts(slip.store),
    )
    return Receipt(Kind.SALE, blocks, copy=copy, drawer=drawer, training=training)


def _item(number: int, item: Item) -> Iterator[Block]:
    yield Pair(f"{number:02d} {item.description}", format_money(item.amount))
    if item.quantity != 1:
        each = format_money(item.amount // item.quantity)
        yield Text(f"   {item.quantity} x {each}")
    if item.detail:
        yield Text(item.detail)
    if item.state:
        yield Text(f"Situação: {item.state}", bold=not item.done)


def _totals(items: tuple[Item, ...]) -> Iterator[Block]:
    undone = [item for item in items if not item.done]
    if undone:
        yield Text(f"RESULTADO PARCIAL: {len(items) - len(undone)} de {len(items)} itens", bold=True)
        yield Pair("Não realizado", format_brl(sum(item.amount for item in undone)))
    yield Pair("TOTAL", format_brl(_total(items)), bold=True)


def _owed(slip: SaleSlip) -> Iterator[Block]:
    """What was paid for items that did not come about is the customer's."""
    back = sum(payment.amount for payment in slip.paid) - slip.change - _total(slip.items)
    if slip.paid and back > 0:
        yield Blank()
        yield Pair("A DEVOLVER", format_brl(back), bold=True)


def _total(items: tuple[Item, ...]) -> int:
    return sum(item.amount for item in items if item.done)
