"""What is printed, before anybody asks how wide the paper is.

A `Receipt` is a tuple of blocks and the marks that every paper carries (not fiscal, training, copy,
reprint). It is kept as JSON by whoever spools it, and `layout.rows` turns it into lines. Outside text enters
through `domain.text.clean` as each block is built, so no control byte can reach a printer.
"""

import unicodedata
from enum import StrEnum
from typing import TypeAlias

import msgspec
from msgspec import MsgspecError, Struct, structs

from pos_tui.domain.text import clean
from pos_tui.domain.values import replace

MAX_BLOCKS = 2000
"""More than a long closing report; a longer one belongs in a file."""


class Align(StrEnum):
    """Where a line of text stands."""

    LEFT = "left"
    CENTRE = "centre"
    RIGHT = "right"


class Size(StrEnum):
    """How large a line is."""

    NORMAL = "normal"
    TALL = "tall"
    """Twice as high, as wide as ever."""
    BIG = "big"
    """Twice as high and wide: half the columns."""


class Kind(StrEnum):
    """What paper it is; the spool's rows and the lists of the screen go by it."""

    TOP_UP = "top_up"
    SALE = "sale"
    TEF = "tef"
    PIX = "pix"
    RECURRING = "recurring"
    REFUND = "refund"
    CASH_OUT = "cash_out"
    CASH_IN = "cash_in"
    CASH_OPEN = "cash_open"
    X_REPORT = "x_report"
    Z_REPORT = "z_report"
    ORDER = "order"
    PICKING = "picking"
    PACKING = "packing"
    SUBSCRIBER = "subscriber"
    BOLETO = "boleto"
    REPORT = "report"
    TEST = "test"
    DRAWER = "drawer"
    """No paper at all: the cash drawer opens."""


class Copy(StrEnum):
    """Whose copy it is, in the words that are printed."""

    NONE = ""
    CLIENT = "VIA DO CLIENTE"
    STORE = "VIA DO ESTABELECIMENTO"


_set = structs.force_setattr
"""Puts a cleaned value into a frozen block while it is built."""


class Kept(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A part of a receipt. A field at its default is not kept: papers of years rely on the defaults."""


class _Block(Kept, frozen=True, tag_field="block"):
    """One of the blocks, told from the others by its tag."""


class Text(_Block, frozen=True, tag="text"):
    """Words, wrapped at the width of the paper."""

    text: str
    align: Align = Align.LEFT
    bold: bool = False
    size: Size = Size.NORMAL

    def __post_init__(self) -> None:
        _set(self, "text", clean(self.text))


class Pair(_Block, frozen=True, tag="pair"):
    """A label at the left and its value at the right, as money stands."""

    label: str
    value: str
    bold: bool = False

    def __post_init__(self) -> None:
        _set(self, "label", clean(self.label))
        _set(self, "value", clean(self.value))


class Rule(_Block, frozen=True, tag="rule"):
    """A line across the paper."""

    double: bool = False


class Blank(_Block, frozen=True, tag="blank"):
    """Empty lines."""

    lines: int = 1

    def __post_init__(self) -> None:
        if not 1 <= self.lines <= 20:
            raise ValueError("Blank.lines")


class Verbatim(_Block, frozen=True, tag="verbatim"):
    """Lines of somebody else's layout: never wrapped at words, never trimmed inside."""

    lines: tuple[str, ...]

    def __post_init__(self) -> None:
        _set(self, "lines", tuple(clean_keeping_spaces(line) for line in self.lines))


class Table(_Block, frozen=True, tag="table"):
    """Rows under a header. Where they do not fit side by side, each row becomes labelled values."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    right: tuple[int, ...] = ()
    """Indexes of the columns that stand at the right: money and counts."""

    def __post_init__(self) -> None:
        header = tuple(clean(cell) for cell in self.header)
        rows = tuple(tuple(clean(cell) for cell in row) for row in self.rows)
        if not header or any(len(row) != len(header) for row in rows):
            raise ValueError("Table.rows: as many cells as the header, one at least")
        if len(rows) > MAX_BLOCKS:
            raise ValueError("Table.rows: too many")
        _set(self, "header", header)
        _set(self, "rows", rows)
        _set(self, "right", tuple(int(index) for index in self.right))


class QrCode(_Block, frozen=True, tag="qr"):
    """A QR code, error correction M. The data is kept to the letter."""

    data: str

    def __post_init__(self) -> None:
        if not 1 <= len(self.data.encode()) <= 2000:
            raise ValueError("QrCode.data: 1 to 2000 bytes")
        if any(unicodedata.category(char)[0] == "C" for char in self.data):
            raise ValueError("QrCode.data: control characters")


class Itf(_Block, frozen=True, tag="itf"):
    """The 44 digits of a boleto as an Interleaved 2 of 5 bar code along the paper.

    Across the paper it cannot have the size the norm asks for (facts/printing.md §5).
    """

    digits: str

    def __post_init__(self) -> None:
        if len(self.digits) != 44 or not (self.digits.isascii() and self.digits.isdigit()):
            raise ValueError("Itf.digits: 44 digits")


class PageSample(_Block, frozen=True, tag="page"):
    """A line written in another code page of the printer, by its `ESC t` number: the test page only."""

    page: int
    codec: str

    def __post_init__(self) -> None:
        if not 0 <= self.page <= 255:
            raise ValueError("PageSample.page")
        _set(self, "codec", clean(self.codec))


Block: TypeAlias = Text | Pair | Rule | Blank | Verbatim | Table | QrCode | Itf | PageSample


class Reprint(Kept, frozen=True):
    """The mark of a numbered copy: `number` 2 is the first one after the original."""

    number: int
    at: str
    """Local date and hour, as printed."""
    by: str

    def __post_init__(self) -> None:
        if self.number < 2:
            raise ValueError("Reprint.number: the original is number 1")
        _set(self, "at", clean(self.at))
        _set(self, "by", clean(self.by))


class Receipt(Kept, frozen=True):
    """One paper. The cut at its end is implied; no paper of this program is a fiscal document."""

    kind: Kind
    blocks: tuple[Block, ...]
    copy: Copy = Copy.NONE
    drawer: bool = False
    """Open the cash drawer with it: cash only, never on a reprint."""
    training: bool = False
    reprint: Reprint | None = None

    def __post_init__(self) -> None:
        _set(self, "blocks", tuple(self.blocks))
        if self.drawer and self.reprint is not None:
            raise ValueError("Receipt.drawer: a reprint never opens the drawer")
        if len(self.blocks) > MAX_BLOCKS:
            raise ValueError("Receipt.blocks: too many")

    def reprinted(self, reprint: Reprint) -> "Receipt":
        """Return the marked copy of this receipt: drawer shut."""
        return replace(self, reprint=reprint, drawer=False)

    def to_json(self) -> str:
        """Return the one JSON text of this receipt: equal receipts give equal text."""
        return _JSON.encode(self).decode()

    @classmethod
    def from_json(cls, text: str) -> "Receipt":
        """Read what `to_json` wrote. Raises ValueError for anything else."""
        try:
            return _RECEIPT.decode(text)
        except MsgspecError as error:
            raise ValueError(f"not a receipt: {error}") from error


_JSON, _RECEIPT = msgspec.json.Encoder(), msgspec.json.Decoder(Receipt)


def clean_keeping_spaces(line: str) -> str:
    """Clean one line without closing up its runs of spaces: they are columns."""
    return " ".join(clean(word) for word in line.expandtabs(4).split(" ")).rstrip()
