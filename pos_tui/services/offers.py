"""What the provider sells: kept with its age, asked again when stale or on request."""

import threading
from collections.abc import Callable
from dataclasses import dataclass

from pos_tui.domain.errors import PosError
from pos_tui.domain.outcome import Done, NotSent, Outcome, Refused, Uncertain
from pos_tui.domain.phone import uf_of
from pos_tui.domain.topup import Offer
from pos_tui.providers.base import TopUpProvider
from pos_tui.services.context import Context
from pos_tui.store import catalogue

STALE_MS = 30 * 60 * 1000


class NoOffers(PosError):
    """The provider's values could not be had."""

    title = "Valores da operadora"


@dataclass(frozen=True, slots=True)
class Catalogue:
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
            raise NoOffers(
                "Nenhum valor de recarga disponível para o DDD informado. "
                "Escolha outro DDD ou entre em contato com o suporte da Conekta."
            )
        return sorted(found, key=lambda offer: (offer.face or offer.minimum, offer.name))


class Offers:
    """The catalogue, shared by screens; safe from any thread."""

    def __init__(self, context: Context, name: str, connect: Callable[[str], TopUpProvider]) -> None:
        self._context = context
        self._name = name
        self._connect = connect
        self._lock = threading.Lock()
        self._known: Catalogue | None = None

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
            if known is not None and not fresh and self._context.now() - known.read_at < STALE_MS:
                return known
            outcome = self._connect(self._name).offers()
            if isinstance(outcome, Done):
                return self._keep(Catalogue(outcome.answer, self._context.now()))
        if known is not None and not fresh:
            return known
        raise NoOffers(_why(outcome))

    def _keep(self, read: Catalogue) -> Catalogue:
        self._known = read
        self._context.store.write(lambda tx: catalogue.keep(tx, self._name, read.offers, read.read_at))
        return read


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
