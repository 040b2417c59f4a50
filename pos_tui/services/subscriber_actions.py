"""What the desk asks of the ERP once: settle a bill that was received in a sale, enable a suspended plan.

Each goes through `Journal.ask`. A settling is sent by itself once, after the sale is saved and paid; what
nobody knows is found out by asking the ERP's own lists, and is sent again only by a person.
"""

import dataclasses
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from pos_tui.domain.card import BRAND_WORDS, Brand, CardKind
from pos_tui.domain.errors import Conflict, PosError, RuleError
from pos_tui.domain.item import Item, ItemState
from pos_tui.domain.outcome import Done, NotSent, Outcome, Refused
from pos_tui.domain.payment import Method
from pos_tui.domain.people import Action
from pos_tui.domain.sale import PaymentLine, Sale, SaleState
from pos_tui.domain.subscriber import Bill, BillState, Contract, ContractState
from pos_tui.domain.subscriber_action import (
    ActionKind,
    ActionState,
    SubscriberAction,
    after_asking,
    after_finding,
    bill_name,
    check_move,
)
from pos_tui.providers.subscribers.base import (
    Access,
    CounterPayment,
    Enabling,
    PaidWith,
    Settled,
    SubscriberProvider,
)
from pos_tui.services.context import Context
from pos_tui.services.guard import Guard
from pos_tui.services.items import Items
from pos_tui.services.journal import Change, Claim, Event
from pos_tui.services.refunds import Warrant
from pos_tui.services.subscribers import Visit, unwrap
from pos_tui.store import items as store_items
from pos_tui.store import sales as store_sales
from pos_tui.store import subscriber_actions as actions
from pos_tui.store.database import Transaction
from pos_tui.store.ids import new_key
from pos_tui.store.models.subscribers import SubscriberActionRow

S = ActionState
PREFIX = "conta"
STILL_OPEN = "O provedor mostra esta conta ainda em aberto: a baixa não aconteceu. E envia de novo."
UNKNOWN_STILL = "Ainda não se sabe se o provedor deu a baixa: consulte de novo com F5 em dois minutos."
CONFIRM_FIRST = "O pagamento desta venda ainda não está confirmado: consulte-o com F5 na venda primeiro."

Paper = Callable[[Transaction, SubscriberAction], None]
"""Queues the proof of an action that came about, in the commit that tells of it."""


@dataclass
class SubscriberActions:
    """One till's effects at one ERP. It stands behind the bills of a sale."""

    context: Context
    connect: Callable[[], SubscriberProvider]
    items: Callable[[], Items]
    guard: Guard
    paper: Paper

    # Reading

    def get(self, key: str) -> SubscriberAction:
        """Return one action as it stands now. Raises RuleError when there is none."""
        with self.context.store.reading() as tx:
            found = actions.get(tx, key)
        if found is None:
            raise RuleError("Este pedido não está mais gravado.")
        return found

    def waiting(self) -> list[SubscriberAction]:
        """What somebody must still do or learn, the oldest first."""
        with self.context.store.reading() as tx:
            return actions.waiting(tx)

    def of_subscriber(self, key: str) -> list[SubscriberAction]:
        """A subscriber's settlings and enablings, the latest first."""
        with self.context.store.reading() as tx:
            return actions.of_subscriber(tx, key)

    # Receiving a bill

    def receive(self, sale: Sale, visit: Visit, bill: Bill) -> Item:
        """Put a bill into the open sale. Nothing is asked of the ERP before the sale is saved.

        Raises:
            RuleError: it is not open; Conflict: it stands in a sale already.
        """
        if bill.state is not BillState.OPEN or bill.amount <= 0:
            raise RuleError("Só uma conta em aberto e com valor pode ser recebida.")
        provider = self.connect().name
        subject = f"{PREFIX}/{provider}/{bill.id}"
        name = bill_name(bill, visit.subscriber.name)
        draft = self._draft(ActionKind.SETTLE, visit, bill.id, name, sale.seller, bill)
        item = self.items().add_bill(sale, subject, bill.number or bill.id, name, bill.amount)
        action = dataclasses.replace(draft, state=S.IN_SALE, sale_id=sale.id, item_id=item.id)
        self.context.store.write(lambda tx: actions.insert(tx, action))
        return item

    def item_sold(self, tx: Transaction, sale: Sale, item: Item) -> None:
        """The sale was saved: the bill is to be settled."""
        action = self._of_item(tx, item)
        check_move(action.state, S.DUE)
        self._claim(tx, action, state=S.DUE, open_since=self.context.now())
        self.items().move(tx, item, ItemState.PENDING, sale.seller)
        self.context.journal.note(tx, _event(action, sale.seller), "due")

    def item_removed(self, tx: Transaction, sale: Sale, item: Item) -> None:
        """The bill was taken off, or the sale given up."""
        action = actions.of_item(tx, item.id)
        # A crash may have come between the item and its action: then there is nothing to take back.
        if action is not None:
            check_move(action.state, S.REMOVED)
            self._claim(tx, action, state=S.REMOVED)

    def settle_sale(self, sale_id: str, who: str) -> list[SubscriberAction]:
        """Settle what a saved sale received, each once; return how they stand."""
        with self.context.store.reading() as tx:
            due = [one for one in actions.of_sale(tx, sale_id) if _is_fresh(one)]
        for action in due:
            try:
                self._settle(action, who)
            except PosError:
                # Somebody else has it, or its payment is not through yet: it stays to be done.
                continue
        return [self.get(action.id) for action in due]

    def settled_words(self, settled: list[SubscriberAction]) -> str:
        """Say how settlings stand, the first that is not done before all others."""
        for action in settled:
            if action.state is not S.DONE:
                told = " ".join(part for part in (action.why, action.text) if part)
                return f"{action.about}: baixa {action.words}. {told} Veja em Central do assinante, F5."
        return f"{len(settled)} conta(s) recebida(s) e baixada(s) no provedor." if settled else ""

    def send(self, key: str, who: str) -> SubscriberAction:
        """A person sends a settling again: only what the ERP still shows as open is sent.

        Raises:
            RuleError: nobody knows yet what became of it, or it is done.
        """
        action = self.get(key)
        if action.kind is not ActionKind.SETTLE or action.state not in (S.DUE, S.REFUSED):
            raise RuleError(f"Esta baixa está {action.words}: não há o que enviar de novo.")
        settled, still_open = self._lists(action)
        if settled:
            self._found(action, S.DONE, "O provedor já mostra esta conta como baixada.", who)
        elif not still_open:
            raise RuleError("O provedor não mostra esta conta nem em aberto nem baixada: confira com ele.")
        else:
            self._settle(action, who)
        return self.get(key)

    # Enabling

    def enable(self, visit: Visit, contract: Contract, bill: Bill | None, who: str) -> SubscriberAction:
        """Enable a suspended plan provisionally, once. Returns how it stands.

        Raises:
            RuleError: the plan is not suspended; Conflict: an earlier one is still open.
        """
        if contract.state is not ContractState.SUSPENDED:
            raise RuleError("Só um plano suspenso pode ser habilitado provisoriamente.")
        provider = self.connect()
        draft = self._draft(ActionKind.ENABLE, visit, contract.id, contract.plan, who, bill)
        action = dataclasses.replace(draft, holds=f"{provider.name}/{contract.id}")
        self.context.store.write(lambda tx: actions.insert(tx, action))
        today = self._today()
        self._ask(action, who, lambda: provider.enable(visit.access, contract, bill, today))
        return self.get(action.id)

    # Finding out

    def ask(self, key: str, who: str, visit: Visit | None = None) -> SubscriberAction:
        """Find out what became of an action. Never has an effect at the ERP.

        `visit` is needed where the ERP wants the subscriber's own password.
        """
        action = self.get(key)
        if action.state not in (S.SENDING, S.UNCERTAIN):
            return action
        if action.kind is ActionKind.SETTLE:
            settled, still_open = self._lists(action, visit)
            waited = self.context.now() - (action.open_since or action.created_at)
            then = after_finding(settled, still_open, waited)
            why = {S.DONE: "", S.DUE: STILL_OPEN}.get(then, UNKNOWN_STILL)
            self._found(action, then, why, who)
        else:
            contract = Contract(action.target, action.about, ContractState.SUSPENDED)
            state = unwrap(self.connect().state_of(_access(action, visit), contract))
            if state is ContractState.ACTIVE:
                self._found(action, S.DONE, "", who)
            else:
                self._found(action, S.UNCERTAIN, "O provedor ainda mostra o plano suspenso.", who)
        return self.get(key)

    def rule(self, key: str, done: bool, warrant: Warrant) -> SubscriberAction:
        """A supervisor says what became of an action that asking does not settle.

        Raises:
            RuleError: it is final; FieldError: on `supervisor` or `reason`.
        """
        action, warrant = self.get(key), warrant.checked()
        trace = self.guard.allow(Action.RULE_PAYMENT, key, warrant.approval)
        then = S.DONE if done else S.UNDONE
        check_move(action.state, then)
        told = {"supervisor": warrant.supervisor, "reason": warrant.reason, **trace}
        change = self._ended(action, then, {"why": f"Decidido por {warrant.supervisor}."}, warrant.who)
        claim = Claim(SubscriberActionRow, action.id, action.version, change)
        event = _event(action, warrant.who)
        ruled = Event(event.kind, event.subject, event.who, {**event.data, **told})
        self.context.journal.change(claim, ruled, f"ruled {then.value}")
        return self.get(key)

    def sweep(self, who: str) -> list[SubscriberAction]:
        """Finish what a crash left: ask about what was under way, send what never was; return what waits."""
        for action in self.waiting():
            if action.provider != self.connect().name or action.till != self.context.till:
                continue
            try:
                if action.state in (S.SENDING, S.UNCERTAIN):
                    self.ask(action.id, who)
                elif _is_fresh(action):
                    self._settle(action, who)
            except PosError:
                # The ERP cannot be asked now: it stays, and is shown.
                continue
        return self.waiting()

    # Inside

    def _settle(self, action: SubscriberAction, who: str) -> None:
        with self.context.store.reading() as tx:
            sale = store_sales.get(tx, action.sale_id or "")
        if sale is None or sale.state is not SaleState.SAVED or any(line.waits for line in sale.payments):
            raise RuleError(CONFIRM_FIRST)
        provider, bill = self.connect(), _bill(action)
        payment = _payment(sale, action.amount, self._today())
        self._ask(action, who, lambda: provider.settle(_access(action), bill, payment))

    def _ask(
        self, action: SubscriberAction, who: str, request: "Callable[[], Outcome[Settled | Enabling]]"
    ) -> None:
        check_move(action.state, S.SENDING)
        began = Change({"state": S.SENDING, "open_since": self.context.now(), "why": "", "text": ""})
        claim = Claim(SubscriberActionRow, action.id, action.version, began)

        def settled(outcome: "Outcome[Settled | Enabling]") -> Change:
            return self._ended(action, after_asking(outcome), _told(outcome), who)

        self.context.journal.ask(claim, _event(action, who), request, settled)

    def _found(self, action: SubscriberAction, then: ActionState, why: str, who: str) -> None:
        """Write down what asking has shown. Still not known changes only the words."""
        if then is not action.state:
            check_move(action.state, then)
        change = self._ended(action, then, {"why": why}, who)
        claim = Claim(SubscriberActionRow, action.id, action.version, change)
        self.context.journal.change(claim, _event(action, who), f"found {then.value}")

    def _ended(
        self, action: SubscriberAction, then: ActionState, values: dict[str, object], who: str
    ) -> Change:
        after = dataclasses.replace(action, state=then)
        final: dict[str, object] = {}
        if not after.waits:
            final = {"open_since": None, "settled_at": self.context.now(), "holds": None}

        def follows(tx: Transaction) -> None:
            if then is S.DONE:
                now = actions.get(tx, action.id)
                assert now is not None
                self.paper(tx, now)
            if then in (S.DONE, S.UNDONE) and action.item_id:
                item = store_items.get(tx, action.item_id)
                assert item is not None, "a settling hangs on a stored item"
                self.items().move(tx, item, ItemState.DONE if then is S.DONE else ItemState.UNDONE, who)

        return Change({"state": then, **values, **final}, follows, {"state": then.value})

    def _lists(self, action: SubscriberAction, visit: Visit | None = None) -> tuple[bool, bool]:
        """Whether the ERP shows the bill as settled, and whether as open. Raises RuleError."""
        provider, access = self.connect(), _access(action, visit)
        settled = any(bill.id == action.target for bill in unwrap(provider.settled_bills(access)))
        still_open = any(bill.id == action.target for bill in unwrap(provider.open_bills(access)))
        return settled, still_open

    def _of_item(self, tx: Transaction, item: Item) -> SubscriberAction:
        found = actions.of_item(tx, item.id)
        if found is None:
            raise RuleError("Esta conta não está completa na venda: retire-a e receba de novo.")
        return found

    def _claim(self, tx: Transaction, action: SubscriberAction, **values: object) -> None:
        if not tx.claim(SubscriberActionRow, action.id, action.version, **values):
            raise Conflict("A conta mudou enquanto isso: confira e tente de novo.")

    def _draft(
        self, kind: ActionKind, visit: Visit, target: str, about: str, who: str, bill: Bill | None
    ) -> SubscriberAction:
        one = visit.subscriber
        return SubscriberAction(
            id=new_key(),
            kind=kind,
            provider=self.connect().name,
            till=self.context.till,
            subscriber_id=one.id,
            subscriber_name=one.name,
            document=one.document,
            target=target,
            about=about,
            bill=_as_json(bill) if bill else "",
            amount=bill.amount if bill else 0,
            state=S.DUE,
            holds=None,
            sale_id=None,
            item_id=None,
            protocol="",
            text="",
            why="",
            who=who,
            created_at=self.context.now(),
            open_since=self.context.now() if kind is ActionKind.ENABLE else None,
            settled_at=None,
            version=0,
        )

    def _today(self) -> date:
        return self.context.clock().astimezone(self.context.zone).date()


def _is_fresh(action: SubscriberAction) -> bool:
    """Whether it is to be sent for the first time: what was tried before waits for a person."""
    return action.kind is ActionKind.SETTLE and action.state is S.DUE and not action.why


def _access(action: SubscriberAction, visit: Visit | None = None) -> Access:
    same = visit is not None and visit.access.id == action.subscriber_id
    return visit.access if visit is not None and same else Access(action.subscriber_id, action.document)


def _event(action: SubscriberAction, who: str) -> Event:
    data = {"provider": action.provider, "subscriber": action.subscriber_id, "target": action.target}
    return Event(f"subscriber.{action.kind.value}", action.id, who, {**data, "amount": action.amount})


def _told(outcome: "Outcome[Settled | Enabling]") -> dict[str, object]:
    match outcome:
        case Done(Settled(protocol=protocol)):
            return {"protocol": protocol[:60]}
        case Done(Enabling(protocol=protocol, text=text)):
            return {"protocol": protocol[:60], "text": text}
        case Refused(_, _, text):
            return {"why": "O provedor recusou.", "text": text}
        case NotSent(why):
            return {"why": why}
        case _:
            return {"why": getattr(outcome, "why", "")}


def _as_json(bill: Bill) -> str:
    return json.dumps(
        {"id": bill.id, "number": bill.number, "amount": bill.amount, "contract": bill.contract}
    )


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
}


def _payment(sale: Sale, amount: int, on: date) -> CounterPayment:
    """Say how a bill was paid: a card tells most, and so comes first where several ways were used."""
    counting = [line for line in sale.payments if line.weight.counts]
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
