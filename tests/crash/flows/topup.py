"""Top-ups: credited exactly as the till shows them, and none forgotten."""

import contextlib
from typing import Any

from pos_tui.domain.sale import SaleFilter
from pos_tui.domain.topup import FINAL, TopUp, TopUpState
from pos_tui.services.printer import CapturePrinter
from pos_tui.settings.printer import PrinterSettings
from pos_tui.till import Till
from tests.crash import invariants
from tests.crash.flow import Arm, Flow, Ground
from tests.sandbox import LedgerView
from tests.tills import EVER, SELLER, Watch, add, new_sale, open_till, pay_and_save, settings

REMOTE = {
    TopUpState.RESERVED: "reserved",
    TopUpState.CONFIRMED: "credited",
    TopUpState.CANCELLED: "cancelled",
}


class TopUpsSold(Flow):
    """A sale with two top-ups."""

    name = "top-up"
    about = "start, two top-ups reserved, one cancelled, paid, saved, the other confirmed, printed"

    def play(self, ground: Ground, arm: Arm) -> None:
        # No worker of its own: the steps come in the same order every time.
        till = open_till(ground.folder, ground.world, settings(printer=PrinterSettings(transport="none")))
        arm()
        # The start without its threads, for the same reason.
        till.sweeper.sweep("sistema")
        till.offers.catalogue()
        sale = new_sale(till)
        kept = add(till, sale, 1500, "67999991234")
        dropped = add(till, sale, 6000, "67999995678")
        till.topups.cancel(dropped.id, "número errado", SELLER)
        pay_and_save(till, sale)
        till.topups.confirm(kept.id, SELLER)
        till.spool.prints = True
        printer = CapturePrinter(ground.folder / "by-hand", "epson-tm-t20", 48)
        while till.spool.print_next(printer):
            pass
        till.close()

    def settle(self, ground: Ground, beside: Any) -> None:
        watch = Watch()
        with contextlib.closing(open_till(ground.folder, ground.sandbox, clock=watch)) as till:
            till.sweeper.sweep("sistema")
            for seconds in (61, 31):
                # A reserve that never arrived is proved absent only after the provider's limit, and twice.
                watch.advance(seconds)
                swept = till.sweeper.sweep("sistema")
            assert swept.waiting == 0 and swept.strangers == (), "I5: something waits unseen"
            topups = all_topups(till)
            check_equal(topups, ground.sandbox.ledger())
            assert all(topup.state in FINAL or topup.open_since is not None for topup in topups), "I5"
            invariants.check(till)


def check_equal(topups: list[TopUp], ledger: LedgerView) -> None:
    """I1: the ledger's credits are the till's confirmed top-ups; every held reserve is on a screen."""
    states = ledger.states()
    ours = {topup.provider_key: topup for topup in topups}
    confirmed = {topup.line: (1, topup.face) for topup in topups if topup.state is TopUpState.CONFIRMED}
    assert ledger.credits == confirmed, f"I1: credited {ledger.credits}, shown {confirmed}"
    assert set(states) <= set(ours), "I1: a pending at the provider that the till forgot"
    for key, topup in ours.items():
        if key in states:
            assert REMOTE.get(topup.state) == states[key], f"I1: {topup.state} here, {states[key]} there"
        else:
            unheard = (TopUpState.RECORDED, TopUpState.NOT_SENT, TopUpState.CANCELLED)
            assert topup.state in unheard, f"I1: {topup.state} here, unknown there"


def all_topups(till: Till) -> list[TopUp]:
    """What the screens show: the open sale's and the list's."""
    shown = [till.sales.get(line.id) for line in till.sales.page(SaleFilter(*EVER))]
    return [topup for sale in (*shown, till.sales.current("1", SELLER)) for topup in sale.topups]
