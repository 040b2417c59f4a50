"""What a person decides of a recurring payment: the manual mode's moves, and a late payment taken."""

from functools import partial

from pos_tui.domain.card import refuse_pan
from pos_tui.domain.errors import FieldError, RuleError
from pos_tui.domain.instalments import Instalment, InstalmentState
from pos_tui.domain.instalments import check_move as check_instalment
from pos_tui.domain.journal import Field
from pos_tui.domain.people import check_reason
from pos_tui.domain.recurring import HOLDING, Attempt, AttemptState, Mode, check_move
from pos_tui.domain.sale import SaleState
from pos_tui.domain.text import clean
from pos_tui.domain.values import replace
from pos_tui.services.context import Context
from pos_tui.services.finalising import Finalising
from pos_tui.services.journal import Change, Claim
from pos_tui.services.recurring import Recurring
from pos_tui.services.recurring_settling import make_instalments
from pos_tui.services.recurring_steps import Steps, event
from pos_tui.store import recurring, sales
from pos_tui.store.database import Transaction
from pos_tui.store.models.recurring import InstalmentRow

S = AttemptState


class RecurringByHand:
    """One till's."""

    def __init__(self, context: Context, recurring_: Recurring, finalising: Finalising) -> None:
        self._context = context
        self._store = context.store
        self._recurring = recurring_
        self._finalising = finalising
        self._steps = Steps(context, finalising)

    # The manual mode

    def move(self, instalment: Instalment, then: InstalmentState, name: str, reason: str) -> None:
        """Say what became of an instalment that no provider tells of; the first one paid finishes the OS.

        Raises:
            FieldError: on `name` or `reason`.
            RuleError: it is the provider's to say, or there is no such move.
            Conflict: somebody else was first.
        """
        attempt = self._recurring.get(instalment.attempt_id)
        if attempt.mode is not Mode.MANUAL:
            raise RuleError("Esta cobrança é integrada: quem muda a parcela é a plataforma. Consulte com F5.")
        who, why = clean(refuse_pan("name", name), 60), check_reason(reason)
        if len(who) < 2:
            raise FieldError("name", "Informe o nome de quem confirma.")
        if instalment.state is InstalmentState.CONFIRMED:
            raise RuleError("A parcela está confirmada: D devolve o dinheiro, com o supervisor.")
        if attempt.state not in (S.WAITING, S.PAID):
            raise RuleError(f"A tentativa está {attempt.words.lower()}: nada a mudar nela.")
        values: dict[str, object] = {
            "state": check_instalment(instalment.state, then),
            "reason": why,
            "moved_by": who,
            "moved_at": self._context.now(),
        }
        told: dict[str, Field] = {"number": instalment.number, "reason": why, "amount": instalment.amount}
        after = replace(instalment, state=then, reason=why)
        change = Change(values, partial(self._followed, attempt, after, who))
        claim = Claim(InstalmentRow, instalment.id, instalment.version, change)
        self._context.journal.change(claim, event(attempt, "by_hand", who, **told), then.value)

    def _followed(self, attempt: Attempt, moved: Instalment, who: str, tx: Transaction) -> None:
        """What a move means for the attempt, in the same commit."""
        rows = recurring.instalments_of(tx, attempt.id)
        unsettled = any(one.state in (InstalmentState.AWAITING, InstalmentState.DENIED) for one in rows)
        values: dict[str, object] = {}
        paid = attempt.state is S.WAITING and moved.state is InstalmentState.CONFIRMED
        if paid:
            values = {"state": S.PAID, "problem": "", "settled_at": self._context.now()}
            self._finalising.finish(tx, attempt.sale_id, who)
        elif attempt.state is S.WAITING and moved.state is InstalmentState.DENIED:
            values = {"problem": f"Pagamento negado: {moved.reason}"}
        if not unsettled:
            values["open_since"] = None
        if values:
            self._steps.claim(tx, attempt, values)

    # Paid after it was cancelled

    def accept(self, key: str, who: str, reason: str) -> Attempt:
        """Take the late payment for the OS.

        Raises:
            RuleError: the OS was paid in another way, or is no more: give the money back.
        """
        attempt, why = self._recurring.get(key), check_reason(reason)
        check_move(attempt.state, S.PAID)
        with self._store.reading() as tx:
            sale = sales.get(tx, attempt.sale_id)
        if sale is None or sale.state is not SaleState.AWAITING:
            raise RuleError("A OS já foi paga de outra forma ou abandonada: devolva o dinheiro ao cliente.")
        self._cancel_others(attempt, who)
        made = make_instalments(attempt)
        values: dict[str, object] = {
            "state": S.PAID,
            "problem": "",
            "decided_by": who,
            "reason": why,
            "settled_at": self._context.now(),
            "ask_at": self._context.now(),
        }

        def then(tx: Transaction) -> None:
            recurring.insert_instalments(tx, made)
            self._finalising.finish(tx, attempt.sale_id, who)

        self._steps.change(attempt, values, "accepted", who, then, reason=why)
        return self._recurring.get(key)

    def _cancel_others(self, attempt: Attempt, who: str) -> None:
        """Before one payment is taken for the OS, nothing else of it may still be paid."""
        with self._store.reading() as tx:
            others = [one for one in recurring.of_sale(tx, attempt.sale_id) if one.state in HOLDING]
        for other in others:
            after = self._recurring.cancel(other.id, who)
            if after.state in HOLDING:
                raise RuleError(
                    f"A outra tentativa desta OS está {after.words.lower()} e não pôde ser cancelada. "
                    f"{after.why}".strip()
                )
