"""Notices: forged, stale, replayed, out of order, too long; kept once, and asked about."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass

import httpx
import pytest
from starlette.applications import Starlette

from pos_tui.domain.errors import StoreError
from pos_tui.domain.recurring import AttemptState
from pos_tui.domain.sale import SaleState
from pos_tui.providers.recurring.asaas_notice import TOKEN_HEADER, read_notice
from pos_tui.receiver import MOST, Receiver
from pos_tui.till import Till
from tests.recurring.os import Platform, sent
from tests.sandbox import SandboxControl
from tests.tills import SELLER

S = AttemptState
TOKEN = "um segredo com acentuação"


def body(platform: Platform, event: str, **changes: object) -> bytes:
    """The platform's latest notice of an event, as it would be sent."""
    events: list[dict[str, object]] = platform.view()["events"]  # type: ignore[assignment]
    found = [one for one in events if one["event"] == event]
    return json.dumps({**found[-1], **changes}).encode()


@dataclass(frozen=True)
class Http:
    """The receiver's address, without its thread: rounds are asked for one by one."""

    app: Starlette

    def post(self, content: bytes | AsyncIterator[bytes], token: str = TOKEN) -> int:
        """Send a notice; return the status."""

        async def send() -> int:
            transport = httpx.ASGITransport(self.app)
            async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
                headers = {TOKEN_HEADER.encode(): token.encode()}
                return (await client.post("/asaas", content=content, headers=headers)).status_code

        return asyncio.run(send())


@pytest.fixture
def http(till: Till) -> Http:
    """A receiver beside the till."""
    return Http(Receiver(till.context.store, till.recurring.watch, lambda: TOKEN).app())


def post(http: Http, content: bytes, token: str = TOKEN) -> int:
    """Send a notice; return the status."""
    return http.post(content, token)


def test_a_notice_has_the_provider_asked_and_the_os_finished(
    till: Till, platform: Platform, http: Http
) -> None:
    attempt = sent(till)
    platform.pay(attempt)
    assert post(http, body(platform, "PAYMENT_CONFIRMED")) == 200
    assert till.recurring.attempts.get(attempt.id).state is S.WAITING
    assert till.recurring.watch.round().asked == 1
    assert till.recurring.attempts.get(attempt.id).state is S.PAID
    assert till.sales.get(attempt.sale_id).state is SaleState.SAVED


@pytest.mark.parametrize("token", ["", "errado", TOKEN + "x", TOKEN[:-1]])
def test_d32_a_forged_token_is_refused_and_nothing_kept(
    till: Till, platform: Platform, http: Http, token: str
) -> None:
    attempt = sent(till)
    platform.pay(attempt)
    assert post(http, body(platform, "PAYMENT_CONFIRMED"), token) == 401
    assert till.recurring.watch.round().asked == 0
    assert till.recurring.attempts.get(attempt.id).state is S.WAITING


def test_a_notice_that_lies_moves_nothing(till: Till, platform: Platform, http: Http) -> None:
    attempt = sent(till)
    said = json.loads(body(platform, "PAYMENT_CREATED"))
    lie = {**said, "id": "evt_lie", "event": "PAYMENT_CONFIRMED"}
    lie["payment"]["status"] = "CONFIRMED"
    assert post(http, json.dumps(lie).encode()) == 200
    till.recurring.watch.round()
    assert till.recurring.attempts.get(attempt.id).state is S.WAITING
    assert till.sales.get(attempt.sale_id).state is SaleState.AWAITING


def test_d32_a_replayed_notice_is_acknowledged_and_asked_about_once(
    till: Till, platform: Platform, http: Http
) -> None:
    attempt = sent(till)
    platform.pay(attempt)
    content = body(platform, "PAYMENT_CONFIRMED")
    assert [post(http, content) for _ in range(3)] == [200, 200, 200]
    assert till.recurring.watch.round().asked == 1
    version = till.recurring.attempts.get(attempt.id).version
    assert post(http, content) == 200
    assert till.recurring.watch.round().asked == 0
    assert till.recurring.attempts.get(attempt.id).version == version
    assert till.cash.sale_by_number(1).state is SaleState.SAVED


def test_a_refusal_is_shown_and_a_stale_one_changes_nothing(
    till: Till, platform: Platform, http: Http
) -> None:
    attempt = sent(till)
    platform.refuse(attempt)
    refusal = body(platform, "PAYMENT_CREDIT_CARD_CAPTURE_REFUSED")
    post(http, refusal)
    till.recurring.watch.round()
    shown = till.recurring.attempts.get(attempt.id)
    assert (shown.state, shown.problem) == (
        S.WAITING,
        "O cartão foi recusado: peça ao cliente outro cartão, no mesmo link.",
    )
    platform.pay(attempt)
    stale = {**json.loads(refusal), "id": "evt_stale"}
    post(http, json.dumps(stale).encode())
    till.recurring.watch.round()
    paid = till.recurring.attempts.get(attempt.id)
    assert (paid.state, paid.problem) == (S.PAID, "")
    assert till.recurring.attempts.instalments(attempt.id)[0].words == "Confirmado"


def test_d32_notices_out_of_order_end_where_the_provider_stands(
    till: Till, platform: Platform, http: Http
) -> None:
    attempt = sent(till)
    platform.refuse(attempt)
    platform.pay(attempt)
    events: list[dict[str, object]] = platform.view()["events"]  # type: ignore[assignment]
    for event in events[::-1]:
        assert post(http, json.dumps(event).encode()) == 200
        till.recurring.watch.round()
    after = till.recurring.attempts.get(attempt.id)
    assert (after.state, after.problem) == (S.PAID, "")
    assert [one.words for one in till.recurring.attempts.instalments(attempt.id)] == [
        "Confirmado",
        "Aguardando",
        "Aguardando",
    ]
    assert till.context.journal.verify() is None


def test_a_stranger_is_acknowledged_and_forgotten(till: Till, http: Http) -> None:
    stranger = {
        "id": "evt_x",
        "event": "PAYMENT_CONFIRMED",
        "payment": {"id": "pay_x", "subscription": "sub_x"},
    }
    assert post(http, json.dumps(stranger).encode()) == 200
    assert till.recurring.watch.round().asked == 1
    assert till.recurring.watch.round().asked == 0


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"id": 1}', b'{"id": "e", "id": "f"}', b"\xff"])
def test_what_is_no_notice_is_refused(http: Http, content: bytes) -> None:
    assert post(http, content) == 400
    assert read_notice(content) is None


def test_a_body_without_end_is_cut_off(http: Http) -> None:
    assert post(http, b" " * (MOST + 1)) == 413

    async def drip() -> AsyncIterator[bytes]:
        for _ in range(MOST // 1024 + 2):
            yield b" " * 1024

    assert http.post(drip()) == 413


def test_what_could_not_be_kept_is_not_acknowledged(
    till: Till, platform: Platform, http: Http, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent(till)
    content = body(platform, "PAYMENT_CREATED")

    def full(*_: object) -> bool:
        raise StoreError("O disco está cheio.")

    with monkeypatch.context() as patched:
        patched.setattr(type(till.recurring.watch), "note", full)
        assert post(http, content) == 503
    assert post(http, content) == 200


def test_a_provider_that_is_down_is_asked_again_later(
    till: Till, platform: Platform, http: Http, sandbox: SandboxControl
) -> None:
    attempt = sent(till)
    platform.pay(attempt)
    post(http, body(platform, "PAYMENT_CONFIRMED"))
    sandbox.fault("down", "status")
    found = till.recurring.watch.round()
    assert (found.asked, found.waiting) == (1, 1)
    assert till.recurring.watch.round().asked == 0
    till.clock.now = till.clock.now.replace(minute=2)  # type: ignore[attr-defined]
    till.recurring.watch.round()
    assert till.recurring.attempts.get(attempt.id).state is S.PAID


def test_a_notice_and_a_poll_at_once_do_no_harm(till: Till, platform: Platform, http: Http) -> None:
    attempt = sent(till)
    platform.pay(attempt)
    post(http, body(platform, "PAYMENT_CONFIRMED"))
    assert till.recurring.attempts.ask(attempt.id, SELLER).state is S.PAID
    till.recurring.watch.round()
    assert till.recurring.attempts.get(attempt.id).state is S.PAID
    assert len(till.recurring.attempts.instalments(attempt.id)) == 3
    assert len([job for job in till.spool.owed() if job.kind == "sale"]) == 1
