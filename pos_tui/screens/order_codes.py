"""Dispatching many orders: a tracking code for each, and a word on those that look wrong."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from pos_tui.domain.order import Order
from pos_tui.domain.order_rules import Demand
from pos_tui.domain.tracking import doubt
from pos_tui.screens.board import Board
from pos_tui.screens.order_forms import doubtful_codes, ship_demand
from pos_tui.screens.order_many import Many
from pos_tui.widgets.dialog import PromptDialog
from pos_tui.widgets.fields import TextField, Value

NO_CARRIER = "-"
"""Where the order tells none."""


def ask_codes(
    desk: Board,
    many: Many,
    then: Callable[[dict[str, Demand]], None],
    typed: Mapping[str, str] = MappingProxyType({}),
) -> None:
    """Ask for the codes, and go on with what those that were typed demand; nothing typed, nothing done."""
    orders = many.ready
    fields = [
        TextField(
            key,
            f"{order.number} {order.shipping}",
            max_length=60,
            codes=True,
            hint="Em branco: este fica para depois.",
        )
        for key, order in orders.items()
    ]
    text = ["Digite ou leia o código de rastreio de cada um; vai pela entrega que o cliente escolheu."]
    text += many.words
    dialog = PromptDialog(f"Despachar {len(fields)} pedido(s)", fields, text)
    for key, code in typed.items():
        dialog.form.set(key, code)

    def answered(values: dict[str, Value] | None) -> None:
        codes = {key: str(code) for key, code in (values or {}).items() if code}
        with desk.telling():
            demands = {key: _demand(desk, orders[key], code) for key, code in codes.items()}
            doubts = _doubts(orders, codes)
            if doubts:
                _warn(desk, doubts, lambda: then(demands), lambda: ask_codes(desk, many, then, codes))
            elif demands:
                then(demands)

    desk.app.push_screen(dialog, answered)


def _demand(desk: Board, order: Order, code: str) -> Demand:
    return ship_demand(order.shipping or NO_CARRIER, code, desk.till.config.orders.tracking_url)


def _doubts(orders: Mapping[str, Order], codes: Mapping[str, str]) -> list[str]:
    found = {key: doubt(orders[key].shipping, code) for key, code in codes.items()}
    return [f"{orders[key].number}: {codes[key]} – {why}" for key, why in found.items() if why]


def _warn(desk: Board, doubts: list[str], go: Callable[[], None], back: Callable[[], None]) -> None:
    """Say which codes look wrong. Never a block; who goes back finds the codes as typed."""

    def answered(answer: str | None) -> None:
        if answer == "d":
            go()
        else:
            back()

    desk.app.push_screen(doubtful_codes(doubts), answered)
