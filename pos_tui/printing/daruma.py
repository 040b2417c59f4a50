"""The command set of Daruma printers (facts/printing.md §2).

There is no `ESC t`: the page is set on the printer's panel, and the profile says which. `ESC a` must never be
sent: it starts a bar code that swallows the text after it.
"""

from pos_tui.printing.bitmap import qr_modules, qr_scale
from pos_tui.printing.layout import Line, sample_text
from pos_tui.printing.profiles import Profile
from pos_tui.printing.receipt import PageSample, Size

_QR_BYTES = 400
"""More than this is refused by some firmware."""
_FEED = 5
_CENTRE, _LEFT = b"\x1bj\x01", b"\x1bj\x00"


class Daruma:
    """Writes one paper for a Daruma."""

    def __init__(self, profile: Profile, columns: int) -> None:
        self._profile = profile
        self._columns = columns
        self._dots = profile.dots(columns)
        self._parts: list[bytes] = []

    def start(self, *, drawer: bool) -> None:
        """Initialise; the drawer's command takes no parameters here: they would be printed."""
        self._parts.append(b"\x1b@")
        if drawer:
            self._parts.append(b"\x1bp")

    def line(self, line: Line) -> None:
        """Print one line between the commands that make and unmake its style."""
        on, off = _style(line)
        self._parts.append(on + self._text(line.text) + off)

    def qr(self, data: str) -> None:
        """Draw a QR code by the printer; one that is too long for it is named instead."""
        content = data.encode()
        if len(content) > _QR_BYTES:
            self._note("[código QR longo demais]")
            return
        scale = max(3, min(7, qr_scale(len(qr_modules(data)), self._dots)))
        head = b"\x1b\x81" + (len(content) + 2).to_bytes(2, "little") + bytes([scale]) + b"M"
        self._parts.append(b"\r\n" + _CENTRE + head + content + b"\r\n" + _LEFT)

    def bars(self, digits: str) -> None:
        """Name the bars: this set has no raster image, and across the paper they would be cut off."""
        self._note("[sem código de barras: digite a linha]")

    def sample(self, sample: PageSample) -> None:
        """Print the sample in the page of the panel: no other can be chosen from here."""
        if sample.codec == self._profile.codec:
            self._parts.append(self._text(sample_text(sample)))

    def finish(self, *, paper: bool) -> bytes:
        """Feed and cut."""
        if paper:
            self._parts.append(b"\r\n" * _FEED + b"\x1bm")
        return b"".join(self._parts)

    def _note(self, text: str) -> None:
        self._parts.append(self._text(text[: self._columns].center(self._columns).rstrip()))

    def _text(self, text: str) -> bytes:
        return text.encode(self._profile.codec) + b"\r\n"


def _style(line: Line) -> tuple[bytes, bytes]:
    pairs = [
        (line.bold, b"\x1bE", b"\x1bF"),
        (line.condensed, b"\x1b\x0f", b"\x12"),
        (line.size is not Size.NORMAL, b"\x1bw\x01", b"\x1bw\x00"),
        (line.size is Size.BIG, b"\x1bW\x01", b"\x1bW\x00"),
    ]
    chosen = [(on, off) for wanted, on, off in pairs if wanted]
    return b"".join(on for on, _ in chosen), b"".join(off for _, off in reversed(chosen))
