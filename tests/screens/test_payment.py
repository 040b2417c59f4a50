"""Pagamento: every form, several of them, and what must not be taken (issue 2)."""

import pytest

from pos_tui.domain.payment import Method
from pos_tui.domain.sale import Sale, SaleFilter
from pos_tui.domain.values import replace
from pos_tui.settings.payment import PaymentSettings
from pos_tui.till import Till
from tests.items.goods import stock
from tests.sandbox import SandboxControl
from tests.screens.desk import Desk, at_desk
from tests.tills import EVER, LINE, SELLER, add, new_sale

PAN = "4111111111111111"
"""The networks' own test number."""


@pytest.fixture
def due(till: Till) -> Sale:
    """An open sale of R$ 15,00, held by the provider."""
    sale = new_sale(till)
    add(till, sale)
    return till.sales.get(sale.id)


def saved(till: Till) -> list[Sale]:
    """The sales of the day."""
    return [till.sales.get(line.id) for line in till.sales.page(SaleFilter(*EVER))]


def paid(sale: Sale) -> list[tuple[Method, int]]:
    """What counts of a sale's payments."""
    return [(line.method, line.amount) for line in sale.payments if line.counts]


async def go(desk: Desk) -> None:
    """Open the tab."""
    await desk.press("f10")
    await desk.see("[3 Pagamento]", "Total R$ 15,00 Pago R$ 0,00 Faltam R$ 15,00")
    assert desk.field == "method"


async def test_cash_gives_change(till: Till, due: Sale) -> None:
    async with at_desk(till) as desk:
        await go(desk)
        await desk.press("1", *"20", "enter")
        await desk.see("+ Dinheiro R$ 20,00 recebido", "Pago R$ 20,00", "Troco: R$ 5,00. Salve com F10.")
        await desk.press("f10")
        await desk.see("[4 Lista de vendas]", "Venda 1 salva. Troco: R$ 5,00. Confirme a recarga com Enter")
    (sale,) = saved(till)
    assert (sale.id, sale.change, sale.total) == (due.id, 500, 1500)


async def test_notes_add_up_to_what_is_handed_over(till: Till, due: Sale) -> None:
    async with at_desk(till) as desk:
        await go(desk)
        await desk.press("1")
        await desk.see("Cédulas", "O 2 C 5 D 10 V 20 Q 50 M 100 Z 200")
        await desk.press("d", "O", "c")
        await desk.see("R$ 17,00 · troco R$ 2,00")
        await desk.press("ctrl+u", *"7,5", "v")
        await desk.see("R$ 27,50 · troco R$ 12,50")
        await desk.press("enter")
        await desk.see("Troco: R$ 12,50")
    assert paid(till.sales.get(due.id)) == [(Method.CASH, 2750)]


async def test_a_note_chooses_cash_and_is_the_whole_payment(till: Till, due: Sale) -> None:
    """Four keys: note, Enter, F10 and the F10 that opened the tab."""
    async with at_desk(till) as desk:
        await go(desk)
        await desk.press("v", "enter", "f10")
        await desk.see("Venda 1 salva. Troco: R$ 5,00.")
    (sale,) = saved(till)
    assert paid(sale) == [(Method.CASH, 2000)]


async def test_note_keys_are_for_cash_only(till: Till, due: Sale) -> None:
    till.config = replace(till.config, payment=PaymentSettings(methods=("card",)))
    async with at_desk(till) as desk:
        await desk.press("f10")
        await desk.see("[3 Pagamento]")
        await desk.press("v", "1")
        await desk.press("v", "q")
        assert desk.field == "amount" and "Cédulas" not in desk.words()
    assert paid(till.sales.get(due.id)) == []


async def test_notes_beyond_any_amount_are_refused(till: Till, due: Sale) -> None:
    async with at_desk(till) as desk:
        await go(desk)
        await desk.press("1", *"999900", "z", "enter")
        await desk.see("Troco: R$ 999.885,00")


async def test_a_blank_amount_is_what_is_missing(till: Till, due: Sale) -> None:
    async with at_desk(till) as desk:
        await go(desk)
        await desk.press("1")
        await desk.see("Em branco, recebe os R$ 15,00 que faltam.")
        await desk.press("enter")
        await desk.see("Pagamento completo. Salve com F10.", "Faltam R$ 0,00")


async def test_plus_adds_like_enter(till: Till, due: Sale) -> None:
    async with at_desk(till) as desk:
        await go(desk)
        await desk.press("1", *"20,50", "+")
        await desk.see("Troco: R$ 5,50")


async def test_plus_without_a_form_says_what_is_missing(till: Till, due: Sale) -> None:
    async with at_desk(till) as desk:
        await go(desk)
        await desk.press("+")
        await desk.see("Escolha uma das opções pelo número.")
        assert desk.field == "method"


async def test_card_with_everything_on_its_slip(till: Till, due: Sale) -> None:
    async with at_desk(till) as desk:
        await go(desk)
        await desk.press("2", "enter")
        await desk.see("1 Crédito", "2 Débito")
        await desk.press("1")
        await desk.see("1 Visa", "2 Mastercard")
        await desk.press("2", *"3", "enter", *"000123456", "enter", *"ab12cd", "enter", *"9876", "enter")
        await desk.see("Pagamento completo. Salve com F10.", "+ Cartão (maquininha)")
    (line,) = till.sales.get(due.id).payments
    assert line.details == {
        "kind": "credit",
        "brand": "mastercard",
        "instalments": "3",
        "nsu": "000123456",
        "authorisation": "AB12CD",
        "last_four": "9876",
    }


CARD = ("2", "enter", "1", "1", "enter")
"""A credit card of Visa for what is missing, in one instalment: up to the NSU."""


@pytest.mark.parametrize("number", [PAN, "4111 1111 1111 1111", "4111-1111-1111-1111"])
async def test_a_whole_card_number_is_refused_at_its_field(till: Till, due: Sale, number: str) -> None:
    async with at_desk(till) as desk:
        await go(desk)
        await desk.press(*CARD, *number, "enter", "enter", "enter")
        await desk.see("Isto parece um número de cartão inteiro.")
        assert desk.field == "nsu"
        await desk.press("ctrl+u", *"123", "enter", "enter", "enter")
        await desk.see("Pagamento completo.")
    assert "4111" not in str(till.sales.get(due.id).payments)


async def test_the_nsu_is_needed(till: Till, due: Sale) -> None:
    async with at_desk(till) as desk:
        await go(desk)
        await desk.press(*CARD, "enter")
        await desk.see("Preencha este campo.")
        assert desk.field == "nsu"


async def test_debit_has_no_instalments(till: Till, due: Sale) -> None:
    async with at_desk(till) as desk:
        await go(desk)
        await desk.press("2", "enter", "2", "1", "3", "enter", *"123", "enter", "enter", "enter")
        await desk.see("Débito não parcela: use 1.")
        assert desk.field == "instalments"


async def test_pix_shows_its_qr_and_a_person_confirms(till: Till, due: Sale) -> None:
    async with at_desk(till) as desk:
        await go(desk)
        await desk.press("3", "enter")
        await desk.see("Pix de R$ 15,00", "Copia e cola:", "S Recebido", "Esc Voltar")
        await desk.press("escape")
        await desk.see("[3 Pagamento]", "Faltam R$ 15,00")
        await desk.press("f6")
        await desk.see("Pix de R$ 15,00")
        await desk.press("enter", "1", "s")
        await desk.see("Pagamento completo.", "+ Pix")
    assert paid(till.sales.get(due.id)) == [(Method.PIX_STATIC, 1500)]


async def test_a_pix_of_too_much_or_nothing_is_refused_before_its_qr(till: Till, due: Sale) -> None:
    async with at_desk(till) as desk:
        await go(desk)
        await desk.press("3", *"15,01", "enter")
        await desk.see("não dá troco: o máximo é R$ 15,00")
        assert desk.field == "amount"
        await desk.press("ctrl+u", "0", "enter")
        await desk.see("Informe um valor maior que zero.")
        assert desk.field == "amount"


async def test_several_forms_and_what_is_missing(till: Till, due: Sale) -> None:
    async with at_desk(till) as desk:
        await go(desk)
        await desk.press("1", *"5", "enter")
        await desk.see("Faltam R$ 10,00: escolha a próxima forma.")
        await desk.press("2", *"4", "enter", "1", "1", "enter", *"77", "enter", "enter", "enter")
        await desk.see("Faltam R$ 6,00: escolha a próxima forma.")
        await desk.press("3", "enter", "s")
        await desk.see("Pagamento completo.")
        await desk.press("f10")
        await desk.see("Venda 1 salva.")
    (sale,) = saved(till)
    assert paid(sale) == [(Method.CASH, 500), (Method.CARD, 400), (Method.PIX_STATIC, 600)]


async def test_half_paid_is_not_saved(till: Till, due: Sale) -> None:
    async with at_desk(till) as desk:
        await go(desk)
        await desk.press("f10")
        await desk.see("Faltam R$ 15,00: inclua mais um pagamento.")
        await desk.press("1", *"14,99", "enter", "f10")
        await desk.see("Faltam R$ 0,01: inclua mais um pagamento.", "[3 Pagamento]")
    assert saved(till) == []


async def test_an_empty_sale_is_neither_paid_nor_saved(till: Till) -> None:
    async with at_desk(till) as desk:
        await desk.press("f10", "f10")
        await desk.see("A venda está vazia: adicione uma recarga (F3) ou um item (F9).")
        for method in ("1", "3"):
            await desk.press(method, "enter")
            await desk.see("A venda está vazia: adicione uma recarga (F3) ou um item (F9).", "[3 Pagamento]")
            await desk.press("up")
        await desk.press("f6")
        await desk.see("A venda está vazia: adicione uma recarga (F3) ou um item (F9).", "[3 Pagamento]")


async def test_the_last_form_is_removed(till: Till, due: Sale) -> None:
    async with at_desk(till) as desk:
        await go(desk)
        await desk.press("f8")
        await desk.see("Não há forma de pagamento para remover.")
        await desk.press("1", *"5", "enter", "1", *"10", "enter")
        await desk.see("Pagamento completo.")
        await desk.press("f8")
        await desk.see("Forma de pagamento removida.", "Faltam R$ 10,00")
    assert paid(till.sales.get(due.id)) == [(Method.CASH, 500)]


async def test_taking_off_what_a_person_saw_paid_says_that_nothing_goes_back(till: Till, due: Sale) -> None:
    async with at_desk(till) as desk:
        await go(desk)
        await desk.press("3", "enter", "s")
        await desk.see("Pagamento completo.")
        await desk.press("f8")
        await desk.see("Forma de pagamento removida. Se o Pix já entrou, devolva-o")
        await desk.press("2", "enter", "1", "1", "enter", *"77", "enter", "enter", "enter")
        await desk.see("Pagamento completo.")
        await desk.press("f8")
        await desk.see("Se o cartão já passou, estorne na maquininha")
    assert paid(till.sales.get(due.id)) == []


async def test_a_whole_card_number_is_refused(till: Till, due: Sale) -> None:
    """Its first four digits are not its last, and nothing of it stays on the screen."""
    async with at_desk(till) as desk:
        await go(desk)
        await desk.press("2", "enter", "1", "1", "enter", *"77", "enter", "enter")
        await desk.type(PAN, "enter")
        await desk.see("Só os 4 últimos dígitos. Backspace limpa o campo: digite de novo.")
        assert desk.field == "last_four" and "1111" not in desk.words()
        await desk.press("backspace", *"1111", "enter")
        await desk.see("Pagamento completo.")
    (line,) = till.sales.get(due.id).payments
    assert line.details["last_four"] == "1111"


async def test_what_is_half_typed_goes_by_esc_and_with_what_is_removed(till: Till, due: Sale) -> None:
    async with at_desk(till) as desk:
        await go(desk)
        await desk.press("3", *"9", "escape")
        assert desk.field == "method"
        await desk.press("1", *"15", "enter")
        await desk.see("Pagamento completo.")
        await desk.press("3", *"51", "enter")
        await desk.see("Não falta nada a pagar")
        await desk.press("f8")
        await desk.see("Forma de pagamento removida.", "Faltam R$ 15,00")
        assert desk.field == "method" and "Não falta nada" not in desk.words()


async def test_a_notice_of_what_was_missing_goes_when_it_is_there(till: Till) -> None:
    stock(till)
    async with at_desk(till) as desk:
        await desk.press("f10", "1", "enter")
        await desk.see("A venda está vazia")
        await desk.press("f9")
        await desk.type("SH10", "enter")
        await desk.press("f10")
        await desk.see("[3 Pagamento]", "Faltam R$")
        assert "! A venda está vazia" not in desk.words()


async def test_more_than_due_is_taken_in_cash_only(till: Till, due: Sale) -> None:
    async with at_desk(till) as desk:
        await go(desk)
        await desk.press("2", *"20", "enter", "1", "1", "enter", *"77", "enter", "enter", "enter")
        await desk.see("não dá troco: o máximo é R$ 15,00")
        assert desk.field == "amount"


@pytest.mark.parametrize("typed", ["1234567,00", ","])
async def test_an_amount_that_cannot_be_is_told(till: Till, due: Sale, typed: str) -> None:
    async with at_desk(till) as desk:
        await go(desk)
        await desk.press("1", *typed, "enter")
        assert desk.field == "amount"
        assert "! " in desk.words()
    assert paid(till.sales.get(due.id)) == []


async def test_only_the_forms_of_the_store_are_offered(till: Till, due: Sale) -> None:
    till.config = replace(till.config, payment=PaymentSettings(methods=("cash",)))
    async with at_desk(till) as desk:
        await go(desk)
        await desk.see("1 Dinheiro")
        assert "Pix" not in desk.line("1 Dinheiro") and "2 " not in desk.line("1 Dinheiro")
        await desk.press("f6")
        await desk.see("Esta loja não recebe por Pix.")


async def test_saving_waits_for_a_reserve_on_its_way(till: Till, sandbox: SandboxControl) -> None:
    """The whole sale in one burst: the reserve's answer comes later than the key that saves."""
    till.offers.catalogue()
    async with at_desk(till) as desk:
        sandbox.fault("slow", "reserve", seconds=0.3)
        await desk.press("f3", "1", *LINE, *LINE, "4", "f10", "1", *"20", "enter", "f10", "enter")
        await desk.see("Confirmar a recarga de R$ 15,00 para 67 99999-1234?")
    (sale,) = saved(till)
    assert sale.change == 500


async def test_saving_does_not_wait_for_ever(
    till: Till, sandbox: SandboxControl, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pos_tui.screens.reserving.PATIENCE", 0.5)
    till.offers.catalogue()
    async with at_desk(till) as desk:
        sandbox.fault("held", "reserve")
        await desk.press("f3", "1", *LINE, *LINE, "4", "f10", "1", *"20", "enter", "f10", "enter")
        await desk.see("Uma recarga ainda está sendo enviada. Aguarde a resposta e salve.")
        sandbox.clear()
        await desk.see("A resposta do provedor veio incompleta")
        await desk.press("f10")
        await desk.see("Uma recarga está em [verificar]: consulte com F5 antes de receber o pagamento.")
    assert saved(till) == []
    assert till.sales.current("", SELLER).topups


async def test_an_uncertain_topup_is_told_where_money_is_taken_and_asked_about_there(
    till: Till, sandbox: SandboxControl
) -> None:
    sandbox.fault("lost", "reserve")
    sandbox.fault("down", "status", times=9)
    sale = new_sale(till)
    add(till, sale)
    async with at_desk(till) as desk:
        await desk.press("f10")
        await desk.see("Recarga em [verificar]: F5 consulta antes de salvar.")
        await desk.press("1", "enter")
        await desk.see("Pago R$ 15,00", "Uma recarga está em [verificar]: consulte com F5")
        assert "Pagamento completo" not in desk.words()
        sandbox.clear()
        await desk.press("f5")
        await desk.see("Consulta feita: Pagamento completo. Salve com F10.")
        assert "[verificar]" not in desk.words()


async def test_what_stays_without_goods_is_not_called_complete(till: Till, due: Sale) -> None:
    async with at_desk(till) as desk:
        await go(desk)
        await desk.press("1", "enter")
        await desk.see("Pagamento completo")
        await desk.press("f3", "f8", "r")
        await desk.see("cancelada")
        await desk.press("f10", "f10")
        await desk.see("A venda ficou vazia, com pagamento: remova-o (F8)")


async def test_giving_a_paid_sale_up_says_what_goes_back_by_hand(till: Till, due: Sale) -> None:
    async with at_desk(till) as desk:
        await go(desk)
        await desk.press("1", *"10", "enter")
        await desk.see("Faltam R$ 5,00")
        await desk.press("f2")
        await desk.see("Devolva ao cliente os R$ 10,00 que ele entregou em dinheiro.")
        await desk.press("a", "a")
        await desk.see("Venda abandonada. Devolva ao cliente os R$ 10,00 que ele entregou em dinheiro.")


async def test_a_narrow_window_says_where_a_payment_stands_and_every_sum(till: Till, due: Sale) -> None:
    async with at_desk(till, size=(40, 12)) as desk:
        await desk.press("f10", "1", *"20", "enter")
        await desk.see("+ Dinheiro 20,00 recebido", "Troco 5,00 Pago 20,00 Total 15,00")
