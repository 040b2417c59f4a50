"""The life of one print job: the same four outcomes as everything that leaves the till."""

from enum import StrEnum

from msgspec import Struct

from pos_tui.domain.errors import RuleError
from pos_tui.domain.outcome import Done, NotSent, Outcome, RefusalClass, Refused, Uncertain


class JobState(StrEnum):
    """Where a print job stands."""

    QUEUED = "queued"
    SENDING = "sending"
    PRINTED = "printed"
    """The printer's evidence, or a person's word."""
    UNCONFIRMED = "unconfirmed"
    """Bytes left and nothing proves paper: only evidence or a person moves it on."""
    HELD = "held"
    """No byte of it left, and none will before a person says so: too old, or it cannot be made."""
    FAILED = "failed"
    """A person gave it up, or asked for a numbered copy in its stead."""


class Word(StrEnum):
    """What a person may say of a paper; the value is the journal's."""

    CAME_OUT = "came_out"
    REPRINT = "reprinted"
    """It did not come out: a numbered copy, marked as such, is queued in its stead."""
    PRINT = "released"
    """Print now what was held."""
    GIVE_UP = "given_up"


OPEN = frozenset({JobState.QUEUED, JobState.SENDING, JobState.UNCONFIRMED, JobState.HELD})

DRAWER = "drawer"
"""The kind of job that opens the drawer: never sent a second time, and soon too late."""
DRAWER_STALE_MS = 120_000
"""A drawer that opens by itself minutes after the sale stands open before nobody."""

NAMES = {
    "top_up": "Recarga",
    "sale": "Venda",
    "tef": "Cartão",
    "pix": "QR do Pix",
    "recurring": "Assinatura",
    "cash_out": "Sangria ou devolução",
    "cash_in": "Suprimento",
    "cash_open": "Abertura do caixa",
    "refund": "Comprovante de estorno",
    "x_report": "Leitura X",
    "z_report": "Fechamento (Z)",
    "order": "Pedido",
    "picking": "Lista de separação",
    "packing": "Romaneio de embalagem",
    "subscriber": "Assinante",
    "boleto": "2ª via de boleto",
    "report": "Relatório",
    DRAWER: "Abrir gaveta",
}
"""What each kind of paper is called on the screens."""

WORDS = {
    JobState.QUEUED: "Na fila",
    JobState.SENDING: "Saindo",
    JobState.PRINTED: "Impresso",
    JobState.UNCONFIRMED: "Saiu?",
    JobState.HELD: "Parado",
    JobState.FAILED: "Não impresso",
}


class PrintJob(Struct, frozen=True):
    """One paper, as last read from the database."""

    id: str
    till: int
    sale_id: str | None
    subject: str | None
    kind: str
    copy: int
    original: str | None
    """The job it is a copy of; None for an original."""
    document: str
    state: JobState
    version: int
    queued_at: int
    released_at: int | None
    """When a person said that it should be printed after all: its age counts from then."""
    attempts: int
    why: str

    @property
    def name(self) -> str:
        """What it is, in the words of the screen: `Recarga (2ª via)`."""
        copy = f" ({self.copy + 1}ª via)" if self.copy else ""
        return f"{NAMES.get(self.kind, self.kind)}{copy}"


def after_print(outcome: Outcome[object]) -> JobState:
    """Where a SENDING job stands once the printer answered or fell silent.

    What provably never left goes back to the queue; only the printer's evidence makes it printed. A paper
    that cannot be made would fail for ever and hold up those behind it: it steps aside.
    """
    match outcome:
        case Done():
            return JobState.PRINTED
        case Refused(reason=RefusalClass.INTERNAL):
            return JobState.HELD
        case NotSent() | Refused():
            return JobState.QUEUED
        case Uncertain():
            return JobState.UNCONFIRMED


_AFTER_WORD = {
    (JobState.UNCONFIRMED, Word.CAME_OUT): JobState.PRINTED,
    (JobState.UNCONFIRMED, Word.REPRINT): JobState.FAILED,
    (JobState.UNCONFIRMED, Word.GIVE_UP): JobState.FAILED,
    (JobState.HELD, Word.PRINT): JobState.QUEUED,
    (JobState.HELD, Word.GIVE_UP): JobState.FAILED,
    (JobState.QUEUED, Word.GIVE_UP): JobState.FAILED,
}


def words_for(job: PrintJob) -> tuple[Word, ...]:
    """Return what a person may say of a job. A drawer has no copy."""
    possible = (word for state, word in _AFTER_WORD if state is job.state)
    return tuple(word for word in possible if not (word is Word.REPRINT and job.kind == DRAWER))


def after_word(job: PrintJob, word: Word) -> JobState:
    """Where a job stands after a person's word.

    Raises:
        RuleError: that cannot be said of it.
    """
    if word not in words_for(job):
        raise RuleError("Este papel não espera essa resposta: confira como ele está.")
    return _AFTER_WORD[job.state, word]


def is_stale(job: PrintJob, now: int, limit_ms: int) -> bool:
    """Whether a queued job waited so long that a person must say whether it is still wanted."""
    limit = min(limit_ms, DRAWER_STALE_MS) if job.kind == DRAWER else limit_ms
    return now - (job.released_at or job.queued_at) > limit
