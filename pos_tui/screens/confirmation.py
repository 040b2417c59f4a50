"""The popup of seed 1: confirm, cancel and print the top-ups of one sale, each by itself."""

from collections.abc import Callable
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.binding import BindingType
from textual.message import Message

from pos_tui.commands import Place
from pos_tui.domain.instants import show, show_hour, show_second
from pos_tui.domain.money import format_brl
from pos_tui.domain.sale import Sale, why_unpaid
from pos_tui.domain.topup import UNSENT, TopUp, TopUpState, why_not_cancel, why_not_confirm
from pos_tui.domain.waiting import time_left
from pos_tui.screens.approving import Act, Approving
from pos_tui.screens.commanded import Commanded, bindings, hints
from pos_tui.services.spool import NO_PRINTER
from pos_tui.till import Till
from pos_tui.widgets.chrome import KeyHint, KeyLine, MessageLine, Title
from pos_tui.widgets.dialog import Dialog, PromptDialog, TextPage
from pos_tui.widgets.fields import TextField, Value
from pos_tui.widgets.items import item_line
from pos_tui.widgets.lines import Line, LineWidget
from pos_tui.widgets.text import Paragraphs, Preview
from pos_tui.widgets.theme import BOLD, PLAIN, Tone

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.widget import Widget

CONFIRMED = "Recarga conekta confirmada com sucesso"
"""The seed's own words."""


ASK = (
    "Depois de confirmada, a recarga não pode mais ser cancelada. Confirme só depois de receber o pagamento."
)


HELD_SECONDS = 0.7
"""A key held down comes again within this, on X11 after 0.66 at first; nobody means the next in less."""
HELD = "Enter ficou preso? Solte-o, confira a recarga marcada e aperte de novo."


class TopUpList(LineWidget, can_focus=True):
    """A sale's top-ups, one marked."""

    class Moved(Message):
        """Another one is marked."""

    MOST = 6

    def __init__(self) -> None:
        super().__init__(height=1)
        self._topups: tuple[TopUp, ...] = ()
        self._at = 0
        self._now = 0

    def show(self, topups: tuple[TopUp, ...], now: int) -> None:
        """Show them; the mark stays on its place, or goes to the first pending when first shown."""
        if not self._topups:
            self._at = next((i for i, topup in enumerate(topups) if topup.pending), 0)
        self._topups, self._now = topups, now
        self.styles.height = min(len(topups), self.MOST)
        self.redraw()

    @property
    def marked(self) -> TopUp:
        """The top-up under the mark."""
        return self._topups[self._at]

    def next_pending(self) -> None:
        """Go on to the next one that waits."""
        self._at = next((i for i, topup in enumerate(self._topups) if topup.pending), self._at)
        self.redraw()

    def on_key(self, event: events.Key) -> None:
        """Up and down, or the number."""
        step = {"up": -1, "down": 1}.get(event.key)
        if step is not None:
            at = self._at + step
        elif event.key.isdecimal() and 1 <= int(event.key) <= 9:
            at = int(event.key) - 1
        else:
            return
        event.stop()
        if 0 <= at < len(self._topups):
            self._at = at
            self.redraw()
            self.post_message(self.Moved())

    def lines(self, width: int, height: int) -> list[Line]:
        """The window of lines around the mark."""
        top = max(0, min(self._at - height // 2, len(self._topups) - height))
        rows: list[Line] = []
        for index, topup in enumerate(self._topups[top : top + height], start=top):
            mark = ("> ", BOLD) if index == self._at else ("  ", PLAIN)
            rows.append((mark, *item_line(topup, width - 2, self._now)))
        return rows


class Confirmation(Commanded, Approving, Dialog[None]):
    """One top-up asks directly; several are a list, each confirmed by itself."""

    PLACE: ClassVar[Place] = Place.CONFIRMATION
    PURPOSE = f"Confirme, cancele ou imprima cada recarga da venda. {ASK}"
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings(Place.CONFIRMATION),
        ("escape", "leave"),
        ("f1,ctrl+g", "explain"),
        ("ctrl+e,f11", "lock"),
        ("pagedown", "scroll(1)"),
        ("pageup", "scroll(-1)"),
    ]
    AUTO_FOCUS = "TopUpList"

    def __init__(self, till: Till, sale: Sale, who: str) -> None:
        super().__init__()
        self._till = self.till = till
        self._sale = sale
        self._who = who
        self._busy = False
        self._pressed = 0.0
        """When Enter came last."""
        self._went_on = False
        """Whether the mark went on to the next one by itself, and nobody has chosen that one yet."""
        self.list = TopUpList()
        self.detail = Paragraphs([""])
        # In a low window the notice and the keys below must stay in sight.
        self.detail.styles.max_height = "45%"
        self.paper = Preview()
        self.message = MessageLine()
        self.keys = KeyLine()

    def compose(self) -> "Iterable[Widget]":
        """Heading, list, details of the marked one, notice, keys."""
        number = self._sale.number or "aberta"
        yield Title(f"Confirmação da recarga: venda {number}, {self._sale.customer_name}")
        yield self.list
        yield self.detail
        yield self.paper
        yield self.message
        yield self.keys

    def on_mount(self) -> None:
        """Show the sale."""
        self._show(self._sale)
        if self.why_not("confirm") is None:
            self.say(self._question())

    def say(self, text: str, tone: Tone = "normal") -> None:
        """Tell the cashier something, which the details above need not say too."""
        self.message.say(text, tone)
        self._describe()

    @property
    def _marked(self) -> TopUp:
        return self.list.marked

    def _question(self) -> str:
        topup = self._marked
        return f"Confirmar a recarga de {format_brl(topup.face)} para {topup.mobile}?"

    def _show(self, sale: Sale) -> None:
        self._sale = sale
        self.list.show(sale.topups, self._till.context.now())
        self._describe()

    def _describe(self) -> None:
        topup = self._marked
        details = [line for line in _details(topup, self._till) if not line or line != self.message.text]
        self.detail.say([*self._sale.refunds, *_partial(self._sale), *details])
        paper = self._till.spool.paper_of(topup.id, "top_up")
        self.paper.show(self._till.papers.preview(paper.document) if paper else "")
        self.keys.set_keys([*hints(Place.CONFIRMATION, self.why_not), KeyHint("Esc", "Voltar")])

    def on_top_up_list_moved(self) -> None:
        """Another one is marked."""
        self._went_on = False
        self.message.clear()
        self._describe()

    def why_not(self, command_id: str) -> str | None:
        """What is off for the marked top-up, and why."""
        topup = self._marked
        if self._busy:
            return "Aguarde a resposta da operadora."
        match command_id:
            case "confirm":
                return why_not_confirm(topup.state, topup.decision) or why_unpaid(self._sale)
            case "cancel":
                return why_not_cancel(topup.state, topup.decision)
            case "send" if topup.state not in UNSENT:
                return "O envio já foi realizado."
            case "print" if topup.state is not TopUpState.CONFIRMED:
                return "Só recarga confirmada tem comprovante."
            case "print" if not self._till.spool.prints:
                return NO_PRINTER
        return None

    # Commands

    clock = staticmethod(monotonic)

    async def action_command(self, command_id: str) -> None:
        """Each is confirmed by itself: an Enter held down confirms the first, and never those behind it."""
        if command_id == "confirm":
            since, self._pressed = self._pressed, self.clock()
            if self._went_on and self._pressed - since < HELD_SECONDS:
                self.say(HELD)
                return
        await super().action_command(command_id)

    async def do_confirm(self) -> None:
        """Enter: credit the line."""
        self._ask_outside(
            "Confirmando na operadora…", _plain(self._till.topups.confirm, self._marked.id, self._who)
        )

    async def do_cancel(self) -> None:
        """F8: with a reason."""
        topup = self._marked
        text = [f"Cancelar a recarga de {format_brl(topup.face)} para {topup.mobile}.", self._whose_money()]
        fields = [TextField("reason", "Motivo", max_length=80, required=True)]
        self.app.push_screen(PromptDialog("Cancelar recarga", fields, text), partial(self._cancel, topup))

    def _whose_money(self) -> str:
        if why_unpaid(self._sale) is None:
            return "O valor volta ao cliente."
        if self._sale.live:
            return "A venda não está salva: o que já foi recebido continua nela."
        return "Nada foi pago ainda."

    async def _cancel(self, topup: TopUp, values: dict[str, Value] | None) -> None:
        if values is not None:
            cancel = partial(self._till.topups.cancel, topup.id, str(values["reason"]), self._who)
            self._ask_outside("Cancelando na operadora…", cancel)

    async def do_send(self) -> None:
        """E: send the reserve that never left."""
        self._ask_outside("Enviando de novo…", _plain(self._till.topups.reserve, self._marked.id, self._who))

    async def do_print(self) -> None:
        """I: the receipt; the first one was printed with the confirmation, so this is a marked copy."""
        copy = self._till.papers.reprint(self._marked, self._who)
        self.app.push_screen(
            TextPage("Comprovante (2ª via)", self._till.papers.text(copy).splitlines(), wrapped=False)
        )

    async def do_query(self) -> None:
        """F5: ask; never charges, never credits."""
        self._ask_outside(
            "Consultando a operadora…", _plain(self._till.topups.ask, self._marked.id, self._who)
        )

    def action_leave(self) -> None:
        """Esc: back to the list. What was asked goes on, and its answer is written down all the same."""
        self.dismiss(None)

    def action_scroll(self, pages: int) -> None:
        """Page through the receipt below."""
        self.paper.scroll_pages(pages)

    async def action_lock(self) -> None:
        """The app locks, whatever is on top."""
        await self.app.run_action("lock('tecla')")

    def action_explain(self) -> None:
        """F1."""
        from pos_tui.screens.explaining import help_page

        contacts = self._till.config.topup.contacts
        self.app.push_screen(help_page(Place.CONFIRMATION, self.PURPOSE, self.why_not, contacts))

    # Background

    def who(self) -> str:
        """In whose name it is done."""
        return self._who

    def _ask_outside(self, notice: str, job: Act[TopUp]) -> None:
        self._busy = True
        self.say(notice)
        one = self._marked
        told = f"{one.operator_name} {one.mobile} {format_brl(one.face)}, da venda de {self._sale.seller}."
        self.attempt(job, self._answered, told)

    async def _answered(self, topup: TopUp) -> None:
        self._busy = False
        self._show(self._till.sales.get(self._sale.id))
        if topup.state is TopUpState.CONFIRMED:
            left = len(self._sale.pendings)
            rest = (
                f" {'Faltam' if left > 1 else 'Falta'} {left}."
                if left
                else f" {self._till.spool.outlook('O comprovante')} Esc volta."
            )
            self.say(f"{CONFIRMED}.{rest}")
            if self._marked.id == topup.id:  # who has moved the mark meanwhile means that one
                self.list.next_pending()
                self._went_on = bool(left)
                self._describe()
        else:
            told = topup.why or f"Recarga {topup.mobile}: {topup.words.lower()}."
            self.say(told, "error" if topup.why else "normal")

    async def heard(self) -> None:
        """The background asked about something of this sale, or of another."""
        if not self._busy:
            self._show(self._till.sales.get(self._sale.id))

    async def failed(self, message: str) -> None:
        """A rule or another person was in the way: show things as they stand."""
        self._busy = False
        self._show(self._till.sales.get(self._sale.id))
        self.say(message, "error")


def _plain(work: Callable[[str, str], TopUp], key: str, who: str) -> Act[TopUp]:
    """What needs nobody's approval."""
    return lambda _: work(key, who)


def _details(topup: TopUp, till: Till) -> list[str]:
    zone = till.context.zone
    lines = [
        "",
        f"{topup.operator_name} {topup.mobile}  {format_brl(topup.face)}"
        + (f"  validade {topup.validity_days} dias" if topup.validity_days else ""),
        f"Situação: {topup.words}" + (f" · {topup.reason}" if topup.reason else ""),
    ]
    codes = [("Compra", topup.provider_key), ("Protocolo", topup.provider_ref), ("NSU", topup.nsu)]
    lines.append(" · ".join(f"{name} {code}" for name, code in codes if code))
    left = time_left(topup, till.context.now())
    if topup.expires_at and left:
        lines.append(f"A reserva vale até {show_hour(topup.expires_at, zone)}: {left}.")
    if topup.settled_at:
        lines.append(
            f"{topup.words} por {topup.decided_by or 'operadora'} em {show(topup.settled_at, zone)}."
        )
    if topup.why:
        lines.append(topup.why)
    if topup.state is TopUpState.UNCERTAIN:
        lines.append("Não refaça a venda: consulte com F5 até a operadora responder.")
    if topup.pending and topup.ask_at:
        asks = "F5 consulta agora; nunca cobra e nunca credita."
        lines.append(f"Próxima consulta automática às {show_second(topup.ask_at, zone)}. {asks}")
    return lines


def _partial(sale: Sale) -> list[str]:
    """What a sale that came about in part owes the customer."""
    if not sale.owed_back:
        return []
    done = len(sale.topups) - len(sale.undone)
    result = (
        f"RESULTADO PARCIAL: {done} de {len(sale.topups)} recargas" if done else "NENHUMA RECARGA REALIZADA"
    )
    return [
        f"{result}. Pago {format_brl(sale.total)}, devido "
        f"{format_brl(sale.due)}. A DEVOLVER AO CLIENTE: {format_brl(sale.owed_back)}. "
        "F8 na Lista de vendas devolve um pagamento inteiro; F7, parte dele em dinheiro."
    ]
