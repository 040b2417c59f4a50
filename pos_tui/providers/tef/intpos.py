"""The adapter of a TEF manager that works by file exchange.

Source: facts/payments.md §2.6–2.7. One operation at a time. The reply of an approved operation stays in its
folder until `acknowledge`, which the caller does once the reply is committed: so a `.001` found there is
always money that nobody wrote down yet. Nothing here decides, retries, or remembers.
"""

import logging
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from threading import Event, Lock

from pos_tui.domain.outcome import Done, NotSent, Outcome, RefusalClass, Refused, Uncertain
from pos_tui.providers.tef import folders
from pos_tui.providers.tef.codec import IntposError, IntposFile, Truncated, encode_request
from pos_tui.providers.tef.fields import ENTITY, Command
from pos_tui.providers.tef.folders import REPLY, REQUEST, STATUS
from pos_tui.providers.tef.reply import Settlement, TefReply, reply_of
from pos_tui.providers.tef.requests import Automation, ChargeRequest, Entity, cancel_fields, settle_fields

log = logging.getLogger(__name__)

STATUS_WINDOW = 7.0
"""Seconds within which a living manager says that it took a request."""
POLL = 0.25
"""Seconds between two looks at a folder; the specification allows no more."""

_SILENT = "O TEF não responde. Verifique se o programa do TEF está aberto e tente de novo."
_TAKEN = "O TEF recebeu o pedido e não respondeu. Consulte com F5 antes de cobrar de novo."
_STOPPED = "A espera pelo TEF foi interrompida. Consulte com F5 antes de cobrar de novo."
LOST = "O TEF está livre e não tem resposta desta operação. Confira no relatório do TEF o que houve."
"""Why an operation that was taken left no trace."""
_LEFTOVER = "Há uma resposta do TEF ainda não tratada. Consulte com F5 antes de outra operação."
_BUSY = "O TEF já está em uma operação. Aguarde ela terminar."
_UNWRITABLE = "Faltam dados da operação para o TEF aceitar o pedido. Use o menu administrativo do TEF."
_ABSENT = "O pedido não chegou ao TEF."

Keep = Callable[[IntposFile], None]
"""Commits an answer to another operation than the one awaited; should it raise, the answer stays."""


class IntposTef:
    """A TEF manager on two folders."""

    name = "intpos"

    def __init__(
        self,
        requests: Path,
        responses: Path,
        automation: Automation,
        keep: Keep,
        status_window: float = STATUS_WINDOW,
        poll: float = POLL,
    ) -> None:
        self._requests = requests
        self._responses = responses
        self._automation = automation
        self._keep = keep
        self._unkept: int | None = None
        self._status_window = status_window
        self._poll = poll
        # How long a manager that was reading a request just withdrawn may take to say so.
        self._grace = max(poll, status_window / 7)
        self._one_at_a_time = Lock()

    def alive(self, number: int) -> Outcome[None]:
        """ATV: ask whether the manager is there. Changes nothing."""
        return self._tell(Command.ATV, number, self._automation.always(number))

    def charge(self, request: ChargeRequest, stop: Event) -> Outcome[TefReply]:
        """CRT: charge a card. Waits without limit for the customer; `stop` is for shutting down only.

        Done is an approved operation, perhaps of another amount than asked: read `TefReply.toward_sale`.
        """
        return self._operate(Command.CRT, request.number, request.fields(self._automation), stop)

    def refund(self, number: int, of: TefReply, stop: Event) -> Outcome[TefReply]:
        """CNC: give a finished sale back. It is an operation by itself, with slip and confirmation."""
        return self._operate(Command.CNC, number, cancel_fields(self._automation, number, of), stop)

    def administer(self, number: int, stop: Event) -> Outcome[TefReply]:
        """ADM: open the manager's own menu."""
        return self._operate(Command.ADM, number, self._automation.interactive(number), stop)

    def ask_document(self, number: int, entity: Entity, stop: Event) -> Outcome[TefReply]:
        """CDP: have the customer type a document on the pinpad; it comes in `TefReply.customer`."""
        values = self._automation.interactive(number) | {ENTITY: entity.value}
        outcome = self._operate(Command.CDP, number, values, stop)
        if isinstance(outcome, Done):
            # No money in it: nothing to keep until somebody commits it.
            self.acknowledge(number)
        return outcome

    def confirm(self, number: int, settlement: Settlement) -> Outcome[None]:
        """CNF: keep the last operation. Sending it again under the same number is safe."""
        return self._settle(Command.CNF, number, settlement)

    def undo(self, number: int, settlement: Settlement) -> Outcome[None]:
        """NCN: let the last operation go. Sending it again under the same number is safe."""
        return self._settle(Command.NCN, number, settlement)

    def acknowledge(self, number: int) -> None:
        """Take the reply away, now that the caller has committed it."""
        if folders.operation_in(self._responses, REPLY) == number:
            folders.remove(self._responses, REPLY)

    def discard(self) -> None:
        """Take away a reply that cannot be read; one that can be stays."""
        if self.leftover() is None and folders.find(self._responses, REPLY) is not None:
            log.warning("an unreadable TEF reply that nothing waits for was taken away")
            folders.remove(self._responses, REPLY)

    def leftover(self) -> TefReply | None:
        """The reply that lies in the folder without having been acknowledged, if it can be read."""
        try:
            file = folders.read(self._responses, REPLY)
            return None if file is None else reply_of(file)
        except IntposError:
            return None

    def recover(self, command: Command, number: int, probe: int, stop: Event) -> Outcome[TefReply]:
        """Find out what became of an operation that was cut off; `probe` is a fresh number for an ATV.

        NotSent: proved not done, the same number may be sent again. Waits without limit while a manager
        that took the operation is still at it.
        """
        with self._one_at_a_time:
            found = self._look(command, number)
            if found is not None:
                return found
            withdrawn = folders.operation_in(self._requests, REQUEST) == number and self._withdraw()
            taken = folders.operation_in(self._responses, STATUS) == number or (
                withdrawn and self._await_status(command, number, self._grace)
            )
            return self._await_taken(command, number, probe, stop, taken=taken, withdrawn=withdrawn)

    def _await_taken(
        self, command: Command, number: int, probe: int, stop: Event, *, taken: bool, withdrawn: bool
    ) -> Outcome[TefReply]:
        """Wait for the reply while the manager is too busy to answer an ATV; idle, it has none to give."""
        while True:
            self._set_aside(command, number)
            idle = self._send(Command.ATV, probe, self._automation.always(probe))
            found = self._look(command, number)
            if found is not None:
                return found
            if isinstance(idle, Done):
                # A manager says that it took a request before working on it; without that word it never did.
                return Uncertain(LOST) if taken else NotSent(_ABSENT)
            if not taken:
                return NotSent(_ABSENT) if withdrawn else Uncertain(_SILENT)
            if stop.wait(self._poll):
                return Uncertain(_STOPPED)

    def _tell(self, command: Command, number: int, values: Mapping[str, str]) -> Outcome[None]:
        if not self._one_at_a_time.acquire(blocking=False):
            return NotSent(_BUSY)
        try:
            return self._send(command, number, values)
        finally:
            self._one_at_a_time.release()

    def _settle(self, command: Command, number: int, settlement: Settlement) -> Outcome[None]:
        left = self.leftover()
        if left is not None and left.settlement.control == settlement.control:
            # Whoever settles an operation has its reply.
            self.acknowledge(left.number)
        return self._tell(command, number, settle_fields(self._automation, number, settlement))

    def _operate(
        self, command: Command, number: int, values: Mapping[str, str], stop: Event
    ) -> Outcome[TefReply]:
        if not self._one_at_a_time.acquire(blocking=False):
            return NotSent(_BUSY)
        try:
            if not self._clear_reply():
                return NotSent(_LEFTOVER)
            sent = self._send(command, number, values)
            return self._await_reply(command, number, stop) if isinstance(sent, Done) else sent
        finally:
            self._one_at_a_time.release()

    def _clear_reply(self) -> bool:
        """Empty the replies; False when one lies there that may be money."""
        try:
            file = folders.read(self._responses, REPLY)
            if file is None:
                return folders.find(self._responses, REPLY) is None
            return not reply_of(file).approved and folders.remove(self._responses, REPLY)
        except IntposError:
            return False

    def _send(self, command: Command, number: int, values: Mapping[str, str]) -> Outcome[None]:
        """Write a request and wait for the manager to say that it took it."""
        try:
            data = encode_request(command, values)
        except ValueError as error:
            log.warning("TEF request %s cannot be written: %s", number, error)
            return Refused(RefusalClass.INTERNAL, "", _UNWRITABLE)
        folders.remove(self._responses, STATUS)
        folders.remove(self._requests, REQUEST)
        try:
            folders.publish(self._requests, REQUEST, data)
        except folders.NotWritten as error:
            log.warning("TEF request %s not written: %s", number, error)
            return NotSent("Não foi possível gravar na pasta do TEF. Verifique a pasta e tente de novo.")
        if self._await_status(command, number, self._status_window):
            return Done(None)
        withdrawn = self._withdraw()
        if self._await_status(command, number, self._grace):
            return Done(None)
        return NotSent(_SILENT) if withdrawn else Uncertain(_TAKEN)

    def _withdraw(self) -> bool:
        """Take our request back; the manager may have been at the file in that moment, so look once more."""
        return folders.remove(self._requests, REQUEST)

    def _await_status(self, command: Command, number: int, seconds: float) -> bool:
        deadline = time.monotonic() + seconds
        while not self._taken(command, number):
            left = deadline - time.monotonic()
            if left <= 0:
                return False
            time.sleep(min(self._poll, left))
        return True

    def _taken(self, command: Command, number: int) -> bool:
        """Whether the manager's `.sts`, or already its reply, names this request."""
        if self._named(STATUS, command, number):
            return True
        return self._named(REPLY, command, number)

    def _named(self, name: str, command: Command, number: int) -> bool:
        try:
            file = folders.read(self._responses, name)
        except IntposError:
            return False
        return file is not None and _names(file) == (command.value, number)

    def _await_reply(self, command: Command, number: int, stop: Event) -> Outcome[TefReply]:
        seen, since = b"", time.monotonic()
        while True:
            found = self._look(command, number)
            if found is not None:
                return found
            self._set_aside(command, number)
            data = folders.read_bytes(self._responses, REPLY) or b""
            if data != seen:
                seen, since = data, time.monotonic()
            elif seen and time.monotonic() - since > self._status_window:
                # It stopped growing without its end: the manager died over it, and more will not come.
                return Uncertain(
                    "A resposta do TEF veio incompleta. Confira no relatório do TEF o que houve."
                )
            if stop.wait(self._poll):
                return Uncertain(_STOPPED)

    def _set_aside(self, command: Command, number: int) -> None:
        """Make room for the answer awaited: one to something else may be money, so it is committed first."""
        try:
            file = folders.read(self._responses, REPLY)
        except IntposError:
            return
        if file is None or file.operation is None or _names(file) == (command.value, number):
            return
        try:
            self._keep(file)
        except Exception:  # whatever it is, the card that is awaited goes on
            if self._unkept != file.operation:  # once: it is tried again several times a second
                log.exception("TEF reply %s %s not kept, it stays", file.command, file.operation)
            self._unkept = file.operation
        else:
            log.warning("TEF reply %s %s kept, waiting for %s", file.command, file.operation, number)
            folders.remove(self._responses, REPLY)

    def _look(self, command: Command, number: int) -> Outcome[TefReply] | None:
        """Judge the reply that lies in the folder; None while there is none for this operation."""
        try:
            file = folders.read(self._responses, REPLY)
            if file is None or file.operation not in (None, number):
                return None
            reply = reply_of(file)
        except Truncated:
            return None
        except IntposError as error:
            return Uncertain(f"{error} Confira no relatório do TEF o que houve.")
        if (reply.command, reply.number) != (command, number):
            return None
        if reply.approved:
            return Done(reply)
        folders.remove(self._responses, REPLY)
        return Refused(RefusalClass.DECLINED, reply.status, reply.message)


def _names(file: IntposFile) -> tuple[str, int | None]:
    """Which operation a file speaks of."""
    return file.command, file.operation
