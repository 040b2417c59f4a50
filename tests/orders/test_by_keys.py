"""The seed's whole path by keys alone, on a real terminal against the practice shop (issue 10, seed 5)."""

import json
from pathlib import Path

import pytest

from pos_tui.domain.order_invoice import ZEROS
from tests.terminal import Terminal


def open_terminal(folder: Path, size: tuple[int, int]) -> Terminal:
    env = {
        "POS_TUI_DATA_DIR": str(folder / "data"),
        "XDG_CONFIG_HOME": str(folder / "config"),
        "TERM": "linux",
    }
    return Terminal.python("pos_tui", env=env, size=size)


def to_the_order(terminal: Terminal, number: str) -> None:
    """The desk by its name, find the order, open it."""
    terminal.wait_for("TREINAMENTO")
    terminal.send("\x0b")  # Ctrl+K: Comandos
    terminal.wait_for("Comandos")
    terminal.send("pedidos\r1")
    terminal.wait_for("lido(s)")
    terminal.send("\x06")  # Ctrl+F: Filtrar
    terminal.wait_for("Filtrar pedidos")
    terminal.send(f"{number}\r" + "\t\t\t\t\r")
    terminal.wait_for(f"«{number}»")
    terminal.send("\r")
    terminal.wait_for(f"Pedido {number}")


@pytest.mark.parametrize("size", [(80, 24), (40, 12)])
def test_the_seeds_path_from_pending_to_delivered(tmp_path: Path, size: tuple[int, int]) -> None:
    with open_terminal(tmp_path, size) as terminal:
        to_the_order(terminal, "1001")
        terminal.wait_for("Aguardando pagamento]")
        terminal.wait_gone("Lendo")
        terminal.send("\r")
        terminal.wait_for("Aprovar pagamento?")
        terminal.send("\r")  # Enter never approves
        terminal.wait_gone("Aprovar pagamento?")
        terminal.send("a")
        terminal.wait_for("Aprovar pagamento?")
        terminal.send("a")
        terminal.wait_for("pagamento aprovado")
        terminal.send("\r")
        terminal.wait_for("Liberar o pedido")
        terminal.send("1\r")
        terminal.wait_for("liberado para")
        terminal.send("\r")
        terminal.wait_for("Sem nota")
        terminal.send("2")
        terminal.wait_for("faturado")
        terminal.send("\r")
        terminal.wait_for("Despachar o pedido")
        terminal.send("AA123456785BR\r")
        terminal.wait_for("despachado")
        terminal.send("\r")
        terminal.wait_for("Marcar como entregue?")
        terminal.send("e")
        terminal.wait_for("Tem certeza?")
        terminal.send("s")
        terminal.wait_for("marcado como entregue")
        terminal.wait_for("Entregue]")
        terminal.send("h")
        terminal.wait_for("Histórico:")
        terminal.wait_for("(operador)")
        terminal.send("\x1b")
        terminal.wait_gone("Histórico:")
        assert terminal.process.poll() is None
    kept = json.loads(next((tmp_path / "data").glob("*.shop.json")).read_text())
    order = next(each for each in kept["orders"] if each["id"] == 1)
    words = ["approved", "attended", "invoiced", "shipped", "delivered"]
    assert kept["effects"] == [["1", word] for word in words]
    assert order["fulfillment"]["nfe_token"] == ZEROS
    assert order["fulfillment"]["shipping_code"] == "AA123456785BR"


def test_billet_and_card_are_never_judged_by_hand(tmp_path: Path) -> None:
    with open_terminal(tmp_path, (80, 24)) as terminal:
        to_the_order(terminal, "1003")
        terminal.wait_gone("Lendo")
        terminal.send("a")
        terminal.wait_for("não aprove nem cancele manualmente")
        terminal.send("c")
        terminal.wait_for("não aprove nem cancele manualmente")
    assert json.loads(next((tmp_path / "data").glob("*.shop.json")).read_text())["effects"] == []


def test_the_note_that_the_erp_imported_is_offered_first(tmp_path: Path) -> None:
    with open_terminal(tmp_path, (80, 24)) as terminal:
        to_the_order(terminal, "1005")
        terminal.wait_gone("Lendo")
        terminal.send("f")
        terminal.wait_for("NF 1234 série 1, do ERP")
        terminal.send("1")
        terminal.wait_for("faturado")
        terminal.wait_for("Nota: NF 1234 série 1")
