"""A card or wallet receipt of the till (seed 3: Recebimento de Cartões\\Carteira Digital)."""

from datetime import date

from msgspec import Struct, field

from pos_tui.domain.card import BRAND_WORDS, Brand
from pos_tui.domain.money import format_money
from pos_tui.domain.reconciliation import (
    DIFFERENCE_WORDS,
    LIFE_WORDS,
    WORDS,
    Acquirer,
    Difference,
    Life,
    Modality,
    Owner,
    State,
)

GIVEN_BACK = "Estornada no caixa"
"""Said of a receipt whose money went back at the till; it is sent and reconciled all the same."""


class CardReceipt(Struct, frozen=True):
    """One receipt as last read. Its key is the payment's, for life."""

    id: str
    sale_id: str
    till: int
    branch: str
    acquirer: Acquirer
    establishment: str
    nsu: str
    """As printed; compared in its plain form."""
    authorisation: str
    brand: str
    modality: Modality | None
    instalments: int
    amount: int
    last_four: str
    terminal: str
    sold_at: int
    day: date
    edition: int = 1
    to_send_since: int | None = None
    sent_file: int | None = None
    refunded: bool = False
    """Given back at the till."""
    state: State = State.WAITING
    differences: tuple[Difference, ...] = ()
    owner: Owner = Owner.NOBODY
    version: int = 0

    @property
    def words(self) -> str:
        """Where it stands, with the differing fields."""
        return _stands(self.state, self.differences, self.refunded)


class AcquirerSale(Struct, frozen=True):
    """A sale as an acquirer lists it."""

    id: str
    acquirer: Acquirer
    establishment: str
    nsu: str
    authorisation: str
    day: date
    minute: int
    brand: str
    modality: Modality | None
    parts: int
    seen: int
    amount: int
    fee: int | None
    terminal: str
    last_four: str
    summary: str
    names: str
    copies: int
    life: Life
    state: State
    owner: Owner
    version: int


class Counted(Struct, frozen=True):
    """How many stand in a state, and their money."""

    state: State
    count: int
    amount: int


class Chosen(Struct, frozen=True):
    """What the desk shows. Days include both ends; empty is all."""

    since: date
    until: date
    branch: str = ""
    acquirer: str = ""
    state: str = ""
    owner: str = ""


class Line(Struct, frozen=True):
    """One line of the desk: a receipt, or a sale that only the acquirer has."""

    key: str
    ours: bool
    day: date
    acquirer: Acquirer
    nsu: str
    authorisation: str
    brand: str
    amount: int
    instalments: int
    state: State
    differences: tuple[Difference, ...]
    owner: Owner
    life: Life = Life.NONE
    """What became of it at the acquirer, where somebody must look at it."""
    refunded: bool = False
    """Given back at the till."""

    @property
    def words(self) -> str:
        """Where it stands, what became of it before all."""
        stands = _stands(self.state, self.differences, self.refunded)
        return f"{LIFE_WORDS[self.life]} · {stands}" if self.life else stands


class FileTold(Struct, frozen=True):
    """What is known of the files of one acquirer and establishment."""

    acquirer: Acquirer
    feed: str
    establishment: str
    last_name: str
    last_made_on: date | None
    last_read_at: int
    missing_days: tuple[date, ...] = ()
    missing_sequences: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()
    """What was odd in the last one, and taken all the same."""


class Refused(Struct, frozen=True):
    """A file that was not taken."""

    name: str
    why: str
    read_at: int


class Side(Struct, frozen=True):
    """One field of both sides, as they are compared on the screen."""

    label: str
    ours: str
    theirs: str
    differs: bool = False


class Pair(Struct, frozen=True):
    """A receipt beside the acquirer's sale it is, or may be."""

    receipt: CardReceipt | None
    sale: AcquirerSale | None
    sides: tuple[Side, ...]
    history: tuple[str, ...] = field(default=())
    """Editions and links, in sentences."""
    raw: tuple[str, ...] = field(default=())
    """The acquirer's records as they came, with file and line."""


_FIELDS = (
    ("Estabelecimento", Difference.ESTABLISHMENT),
    ("Data", Difference.DAY),
    ("Hora", None),
    ("NSU", Difference.NSU),
    ("Autorização", Difference.AUTHORISATION),
    ("Valor", Difference.AMOUNT),
    ("Parcelas", Difference.INSTALMENTS),
    ("Bandeira", Difference.BRAND),
    ("Tipo", Difference.MODALITY),
    ("Final", None),
    ("Terminal", None),
)
"""What a receipt and a sale say alike, and what it is called when they differ in it."""


def sides(receipt: CardReceipt | None, sale: AcquirerSale | None, ours_at: str) -> tuple[Side, ...]:
    """Return the fields of both, the differing ones marked. `ours_at` is the receipt's hour."""
    off = set(receipt.differences) if receipt is not None and sale is not None else set()
    nothing = ("",) * len(_FIELDS)
    ours = _ours(receipt, ours_at) if receipt is not None else nothing
    theirs = _theirs(sale) if sale is not None else nothing
    told = zip(_FIELDS, ours, theirs, strict=True)
    return tuple(Side(label, one, other, mark in off) for (label, mark), one, other in told)


def _ours(one: CardReceipt, at: str) -> tuple[str, ...]:
    return (
        *(one.establishment, f"{one.day:%d/%m/%Y}", at, one.nsu, one.authorisation),
        *(format_money(one.amount), str(one.instalments), brand_words(one.brand)),
        *(modality_words(one.modality), one.last_four, one.terminal),
    )


def _theirs(one: AcquirerSale) -> tuple[str, ...]:
    at = f"{one.minute // 60:02d}:{one.minute % 60:02d}" if one.minute >= 0 else ""
    return (
        *(one.establishment, f"{one.day:%d/%m/%Y}", at, one.nsu, one.authorisation),
        *(format_money(one.amount), str(one.parts or ""), brand_words(one.brand)),
        *(modality_words(one.modality), one.last_four, one.terminal),
    )


def _stands(state: State, differences: tuple[Difference, ...], refunded: bool) -> str:
    """Say where a receipt stands, on every screen and paper alike."""
    told = ", ".join(DIFFERENCE_WORDS[one] for one in differences)
    words = f"{WORDS[state]}: {told}" if told else WORDS[state]
    return f"{GIVEN_BACK} · {words}" if refunded else words


def brand_words(brand: str) -> str:
    """Write a brand; empty when it is not told."""
    return BRAND_WORDS[Brand(brand)] if brand in frozenset(Brand) else ""


def modality_words(modality: Modality | None) -> str:
    """Write a modality; empty when it is not told."""
    from pos_tui.domain.reconciliation import MODALITY_WORDS

    return MODALITY_WORDS[modality] if modality else ""
