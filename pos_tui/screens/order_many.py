"""One action on many orders: which of the chosen may take it now, and which are left out and why."""

from collections.abc import Mapping

from msgspec import Struct

from pos_tui.domain.order import Order
from pos_tui.domain.order_kept import Acted, KeptOrder
from pos_tui.domain.order_rules import OrderAction


class Many(Struct, frozen=True):
    """The chosen orders, sorted out by what was last read of them."""

    ready: dict[str, Order]
    left_out: list[Acted]

    @property
    def words(self) -> list[str]:
        """Those left out, a line each, under what they are."""
        return ["Ficam de fora:", *(acted.words for acted in self.left_out)] if self.left_out else []


def sort_out(chosen: Mapping[str, KeptOrder], action: OrderAction) -> Many:
    """Tell who may take an action from who may not."""
    many = Many({}, [])
    for key, kept in chosen.items():
        reason = kept.why_not(action)
        if reason is None:
            many.ready[key] = kept.told
        else:
            many.left_out.append(Acted(kept.told.number, False, f"Pedido {kept.told.number}: {reason}"))
    return many
