"""*Relatório de Recargas Conekta* (seed 1): every top-up of the sales of a period."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import tzinfo
from enum import StrEnum

from pos_tui.domain.instants import from_ms
from pos_tui.domain.money import format_money
from pos_tui.domain.phone import Mobile
from pos_tui.domain.topup import FINAL, PENDING, UNSENT, WORDS, TopUpState
from pos_tui.reports.report import Report

COLUMNS = (
    "Nº da Venda",
    "Data",
    "Filial",
    "Vendedor",
    "Cliente",
    "Operadora",
    "Número da Linha",
    "Status da recarga",
    "Valor total das recargas",
)
"""The seed's own."""


class StatusFilter(StrEnum):
    """What the report may be narrowed to."""

    ALL = "todas"
    CONFIRMED = "confirmadas"
    PENDING = "pendentes"
    UNSENT = "envio não realizado"
    CANCELLED = "canceladas"


STATES: Mapping[StatusFilter, frozenset[TopUpState]] = {
    StatusFilter.ALL: frozenset(TopUpState),
    StatusFilter.CONFIRMED: frozenset({TopUpState.CONFIRMED}),
    StatusFilter.PENDING: PENDING,
    StatusFilter.UNSENT: UNSENT,
    StatusFilter.CANCELLED: FINAL - {TopUpState.CONFIRMED},
}


@dataclass(frozen=True, slots=True)
class TopUpFilter:
    """Which top-ups: sales saved from `since` until before `until`, in UTC milliseconds."""

    since: int
    until: int
    status: StatusFilter = StatusFilter.ALL
    seller: str = ""
    branch: str = ""


@dataclass(frozen=True, slots=True)
class TopUpLine:
    """One row of the report. Money in centavos."""

    sale_id: str
    position: int
    number: int
    saved_at: int
    branch: str
    seller: str
    customer: str
    operator: str
    line: str
    state: TopUpState
    face: int
    cost: int | None


def line_cells(line: TopUpLine, zone: tzinfo) -> tuple[str, ...]:
    """Return one row as text."""
    return (
        str(line.number),
        f"{from_ms(line.saved_at).astimezone(zone):%d/%m/%Y %H:%M:%S}",
        line.branch,
        line.seller,
        line.customer,
        line.operator,
        str(Mobile(line.line[:2], line.line[2:])),
        WORDS[line.state],
        format_money(line.face),
    )


def topup_report(label: str, chosen: TopUpFilter, lines: Iterable[TopUpLine], zone: tzinfo) -> Report:
    """Return the report of some lines. What was cancelled is listed, and not part of the total."""
    rows = tuple(lines)
    lost = STATES[StatusFilter.CANCELLED]
    total = sum(line.face for line in rows if line.state not in lost)
    cancelled = sum(line.face for line in rows if line.state in lost)
    totals = [("Total", format_money(total))]
    if cancelled:
        totals.append(("Canceladas, fora do total", format_money(cancelled)))
    filters = [("Status", chosen.status), ("Vendedor", chosen.seller), ("Filial", chosen.branch)]
    return Report(
        title=f"Resumo de {label.replace('Recarga ', 'Recargas ')} Vendidas",
        period=period_words(chosen, zone),
        columns=COLUMNS,
        rows=tuple(line_cells(line, zone) for line in rows),
        totals=tuple(totals),
        filters=tuple((name, str(value)) for name, value in filters if value not in ("", StatusFilter.ALL)),
        right=(8,),
    )


def period_words(chosen: TopUpFilter, zone: tzinfo) -> str:
    """Write the period as the seed does: `01/05/2021 - 18/05/2021`."""
    first = from_ms(chosen.since).astimezone(zone)
    last = from_ms(chosen.until - 1).astimezone(zone)
    return f"{first:%d/%m/%Y} - {last:%d/%m/%Y}"
