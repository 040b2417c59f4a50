"""Recebimentos de cartão: each receipt with where it stands, narrowed, added up and paged."""

from datetime import datetime, timedelta
from pathlib import Path

from pos_tui.domain.instants import to_ms
from pos_tui.domain.money import format_money
from pos_tui.domain.reconciliation import State
from pos_tui.reports.card_receipts import BACK, BY_STATE, CardReceipts
from pos_tui.reports.definition import Asked, Ground, Line
from pos_tui.reports.registry import find
from pos_tui.services.reconciliation import Reconciliation
from pos_tui.store.models.reconciliation import CardReceiptRow
from tests.statements.month import FIRST, LAYOUTS, Maker
from tests.statements.store import ZONE, drop_month, put_receipts, shop

WHEN = datetime(FIRST.year, FIRST.month, FIRST.day, tzinfo=ZONE)


def read(desk: Reconciliation, limit: int = 10_000, **chosen: str) -> list[Line]:
    """Every line of the month, page by page."""
    asked = Asked(to_ms(WHEN), to_ms(WHEN + timedelta(days=40)), chosen)
    lines: list[Line] = []
    after = ""
    with desk._context.store.reading() as tx:
        while page := find("cartoes").page(tx, Ground(ZONE), asked, after, limit):
            lines, after = lines + page, page[-1].key
    return lines


def test_each_receipt_stands_there_as_it_was_planted(tmp_path: Path) -> None:
    month = Maker(LAYOUTS["stone"], 200).make()
    with shop(tmp_path) as desk:
        put_receipts(desk, month.sold)
        drop_month(tmp_path, month)
        desk.files.run("teste")
        lines = read(desk)
        assert read(desk, limit=7) == lines and len(lines) == len(month.sold)
        planted = {one.key: month.receipts[one.key][0] for one in month.sold}
        right = [key for key, state in planted.items() if state is State.RECONCILED]
        found = read(desk, state=State.RECONCILED)
        assert {line.key.split("/")[1] for line in found} == set(right) and 0 < len(found) < len(lines)
        assert not any(line.pending for line in found)
    by_key = {line.key.split("/")[1]: line for line in lines}
    for one in month.sold:
        line = by_key[one.key]
        assert line.cells[-1] == format_money(one.sale.amount) and len(line.cells) == len(
            CardReceipts.columns
        )
        if planted[one.key] is State.DIVERGENT:
            assert line.pending and line.cells[-2].startswith("Divergente: ")
    assert sum(dict(line.sums)["Total"] for line in lines) == sum(one.sale.amount for one in month.sold)
    drawn = {label for line in lines for title, label, _ in line.bars if title == BY_STATE}
    assert {"Conciliada", "Divergente"} <= drawn


def test_what_was_given_back_is_listed_outside_the_total(tmp_path: Path) -> None:
    month = Maker(LAYOUTS["stone"], 20).make()
    with shop(tmp_path) as desk:
        put_receipts(desk, month.sold)
        one = month.sold[0]
        desk._context.store.write(
            lambda tx: tx.run(CardReceiptRow.update(refunded=True).where(CardReceiptRow.id == one.key))
        )
        (line,) = [line for line in read(desk) if line.key.endswith(one.key)]
    assert (
        line.sums == ((BACK, one.sale.amount),)
        and line.cells[-2].startswith("Estornada no caixa · ")
        and not line.bars
    )
