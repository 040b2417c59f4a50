"""The QR of a dynamic Pix: the bank is asked again and again, and the dialog closes when it was paid."""

import threading
from datetime import datetime
from typing import TYPE_CHECKING

from textual import events

from pos_tui.domain.errors import PosError
from pos_tui.domain.money import format_brl
from pos_tui.domain.payment import PaymentState
from pos_tui.domain.sale import PaymentLine
from pos_tui.screens.background import Background
from pos_tui.screens.pix import PixDialog
from pos_tui.till import Till
from pos_tui.widgets.chrome import KeyHint

if TYPE_CHECKING:
    from collections.abc import Sequence

FIRST_ASK, LAST_ASK, SLOWER = 2.0, 15.0, 1.3
"""Seconds between two questions to the bank: the first, the longest, and how they grow."""


class PixCharge(PixDialog, Background):  # PixDialog first: styles follow the first base
    """Returns True when the charge is to be given up: by Esc, or because its time is over."""

    def __init__(self, till: Till, line: PaymentLine, who: str) -> None:
        super().__init__(
            line.details.get("code", ""), line.amount, self._print if till.spool.prints else None
        )
        self._till = till
        self._line = line
        self._who = who
        self._left = threading.Event()

    def keys(self) -> "Sequence[KeyHint]":
        """Esc gives up; in training a key pays."""
        pays = [KeyHint("P", "Simula o pagamento")] if self._till.config.training else []
        return [*pays, KeyHint("Esc", "Desistir")]

    def advice(self) -> str:
        """What to do."""
        at = self._expires()
        until = f" Vale até {at.astimezone(self._till.context.zone):%H:%M:%S}." if at else ""
        return f"Aguardando o pagamento de {format_brl(self._line.amount)}. Fecha sozinho quando pago.{until}"

    def on_mount(self) -> None:
        """Ask until it is over."""
        self.background(self._watch, self._over)

    def on_unmount(self) -> None:
        """Let the asking end."""
        self._left.set()

    def _watch(self) -> PaymentLine:
        """In a worker: ask the bank, ever more seldom, until the charge is over or nobody waits."""
        pause = FIRST_ASK
        while not self._left.wait(pause):
            try:
                self._line = self._till.payments.ask(self._line.id, self._who)
            except PosError:
                # Another question was faster, or the database is busy: the next one will tell.
                continue
            if self._line.state is not PaymentState.SENT or self._expired():
                break
            pause = min(pause * SLOWER, LAST_ASK)
        return self._line

    async def _over(self, line: PaymentLine) -> None:
        if not self._left.is_set():
            self.dismiss(line.state is PaymentState.SENT)

    async def failed(self, message: str) -> None:
        """The asking itself broke down: back to the tab, where F5 asks."""
        self.dismiss(False)

    def on_key(self, event: events.Key) -> None:
        """Esc gives the charge up; I prints it; P pays it in training; nothing else does anything."""
        event.stop()
        event.prevent_default()
        if event.key == "escape":
            self.dismiss(True)
        elif event.key.lower() == "p" and self._till.config.training:
            self.background(self._pay, self._paid)
        else:
            self.print_on(event)

    def _print(self) -> None:
        line = self._line
        self._till.papers.print_pix(line.sale_id, line.amount, line.details.get("code", ""), self._expires())

    def _pay(self) -> str:
        try:
            self._till.practice.pay(self._line.request_key)
        except PosError as error:
            return error.message
        return "Pagamento simulado. Aguarde a confirmação do banco."

    async def _paid(self, words: str) -> None:
        self.note(words)

    def _expires(self) -> datetime | None:
        text = self._line.details.get("expires_at", "")
        return datetime.fromisoformat(text) if text else None

    def _expired(self) -> bool:
        at = self._expires()
        return at is not None and self._till.clock() >= at
