"""The closings of the past: listed, shown, printed again; and a journal whose end was cut off (issue 6)."""

import json
from pathlib import Path

import pytest

from pos_tui.domain.cash import Count
from pos_tui.domain.errors import RuleError
from pos_tui.printing.layout import as_text
from pos_tui.printing.receipt import Kind, Receipt
from pos_tui.screens.sale_status import told_at_start
from pos_tui.services import shifts
from pos_tui.till import Till
from tests.sandbox import SandboxControl
from tests.screens.desk import at_desk
from tests.tills import SELLER, open_till

SIZES = [(80, 24), (40, 12)]


def close(till: Till, counted: int = 5_000) -> None:
    """One shift, from opening to closing."""
    till.cash.open(5_000, SELLER)
    till.cash.close(Count({}, counted), SELLER, explained="" if counted == 5_000 else "nota rasgada")


def test_a_second_copy_of_the_z_is_the_z_marked(till: Till) -> None:
    close(till)
    (shift,) = till.shifts.page()
    original = as_text(till.shifts.paper(shift), 48)
    copy = as_text(till.shifts.reprint(shift, SELLER), 48)
    again = as_text(till.shifts.reprint(shift, SELLER), 48)
    assert "REIMPRESSÃO" not in original and shift.seal in original.replace(" ", "").replace("\n", "")
    assert "2ª VIA - REIMPRESSÃO" in copy and "Via nº 2" in copy and "Via nº 3" in again
    assert set(original.split()) <= set(copy.split()), "all of the original is on the copy"
    queued = [job for job in till.spool.owed() if job.kind == Kind.Z_REPORT]
    assert [job.copy for job in queued] == [0, 1, 2]
    assert not any(Receipt.from_json(job.document).drawer for job in queued)
    data = till.context.store.db.execute_sql(  # type: ignore[no-untyped-call]
        "SELECT data FROM journal WHERE kind = 'print' ORDER BY seq DESC LIMIT 1"
    ).fetchone()[0]
    assert json.loads(data)["copy"] == 2


def test_closings_are_paged_newest_first(till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shifts, "PAGE", 2)
    for _ in range(5):
        close(till)
    till.cash.open(0, SELLER)
    seen, page = [], till.shifts.page()
    while page:
        seen += [shift.number for shift in page]
        page = till.shifts.page(page[-1].number)
    assert seen == [5, 4, 3, 2, 1]
    assert [shift.number for shift in till.shifts.page(3, newer=True)] == [5, 4]
    last = till.shifts.last()
    assert last is not None and last.number == 5


def test_a_z_that_is_not_here_is_told(till: Till) -> None:
    close(till)
    (shift,) = till.shifts.page()
    till.context.store.db.execute_sql("DELETE FROM print_job")  # type: ignore[no-untyped-call]
    for act in (till.shifts.paper, lambda one: till.shifts.reprint(one, SELLER)):
        with pytest.raises(RuleError, match="não está neste banco"):
            act(shift)


@pytest.mark.parametrize("size", SIZES)
async def test_the_desk_shows_and_prints_again(till: Till, size: tuple[int, int]) -> None:
    close(till)
    close(till, 4_000)
    last = till.shifts.last()
    assert last is not None and last.reason == "nota rasgada"
    async with at_desk(till, size) as desk:
        await desk.press("f7")
        await desk.see("Caixa fechado.")
        await desk.press(*["down"] * 7, "enter")
        await desk.see("Fechamentos de caixa", "falta R$ 10,00", "confere")
        assert ("nota rasg" in desk.words()) is (size[0] > 40)
        await desk.press("enter")
        await desk.see("Fechamento nº 2", "FECHAMENTO DE CAIXA")
        assert "nota rasgada" in " ".join(as_text(till.shifts.paper(last), 48).split())
        await desk.press("escape", "down", "f9")
        await desk.see("A 2ª via do Z nº 1 está na fila")
        await desk.press("escape")
        await desk.see("Caixa fechado.")
    sql = "SELECT MAX(copy) FROM print_job WHERE kind = 'z_report'"
    assert till.context.store.db.execute_sql(sql).fetchone() == (1,)  # type: ignore[no-untyped-call]


@pytest.mark.parametrize(
    ("sql", "told"),
    [
        ("UPDATE journal SET who = 'X' WHERE event = 'closed'", "o diário foi alterado a partir da linha 3"),
        ("DELETE FROM journal WHERE seq > 2", "faltam no diário as linhas até o lacre do caixa 1"),
        ("DELETE FROM journal", "o diário foi alterado a partir da linha 2"),
    ],
)
def test_a_changed_journal_is_told_at_the_next_start(
    tmp_path: Path, sandbox: SandboxControl, sql: str, told: str
) -> None:
    till = open_till(tmp_path / "shop", sandbox)
    close(till)
    till.context.store.db.execute_sql(sql)  # type: ignore[no-untyped-call]
    till.close()
    again = open_till(tmp_path / "shop", sandbox)
    started = again.start("sistema")
    assert told in started.broken_chain
    assert told_at_start(started, again.config) == (
        f"Atenção: {started.broken_chain}. Chame o supervisor.",
        "error",
    )
    again.close()
