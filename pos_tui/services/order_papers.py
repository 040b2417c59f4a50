"""Papers of online orders. Printing is written into the history and never moves a state."""

from collections.abc import Sequence
from enum import StrEnum

from pos_tui.domain.errors import RuleError
from pos_tui.domain.instants import from_ms
from pos_tui.domain.order import Order, Source
from pos_tui.domain.order_kept import Acted
from pos_tui.printing.receipt import Kind, Receipt
from pos_tui.printing.slips.common import StoreHead
from pos_tui.printing.slips.order import OrderItem, OrderSlip, order_receipt, packing_slip, picking_list
from pos_tui.services.context import Context
from pos_tui.services.order_book import OrderBook
from pos_tui.services.papers import Letterhead
from pos_tui.services.spool import NO_PRINTER, Spool
from pos_tui.store.database import Transaction


class OrderPaper(StrEnum):
    """What can be printed."""

    ORDER = "order"
    PICKING = "picking"
    PACKING = "packing"


PAPER_WORDS = {
    OrderPaper.ORDER: "Pedido",
    OrderPaper.PICKING: "Lista de separação",
    OrderPaper.PACKING: "Romaneio de embalagem",
}
_KINDS = {
    OrderPaper.ORDER: Kind.ORDER,
    OrderPaper.PICKING: Kind.PICKING,
    OrderPaper.PACKING: Kind.PACKING,
}


class OrderPapers:
    """Makes and queues them."""

    def __init__(self, context: Context, spool: Spool, head: Letterhead, book: OrderBook) -> None:
        self._context = context
        self._spool = spool
        self._head = head
        self._book = book

    def print(self, paper: OrderPaper, keys: Sequence[str], who: str) -> list[Acted]:
        """Queue a paper of each order, or one picking list of all; return what became of each order.

        Raises:
            RuleError: there is nothing to print, or no printer.
        """
        if not keys:
            raise RuleError("Nenhum pedido foi escolhido para imprimir.")
        if not self._spool.prints:
            raise RuleError(NO_PRINTER)
        slips = {key: self._slip(self._book.get(key).told) for key in keys}
        papers = self._papers(paper, slips)

        def work(tx: Transaction) -> None:
            for key, receipt in papers:
                self._spool.enqueue(tx, _KINDS[paper], receipt.to_json(), None, key, who=who)
            for key in keys:
                self._book.step(tx, key, f"Impressão: {PAPER_WORDS[paper].lower()}", who, Source.OPERATOR)

        self._context.store.write(work)
        self._spool.wake()
        what = PAPER_WORDS[paper].lower()
        return [Acted(slip.number, True, f"Pedido {slip.number}: {what} na fila.") for slip in slips.values()]

    def _papers(self, paper: OrderPaper, slips: dict[str, OrderSlip]) -> list[tuple[str, Receipt]]:
        zone, training = self._context.zone, self._head.training
        if paper is OrderPaper.PICKING:
            listed = picking_list(tuple(slips.values()), at=self._context.clock(), tz=zone, training=training)
            return [(next(iter(slips)), listed)]
        make = order_receipt if paper is OrderPaper.ORDER else packing_slip
        return [(key, make(slip, tz=zone, training=training)) for key, slip in slips.items()]

    def _slip(self, order: Order) -> OrderSlip:
        head = self._head
        return OrderSlip(
            store=StoreHead(head.name, head.cnpj, head.city),
            number=order.number,
            channel="Loja virtual",
            at=from_ms(order.created_at),
            customer=order.customer,
            items=tuple(
                OrderItem(item.code, item.name, item.quantity, item.price, item.variation, item.place)
                for item in order.items
            ),
            total=order.total,
            phone=order.phone,
            address=order.address,
            delivery=order.shipping,
            payment=f"{order.method_name} ({order.badges[0]})",
            freight=order.freight,
            discount=order.discount,
            tracking=order.shipment.code,
            note=order.note,
        )
