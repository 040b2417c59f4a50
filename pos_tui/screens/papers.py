"""The papers the printer still owes: what waits, and what a person must say."""

import asyncio
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import BindingType
from textual.message import Message

from pos_tui.domain.errors import PosError
from pos_tui.domain.instants import show
from pos_tui.domain.spool import DRAWER, WORDS, JobState, PrintJob, Word, words_for
from pos_tui.till import Till
from pos_tui.widgets.chrome import KeyHint, KeyLine, MessageLine, Title
from pos_tui.widgets.dialog import Answer, Dialog, Question
from pos_tui.widgets.fields import ChoiceField, Option
from pos_tui.widgets.form import Form
from pos_tui.widgets.text import Paragraphs

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.widget import Widget

KINDS = {
    "top_up": "Comprovante de recarga",
    "sale": "Comprovante de venda",
    "tef": "Comprovante do cartão",
    "recurring": "Assinatura",
    "cash_out": "Sangria ou devolução",
    "cash_in": "Suprimento",
    "x_report": "Leitura X",
    "z_report": "Fechamento (Z)",
    "order": "Pedido",
    "picking": "Lista de separação",
    "packing": "Conferência do pedido",
    "subscriber": "Papel do assinante",
    "boleto": "2ª via de boleto",
    "report": "Relatório",
    DRAWER: "Abrir gaveta",
}
QUESTIONS = {
    JobState.UNCONFIRMED: "O papel saiu? Confira na impressora antes de responder.",
    JobState.HELD: "Nada dele saiu. Imprimir agora?",
    JobState.QUEUED: "Está na fila e será tentado de novo sozinho.",
}
DRAWER_QUESTION = "A gaveta abriu? Ela nunca é aberta de novo sozinha: se não abriu, use a chave."
SETTLED = "Este papel já saiu, ou alguém já respondeu por ele."
_KEYS = {Word.CAME_OUT: "S", Word.REPRINT: "N", Word.PRINT: "I", Word.GIVE_UP: "D"}
_LABELS = {
    Word.CAME_OUT: "Sim, saiu",
    Word.REPRINT: "Não saiu: imprimir a 2ª via, marcada",
    Word.PRINT: "Imprimir agora",
    Word.GIVE_UP: "Desistir deste papel",
}
_WORDS = {key.lower(): word for word, key in _KEYS.items()}


class OwedPapers(Dialog[None]):
    """Lists papers not proved to be printed; a person says of each whether it came out."""

    BINDINGS: ClassVar[list[BindingType]] = [("escape", "leave")]

    class Changed(Message, bubble=False):
        """The print worker has news."""

    def __init__(self, till: Till, who: str) -> None:
        super().__init__()
        self._till = till
        self._who = who
        self._jobs: dict[str, PrintJob] = {}
        self.printer = Paragraphs([""])
        self.message = MessageLine()
        self.form = Form(
            [ChoiceField("job", "Papéis", hint="O número escolhe o papel.")], submit_on_choice=True
        )

    def compose(self) -> "Iterable[Widget]":
        """Title, the printer's state, list, notice, keys."""
        yield Title("Impressões a fazer")
        yield self.printer
        yield self.form
        yield self.message
        yield KeyLine([KeyHint("Enter", "Responder"), KeyHint("Esc", "Voltar")], help_key=False)

    async def on_mount(self) -> None:
        """Read the list."""
        self._unwatch = self._till.spool.watch(lambda: self.post_message(self.Changed()))
        self._till.spool.wake()  # somebody cares: a printer that was off is looked at now
        await self._read()

    def on_unmount(self) -> None:
        """Nobody is told any more."""
        self._unwatch()

    async def on_owed_papers_changed(self) -> None:
        """Show the printer's state and the papers as they stand now; no number changes its paper."""
        await self._show()

    async def _read(self) -> None:
        """List anew what is owed."""
        self._jobs = {}
        await self._show()
        if not self._jobs:
            self.message.say("Nada a imprimir: tudo saiu. Esc volta.")

    async def _show(self) -> None:
        self.printer.say([_advice(self._till)])
        owed = {job.id: job for job in await asyncio.to_thread(self._till.spool.owed)}
        self._jobs = {**self._jobs, **owed}
        zone = self._till.context.zone
        options = []
        for job in self._jobs.values():
            hour = show(job.queued_at, zone)
            if job.id in owed:
                options.append(Option(job.id, f"{hour} {_name(job)}: {WORDS[job.state]}"))
            else:
                options.append(Option(job.id, f"{hour} {_name(job)}: já resolvido", False, SETTLED))
        self.form.set_options("job", options)

    def action_leave(self) -> None:
        """Back to the sale."""
        self.dismiss(None)

    @on(Form.Submitted)
    def _submitted(self, event: Form.Submitted) -> None:
        event.stop()
        job = self._jobs.get(self.form.text("job"))
        if job is None:
            return
        if job.state is JobState.SENDING:
            self.message.say("Este papel está saindo agora: aguarde.")
            return

        async def answered(answer: str | None) -> None:
            if answer is not None:
                await self._decide(job, _WORDS[answer])

        self.app.push_screen(_question(job), answered)

    async def _decide(self, job: PrintJob, word: Word) -> None:
        try:
            await asyncio.to_thread(self._till.spool.decide, job.id, word, self._who)
        except PosError as error:
            self.message.say(error.message, "error")
        else:
            self.message.clear()
        await self._read()


def _question(job: PrintJob) -> Question:
    asked = QUESTIONS[job.state]
    if job.kind == DRAWER and job.state is JobState.UNCONFIRMED:
        asked = DRAWER_QUESTION
    text = [f"{_name(job)}: {WORDS[job.state]}.", job.why, asked]
    answers = [Answer(_KEYS[word], _LABELS[word], dangerous=True) for word in words_for(job)]
    return Question("Impressão", [line for line in text if line], answers)


def _name(job: PrintJob) -> str:
    copy = f" ({job.copy + 1}ª via)" if job.copy else ""
    return f"{KINDS.get(job.kind, job.kind)}{copy}"


def _advice(till: Till) -> str:
    """What the printer says of itself, and what to do."""
    if not till.spool.prints:
        return "Este caixa não tem impressora: configure uma com Ctrl+X ou pos-tui print-test."
    status = till.spool.printer
    return status.advice if status else "A impressora ainda não foi consultada."
