"""The four tabs of the sale, in the order of seed 1."""

from importlib import import_module
from typing import TYPE_CHECKING, Final

from pos_tui.commands import Place
from pos_tui.screens.pane import Pane
from pos_tui.screens.start import StartPane

if TYPE_CHECKING:
    from pos_tui.screens.sale import SaleScreen

TABS: Final = (Place.START, Place.RECHARGE, Place.PAYMENT, Place.SALES)


def fetch_tabs() -> None:
    """Import the tabs behind the first paint, in a thread: no key to one of them waits for it."""
    for name in ("recharge", "payment", "sale_list"):
        import_module(f"pos_tui.screens.{name}")


def new_pane(place: Place, screen: "SaleScreen") -> Pane:
    """Import a tab when it is first shown: the start does not pay for it."""
    match place:
        case Place.RECHARGE:
            from pos_tui.screens.recharge import RechargePane

            return RechargePane(screen)
        case Place.PAYMENT:
            from pos_tui.screens.payment import PaymentPane

            return PaymentPane(screen)
        case Place.SALES:
            from pos_tui.screens.sale_list import SalesPane

            return SalesPane(screen)
        case _:
            return StartPane(screen)
