"""The sale list: pages of lines, newest first, and what waits. Nothing here counts or skips rows."""

from collections.abc import Sequence
from itertools import compress
from typing import NamedTuple

from pos_tui.domain.item import Item, describe
from pos_tui.domain.recurring import ALARMING, Attempt, PaymentStatus, payment_words
from pos_tui.domain.sale import SaleFilter, SaleLine, SaleState, due_of
from pos_tui.domain.text import digits, fold
from pos_tui.domain.topup import COUNTING, PENDING, WORDS
from pos_tui.store import cash, items, payments, recurring
from pos_tui.store.database import Row, Transaction
from pos_tui.store.sentences import marks

Cursor = tuple[int, str]
"""Where a page ends: `(saved_at, id)` of its last line."""

_LINE = f"""
SELECT id, till, number, COALESCE(saved_at, opened_at), branch, seller, customer_name, invoice, total, change,
       state,
       EXISTS (SELECT 1 FROM sale_item i WHERE i.sale_id = sale.id)
       OR EXISTS (SELECT 1 FROM recurring_attempt a WHERE a.sale_id = sale.id)
       OR EXISTS (SELECT 1 FROM payment WHERE sale_id = sale.id AND {payments.UNANSWERED})
FROM sale WHERE """
"""The last column says whether anything beside top-ups has to be read of the sale."""
_AT, _BRANCH, _SELLER, _TOTAL, _CHANGE, _STATE, _MORE = 3, 4, 5, 8, 9, 10, 11
_SAVED = SaleState.SAVED.value
_NEWEST = " ORDER BY saved_at DESC, id DESC LIMIT ?"
_OLDEST = " ORDER BY saved_at, id LIMIT ?"
_ALARMS = ", ".join(f"'{state.value}'" for state in sorted(ALARMING))
_PROBLEMS = f"""
((state = '{SaleState.AWAITING.value}' AND id IN (SELECT sale_id FROM recurring_attempt WHERE problem <> ''))
 OR id IN (SELECT sale_id FROM recurring_attempt
           WHERE open_since IS NOT NULL AND state IN ({_ALARMS})))
"""
"""An OS that waits and whose payment went wrong, and one paid against what was decided, whatever it is."""
_LIKE = r"customer_folded LIKE ? ESCAPE '\'"
_CREDITS = "SELECT sale_id, state, face FROM topup WHERE sale_id IN ({}) ORDER BY sale_id, position"
_WAITING = "SELECT sale_id FROM topup WHERE open_since IS NOT NULL ORDER BY open_since, id LIMIT ?"


class _Credit(NamedTuple):
    """What the top-ups of a sale come to in a line of the list."""

    waiting: int = 0
    topups: int = 0
    words: str = ""
    due: int = 0


_NOTHING = _Credit()


class _More(NamedTuple):
    """What else hangs on the sales of a page, by sale."""

    items: dict[str, list[Item]]
    paying: dict[str, str]
    refunded: dict[str, int]
    attempts: dict[str, list[Attempt]]


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
    where, values = " AND saved_at >= ? AND saved_at < ?", [since, until]
    wanted: list[tuple[str, tuple[object, ...]]] = [(where, tuple(values))]
    if edge is not None:
        wanted.append((f" AND (saved_at, id) {'>' if newer else '<'} (?, ?)", edge))
    if chosen.seller:
        wanted.append((" AND seller = ?", (chosen.seller,)))
    if chosen.branch:
        wanted.append((" AND branch = ?", (chosen.branch,)))
    if chosen.text:
        wanted.append((f" AND {_LIKE}", (_pattern(chosen.text),)))
    where = "".join(text for text, _ in wanted) + (_OLDEST if newer else _NEWEST)
    given = [value for _, those in wanted for value in those]
    if chosen.payment is PaymentStatus.ERROR:
        return tx.read(_LINE + _PROBLEMS + where, *given, limit)
    return [
        row for state in _states(chosen) for row in tx.read(f"{_LINE} state = ?{where}", state, *given, limit)
    ]


def _numbered(tx: Transaction, chosen: SaleFilter, number: int, newer: bool) -> list[Row]:
    """Each till's sale of a number: as many rows as tills, so the rest of the filter is looked at here."""
    problems = chosen.payment is PaymentStatus.ERROR
    rows = tx.read(f"{_LINE} number = ?{f' AND {_PROBLEMS}' if problems else ''}", number)
    fitting = [
        row
        for row in rows
        if (problems or row[_STATE] in _states(chosen))
        and chosen.since <= row[_AT] < chosen.until
        and chosen.seller in ("", row[_SELLER])
        and chosen.branch in ("", row[_BRANCH])
    ]
    return sorted(fitting, key=_place, reverse=not newer)


def _merged(found: Sequence[list[Row]], newer: bool) -> list[Row]:
    """The rows of several states in one order; mostly there are those of one."""
    if len(found) == 1:
        return found[0]
    return sorted((row for rows in found for row in rows), key=_place, reverse=not newer)


def _place(row: Row) -> Cursor:
    return row[_AT], row[0]


def _states(chosen: SaleFilter) -> tuple[str, ...]:
    if chosen.payment is PaymentStatus.PENDING:
        return (SaleState.AWAITING.value,)
    saved = SaleState.SAVED.value
    return (SaleState.AWAITING.value, saved) if chosen.unpaid else (saved,)


def _number(text: str) -> int:
    """The sale number that a text is, 0 when it is none: then it is part of a name."""
    number = digits(text)
    return int(number) if number == text.strip() and 0 < len(number) < 16 else 0


def _pattern(text: str) -> str:
    plain = fold(text).replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{plain}%"


def _lines(tx: Transaction, rows: Sequence[Row]) -> list[SaleLine]:
    if not rows:
        return []
    ids = [row[0] for row in rows]
    credits_of = _credits(tx.read(_CREDITS.format(marks(len(ids))), *ids))
    credited = [credits_of.get(key, _NOTHING) for key in ids]
    unusual = [row[_MORE] or row[_TOTAL] > credit.due for row, credit in zip(rows, credited, strict=True)]
    more = _more(tx, list(compress(ids, unusual)))
    return [_line(row, credit, more) for row, credit in zip(rows, credited, strict=True)]


def _credits(rows: Sequence[Row]) -> dict[str, _Credit]:
    """By sale: how many wait, how many there are, the words of the first that waits, what they come to."""
    found: dict[str, _Credit] = {}
    for sale_id, state, face in rows:
        waits, due = state in PENDING, face if state in COUNTING else 0
        before = found.get(sale_id)
        if before is None:
            found[sale_id] = _Credit(int(waits), 1, WORDS[state], due)
        else:
            words = WORDS[state] if waits and not before.waiting else before.words
            found[sale_id] = _Credit(before.waiting + waits, before.topups + 1, words, before.due + due)
    return found


def _more(tx: Transaction, ids: Sequence[str]) -> _More:
    if not ids:
        return _More({}, {}, {}, {})
    goods: dict[str, list[Item]] = {}
    for item in items.of_sales(tx, ids):
        goods.setdefault(item.sale_id, []).append(item)
    refunded = cash.refunded_of(tx, ids)
    for key, amount in payments.given_back_otherwise(tx, ids).items():
        refunded[key] = refunded.get(key, 0) + amount
    return _More(goods, payments.unanswered_of(tx, ids), refunded, recurring.of_sales(tx, ids))


def _line(row: Row, credit: _Credit, more: _More) -> SaleLine:
    if row[_MORE] or row[_STATE] != _SAVED or row[_TOTAL] > credit.due:
        return _unusual(row, credit, more)
    return SaleLine._make(
        (*row[:9], credit.waiting, credit.topups, credit.words, 0, 0, row[_CHANGE], "", "", False)
    )


def _unusual(row: Row, credit: _Credit, more: _More) -> SaleLine:
    """A sale that holds more than top-ups, that is owed something, or whose payment is not at its end."""
    key, awaiting = row[0], row[_STATE] == SaleState.AWAITING
    goods = more.items.get(key, [])
    words = credit.words if credit.topups else describe(goods)
    due = credit.due + due_of((), goods) + more.refunded.get(key, 0)
    owed = max(0, row[_TOTAL] - due) if row[_STATE] == _SAVED else 0
    held = sum(item.counts for item in goods)
    recurs = payment_words(more.attempts.get(key, []), awaiting)
    discarded = row[_STATE] == SaleState.DISCARDED
    counted = (credit.waiting, credit.topups, words, owed, held, row[_CHANGE])
    return SaleLine._make((*row[:9], *counted, recurs, more.paying.get(key, ""), discarded))
