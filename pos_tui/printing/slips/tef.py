"""Card receipts as the TEF manager made them (facts/printing.md §5): every line as given."""

from pos_tui.printing.receipt import Copy, Kind, Receipt, Verbatim


def tef_receipt(lines: tuple[str, ...], *, copy: Copy, training: bool = False) -> Receipt:
    """Return one copy of a card receipt. On narrow paper it goes by font B rather than being wrapped."""
    return Receipt(Kind.TEF, (Verbatim(lines),), copy=copy, training=training)
