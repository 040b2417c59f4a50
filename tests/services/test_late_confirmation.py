"""DT One holds the store's credit for a reserve past its time until it is cancelled (facts/topup.md §8)."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pos_tui.domain.journal import SYSTEM
from pos_tui.domain.outcome import Done, RefusalClass, Refused
from pos_tui.domain.phone import parse_mobile
from pos_tui.domain.topup import Decision, Offer, RemoteWord, Standing, TopUp, TopUpState
from pos_tui.domain.values import replace
from pos_tui.till import Till
from tests.sandbox import SandboxControl
from tests.services.scripted import script
from tests.tills import LINE, SELLER, Watch, add, new_sale, open_till, pay_and_save, settings

OFFER = Offer("2088", "Vivo", "7003", "VIVO R$ 15", 1500)


@pytest.fixture
def dtone(tmp_path: Path, sandbox: SandboxControl, watch: Watch) -> Iterator[Till]:
    """A till that sells through DT One."""
    base = settings()
    config = replace(base, topup=replace(base.topup, provider="dtone"))
    till = open_till(tmp_path / "dtone", sandbox, config, clock=watch)
    yield till
    till.close()


def paid(till: Till) -> TopUp:
    """A reserve that is paid for and waits for its confirmation."""
    sale = new_sale(till)
    topup = add(till, sale)
    pay_and_save(till, sale)
    return topup


def states(sandbox: SandboxControl) -> list[str]:
    """Where the ledger's rows stand."""
    return list(sandbox.ledger().states().values())


def test_a_confirmation_that_came_too_late_frees_the_balance(dtone: Till, sandbox: SandboxControl) -> None:
    before = dtone.offers.balance().available
    topup = paid(dtone)
    assert dtone.offers.balance().available < before
    sandbox.fault("expire", "confirm")
    late = dtone.topups.confirm(topup.id, SELLER)
    assert (late.state, late.decision) == (TopUpState.EXPIRED, Decision.CONFIRM)
    assert "foi liberado" in late.why
    assert dtone.offers.balance().available == before
    assert states(sandbox) == ["cancelled"]
    assert dtone.sales.get(topup.sale_id).owed_back == topup.face
    assert sandbox.ledger().credits == {}


@pytest.mark.parametrize("operation", ["cancel", "status"])
@pytest.mark.parametrize("fault", ["down", "lost", "reset"])
def test_what_still_holds_it_is_asked_again_with_the_list(
    dtone: Till, sandbox: SandboxControl, fault: str, operation: str
) -> None:
    topup = paid(dtone)
    sandbox.fault("expire", "confirm")
    sandbox.fault(fault, operation)
    late = dtone.topups.confirm(topup.id, SELLER)
    assert late.state is TopUpState.EXPIRED
    assert "ainda prende o saldo" in late.why
    dtone.sweeper.sweep(SYSTEM)
    assert states(sandbox) == ["cancelled"]
    assert dtone.sweeper.sweep(SYSTEM).strangers == ()
    assert dtone.topups.get(topup.id).state is TopUpState.EXPIRED


def test_what_nobody_understands_is_not_cancelled(dtone: Till, sandbox: SandboxControl) -> None:
    topup = paid(dtone)
    sandbox.fault("expire", "confirm")
    sandbox.fault("unknown_word", "status")
    late = dtone.topups.confirm(topup.id, SELLER)
    assert late.state is TopUpState.EXPIRED
    assert states(sandbox) == ["expired"]


def test_what_was_credited_after_all_is_never_cancelled(dtone: Till) -> None:
    provider = script(dtone)
    provider.holds_expired = True
    sale = new_sale(dtone)
    topup = dtone.topups.add(sale, parse_mobile(LINE), OFFER, 1500)
    held = Standing(topup.provider_key, RemoteWord.RESERVED, "9")
    credited = replace(held, word=RemoteWord.CONFIRMED)
    provider.answers = [Done(held), Refused(RefusalClass.EXPIRED, "1007004", ""), Done(credited)]
    dtone.topups.reserve(topup.id, SELLER)
    pay_and_save(dtone, sale)
    late = dtone.topups.confirm(topup.id, SELLER)
    assert [what for what, _ in provider.asked] == ["reserve", "confirm", "status"]
    assert "chame o supervisor" in late.why


def test_a_reserve_nobody_decided_waits_for_a_person(
    dtone: Till, sandbox: SandboxControl, watch: Watch
) -> None:
    """Its end is shown, it can no longer be confirmed, and a cancel frees the balance."""
    topup = paid(dtone)
    watch.advance(3700)
    sandbox.advance(3700)
    before = dtone.offers.balance().available
    asked = dtone.topups.ask(topup.id, SELLER)
    assert asked.state is TopUpState.RESERVED
    assert "cancele-a" in asked.why
    cancelled = dtone.topups.cancel(topup.id, "prazo", SELLER)
    assert cancelled.state is TopUpState.CANCELLED
    assert dtone.offers.balance().available > before


def test_an_operator_that_declines_afterwards_says_why(dtone: Till, sandbox: SandboxControl) -> None:
    sale = new_sale(dtone)
    topup = add(dtone, sale, line="99999980004")
    pay_and_save(dtone, sale)
    assert dtone.topups.confirm(topup.id, SELLER).state is TopUpState.PROCESSING
    sandbox.advance(10)
    declined = dtone.topups.ask(topup.id, SELLER)
    assert declined.state is TopUpState.REFUSED
    assert "Serviço indisponível" in declined.why and "OPERATOR-CURRENTLY-UNAVAILABLE" in declined.why
    assert dtone.sales.get(sale.id).owed_back == topup.face
