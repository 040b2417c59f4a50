"""What other PSPs may answer: read with patience, believed only where it proves something."""

import json
from datetime import UTC, datetime

import pytest

from pos_tui.domain import brcode
from pos_tui.domain.outcome import Done, Outcome, RefusalClass, Refused, Uncertain
from pos_tui.domain.payment import PaymentWord
from pos_tui.providers.pix.bcb import ChargeRequest
from pos_tui.providers.pix.charge import Charge
from tests.providers.canned import CannedServer
from tests.providers.pix.conftest import AMOUNT, OTHER, TXID, psp

PROBLEM = "https://pix.bcb.gov.br/api/v2/error/"
END_TO_END = "E00000000202611231015000000000a1"


def answered(canned: CannedServer, **changed: object) -> Outcome[Charge]:
    body: dict[str, object] = {
        "txid": TXID,
        "status": "ATIVA",
        "valor": {"original": "41.70"},
        "calendario": {"criacao": "2026-11-23T10:00:00.000Z", "expiracao": 600},
        "location": "pix.example.com/qr/v2/1",
        **changed,
    }
    _token(canned)
    canned.will_say(json.dumps(body).encode())
    return psp(canned.url).find(TXID, AMOUNT)


def _token(canned: CannedServer, token: str = "abc") -> None:
    canned.will_say(json.dumps({"access_token": token, "expires_in": 300}).encode())


def test_our_own_code_to_the_same_address_when_none_is_sent(canned: CannedServer) -> None:
    outcome = answered(canned)
    assert isinstance(outcome, Done)
    code = brcode.parse(outcome.answer.code)
    assert (code.url, code.name, code.city) == ("pix.example.com/qr/v2/1", "Loja 52", "Campo Grande")
    assert outcome.answer.expires_at == datetime(2026, 11, 23, 10, 10, tzinfo=UTC)


@pytest.mark.parametrize("sent", ["\x1b[2J", "00020126", "x" * 600, 7])
def test_a_code_that_is_none_is_never_shown(canned: CannedServer, sent: object) -> None:
    outcome = answered(canned, pixCopiaECola=sent, location=None)
    assert isinstance(outcome, Done) and outcome.answer.code == ""


@pytest.mark.parametrize(
    "changed",
    [
        {"txid": OTHER},
        {"status": "REMOVIDO_PELO_PSP"},
        {"status": "CONCLUÍDA"},
        {"valor": {"original": "41.71"}},
        {"valor": {"original": 41.7}},
        {"valor": None},
        {"calendario": None},
        {"status": "CONCLUIDA", "pix": [{"endToEndId": END_TO_END, "valor": "41.00"}]},
        {"status": "CONCLUIDA", "pix": [{"endToEndId": END_TO_END, "valor": "41.70", "txid": OTHER}]},
    ],
)
def test_what_does_not_fit_is_uncertain(canned: CannedServer, changed: dict[str, object]) -> None:
    assert isinstance(answered(canned, **changed), Uncertain)


def test_a_charge_removed_by_the_bank_and_one_without_its_pix(canned: CannedServer) -> None:
    removed = answered(canned, status="REMOVIDA_PELO_PSP")
    assert isinstance(removed, Done) and removed.answer.word is PaymentWord.CANCELLED
    canned.answers.clear()
    done = answered(canned, status="CONCLUIDA", calendario={"expiracao": "600"})
    assert isinstance(done, Done) and done.answer.word is PaymentWord.CONFIRMED
    assert (done.answer.end_to_end, done.answer.expires_at) == ("", None)


def test_d30_a_stale_token_is_renewed_once(canned: CannedServer) -> None:
    _token(canned, "velho")
    canned.will_say(b"{}", "401 Unauthorized")
    outcome = answered(canned)
    assert isinstance(outcome, Done)
    authorisations = [head for head in canned.heads if b"Bearer" in head]
    assert b"Bearer velho" in authorisations[0] and b"Bearer abc" in authorisations[1]
    assert len(canned.heads) == 4


@pytest.mark.parametrize(
    ("status", "violation", "reason"),
    [
        ("400 Bad Request", "cob.valor.original", RefusalClass.DATA),
        ("400 Bad Request", "cob.status", RefusalClass.STATE),
        ("400 Bad Request", "", RefusalClass.STATE),
        ("403 Forbidden", "", RefusalClass.STORE_ACCOUNT),
        ("404 Not Found", "", RefusalClass.NOT_FOUND),
        ("429 Too Many Requests", "", RefusalClass.TRANSIENT),
        ("409 Conflict", "", RefusalClass.STATE),
    ],
)
def test_problems(canned: CannedServer, status: str, violation: str, reason: RefusalClass) -> None:
    problem = {
        "type": PROBLEM + "CobOperacaoInvalida",
        "title": "Cobrança inválida.",
        "status": 400,
        "violacoes": [{"propriedade": violation, "razao": "r"}],
    }
    _token(canned)
    canned.will_say(json.dumps(problem).encode(), status)
    outcome = psp(canned.url).create(ChargeRequest(TXID, AMOUNT))
    assert outcome == Refused(reason, "CobOperacaoInvalida", "Cobrança inválida.")


@pytest.mark.parametrize(
    "status", ["400 Bad Request", "404 Not Found", "302 Found", "503 Service Unavailable"]
)
def test_a_no_that_the_api_did_not_say_proves_nothing(canned: CannedServer, status: str) -> None:
    for body in (b"{}", b'{"type": 1}', b"<html>", b'["type"]'):
        canned.answers.clear()
        _token(canned)
        canned.will_say(body, status)
        assert isinstance(psp(canned.url).create(ChargeRequest(TXID, AMOUNT)), Uncertain)


@pytest.mark.parametrize(
    ("status", "word", "failed"),
    [
        ("EM_PROCESSAMENTO", PaymentWord.CONFIRMED, False),
        ("DEVOLVIDO", PaymentWord.REFUNDED, False),
        ("NAO_REALIZADO", PaymentWord.CONFIRMED, True),
    ],
)
def test_states_of_a_refund(canned: CannedServer, status: str, word: PaymentWord, failed: bool) -> None:
    _token(canned)
    body = {"id": "dev1", "rtrId": "D" * 32, "valor": "41.70", "status": status, "motivo": "conta encerrada"}
    canned.will_say(json.dumps(body).encode(), "201 Created")
    outcome = psp(canned.url).refund(END_TO_END, "dev1", AMOUNT)
    assert isinstance(outcome, Done)
    assert (outcome.answer.word, outcome.answer.failed) == (word, failed)


@pytest.mark.parametrize("changed", [{"id": "dev2"}, {"valor": "0.01"}, {"status": "DEVOLVIDA"}])
def test_a_refund_that_does_not_fit_is_uncertain(canned: CannedServer, changed: dict[str, str]) -> None:
    _token(canned)
    body = {"id": "dev1", "valor": "41.70", "status": "DEVOLVIDO", **changed}
    canned.will_say(json.dumps(body).encode())
    assert isinstance(psp(canned.url).find_refund(END_TO_END, "dev1", AMOUNT), Uncertain)
