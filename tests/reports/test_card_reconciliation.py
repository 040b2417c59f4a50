"""Conciliação de cartões: what stands where, by day, acquirer and brand, with fees expected and charged."""

from collections import defaultdict
from datetime import datetime, timedelta
from pathlib import Path

from pos_tui.domain.instants import to_ms
from pos_tui.domain.money import format_money
from pos_tui.domain.reconciliation import Acquirer, State
from pos_tui.reports.card_reconciliation import Reconciled
from pos_tui.reports.definition import Asked, Ground, Line
from pos_tui.reports.registry import find
from tests.statements.month import FIRST, LAYOUTS, Maker, Sold, rate_lines
from tests.statements.store import ZONE, drop, drop_month, put_receipts, shop
from tests.statements.writers.record import File
from tests.statements.writers.stone import stone

WHEN = datetime(FIRST.year, FIRST.month, FIRST.day, tzinfo=ZONE)


def test_it_adds_up_to_what_was_planted(tmp_path: Path) -> None:
    month = Maker(LAYOUTS["stone"], 300).make()
    with shop(tmp_path) as desk:
        put_receipts(desk, month.sold)
        drop_month(tmp_path, month)
        desk.files.run("teste")
        asked = Asked(to_ms(WHEN), to_ms(WHEN + timedelta(days=40)))
        ground = Ground(ZONE, card_rates=rate_lines(month.layout))
        report = find("conciliacao")
        with desk._context.store.reading() as tx:
            lines = report.page(tx, ground, asked, "", 10_000)
            paged: list[Line] = []
            after = ""
            while page := report.page(tx, ground, asked, after, 7):
                paged, after = paged + page, page[-1].key
    assert paged == lines
    wanted: defaultdict[str, int] = defaultdict(int)
    for one in month.sold:
        state, _ = month.receipts[one.key]
        if state is State.RECONCILED:
            wanted["Conciliado"] += one.sale.amount
        elif state is State.FILE_MISSING:
            wanted["Pendente"] += one.sale.amount
        elif state is not State.NO_FEED:
            wanted["Divergente"] += one.sale.amount
    for sale in {one for day in month.days.values() for one in day}:
        if month.sales[sale.establishment, sale.nsu, sale.day] is State.ORPHAN:
            wanted["Só na adquirente"] += sale.amount
    assert wanted["Só na adquirente"] > 0
    got: defaultdict[str, int] = defaultdict(int)
    for line in lines:
        for label, amount in line.sums:
            got[label] += amount
    assert {label: got[label] for label in wanted} == wanted
    dear = month.planted["taxa"]
    assert sum(int(line.cells[-1]) for line in lines) == dear > 0
    assert got["Taxa cobrada"] > got["Taxa esperada"] > 0
    assert all(len(line.cells) == len(Reconciled.columns) for line in lines)
    assert lines[0].cells[3] == format_money(dict(lines[0].sums)["Conciliado"])


def test_what_only_the_acquirer_has_stands_on_days_without_receipts_too(tmp_path: Path) -> None:
    """Narrowed by acquirer and by store; a sale listed twice that the till has twice is not counted again."""
    maker = Maker(LAYOUTS["stone"], 1)
    day = maker.month.lost_day
    alone, doubled = maker._draw(day=day), maker._draw(day=day + timedelta(days=2))
    ours = Sold("a" * 32, maker._draw(day=day), Acquirer.STONE)
    with shop(tmp_path) as desk:
        put_receipts(desk, [ours])
        desk.set_code("Loja 52", Acquirer.STONE, alone.establishment, "", "Ana")
        drop(tmp_path, "1.xml", stone(File(day, 1, alone.establishment, (alone, ours.sale, ours.sale))))
        drop(tmp_path, "2.xml", stone(File(doubled.day, 2, doubled.establishment, (doubled, doubled))))
        desk.files.run("teste")

        def theirs(**chosen: str) -> int:
            asked = Asked(to_ms(WHEN), to_ms(WHEN + timedelta(days=40)), chosen)
            with desk._context.store.reading() as tx:
                lines = find("conciliacao").page(tx, Ground(ZONE), asked, "", 100)
            return sum(dict(line.sums)["Só na adquirente"] for line in lines)

        assert theirs() == theirs(acquirer="stone", branch="Loja 52") == alone.amount + doubled.amount
        assert theirs(acquirer="rede") == theirs(branch="Outra") == 0
