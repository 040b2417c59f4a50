"""From a receipt to the bytes of one printer."""

from typing import Protocol, assert_never

from msgspec import Struct

from pos_tui.printing import layout
from pos_tui.printing.layout import Line
from pos_tui.printing.profiles import Language, Profile
from pos_tui.printing.receipt import Itf, PageSample, QrCode, Receipt


class Rendered(Struct, frozen=True):
    """One job: what is sent in one piece."""

    payload: bytes
    lost: int
    """Characters that no printer of the table could print as they were; they were changed, and seen so."""


class Encoder(Protocol):
    """Writes one paper in one command set."""

    def start(self, *, drawer: bool) -> None:
        """Bring the printer to a known state; kick the drawer first, it takes longer than the paper."""

    def line(self, line: Line) -> None:
        """Print one line."""

    def qr(self, data: str) -> None:
        """Print a QR code in the middle."""

    def bars(self, digits: str) -> None:
        """Print a boleto's bars along the paper."""

    def sample(self, sample: PageSample) -> None:
        """Print a line in another code page and come back."""

    def finish(self, *, paper: bool) -> bytes:
        """Feed and cut if there is paper, ask for the proof; return everything."""


def render(receipt: Receipt, profile: Profile, columns: int) -> Rendered:
    """Write a receipt for a printer. `columns` is 32, 42 or 48.

    The first call imports python-escpos, which takes half a second: for the print worker only.
    """
    laid_out = layout.rows(receipt, columns)
    encoder = _encoder(profile, columns)
    encoder.start(drawer=receipt.drawer and profile.drawer)
    for row in laid_out:
        match row:
            case Line():
                encoder.line(row)
            case QrCode():
                encoder.qr(row.data)
            case Itf():
                encoder.bars(row.digits)
            case PageSample():
                encoder.sample(row)
            case _:
                assert_never(row)
    return Rendered(encoder.finish(paper=bool(laid_out)), layout.lost(laid_out))


def _encoder(profile: Profile, columns: int) -> Encoder:
    match profile.language:
        case Language.ESCPOS:
            from pos_tui.printing.escpos import EscPos

            return EscPos(profile, columns)
        case Language.ESCBEMA:
            from pos_tui.printing.bematech import EscBema

            return EscBema(profile, columns)
        case Language.DARUMA:
            from pos_tui.printing.daruma import Daruma

            return Daruma(profile, columns)
