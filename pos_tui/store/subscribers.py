"""Queries for the store's own book of subscribers."""

import json
from datetime import date, datetime

from peewee import Expression, ModelSelect

from pos_tui.domain.instants import from_ms, to_ms
from pos_tui.domain.subscriber import (
    Bill,
    BillState,
    Charge,
    Contract,
    ContractState,
    Dossier,
    Note,
    SecondCopy,
    Subscriber,
    Ticket,
    TicketEvent,
)
from pos_tui.domain.text import digits
from pos_tui.store.database import Row, Transaction
from pos_tui.store.models.subscribers import (
    BillRow,
    ContractRow,
    NoteRow,
    SubscriberRow,
    SubscriberWordRow,
    TicketEventRow,
    TicketRow,
)
from pos_tui.store.words import begins, words

MOST = 500
"""Rows of one subscriber's lists: decades of monthly bills."""
_TABLES = (SubscriberWordRow, ContractRow, BillRow, NoteRow, TicketRow)


def any_known(tx: Transaction) -> bool:
    """Whether the book holds anybody."""
    return tx.row(SubscriberRow.select(SubscriberRow.id).limit(1)) is not None


def replace(tx: Transaction, dossier: Dossier) -> None:
    """Write down a subscriber with all that is theirs, in place of what was there."""
    one = dossier.subscriber
    _forget(tx, one.id)
    tx.insert(SubscriberRow, id=one.id, name=one.name, document=one.document, phone=one.phone)
    for word in words(one.name):
        tx.insert(SubscriberWordRow, word=word, subscriber_id=one.id)
    for contract in one.contracts:
        _insert_contract(tx, one.id, contract)
    for bill in dossier.bills:
        _insert_bill(tx, one.id, bill, dossier.copies.get(bill.id, SecondCopy()))
    for note in dossier.notes:
        _insert_note(tx, one.id, note, dossier.files.get(note.id))
    for ticket in dossier.tickets:
        _insert_ticket(tx, one.id, ticket, dossier.events.get(ticket.id, ()))


def search(tx: Transaction, text: str, limit: int) -> list[Subscriber]:
    """Find by beginnings of words of the name, by CPF/CNPJ, by phone, or by a contract's whole number."""
    bare = "".join(char for char in text.upper() if char.isalnum())
    number = digits(text)
    where: Expression | None = None
    if number and not any(char.isalpha() for char in text):
        held = ContractRow.select(ContractRow.subscriber_id).where(ContractRow.id == number)
        where = SubscriberRow.id.in_(held)
        if len(number) >= 3:
            where = where | begins(SubscriberRow.document, number) | begins(SubscriberRow.phone, number)
    elif len(bare) == 14 and number:
        where = SubscriberRow.document == bare
    else:
        for word in words(text):
            ids = SubscriberWordRow.select(SubscriberWordRow.subscriber_id)
            found = SubscriberRow.id.in_(ids.where(begins(SubscriberWordRow.word, word)))
            where = found if where is None else where & found
    return _select(tx, where, limit) if where is not None else []


def get(tx: Transaction, key: str) -> Subscriber | None:
    """Return one subscriber."""
    found = _select(tx, SubscriberRow.id == key, 1)
    return found[0] if found else None


def contracts(tx: Transaction, key: str, today: date | None = None) -> tuple[Contract, ...]:
    """Return a subscriber's plans; with `today`, a provisional enabling that is over counts no more."""
    query = ContractRow.select(
        ContractRow.id,
        ContractRow.plan,
        ContractRow.state,
        ContractRow.terminals,
        ContractRow.logins,
        ContractRow.enabled_until,
    )
    rows = tx.rows(query.where(ContractRow.subscriber_id == key).order_by(ContractRow.id))
    return tuple(_contract(row, today) for row in rows)


def bills(tx: Transaction, key: str, state: BillState) -> tuple[Bill, ...]:
    """Return a subscriber's bills: the earliest due first, of settled ones the latest paid."""
    settled = state is BillState.SETTLED
    order = BillRow.paid_on.desc() if settled else BillRow.due
    query = _bills().where((BillRow.subscriber_id == key) & (BillRow.state == state))
    return tuple(_bill(row) for row in tx.rows(query.order_by(order, BillRow.id).limit(MOST)))


def bill(tx: Transaction, key: str) -> tuple[Bill, int] | None:
    """Return a bill and its version."""
    row = tx.row(_bills().where(BillRow.id == key))
    return (_bill(row), int(row[-1])) if row else None


def second_copy(tx: Transaction, key: str) -> SecondCopy | None:
    """Return what a bill can be paid with."""
    query = BillRow.select(
        BillRow.line,
        BillRow.pix,
        BillRow.slip_due,
        BillRow.slip_amount,
        BillRow.beneficiary,
        BillRow.beneficiary_document,
    )
    row = tx.row(query.where(BillRow.id == key))
    if row is None or not (row[0] or row[1]):
        return None
    return SecondCopy(row[0], row[1], _day(row[2]), row[3], row[4], row[5])


def settle(tx: Transaction, key: str, version: int, on: date, paid: int, how: str) -> bool:
    """Count a bill as paid if it is as last read; say whether we were the one."""
    values = {"state": BillState.SETTLED, "paid_on": on.isoformat(), "paid": paid, "how": how}
    return tx.claim(BillRow, key, version, **values)


def contract(tx: Transaction, key: str) -> tuple[ContractState, int] | None:
    """Return a plan's state and its version."""
    row = tx.row(ContractRow.select(ContractRow.state, ContractRow.version).where(ContractRow.id == key))
    return (ContractState(row[0]), int(row[1])) if row else None


def enable(tx: Transaction, key: str, version: int, until: date) -> bool:
    """Enable a plan until a day if it is as last read; say whether we were the one."""
    values = {"state": ContractState.ACTIVE, "enabled_until": until.isoformat()}
    return tx.claim(ContractRow, key, version, **values)


def notes(tx: Transaction, key: str) -> tuple[Note, ...]:
    """Return a subscriber's notes, the latest first."""
    query = NoteRow.select(
        NoteRow.id,
        NoteRow.fiscal_model,
        NoteRow.number,
        NoteRow.key,
        NoteRow.issued,
        NoteRow.amount,
        NoteRow.series,
        NoteRow.status,
    ).where(NoteRow.subscriber_id == key)
    rows = tx.rows(query.order_by(NoteRow.issued.desc(), NoteRow.id).limit(MOST))
    return tuple(_note(row) for row in rows)


def note_xml(tx: Transaction, key: str) -> bytes | None:
    """Return a note's XML."""
    row = tx.row(NoteRow.select(NoteRow.xml).where(NoteRow.id == key))
    return bytes(row[0]) if row and row[0] is not None else None


def tickets(tx: Transaction, key: str) -> tuple[Ticket, ...]:
    """Return a subscriber's tickets, the latest first."""
    query = TicketRow.select(
        TicketRow.id,
        TicketRow.protocol,
        TicketRow.opened,
        TicketRow.description,
        TicketRow.kind,
        TicketRow.status,
        TicketRow.contacts,
        TicketRow.closed,
        TicketRow.solution,
    ).where(TicketRow.subscriber_id == key)
    rows = tx.rows(query.order_by(TicketRow.opened.desc(), TicketRow.id).limit(MOST))
    return tuple(_ticket(row) for row in rows)


def events(tx: Transaction, key: str) -> tuple[TicketEvent, ...]:
    """Return what happened in a ticket, the earliest first."""
    query = TicketEventRow.select(TicketEventRow.at, TicketEventRow.author, TicketEventRow.text)
    rows = tx.rows(query.where(TicketEventRow.ticket_id == key).order_by(TicketEventRow.place).limit(MOST))
    return tuple(TicketEvent(from_ms(row[0]), row[1], row[2]) for row in rows)


# Inside


def _forget(tx: Transaction, key: str) -> None:
    held = TicketRow.select(TicketRow.id).where(TicketRow.subscriber_id == key)
    tx.run(TicketEventRow.delete().where(TicketEventRow.ticket_id.in_(held)))
    for table in _TABLES:
        tx.run(table.delete().where(table.subscriber_id == key))
    tx.run(SubscriberRow.delete().where(SubscriberRow.id == key))


def _insert_contract(tx: Transaction, owner: str, one: Contract) -> None:
    lists = {"terminals": json.dumps(one.terminals), "logins": json.dumps(one.logins)}
    tx.insert(ContractRow, id=one.id, subscriber_id=owner, plan=one.plan, state=one.state, **lists)


def _insert_bill(tx: Transaction, owner: str, one: Bill, copy: SecondCopy) -> None:
    tx.insert(
        BillRow,
        id=one.id,
        subscriber_id=owner,
        contract=one.contract,
        due=_iso(one.due),
        amount=one.amount,
        face=one.face,
        state=one.state,
        number=one.number,
        our_number=one.our_number,
        description=one.description,
        charge=one.charge,
        line=copy.line,
        pix=copy.pix,
        slip_due=_iso(copy.due),
        slip_amount=copy.amount,
        beneficiary=copy.beneficiary,
        beneficiary_document=copy.beneficiary_document,
        paid_on=_iso(one.paid_on),
        paid=one.paid,
        how=one.how,
    )


def _insert_note(tx: Transaction, owner: str, one: Note, xml: bytes | None) -> None:
    tx.insert(
        NoteRow,
        id=one.id,
        subscriber_id=owner,
        fiscal_model=one.model,
        series=one.series,
        number=one.number,
        key=one.key,
        issued=_iso(one.issued),
        amount=one.amount,
        status=one.status,
        xml=xml,
    )


def _insert_ticket(tx: Transaction, owner: str, one: Ticket, history: tuple[TicketEvent, ...]) -> None:
    tx.insert(
        TicketRow,
        id=one.id,
        subscriber_id=owner,
        protocol=one.protocol,
        opened=to_ms(one.opened),
        description=one.description,
        kind=one.kind,
        status=one.status,
        contacts=json.dumps(one.contacts),
        closed=to_ms(one.closed) if one.closed else None,
        solution=one.solution,
    )
    for place, event in enumerate(history):
        values = {"at": to_ms(event.at), "author": event.author, "text": event.text}
        tx.insert(TicketEventRow, ticket_id=one.id, place=place, **values)


def _select(tx: Transaction, where: Expression, limit: int) -> list[Subscriber]:
    query = SubscriberRow.select(
        SubscriberRow.id, SubscriberRow.name, SubscriberRow.document, SubscriberRow.phone
    )
    rows = tx.rows(query.where(where).order_by(SubscriberRow.name, SubscriberRow.id).limit(limit))
    return [Subscriber(row[0], row[1], row[2], row[3], contracts(tx, row[0])) for row in rows]


def _contract(row: Row, today: date | None) -> Contract:
    over = bool(row[5]) and today is not None and row[5] < today.isoformat()
    state = ContractState.SUSPENDED if over else ContractState(row[2])
    return Contract(row[0], row[1], state, tuple(json.loads(row[3])), tuple(json.loads(row[4])))


def _bills() -> "ModelSelect[BillRow]":
    return BillRow.select(
        BillRow.id,
        BillRow.due,
        BillRow.amount,
        BillRow.state,
        BillRow.face,
        BillRow.number,
        BillRow.our_number,
        BillRow.description,
        BillRow.contract,
        BillRow.charge,
        BillRow.paid_on,
        BillRow.paid,
        BillRow.how,
        BillRow.version,
    )


def _bill(row: Row) -> Bill:
    values = list(row[:-1])
    values[1], values[3], values[9] = _day(values[1]), BillState(values[3]), Charge(values[9])
    values[10] = _day(values[10])
    return Bill(*values)


def _note(row: Row) -> Note:
    return Note(row[0], row[1], row[2], row[3], _day(row[4]), row[5], row[6], row[7])


def _ticket(row: Row) -> Ticket:
    closed: datetime | None = from_ms(row[7]) if row[7] is not None else None
    contacts = tuple(json.loads(row[6]))
    return Ticket(row[0], row[1], from_ms(row[2]), row[3], row[4], row[5], contacts, closed, row[8])


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _iso(on: date | None) -> str:
    return on.isoformat() if on else ""
