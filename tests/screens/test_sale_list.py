"""Lista de vendas: yellow and words, filters, pendings, fiscal note, second copies (issue 2)."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from rich.color import Color

from pos_tui.domain.instants import to_ms
from pos_tui.domain.payment import Method, PaymentState
from pos_tui.domain.sale import Sale, SaleFilter
from pos_tui.domain.topup import TopUpState
from pos_tui.services.sales import PAGE
from pos_tui.store.models import PaymentRow, SaleRow, TopUpRow
from pos_tui.till import Till
from tests.paying import WARRANT
from tests.sandbox import SandboxControl
from tests.screens.desk import Desk, add_topup, at_desk, pay_cash
from tests.tills import SELLER, add, new_sale, open_till, pay_and_save

NOON = datetime(2021, 5, 18, 16, 0, tzinfo=UTC)
"""Noon in Campo Grande."""


class Clock:
    """A clock that a test moves."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at


def sell(till: Till, name: str = "", seller: str = SELLER, confirm: bool = False, topups: int = 1) -> Sale:
    """Sell and save by the services; optionally confirm everything."""
    sale = new_sale(till, seller)
    if name:
        customer = till.customers.register(name, "", "", "", seller)
        sale = till.sales.set_head(sale, sale.pdv, seller, customer)
    held = [add(till, sale, line=f"6799999{number:04}") for number in range(1234, 1234 + topups)]
    saved = pay_and_save(till, sale)
    for topup in held if confirm else ():
        till.topups.confirm(topup.id, seller)
    return saved


async def go(desk: Desk) -> None:
    """Open the list."""
    await desk.press("f4")
    await desk.see("[4 Lista de vendas]", "Vendas de ")


def is_yellow(desk: Desk, text: str) -> bool:
    """Say whether the row that holds a text is painted yellow."""
    for line, strip in zip(desk.lines(), desk.app.screen._compositor.render_strips(), strict=True):
        if text in line:
            styles = [segment.style for segment in strip if segment.text.strip()]
            return all(style is not None and yellow(style.bgcolor, style.color) for style in styles)
    raise AssertionError(f"{text!r} is on no line")


def yellow(*colours: Color | None) -> bool:
    """Whether one of the colours is the theme's yellow; the cursor row has it reversed."""
    return any(colour is not None and colour.name in ("yellow", "#d7af00") for colour in colours)


async def test_an_empty_list_says_what_to_do(till: Till) -> None:
    async with at_desk(till) as desk:
        await go(desk)
        await desk.see("Nenhuma venda aqui ainda. F3 começa uma recarga; F6 muda o filtro.")
        await desk.press("enter", "f9", "n")
        await desk.see("Não há venda marcada.")


async def test_pendings_are_yellow_and_told_in_words(till: Till) -> None:
    sell(till, "Rian Ricardo Coelho Barros")
    sell(till, "Carla Dias", confirm=True)
    async with at_desk(till) as desk:
        await go(desk)
        await desk.see("Nº", "Data", "Vendedor", "Cliente", "Situação")
        waiting, done = desk.line("Rian"), desk.line("Carla")
        assert waiting.startswith("*") and "Pendente" in waiting
        assert done.startswith(" ") and "Confirmada" in done
        assert is_yellow(desk, "Rian") and not is_yellow(desk, "Carla")


async def test_newest_first_and_the_cursor_on_what_was_saved(till: Till) -> None:
    for name in ("Ana Um", "Bia Dois", "Caio Três"):
        sell(till, name)
    async with at_desk(till) as desk:
        await go(desk)
        names = [line for line in desk.lines() if any(n in line for n in ("Ana", "Bia", "Caio"))]
        assert ["Caio" in names[0], "Bia" in names[1], "Ana" in names[2]] == [True, True, True]


async def test_several_waiting_are_counted(till: Till) -> None:
    sell(till, topups=3)
    async with at_desk(till) as desk:
        await go(desk)
        assert "3/3" in desk.line("Consumidor")


@pytest.fixture
def two_days(tmp_path: Path, sandbox: SandboxControl) -> "Callable[[], Till]":
    """A till on 18/05/2021 with one sale of the day before and two of the day."""

    def build() -> Till:
        clock = Clock(NOON - timedelta(days=1))
        till = open_till(tmp_path / "till", sandbox, clock=clock)
        sell(till, "Zé de Ontem")
        clock.at = NOON
        sell(till, "Ana Lúcia", confirm=True)
        clock.at = NOON + timedelta(minutes=5)
        sell(till, "Israel Cliente", seller="Israel Veiga", confirm=True)
        return till

    return build


async def filtered(desk: Desk, *keys: str) -> None:
    """Fill the filter's five fields."""
    await desk.press("f6")
    await desk.see("Filtrar vendas")
    await desk.press(*keys)


async def test_filters(two_days: Callable[[], Till]) -> None:
    till = two_days()
    async with at_desk(till) as desk:
        await go(desk)
        await desk.see("Vendas de 18/05/2021", "Ana Lúcia", "Israel Cli")
        await desk.gone("Zé de Ontem")
        await filtered(desk, *"lucia", *["enter"] * 5)
        await desk.see("Vendas de 18/05/2021 · «lucia»", "Ana Lúcia")
        await desk.gone("Israel Cli")
        await filtered(desk, "ctrl+u", "enter", "3", "enter", "enter", "enter")
        await desk.see("Vendas de 18/05/2021 · Israel Veiga", "Israel Cli")
        await desk.gone("Ana Lúcia")
        await filtered(desk, *"1", "enter", "1", "enter", *"17/05/2021", "enter", "enter")
        await desk.see("Vendas de 17/05/2021 a 18/05/2021 · «1»", "Zé de Onte")
        await desk.gone("Ana Lúcia")
        await filtered(desk, "ctrl+u", "enter", "1", "enter", "enter", "enter")
        await desk.see("Zé de Onte", "Ana Lúcia", "Israel Cli")
        await filtered(desk, "ctrl+u", *"ninguem", "enter", "1", "enter", "enter", "enter")
        await desk.see("Nenhuma venda aqui ainda.")
        await filtered(desk, "ctrl+u", "enter", "1", "2", "enter", "enter")
        await desk.see("Vendas de 17/05/2021 a 18/05/2021 · só estornadas", "Nenhuma venda aqui ainda.")
        (line,) = till.sales.page(SaleFilter(0, to_ms(NOON) * 2, text="lucia"))
        sale = till.sales.get(line.id)
        till.refunds.refund(sale, sale.payments[0], WARRANT)
        await desk.press("f5")
        await desk.see("Ana Lúcia", "Estornada")
        assert "Zé de Onte" not in desk.words()
    till.close()


async def test_a_sale_just_saved_is_shown_whatever_was_filtered(till: Till) -> None:
    """Enter is pressed for the sale just saved: under another one it would confirm what nobody looks at."""
    sell(till, "Joana Prado")
    async with at_desk(till) as desk:
        await go(desk)
        await filtered(desk, *"joana", *["enter"] * 5)
        await desk.see("«joana»")
        await add_topup(desk, "67999995678", "4")
        await pay_cash(desk)
        await desk.gone("«joana»")
        assert desk.rows()[0].cells[0] == "2" and desk.line("Consumidor")
        await desk.press("enter")
        await desk.see("Confirmar a recarga de R$ 15,00 para 67 99999-5678?")


async def test_a_sale_saved_before_the_clock_was_set_back_is_shown(
    tmp_path: Path, sandbox: SandboxControl, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock(NOON)
    till = open_till(tmp_path / "till", sandbox, clock=clock)
    save = till.sales.save

    def save_and_set(sale: Sale) -> Sale:
        saved = save(sale)
        clock.at = NOON - timedelta(days=1)
        return saved

    monkeypatch.setattr(till.sales, "save", save_and_set)
    async with at_desk(till) as desk:
        await add_topup(desk, "67999995678", "4")
        await pay_cash(desk)
        await desk.see("Vendas de 17/05/2021 a 18/05/2021")
        await desk.press("enter")
        await desk.see("Confirmar a recarga de R$ 15,00 para 67 99999-5678?")
    till.close()


@pytest.mark.parametrize(
    ("since", "told"),
    [
        ("31/02/2021", "Use dd/mm/aaaa, como 18/05/2021."),
        ("amanhã", "Use dd/mm/aaaa, como 18/05/2021."),
        ("01/01/0001", "O ano vai de 2000 a 2099."),
        ("31/12/9999", "O ano vai de 2000 a 2099."),
    ],
)
async def test_a_day_that_cannot_be(till: Till, since: str, told: str) -> None:
    async with at_desk(till) as desk:
        await go(desk)
        await filtered(desk, "enter", "1", "enter", "ctrl+u", *since, "enter")
        await desk.see(f"! {told}")
        assert desk.field == "since"
        await desk.press("escape")
        await desk.see("Lista de vendas]")


async def test_a_period_that_ends_before_it_begins(two_days: Callable[[], Till]) -> None:
    till = two_days()
    async with at_desk(till) as desk:
        await go(desk)
        await filtered(desk, "enter", "1", "enter", "ctrl+u", *"19/05/2021", "enter", "enter")
        await desk.see("! O fim do período vem antes do começo.")
        assert desk.field == "until"
        await desk.press("ctrl+u", *"20/05/2021", "enter")
        await desk.see("Vendas de 19/05/2021 a 20/05/2021")
    till.close()


async def test_f4_shows_only_the_pendings_the_oldest_first(two_days: Callable[[], Till]) -> None:
    till = two_days()
    sell(till, "Nova Pendente")
    async with at_desk(till) as desk:
        await desk.press("f4", "f4")
        await desk.see("Pendentes de toda a loja, as mais antigas primeiro: 2 venda(s).", "Zé de Onte")
        shown = [line for line in desk.lines() if line.startswith("*")]
        assert ["Zé" in shown[0], "Nova" in shown[1], len(shown)] == [True, True, 2]
        assert "Ana Lúcia" not in desk.words()
        await desk.press("f4")
        await desk.see("Vendas de 18/05/2021", "Ana Lúcia")
    till.close()


async def test_the_invoice_number_is_noted(till: Till) -> None:
    sale = sell(till, confirm=True)
    async with at_desk(till) as desk:
        await go(desk)
        await desk.press("n")
        await desk.see("NF da venda 1")
        await desk.type("1234", "enter")
        await desk.see("Lista de vendas]")
        assert " 1234 " in desk.line("Confirmada")
        await desk.press("n", "ctrl+u", *"4111111111111111", "enter")
        await desk.see("Isto parece um número de cartão inteiro.")
    assert till.sales.get(sale.id).invoice == "1234"


async def test_reprint_is_marked_and_only_of_what_was_confirmed(till: Till) -> None:
    sale = sell(till)
    async with at_desk(till) as desk:
        await go(desk)
        await desk.press("f9")
        await desk.see("Só recarga confirmada tem comprovante: confirme antes (Enter).")
        till.topups.confirm(sale.topups[0].id, SELLER)
        await desk.press("f5")
        await desk.see("Confirmada")
        await desk.press("f9")
        await desk.see("1 reimpressão(ões) na fila, com a marca de 2ª via.")
        await desk.until(lambda: not till.spool.owed(), "the printer done")
    papers = sorted((till.folder / "papers").glob("*.bin"))
    assert b"REIMPRESS" in papers[-1].read_bytes()


async def test_f5_settles_what_was_uncertain(till: Till, sandbox: SandboxControl) -> None:
    sale = sell(till)
    sandbox.fault("lost", "confirm")
    till.topups.confirm(sale.topups[0].id, SELLER)
    async with at_desk(till) as desk:
        await go(desk)
        await desk.press("f5")
        await desk.see("Consulta feita: a lista está atualizada.", "Confirmada", "0 de 5 pendências")
        await desk.until(lambda: not till.spool.owed(), "the receipt printed")
    assert sandbox.ledger().credits == {"67999991234": (1, 1500)}


async def test_more_than_a_page_is_walked_to_its_end(till: Till) -> None:
    sale = sell(till, confirm=True)
    with till.context.store.db.atomic():
        for number in range(2, PAGE + 32):
            till.context.store.db.execute_sql(  # type: ignore[no-untyped-call]
                f"INSERT INTO sale SELECT 'x{number:04}', till, {number}, state, branch, pdv, seller, "
                f"customer_id, customer_name, customer_folded, invoice, opened_at, saved_at + {number}, "
                f"total, change, version FROM sale WHERE id = '{sale.id}'",
            )
    async with at_desk(till) as desk:
        await go(desk)
        await desk.see(f" {PAGE + 31} ")
        await desk.press("end")
        await desk.see("Confirmada")
        await desk.press("home")
        await desk.see(f" {PAGE + 31} ")


async def test_automatic_confirmation_of_the_store(tmp_path: Path, sandbox: SandboxControl) -> None:
    from pos_tui.settings.topup import TopUpSettings
    from tests.tills import settings

    till = open_till(tmp_path / "auto", sandbox, settings(topup=TopUpSettings(auto_confirm=True)))
    add(till, new_sale(till))
    async with at_desk(till) as desk:
        await desk.press("f10", "1", "enter", "f10")
        await desk.see("Recarga conekta confirmada com sucesso.", "Confirmada", "0 de 5 pendências")
        await desk.until(lambda: not till.spool.owed(), "the receipt printed")
    assert sandbox.ledger().credits == {"67999991234": (1, 1500)}
    till.close()


@pytest.mark.parametrize("size", [(80, 24), (40, 12)])
@pytest.mark.parametrize(
    ("state", "words"),
    [
        (TopUpState.NOT_SENT, "Pendente (Envio não realizado)"),
        (TopUpState.UNCERTAIN, "Pendente [verificar]"),
    ],
)
async def test_the_situation_is_never_cut(
    till: Till, sandbox: SandboxControl, size: tuple[int, int], state: TopUpState, words: str
) -> None:
    sale = sell(till, "Maria Aparecida dos Santos Gonçalves")
    sandbox.reset()
    with till.context.store.db.atomic():
        TopUpRow.update(state=state).where(TopUpRow.sale_id == sale.id).execute(till.context.store.db)
    async with at_desk(till, size) as desk:
        await desk.press("f4")
        await desk.see(words)
        assert desk.line(words).lstrip("* ").startswith("1 ")
        assert "Filial" not in desk.words()


async def test_the_branch_stands_there_where_several_sell(till: Till) -> None:
    for branch in ("52 Centro", "53 Norte"):
        sale = sell(till, confirm=True)
        with till.context.store.db.atomic():
            SaleRow.update(branch=branch).where(SaleRow.id == sale.id).execute(till.context.store.db)
    async with at_desk(till, (100, 24)) as desk:
        await desk.press("f4")
        await desk.see("Filial", "53 No", "Confirmada")


async def test_a_sale_of_another_year_tells_its_year(two_days: Callable[[], Till]) -> None:
    till = two_days()
    till.clock.at += timedelta(days=366)  # type: ignore[attr-defined]
    sell(till, "Ano Novo")
    async with at_desk(till) as desk:
        await desk.press("f4", "f4")
        await desk.see("17/05/2021", "Zé de Onte", "19/05 12:05", "Ano Novo")
    till.close()


async def test_a_payment_without_an_end_is_told_in_words(till: Till) -> None:
    """Odoo, PayZu: a sale that looks paid while its payment is not (facts/payments.md §5)."""
    sale = sell(till, confirm=True)
    with till.context.store.db.atomic():
        row = {"method": Method.TEF, "state": PaymentState.UNCERTAIN, "open_since": 1}
        PaymentRow.update(row).where(PaymentRow.sale_id == sale.id).execute(till.context.store.db)
    async with at_desk(till) as desk:
        await desk.press("f4")
        await desk.see("TEF incerto [verificar]")
        assert desk.line("TEF incerto").startswith("*") and is_yellow(desk, "TEF incerto")


async def test_the_action_is_the_next_thing_to_be_done(till: Till, sandbox: SandboxControl) -> None:
    sell(till)
    sandbox.fault("lost", "reserve")
    sandbox.fault("down", "status", times=9)
    add(till, new_sale(till), line="67999991235")
    async with at_desk(till) as desk:
        await go(desk)
        await desk.press("f4")
        await desk.see("as mais antigas primeiro: 2 venda(s).")
        assert desk.line("aberta").endswith("Abrir")
        assert [row.cells[-1] for row in desk.rows()] == ["Confirmar", "Abrir"]
