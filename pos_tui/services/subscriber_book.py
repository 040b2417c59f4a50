"""Fills the book of subscribers: from a file of the provider, or with the invented people of training."""

import base64
import binascii
from collections import Counter
from collections.abc import Iterable
from datetime import date, tzinfo

from pos_tui.domain.errors import PosError
from pos_tui.domain.journal import SYSTEM
from pos_tui.domain.subscriber import (
    Bill,
    BillState,
    Charge,
    Contract,
    Dossier,
    Note,
    SecondCopy,
    Subscriber,
    Ticket,
    TicketEvent,
)
from pos_tui.domain.text import clean
from pos_tui.providers.safe_json import Json, JsonObject, parse_json
from pos_tui.providers.subscribers.reading import (
    charge_of,
    contract_state,
    day,
    document_of,
    instant,
    money,
    phone_of,
    pick,
    rows_of,
    texts_of,
)
from pos_tui.services.context import Context
from pos_tui.services.journal import Event
from pos_tui.store import subscribers as book
from pos_tui.store.database import Transaction


class BadBook(PosError):
    """The file cannot be taken as a book of subscribers."""

    title = "Arquivo de assinantes"


def keep(context: Context, dossiers: Iterable[Dossier], who: str) -> int:
    """Write dossiers down, each in place of what was there under its number; return how many."""
    count = 0
    for dossier in dossiers:

        def work(tx: Transaction, dossier: Dossier = dossier) -> None:
            book.replace(tx, dossier)
            context.journal.note(tx, Event("subscriber", dossier.subscriber.id, who), "imported")

        context.store.write(work)
        count += 1
    return count


def read(content: bytes, zone: tzinfo) -> list[Dossier]:
    """Read a JSON file of subscribers; its shape stands in docs/subscribers.md.

    Raises:
        BadBook: it is no such file; the message names the first subscriber that cannot be taken.
    """
    said = parse_json(content)
    rows = said.get("subscribers") if isinstance(said, dict) else None
    if not isinstance(rows, list):
        raise BadBook("O arquivo não é um JSON com a lista «subscribers».")
    dossiers = [_dossier(place, row, zone) for place, row in enumerate(rows, 1)]
    _refuse_twice(dossiers)
    return dossiers


def _refuse_twice(dossiers: list[Dossier]) -> None:
    """Numbers stand for one thing each: what is there twice would silently take another's place."""
    for kind, keys in (
        ("assinante", [one.subscriber.id for one in dossiers]),
        ("contrato", [contract.id for one in dossiers for contract in one.subscriber.contracts]),
        ("conta", [bill.id for one in dossiers for bill in one.bills]),
        ("nota", [note.id for one in dossiers for note in one.notes]),
        ("atendimento", [ticket.id for one in dossiers for ticket in one.tickets]),
    ):
        twice = next((key for key, times in Counter(keys).items() if times > 1), None)
        if twice is not None:
            raise BadBook(f"O id {twice} de {kind} aparece duas vezes no arquivo: nada foi importado.")


def _dossier(place: int, row: Json, zone: tzinfo) -> Dossier:
    key, name = pick(row, "id")[:40], pick(row, "name")
    if not isinstance(row, dict) or not key or not name or "/" in key:
        raise BadBook(f"O assinante nº {place} do arquivo não tem «id» e «name»: nada foi importado.")
    contracts = tuple(_contract(one) for one in rows_of(row.get("contracts")) if pick(one, "id"))
    bills = [one for one in rows_of(row.get("bills")) if pick(one, "id")]
    notes = [one for one in rows_of(row.get("notes")) if pick(one, "id")]
    tickets = [one for one in rows_of(row.get("tickets")) if pick(one, "id")]
    read_tickets = [one for one in (_ticket(ticket, zone) for ticket in tickets) if one]
    return Dossier(
        Subscriber(key, name, document_of(pick(row, "document")), phone_of(pick(row, "phone")), contracts),
        tuple(_bill(one) for one in bills),
        {pick(one, "id"): _copy(one) for one in bills},
        tuple(_note(one) for one in notes),
        {pick(one, "id"): _xml(one) for one in notes if one.get("xml")},
        tuple(read_tickets),
        {pick(one, "id"): _events(one, zone) for one in tickets},
    )


def _contract(row: JsonObject) -> Contract:
    state = contract_state(pick(row, "state"))
    lists = texts_of(row.get("terminals")), texts_of(row.get("logins"))
    return Contract(pick(row, "id")[:40], pick(row, "plan"), state, *lists)


def _bill(row: JsonObject) -> Bill:
    paid_on = day(pick(row, "paid_on"))
    amount = money(pick(row, "amount"))
    return Bill(
        id=pick(row, "id")[:40],
        due=day(pick(row, "due")),
        amount=amount,
        state=BillState.SETTLED if paid_on else BillState.OPEN,
        face=money(pick(row, "face")) or amount,
        number=pick(row, "number")[:40],
        our_number=pick(row, "our_number")[:40],
        description=pick(row, "description"),
        contract=pick(row, "contract")[:40],
        charge=charge_of(pick(row, "charge")) if pick(row, "charge") else Charge.SLIP,
        paid_on=paid_on,
        paid=money(pick(row, "paid")),
        how=pick(row, "how"),
    )


def _copy(row: JsonObject) -> SecondCopy:
    document = document_of(pick(row, "beneficiary_document"))
    return SecondCopy(pick(row, "line")[:60], pick(row, "pix"), None, 0, pick(row, "beneficiary"), document)


def _note(row: JsonObject) -> Note:
    return Note(
        id=pick(row, "id")[:40],
        model=pick(row, "model")[:4],
        number=pick(row, "number")[:20],
        key="".join(pick(row, "key").split())[:44],
        issued=day(pick(row, "issued")),
        amount=money(pick(row, "amount")),
        series=pick(row, "series")[:8],
        status=pick(row, "status")[:40],
    )


def _xml(row: JsonObject) -> bytes:
    raw = row.get("xml")
    try:
        return base64.b64decode(raw, validate=True) if isinstance(raw, str) else b""
    except (ValueError, binascii.Error):
        raise BadBook(f"O XML da nota {pick(row, 'id')} não está em base64: nada foi importado.") from None


def _ticket(row: JsonObject, zone: tzinfo) -> Ticket | None:
    opened = instant(pick(row, "opened"), zone)
    if opened is None:
        return None
    return Ticket(
        id=pick(row, "id")[:40],
        protocol=pick(row, "protocol")[:40] or pick(row, "id")[:40],
        opened=opened,
        description=pick(row, "description"),
        kind=pick(row, "kind"),
        status=pick(row, "status"),
        contacts=texts_of(row.get("contacts")),
        closed=instant(pick(row, "closed"), zone),
        solution=pick(row, "solution"),
    )


def _events(row: JsonObject, zone: tzinfo) -> tuple[TicketEvent, ...]:
    found = ((instant(pick(one, "at"), zone), one) for one in rows_of(row.get("events")))
    return tuple(TicketEvent(at, pick(one, "author"), pick(one, "text")) for at, one in found if at)


def practise(context: Context, provider: str, today: date) -> None:
    """In training: let the book know the invented people; with `local` all that is theirs as well."""
    from pos_tui.providers.sandbox.subscribers import people

    with context.store.reading() as tx:
        if provider == "sgp" or book.any_known(tx):
            return
    whole = provider == "local"
    known = (_cleaned(person.dossier) for person in people(today))
    keep(context, (one if whole else Dossier(one.subscriber) for one in known), SYSTEM)


def _cleaned(dossier: Dossier) -> Dossier:
    """What is invented passes the same border as what comes from outside."""
    from pos_tui.domain.values import replace

    one = dossier.subscriber
    return replace(dossier, subscriber=replace(one, name=clean(one.name)))
