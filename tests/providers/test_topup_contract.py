"""What every top-up adapter promises, against the real sandbox process and each of its faults.

The measure is always the ledger: an adapter may say Done only of what the ledger shows, and one call
never has more than one effect.
"""

import socket
from collections.abc import Callable

import pytest

from pos_tui.domain.outcome import Done, NotSent, Outcome, RefusalClass, Refused, Uncertain
from pos_tui.domain.topup import RemoteWord, Standing
from pos_tui.domain.values import replace
from pos_tui.providers.base import TopUpProvider
from pos_tui.providers.http import Limits
from tests.providers.kits import FACE, KITS, LINE, NOON, Kit, done
from tests.sandbox import SandboxControl

W = RemoteWord

SPOILED = ["lost", "truncated", "bad_gateway", "garbage", "empty", "html", "huge", "held", "drip"]
"""Faults after the effect: it happened, and nothing proves it."""
BEFORE = ["reset", "down"]
"""Faults before the effect, of which the till cannot know that they were before."""
EFFECTS = ["reserve", "confirm", "cancel"]
EFFECT_NAME = {"reserve": "reserved", "confirm": "credited", "cancel": "cancelled"}


@pytest.fixture(params=KITS, ids=lambda kit: kit.name)
def kit(request: pytest.FixtureRequest) -> Kit:
    found = request.param
    assert isinstance(found, Kit)
    return found


@pytest.fixture
def provider(kit: Kit, sandbox: SandboxControl) -> TopUpProvider:
    sandbox.set_clock(NOON)
    return kit.build(sandbox.url, None)


@pytest.fixture
def hasty(kit: Kit, sandbox: SandboxControl) -> TopUpProvider:
    """The same adapter, which does not wait long for an answer that does not come."""
    return kit.build(sandbox.url, Limits(deadline=0.4))


def settled(provider: TopUpProvider, kit: Kit, sandbox: SandboxControl) -> Standing:
    """What the provider says once every operator has had its time."""
    sandbox.clear()
    # Who gave up waiting does not know whether the request has been read yet.
    sandbox.rest()
    sandbox.advance(60)
    return done(provider.status(kit.ref()))


def prepare(
    operation: str, kit: Kit, provider: TopUpProvider
) -> Callable[[TopUpProvider], Outcome[Standing]]:
    """Bring the ledger to where an operation makes sense; return the call."""
    if operation == "reserve":
        return lambda adapter: adapter.reserve(kit.request())
    ref = kit.ref(done(provider.reserve(kit.request())))
    calls = {
        "confirm": lambda adapter: adapter.confirm(ref),
        "cancel": lambda adapter: adapter.cancel(ref),
        "status": lambda adapter: adapter.status(ref),
    }
    return calls[operation]


def test_a_whole_sale(kit: Kit, provider: TopUpProvider, sandbox: SandboxControl) -> None:
    held = done(provider.reserve(kit.request()))
    echoed = (LINE, FACE) if kit.shows("wrong_number", "reserve") else ("", None)
    assert (held.key, held.word, held.line, held.face) == (kit.key, W.RESERVED, *echoed)
    assert held.cost is None or 0 < held.cost < FACE
    assert held.provider_ref
    assert done(provider.status(kit.ref(held))).word is W.RESERVED
    confirmed = done(provider.confirm(kit.ref(held)))
    assert confirmed.word in (W.CONFIRMED, W.PROCESSING)
    assert confirmed.key == kit.key
    assert settled(provider, kit, sandbox).word is W.CONFIRMED
    assert sandbox.ledger().credits == {LINE: (1, FACE)}


def test_a_cancelled_sale(kit: Kit, provider: TopUpProvider, sandbox: SandboxControl) -> None:
    held = done(provider.reserve(kit.request()))
    assert done(provider.cancel(kit.ref(held))).word is W.CANCELLED
    assert settled(provider, kit, sandbox).word is W.CANCELLED
    assert sandbox.ledger().credits == {}


def test_offers_hold_what_is_then_reserved(kit: Kit, provider: TopUpProvider) -> None:
    outcome = provider.offers()
    assert isinstance(outcome, Done)
    offer = next(offer for offer in outcome.answer if offer.product == kit.product)
    assert offer.face == FACE
    assert offer.operator_name == "Vivo"
    assert not offer.ufs or "MS" in offer.ufs


def test_d29_confirming_twice_credits_once(
    kit: Kit, provider: TopUpProvider, sandbox: SandboxControl
) -> None:
    held = done(provider.reserve(kit.request()))
    done(provider.confirm(kit.ref(held)))
    again = provider.confirm(kit.ref(held))
    assert isinstance(again, Done)
    assert again.answer.word in (W.CONFIRMED, W.PROCESSING)
    assert settled(provider, kit, sandbox).word is W.CONFIRMED
    assert sandbox.ledger().credits == {LINE: (1, FACE)}


def test_a_cancel_after_the_credit_never_looks_cancelled(
    kit: Kit, provider: TopUpProvider, sandbox: SandboxControl
) -> None:
    held = done(provider.reserve(kit.request()))
    done(provider.confirm(kit.ref(held)))
    outcome = provider.cancel(kit.ref(held))
    if isinstance(outcome, Done):
        assert outcome.answer.word in (W.CONFIRMED, W.PROCESSING)
    assert settled(provider, kit, sandbox).word is W.CONFIRMED
    assert sandbox.ledger().credits == {LINE: (1, FACE)}


def test_a_confirm_after_the_cancel_never_looks_confirmed(
    kit: Kit, provider: TopUpProvider, sandbox: SandboxControl
) -> None:
    held = done(provider.reserve(kit.request()))
    done(provider.cancel(kit.ref(held)))
    outcome = provider.confirm(kit.ref(held))
    if isinstance(outcome, Done):
        assert outcome.answer.word is W.CANCELLED
    assert settled(provider, kit, sandbox).word is W.CANCELLED
    assert sandbox.ledger().credits == {}


def test_an_unknown_key_is_absent(kit: Kit, provider: TopUpProvider) -> None:
    assert done(provider.status(kit.ref())).word is W.ABSENT


def test_a_key_sent_twice_is_held_once(kit: Kit, provider: TopUpProvider, sandbox: SandboxControl) -> None:
    first = done(provider.reserve(kit.request()))
    again = provider.reserve(kit.request())
    if isinstance(again, Done):
        assert again.answer.provider_ref == first.provider_ref
    assert sandbox.ledger().count("reserved") == 1


def test_pendings_are_listed_until_decided(kit: Kit, provider: TopUpProvider) -> None:
    assert provider.pendings() == Done(())
    held = done(provider.reserve(kit.request()))
    listed = provider.pendings()
    assert isinstance(listed, Done)
    assert [(row.key, row.word) for row in listed.answer] == [(kit.key, W.RESERVED)]
    done(provider.cancel(kit.ref(held)))
    assert provider.pendings() == Done(())


def test_the_balance_goes_down(kit: Kit, provider: TopUpProvider) -> None:
    before = provider.balance()
    done(provider.reserve(kit.request()))
    after = provider.balance()
    assert isinstance(before, Done)
    assert isinstance(after, Done)
    assert after.answer.limit == before.answer.limit
    assert before.answer.available - FACE <= after.answer.available < before.answer.available


def test_an_expired_reserve_cannot_be_confirmed(
    kit: Kit, provider: TopUpProvider, sandbox: SandboxControl
) -> None:
    sandbox.settings(ttl=240)
    held = done(provider.reserve(kit.request()))
    sandbox.advance(241)
    outcome = provider.confirm(kit.ref(held))
    assert isinstance(outcome, Refused)
    assert outcome.reason in (RefusalClass.EXPIRED, RefusalClass.NOT_FOUND)
    assert settled(provider, kit, sandbox).word in kit.over
    assert sandbox.ledger().credits == {}


def test_a_cap_refuses_the_next_until_one_is_decided(
    kit: Kit, provider: TopUpProvider, sandbox: SandboxControl
) -> None:
    """RV says so with a code of its own; the others only know a limit of credit."""
    sandbox.settings(cap=1)
    held = done(provider.reserve(kit.request()))
    other = replace(kit.request("67999997777"), key=f"{kit.key[:-1]}2")
    refused = provider.reserve(other)
    assert isinstance(refused, Refused)
    assert refused.reason in (RefusalClass.PENDING_LIMIT, RefusalClass.STORE_ACCOUNT)
    assert sandbox.ledger().count("reserved") == 1
    done(provider.cancel(kit.ref(held)))
    assert done(provider.reserve(other)).word is W.RESERVED


@pytest.mark.parametrize("operation", [*EFFECTS, "status"])
@pytest.mark.parametrize("fault", SPOILED)
def test_d29_d30_d33_a_spoiled_answer_proves_nothing(
    kit: Kit,
    provider: TopUpProvider,
    hasty: TopUpProvider,
    sandbox: SandboxControl,
    fault: str,
    operation: str,
) -> None:
    call = prepare(operation, kit, provider)
    sandbox.fault(fault, operation, seconds=0.1)
    assert isinstance(call(hasty if fault in ("held", "drip") else provider), Uncertain)
    word = settled(provider, kit, sandbox).word
    ledger = sandbox.ledger()
    if operation != "status":
        assert ledger.count(EFFECT_NAME[operation]) == 1
    assert ledger.credits == ({LINE: (1, FACE)} if operation == "confirm" else {})
    assert word is {"confirm": W.CONFIRMED, "cancel": W.CANCELLED}.get(operation, W.RESERVED)


@pytest.mark.parametrize("operation", [*EFFECTS, "status"])
@pytest.mark.parametrize("fault", BEFORE)
def test_d26_what_never_happened_is_found_out_by_asking(
    kit: Kit, provider: TopUpProvider, sandbox: SandboxControl, fault: str, operation: str
) -> None:
    call = prepare(operation, kit, provider)
    sandbox.fault(fault, operation)
    assert isinstance(call(provider), Uncertain)
    assert settled(provider, kit, sandbox).word is (W.ABSENT if operation == "reserve" else W.RESERVED)
    assert sandbox.ledger().credits == {}


@pytest.mark.parametrize("question", ["offers", "pendings", "balance"])
@pytest.mark.parametrize("fault", [*SPOILED, *BEFORE])
def test_a_question_unanswered_is_uncertain(
    provider: TopUpProvider, hasty: TopUpProvider, sandbox: SandboxControl, fault: str, question: str
) -> None:
    asker = hasty if fault in ("held", "drip") else provider
    sandbox.fault(fault, question, seconds=0.1)
    outcome = {"offers": asker.offers, "pendings": asker.pendings, "balance": asker.balance}[question]()
    assert isinstance(outcome, Uncertain)


@pytest.mark.parametrize("fault", ["wrong_key", "wrong_number", "wrong_amount"])
def test_d29_a_reserve_that_speaks_of_something_else_is_not_believed(
    kit: Kit, provider: TopUpProvider, sandbox: SandboxControl, fault: str
) -> None:
    sandbox.fault(fault, "reserve")
    outcome = provider.reserve(kit.request())
    assert isinstance(outcome, Uncertain if kit.shows(fault, "reserve") else Done)
    assert settled(provider, kit, sandbox).word is W.RESERVED
    assert sandbox.ledger().count("reserved") == 1


@pytest.mark.parametrize("operation", ["confirm", "cancel", "status"])
@pytest.mark.parametrize("fault", ["wrong_key", "unknown_word"])
def test_an_answer_about_another_key_or_in_unknown_words_proves_nothing(
    kit: Kit, provider: TopUpProvider, sandbox: SandboxControl, fault: str, operation: str
) -> None:
    call = prepare(operation, kit, provider)
    sandbox.fault(fault, operation)
    assert isinstance(call(provider), Uncertain if kit.shows(fault, operation) else Done)


def test_a_closed_port_sent_nothing(kit: Kit) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    provider = kit.build(f"http://127.0.0.1:{port}", None)
    calls: list[Callable[[], Outcome[object]]] = [
        lambda: provider.reserve(kit.request()),
        lambda: provider.confirm(kit.ref()),
        lambda: provider.cancel(kit.ref()),
        lambda: provider.status(kit.ref()),
        provider.offers,
        provider.pendings,
        provider.balance,
    ]
    for call in calls:
        assert isinstance(call(), NotSent)


def test_a_closed_adapter_sends_nothing(kit: Kit, provider: TopUpProvider, sandbox: SandboxControl) -> None:
    provider.close()
    assert isinstance(provider.reserve(kit.request()), NotSent)
    assert sandbox.ledger().rows == []


def test_a_provider_that_breaks_its_promise_is_asked_only_once(
    kit: Kit, provider: TopUpProvider, sandbox: SandboxControl
) -> None:
    """A known key taken as new (facts/topup.md §9): one call, one effect; the adapter adds none."""
    held = done(provider.reserve(kit.request()))
    done(provider.confirm(kit.ref(held)))
    before = sandbox.ledger()
    sandbox.fault("duplicate", "reserve")
    provider.reserve(kit.request())
    assert sandbox.ledger().count("reserved") == before.count("reserved") + 1
    assert sandbox.ledger().credits == before.credits
