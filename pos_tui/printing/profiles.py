"""The printers of Brazilian counters, one row each (facts/printing.md §2).

A new printer is a new row. Every one prints code page 850, under the number its command set gives it. Where
no source tells how a printer answers, its status is NONE: it prints, and a person says whether it came out.
"""

from collections.abc import Mapping
from difflib import get_close_matches
from enum import StrEnum

from msgspec import Struct, field

from pos_tui.domain.errors import ConfigError
from pos_tui.domain.values import replace

COMPLETE = ("cp850", "cp858", "cp1252", "latin-1")
"""The code pages that hold every letter of `letters.to_paper`."""


class Language(StrEnum):
    """The command set a printer obeys."""

    ESCPOS = "escpos"
    ESCBEMA = "escbema"
    """Bematech's own, often the mode such a printer is found in."""
    DARUMA = "daruma"


class Cut(StrEnum):
    """What happens at the end of a paper."""

    NONE = "none"
    """No cutter: feed to the tear bar."""
    PARTIAL = "partial"
    FULL = "full"


class Qr(StrEnum):
    """Who draws a QR code."""

    NATIVE = "native"
    RASTER = "raster"
    """The printer does not know the code, or not for sure: it is sent as an image."""


class StatusBy(StrEnum):
    """How the printer tells its state, and proves that it printed."""

    NONE = "none"
    DLE_EOT = "dle_eot"
    """`DLE EOT 1-4` at once, `GS r 1` in the order of the job: the only kind that proves a print."""
    BEMATECH = "bematech"
    """`GS F8h 1`: five bytes."""
    DARUMA = "daruma"
    """`ENQ` and `GS ENQ`: a byte each."""


class Profile(Struct, frozen=True):
    """What a printer can do."""

    name: str
    """As written in the configuration."""
    label: str
    papers: Mapping[int, int]
    """Columns of font A on a paper, and its printable dots; the usual paper first."""
    dpi: int = 203
    language: Language = Language.ESCPOS
    page: int = 2
    """The `ESC t` number of code page 850."""
    codec: str = "cp850"
    """What the text is sent in; not cp850 only where the printer's panel sets another page."""
    pages: Mapping[str, int] = field(default_factory=dict)
    """Other code pages worth trying on the test page: codec name → `ESC t` number."""
    cut: Cut = Cut.PARTIAL
    qr: Qr = Qr.NATIVE
    status: StatusBy = StatusBy.DLE_EOT
    drawer: bool = True

    @property
    def columns(self) -> int:
        """The columns of the usual paper."""
        return next(iter(self.papers))

    @property
    def choices(self) -> tuple[str, ...]:
        """The other code pages that hold every letter."""
        return tuple(codec for codec in self.pages if codec in COMPLETE)

    def on(self, codec: str) -> "Profile":
        """Return this printer on one of `choices`; empty means the page it has already."""
        if codec in ("", self.codec):
            return self
        others = {self.codec: self.page, **self.pages}
        return replace(self, page=others.pop(codec), codec=codec, pages=others)

    def dots(self, columns: int) -> int:
        """Printable dots of the paper with so many columns."""
        return self.papers.get(columns) or min(columns * 12, max(self.papers.values()))


_EPSON_PAGES = {"cp437": 0, "cp860": 3, "cp1252": 16, "cp858": 19}
_OLD_PAGES = {"cp437": 0, "cp860": 3, "cp858": 19}
_SWEDA_PAGES = {"cp1252": 1, "cp437": 3, "cp860": 4}
_80MM = {48: 576, 42: 576, 32: 384}
_180DPI = {42: 512, 32: 384}
_58MM = {32: 384}

PROFILES: dict[str, Profile] = {
    row.name: row
    for row in (
        Profile("epson-tm-t20", "Epson TM-T20 / T20X / T20III", _80MM, pages=_EPSON_PAGES),
        Profile("epson-tm-t88", "Epson TM-T88", _180DPI, dpi=180, pages=_EPSON_PAGES),
        Profile(
            "bematech-mp4200", "Bematech MP-4200 TH (modo ESC/POS)", _80MM, pages=_OLD_PAGES, qr=Qr.RASTER
        ),
        Profile(
            "bematech-escbema",
            "Bematech MP-4200 TH (modo ESC/Bema)",
            _80MM,
            language=Language.ESCBEMA,
            pages={"cp437": 3, "cp860": 4, "cp858": 5},
            status=StatusBy.BEMATECH,
        ),
        Profile("elgin-i7", "Elgin i7", _80MM, pages=_EPSON_PAGES, cut=Cut.NONE),
        Profile("elgin-i8", "Elgin i8", _80MM, pages=_EPSON_PAGES),
        Profile("elgin-i9", "Elgin i9", _80MM, pages=_EPSON_PAGES),
        Profile(
            "elgin-nix",
            "Elgin NIX / VOX (modo ESC/POS)",
            _80MM,
            pages=_OLD_PAGES,
            qr=Qr.RASTER,
            status=StatusBy.NONE,
        ),
        Profile(
            "daruma-dr800", "Daruma DR800 / DR700", _80MM, language=Language.DARUMA, status=StatusBy.DARUMA
        ),
        Profile(
            "daruma-dr800-latin1",
            "Daruma DR800 / DR700 (painel em ISO 8859-1)",
            _80MM,
            language=Language.DARUMA,
            codec="latin-1",
            status=StatusBy.DARUMA,
        ),
        Profile("tanca-tp650", "Tanca TP-650 / 550 / 450", _80MM, pages=_EPSON_PAGES),
        Profile(
            "sweda-si300", "Sweda SI-300 (modo ESC/POS)", _180DPI, dpi=180, pages=_SWEDA_PAGES
        ),
        Profile(
            "controlid-printid",
            "Control iD Print iD",
            _80MM,
            pages=_EPSON_PAGES,
            qr=Qr.RASTER,
            status=StatusBy.NONE,
        ),
        Profile(
            "controlid-touch", "Control iD Print iD Touch", _80MM, pages=_EPSON_PAGES, status=StatusBy.NONE
        ),
        Profile(
            "gertec-g250",
            "Gertec G250",
            _80MM,
            pages=_EPSON_PAGES,
            qr=Qr.RASTER,
            status=StatusBy.NONE,
        ),
        Profile(
            "generic-80", "Genérica 80 mm", _80MM, pages=_EPSON_PAGES, qr=Qr.RASTER, status=StatusBy.NONE
        ),
        Profile(
            "generic-58",
            "Genérica 58 mm (POS-5890, ZJ-5870, Feasso)",
            _58MM,
            pages=_EPSON_PAGES,
            cut=Cut.NONE,
            qr=Qr.RASTER,
            status=StatusBy.NONE,
        ),
    )
}  # fmt: skip


def profile(name: str) -> Profile:
    """Return the row of that name. Raises ConfigError that names the nearest one."""
    if name in PROFILES:
        return PROFILES[name]
    near = get_close_matches(name, PROFILES, n=1, cutoff=0.0)[0]
    raise ConfigError(f"Impressora desconhecida: {name!r}. O perfil mais parecido é {near!r}.")
