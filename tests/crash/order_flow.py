"""One order from pending to delivered with its e-mail, killed at step k.

`python -m tests.crash.order_flow FOLDER URL POST_PORT K`; exits 0 when the flow ended before step k.
"""

import sys
from pathlib import Path

from pos_tui.domain.order import Shipment
from pos_tui.domain.order_invoice import NO_INVOICE
from pos_tui.domain.order_kept import KeptOrder, OrderFilter
from pos_tui.domain.order_rules import Demand, OrderAction
from pos_tui.providers.orders.base import Abilities
from pos_tui.providers.orders.dooca import DoocaOrders
from pos_tui.providers.sandbox import KEY
from pos_tui.providers.sandbox.dooca import PATH
from pos_tui.providers.sandbox.process import SandboxProcess
from pos_tui.providers.smtp import MailServer, Smtp
from pos_tui.services.order_mail import Outbox, Wording
from pos_tui.services.orders import Orders
from pos_tui.settings.printer import PrinterSettings
from pos_tui.till import Till
from tests.crash.payment_flow import arm
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


class SilentShop(DoocaOrders):
    """The practice shop, as a platform that leaves its customers to us."""

    abilities = Abilities(notifies_customer=False, tells_stock=True)


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


def play(folder: Path, url: str, port: int, kill_at: int) -> None:
    """The seed's path."""
    world = SandboxProcess(url, None)  # type: ignore[arg-type]
    till = open_till(folder, world, settings(printer=PrinterSettings(transport="none")))
    orders = with_mail(till, port)
    arm(kill_at)
    orders.refresh()
    for demand, _ in PATH_OF_ORDER:
        orders.act(find(orders, till).id, demand, SELLER)
        while orders.outbox.send_next():
            pass
    till.close()


if __name__ == "__main__":
    play(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
