"""The life of one print job: the same four outcomes as everything that leaves the till."""

from dataclasses import dataclass
from enum import StrEnum

from pos_tui.domain.outcome import Done, NotSent, Outcome, Refused, Uncertain


class JobState(StrEnum):
    """Where a print job stands."""

    QUEUED = "queued"
    SENDING = "sending"
    PRINTED = "printed"
    """The printer's evidence, or a person's word."""
    UNCONFIRMED = "unconfirmed"
    """Bytes left and nothing proves paper: only evidence or a person moves it on."""
    FAILED = "failed"
    """A person gave it up."""


OPEN = frozenset({JobState.QUEUED, JobState.SENDING, JobState.UNCONFIRMED})

WORDS = {
    JobState.QUEUED: "Na fila",
    JobState.SENDING: "Imprimindo",
    JobState.PRINTED: "Impresso",
    JobState.UNCONFIRMED: "Saiu? Confirme",
    JobState.FAILED: "Não impresso",
}


@dataclass(frozen=True, slots=True)
class PrintJob:
    """One paper, as last read from the database."""

    id: str
    till: int
    sale_id: str | None
    subject: str | None
    kind: str
    copy: int
    document: str
    state: JobState
    version: int
    queued_at: int
    attempts: int
    why: str


def after_print(outcome: Outcome[object]) -> JobState:
    """Where a SENDING job stands once the printer answered or fell silent.

    What provably never left goes back to the queue; only the printer's evidence makes it printed.
    """
    match outcome:
        case Done():
            return JobState.PRINTED
        case NotSent() | Refused():
            return JobState.QUEUED
        case Uncertain():
            return JobState.UNCONFIRMED
