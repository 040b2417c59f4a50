"""Caixas da loja: what each till has sold and holds, while it does."""

import asyncio
from typing import ClassVar

from textual.binding import BindingType

from pos_tui.commands import Place
from pos_tui.domain.instants import show, show_hour
from pos_tui.domain.money import format_brl
from pos_tui.domain.people import Action
from pos_tui.screens.commanded import bindings
from pos_tui.screens.guarded_list import ALONE, GuardedList
from pos_tui.screens.oversight import age
from pos_tui.services.guard import Approval
from pos_tui.services.till_totals import TillTotals
from pos_tui.till import Till
from pos_tui.widgets.columns import Column
from pos_tui.widgets.dialog import TextPage
from pos_tui.widgets.line_list import Row

AGAIN_SECONDS = 30.0
"""How often the list is read though nobody sold: how long ago a till was seen changes by itself."""
SILENT_MS = 120_000
"""An open till says that it is there twice a minute."""
BLIND = "às cegas"


class TillsDesk(GuardedList):
    """One line a till."""

    PLACE: ClassVar[Place] = Place.TILLS
    PURPOSE = (
        "O que cada caixa da loja vendeu desde a abertura, e o dinheiro que deve estar na gaveta; de um "
        "caixa fechado, o que vendeu hoje. A lista se renova sozinha. «Visto» diz há quanto tempo o caixa "
        "deu sinal. Enter mostra as formas de pagamento."
    )
    OPEN = "tills_open"
    BINDINGS: ClassVar[list[BindingType]] = [
        binding for binding in bindings(Place.TILLS) if binding.id != "tills_open"
    ]
    HEADING = "Caixas da loja"
    COLUMNS = (
        Column("Cx", 2, "right"),
        Column("Situação", 13),
        Column("Quem", 8, flex=True, priority=2),
        Column("Vendas", 6, "right", priority=3),
        Column("Vendido", 12, "right"),
        Column("Na gaveta", 12, "right", priority=1),
        Column("Visto", 7, "right", priority=4),
        Column("Filial", 14, priority=5),
    )
    EMPTY = "Nenhum caixa mexeu em dinheiro ainda. Cada um aparece aqui ao abrir (F7) ou vender."
    FORBIDDEN = "Os totais de todos os caixas são para supervisores."

    def __init__(self, till: Till, who: str) -> None:
        super().__init__(till, who)
        self._found: dict[str, TillTotals] = {}

    async def on_mount(self) -> None:
        """Once it may be seen, it goes on by itself."""
        self.set_interval(AGAIN_SECONDS, self.heard)

    def may_see(self, approval: Approval | None) -> None:
        """Ask the guard."""
        self.till.audit.may_oversee(approval)

    async def read(self, _: object = None) -> None:
        """How the tills are now."""
        async with self.turn:
            found = await asyncio.to_thread(self.till.overview.tills)
            self._found = {one.key: one for one in found}
            self.list.set_rows([self._row(one) for one in found])
        self.show_keys()
        if self.till.away:
            self.say(ALONE, "error")

    async def heard(self) -> None:
        """Another till did something, or time went by: the cursor stays on its row."""
        if self._seen:
            await self.read()

    async def do_tills_ask(self) -> None:
        """F5."""
        await self.read()

    async def open(self, key: str) -> None:
        """Enter."""
        one = self._found[key]
        methods = await asyncio.to_thread(self.till.overview.methods, one)
        lines = [self._standing(one), f"{one.sold.sales} venda(s), {format_brl(one.sold.total)}"]
        if one.open:
            lines += self._drawer(one)
        lines += ["", "Formas de pagamento:" if methods else "Nenhum pagamento ainda."]
        lines += [f"  {total.name}: {total.count} · {format_brl(total.amount)}" for total in methods]
        self.app.push_screen(TextPage(f"Caixa {one.till}", lines, wrapped=False))

    def _standing(self, one: TillTotals) -> str:
        zone = self.till.context.zone
        if one.shift is None:
            return "Sem abertura de caixa: totais de hoje."
        if one.shift.closed_at is None:
            return f"Aberto em {show(one.shift.opened_at, zone)} por {one.shift.opened_by}"
        return f"Fechado em {show(one.shift.closed_at, zone)} por {one.shift.closed_by}: totais de hoje"

    def _drawer(self, one: TillTotals) -> list[str]:
        if self._blind:
            return ["Na gaveta: fechamento às cegas."]
        drawer = one.drawer
        return [
            f"Na gaveta: {format_brl(drawer.expected)}",
            f"  fundo {format_brl(drawer.float_in)}",
            f"  vendas {format_brl(drawer.sales)}",
            f"  suprimentos {format_brl(drawer.supplied)}",
            f"  sangrias {format_brl(drawer.withdrawn)}",
            f"  devoluções {format_brl(drawer.refunded)}",
        ]

    @property
    def _blind(self) -> bool:
        """Whoever will count does not see what is expected, though a supervisor lets them see the list."""
        return self.till.cash.rules.blind and not self.till.guard.may(Action.CASH_READ_BLIND)

    def _row(self, one: TillTotals) -> Row:
        zone, shift = self.till.context.zone, one.shift
        silence = self.till.context.now() - one.seen if one.seen is not None else None
        if shift is None:
            state, who = "sem abertura", ""
        elif shift.closed_at is None:
            state, who = f"aberto {show_hour(shift.opened_at, zone)}", shift.opened_by
        else:
            state, who = f"fechado {show_hour(shift.closed_at, zone)}", shift.closed_by
        drawer = (BLIND if self._blind else format_brl(one.drawer.expected)) if one.open else ""
        sold = one.sold
        seen = "" if silence is None else "agora" if silence < SILENT_MS else age(silence)
        cells = (
            str(one.till),
            state,
            who,
            str(sold.sales),
            format_brl(sold.total),
            drawer,
            seen,
            sold.branch,
        )
        gone = one.open and self.till.context.store.shared and (silence or 0) >= SILENT_MS
        return Row(one.key, cells, "pending" if gone else "normal")
