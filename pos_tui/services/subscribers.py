"""The subscriber desk's questions: find somebody, and read what is theirs. Nothing here has an effect.

Effects stand in `bill_settling` and `plan_enabling`, credit in `subscriber_credit`.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from msgspec import Struct

from pos_tui.domain.documents import parse_document
from pos_tui.domain.errors import FieldError, RuleError
from pos_tui.domain.outcome import Done, NotSent, Outcome, Refused
from pos_tui.domain.subscriber import (
    Bill,
    Feature,
    Note,
    SecondCopy,
    Subscriber,
    Ticket,
    TicketEvent,
    contracts_for,
    why_not,
    why_not_reprint,
)
from pos_tui.domain.text import clean, digits, fold
from pos_tui.domain.usage import Call, Period, Session, Termination
from pos_tui.domain.values import replace
from pos_tui.providers.subscribers.base import Access, NoteFile, SearchBy, SubscriberProvider
from pos_tui.providers.subscribers.records import MOST, Records
from pos_tui.services.context import Context
from pos_tui.store import subscribers as book

T = TypeVar("T")

FOUND = 30
"""Subscribers one search shows."""
NOTHING_CHANGED = "Nada mudou: tente de novo daqui a pouco."


class Visit(Struct, frozen=True):
    """A subscriber at the counter, and how the ERP is asked about them."""

    subscriber: Subscriber
    access: Access


EVERYBODY = Visit(Subscriber("", "Todos os assinantes"), Access(""))
"""Stands where a list is about nobody in particular."""


class Found(Struct, frozen=True):
    """What a search brought."""

    subscribers: tuple[Subscriber, ...]
    problem: str = ""
    """Why the ERP could not be asked, where the store's book was."""


class TicketFilter(Struct, frozen=True):
    """Which atendimentos are listed (seed 4)."""

    field: str = ""
    """`protocol`, `description` or `kind`; empty for any of them."""
    text: str = ""
    since: date | None = None
    until: date | None = None
    status: str = ""
    contact: str = ""
    """Part of the first contact's name; empty for all contacts."""


@dataclass
class Subscribers:
    """The desk's questions to one ERP."""

    context: Context
    connect: Callable[[], SubscriberProvider]
    """Gives the ERP's adapter, the same one each time."""
    records: Callable[[], Records | None]
    """Gives the databases of usage, where the store has them."""
    most_days: int = 0
    """*Máximo de dias para impressão*."""
    practise: Callable[[], None] = field(default=lambda: None)
    """In training: fills the book before the first search."""

    @property
    def provider(self) -> SubscriberProvider:
        """The ERP."""
        return self.connect()

    @property
    def today(self) -> date:
        """The store's day."""
        return self.context.clock().astimezone(self.context.zone).date()

    # Finding

    def find(self, text: str) -> Found:
        """Look for subscribers by name, CPF/CNPJ, phone or contract: in the book, and in the ERP.

        Raises:
            FieldError: on `text`, when there is too little to look for.
            RuleError: neither could be asked.
        """
        text = clean(text, 80)
        if len(fold(text)) < 2:
            raise FieldError(
                "text", "Digite pelo menos duas letras do nome, o CPF/CNPJ, telefone ou contrato."
            )
        self.practise()
        with self.context.store.reading() as tx:
            known = {one.id: one for one in book.search(tx, text, FOUND)}
        problem = ""
        for by, wanted in _searches(text):
            outcome = self.provider.find(by, wanted)
            if isinstance(outcome, Done):
                known |= {one.id: one for one in outcome.answer}
            elif not known:
                unwrap(outcome)
            else:
                problem = _words(outcome)
        return Found(tuple(sorted(known.values(), key=lambda one: fold(one.name))[:FOUND]), problem)

    def visit(self, subscriber: Subscriber, password: str = "") -> Visit:
        """Read a subscriber's plans as they stand now."""
        access = Access(subscriber.id, subscriber.document, password)
        contracts = unwrap(self.provider.contracts(access, subscriber.contracts))
        return Visit(replace(subscriber, contracts=contracts), access)

    def enter(self, user: str, password: str) -> Visit:
        """Let a subscriber identify themselves; what the book knows of them is added."""
        entered = unwrap(self.provider.enter(clean(user, 80), password))
        self.practise()
        with self.context.store.reading() as tx:
            known = book.get(tx, entered.id)
        return self.visit(known or entered, password)

    # What can be done

    def why_not(self, feature: Feature, visit: Visit) -> str | None:
        """Say why a menu is off, or None: first what the plan lacks, then what the ERP lacks."""
        reason = why_not(feature, visit.subscriber)
        if reason is not None or feature not in self.provider.lacks:
            return reason
        records = self.records()
        tables = records.tables if records else None
        if tables and ((feature is Feature.CALLS and tables.cdr) or self._has_sessions(feature)):
            return None
        return self.provider.lacks[feature]

    def _has_sessions(self, feature: Feature) -> bool:
        records = self.records()
        return feature is Feature.CONNECTIONS and records is not None and bool(records.tables.radacct)

    # Statements

    def calls(
        self, visit: Visit, terminal: str, period: Period, kinds: Collection[Termination] = ()
    ) -> tuple[Call, ...]:
        """Extrato de ligação. Raises RuleError: off, not this subscriber's terminal, or no answer."""
        contracts = contracts_for(Feature.CALLS, visit.subscriber)
        if terminal not in [one for contract in contracts for one in contract.terminals]:
            raise RuleError("Este terminal não é de um plano ativo deste assinante.")
        records = self.records()
        if records is not None and records.tables.cdr:
            found = _whole(unwrap(records.calls(terminal, period)))
        else:
            self._check(Feature.CALLS, visit)
            found = unwrap(self.provider.calls(visit.access, terminal, period))
        return tuple(call for call in found if not kinds or call.termination in kinds)

    def sessions(self, visit: Visit, period: Period) -> tuple[Session, ...]:
        """Extrato de conexões: what overlaps the period. Raises RuleError."""
        logins = [login for contract in visit.subscriber.contracts for login in contract.logins]
        records = self.records()
        if records is not None and records.tables.radacct:
            found = _whole(unwrap(records.sessions(logins, period)))
        else:
            self._check(Feature.CONNECTIONS, visit)
            found = unwrap(self.provider.sessions(visit.access, period))
        return tuple(session for session in found if session.overlaps(period))

    def open_bills(self, visit: Visit) -> tuple[Bill, ...]:
        """What is owed, the earliest due first. Raises RuleError."""
        return unwrap(self.provider.open_bills(visit.access))

    def settled_bills(self, visit: Visit) -> tuple[Bill, ...]:
        """What was paid, the latest first. Raises RuleError."""
        return unwrap(self.provider.settled_bills(visit.access))

    def second_copy(self, visit: Visit, bill: Bill) -> SecondCopy:
        """Ask for a bill's slip as it is now; of an overdue one the ERP makes a new one, or says why not.

        Raises:
            RuleError: it has none, or the ERP does not answer.
        """
        reason = why_not_reprint(bill, self.today, self.most_days)
        if reason is not None:
            raise RuleError(reason)
        return unwrap(self.provider.second_copy(visit.access, bill))

    def notes(self, visit: Visit) -> tuple[Note, ...]:
        """Notas fiscais, the latest first. Raises RuleError."""
        return unwrap(self.provider.notes(visit.access))

    def note_file(self, visit: Visit, note: Note) -> NoteFile:
        """The XML of a note. Raises RuleError."""
        if self.provider.lacks_xml:
            raise RuleError(self.provider.lacks_xml)
        return unwrap(self.provider.note_file(visit.access, note))

    def tickets(self, visit: Visit) -> tuple[Ticket, ...]:
        """Atendimentos, the latest first. Raises RuleError."""
        return unwrap(self.provider.tickets(visit.access))

    def is_listed(self, ticket: Ticket, chosen: TicketFilter) -> bool:
        """Whether a filter leaves an atendimento in: ERPs disagree about theirs, so ours is used."""
        return _is_listed(ticket, chosen, ticket.opened.astimezone(self.context.zone).date())

    def history(self, visit: Visit, ticket: Ticket) -> tuple[TicketEvent, ...]:
        """What happened in one, the earliest first. Raises RuleError."""
        return unwrap(self.provider.history(visit.access, ticket))

    def _check(self, feature: Feature, visit: Visit) -> None:
        reason = self.why_not(feature, visit)
        if reason is not None:
            raise RuleError(reason)


def _whole(rows: tuple[T, ...]) -> tuple[T, ...]:
    """Raise RuleError instead of a statement that lacks lines: its sums would be wrong."""
    if len(rows) > MOST:
        raise RuleError(f"O período tem mais de {MOST} linhas: escolha um período menor com F6.")
    return rows


def unwrap(outcome: Outcome[T]) -> T:
    """Return the answer to a question. Raises RuleError with the ERP's words, or why it did not answer."""
    if isinstance(outcome, Done):
        return outcome.answer
    raise RuleError(_words(outcome))


def _words(outcome: Outcome[object]) -> str:
    match outcome:
        case Refused(_, _, text):
            return f"O provedor respondeu: {text}"
        case NotSent(why):
            return why
        case Done():
            return ""
        case _:
            return f"{outcome.why} {NOTHING_CHANGED}"


def _searches(text: str) -> list[tuple[SearchBy, str]]:
    """What a typed text may be: a right CPF/CNPJ is nothing else, digits are a phone or a contract."""
    try:
        return [(SearchBy.DOCUMENT, parse_document(text))]
    except ValueError:
        pass
    number = digits(text)
    if not number or any(char.isalpha() for char in text):
        return [(SearchBy.NAME, text)]
    phone = [(SearchBy.PHONE, number)] if len(number) in (10, 11) else []
    return [*phone, (SearchBy.CONTRACT, number)]


def _is_listed(ticket: Ticket, chosen: TicketFilter, on: date) -> bool:
    texts = {"protocol": ticket.protocol, "description": ticket.description, "kind": ticket.kind}
    looked = [texts[chosen.field]] if chosen.field else list(texts.values())
    first = ticket.contacts[0] if ticket.contacts else ""
    return all(
        (
            not chosen.text or any(fold(chosen.text) in fold(text) for text in looked),
            chosen.since is None or on >= chosen.since,
            chosen.until is None or on <= chosen.until,
            not chosen.status or fold(chosen.status) == fold(ticket.status),
            not chosen.contact or fold(chosen.contact) in fold(first),
        )
    )
