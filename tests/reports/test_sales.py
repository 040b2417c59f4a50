"""Vendas, caixa and comissões: what they hold and add up to."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from pos_tui.domain.cash import Count
from pos_tui.domain.commission import (
    Basis,
    Rates,
    format_percent,
    parse_percent,
    parse_seller_rate,
)
from pos_tui.domain.payment import Method
from pos_tui.domain.sale import Sale, SaleFilter
from pos_tui.domain.values import replace
from pos_tui.reports.definition import Asked
from pos_tui.reports.periods import Preset, days_of, span
from pos_tui.reports.registry import find
from pos_tui.reports.report import Summary
from pos_tui.services.reports import Reports
from pos_tui.store.models import TopUpRow
from pos_tui.till import Till
from tests.items.goods import stock
from tests.tills import EVER, SELLER, add, new_sale

OTHER = "Israel Veiga"


def sell(
    till: Till, face: int, *paid: tuple[Method, int], seller: str = SELLER, confirm: bool = True
) -> Sale:
    """Sell one top-up."""
    sale = new_sale(till, seller)
    topup = add(till, sale, face, f"6799999{face:04d}")
    for method, amount in paid:
        sale = till.sales.add_payment(till.sales.get(sale.id), method, amount)
    sale = till.sales.save(sale)
    if confirm:
        till.topups.confirm(topup.id, seller)
    return sale


def read(of: Till, name: str, **chosen: str) -> tuple[list[tuple[str, ...]], Summary]:
    """Every row of today, and what they add up to."""
    rows, summary = [], Summary()
    for page, summary in of.reports.pages(find(name), Asked(*of.day(), chosen)):  # noqa: B007
        rows += [line.cells for line in page]
    return rows, summary


def test_sales_tell_how_they_were_paid_and_change_is_not_received(till: Till) -> None:
    sell(till, 1500, (Method.CASH, 2000))
    sell(till, 2000, (Method.CARD, 500), (Method.CASH, 1500), confirm=False)
    rows, summary = read(till, "vendas")
    assert [(row[0], row[7], row[8], row[9]) for row in rows] == [
        ("1", "Dinheiro", "Confirmada", "15,00"),
        ("2", "Cartão (maquininha) + Dinheiro", "Pendente", "20,00"),
    ]
    assert summary.sums == {"Total": 3500, "Dinheiro": 3000, "Cartão (maquininha)": 500}
    by_day, by_hour, by_method = find("vendas").plots
    assert [amount for _, amount in summary.plotted(by_day)] == [3500]
    assert sum(amount for _, amount in summary.plotted(by_hour)) == 3500
    assert summary.plotted(by_method) == [("Dinheiro", 3000), ("Cartão (maquininha)", 500)]


def test_sales_are_narrowed_by_seller_and_branch(till: Till) -> None:
    sell(till, 1500, (Method.CASH, 1500))
    sell(till, 2000, (Method.CASH, 2000), seller=OTHER)
    assert [row[4] for row in read(till, "vendas", seller=OTHER)[0]] == [OTHER]
    assert len(read(till, "vendas", branch=till.config.store.name)[0]) == 2
    assert read(till, "vendas", branch="Outra")[0] == []


def test_cash_tells_every_move_and_how_the_shift_closed(till: Till) -> None:
    till.cash.open(10_000, SELLER)
    sell(till, 1500, (Method.CASH, 2000))
    sell(till, 2000, (Method.CARD, 2000))
    till.cash.supply(5_000, "troco do banco", SELLER)
    till.cash.withdraw(3_000, "depósito no cofre", SELLER)
    rows, summary = read(till, "caixa")
    assert [(row[3], row[6], row[7], row[8]) for row in rows] == [
        ("Abertura", "", "100,00", ""),
        ("Venda", "", "15,00", ""),
        ("Suprimento", "troco do banco", "50,00", ""),
        ("Sangria", "depósito no cofre", "", "30,00"),
    ]
    assert summary.sums == {"Entrou": 16_500, "Saiu": 3_000}
    assert [row[3] for row in read(till, "caixa", kind="withdrawal")[0]] == ["Sangria"]
    assert read(till, "caixa", till="2")[0] == []
    assert read(till, "fechamentos")[0][0][4] == "aberto"
    till.cash.close(Count({10_000: 1}, 3_400), SELLER, explained="troco dado a mais")
    (closing,), summary = read(till, "fechamentos")
    assert (closing[6], closing[7], closing[8]) == ("135,00", "134,00", "-1,00")
    assert closing[11] == "troco dado a mais"
    assert summary.sums["Diferença"] == -100


def with_rates(till: Till, rates: Rates) -> Till:
    """A till whose store agreed these rates."""
    till.__dict__["reports"] = Reports(till.context, till.spool, till.letterhead, till.guard, rates)
    return till


def test_commissions_are_a_part_of_the_margin_of_what_was_confirmed(till: Till) -> None:
    first = sell(till, 1500, (Method.CASH, 1500))
    sell(till, 2000, (Method.CASH, 2000), confirm=False)
    unknown = sell(till, 3500, (Method.CASH, 3500))
    sell(till, 2000, (Method.CASH, 2000), seller=OTHER)
    costs = {first.topups[0].id: 1395, unknown.topups[0].id: None}

    def known(key: str, cost: int | None) -> None:
        till.context.store.write(lambda tx: tx.run(TopUpRow.update(cost=cost).where(TopUpRow.id == key)))

    for key, cost in costs.items():
        known(key, cost)
    (theirs,) = [row for row in read(till, "recargas")[0] if row[3] == OTHER]
    assert theirs[8] == "20,00"
    rates = Rates(Basis.MARGIN, parse_percent("10"), {"israel veiga": parse_percent("2,5")})
    rows, summary = read(with_rates(till, rates), "comissoes")
    mine = rows[0]
    assert mine[:7] == (SELLER, "2", "50,00", "13,95", "35,00", "1,05", "10%")
    assert mine[7:] == ("0,00", "0,11")  # ten percent of 1,05 is half a centavo above 0,10
    assert rows[1][6] == "2,5%" and summary.sums["Vendido"] == 7_000
    sold = Rates(Basis.SOLD, parse_percent("2"))
    assert [row[8] for row in read(with_rates(till, sold), "comissoes")[0]] == ["1,00", "0,40"]


def test_services_and_products_have_a_rate_of_their_own(till: Till) -> None:
    goods = stock(till)
    sale = new_sale(till)
    till.items.add(sale, goods["COR1"])
    sale = till.sales.add_payment(till.sales.get(sale.id), Method.CASH, 4500)
    till.sales.save(sale)
    rows, summary = read(with_rates(till, Rates(items=parse_percent("1,5"))), "comissoes")
    assert rows == [(SELLER, "0", "0,00", "0,00", "0,00", "0,00", "0%", "45,00", "0,68")]
    assert summary.sums["Itens"] == 4500


def test_rates_are_read_as_people_write_them() -> None:
    assert [parse_percent(text) for text in ("2", "2,5", "2.50 %", "100")] == [200, 250, 250, 10_000]
    assert [format_percent(rate) for rate in (0, 200, 250, 255, 10_000)] == [
        "0%",
        "2%",
        "2,5%",
        "2,55%",
        "100%",
    ]
    assert parse_seller_rate("Ana: Prado: 3") == ("Ana: Prado", 300)
    for wrong in ("", "-1", "101", "2,555", "dois"):
        with pytest.raises(ValueError):
            parse_percent(wrong)
    with pytest.raises(ValueError):
        parse_seller_rate("Ana 3")
    assert Rates(common=1000).earned("x", 1000, -500) == 0


@pytest.mark.parametrize(
    ("preset", "first", "last"),
    [
        (Preset.TODAY, date(2024, 3, 1), date(2024, 3, 1)),
        (Preset.YESTERDAY, date(2024, 2, 29), date(2024, 2, 29)),
        (Preset.WEEK, date(2024, 2, 24), date(2024, 3, 1)),
        (Preset.MONTH, date(2024, 3, 1), date(2024, 3, 1)),
        (Preset.LAST_MONTH, date(2024, 2, 1), date(2024, 2, 29)),
    ],
)
def test_periods_with_a_name(preset: Preset, first: date, last: date) -> None:
    assert days_of(preset, date(2024, 3, 1)) == (first, last)
    zone = ZoneInfo("America/Campo_Grande")
    since, until = span(first, last, zone)
    assert until - since == ((last - first).days + 1) * 86_400_000
    assert since % 86_400_000 == 4 * 3_600_000


def test_cash_given_back_for_one_of_two_is_a_refund_in_part(till: Till) -> None:
    till.cash.open(10_000, SELLER)
    sale = new_sale(till)
    first, second = add(till, sale, 1500, "67999991500"), add(till, sale, 2000, "67999992000")
    sale = till.sales.save(till.sales.add_payment(till.sales.get(sale.id), Method.CASH, 5000))
    till.topups.confirm(first.id, SELLER)
    till.topups.cancel(second.id, "desistiu", SELLER)
    back = SaleFilter(*EVER, given_back=True)
    assert till.sales.page(back) == []
    till.cash.refund(till.sales.get(sale.id), 2000, "desistiu de uma", SELLER)
    (line,) = till.sales.page(SaleFilter(*EVER))
    assert till.sales.page(back) == till.sales.page(replace(back, text=str(sale.number))) == [line]
    assert (line.owed_back, line.situation) == (0, "Estorno parcial · Confirmada")
    _, summary = read(till, "vendas")
    assert summary.sums == {"Total": 3500, "Dinheiro": 1500, "Devolvido": 2000}
