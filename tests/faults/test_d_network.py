"""D: the provider and the network fail (facts/pos-and-faults.md §6, 26–37).

What every adapter makes of each spoiled answer is in tests/providers; here is what the till makes of it.
"""

import os
import signal
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pos_tui.domain.outcome import Done, NotSent, Uncertain
from pos_tui.domain.payment import Method
from pos_tui.domain.phone import parse_mobile
from pos_tui.domain.topup import Decision, Offer, RemoteWord, Standing, TopUp, TopUpState
from pos_tui.providers.http import Exchange, Limits, Trust
from pos_tui.settings.topup import TopUpSettings
from pos_tui.till import Till
from tests.crash import invariants
from tests.crash.flows import FLOWS
from tests.crash.points import Kill
from tests.crash.runner import Harness
from tests.faults.faketime import faketime
from tests.faults.program import F3, F10, LINE, opened, provider_of
from tests.providers.canned import CannedServer
from tests.sandbox import SandboxControl
from tests.services.scripted import script
from tests.tills import SELLER, add, new_sale, open_till, pay_and_save, settings

MEGABYTE = 2**20


def paid(till: Till) -> str:
    """A saved sale with one top-up that waits to be confirmed; returns its key."""
    sale = new_sale(till)
    topup = add(till, sale)
    pay_and_save(till, sale)
    return topup.id


def test_d28_an_answer_after_the_till_gave_up(tmp_path: Path, sandbox: SandboxControl) -> None:
    """The credit happens, and its answer comes to nobody: asking finds it, once."""
    till = open_till(tmp_path, sandbox, settings(topup=TopUpSettings(deadline_seconds=3)))
    key = paid(till)
    sandbox.fault("held", "confirm")
    assert till.topups.confirm(key, SELLER).state is TopUpState.UNCERTAIN
    assert till.topups.ask(key, SELLER).state is TopUpState.CONFIRMED
    sandbox.clear()
    sandbox.rest()
    assert sandbox.ledger().credits == {LINE: (1, 1500)}
    invariants.check(till)
    till.close()


def test_d29_an_answer_of_a_hundred_megabytes_is_given_up_early(canned: CannedServer) -> None:
    canned.will_send(
        b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % (100 * MEGABYTE) + b"9" * 3 * MEGABYTE
    )
    ending = Exchange(canned.url, Limits(deadline=10)).send("GET")
    assert isinstance(ending, Uncertain)
    canned.will_send(
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"100000\r\n" + b"9" * 3 * MEGABYTE
    )
    assert isinstance(Exchange(canned.url, Limits(deadline=10)).send("GET"), Uncertain)


@pytest.fixture
def canned() -> Iterator[CannedServer]:
    server = CannedServer()
    yield server
    server.stop()


def test_d29_a_status_that_goes_back_settles_nothing(till: Till) -> None:
    """Confirmed is final, whatever comes after it: pending, absent, cancelled."""
    provider = script(till)
    sale = new_sale(till)
    topup = add_recorded(till, sale.id)
    stands: Callable[[RemoteWord], Done[Standing]] = lambda word: Done(  # noqa: E731
        Standing(topup.provider_key, word, provider_ref="9", line=topup.line, face=topup.face)
    )
    provider.answers = [stands(RemoteWord.RESERVED)]
    till.topups.reserve(topup.id, SELLER)
    pay_and_save(till, sale)
    provider.answers = [stands(RemoteWord.CONFIRMED)]
    assert till.topups.confirm(topup.id, SELLER).state is TopUpState.CONFIRMED
    for word in (RemoteWord.RESERVED, RemoteWord.ABSENT, RemoteWord.CANCELLED):
        provider.answers = [stands(word), stands(word)]
        till.sweeper.sweep(SELLER)
        now = till.topups.get(topup.id)
        assert (now.state, now.decision) == (TopUpState.CONFIRMED, Decision.CONFIRM)


def add_recorded(till: Till, sale_id: str) -> TopUp:
    """Record a top-up without asking anybody."""
    offer = Offer("2088", "Vivo", "V1500", "VIVO R$ 15", 1500)
    return till.topups.add(till.sales.get(sale_id), parse_mobile(LINE), offer, 1500)


@contextmanager
def serving(
    folder: Path, subject: str, made: str = "", *, oldest: bool = False
) -> Iterator[tuple[CannedServer, Path]]:
    """A TLS server with a certificate of a day, `made` so long ago; and its authority, which is itself."""
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    env = {**os.environ, **({"LD_PRELOAD": faketime(), "FAKETIME": made} if made else {})}
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", certificate,
         "-days", "1", "-subj", f"/CN={subject}", "-addext", f"subjectAltName={subject}"],
        check=True,
        capture_output=True,
        env=env,
    )  # fmt: skip
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    if oldest:
        context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1
        context.set_ciphers("ALL:@SECLEVEL=0")
    context.load_cert_chain(certificate, key)
    server = CannedServer(context)
    server.will_say(b"secret")
    yield server, certificate
    server.stop()


def test_d31_a_certificate_of_another_host(tmp_path: Path) -> None:
    with serving(tmp_path, "DNS:outra.exemplo") as (server, authority):
        ending = Exchange(server.url, trust=Trust(ca=authority)).send("POST", body=b"x")
    assert isinstance(ending, NotSent) and not server.bodies


def test_d31_a_certificate_that_is_over(tmp_path: Path) -> None:
    with serving(tmp_path, "IP:127.0.0.1", "-10d") as (server, authority):
        ending = Exchange(server.url, trust=Trust(ca=authority)).send("POST", body=b"x")
    assert isinstance(ending, NotSent)
    assert not server.bodies


def test_d31_a_certificate_signed_by_itself(tmp_path: Path) -> None:
    with serving(tmp_path, "IP:127.0.0.1") as (server, _):
        ending = Exchange(server.url).send("POST", body=b"x")
    assert isinstance(ending, NotSent) and not server.bodies


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1 is deprecated")
def test_d31_a_server_of_tls_1_0(tmp_path: Path) -> None:
    with serving(tmp_path, "IP:127.0.0.1", oldest=True) as (server, authority):
        ending = Exchange(server.url, trust=Trust(ca=authority)).send("POST", body=b"x")
    assert isinstance(ending, NotSent) and not server.bodies


def test_d34_a_key_is_never_used_for_something_else(tmp_path: Path, sandbox: SandboxControl) -> None:
    """The request of a key is fixed by its row: sent again, it says the same to the letter."""
    till = open_till(tmp_path, sandbox)
    sale = new_sale(till)
    sandbox.fault("reset", "reserve")
    lost = add(till, sale)
    assert lost.state is TopUpState.UNCERTAIN
    other = add(till, sale, 6000, "67999995678")
    again = till.topups.get(lost.id)
    assert (again.provider_key, again.line, again.face) == (lost.provider_key, lost.line, lost.face)
    assert other.provider_key != lost.provider_key
    till.close()


@pytest.mark.crash
def test_d35_confirmed_answer_lost_killed_opened_again(tmp_path: Path, harness: Harness) -> None:
    """The till dies around the sending of the confirmation; it asks, and never credits twice."""
    flow = FLOWS["top-up"]
    unharmed = harness.run(flow, Kill())
    assert unharmed.broken == ""
    last = range(unharmed.points - 15, unharmed.points, 5)
    assert [harness.run(flow, Kill(at)).broken for at in last] == ["", "", ""]


def test_d37_one_provider_that_hangs_holds_no_other(tmp_path: Path, sandbox: SandboxControl) -> None:
    """A reserve hangs for as long as the test lasts; a sale in cash is saved meanwhile."""
    till = open_till(tmp_path, sandbox)
    sale = new_sale(till)
    kept = add(till, sale)
    sandbox.fault("held", "confirm")
    pay_and_save(till, sale)
    confirming = threading.Thread(target=till.topups.confirm, args=(kept.id, SELLER))
    confirming.start()
    second = new_sale(till)
    add(till, second, 1500, "67999995678")
    till.sales.add_payment(till.sales.get(second.id), Method.CASH, 2000)
    assert till.sales.save(till.sales.get(second.id)).number == 2
    assert confirming.is_alive()
    sandbox.clear()
    confirming.join()
    till.close()


def test_d37_the_screen_sells_while_the_provider_hangs(tmp_path: Path) -> None:
    """The provider takes connections and never answers: a bill is paid in cash, and every key is echoed."""
    with opened(tmp_path) as terminal:
        terminal.wait_for("Buscar cliente")
        terminal.send(F3)
        terminal.wait_for("1 Vivo")
        provider = provider_of(terminal)
        os.kill(provider, signal.SIGSTOP)
        try:
            terminal.send(f"1{LINE}{LINE}4")
            terminal.wait_for("reservando na operadora")
            terminal.send(f"{F10}120\r")
            terminal.wait_for("Troco: R$ 5,00. Uma recarga ainda está sendo enviada.")
            terminal.send("\x1bOQ")
            terminal.wait_for("Nova venda")
            terminal.send("i")
            terminal.wait_for("[1 Início]")
            terminal.send("Maria")
            terminal.wait_for("Maria")
        finally:
            os.kill(provider, signal.SIGCONT)
        terminal.send(F3)
        terminal.wait_for("Pendente")
