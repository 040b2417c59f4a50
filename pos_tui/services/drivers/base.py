"""What every driver offers to the payments service (facts/payments.md §6).

A driver translates: it neither decides nor commits. Each call but `request_key` and `next_key` is made inside
`Journal.ask`, after its intent is on the disk.
"""

from collections.abc import Callable, Mapping
from threading import Event
from typing import Protocol

from msgspec import Struct, field

from pos_tui.domain.outcome import Outcome
from pos_tui.domain.payment import PaymentWord
from pos_tui.domain.sale import PaymentLine
from pos_tui.store.database import Transaction

REFUND_TAKEN = "refund_taken"
"""Mark among a line's details: the outside once took the refund, so that no trace of it proves nothing."""


class Told(Struct, frozen=True):
    """What the outside said of one line."""

    word: PaymentWord
    values: Mapping[str, object] = field(default_factory=dict)
    """What it changes of the line beside its state: amount, details, the reply itself."""
    message: str = ""
    """For the operator, as the outside worded it."""


class Slips(Struct, frozen=True):
    """A card receipt's lines, verbatim; an empty copy is not printed."""

    client: tuple[str, ...] = ()
    merchant: tuple[str, ...] = ()


class Driver(Protocol):
    """One method. `stop` ends a wait without limit: for shutting down, or by a supervisor's word."""

    def request_key(self, tx: Transaction, line_id: str) -> str:
        """The key a new line keeps for its whole life; it is committed with the line."""

    def next_key(self, tx: Transaction) -> str:
        """The key of a decision, committed with it."""

    def start(self, line: PaymentLine, stop: Event) -> Outcome[Told]:
        """Ask for the charge."""

    def find(self, line: PaymentLine, stop: Event) -> Outcome[Told]:
        """Find out what became of the charge. No effect; ABSENT is proof that it never arrived."""

    def cancel(self, line: PaymentLine) -> Outcome[Told | None]:
        """Give up a charge that nobody has paid."""

    def confirm(self, line: PaymentLine) -> Outcome[None]:
        """Keep an approved charge."""

    def undo(self, line: PaymentLine) -> Outcome[None]:
        """Let an approved charge go."""

    def refund(self, line: PaymentLine, stop: Event) -> Outcome[Told]:
        """Give a confirmed charge back. APPROVED asks for `confirm_refund` behind it."""

    def find_refund(self, line: PaymentLine, stop: Event) -> Outcome[Told]:
        """Find out what became of the refund. Refused DECLINED and ABSENT are proof that it was not done."""

    def confirm_refund(self, line: PaymentLine) -> Outcome[None]:
        """Keep an approved refund."""

    def acknowledge(self, line: PaymentLine) -> None:
        """Say that what the outside answered is committed."""

    def leftover(self) -> str | None:
        """The key of an answer nobody acknowledged."""

    def forget(self, key: str) -> None:
        """Say that the answer to a key is committed, whatever asked for it."""

    def discard(self) -> None:
        """Take away an answer that cannot be read, now that nothing waits for it."""

    def slips(self, raw: str) -> Slips:
        """The receipts in a kept reply."""


Connect = Callable[[], Driver]
