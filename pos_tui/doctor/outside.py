"""The printer and the providers: asked how they are, never for anything that costs."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from pos_tui.config import Config
from pos_tui.doctor import Check, Finding, failure, ok, warning
from pos_tui.domain.outcome import NotSent, Uncertain
from pos_tui.printing.answers import ADVICE, Condition, PrinterStatus

if TYPE_CHECKING:
    from pos_tui.till import Till

SITES: tuple[tuple[str, str, Callable[[Config], str]], ...] = (
    ("orders", "Loja virtual", lambda config: config.orders.url),
    ("subscribers.rbx", "ERP RBX", lambda config: config.subscribers.rbx.url),
    ("subscribers.sgp", "ERP SGP", lambda config: config.subscribers.sgp.url),
)
"""Addresses that are only knocked at, without any credential. A capability that has one adds its row."""


def checks(till: "Till", *, alone: bool) -> list[tuple[str, str, Check]]:
    """Return the checks of the outside; `alone` says that nobody else has this till open."""
    return [
        ("printer", "Impressora", lambda: _printer(till, alone=alone)),
        ("topup", "Operadora", lambda: _topup(till)),
        ("pix", "Banco do Pix", lambda: _pix(till)),
        ("tef", "TEF", lambda: _tef(till.config)),
        ("sites", "Endereços", lambda: _sites(till.config)),
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


def _topup(till: "Till") -> Iterator[Finding]:
    from pos_tui.connection import check_topup

    right, told = check_topup(till.config, lambda: till.sandbox.url)
    yield (ok if right else failure)("topup", "Operadora", told)


def _pix(till: "Till") -> Iterator[Finding]:
    pix = till.config.payment.pix
    if "pix" not in till.config.payment.methods or not pix.url:
        return
    from pos_tui.connection import check_pix

    right, told = check_pix(till.config, lambda: till.sandbox.url)
    yield (ok if right else failure)("pix", "Banco do Pix", told)


def _tef(config: Config) -> Iterator[Finding]:
    if "tef" not in config.payment.methods or config.training:
        return
    tef = config.payment.tef
    missing = [folder for folder in (tef.request_dir, tef.response_dir) if not Path(folder).is_dir()]
    if missing:
        yield failure("tef", "TEF", f"não existe: {', '.join(missing)}. O gerenciador do TEF está instalado?")
    else:
        yield ok("tef", "TEF", f"pastas {tef.request_dir} e {tef.response_dir}.")


def _sites(config: Config) -> Iterator[Finding]:
    if config.training:
        return
    for name, label, address in SITES:
        if url := address(config):
            yield _knock(name, label, url)


def _knock(name: str, label: str, url: str) -> Finding:
    from pos_tui.providers.http import Exchange, Limits

    exchange = Exchange(url, Limits(deadline=10.0, connect=5.0))
    try:
        answer = exchange.send("GET")
    finally:
        exchange.close()
    if isinstance(answer, NotSent | Uncertain):
        return failure(name, label, f"{url} não respondeu: {answer.why}")
    return ok(name, label, f"{url} respondeu.")
