"""A printer as the spool sees it: its state, and one job at a time. Nothing here raises.

**Whose proof is it?** After a job that stayed uncertain, the printer may still hold it, print it later and
only then answer its `GS r 1`. Taken for the next job's proof, that late answer would call a paper printed
that is not. So after such a job, and at the first one of a program (what ran before may have died in the
middle), the printer is asked once more and alone, `GS r 1` and nothing else, and heard until it falls
silent: answers come in order, so by then every older one was heard too. Without an answer the job goes out
all the same, since a printer must never stand still over a doubt, but nothing it says proves it: a person
does.

**The standing word.** A printer that proves nothing would have a person asked after every paper, and a
person asked forty times a day answers without looking: then the question is worth nothing when it matters.
So a store may give its word once, in the config (`trust = "person"`). It covers one doubt only: that a job
which was taken whole by a printer that shows no fault came out. The journal says that this word, not the
printer, proved it. A way that breaks in the middle, a fault seen afterwards, a till that died while sending
are still asked about.
"""

import time
from typing import Protocol

from msgspec import Struct

from pos_tui.domain.outcome import Done, NotSent, Outcome, RefusalClass, Refused, Uncertain
from pos_tui.printing.answers import Condition, PrinterStatus, proofs
from pos_tui.printing.asking import ask
from pos_tui.printing.profiles import Profile, StatusBy
from pos_tui.printing.transports import Broken, Connection, Deadlines, Transport

_QUERY = b"\x1dr\x01"
STANDING_WORD = "palavra permanente da loja (trust = person)"
"""The evidence of a job nobody saw proved: as the journal keeps it."""


class Printed(Struct, frozen=True):
    """The evidence that a job came out, for the journal."""

    evidence: str
    lost: int = 0
    """Characters of it that had to be changed to be printable."""


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

    def __init__(
        self,
        transport: Transport,
        profile: Profile,
        deadlines: Deadlines | None = None,
        *,
        standing_word: bool = False,
        doubtful: bool = False,
    ) -> None:
        """`doubtful` says that an earlier program may have left a job in the printer."""
        self._transport = transport
        self._profile = profile
        self._wait = deadlines or Deadlines()
        self._standing_word = standing_word
        self._doubtful = doubtful

    def status(self) -> PrinterStatus:
        """Ask for the state. Never raises. A queue of the system is left alone: opening it is a job to it."""
        if not self._transport.two_way:
            return PrinterStatus(Condition.SILENT)
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
            outcome = self._send(connection, payload, status)
        finally:
            connection.close(self._wait.close)
        if not isinstance(outcome, NotSent):
            self._doubtful = isinstance(outcome, Uncertain)
        return outcome

    @property
    def _proves(self) -> bool:
        """Whether the printer's own answer is waited for."""
        proof = self._profile.status is StatusBy.DLE_EOT and self._transport.two_way
        return proof and not self._standing_word

    def _send(self, connection: Connection, payload: bytes, before: PrinterStatus) -> Outcome[Printed]:
        try:
            trusted = not (self._proves and self._doubtful) or self._answers_in_order(connection)
            connection.send(payload, self._wait.send)
        except Broken as broken:
            if broken.sent == 0:
                return NotSent(f"A impressora não aceitou a impressão: {broken}.")
            return Uncertain(
                f"A ligação caiu com até {broken.sent} de {len(payload)} bytes enviados: {broken}."
            )
        except OSError as error:
            return NotSent(f"A ligação com a impressora caiu antes da impressão: {error}.")
        if self._standing_word:
            return self._by_word(connection, payload)
        if not self._proves:
            return Uncertain("Enviado, mas esta impressora não confirma: confira se o papel saiu.")
        if not trusted:
            return Uncertain(
                "Enviado, mas a impressora não respondeu pelo papel anterior: confira se este saiu."
            )
        return self._proof(connection, payload, before)

    def _answers_in_order(self, connection: Connection) -> bool:
        """Hear out the answers earlier jobs may still get. Raises OSError: no byte of the job has left."""
        try:
            connection.send(_QUERY, self._wait.send)
        except Broken as broken:
            raise OSError(str(broken)) from broken
        until = time.monotonic() + self._wait.fence
        heard = b""
        while not proofs(heard) and (left := until - time.monotonic()) > 0:
            heard += connection.receive(left)
        if not proofs(heard):
            return False
        until = time.monotonic() + self._wait.fence
        while time.monotonic() < until:
            if not connection.receive(self._wait.quiet):
                return True
        return False

    def _by_word(self, connection: Connection, payload: bytes) -> Outcome[Printed]:
        """The store answers for a job taken whole, unless the printer shows a fault.

        The question may stand behind the job on a slow line, so it may wait as long as a proof.
        """
        by = self._profile.status if self._transport.two_way else StatusBy.NONE
        after = ask(connection, by, self._wait.proof_of(payload))
        if not after.ready:
            return Uncertain(f"Enviado, mas confira se saiu inteiro. {after.advice}")
        return Done(Printed(STANDING_WORD))

    def _proof(self, connection: Connection, payload: bytes, before: PrinterStatus) -> Outcome[Printed]:
        """Wait for the answer to `GS r 1`, which the printer gives once everything before it is done."""
        until = time.monotonic() + self._wait.proof_of(payload)
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
