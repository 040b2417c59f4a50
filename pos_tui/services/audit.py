"""Oversight: what is unfinished in every till of the store, and the searchable trail (issue 6)."""

from collections.abc import Iterator
from enum import StrEnum

from msgspec import Struct

from pos_tui.domain.money import format_brl
from pos_tui.domain.payment import LABELS, Decision, Method, PaymentState, words
from pos_tui.domain.people import Action
from pos_tui.domain.sale import SaleState
from pos_tui.domain.spool import NAMES
from pos_tui.domain.topup import TopUp
from pos_tui.domain.trail import TrailFilter, TrailLine
from pos_tui.services.context import Context
from pos_tui.services.guard import Approval, Guard
from pos_tui.store import topups, trail
from pos_tui.store.database import Row, Transaction
from pos_tui.store.models import SaleRow

PAGE = 50
MOST = 500
"""More unfinished business than any limit lets a store have."""


class Wait(StrEnum):
    """What is unfinished."""

    TOPUP = "topup"
    PAYMENT = "payment"
    PAPER = "paper"
    RECURRING = "recurring"
    REQUEST = "request"
    TEF = "tef"
    LATE = "late"


class Unfinished(Struct, frozen=True):
    """One thing that waits, of any till."""

    kind: Wait
    id: str
    till: int
    branch: str
    who: str
    since: int
    """UTC milliseconds."""
    what: str
    why: str
    sale_id: str | None


class Audit:
    """For supervisors; the guard is asked by every call."""

    def __init__(self, context: Context, guard: Guard) -> None:
        self._context = context
        self._store = context.store
        self._guard = guard

    def may_oversee(self, approval: Approval | None = None) -> None:
        """Raise NeedsApproval unless the person here, or an approval, lets them see every till."""
        self._guard.allow(Action.OVERSEE, "", approval)

    def may_read_trail(self, approval: Approval | None = None) -> None:
        """Raise NeedsApproval unless the person here, or an approval, lets them read the trail."""
        self._guard.allow(Action.READ_TRAIL, "", approval)

    def may_diagnose(self, approval: Approval | None = None) -> None:
        """Raise NeedsApproval unless the person here, or an approval, lets them see how the till is."""
        self._guard.allow(Action.DIAGNOSE, "", approval)

    def unfinished(self) -> list[Unfinished]:
        """Return what waits in every till and branch that shares the database, the oldest first."""
        with self._store.reading() as tx:
            found = [*self._topups(tx)]
            found += [_payment(row) for row in trail.unanswered_payments(tx, MOST)]
            found += [self._paper(row) for row in trail.unconfirmed_papers(tx, MOST)]
            found += self._beside_sales(tx)
            found += self._late(tx)
        return sorted(found, key=lambda one: one.since)

    def trail(self, chosen: TrailFilter, edge: str | None = None, newer: bool = False) -> list[TrailLine]:
        """Return a page of the trail, newest first: older than the line `edge`, or `newer` than it."""
        with self._store.reading() as tx:
            return trail.page(tx, chosen, PAGE, edge, newer)

    def _paper(self, row: Row) -> Unfinished:
        key, till, branch, kind, queued, why = row
        words = f"{NAMES.get(kind, kind)}: saiu?"
        here = branch or self._branch_of(till)
        return Unfinished(Wait.PAPER, key, till, here, "impressora", queued, words, why, None)

    def _beside_sales(self, tx: Transaction) -> Iterator[Unfinished]:
        """What other desks wait for. Their tables are imported here: selling does without them."""
        from pos_tui.domain import recurring, subscriber_action
        from pos_tui.store import unfinished

        for key, sale, number, till, branch, seller, state, total, why, since, made in unfinished.attempts(
            tx, MOST
        ):
            said = recurring.WORDS[recurring.AttemptState(state)]
            what = f"Crédito recorrente {format_brl(total)}, OS {number}: {said}"
            yield Unfinished(Wait.RECURRING, key, till, branch, seller, since or made, what, why, sale)
        for key, kind, till, branch, who, about, state, why, since in unfinished.requests(tx, MOST):
            name = subscriber_action.KIND_WORDS[subscriber_action.ActionKind(kind)]
            said = subscriber_action.WORDS[subscriber_action.ActionState(state)]
            here = branch or self._branch_of(till)
            yield Unfinished(Wait.REQUEST, key, till, here, who, since, f"{name}: {about}: {said}", why, None)
        for key, till, who, state, decision, why, since in unfinished.tef_menus(tx, MOST):
            said = words(PaymentState(state), Decision(decision))
            kept = decision == Decision.NONE
            what = f"Resposta do TEF que ninguém esperava: {said}" if kept else f"Menu do TEF: {said}"
            yield Unfinished(Wait.TEF, key, till, self._branch_of(till), who, since, what, why, None)

    def _late(self, tx: Transaction) -> Iterator[Unfinished]:
        """What a till did without the server, and another had done otherwise before."""
        from pos_tui.services.late_claims import difference, thing
        from pos_tui.store import late_claims

        for one in late_claims.open_ones(tx, MOST):
            about = late_claims.subject_of(tx, one)
            sale, _, branch, seller = about[:4] if about else (None, None, self._branch_of(one.till), "")
            what = f"Chegou tarde ao servidor: {thing(one, about)}"
            yield Unfinished(Wait.LATE, one.id, one.till, branch, seller, one.at, what, difference(one), sale)

    def _branch_of(self, till: int) -> str:
        """This till knows its own branch only."""
        return self._context.branch if till == self._context.till else ""

    @staticmethod
    def _topups(tx: Transaction) -> list[Unfinished]:
        waiting = topups.pending(tx, MOST)
        query = SaleRow.select(SaleRow.id, SaleRow.branch, SaleRow.seller)
        rows = tx.rows(query.where(SaleRow.id.in_([topup.sale_id for topup in waiting])))
        sellers = {row[0]: (str(row[1]), str(row[2])) for row in rows}
        return [_topup(topup, *sellers.get(topup.sale_id, ("", ""))) for topup in waiting]


def _topup(topup: TopUp, branch: str, seller: str) -> Unfinished:
    what = f"{topup.operator_name} {topup.mobile} {format_brl(topup.face)}: {topup.words}"
    since = topup.open_since or topup.requested_at
    return Unfinished(Wait.TOPUP, topup.id, topup.till, branch, seller, since, what, topup.why, topup.sale_id)


def _payment(row: Row) -> Unfinished:
    key, sale_id, number, till, branch, seller, method, amount, state, decision, opened, standing = row
    said = words(PaymentState(state), Decision(decision))
    what = f"{LABELS[Method(method)]} {format_brl(amount)}: {said}"
    under_way = "Venda abandonada." if standing == SaleState.DISCARDED else "Venda em andamento."
    why = f"Venda {number}." if number else under_way
    return Unfinished(Wait.PAYMENT, key, till, branch, seller, opened, what, why, sale_id)
