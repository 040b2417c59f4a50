"""ESC/POS by python-escpos 3.1.

Of its printers only `Dummy` is used here: the whole job is built in memory and leaves in one piece.
"""

from typing import Any

from pos_tui.printing import library
from pos_tui.printing.bitmap import Bitmap, itf_bitmap, qr_bitmap, qr_modules, qr_scale
from pos_tui.printing.layout import CONDENSED, Line, sample_text
from pos_tui.printing.profiles import Cut, Profile, Qr, StatusBy
from pos_tui.printing.receipt import PageSample, Size

_PROOF = b"\x1dr\x01"
_FRAGMENT = 120
"""Rows of dots sent at a time; cheap printers choke on tall images."""
_MULTIPLES = {Size.NORMAL: (1, 1), Size.TALL: (1, 2), Size.BIG: (2, 2)}


def _dummy(profile: Profile) -> Any:
    """Return a new memory printer of the library that knows our row of the table and nothing else."""
    known = library.capabilities().Profile(
        features={"paperPartCut": profile.cut is Cut.PARTIAL, "paperFullCut": True}
    )
    # Without the width the library prints a remark to stdout for every image.
    known.profile_data = {
        "media": {"width": {"pixels": max(profile.papers.values())}},
        "fonts": {"0": {"columns": profile.columns}, "1": {"columns": CONDENSED[profile.columns]}},
    }
    known.codePages = {str(profile.page): profile.codec.upper()}
    return library.printers().Dummy(profile=known)


class EscPos:
    """Writes one paper in ESC/POS."""

    def __init__(self, profile: Profile, columns: int) -> None:
        self._profile = profile
        self._dots = profile.dots(columns)
        self._printer = _dummy(profile)
        self._style = Line()

    def start(self, *, drawer: bool) -> None:
        """Initialise, then select the page: the library forgets that the first undoes the second."""
        self._printer.hw("INIT")
        self._printer.charcode(self._profile.codec.upper())
        if drawer:
            self._printer.cashdraw(2)

    def line(self, line: Line) -> None:
        """Print one line, sending only what changed since the one before."""
        self._take_style(line)
        self._printer.text(f"{line.text}\n")

    def qr(self, data: str) -> None:
        """Draw a QR code by the printer or as an image."""
        if self._profile.qr is Qr.RASTER:
            self._image(qr_bitmap(data, self._dots))
            return
        scale = qr_scale(len(qr_modules(data)), self._dots)
        self._take_style(Line())
        self._printer.set(align="center")
        self._printer.text("\n")  # the printer draws no quiet zone of its own
        self._printer.qr(data, ec=1, size=scale, native=True)
        self._printer.text("\n")
        self._printer.set(align="left")

    def bars(self, digits: str) -> None:
        """Draw a boleto's bars as an image along the paper."""
        self._image(itf_bitmap(digits, self._profile.dpi))

    def sample(self, sample: PageSample) -> None:
        """Print the sample in another page; the selection and the bytes pass the library by."""
        self._take_style(Line())
        shown = sample_text(sample).encode(sample.codec)
        self._printer._raw(b"\x1bt" + bytes([sample.page]) + shown + b"\n\x1bt" + bytes([self._profile.page]))

    def finish(self, *, paper: bool) -> bytes:
        """Cut by the profile; the proof's answer comes only after everything before it was processed."""
        self._take_style(Line())
        if paper and self._profile.cut is Cut.NONE:
            self._printer.print_and_feed(4)
        elif paper:
            self._printer.cut("PART" if self._profile.cut is Cut.PARTIAL else "FULL")
        if self._profile.status is StatusBy.DLE_EOT:
            self._printer._raw(_PROOF)
        return bytes(self._printer.output)

    def _take_style(self, line: Line) -> None:
        # `GS !` for the size: the library's double_height goes by `ESC !`, which clears bold and font.
        now, self._style = self._style, line
        if line.size is not now.size:
            width, height = _MULTIPLES[line.size]
            self._printer.set(custom_size=True, width=width, height=height)
        if line.bold is not now.bold:
            self._printer.set(bold=line.bold)
        if line.condensed is not now.condensed:
            self._printer.set(font="b" if line.condensed else "a")

    def _image(self, bitmap: Bitmap) -> None:
        from PIL import Image

        white = bytes(byte ^ 0xFF for row in bitmap.rows for byte in row)
        picture = Image.frombytes("1", (bitmap.width, bitmap.height), white)
        self._take_style(Line())
        self._printer.set(align="center")
        self._printer.image(picture, fragment_height=_FRAGMENT)
        self._printer.set(align="left")
