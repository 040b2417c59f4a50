"""A stranger finds the way by F1 alone: every key that is pressed here was told by the help of its place."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pos_tui.domain.topup import TopUpState
from pos_tui.till import Till
from pos_tui.widgets.dialog import TextPage
from tests.sandbox import SandboxControl
from tests.screens.desk import Desk, at_desk
from tests.screens.test_card_receipts import sell
from tests.tills import add, new_sale, open_till, pay_and_save


@pytest.fixture
def store(tmp_path: Path, sandbox: SandboxControl) -> Iterator[Till]:
    """A till in training, as a stranger opens it."""
    till = open_till(tmp_path / "till", sandbox)
    yield till
    till.close()


async def help_here(desk: Desk) -> str:
    """Press F1, read the page to its end, and leave it."""
    await desk.press("f1")
    await desk.see("Ajuda:")
    page = desk.app.screen
    assert isinstance(page, TextPage)
    read = desk.words()
    for _ in range(8):
        await desk.press("pagedown")
        read += " " + desk.words()
    await desk.press("escape")
    assert desk.app.screen is not page
    return read


async def told(desk: Desk, key: str, *words: str) -> None:
    """Have the help of this place name a key and what it is for; then press the key."""
    page = await help_here(desk)
    assert all(word in page for word in words), f"{words} not in {page}"
    await desk.press(key)


async def choose_desk(desk: Desk, name: str) -> None:
    """Find a desk in the list that F12 shows, by the digit that stands before it."""
    for _ in range(4):
        for line in desk.lines():
            if name in line:
                await desk.press(next(char for char in line if char.isdigit()))
                return
        await desk.press("0")
    raise AssertionError(f"{name} is not in F12's list")


async def test_a_pending_top_up_is_resolved(store: Till) -> None:
    sale = new_sale(store)
    topup = add(store, sale)
    pay_and_save(store, sale)
    async with at_desk(store) as desk:
        await told(desk, "f4", "F4 ou Ctrl+L Vendas.", "pendentes, as mais antigas primeiro")
        await desk.see("Pendente")
        await told(desk, "enter", "Enter Abrir. Abre as recargas da venda marcada: confirmar")
        await desk.see("Confirmar a recarga")
        await told(desk, "enter", "Enter Confirmar. Credita a recarga", "Suporte Conekta SAC")
        await desk.see("confirmada com sucesso")
    assert store.topups.get(topup.id).state is TopUpState.CONFIRMED


async def test_a_divergence_is_reconciled(store: Till) -> None:
    sell(store, "100001", "A11112")
    async with at_desk(store) as desk:
        await told(desk, "ctrl+z", "Ctrl+Z", "treinamento")
        await desk.see("Conciliadora de cartões")
        await desk.press("7", "1", "1", "1")
        await desk.see("A próxima venda vem com outra autorização (1 vez)")
        await desk.press("escape")
        await told(desk, "f12", "F12 ou Ctrl+A Menu.", "cartões")
        await choose_desk(desk, "Recebimento de cartões")
        await desk.see("Pendente de envio 1")
        await told(desk, "e", "E ou", "Remessa")
        await desk.see("Enviada 1")
        await told(desk, "f5", "F5 ou Ctrl+T Ler agora.")
        await desk.see("Divergente: aut")
        await told(desk, "enter", "Enter Comparar.", "com o campo que difere marcado")
        await desk.see("difere")
        await told(desk, "c", "C ou", "Corrigir.")
        await desk.see("Corrigir recebimento")
        await desk.press(*["backspace"] * 6)
        await desk.type("A11111", "enter", "enter")
        await desk.type("digitado errado", "enter")
        await desk.see("a versão 2 vai na próxima remessa")
        await desk.press("escape")
        await told(desk, "e", "E ou", "Remessa")
        await desk.see("Enviada 1")
        await told(desk, "f5", "F5 ou Ctrl+T Ler agora.")
        await desk.see("Conciliada 1")


async def test_an_order_is_dispatched(store: Till) -> None:
    async with at_desk(store) as desk:
        await told(desk, "f12", "F12 ou Ctrl+A Menu.", "pedidos")
        await choose_desk(desk, "Pedidos da loja virtual")
        await desk.see("lido(s)", "Despachar")
        await told(desk, "f6", "F6 ou Ctrl+F Filtrar.")
        await desk.see("Filtrar pedidos")
        await desk.type("1006", "enter")
        await desk.press("tab", "tab", "tab", "tab", "enter")
        await desk.see("«1006»")
        await told(desk, "enter", "Enter Abrir.")
        await desk.see("Próxima ação: Despachar")
        await told(desk, "enter", "Enter ou N Próxima ação.", "despachar")
        await desk.see("Despachar o pedido")
        await desk.type("AA123456785BR", "enter")
        await desk.see("despachado")
