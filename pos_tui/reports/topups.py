"""*Relatório de Recargas Conekta* (seed 1): every top-up of the sales of a period."""

from collections.abc import Mapping
from enum import StrEnum

from pos_tui.domain.money import format_money
from pos_tui.domain.phone import Mobile
from pos_tui.domain.topup import FINAL, PENDING, UNSENT, WORDS, TopUpState
from pos_tui.reports.cells import day, to_second
from pos_tui.reports.definition import Asked, Cell, Choice, Filter, Ground, Line, Order, Part, Plot, Quick
from pos_tui.reports.filters import BRANCH, SELLER
from pos_tui.store import reports
from pos_tui.store.database import Row, Transaction

BY_OPERATOR = "Confirmadas por operadora"
BY_DAY = "Confirmadas por dia"


class StatusFilter(StrEnum):
    """What the report may be narrowed to."""

    CONFIRMED = "confirmadas"
    PENDING = "pendentes"
    UNSENT = "envio não realizado"
    CANCELLED = "canceladas"


STATES: Mapping[StatusFilter, frozenset[TopUpState]] = {
    StatusFilter.CONFIRMED: frozenset({TopUpState.CONFIRMED}),
    StatusFilter.PENDING: PENDING,
    StatusFilter.UNSENT: UNSENT,
    StatusFilter.CANCELLED: FINAL - {TopUpState.CONFIRMED},
}
_STATUSES = tuple(Choice(status, status.capitalize()) for status in StatusFilter)


class TopUps(Quick):
    """The columns are the seed's own. What was cancelled is listed, and not part of the total."""

    name = "recargas"
    label = "Relatório de Recargas Conekta"
    about = "Cada recarga, com o status."
    columns = (
        Cell("Nº da Venda", 8, "Nº", right=True),
        Cell("Data", 19, priority=2),
        Cell("Filial", 6, flex=True, priority=6),
        Cell("Vendedor", 8, flex=True, priority=4),
        Cell("Cliente", 8, flex=True, priority=3),
        Cell("Operadora", 9, priority=5),
        Cell("Número da Linha", 13, "Linha"),
        Cell("Status da recarga", 12, "Status", flex=True, priority=1),
        Cell("Valor total das recargas", 9, "Valor", right=True),
    )
    filters = (Filter("status", "Status", _STATUSES), SELLER, BRANCH)
    sums = ("Total",)
    plots = (Plot(BY_OPERATOR, Order.BY_AMOUNT), Plot(BY_DAY))

    def title(self, ground: Ground) -> str:
        """The seed's title, of whatever the store calls its service."""
        return f"Resumo de {ground.service.replace('Recarga ', 'Recargas ')} Vendidas"

    def page(self, tx: Transaction, ground: Ground, asked: Asked, after: str, limit: int) -> list[Line]:
        """The oldest sale first."""
        rows = reports.topup_rows(tx, _query(asked), limit, reports.edge(after))
        return [_line(row, ground) for row in rows]

    def page_before(
        self, tx: Transaction, ground: Ground, asked: Asked, before: str, limit: int
    ) -> list[Line]:
        """The same from the other end."""
        rows = reports.topup_rows_before(tx, _query(asked), limit, reports.edge(before))
        return [_line(row, ground) for row in rows]

    def part(self, tx: Transaction, ground: Ground, asked: Asked) -> Part:
        """What a day's top-ups come to."""
        rows, of_day = reports.topup_sums(tx, _query(asked)), day(asked.since, ground.zone)
        done = [(name, face) for state, name, _, face in rows if state == TopUpState.CONFIRMED]
        bars = [bar for name, face in done for bar in ((BY_OPERATOR, name, face), (BY_DAY, of_day, face))]
        sums = tuple((_sum_of(TopUpState(state)), face) for state, _, _, face in rows)
        return Part(sum(count for _, _, count, _ in rows), sums, tuple(bars))


def _query(asked: Asked) -> reports.TopUpQuery:
    status = asked.get("status")
    states = STATES[StatusFilter(status)] if status else frozenset(TopUpState)
    return reports.TopUpQuery(asked.since, asked.until, states, asked.get("seller"), asked.get("branch"))


def _sum_of(state: TopUpState) -> str:
    return "Canceladas, fora do total" if state in STATES[StatusFilter.CANCELLED] else "Total"


def _line(row: Row, ground: Ground) -> Line:
    sale, position, number, at, branch, seller, customer, operator, line, word, face, _ = row
    state = TopUpState(word)
    cells = (
        str(number), to_second(at, ground.zone), branch, seller, customer, operator,
        str(Mobile(line[:2], line[2:])), WORDS[state], format_money(face),
    )  # fmt: skip
    done = state is TopUpState.CONFIRMED
    return Line(
        f"{at}/{sale}/{position}",
        cells,
        ((_sum_of(state), face),),
        ((BY_OPERATOR, operator, face), (BY_DAY, day(at, ground.zone), face)) if done else (),
        state in PENDING,
    )
