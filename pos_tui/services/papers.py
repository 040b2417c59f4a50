"""Which papers a commit brings with it, and what stands on them."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from pos_tui.domain.card import BRAND_WORDS, Brand
from pos_tui.domain.errors import RuleError
from pos_tui.domain.instants import from_ms
from pos_tui.domain.item import Item as SaleItem
from pos_tui.domain.item import ItemState
from pos_tui.domain.payment import LABELS, Method, PaymentState
from pos_tui.domain.sale import PaymentLine, Sale, counts
from pos_tui.domain.spool import PrintJob
from pos_tui.domain.topup import TopUp, TopUpState
from pos_tui.printing.layout import as_text
from pos_tui.printing.receipt import Copy, Kind, Pair, Receipt
from pos_tui.printing.slips.common import Paid, SaleHead, StoreHead
from pos_tui.printing.slips.pix import PixSlip, pix_receipt
from pos_tui.printing.slips.refund import RefundSlip, Returned, refund_receipt
from pos_tui.printing.slips.sale import Item, SaleSlip, sale_receipt
from pos_tui.printing.slips.tef import tef_receipt
from pos_tui.printing.slips.topup import TopUpSlip, top_up_receipt
from pos_tui.services.context import Context
from pos_tui.services.drivers.base import Slips
from pos_tui.services.spool import NO_PRINTER, Spool
from pos_tui.store import sales
from pos_tui.store.database import Transaction
from pos_tui.store.ids import new_key


class Letterhead(Struct, frozen=True):
    """What stands on every paper of the store."""

    name: str
    cnpj: str
    city: str
    service: str
    """The label of the top-up service: *Recarga Conekta*."""
    contacts: tuple[str, ...]
    training: bool
    columns: int
    copies: tuple[Copy, ...] = (Copy.CLIENT,)
    """Which copies of a top-up's receipt are printed, the client's first."""


class Papers:
    """Makes receipts and queues them in the commit they tell of."""

    def __init__(self, context: Context, spool: Spool, head: Letterhead) -> None:
        self._context = context
        self._spool = spool
        self._head = head
        self._store_head = StoreHead(head.name, head.cnpj, head.city, contacts=head.contacts)

    def for_topup(self, tx: Transaction, topup: TopUp) -> None:
        """Queue what a top-up just settled brings.

        The receipt of a confirmed one; and, once a paid sale has only come about in part, a paper that says
        what goes back to the customer.
        """
        sale = sales.get(tx, topup.sale_id)
        assert sale is not None, "a top-up hangs on a stored sale"
        if topup.state is TopUpState.CONFIRMED:
            for copy in self._head.copies:
                receipt = self._receipt(topup, sale, copy)
                self._spool.enqueue(tx, Kind.TOP_UP, receipt.to_json(), sale.id, topup.id)
        if sale.owed_back and not sale.pendings:
            self.partial(tx, sale)

    def partial(self, tx: Transaction, sale: Sale) -> None:
        """Queue the paper that says what of a paid sale did not come about, and what goes back."""
        self._spool.enqueue(tx, Kind.SALE, self.of_sale(sale).to_json(), sale.id, sale.id)

    def of_sale(self, sale: Sale) -> Receipt:
        """Return the paper of a whole sale as it stands."""
        slip = SaleSlip(
            store=self.store_head(),
            sale=_sale_head(sale, self._context),
            items=(*map(_topup_item, sale.topups), *map(_sale_item, _sold(sale))),
            paid=tuple(_paid(line) for line in sale.payments if line.counts),
            change=sale.change,
        )
        return sale_receipt(slip, tz=self._context.zone, training=self._head.training)

    @property
    def training(self) -> bool:
        """Whether papers say TREINAMENTO."""
        return self._head.training

    def sale_head(self, sale: Sale) -> SaleHead:
        """Which sale a paper belongs to."""
        return _sale_head(sale, self._context)

    def store_head(self) -> StoreHead:
        """Who issues the papers."""
        return self._store_head

    def for_sale(self, tx: Transaction, sale: Sale) -> None:
        """Queue what a saved sale brings: the receipt of its items; the drawer when cash changed hands."""
        if sale.tally.opens_drawer:
            self.open_drawer(tx, sale.id, sale.id)
        if sale.goods:
            self._spool.enqueue(tx, Kind.SALE, self.of_sale(sale).to_json(), sale.id, sale.id)

    def open_drawer(self, tx: Transaction, sale_id: str, subject: str) -> None:
        """Queue the kick that opens the drawer."""
        kick = Receipt(Kind.DRAWER, (), drawer=True, training=self._head.training)
        self._spool.enqueue(tx, Kind.DRAWER, kick.to_json(), sale_id, subject)

    def for_refund(self, tx: Transaction, line: PaymentLine, amount: int) -> None:
        """Queue what says that a payment went back, and open the drawer for one in cash."""
        if amount and line.method is Method.CASH:
            self.open_drawer(tx, line.sale_id, line.id)
        back = Returned(LABELS[line.method], amount, line.reason, line.decided_by)
        self.returned(tx, line.sale_id, line.id, back)

    def returned(self, tx: Transaction, sale_id: str, subject: str, back: Returned) -> None:
        """Queue the receipt of money that went back; of nothing there is none."""
        sale = sales.get(tx, sale_id)
        assert sale is not None, "money goes back of a stored sale"
        if back.amount:
            slip = RefundSlip(self.store_head(), self.sale_head(sale), back, self._context.clock())
            receipt = refund_receipt(slip, tz=self._context.zone, training=self._head.training)
            self._spool.enqueue(tx, Kind.REFUND, receipt.to_json(), sale_id, subject)

    def for_card(self, tx: Transaction, line: PaymentLine, slips: Slips) -> None:
        """Queue both copies of a card's receipt as its manager made them; a refund without one gets ours."""
        self._slips(tx, slips, line.sale_id, line.id)
        if line.state is PaymentState.REFUNDED and not slips.client:
            self.for_refund(tx, line, line.amount)

    def for_tef(self, tx: Transaction, operation_id: str, slips: Slips) -> None:
        """Queue both copies of what the manager's own menu did; it belongs to no sale."""
        self._slips(tx, slips, None, operation_id)

    def _slips(self, tx: Transaction, slips: Slips, sale_id: str | None, subject: str) -> None:
        """An empty copy is not asked for."""
        for lines, copy in ((slips.client, Copy.CLIENT), (slips.merchant, Copy.STORE)):
            if lines:
                receipt = tef_receipt(lines, copy=copy, training=self._head.training)
                self._spool.enqueue(tx, Kind.TEF, receipt.to_json(), sale_id, subject)

    def print_pix(self, sale_id: str, amount: int, code: str, until: datetime | None = None) -> None:
        """Queue the QR of a Pix that is to be paid, under the sale it belongs to. `amount` in centavos."""
        context, head = self._context, self._head
        slip = PixSlip(self.store_head(), amount, code, until)
        receipt = pix_receipt(slip, at=context.clock(), tz=context.zone, training=head.training)
        document = receipt.to_json()
        context.store.write(lambda tx: self._spool.enqueue(tx, Kind.PIX, document, sale_id, new_key()))
        self._spool.wake()

    def reprint_sale(self, sale: Sale, who: str) -> list[Receipt]:
        """Queue a numbered copy of every receipt of a sale, the card's slips too, each marked as such.

        Raises:
            RuleError: it has none yet, or there is no printer.
        """
        papers = self._spool.papers_of_sale(sale.id)
        return self._copies([job for job in papers if job.kind in _RECEIPTS], who)

    def reprint(self, topup: TopUp, who: str) -> Receipt:
        """Queue a numbered copy of a confirmed top-up's receipt, marked as such, with the drawer shut.

        Raises:
            RuleError: it was never confirmed, so it has no receipt; or there is no printer.
        """
        original = self._spool.paper_of(topup.id, Kind.TOP_UP)
        (copy,) = self._copies([original] if original else [], who)
        return copy

    def _copies(self, papers: Sequence[PrintJob], who: str) -> list[Receipt]:
        """Queue a copy of each in one commit."""
        if not self._spool.prints:
            raise RuleError(NO_PRINTER)
        if not papers:
            raise RuleError("Só recarga confirmada tem comprovante: confirme antes (Enter).")
        copies = self._context.store.write(
            lambda tx: [self._spool.enqueue_copy(tx, paper, who) for paper in papers]
        )
        self._spool.wake()
        return copies

    def about(self, jobs: Sequence[PrintJob]) -> dict[str, str]:
        """Say of each paper what it is about, for who must find it on the counter: `venda 12, R$ 15,00`."""
        with self._context.store.reading() as tx:
            numbers = sales.numbers(tx, [job.sale_id for job in jobs if job.sale_id])
        return {job.id: _about(job, numbers.get(job.sale_id or "")) for job in jobs}

    def preview(self, document: str) -> str:
        """Return a queued paper as text: the words that are, or will be, on it."""
        return self.text(Receipt.from_json(document))

    def text(self, receipt: Receipt) -> str:
        """Return a receipt as text, as wide as the paper."""
        return as_text(receipt, self._head.columns)

    def _receipt(self, topup: TopUp, sale: Sale, copy: Copy) -> Receipt:
        head = self._head
        slip = TopUpSlip(
            store=self.store_head(),
            sale=_sale_head(sale, self._context),
            operator=topup.operator_name,
            line=topup.mobile,
            face=topup.face,
            validity=f"{topup.validity_days} dias" if topup.validity_days else "",
            nsu=topup.nsu,
            provider_code=topup.provider_ref or topup.provider_key,
            service=head.service,
            paid=tuple(_paid(line) for line in sale.payments if line.counts),
            change=sale.change,
            promo=topup.message,
        )
        return top_up_receipt(slip, tz=self._context.zone, copy=copy, training=head.training)


_TELLING = {
    "Telefone": "",
    "Valor da recarga": "",
    "Valor": "",
    "Valor devolvido": "",
    "Número": "nº ",
    "Caixa nº": "caixa nº ",
    "Assinante": "",
    "Protocolo": "protocolo ",
}
"""Labels whose values tell one paper from another, in the order in which they are told, and how."""


_APART = (Copy.STORE,)
"""Copies worth naming beside the client's."""


def _about(job: PrintJob, number: int | None) -> str:
    try:
        receipt = Receipt.from_json(job.document)
    except ValueError:
        return ""  # one that cannot be made is listed all the same
    found = {block.label: block.value for block in receipt.blocks if isinstance(block, Pair)}
    parts = [receipt.copy.value.lower()] if receipt.copy in _APART else []
    parts += [f"venda {number}"] if number else []
    told = [f"{how}{found[label]}" for label, how in _TELLING.items() if label in found]
    return ", ".join([*parts, *told[:2]])


_RECEIPTS = frozenset({Kind.TOP_UP, Kind.SALE, Kind.TEF, Kind.REFUND})
"""What the customer may ask for again."""


def _sale_head(sale: Sale, context: Context) -> SaleHead:
    at = from_ms(sale.saved_at or context.now())
    return SaleHead(str(sale.number or "em aberto"), at, sale.pdv, sale.seller, sale.customer_name)


def _sold(sale: Sale) -> list[SaleItem]:
    return [item for item in sale.items if item.counts or item.state is ItemState.UNDONE]


def _sale_item(item: SaleItem) -> Item:
    return Item(item.name, item.amount, quantity=item.quantity, state=item.words, done=item.counts)


def _topup_item(topup: TopUp) -> Item:
    return Item(
        f"{topup.operator_name} {topup.mobile}",
        topup.face,
        detail=f"NSU {topup.nsu}" if topup.state is TopUpState.CONFIRMED and topup.nsu else "",
        state=topup.words,
        done=counts(topup),
    )


def _paid(line: PaymentLine) -> Paid:
    card = line.details
    brand = BRAND_WORDS[Brand(card["brand"])] if "brand" in card else ""
    parts = [brand, f"NSU {card['nsu']}" if "nsu" in card else "", _instalments(card)]
    return Paid(LABELS[line.method], line.amount, " · ".join(part for part in parts if part))


def _instalments(card: dict[str, str]) -> str:
    count = int(card.get("instalments", "1"))
    return f"{count}x" if count > 1 else ""
