"""Lista de vendas: the day's sales, those with pendings in yellow and in words."""

import asyncio
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len
from textual import on
from textual.binding import BindingType

from pos_tui.commands import Place
from pos_tui.domain.instants import from_ms
from pos_tui.domain.payment import Method
from pos_tui.domain.recurring import STATUS_WORDS, PaymentStatus
from pos_tui.domain.sale import Sale, SaleFilter, SaleLine
from pos_tui.domain.topup import TopUp, TopUpState
from pos_tui.screens.background import ASKING, STILL_ASKING
from pos_tui.screens.commanded import bindings
from pos_tui.screens.confirmation import CONFIRMED, Confirmation
from pos_tui.screens.pane import Pane
from pos_tui.screens.recovering import recover_payments
from pos_tui.screens.sale_filter import filter_dialog, filtered
from pos_tui.screens.strangers import REMOTE, stranger_row, stranger_words
from pos_tui.services.sales import PAGE
from pos_tui.services.spool import NO_PRINTER
from pos_tui.widgets.columns import Column
from pos_tui.widgets.dialog import PromptDialog, TextPage
from pos_tui.widgets.fields import TextField, Value
from pos_tui.widgets.line_list import LineList, Row
from pos_tui.widgets.text import Paragraphs

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from textual.widget import Widget

    from pos_tui.screens.sale import SaleScreen

WIDEST = 30
"""Cells of the longest words of the seed; with number and sign they fill a window of 40."""
EMPTY = "Nenhuma venda aqui ainda. F3 começa uma recarga; F6 muda o filtro."
NO_PENDINGS = "Nenhuma recarga pendente em nenhum caixa da loja. F4 volta à lista do dia."


class SalesPane(Pane):
    """The sales of the day, or of the filter; F4 again shows only what is pending."""

    PLACE: ClassVar[Place] = Place.SALES
    PURPOSE = (
        "As vendas do dia. As que têm recarga pendente aparecem em amarelo, com * e em palavras. "
        "Enter abre a venda para confirmar, cancelar ou imprimir cada recarga. Confirme só depois de "
        "receber o pagamento: confirmada, não pode mais ser cancelada. F4 mostra só as pendentes de toda a "
        "loja, as mais antigas primeiro: é preciso confirmá-las ou cancelá-las para vender de novo quando o "
        "limite é atingido."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        binding for binding in bindings(Place.SALES) if binding.id != "open_sale"
    ]

    def __init__(self, desk: "SaleScreen") -> None:
        super().__init__(desk)
        self.heading = Paragraphs([""])
        self.list = LineList(columns(()), empty=EMPTY)
        self.pending_only = False
        self.filter = SaleFilter(*desk.till.day())
        self._filtered = False
        self._lines: dict[str, SaleLine] = {}
        self._turn = asyncio.Lock()
        """Keys and news from behind the screen read the list: what was asked for last is what stays."""

    def compose(self) -> "Iterable[Widget]":
        """What is listed, then the list."""
        yield self.heading
        yield self.list

    def take_focus(self) -> None:
        """The list has the cursor."""
        self.screen.set_focus(self.list)

    def hint(self) -> str:
        """Nothing is typed here."""
        return ""

    async def entered(self) -> None:
        """Read the list; a day that has turned is a new list."""
        if not self._filtered:
            self.filter = SaleFilter(*self.till.day())
        await self._read()

    async def again(self) -> None:
        """F4: only the pendings, and back."""
        self.pending_only = not self.pending_only
        await self._read()

    async def show_pendings(self) -> None:
        """The limit is reached: only the pendings, the oldest first."""
        self.pending_only = True
        await self._read()

    async def heard(self) -> None:
        """Something was settled in the background: read the first page again, unless others are on show."""
        if len(self.list.rows) <= PAGE:
            await self._read()

    async def select(self, sale_id: str) -> None:
        """Put the cursor on a sale that was closed just now; Enter is meant for it, and for no other.

        A filter that would hide it is over, and so is the day, where the clock was set meanwhile.
        """
        self.pending_only = False
        await self._read(sale_id)
        if sale_id not in self._lines:
            sale = await asyncio.to_thread(self.till.sales.get, sale_id)
            at = sale.saved_at or sale.opened_at
            since, until = self.till.day()
            self.filter, self._filtered = SaleFilter(min(since, at), max(until, at + 1)), False
            await self._read(sale_id)

    # Reading

    async def _read(self, key: str | None = None) -> None:
        async with self._turn:
            await self._read_now(key)

    async def _read_now(self, key: str | None) -> None:
        pending_only, chosen = self.pending_only, self.filter
        if pending_only:
            lines = await asyncio.to_thread(self.till.sales.with_pendings)
            self.list.empty = NO_PENDINGS
            count = f"{len(lines)} venda(s)"
            self.heading.say([f"Pendentes de toda a loja, as mais antigas primeiro: {count}."])
        else:
            lines = await asyncio.to_thread(self.till.sales.page, chosen)
            self.list.empty = EMPTY
            self.heading.say([self._title(chosen)])
        self._lines = {line.id: line for line in lines}
        rows = [self._row(line) for line in lines]
        if pending_only:
            rows += [stranger_row(stranger) for stranger in self.till.sweeper.strangers]
        self.list.columns = columns(rows)
        self.list.set_rows(rows, after=not pending_only and len(lines) == PAGE, key=key)

    def _title(self, chosen: SaleFilter) -> str:
        zone = self.till.context.zone
        first = from_ms(chosen.since).astimezone(zone)
        last = from_ms(chosen.until - 1).astimezone(zone)
        days = f"{first:%d/%m/%Y}" if first.date() == last.date() else f"{first:%d/%m/%Y} a {last:%d/%m/%Y}"
        extra = [chosen.seller, f"«{chosen.text}»" if chosen.text else ""]
        if chosen.given_back:
            extra.append("só estornadas")
        if chosen.payment is not PaymentStatus.ALL:
            extra.append(STATUS_WORDS[chosen.payment])
        return "Vendas de " + " · ".join(part for part in (days, *extra) if part)

    def _row(self, line: SaleLine) -> Row:
        at = from_ms(line.saved_at).astimezone(self.till.context.zone)
        this_year = at.year == self.till.now().year
        cells = (
            str(line.number or ("aband." if line.discarded else "aberta")),
            f"{at:%d/%m %H:%M}" if this_year else f"{at:%d/%m/%Y}",
            line.branch,
            line.seller,
            line.customer_name,
            line.invoice,
            line.situation,
            _action(line),
        )
        return Row(line.id, cells, "pending" if line.waits else "normal")

    @on(LineList.More)
    async def _more(self, event: LineList.More) -> None:
        event.stop()
        newer = event.direction in ("before", "last")
        edge = None if event.direction in ("first", "last") else self._lines.get(event.key)
        lines = await asyncio.to_thread(self.till.sales.page, self.filter, edge, newer)
        if not self.list.wants(event):
            return
        self._lines.update({line.id: line for line in lines})
        self.list.columns = columns([*self.list.rows, *map(self._row, lines)])
        self.list.add_rows(event.direction, [self._row(line) for line in lines], more=len(lines) == PAGE)

    # Opening a sale

    @on(LineList.Selected)
    async def _selected(self, event: LineList.Selected) -> None:
        event.stop()
        with self.telling():
            await self._open(event.key)

    async def do_open_sale(self) -> None:
        """Enter."""
        if self.list.row is not None:
            await self._open(self.list.row.key)

    async def _open(self, key: str) -> None:
        if key.startswith(REMOTE):
            self._explain_stranger(key.removeprefix(REMOTE))
            return
        sale = await asyncio.to_thread(self.till.sales.get, key)
        self.desk.message.clear()
        if any(line.method is Method.RECURRING for line in sale.payments):
            await self._open_os(sale)
            return
        if not sale.topups:
            text = await asyncio.to_thread(lambda: self.till.papers.text(self.till.papers.of_sale(sale)))
            lines = [*sale.refunds, *text.splitlines()]
            page = TextPage(f"Venda {sale.number or 'aberta'}", lines, wrapped=False)
            self.app.push_screen(page)
            return
        self.app.push_screen(Confirmation(self.till, sale, self.sale.seller), partial(self._left_popup, key))

    async def _open_os(self, sale: Sale) -> None:
        """An OS that is, or was, paid by a link."""
        from pos_tui.screens.recurring import OsPanel

        attempt = await asyncio.to_thread(self.till.recurring.attempts.latest, sale.id)
        panel = OsPanel(self.till, sale, attempt, self.sale.seller)
        self.app.push_screen(panel, partial(self._left_os, sale.id))

    async def _left_os(self, key: str, _: None) -> None:
        """The OS may be open again, on the counter."""
        await self.desk.reload()
        if self.sale.id == key:
            await self.desk.go(Place.PAYMENT)
            self.say("OS de volta ao balcão: escolha outra forma de pagamento.")
        else:
            await self._left_popup(key, None)

    async def open_os(self, key: str) -> None:
        """Show the OS just finalised."""
        await self.select(key)
        await self._open(key)

    def _explain_stranger(self, key: str) -> None:
        found = [s for s in self.till.sweeper.strangers if s.standing.key == key]
        if found:
            self.app.push_screen(TextPage("Pendente na operadora", stranger_words(found[0], self.till)))

    async def _left_popup(self, key: str, _: None) -> None:
        """What was said meanwhile, such as that a reserve was refused, stays to be read."""
        await self._read(key)
        self.desk.refresh_chrome()

    async def confirmed(self, topups: list[TopUp], change: str) -> None:
        """Automatic confirmation ended."""
        await self._read()
        self.desk.refresh_chrome()
        left = [topup for topup in topups if topup.state is not TopUpState.CONFIRMED]
        if left:
            told = left[0].why or f"{len(left)} recarga(s) ainda pendente(s): abra com Enter."
            self.say(f"{told}{change}", "pending")
        else:
            self.say(f"{CONFIRMED}.{change}")

    # Commands

    def why_not(self, command_id: str) -> str | None:
        """What is off on the marked sale, and why."""
        line = self._lines.get(self.list.row.key) if self.list.row else None
        if command_id in ("reprint", "invoice", "open_sale", "refund") and line is None:
            return "Não há venda marcada."
        if command_id == "reprint" and not self.till.spool.prints:
            return NO_PRINTER
        if command_id in ("invoice", "refund", "reprint") and line is not None and line.number is None:
            if command_id == "refund" and line.paying:
                return None
            return "A venda foi abandonada." if line.discarded else "A venda ainda está aberta."
        return None

    async def do_reprint(self) -> None:
        """F9: a marked copy of every receipt of the sale: top-ups, items, and the card's slips."""
        sale = await asyncio.to_thread(self.till.sales.get, self._marked())
        copies = await asyncio.to_thread(self.till.papers.reprint_sale, sale, self.sale.seller)
        self.say(f"{len(copies)} reimpressão(ões) na fila, com a marca de 2ª via.")
        self.desk.refresh_chrome()

    async def do_refund(self) -> None:
        """F8: give a payment of the marked sale back, on a supervisor's word."""
        from pos_tui.screens.refund import ask_refund

        sale = await asyncio.to_thread(self.till.sales.get, self._marked())
        ask_refund(self.desk, sale, partial(self._left_popup, sale.id, None))

    def _marked(self) -> str:
        assert self.list.row is not None, "why_not said so"
        return self.list.row.key

    async def do_invoice(self) -> None:
        """N: note the fiscal note's number on the sale."""
        sale = await asyncio.to_thread(self.till.sales.get, self._marked())
        field = TextField("invoice", "NF", max_length=20, hint="Número da nota fiscal.")
        self.app.push_screen(
            PromptDialog(f"NF da venda {sale.number}", [field]), partial(self._set_invoice, sale)
        )

    async def _set_invoice(self, sale: Sale, values: dict[str, Value] | None) -> None:
        if values is None:
            return
        with self.telling():
            await asyncio.to_thread(self.till.sales.set_invoice, sale, str(values["invoice"] or ""))
            await self._read(sale.id)

    async def do_filter(self) -> None:
        """F6."""
        self.app.push_screen(filter_dialog(self.till, self.filter), self._filter)

    async def _filter(self, values: dict[str, Value] | None) -> None:
        if values is None:
            return
        self.filter = filtered(self.till, self.filter, values)
        self._filtered = self.filter != SaleFilter(*self.till.day())
        self.pending_only = False
        await self._read()

    async def ask(self) -> None:
        """F5: ask about everything that waits in the store, oldest first, then read the list again."""
        asked = self.desk.question(partial(self._ask_outside, self.sale.seller), self._asked)
        self.say(ASKING if asked else STILL_ASKING)

    def _ask_outside(self, who: str) -> None:
        """In a worker."""
        self.till.sweeper.sweep(who)
        if self.till.config.charges_monthly:
            self.till.recurring.watch.ask_live(who)

    async def _asked(self, found: object) -> None:
        await self._read()
        self.desk.refresh_chrome()
        recover_payments(self.desk)
        self.say("Consulta feita: a lista está atualizada.")


def _action(line: SaleLine) -> str:
    """What is to be done with it next."""
    if line.recurring:
        return "Abrir OS"
    if line.discarded:
        return "Estornar"
    if not line.pendings:
        return "2ª via" if line.topups or line.items else ""
    if line.number is None:
        return "Abrir"  # confirming comes after it is paid and saved
    return next((action for words, action in _NEXT.items() if words in line.words), "Confirmar")


def columns(rows: "Sequence[Row]") -> tuple[Column, ...]:
    """Return the columns for these rows: what each is about is never cut, and needs no room it does not use.

    The branch stands there only where several sell; what there is no room for goes by its priority.
    """
    branches = {row.cells[_BRANCH] for row in rows}
    return (
        Column("Nº", 7, "right"),
        Column("Data", 11, priority=3),
        Column("Filial", 6 if len(branches) > 1 else 0, flex=len(branches) > 1, priority=6),
        Column("Vendedor", 8, flex=True, priority=4),
        Column("Cliente", 11, flex=True, priority=2),
        Column("NF", _widest(rows, _INVOICE, 2, 9), priority=5),
        Column("Situação", _widest(rows, _SITUATION, 10, WIDEST)),
        Column("Ações", 9, priority=7),
    )


_NEXT = {"[verificar]": "Consultar", "(Envio não realizado)": "Enviar"}
"""What comes before confirming, by the words of the worst of its top-ups."""
_BRANCH, _INVOICE, _SITUATION = 2, 5, 6


def _widest(rows: "Sequence[Row]", cell: int, least: int, most: int) -> int:
    return min(most, max([least, *(cell_len(row.cells[cell]) for row in rows)]))
