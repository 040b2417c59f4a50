"""What the provider sells: kept with its age, asked again when stale or on request."""

import threading
from collections.abc import Callable

from msgspec import Struct

from pos_tui.domain.errors import FieldError, PosError
from pos_tui.domain.instants import show_hour
from pos_tui.domain.outcome import Done, NotSent, Outcome, Refused, Uncertain
from pos_tui.domain.phone import uf_of
from pos_tui.domain.topup import Balance, Offer
from pos_tui.providers.base import TopUpProvider
from pos_tui.services.context import Context
from pos_tui.services.guidance import NO_VALUES, explain
from pos_tui.store import catalogue

FRESH_MS = 60_000
"""Values that the screen calls read *agora*: older ones are read again before a reserve (facts/topup.md §13).

The list is read again behind the screen whenever it is opened, so that a reserve seldom waits for it.
"""


class NoOffers(PosError):
    """The provider's values could not be had."""

    title = "Valores da operadora"


class Catalogue(Struct, frozen=True):
    """Every value of every operator, and when it was read."""

    offers: tuple[Offer, ...]
    read_at: int

    def operators(self) -> list[tuple[str, str]]:
        """Return (code, name) of every operator, in the provider's order."""
        return list(dict.fromkeys((offer.operator, offer.operator_name) for offer in self.offers))

    def values(self, operator: str, ddd: str) -> list[Offer]:
        """Return what an operator sells in the state of an area code, cheapest first.

        Raises:
            NoOffers: nothing is sold there, in the seed's words.
        """
        uf = uf_of(ddd)
        found = [o for o in self.offers if o.operator == operator and (not o.ufs or uf in o.ufs)]
        if not found:
            raise NoOffers(NO_VALUES.words(()))
        return sorted(found, key=lambda offer: (offer.face or offer.minimum, offer.name))


class Offers:
    """The catalogue, shared by screens; safe from any thread."""

    def __init__(self, context: Context, name: str, connect: Callable[[str], TopUpProvider]) -> None:
        self._context = context
        self._name = name
        self._connect = connect
        self._lock = threading.Lock()
        self._known: Catalogue | None = None
        self.last_balance: tuple[Balance, int] | None = None
        """What the provider last told of the store's credit in this run, and when."""

    @property
    def known(self) -> Catalogue | None:
        """What was last read, in this run or an earlier one, whatever its age."""
        if self._known is None:
            with self._context.store.reading() as tx:
                kept = catalogue.get(tx, self._name)
            self._known = Catalogue(*kept) if kept else None
        return self._known

    def catalogue(self, fresh: bool = False) -> Catalogue:
        """Return the catalogue, asking the provider when it is stale or `fresh` is wanted.

        Raises:
            NoOffers: it could not be had and none is known.
        """
        with self._lock:
            known = self.known
            if known is not None and not fresh and self._context.now() - known.read_at < FRESH_MS:
                return known
            outcome = self._connect(self._name).offers()
            if isinstance(outcome, Done):
                return self._keep(Catalogue(outcome.answer, self._context.now()))
        if known is not None and not fresh:
            return known
        raise NoOffers(_why(outcome))

    def still_sold(self, offer: Offer, ddd: str) -> Offer:
        """Return the offer as the provider sells it now, read again when what we know is not fresh.

        When it cannot be read the offer stands: the reserve will tell.

        Raises:
            FieldError: on `value`, when it is sold no more.
        """
        known = self.known
        if known is None or self._context.now() - known.read_at < FRESH_MS:
            return offer
        try:
            current = self.catalogue(fresh=True).values(offer.operator, ddd)
        except NoOffers:
            return offer
        same = (o for o in current if (o.product, o.face) == (offer.product, offer.face))
        found = next(same, None)
        if found is None:
            raise FieldError("value", "A operadora não vende mais este valor: leia os valores de novo (F6).")
        return found

    def balance(self) -> Balance:
        """Ask for the store's credit at the provider; what was last told stays in `last_balance`.

        Raises:
            NoOffers: it could not be had.
        """
        provider = self._connect(self._name)
        outcome = provider.balance()
        if isinstance(outcome, Done):
            self.last_balance = (outcome.answer, self._context.now())
            return outcome.answer
        raise NoOffers(f"O saldo não pôde ser lido. {explain(self._name, outcome, (), asking=True)}")

    def _keep(self, read: Catalogue) -> Catalogue:
        self._known = read
        self._context.store.write(lambda tx: catalogue.keep(tx, self._name, read.offers, read.read_at))
        return read


def catalogue_age(read_at: int, context: Context) -> str:
    """Write how old values are: `valores lidos às 09:33 (há 12 min)`."""
    return f"valores {read_words(read_at, context)}"


def read_words(read_at: int, context: Context) -> str:
    """Write when something was read, and how long ago: `lidos às 09:33 (há 12 min)`."""
    minutes = max(0, context.now() - read_at) // 60_000
    ago = f"há {minutes} min" if minutes < 120 else f"há {minutes // 60} h"
    when = "agora" if minutes < 1 else ago
    return f"lidos às {show_hour(read_at, context.zone)} ({when})"


def _why(outcome: Outcome[tuple[Offer, ...]]) -> str:
    match outcome:
        case NotSent(why) | Uncertain(why):
            return f"Erro de conexão: os valores não puderam ser lidos. {why} Tente de novo com F6."
        case Refused(_, code, text):
            return (
                f"Terminal bloqueado ou serviço indisponível ({code} {text}). Contate o suporte da Conekta."
            )
        case Done():
            return ""
