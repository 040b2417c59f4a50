"""The open sale's reserves that are on their way to the provider."""

import asyncio
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textual.worker import Worker

    from pos_tui.domain.topup import TopUp
    from pos_tui.screens.sale import SaleScreen

PATIENCE = 5.0
"""Seconds that saving waits for a reserve that is still on its way."""
POLL = 0.02


class Reserving:
    """Sends them behind the sale's screen, and tells there how they went."""

    def __init__(self, desk: "SaleScreen") -> None:
        self._desk = desk
        self._under_way: list[Worker[None]] = []

    def send(self, topup: "TopUp") -> None:
        """Send one, under the key it has for life."""
        desk = self._desk
        job = partial(desk.till.topups.reserve, topup.id, desk.sale.seller)
        self._under_way.append(desk.background(job, self.tell))

    async def answered(self) -> None:
        """Wait a moment for all answers: keys typed ahead are meant for what comes after them."""
        if not self._under_way:
            return
        if self._waiting():
            self._desk.say("Aguardando a reserva da operadora…")
        loop = asyncio.get_running_loop()
        end = loop.time() + PATIENCE
        while loop.time() < end and self._waiting():
            await asyncio.sleep(POLL)
        self._under_way = self._waiting()
        # One that has just come waits behind this key to be drawn: read it here, or the key meets its past.
        await self._desk.reload()

    def _waiting(self) -> "list[Worker[None]]":
        return [worker for worker in self._under_way if not worker.is_finished]

    async def tell(self, topup: "TopUp") -> None:
        """Show the sale again, and say how one went."""
        desk = self._desk
        await desk.reload()
        if topup.why:
            desk.say(f"{topup.why}{desk.pane.way_on(topup)}", "error")
        elif topup.sale_id == desk.sale.id and desk.message.tone != "error":  # another may have been refused
            desk.say(f"Recarga {topup.mobile}: {topup.words.lower()}. Receba o pagamento (F10).")
