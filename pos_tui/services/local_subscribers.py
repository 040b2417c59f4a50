"""The store's own book as an ERP: for a provider that keeps none, and for what an ERP cannot tell.

Its effects are compare-and-set on its own rows, so that asking once is all there is to it.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from types import MappingProxyType

from pos_tui.domain.instants import from_ms
from pos_tui.domain.outcome import Done, Outcome, RefusalClass, Refused
from pos_tui.domain.subscriber import (
    Bill,
    BillState,
    Contract,
    ContractState,
    Feature,
    Note,
    SecondCopy,
    Subscriber,
    Ticket,
    TicketEvent,
)
from pos_tui.domain.subscriber_action import ActionKind
from pos_tui.domain.usage import Call, Period, Session
from pos_tui.providers.subscribers.base import (
    Access,
    CounterPayment,
    Enabling,
    NoteFile,
    PaidWith,
    SearchBy,
    Settled,
)
from pos_tui.services.context import Context
from pos_tui.store import subscriber_actions as actions
from pos_tui.store import subscribers as book
from pos_tui.store.database import Transaction

_NO_CALLS = "Não há banco de ligações: configure o CDR em [subscribers.records]."
_NO_SESSIONS = "Não há banco de conexões: configure o radacct em [subscribers.records]."
_GONE = Refused(RefusalClass.NOT_FOUND, "", "Este cadastro não está mais no livro da loja.")
HOW = {
    PaidWith.CASH: "Dinheiro",
    PaidWith.CREDIT: "Cartão de crédito",
    PaidWith.DEBIT: "Cartão de débito",
    PaidWith.PIX: "Pix",
    PaidWith.OTHER: "Balcão",
}


class LocalSubscribers:
    """The book of this store."""

    name = "local"
    wants_password = False
    needs_bill_to_enable = False
    lacks: Mapping[Feature, str] = MappingProxyType(
        {Feature.CALLS: _NO_CALLS, Feature.CONNECTIONS: _NO_SESSIONS}
    )
    lacks_xml = ""
    lacks_states = ""

    def __init__(self, context: Context, enabled_days: int) -> None:
        self._context = context
        self._store = context.store
        self._days = enabled_days

    def knock(self) -> Outcome[None]:
        """The book is always here."""
        return Done(None)

    def find(self, by: SearchBy, text: str) -> Outcome[tuple[Subscriber, ...]]:
        """The desk searches the book by itself."""
        return Done(())

    def enter(self, user: str, password: str) -> Outcome[Subscriber]:
        """The book knows no passwords."""
        return Refused(RefusalClass.STATE, "", "O livro da loja não guarda senhas: busque pelo nome ou CPF.")

    def contracts(self, access: Access, known: tuple[Contract, ...]) -> Outcome[tuple[Contract, ...]]:
        """The plans; an enabling that is over is a suspended plan again."""
        with self._store.reading() as tx:
            return Done(book.contracts(tx, access.id, self._today()))

    def sessions(self, access: Access, period: Period) -> Outcome[tuple[Session, ...]]:
        """Never called: see `lacks`."""
        return Refused(RefusalClass.INTERNAL, "", _NO_SESSIONS)

    def calls(self, access: Access, terminal: str, period: Period) -> Outcome[tuple[Call, ...]]:
        """Never called: see `lacks`."""
        return Refused(RefusalClass.INTERNAL, "", _NO_CALLS)

    def open_bills(self, access: Access) -> Outcome[tuple[Bill, ...]]:
        """What is owed."""
        with self._store.reading() as tx:
            return Done(book.bills(tx, access.id, BillState.OPEN))

    def settled_bills(self, access: Access) -> Outcome[tuple[Bill, ...]]:
        """What was paid."""
        with self._store.reading() as tx:
            return Done(book.bills(tx, access.id, BillState.SETTLED))

    def second_copy(self, access: Access, bill: Bill) -> Outcome[SecondCopy]:
        """The slip of the book; it computes no interest, and an overdue slip stays as it is."""
        with self._store.reading() as tx:
            found = book.second_copy(tx, bill.id)
        if found is None:
            return Refused(RefusalClass.NOT_FOUND, "", "O livro da loja não tem boleto para esta conta.")
        return Done(found)

    def notes(self, access: Access) -> Outcome[tuple[Note, ...]]:
        """Fiscal notes."""
        with self._store.reading() as tx:
            return Done(book.notes(tx, access.id))

    def note_file(self, access: Access, note: Note) -> Outcome[NoteFile]:
        """The XML as it was imported."""
        with self._store.reading() as tx:
            content = book.note_xml(tx, note.id)
        if content is None:
            return Refused(RefusalClass.NOT_FOUND, "", "O livro da loja não tem o XML desta nota.")
        return Done(NoteFile(f"{note.key or note.id}.xml", content))

    def settle(self, access: Access, bill: Bill, payment: CounterPayment) -> Outcome[Settled]:
        """Mark a bill as paid."""

        def work(tx: Transaction) -> bool:
            found = book.bill(tx, bill.id)
            if found is None or found[0].state is not BillState.OPEN:
                return False
            return book.settle(tx, bill.id, found[1], payment.on, payment.amount, HOW[payment.how])

        if not self._store.write(work):
            return Refused(RefusalClass.STATE, "", "Esta conta já estava baixada no livro da loja.")
        return Done(Settled(payment.receipt, payment.on))

    def enable(self, access: Access, contract: Contract, bill: Bill | None, on: date) -> Outcome[Enabling]:
        """Enable a plan for some days, once in a month."""
        until = on + timedelta(days=self._days)

        def work(tx: Transaction) -> Refused | None:
            found = book.contract(tx, contract.id)
            if found is None:
                return _GONE
            _, version = found
            if self._enabled_in_month(tx, contract.id, on):
                words = (
                    "Este plano já atingiu a quantidade permitida neste mês: volta a poder no próximo mês."
                )
                return Refused(RefusalClass.STATE, "", words)
            return None if book.enable(tx, contract.id, version, until) else _GONE

        refused = self._store.write(work)
        if refused is not None:
            return refused
        words = f"Habilitado até {until:%d/%m/%Y}: informe ao suporte para liberar no equipamento."
        return Done(Enabling(f"{contract.id}-{on:%Y%m%d}", words, self._days))

    def state_of(self, access: Access, contract: Contract) -> Outcome[ContractState]:
        """How a plan stands."""
        with self._store.reading() as tx:
            found = book.contracts(tx, access.id, self._today())
        return Done(next((one.state for one in found if one.id == contract.id), ContractState.UNKNOWN))

    def tickets(self, access: Access) -> Outcome[tuple[Ticket, ...]]:
        """Atendimentos."""
        with self._store.reading() as tx:
            return Done(book.tickets(tx, access.id))

    def history(self, access: Access, ticket: Ticket) -> Outcome[tuple[TicketEvent, ...]]:
        """What happened in one."""
        with self._store.reading() as tx:
            return Done(book.events(tx, ticket.id))

    def close(self) -> None:
        """Nothing to let go."""

    def _enabled_in_month(self, tx: Transaction, contract: str, on: date) -> bool:
        """By what was asked here: a new import of the book does not know of it."""
        last = actions.last_done(tx, self.name, contract, ActionKind.ENABLE)
        if last is None:
            return False
        day = from_ms(last.created_at).astimezone(self._context.zone)
        return (day.year, day.month) == (on.year, on.month)

    def _today(self) -> date:
        return self._context.clock().astimezone(self._context.zone).date()
