"""What a TEF manager answers about another operation than the one awaited (facts/payments.md §2.1, §2.7).

A manager has one place for its answers, so one that comes late lies in the way of the one awaited, and it may
be money that was taken. It is committed by its own number before it is taken away: to the payment or the menu
that asked for it; what none of them waits for is kept for a supervisor, and never confirmed by itself.
"""

from collections.abc import Callable
from functools import partial

from pos_tui.domain.journal import SYSTEM
from pos_tui.domain.money import format_brl
from pos_tui.domain.outcome import Outcome
from pos_tui.domain.payment import Decision, Method, PaymentState
from pos_tui.domain.sale import PaymentLine
from pos_tui.domain.tef import TefOperation
from pos_tui.providers.tef.codec import IntposError, IntposFile
from pos_tui.providers.tef.fields import Command
from pos_tui.providers.tef.reply import TefReply, raw_of, reply_of
from pos_tui.services.context import Context
from pos_tui.services.drivers.base import Told
from pos_tui.services.drivers.tef import heard
from pos_tui.services.journal import Event
from pos_tui.services.payments import Payments
from pos_tui.store import payments, tef
from pos_tui.store.database import Transaction
from pos_tui.store.ids import new_key

S = PaymentState

_ASKED = frozenset({S.SENT, S.UNCERTAIN})
ONLY_MENU = "É definitiva: cancele pelo menu do TEF."
UNREADABLE = "Não se consegue ler: confira no relatório do TEF o que houve."

MenuHeard = Callable[[TefOperation, Outcome[Told]], None]
"""Writes down what was answered of an operation of the menu. Raises Conflict."""


class TefKept:
    """One till's."""

    def __init__(self, context: Context, payments: Payments, menu: MenuHeard) -> None:
        self._context = context
        self._payments = payments
        self._menu = menu

    def keep(self, file: IntposFile) -> None:
        """Commit an answer that nothing here awaits just now; the same one again is nothing new.

        Raises:
            Conflict, StoreError: it could not be committed, and must stay where it is.
        """
        try:
            reply = reply_of(file)
        except IntposError:
            self._record(str(file.operation), raw_of(file), None)
        else:
            self.take(reply)

    def take(self, reply: TefReply) -> None:
        """Commit an answer that can be read. Raises as `keep`."""
        number = str(reply.number)
        with self._context.store.reading() as tx:
            line = payments.by_key(tx, self._context.till, Method.TEF, number)
            operation = tef.by_number(tx, self._context.till, number)
        if reply.raw in _committed(line, operation):
            return
        if line is not None and _waits_for(line, reply):
            self._payments.heard(line, heard(reply), SYSTEM)
        elif operation is not None and _menu_waits(operation, reply):
            self._menu(operation, heard(reply))
        elif reply.approved:
            self._record(number, reply.raw, reply)

    def _record(self, number: str, raw: str, reply: TefReply | None) -> None:
        """Keep it for a supervisor: approved and undecided, final, or not to be read."""
        state, why = S.UNCERTAIN, UNREADABLE
        if reply is not None:
            final = not reply.needs_confirmation
            state, why = (S.CONFIRMED, ONLY_MENU) if final else (S.APPROVED, worth(reply))
        self._context.store.write(partial(self._insert, number=number, raw=raw, state=state, why=why))

    def _insert(self, tx: Transaction, number: str, raw: str, state: PaymentState, why: str) -> None:
        now, till = self._context.now(), self._context.till
        beside = tef.by_number(tx, till, number)
        if beside is not None and beside.reply == raw:
            return
        operation = TefOperation(
            new_key(), till, number, "", state, Decision.NONE, raw, why, SYSTEM, now, now, 0
        )
        tef.insert(tx, operation)
        told = Event("tef.stray", operation.id, SYSTEM, {"key": number, "why": why})
        self._context.journal.note(tx, told, "set aside")


def worth(reply: TefReply) -> str:
    """Say how much an answer is about, and where to find it in the manager's report."""
    codes = " ".join(part for part in (reply.network, f"NSU {reply.nsu}" if reply.nsu else "") if part)
    return f"{format_brl(reply.total)} ({codes})" if codes else format_brl(reply.total)


def _committed(line: PaymentLine | None, operation: TefOperation | None) -> tuple[str, ...]:
    of_line = (line.reply, line.refund_reply) if line else ()
    return (*of_line, operation.reply) if operation else of_line


def _waits_for(line: PaymentLine, reply: TefReply) -> bool:
    """Whether it answers what a line still asks; what was ruled, or is over, asks no more."""
    number = str(reply.number)
    if reply.command is Command.CRT:
        return number == line.request_key and not line.reply and line.state in _ASKED
    refunding = line.decision is Decision.REFUND and line.state is S.CONFIRMED
    return reply.command is Command.CNC and number == line.refund_key and not line.refund_reply and refunding


def _menu_waits(operation: TefOperation, reply: TefReply) -> bool:
    return reply.command is Command.ADM and not operation.reply and operation.state in _ASKED
