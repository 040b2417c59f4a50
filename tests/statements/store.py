"""A store's database with a month of receipts in it, and its inbox."""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from pos_tui import foundation
from pos_tui.domain.reconciliation import Acquirer, Owner, State
from pos_tui.services.card_remessa import Company
from pos_tui.services.context import Context
from pos_tui.services.reconciliation import Reconciliation
from pos_tui.settings.statements import StatementSettings
from pos_tui.store.models.reconciliation import AcquirerSaleRow, CardReceiptRow
from tests.statements.month import Month, Sold

ZONE = ZoneInfo("America/Sao_Paulo")
AFTER = datetime(2026, 10, 20, 15, tzinfo=UTC)
"""When everything of September is overdue."""


@contextmanager
def shop(
    folder: Path, settings: StatementSettings | None = None, now: datetime = AFTER
) -> Iterator[Reconciliation]:
    """Open a database of its own, wherever the run has those of tills."""
    store = vars(foundation)["open_store"](f"sqlite:///{folder / 'shop.db'}")
    context = Context(store, 1, "Loja 52", clock=lambda: now, zone=ZONE)
    chosen = settings or StatementSettings(inbox=str(folder / "in"), outbox=str(folder / "out"))
    try:
        yield Reconciliation(context, chosen, Company("Loja 52 Centro", "12345678000195"))
    finally:
        store.end()


def put_receipts(desk: Reconciliation, sold: Iterable[Sold]) -> None:
    """Write down what the tills sold, as the payments did."""
    rows = [_row(one) for one in sold]
    store = desk._context.store

    def work(tx: object) -> None:
        for at in range(0, len(rows), 500):
            tx.run(CardReceiptRow.insert_many(rows[at : at + 500]))  # type: ignore[attr-defined]

    store.write(work)


def _row(one: Sold) -> dict[str, object]:
    sale = one.sale
    at = datetime(
        sale.day.year, sale.day.month, sale.day.day, sale.minute // 60, sale.minute % 60, tzinfo=ZONE
    )
    fed = one.acquirer is not Acquirer.OTHER
    return {
        "id": one.key,
        "sale_id": one.key,
        "till": 1,
        "branch": "Loja 52",
        "acquirer": one.acquirer,
        "establishment": sale.establishment,
        "nsu": sale.nsu.zfill(12) if sale.nsu else "",
        "authorisation": sale.authorisation,
        "brand": sale.brand,
        "modality": sale.modality,
        "instalments": sale.instalments,
        "amount": sale.amount,
        "last_four": sale.last_four,
        "terminal": sale.terminal,
        "sold_at": int(at.timestamp() * 1000),
        "day": sale.day.toordinal(),
        "edition": one.edition,
        "state": State.WAITING if fed else State.NO_FEED,
        "owner": Owner.NOBODY if fed else Owner.INTEGRATOR,
    }


def drop(folder: Path, name: str, content: bytes) -> Path:
    """Have a file lie in the inbox, written a while ago."""
    path = folder / "in" / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    long_ago = (AFTER - timedelta(days=1)).timestamp()
    os.utime(path, (long_ago, long_ago))
    return path


def drop_month(folder: Path, month: Month) -> None:
    """Have all of a month's files lie there."""
    for name, content in month.files():
        drop(folder, name, content)


def standing(desk: Reconciliation) -> dict[str, tuple[State, frozenset[str]]]:
    """Every receipt's state and differing fields."""
    row = CardReceiptRow
    with desk._context.store.reading() as tx:
        rows = tx.rows(row.select(row.id, row.state, row.differences))
    return {key: (State(state), frozenset(filter(None, text.split(",")))) for key, state, text in rows}


def listed(desk: Reconciliation) -> dict[tuple[str, str, date], tuple[State, str]]:
    """Every sale of the acquirer: its state and its later life."""
    row = AcquirerSaleRow
    with desk._context.store.reading() as tx:
        rows = tx.rows(row.select(row.establishment, row.nsu, row.day, row.state, row.life))
    return {(code, nsu, date.fromordinal(day)): (State(state), life) for code, nsu, day, state, life in rows}
