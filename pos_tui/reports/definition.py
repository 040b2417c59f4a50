"""What a report is: columns, filters, and a page at a time from the database.

A report is one module with one `Definition` and one row in `registry.py`; screen, paper, CSV, plots and the
command line are made from it (CONTRIBUTING, "Add a report").
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from datetime import tzinfo
from enum import Enum, auto
from typing import ClassVar

from msgspec import Struct, field

from pos_tui.domain.commission import Rates
from pos_tui.store.database import Transaction


class Cell(Struct, frozen=True):
    """One column of a report."""

    title: str
    """As it stands on paper and in the CSV."""
    width: int
    """Cells on the screen, the least where `flex`."""
    short: str = ""
    """The title on the screen, where the whole one is too long."""
    right: bool = False
    flex: bool = False
    priority: int = 0
    """0 is always on the screen; the highest number goes first in a narrow window."""


class Choice(Struct, frozen=True):
    """One value of a filter; an empty key is no filter at all."""

    key: str
    label: str


class Filter(Struct, frozen=True):
    """What a report may be narrowed to, beside its period."""

    name: str
    """Also its option on the command line: `--name`."""
    label: str
    choices: tuple[Choice, ...] = ()
    """The values it can have, where they are always the same."""
    found: Callable[[Transaction], Sequence[str]] | None = None
    """Reads the values there are, where they are not."""
    number: bool = False
    """Whether its values are whole numbers."""


class Order(Enum):
    """How the bars of a plot stand."""

    AS_READ = auto()
    BY_LABEL = auto()
    BY_AMOUNT = auto()


class Plot(Struct, frozen=True):
    """Amounts added up by label, drawn as bars."""

    title: str
    order: Order = Order.AS_READ


class Asked(Struct, frozen=True):
    """Which report of which days: `since` until before `until` in UTC milliseconds."""

    since: int
    until: int
    chosen: Mapping[str, str] = field(default_factory=dict)
    """Values of the filters that are in use, by name."""

    def get(self, name: str) -> str:
        """Return what a filter is set to, empty when it is not."""
        return self.chosen.get(name, "")


class Ground(Struct, frozen=True):
    """What reports know of the store."""

    zone: tzinfo
    service: str = ""
    """The label of the top-up service: *Recarga Conekta*."""
    rates: Rates = field(default_factory=Rates)
    card_rates: tuple[str, ...] = ()
    """Contracted rates of cards, as configured."""


class Line(Struct, frozen=True):
    """One row of a report."""

    key: str
    """Where the page after it begins; unique in the report."""
    cells: tuple[str, ...]
    """One text for each column. Money without its sign: `1.234,56`."""
    sums: tuple[tuple[str, int], ...] = ()
    """Centavos it adds to the totals, by label."""
    bars: tuple[tuple[str, str, int], ...] = ()
    """What it adds to the plots: title of the plot, label of the bar, centavos."""
    pending: bool = False


class Definition(ABC):
    """One report. `page` is all that a report has to do; the rest is told by what it is made of."""

    name: ClassVar[str]
    """What it is called on the command line and in file names."""
    label: ClassVar[str]
    about: ClassVar[str]
    """What it shows, in a short sentence for the hub."""
    columns: ClassVar[tuple[Cell, ...]]
    filters: ClassVar[tuple[Filter, ...]] = ()
    sums: ClassVar[tuple[str, ...]] = ()
    """Totals that are told even when nothing was added to them."""
    plots: ClassVar[tuple[Plot, ...]] = ()
    feature: ClassVar[str] = ""
    """The part of the config without which it is not offered; empty for always."""
    supervised: ClassVar[bool] = False
    """Whether it takes a supervisor to see it."""
    own_unit: ClassVar[bool] = False
    """Whether other units than the till's own take a supervisor (seed 2); they are its filter `branch`."""

    def title(self, ground: Ground) -> str:
        """Return what stands above it."""
        return self.label

    @abstractmethod
    def page(self, tx: Transaction, ground: Ground, asked: Asked, after: str, limit: int) -> list[Line]:
        """Return at most `limit` lines after the one with the key `after`; from the first when it is empty.

        Fewer than `limit` lines end the report.
        """


class Part(Struct, frozen=True):
    """What a part of a report comes to, added up by the database."""

    lines: int
    sums: tuple[tuple[str, int], ...] = ()
    bars: tuple[tuple[str, str, int], ...] = ()
    """As a line's."""


class Quick(Definition):
    """A report that the database adds up and reads from either end, so that a year of it is no long wait."""

    @abstractmethod
    def part(self, tx: Transaction, ground: Ground, asked: Asked) -> Part:
        """Return what the lines of at most a day come to, as their own sums and bars would."""

    @abstractmethod
    def page_before(
        self, tx: Transaction, ground: Ground, asked: Asked, before: str, limit: int
    ) -> list[Line]:
        """Return at most `limit` lines up to the one with the key `before`; the last ones if it is empty."""
