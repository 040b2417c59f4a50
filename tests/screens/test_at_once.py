"""What a cashier does while something else comes from behind the screen: neither undoes the other."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from pos_tui.domain.errors import StoreError
from pos_tui.domain.order_kept import KeptOrder
from pos_tui.domain.sale import SaleFilter
from pos_tui.domain.topup import TopUp
from pos_tui.domain.values import replace
from pos_tui.reports.registry import find
from pos_tui.screens import recharge
from pos_tui.screens.order import OrderDesk
from pos_tui.screens.orders import OrdersDesk
from pos_tui.screens.oversight import OversightDesk
from pos_tui.screens.recurring import OsPanel
from pos_tui.screens.report import ReportScreen
from pos_tui.screens.sale_list import SalesPane
from pos_tui.services.audit import Wait
from pos_tui.settings.store import TillSettings
from pos_tui.settings.topup import TopUpSettings
from pos_tui.till import Till
from pos_tui.widgets.form import Form
from pos_tui.widgets.line_list import LineList
from tests.orders.test_service import order
from tests.recurring.os import Platform, monthly, sent
from tests.sandbox import SandboxControl
from tests.screens.desk import at_desk
from tests.screens.test_confirmation import SUCCESS, saved
from tests.tills import EVER, LINE, SELLER, Watch, add, new_sale, open_till, pay_and_save, settings


class Slow:
    """A job whose first call, or every one, has its result and gives it only when it is let go."""

    def __init__(self, job: Callable[..., Any]) -> None:
        self._job = job
        self.every = False
        self.calls = 0
        self.begun, self.go_on = threading.Event(), threading.Event()

    def __call__(self, *args: Any, **named: Any) -> Any:
        self.calls += 1
        first, found = self.calls == 1, self._job(*args, **named)
        if first or self.every:
            self.begun.set()
            assert self.go_on.wait(30), "nobody let it go"
        return found


def slow(patch: pytest.MonkeyPatch, owner: object, name: str) -> Slow:
    """Put one in the place of a method."""
    job = Slow(getattr(owner, name))
    patch.setattr(owner, name, job)
    return job


# Lists


async def test_an_older_list_of_sales_does_not_cover_the_one_chosen_since(
    till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved(till)
    sale = new_sale(till)
    done = add(till, sale, line="67999991235")
    pay_and_save(till, sale)
    till.topups.confirm(done.id, SELLER)
    async with at_desk(till) as desk:
        await desk.press("f4")
        await desk.see("Vendas de ", "Confirmada")
        pane = desk.app.desk.pane
        assert isinstance(pane, SalesPane)
        job = slow(monkeypatch, till.sales, "page")
        news = asyncio.create_task(pane.heard())
        await asyncio.to_thread(job.begun.wait)
        pendings = asyncio.create_task(pane.show_pendings())
        await desk.until(lambda: pendings.done() or pane._turn.locked(), "the pendings read, or waiting")
        job.go_on.set()
        await asyncio.gather(news, pendings)
        await desk.see("Pendentes de toda a loja")
        assert len(desk.rows()) == 1


async def test_orders_read_behind_the_screen_leave_the_cursor_far_down_where_it_is(
    till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    till.orders.refresh()
    monkeypatch.setattr("pos_tui.screens.orders.PAGE", 3)
    monkeypatch.setattr("pos_tui.services.order_book.PAGE", 3)
    job = slow(monkeypatch, till.orders, "refresh")
    async with at_desk(till) as desk:
        await desk.press("ctrl+k")
        await desk.see("Comandos")
        await desk.type("pedidos", "enter", "1")
        await desk.see("Lendo os pedidos na loja virtual…", "Próxima")
        await desk.press(*["down"] * 6)
        there = desk.app.screen
        assert isinstance(there, OrdersDesk) and there.list.row is not None
        key = there.list.row.key
        job.go_on.set()
        await desk.see("lido(s)")
        assert there.list.row.key == key


async def test_a_report_read_for_other_days_does_not_cover_those_chosen_since(
    till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved(till)
    async with at_desk(till) as desk:
        report = ReportScreen(till, SELLER, find("vendas"))
        desk.app.push_screen(report)
        await desk.see("Hoje:", "1 linha(s)")
        job = slow(monkeypatch, till.reports, "page")
        today = asyncio.create_task(report.do_report_today())
        await asyncio.to_thread(job.begun.wait)
        await report.do_report_yesterday()
        job.go_on.set()
        await today
        await desk.see("Ontem:", "0 linha(s)")
        assert report.list.rows == []


async def test_a_row_that_left_the_list_under_the_cursor_is_not_opened(till: Till) -> None:
    async with at_desk(till) as desk:
        board = OversightDesk(till, SELLER)
        desk.app.push_screen(board)
        await desk.see("Nada pendente em nenhum caixa.")
        board.list.post_message(LineList.Highlighted(board.list, f"{Wait.TOPUP}:gone"))
        board.list.post_message(LineList.Selected(board.list, f"{Wait.TOPUP}:gone"))
        await desk.press("f5")
        await desk.see("Consulta feita")


# The confirmation


async def test_the_mark_stays_where_it_was_put_while_another_was_being_confirmed(
    till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved(till, 3)
    job = slow(monkeypatch, till.topups, "confirm")
    async with at_desk(till) as desk:
        await desk.press("f4", "enter")
        await desk.see("> *1 Vivo")
        await desk.press("enter", "3")
        await desk.see("> *3 Vivo")
        job.go_on.set()
        await desk.see(f"{SUCCESS}. Faltam 2.", "> *3 Vivo")


async def test_what_came_of_a_popup_that_was_left_is_shown_in_the_list(
    till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved(till)
    job = slow(monkeypatch, till.topups, "confirm")
    confirm = job._job
    waiting = threading.Event()

    def late(*args: Any) -> TopUp:
        waiting.wait()
        found: TopUp = confirm(*args)
        return found

    job._job = late
    job.go_on.set()
    async with at_desk(till) as desk:
        await desk.press("f4", "enter")
        await desk.see("Confirmar a recarga")
        await desk.press("enter", "escape")
        await desk.see("[4 Lista de vendas]", "1 de 5 pendências")
        waiting.set()
        await desk.see("Confirmada", "0 de 5 pendências")


async def test_what_was_said_while_a_popup_was_open_is_still_to_be_read(till: Till) -> None:
    saved(till)
    async with at_desk(till) as desk:
        await desk.press("f4", "enter")
        await desk.see("Confirmar a recarga")
        desk.app.desk.say("Recarga 67 99999-0000: recusada.", "error")
        await desk.press("escape")
        await desk.see("[4 Lista de vendas]", "Recarga 67 99999-0000: recusada.")


async def test_the_change_is_told_though_the_confirmation_comes_a_moment_later(
    tmp_path: Path, sandbox: SandboxControl
) -> None:
    till = open_till(tmp_path / "auto", sandbox, settings(topup=TopUpSettings(auto_confirm=True)))
    add(till, new_sale(till))
    async with at_desk(till) as desk:
        await desk.press("f10", "1", *"20", "enter", "f10")
        await desk.see(f"{SUCCESS}.", "Troco: R$ 5,00.")
    till.close()


# The recharge and the head of the sale


async def test_values_asked_for_while_they_are_read_are_told_when_they_came(
    till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with at_desk(till) as desk:
        await desk.press("f3")
        await desk.see("1 Vivo")
        job = slow(monkeypatch, till.offers, "catalogue")
        await desk.press("f2", "f3", "f6")
        await desk.see("Lendo os valores da operadora…")
        job.go_on.set()
        await desk.see("Valores lidos: escolha a operadora.")


async def test_values_that_come_late_move_nothing_under_the_fingers(
    till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with at_desk(till) as desk:
        await desk.press("f3")
        await desk.see("1 Vivo")
        await desk.until(lambda: not list(desk.app.workers), "what the tab reads by itself")
        monkeypatch.setattr(recharge, "PATIENCE", 0)
        job = slow(monkeypatch, till.offers, "catalogue")
        job.every = True
        await desk.press("f6")
        await desk.press("1", *"67999")
        offered = desk.app.desk.pane._catalogue  # type: ignore[attr-defined]
        job.go_on.set()
        await desk.see("Valores lidos: valem a partir da próxima recarga.")
        assert desk.app.desk.pane._catalogue is offered  # type: ignore[attr-defined]


async def test_a_refusal_is_not_covered_by_the_next_ones_success(till: Till) -> None:
    async with at_desk(till) as desk:
        sale = new_sale(till)
        refused = replace(add(till, sale), why="Recarga negada: linha inválida.")
        held = add(till, sale, line="67999991235")
        await desk.app.desk.reserving.tell(refused)
        await desk.app.desk.reserving.tell(held)
        await desk.see("Recarga negada: linha inválida.")


@pytest.fixture
def wide_till(tmp_path: Path, sandbox: SandboxControl) -> Iterator[Till]:
    """A till with two PDVs."""
    opened = open_till(tmp_path / "wide", sandbox, settings(till=TillSettings(pdvs=("1 Balcão", "2 Loja"))))
    yield opened
    opened.close()


async def test_the_pdv_chosen_counts_though_the_sale_was_drawn_again(wide_till: Till) -> None:
    async with at_desk(wide_till) as desk:
        pane = desk.app.desk.pane
        form = pane.query_one(Form)
        form.post_message(Form.Chosen(form, "pdv", "2 Loja"))  # and the form says the first again by now
        await desk.see("| PDV 2 Loja |")
        assert desk.app.desk.sale.pdv == "2 Loja"


async def test_a_reserve_answered_this_instant_is_saved_with_its_sale(
    till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    till.offers.catalogue()
    async with at_desk(till) as desk:
        reserve = slow(monkeypatch, till.topups.connect(till.topups.name), "reserve")
        await desk.press("f3", "1", *LINE, *LINE, "4", "f10", "1", *"20", "enter")
        screen = desk.app.desk

        async def save_before_it_is_drawn() -> None:
            reserve.go_on.set()
            while not all(worker.is_finished for worker in desk.app.workers):
                await asyncio.sleep(0.01)
            await screen.do_payment()

        screen.call_later(save_before_it_is_drawn)  # as a key's work: news for the screen wait behind it
        await desk.see("salva.")
    (line,) = till.sales.page(SaleFilter(*EVER))
    assert till.sales.get(line.id).change == 500


# An OS and an order


async def test_two_that_find_an_os_paid_act_upon_it_once(
    tmp_path: Path, sandbox: SandboxControl, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    till = open_till(tmp_path / "os", sandbox, monthly(), watch)
    attempt = sent(till)
    async with at_desk(till) as desk:
        panel = OsPanel(till, till.sales.get(attempt.sale_id), attempt, SELLER)
        desk.app.push_screen(panel)
        await desk.see("Aguardando o pagamento")
        monkeypatch.setattr(panel, "_look", panel.is_attached)  # the clock of the panel stands still
        said: list[str] = []
        monkeypatch.setattr(panel, "say", lambda text, tone="normal": said.append(text))
        Platform(sandbox).pay(attempt)
        till.recurring.attempts.ask(attempt.id, SELLER)
        await asyncio.gather(panel.show(), panel.heard())
        assert [text for text in said if "O cliente pagou" in text] == [said[0]]
    till.close()


async def test_an_order_read_before_an_action_does_not_cover_what_came_of_it(
    till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    till.orders.refresh()
    kept = order(till, "1001")
    job = slow(monkeypatch, till.orders, "read")
    async with at_desk(till) as desk:
        board = OrderDesk(till, SELLER, kept)
        desk.app.push_screen(board)
        await desk.see("Lendo o pedido na loja virtual…")
        await desk.press("a")
        await desk.see("Aprovar pagamento?")
        await desk.press("a")
        await desk.see("pagamento aprovado")
        job.go_on.set()
        await desk.until(lambda: not list(desk.app.workers), "the older reading")
        await desk.press("f7")
        await desk.see("pagamento aprovado")
        assert board.kept.version == till.orders.book.get(kept.id).version


async def test_a_reading_that_fails_says_nothing_of_the_action_that_is_under_way(
    till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    till.orders.refresh()
    kept = order(till, "1001")
    failing, acting = threading.Event(), slow(monkeypatch, till.orders, "act")

    def fail(key: str) -> KeptOrder:
        failing.wait()
        raise StoreError("A loja virtual não respondeu.")

    async with at_desk(till) as desk:
        read = till.orders.read
        monkeypatch.setattr(till.orders, "read", fail)
        board = OrderDesk(till, SELLER, kept)
        desk.app.push_screen(board)
        await desk.see("Lendo o pedido na loja virtual…")
        monkeypatch.setattr(till.orders, "read", read)
        await desk.press("a")
        await desk.see("Aprovar pagamento?")
        await desk.press("a")
        await desk.see("Enviando à loja virtual")
        failing.set()
        await desk.press("a")
        await desk.see("Falando com a loja virtual: aguarde a resposta.")
        acting.go_on.set()
        await desk.see("pagamento aprovado")
