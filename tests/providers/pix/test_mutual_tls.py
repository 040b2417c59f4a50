"""A PSP asks for the store's own certificate before it hears anything else."""

import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest

from pos_tui.domain.outcome import Done, NotSent
from pos_tui.providers.http import Trust
from tests.providers.canned import CannedServer
from tests.providers.pix.conftest import AMOUNT, TXID, psp

DATA = Path(__file__).parents[1] / "data"
CERTIFICATE, KEY = DATA / "loopback.crt", DATA / "loopback.key"
CHARGE = b"""{"txid": "%s", "status": "ATIVA", "valor": {"original": "41.70"}, "calendario": {}}"""


@pytest.fixture
def strict() -> Iterator[CannedServer]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE, KEY)
    context.load_verify_locations(CERTIFICATE)
    context.verify_mode = ssl.CERT_REQUIRED
    server = CannedServer(context)
    server.will_say(b'{"access_token": "abc", "expires_in": 300}')
    server.will_say(CHARGE % TXID.encode())
    yield server
    server.stop()


def test_with_the_store_s_certificate(strict: CannedServer) -> None:
    bank = psp(strict.url, trust=Trust(ca=CERTIFICATE, certificate=CERTIFICATE, key=KEY))
    assert isinstance(bank.find(TXID, AMOUNT), Done)


def test_without_it_nothing_is_heard(strict: CannedServer) -> None:
    assert isinstance(psp(strict.url, trust=Trust(ca=CERTIFICATE)).find(TXID, AMOUNT), NotSent)
    assert strict.heads == []
