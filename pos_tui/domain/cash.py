"""Till money: what went into the drawer and out of it, and what must be in it now.

One shift runs from *abertura* to *fechamento*, however long that is: nothing closes or confirms itself at
midnight. Its moves are only ever appended; what the drawer must hold is added up from them each time it is
asked. All amounts in centavos. Source: facts/pos-and-faults.md §3, issue 6.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from msgspec import Struct

from pos_tui.domain.card import refuse_pan
from pos_tui.domain.errors import FieldError
from pos_tui.domain.money import MAX_CENTAVOS, format_brl
from pos_tui.domain.payment import Method, PaymentState
from pos_tui.domain.people import MIN_REASON
from pos_tui.domain.sale import Sale, SaleState

NOTES = (20_000, 10_000, 5_000, 2_000, 1_000, 500, 200)
"""The real's notes in centavos; coins are counted as one sum."""


class MoveKind(StrEnum):
    """Why cash moved."""

    FLOAT = "float"
    """Change money at the opening."""
    SALE = "sale"
    """Cash less change and cash drawn on cards, as one sale left it; zero when it was paid otherwise."""
    SUPPLY = "supply"
    WITHDRAWAL = "withdrawal"
    REFUND = "refund"


MOVE_WORDS = {
    MoveKind.FLOAT: "Abertura",
    MoveKind.SALE: "Venda",
    MoveKind.SUPPLY: "Suprimento",
    MoveKind.WITHDRAWAL: "Sangria",
    MoveKind.REFUND: "Devolução",
}
_OUT = frozenset({MoveKind.WITHDRAWAL, MoveKind.REFUND})


class Move(Struct, frozen=True):
    """One line of the drawer's book."""

    id: str
    shift_id: str | None
    """None for a sale made while no shift was open."""
    till: int
    number: int
    kind: MoveKind
    amount: int
    """What moved, not below zero; a sale's may be, when cash was drawn on a card."""
    reason: str
    who: str
    approved_by: str
    sale_id: str | None
    at: int

    @property
    def weight(self) -> int:
        """What the drawer gains by it."""
        return -self.amount if self.kind in _OUT else self.amount


class Drawer(Struct, frozen=True):
    """The sums of a shift's moves."""

    float_in: int = 0
    sales: int = 0
    supplied: int = 0
    withdrawn: int = 0
    refunded: int = 0

    @property
    def expected(self) -> int:
        """What must be in the drawer: float + cash − change ± movements."""
        return self.float_in + self.sales + self.supplied - self.withdrawn - self.refunded


def add_up(moves: Iterable[Move]) -> Drawer:
    """Add up a shift's moves."""
    sums = dict.fromkeys(MoveKind, 0)
    for move in moves:
        sums[move.kind] += move.amount
    return Drawer(
        float_in=sums[MoveKind.FLOAT],
        sales=sums[MoveKind.SALE],
        supplied=sums[MoveKind.SUPPLY],
        withdrawn=sums[MoveKind.WITHDRAWAL],
        refunded=sums[MoveKind.REFUND],
    )


class Count(Struct, frozen=True):
    """What a person counted: how many of each note, and the coins as a sum."""

    notes: Mapping[int, int]
    coins: int = 0

    @property
    def total(self) -> int:
        """The sum."""
        return sum(note * count for note, count in self.notes.items()) + self.coins


class Shift(Struct, frozen=True):
    """One *caixa* from opening to closing, as last read from the database."""

    id: str
    till: int
    number: int
    """Runs per till."""
    opened_by: str
    opened_at: int
    closed_by: str = ""
    closed_at: int | None = None
    expected: int = 0
    counted: int = 0
    approved_by: str = ""
    reason: str = ""
    """Why it closed as it did: what the approver said, and why the drawer differed."""
    carried: int = 0
    """How much unfinished business the closing handed to the next shift."""
    seal: str = ""
    """Hash of the journal line of its closing."""
    version: int = 0

    @property
    def open(self) -> bool:
        """Whether it still takes money."""
        return self.closed_at is None

    @property
    def difference(self) -> int:
        """Counted less expected: above zero is *sobra*, below is *falta*."""
        return self.counted - self.expected


def check_explained(difference: int, explained: str, *, blind: bool) -> str:
    """Return why a drawer differs from its book, as it is kept; nothing where it agrees.

    Who counts blindly is not told that it differs: what they write, if anything, is kept as it is.

    Raises:
        FieldError: on `explained`, when it differs and nobody says why.
    """
    text = refuse_pan("explained", explained.strip())
    if difference and not blind and len(text) < MIN_REASON:
        raise FieldError("explained", "O contado não confere com o esperado: escreva o motivo da diferença.")
    return text


class Total(Struct, frozen=True):
    """One line of a report: of what, how many, how much."""

    name: str
    count: int
    amount: int


class Carried(Struct, frozen=True):
    """Unfinished business of a till that its closing would leave to the next shift."""

    topups: int = 0
    payments: int = 0
    open_sale: bool = False
    broken: str = ""
    """What is wrong with the journal's chain, in words; empty when it is whole."""

    def __bool__(self) -> bool:
        return bool(self.count or self.broken)

    @property
    def count(self) -> int:
        """How many things."""
        return self.topups + self.payments + self.open_sale

    @property
    def words(self) -> list[str]:
        """Say each in a line."""
        told = []
        if self.topups:
            told.append(f"{self.topups} recarga(s) pendente(s)")
        if self.payments:
            told.append(f"{self.payments} pagamento(s) sem resposta final")
        if self.open_sale:
            told.append("uma venda em andamento")
        if self.broken:
            told.append(self.broken)
        return told


class Reading(Struct, frozen=True):
    """A shift in figures: what an X shows and a Z seals."""

    shift: Shift
    drawer: Drawer
    methods: tuple[Total, ...]
    sellers: tuple[Total, ...]
    operators: tuple[Total, ...]
    """Operator companies: Vivo, Claro…"""
    people: tuple[Total, ...]
    """Who moved cash: how many times, and what the drawer gained by them. Adds up to what is expected."""
    kinds: tuple[Total, ...]
    """Services, products, bills."""
    cancelled: int
    carried: Carried


def by_person(moves: Iterable[Move]) -> tuple[Total, ...]:
    """Return what the drawer gained by each person, by name."""
    found: dict[str, Total] = {}
    for move in moves:
        so_far = found.get(move.who, Total(move.who, 0, 0))
        found[move.who] = Total(move.who, so_far.count + 1, so_far.amount + move.weight)
    return tuple(found[name] for name in sorted(found))


def check_amount(amount: int, what: str) -> int:
    """Return an amount that can move. Raises FieldError on `amount`."""
    if not 0 < amount <= MAX_CENTAVOS:
        raise FieldError("amount", f"Informe o valor: {what} de zero não existe.")
    return amount


def refundable(sale: Sale, refunded: int) -> int:
    """Return how much cash may still go back to the customer of a saved sale.

    Never more than what is no longer owed (top-ups cancelled after the payment) and did not go back by other
    ways, nor than its cash. `refunded` is what left the drawer again so far.
    """
    if sale.state is not SaleState.SAVED:
        return 0
    owed = sale.total - sale.due - sale.given_back_otherwise
    return max(0, min(owed, cash_kept(sale)) - refunded)


def cash_kept(sale: Sale) -> int:
    """Return what a saved sale brought in cash, less its change, whatever went back since."""
    lines = [line for line in sale.payments if line.method is Method.CASH]
    brought = sum(line.amount for line in lines if line.counts or line.state is PaymentState.REFUNDED)
    return brought - sale.change


def check_refund(sale: Sale, refunded: int, amount: int) -> int:
    """Return an amount that may go back. Raises FieldError on `sale` or `amount`."""
    most = refundable(sale, refunded)
    if most == 0:
        raise FieldError(
            "sale",
            "Nada a devolver em dinheiro nesta venda: cancele antes a recarga pendente; o que foi pago em "
            "cartão ou Pix volta por F8 na Lista de vendas.",
        )
    if check_amount(amount, "devolução") > most:
        raise FieldError("amount", f"O máximo a devolver desta venda é {format_brl(most)}.")
    return amount
