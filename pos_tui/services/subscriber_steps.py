"""The steps every effect at the ERP takes: written down, asked once, ended with all that follows from it."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from pos_tui.domain.errors import RuleError
from pos_tui.domain.item import ItemState
from pos_tui.domain.outcome import Done, NotSent, Outcome, Refused
from pos_tui.domain.subscriber import Bill
from pos_tui.domain.subscriber_action import (
    ActionKind,
    ActionState,
    SubscriberAction,
    after_asking,
    check_move,
)
from pos_tui.domain.values import replace
from pos_tui.providers.subscribers.base import Access, Enabling, Settled, SubscriberProvider
from pos_tui.services.context import Context
from pos_tui.services.items import Items
from pos_tui.services.journal import Change, Claim, Event
from pos_tui.services.subscribers import Visit
from pos_tui.store import items as store_items
from pos_tui.store import subscriber_actions as actions
from pos_tui.store.database import Transaction
from pos_tui.store.ids import new_key
from pos_tui.store.models.subscribers import SubscriberActionRow

S = ActionState

Paper = Callable[[Transaction, SubscriberAction], None]
"""Queues the proof of an action that came about, in the commit that tells of it."""


@dataclass
class ActionSteps:
    """Used by whoever settles and enables; decides nothing."""

    context: Context
    connect: Callable[[], SubscriberProvider]
    items: Callable[[], Items]
    paper: Paper

    def get(self, key: str) -> SubscriberAction:
        """Return one action as it stands now. Raises RuleError when there is none."""
        with self.context.store.reading() as tx:
            found = actions.get(tx, key)
        if found is None:
            raise RuleError("Este pedido não está mais gravado.")
        return found

    def draft(
        self, kind: ActionKind, visit: Visit, target: str, about: str, who: str, bill: Bill | None
    ) -> SubscriberAction:
        """Return an action that is to be sent; nothing is written yet."""
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

    def ask(
        self, action: SubscriberAction, who: str, request: "Callable[[], Outcome[Settled | Enabling]]"
    ) -> None:
        """Ask the ERP for the effect, once. Raises Conflict when somebody else has the action."""
        check_move(action.state, S.SENDING)
        began = Change({"state": S.SENDING, "open_since": self.context.now(), "why": "", "text": ""})
        claim = Claim(SubscriberActionRow, action.id, action.version, began)

        def settled(outcome: "Outcome[Settled | Enabling]") -> Change:
            return self.ended(action, after_asking(action.kind, outcome), _told(outcome), who)

        self.context.journal.ask(claim, event(action, who), request, settled)

    def found(self, action: SubscriberAction, then: ActionState, why: str, who: str) -> None:
        """Write down what asking has shown. Still not known changes only the words."""
        if then is not action.state:
            check_move(action.state, then)
        change = self.ended(action, then, {"why": why}, who)
        claim = Claim(SubscriberActionRow, action.id, action.version, change)
        self.context.journal.change(claim, event(action, who), f"found {then.value}")

    def ended(
        self, action: SubscriberAction, then: ActionState, values: dict[str, object], who: str
    ) -> Change:
        """What an action becomes, with its paper and its item in the same commit."""
        after = replace(action, state=then)
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

    def today(self) -> date:
        """The store's day."""
        return self.context.clock().astimezone(self.context.zone).date()


def access_of(action: SubscriberAction, visit: Visit | None = None) -> Access:
    """How the ERP is asked about an action's subscriber; by their own password while they are here."""
    same = visit is not None and visit.access.id == action.subscriber_id
    return visit.access if visit is not None and same else Access(action.subscriber_id, action.document)


def event(action: SubscriberAction, who: str) -> Event:
    """Return a line of the journal about an action."""
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
