"""The whole program on a pseudo-terminal, with data of its own."""

from collections.abc import Mapping
from pathlib import Path

from tests.terminal import Terminal

F3, F4, F6, F8, F10 = "\x1bOR", "\x1bOS", "\x1b[17~", "\x1b[19~", "\x1b[21~"
LINE = "67999991234"
WHOLE_SALE = f"{F3}1{LINE}{LINE}4{F10}120\r{F10}\r\r"
"""Recarga, operator, line twice, value, Pagamento, cash, 20, add, save, open, confirm."""


def opened(
    folder: Path,
    env: Mapping[str, str] | None = None,
    size: tuple[int, int] = (80, 24),
    *,
    before: tuple[str, ...] = (),
    controlling: bool = True,
) -> Terminal:
    """Start the till in training mode; `before` is a command that starts it."""
    own = {"POS_TUI_DATA_DIR": str(folder / "data"), "XDG_CONFIG_HOME": str(folder / "config")}
    argv = [*before, *Terminal.PYTHON, "-m", "pos_tui"]
    return Terminal.start(argv, size, {**own, **(env or {})}, controlling=controlling)


def database(folder: Path) -> Path:
    """Where its database is."""
    return folder / "data" / "training.db"


def provider_of(terminal: Terminal) -> int:
    """The process id of the training world that the program started: stopped, it is a provider that hangs."""
    children = Path(f"/proc/{terminal.process.pid}/task/{terminal.process.pid}/children")
    threads = Path(f"/proc/{terminal.process.pid}/task").glob("*/children")
    found = [pid for each in (children, *threads) for pid in each.read_text("ascii").split()]
    for pid in found:
        if b"pos_tui.providers.sandbox" in Path(f"/proc/{pid}/cmdline").read_bytes():
            return int(pid)
    raise AssertionError("the program has started no provider")
