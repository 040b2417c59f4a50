"""An OS whose payment comes later: finalised now, finished by itself when paid (seed 2).

Between both it is AWAITING: numbered and in the list, with nothing in the drawer's book yet. The till goes on
with the next sale meanwhile.
"""

from collections.abc import Callable

from msgspec import Struct

from pos_tui.domain.errors import Conflict, RuleError
from pos_tui.domain.instalments import REFUNDED, Instalment, split
from pos_tui.domain.journal import Field
from pos_tui.domain.payment import LABELS, Decision, Method, PaymentState
from pos_tui.domain.recurring import Attempt
from pos_tui.domain.sale import PaymentLine, Sale, SaleState
from pos_tui.domain.topup import FINAL
from pos_tui.domain.values import replace
from pos_tui.printing.slips.refund import Returned
from pos_tui.services.context import Context
from pos_tui.services.journal import Event
from pos_tui.services.sales import DiscardedToo, Drawer, SavedToo
from pos_tui.store import sales
from pos_tui.store.database import Transaction
from pos_tui.store.models import PaymentRow, SaleRow

Receipt = Callable[[Transaction, str, str, Returned], None]
"""Queues the receipt of money that went back: of which sale, under which subject."""

CHANGED = "A OS mudou enquanto isso: confira como ela está e tente de novo."


def recurring_line(sale: Sale) -> PaymentLine | None:
    """The line by which a sale is paid by a recurring card, or None."""
    return next((line for line in sale.live if line.method is Method.RECURRING), None)


def why_not_finalise(sale: Sale) -> str | None:
    """Why the open sale cannot be finalised with its recurring payment, or None when it can."""
    line = recurring_line(sale)
    if line is None:
        return "Esta venda não tem Crédito recorrente."
    if not sale.goods:
        return "A venda está vazia: adicione um serviço ou produto (F9)."
    if any(topup.state not in FINAL for topup in sale.topups):
        return "Recarga não espera o pagamento por link: venda a recarga em outra venda."
    if len(sale.live) > 1 or line.amount != sale.tally.due:
        return "O Crédito recorrente paga a OS inteira: remova as outras formas e adicione-o de novo."
    if sale.customer_id is None:
        return "O Crédito recorrente precisa do cliente: escolha-o ou cadastre-o no Início (F2, I)."
    return None


class Finalising(Struct, frozen=True):
    """What becomes of an OS, each inside somebody else's commit."""

    context: Context
    first_number: int
    on_save: SavedToo
    on_discard: DiscardedToo
    drawer: Drawer
    receipt: Receipt

    def pend(self, tx: Transaction, sale: Sale, who: str) -> Sale:
        """Finalise an open sale whose payment is still to come; it gets its number.

        Raises:
            Conflict: it changed meanwhile.
        """
        number = sale.number or tx.next_number(f"sale/{self.context.till}", self.first_number)
        values: dict[str, object] = {
            "state": SaleState.AWAITING,
            "number": number,
            "saved_at": self.context.now(),
            "total": sale.due,
        }
        self._claim(tx, sale, values, "finalised", who)
        return replace(sale, **values, version=sale.version + 1)  # type: ignore[arg-type]

    def finish(self, tx: Transaction, sale_id: str, who: str) -> None:
        """The money is there: close the OS as a saved sale is closed.

        Raises:
            Conflict: it does not wait any more.
        """
        sale = sales.get(tx, sale_id)
        line = recurring_line(sale) if sale else None
        if sale is None or line is None or sale.state is not SaleState.AWAITING:
            raise Conflict(CHANGED)
        values: dict[str, object] = {"state": SaleState.SAVED}
        self._claim(tx, sale, values, "saved", who)
        confirmed = {"state": PaymentState.CONFIRMED, "settled_at": self.context.now()}
        if not tx.claim(PaymentRow, line.id, line.version, **confirmed):
            raise Conflict(CHANGED)
        saved = sales.get(tx, sale_id)
        assert saved is not None, "it was just written"
        self.drawer.sale_saved(tx, saved)
        self.on_save(tx, saved)

    def give_back(self, tx: Transaction, sale_id: str, who: str) -> None:
        """All that was paid of an OS went back to the customer: so did its payment."""
        sale = sales.get(tx, sale_id)
        line = recurring_line(sale) if sale else None
        if line is None or line.state is not PaymentState.CONFIRMED:
            return
        values: dict[str, object] = {
            "state": PaymentState.REFUNDED,
            "decision": Decision.REFUND,
            "decided_by": who,
            "settled_at": self.context.now(),
        }
        if not tx.claim(PaymentRow, line.id, line.version, **values):
            raise Conflict(CHANGED)
        self.context.journal.note(tx, Event("payment", line.id, who, {"amount": line.amount}), "refunded")

    def instalment_back(self, tx: Transaction, one: Instalment, count: int) -> None:
        """Queue the receipt of an instalment that went back to the customer."""
        reason, part = one.reason.removeprefix(REFUNDED), f"{one.number} de {count}"
        back = Returned(LABELS[Method.RECURRING], one.amount, reason, one.moved_by, part)
        self.receipt(tx, one.sale_id, one.id, back)

    def late_back(self, tx: Transaction, attempt: Attempt) -> None:
        """Queue the receipt of a late payment that went back: nothing but its first charge was taken."""
        amount = split(attempt.total, attempt.count)[0]
        part = f"1 de {attempt.count}"
        back = Returned(LABELS[Method.RECURRING], amount, attempt.reason, attempt.decided_by, part)
        self.receipt(tx, attempt.sale_id, attempt.id, back)

    def reopen(self, tx: Transaction, sale: Sale, who: str) -> None:
        """Put an OS that nobody paid back on the counter, to be paid in another way.

        Raises:
            RuleError: this till has a sale under way; Conflict: it changed meanwhile.
        """
        if sale.till != self.context.till:
            raise RuleError(f"Esta OS é do caixa {sale.till}: reabra-a lá.")
        current = sales.open_of(tx, self.context.till)
        if current is not None and current.begun:
            raise RuleError("Há uma venda em andamento neste caixa: salve-a ou abandone-a antes (F2).")
        if current is not None:
            self._claim(tx, current, {"state": SaleState.DISCARDED}, "discarded", who)
        self._let_line_go(tx, sale)
        values: dict[str, object] = {"state": SaleState.OPEN, "saved_at": None}
        self._claim(tx, sale, values, "reopened", who)

    def abandon(self, tx: Transaction, sale: Sale, who: str, reason: str) -> None:
        """Give up an OS that nobody paid. Raises Conflict when it changed meanwhile."""
        self._let_line_go(tx, sale)
        self._claim(tx, sale, {"state": SaleState.DISCARDED}, "discarded", who, reason=reason)
        self.on_discard(tx, sale)

    def _let_line_go(self, tx: Transaction, sale: Sale) -> None:
        line = recurring_line(sale)
        cancelled = {"state": PaymentState.CANCELLED, "settled_at": self.context.now()}
        if line is not None and not tx.claim(PaymentRow, line.id, line.version, **cancelled):
            raise Conflict(CHANGED)

    def _claim(
        self, tx: Transaction, sale: Sale, values: dict[str, object], name: str, who: str, **told: Field
    ) -> None:
        if not tx.claim(SaleRow, sale.id, sale.version, **values):
            raise Conflict(CHANGED)
        number = values.get("number", sale.number)
        assert number is None or isinstance(number, int)
        data: dict[str, Field] = {"number": number, "total": sale.due, **told}
        self.context.journal.note(tx, Event("sale", sale.id, who, data), name)
