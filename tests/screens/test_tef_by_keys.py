"""A whole top-up paid by TEF, by keys alone, on a real terminal against the practice manager (issue 4)."""

from pathlib import Path

from pos_tui.providers.sandbox.tef_ledger import TefLedger
from tests.terminal import Terminal
from tests.tills import LINE


def open_terminal(folder: Path) -> Terminal:
    env = {"POS_TUI_DATA_DIR": str(folder / "data"), "XDG_CONFIG_HOME": str(folder / "config")}
    return Terminal.python("pos_tui", env=env)


def add_topup(terminal: Terminal) -> None:
    terminal.send("\x12")  # Ctrl+R, the second key of F3
    terminal.wait_for("1 Vivo")
    terminal.send(f"1{LINE}{LINE}")
    terminal.wait_for("R$ 15,00")
    terminal.send("4")
    terminal.wait_for("Receba o pagamento")
    terminal.send("\x10")  # Ctrl+P: Pagamento
    terminal.wait_for("4 TEF")


def test_a_topup_paid_by_debit_confirms_itself(tmp_path: Path) -> None:
    with open_terminal(tmp_path) as terminal:
        terminal.wait_for("TREINAMENTO")
        add_topup(terminal)
        terminal.send("4\r2\r")
        terminal.wait_for("Pagamento completo")
        terminal.wait_for("aprovado")
        terminal.send("\x10")
        terminal.wait_for("confirmada com sucesso")
        terminal.wait_for("Confirmada")
        assert terminal.process.poll() is None
    assert TefLedger(tmp_path / "data" / "tef" / "ledger.json").effect == 1500


def test_a_split_sale_and_a_card_taken_off(tmp_path: Path) -> None:
    with open_terminal(tmp_path) as terminal:
        terminal.wait_for("TREINAMENTO")
        add_topup(terminal)
        terminal.send("410\r123\r")
        terminal.wait_for("Faltam R$ 5,00")
        terminal.send("\x04")  # Ctrl+D: Remover
        terminal.wait_for("desfeito")
        terminal.wait_for("Faltam R$ 15,00")
    ledger = TefLedger(tmp_path / "data" / "tef" / "ledger.json")
    assert (ledger.effect, ledger.pending()) == (0, None)


def test_an_answer_about_another_card_is_told_at_once_and_ended_at_its_desk(tmp_path: Path) -> None:
    """R$ 10,24 makes the practice manager answer about an operation of nobody's first."""
    with open_terminal(tmp_path) as terminal:
        terminal.wait_for("TREINAMENTO")
        add_topup(terminal)
        terminal.send("410,24\r23\r")
        terminal.wait_for("TEF: outra resposta")
        terminal.wait_for("Esta venda")
        terminal.send("\r")
        terminal.wait_for("Faltam R$ 4,76")
        terminal.send("4\r2\r")
        terminal.wait_for("resolve com F8")
    ledger = TefLedger(tmp_path / "data" / "tef" / "ledger.json")
    assert ledger.effect == 1024 and ledger.pending() is None
