"""A bill paid by TEF at the counter, by keys on a real terminal, up to the reconciliation list (seed 4).

The program starts its own practice world: the ERP on loopback, and the TEF manager on two folders.
"""

import time
from contextlib import closing
from pathlib import Path

import pytest

from pos_tui.providers.sandbox.ledger import Ledger
from pos_tui.providers.sandbox.tef_ledger import EntryState, TefLedger
from tests.terminal import Terminal

F5, F12, ESC = "\x1b[15~", "\x1b[24~", "\x1b"
TO_PAYMENT = "\x10"  # Ctrl+P, the second key of F10
CONFIG = """
[till]
training = true
[payment]
methods = ["cash", "card", "tef"]
[subscribers]
provider = "{provider}"
rbx.enabling = "unblock"
[statements]
layout = "stone"
inbox = "{folder}/in"
outbox = "{folder}/out"
establishment = "123456789"
[printer]
transport = "capture"
"""


def open_till(folder: Path, provider: str) -> Terminal:
    """The program in training, on a config of a store that reconciles its cards."""
    config = folder / "config.toml"
    config.write_text(CONFIG.format(provider=provider, folder=folder), "utf-8")
    env = {"POS_TUI_DATA_DIR": str(folder / "data"), "XDG_CONFIG_HOME": str(folder / "home")}
    return Terminal.python("pos_tui", "--config", str(config), env=env)


def choose_desk(terminal: Terminal, name: str) -> None:
    """F12, and the digit before a desk's name."""
    terminal.send(F12)
    terminal.wait_for("mais opções")
    terminal.wait_for(name)
    (line,) = (line for line in terminal.screen() if name in line)
    terminal.send(next(char for char in line if char.isdigit()))


def receive_a_bill(terminal: Terminal) -> None:
    """Subscriber desk, José, Receber conta, the overdue one; then Esc to its payment."""
    choose_desk(terminal, "Central do assinante")
    terminal.wait_for("Digite nome")
    terminal.send("jose aparecido\r")
    terminal.wait_for("José Aparecido")
    terminal.send("\r")
    terminal.wait_for("Receber conta")
    terminal.wait_for("disponível")
    terminal.send("6")
    terminal.wait_for("VENCIDA")
    terminal.send("\r")
    terminal.wait_for("a baixa sai depois de salvar")
    terminal.send(ESC)
    terminal.wait_for("[3 Pagamento]")
    terminal.wait_for("142,80")


def credits_at_the_erp(folder: Path) -> dict[str, tuple[int, int]]:
    """What the practice ERP really settled, from its book on the disk."""
    with closing(Ledger(folder / "data" / "sandbox.jsonl", time.time)) as ledger:
        return ledger.credits()


@pytest.mark.parametrize("provider", ["rbx", "local"])
def test_a_bill_paid_by_tef_is_settled_once_and_is_a_card_receipt(provider: str, tmp_path: Path) -> None:
    with open_till(tmp_path, provider) as terminal:
        terminal.wait_for("TREINAMENTO")
        receive_a_bill(terminal)
        terminal.send("3")
        terminal.wait_for("Em branco, recebe os R$ 142,80")
        terminal.send("\r")
        terminal.wait_for("Crédito")
        terminal.send("1")
        terminal.wait_for("À vista")
        terminal.send("1\r")
        terminal.wait_for("Pagamento completo")
        terminal.wait_for("aprovado")
        terminal.send(TO_PAYMENT)
        terminal.wait_for("1 conta(s) recebida(s)")
        choose_desk(terminal, "Recebimento de cartões")
        terminal.wait_for("Pendente de envio 1")
        terminal.wait_for("142,80")
        (entry,) = TefLedger(tmp_path / "data" / "tef" / "ledger.json").entries
        (shown,) = (line.split() for line in terminal.screen() if "142,80" in line)
        assert int(shown[shown.index("Stone") + 1]) == int(entry.nsu)
        assert (entry.state, entry.centavos) == (EntryState.CONFIRMED, 14280)
        # The whole round again changes nothing: neither asking, nor opening the till anew.
        terminal.send(ESC)
        terminal.wait_gone("Pendente de envio")
        terminal.send(F5)
        terminal.send("\x11")  # Ctrl+Q
        terminal.wait_for("Sair do programa?")
        terminal.send("s")
        assert terminal.wait_exit() == 0
    with open_till(tmp_path, provider) as terminal:
        terminal.wait_for("TREINAMENTO")
        receive_nothing_more(terminal)
    if provider == "rbx":
        assert credits_at_the_erp(tmp_path) == {"conta/1001": (1, 14280)}
    assert TefLedger(tmp_path / "data" / "tef" / "ledger.json").effect == 14280


def receive_nothing_more(terminal: Terminal) -> None:
    """The bill is settled: it is among the settled ones, and no longer to be received."""
    choose_desk(terminal, "Central do assinante")
    terminal.wait_for("Digite nome")
    terminal.send("jose aparecido\r")
    terminal.wait_for("José Aparecido")
    terminal.send("\r")
    terminal.wait_for("Receber conta")
    terminal.send("3")
    terminal.wait_for("baixada")
    terminal.wait_for("Vencidas: 0")
