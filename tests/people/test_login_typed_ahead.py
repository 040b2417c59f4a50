"""A store's till asks who is there first: what is typed before it is drawn reaches only that question."""

from pathlib import Path

from pos_tui.config import load
from pos_tui.till import Till
from tests.people.staff import ANA, ANA_PIN, hire
from tests.terminal import Terminal

CONFIG = """
[till]
number = 1
[topup.rv]
url = "http://127.0.0.1:1/rv"
store = "1234"
[payment]
methods = ["cash"]
"""


def test_a_pin_typed_ahead_is_never_shown(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text(CONFIG)
    (tmp_path / "secrets.toml").write_text('[topup.rv]\npassword = "x"\n')
    for path in tmp_path.iterdir():
        path.chmod(0o600)
    till = Till.open(load(file), folder=tmp_path / "data")
    hire(till)
    till.close()
    argv = [*Terminal.PYTHON, "-m", "pos_tui", "--config", str(file)]
    env = {"POS_TUI_DATA_DIR": str(tmp_path / "data")}
    with Terminal.start(argv, env=env, typed=f"2\r{ANA_PIN}\r".encode()) as terminal:
        terminal.wait_for(f"Bem-vindo(a), {ANA}.")
        # What the terminal itself echoed before the program had it is not ours to hide.
        _, drawing, shown = terminal.output.decode(errors="replace").partition("\x1b[?1049h")
    assert drawing and "Entrar no caixa" in shown
    assert ANA_PIN not in shown and ANA_PIN[:3] not in shown
