"""One order: what was bought on the left, the *histórico* on the right; narrow, one below the other."""

from collections.abc import Sequence
from datetime import tzinfo
from typing import Final

from textual import events

from pos_tui.domain.documents import mask_document
from pos_tui.domain.instants import show
from pos_tui.domain.money import format_brl
from pos_tui.domain.order import SOURCE_WORDS, Order, Step
from pos_tui.widgets.lines import Line, LineWidget, fit, wrap
from pos_tui.widgets.theme import BOLD, DIM, PLAIN

BESIDE: Final = 72
"""From this width on the two stand side by side."""
_FAR: Final = 1_000_000


class OrderView(LineWidget, can_focus=True):
    """Scrolls with the arrows; both sides go together."""

    def __init__(self) -> None:
        super().__init__()
        self._left: Sequence[str] = ()
        self._right: Sequence[str] = ()
        self._top = 0
        self.history_only = False

    def show(self, left: Sequence[str], right: Sequence[str]) -> None:
        """Show other texts; a line that ends with a colon is a heading."""
        self._left, self._right = left, right
        self.redraw()

    def toggle(self) -> None:
        """Show the history alone, or both again."""
        self.history_only, self._top = not self.history_only, 0
        self.redraw()

    def on_key(self, event: events.Key) -> None:
        """Scroll; other keys go on to the bindings."""
        page = max(1, self.size.height - 1)
        moves = {"up": -1, "down": 1, "pageup": -page, "pagedown": page, "home": -_FAR, "end": _FAR}
        if event.key in moves:
            self._top += moves[event.key]
            event.stop()
            event.prevent_default()
            self.redraw()

    def lines(self, width: int, height: int) -> list[Line]:
        """Both sides, from the line scrolled to."""
        if self.history_only:
            flow = _flow(self._right, width)
        elif width >= BESIDE:
            flow = _beside(self._left, self._right, width)
        else:
            flow = [*_flow(self._left, width), (), *_flow(self._right, width)]
        self._top = max(0, min(self._top, len(flow) - height))
        shown = flow[self._top : self._top + height]
        more = len(flow) - self._top - height
        if more > 0 and shown:
            shown[-1] = ((fit(f"... mais {more + 1} linha(s): seta para baixo", width), DIM),)
        return shown


def _flow(texts: Sequence[str], width: int) -> list[Line]:
    return [((line, BOLD if text.endswith(":") else PLAIN),) for text in texts for line in wrap(text, width)]


def _beside(left: Sequence[str], right: Sequence[str], width: int) -> list[Line]:
    room = width * 11 // 20
    one, other = _flow(left, room - 1), _flow(right, width - room - 2)
    rows: list[Line] = []
    for index in range(max(len(one), len(other))):
        text, style = one[index][0] if index < len(one) else ("", PLAIN)
        aside = other[index] if index < len(other) else ()
        rows.append(((fit(text, room), style), ("| ", DIM), *aside))
    return rows


def order_lines(order: Order, zone: tzinfo) -> list[str]:
    """Return what was bought, by whom, how it is paid and where it goes."""
    lines = [f"Feito em {show(order.created_at, zone)}", f"Pagamento: {order.method_name or 'não dito'}"]
    if order.invoice.told:
        lines.append(f"Nota: {order.invoice.words}")
    if order.shipment.code:
        lines.append(f"Rastreio: {order.shipment.carrier} {order.shipment.code}")
    lines.append("Itens:")
    for item in order.items:
        name = " ".join(part for part in (item.code, item.name, item.variation) if part)
        lines += [f"{item.quantity} x {name}", f"    {format_brl(item.total)}"]
    lines += [
        f"Produtos {format_brl(order.subtotal)}",
        f"Frete {format_brl(order.freight)} ({order.shipping})",
    ]
    if order.discount:
        lines.append(f"Desconto {format_brl(-order.discount)}")
    if order.tax:
        lines.append(f"Impostos {format_brl(order.tax)}")
    lines += [f"TOTAL {format_brl(order.total)}", "Cliente:", order.customer]
    lines += [text for text in (_document(order), order.phone, order.email) if text]
    lines += ["Entrega:", *(order.address or ("Sem endereço.",))]
    if order.note:
        lines += ["Observação:", order.note]
    return lines


def history_lines(steps: Sequence[Step], zone: tzinfo) -> list[str]:
    """Return every step, when, and who took it."""
    lines = ["Histórico:"]
    for step in steps:
        who = " ".join(part for part in (step.who, f"({SOURCE_WORDS[step.source]})") if part)
        lines += [show(step.at, zone), f"  {step.what}", f"  {who}"]
        if step.note:
            lines.append(f"  {step.note}")
    return lines


def _document(order: Order) -> str:
    if not order.document:
        return ""
    return f"{'CPF' if len(order.document) == 11 else 'CNPJ'} {mask_document(order.document)}"
