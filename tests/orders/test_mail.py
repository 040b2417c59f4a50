"""The tracking e-mail against a real SMTP server: once, under one Message-ID, told when it is not known."""

import ssl
import time
from collections.abc import Iterator

import pytest

from pos_tui.domain.errors import RuleError
from pos_tui.domain.order import Order, Shipment
from pos_tui.domain.order_kept import MailState, OrderMail
from pos_tui.domain.order_rules import Demand, OrderAction
from pos_tui.domain.outcome import Done, NotSent, RefusalClass, Refused, Uncertain
from pos_tui.domain.values import replace
from pos_tui.providers.smtp import Letter, Smtp
from pos_tui.services.order_mail import Outbox, Wording
from pos_tui.till import Till
from tests.orders.make import order
from tests.orders.post_office import CERTIFICATE, PASSWORD, USER, PostOffice
from tests.tills import SELLER, Watch

LETTER = Letter("<abc@example.com>", "joana@example.com", "Seu pedido é enviado", "Olá, Joana.\n.ponto\n")
PAC = Shipment("PAC", "AA123456785BR")
WORDING = Wording("Loja São João", "loja@example.com")


@pytest.fixture
def post() -> Iterator[PostOffice]:
    with PostOffice() as opened:
        yield opened


def trusting() -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(CERTIFICATE))


def smtp(post: PostOffice) -> Smtp:
    return Smtp(post.server, lambda: PASSWORD)


def test_a_letter_arrives_whole(post: PostOffice) -> None:
    assert isinstance(smtp(post).send(LETTER), Done)
    (letter,) = post.letters
    assert letter["Message-ID"] == "<abc@example.com>" and letter["Subject"] == "Seu pedido é enviado"
    assert letter["From"] == "Loja São João <loja@example.com>"
    assert letter.get_content().replace("\r\n", "\n") == LETTER.body


def test_tls_with_a_password_and_nothing_without() -> None:
    with PostOffice(tls=True, auth=True) as post:
        server = replace(post.server, user=USER)
        assert isinstance(Smtp(server, lambda: PASSWORD, trusting()).send(LETTER), Done)
        wrong = Smtp(server, lambda: "errada", trusting()).send(LETTER)
        assert isinstance(wrong, Refused) and wrong.code == "535"
        greeted = Smtp(server, lambda: PASSWORD, trusting()).greet()
        refused = Smtp(server, lambda: "errada", trusting()).greet()
        assert isinstance(greeted, Done) and isinstance(refused, Refused) and refused.code == "535"
        # A certificate nobody vouches for: nothing is said to such a server.
        assert isinstance(Smtp(server, lambda: PASSWORD).send(LETTER), NotSent)
        assert len(post.letters) == 1


@pytest.mark.parametrize(
    ("answer", "reason"),
    [("550 não existe", RefusalClass.DATA), ("452 cheia", RefusalClass.TRANSIENT)],
)
@pytest.mark.parametrize("at", ["at_rcpt", "at_data"])
def test_what_the_server_refuses(post: PostOffice, at: str, answer: str, reason: RefusalClass) -> None:
    setattr(post, at, answer.encode("ascii", "ignore").decode())
    refused = smtp(post).send(LETTER)
    assert isinstance(refused, Refused) and refused.reason is reason
    assert post.letters == []


def test_a_line_that_drops_after_the_text_proves_nothing(post: PostOffice) -> None:
    post.at_data = "drop"
    assert isinstance(smtp(post).send(LETTER), Uncertain)


def test_nobody_there(post: PostOffice) -> None:
    server = replace(post.server, port=1)
    assert isinstance(Smtp(server, lambda: PASSWORD).send(LETTER), NotSent)


def test_without_tls_only_on_this_machine(post: PostOffice) -> None:
    server = replace(post.server, host="mail.example.com")
    sent = Smtp(server, lambda: PASSWORD).send(LETTER)
    assert isinstance(sent, NotSent) and "TLS" in sent.why


@pytest.mark.parametrize("address", ["joão@example.com", "a@b\nBcc: x@y", "nada"])
def test_addresses_that_cannot_be(post: PostOffice, address: str) -> None:
    assert isinstance(smtp(post).send(replace(LETTER, recipient=address)), Refused)
    assert post.letters == []


# The outbox -------------------------------------------------------------------------------------------


@pytest.fixture
def outbox(till: Till, post: PostOffice) -> Outbox:
    return Outbox(till.context, smtp(post).send, WORDING)


def queue(till: Till, outbox: Outbox, told: Order, parcel: Shipment = PAC) -> list[OrderMail]:
    till.context.store.write(lambda tx: outbox.queue(tx, "a" * 32, told, parcel))
    return outbox.of("a" * 32)


def test_the_customer_gets_the_link_once(till: Till, outbox: Outbox, post: PostOffice) -> None:
    queue(till, outbox, order())
    (mail,) = queue(till, outbox, order())
    assert outbox.send_next() and not outbox.send_next()
    (letter,) = post.letters
    assert letter["Message-ID"] == mail.message_id and letter["To"] == "joana@example.com"
    assert "?objetos=AA123456785BR" in letter.get_content()
    (sent,) = outbox.of("a" * 32)
    assert sent.state is MailState.SENT


@pytest.mark.parametrize(
    ("told", "parcel"),
    [
        (order(shipping="Jadlog"), Shipment("Jadlog", "X1")),
        (order(shipping="Retirar na loja"), Shipment("Retirada", "Produto aguardando retirada.")),
        (order(email=""), PAC),
    ],
)
def test_who_is_not_written_to(till: Till, outbox: Outbox, told: Order, parcel: Shipment) -> None:
    assert queue(till, outbox, told, parcel) == []


def test_correios_by_name_goes_by_what_the_customer_chose(till: Till, outbox: Outbox) -> None:
    assert len(queue(till, outbox, order(shipping="SEDEX"), Shipment("Correios", "AA123456785BR"))) == 1


def test_a_full_box_is_tried_again_later(till: Till, outbox: Outbox, post: PostOffice, watch: Watch) -> None:
    queue(till, outbox, order())
    post.at_rcpt = "452 full"
    assert outbox.send_next() and not outbox.send_next()
    post.at_rcpt = ""
    watch.advance(61)
    assert outbox.send_next() and len(post.letters) == 1


def test_a_refused_address_is_told_and_goes_again_only_on_a_persons_word(
    till: Till, outbox: Outbox, post: PostOffice
) -> None:
    queue(till, outbox, order())
    post.at_rcpt = "550 unknown"
    outbox.send_next()
    (mail,) = outbox.of("a" * 32)
    assert mail.state is MailState.FAILED and "550" in mail.words
    assert not outbox.send_next()
    post.at_rcpt = ""
    outbox.again(mail.id, SELLER)
    assert outbox.send_next() and len(post.letters) == 1
    with pytest.raises(RuleError):
        outbox.again(mail.id, SELLER)


def test_what_may_have_gone_never_goes_again_by_itself(
    till: Till, outbox: Outbox, post: PostOffice, watch: Watch
) -> None:
    (mail,) = queue(till, outbox, order())
    post.at_data = "drop"
    outbox.send_next()
    post.at_data = ""
    watch.advance(86_400)
    assert not outbox.send_next()
    (doubtful,) = outbox.of("a" * 32)
    assert doubtful.state is MailState.UNCONFIRMED and "[verificar]" in doubtful.words
    outbox.again(mail.id, SELLER)
    outbox.send_next()
    first, second = post.letters
    assert first["Message-ID"] == second["Message-ID"]


def test_the_worker_sends_behind_the_screen(till: Till, outbox: Outbox, post: PostOffice) -> None:
    outbox.start()
    queue(till, outbox, order())
    outbox.wake()
    deadline = time.monotonic() + 20
    while not post.letters:
        assert time.monotonic() < deadline, "the worker sent nothing"
    outbox.stop()
    (sent,) = outbox.of("a" * 32)
    assert sent.state is MailState.SENT


def test_where_the_platform_writes_the_till_does_not(till: Till, post: PostOffice) -> None:
    """Dooca mails its customers itself."""
    till.orders.outbox = Outbox(till.context, smtp(post).send, WORDING)
    till.orders.refresh()
    (kept,) = [k for k in till.orders.book.overlooked(till.context.now() + 1, 50) if k.told.number == "1006"]
    assert till.orders.act(kept.id, Demand(OrderAction.SHIP, shipment=PAC), SELLER).done
    assert till.orders.outbox.of(kept.id) == []
