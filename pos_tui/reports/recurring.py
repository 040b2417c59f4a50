"""*Crédito Recorrente* (seed 2): every payment of recurring charges that falls due in a period."""

from pos_tui.domain.instalments import WORDS, InstalmentState
from pos_tui.domain.money import format_money
from pos_tui.domain.recurring import Mode
from pos_tui.reports.cells import local
from pos_tui.reports.definition import Asked, Cell, Choice, Definition, Filter, Ground, Line, Plot
from pos_tui.store import recurring, values
from pos_tui.store.database import Transaction
from pos_tui.store.recurring import Due

STATUS = Filter("status", "Status", tuple(Choice(state, WORDS[state]) for state in InstalmentState))
MODE_CHOICES = (Choice(Mode.INTEGRATED, "Integrado"), Choice(Mode.MANUAL, "Manual"))
MODE = Filter("mode", "Modo de operação", MODE_CHOICES)
CUSTOMER = Filter("customer", "Cliente", found=recurring.customers)
UNIT = Filter("branch", "Unidade", found=values.each_branch)
BY_STATUS = "Parcelas por status"


class RecurringCredit(Definition):
    """One line an instalment. The period is of its due day."""

    name = "recorrente"
    label = "Crédito Recorrente"
    about = "Cada parcela, com vencimento e status."
    columns = (
        Cell("Nº da OS", 8, "OS", right=True),
        Cell("Vencimento", 10),
        Cell("Parcela", 7, right=True, priority=2),
        Cell("Cliente", 8, flex=True),
        Cell("Unidade", 6, flex=True, priority=5),
        Cell("Modo de operação", 9, "Modo", priority=4),
        Cell("Status", 10),
        Cell("Motivo", 8, flex=True, priority=6),
        Cell("Quem", 8, flex=True, priority=7),
        Cell("Valor", 9, right=True),
    )
    filters = (STATUS, MODE, CUSTOMER, UNIT)
    sums = ("Confirmado", "Aguardando", "Negado", "Cancelado")
    plots = (Plot(BY_STATUS),)
    feature = "recurring"
    own_unit = True

    def page(self, tx: Transaction, ground: Ground, asked: Asked, after: str, limit: int) -> list[Line]:
        """By due day."""
        days = tuple(f"{local(at, ground.zone):%Y-%m-%d}" for at in (asked.since, asked.until - 1))
        chosen = recurring.DueFilter(
            days[0],
            days[1],
            asked.get("status"),
            asked.get("mode"),
            asked.get("customer"),
            asked.get("branch"),
        )
        return [_line(one) for one in recurring.due_page(tx, chosen, limit, after)]


def _line(one: Due) -> Line:
    instalment = one.instalment
    words, amount = instalment.words, instalment.amount
    cells = (
        str(one.sale_number or ""), "/".join(reversed(instalment.due.split("-"))),
        f"{instalment.number}/{one.count}", one.customer, one.branch, _mode(one.mode), words,
        instalment.reason, instalment.moved_by, format_money(amount),
    )  # fmt: skip
    pending = instalment.state is InstalmentState.DENIED
    key = f"{instalment.due}/{instalment.id}"
    return Line(key, cells, ((words, amount),), ((BY_STATUS, words, amount),), pending)


def _mode(mode: Mode) -> str:
    return next(choice.label for choice in MODE_CHOICES if choice.key == mode)
