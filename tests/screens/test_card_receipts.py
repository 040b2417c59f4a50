"""Recebimento de cartões / Carteira digital by keys (seed 3, issue 8)."""

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from pos_tui.domain.card import Brand, CardDetails, CardKind
from pos_tui.domain.payment import Method
from pos_tui.domain.reconciliation import Acquirer, State
from pos_tui.domain.sale import Sale
from pos_tui.reports.definition import Asked
from pos_tui.reports.registry import find
from pos_tui.settings.statements import StatementSettings
from pos_tui.store.models.reconciliation import CardReceiptRow
from pos_tui.till import Till
from tests.paying import WARRANT
from tests.sandbox import SandboxControl
from tests.screens.desk import Desk, at_desk
from tests.statements.writers.record import File, Happened, Listed
from tests.statements.writers.stone import stone
from tests.tills import add, new_sale, open_till, settings

SIZES = [(80, 24), (40, 12)]
CODE = "123456789"


@pytest.fixture
def cards(tmp_path: Path, sandbox: SandboxControl) -> Iterator[Till]:
    """A till whose cards are reconciled."""
    chosen = StatementSettings(
        layout="stone",
        inbox=str(tmp_path / "in"),
        outbox=str(tmp_path / "out"),
        rates=("stone * credit 1-12 2,49",),
    )
    till = open_till(tmp_path / "till", sandbox, settings(statements=chosen))
    yield till
    till.close()


def sell(till: Till, nsu: str, authorisation: str, face: int = 1500) -> Sale:
    """Sell a top-up on a card machine."""
    sale = new_sale(till)
    add(till, sale, face)
    card = CardDetails(CardKind.CREDIT, Brand.VISA, nsu, 1, authorisation, "4321")
    till.sales.add_payment(till.sales.get(sale.id), Method.CARD, face, card)
    return till.sales.save(till.sales.get(sale.id))


def listed(till: Till, nsu: str, authorisation: str, amount: int = 1500) -> Listed:
    """The same sale as the acquirer has it."""
    now = till.now()
    day, minute = now.date(), now.hour * 60 + now.minute
    parts = (amount,)
    return Listed(
        *(CODE, nsu, authorisation, day, minute, amount, 37, "visa", "credit", 1, "4321", "1", parts)
    )


def receive(till: Till, *sales: Listed, events: tuple[Happened, ...] = (), name: str = "stone.xml") -> None:
    """Have a file of today come, a while ago."""
    folder = Path(till.config.statements.inbox)
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_bytes(stone(File(till.now().date(), 1, CODE, sales, events)))
    ago = (till.now() - timedelta(minutes=5)).timestamp()
    os.utime(path, (ago, ago))


async def open_cards(desk: Desk) -> None:
    """F12 and the desk's name."""
    await desk.press("ctrl+k")
    await desk.type("Cartões", "enter", "1")
    await desk.see("Recebimento de cartões")


async def send(desk: Desk) -> None:
    """E: now, instead of waiting for the day's turn."""
    await desk.see("Pendente de envio 1")
    await desk.press("e")
    await desk.see("Remessa gravada com 1 recebimento(s).", "Enviada 1")


@pytest.mark.parametrize("size", SIZES)
async def test_a_divergence_is_corrected_sent_again_and_reconciles(
    cards: Till, size: tuple[int, int]
) -> None:
    cards.reconciliation.set_code(cards.config.store.name, Acquirer.STONE, CODE, "", "Ana")
    sell(cards, "100001", "A11112")
    async with at_desk(cards, size) as desk:
        await open_cards(desk)
        await send(desk)
        receive(cards, listed(cards, "100001", "A11111"))
        await desk.press("f5")
        await desk.see("1 arquivo(s) lido(s).", "Divergente: aut")
        await desk.press("c")
        await desk.see("lista do cliente")
        await desk.press("enter")
        await desk.see("difere" if size[0] > 40 else "A11111")
        await desk.see("Corrija (C): a venda é enviada de novo")
        await desk.press("c")
        await desk.see("Corrigir recebimento")
        await desk.press(*["backspace"] * 6)
        await desk.type("A11111", "enter", "enter")
        await desk.type("digitado errado", "enter")
        await desk.see("Corrigido: a versão 2 vai na próxima remessa.")
        await desk.see("Conciliada")
        await desk.press("escape", "t")
        await desk.press("e")
        await desk.see("Remessa gravada com 1 recebimento(s).")
    written = sorted(Path(cards.config.statements.outbox).iterdir())
    assert [path.name for path in written] == ["REMESSA-stone-0000001.txt", "REMESSA-stone-0000002.txt"]
    sent = [path.read_text("latin-1").splitlines()[2] for path in written]
    assert [(line[96:106].strip(), line[278:282]) for line in sent] == [
        ("A11112", "0001"),
        ("A11111", "0002"),
    ]
    assert sent[0][246:278] == sent[1][246:278], "the key stays"


async def test_a_leftover_is_linked_by_hand_with_reasons_and_undone(cards: Till) -> None:
    cards.reconciliation.set_code(cards.config.store.name, Acquirer.STONE, CODE, "", "Ana")
    sell(cards, "1", "B22222")
    async with at_desk(cards) as desk:
        await open_cards(desk)
        await send(desk)
        receive(cards, listed(cards, "100002", "C33333", 1501))
        await desk.press("f5")
        await desk.see("Não enviada (só na adquirente) 1")
        rows = desk.app.screen.list.rows  # type: ignore[attr-defined]
        row = next(at for at, one in enumerate(rows) if "Enviada" in one.cells[-1])
        await desk.press("home", *["down"] * row, "enter")
        await desk.see("aguarde o retorno, que vem sozinho")
        await desk.press("l")
        await desk.see("Ligar à mão", "valor a 1 centavo(s)", "mesmo dia", "mesmo final do cartão")
        await desk.press("1")
        await desk.type("confere no comprovante", "enter")
        await desk.see("Ligado à mão. D desfaz.", "Conciliada manualmente", "confere no comprovante")
        await desk.press("c")
        await desk.see("Já está conciliado")
        await desk.press("o")
        await desk.see("Registros da adquirente", "stone.xml, linha")
        await desk.press("escape", "d")
        await desk.type("era outra venda", "enter")
        await desk.see("Desfeito.", "Enviada")


async def test_what_cannot_be_corrected_is_accepted_with_a_reason(cards: Till) -> None:
    cards.reconciliation.set_code(cards.config.store.name, Acquirer.STONE, CODE, "", "Ana")
    saved = sell(cards, "100001", "A11111")
    receive(cards, listed(cards, "100001", "A11111", 1600))
    async with at_desk(cards) as desk:
        await open_cards(desk)
        await desk.press("f5")
        await desk.see("Divergente: valor")
        await desk.press("c", "enter")
        await desk.see("Não se muda aqui: valor.", "aceite-a (L) com o motivo")
        await desk.press("l")
        await desk.see("Ligar à mão", "mesmo NSU, mesma autorização")
        await desk.press("1")
        await desk.type("gorjeta na maquininha", "enter")
        await desk.see("Ligado à mão. D desfaz.", "Conciliada manualmente", "gorjeta na maquininha")
        await desk.press("escape")
        await desk.see("Nenhum recebimento com este filtro")
    assert cards.reconciliation.receipts.get(saved.payments[0].id).state is State.BY_HAND


async def test_a_sale_that_only_the_acquirer_has_is_linked_from_its_side(cards: Till) -> None:
    cards.reconciliation.set_code(cards.config.store.name, Acquirer.STONE, CODE, "", "Ana")
    saved = sell(cards, "1", "B22222")
    receive(cards, listed(cards, "100002", "C33333", 1501))
    async with at_desk(cards) as desk:
        await open_cards(desk)
        await desk.press("f5")
        await desk.see("Não enviada (só na adquirente) 1")
        await desk.press("c", "enter")
        await desk.see("A adquirente tem, o caixa não")
        await desk.press("c")
        await desk.see("L liga-a ao recebimento que é dela")
        await desk.press("l")
        await desk.see("Ligar à mão", "Recebimento do caixa", "valor a 1 centavo(s)", "mesmo final do cartão")
        await desk.press("1")
        await desk.type("confere no comprovante", "enter")
        await desk.see("Ligado à mão. D desfaz.", "Conciliada manualmente", "B22222")
        await desk.press("d")
        await desk.type("era outra venda", "enter")
        await desk.see("Desfeito.")
    assert cards.reconciliation.receipts.get(saved.payments[0].id).state is State.TO_SEND


async def test_a_chargeback_after_the_match_is_the_clients(cards: Till) -> None:
    cards.reconciliation.set_code(cards.config.store.name, Acquirer.STONE, CODE, "", "Ana")
    saved = sell(cards, "100001", "A11111")
    sale = listed(cards, "100001", "A11111")
    receive(cards, sale)
    async with at_desk(cards) as desk:
        await open_cards(desk)
        await desk.press("f5")
        await desk.see("Conciliada 1")
        await desk.press("c")
        await desk.see("Nenhum recebimento com este filtro")
        receive(cards, events=(Happened(sale, "chargeback", sale.day),), name="depois.xml")
        await desk.press("f5")
        await desk.see("Chargeback · Conc")
        await desk.press("enter")
        await desk.see("Na adquirente: Chargeback.", "guarde o comprovante")
        await desk.press("escape", "i")
        await desk.see("Nenhum recebimento com este filtro")
    assert cards.reconciliation.receipts.get(saved.payments[0].id).state is State.RECONCILED


async def test_the_code_is_asked_for_before_the_first_card(cards: Till) -> None:
    async with at_desk(cards) as desk:
        await open_cards(desk)
        await desk.see("Falta o código de estabelecimento da Stone")


async def test_a_missing_code_blocks_and_is_asked_for(cards: Till) -> None:
    sell(cards, "100003", "D44444")
    async with at_desk(cards) as desk:
        await open_cards(desk)
        await desk.see("Falta o código de estabelecimento da Stone")
        await desk.press("e")
        await desk.see("não são enviados nem conciliados")
        assert not Path(cards.config.statements.outbox).exists()
        await desk.press("f9")
        await desk.see("Código de estabelecimento", "Peça à integradora")
        await desk.press("enter", "1")
        await desk.type(CODE, "enter", "enter")
        await desk.see("Código gravado. 1 recebimento(s) esperavam por ele.")
        await desk.gone("Falta o código")
        await desk.press("e")
        await desk.see("Remessa gravada com 1 recebimento(s).")


async def test_the_rules_the_files_and_the_filters_are_told(cards: Till) -> None:
    cards.reconciliation.set_code(cards.config.store.name, Acquirer.STONE, CODE, "", "Ana")
    sell(cards, "100004", "E55555")
    async with at_desk(cards) as desk:
        receive(cards, listed(cards, "100004", "E55555"))
        folder = Path(cards.config.statements.inbox)
        (folder / "ruim.txt").write_bytes(b"0 nada")
        os.utime(folder / "ruim.txt", (0, 0))
        await open_cards(desk)
        await desk.see("até 3 dias atrás", "enviada de novo", "Nenhum arquivo se importa à mão")
        await desk.press("f5")
        await desk.see("Recusado ruim.txt: linha 1", "Conciliada 1")
        await desk.press("a")
        await desk.see("Arquivos das adquirentes", "último stone.xml", "! Recusado ruim.txt")
        await desk.press("escape", "f6")
        await desk.see("Filtrar recebimentos", "Filial", "Situação", "Adquirente", "Quem corrige")
        await desk.press("escape", "i")
        await desk.see("lista do integrador", "Nenhum recebimento com este filtro")


async def test_a_sale_by_card_makes_its_receipt_in_the_same_commit(cards: Till) -> None:
    saved = sell(cards, "000100005", "F66666")
    line = saved.payments[0]
    receipt = cards.reconciliation.receipts.get(line.id)
    assert (receipt.acquirer, receipt.nsu, receipt.authorisation) == (Acquirer.STONE, "000100005", "F66666")
    assert (receipt.amount, receipt.brand, receipt.instalments) == (1500, Brand.VISA, 1)
    assert (receipt.state, receipt.edition, receipt.day) == (State.TO_SEND, 1, cards.now().date())


async def test_a_reason_that_says_nothing_is_told_where_it_is_typed(cards: Till) -> None:
    cards.reconciliation.set_code(cards.config.store.name, Acquirer.STONE, CODE, "", "Ana")
    saved = sell(cards, "100006", "G77777")
    async with at_desk(cards) as desk:
        await open_cards(desk)
        await desk.press("enter")
        await desk.see("Pendente de envio")
        await desk.press("d")
        await desk.see("Nada foi feito à mão neste recebimento")
        await desk.press("c", "ctrl+u")
        await desk.type("G7 777", "enter")
        await desk.see("A autorização tem de 1 a 10 letras e números.")
        await desk.press("ctrl+u")
        await desk.type("G88888", "enter", "enter")
        await desk.type("ops", "enter")
        await desk.see("Escreva o motivo, com pelo menos cinco letras.", "Corrigir recebimento")
        await desk.type(" errado", "enter")
        await desk.see("Corrigido: a versão 2 vai na próxima remessa.", "ops errado")
    assert cards.reconciliation.receipts.get(saved.payments[0].id).authorisation == "G88888"


async def test_of_several_bad_files_the_others_are_told_too(cards: Till) -> None:
    folder = Path(cards.config.statements.inbox)
    folder.mkdir()
    for name in ("a.txt", "b.txt", "c.txt"):
        (folder / name).write_bytes(name.encode())
        os.utime(folder / name, (0, 0))
    async with at_desk(cards) as desk:
        await open_cards(desk)
        await desk.press("f5")
        await desk.see("Recusado a.txt: linha 1", "e mais 2: A mostra todos")


async def test_a_small_window_keeps_room_for_the_list(cards: Till) -> None:
    """With files missing, refused ones and five states there is still a receipt to open."""
    cards.reconciliation.set_code(cards.config.store.name, Acquirer.STONE, CODE, "", "Ana")
    sell(cards, "100007", "H11111")
    sell(cards, "100008", "H22222")
    receive(cards, listed(cards, "100007", "H99999"), listed(cards, "100009", "J11111"))
    (Path(cards.config.statements.inbox) / "ruim.txt").write_bytes(b"0")
    os.utime(Path(cards.config.statements.inbox) / "ruim.txt", (0, 0))
    async with at_desk(cards, (40, 12)) as desk:
        await open_cards(desk)
        await desk.press("f5")
        await desk.see(
            "Há arquivos faltando ou recusados: A.", "3 linha(s), 2 por", "15,00 Pendente de envio"
        )


@pytest.mark.parametrize("size", SIZES)
async def test_what_no_remessa_took_is_told_and_sent_when_asked(cards: Till, size: tuple[int, int]) -> None:
    cards.reconciliation.set_code(cards.context.branch, Acquirer.STONE, CODE, "", "Ana")
    sell(cards, "1", "AUT001")
    long_ago = int((cards.now() - timedelta(days=9)).timestamp() * 1000)
    cards.context.store.write(lambda tx: tx.run(CardReceiptRow.update(to_send_since=long_ago)))
    async with at_desk(cards, size) as desk:
        await open_cards(desk)
        await desk.see("fora da remessa")
        await desk.press("e")
        await desk.see("Enviar a remessa", "mais de 3 dias", "Combine com a integradora")
        await desk.press("enter")
        await desk.see("Nada novo para enviar.", "fora da remessa")
        await desk.press("e")
        await desk.see("Enviar a remessa")
        await desk.press("t")
        await desk.see("Remessa gravada com 1 recebimento(s).")
        assert "fora da remessa" not in desk.words()
        await desk.press("e")
        await desk.see("Nada novo para enviar.")


async def test_what_was_given_back_here_says_so_on_the_desk_as_in_the_report(cards: Till) -> None:
    sale = sell(cards, "000111", "A1B2C3")
    cards.refunds.refund(sale, sale.payments[0], WARRANT)
    told = "Estornada no caixa · Pendente de envio"
    async with at_desk(cards) as desk:
        await open_cards(desk)
        (row,) = desk.rows()
        assert row.cells[-1] == told
        await desk.press("enter")
        await desk.see(f"{told}. Vai na próxima remessa")
    ((cells, *_),) = [page for page, _ in cards.reports.pages(find("cartoes"), Asked(*cards.day(), {}))]
    assert told in cells.cells
