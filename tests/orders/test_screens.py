"""Pedidos by keys: filters, many at once, papers, doubt, what is off and why (issue 10)."""

import json

import pytest

from pos_tui.commands import Place, own
from pos_tui.domain.order import PaymentState, Source
from pos_tui.domain.outcome import Outcome, Uncertain
from pos_tui.providers.smtp import Letter
from pos_tui.services.order_mail import Outbox, Wording
from pos_tui.store.models import PrintJobRow
from pos_tui.till import Till
from tests.orders.make import order as made
from tests.orders.test_service import PARCEL, all_orders, effects, history, order
from tests.sandbox import SandboxControl
from tests.screens.desk import Desk, at_desk
from tests.tills import SELLER

SIZES = [(80, 24), (40, 12)]


async def open_list(desk: Desk) -> None:
    await desk.press("ctrl+k")
    await desk.see("Comandos")
    await desk.press(*"pedidos", "enter", "1")
    await desk.see("pedido(s) lido(s)")


async def find(desk: Desk, text: str) -> None:
    await desk.press("f6")
    await desk.see("Filtrar pedidos")
    await desk.press("ctrl+u", *text, "enter", "tab", "tab", "tab", "tab", "enter")
    await desk.see(f"«{text}»")


async def open_order(desk: Desk, number: str) -> None:
    await open_list(desk)
    await find(desk, number)
    await desk.press("enter")
    await desk.see(f"Pedido {number}", "Próxima ação")


def papers(till: Till) -> list[tuple[str, str]]:
    with till.context.store.reading() as tx:
        rows = tx.rows(
            PrintJobRow.select(PrintJobRow.kind, PrintJobRow.document).order_by(PrintJobRow.queued_at)
        )
    return [(str(kind), str(document)) for kind, document in rows]


async def test_the_list_shows_both_badges_and_the_next_action(till: Till) -> None:
    async with at_desk(till) as desk:
        await open_list(desk)
        lines = [" ".join(s.text.split()) for s in desk.app.screen._compositor.render_strips()]
        (deposit,) = [line for line in lines if "1001" in line]
        assert "Aguardando pagamento Não atendido Aprovar 138,30" in deposit
        (billet,) = [line for line in lines if "1003" in line]
        assert "Aguardando pagamento Não atendido Aguardar" in billet


async def test_filters_by_badges_method_and_period(till: Till) -> None:
    async with at_desk(till) as desk:
        await open_list(desk)
        await desk.press("f6", "tab", "3", "2", "5", "tab", "tab", "enter")
        await desk.see("Aprovado · Não atendido · Pix", "1004")
        assert "1002" not in desk.words()
        await desk.press("f6", "tab", "1", "1", "1", *["backspace"] * 10, *"01/01/2020", "enter", "enter")
        await desk.see("01/01/2020", "pedido(s) lido(s)", "1002")


async def test_nothing_found_says_what_to_do(till: Till) -> None:
    async with at_desk(till) as desk:
        await open_list(desk)
        await find(desk, "inexistente")
        await desk.see("Nenhum pedido aqui. F5 lê a loja virtual; F6 muda o filtro.")
        await desk.press("l")
        await desk.see("Escolha os pedidos com Espaço")


async def test_releasing_many_with_a_result_for_each(till: Till, sandbox: SandboxControl) -> None:
    async with at_desk(till) as desk:
        await open_list(desk)
        # 1010, 1009, 1006, 1005, 1004, 1003, 1002
        await desk.press("space", *["down"] * 4, "space", "down", "down", "m")
        await desk.see("3 escolhido(s)", "L Liberar", "F9 Imprimir", "D Despachar")
        await desk.press("l")
        await desk.see("3 pedido(s): 1010 (6 un); 1004 (5 un); 1002 (1 un).", "Confira o estoque")
        await desk.press("enter")
        await desk.press("l", "l")
        await desk.see("2 de 3 feitos", "NÃO FEITO · Pedido 1004: Falta no estoque: GAR-AZ")
    assert effects(sandbox) == [("10", "attended"), ("2", "attended")]


async def test_dispatching_many_a_code_for_each(till: Till, sandbox: SandboxControl) -> None:
    sandbox.change_order("5", fulfillment_status="invoiced", who="erp")
    async with at_desk(till) as desk:
        await open_list(desk)
        await desk.press("down", "down", "space", "down", "space", "down", "space", "d")
        await desk.see("Despachar 2 pedido(s)", "1006 PAC", "1005 SEDEX")
        await desk.see("Ficam de fora:", "Pedido 1004: O pedido está Não atendido")
        await desk.press(*"AA123456785BR", "enter", *"AA100833276BR", "enter")
        await desk.see("2 de 3 feitos", "Pedido 1005: despachado.", "NÃO FEITO · Pedido 1004")
    assert effects(sandbox) == [("6", "shipped"), ("5", "shipped")]
    assert order(till, "1006").told.shipment.carrier == "PAC"


async def test_what_none_of_the_chosen_may_do_is_only_said(till: Till, sandbox: SandboxControl) -> None:
    async with at_desk(till) as desk:
        await open_list(desk)
        await desk.press("space", "d")
        await desk.see("Pedido 1010: O pedido está Não atendido: despacha-se depois de faturar.")
    assert effects(sandbox) == []


async def test_doubtful_codes_of_many_are_told_and_nothing_typed_is_lost(
    till: Till, sandbox: SandboxControl
) -> None:
    sandbox.change_order("5", fulfillment_status="invoiced", who="erp")
    async with at_desk(till) as desk:
        await open_list(desk)
        await desk.press("down", "down", "space", "down", "space", "d")
        await desk.see("Despachar 2 pedido(s)")
        await desk.press(*"AA123456785BR", "enter", *"SS123456789BR", "enter")
        await desk.see("Despachar com estes códigos?", "1005: SS123456789BR", "dígito verificador")
        assert "1006: AA" not in desk.words()
        await desk.press("enter")
        await desk.see("Despachar 2 pedido(s)", "AA123456785BR", "SS123456789BR")
        assert effects(sandbox) == []
        await desk.press("enter", "enter")
        await desk.see("Despachar com estes códigos?")
        await desk.press("d")
        await desk.see("2 de 2 feitos")
    assert effects(sandbox) == [("6", "shipped"), ("5", "shipped")]


async def test_one_picking_list_of_many_and_no_state_moves(till: Till, sandbox: SandboxControl) -> None:
    async with at_desk(till) as desk:
        await open_list(desk)
        await desk.press("space", "down", "down", "down", "down", "space", "f9")
        await desk.see("Imprimir de 2 pedidos")
        await desk.press("2")
        await desk.see(
            "Na fila de impressão. Nenhuma situação mudou.", "Pedido 1010: lista de separação na fila."
        )
        await desk.press("escape")
        await desk.press("i", "3")
        await desk.see("Pedido 1004: romaneio de embalagem na fila.")
    kinds = [kind for kind, _ in papers(till)]
    assert kinds == ["picking", "packing", "packing"]
    listed = json.loads(papers(till)[0][1])["blocks"]
    # Seven stickers of two orders on one line.
    (stickers,) = [block for block in listed if "Adesivo sortido" in block.get("label", "")]
    assert stickers["value"] == "7 un"
    what = [(what, who, source) for what, who, source in history(till, order(till, "1004"))]
    assert what[:2] == [
        ("Impressão: romaneio de embalagem", SELLER, Source.OPERATOR),
        ("Impressão: lista de separação", SELLER, Source.OPERATOR),
    ]
    assert effects(sandbox) == []


@pytest.mark.parametrize("size", SIZES)
async def test_a_note_is_typed_and_checked(
    till: Till, sandbox: SandboxControl, size: tuple[int, int]
) -> None:
    key = order_key(till, sandbox)
    async with at_desk(till, size) as desk:
        await open_order(desk, "1005")
        await desk.press("f")
        await desk.see("série 1, do ERP")
        await desk.press("2", *"1235", "enter", "1", "enter", *key, "enter")
        await desk.see("A chave é da nota 1234")
        await desk.press("end", "backspace", "4", "enter", "enter", "enter")
        await desk.see("Pedido 1005: faturado.")
    assert order(till, "1005").told.invoice.key == key


def order_key(till: Till, sandbox: SandboxControl) -> str:
    (found,) = [each for each in sandbox.shop()["orders"] if each["id"] == 5]
    return str(found["fulfillment"]["nfe_token"])


async def test_a_doubtful_code_is_told_and_may_go(till: Till, sandbox: SandboxControl) -> None:
    async with at_desk(till) as desk:
        await open_order(desk, "1006")
        await desk.press("d", *"SS123456789BR")
        await desk.see("dígito verificador do código dos Correios não confere")
        await desk.press("enter")
        await desk.see("Despachar com este código?")
        await desk.press("enter")
        assert effects(sandbox) == []
        await desk.press("enter")
        await desk.see("Despachar com este código?")
        await desk.press("d")
        await desk.see("Pedido 1006: despachado.", "SS123456789BR")


async def test_pick_up_needs_no_code_of_correios(till: Till, sandbox: SandboxControl) -> None:
    sandbox.change_order("10", fulfillment_status="invoiced")
    async with at_desk(till) as desk:
        await open_order(desk, "1010")
        await desk.press("d", *"Produto aguardando retirada.", "enter")
        await desk.see("Pedido 1010: despachado.")


async def test_delivered_is_asked_twice_and_final(till: Till, sandbox: SandboxControl) -> None:
    async with at_desk(till) as desk:
        await open_order(desk, "1007")
        await desk.press("e", "e", "enter")
        assert effects(sandbox) == []
        await desk.press("e", "e")
        await desk.see("Tem certeza?", "não consegue voltar atrás")
        await desk.press("s")
        await desk.see("marcado como entregue")
        await desk.press("x")
        await desk.see("Entregue é final")


async def test_cancelling_and_taking_a_release_back(till: Till, sandbox: SandboxControl) -> None:
    async with at_desk(till) as desk:
        await open_order(desk, "1001")
        await desk.press("f8", "c")
        await desk.see("Pedido 1001: pedido cancelado.", "Pagamento: [Cancelado]")
        await desk.press("escape")
        await find(desk, "1005")
        await desk.press("enter")
        await desk.see("Pedido 1005")
        await desk.press("x", "x")
        await desk.see("atendimento cancelado", "Entrega: [Não atendido]")
    assert effects(sandbox) == [("1", "canceled"), ("5", "unfulfilled")]


async def test_a_missing_line_is_not_released(till: Till, sandbox: SandboxControl) -> None:
    async with at_desk(till) as desk:
        await open_order(desk, "1004")
        await desk.press("enter")
        await desk.see("a loja virtual diz que há 1")
        await desk.press("2", "1", "enter")
        await desk.see("Falta no estoque: GAR-AZ Garrafa térmica: pedido 3, há 0.")
    assert effects(sandbox) == []


async def test_the_erp_was_faster(till: Till, sandbox: SandboxControl) -> None:
    async with at_desk(till) as desk:
        await open_order(desk, "1005")
        await desk.until(lambda: "Lendo" not in desk.words(), "read")
        sandbox.change_order("5", fulfillment_status="invoiced", who="erp")
        await desk.press("f")
        await desk.see("O pedido mudou: agora está Faturado, NF 1234 série 1.", "ERP da loja (ERP)")


async def test_doubt_stands_on_the_list_and_f5_settles_it(till: Till, sandbox: SandboxControl) -> None:
    async with at_desk(till) as desk:
        await open_order(desk, "1002")
        await desk.until(lambda: "Lendo" not in desk.words(), "read")
        sandbox.fault("down", "move")
        await desk.press("l")
        await desk.see("Confira no estoque")
        await desk.press("1", "enter")
        await desk.see("[verificar]", "não se sabe se foi feito")
        await desk.press("f")
        await desk.see("atualize com F5 antes de agir")
        await desk.press("f5")
        await desk.see("Pode ser feito de novo")
    assert effects(sandbox) == []


async def test_help_names_every_command_and_why_it_is_off(till: Till) -> None:
    async with at_desk(till, (80, 100)) as desk:
        await open_order(desk, "1003")
        await desk.press("f1")
        await desk.see("Ajuda: Pedido da loja virtual", "não aprove nem cancele manualmente")
        for command in own(Place.ORDER):
            keys = " ou ".join(command.key_words)
            assert any(f"{key} {command.label.rstrip('.')}." in desk.words() for key in (keys, f"({keys})"))


@pytest.mark.parametrize("size", SIZES)
async def test_the_history_beside_and_alone(till: Till, size: tuple[int, int]) -> None:
    async with at_desk(till, size) as desk:
        await open_order(desk, "1002")
        await desk.see("Enter Liberar")
        await desk.press("h")
        await desk.see("Histórico:", "Pedido feito", "Papelaria Três Irmãos Ltda (cliente)")
        assert "Itens:" not in desk.words()
        await desk.press("f7")
        await desk.see("Itens:")


async def test_when_the_shop_is_away_the_list_still_stands(till: Till, sandbox: SandboxControl) -> None:
    till.orders.refresh()
    sandbox.fault("down", times=None)
    async with at_desk(till) as desk:
        await desk.press("ctrl+k")
        await desk.see("Comandos")
        await desk.press(*"pedidos", "enter", "1")
        await desk.see("loja virtual falhou", "1001")


async def test_a_person_decides_on_an_email_nobody_knows_of(till: Till) -> None:
    sent: list[Letter] = []

    def post(letter: Letter) -> Outcome[str]:
        sent.append(letter)
        return Uncertain("O servidor de e-mail não confirmou o recebimento.")

    till.orders.refresh()
    till.orders.outbox = Outbox(till.context, post, Wording("Loja", "loja@example.com"))
    key = order(till, "1007").id
    till.context.store.write(lambda tx: till.orders.outbox.queue(tx, key, made(), PARCEL))
    till.orders.outbox.send_next()
    async with at_desk(till) as desk:
        await open_order(desk, "1007")
        await desk.see("não se sabe se saiu [verificar]")
        await desk.press("r", "r")
        await desk.see("E-mail na fila outra vez")
    assert len({letter.message_id for letter in sent}) == 1
    assert all_orders(till, payment=PaymentState.DENIED)
