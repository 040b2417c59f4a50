"""The adapter against the practice platform and canned answers: what is asked, what each answer proves."""

import json
from collections.abc import Iterator

import pytest

from pos_tui.domain.outcome import Done, NotSent, RefusalClass, Refused, Uncertain
from pos_tui.domain.recurring import Absent, Agreement, ChargeWord
from pos_tui.providers.recurring.asaas import Asaas, Person, Plan
from pos_tui.providers.recurring.asaas_reading import WORDS
from pos_tui.providers.sandbox import ASAAS_PATH, KEY
from tests.providers.canned import CannedServer
from tests.sandbox import SandboxControl

PLAN = Plan("ref-1", "cus_1", 12_990, 3, "2027-01-31", "OS 1: Corte [x]")
PERSON = Person("c1", "Maria Souza", "52998224725", "67999991234")


@pytest.fixture
def asaas(sandbox: SandboxControl) -> Iterator[Asaas]:
    """An account on the practice platform."""
    account = Asaas(sandbox.url + ASAAS_PATH, lambda: KEY)
    yield account
    account.close()


def test_a_customer_is_found_by_document_once_registered(asaas: Asaas) -> None:
    assert asaas.find_customer(PERSON.document) == Done("")
    made = asaas.create_customer(PERSON)
    assert isinstance(made, Done)
    assert asaas.find_customer(PERSON.document) == made


def test_a_customer_without_document_is_refused_by_field(asaas: Asaas) -> None:
    refused = asaas.create_customer(Person("c1", "Maria", ""))
    assert isinstance(refused, Refused) and refused.reason is RefusalClass.DATA
    assert refused.code == "invalid_cpfCnpj"


def test_a_subscription_is_made_found_read_and_removed(asaas: Asaas) -> None:
    assert asaas.find(PLAN.reference) == Done(Absent())
    made = asaas.create(PLAN)
    assert isinstance(made, Done) and made.answer.active
    assert asaas.find(PLAN.reference) == made
    charges = asaas.charges(made.answer.ref)
    assert isinstance(charges, Done)
    first = charges.answer[0]
    assert (first.value, first.due, first.word) == (12_990, "2027-01-31", ChargeWord.WAITING)
    assert first.link
    assert asaas.remove(made.answer.ref) == Done(None)
    gone = asaas.read(made.answer.ref, PLAN.reference)
    assert isinstance(gone, Done) and gone.answer.gone


def test_the_first_charge_takes_another_value(asaas: Asaas) -> None:
    made = asaas.create(PLAN)
    assert isinstance(made, Done)
    charges = asaas.charges(made.answer.ref)
    assert isinstance(charges, Done)
    changed = asaas.set_value(charges.answer[0], 13_001, made.answer.ref)
    assert isinstance(changed, Done) and changed.answer.value == 13_001


@pytest.mark.parametrize(
    "kind", ["lost", "truncated", "bad_gateway", "garbage", "empty", "html", "unknown_word"]
)
def test_an_answer_that_proves_nothing_is_uncertain(asaas: Asaas, sandbox: SandboxControl, kind: str) -> None:
    sandbox.fault(kind, "reserve")
    assert isinstance(asaas.create(PLAN), Uncertain)
    found = asaas.find(PLAN.reference)
    assert isinstance(found, Done) and isinstance(found.answer, Agreement)


@pytest.mark.parametrize("kind", ["unknown_word", "wrong_key", "odd_money"])
def test_charges_that_cannot_be_read_settle_nothing(asaas: Asaas, sandbox: SandboxControl, kind: str) -> None:
    made = asaas.create(PLAN)
    assert isinstance(made, Done)
    sandbox.fault(kind, "status")
    assert isinstance(asaas.charges(made.answer.ref), Uncertain)


def test_nothing_leaves_for_a_platform_that_is_not_there() -> None:
    account = Asaas("http://127.0.0.1:9/v3", lambda: KEY)
    assert isinstance(account.create(PLAN), NotSent)


def test_the_quota_asks_for_a_rest(asaas: Asaas, sandbox: SandboxControl) -> None:
    assert asaas.rest() == 0
    sandbox.fault("throttled", "status", seconds=30)
    limited = asaas.find("ref-1")
    assert isinstance(limited, Refused) and limited.reason is RefusalClass.TRANSIENT
    assert 0 < asaas.rest() <= 30


def test_a_wrong_key_is_the_managers(sandbox: SandboxControl) -> None:
    refused = Asaas(sandbox.url + ASAAS_PATH, lambda: "outra").find("ref-1")
    assert isinstance(refused, Refused) and refused.reason is RefusalClass.STORE_ACCOUNT


def test_amounts_leave_as_exact_decimals_and_secrets_in_their_header(canned: CannedServer) -> None:
    canned.will_say(b'{"id": "sub_1", "status": "ACTIVE", "externalReference": "ref-1", "deleted": false}')
    account = Asaas(canned.url, lambda: "$aact_hmlg_x")
    assert isinstance(account.create(PLAN), Done)
    (body,), (head,) = canned.bodies, canned.heads
    assert b'"value": 129.90' in body
    assert json.loads(body)["maxPayments"] == 3
    assert b"access_token: $aact_hmlg_x\r\n" in head
    assert "aact" not in repr(account)


@pytest.mark.parametrize(("status", "word"), WORDS.items())
def test_every_status_has_its_word(canned: CannedServer, status: str, word: ChargeWord) -> None:
    charge = {
        "id": "pay_1",
        "subscription": "sub_1",
        "status": status,
        "value": 129.9,
        "dueDate": "2027-01-31",
    }
    canned.will_say(json.dumps(charge).encode())
    read = Asaas(canned.url, lambda: KEY).charge("pay_1", "sub_1")
    assert isinstance(read, Done)
    assert (read.answer.word, read.answer.value, read.answer.link) == (word, 12_990, "")


@pytest.mark.parametrize(
    ("refund", "word"),
    [
        ("PENDING", ChargeWord.RETURNING),
        ("AWAITING_CRITICAL_ACTION_AUTHORIZATION", ChargeWord.RETURNING),
        ("AWAITING_CUSTOMER_EXTERNAL_AUTHORIZATION", ChargeWord.RETURNING),
        ("CANCELLED", ChargeWord.CONFIRMED),
    ],
)
def test_a_refund_under_way_shows_before_the_status_does(
    canned: CannedServer, refund: str, word: ChargeWord
) -> None:
    charge = {
        "id": "pay_1",
        "subscription": "sub_1",
        "status": "CONFIRMED",
        "value": 129.9,
        "refunds": [{"status": refund}],
    }
    canned.will_say(json.dumps(charge).encode())
    read = Asaas(canned.url, lambda: KEY).charge("pay_1", "sub_1")
    assert isinstance(read, Done) and read.answer.word is word


def test_a_list_cut_short_is_uncertain(canned: CannedServer) -> None:
    canned.will_say(b'{"data": [], "hasMore": true}')
    assert isinstance(Asaas(canned.url, lambda: KEY).find("ref-1"), Uncertain)


def test_a_link_that_is_no_address_is_not_shown(canned: CannedServer) -> None:
    charge = {
        "id": "pay_1",
        "subscription": "sub_1",
        "status": "PENDING",
        "value": 1,
        "invoiceUrl": "javascript:x",
    }
    canned.will_say(json.dumps(charge).encode())
    read = Asaas(canned.url, lambda: KEY).charge("pay_1", "sub_1")
    assert isinstance(read, Done) and read.answer.link == ""
