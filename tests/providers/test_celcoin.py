"""Celcoin's wire format and its traps (facts/topup.md §4)."""

import json

import pytest

from pos_tui.domain.outcome import Done, NotSent, RefusalClass, Refused, Uncertain
from pos_tui.domain.phone import Mobile
from pos_tui.domain.topup import Offer, RemoteWord, ReserveRequest, Standing
from pos_tui.providers.base import ReserveRef
from pos_tui.providers.http import Exchange
from pos_tui.providers.sandbox import USER
from pos_tui.providers.topup.celcoin import CelcoinProvider
from pos_tui.providers.topup.codes import CELCOIN
from pos_tui.providers.topup.token import Token
from tests.providers import kits
from tests.providers.canned import CannedServer
from tests.sandbox import SandboxControl

OK = {"errorCode": "000", "message": "SUCESSO", "status": 0}
REF = ReserveRef("123456", "817981234", "PDV-03", "2026-01-15")
BY_KEY = ReserveRef("123456", "", "PDV-03", "2026-01-15")
REQUEST = ReserveRequest(
    "123456", Mobile("11", "998765432"), "2086", "2086-499", 499, terminal="PDV-03", seller="Ana"
)
RESERVED = {
    "NSUnameProvider": 610761,
    "authentication": 6003,
    "receipt": {"receiptData": "", "receiptformatted": "COMPROVANTE"},
    "transactionId": 817981234,
    "Urlreceipt": None,
}


@pytest.fixture
def celcoin(canned: CannedServer) -> CelcoinProvider:
    say(canned, {"access_token": "abc", "expires_in": 2400, "token_type": "bearer"})
    return CelcoinProvider(canned.url, "loja", lambda: "s&nha", document="12345678000195", ddds=("67",))


def say(canned: CannedServer, content: object, status: str = "200 OK") -> None:
    canned.will_say(json.dumps(content).encode(), status)


def transaction(**changes: object) -> dict[str, object]:
    inner: dict[str, object] = {
        "errorCode": "000",
        "message": "SUCESSO",
        "externalNSU": 123456,
        "transactionId": 817981234,
        "status": 4,
    }
    return OK | {"transaction": inner | changes}


def pendency(*keys: int) -> dict[str, object]:
    rows = [{"externalNSU": key, "transactionId": key + 1, "status": 4} for key in keys]
    return OK | {"pendings": {"transactions": rows}}


def test_a_reserve_on_the_wire(celcoin: CelcoinProvider, canned: CannedServer) -> None:
    """The finished-looking receipt is not passed on: nothing is credited yet."""
    say(canned, OK | RESERVED)
    outcome = celcoin.reserve(REQUEST)
    assert outcome == Done(
        Standing("123456", RemoteWord.RESERVED, provider_ref="817981234", nsu="610761", message="")
    )
    assert canned.bodies[0] == b"client_id=loja&client_secret=s%26nha&grant_type=client_credentials"
    assert canned.heads[1].startswith(b"POST /v5/transactions/topups HTTP/1.1")
    assert b"Bearer abc" in canned.heads[1]
    assert json.loads(canned.bodies[1]) == {
        "externalTerminal": "PDV-03",
        "externalNsu": 123456,
        "topupData": {"value": 4.99},
        "cpfCnpj": "12345678000195",
        "signerCode": None,
        "providerId": 2086,
        "phone": {"stateCode": 11, "countryCode": 55, "number": "998765432"},
    }


@pytest.mark.parametrize(
    ("decision", "line"),
    [
        ("confirm", b"PUT /v5/transactions/topups/817981234/capture HTTP/1.1"),
        ("cancel", b"DELETE /v5/transactions/topups/817981234/void HTTP/1.1"),
    ],
)
def test_a_decision_names_both_numbers(
    celcoin: CelcoinProvider, canned: CannedServer, decision: str, line: bytes
) -> None:
    """NSU in capitals here; and a DELETE with a body."""
    say(canned, OK)
    assert isinstance(getattr(celcoin, decision)(REF), Done)
    assert canned.heads[1].startswith(line)
    assert json.loads(canned.bodies[1]) == {"externalNSU": 123456, "externalTerminal": "PDV-03"}


@pytest.mark.parametrize("decision", ["confirm", "cancel"])
def test_a_decision_without_their_number_is_not_sent(
    celcoin: CelcoinProvider, canned: CannedServer, decision: str
) -> None:
    assert isinstance(getattr(celcoin, decision)(BY_KEY), NotSent)
    assert not canned.heads


def test_a_question_by_our_key_names_terminal_and_day(celcoin: CelcoinProvider, canned: CannedServer) -> None:
    say(canned, transaction())
    assert celcoin.status(BY_KEY) == Done(Standing("123456", RemoteWord.RESERVED, "817981234"))
    target = canned.heads[1].split()[1].decode()
    path, _, query = target.partition("?")
    assert path == "/v5/transactions/status-consult"
    assert query == "externalNSU=123456&externalTerminal=PDV-03&operationDate=2026-01-15"


@pytest.mark.parametrize(
    "ref", [ReserveRef("123456", "", "", "2026-01-15"), ReserveRef("123456", "", "PDV-03")]
)
def test_a_question_without_terminal_or_day_would_lie(
    celcoin: CelcoinProvider, canned: CannedServer, ref: ReserveRef
) -> None:
    outcome = celcoin.status(ref)
    assert isinstance(outcome, Refused)
    assert outcome.reason is RefusalClass.INTERNAL
    assert not canned.heads


def test_not_found_hides_inside_a_success(celcoin: CelcoinProvider, canned: CannedServer) -> None:
    """Outer "000", inner "061"."""
    say(canned, transaction(errorCode="061", message="Transacao nao encontrada", status=1, transactionId=1))
    assert celcoin.status(BY_KEY) == Done(Standing("123456", RemoteWord.ABSENT))


def test_success_alone_is_not_a_capture(celcoin: CelcoinProvider, canned: CannedServer) -> None:
    """Its support tells to capture again after "success": only the list of pendings tells them apart."""
    for listed in (pendency(123456), pendency(5)):
        say(canned, transaction(status="0"))
        say(canned, listed)
    say(canned, transaction(status=0))
    say(canned, {}, "503 Busy")
    waits, captured, unknown = (celcoin.status(REF) for _ in range(3))
    assert isinstance(waits, Done)
    assert waits.answer.word is RemoteWord.RESERVED
    assert isinstance(captured, Done)
    assert captured.answer.word is RemoteWord.CONFIRMED
    assert isinstance(unknown, Uncertain)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"status": 1, "errorCode": "999", "message": "Transação CANCELADA"}, RemoteWord.CANCELLED),
        ({"status": 1, "errorCode": "999", "message": "Transacao expirada"}, RemoteWord.EXPIRED),
        ({"status": 1, "errorCode": "999", "message": "Erro"}, None),
        ({"status": 2}, None),
        ({"status": None}, None),
        ({"status": 4, "externalNSU": 123457}, None),
        ({"status": 4, "transactionId": 1}, None),
        ({"status": 1, "errorCode": "061", "externalNSU": 123457}, None),
    ],
)
def test_the_words_of_a_status(
    celcoin: CelcoinProvider, canned: CannedServer, changes: dict[str, object], expected: RemoteWord | None
) -> None:
    say(canned, transaction(**changes))
    outcome = celcoin.status(REF)
    if expected is None:
        assert isinstance(outcome, Uncertain)
    else:
        assert isinstance(outcome, Done)
        assert outcome.answer.word is expected


@pytest.mark.parametrize("code", sorted(CELCOIN))
def test_every_code_of_the_table(celcoin: CelcoinProvider, canned: CannedServer, code: str) -> None:
    say(canned, {"errorCode": code, "message": "Recusada", "status": 1}, "400 Bad Request")
    outcome = celcoin.reserve(REQUEST)
    reason = CELCOIN[code].reason
    if reason is None:
        assert isinstance(outcome, Uncertain)
    else:
        assert outcome == Refused(reason, code, "Recusada")


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (OK | RESERVED | {"errorCode": "777"}, "200 OK"),
        (OK | RESERVED | {"status": 1}, "200 OK"),
        (OK | RESERVED, "400 Bad Request"),
        (OK | RESERVED, "500 Oops"),
        (RESERVED, "200 OK"),
        (RESERVED | {"status": 0}, "200 OK"),
        (RESERVED | {"errorCode": "000"}, "200 OK"),
        (OK, "200 OK"),
        ([], "200 OK"),
        ({"message": "Unauthorized"}, "401 Unauthorized"),
    ],
    ids=[
        "unknown code",
        "status 1",
        "400 with 000",
        "500",
        "no envelope",
        "no code",
        "no status",
        "no number",
        "list",
        "401",
    ],
)
def test_a_reserve_that_is_not_proved(
    celcoin: CelcoinProvider, canned: CannedServer, content: object, status: str
) -> None:
    say(canned, content, status)
    assert isinstance(celcoin.reserve(REQUEST), Uncertain)


def test_one_token_serves_many_calls(celcoin: CelcoinProvider, canned: CannedServer) -> None:
    for _ in range(3):
        say(canned, transaction())
    for _ in range(3):
        celcoin.status(REF)
    assert [b"/v5/token" in head for head in canned.heads] == [True, False, False, False]


def test_a_token_is_renewed_a_minute_early(canned: CannedServer) -> None:
    now = [0.0]
    token = Token(Exchange(canned.url), "/v5/token", "loja", lambda: "x", lambda: now[0])
    for name in ("one", "two"):
        say(canned, {"access_token": name, "expires_in": 2400})
    assert token.get() == "one"
    now[0] = 2339.0
    assert token.get() == "one"
    now[0] = 2340.0
    assert token.get() == "two"


def test_a_token_that_is_not_taken_is_dropped(sandbox: SandboxControl) -> None:
    provider = kits.celcoin(sandbox.url)
    assert isinstance(provider.pendings(), Done)
    sandbox.advance(2500)
    assert not isinstance(provider.pendings(), Done)
    assert isinstance(provider.pendings(), Done)


@pytest.mark.parametrize("fault", ["lost", "bad_gateway", "garbage", "empty", "reset", "down"])
def test_without_a_token_nothing_is_sent(sandbox: SandboxControl, fault: str) -> None:
    provider = kits.celcoin(sandbox.url)
    sandbox.fault(fault, "token")
    assert isinstance(provider.reserve(REQUEST), NotSent)
    assert sandbox.ledger().rows == []


def test_wrong_credentials_are_the_manager_s_affair(sandbox: SandboxControl) -> None:
    provider = CelcoinProvider(sandbox.url, USER, lambda: "errada", document="1", ddds=("67",))
    outcome = provider.reserve(REQUEST)
    assert isinstance(outcome, Refused)
    assert outcome.reason is RefusalClass.STORE_ACCOUNT
    assert isinstance(provider.confirm(REF), NotSent), "a decision that never left is no refusal of it"
    assert "errada" not in repr(provider) + outcome.text


@pytest.mark.parametrize("value", ["", "a\r\nX-Evil: 1", "ção", None, 5.5e3])
def test_a_token_that_cannot_stand_in_a_header(canned: CannedServer, value: object) -> None:
    say(canned, {"access_token": value, "expires_in": 2400})
    token = Token(Exchange(canned.url), "/v5/token", "loja", lambda: "x").get()
    assert isinstance(token, NotSent) if value != 5.5e3 else token == "5500.0"


def test_a_wrong_day_does_not_find(sandbox: SandboxControl) -> None:
    provider = kits.celcoin(sandbox.url)
    sandbox.set_clock(kits.NOON)
    kit = next(kit for kit in kits.KITS if kit.name == "celcoin")
    kits.done(provider.reserve(kit.request()))
    assert kits.done(provider.status(kit.ref())).word is RemoteWord.RESERVED
    wrong = ReserveRef(kit.key, "", "PDV-1", "2026-01-16")
    assert kits.done(provider.status(wrong)).word is RemoteWord.ABSENT


def test_values_are_read_as_they_come(celcoin: CelcoinProvider, canned: CannedServer) -> None:
    values = [
        {"productName": "fixo", "cost": 14.475, "dueProduct": 30, "maxValue": 15.00, "minValue": 15.00},
        {"productName": "livre", "cost": 0, "dueProduct": 0, "maxValue": 100.00, "minValue": 10.00},
        {"productName": "de cabeça para baixo", "cost": 0, "maxValue": 171.89, "minValue": 171.98},
        {"productName": "fração", "cost": 0, "maxValue": 15.005, "minValue": 15.005},
        {"productName": "nada", "cost": 0, "maxValue": 0, "minValue": 0},
    ]
    operators = [
        {"category": 1, "name": "Vivo", "providerId": 2088, "TipoRecarganameProvider": 2},
        {"category": 2, "name": "Blizzard", "providerId": 2139, "TipoRecarganameProvider": 1},
    ]
    say(canned, {"providers": operators})
    say(canned, OK | {"value": values})
    outcome = celcoin.offers()
    ms = frozenset({"MS"})
    assert outcome == Done(
        (
            Offer("2088", "Vivo", "2088-1500", "fixo", 1500, cost=1448, validity_days=30, ufs=ms),
            Offer("2088", "Vivo", "2088-1000-10000", "livre", 0, minimum=1000, maximum=10000, ufs=ms),
        )
    )
    assert len(canned.heads) == 3


def test_an_older_name_of_the_list_of_values(celcoin: CelcoinProvider, canned: CannedServer) -> None:
    say(canned, {"providers": [{"name": "Vivo", "providerId": 2088}]})
    say(canned, OK | {"providers": [{"productName": "x", "maxValue": 4.99, "minValue": 4.99}]})
    outcome = celcoin.offers()
    assert isinstance(outcome, Done)
    assert [offer.face for offer in outcome.answer] == [499]


def test_a_list_of_values_is_whole_or_none(sandbox: SandboxControl) -> None:
    provider = kits.celcoin(sandbox.url)
    whole = provider.offers()
    assert isinstance(whole, Done)
    vivo = [offer for offer in whole.answer if offer.operator_name == "Vivo"]
    assert {400, 499, 1500, 6000} <= {offer.face for offer in vivo}
    assert all(offer.ufs == {"MS", "RJ"} for offer in vivo)
    assert [o.ufs for o in whole.answer if o.operator_name == "Algar"] == [frozenset({"MS"})] * 2
    sandbox.fault("reset", "offers", times=1)
    assert not isinstance(provider.offers(), Done)
