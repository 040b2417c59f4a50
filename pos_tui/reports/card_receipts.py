"""Recebimentos de cartão: every card and wallet receipt of the tills, and where it stands (seed 3)."""

from pos_tui.domain.card_receipt import CardReceipt, Chosen, brand_words, modality_words
from pos_tui.domain.money import format_money
from pos_tui.domain.reconciliation import ACQUIRER_WORDS, PENDING, SETTLED_STATES, WORDS, State
from pos_tui.reports.cells import local
from pos_tui.reports.definition import Asked, Cell, Choice, Definition, Filter, Ground, Line, Order, Plot
from pos_tui.reports.filters import ACQUIRER, BRANCH
from pos_tui.store import card_desk
from pos_tui.store.database import Transaction

BY_BRAND = "Recebido por bandeira"
BY_STATE = "Recebido por situação"
TOTAL, BACK = "Total", "Devolvido"
_ONLY_THEIRS = frozenset({State.ORPHAN, State.INCOMPLETE})
"""States of sales that the acquirer alone has; the conciliação report tells of them."""
STATE = Filter(
    "state", "Situação", tuple(Choice(one, words) for one, words in WORDS.items() if one not in _ONLY_THEIRS)
)


class CardReceipts(Definition):
    """One line a receipt. What was given back at the till is listed outside the total."""

    name = "cartoes"
    label = "Recebimentos de cartão"
    about = "Cada um, com NSU e situação."
    columns = (
        Cell("Data", 10),
        Cell("Nº da Venda", 8, "Nº", right=True),
        Cell("Caixa", 2, "Cx", right=True, priority=10),
        Cell("Filial", 6, flex=True, priority=9),
        Cell("Adquirente", 7, "Adq."),
        Cell("Bandeira", 8, priority=4),
        Cell("Tipo", 7, priority=6),
        Cell("Parcelas", 4, "Parc", right=True, priority=3),
        Cell("NSU", 9),
        Cell("Autorização", 6, "Autor.", priority=2),
        Cell("Final", 5, priority=8),
        Cell("Terminal", 8, priority=7),
        Cell("Situação", 10, flex=True, priority=1),
        Cell("Valor", 9, right=True),
    )
    filters = (ACQUIRER, STATE, BRANCH)
    sums = (TOTAL,)
    plots = (Plot(BY_BRAND, Order.BY_AMOUNT), Plot(BY_STATE, Order.BY_AMOUNT))

    def page(self, tx: Transaction, ground: Ground, asked: Asked, after: str, limit: int) -> list[Line]:
        """The oldest day first."""
        chosen = Chosen(
            local(asked.since, ground.zone).date(),
            local(asked.until - 1, ground.zone).date(),
            asked.get("branch"),
            asked.get("acquirer"),
            asked.get("state"),
        )
        day, _, key = after.partition("/")
        edge = (int(day), key) if after else None
        return [_line(*found) for found in card_desk.receipts(tx, chosen, edge, limit)]


def _line(number: int | None, receipt: CardReceipt) -> Line:
    brand, words = brand_words(receipt.brand), receipt.words
    cells = (
        f"{receipt.day:%d/%m/%Y}", str(number or ""), str(receipt.till), receipt.branch,
        ACQUIRER_WORDS[receipt.acquirer], brand, modality_words(receipt.modality), str(receipt.instalments),
        receipt.nsu, receipt.authorisation, receipt.last_four, receipt.terminal,
        words, format_money(receipt.amount),
    )  # fmt: skip
    key = f"{receipt.day.toordinal()}/{receipt.id}"
    if receipt.refunded:
        return Line(key, cells, ((BACK, receipt.amount),))
    bars = ((BY_BRAND, brand or "Outra", receipt.amount), (BY_STATE, WORDS[receipt.state], receipt.amount))
    quiet = receipt.state in SETTLED_STATES | PENDING | {State.NO_FEED}
    return Line(key, cells, ((TOTAL, receipt.amount),), bars, pending=not quiet)
