"""ESC/Bema, the command set of Bematech printers (facts/printing.md §2).

It looks like ESC/POS and is not: `ESC d` is double height, `ESC E` takes no parameter, `ESC v` is the drawer.
"""

from pos_tui.printing.bitmap import Bitmap, itf_bitmap, qr_bitmap, qr_modules, qr_scale
from pos_tui.printing.layout import Line, sample_text
from pos_tui.printing.profiles import Cut, Profile, Qr
from pos_tui.printing.receipt import PageSample, Size

_ESCBEMA = b"\x1d\xf9\x20\x00"
_ESCPOS = b"\x1d\xf9\x20\x01"
"""Switch the command set until the printer is switched off."""
_KICK_MS = 100
_FEED = 5
_CENTRE, _LEFT = b"\x1ba\x01", b"\x1ba\x00"


class EscBema:
    """Writes one paper in ESC/Bema."""

    def __init__(self, profile: Profile, columns: int) -> None:
        self._profile = profile
        self._dots = profile.dots(columns)
        self._parts: list[bytes] = []

    def start(self, *, drawer: bool) -> None:
        """Make sure of the command set, initialise, select the page."""
        self._parts += [_ESCBEMA, b"\x1b@", self._page(self._profile.page)]
        if drawer:
            self._parts.append(b"\x1bv" + bytes([_KICK_MS]))

    def line(self, line: Line) -> None:
        """Print one line between the commands that make and unmake its style."""
        on, off = _style(line)
        self._parts.append(on + line.text.encode(self._profile.codec) + b"\n" + off)

    def qr(self, data: str) -> None:
        """Draw a QR code by the printer, or as an image."""
        if self._profile.qr is Qr.RASTER:
            self._image(qr_bitmap(data, self._dots))
            return
        content = data.encode()
        scale = qr_scale(len(qr_modules(data)), self._dots)
        # Correction M, twice the module's size, any version, as alphanumeric: what field software sends.
        head = b"\x1dkQ" + bytes((1, 2 * scale, 0, 1)) + len(content).to_bytes(2, "little")
        self._parts.append(b"\n" + _CENTRE + head + content + b"\n" + _LEFT)

    def bars(self, digits: str) -> None:
        """Draw a boleto's bars as an image along the paper."""
        self._image(itf_bitmap(digits, self._profile.dpi))

    def sample(self, sample: PageSample) -> None:
        """Print the sample in another page and come back."""
        text = sample_text(sample).encode(sample.codec)
        self._parts.append(self._page(sample.page) + text + b"\n" + self._page(self._profile.page))

    def finish(self, *, paper: bool) -> bytes:
        """Feed by line feeds, since `ESC d` would change the letters, and cut."""
        if not paper:
            return b"".join(self._parts)
        cuts = {Cut.NONE: b"", Cut.PARTIAL: b"\x1bm", Cut.FULL: b"\x1bw"}
        self._parts.append(b"\n" * _FEED + cuts[self._profile.cut])
        return b"".join(self._parts)

    def _page(self, number: int) -> bytes:
        return b"\x1bt" + bytes([number])

    def _image(self, bitmap: Bitmap) -> None:
        """Send an image in ESC/POS: the raster command is its own."""
        width = (bitmap.width + 7) // 8
        head = b"\x1dv0\x00" + width.to_bytes(2, "little") + bitmap.height.to_bytes(2, "little")
        image = _CENTRE + head + b"".join(bitmap.rows) + _LEFT
        self._parts.append(_ESCPOS + image + _ESCBEMA + self._page(self._profile.page))


def _style(line: Line) -> tuple[bytes, bytes]:
    pairs = [
        (line.bold, b"\x1bE", b"\x1bF"),
        (line.condensed, b"\x1b\x0f", b"\x1bH"),
        (line.size is not Size.NORMAL, b"\x1bd\x01", b"\x1bd\x00"),
        (line.size is Size.BIG, b"\x1bW\x01", b"\x1bW\x00"),
    ]
    chosen = [(on, off) for wanted, on, off in pairs if wanted]
    return b"".join(on for on, _ in chosen), b"".join(off for _, off in reversed(chosen))
