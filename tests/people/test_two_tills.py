"""Two real tills over one database: a supervisor at one settles what waits at the other (issue 6)."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pos_tui import doctor
from pos_tui.domain.errors import Conflict, PosError, RuleError
from pos_tui.domain.people import Action
from pos_tui.domain.spool import JobState
from pos_tui.domain.topup import TopUpState
from pos_tui.domain.trail import TrailFilter
from pos_tui.printing.receipt import Kind, Receipt
from pos_tui.services.audit import Wait
from pos_tui.settings.store import StoreSettings, TillSettings
from pos_tui.store.ids import new_key
from pos_tui.store.models import PrintJobRow
from pos_tui.till import Till
from tests.people.staff import ANA, ANA_PIN, BETO, BETO_PIN, BOSS, BOSS_PIN, WHY, hire
from tests.people.test_boards import enter, open_desk, uncertain
from tests.sandbox import SandboxControl
from tests.screens.desk import at_desk
from tests.tills import Watch, add, new_sale, open_till, pay_and_save, settings


@pytest.fixture
def clock() -> Watch:
    return Watch()


@pytest.fixture
def tills(tmp_path: Path, sandbox: SandboxControl, clock: Watch) -> Iterator[tuple[Till, Till]]:
    """Tills 1 and 2 of two branches; people are registered at the first and known at both."""
    opened = []
    for number, name in ((1, "Loja Centro"), (2, "Loja Norte")):
        config = settings(till=TillSettings(number=number), store=StoreSettings(name=name))
        opened.append(open_till(tmp_path, sandbox, config, clock))
    first, second = opened
    hire(first)
    first.operators.enter(2, ANA_PIN)
    second.operators.enter(3, BETO_PIN)
    yield first, second
    for till in opened:
        till.close()


def leave_things(second: Till) -> str:
    """A paid top-up to be confirmed, an uncertain payment, and a paper nobody saw; returns the top-up."""
    sale = new_sale(second, BETO)
    topup = add(second, sale)
    pay_and_save(second, sale)
    uncertain(second)
    paper = Receipt(Kind.REPORT, (), training=True).to_json()
    second.context.store.write(lambda tx: second.spool.enqueue(tx, Kind.REPORT, paper, None, new_key()))
    left = PrintJobRow.update(state=JobState.UNCONFIRMED).where(PrintJobRow.kind == Kind.REPORT)
    second.context.store.write(lambda tx: tx.run(left))
    return topup.id


def test_the_number_belongs_to_one_program_and_the_database_to_all(
    tills: tuple[Till, Till], tmp_path: Path, sandbox: SandboxControl
) -> None:
    first, second = tills
    with pytest.raises(PosError, match="já está aberto"):
        open_till(tmp_path, sandbox, first.config)
    first.cash.open(10_000, ANA)
    second.cash.open(5_000, BETO)
    assert (first.cash.reading().drawer.expected, second.cash.reading().drawer.expected) == (10_000, 5_000)
    for till in tills:
        assert till.context.journal.verify(whole=True) is None, "each has a chain of its own"


def test_what_waits_anywhere_is_told_with_age_who_why_and_where(
    tills: tuple[Till, Till], clock: Watch
) -> None:
    first, second = tills
    leave_things(second)
    clock.advance(7_200)
    add(first, new_sale(first, ANA), line="67999995678")
    found = first.audit.unfinished()
    assert [one.since for one in found] == sorted(one.since for one in found)
    assert {one.kind for one in found if one.till == 2} == {Wait.TOPUP, Wait.PAYMENT, Wait.PAPER}
    first_age = first.context.now() - found[0].since
    assert 7_200_000 <= first_age < 7_300_000 and found[-1].till == 1
    branches = {1: "Loja Centro", 2: "Loja Norte"}
    assert all(one.what and one.branch in (branches[one.till], "") for one in found)
    assert all(one.branch for one in found if one.kind is not Wait.PAPER)
    assert {one.who for one in found if one.kind is Wait.TOPUP} == {ANA, BETO}


async def test_a_supervisor_settles_the_other_tills_from_here(tills: tuple[Till, Till]) -> None:
    first, second = tills
    key = leave_things(second)
    first.operators.leave("tecla")
    async with at_desk(first) as desk:
        await enter(desk, "1", BOSS_PIN)
        await open_desk(desk, "oversight")
        await desk.see("Supervisão", "Beto", "TEF R$ 15,00", "saiu?")
        await desk.press("enter")
        await desk.see("Confirmação da recarga")
        await desk.press("enter")
        await desk.see("confirmada com sucesso")
        await desk.press("escape")
        await desk.until(lambda: "67 99999" not in desk.words(), "top-up gone")
        await desk.press("enter")
        await desk.see("Decidir o pagamento", "1 O cliente não foi cobrado")
        await desk.press("1", *"extrato sem a venda", "enter")
        await desk.until(lambda: "TEF" not in desk.words(), "payment gone")
        await desk.press("enter")
        await desk.see("O papel saiu?", "Caixa 2")
        await desk.press("s")
        await desk.see("Nada pendente em nenhum caixa.")
    assert second.topups.get(key).state is TopUpState.CONFIRMED
    assert second.audit.unfinished() == []
    ruled = [line for line in second.audit.trail(TrailFilter(*second.day())) if line.event == "ruled"]
    assert [(line.till, BOSS in line.who) for line in ruled] == [(1, True)]


def test_the_trail_holds_both_tills_and_finds_one(tills: tuple[Till, Till]) -> None:
    first, second = tills
    first.cash.open(10_000, ANA)
    second.cash.open(5_000, BETO)
    everything = first.audit.trail(TrailFilter(*first.day()))
    assert {line.till for line in everything} == {1, 2}
    only = first.audit.trail(TrailFilter(*first.day(), till=2, text="abertura"))
    assert [(line.who, line.what) for line in only] == [(BETO, "Caixa: abertura")]


def test_the_trail_is_found_by_either_name(tills: tuple[Till, Till]) -> None:
    first, second = tills
    second.cash.open(10_000, BETO)
    shift = second.cash.shift()
    assert shift is not None
    approval = second.operators.approve(Action.CASH_WITHDRAW, shift.id, 1, BOSS_PIN, WHY, BETO)
    second.cash.withdraw(3_000, "para o cofre", BETO, approval)
    for name in (BETO, BOSS, "sangria", "para o cofre"):
        found = first.audit.trail(TrailFilter(*first.day(), text=name))
        (line,) = [one for one in found if one.event == "withdrawal"]
        assert (line.people, line.till) == (f"{BETO} + {BOSS}", 2)
        assert f"motivo da autorização: {WHY}" in line.details


def test_the_doctor_reads_the_journal_of_every_till(tills: tuple[Till, Till]) -> None:
    first, _ = tills

    def told() -> str:
        return next(one.words for one in doctor.of_till(first, alone=True) if one.name == "journal")

    assert "todas encadeadas" in told()
    first.context.store.db.execute_sql("UPDATE journal SET who = 'X' WHERE till = 2 AND seq = 1")  # type: ignore[no-untyped-call]
    assert "o diário do caixa 2 foi alterado a partir da linha 1" in told()


def test_g52_two_supervisors_decide_once(tills: tuple[Till, Till]) -> None:
    """Both read the same pending; whoever is second is told, and nothing is done twice."""
    first, second = tills
    key = leave_things(second)
    with pytest.raises((Conflict, RuleError)):
        second.topups.cancel(key, "linha errada", BETO)
        first.operators.enter(1, BOSS_PIN)
        first.topups.confirm(key, BOSS)
    assert first.topups.get(key).state is TopUpState.CANCELLED
