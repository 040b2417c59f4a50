"""What a statement file says, whoever made it: its head, the sales it lists, what became of others, its tail.

Source: facts/cards-and-isp.md A.2–A.6. Money is centavos, days are the acquirer's local ones.
"""

from datetime import date
from typing import NamedTuple, TypeAlias

from msgspec import Struct, field

from pos_tui.domain.errors import PosError
from pos_tui.domain.reconciliation import Acquirer, Feed, Life


class BadStatement(PosError):
    """A file that cannot be taken; nothing of it was applied."""

    title = "Arquivo inválido"

    def __init__(self, why: str, line: int = 0, field: str = "") -> None:
        where = f"linha {line}" if line else ""
        where += f", campo «{field}»" if field else ""
        super().__init__(f"{where}: {why}" if where else why)
        self.line = line
        self.field = field


class Origin(NamedTuple):
    """Where in its file something stands."""

    line: int
    offset: int
    """Bytes before it."""
    raw: str
    """The record as it came, but never with a whole card number."""


class Head(NamedTuple):
    """The first record of a file."""

    layout: str
    acquirer: Acquirer
    feed: Feed
    establishment: str
    """Whom the file is made for: a store or its group."""
    sequence: int | None
    """None where the layout has none."""
    recovered: bool
    """Made again by the acquirer: its sequence is neither a gap nor a repetition (facts F.7)."""
    days: tuple[date, ...]
    """The days it vouches for by itself; those of its records come on top."""
    made_on: date


class SalePart(NamedTuple):
    """A sale, or one instalment of it."""

    establishment: str
    nsu: str
    authorisation: str
    day: date
    minute: int
    """Of the day; -1 where it is not told."""
    brand: str
    """Empty when not told or not known."""
    modality: str
    part: int
    """Which instalment; 0 when the record is the whole sale."""
    parts: int
    """0 when not told."""
    amount: int
    """Gross, of this part."""
    total: int
    """Gross, of the sale; 0 when not told."""
    fee: int | None
    """Of this part; None when not told."""
    terminal: str
    last_four: str
    summary: str
    """The acquirer's own number of the batch (RV, RO) with its day; empty where there is none."""
    names: str
    """The receipt and edition that a return names."""
    origin: Origin


class SaleEvent(NamedTuple):
    """What became of a sale that some file listed: of one by NSU, or of all of a summary."""

    establishment: str
    life: Life
    nsu: str
    summary: str
    part: int
    day: date
    amount: int
    """Net."""
    origin: Origin


class Tail(Struct):
    """What is told once the last record was read."""

    records: int = 0
    skipped: dict[str, int] = field(default_factory=dict)
    """Records of types nobody here knows, counted by type."""
    notes: list[str] = field(default_factory=list)
    """What a person should know, in sentences."""


Item: TypeAlias = Head | SalePart | SaleEvent | Tail
"""A reader gives one Head, parts and events in the file's order, then one Tail; or raises BadStatement."""
