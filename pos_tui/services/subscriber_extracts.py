"""What the desk found, as statements and pages of text: the same words on screen and on paper."""

import os
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta, tzinfo
from pathlib import Path

from pos_tui.domain.documents import mask_document
from pos_tui.domain.errors import StoreError
from pos_tui.domain.fiscal import model_words, problem
from pos_tui.domain.money import format_brl, format_money
from pos_tui.domain.subscriber import Bill, Note, Ticket, TicketEvent
from pos_tui.domain.usage import Call, Period, Session, SessionState, duration, octets
from pos_tui.providers.subscribers.base import NoteFile
from pos_tui.providers.subscribers.note_xml import NoteView, read_note
from pos_tui.services.subscriber_papers import Extract

_HOUR = "%d/%m/%y %H:%M"


def period_words(period: Period, zone: tzinfo) -> str:
    """Write a period of whole days: `01/11/2026 a 30/11/2026`."""
    last = period.until.astimezone(zone) - timedelta(microseconds=1)
    return f"{period.since.astimezone(zone):%d/%m/%Y} a {last:%d/%m/%Y}"


def calls_extract(calls: Sequence[Call], terminal: str, kind: str, period: Period, zone: tzinfo) -> Extract:
    """Extrato de ligação. Values stand only where the biller told them."""
    priced = any(call.amount is not None for call in calls)
    rows = tuple(
        (
            call.at.astimezone(zone).strftime(_HOUR),
            call.destination,
            call.termination.value,
            duration(call.seconds) if call.answered else "não atendida",
            *((format_money(call.amount) if call.amount is not None else "",) if priced else ()),
        )
        for call in calls
    )
    totals = [("Ligações", str(len(calls))), ("Tempo", duration(sum(call.seconds for call in calls)))]
    if priced:
        totals.append(("Total", format_brl(sum(call.amount or 0 for call in calls))))
    return Extract(
        "EXTRATO DE LIGAÇÃO",
        period_words(period, zone),
        ("Data", "Destino", "Tipo", "Duração", *(("Valor",) if priced else ())),
        rows,
        (3, 4) if priced else (3,),
        tuple(totals),
        (("Terminal", terminal), ("Tipo de terminação", kind)),
    )


def sessions_extract(sessions: Sequence[Session], period: Period, now: datetime, zone: tzinfo) -> Extract:
    """Extrato de conexões: open and stale ones are told apart in words."""
    rows = tuple(_session_row(one, now, zone) for one in sessions)
    still = [one.state(now) for one in sessions]
    totals = (
        ("Conexões", str(len(sessions))),
        ("Abertas agora", str(still.count(SessionState.OPEN))),
        ("Sem atualização", str(still.count(SessionState.STALE))),
        ("Download", octets(sum(one.download for one in sessions))),
        ("Upload", octets(sum(one.upload for one in sessions))),
    )
    columns = ("Início", "Fim", "Login", "Tempo", "Download", "Upload", "IP")
    words = period_words(period, zone)
    return Extract("EXTRATO DE CONEXÕES", words, columns, rows, (3, 4, 5), totals)


def _session_row(one: Session, now: datetime, zone: tzinfo) -> tuple[str, ...]:
    end = one.end.astimezone(zone).strftime(_HOUR) if one.end else one.state(now).value
    start = one.start.astimezone(zone).strftime(_HOUR)
    time = duration(one.seconds(now))
    return (start, end, one.login, time, octets(one.download), octets(one.upload), one.address)


def financial_extract(opened: Sequence[Bill], settled: Sequence[Bill], today: date) -> Extract:
    """Extrato financeiro: what is open, then what was settled; every sum is the provider's."""
    rows = [
        (
            day(bill.due),
            bill.number or bill.id,
            bill.description,
            _standing(bill, today),
            format_money(bill.amount),
        )
        for bill in opened
    ]
    rows += [
        (
            day(bill.due),
            bill.number or bill.id,
            bill.description,
            f"baixada {day(bill.paid_on)} {bill.how}".strip(),
            format_money(bill.paid),
        )
        for bill in settled
    ]
    overdue = [bill for bill in opened if bill.overdue(today)]
    totals = (
        ("Em aberto", format_brl(sum(bill.amount for bill in opened))),
        ("Vencidas", f"{len(overdue)} · {format_brl(sum(bill.amount for bill in overdue))}"),
        ("Baixadas", format_brl(sum(bill.paid for bill in settled))),
    )
    columns = ("Vencimento", "Documento", "Descrição", "Situação", "Valor")
    return Extract("EXTRATO FINANCEIRO", f"até {today:%d/%m/%Y}", columns, tuple(rows), (4,), totals)


def _standing(bill: Bill, today: date) -> str:
    return "VENCIDA" if bill.overdue(today) else "em aberto"


def day(on: date | None) -> str:
    """Write a day; nothing when there is none."""
    return f"{on:%d/%m/%Y}" if on else ""


def note_lines(note: Note, view: NoteView | None) -> list[str]:
    """A note as a page to read: what the list told, and what its XML says."""
    lines = [
        f"{model_words(note.model)} nº {note.number} série {note.series}: {note.status}",
        f"Emitida em {day(note.issued)}, valor {format_brl(note.amount)}",
        f"Chave: {note.key}" if note.key else "",
        f"ATENÇÃO: {wrong}" if (wrong := problem(note.key)) else "",
    ]
    if view is not None:
        lines += list(_view_lines(view))
        if note.key and view.key and note.key != view.key:
            lines.append("ATENÇÃO: o XML é de outra nota: a chave dele não é a da lista.")
    return [line for line in lines if line]


def _view_lines(view: NoteView) -> Iterator[str]:
    yield ""
    yield f"{view.model} nº {view.number} série {view.series}, emissão {_moment(view.issued)}"
    yield f"Emitente: {view.issuer} {mask_document(view.issuer_document)}"
    yield f"Destinatário: {view.customer} {mask_document(view.customer_document)}"
    yield f"Chave: {view.key}"
    if wrong := problem(view.key):
        yield f"ATENÇÃO: {wrong}"
    yield "Autorizada." if view.authorised else "O XML não traz a autorização da SEFAZ."
    for item in view.items:
        yield f"- {item.name}: {item.quantity} = {format_brl(item.amount)}"
    yield f"Total: {format_brl(view.total)}"
    if view.due:
        yield f"Vencimento da fatura: {view.due}"
    if view.line:
        yield f"Linha digitável na nota: {view.line}"
    if view.info:
        yield view.info


def _moment(text: str) -> str:
    """Write an instant of an XML as people do, on the note's own clock; what is none as it came."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return text
    return f"{at:%d/%m/%Y}" if len(text) == len("2026-11-09") else f"{at:%d/%m/%Y %H:%M}"


def view_of(file: NoteFile) -> NoteView | None:
    """Read a note's XML; None when it is none."""
    return read_note(file.content)


def ticket_lines(ticket: Ticket, events: Sequence[TicketEvent], zone: tzinfo) -> list[str]:
    """An atendimento as a page to read."""
    lines = [
        f"Protocolo {ticket.protocol}: {ticket.status}",
        f"Aberto em {ticket.opened.astimezone(zone):%d/%m/%Y %H:%M}",
        f"Tipo: {ticket.kind}" if ticket.kind else "",
        f"Contatos: {', '.join(ticket.contacts)}" if ticket.contacts else "",
        ticket.description,
        f"Encerrado em {ticket.closed.astimezone(zone):%d/%m/%Y %H:%M}" if ticket.closed else "",
        f"Solução: {ticket.solution}" if ticket.solution else "",
        "",
        "Histórico:" if events else "Sem histórico.",
    ]
    kept = [line for place, line in enumerate(lines) if line or place == len(lines) - 2]
    return kept + [
        f"{event.at.astimezone(zone):%d/%m/%Y %H:%M} {event.author}: {event.text}" for event in events
    ]


def save(folder: Path, name: str, content: bytes) -> Path:
    """Keep a file closed to others (0600), byte for byte. Raises StoreError."""
    stem = "".join(char for char in name if char.isalnum() or char in "-_.")[:80].strip(".") or "arquivo"
    path = folder / stem
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        # A file of that name may have been there with other rights.
        path.chmod(0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
    except OSError as error:
        raise StoreError(f"{path} não pôde ser gravado ({error.strerror}).") from error
    return path
