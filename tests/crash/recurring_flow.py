"""One OS paid by a link, killed at step k: `python -m tests.crash.recurring_flow FOLDER URL FLOW K`.

Exits 0 when the flow ended before step k was reached.
"""

import dataclasses
import itertools
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from pos_tui.domain.sale import Sale
from pos_tui.providers.sandbox.process import SandboxProcess
from pos_tui.services.refunds import Warrant
from pos_tui.settings.printer import PrinterSettings
from pos_tui.store import database
from pos_tui.till import Till
from tests.recurring.os import Platform, monthly, open_os
from tests.sandbox import SandboxControl
from tests.tills import SELLER, open_till


def paid(till: Till, sale: Sale, platform: Platform) -> None:
    """Sent, paid by the customer, finished; the centavos that do not divide are in the first charge."""
    attempts = till.recurring.attempts
    attempt = attempts.finalise(sale, SELLER)
    attempt = attempts.send(attempt.id, SELLER)
    platform.pay(attempt)
    attempts.ask(attempt.id, SELLER)


def cancelled(till: Till, sale: Sale, platform: Platform) -> None:
    """Cancelled, then tried again."""
    attempts = till.recurring.attempts
    attempt = attempts.finalise(sale, SELLER)
    attempts.send(attempt.id, SELLER)
    attempts.cancel(attempt.id, SELLER)
    again = attempts.again(till.sales.get(attempt.sale_id), SELLER)
    attempts.send(again.id, SELLER)


def late(till: Till, sale: Sale, platform: Platform) -> None:
    """The customer is faster than the cancelling, and gets the money back."""
    attempts = till.recurring.attempts
    attempt = attempts.finalise(sale, SELLER)
    attempt = attempts.send(attempt.id, SELLER)
    platform.pay(attempt)
    attempts.cancel(attempt.id, SELLER)
    till.recurring.by_hand.refund(attempt.id, Warrant(SELLER, "Marta", "cliente desistiu"))


FLOWS: dict[str, Callable[[Till, Sale, Platform], None]] = {
    "paid": paid,
    "cancelled": cancelled,
    "late": late,
}


def main() -> None:
    """Arm the killer and play."""
    folder, url, flow, kill_at = Path(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4])
    config = dataclasses.replace(monthly(), printer=PrinterSettings(transport="none"))
    till = open_till(folder, SandboxProcess(url, None), config)  # type: ignore[arg-type]
    sale = open_os(till, 4, "SH10")
    count = itertools.count(1)

    def killer(name: str) -> None:
        if next(count) == kill_at:
            os.kill(os.getpid(), signal.SIGKILL)

    database.step = killer
    FLOWS[flow](till, sale, Platform(SandboxControl(url)))
    till.close()


if __name__ == "__main__":
    main()
