"""Saldo e margem, for the supervisor: the credit at the provider, and what today's top-ups left the store."""

import asyncio
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType

from pos_tui.commands import Place
from pos_tui.domain.money import format_brl
from pos_tui.domain.topup import Balance
from pos_tui.reports.registry import find
from pos_tui.screens.background import STILL_ASKING
from pos_tui.screens.board import Board
from pos_tui.screens.commanded import bindings
from pos_tui.screens.report import ReportScreen
from pos_tui.services.offers import catalogue_age, read_words
from pos_tui.till import Till
from pos_tui.widgets.text import Reading

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.widget import Widget

NOT_YET = "Saldo: ainda não lido."
NOT_ALLOWED = "O saldo e a margem são do supervisor."


class BalanceDesk(Board):
    """Shows at once what is known, with its age, and asks the provider behind it."""

    PLACE: ClassVar[Place] = Place.BALANCE
    PURPOSE = (
        "O saldo da loja na operadora, com a hora em que foi lido, e o custo e a margem das recargas "
        "confirmadas de hoje. Enter mostra recarga por recarga. F5 lê de novo; nunca compra nada."
    )
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Place.BALANCE)]

    def __init__(self, till: Till, who: str) -> None:
        super().__init__(till, who)
        self.head = Reading([""])
        self._allowed = False

    def compose(self) -> "Iterable[Widget]":
        """What is known, notice, keys."""
        yield self.heading("Saldo e margem")
        yield self.head
        yield self.message
        yield self.keys

    async def on_mount(self) -> None:
        """Only who may sees it."""
        self.show_keys()
        await self.act_first(self.till.audit.may_oversee, self._let_in)

    async def _let_in(self, _: object) -> None:
        self._allowed = True
        await self._show()
        await self.do_balance_ask()

    async def _show(self) -> None:
        self.head.say(await asyncio.to_thread(balance_lines, self.till))
        self.show_keys()

    def why_not(self, command_id: str) -> str | None:
        """Nothing before a supervisor has said so."""
        return None if self._allowed else NOT_ALLOWED

    async def do_balance_ask(self) -> None:
        """F5."""
        asked = self.question(self.till.offers.balance, self._told)
        self.say("Consultando o saldo na operadora…" if asked else STILL_ASKING)

    async def _told(self, _: Balance) -> None:
        await self._show()
        self.say("Saldo lido agora.")

    async def do_balance_margins(self) -> None:
        """Enter: each top-up."""
        self.app.push_screen(ReportScreen(self.till, self._who, find("margem")))

    async def failed(self, message: str) -> None:
        """What was known stays on show."""
        if self._allowed:
            await self._show()
        self.say(message, "error")


def balance_lines(till: Till) -> list[str]:
    """Return the last balance told, with its age, and today's margin."""
    lines = [NOT_YET]
    if till.offers.last_balance is not None:
        balance, at = till.offers.last_balance
        lines = [
            f"Saldo disponível na operadora: {format_brl(balance.available)}.",
            f"Limite de crédito: {format_brl(balance.limit)}. Ambos {read_words(at, till.context)}.",
        ]
    sold, cost, unknown = till.reports.margin(*till.day())
    lines += [
        "",
        f"Recargas confirmadas nas vendas de hoje: {format_brl(sold)}.",
        f"Custo conhecido: {format_brl(cost)}. Margem: {format_brl(sold - unknown - cost)}.",
    ]
    if unknown:
        lines.append(f"Sem custo informado pela operadora, fora da margem: {format_brl(unknown)}.")
    if till.offers.known is not None:
        lines.append(f"Preços: {catalogue_age(till.offers.known.read_at, till.context)}.")
    return lines
