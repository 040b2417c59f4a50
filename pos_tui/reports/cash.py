"""Caixa: what went into the drawer and out of it, and how each shift closed."""

from pos_tui.domain.cash import MOVE_WORDS, Move, MoveKind, Shift
from pos_tui.domain.instants import show
from pos_tui.domain.money import format_money
from pos_tui.reports.cells import day
from pos_tui.reports.definition import Asked, Cell, Choice, Definition, Filter, Ground, Line, Plot
from pos_tui.reports.filters import TILL
from pos_tui.store import reports
from pos_tui.store.database import Transaction

KIND = Filter("kind", "Movimento", tuple(Choice(kind, words) for kind, words in MOVE_WORDS.items()))
WITHDRAWN = "Sangrias por dia"


class Movements(Definition):
    """Every move of cash. Sales that left the drawer as it was are none."""

    name = "caixa"
    label = "Movimentos do caixa"
    about = "O que entrou e saiu da gaveta."
    columns = (
        Cell("Caixa", 2, "Cx", right=True, priority=4),
        Cell("Nº", 6, right=True, priority=3),
        Cell("Data", 16, priority=2),
        Cell("Movimento", 10),
        Cell("Quem", 7, flex=True, priority=1),
        Cell("Autorizou", 8, flex=True, priority=6),
        Cell("Motivo", 8, flex=True, priority=5),
        Cell("Entrou", 9, right=True),
        Cell("Saiu", 9, right=True),
    )
    filters = (KIND, TILL)
    sums = ("Entrou", "Saiu")
    plots = (Plot(WITHDRAWN),)

    def page(self, tx: Transaction, ground: Ground, asked: Asked, after: str, limit: int) -> list[Line]:
        """In the order they were made."""
        moves = reports.moves(
            tx, asked.since, asked.until, asked.get("kind"), asked.get("till"), limit, after
        )
        return [_move(move, ground) for move in moves]


def _move(move: Move, ground: Ground) -> Line:
    into, out = max(0, move.weight), max(0, -move.weight)
    cells = (
        str(move.till), str(move.number), show(move.at, ground.zone), MOVE_WORDS[move.kind], move.who,
        move.approved_by, move.reason, format_money(into) if into else "", format_money(out) if out else "",
    )  # fmt: skip
    withdrawn = move.kind is MoveKind.WITHDRAWAL
    bars = ((WITHDRAWN, day(move.at, ground.zone), move.amount),) if withdrawn else ()
    return Line(move.id, cells, (("Entrou", into), ("Saiu", out)), bars)


class Closings(Definition):
    """Every shift that was opened in the period, closed or not."""

    name = "fechamentos"
    label = "Fechamentos de caixa"
    about = "Esperado, contado e diferença."
    columns = (
        Cell("Caixa", 2, "Cx", right=True),
        Cell("Nº", 5, right=True, priority=2),
        Cell("Abertura", 16, priority=5),
        Cell("Abriu", 8, flex=True, priority=6),
        Cell("Fechamento", 16),
        Cell("Fechou", 8, flex=True, priority=7),
        Cell("Esperado", 9, right=True, priority=4),
        Cell("Contado", 9, right=True, priority=3),
        Cell("Diferença", 9, "Dif.", right=True),
        Cell("Pendências", 4, "Pend", right=True, priority=8),
        Cell("Autorizou", 8, flex=True, priority=9),
        Cell("Motivo", 8, flex=True, priority=1),
    )
    filters = (TILL,)
    sums = ("Esperado", "Contado", "Diferença")
    supervised = True

    def page(self, tx: Transaction, ground: Ground, asked: Asked, after: str, limit: int) -> list[Line]:
        """In the order they were opened."""
        shifts = reports.shifts(tx, asked.since, asked.until, asked.get("till"), limit, after)
        return [_shift(shift, ground) for shift in shifts]


def _shift(shift: Shift, ground: Ground) -> Line:
    head = (str(shift.till), str(shift.number), show(shift.opened_at, ground.zone), shift.opened_by)
    if shift.closed_at is None:
        return Line(shift.id, (*head, "aberto", "", "", "", "", "", "", ""), pending=True)
    told = (
        show(shift.closed_at, ground.zone), shift.closed_by, format_money(shift.expected),
        format_money(shift.counted), format_money(shift.difference), str(shift.carried),
        shift.approved_by, shift.reason,
    )  # fmt: skip
    sums = (("Esperado", shift.expected), ("Contado", shift.counted), ("Diferença", shift.difference))
    return Line(shift.id, (*head, *told), sums)
