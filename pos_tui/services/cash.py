"""Till money: *abertura*, *sangria*, *suprimento*, *devolução*, *leitura X*, *fechamento* (issue 6).

Every move is one commit: the line of the drawer's book, its journal line, its paper and the drawer's kick.
"""

from collections.abc import Callable
from typing import TypeVar

from msgspec import Struct

from pos_tui.domain.cash import (
    Count,
    Move,
    MoveKind,
    Reading,
    Shift,
    add_up,
    cash_kept,
    check_amount,
    check_explained,
    check_refund,
)
from pos_tui.domain.errors import Conflict, FieldError, RuleError
from pos_tui.domain.journal import Field
from pos_tui.domain.people import Action, NeedsApproval, check_reason
from pos_tui.domain.sale import PaymentLine, Sale, SaleState
from pos_tui.printing.receipt import Kind, Receipt
from pos_tui.services.cash_papers import CashPapers
from pos_tui.services.cash_reading import Readings, noted
from pos_tui.services.context import Context
from pos_tui.services.guard import Approval, Guard
from pos_tui.services.journal import Event
from pos_tui.services.spool import Spool
from pos_tui.store import cash, sales
from pos_tui.store.database import Transaction
from pos_tui.store.ids import new_key

T = TypeVar("T")

CLOSED = "O caixa está fechado: abra com F7 antes de receber em dinheiro."


class Rules(Struct, frozen=True):
    """What the configuration says of till money."""

    required: bool
    """No cash is taken while no shift is open."""
    blind: bool
    """Whoever counts does not see what is expected."""


class Cash:
    """One till's drawer."""

    def __init__(
        self, context: Context, spool: Spool, papers: CashPapers, guard: Guard, rules: Rules
    ) -> None:
        self._context = context
        self._store = context.store
        self._spool = spool
        self._papers = papers
        self._guard = guard
        self._readings = Readings(context)
        self.rules = rules

    # Reading

    def shift(self) -> Shift | None:
        """Return the open shift, or None while the *caixa* is closed."""
        with self._store.reading() as tx:
            return cash.open_shift(tx, self._context.till)

    def last(self) -> Shift | None:
        """Return the shift opened last, open or closed."""
        with self._store.reading() as tx:
            return cash.last_shift(tx, self._context.till)

    def reading(self) -> Reading:
        """Return the open shift in figures. Raises RuleError when there is none."""
        broken = self.broken_chain(whole=False)
        with self._store.reading() as tx:
            return self._readings.figures(tx, self._open(tx), broken)

    def moves(self) -> list[Move]:
        """Return the open shift's book, oldest first. Raises RuleError when there is none."""
        with self._store.reading() as tx:
            return cash.moves_of(tx, self._open(tx).id)

    def broken_chain(self, whole: bool = True) -> str:
        """Say what is wrong with the journal's chain, or nothing; not `whole` since the last check only."""
        return self._readings.broken_chain(whole=whole)

    def sale_by_number(self, number: int) -> Sale:
        """Return a saved sale of this till by the number on its papers. Raises FieldError on `sale`."""
        with self._store.reading() as tx:
            key = cash.sale_by_number(tx, self._context.till, number)
            found = sales.get(tx, key) if key else None
        if found is None:
            raise FieldError("sale", "Não há venda com este número neste caixa.")
        return found

    # For the sale

    def check_cash(self) -> None:
        """Raise RuleError when cash may not be taken now."""
        if self.rules.required and self.shift() is None:
            raise RuleError(CLOSED)

    def sale_saved(self, tx: Transaction, sale: Sale) -> None:
        """Write a saved sale into the drawer's book, inside the commit that saves it."""
        shift = cash.open_shift(tx, self._context.till)
        if shift is None and self.rules.required and sale.tally.opens_drawer:
            raise RuleError(CLOSED)
        self._move(tx, shift, MoveKind.SALE, sale.tally.into_drawer, sale.seller, sale_id=sale.id)

    def payment_returned(self, tx: Transaction, line: PaymentLine, returned: int) -> None:
        """Write a cash payment given back into the book, inside the commit that gives it back.

        Raises:
            RuleError: the *caixa* is closed, or cash of this sale went back already.
        """
        shift = cash.open_shift(tx, self._context.till)
        if shift is None and self.rules.required:
            raise RuleError(CLOSED)
        sale = sales.get(tx, line.sale_id)
        if sale is None or returned > cash_kept(sale) - cash.refunded(tx, line.sale_id):
            raise RuleError("Desta venda já se devolveu dinheiro pelo caixa (F7): confira antes de estornar.")
        who, why = line.decided_by, line.reason
        self._move(tx, shift, MoveKind.REFUND, returned, who, why, sale_id=line.sale_id)

    def cash_out_returned(self, tx: Transaction, line: PaymentLine) -> None:
        """Write cash drawn on a card back into the book, inside the commit that gives the payment back.

        The card gets the whole debit back, so the customer hands the cash back. An open sale gave none.
        """
        sale = sales.get(tx, line.sale_id)
        if sale is not None and sale.state is SaleState.SAVED:
            shift, why = cash.open_shift(tx, self._context.till), "saque devolvido com o estorno do cartão"
            self._move(tx, shift, MoveKind.SUPPLY, line.cash_out, line.decided_by, why, sale_id=sale.id)

    # Moves

    def open(self, amount: int, who: str) -> Shift:
        """Open the *caixa* with change money, which may be zero.

        Raises:
            Conflict: it is open already.
        """
        self._guard.allow(Action.CASH_OPEN, "")
        if amount < 0:
            raise FieldError("amount", "O fundo de troco não pode ser negativo.")

        def work(tx: Transaction) -> Shift:
            if cash.open_shift(tx, self._context.till) is not None:
                raise Conflict("O caixa já está aberto.")
            number = tx.next_number(f"shift/{self._context.till}")
            shift = Shift(new_key(), self._context.till, number, who, self._context.now())
            cash.insert_shift(tx, shift)
            self._note(tx, shift.id, who, "opened", {"number": number, "float": amount})
            move = self._move(tx, shift, MoveKind.FLOAT, amount, who)
            self._queue(tx, self._papers.move(move), move.id)
            return shift

        return self._commit(work)

    def supply(self, amount: int, reason: str, who: str, approval: Approval | None = None) -> Move:
        """Put money in. Raises FieldError on `amount` or `reason`, RuleError while closed."""
        check_amount(amount, "suprimento")
        return self._by_hand(MoveKind.SUPPLY, Action.CASH_SUPPLY, amount, reason, who, approval)

    def withdraw(self, amount: int, reason: str, who: str, approval: Approval | None = None) -> Move:
        """Take money out.

        Raises:
            FieldError: on `amount`, when the drawer cannot hold so much, or on `reason`.
            NeedsApproval: the person here may not do it alone.
            RuleError: the *caixa* is closed.
        """
        check_amount(amount, "sangria")
        return self._by_hand(MoveKind.WITHDRAWAL, Action.CASH_WITHDRAW, amount, reason, who, approval)

    def refund(
        self, sale: Sale, amount: int, reason: str, who: str, approval: Approval | None = None
    ) -> Move:
        """Give cash back for what was cancelled after it was paid. Raises as `withdraw`, and on `sale`."""
        return self._by_hand(MoveKind.REFUND, Action.REFUND, amount, reason, who, approval, sale)

    # Papers and closing

    def x_reading(self, who: str, approval: Approval | None = None) -> Receipt:
        """Print the partial reading and return it; it changes nothing.

        Raises:
            NeedsApproval: with blind closing, whoever will count may not see it.
        """
        blind = self.rules.blind
        trace = self._guard.allow(Action.CASH_READ_BLIND if blind else Action.CASH_READ, "", approval)
        reading = self.reading()

        def work(tx: Transaction) -> Receipt:
            paper = self._papers.x_reading(reading, who)
            data: dict[str, Field] = {"expected": reading.drawer.expected, **trace}
            self._note(tx, reading.shift.id, who, "x_reading", data)
            self._queue(tx, paper, reading.shift.id)
            return paper

        return self._commit(work)

    def close(self, count: Count, who: str, approval: Approval | None = None, explained: str = "") -> Receipt:
        """Close the *caixa* with what was counted, and return the Z. `explained`: why it differs, if it does.

        Raises:
            FieldError: on `explained`: the drawer differs from its book, and nobody says why.
            NeedsApproval: something is unfinished, so a supervisor must say why it is left to the next shift.
            Conflict: it was closed meanwhile.
        """
        shift = self._shift_or_raise()
        carrying = approval is not None
        trace = self._guard.allow(
            Action.CASH_CLOSE_CARRYING if carrying else Action.CASH_CLOSE, shift.id, approval
        )
        broken = self.broken_chain()

        def work(tx: Transaction) -> Receipt:
            reading = self._readings.figures(tx, shift, broken)
            if reading.carried and not carrying:
                raise NeedsApproval(Action.CASH_CLOSE_CARRYING, shift.id)
            why = check_explained(count.total - reading.drawer.expected, explained, blind=self.counts_blindly)
            self._note(tx, shift.id, who, "closed", noted(reading, count, why, trace))
            closed = self._readings.seal(tx, reading, count, who, approval, why)
            paper = self._papers.z_reading(reading, closed, why)
            self._queue(tx, paper, shift.id)
            return paper

        return self._commit(work)

    @property
    def counts_blindly(self) -> bool:
        """Whether the person here counts without being told what is expected."""
        return self.rules.blind and not self._guard.may(Action.CASH_READ_BLIND)

    # Inside

    def _by_hand(
        self,
        kind: MoveKind,
        action: Action,
        amount: int,
        reason: str,
        who: str,
        approval: Approval | None,
        sale: Sale | None = None,
    ) -> Move:
        why = check_reason(reason)
        shift = self._shift_or_raise()
        self._check_room(shift, kind, amount, sale)
        trace = self._guard.allow(action, sale.id if sale else shift.id, approval)

        def work(tx: Transaction) -> Move:
            still = self._open(tx)
            self._check_in(tx, still, kind, amount, sale)
            by = approval.by if approval else ""
            move = self._move(tx, still, kind, amount, who, why, by, sale.id if sale else None)
            data: dict[str, Field] = {"number": move.number, "amount": amount, "reason": why, **trace}
            self._note(tx, move.id, who, kind.value, data)
            self._queue(tx, self._papers.move(move), move.id)
            return move

        return self._commit(work)

    def _check_room(self, shift: Shift, kind: MoveKind, amount: int, sale: Sale | None) -> None:
        """Say what is wrong before anybody is asked to approve it."""
        with self._store.reading() as tx:
            self._check_in(tx, shift, kind, amount, sale)

    def _check_in(
        self, tx: Transaction, shift: Shift, kind: MoveKind, amount: int, sale: Sale | None
    ) -> None:
        if sale is not None:
            check_refund(sale, cash.refunded(tx, sale.id), amount)
        if kind is MoveKind.SUPPLY:
            return
        if amount > add_up(cash.moves_of(tx, shift.id)).expected:
            raise FieldError("amount", "Pelos lançamentos, o caixa não tem tanto dinheiro. Confira o valor.")

    def _move(
        self,
        tx: Transaction,
        shift: Shift | None,
        kind: MoveKind,
        amount: int,
        who: str,
        reason: str = "",
        approved_by: str = "",
        sale_id: str | None = None,
    ) -> Move:
        till = self._context.till
        number = tx.next_number(f"cash/{till}")
        shift_id = shift.id if shift else None
        now = self._context.now()
        move = Move(new_key(), shift_id, till, number, kind, amount, reason, who, approved_by, sale_id, now)
        cash.insert_move(tx, move)
        return move

    def _note(self, tx: Transaction, subject: str, who: str, name: str, data: dict[str, Field]) -> None:
        self._context.journal.note(tx, Event("cash", subject, who, data), name)

    def _queue(self, tx: Transaction, paper: Receipt, subject: str) -> None:
        self._spool.enqueue(tx, Kind(paper.kind), paper.to_json(), None, subject)

    def _open(self, tx: Transaction) -> Shift:
        found = cash.open_shift(tx, self._context.till)
        if found is None:
            raise RuleError("O caixa está fechado: abra antes (F7, Abertura).")
        return found

    def _shift_or_raise(self) -> Shift:
        with self._store.reading() as tx:
            return self._open(tx)

    def _commit(self, work: Callable[[Transaction], T]) -> T:
        done = self._store.write(work)
        self._spool.wake()
        return done
