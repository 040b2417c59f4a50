"""Conciliação de cartões: reconciled, divergent, pending and what only the acquirer has, by day, acquirer and
brand, with the fees.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from heapq import merge
from itertools import groupby
from operator import itemgetter

from msgspec import Struct

from pos_tui.domain.card_receipt import Chosen, brand_words
from pos_tui.domain.fees import FeeState, audit, parse_rate
from pos_tui.domain.instants import from_ms
from pos_tui.domain.money import format_money
from pos_tui.domain.reconciliation import ACQUIRER_WORDS, SETTLED_STATES, Acquirer, State
from pos_tui.reports.definition import Asked, Cell, Definition, Ground, Line, Order, Plot
from pos_tui.reports.filters import ACQUIRER, BRANCH
from pos_tui.store import card_desk
from pos_tui.store.database import Row, Transaction

BY_ACQUIRER = "Não conciliado por adquirente"
_WRONG = frozenset({State.DIVERGENT, State.AMBIGUOUS, State.NOT_FOUND, State.DUPLICATE})


class _Sums(Struct):
    """Centavos of one day, acquirer and brand."""

    reconciled: int = 0
    divergent: int = 0
    pending: int = 0
    theirs: int = 0
    """Of sales without a receipt."""
    due: int = 0
    charged: int = 0
    off: int = 0
    """Sales whose fee is not the contract's."""


class Reconciled(Definition):
    """One line a day, acquirer and brand. A fee is audited apart and never stands in the way of a match."""

    name = "conciliacao"
    label = "Conciliação de cartões"
    about = "Conciliado, pendente e taxas."
    columns = (
        Cell("Data", 10),
        Cell("Adquirente", 7, "Adq."),
        Cell("Bandeira", 8, flex=True, priority=2),
        Cell("Conciliado", 9, "Conc.", right=True),
        Cell("Divergente", 9, "Diverg.", right=True),
        Cell("Pendente", 9, "Pend.", right=True),
        Cell("Só na adquirente", 9, "Só adq.", right=True),
        Cell("Taxa esperada", 8, "Tx esp.", right=True, priority=4),
        Cell("Taxa cobrada", 8, "Tx cobr.", right=True, priority=3),
        Cell("Taxas divergentes", 6, "Tx dif", right=True, priority=1),
    )
    filters = (BRANCH, ACQUIRER)
    sums = ("Conciliado", "Divergente", "Pendente", "Só na adquirente", "Taxa esperada", "Taxa cobrada")
    plots = (Plot(BY_ACQUIRER, Order.BY_AMOUNT),)
    supervised = True

    def page(self, tx: Transaction, ground: Ground, asked: Asked, after: str, limit: int) -> list[Line]:
        """The oldest day first; a page begins with the day of the line before it."""
        since = from_ms(asked.since).astimezone(ground.zone).date()
        until = from_ms(asked.until - 1).astimezone(ground.zone).date()
        first = date.fromisoformat(after.partition("/")[0]) if after else since
        chosen = Chosen(max(since, first), until, asked.get("branch"), asked.get("acquirer"))
        lines: list[Line] = []
        for day, rows in _days(tx, chosen):
            lines += [line for line in _lines(day, rows, ground) if line.key > after]
            if len(lines) >= limit:
                break
        return lines[:limit]


def _days(tx: Transaction, chosen: Chosen) -> Iterator[tuple[date, Iterator[Row]]]:
    """Each day's receipts and sales without one, a page of each in memory at a time."""
    both = (_paged(read, tx, chosen) for read in (card_desk.report_rows, card_desk.report_sales))
    for day, rows in groupby(merge(*both, key=itemgetter(0)), key=itemgetter(0)):
        yield date.fromordinal(day), rows


_Read = Callable[[Transaction, Chosen, card_desk.Cursor | None], list[Row]]


def _paged(read: _Read, tx: Transaction, chosen: Chosen) -> Iterator[Row]:
    edge: card_desk.Cursor | None = None
    while rows := read(tx, chosen, edge):
        yield from rows
        edge = (rows[-1][0], rows[-1][1])


def _lines(day: date, rows: Iterable[Row], ground: Ground) -> list[Line]:
    rates = [parse_rate(text) for text in ground.card_rates]
    found: defaultdict[tuple[str, str], _Sums] = defaultdict(_Sums)
    for _, _, acquirer, brand, modality, instalments, amount, state, charged in rows:
        if state == State.NO_FEED:
            continue
        sums = found[acquirer, brand]
        if state == State.ORPHAN:
            sums.theirs += amount
        elif state in SETTLED_STATES:
            sums.reconciled += amount
        elif state in _WRONG:
            sums.divergent += amount
        else:
            sums.pending += amount
        # Only where both sides agree: until then the fee would be that of another sale.
        if charged is not None and state in SETTLED_STATES:
            fee, due = audit(rates, acquirer, brand, modality, instalments, amount, charged)
            sums.charged += charged
            sums.due += due or 0
            sums.off += fee is FeeState.DIFFERENT
    return [_line(day, acquirer, brand, sums) for (acquirer, brand), sums in sorted(found.items())]


def _line(day: date, acquirer: str, brand: str, sums: _Sums) -> Line:
    name = ACQUIRER_WORDS[Acquirer(acquirer)]
    money = (sums.reconciled, sums.divergent, sums.pending, sums.theirs, sums.due, sums.charged)
    cells = (f"{day:%d/%m/%Y}", name, brand_words(brand), *map(format_money, money), str(sums.off))
    open_money = sums.divergent + sums.pending + sums.theirs
    bars = ((BY_ACQUIRER, name, open_money),) if open_money else ()
    totals = tuple(zip(Reconciled.sums, money, strict=True))
    return Line(f"{day.isoformat()}/{acquirer}/{brand}", cells, totals, bars, pending=bool(open_money))
