"""Recarga: operator, line twice, value, several top-ups, and everything that can be wrong (issue 2)."""

from datetime import timedelta

import pytest

from pos_tui.domain.topup import TopUp, TopUpState
from pos_tui.services.context import wall_clock
from pos_tui.till import Till
from tests.sandbox import SandboxControl
from tests.screens.desk import Desk, add_topup, at_desk, pay_cash
from tests.tills import LINE, SELLER, Watch, add, new_sale, pay_and_save

OTHER = "24998855662"


def topups(till: Till) -> tuple[TopUp, ...]:
    """The top-ups of the open sale."""
    return till.sales.current("1 Balcão", SELLER).topups


async def go(desk: Desk, typed: str = "") -> None:
    """Open the tab, wait for the operators, type."""
    await desk.press("f3")
    await desk.see("Tipo Recarga Conekta", "1 Vivo", "2 Claro", "3 TIM")
    await desk.type(typed)


async def test_operator_line_twice_and_value_reserve_a_topup(till: Till, sandbox: SandboxControl) -> None:
    async with at_desk(till) as desk:
        await go(desk, f"1{LINE}{LINE}")
        assert desk.field == "value"
        await desk.see("1 R$ 4,00 · 7 dias", "4 R$ 15,00 · 30 dias", "3 Outro valor (R$ 10,00 a R$ 300,00)")
        await desk.press("4")
        await desk.see("Recarga 67 99999-1234: pendente. Receba o pagamento (F10).", "1 de 5 pendências")
        assert "Vivo     67 99999-1234    R$ 15,00  Pendente" in desk.line("*1 Vivo")
        assert desk.field == "operator"
    ledger = sandbox.ledger()
    assert (ledger.count("reserved"), ledger.credits) == (1, {})


async def test_the_second_number_is_compared_digit_by_digit(till: Till) -> None:
    async with at_desk(till) as desk:
        await go(desk, f"1{LINE}6799")
        await desk.see("Confere até aqui: faltam 7.")
        await desk.type("8")
        await desk.see("O 5º dígito é diferente do número acima. Confira com o cliente.")
        await desk.type("991234")
        assert desk.field == "again", "a whole but different number must not go on"
        await desk.press("enter")
        assert desk.field == "again"
        await desk.press("ctrl+u", *LINE)
        assert desk.field == "value"


async def test_esc_gives_up_what_is_half_typed(till: Till) -> None:
    async with at_desk(till) as desk:
        await go(desk, f"1{LINE}6799")
        await desk.press("escape")
        assert desk.field == "operator" and "67 99999" not in desk.words()
        await desk.type(f"1{LINE}{LINE}4")
        await desk.see("R$ 15,00 Pendente")


async def test_a_first_number_changed_afterwards_is_noticed(till: Till) -> None:
    async with at_desk(till) as desk:
        await go(desk, f"1{LINE}{LINE}")
        await desk.press("up", "up")
        assert desk.field == "line"
        await desk.press("backspace", "5", "down")
        await desk.see("O 11º dígito é diferente do número acima.")
        await desk.press("down", "4")
        await desk.see("O 11º dígito é diferente do número acima.")
        assert desk.field == "again"
    assert topups(till) == ()


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("20", "DDD 20 não existe. Confira os dois primeiros dígitos."),
        ("678", "Celular começa com 9 depois do DDD."),
        ("6799999", "Faltam 4 dígitos (DDD + 9 dígitos)."),
        ("6799999123", "Falta 1 dígito (DDD + 9 dígitos)."),
    ],
)
async def test_a_wrong_line_is_told_while_it_is_typed(till: Till, typed: str, told: str) -> None:
    async with at_desk(till) as desk:
        await go(desk, f"1{typed}")
        await desk.see(told)
        await desk.press("enter")
        assert desk.field == "line"
        assert "!" in desk.line(told[:12])


async def test_the_area_code_chooses_the_values(till: Till) -> None:
    async with at_desk(till) as desk:
        await go(desk, "211987654321" + "11987654321")
        await desk.see("DDD 11: SP", "2 R$ 13,00")
        await desk.press("up", "ctrl+u", "up", "ctrl+u", *LINE, *LINE)
        await desk.see("DDD 67: MS", "2 R$ 15,00")


async def test_a_provider_without_the_state_is_told_too_when_chosen_later(till: Till) -> None:
    async with at_desk(till) as desk:
        await go(desk, f"1{LINE}")
        await desk.press("up", "up", "5")
        await desk.see("Nenhum valor de recarga disponível para o DDD informado.")


async def test_no_value_for_the_area_code_says_so_in_the_seeds_words(till: Till) -> None:
    async with at_desk(till) as desk:
        await go(desk, "567999991234")
        await desk.see("Nenhum valor de recarga disponível para o DDD informado. Escolha outro DDD")


async def test_a_digit_without_a_value_is_told(till: Till) -> None:
    async with at_desk(till) as desk:
        await go(desk, f"2{LINE}{LINE}9")
        await desk.see("Não há opção 9 nesta lista.")
        assert desk.field == "value"
    assert topups(till) == ()


async def test_ten_values_take_two_pages(till: Till) -> None:
    async with at_desk(till) as desk:
        await go(desk, f"1{LINE}{LINE}01")
        await desk.see("Receba o pagamento", "R$ 100,00")
    assert [topup.face for topup in topups(till)] == [10000]


async def test_a_free_value_is_typed(till: Till) -> None:
    async with at_desk(till) as desk:
        await go(desk, f"1{LINE}{LINE}3")
        await desk.see("Valor livre", "De R$ 10,00 a R$ 300,00.")
        assert desk.field == "free"
        await desk.type("25,00", "enter")
        await desk.see("Receba o pagamento")
    assert [(topup.face, topup.variable) for topup in topups(till)] == [(2500, True)]


@pytest.mark.parametrize(("typed", "told"), [("9,99", "fora da faixa"), ("300,01", "fora da faixa")])
async def test_a_free_value_out_of_range_stays_in_its_field(till: Till, typed: str, told: str) -> None:
    async with at_desk(till) as desk:
        await go(desk, f"1{LINE}{LINE}3{typed}")
        await desk.press("enter")
        await desk.see(told)
        assert desk.field == "free"
        await desk.press("ctrl+u", *"15", "enter")
        await desk.see("Receba o pagamento")


async def test_a_free_value_between_the_steps_stays_in_its_field(till: Till) -> None:
    async with at_desk(till) as desk:
        await go(desk, f"1{LINE}{LINE}312,34")
        await desk.press("enter")
        await desk.see("A operadora não vende este valor", "0 de 5 pendências")
        assert desk.field == "free"


async def test_several_topups_in_one_sale(till: Till) -> None:
    async with at_desk(till) as desk:
        await add_topup(desk, LINE, "4")
        await go(desk, f"2{OTHER}{OTHER}1")
        await desk.see("2 de 5 pendências", "Recarga 24 99885-5662: pendente.")
        assert "24 99885-5662    R$ 10,00" in desk.line("*2 Claro")
        assert "Total: R$ 25,00" in desk.words()
    assert [topup.face for topup in topups(till)] == [1500, 1000]


async def test_a_line_topped_up_today_asks_first(till: Till) -> None:
    sale = new_sale(till)
    earlier = add(till, sale, 2000)
    pay_and_save(till, sale)
    till.topups.confirm(earlier.id, SELLER)
    async with at_desk(till) as desk:
        await go(desk, f"1{LINE}{LINE}4")
        await desk.see("Número já recarregado hoje", "uma recarga de R$ 20,00", "Situação dela: Confirmada.")
        await desk.press("enter")
        await desk.see("[2 Recarga]")
        assert topups(till) == ()
        assert desk.field == "value", "nothing that was typed is lost"
        await desk.press("4")
        await desk.press("s")
        await desk.see("Receba o pagamento")
    assert [topup.face for topup in topups(till)] == [1500]


async def test_a_line_topped_up_yesterday_does_not_ask(till: Till) -> None:
    sale = new_sale(till)
    add(till, sale)
    pay_and_save(till, sale)
    object.__setattr__(till.context, "clock", lambda: wall_clock() + timedelta(days=1))
    till.clock = till.context.clock
    async with at_desk(till) as desk:
        await go(desk, f"1{LINE}{LINE}4")
        await desk.see("Receba o pagamento")


async def test_a_topup_is_removed_with_its_reserve(till: Till, sandbox: SandboxControl) -> None:
    async with at_desk(till) as desk:
        await desk.press("f3", "f8")
        await desk.see("Não há recarga pendente nesta venda para remover.")
        await add_topup(desk, LINE, "4")
        await desk.press("f8", "enter")
        await desk.see("Pendente")
        await desk.press("f8")
        await desk.see("Remover a recarga de R$ 15,00 para 67 99999-1234?")
        await desk.press("r")
        await desk.see("Recarga 67 99999-1234: cancelada.", "0 de 5 pendências", "Total: R$ 0,00")
    assert [row["state"] for row in sandbox.ledger().rows] == ["cancelled"]


async def test_a_provider_that_is_down_loses_nothing(
    till: Till, sandbox: SandboxControl, watch: Watch
) -> None:
    sandbox.fault("down", times=None)
    async with at_desk(till) as desk:
        await desk.press("f3")
        await desk.see("Erro de conexão", "Tente de novo com F6.")
        assert desk.field == "operator"
        sandbox.clear()
        await desk.press("f6")
        await desk.see("1 Vivo")
        sandbox.fault("down", times=None)
        await desk.type(f"1{LINE}{LINE}4")
        await desk.see("Pendente [verificar]")
        sandbox.clear()
        await desk.press("f5")
        await desk.see("Consulta feita", "Pendente [verificar]")
        for seconds in (61, 31):
            watch.advance(seconds)
            await desk.press("f3", "f5")
            await desk.see("Consulta feita")
        await desk.see("Pendente (Envio não realizado)")
        await desk.press("e")
        await desk.see("Receba o pagamento")
    (topup,) = topups(till)
    assert (topup.state, sandbox.ledger().count("reserved")) == (TopUpState.RESERVED, 1)


async def test_an_unsent_topup_is_sent_again(till: Till, sandbox: SandboxControl) -> None:
    async with at_desk(till) as desk:
        await desk.press("f3", "e")
        await desk.see("Nenhuma recarga desta venda espera envio ou correção.")
        # RV's error 7, "service unavailable": nothing was sent, so it may be tried again.
        await go(desk, "199999990007999999900074")
        await desk.see("Serviço indisponível.", "Pendente (Envio não realizado)")
        await desk.press("e")
        await desk.see("Serviço indisponível.", "Pendente (Envio não realizado)")
    (topup,) = topups(till)
    assert (topup.state, sandbox.ledger().count("reserved")) == (TopUpState.NOT_SENT, 0)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("99999990001", "Confira o número, o DDD e o valor: a operadora não aceitou."),
        ("99999990002", "Terminal bloqueado. Entre em contato com o suporte da Conekta."),
        ("99999990003", "Este valor não está mais disponível. Escolha outro valor."),
        ("99999990004", "Esta linha não pode receber recarga."),
    ],
)
async def test_a_refusal_is_told_and_is_not_paid_for(till: Till, line: str, told: str) -> None:
    async with at_desk(till) as desk:
        await go(desk, f"1{line}{line}4")
        await desk.see(told, "Total: R$ 0,00", "0 de 5 pendências")


async def test_a_listed_value_chosen_after_the_free_one_is_added_at_once(till: Till) -> None:
    async with at_desk(till) as desk:
        await go(desk, f"1{LINE}{LINE}3")
        await desk.see("De R$ 10,00 a R$ 300,00")
        await desk.press("up", "4")
        await desk.see("Receba o pagamento")
    (topup,) = topups(till)
    assert (topup.face, topup.variable) == (1500, False)


@pytest.mark.parametrize(
    ("line", "field", "shown"),
    [
        ("99999990001", "line", "Número da linha [99 99999-0001 ]"),
        ("99999990004", "line", "Número da linha [99 99999-0004 ]"),
        ("99999990003", "value", "Confirmar número 99 99999-0003 > Valor (escolha) 1 R$ 4,00"),
    ],
)
async def test_a_refused_one_comes_back_where_it_is_to_be_put_right(
    till: Till, line: str, field: str, shown: str
) -> None:
    async with at_desk(till) as desk:
        await go(desk, f"1{line}{line}4")
        await desk.see("Cancelada (recusada)", "E traz os dados de volta")
        await desk.press("e")
        await desk.see("Operadora Vivo", shown)
        assert desk.field == field
        assert [topup.line for topup in topups(till)] == [line]


async def test_what_no_typing_puts_right_does_not_come_back(till: Till) -> None:
    async with at_desk(till) as desk:
        await go(desk, "199999990002999999900024")
        await desk.see("Cancelada (recusada)")
        assert "E traz os dados" not in desk.words()


async def test_at_the_limit_the_alert_leads_to_the_pendings(till: Till) -> None:
    sale = new_sale(till)
    for _ in range(5):
        add(till, sale)
    async with at_desk(till) as desk:
        await go(desk, f"1{OTHER}{OTHER}4")
        await desk.see("Verifique se existem recargas pendentes", "5 de 5 pendências")
        await desk.press("f4")
        await desk.see("Pendentes de toda a loja", "limite")
        await desk.press("enter")
        await desk.see("Confirmação da recarga")
        await desk.press("f8")
        await desk.type("abrir espaço", "enter")
        await desk.see("Situação: Cancelada")
        await desk.press("escape")
        await desk.see("4 de 5 pendências |")
        await desk.press("f3", "4")
        await desk.see("Receba o pagamento", "5 de 5 pendências: limite")
    assert len(topups(till)) == 6


async def test_a_sale_cut_off_is_there_again(till: Till) -> None:
    async with at_desk(till) as desk:
        await add_topup(desk, LINE, "4")
    async with at_desk(till) as desk:
        await desk.see("Venda em andamento recuperada: continue de onde parou.")
        await pay_cash(desk)
        await desk.see("Venda 1 salva.")


async def test_plus_adds_as_the_button_does(till: Till) -> None:
    async with at_desk(till) as desk:
        await go(desk, f"1{OTHER}{OTHER}")
        await desk.press("plus")
        await desk.see("Escolha uma das opções pelo número")
        await desk.press("down", "down", "down", "down", "plus")
        await desk.see("Escolha uma das opções pelo número")
        await desk.type("4")
        await desk.see("Receba o pagamento")


async def test_a_number_half_typed_is_not_left_for_the_next_customer(till: Till) -> None:
    async with at_desk(till) as desk:
        await add_topup(desk, LINE, "4")
        await desk.press("1", *"249988556")
        await desk.see("24 99885-56")
        await desk.press("f4", "f3")
        await desk.see("24 99885-56")
        await pay_cash(desk)
        await desk.see("Venda 1 salva")
        await desk.press("f3")
        await desk.see("Nenhuma recarga nesta venda", "1 Vivo")
        assert "24 99885-56" not in desk.words()


async def test_an_empty_sale_says_so_before_its_payment_is_typed(till: Till) -> None:
    async with at_desk(till) as desk:
        await desk.press("f10", "1")
        await desk.see("A venda está vazia: adicione uma recarga (F3)")


async def test_a_long_operator_keeps_the_values_in_their_column(till: Till) -> None:
    sale = new_sale(till)
    add(till, sale, 1500, "67999991234")
    add(till, sale, 1000, "43999991234", operator="Sercomtel")
    async with at_desk(till) as desk:
        await desk.press("f3")
        await desk.see("Sercomtel 43 99999-1234")
        first, second = desk.line("1 Vivo  "), desk.line("Sercomtel 43")
        assert first.index(",00") == second.index(",00")


async def test_a_narrow_window_says_where_a_topup_stands(till: Till) -> None:
    add(till, new_sale(till))
    async with at_desk(till, size=(40, 12)) as desk:
        await desk.press("f3")
        await desk.see("*1 Vivo 67 99999-1234 15,00 Pendente")
