"""What another till of the store does appears by itself, and reading goes on only when something did."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pos_tui.domain.cash import Count
from pos_tui.domain.order_rules import Demand, OrderAction
from pos_tui.domain.payment import Method
from pos_tui.domain.sale import Sale
from pos_tui.oversight_app import OversightApp
from pos_tui.services.context import Context
from pos_tui.services.neighbours import SIGN_MS, Neighbours
from pos_tui.till import Till
from tests import databases
from tests.items.goods import CUT, stock
from tests.orders.test_service import order
from tests.paying import CARD
from tests.people.staff import ANA, BOSS, BOSS_PIN, hire
from tests.people.test_boards import enter, open_desk
from tests.postgres import needed, running
from tests.sandbox import SandboxControl
from tests.scale.selling import open_one
from tests.screens.desk import Somebody, at_desk
from tests.tills import Watch, add, new_sale, pay_and_save

pytestmark = needed()


@pytest.fixture
def tills(tmp_path: Path, sandbox: SandboxControl) -> Iterator[tuple[Till, Till]]:
    """Two tills of one store on a server."""
    with running() as postgres, databases.on(postgres.url.removesuffix("/postgres")):
        first, second = (open_one(tmp_path, sandbox.url, number) for number in (1, 2))
        yield first, second
        first.close()
        second.close()


def topped(till: Till) -> Sale:
    """An open sale with a top-up."""
    sale = new_sale(till)
    add(till, sale)
    return sale


def trimmed(till: Till) -> Sale:
    """An open sale with a haircut."""
    sale = new_sale(till)
    (cut,) = till.products.find(CUT.code)
    till.items.add(sale, cut, 1)
    return till.sales.get(sale.id)


def row(desk: Somebody, text: str) -> str:
    """The line of the screen that holds a text."""
    return next((" ".join(one.split()) for one in desk.lines() if text in one), "")


def test_only_what_others_did_is_noticed(tills: tuple[Till, Till]) -> None:
    first, second = tills
    watching = Neighbours(first.context)
    assert watching.ask_due() == 0, "what was there before is read anyway"
    new_sale(first)
    assert watching.ask_due() == 0, "our own"
    new_sale(second)
    assert watching.ask_due() == 1
    assert watching.ask_due() == 0


async def test_a_pending_of_the_other_till_appears(tills: tuple[Till, Till]) -> None:
    first, second = tills
    hire(first)
    async with at_desk(first) as desk:
        await enter(desk, "1", BOSS_PIN)
        await open_desk(desk, "oversight")
        await desk.see("Nada pendente em nenhum caixa.")
        sale = new_sale(second)
        add(second, sale)
        pay_and_save(second, sale)
        await desk.see("Pendente")


async def test_the_totals_of_the_other_till_follow_its_sales(tills: tuple[Till, Till]) -> None:
    first, second = tills
    stock(second)
    boss, *_ = hire(first)
    second.guard.operator = boss
    async with at_desk(first) as desk:
        await enter(desk, "1", BOSS_PIN)
        await open_desk(desk, "oversight")
        await desk.press("f7")
        await desk.see("Caixas da loja", "Nenhum caixa mexeu em dinheiro ainda.")
        second.cash.open(10_000, ANA)
        await desk.see("aberto", ANA, "R$ 100,00")
        pay_and_save(second, trimmed(second))
        await desk.see("R$ 45,00", "R$ 145,00")
        by_card = second.sales.add_payment(trimmed(second), Method.CARD, 4500, CARD)
        second.sales.save(by_card)
        await desk.see("R$ 90,00", "R$ 145,00")
        await desk.press("enter")
        await desk.see(
            "Caixa 2", "2 venda(s), R$ 90,00", "Na gaveta: R$ 145,00", "fundo R$ 100,00", "vendas R$ 45,00",
            "Dinheiro: 1 · R$ 45,00", "Cartão (maquininha): 1 · R$ 45,00",
        )  # fmt: skip
        await desk.press("escape")
        second.cash.close(Count({}, 14_500), BOSS)
        await desk.see("fechado", "Israel V")


def test_what_an_idle_till_sold_today(tills: tuple[Till, Till]) -> None:
    first, second = tills
    pay_and_save(second, topped(second))
    (one,) = second.overview.tills()
    assert (one.till, one.open, one.sold.sales, one.sold.total) == (2, False, 1, 1500)
    assert one.seen is not None and [total.name for total in second.overview.methods(one)] == ["Dinheiro"]
    assert first.overview.tills() == [one]


def test_a_till_says_that_it_is_there_and_nobody_reads_again(tills: tuple[Till, Till]) -> None:
    first, second = tills
    watch = Watch()
    same = second.context
    here = Neighbours(Context(same.store, same.till, same.branch, watch))
    watching = Neighbours(first.context)
    assert watching.ask_due() == 0 and here.ask_due() == 0
    before = first.context.store.seen()
    assert set(before) == {1, 2}
    watch.advance(SIGN_MS / 1000)
    assert here.ask_due() == 0 and watching.ask_due() == 0
    after = first.context.store.seen()
    assert after[2] - before[2] >= SIGN_MS and after[1] == before[1]


async def test_an_order_moved_at_the_other_till_is_seen_without_a_key(tills: tuple[Till, Till]) -> None:
    first, second = tills
    async with at_desk(first) as desk:
        await desk.press("ctrl+k", *"pedidos", "enter", "1")
        await desk.see("pedido(s) lido(s)", "1001")
        assert "Aguardando pagamento Não atendido Aprovar" in row(desk, "1001")
        assert second.orders.act(order(second, "1001").id, Demand(OrderAction.APPROVE), ANA).done
        await desk.until(lambda: "Aprovado Não atendido Liberar" in row(desk, "1001"), "the other's move")


async def test_the_oversight_by_itself_is_live_too(tills: tuple[Till, Till]) -> None:
    first, second = tills
    hire(first)
    app = OversightApp(first)
    async with app.run_test():
        desk = Somebody(app)
        await desk.see("Operador nº")
        await desk.press("1", "enter", *BOSS_PIN, "enter")
        await desk.see("Nada pendente em nenhum caixa.")
        pay_and_save(second, topped(second))
        await desk.see("Pendente")
