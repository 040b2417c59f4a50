"""The journal's rows as the hash chain sees them; read page by page, so that no journal is too long."""

from collections.abc import Iterable, Iterator, Sequence

from pos_tui.domain.journal import GENESIS, ChainRow, Field, link, verify
from pos_tui.store.ids import new_key
from pos_tui.store.sentences import row_of
from pos_tui.store.transaction import Row, Transaction

CHAINED = ("id", "till", "seq", "at", "who", "kind", "subject", "event", "data")
"""The columns that are hashed; the hash stands after them."""
_LAST = "SELECT seq, hash FROM journal WHERE till = ? ORDER BY seq DESC LIMIT 1"
_APPEND = row_of("journal", (*CHAINED, "hash"))
_SEQ = CHAINED.index("seq")


def append(tx: Transaction, till: int, at: int, line: Sequence[str]) -> None:
    """Append a line to a till's chain: who, kind, subject, event and data.

    Where it ends is read once in a transaction, beside which nobody writes.
    """
    seq, previous = tx.chain_ends.get(till) or last(tx, till)
    values: tuple[Field, ...] = (new_key(), till, seq + 1, at, *line)
    link_ = link(previous, dict(zip(CHAINED, values, strict=True)))
    tx.change(_APPEND, *values, link_)
    tx.chain_ends[till] = seq + 1, link_


def last(tx: Transaction, till: int) -> tuple[int, str]:
    """Return seq and hash of the line that a till's chain ends with."""
    found = tx.read(_LAST, till)
    return (found[0][0], found[0][1]) if found else (0, GENESIS)


def first_broken(page: Sequence[Row], previous: str, before: int) -> int | None:
    """Return the seq of the first row of a page that does not follow the one before it, or None.

    `page` holds `CHAINED` and the hash, by seq; `before` is the seq of the row whose hash is `previous`.
    """
    broken = verify(_rows(page, previous), start=previous)
    if broken is not None:
        return int(page[broken][_SEQ])
    if [row[_SEQ] for row in page] != list(range(before + 1, before + len(page) + 1)):
        return before + 1
    return None


def end(page: Sequence[Row]) -> tuple[str, int]:
    """Return the hash and the seq of a page's last row."""
    return str(page[-1][-1]), int(page[-1][_SEQ])


def _rows(page: Iterable[Row], previous: str) -> Iterator[ChainRow]:
    for row in page:
        yield ChainRow(previous, dict(zip(CHAINED, row, strict=False)), str(row[-1]))
        previous = str(row[-1])
