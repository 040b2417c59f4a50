"""An online order from pending to delivered: nothing moved twice, no e-mail sent twice."""

import contextlib
from collections.abc import Iterator

from pos_tui.domain.order import Shipment
from pos_tui.domain.order_invoice import NO_INVOICE
from pos_tui.domain.order_kept import KeptOrder, MailState, OrderFilter
from pos_tui.domain.order_rules import Demand, OrderAction, achieved
from pos_tui.providers.orders.base import Abilities
from pos_tui.providers.orders.dooca import DoocaOrders
from pos_tui.providers.sandbox import KEY
from pos_tui.providers.sandbox.dooca import PATH
from pos_tui.providers.smtp import MailServer, Smtp
from pos_tui.services.order_mail import Outbox, Wording
from pos_tui.services.orders import Orders
from pos_tui.settings.printer import PrinterSettings
from pos_tui.till import Till
from tests.crash import invariants
from tests.crash.flow import Arm, Flow, Ground
from tests.orders.post_office import PostOffice
from tests.tills import SELLER, open_till, settings

NUMBER, REMOTE = "1001", "1"
A = OrderAction
PATH_OF_ORDER = (
    (Demand(A.APPROVE), "approved"),
    (Demand(A.RELEASE), "attended"),
    (Demand(A.INVOICE, invoice=NO_INVOICE), "invoiced"),
    (Demand(A.SHIP, shipment=Shipment("PAC", "AA123456785BR")), "shipped"),
    (Demand(A.DELIVER), "delivered"),
)
MOVES = [[REMOTE, word] for _, word in PATH_OF_ORDER]


class SilentShop(DoocaOrders):
    """The practice shop, as a platform that leaves its customers to us."""

    abilities = Abilities(notifies_customer=False, tells_stock=True)


class OrderDelivered(Flow):
    """The seed's path, with the e-mail at shipping."""

    name = "order"
    about = "an order approved, released, invoiced, shipped with its e-mail, delivered"

    @contextlib.contextmanager
    def beside(self, ground: Ground) -> Iterator[PostOffice]:
        """A real SMTP server."""
        with PostOffice() as post:
            yield post

    def play(self, ground: Ground, arm: Arm) -> None:
        till = open_till(ground.folder, ground.world, settings(printer=PrinterSettings(transport="none")))
        orders = with_mail(till, ground.port)
        arm()
        orders.refresh()
        for demand, _ in PATH_OF_ORDER:
            orders.act(find(orders, till).id, demand, SELLER)
            while orders.outbox.send_next():
                pass
        till.close()

    def settle(self, ground: Ground, beside: PostOffice) -> None:
        moved = ground.sandbox.shop()["effects"]
        assert moved == MOVES[: len(moved)], f"I1: the shop saw {moved}"
        with contextlib.closing(open_till(ground.folder, ground.sandbox)) as till:
            orders = with_mail(till, beside.port)
            recover(till, orders)
            moved = ground.sandbox.shop()["effects"]
            assert moved == MOVES, f"I1: each move happens once, the shop saw {moved}"
            check_mail(till, orders, beside)
            invariants.check(till)


def with_mail(till: Till, port: int) -> Orders:
    """The order desk of a till whose store has a mail server; no worker, so the steps come in order."""
    server = MailServer("127.0.0.1", port, "none", "", "loja@example.com", "Loja", seconds=5.0)
    outbox = Outbox(till.context, Smtp(server, lambda: "").send, Wording("Loja", "loja@example.com"))
    shop = SilentShop(till.sandbox.url + PATH, lambda: KEY, till.context.zone)
    return Orders(till.context, "dooca", lambda: shop, outbox)


def find(orders: Orders, till: Till) -> KeptOrder:
    """The order, as last read."""
    now = till.context.now()
    (found,) = orders.book.page(OrderFilter(now - 30 * 86_400_000, now + 1, text=NUMBER))
    return found


def recover(till: Till, orders: Orders) -> None:
    """What the next start does, then a person who goes on where the order stands."""
    orders.once()
    kept = find(orders, till)
    assert not kept.doubtful, "I5: the start settles what was in flight"
    for demand, _ in PATH_OF_ORDER:
        kept = find(orders, till)
        if not achieved(demand, kept.told):
            assert orders.act(kept.id, demand, SELLER).done
    while orders.outbox.send_next():
        pass


def check_mail(till: Till, orders: Orders, post: PostOffice) -> None:
    """One e-mail is known; it went once, or the screen says that nobody knows."""
    mails = orders.outbox.of(find(orders, till).id)
    assert len(mails) == 1, f"I1: {len(mails)} e-mails of an order that was shipped"
    (mail,) = mails
    letters = [str(letter["Message-ID"]) for letter in post.letters]
    assert letters in ([], [mail.message_id]), f"I1: sent {letters}"
    assert mail.state in (MailState.SENT, MailState.UNCONFIRMED)
    assert letters or mail.state is MailState.UNCONFIRMED, "I1: told as sent, and never sent"
