"""Which orders are listed: both badges, method, period, text."""

from collections.abc import Awaitable, Callable
from datetime import timedelta, tzinfo
from typing import TYPE_CHECKING

from pos_tui.domain.instants import from_ms, to_ms
from pos_tui.domain.order import (
    DELIVERY_WORDS,
    METHOD_WORDS,
    PAYMENT_WORDS,
    DeliveryState,
    PaymentState,
    PayMethod,
)
from pos_tui.domain.order_kept import OrderFilter
from pos_tui.domain.text import clean
from pos_tui.domain.values import replace
from pos_tui.screens.days import check_day, check_order, parse_day
from pos_tui.widgets.dialog import PromptDialog
from pos_tui.widgets.fields import ChoiceField, Option, TextField, Value

if TYPE_CHECKING:
    from pos_tui.screens.board import Board
    from pos_tui.till import Till

ANY = "any"


def default_filter(till: "Till") -> OrderFilter:
    """The last days, thirty unless the config says otherwise."""
    _, end = till.day()
    return OrderFilter(end - till.config.orders.days * 86_400_000, end)


def filter_words(chosen: OrderFilter, zone: tzinfo, marked: int) -> str:
    """Say what is listed."""
    first, last = (from_ms(at).astimezone(zone) for at in (chosen.since, chosen.until - 1))
    parts = [
        f"{first:%d/%m/%Y} a {last:%d/%m/%Y}",
        PAYMENT_WORDS[chosen.payment] if chosen.payment else "",
        DELIVERY_WORDS[chosen.delivery] if chosen.delivery else "",
        METHOD_WORDS[chosen.method] if chosen.method else "",
        f"«{chosen.text}»" if chosen.text else "",
        f"{marked} escolhido(s)" if marked else "",
    ]
    return " · ".join(part for part in parts if part)


def ask_filter(desk: "Board", chosen: OrderFilter, then: Callable[[OrderFilter], Awaitable[None]]) -> None:
    """Ask, and go on with the new filter."""
    zone = desk.till.context.zone

    def not_before(until: str) -> str | None:
        return check_day(until) or check_order(dialog.form.text("since"), until)

    hint = "Número, cliente, CPF, NF, SKU ou rastreio. Em branco: todos."
    fields = [
        TextField("text", "Texto", max_length=60, codes=True, hint=hint),
        ChoiceField("payment", "Pagamento", _options(PAYMENT_WORDS)),
        ChoiceField("delivery", "Entrega", _options(DELIVERY_WORDS)),
        ChoiceField("method", "Forma", _options(METHOD_WORDS)),
        TextField("since", "De", max_length=10, required=True, check=check_day, hint="dd/mm/aaaa"),
        TextField("until", "Até", max_length=10, required=True, check=not_before, hint="dd/mm/aaaa"),
    ]
    dialog = PromptDialog("Filtrar pedidos", fields)
    form = dialog.form
    form.set("text", chosen.text)
    for name, value in (
        ("payment", chosen.payment),
        ("delivery", chosen.delivery),
        ("method", chosen.method),
    ):
        form.set(name, value.value if value else ANY)
    form.set("since", f"{from_ms(chosen.since).astimezone(zone):%d/%m/%Y}")
    form.set("until", f"{from_ms(chosen.until - 1).astimezone(zone):%d/%m/%Y}")

    async def answered(values: dict[str, Value] | None) -> None:
        if values is not None:
            await then(_read(chosen, values, zone))

    desk.app.push_screen(dialog, answered)


def _options(
    words: "dict[PaymentState, str] | dict[DeliveryState, str] | dict[PayMethod, str]",
) -> list[Option]:
    named = [Option(state.value, text) for state, text in words.items() if state.value != "unknown"]
    return [Option(ANY, "Todos"), *named]


def _read(before: OrderFilter, values: dict[str, Value], zone: tzinfo) -> OrderFilter:
    def state(name: str) -> str:
        value = str(values[name] or ANY)
        return "" if value == ANY else value

    payment, delivery, method = state("payment"), state("delivery"), state("method")
    since = parse_day(str(values["since"])).replace(tzinfo=zone)
    until = parse_day(str(values["until"])).replace(tzinfo=zone) + timedelta(days=1)
    return replace(
        before,
        since=to_ms(since),
        until=to_ms(until),
        payment=PaymentState(payment) if payment else None,
        delivery=DeliveryState(delivery) if delivery else None,
        method=PayMethod(method) if method else None,
        text=clean(str(values["text"] or "")),
    )
