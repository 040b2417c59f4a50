"""The printer and the providers: asked how they are, never for anything that costs."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from pos_tui.doctor import Check, Finding, failure, ok, warning
from pos_tui.printing.answers import ADVICE, Condition, PrinterStatus

if TYPE_CHECKING:
    from pos_tui.till import Till

CONNECTIONS = (
    ("topup", "Operadora"),
    ("pix", "Banco do Pix"),
    ("recurring", "Recorrente"),
    ("orders", "Loja virtual"),
    ("mail", "E-mail"),
    ("subscribers", "Assinantes"),
)
"""Names of `connection.TESTS`, each asked what has no effect. A capability that has one adds its row."""


def checks(till: "Till", *, alone: bool) -> list[tuple[str, str, Check]]:
    """Return the checks of the outside; `alone` says that nobody else has this till open."""
    return [
        ("printer", "Impressora", lambda: _printer(till, alone=alone)),
        ("tef", "TEF", lambda: _tef(till, alone=alone)),
        *((name, label, partial(_connection, till, name, label)) for name, label in CONNECTIONS),
    ]


def _printer(till: "Till", *, alone: bool) -> Iterator[Finding]:
    settings = till.config.printer
    if settings.transport == "none":
        yield ok("printer", "Impressora", "não há, pela configuração.")
        return
    told = f"{settings.profile} por {settings.transport}, {settings.columns} colunas"
    status = till.spool.printer or _ask(till, alone=alone)
    if status is None:
        yield ok("printer", "Impressora", f"{told}: o caixa aberto fala com ela; veja a linha de baixo dele.")
    elif status.condition in (Condition.OK, Condition.SILENT):
        yield ok("printer", "Impressora", f"{told}. {ADVICE[status.condition]}")
    else:
        level = warning if status.ready else failure
        yield level("printer", "Impressora", f"{told}. {ADVICE[status.condition]}")
    owed = till.spool.count_owed()
    if owed:
        yield warning("printer.owed", "Impressões", f"{owed} a fazer: Ctrl+O mostra quais.")


def _ask(till: "Till", *, alone: bool) -> PrinterStatus | None:
    """Two programs on one printer mix their bytes: only who is alone asks it."""
    if not alone:
        return None
    from pos_tui.services.printer import connect

    return connect(till.config.printer, till.folder / "papers").status()


def _connection(till: "Till", name: str, label: str) -> Iterator[Finding]:
    from pos_tui.connection import check

    found = check(name, till.config, till)
    if found is not None:
        right, told = found
        yield (ok if right else failure)(name, label, told)


def _tef(till: "Till", *, alone: bool) -> Iterator[Finding]:
    """An open till may be charging a card right now: only who is alone speaks to the manager."""
    if "tef" not in till.config.payment.methods or till.config.training:
        return
    tef = till.config.payment.tef
    missing = [folder for folder in (tef.request_dir, tef.response_dir) if not Path(folder).is_dir()]
    if missing:
        yield failure("tef", "TEF", f"não existe: {', '.join(missing)}. O gerenciador do TEF está instalado?")
    elif alone:
        yield from _connection(till, "tef", "TEF")
    else:
        yield ok("tef", "TEF", f"pastas {tef.request_dir} e {tef.response_dir}; o caixa aberto fala com ele.")
