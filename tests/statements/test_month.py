"""For each layout: a month with every kind of divergence, reconciled as planned, line by line."""

import os
from pathlib import Path

import pytest

from pos_tui.domain.fees import FeeState, audit, parse_rate
from pos_tui.domain.reconciliation import Feed, Life, State
from pos_tui.store import acquirer_sales, card_links
from pos_tui.store.models.reconciliation import AcquirerSaleRow
from tests.statements.month import LAYOUTS, Maker, Month, rate_lines
from tests.statements.store import drop_month, listed, put_receipts, shop, standing

SALES = int(os.environ.get("POS_TUI_STATEMENT_SALES", "600"))
"""`make statements` asks for the month of a store of ten tills."""


@pytest.mark.parametrize("name", LAYOUTS)
def test_a_month_is_reconciled_as_planned(tmp_path: Path, name: str) -> None:
    month = Maker(LAYOUTS[name], SALES).make()
    with shop(tmp_path) as desk:
        put_receipts(desk, month.sold)
        drop_month(tmp_path, month)
        read = desk.files.run("teste")
        assert [one for one in read if not one.taken] == []
        assert min(month.planted.values()) > 0
        assert standing(desk) == month.receipts
        found = listed(desk)
        assert {place: state for place, (state, _) in found.items()} == month.sales
        lives = {place: Life(life) for place, (_, life) in found.items() if life}
        assert lives == month.lives
        gaps = [one for one in desk.told_files() if one.establishment == month.layout.code]
        assert [month.lost_day in one.missing_days for one in gaps if one.feed != Feed.MONEY] == [True]
        check_fees(desk, month)
        before = found, standing(desk)
        assert desk.matching.overdue() == 0, "a second look changes nothing"
        assert (listed(desk), standing(desk)) == before


def check_fees(desk: object, month: Month) -> None:
    rates = [parse_rate(line) for line in rate_lines(month.layout)]
    sold = {one.key: one.sale for one in month.sold}
    with desk._context.store.reading() as tx:  # type: ignore[attr-defined]
        for key, (due, charged) in month.fees.items():
            link = card_links.link_of(tx, key)
            assert link is not None
            sale = acquirer_sales.get(tx, link[0])
            assert sale is not None
            if month.layout.name == "teiacard":
                assert sale.fee is None, "a return tells no fee"
                continue
            ours = sold[key]
            found = audit(
                *(rates, month.layout.acquirer, ours.brand, ours.modality),
                *(ours.instalments, ours.amount, sale.fee),
            )
            agreed = FeeState.AGREED if abs(due - charged) <= ours.instalments else FeeState.DIFFERENT
            assert (sale.fee, *found) == (charged, agreed, due), key


def test_files_again_and_days_that_overlap_change_nothing(tmp_path: Path) -> None:
    month = Maker(LAYOUTS["getnet"], 300).make()
    with shop(tmp_path) as desk:
        put_receipts(desk, month.sold)
        drop_month(tmp_path, month)
        desk.files.run("teste")
        before = standing(desk), listed(desk), versions(desk)
        drop_month(tmp_path, month)
        again = desk.files.run("teste")
        assert {one.words for one in again} == {"já tinha sido lido: nada mudou"}
        # The same days once more in files of another number, as after a reprocessing.
        for name, content in month.files():
            other = content[:80] + f"{int(content[80:89]) + 500:09d}".encode() + content[89:]
            (tmp_path / "in" / f"outra-{name}").write_bytes(other)
            os.utime(tmp_path / "in" / f"outra-{name}", (0, 0))
        overlapping = desk.files.run("teste")
        assert all(one.taken and "venda" in one.words for one in overlapping)
        assert (standing(desk), listed(desk), versions(desk)) == before


def versions(desk: object) -> list[tuple[object, ...]]:
    row = AcquirerSaleRow
    with desk._context.store.reading() as tx:  # type: ignore[attr-defined]
        return [tuple(one) for one in tx.rows(row.select(row.id, row.version, row.copies).order_by(row.id))]


def test_every_kind_of_the_taxonomy_is_planted_somewhere() -> None:
    planted: set[State] = set()
    for layout in LAYOUTS.values():
        month = Maker(layout, 300).make()
        planted |= {state for state, _ in month.receipts.values()} | set(month.sales.values())
    waiting = {State.TO_SEND, State.SENT, State.WAITING, State.BY_HAND}
    assert planted == frozenset(State) - waiting
