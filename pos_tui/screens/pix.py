"""The QR of a static Pix: nobody tells the till of the payment, so a person confirms it."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual import events
from textual.containers import Vertical

from pos_tui.domain.errors import PosError
from pos_tui.domain.money import format_brl
from pos_tui.domain.qr import Mode, segments
from pos_tui.widgets.chrome import KeyHint, KeyLine, Title
from pos_tui.widgets.dialog import Dialog
from pos_tui.widgets.qr import QrCode
from pos_tui.widgets.text import Paragraphs

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from textual.widget import Widget

TEXT_COLUMNS = 22
"""The least that the text beside the code needs."""


class PixDialog(Dialog[bool | None]):
    """Returns True when the cashier has seen the money arrive.

    The code stands beside the text, not above it: 24 lines are just enough for one with its quiet zone.
    """

    DEFAULT_CSS = "PixDialog { layout: horizontal; } PixDialog > Vertical { width: 1fr; }"
    AUTO_FOCUS = ""

    def __init__(self, payload: str, amount: int, paper: Callable[[], object] | None = None) -> None:
        """`paper` prints the code; None where there is no printer."""
        super().__init__()
        self._payload = payload
        self._amount = amount
        self._paper = paper
        self._modules = modules(payload)
        self._code = QrCode()
        self._note = Paragraphs([""])
        self._row = KeyLine(help_key=False)

    def compose(self) -> "Iterable[Widget]":
        """The QR; beside it, or in its place, amount, copy-and-paste text, keys."""
        yield self._code
        with Vertical():
            yield Title(f"Pix de {format_brl(self._amount)}")
            yield self._note
            yield Paragraphs(["", "Copia e cola:", self._payload, ""])
            hints = [*self.keys(), *self._printing()]
            self._row.set_keys(hints)
            yield self._row
            for hint in hints:
                # Beside the code there is no room for them in one line.
                yield KeyLine([hint], help_key=False)

    def keys(self) -> "Sequence[KeyHint]":
        """What can be pressed."""
        return [KeyHint("S", "Recebido"), KeyHint("Esc", "Voltar")]

    def _printing(self) -> "Sequence[KeyHint]":
        return [KeyHint("I", "Imprimir o QR")] if self._paper else []

    def advice(self) -> str:
        """What to do."""
        return "Só confirme depois de ver o valor no aplicativo do banco."

    def note(self, text: str) -> None:
        """Say something beside the code."""
        self._note.say([text])

    def on_resize(self, event: events.Resize) -> None:
        """Leave as much quiet zone as there is room for, up to the standard's four modules."""
        side = len(self._modules)
        rows, columns = 2 * event.size.height, event.size.width - TEXT_COLUMNS
        quiet = min(4, (rows - side) // 2, (columns - side) // 2)
        self._code.display = quiet >= 1
        for line in self.query(KeyLine):
            line.display = (line is self._row) == (quiet < 1)
        if quiet < 1:
            instead = "I imprime o QR, ou use o copia e cola." if self._paper else "Use o copia e cola."
            self.note(f"O QR não cabe nesta janela: precisa de {-(-side // 2) + 1} linhas. {instead}")
            return
        self._code.styles.width = side + 2 * quiet
        self._code.show(self._modules, quiet)
        self.note(self.advice())

    def on_key(self, event: events.Key) -> None:
        """S has seen the money; I prints; Esc goes back; nothing else does anything."""
        event.stop()
        if event.key.lower() == "s":
            self.dismiss(True)
        elif event.key == "escape":
            self.dismiss(None)
        else:
            self.print_on(event)

    def print_on(self, event: events.Key) -> None:
        """I, or F9: the code on paper."""
        if event.key.lower() in ("i", "f9") and self._paper is not None:
            try:
                self._paper()
            except PosError as error:
                self.note(error.message)
            else:
                self.note(f"QR na fila de impressão. {self.advice()}")


def modules(payload: str) -> list[list[bool]]:
    """Return the dark modules of a QR code, error correction L as the screen needs it small."""
    import segno
    from segno import consts

    modes = {
        Mode.NUMERIC: consts.MODE_NUMERIC,
        Mode.ALPHANUMERIC: consts.MODE_ALPHANUMERIC,
        Mode.BYTE: consts.MODE_BYTE,
    }
    parts = [(text, modes[mode]) for text, mode in segments(payload)]
    # Segno takes parts, though its types do not say so.
    code = segno.make(parts, error="l", boost_error=False, micro=False)  # type: ignore[arg-type]
    return [[bool(module) for module in row] for row in code.matrix]
