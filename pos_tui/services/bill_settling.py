"""Receber conta: a bill becomes an item of a sale, and is settled at the ERP once the sale is paid.

It is sent by itself once; what nobody knows is found out by the ERP's own lists, and sent again only by a
person, and only while the customer's money is here.
"""

import json
from dataclasses import dataclass
from datetime import date

from pos_tui.domain.card import BRAND_WORDS, Brand, CardKind
from pos_tui.domain.errors import Conflict, PosError, RuleError
from pos_tui.domain.item import Item, ItemState
from pos_tui.domain.payment import Method
from pos_tui.domain.sale import PaymentLine, Sale, SaleState
from pos_tui.domain.subscriber import Bill, BillState
from pos_tui.domain.subscriber_action import (
    ActionKind,
    ActionState,
    SubscriberAction,
    after_finding,
    bill_name,
    check_move,
)
from pos_tui.domain.values import replace
from pos_tui.providers.subscribers.base import CounterPayment, PaidWith
from pos_tui.services.subscriber_steps import ActionSteps, access_of, event
from pos_tui.services.subscribers import Visit, unwrap
from pos_tui.store import sales as store_sales
from pos_tui.store import subscriber_actions as actions
from pos_tui.store.database import Transaction
from pos_tui.store.models.subscribers import SubscriberActionRow

S = ActionState
PREFIX = "conta"
STILL_OPEN = "O provedor mostra esta conta ainda em aberto: a baixa não aconteceu. E envia de novo."
UNKNOWN_STILL = "Ainda não se sabe se o provedor deu a baixa: consulte de novo com F5 em dois minutos."
CONFIRM_FIRST = "O pagamento desta venda ainda não está confirmado: consulte-o com F5 na venda primeiro."
GIVEN_BACK = "O pagamento desta venda foi devolvido: a baixa não sai daqui. F8 decide com o supervisor."


@dataclass
class BillSettling:
    """One till's bills. It stands behind their items in a sale."""

    steps: ActionSteps

    def receive(self, sale: Sale, visit: Visit, bill: Bill) -> Item:
        """Put a bill into the open sale. Nothing is asked of the ERP before the sale is saved.

        Raises:
            RuleError: it is not open; Conflict: it stands in a sale already.
        """
        if bill.state is not BillState.OPEN or bill.amount <= 0:
            raise RuleError("Só uma conta em aberto e com valor pode ser recebida.")
        steps = self.steps
        subject = f"{PREFIX}/{steps.connect().name}/{bill.id}"
        name = bill_name(bill, visit.subscriber.name)
        draft = steps.draft(ActionKind.SETTLE, visit, bill.id, name, sale.seller, bill)
        item = steps.items().add_bill(sale, subject, bill.number or bill.id, name, bill.amount)
        action = replace(draft, state=S.IN_SALE, sale_id=sale.id, item_id=item.id)
        steps.context.store.write(lambda tx: actions.insert(tx, action))
        return item

    def item_sold(self, tx: Transaction, sale: Sale, item: Item) -> Item:
        """The sale was saved: the bill is to be settled."""
        action = actions.of_item(tx, item.id)
        if action is None:
            raise RuleError("Esta conta não está completa na venda: retire-a e receba de novo.")
        check_move(action.state, S.DUE)
        self._claim(tx, action, state=S.DUE, open_since=self.steps.context.now())
        pending = self.steps.items().move(tx, item, ItemState.PENDING, sale.seller)
        self.steps.context.journal.note(tx, event(action, sale.seller), "due")
        return pending

    def item_removed(self, tx: Transaction, sale: Sale, item: Item) -> None:
        """The bill was taken off, or the sale given up."""
        action = actions.of_item(tx, item.id)
        # A crash may have come between the item and its action: then there is nothing to take back.
        if action is not None:
            check_move(action.state, S.REMOVED)
            self._claim(tx, action, state=S.REMOVED)

    def settle_sale(self, sale_id: str, who: str) -> list[SubscriberAction]:
        """Settle what a saved sale received, each once; return how they stand."""
        with self.steps.context.store.reading() as tx:
            due = [one for one in actions.of_sale(tx, sale_id) if is_fresh(one)]
        for action in due:
            try:
                self.settle(action, who)
            except PosError:
                # Somebody else has it, or its payment is not through yet: it stays to be done.
                continue
        return [self.steps.get(action.id) for action in due]

    def settle_due(self, who: str) -> None:
        """Settle what this till's OS received and was paid behind the screen, each once."""
        with self.steps.context.store.reading() as tx:
            found = [one for one in actions.waiting(tx) if one.till == self.steps.context.till]
        for sale_id in {one.sale_id for one in found if is_fresh(one) and one.sale_id}:
            self.settle_sale(sale_id, who)

    def words(self, settled: list[SubscriberAction]) -> str:
        """Say how settlings stand, the first that is not done before all others."""
        for action in settled:
            if action.state is not S.DONE:
                told = " ".join(part for part in (action.why, action.text) if part)
                return f"{action.about}: baixa {action.words}. {told} Veja em Central do assinante, F5."
        return f"{len(settled)} conta(s) recebida(s) e baixada(s) no provedor." if settled else ""

    def send(self, key: str, who: str) -> SubscriberAction:
        """A person sends a settling again: only what the ERP still shows as open is sent.

        Raises:
            RuleError: nobody knows yet what became of it, it is done, or the payment went back.
        """
        action = self.steps.get(key)
        if action.kind is not ActionKind.SETTLE or action.state not in (S.DUE, S.REFUSED):
            raise RuleError(f"Esta baixa está {action.words}: não há o que enviar de novo.")
        settled, still_open = self._lists(action)
        if settled:
            self.steps.found(action, S.DONE, "O provedor já mostra esta conta como baixada.", who)
        elif not still_open:
            raise RuleError("O provedor não mostra esta conta nem em aberto nem baixada: confira com ele.")
        else:
            self.settle(action, who)
        return self.steps.get(key)

    def settle(self, action: SubscriberAction, who: str) -> None:
        """Ask the ERP to count a bill as paid. Raises RuleError unless its sale is saved and paid."""
        sale = self._sale(action)
        if sale is None or sale.state is not SaleState.SAVED or any(line.waits for line in sale.payments):
            raise RuleError(CONFIRM_FIRST)
        if not is_paid(sale):
            raise RuleError(GIVEN_BACK)
        provider, bill = self.steps.connect(), _bill(action)
        payment = _payment(sale, action.amount, self.steps.today())
        self.steps.ask(action, who, lambda: provider.settle(access_of(action), bill, payment))

    def find_out(self, action: SubscriberAction, who: str, visit: Visit | None) -> None:
        """Ask the ERP's lists what became of a settling. No effect there."""
        settled, still_open = self._lists(action, visit)
        waited = self.steps.context.now() - (action.open_since or action.created_at)
        then = after_finding(settled, still_open, waited)
        self.steps.found(action, then, {S.DONE: "", S.DUE: STILL_OPEN}.get(then, UNKNOWN_STILL), who)

    def check_undone(self, action: SubscriberAction) -> None:
        """Raise RuleError unless a settled bill's payment went back: only then may it be ruled undone."""
        sale = self._sale(action)
        if sale is None or is_paid(sale):
            raise RuleError(
                "Esta conta está paga e baixada: estorne antes o pagamento da venda, e a baixa no provedor."
            )

    # Inside

    def _sale(self, action: SubscriberAction) -> Sale | None:
        with self.steps.context.store.reading() as tx:
            return store_sales.get(tx, action.sale_id or "")

    def _lists(self, action: SubscriberAction, visit: Visit | None = None) -> tuple[bool, bool]:
        """Whether the ERP shows the bill as settled, and whether as open. Raises RuleError."""
        provider, access = self.steps.connect(), access_of(action, visit)
        settled = any(bill.id == action.target for bill in unwrap(provider.settled_bills(access)))
        still_open = any(bill.id == action.target for bill in unwrap(provider.open_bills(access)))
        return settled, still_open

    def _claim(self, tx: Transaction, action: SubscriberAction, **values: object) -> None:
        if not tx.claim(SubscriberActionRow, action.id, action.version, **values):
            raise Conflict("A conta mudou enquanto isso: confira e tente de novo.")


def is_fresh(action: SubscriberAction) -> bool:
    """Whether it is to be sent for the first time: what was tried before waits for a person."""
    return action.kind is ActionKind.SETTLE and action.state is S.DUE and not action.why


def is_paid(sale: Sale) -> bool:
    """Whether the customer's money for the whole sale is here."""
    return sale.tally.missing == 0


def _bill(action: SubscriberAction) -> Bill:
    said = json.loads(action.bill)
    return Bill(
        action.target,
        None,
        int(said["amount"]),
        BillState.OPEN,
        number=said["number"],
        contract=said["contract"],
    )


_KINDS = {CardKind.CREDIT: PaidWith.CREDIT, CardKind.DEBIT: PaidWith.DEBIT}
_METHODS = {
    Method.CASH: PaidWith.CASH,
    Method.PIX_STATIC: PaidWith.PIX,
    Method.PIX_DYNAMIC: PaidWith.PIX,
    Method.RECURRING: PaidWith.CREDIT,
}


def _payment(sale: Sale, amount: int, on: date) -> CounterPayment:
    """Say how a bill was paid: a card tells most, and so comes first where several ways were used."""
    counting = [line for line in sale.payments if line.counts]
    cards = [line for line in counting if line.method in (Method.TEF, Method.CARD)]
    if cards:
        return _by_card(cards[0], sale, amount, on)
    how = _METHODS.get(counting[0].method, PaidWith.OTHER) if counting else PaidWith.OTHER
    return CounterPayment(amount, on, how, f"{sale.till}-{sale.number}")


def _by_card(line: PaymentLine, sale: Sale, amount: int, on: date) -> CounterPayment:
    told = line.details
    kind = told.get("kind", "")
    brand = BRAND_WORDS[Brand(told["brand"])] if told.get("brand") in list(Brand) else ""
    return CounterPayment(
        amount,
        on,
        _KINDS.get(CardKind(kind), PaidWith.OTHER) if kind in list(CardKind) else PaidWith.CREDIT,
        told.get("nsu") or f"{sale.till}-{sale.number}",
        told.get("authorisation", ""),
        int(told.get("instalments", "1") or 1),
        brand,
    )
