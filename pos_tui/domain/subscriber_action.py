"""What is asked of an ERP once: a bill settled, a plan enabled provisionally — and credit bought (design §3).

A settling begins as an item of a sale and is sent after the sale is saved. What nobody knows is found out by
asking; it is sent again only after the ERP said that nothing happened, and then by a person's key.
"""

from datetime import date
from enum import StrEnum

from msgspec import Struct

from pos_tui.domain.errors import RuleError
from pos_tui.domain.outcome import Done, NotSent, Outcome, Refused
from pos_tui.domain.subscriber import Bill


class ActionKind(StrEnum):
    """What is asked."""

    SETTLE = "settle"
    ENABLE = "enable"


KIND_WORDS = {ActionKind.SETTLE: "Baixa", ActionKind.ENABLE: "Habilitação"}


class ActionState(StrEnum):
    """Where it stands."""

    IN_SALE = "in_sale"
    REMOVED = "removed"
    DUE = "due"
    """To be sent; nothing is under way."""
    SENDING = "sending"
    UNCERTAIN = "uncertain"
    REFUSED = "refused"
    DONE = "done"
    UNDONE = "undone"
    """It did not come about: it never left, or a person ruled so."""


S = ActionState

MOVES: dict[ActionState, frozenset[ActionState]] = {
    S.IN_SALE: frozenset({S.REMOVED, S.DUE}),
    S.REMOVED: frozenset(),
    S.DUE: frozenset({S.SENDING, S.DONE, S.UNDONE}),
    S.SENDING: frozenset({S.DONE, S.REFUSED, S.DUE, S.UNCERTAIN, S.UNDONE}),
    S.UNCERTAIN: frozenset({S.DONE, S.DUE, S.UNDONE}),
    S.REFUSED: frozenset({S.SENDING, S.DONE, S.UNDONE}),
    # A settled bill whose payment went back: its item lets it go, so that it can be received again.
    S.DONE: frozenset({S.UNDONE}),
    S.UNDONE: frozenset(),
}
"""Every allowed move. No way leads from what nobody knows to sending it again."""

WORDS = {
    S.IN_SALE: "na venda",
    S.REMOVED: "retirada da venda",
    S.DUE: "a enviar",
    S.SENDING: "enviando",
    S.UNCERTAIN: "incerta [consultar]",
    S.REFUSED: "recusada",
    S.DONE: "feita",
    S.UNDONE: "não realizada",
}

WAITING = frozenset({S.DUE, S.SENDING, S.UNCERTAIN})
"""States in which somebody must still do or learn something, whatever is asked."""

SURE_MS = 120_000
"""Longer than any exchange: what an ERP does not show by then, it never took."""


class SubscriberAction(Struct, frozen=True):
    """One effect at the ERP, as last read."""

    id: str
    kind: ActionKind
    provider: str
    till: int
    subscriber_id: str
    subscriber_name: str
    document: str
    target: str
    about: str
    bill: str
    amount: int
    state: ActionState
    holds: str | None
    sale_id: str | None
    item_id: str | None
    protocol: str
    text: str
    why: str
    who: str
    created_at: int
    open_since: int | None
    settled_at: int | None
    version: int

    @property
    def words(self) -> str:
        """Where it stands, as the screen says it."""
        return WORDS[self.state]

    @property
    def waits(self) -> bool:
        """Whether somebody must act: the refusal of a bill that was paid for is no end either."""
        return self.state in WAITING or (self.kind is ActionKind.SETTLE and self.state is S.REFUSED)


def check_move(now: ActionState, then: ActionState) -> ActionState:
    """Return `then` when the table allows the move. Raises RuleError when it does not."""
    if then not in MOVES[now]:
        raise RuleError(f"Uma baixa «{WORDS[now]}» não pode passar a «{WORDS[then]}».")
    return then


def after_asking(kind: ActionKind, outcome: Outcome[object]) -> ActionState:
    """Return where an effect stands after its one request.

    A settling that never left is still due: it was paid for. An enabling is asked for anew.
    """
    match outcome:
        case Done():
            return S.DONE
        case Refused():
            return S.REFUSED
        case NotSent():
            return S.DUE if kind is ActionKind.SETTLE else S.UNDONE
        case _:
            return S.UNCERTAIN


def after_finding(settled: bool, still_open: bool, waited_ms: int) -> ActionState:
    """Return where an uncertain settling stands by what the ERP's own lists show.

    Still open proves a no only once no request of ours can be on its way any more.
    """
    if settled:
        return S.DONE
    return S.DUE if still_open and waited_ms >= SURE_MS else S.UNCERTAIN


class CreditState(StrEnum):
    """Where bought credit stands (seed 4)."""

    WAITING = "waiting"
    IN_SALE = "in_sale"
    PAID = "paid"
    RELEASED = "released"
    CANCELLED = "cancelled"


CREDIT_WORDS = {
    CreditState.WAITING: "aguardando pagamento",
    CreditState.IN_SALE: "na venda em andamento",
    CreditState.PAID: "paga: transferir os créditos",
    CreditState.RELEASED: "liberada",
    CreditState.CANCELLED: "cancelada",
}

CREDIT_MOVES: dict[CreditState, frozenset[CreditState]] = {
    CreditState.WAITING: frozenset({CreditState.IN_SALE, CreditState.PAID, CreditState.CANCELLED}),
    CreditState.IN_SALE: frozenset({CreditState.WAITING, CreditState.PAID}),
    CreditState.PAID: frozenset({CreditState.RELEASED, CreditState.CANCELLED}),
    CreditState.RELEASED: frozenset(),
    CreditState.CANCELLED: frozenset(),
}
"""Released only after it was paid; what is paid is cancelled only once the money went back."""


class Credit(Struct, frozen=True):
    """SMS credit bought for a plan."""

    id: str
    number: int
    till: int
    subscriber_id: str
    subscriber_name: str
    document: str
    contract: str
    plan: str
    messages: int
    amount: int
    due: str
    """ISO day."""
    line: str
    state: CreditState
    sale_id: str | None
    item_id: str | None
    who: str
    created_at: int
    released_by: str
    version: int

    @property
    def words(self) -> str:
        """Where it stands, as the screen says it."""
        return CREDIT_WORDS[self.state]

    @property
    def due_on(self) -> date:
        """The day it falls due."""
        return date.fromisoformat(self.due)


def check_credit(now: CreditState, then: CreditState) -> CreditState:
    """Return `then` when the table allows the move. Raises RuleError when it does not."""
    if then not in CREDIT_MOVES[now]:
        raise RuleError(f"Esta compra está {CREDIT_WORDS[now]}: não pode passar a «{CREDIT_WORDS[then]}».")
    return then


def bill_name(bill: Bill, subscriber: str) -> str:
    """Name a bill in a sale: `Conta 1001/1 José Aparecido da Silva`."""
    return f"Conta {bill.number or bill.id} {subscriber}"
