"""What the sale's status line says, and what is told when the till has started."""

from typing import TYPE_CHECKING

from pos_tui.config import Config
from pos_tui.widgets.chrome import StatusLine
from pos_tui.widgets.theme import Tone

if TYPE_CHECKING:
    from pos_tui.domain.sale import Sale
    from pos_tui.printing.answers import PrinterStatus
    from pos_tui.services.sweeping import Sweep
    from pos_tui.till import Started, Till


UNCONFIGURED = "Treinamento, sem configuração. Loja de verdade: F12, Configuração, Assistente."


def draw_place(line: StatusLine, config: Config, pdv: str, seller: str) -> None:
    """Say where and who: what is known before the till is open."""
    if config.training:
        line.set("training", "TREINAMENTO", short="TREINO")
    line.set("branch", config.store.name, priority=6)
    line.set("pdv", f"PDV {pdv}", priority=3)
    line.set("seller", seller, priority=4)
    line.set("provider", config.topup.label, priority=7)


def draw_status(line: StatusLine, till: "Till", sale: "Sale") -> None:
    """Say where, who, what is pending, and how the printer is."""
    draw_place(line, till.config, sale.pdv, sale.seller)
    unsent = till.unsent()
    what, short = ("ENVIO PARADO",) * 2 if till.hindrance() else ("SERVIDOR AUSENTE", "SEM SERVIDOR")
    away = "" if unsent is None else f"{what} · {unsent} a enviar"
    line.set("server", away, tone="error", short=f"{short} · {unsent}" if away else "")
    budget = till.topups.budget()
    pending: Tone = "pending" if budget.used or budget.full else "normal"
    line.set("budget", str(budget), tone=pending, short=budget.short)
    late = len(till.late.found()) if till.config.payment.asks_pix else 0
    line.set("late", f"{late} PIX A DEVOLVER" if late else "", priority=1, tone="error", short=f"{late} PIX")
    owed = till.spool.count_owed()
    words, tone = printer_words(till.spool.prints, till.spool.printer, owed)
    short = _short_words(till.spool.printer, owed)
    line.set("printer", words, priority=5 if tone == "normal" else 1, tone=tone, short=short)
    line.set("papers", "Ctrl+O" if owed else "", priority=2)
    line.set("clock", till.now().strftime("%H:%M"), priority=2)


def _short_words(status: "PrinterStatus | None", owed: int) -> str:
    """Say the same where the window is narrow: `SEM PAPEL · 2`."""
    if status is not None and not status.quiet:
        return f"{status.word} · {owed}" if owed else status.word
    return f"{owed} a imprimir" if owed else ""


def printer_words(prints: bool, status: "PrinterStatus | None", owed: int) -> tuple[str, Tone]:
    """Say what is wrong with the printer and how many papers it owes: `SEM PAPEL · 2 impressões a fazer`."""
    parts = []
    if not prints:
        parts.append("sem impressora")
    elif status is not None and not status.quiet:
        parts.append(status.word)
    if owed:
        parts.append("1 impressão a fazer" if owed == 1 else f"{owed} impressões a fazer")
    if status is not None and not status.ready:
        return " · ".join(parts), "error"
    if parts and prints:
        return " · ".join(parts), "pending"
    return " · ".join(parts) or "impressora ok", "normal"


def told_at_start(started: "Started", config: Config) -> tuple[str, Tone] | None:
    """Return what the cashier must know of what the till found when it started, or None."""
    if started.damage:
        told = f"O banco de dados está danificado ({started.damage}). Pare de vender e restaure a cópia."
        return told, "error"
    if started.broken_chain:
        return f"Atenção: {started.broken_chain}. Chame o supervisor.", "error"
    if started.sweep and (started.sweep.waiting or started.sweep.strangers):
        return _swept(started.sweep), "pending"
    return (UNCONFIGURED, "normal") if config.source is None else None


def _swept(sweep: "Sweep") -> str:
    parts = []
    if sweep.waiting:
        parts.append(f"{sweep.waiting} recarga(s) em [verificar]: veja na lista de vendas (F4)")
    if sweep.strangers:
        parts.append(f"{len(sweep.strangers)} pendente(s) na operadora sem venda local (F4, F4)")
    return "; ".join(parts) + "."
