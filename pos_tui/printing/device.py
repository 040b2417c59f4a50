"""A printer as the spool sees it: its state, and one job at a time. Nothing here raises."""

import time
from dataclasses import dataclass
from typing import Protocol

from pos_tui.domain.outcome import Done, NotSent, Outcome, RefusalClass, Refused, Uncertain
from pos_tui.printing.answers import Condition, PrinterStatus, proofs
from pos_tui.printing.asking import ask
from pos_tui.printing.profiles import Profile, StatusBy
from pos_tui.printing.transports import Broken, Connection, Deadlines, Transport


@dataclass(frozen=True, slots=True)
class Printed:
    """The evidence that a job came out, for the journal."""

    evidence: str


class Printer(Protocol):
    """What the spool's worker owns."""

    def status(self) -> PrinterStatus:
        """Ask for the state. Never raises."""

    def print(self, payload: bytes) -> Outcome[Printed]:
        """Send one job. Never raises.

        NotSent and Refused: no byte of it left. Uncertain: it may have come out, whole or in part.
        """


class Device:
    """A printer at the end of a transport. One connection per job; one thread only."""

    def __init__(self, transport: Transport, profile: Profile, deadlines: Deadlines | None = None) -> None:
        self._transport = transport
        self._profile = profile
        self._wait = deadlines or Deadlines()

    def status(self) -> PrinterStatus:
        """Ask for the state. Never raises."""
        try:
            connection = self._transport.open(self._wait.connect)
        except OSError:
            return PrinterStatus(Condition.OFF)
        try:
            return self._ask(connection)
        finally:
            connection.close(0)

    def print(self, payload: bytes) -> Outcome[Printed]:
        """Send one job, preceded by a look at the state and followed by the wait for its proof."""
        try:
            connection = self._transport.open(self._wait.connect)
        except OSError as error:
            return NotSent(f"Não foi possível ligar à impressora {self._transport.name}: {error}.")
        try:
            status = self._ask(connection)
            if not status.ready:
                return _not_now(status)
            return self._send(connection, payload, status)
        finally:
            connection.close(self._wait.close)

    def _send(self, connection: Connection, payload: bytes, before: PrinterStatus) -> Outcome[Printed]:
        try:
            connection.send(payload, self._wait.send)
        except Broken as broken:
            if broken.sent == 0:
                return NotSent(f"A impressora não aceitou a impressão: {broken}.")
            return Uncertain(f"A ligação caiu depois de {broken.sent} de {len(payload)} bytes: {broken}.")
        if self._profile.status is not StatusBy.DLE_EOT or not self._transport.two_way:
            return Uncertain("Enviado, mas esta impressora não confirma: confira se o papel saiu.")
        return self._proof(connection, before)

    def _proof(self, connection: Connection, before: PrinterStatus) -> Outcome[Printed]:
        """Wait for the answer to `GS r 1`, which the printer gives once everything before it is done."""
        until = time.monotonic() + self._wait.proof
        heard = b""
        try:
            while (left := until - time.monotonic()) > 0:
                heard += connection.receive(left)
                for answer in proofs(heard):
                    if answer & 0x0C:
                        return Uncertain("O papel acabou no fim da impressão: confira se saiu inteira.")
                    return Done(Printed(f"GS r 1: {answer:02x}, DLE EOT: {before.raw.hex()}"))
        except OSError as error:
            return Uncertain(f"A ligação caiu antes da confirmação da impressora: {error}.")
        return Uncertain(f"A impressora não confirmou a impressão. {self._ask(connection).advice}")

    def _ask(self, connection: Connection) -> PrinterStatus:
        """Read the state over an open connection, where both the way and the printer can."""
        by = self._profile.status if self._transport.two_way else StatusBy.NONE
        return ask(connection, by, self._wait.status)


def _not_now(status: PrinterStatus) -> NotSent | Refused:
    if status.condition is Condition.OFF:
        return NotSent(status.advice)
    return Refused(RefusalClass.TRANSIENT, status.word, status.advice)
