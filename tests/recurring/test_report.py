"""*Crédito Recorrente*: period, status, mode of operation, customer, unit; totals; where it is offered."""

from datetime import date
from pathlib import Path

import pytest

from pos_tui.reports.definition import Asked
from pos_tui.reports.periods import span
from pos_tui.reports.registry import find
from pos_tui.store.models import SaleRow
from pos_tui.till import Till
from tests.items.goods import stock
from tests.people.staff import ANA_PIN, BOSS_PIN, WHY, hire
from tests.recurring.os import Clock, Platform, monthly, sent
from tests.sandbox import SandboxControl
from tests.screens.desk import at_desk
from tests.tills import SELLER, open_till


@pytest.fixture
def paid(till: Till, platform: Platform, clock: Clock) -> Till:
    """Two OS of three instalments; one of them never paid."""
    attempt = sent(till, 3)
    platform.pay(attempt)
    till.recurring.attempts.ask(attempt.id, SELLER)
    sent(till, 3)
    return till


def asked(till: Till, first: str, last: str, **chosen: str) -> Asked:
    """A period by its days, both included."""
    days = span(date.fromisoformat(first), date.fromisoformat(last), till.context.zone)
    return Asked(*days, {name: value for name, value in chosen.items() if value})


def rows(till: Till, first: str = "2026-11-01", last: str = "2027-12-31", **chosen: str) -> list[str]:
    """Instalment, due day and status of each line."""
    found = till.reports.page(find("recorrente"), asked(till, first, last, **chosen))
    return [f"{line.cells[2]} {line.cells[1]} {line.cells[6]}" for line in found]


ALL = ["1/3 24/11/2026 Confirmado", "2/3 24/12/2026 Aguardando", "3/3 24/01/2027 Aguardando"]


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        ({}, ALL),
        ({"status": "confirmed"}, ALL[:1]),
        ({"status": "awaiting"}, ALL[1:]),
        ({"status": "denied"}, []),
        ({"mode": "integrated"}, ALL),
        ({"mode": "manual"}, []),
        ({"customer": "Maria Souza"}, ALL),
        ({"customer": "Outra"}, []),
        ({"branch": "Loja de treinamento"}, ALL),
        ({"branch": "Outra"}, []),
    ],
)
def test_each_filter_narrows_it(paid: Till, chosen: dict[str, str], expected: list[str]) -> None:
    assert rows(paid, **chosen) == expected


def test_the_period_is_of_the_due_day(paid: Till) -> None:
    assert rows(paid, "2026-12-24", "2026-12-24") == ALL[1:2]
    assert rows(paid, "2026-12-25", "2027-01-23") == []


def test_totals_by_status_and_customers_to_choose(paid: Till) -> None:
    report = find("recorrente")
    text = list(paid.reports.text(report, asked(paid, "2026-11-01", "2027-12-31")))
    assert {"Confirmado: 15,00", "Aguardando: 30,00", "Negado: 0,00"} <= set(text)
    (customer,) = [one for one in report.filters if one.name == "customer"]
    assert [choice.label for choice in paid.reports.choices(customer)] == ["Maria Souza"]


async def test_other_units_take_a_supervisor(paid: Till, platform: Platform) -> None:
    """Seed 2: one's own unit, or the whole organisation where the permission allows it."""
    elsewhere = paid.recurring.attempts.latest(paid.cash.sale_by_number(2).id)
    platform.pay(elsewhere)
    paid.recurring.attempts.ask(elsewhere.id, SELLER)
    paid.context.store.write(
        lambda tx: tx.run(SaleRow.update(branch="Filial Norte").where(SaleRow.id == elsewhere.sale_id))
    )
    hire(paid)
    async with at_desk(paid) as desk:
        await desk.type("2", "enter")
        await desk.type(ANA_PIN, "enter")
        await desk.see("Início")
        await desk.press("ctrl+s")
        await desk.see("Crédito Recorrente")
        await desk.press(next(char for char in desk.line("Crédito Recorrente") if char.isdigit()))
        await desk.see("Unidade: Loja de treinamento", "1 linha(s)")
        await desk.press("f6")
        await desk.see("Filtrar", "Unidade")
        await desk.press("enter", "enter", "enter", "enter", "1", "enter")
        await desk.see("Autorizar: ver comissões, fechamentos e outras unidades")
        await desk.press("1", "enter", *BOSS_PIN, "enter", *WHY, "enter")
        await desk.see("2 linha(s)")
        assert "Unidade: Loja" not in desk.words()


async def test_it_is_in_the_hub_only_where_it_is_enabled(
    paid: Till, tmp_path: Path, sandbox: SandboxControl
) -> None:
    async with at_desk(paid) as desk:
        await desk.press("ctrl+s")
        await desk.see("Relatórios", "Crédito Recorrente")
    other = open_till(tmp_path / "other", sandbox, monthly(""))
    stock(other)
    async with at_desk(other) as desk:
        await desk.press("ctrl+s")
        await desk.see("Relatórios", "Vendas")
        assert "Crédito Recorrente" not in desk.words()
    other.close()
