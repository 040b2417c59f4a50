"""DT One's wire format: the class decides, and CONFIRMED is not COMPLETED (facts/topup.md §8)."""

import json
from datetime import UTC, datetime

import pytest

from pos_tui.domain.outcome import Done, NotSent, RefusalClass, Refused, Uncertain
from pos_tui.domain.phone import Mobile
from pos_tui.domain.topup import Balance, Offer, RemoteWord, ReserveRequest, Standing
from pos_tui.providers.base import ReserveRef
from pos_tui.providers.sandbox import USER
from pos_tui.providers.topup.codes import DTONE
from pos_tui.providers.topup.dtone import DtOneProvider
from tests.providers import kits
from tests.providers.canned import CannedServer
from tests.sandbox import SandboxControl

REF = ReserveRef("loja-1", "2200001")
REQUEST = ReserveRequest("loja-1", Mobile("67", "999998888"), "1596", "7003", 1500, "PDV-1", "Ana")


@pytest.fixture
def dtone(canned: CannedServer) -> DtOneProvider:
    return DtOneProvider(f"{canned.url}/v1", "chave", lambda: "segredo")


def say(canned: CannedServer, content: object, status: str = "200 OK", headers: str = "") -> None:
    canned.will_say(json.dumps(content).encode(), status, headers)


def transaction(number: int = 1, message: str = "CREATED", **changes: object) -> dict[str, object]:
    base: dict[str, object] = {
        "id": 2200001,
        "external_id": "loja-1",
        "confirmation_expiration_date": "2026-01-15T16:00:00.000000Z",
        "status": {"id": number * 10000, "message": message, "class": {"id": number, "message": message}},
        "operator_reference": "OP-9",
        "credit_party_identifier": {"mobile_number": "+5567999998888"},
        "product": {"id": 7003},
        "prices": {"wholesale": {"amount": 14.475, "unit": "BRL"}, "retail": {"amount": 3, "unit": "USD"}},
        "benefits": [{"type": "CREDITS", "unit": "BRL", "amount": {"base": 15, "total_excluding_tax": 15}}],
    }
    return base | changes


def errors(code: str) -> dict[str, object]:
    return {"errors": [{"code": int(code), "message": "No"}]}


def test_a_reserve_on_the_wire(dtone: DtOneProvider, canned: CannedServer) -> None:
    say(canned, transaction(), "201 Created")
    assert dtone.reserve(REQUEST) == Done(
        Standing(
            "loja-1",
            RemoteWord.RESERVED,
            provider_ref="2200001",
            nsu="OP-9",
            line="67999998888",
            face=1500,
            cost=1448,
            expires_at=datetime(2026, 1, 15, 16, tzinfo=UTC),
        )
    )
    assert canned.heads[0].startswith(b"POST /v1/async/transactions HTTP/1.1")
    assert b"Basic Y2hhdmU6c2VncmVkbw==" in canned.heads[0]
    assert json.loads(canned.bodies[0]) == {
        "external_id": "loja-1",
        "product_id": 7003,
        "auto_confirm": False,
        "credit_party_identifier": {"mobile_number": "+5567999998888"},
    }


def test_a_free_value_names_what_arrives(sandbox: SandboxControl) -> None:
    provider = kits.dtone(sandbox.url)
    outcome = provider.offers()
    assert isinstance(outcome, Done)
    offer = next(offer for offer in outcome.answer if offer.face == 0)
    request = ReserveRequest(
        "loja-2", Mobile("67", "999998888"), offer.operator, offer.product, 1500, "1", "Ana", variable=True
    )
    assert kits.done(provider.reserve(request)).face == 1500


@pytest.mark.parametrize(
    "changes",
    [
        {"external_id": "loja-2"},
        {"external_id": None},
        {"id": None},
        {"credit_party_identifier": {"mobile_number": "+5567999998889"}},
        {"product": {"id": 7004}},
        {"benefits": [{"type": "CREDITS", "unit": "BRL", "amount": {"base": 150}}]},
        {"status": {"message": "CREATED"}},
        {"status": {"class": {"id": 6, "message": "CREATED"}}},
    ],
)
def test_a_reserve_of_something_else_is_not_believed(
    dtone: DtOneProvider, canned: CannedServer, changes: dict[str, object]
) -> None:
    say(canned, transaction(**changes), "201 Created")  # type: ignore[arg-type]
    assert isinstance(dtone.reserve(REQUEST), Uncertain)


def test_what_a_transaction_does_not_repeat_is_not_missed(dtone: DtOneProvider, canned: CannedServer) -> None:
    say(canned, transaction(credit_party_identifier=None, product=None, benefits=None), "201 Created")
    assert isinstance(dtone.reserve(REQUEST), Done)


@pytest.mark.parametrize(
    ("number", "word"),
    [
        (1, RemoteWord.RESERVED),
        (2, RemoteWord.PROCESSING),
        (3, RemoteWord.REFUSED),
        (4, RemoteWord.CANCELLED),
        (5, RemoteWord.PROCESSING),
        (7, RemoteWord.CONFIRMED),
        (8, RemoteWord.REVERSED),
        (9, RemoteWord.REFUSED),
        (6, None),
        (0, None),
        (70000, None),
    ],
)
def test_the_class_decides_and_not_its_words(
    dtone: DtOneProvider, canned: CannedServer, number: int, word: RemoteWord | None
) -> None:
    say(canned, transaction(number, "COMPLETED"))
    outcome = dtone.status(REF)
    if word is None:
        assert isinstance(outcome, Uncertain)
    else:
        assert isinstance(outcome, Done)
        assert outcome.answer.word is word


def test_a_confirmation_is_final_only_when_completed(sandbox: SandboxControl) -> None:
    provider = kits.dtone(sandbox.url)
    held = kits.done(provider.reserve(REQUEST))
    ref = ReserveRef("loja-1", held.provider_ref)
    assert kits.done(provider.confirm(ref)).word is RemoteWord.PROCESSING
    assert kits.done(provider.status(ref)).word is RemoteWord.PROCESSING
    assert sandbox.ledger().credits == {}
    sandbox.advance(10)
    assert kits.done(provider.status(ref)).word is RemoteWord.CONFIRMED
    assert sandbox.ledger().credits == {"67999998888": (1, 1500)}


def test_a_confirmed_one_may_still_be_declined(sandbox: SandboxControl) -> None:
    provider = kits.dtone(sandbox.url)
    held = kits.done(
        provider.reserve(
            ReserveRequest("loja-1", Mobile("99", "999980003"), "2088", "7003", 1500, "1", "Ana")
        )
    )
    ref = ReserveRef("loja-1", held.provider_ref)
    kits.done(provider.confirm(ref))
    sandbox.advance(10)
    assert kits.done(provider.status(ref)).word is RemoteWord.REFUSED
    assert sandbox.ledger().credits == {}


@pytest.mark.parametrize(
    ("message", "reason", "code"),
    [
        ("REJECTED-INVALID-CREDIT-PARTY", RefusalClass.DATA, "INVALID-CREDIT-PARTY"),
        ("REJECTED-INSUFFICIENT-BALANCE", RefusalClass.STORE_ACCOUNT, "INSUFFICIENT-BALANCE"),
        ("DECLINED-BARRED-CREDIT-PARTY", RefusalClass.LINE, "BARRED-CREDIT-PARTY"),
        ("REJECTED", RefusalClass.UNKNOWN, "REJECTED"),
    ],
)
def test_why_it_was_rejected_is_named_as_the_table_does(
    dtone: DtOneProvider, canned: CannedServer, message: str, reason: RefusalClass, code: str
) -> None:
    say(canned, transaction(3, message), "201 Created")
    say(canned, transaction(9, message))
    outcome = dtone.reserve(REQUEST)
    assert isinstance(outcome, Refused)
    assert (outcome.reason, outcome.code) == (reason, code)
    assert kits.done(dtone.status(REF)).refusal == outcome


@pytest.mark.parametrize("code", sorted(DTONE))
def test_every_code_of_the_table(dtone: DtOneProvider, canned: CannedServer, code: str) -> None:
    say(canned, errors(code), "400 Bad Request")
    outcome = dtone.reserve(REQUEST)
    reason = DTONE[code].reason
    if reason is None:
        assert isinstance(outcome, Uncertain)
    else:
        assert outcome == Refused(reason, code, "No")


def test_already_done_is_what_was_asked_for(dtone: DtOneProvider, canned: CannedServer) -> None:
    say(canned, errors("1007002"), "400 Bad Request")
    say(canned, errors("1007005"), "400 Bad Request")
    say(canned, errors("1007005"), "400 Bad Request")
    say(canned, errors("1007007"), "400 Bad Request")
    assert dtone.confirm(REF) == Done(Standing("loja-1", RemoteWord.PROCESSING, "2200001"))
    assert dtone.cancel(REF) == Done(Standing("loja-1", RemoteWord.CANCELLED, "2200001"))
    for opposite in (dtone.confirm(REF), dtone.cancel(REF)):
        assert isinstance(opposite, Refused)
        assert opposite.reason is RefusalClass.STATE


def test_decisions_on_the_wire(dtone: DtOneProvider, canned: CannedServer) -> None:
    say(canned, transaction(2, "CONFIRMED"), "202 Accepted")
    say(canned, transaction(4, "CANCELLED"), "202 Accepted")
    assert kits.done(dtone.confirm(REF)).word is RemoteWord.PROCESSING
    assert kits.done(dtone.cancel(REF)).word is RemoteWord.CANCELLED
    assert canned.heads[0].startswith(b"POST /v1/async/transactions/2200001/confirm HTTP/1.1")
    assert canned.heads[1].startswith(b"POST /v1/transactions/2200001/cancel HTTP/1.1")


@pytest.mark.parametrize("decision", ["confirm", "cancel"])
@pytest.mark.parametrize(
    "content",
    [transaction(), transaction(2, external_id="x"), transaction(4, id=1), {}, []],
    ids=["still created", "another key", "another number", "empty", "list"],
)
def test_a_decision_that_is_not_proved(
    dtone: DtOneProvider, canned: CannedServer, decision: str, content: object
) -> None:
    """202 alone proves nothing."""
    say(canned, content, "202 Accepted")
    assert isinstance(getattr(dtone, decision)(REF), Uncertain)


@pytest.mark.parametrize("decision", ["confirm", "cancel"])
def test_a_decision_without_their_number_is_not_sent(
    dtone: DtOneProvider, canned: CannedServer, decision: str
) -> None:
    assert isinstance(getattr(dtone, decision)(ReserveRef("loja-1")), NotSent)
    assert not canned.heads


def test_two_transactions_of_one_key_prove_nothing(dtone: DtOneProvider, canned: CannedServer) -> None:
    say(canned, [transaction(), transaction(7)])
    assert isinstance(dtone.status(ReserveRef("loja-1")), Uncertain)


def test_their_number_cannot_lead_elsewhere(dtone: DtOneProvider, canned: CannedServer) -> None:
    say(canned, transaction())
    dtone.status(ReserveRef("loja-1", "../balances?x=/"))
    assert canned.heads[0].startswith(b"GET /v1/transactions/..%2Fbalances%3Fx%3D%2F HTTP/1.1")


def test_lists_are_read_to_the_last_page(dtone: DtOneProvider, canned: CannedServer) -> None:
    pages = "X-Total-Pages: 2\r\n"
    say(canned, [transaction()], headers=pages)
    say(canned, [transaction(external_id="loja-2")], headers=pages)
    outcome = dtone.pendings()
    assert isinstance(outcome, Done)
    assert [row.key for row in outcome.answer] == ["loja-1", "loja-2"]
    assert [b"page=1" in canned.heads[0], b"page=2" in canned.heads[1]] == [True, True]


def test_a_list_without_end_is_given_up(dtone: DtOneProvider, canned: CannedServer) -> None:
    say(canned, [transaction()], headers="X-Total-Pages: 99999\r\n")
    assert isinstance(dtone.pendings(), Uncertain)
    assert len(canned.heads) == 50


def test_a_list_of_pendings_holds_only_pendings(dtone: DtOneProvider, canned: CannedServer) -> None:
    say(canned, [transaction(), transaction(7)])
    assert isinstance(dtone.pendings(), Uncertain)


def test_a_balance_in_reais_or_none(dtone: DtOneProvider, canned: CannedServer) -> None:
    account = {"available": 48.255, "holding": 1, "credit_limit": 0, "unit": "BRL"}
    say(canned, [account])
    say(canned, account)
    say(canned, [account | {"unit": "USD"}])
    say(canned, [account, account])
    assert dtone.balance() == Done(Balance(0, 4826))
    assert dtone.balance() == Done(Balance(0, 4826))
    dollars = dtone.balance()
    assert isinstance(dollars, Uncertain)
    assert "USD" in dollars.why
    assert isinstance(dtone.balance(), Uncertain)


def product(**changes: object) -> dict[str, object]:
    base: dict[str, object] = {
        "id": 7003,
        "name": "VIVO 15",
        "type": "FIXED_VALUE_RECHARGE",
        "operator": {"id": 1596, "name": "Vivo Brazil"},
        "destination": {"unit_type": "CURRENCY", "unit": "BRL", "amount": 15},
        "prices": {"wholesale": {"amount": 2.9, "unit": "USD"}},
        "validity": {"unit": "DAY", "quantity": 30},
    }
    return base | changes


def test_products_as_offers(dtone: DtOneProvider, canned: CannedServer) -> None:
    ranged = {"unit": "BRL", "amount": {"min": 10, "max": 300}}
    say(
        canned,
        [
            product(),
            product(id=1, type="RANGED_VALUE_RECHARGE", destination=ranged, validity=None),
            product(id=2, destination={"unit": "USD", "amount": 3}),
            product(id=3, type="FIXED_VALUE_PIN_PURCHASE"),
            product(id=4, type="RANGED_VALUE_RECHARGE"),
            product(id=None),
            "nonsense",
        ],
    )
    assert dtone.offers() == Done(
        (
            Offer("1596", "Vivo Brazil", "7003", "VIVO 15", 1500, validity_days=30),
            Offer("1596", "Vivo Brazil", "1", "VIVO 15", 0, minimum=1000, maximum=30000),
        )
    )


def test_wrong_credentials_are_the_manager_s_affair(sandbox: SandboxControl) -> None:
    provider = DtOneProvider(f"{sandbox.url}/v1", USER, lambda: "errada")
    outcome = provider.reserve(REQUEST)
    assert isinstance(outcome, Refused)
    assert outcome.reason is RefusalClass.STORE_ACCOUNT
    assert "errada" not in repr(provider) + repr(vars(provider))


@pytest.mark.parametrize(("key", "product_id"), [("", "7003"), ("x" * 41, "7003"), ("loja-1", "V1500")])
def test_a_key_that_dt_one_cannot_hold_is_never_sent(
    dtone: DtOneProvider, canned: CannedServer, key: str, product_id: str
) -> None:
    outcome = dtone.reserve(
        ReserveRequest(key, REQUEST.line, REQUEST.operator, product_id, 1500, "PDV-1", "Ana")
    )
    assert isinstance(outcome, Refused)
    assert outcome.reason is RefusalClass.INTERNAL
    assert not canned.heads
