"""A month of a store of ten tills, with divergences of every kind planted, and what must come of each.

Everything follows from a number: the same month is made again line by line. What the reconciliation must say
is planned here, from what was planted, never computed by the code under test.
"""

import random
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import partial

from msgspec import Struct, field

from pos_tui.domain.reconciliation import Acquirer, Difference, Life, Modality, State
from tests.statements.writers import cielo, getnet, rede, stone, teiacard
from tests.statements.writers.record import File, Happened, Listed, differing

FIRST = date(2026, 9, 1)
TILLS = 10
D = Difference


class Layout(Struct, frozen=True):
    """What files of a layout carry, and who writes them."""

    name: str
    acquirer: Acquirer
    code: str
    brands: tuple[str, ...]
    kinds: tuple[str, ...]
    write: Callable[[File], bytes]
    money: Callable[[File], bytes] | None = None
    """A file of its own for what became of sales."""
    by_parts: bool = False
    """A record for each instalment."""
    tells_brand: bool = True
    tells_kind: bool = True
    tells_authorisation: bool = True
    lives: tuple[str, ...] = ()
    suffix: str = "txt"


ALL_LIVES = (
    *("cancelled", "refunded", "chargeback", "chargeback_reversed"),
    *("settled", "settled_early", "paid_different"),
)
LAYOUTS = {
    layout.name: layout
    for layout in (
        Layout(
            "stone",
            Acquirer.STONE,
            "123456789",
            ("visa", "mastercard"),
            ("credit", "debit", "voucher"),
            stone.stone,
            lives=ALL_LIVES,
            suffix="xml",
        ),
        Layout(
            "rede-eevc",
            Acquirer.REDE,
            "13381369",
            ("visa", "mastercard", "elo"),
            ("credit",),
            rede.eevc,
            rede.eefi,
            lives=ALL_LIVES,
        ),
        Layout(
            "rede-eevd",
            Acquirer.REDE,
            "13381369",
            ("visa", "mastercard", "elo"),
            ("debit",),
            rede.eevd,
            rede.eefi,
            tells_authorisation=False,
            lives=ALL_LIVES,
        ),
        Layout(
            "getnet",
            Acquirer.GETNET,
            "4501233",
            ("visa", "mastercard"),
            ("credit", "debit"),
            getnet.getnet,
            by_parts=True,
            tells_brand=False,
            tells_kind=False,
            lives=ALL_LIVES,
        ),
        Layout(
            "cielo",
            Acquirer.CIELO,
            "1010101010",
            ("visa", "mastercard", "elo"),
            ("credit", "debit"),
            cielo.cielo,
            by_parts=True,
            tells_kind=False,
            lives=("cancelled", "refunded"),
        ),
        Layout(
            "cielo15",
            Acquirer.CIELO,
            "1010101010",
            ("visa", "mastercard", "elo"),
            ("credit", "debit", "voucher"),
            cielo.cielo15,
            cielo.cielo15_money,
            by_parts=True,
            lives=("cancelled", "refunded", "chargeback", "chargeback_reversed", "settled", "paid_different"),
        ),
        Layout(
            "teiacard",
            Acquirer.STONE,
            "123456789",
            ("visa", "mastercard", "elo"),
            ("credit", "debit", "voucher"),
            teiacard.teiacard,
        ),
    )
}


class Sold(Struct, frozen=True):
    """A receipt as the till wrote it."""

    key: str
    sale: Listed
    acquirer: Acquirer
    edition: int = 1
    minute: int = 0


Expected = tuple[State, frozenset[Difference]]


class Month(Struct):
    """What was planted, and what must come of it."""

    layout: Layout
    sold: list[Sold] = field(default_factory=list)
    receipts: dict[str, Expected] = field(default_factory=dict)
    """By receipt."""
    sales: dict[tuple[str, str, date], State] = field(default_factory=dict)
    """By establishment, NSU and day of what the acquirer lists."""
    lives: dict[tuple[str, str, date], Life] = field(default_factory=dict)
    fees: dict[str, tuple[int, int]] = field(default_factory=dict)
    """By receipt: expected and charged."""
    planted: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))
    days: defaultdict[date, list[Listed]] = field(default_factory=lambda: defaultdict(list))
    events: defaultdict[date, list[Happened]] = field(default_factory=lambda: defaultdict(list))
    lost_day: date = FIRST
    """The day whose file never came."""

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Yield name and content of each day's files, the lost day's left out."""
        layout = self.layout
        for number, day in enumerate(sorted({*self.days, *self.events}), 100):
            if day == self.lost_day:
                continue
            events = tuple(self.events[day])
            for code, sales in self._merchants(day).items():
                file = File(day, number, code, tuple(sales), events if code == layout.code else ())
                yield f"{layout.name}-{code}-{day:%Y%m%d}.{layout.suffix}", layout.write(file)
            if layout.money and self.events[day]:
                money = File(day, number, layout.code, (), events)
                yield f"{layout.name}-{day:%Y%m%d}-fin.{layout.suffix}", layout.money(money)

    def _merchants(self, day: date) -> dict[str, list[Listed]]:
        """The sales of each file of a day: Stone's are made for one merchant, the others' for a group."""
        found: dict[str, list[Listed]] = {self.layout.code: []}
        for sale in self.days[day]:
            code = sale.establishment if self.layout.name == "stone" else self.layout.code
            found.setdefault(code, []).append(sale)
        return found


RATES = {"credit": 249, "debit": 115, "voucher": 350}
"""Contracted, in hundredths of a per cent."""


def rate_lines(layout: Layout) -> tuple[str, ...]:
    """The contract as the configuration has it."""
    return tuple(
        f"{layout.acquirer} * {kind} 1-12 {rate // 100},{rate % 100:02d}" for kind, rate in RATES.items()
    )


class Maker:
    """Makes one month."""

    def __init__(self, layout: Layout, sales: int, days: int = 30, seed: int = 1) -> None:
        """`sales` is about how many are sold; each kind of divergence is planted in one of a hundred."""
        self._random = random.Random(seed)
        self._layout = layout
        self._sales = sales
        self._span = days
        self._number = 0
        self.month = Month(layout, lost_day=FIRST + timedelta(days=days // 2))

    def make(self) -> Month:
        """Make it."""
        plants = [self._plain] * max(1, 100 - len(self._kinds()))
        wheel = plants + self._kinds()
        for at in range(self._sales):
            wheel[at % len(wheel)]()
        return self.month

    def _kinds(self) -> list[Callable[[], None]]:
        layout = self._layout
        kinds = [self._amount, self._day_after, self._establishment, self._not_found, self._orphan]
        kinds += [self._twice_theirs, self._twice_ours, self._no_feed, self._lost, self._fee]
        if layout.tells_authorisation:
            kinds += [self._authorisation, self._nsu, self._two_alike]
        else:
            kinds.append(self._between_days)
        if layout.tells_brand:
            kinds.append(self._brand)
        if layout.tells_kind:
            kinds.append(self._modality)
        if "credit" in layout.kinds:
            kinds.append(self._instalments)
        if layout.by_parts:
            kinds.append(self._incomplete)
        if layout.name == "teiacard":
            kinds += [self._outdated, self._named]
            kinds.remove(self._fee)
        return kinds + [partial(self._life, life) for life in layout.lives]

    # A sale of which nothing is wrong

    def _draw(self, kind: str = "", instalments: int = 0, day: date | None = None) -> Listed:
        pick, layout = self._random, self._layout
        self._number += 1
        kind = kind or pick.choice(layout.kinds)
        if not instalments:
            instalments = pick.choice((1, 1, 1, 2, 3)) if kind == "credit" else 1
        amount = pick.randint(500, 50_000)
        return self._priced(
            Listed(
                establishment=layout.code,
                nsu=str(100_000 + self._number),
                authorisation=_code(self._number),
                day=day or self._some_day(),
                minute=pick.randint(8 * 60, 20 * 60),
                amount=amount,
                fee=0,
                brand=pick.choice(layout.brands),
                modality=kind,
                instalments=instalments,
                last_four=f"{pick.randint(0, 9999):04d}",
                terminal=f"{10000000 + pick.randint(1, TILLS)}",
                parts=(),
            ),
            RATES[kind],
        )

    def _priced(self, sale: Listed, rate: int) -> Listed:
        each, rest = divmod(sale.amount, sale.instalments)
        parts = (each + rest, *([each] * (sale.instalments - 1)))
        return differing(sale, parts=parts, fee=sum(_fee(part, rate) for part in parts), rate=rate)

    def _some_day(self) -> date:
        while True:
            day = FIRST + timedelta(days=self._random.randrange(self._span))
            if abs((day - self.month.lost_day).days) > 1:
                return day

    # What a plant puts down

    def _sold(
        self, sale: Listed, state: State, *differences: Difference, acquirer: Acquirer | None = None
    ) -> Sold:
        key = f"{len(self.month.sold):032x}"
        one = Sold(key, sale, acquirer or self._layout.acquirer)
        self.month.sold.append(one)
        self.month.receipts[key] = (state, frozenset(differences))
        return one

    def _listed(self, sale: Listed, state: State, in_file_of: date | None = None) -> None:
        self.month.days[in_file_of or sale.day].append(sale)
        self.month.sales[sale.establishment, sale.nsu, sale.day] = state

    def _both(self, ours: Listed, theirs: Listed, *differences: Difference) -> Sold:
        state = State.DIVERGENT if differences else State.RECONCILED
        one = self._sold(ours, state, *differences)
        self._listed(theirs, state)
        return one

    def _count(self, what: str) -> None:
        self.month.planted[what] += 1

    # The plants

    def _plain(self) -> None:
        sale = self._draw()
        one = self._both(sale, sale)
        self.month.fees[one.key] = (sale.fee, sale.fee)

    def _authorisation(self) -> None:
        self._count("autorização")
        sale = self._draw()
        self._both(differing(sale, authorisation="Z" + sale.authorisation[1:]), sale, D.AUTHORISATION)

    def _nsu(self) -> None:
        self._count("NSU")
        sale = self._draw()
        self._both(differing(sale, nsu="9" + sale.nsu), sale, D.NSU)

    def _amount(self) -> None:
        self._count("valor")
        sale = self._draw(instalments=1)
        self._both(differing(sale, amount=sale.amount + 100, parts=(sale.amount + 100,)), sale, D.AMOUNT)

    def _day_after(self) -> None:
        self._count("data")
        sale = self._draw()
        self._both(sale, differing(sale, day=sale.day + timedelta(days=1)), D.DAY)

    def _instalments(self) -> None:
        self._count("parcelas")
        sale = self._draw("credit", 3)
        self._both(differing(sale, instalments=2), sale, D.INSTALMENTS)

    def _brand(self) -> None:
        self._count("bandeira")
        sale = self._draw()
        other = next(brand for brand in self._layout.brands if brand != sale.brand)
        self._both(differing(sale, brand=other), sale, D.BRAND)

    def _modality(self) -> None:
        self._count("modalidade")
        kind = self._layout.kinds[0]
        sale = self._draw(kind, 1)
        other = "debit" if kind != "debit" else "credit"
        self._both(differing(sale, modality=other), sale, D.MODALITY)

    def _establishment(self) -> None:
        self._count("estabelecimento")
        sale = self._draw()
        self._both(sale, differing(sale, establishment=f"9{sale.establishment[1:]}"), D.ESTABLISHMENT)

    def _fee(self) -> None:
        self._count("taxa")
        sale = self._draw()
        dear = self._priced(sale, RATES[sale.modality] + 300)
        one = self._both(sale, dear)
        self.month.fees[one.key] = (sale.fee, dear.fee)

    def _not_found(self) -> None:
        self._count("não encontrada")
        self._sold(self._draw(), State.NOT_FOUND)

    def _orphan(self) -> None:
        self._count("não enviada")
        self._listed(self._draw(), State.ORPHAN)

    def _two_alike(self) -> None:
        """Two sales of one card, day, value and authorization (facts A.6.1); the receipt lost its NSU."""
        self._count("ambígua")
        sale = self._draw(instalments=1)
        twin = differing(self._draw(instalments=1), nsu=f"8{sale.nsu[1:]}")
        twin = differing(sale, nsu=twin.nsu)
        self._sold(differing(sale, nsu=""), State.AMBIGUOUS)
        self._listed(sale, State.AMBIGUOUS)
        self._listed(twin, State.AMBIGUOUS)

    def _between_days(self) -> None:
        """No authorization: the same NSU and value the day before and the day after."""
        self._count("ambígua")
        sale = self._draw(day=FIRST + timedelta(days=self._random.randrange(2, self._span // 2 - 4)))
        self._sold(sale, State.AMBIGUOUS)
        for step in (-1, 1):
            self._listed(differing(sale, day=sale.day + timedelta(days=step)), State.AMBIGUOUS)

    def _twice_theirs(self) -> None:
        self._count("duplicada na adquirente")
        sale = self._draw(instalments=1)
        self._sold(sale, State.DUPLICATE)
        self._listed(sale, State.DUPLICATE)
        self._listed(sale, State.DUPLICATE)

    def _twice_ours(self) -> None:
        self._count("duplicada no caixa")
        sale = self._draw()
        self._sold(sale, State.DUPLICATE)
        self._sold(sale, State.DUPLICATE)
        self._listed(sale, State.DUPLICATE)

    def _no_feed(self) -> None:
        self._count("não homologada")
        self._sold(self._draw(), State.NO_FEED, acquirer=Acquirer.OTHER)

    def _lost(self) -> None:
        """A sale of the day whose file never came: the file is missing, not the sale."""
        self._count("arquivo ausente")
        self._sold(self._draw(day=self.month.lost_day), State.FILE_MISSING)

    def _incomplete(self) -> None:
        self._count("parcelas incompletas")
        sale = differing(self._draw("credit", 3), missing_parts=1)
        self._sold(sale, State.NOT_FOUND)
        self._listed(sale, State.INCOMPLETE)

    def _outdated(self) -> None:
        """A return about the first edition of a receipt that was corrected since."""
        self._count("retorno de versão anterior")
        sale = self._draw()
        key = f"{len(self.month.sold):032x}"
        self._sold(sale, State.NOT_FOUND)
        self.month.sold[-1] = Sold(key, sale, self._layout.acquirer, edition=2)
        old = differing(sale, names=f"{key}/1")
        self._listed(old, State.OUTDATED)

    def _named(self) -> None:
        """A return names the receipt: nothing else needs to fit."""
        self._count("retorno com a chave")
        sale = self._draw()
        ours = differing(sale, nsu="7" + sale.nsu, authorisation="Y" + sale.authorisation[1:])
        key = f"{len(self.month.sold):032x}"
        theirs = differing(sale, names=f"{key}/1")
        self._both(ours, theirs, D.NSU, D.AUTHORISATION)

    def _life(self, what: str) -> None:
        self._count(what)
        sale = self._draw(instalments=1)
        self._both(sale, sale)
        place = (sale.establishment, sale.nsu, sale.day)
        later = min(sale.day + timedelta(days=1), FIRST + timedelta(days=self._span - 1))
        later = later if later != self.month.lost_day else later + timedelta(days=1)
        self.month.lives[place] = Life(what)
        if what == "chargeback_reversed":
            self.month.events[later].append(Happened(sale, "chargeback", later))
        short = 50 if what == "paid_different" else 0
        name = "settled" if what == "paid_different" else what
        self.month.events[later].append(Happened(sale, name, later, short))


def _fee(amount: int, rate: int) -> int:
    return int((Decimal(amount) * rate / 10_000).quantize(Decimal(1), ROUND_HALF_UP))


def _code(number: int) -> str:
    """Six letters and figures, different for each number, never beginning with Y or Z."""
    digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWX"
    text = ""
    mixed = (number * 7_919_731 + 17) % 34**5
    for _ in range(5):
        mixed, rest = divmod(mixed, 34)
        text += digits[rest]
    return "A" + text


def modality(sale: Listed) -> Modality:
    """A sale's modality as the till has it."""
    return Modality(sale.modality)
