"""C: the clock lies (facts/pos-and-faults.md §6, 22–25)."""

import contextlib
from pathlib import Path

import pytest

from pos_tui.domain.cash import Count
from pos_tui.domain.topup import TopUpState
from pos_tui.settings.store import TillSettings
from pos_tui.store.models import JournalRow
from pos_tui.till import Till
from tests.crash import invariants
from tests.faults.faketime import faketime
from tests.faults.program import F3, F10, LINE, opened
from tests.sandbox import SandboxControl
from tests.tills import SELLER, Watch, add, new_sale, open_till, pay_and_save, settings

HOUR, DAY, YEAR = 3600, 86_400, 365 * 86_400
JUMPS = {"an hour back": -HOUR, "a day back": -DAY, "1970": -56 * YEAR, "ten years on": 10 * YEAR}


def sold(till: Till, line: str) -> None:
    """One top-up, confirmed."""
    sale = new_sale(till)
    topup = add(till, sale, line=line)
    pay_and_save(till, sale)
    assert till.topups.confirm(topup.id, SELLER).state is TopUpState.CONFIRMED


@pytest.mark.parametrize("jump", JUMPS)
def test_c22_c23_the_clock_jumps_between_two_sales(
    jump: str, tmp_path: Path, sandbox: SandboxControl
) -> None:
    """Numbers order the journal and the sales, not instants; nothing is numbered twice or lost."""
    watch = Watch()
    till = open_till(tmp_path, sandbox, clock=watch)
    sold(till, "67999990001")
    watch.advance(JUMPS[jump])
    sold(till, "67999990002")
    with till.context.store.reading() as tx:
        rows = tx.rows(JournalRow.select(JournalRow.seq).order_by(JournalRow.seq))
    assert [row[0] for row in rows] == list(range(1, len(rows) + 1))
    assert set(sandbox.ledger().credits.values()) == {(1, 1500)}
    till.sweeper.sweep(SELLER)
    invariants.check(till)
    till.close()


@pytest.mark.parametrize("jump", JUMPS)
def test_c22_c23_the_clock_jumps_while_a_reserve_waits(
    jump: str, tmp_path: Path, sandbox: SandboxControl
) -> None:
    """However old a reserve seems, what it is comes from the provider."""
    watch = Watch()
    till = open_till(tmp_path, sandbox, clock=watch)
    sale = new_sale(till)
    topup = add(till, sale)
    watch.advance(JUMPS[jump])
    till.sweeper.sweep(SELLER)
    now = till.topups.get(topup.id)
    assert now.state is TopUpState.RESERVED
    assert sandbox.ledger().states()[now.provider_key] == "reserved"
    invariants.check(till)
    till.close()


@pytest.mark.crash
@pytest.mark.parametrize("offset", ["-1h", "-1d", "-56y", "+10y"])
def test_c22_c23_the_whole_program_under_a_clock_that_jumps(
    offset: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The machine's clock is set while the till stands open: its timers run by the monotonic one."""
    # Every look at this clock reads a file: the program is ten times slower under it.
    monkeypatch.setattr("tests.terminal.DEADLINE_SECONDS", 300.0)
    clock = tmp_path / "clock"
    clock.write_text("+0s")
    env = {
        "LD_PRELOAD": faketime(),
        "FAKETIME_TIMESTAMP_FILE": str(clock),
        "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "DONT_FAKE_MONOTONIC": "1",
    }
    with opened(tmp_path, env) as terminal:
        terminal.wait_for("Buscar cliente")
        clock.write_text(offset)
        terminal.send(F3)
        terminal.wait_for("1 Vivo")
        terminal.send(f"1{LINE}{LINE}4{F10}120\r{F10}\r\r")
        terminal.wait_for("Recarga conekta confirmada com sucesso.")


class Died(Exception):
    """Stands for the end of a till in the middle of asking."""


@pytest.mark.parametrize("ahead", [YEAR, 10 * YEAR])
def test_c23_a_till_that_died_years_ahead_keeps_no_other_away(
    ahead: int, tmp_path: Path, sandbox: SandboxControl, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it was confirming is settled from the till beside it, whose clock is right, and credited once."""
    watch = Watch()
    first = open_till(tmp_path, sandbox, clock=watch)
    sale = new_sale(first)
    topup = add(first, sale)
    pay_and_save(first, sale)
    watch.advance(ahead)

    def die(*_: object) -> None:
        raise Died

    with monkeypatch.context() as patch, pytest.raises(Died):
        patch.setattr("pos_tui.services.journal._guarded", die)
        first.topups.confirm(topup.id, SELLER)
    with contextlib.closing(open_till(tmp_path, sandbox, settings(till=TillSettings(number=2)))) as second:
        assert second.topups.get(topup.id).state is TopUpState.CONFIRMING
        second.sweeper.sweep("sistema")
        assert second.topups.get(topup.id).state is TopUpState.CONFIRMED
        assert sandbox.ledger().credits == {LINE: (1, 1500)}
        invariants.check(second)
    first.close()


def test_c24_a_sale_a_second_before_midnight_and_a_closing_after(
    tmp_path: Path, sandbox: SandboxControl
) -> None:
    watch = Watch()
    till = open_till(tmp_path, sandbox, clock=watch)
    local = watch().astimezone(till.context.zone)
    watch.advance(DAY - 1 - (local.hour * HOUR + local.minute * 60 + local.second))
    till.cash.open(10_000, SELLER)
    sold(till, "67999990001")
    watch.advance(5)
    sold(till, "67999990002")
    till.cash.close(Count({}, 13_000), SELLER)
    closed = till.shifts.last()
    assert closed is not None
    assert (closed.expected, closed.difference) == (13_000, 0)
    invariants.check(till)
    till.close()


def test_c25_a_clock_that_is_slewed_back_and_forth(tmp_path: Path, sandbox: SandboxControl) -> None:
    watch = Watch()
    till = open_till(tmp_path, sandbox, clock=watch)
    for number in range(6):
        watch.advance((-1) ** number * 0.4)
        sold(till, f"6799999000{number}")
    assert len(sandbox.ledger().credits) == 6
    invariants.check(till)
    till.close()
