"""A sale from its first key to the list of the day (seed 1)."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from msgspec import structs

from pos_tui.domain.card import CardDetails, check_card, refuse_pan
from pos_tui.domain.customer import CONSUMER, Customer
from pos_tui.domain.errors import Conflict, RuleError
from pos_tui.domain.journal import Field
from pos_tui.domain.payment import ASKED, Decision, Method, PaymentState, why_not_remove
from pos_tui.domain.sale import (
    PaymentLine,
    Sale,
    SaleFilter,
    SaleLine,
    SaleState,
    counts,
    new_sale,
)
from pos_tui.domain.tally import check_line
from pos_tui.domain.tally import why_not_save as why_not_settle
from pos_tui.domain.text import clean
from pos_tui.domain.topup import IN_FLIGHT, TopUpState
from pos_tui.domain.values import replace
from pos_tui.domain.waiting import check_alive
from pos_tui.services.context import Context
from pos_tui.services.joining import claimed
from pos_tui.services.journal import Change, Claim, Event
from pos_tui.store import payments, sale_lines, sales
from pos_tui.store.database import Transaction
from pos_tui.store.ids import new_key
from pos_tui.store.models import PaymentRow, SaleRow

PAGE = 50
EMPTY_SALE = "A venda está vazia: adicione uma recarga (F3) ou um item (F9)."
PAID_EMPTY = (
    "A venda ficou vazia, com pagamento: remova-o (F8), ou adicione uma recarga (F3) ou um item (F9)."
)
OVER = "Esta venda já foi salva ou abandonada."
PENDINGS = 500
"""More than any limit lets a store have."""

SavedToo = Callable[[Transaction, Sale], Sale]
"""What belongs to the commit that saves a sale; returns the sale with what became of its parts."""

DiscardedToo = Callable[[Transaction, Sale], None]
"""What belongs to the commit that gives a sale up."""

Decide = Callable[[Transaction, PaymentLine, Decision, str], PaymentLine]
"""Writes down what becomes of an approved payment, inside the commit that saves the sale; returns it so."""


class Drawer(Protocol):
    """Till money, as the sale needs it."""

    def check_cash(self) -> None:
        """Raise RuleError when cash may not be taken now."""

    def sale_saved(self, tx: Transaction, sale: Sale) -> None:
        """Write a saved sale into the drawer's book, inside the commit that saves it."""


class Sales:
    """The sale this till has open, and those it has saved."""

    def __init__(
        self,
        context: Context,
        first_number: int,
        on_save: SavedToo,
        on_discard: DiscardedToo,
        drawer: Drawer,
        decide: Decide,
    ) -> None:
        self._context = context
        self._store = context.store
        self._first_number = first_number
        self._on_save = on_save
        self._on_discard = on_discard
        self._drawer = drawer
        self._decide = decide

    # Reading

    def current(self, pdv: str, seller: str) -> Sale:
        """Return the sale this till has open (a crash leaves it so), or a new one that is not yet stored."""
        with self._store.reading() as tx:
            found = sales.open_of(tx, self._context.till)
        return found or self._new(pdv, seller)

    def get(self, key: str) -> Sale:
        """Return a stored sale. Raises RuleError when there is none."""
        with self._store.reading() as tx:
            found = sales.get(tx, key)
        if found is None:
            raise RuleError("Venda não encontrada.")
        return found

    def page(self, chosen: SaleFilter, edge: SaleLine | None = None, newer: bool = False) -> list[SaleLine]:
        """Return a page of saved sales, newest first: older than a line already shown, or `newer`."""
        cursor = (edge.saved_at, edge.id) if edge else None
        with self._store.reading() as tx:
            return sale_lines.page(tx, chosen, PAGE, cursor, newer)

    def with_pendings(self) -> list[SaleLine]:
        """Return the sales of every till of the store that hold pendings, the oldest pending first."""
        with self._store.reading() as tx:
            return sale_lines.with_pendings(tx, PENDINGS)

    # The open sale

    def store(self, sale: Sale) -> Sale:
        """Make sure the open sale has its row; items can only hang on a stored one."""
        with self._store.reading() as tx:
            found = sales.get(tx, sale.id)
        if found is not None:
            return found
        self._store.write(lambda tx: self._insert(tx, sale))
        return sale

    def set_head(self, sale: Sale, pdv: str, seller: str, customer: Customer | None) -> Sale:
        """Set who sells, where, and to whom. None is the Consumidor."""
        who = customer or Customer("", CONSUMER)
        values: dict[str, object] = {
            "pdv": pdv,
            "seller": seller,
            "customer_id": who.id or None,
            "customer_name": who.name,
        }
        if not self._stored(sale):
            return replace(sale, **values)  # type: ignore[arg-type]
        self._change(sale, values, "head", seller)
        return self.get(sale.id)

    def hand_over(self, sale: Sale, seller: str) -> Sale:
        """Let somebody else go on with the open sale; the journal says from whom to whom."""
        if sale.seller == seller:
            return sale
        with self._store.reading() as tx:
            # As it stands now: something may have joined it since it was drawn.
            found = sales.get(tx, sale.id)
        if found is None:
            return replace(sale, seller=seller)
        claim = Claim(SaleRow, found.id, found.version, Change({"seller": seller}))
        event = Event("sale", found.id, seller, {"from": found.seller, "to": seller})
        self._context.journal.change(claim, event, "handed_over")
        return self.get(sale.id)

    def add_payment(
        self,
        sale: Sale,
        method: Method,
        typed: int,
        card: CardDetails | None = None,
        details: Mapping[str, str] | None = None,
    ) -> Sale:
        """Add a form of payment vouched for by the cashier. Only cash may exceed what is missing: change.

        Raises:
            FieldError: names `amount` or one of the card's fields.
            RuleError: the sale is over, or a reserve of it: no money is taken for what cannot be credited; or
                cash, and the caixa is closed.
        """
        if method is Method.CASH:
            self._drawer.check_cash()
        told = _card_fields(card) if card else dict(details or {})

        def work(tx: Transaction) -> Sale:
            found = claimed(tx, sale.id)
            check_alive(found.topups, self._context.now())
            weight = check_line(found.tally, method, typed)
            line = PaymentLine(
                id=new_key(),
                position=len(found.payments) + 1,
                method=method,
                state=weight.state,
                amount=weight.amount,
                details=told,
                sale_id=sale.id,
                till=self._context.till,
            )
            payments.insert(tx, line)
            data = {"method": method.value, "amount": line.amount}
            self._context.journal.note(tx, Event("payment", line.id, sale.seller, data), "added")
            return replace(found, payments=(*found.payments, line))

        return self._store.write(work)

    def remove_payment(self, sale: Sale) -> Sale:
        """Take the last form of payment off the open sale. Raises RuleError when there is none to remove."""
        line = next(reversed(sale.live), None)
        if line is None:
            raise RuleError("Não há forma de pagamento para remover.")
        reason = why_not_remove(line.state, line.decision)
        if reason is not None:
            raise RuleError(reason)
        claim = Claim(PaymentRow, line.id, line.version, Change({"state": PaymentState.CANCELLED}))
        self._context.journal.change(claim, Event("payment", line.id, sale.seller), "removed")
        return self.get(sale.id)

    def save(self, sale: Sale) -> Sale:
        """Close the sale: number it, confirm what the cashier vouched for, queue its papers, in one commit.

        Raises:
            RuleError: it cannot be saved, and why.
            Conflict: it was saved or discarded meanwhile.
        """
        return self._store.write(lambda tx: self._save(tx, sale.id))

    def discard(self, sale: Sale) -> None:
        """Abandon the open sale, once none of its top-ups is held by the provider.

        Raises:
            RuleError: a top-up is still pending: cancel it first.
            Conflict: it was saved or abandoned meanwhile.
        """
        if not self._stored(sale):
            return
        sale = self.get(sale.id)
        if sale.state is not SaleState.OPEN:
            raise Conflict(OVER)
        if sale.pendings:
            raise RuleError("Há recarga pendente nesta venda: cancele-a ou salve a venda.")
        if any(line.method in ASKED for line in sale.live):
            raise RuleError("Há pagamento por TEF ou Pix nesta venda: desfaça-o antes de abandoná-la.")
        change = Change({"state": SaleState.DISCARDED}, lambda tx: self._on_discard(tx, sale))
        claim = Claim(SaleRow, sale.id, sale.version, change)
        self._context.journal.change(claim, Event("sale", sale.id, sale.seller), "discarded")

    def set_invoice(self, sale: Sale, invoice: str) -> Sale:
        """Note the number of the fiscal note on a sale. Raises FieldError for what cannot be one."""
        text = clean(refuse_pan("invoice", invoice), 20)
        self._change(sale, {"invoice": text}, "invoice", sale.seller)
        return self.get(sale.id)

    # Inside

    def _save(self, tx: Transaction, key: str) -> Sale:
        """Read the sale, decide, write; what is returned is what was written, and not read again."""
        sale, now = sales.get(tx, key), self._context.now()
        if sale is None or sale.state is not SaleState.OPEN:
            raise Conflict(OVER)
        check_alive(sale.topups, now)
        reason = why_not_save(sale)
        if reason is not None:
            raise RuleError(reason)
        number = sale.number or tx.next_number(f"sale/{self._context.till}", self._first_number)
        total, change = sale.due, sale.tally.change
        values: dict[str, Any] = {"state": SaleState.SAVED, "number": number, "saved_at": now}
        values |= {"total": total, "change": change}
        if not tx.claim(SaleRow, sale.id, sale.version, **values):
            raise Conflict("A venda mudou enquanto era salva: confira e salve de novo (F10).")
        lines = tuple(self._settle(tx, line, sale.seller, now) for line in sale.payments)
        data: dict[str, Field] = {"number": number, "total": total, "change": change}
        self._context.journal.note(tx, Event("sale", sale.id, sale.seller, data), "saved")
        values["topups"] = tuple(replace(one, sale_number=number) for one in sale.topups)
        saved = replace(sale, **values, version=sale.version + 1, payments=lines)
        self._drawer.sale_saved(tx, saved)
        return self._on_save(tx, saved)

    def _settle(self, tx: Transaction, line: PaymentLine, who: str, now: int) -> PaymentLine:
        """Confirm what the cashier vouched for; decide what the outside approved, to be carried out after."""
        if not line.counts or line.state is PaymentState.CONFIRMED:
            return line
        if line.state is PaymentState.APPROVED:
            return self._decide(tx, line, Decision.CONFIRM, who)
        confirmed: dict[str, Any] = {"state": PaymentState.CONFIRMED, "settled_at": now}
        if not tx.claim(PaymentRow, line.id, line.version, **confirmed):
            raise Conflict("O pagamento mudou enquanto a venda era salva. Confira e salve de novo.")
        return replace(line, **confirmed, version=line.version + 1)

    def _new(self, pdv: str, seller: str) -> Sale:
        context = self._context
        return new_sale(new_key(), context.till, context.branch, pdv, seller, context.now())

    def _insert(self, tx: Transaction, sale: Sale) -> None:
        if sales.open_of(tx, self._context.till) is not None:
            raise Conflict("Este caixa já tem uma venda em andamento. Feche a outra janela do programa.")
        sales.insert(tx, sale)
        self._context.journal.note(tx, Event("sale", sale.id, sale.seller), "opened")

    def _stored(self, sale: Sale) -> bool:
        with self._store.reading() as tx:
            return sales.get(tx, sale.id) is not None

    def _change(self, sale: Sale, values: dict[str, object], name: str, who: str) -> None:
        if "customer_name" in values:
            values["customer_folded"] = sales.folded(str(values["customer_name"]))
        claim = Claim(SaleRow, sale.id, sale.version, Change(values))
        self._context.journal.change(claim, Event("sale", sale.id, who), name)


def why_not_save(sale: Sale) -> str | None:
    """Why the sale cannot be saved, or None when it can."""
    if not sale.goods and not any(counts(topup) for topup in sale.topups):
        return PAID_EMPTY if sale.live else EMPTY_SALE
    if any(topup.state in IN_FLIGHT for topup in sale.topups):
        return "Uma recarga ainda está sendo enviada. Aguarde a resposta e salve."
    if any(topup.state is TopUpState.UNCERTAIN for topup in sale.topups):
        return "Uma recarga está em [verificar]: consulte com F5 antes de receber o pagamento."
    return why_not_settle(sale.tally)


def _card_fields(card: CardDetails) -> dict[str, str]:
    checked = check_card(card)
    return {name: str(value) for name, value in structs.asdict(checked).items() if value}
