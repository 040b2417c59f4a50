"""What follows when a sale is saved: its card is confirmed, and then, by themselves, its top-ups (seed 1)."""

from collections.abc import Callable

from msgspec import Struct, field

from pos_tui.domain.errors import PosError
from pos_tui.domain.item import ItemState
from pos_tui.domain.sale import Sale
from pos_tui.domain.topup import Decision, TopUp, TopUpState
from pos_tui.services.payments import Payments
from pos_tui.services.recovery import Recovery
from pos_tui.services.sales import Sales
from pos_tui.services.topups import TopUps


class Closed(Struct, frozen=True):
    """A saved sale once everything that follows by itself was done."""

    sale: Sale
    topups: list[TopUp] = field(default_factory=list)
    """Those that were confirmed, or tried to be, without a key."""
    bills: str = ""
    """What became of the bills it received, as a whole sentence; empty without any."""


class Closing(Struct, frozen=True):
    """One till's."""

    sales: Sales
    payments: Payments
    topups: TopUps
    settle_bills: Callable[[str, str], str]
    """Settles the bills of a sale in somebody's name, and says how they stand."""

    def finish(self, sale_id: str) -> Closed:
        """Confirm a saved sale's card payments, then its top-ups where that needs no key. May be repeated."""
        sale = self.sales.get(sale_id)
        for line in sale.payments:
            if line.waits:
                self.payments.ask(line.id, sale.seller)
        done = self.topups.confirm_decided(sale_id)
        sale = self.sales.get(sale_id)
        if sale.paid_by_tef:
            done += confirm_all(self.topups, sale)
        bills = self.settle_bills(sale_id, sale.seller) if _has_bills(sale) else ""
        return Closed(self.sales.get(sale_id), done, bills)

    def goes_by_itself(self, sale: Sale) -> bool:
        """Whether something follows without a key: top-ups decided in the save or paid by TEF, bills."""
        decided = any(topup.decision is Decision.CONFIRM for topup in sale.pendings)
        return decided or sale.paid_by_tef or _has_bills(sale)

    def catch_up(self, who: str, till: int) -> Recovery:
        """Recover the payments a crash left open, then confirm what was paid by TEF meanwhile."""
        recovery = self.payments.recover(who)
        for line in self.sales.with_pendings():
            if line.till == till and line.number is not None:
                sale = self.sales.get(line.id)
                if sale.paid_by_tef:
                    confirm_all(self.topups, sale)
        return recovery


def _has_bills(sale: Sale) -> bool:
    return any(item.state is ItemState.PENDING for item in sale.items)


def confirm_all(topups: TopUps, sale: Sale) -> list[TopUp]:
    """Confirm every top-up of a paid sale that nobody has decided about, each by itself."""
    confirmed = []
    for topup in sale.pendings:
        if topup.state is not TopUpState.RESERVED or topup.decision is not Decision.NONE:
            continue
        try:
            confirmed.append(topups.confirm(topup.id, f"{sale.seller} (automática)"))
        except PosError:
            confirmed.append(topups.get(topup.id))
    return confirmed
