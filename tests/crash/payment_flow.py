"""One paid sale, killed at step k: `python -m tests.crash.payment_flow FOLDER URL FLOW K`.

Exits 0 when the flow ended before step k was reached.
"""

import dataclasses
import itertools
import os
import signal
import sys
from pathlib import Path

from pos_tui.domain.payment import Method
from pos_tui.domain.sale import Sale
from pos_tui.providers.sandbox.process import SandboxProcess
from pos_tui.settings.printer import PrinterSettings
from pos_tui.store import database
from pos_tui.till import Till
from tests.paying import CARD, METHODS, WARRANT, TefFolders, charge, take_cards
from tests.sandbox import SandboxControl
from tests.tills import SELLER, add, new_sale, open_till, settings


def tef_saved(till: Till, sale: Sale, world: SandboxControl) -> None:
    """Two cards; saved; the last one given back."""
    charge(till, sale, Method.TEF, 2000, kind="debit")
    last = charge(till, sale, Method.TEF, 4000, kind="credit", plan="store", instalments="2")
    saved = till.closing.finish(till.sales.save(sale_now(till, sale)).id).sale
    till.refunds.refund(saved, till.payments.get(last.id), WARRANT)


def tef_abandoned(till: Till, sale: Sale, world: SandboxControl) -> None:
    """Two cards, the last taken off; another; then everything given up."""
    charge(till, sale, Method.TEF, 2000)
    till.refunds.remove(charge(till, sale, Method.TEF, 1000), SELLER)
    charge(till, sale, Method.TEF, 4000)
    till.topups.cancel(sale_now(till, sale).topups[0].id, "venda abandonada", SELLER)
    till.refunds.abandon(sale_now(till, sale), SELLER, WARRANT)
    till.sales.discard(sale_now(till, sale))


def pix(till: Till, sale: Sale, world: SandboxControl) -> None:
    """A charge given up, one paid, and the money returned."""
    till.refunds.remove(charge(till, sale, Method.PIX_DYNAMIC, 1000), SELLER)
    line = charge(till, sale, Method.PIX_DYNAMIC, 6000)
    world.pay(line.request_key)
    line = till.payments.ask(line.id, SELLER)
    saved = till.sales.save(sale_now(till, sale))
    till.refunds.refund(saved, line, WARRANT)


def by_hand(till: Till, sale: Sale, world: SandboxControl) -> None:
    """Cash with change and a card machine's slip; the cash given back."""
    till.sales.add_payment(sale_now(till, sale), Method.CARD, 2000, CARD)
    till.sales.add_payment(sale_now(till, sale), Method.CASH, 5000)
    saved = till.sales.save(sale_now(till, sale))
    till.refunds.refund(saved, saved.payments[1], WARRANT)


FLOWS = {"tef_saved": tef_saved, "tef_abandoned": tef_abandoned, "pix": pix, "by_hand": by_hand}


def sale_now(till: Till, sale: Sale) -> Sale:
    """The sale as it stands."""
    return till.sales.get(sale.id)


def play(folder: Path, url: str, flow: str, kill_at: int) -> None:
    """Sell one top-up (its own steps are in `flow.py`) and pay it under the killer's eyes."""
    world = SandboxProcess(url, None)  # type: ignore[arg-type]
    config = dataclasses.replace(settings(printer=PrinterSettings(transport="none")), payment=METHODS)
    till = take_cards(open_till(folder, world, config), TefFolders(folder / "tef"))
    till.start("sistema")
    # Papers are owed, and no worker takes them: the steps come in the same order every time.
    till.spool.prints = True
    sale = new_sale(till)
    add(till, sale, 6000)
    arm(kill_at)
    FLOWS[flow](till, sale, SandboxControl(url))
    till.close()


def arm(kill_at: int) -> None:
    """Have the process killed at a step from here on."""
    count = itertools.count(1)

    def killer(name: str) -> None:
        if next(count) == kill_at:
            os.kill(os.getpid(), signal.SIGKILL)

    database.step = killer


if __name__ == "__main__":
    play(Path(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4]))
