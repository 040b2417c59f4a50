"""The sale list: pages of lines, newest first, and what waits. Nothing here counts or skips rows."""

from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import chain
from typing import NamedTuple

from pos_tui.domain.item import Item, describe
from pos_tui.domain.recurring import Attempt, PaymentStatus, payment_words
from pos_tui.domain.sale import SaleFilter, SaleLine, SaleState, due_of
from pos_tui.domain.text import fold
from pos_tui.domain.topup import COUNTING, PENDING, WORDS, TopUpState
from pos_tui.store import cash, items, payments, recurring
from pos_tui.store.database import Row, Transaction
from pos_tui.store.payments import PARTLY, WHOLLY
from pos_tui.store.sentences import marks

Cursor = tuple[int, str]
"""Where a page ends: `(saved_at, id)` of its last line."""

_UNFINISHED = f"SELECT sale_id FROM payment WHERE {payments.UNANSWERED}"
# Mostly none is: that is asked once, and SQLite then sets up no table to look each sale up in.
_COLUMNS = f"""
SELECT id, till, number, COALESCE(saved_at, opened_at), branch, seller, customer_name, invoice, total, change,
       state,
       EXISTS (SELECT 1 FROM sale_item i WHERE i.sale_id = sale.id)
       OR EXISTS (SELECT 1 FROM payment p WHERE p.sale_id = sale.id AND p.{payments.REFUNDED})
       OR CASE WHEN EXISTS ({_UNFINISHED}) THEN id IN ({_UNFINISHED}) ELSE FALSE END
"""
"""The last column says whether anything beside top-ups that are paid has to be read of a saved sale. An OS,
which alone has recurring payments, holds items."""
_LINE = f"{_COLUMNS}FROM sale WHERE "
_LINE_BACK = f"""{_COLUMNS}
FROM (SELECT sale_id FROM payment WHERE {payments.REFUNDED} AND details NOT LIKE ?
      UNION SELECT sale_id FROM cash_move WHERE {cash.HANDED_BACK}
      UNION SELECT sale_id FROM recurring_instalment WHERE {recurring.WENT_BACK}) AS back
CROSS JOIN sale WHERE sale.id = back.sale_id AND """
"""The same of sales that were given back, in the whole or in part: a payment, cash by hand, an instalment.
SQLite takes a cross join in its order: from those few to their sales, and not through all of a year's. What
came late never was the sale's."""
_AT, _BRANCH, _SELLER, _TOTAL, _STATE, _MORE = 3, 4, 5, 8, 10, 11
_AWAITING, _SAVED = SaleState.AWAITING.value, SaleState.SAVED.value
_NEWEST = " ORDER BY saved_at DESC, id DESC LIMIT ?"
_OLDEST = " ORDER BY saved_at, id LIMIT ?"
_PROBLEMS = f"""
((state = '{_AWAITING}' AND id IN (SELECT sale_id FROM recurring_attempt WHERE problem <> ''))
 OR id IN (SELECT sale_id FROM recurring_attempt WHERE {recurring.ALARMS}))
"""
"""An OS that waits and whose payment went wrong, and one paid against what was decided, whatever it is."""
_LIKE = r"customer_folded LIKE ? ESCAPE '\'"
_CREDITS = "SELECT sale_id, state, face FROM topup WHERE sale_id IN ({}) ORDER BY sale_id, position"
_WAITING = "SELECT sale_id FROM topup WHERE open_since IS NOT NULL ORDER BY open_since, id LIMIT ?"

_Credit = tuple[int, int, str]
"""What the top-ups of a sale come to in a line: how many wait, how many there are, the words of the first
that waits."""
_NOTHING: _Credit = (0, 0, "")
_ALONE: dict[str, _Credit] = {state.value: (int(state in PENDING), 1, WORDS[state]) for state in TopUpState}
"""The one top-up that most sales hold."""
_COUNTING = frozenset(state.value for state in COUNTING)
_USUAL = (0, 0, "", "", False, "")
"""The end of the line of a saved sale that holds top-ups alone, all paid and credited."""


class _More(NamedTuple):
    """What else hangs on the sales of a page, by sale."""

    items: dict[str, list[Item]]
    paying: dict[str, str]
    refunded: dict[str, int]
    attempts: dict[str, list[Attempt]]
    back: dict[str, str]


def page(
    tx: Transaction, chosen: SaleFilter, limit: int, edge: Cursor | None = None, newer: bool = False
) -> list[SaleLine]:
    """Return a page of saved sales, newest first: those older than `edge`, or `newer` than it.

    Without an edge it is the newest page, or with `newer` the oldest.
    """
    number = _number(chosen.text)
    rows = _numbered(tx, chosen, number, newer) if number else _chosen(tx, chosen, limit, edge, newer)
    if number and edge is not None:
        rows = [row for row in rows if (_place(row) > edge if newer else _place(row) < edge)]
    rows = rows[:limit]
    return _lines(tx, rows[::-1] if newer else rows)


def with_pendings(tx: Transaction, limit: int) -> list[SaleLine]:
    """Return the sales of every till that hold pendings, the oldest first; open sales, and OS that wait.

    Before all of them stand those with a payment that came after it was given up.
    """
    waiting = [str(row[0]) for row in tx.read(_WAITING, limit)]
    ids = list(dict.fromkeys([*payments.late_sales(tx), *waiting, *recurring.live_sales(tx, limit)]))
    if not ids:
        return []
    lines = {line.id: line for line in _lines(tx, tx.read(f"{_LINE} id IN ({marks(len(ids))})", *ids))}
    return [lines[key] for key in ids if key in lines]


def _chosen(tx: Transaction, chosen: SaleFilter, limit: int, edge: Cursor | None, newer: bool) -> list[Row]:
    """The page in each state by itself: only then does the index give the rows in their order."""
    since, until = chosen.since, chosen.until
    if edge is not None:  # the index is entered at the edge, or each page would pass over all those before it
        since, until = (max(since, edge[0]), until) if newer else (since, min(until, edge[0] + 1))
    seller, branch, text = chosen.seller, chosen.branch, chosen.text
    given = [since, until, *(edge or ()), *(value for value in (seller, branch) if value)]
    if text:
        given.append(_pattern(text))
    late = [payments.CAME_LATE] if chosen.given_back else []
    shape = edge is not None, newer, bool(seller), bool(branch), bool(text), chosen.given_back
    if chosen.payment is PaymentStatus.ERROR:
        return tx.read(_page_of(_PROBLEMS, *shape), *late, *given, limit)
    page_of = _page_of("state = ?", *shape)
    return _merged([tx.read(page_of, *late, state, *given, limit) for state in _states(chosen)], newer)


@cache
def _page_of(
    these: str, edge: bool, newer: bool, seller: bool, branch: bool, text: bool, given_back: bool
) -> str:
    """The statement of a page narrowed by some of these."""
    narrowed = (
        (edge, f" AND (saved_at, id) {'>' if newer else '<'} (?, ?)"),
        (seller, " AND seller = ?"),
        (branch, " AND branch = ?"),
        (text, f" AND {_LIKE}"),
    )
    where = "".join(told for by, told in narrowed if by)
    line = _LINE_BACK if given_back else _LINE
    return f"{line}{these} AND saved_at >= ? AND saved_at < ?{where}{_OLDEST if newer else _NEWEST}"


def _numbered(tx: Transaction, chosen: SaleFilter, number: int, newer: bool) -> list[Row]:
    """Each till's sale of a number: as many rows as tills, so the rest of the filter is looked at here."""
    problems, states = chosen.payment is PaymentStatus.ERROR, _states(chosen)
    late = [payments.CAME_LATE] if chosen.given_back else []
    these = f"{_LINE_BACK if late else _LINE} number = ?{f' AND {_PROBLEMS}' if problems else ''}"
    fitting = [
        row
        for row in tx.read(these, *late, number)
        if (problems or row[_STATE] in states)
        and chosen.since <= row[_AT] < chosen.until
        and chosen.seller in ("", row[_SELLER])
        and chosen.branch in ("", row[_BRANCH])
    ]
    return sorted(fitting, key=_place, reverse=not newer)


def _merged(found: Sequence[list[Row]], newer: bool) -> list[Row]:
    """The rows of several states in one order; mostly there are those of one."""
    there = [rows for rows in found if rows]
    if len(there) < 2:
        return there[0] if there else []
    return sorted(chain.from_iterable(there), key=_place, reverse=not newer)


def _place(row: Row) -> Cursor:
    return row[_AT], row[0]


def _states(chosen: SaleFilter) -> tuple[str, ...]:
    if chosen.payment is PaymentStatus.PENDING:
        return (_AWAITING,)
    return (_AWAITING, _SAVED) if chosen.unpaid else (_SAVED,)


def _number(text: str) -> int:
    """The sale number that a text is, 0 when it is none: then it is part of a name."""
    number = text.strip()
    return int(number) if number.isascii() and number.isdigit() and len(number) < 16 else 0


def _pattern(text: str) -> str:
    plain = fold(text).replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{plain}%"


def _lines(tx: Transaction, rows: Sequence[Row]) -> list[SaleLine]:
    if not rows:
        return []
    ids = [row[0] for row in rows]
    credited, due = _credited(ids, tx.read(_credits_of(len(ids)), *ids))
    lines = [SaleLine._make(row[:_STATE] + credited[row[0]] + _USUAL) for row in rows]
    hanging = [row[0] for row in rows if row[_MORE] or row[_STATE] != _SAVED]
    owed = [row[0] for row in rows if row[_TOTAL] > due[row[0]]]
    if hanging or owed:
        more, unusual = _more(tx, hanging, owed), {*hanging, *owed}
        for at, row in enumerate(rows):
            if row[0] in unusual:
                lines[at] = _unusual(row, credited[row[0]], due[row[0]], more)
    return lines


@lru_cache(maxsize=8)
def _credits_of(count: int) -> str:
    return _CREDITS.format(marks(count))


def _credited(ids: Sequence[str], rows: Sequence[Row]) -> tuple[dict[str, _Credit], dict[str, int]]:
    """By sale: what its top-ups come to in words, and in centavos."""
    found, due = dict.fromkeys(ids, _NOTHING), dict.fromkeys(ids, 0)
    for sale_id, state, face in rows:
        before, alone = found[sale_id], _ALONE[state]
        found[sale_id] = alone if before is _NOTHING else _together(before, alone)
        if state in _COUNTING:
            due[sale_id] += face
    return found, due


def _together(before: _Credit, one: _Credit) -> _Credit:
    waiting, topups, words = before
    return waiting + one[0], topups + 1, one[2] if one[0] and not waiting else words


def _more(tx: Transaction, hanging: Sequence[str], owed: Sequence[str]) -> _More:
    more = _More({}, {}, {}, {}, {})
    if hanging:
        for item in items.of_sales(tx, hanging):
            more.items.setdefault(item.sale_id, []).append(item)
        paying, back = payments.standing_of(tx, hanging)
        more.paying.update(paying)
        more.attempts.update(recurring.of_sales(tx, hanging))
        paid = chain.from_iterable(more.attempts.values())
        more.back.update(dict.fromkeys(recurring.given_back(tx, paid), PARTLY) | back)
    if owed:
        more.refunded.update(cash.refunded_of(tx, owed))
        for key, amount in payments.given_back_otherwise(tx, owed).items():
            more.refunded[key] = more.refunded.get(key, 0) + amount
    return more


def _unusual(row: Row, credit: _Credit, due: int, more: _More) -> SaleLine:
    """A sale that holds more than top-ups, that is owed something, or whose payment is not at its end."""
    key, awaiting = row[0], row[_STATE] == _AWAITING
    waiting, topups, words = credit
    goods = more.items.get(key, [])
    due += due_of((), goods) + more.refunded.get(key, 0)
    owed = max(0, row[_TOTAL] - due) if row[_STATE] == _SAVED else 0
    held = sum(item.counts for item in goods)
    recurs = payment_words(more.attempts.get(key, []), awaiting)
    discarded = row[_STATE] == SaleState.DISCARDED
    counted = (waiting, topups, words if topups else describe(goods), owed, held)
    back = more.back.get(key, "")
    if not back and (returned := more.refunded.get(key, 0)):  # out of the drawer, by hand
        back = WHOLLY if returned >= row[_TOTAL] else PARTLY
    back = "" if discarded else back
    return SaleLine._make((*row[:_STATE], *counted, recurs, more.paying.get(key, ""), discarded, back))
