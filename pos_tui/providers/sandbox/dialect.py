"""What the sandbox asks of a wire format, and what it lends it: the ledger as seen by one call."""

from collections.abc import Callable
from datetime import timedelta, timezone
from typing import Protocol
from urllib.parse import parse_qs, urlsplit

from msgspec import Struct, field

from pos_tui.domain.values import replace
from pos_tui.providers.sandbox.faults import TWISTS, Fault, Kind
from pos_tui.providers.sandbox.ledger import Ledger, Purchase, Refusal, Row, State

CREDIT = 5_000_000
"""The store's limit, in centavos."""
BRASILIA = timezone(timedelta(hours=-3))


class Request(Struct, frozen=True):
    """What came in. Header names are in lower case."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes

    @property
    def path(self) -> str:
        """The target without its query."""
        return urlsplit(self.target).path

    @property
    def query(self) -> dict[str, str]:
        """The query's first values."""
        return _first(urlsplit(self.target).query, "utf-8")

    def form(self, encoding: str = "utf-8") -> dict[str, str]:
        """The body as a form's first values."""
        return _first(self.body.decode("ascii", "replace"), encoding)


def _first(text: str, encoding: str) -> dict[str, str]:
    parsed = parse_qs(text, keep_blank_values=True, encoding=encoding, errors="replace")
    return {name: values[0] for name, values in parsed.items()}


class Reply(Struct, frozen=True):
    """What goes out."""

    status: int
    body: bytes
    content_type: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)


class Dialect(Protocol):
    """One provider's wire format."""

    name: str

    def operation(self, request: Request) -> str | None:
        """Name what is asked in the common vocabulary, or None when the request is another dialect's."""

    def answer(self, operation: str, request: Request, desk: "Desk") -> Reply:
        """Do it in the ledger and say so in the provider's words."""


class Desk:
    """The ledger for one call of one dialect, with that call's fault worked in."""

    def __init__(self, wire: str, ledger: Ledger, clock: Callable[[], float], fault: Fault | None) -> None:
        self._wire = wire
        self._ledger = ledger
        self._kind = fault.kind if fault else None
        self.seconds = fault.seconds if fault else 0.0
        self.now = clock()

    @property
    def kind(self) -> Kind | None:
        """What goes wrong with this call."""
        return self._kind

    def reserve(
        self, purchase: Purchase, ttl: float | None = None, *, holds: bool = False
    ) -> tuple[Row, bool]:
        """Hold a purchase; return its row and whether the key was known. Raises Refusal."""
        anew = self._kind is Kind.DUPLICATE
        row, known = self._ledger.reserve(self._wire, purchase, ttl=ttl, holds=holds, anew=anew)
        return self._twisted(row), known

    def confirm(self, key: str, delay: float | None = None, due_state: State = State.CREDITED) -> Row:
        """Credit a reserve. Raises Refusal."""
        again = self._kind is Kind.DUPLICATE
        return self._twisted(
            self._ledger.confirm(self._wire, key, delay=delay, due_state=due_state, again=again)
        )

    def cancel(self, key: str) -> Row:
        """Let a reserve go. Raises Refusal."""
        return self._twisted(self._ledger.cancel(self._wire, key))

    def find(self, key: str) -> Row:
        """Return the row of a key. Raises Refusal."""
        row = self._ledger.find(self._wire, key)
        if self._kind is Kind.PAID_LATE and row.state is State.CANCELLED:
            row = self._ledger.confirm(self._wire, key, given_up=True)
        return self._twisted(row)

    def key_of(self, ref: str) -> str:
        """Return the key that a provider's number stands for. Raises Refusal."""
        return self._ledger.by_ref(self._wire, ref).purchase.key

    def knows(self, key: str) -> bool:
        """Tell whether a key was used before."""
        try:
            self._ledger.find(self._wire, key)
        except Refusal:
            return False
        return self._kind is not Kind.DUPLICATE

    def pendings(self) -> list[Row]:
        """Every reserve that waits."""
        return [self._twisted(row) for row in self._ledger.pendings(self._wire)]

    def rows(self) -> list[Row]:
        """Every row of this dialect, oldest first."""
        return [row for row in self._ledger.rows() if row.wire == self._wire]

    def used(self) -> int:
        """Centavos held or spent."""
        return self._ledger.used()

    def _twisted(self, row: Row) -> Row:
        purchase = row.purchase
        if self._kind not in TWISTS:
            return row
        if self._kind is Kind.UNKNOWN_WORD:
            return replace(row, word="XPTO")
        if self._kind is Kind.WRONG_AMOUNT:
            return replace(row, purchase=replace(purchase, face=purchase.face + 100))
        if self._kind is Kind.WRONG_NUMBER:
            return replace(row, purchase=replace(purchase, line=_neighbour(purchase.line)))
        return replace(row, purchase=replace(purchase, key=_neighbour(purchase.key)))


def _neighbour(key: str) -> str:
    """Return another key of the same shape: numbers stay numbers."""
    return str(int(key) + 1) if key.isdecimal() else key[:-1] + ("0" if key[-1] != "0" else "1")
