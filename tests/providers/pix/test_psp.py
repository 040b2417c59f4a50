"""The contract of a Pix charge, proved through the sandbox: one effect, known or said to be unknown."""

from urllib.error import HTTPError

import pytest

from pos_tui.domain import brcode
from pos_tui.domain.outcome import Done, NotSent, Outcome, RefusalClass, Refused, Uncertain
from pos_tui.domain.payment import Decision as Decided
from pos_tui.domain.payment import PaymentState, PaymentWord, after_charge, after_query
from pos_tui.providers.pix.bcb import ChargeRequest
from pos_tui.providers.pix.charge import Charge, Refund
from tests.providers.pix.conftest import AMOUNT, OTHER, PIX_KEY, TXID, psp
from tests.sandbox import SandboxControl

REQUEST = ChargeRequest(TXID, AMOUNT, message="Venda 17")
WAITING, CONFIRMED, CANCELLED = PaymentWord.WAITING, PaymentWord.CONFIRMED, PaymentWord.CANCELLED
AFTER_THE_EFFECT = [
    "lost",
    "truncated",
    "bad_gateway",
    "garbage",
    "empty",
    "html",
    "unknown_word",
    "wrong_amount",
]


def charge(outcome: Outcome[Charge]) -> Charge:
    assert isinstance(outcome, Done), outcome
    return outcome.answer


def refund(outcome: Outcome[Refund]) -> Refund:
    assert isinstance(outcome, Done), outcome
    return outcome.answer


def paid(sandbox: SandboxControl) -> int:
    """Centavos that customers paid and did not get back."""
    sign = {"pix": 1, "devolucao": -1}
    return sum(sign[line.partition("/")[0]] * total for line, (_, total) in sandbox.ledger().credits.items())


def test_a_charge_is_shown_paid_and_found(sandbox: SandboxControl) -> None:
    bank = psp(sandbox.url)
    made = charge(bank.create(REQUEST))
    assert (made.word, made.amount, made.txid) == (WAITING, AMOUNT, TXID)
    code = brcode.parse(made.code)
    assert code.url is not None and code.url.endswith(TXID) and code.single_use
    assert charge(bank.find(TXID, AMOUNT)).word is WAITING
    sandbox.pay(TXID)
    found = charge(bank.find(TXID, AMOUNT))
    assert found.word is CONFIRMED and len(found.end_to_end) == 32
    assert paid(sandbox) == AMOUNT


def test_a_charge_past_its_time_still_waits_until_it_is_removed(sandbox: SandboxControl) -> None:
    bank = psp(sandbox.url)
    made = charge(bank.create(REQUEST))
    assert made.expires_at is not None
    sandbox.advance(601)
    assert charge(bank.find(TXID, AMOUNT)).word is WAITING, "expiry is no status"
    with pytest.raises(HTTPError):
        sandbox.pay(TXID)
    assert charge(bank.remove(TXID, AMOUNT)).word is CANCELLED
    assert charge(bank.find(TXID, AMOUNT)).word is CANCELLED


def test_a_removed_charge_cannot_be_paid(sandbox: SandboxControl) -> None:
    bank = psp(sandbox.url)
    charge(bank.create(REQUEST))
    charge(bank.remove(TXID, AMOUNT))
    with pytest.raises(HTTPError):
        sandbox.pay(TXID)
    assert paid(sandbox) == 0


def test_removing_loses_the_race_with_the_customer(sandbox: SandboxControl) -> None:
    bank = psp(sandbox.url)
    charge(bank.create(REQUEST))
    sandbox.pay(TXID)
    lost = bank.remove(TXID, AMOUNT)
    assert isinstance(lost, Refused) and lost.reason is RefusalClass.STATE
    asked = bank.find(TXID, AMOUNT)
    assert after_query(PaymentState.SENT, Decided.CANCEL, asked) is PaymentState.CONFIRMED


def test_the_same_txid_never_charges_twice(sandbox: SandboxControl) -> None:
    bank = psp(sandbox.url)
    first, second = charge(bank.create(REQUEST)), charge(bank.create(REQUEST))
    assert first == second
    sandbox.pay(TXID)
    again = bank.create(REQUEST)
    assert isinstance(again, Refused) and again.reason is RefusalClass.STATE
    assert after_charge(again) is PaymentState.UNCERTAIN, "it may be paid: ask, never call it refused"
    assert sandbox.ledger().count("reserved") == 1
    assert paid(sandbox) == AMOUNT


@pytest.mark.parametrize("fault", [*AFTER_THE_EFFECT, "wrong_key"])
def test_a_lost_answer_is_found_by_asking(sandbox: SandboxControl, fault: str) -> None:
    bank = psp(sandbox.url)
    sandbox.fault(fault, "reserve")
    outcome = bank.create(REQUEST)
    assert isinstance(outcome, Uncertain), outcome
    assert after_charge(outcome) is PaymentState.UNCERTAIN
    assert charge(bank.find(TXID, AMOUNT)).word is WAITING
    assert sandbox.ledger().count("reserved") == 1


@pytest.mark.parametrize("fault", ["down", "reset"])
def test_what_never_arrived_is_absent(sandbox: SandboxControl, fault: str) -> None:
    bank = psp(sandbox.url)
    sandbox.fault(fault, "reserve")
    outcome = bank.create(REQUEST)
    assert isinstance(outcome, Uncertain), outcome
    asked = bank.find(TXID, AMOUNT)
    assert charge(asked).word is PaymentWord.ABSENT
    assert after_query(PaymentState.UNCERTAIN, Decided.NONE, asked) is PaymentState.CREATED


@pytest.mark.parametrize("fault", AFTER_THE_EFFECT)
def test_a_refund_whose_answer_was_lost_is_sent_again(sandbox: SandboxControl, fault: str) -> None:
    bank = psp(sandbox.url)
    charge(bank.create(REQUEST))
    sandbox.pay(TXID)
    end_to_end = charge(bank.find(TXID, AMOUNT)).end_to_end
    sandbox.fault(fault, "refund", times=None)
    assert isinstance(bank.refund(end_to_end, "dev1", AMOUNT), Uncertain)
    sandbox.clear()
    assert refund(bank.find_refund(end_to_end, "dev1", AMOUNT)).word is PaymentWord.REFUNDED
    assert refund(bank.refund(end_to_end, "dev1", AMOUNT)).word is PaymentWord.REFUNDED
    assert paid(sandbox) == 0


def test_g54_refunds_never_pass_what_was_paid(sandbox: SandboxControl) -> None:
    bank = psp(sandbox.url)
    charge(bank.create(REQUEST))
    sandbox.pay(TXID)
    end_to_end = charge(bank.find(TXID, AMOUNT)).end_to_end
    unknown = bank.find_refund(end_to_end, "dev1", 1000)
    assert isinstance(unknown, Refused) and unknown.reason is RefusalClass.NOT_FOUND
    refund(bank.refund(end_to_end, "dev1", 1000, "produto com defeito"))
    over = bank.refund(end_to_end, "dev2", AMOUNT)
    assert isinstance(over, Refused) and over.reason is RefusalClass.DATA
    assert paid(sandbox) == AMOUNT - 1000


def test_wrong_credentials_send_nothing(sandbox: SandboxControl) -> None:
    outcome = psp(sandbox.url, secret="outra").create(REQUEST)
    assert isinstance(outcome, Refused) and outcome.reason is RefusalClass.STORE_ACCOUNT
    assert "outra" not in repr(outcome) + repr(psp(sandbox.url, secret="outra"))
    assert sandbox.ledger().rows == []


@pytest.mark.parametrize("fault", ["down", "lost", "garbage", "empty", "html"])
def test_without_a_token_nothing_is_sent(sandbox: SandboxControl, fault: str) -> None:
    bank = psp(sandbox.url)
    sandbox.fault(fault, "token")
    assert isinstance(bank.create(REQUEST), NotSent)
    assert sandbox.ledger().rows == []
    assert charge(bank.create(REQUEST)).word is WAITING


def test_what_is_ill_formed_is_never_sent(sandbox: SandboxControl) -> None:
    bank = psp(sandbox.url)
    for outcome in (
        bank.create(ChargeRequest("curto", AMOUNT)),
        bank.create(ChargeRequest(TXID, 0)),
        bank.find("../cob", AMOUNT),
        bank.remove("", AMOUNT),
        bank.refund("E1", "dev1", AMOUNT),
        bank.refund("E" + "0" * 31, "dev/1", AMOUNT),
        bank.find_refund("E" + "0" * 31, "", AMOUNT),
    ):
        assert isinstance(outcome, Refused) and outcome.reason is RefusalClass.INTERNAL
    bank.close()
    assert isinstance(bank.find(OTHER, AMOUNT), NotSent)
    assert PIX_KEY.value == "caixa@example.com"
