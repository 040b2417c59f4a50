"""The QR of a static Pix: nobody tells the till of the payment, so a person confirms it."""

from typing import TYPE_CHECKING

from textual import events

from pos_tui.domain.money import format_brl
from pos_tui.widgets.chrome import KeyHint, KeyLine, Title
from pos_tui.widgets.dialog import Dialog
from pos_tui.widgets.qr import QrCode
from pos_tui.widgets.text import Paragraphs

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.widget import Widget


class PixDialog(Dialog[bool | None]):
    """Returns True when the cashier has seen the money arrive."""

    AUTO_FOCUS = ""

    def __init__(self, payload: str, amount: int) -> None:
        super().__init__()
        self._payload = payload
        self._amount = amount

    def compose(self) -> "Iterable[Widget]":
        """Amount, QR, copy-and-paste text, keys."""
        yield Title(f"Pix de {format_brl(self._amount)}")
        yield QrCode(modules(self._payload))
        yield Paragraphs(["Copia e cola:", self._payload])
        yield KeyLine(
            [KeyHint("S", "Recebido: conferi no aplicativo"), KeyHint("Esc", "Voltar")], help_key=False
        )

    def on_key(self, event: events.Key) -> None:
        """S has seen the money; Esc goes back; nothing else does anything."""
        event.stop()
        if event.key.lower() == "s":
            self.dismiss(True)
        elif event.key == "escape":
            self.dismiss(None)


def modules(payload: str) -> list[list[bool]]:
    """Return the dark modules of a QR code, error correction L as the screen needs it small."""
    import segno

    code = segno.make(payload, error="l", boost_error=False, micro=False)
    return [[bool(module) for module in row] for row in code.matrix]
