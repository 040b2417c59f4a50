"""Many rows at once: peewee writes a statement for each size of piece once, and values go in as they are.

For tables that files of hundreds of thousands of records fill; values must be integers, texts or None.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, TypeVar

from peewee import Field, Insert, Model

from pos_tui.store.database import Row, Transaction

BATCH = 500
"""Keys that one statement names, or rows that one page holds."""
_SIZES = (256, 64, 16, 4, 1)
"""Few sizes: as few statements are written."""
_sentences: dict[tuple[object, ...], str] = {}
K = TypeVar("K")


def insert_rows(
    tx: Transaction,
    model: type[Model],
    columns: "Sequence[Field[Any]]",
    rows: Sequence[Row],
    otherwise: Callable[[Insert], Insert] | None = None,
) -> None:
    """Insert rows of `columns`; `otherwise` says what becomes of those that are there already."""
    for piece in _pieces(rows):
        key = (tx.dialect, model, len(piece), otherwise)
        if key not in _sentences:
            query: Any = model.insert_many(piece, fields=list(columns))
            _sentences[key] = tx.sentence(otherwise(query) if otherwise else query)
        tx.run_sentence(_sentences[key], [value for row in piece for value in row])


def _pieces(rows: Sequence[Row]) -> Iterator[Sequence[Row]]:
    at = 0
    for size in _SIZES:
        while len(rows) - at >= size:
            yield rows[at : at + size]
            at += size


def batches(items: Sequence[K]) -> Iterable[Sequence[K]]:
    """Cut into pieces that a statement holds."""
    return (items[at : at + BATCH] for at in range(0, len(items), BATCH))
