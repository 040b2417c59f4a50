"""TEF and dynamic Pix at the screens: what is shown while the outside is asked (issue 4)."""

from pos_tui.domain.payment import Decision, PaymentState
from pos_tui.domain.sale import SaleFilter
from pos_tui.services.drivers.base import REFUND_TAKEN
from pos_tui.store.models import PaymentRow
from pos_tui.till import Till
from tests.paying import TefFolders
from tests.screens.desk import add_topup, at_desk
from tests.tills import EVER, LINE, SELLER, add, new_sale

TEF, PIX = "4", "3"


async def test_a_denied_card_is_told_and_cash_goes_on(paytill: Till, folders: TefFolders) -> None:
    folders.play("CRT deny")
    async with at_desk(paytill) as desk:
        await add_topup(desk, LINE, "4")
        await desk.press("f10", TEF, "enter", "2", "enter")
        await desk.see("TEF: não autorizado", "SALDO INSUFICIENTE")
        await desk.press("enter")
        await desk.see("TEF de R$ 15,00: negado. [SALDO INSUFICIENTE", "Faltam R$ 15,00: escolha")


async def test_what_was_said_of_the_card_before_does_not_stay_below(
    paytill: Till, folders: TefFolders
) -> None:
    async with at_desk(paytill) as desk:
        await add_topup(desk, LINE, "4")
        await desk.press("f10", TEF, *"5", "enter", "2", "enter")
        await desk.see("TEF de R$ 5,00: aprovado")
        await desk.press("f8")
        await desk.see("TEF de R$ 5,00: desfeito")
        folders.play("CRT silent")
        await desk.press(TEF, "enter", "2")
        await desk.see("Enter segue para o pinpad")
        await desk.press("enter")
        await desk.see("Aguarde; não feche o caixa")
        await desk.press("a")
        await desk.type("Marta", "enter")
        await desk.type("gerenciador parado", "enter")
        await desk.see("TEF: incerto")
        await desk.press("enter")
        await desk.see("TEF de R$ 15,00: incerto [verificar].")
        assert "desfeito" not in desk.words()


async def test_a_start_after_a_power_cut_says_where_the_sale_goes_on(paytill: Till) -> None:
    async with at_desk(paytill) as desk:
        await add_topup(desk, LINE, "4")
        await desk.press("f10", TEF, "enter", "2", "enter")
        await desk.see("Pagamento completo")
    async with at_desk(paytill) as desk:
        await desk.see("TEF de R$ 15,00 aprovado.", "A venda em andamento continua: F10 é o Pagamento dela.")


async def test_what_a_start_finds_of_another_sale_does_not_cover_that_the_open_one_came_back(
    paytill: Till, folders: TefFolders
) -> None:
    async with at_desk(paytill) as desk:
        await add_topup(desk, LINE, "4")
        await desk.press("f10", TEF, "enter", "2", "enter")
        await desk.see("Pagamento completo")
        await desk.press("f10")
        await desk.see("confirmada com sucesso")
    (line,) = paytill.sales.get(paytill.sales.page(SaleFilter(*EVER))[0].id).payments
    asked: dict[str, object] = {
        "decision": Decision.REFUND,
        "refund_key": "9",
        "refund_settle_key": "10",
        "reply": "",
    }
    asked |= {"details": f'{{"{REFUND_TAKEN}": "1"}}', "open_since": paytill.context.now()}
    paytill.context.store.write(lambda tx: tx.run(PaymentRow.update(**asked).where(PaymentRow.id == line.id)))
    add(paytill, new_sale(paytill), line="67999991235")
    async with at_desk(paytill) as desk:
        await desk.see("Venda em andamento recuperada: continue de onde parou.", "[estornando]")
        await desk.press("f10", TEF, "enter", "2", "enter")
        await desk.see("consulte com F5 na Lista de vendas", "decide em F12, Supervisão")


async def test_esc_does_not_end_the_waiting_and_a_supervisor_does(paytill: Till, folders: TefFolders) -> None:
    folders.play("CRT silent")
    async with at_desk(paytill) as desk:
        await add_topup(desk, LINE, "4")
        await desk.press("f10", TEF, "enter", "2", "enter")
        await desk.see("Aguarde; não feche o caixa")
        await desk.press("escape", "f2", "f8")
        await desk.see("Aguarde; não feche o caixa")
        await desk.press("a")
        await desk.type("Marta", "enter")
        await desk.type("gerenciador parado", "enter")
        await desk.see("TEF: incerto", "NÃO cobre de novo")
        await desk.press("enter", "f10")
        await desk.see("está incerto: consulte com F5")
        await desk.press("f8")
        await desk.see("Decidir o pagamento")
        await desk.press("1")
        await desk.type("Marta", "enter")
        await desk.type("relatório sem a venda", "enter")
        await desk.see("Faltam R$ 15,00")


async def test_the_qr_closes_by_itself_when_paid(paytill: Till) -> None:
    async with at_desk(paytill, size=(100, 40)) as desk:
        await add_topup(desk, LINE, "4")
        await desk.press("f10", PIX, "enter")
        await desk.see("Aguardando o pagamento", "Vale até")
        await desk.press("p")
        await desk.see("Pagamento completo")
        assert paytill.sales.current("", "").payments[0].state is PaymentState.CONFIRMED


async def test_a_pix_given_up_is_removed_at_the_bank(paytill: Till) -> None:
    async with at_desk(paytill) as desk:
        await add_topup(desk, LINE, "4")
        await desk.press("f10", PIX, "enter")
        await desk.see("Aguardando o pagamento")
        await desk.press("escape")
        await desk.see("cancelado")
        await desk.see("Faltam R$ 15,00")


async def test_a_pix_paid_as_it_is_given_up_is_paid(paytill: Till) -> None:
    async with at_desk(paytill) as desk:
        await add_topup(desk, LINE, "4")
        await desk.press("f10", PIX, "enter")
        await desk.see("Aguardando o pagamento")
        (line,) = paytill.sales.current("", "").payments
        paytill.practice.pay(line.request_key)
        assert paytill.payments.ask(line.id, SELLER).state is PaymentState.CONFIRMED
        await desk.press("escape")
        await desk.see("Pagamento completo")


async def test_a_saved_card_sale_is_given_back_from_the_list(paytill: Till, folders: TefFolders) -> None:
    async with at_desk(paytill) as desk:
        await add_topup(desk, LINE, "4")
        await desk.press("f10", TEF, "enter", "2", "enter")
        await desk.see("Pagamento completo")
        await desk.press("f10")
        await desk.see("confirmada com sucesso")
        assert folders.ledger.effect == 1500
        await desk.press("f8")
        await desk.see("Estornar um pagamento", "recarga confirmada, que não pode mais ser cancelada")
        await desk.type("Marta", "enter")
        await desk.type("cliente desistiu", "enter")
        await desk.see("TEF de R$ 15,00: estornado")
        assert folders.ledger.effect == 0


async def test_a_sale_with_cards_is_abandoned_with_a_supervisor(paytill: Till, folders: TefFolders) -> None:
    async with at_desk(paytill) as desk:
        await add_topup(desk, LINE, "4")
        for amount in ("5", "10"):
            await desk.press("f10", TEF, *amount, "enter", "2", "enter")
            await desk.see(f"TEF de R$ {amount},00: aprovado")
        await desk.press("f2", "a", "a")
        await desk.see("Abandonar e estornar")
        await desk.type("Marta", "enter")
        await desk.type("cliente desistiu", "enter")
        await desk.see("Venda abandonada")
        assert folders.ledger.effect == 0 and folders.ledger.pending() is None


async def test_the_cards_slips_are_printed_again_from_the_list(paytill: Till) -> None:
    async with at_desk(paytill) as desk:
        await add_topup(desk, LINE, "4")
        await desk.press("f10", TEF, "enter", "2", "enter")
        await desk.see("Pagamento completo")
        await desk.press("f10")
        await desk.see("confirmada com sucesso")
        await desk.press("f9")
        await desk.see("3 reimpressão(ões) na fila, com a marca de 2ª via.")
        await desk.until(lambda: not paytill.spool.owed(), "the printer done")
    copies = [path.read_bytes() for path in sorted((paytill.folder / "papers").glob("*.bin"))]
    slips = [copy for copy in copies if b"REIMPRESS" in copy and b"VIA DO ESTABELECIMENTO" in copy]
    assert len([copy for copy in copies if b"REIMPRESS" in copy]) == 3 and len(slips) == 1


async def test_a_bank_charge_is_printed_with_its_end(paytill: Till) -> None:
    async with at_desk(paytill) as desk:
        await add_topup(desk, LINE, "4")
        await desk.press("f10", PIX, "enter")
        await desk.see("Aguardando o pagamento", "I Imprimir o QR")
        await desk.press("i")
        await desk.see("QR na fila de impressão")
        await desk.press("escape")
        await desk.see("cancelado")
    (paper,) = paytill.spool.papers_of_sale(paytill.sales.current("", "").id)
    assert "Vale até" in paytill.papers.preview(paper.document)


async def test_what_nobody_is_sure_of_is_not_called_paid(paytill: Till, folders: TefFolders) -> None:
    folders.play("CRT silent")
    async with at_desk(paytill) as desk:
        await add_topup(desk, LINE, "4")
        await desk.press("f10", "1", *"5", "enter", TEF, "enter", "2", "enter")
        await desk.see("Aguarde; não feche o caixa")
        await desk.press("a")
        await desk.type("Marta", "enter")
        await desk.type("gerenciador parado", "enter")
        await desk.see("TEF: incerto")
        await desk.press("enter")
        await desk.see("Total R$ 15,00 Pago R$ 5,00 Incerto R$ 10,00 Faltam R$ 0,00")
        await desk.see("Se não resolver, o supervisor decide com F8.")
        assert "Pagamento completo" not in desk.words()


async def test_what_is_on_its_way_back_stays_on_show_and_a_person_ends_it(
    paytill: Till, folders: TefFolders
) -> None:
    folders.play("CRT silent")
    async with at_desk(paytill) as desk:
        await add_topup(desk, LINE, "4")
        await desk.press("f10", TEF, "enter", "2", "enter")
        await desk.see("Aguarde; não feche o caixa")
        await desk.press("a")
        await desk.type("Marta", "enter")
        await desk.type("gerenciador parado", "enter")
        await desk.see("TEF: incerto")
        for key, title, words in (
            ("2", "Decidir o pagamento", "TEF de R$ 15,00: confirmado."),
            ("", "Estornar pagamento", "+ TEF R$ 15,00 confirmado [estornando]"),
            ("2", "Decidir o pagamento", "Nenhuma forma de pagamento ainda."),
        ):
            await desk.press("escape", "f8")
            await desk.see(title)
            await desk.press(*key)
            await desk.type("Marta", "enter")
            await desk.type("conferido no relatório", "enter")
            await desk.see(words)
