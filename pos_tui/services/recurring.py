"""*Crédito recorrente*: an OS sent to the provider, paid by a link, and its monthly charges (seed 2).

Every byte goes through `Journal.ask`: the attempt is committed before it leaves, and what its answer means
for the OS, the instalments and the drawer's book is committed with it. A time-out is resolved by asking.
"""

import threading
from collections.abc import Callable
from datetime import date
from functools import partial
from zoneinfo import ZoneInfo

from pos_tui.domain.customer import Customer
from pos_tui.domain.errors import Conflict, RuleError
from pos_tui.domain.instalments import Instalment, split
from pos_tui.domain.item import describe
from pos_tui.domain.lease import is_held
from pos_tui.domain.notices import Notice
from pos_tui.domain.outcome import Done, Outcome
from pos_tui.domain.people import check_reason
from pos_tui.domain.recurring import (
    ALARMING,
    LIVE,
    OVER,
    Agreement,
    Attempt,
    AttemptState,
    Mode,
    Reading,
    after_query,
    after_send,
    check_move,
)
from pos_tui.domain.recurring_choices import ALARM, why_not_cancel, why_not_retry, why_not_send
from pos_tui.domain.recurring_waiting import LATEST_MS
from pos_tui.domain.sale import Sale, SaleState
from pos_tui.domain.values import replace
from pos_tui.services.context import Context
from pos_tui.services.dealings import BRASILIA
from pos_tui.services.drivers.recurring import RecurringDriver, needs_adjusting
from pos_tui.services.finalising import CHANGED, Finalising, recurring_line, why_not_finalise
from pos_tui.services.recurring_settling import make_instalments
from pos_tui.services.recurring_steps import Asking, Steps, event
from pos_tui.store import customers, recurring, sales
from pos_tui.store.database import Transaction
from pos_tui.store.ids import new_key
from pos_tui.store.models import SaleRow
from pos_tui.store.models.recurring import InstalmentRow

S = AttemptState

Connect = Callable[[], RecurringDriver]


class Recurring:
    """One till's recurring payments."""

    def __init__(self, context: Context, mode: Mode | None, connect: Connect, finalising: Finalising) -> None:
        """`mode` is None where the store does not offer it; `connect` builds the provider."""
        self._context = context
        self._store = context.store
        self.mode = mode
        self._connect = connect
        self._driver: RecurringDriver | None = None
        self._lock = threading.Lock()
        self._finalising = finalising
        self._steps = Steps(context, finalising)

    # Reading

    def get(self, key: str) -> Attempt:
        """Return one attempt. Raises RuleError when there is none."""
        with self._store.reading() as tx:
            return _known(recurring.get(tx, key))

    def latest(self, sale_id: str) -> Attempt:
        """Return the attempt that stands for an OS: one to be decided about, else the last one.

        Raises:
            RuleError: it made none.
        """
        with self._store.reading() as tx:
            return _known(recurring.latest(tx, sale_id))

    def instalments(self, attempt_id: str) -> list[Instalment]:
        """Return the instalments of an attempt: none before it was paid, in the integrated mode."""
        with self._store.reading() as tx:
            return recurring.instalments_of(tx, attempt_id)

    def rest(self) -> float:
        """Seconds for which the provider wants to be left alone."""
        return self._driver.rest() if self._driver else 0.0

    # An attempt

    def finalise(self, sale: Sale, who: str) -> Attempt:
        """*Finalizar OS*: number it, and write the attempt down; `send` takes it to the provider.

        Raises:
            RuleError: it cannot be finalised so, and why. FieldError: on the number of instalments.
        """
        with self._store.reading() as tx:
            sale = _stored(sales.get(tx, sale.id))
        if sale.state is not SaleState.OPEN:
            raise Conflict("Esta venda já foi salva ou abandonada.")
        if (reason := why_not_finalise(sale)) is not None:
            raise RuleError(reason)
        self._check_customer(sale)

        def work(tx: Transaction) -> Attempt:
            return self._begin(tx, self._finalising.pend(tx, sale, who), who)

        return self._store.write(work)

    def again(self, sale: Sale, who: str) -> Attempt:
        """Make a new attempt for an OS whose last one came to nothing.

        Raises:
            RuleError: the last one is still live, or the OS does not wait. Conflict: it changed meanwhile.
        """
        last = self.latest(sale.id)
        if (reason := why_not_retry(last)) is not None:
            raise RuleError(reason)
        self._check_awaiting(sale)
        self._check_customer(sale)

        def work(tx: Transaction) -> Attempt:
            # Claimed: who puts it back on the counter at this moment must not leave it a link to be paid by.
            if not tx.claim(SaleRow, sale.id, sale.version):
                raise Conflict(CHANGED)
            return self._begin(tx, sale, who)

        return self._store.write(work)

    def send(self, key: str, who: str) -> Attempt:
        """Have the provider make the link. Never makes a second one for the same attempt.

        Raises:
            RuleError: it is not to be sent; Conflict: another till does it.
        """
        attempt = self.get(key)
        if attempt.mode is Mode.MANUAL:
            return attempt
        if (reason := why_not_send(attempt)) is not None:
            raise RuleError(reason)
        with self._store.reading() as tx:
            sale = _stored(sales.get(tx, attempt.sale_id))
        customer = self._customer(sale)
        description = f"OS {sale.number}: {describe(sale.goods)}"
        from pos_tui.providers.recurring.asaas import Person

        person = Person(customer.id, customer.name, customer.document, customer.phone, customer.email)
        sent = {"state": check_move(attempt.state, S.SENDING), "sent_at": self._context.now(), "why": ""}
        driver = self.provider()
        request = partial(driver.send, attempt, person, description)
        self._steps.ask(attempt, "send", who, request, after_send, Asking(sent))
        return self.get(key)

    def ask(self, key: str, who: str, notice: Notice | None = None, *, cut_off: bool = False) -> Attempt:
        """Ask the provider what became of an attempt and its charges. Never charges.

        `cut_off` says that whoever asked last is known to be gone.

        Raises:
            Conflict: somebody else is asking; RuleError: the provider wants to be left alone for a while.
        """
        attempt = self.get(key)
        if (seconds := self.rest()) > 0:
            raise RuleError(f"A plataforma pediu um intervalo: pergunte de novo em {seconds:.0f} s.")
        if not cut_off and is_held(attempt.lease_until, self._context.now()):
            raise Conflict("A consulta desta OS já está em andamento: aguarde um instante.")
        if attempt.mode is Mode.MANUAL or not _sent(attempt):
            return attempt
        driver = self.provider()

        def state(outcome: Outcome[Reading]) -> AttemptState:
            return after_query(attempt, outcome, self._context.now())

        asking = Asking(notice=notice)
        outcome = self._steps.ask(attempt, "status", who, lambda: driver.find(attempt), state, asking)
        if isinstance(outcome, Done) and isinstance(outcome.answer, Agreement):
            self._adjust(self.get(key), outcome.answer, who)
        return self.get(key)

    def cancel(self, key: str, who: str) -> Attempt:
        """Give the attempt up, not the OS. It may lose the race: then it is LATE, and an alert.

        Raises:
            RuleError: the customer has paid, or nothing is to be cancelled.
        """
        attempt = self.get(key)
        if attempt.state is S.DRAFT and attempt.sent_at is not None:
            # It may have arrived late after all: then it is the platform's to cancel.
            attempt = self.ask(key, who)
        if (reason := why_not_cancel(attempt)) is not None:
            raise RuleError(reason)
        if attempt.state is S.DRAFT or attempt.mode is Mode.MANUAL:
            self._end(attempt, who)
            return self.get(key)
        if not attempt.subscription_ref:
            raise RuleError("Ainda não se sabe se a tentativa chegou à plataforma: consulte com F5 antes.")
        driver = self.provider()
        values: dict[str, object] = {"decided_by": who, "why": ""}
        if attempt.state is not S.CANCELLING:
            values["state"] = check_move(attempt.state, S.CANCELLING)
        cancelling = replace(attempt, state=S.CANCELLING)

        def state(outcome: Outcome[Reading]) -> AttemptState:
            return after_query(cancelling, outcome, self._context.now())

        self._steps.ask(attempt, "cancel", who, lambda: driver.cancel(cancelling), state, Asking(values))
        return self.get(key)

    # An OS nobody paid

    def reopen(self, sale: Sale, who: str) -> None:
        """Put the OS back on the counter, to be paid in another way. Raises RuleError when it cannot be."""
        self._check_over(sale)
        self._store.write(lambda tx: self._finalising.reopen(tx, sale, who))

    def abandon(self, sale: Sale, who: str, reason: str) -> None:
        """Give the OS up. Raises RuleError when it cannot be; FieldError on `reason`."""
        self._check_over(sale)
        why = check_reason(reason)
        self._store.write(lambda tx: self._finalising.abandon(tx, sale, who, why))

    # Inside

    def _begin(self, tx: Transaction, sale: Sale, who: str) -> Attempt:
        line, mode = recurring_line(sale), self.mode
        if line is None or mode is None:
            raise RuleError("Crédito recorrente não está habilitado neste caixa.")
        for before in recurring.of_sale(tx, sale.id):
            if before.state in ALARMING:
                raise RuleError(ALARM)
            if before.problem:
                # The OS has a new link: what went wrong with the one before is over, and stays in its words.
                self._steps.claim(tx, before, {"problem": ""})
        count = int(line.details.get("instalments", "1"))
        split(sale.total, count)
        now = self._context.now()
        attempt = Attempt(
            id=new_key(),
            sale_id=sale.id,
            payment_id=line.id,
            till=self._context.till,
            mode=mode,
            provider="" if mode is Mode.MANUAL else "asaas",
            state=S.WAITING if mode is Mode.MANUAL else S.DRAFT,
            total=sale.total,
            count=count,
            first_due=self._first_due(mode).isoformat(),
            created_at=now,
            created_by=who,
            open_since=now,
        )
        recurring.insert(tx, attempt)
        if mode is Mode.MANUAL:
            recurring.insert_instalments(tx, make_instalments(attempt))
        self._context.journal.note(tx, event(attempt, "begin", who), "begun")
        return attempt

    def _adjust(self, attempt: Attempt, agreement: Agreement, who: str) -> None:
        """A crash may have come between the subscription and the centavos of its first charge."""
        first = agreement.first
        if attempt.state is not S.WAITING or first is None or not needs_adjusting(attempt, first):
            return
        driver = self.provider()

        def state(outcome: Outcome[Reading]) -> AttemptState:
            return after_query(attempt, outcome, self._context.now())

        self._steps.ask(attempt, "adjust", who, lambda: driver.adjust(attempt, first), state)

    def _end(self, attempt: Attempt, who: str) -> None:
        """Cancel what no provider knows."""
        now = self._context.now()
        watched = now + LATEST_MS if attempt.sent_at is not None else None
        values: dict[str, object] = {
            "state": S.CANCELLED, "decided_by": who, "problem": "",
            "open_since": None, "ask_at": watched, "settled_at": now,
        }  # fmt: skip

        def then(tx: Transaction) -> None:
            for one in recurring.instalments_of(tx, attempt.id):
                gone = {
                    "state": "cancelled",
                    "reason": "Tentativa cancelada",
                    "moved_by": who,
                    "moved_at": now,
                }
                tx.claim(InstalmentRow, one.id, one.version, **gone)

        self._steps.change(attempt, values, "cancelled", who, then)

    def _check_over(self, sale: Sale) -> None:
        self._check_awaiting(sale)
        last = self.latest(sale.id)
        if last.state in ALARMING:
            raise RuleError(ALARM)
        if last.state in LIVE or last.state not in OVER:
            raise RuleError(f"A tentativa está {last.words.lower()}: cancele-a antes (F8).")

    def _check_awaiting(self, sale: Sale) -> None:
        if sale.state is not SaleState.AWAITING:
            raise RuleError("Esta OS não espera mais pagamento.")

    def _check_customer(self, sale: Sale) -> None:
        if self.mode is Mode.INTEGRATED and not self._customer(sale).document:
            raise RuleError(
                "A plataforma cobra de um CPF ou CNPJ, e o cliente está sem: cadastre-o com o documento."
            )

    def _customer(self, sale: Sale) -> Customer:
        with self._store.reading() as tx:
            found = customers.get(tx, sale.customer_id or "")
        if found is None:
            raise RuleError("O cliente desta OS não está mais no cadastro: escolha-o de novo.")
        return found

    def provider(self) -> RecurringDriver:
        """Return the provider, built when it is first needed."""
        with self._lock:
            if self._driver is None:
                self._driver = self._connect()
            return self._driver

    def _first_due(self, mode: Mode) -> date:
        """Today, by who charges: the platform's day ends before that of a store in the west does."""
        zone = self._context.zone if mode is Mode.MANUAL else ZoneInfo(BRASILIA)
        return self._context.clock().astimezone(zone).date()


def _sent(attempt: Attempt) -> bool:
    return attempt.sent_at is not None or bool(attempt.subscription_ref)


def _known(attempt: Attempt | None) -> Attempt:
    if attempt is None:
        raise RuleError("Esta OS não tem tentativa de pagamento recorrente.")
    return attempt


def _stored(sale: Sale | None) -> Sale:
    if sale is None:
        raise RuleError("Venda não encontrada.")
    return sale
