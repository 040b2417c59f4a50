"""The papers the printer still owes: what waits, and what a person must say."""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import BindingType
from textual.message import Message

from pos_tui.domain.errors import PosError
from pos_tui.domain.instants import from_ms
from pos_tui.domain.spool import DRAWER, WORDS, JobState, PrintJob, Word, words_for
from pos_tui.services.spool import NO_PRINTER
from pos_tui.till import Till
from pos_tui.widgets.chrome import KeyHint, KeyLine, MessageLine, Title
from pos_tui.widgets.dialog import Answer, Dialog, Question
from pos_tui.widgets.fields import ChoiceField, Option
from pos_tui.widgets.form import Form
from pos_tui.widgets.text import Paragraphs

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.widget import Widget

QUESTIONS = {
    JobState.UNCONFIRMED: "O papel saiu? Confira na impressora antes de responder.",
    JobState.HELD: "Nada dele saiu. Imprimir agora?",
    JobState.QUEUED: "Está na fila e será tentado de novo sozinho.",
}
DRAWER_QUESTION = "A gaveta abriu? Ela nunca é aberta de novo sozinha: se não abriu, use a chave."
HELD_DRAWER = "Ela não foi aberta. Abrir agora?"
SETTLED = "Este papel já saiu, ou alguém já respondeu por ele."
ALL_HELD = "all held"
"""The key of the line that settles all that were stopped at once; no paper has it."""
_KEYS = {Word.CAME_OUT: "S", Word.REPRINT: "N", Word.PRINT: "I", Word.GIVE_UP: "D"}
_LABELS = {
    Word.CAME_OUT: "Sim, saiu",
    Word.REPRINT: "Não saiu: imprimir a 2ª via, marcada",
    Word.PRINT: "Imprimir agora",
    Word.GIVE_UP: "Desistir deste papel",
}
_DRAWER_LABELS = {
    Word.CAME_OUT: "Sim, abriu",
    Word.PRINT: "Abrir agora",
    Word.GIVE_UP: "Deixar como está",
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
        self._about: dict[str, str] = {}
        self.printer = Paragraphs([""])
        self.message = MessageLine()
        self.form = Form([ChoiceField("job", "Nº", hint="O número escolhe o papel.")], submit_on_choice=True)

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
        jobs = list(self._jobs.values())
        self._about = await asyncio.to_thread(self._till.papers.about, jobs)
        options = [self._option(job, job.id in owed) for job in jobs]
        if sum(job.state is JobState.HELD for job in owed.values()) > 1:
            options.append(Option(ALL_HELD, "Desistir de todos os parados"))
        self.form.set_options("job", options)

    def _option(self, job: PrintJob, owed: bool) -> Option:
        """The state first: it must stand in the narrowest window."""
        now, zone = self._till.now(), self._till.context.zone
        at = from_ms(job.queued_at).astimezone(zone)
        when = at.strftime("%H:%M" if at.date() == now.date() else "%d/%m %H:%M")
        if owed:
            state = WORDS[job.state]
            return Option(job.id, f"{when} {state}{' ' if state.endswith('?') else ': '}{self._what(job)}")
        return Option(job.id, f"{when} Resolvido: {self._what(job)}", False, SETTLED)

    def _what(self, job: PrintJob) -> str:
        """Name one paper so that it can be found on the counter."""
        return ", ".join(part for part in (job.name, self._about.get(job.id)) if part)

    def action_leave(self) -> None:
        """Back to the sale."""
        self.dismiss(None)

    @on(Form.Submitted)
    def _submitted(self, event: Form.Submitted) -> None:
        event.stop()
        if self.form.text("job") == ALL_HELD:
            self._ask_all_held()
            return
        job = self._jobs.get(self.form.text("job"))
        if job is None:
            return
        if job.state is JobState.SENDING:
            self.message.say("Este papel está saindo agora: aguarde.")
            return

        async def answered(answer: str | None) -> None:
            if answer is not None:
                await self._decide(job, _WORDS[answer])

        self.app.push_screen(_question(job, self._what(job)), answered)

    def _ask_all_held(self) -> None:
        text = [
            "Nada saiu dos papéis que estão parados. Desistir de todos?",
            "O comprovante de uma recarga ainda sai depois, pela lista de vendas (F9).",
        ]

        async def answered(answer: str | None) -> None:
            if answer is not None:
                await self._settle(partial(self._till.spool.give_up_held, self._who))

        answers = [Answer("D", "Desistir de todos", dangerous=True)]
        self.app.push_screen(Question("Papéis parados", text, answers), answered)

    async def _decide(self, job: PrintJob, word: Word) -> None:
        await self._settle(partial(self._till.spool.decide, job.id, word, self._who))

    async def _settle(self, settle: Callable[[], object]) -> None:
        try:
            await asyncio.to_thread(settle)
        except PosError as error:
            self.message.say(error.message, "error")
        else:
            self.message.clear()
        await self._read()


def _question(job: PrintJob, what: str) -> Question:
    asked, labels = QUESTIONS[job.state], _LABELS
    if job.kind == DRAWER:
        labels = _LABELS | _DRAWER_LABELS
        asked = {JobState.UNCONFIRMED: DRAWER_QUESTION, JobState.HELD: HELD_DRAWER}.get(job.state, asked)
    text = [f"{what}.", job.why, asked]
    answers = [Answer(_KEYS[word], labels[word], dangerous=True) for word in words_for(job)]
    return Question("Impressão", [line for line in text if line], answers)


def _advice(till: Till) -> str:
    """What the printer says of itself, and what to do."""
    if not till.spool.prints:
        return NO_PRINTER
    status = till.spool.printer
    return status.advice if status else "A impressora ainda não foi consultada."
