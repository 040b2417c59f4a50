"""What the status line says of the printer."""

from pos_tui.printing.answers import Condition, PrinterStatus
from pos_tui.widgets.theme import Tone


def printer_words(prints: bool, status: PrinterStatus | None, owed: int) -> tuple[str, Tone]:
    """Say what is wrong with the printer and how many papers it owes: `SEM PAPEL · 2 impressões a fazer`."""
    parts = []
    if not prints:
        parts.append("sem impressora")
    elif status is not None and status.condition not in (Condition.OK, Condition.SILENT):
        parts.append(status.word)
    if owed:
        parts.append("1 impressão a fazer" if owed == 1 else f"{owed} impressões a fazer")
    if status is not None and not status.ready:
        return " · ".join(parts), "error"
    if parts and prints:
        return " · ".join(parts), "pending"
    return " · ".join(parts) or "impressora ok", "normal"
