"""A real store's till for tests: a config file that leads nowhere outside, its folder, people, money."""

from pathlib import Path

from pos_tui.config import load
from pos_tui.store.database import Transaction
from pos_tui.till import Till
from tests.people.staff import BOSS, hire
from tests.tills import Watch

CONFIG = """
[store]
name = "Loja 52 Centro"
[till]
number = 2
[topup.rv]
url = "https://provedor.example/rv"
store = "1234"
[payment]
methods = ["cash"]
"""
PASSWORD = "s3nh4-do-provedor"


def write_config(folder: Path, extra: str = "") -> Path:
    """Write a store's configuration and its secrets; return the configuration."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "config.toml"
    path.write_text(CONFIG + extra, "utf-8")
    path.chmod(0o600)
    secrets = folder / "secrets.toml"
    secrets.write_text(f'[topup.rv]\npassword = "{PASSWORD}"\n', "utf-8")
    secrets.chmod(0o600)
    return path


def open_shop(config: Path, folder: Path, watch: Watch | None = None) -> Till:
    """Open the store's till, with people."""
    till = Till.open(load(config), watch or Watch(), folder)
    if not till.operators.any():
        hire(till)
        till.guard.operator = till.operators.all()[0]
        till.cash.open(10_000, BOSS)
    else:
        till.guard.operator = till.operators.all()[0]
    return till


def numbers(till: Till) -> dict[str, int]:
    """Every numbering of the store."""
    rows = till.context.store.db.execute_sql("SELECT name, value FROM counter")  # type: ignore[no-untyped-call]
    return {str(name): int(value) for name, value in rows.fetchall()}


def lines(till: Till) -> list[tuple[str, str]]:
    """Kind and event of every line of the journal."""
    rows = till.context.store.db.execute_sql("SELECT kind, event FROM journal ORDER BY id")  # type: ignore[no-untyped-call]
    return [(str(kind), str(event)) for kind, event in rows.fetchall()]


def count(tx: Transaction, name: str) -> None:
    """Take a number."""
    tx.next_number(name)
