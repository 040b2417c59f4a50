"""Compra de crédito (seed 4): bought at the desk, paid by boleto, Pix or at the counter, transferred by hand.

Nothing is asked of an ERP: no ERP of the facts sells it (D.9). The transfer is done on the SMS provider's
site, and somebody says so here; only then is the credit released.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from pos_tui.domain.boleto import bar_code, line_of
from pos_tui.domain.errors import Conflict, RuleError
from pos_tui.domain.item import Item, ItemState
from pos_tui.domain.journal import Field
from pos_tui.domain.sale import Sale
from pos_tui.domain.subscriber import Contract, CreditValue, Feature, qualifies
from pos_tui.domain.subscriber_action import Credit, CreditState, check_credit
from pos_tui.domain.values import replace
from pos_tui.services.bill_settling import is_paid
from pos_tui.services.context import Context
from pos_tui.services.items import Items
from pos_tui.services.journal import Change, Claim, Event
from pos_tui.services.subscribers import Visit
from pos_tui.settings.subscribers import SubscribersSettings
from pos_tui.store import sales
from pos_tui.store import subscriber_actions as store
from pos_tui.store.database import Transaction
from pos_tui.store.ids import new_key
from pos_tui.store.models.subscribers import CreditRow

C = CreditState
PREFIX = "credito"
REGISTERED = "A compra de crédito está cadastrada. Gere o boleto para pagamento, ou receba aqui no caixa."
"""What the seed's message says once it is bought."""
PAID = "Crédito pago: transfira os créditos no site do SMS e marque a transferência com T."
RELEASED = "Transferência feita: os créditos estão liberados."


@dataclass
class SubscriberCredit:
    """What is bought, and how it stands. It stands behind its own items of a sale."""

    context: Context
    settings: SubscribersSettings
    items: Callable[[], Items]

    def values(self) -> tuple[CreditValue, ...]:
        """The configured values of credit."""
        return tuple(CreditValue(amount, messages) for messages, amount in self.settings.prices())

    def of(self, visit: Visit) -> list[Credit]:
        """A subscriber's purchases, the latest first."""
        with self.context.store.reading() as tx:
            return store.credits_of(tx, visit.subscriber.id)

    def get(self, key: str) -> Credit:
        """Return one purchase as it stands now. Raises RuleError when there is none."""
        with self.context.store.reading() as tx:
            found = store.credit(tx, key)
        if found is None:
            raise RuleError("Esta compra não está mais gravada.")
        return found

    def new_key(self) -> str:
        """Return a key for a purchase that somebody is about to confirm."""
        return new_key()

    def buy(self, key: str, visit: Visit, contract: Contract, value: CreditValue, who: str) -> Credit:
        """Register a purchase under a key made before the person confirmed: twice the same is one.

        Raises:
            RuleError: the plan is not active, or the value is not among the configured; Conflict.
        """
        if not qualifies(Feature.CREDIT, contract):
            raise RuleError("Só um plano ativo recebe crédito: habilite ou regularize o plano antes.")
        if value not in self.values():
            raise RuleError("Este valor de crédito não está mais configurado: escolha outro.")
        draft = self._draft(key, visit, contract, value, who)

        def work(tx: Transaction) -> Credit:
            number = tx.next_number(f"subscriber-credit/{self.context.till}")
            credit = replace(draft, number=number)
            credit = replace(credit, line=self._line(credit))
            store.insert_credit(tx, credit)
            data: dict[str, Field] = {
                "number": number,
                "amount": value.amount,
                "messages": value.messages,
                "plan": contract.id,
            }
            self.context.journal.note(tx, Event("subscriber.credit", key, who, data), "bought")
            return credit

        return self.context.store.write(work)

    def _draft(self, key: str, visit: Visit, contract: Contract, value: CreditValue, who: str) -> Credit:
        """A purchase before it has its number, and the line that is made with it."""
        today = self.context.clock().astimezone(self.context.zone).date()
        one = visit.subscriber
        return Credit(
            id=key,
            number=0,
            till=self.context.till,
            subscriber_id=one.id,
            subscriber_name=one.name,
            document=one.document,
            contract=contract.id,
            plan=contract.plan,
            messages=value.messages,
            amount=value.amount,
            due=(today + timedelta(days=self.settings.credit.days)).isoformat(),
            line="",
            state=C.WAITING,
            sale_id=None,
            item_id=None,
            who=who,
            created_at=self.context.now(),
            released_by="",
            version=0,
        )

    def _line(self, credit: Credit) -> str:
        """The linha digitável under the store's agreement with its bank; nothing without one."""
        settings = self.settings.credit
        if not settings.bank:
            return ""
        places = settings.free_field.count("N")
        number = f"{credit.till:02d}{credit.number:0{places - 2}d}"[-places:]
        free = settings.free_field.replace("N" * places, number)
        return line_of(bar_code(settings.bank, credit.due_on, credit.amount, free))

    # Payment

    def receive(self, sale: Sale, credit: Credit) -> Item:
        """Put a purchase into the open sale.

        Raises:
            RuleError: it is not waiting to be paid; Conflict: it stands in a sale already.
        """
        check_credit(credit.state, C.IN_SALE)
        subject = f"{PREFIX}/{credit.id}"
        name = f"Crédito {credit.messages} SMS {credit.subscriber_name}"
        item = self.items().add_bill(sale, subject, f"C{credit.till}-{credit.number}", name, credit.amount)
        self._change(credit, C.IN_SALE, sale.seller, "in sale", sale_id=sale.id, item_id=item.id)
        return item

    def item_sold(self, tx: Transaction, sale: Sale, item: Item) -> Item:
        """The sale was saved: the purchase is paid, and the item is done."""
        credit = self._of_item(tx, item)
        # A crash may have come between the item and its purchase: it then still waits, and may be paid too.
        check_credit(credit.state, C.PAID)
        self._claim(tx, credit, state=C.PAID, sale_id=sale.id, item_id=item.id)
        done = self.items().move(tx, item, ItemState.DONE, sale.seller)
        self.context.journal.note(tx, Event("subscriber.credit", credit.id, sale.seller), C.PAID.value)
        return done

    def item_removed(self, tx: Transaction, sale: Sale, item: Item) -> None:
        """Taken off the sale: it waits to be paid again."""
        credit = self._of_item(tx, item)
        if credit.state is C.IN_SALE:
            self._claim(tx, credit, state=C.WAITING, sale_id=None, item_id=None)

    # By hand

    def paid(self, credit: Credit, who: str) -> Credit:
        """Somebody saw its boleto or Pix paid."""
        return self._change(credit, C.PAID, who, C.PAID.value)

    def release(self, credit: Credit, who: str) -> Credit:
        """The credits were transferred on the SMS provider's site. Raises RuleError unless it is paid."""
        if not self._has_money(credit):
            raise RuleError(
                "O pagamento desta compra foi devolvido: não transfira os créditos. F8 a cancela."
            )
        return self._change(credit, C.RELEASED, who, C.RELEASED.value, released_by=who)

    def cancel(self, credit: Credit, who: str) -> Credit:
        """Nobody is going to pay it, or the money went back. Raises RuleError while it is paid."""
        if credit.state is C.PAID and self._has_money(credit):
            raise RuleError("Esta compra está paga: estorne antes o pagamento da venda.")
        return self._change(credit, C.CANCELLED, who, C.CANCELLED.value)

    # Inside

    def _has_money(self, credit: Credit) -> bool:
        """Whether what was taken for it at the counter is still here."""
        with self.context.store.reading() as tx:
            sale = sales.get(tx, credit.sale_id) if credit.sale_id else None
        return sale is None or is_paid(sale)

    def _change(self, credit: Credit, then: CreditState, who: str, name: str, **values: object) -> Credit:
        check_credit(credit.state, then)
        claim = Claim(CreditRow, credit.id, credit.version, Change({"state": then, **values}))
        event = Event("subscriber.credit", credit.id, who, {"number": credit.number, "amount": credit.amount})
        self.context.journal.change(claim, event, name)
        return self.get(credit.id)

    def _of_item(self, tx: Transaction, item: Item) -> Credit:
        found = store.credit(tx, item.subject.removeprefix(f"{PREFIX}/"))
        if found is None:
            raise RuleError("Esta compra de crédito não está mais gravada: retire-a da venda.")
        return found

    def _claim(self, tx: Transaction, credit: Credit, **values: object) -> None:
        if not tx.claim(CreditRow, credit.id, credit.version, **values):
            raise Conflict("A compra de crédito mudou enquanto isso: confira e tente de novo.")
