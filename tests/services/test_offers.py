"""What the provider sells: kept with its age, and read again before a reserve (facts/topup.md §13)."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pos_tui.domain.errors import FieldError
from pos_tui.domain.outcome import Done, Uncertain
from pos_tui.domain.topup import Balance, Offer
from pos_tui.domain.values import replace
from pos_tui.services.offers import FRESH_MS, NoOffers, Offers, catalogue_age
from pos_tui.till import Till
from tests.sandbox import SandboxControl
from tests.services.scripted import Scripted
from tests.tills import Watch, open_till

VIVO = Offer("2088", "Vivo", "V1500", "VIVO R$ 15", 1500, 1400, 30, ufs=frozenset({"MS"}))


class Shop(Scripted):
    """Sells what a test says, and counts how often it was asked."""

    sells: tuple[Offer, ...] | None = (VIVO,)
    times = 0

    def offers(self) -> Done[tuple[Offer, ...]] | Uncertain:
        self.times += 1
        return Uncertain("Sem resposta.") if self.sells is None else Done(self.sells)

    def balance(self) -> Done[Balance]:
        self.times += 1
        return Done(Balance(100_000, 50_000))


@pytest.fixture
def shop() -> Shop:
    return Shop()


@pytest.fixture
def offers(tmp_path: Path, sandbox: SandboxControl, shop: Shop, watch: Watch) -> Iterator[Offers]:
    till: Till = open_till(tmp_path / "till", sandbox, clock=watch)
    offers = Offers(till.context, "rv", lambda name: shop)
    offers.catalogue()
    yield offers
    till.close()


def test_what_was_just_read_is_not_read_again(offers: Offers, shop: Shop, watch: Watch) -> None:
    watch.advance(FRESH_MS / 1000 - 5)
    assert offers.still_sold(VIVO, "67") is VIVO and shop.times == 1


def test_older_values_are_read_again_before_a_reserve(offers: Offers, shop: Shop, watch: Watch) -> None:
    dearer = replace(VIVO, cost=1450, validity_days=45)
    shop.sells = (dearer,)
    watch.advance(FRESH_MS / 1000 + 5)
    assert offers.still_sold(VIVO, "67") == dearer and shop.times == 2
    assert offers.known is not None and offers.known.offers == (dearer,)


@pytest.mark.parametrize(
    "sells",
    [
        (replace(VIVO, product="V2000", face=2000),),
        (replace(VIVO, face=1600),),
    ],
    ids=["another product", "another value"],
)
def test_what_is_sold_no_more_is_refused_at_its_field(
    offers: Offers, shop: Shop, watch: Watch, sells: tuple[Offer, ...]
) -> None:
    shop.sells = sells
    watch.advance(FRESH_MS / 1000 + 5)
    with pytest.raises(FieldError, match="não vende mais este valor") as caught:
        offers.still_sold(VIVO, "67")
    assert caught.value.field == "value"


def test_a_provider_that_cannot_be_asked_leaves_it_to_the_reserve(
    offers: Offers, shop: Shop, watch: Watch
) -> None:
    shop.sells = None
    watch.advance(FRESH_MS / 1000 + 5)
    assert offers.still_sold(VIVO, "67") is VIVO
    watch.advance(FRESH_MS / 1000)
    assert offers.catalogue().offers == (VIVO,), "old values are better than none"
    with pytest.raises(NoOffers, match="não puderam ser lidos"):
        offers.catalogue(fresh=True)


def test_the_age_is_told(offers: Offers, watch: Watch) -> None:
    known = offers.known
    assert known is not None
    context = offers._context
    assert "(agora)" in catalogue_age(known.read_at, context)
    watch.advance(12 * 60)
    assert "(há 12 min)" in catalogue_age(known.read_at, context)
    watch.advance(3 * 3600)
    assert "(há 3 h)" in catalogue_age(known.read_at, context)
