"""RBX's rows as the desk knows them. Only the fields named here are read: rows may hold secrets."""

import base64
import binascii
from collections.abc import Collection
from datetime import UTC, date, datetime, tzinfo

from pos_tui.domain.outcome import Uncertain
from pos_tui.domain.subscriber import Bill, BillState, Note, SecondCopy, Ticket, TicketEvent
from pos_tui.domain.usage import Session
from pos_tui.providers.safe_json import Json, JsonObject, json_text
from pos_tui.providers.subscribers.reading import charge_of, count, day, instant, money, pick

_NEVER = date.max
_LONG_AGO = date.min
_PDF = b"%PDF"


def by_due(bill: Bill) -> date:
    """Order by due date; what has none comes last."""
    return bill.due or _NEVER


def by_payment(bill: Bill) -> date:
    """Order by the day of payment."""
    return bill.paid_on or _LONG_AGO


def by_issue(note: Note) -> date:
    """Order by the day of issue."""
    return note.issued or _LONG_AGO


def wrong_bill() -> Uncertain:
    """The answer speaks of another bill."""
    return Uncertain("A resposta do RBX fala de outra conta.")


def open_bill(row: JsonObject) -> Bill | None:
    """Read a row of `get_unpaid_document`; `value_up` is what is due today, as the ERP counts it."""
    key = pick(row, "id")
    if not key:
        return None
    face = money(pick(row, "value_init"))
    return Bill(
        id=key,
        due=day(pick(row, "due_date")),
        amount=money(pick(row, "value_up")) or face,
        state=BillState.OPEN,
        face=face,
        number=pick(row, "document_number"),
        our_number=pick(row, "bank_number"),
        description=pick(row, "historic"),
        charge=charge_of(pick(row, "charge_type")),
    )


def settled_bill(row: JsonObject) -> Bill | None:
    """Read a row of `ConsultaDocumentosBaixados`."""
    key = pick(row, "Documento")
    if not key:
        return None
    face = money(pick(row, "ValorOriginal"))
    return Bill(
        id=key,
        due=day(pick(row, "DataVencimento")),
        amount=face,
        state=BillState.SETTLED,
        face=face,
        number=key,
        our_number=pick(row, "NossoNumero"),
        description=pick(row, "Motivo"),
        paid_on=day(pick(row, "DataBaixa")),
        paid=money(pick(row, "ValorBaixado")),
        how=pick(row, "FormaPagto"),
    )


def code_in(value: Json, *names: str) -> str:
    """Return a line or a Pix code that is the result itself, or stands in it under one of these names."""
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, str):
        return pick({"code": value}, "code")
    return pick(value, *names)


def second_copy(billet: Json, line: str, pix: str) -> SecondCopy:
    """Put a slip together; a PDF that is none is left out."""
    pdf = _pdf(json_text(billet, "banking_billet_base64"))
    return SecondCopy(line=line, pix=pix, pdf=pdf, link=pick(billet, "banking_billet_link"))


def _pdf(text: str) -> bytes:
    try:
        content = base64.b64decode(text, validate=True)
    except (ValueError, binascii.Error):
        return b""
    return content if content.startswith(_PDF) else b""


def note(row: JsonObject) -> Note | None:
    """Read a row of `invoices_issued`; `access_key` may be an older note's 32 characters."""
    key = pick(row, "id")
    if not key:
        return None
    return Note(
        id=key,
        model=pick(row, "model"),
        number=pick(row, "number"),
        key="".join(pick(row, "access_key").split()),
        issued=day(pick(row, "issue")),
        amount=money(pick(row, "value")),
        series=pick(row, "serial"),
        status=pick(row, "status"),
    )


def session(row: JsonObject, zone: tzinfo, online: Collection[str]) -> Session | None:
    """Read a row of `radius_extract`. `online`: the logins the ERP says are online at this moment."""
    start = instant(pick(row, "start_time"), zone)
    if start is None:
        return None
    end = instant(pick(row, "stop_time"), zone)
    login = pick(row, "username")
    return Session(
        login=login,
        start=start,
        end=end,
        updated=datetime.now(UTC) if end is None and login in online else None,
        upload=count(pick(row, "octets_input")),
        download=count(pick(row, "octets_output")),
        address=pick(row, "ipaddress", "ipv6address", "delegatedipv6prefix"),
        mac=pick(row, "mac"),
        cause=pick(row, "terminatecause"),
    )


def ticket(row: JsonObject, zone: tzinfo) -> Ticket | None:
    """Read a row of `ConsultaAtendimentos`."""
    opened = instant(pick(row, "Abertura_DataHora"), zone)
    key = pick(row, "Numero")
    if opened is None or not key:
        return None
    contact = pick(row, "Contato", "Contato_Nome")
    return Ticket(
        id=key,
        protocol=pick(row, "Protocolo") or key,
        opened=opened,
        description=pick(row, "Assunto", "Topico"),
        kind=pick(row, "Tipo", "Topico"),
        status=pick(row, "Situacao_OS"),
        contacts=(contact,) if contact else (),
        closed=instant(pick(row, "Encerramento_DataHora"), zone),
        solution=pick(row, "Solucao"),
    )


def ticket_event(row: JsonObject, zone: tzinfo) -> TicketEvent | None:
    """Read a row of `ConsultaOcorrenciasAtendimentos`; its columns are not in the sources."""
    at = instant(pick(row, "DataHora", "Data"), zone)
    return TicketEvent(
        at or datetime.fromtimestamp(0, UTC), pick(row, "Usuario"), pick(row, "Descricao", "Ocorrencia")
    )
