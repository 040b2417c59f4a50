"""Conciliação de cartões: what stands where, by day, acquirer and brand, with fees expected and charged."""

from collections import defaultdict
from datetime import datetime, timedelta
from pathlib import Path

from pos_tui.domain.instants import to_ms
from pos_tui.domain.money import format_money
from pos_tui.domain.reconciliation import State
from pos_tui.reports.card_reconciliation import Reconciled
from pos_tui.reports.definition import Asked, Ground, Line
from pos_tui.reports.registry import find
from tests.statements.month import FIRST, LAYOUTS, Maker, rate_lines
from tests.statements.store import ZONE, drop_month, put_receipts, shop


def test_it_adds_up_to_what_was_planted(tmp_path: Path) -> None:
    month = Maker(LAYOUTS["stone"], 300).make()
    with shop(tmp_path) as desk:
        put_receipts(desk, month.sold)
        drop_month(tmp_path, month)
        desk.files.run("teste")
        first = datetime(FIRST.year, FIRST.month, FIRST.day, tzinfo=ZONE)
        asked = Asked(to_ms(first), to_ms(first + timedelta(days=40)))
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
