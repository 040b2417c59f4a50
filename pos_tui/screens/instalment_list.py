"""The instalments of an OS as lines."""

from pos_tui.domain.instalments import Instalment, InstalmentState
from pos_tui.domain.money import format_money
from pos_tui.widgets.columns import Column
from pos_tui.widgets.line_list import Row
from pos_tui.widgets.theme import Tone

COLUMNS = (
    Column("Nº", 3, "right"),
    Column("Vence", 10),
    Column("Valor", 10, "right"),
    Column("Situação", 10),
    Column("Motivo", 10, flex=True, priority=1),
)
_TONES: dict[InstalmentState, Tone] = {
    InstalmentState.AWAITING: "normal",
    InstalmentState.CONFIRMED: "normal",
    InstalmentState.DENIED: "error",
    InstalmentState.CANCELLED: "dim",
}


def instalment_row(one: Instalment) -> Row:
    """One instalment: number, due day, value, state, why."""
    day = "/".join(reversed(one.due.split("-")))
    cells = (str(one.number), day, format_money(one.amount), one.words, one.reason)
    return Row(one.id, cells, _TONES[one.state])
