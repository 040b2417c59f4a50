"""The papers the printer still owes: what waits, and what a person must say."""

import asyncio
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import BindingType

from pos_tui.domain.errors import PosError
from pos_tui.domain.instants import show_hour
from pos_tui.domain.spool import WORDS, JobState, PrintJob
from pos_tui.till import Till
from pos_tui.widgets.chrome import KeyHint, KeyLine, MessageLine, Title
from pos_tui.widgets.dialog import Answer, Dialog, Question
from pos_tui.widgets.fields import ChoiceField, Option
from pos_tui.widgets.form import Form

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.widget import Widget

KINDS = {
    "top_up": "Comprovante de recarga",
    "drawer": "Abrir gaveta",
    "cash_out": "Sangria ou devolução",
    "cash_in": "Suprimento",
    "x_report": "Leitura X",
    "z_report": "Fechamento de caixa (Z)",
}


class OwedPapers(Dialog[None]):
    """Lists papers not proved to be printed; a person says of each whether it came out."""

    BINDINGS: ClassVar[list[BindingType]] = [("escape", "leave")]

    def __init__(self, till: Till, who: str) -> None:
        super().__init__()
        self._till = till
        self._who = who
        self._jobs: dict[str, PrintJob] = {}
        self.message = MessageLine()
        self.form = Form(
            [ChoiceField("job", "Papéis", hint="O número escolhe o papel.")], submit_on_choice=True
        )

    def compose(self) -> "Iterable[Widget]":
        """Title, list, notice, keys."""
        yield Title("Impressões a fazer")
        yield self.form
        yield self.message
        yield KeyLine([KeyHint("Enter", "Responder"), KeyHint("Esc", "Voltar")], help_key=False)

    async def on_mount(self) -> None:
        """Read the list."""
        await self._read()

    async def _read(self) -> None:
        jobs = await asyncio.to_thread(self._till.spool.owed)
        self._jobs = {job.id: job for job in jobs}
        zone = self._till.context.zone
        self.form.set_options(
            "job", [Option(job.id, _words(job, show_hour(job.queued_at, zone))) for job in jobs]
        )
        if not jobs:
            self.message.say("Nada a imprimir: tudo saiu. Esc volta.")

    def action_leave(self) -> None:
        """Back to the sale."""
        self.dismiss(None)

    @on(Form.Submitted)
    def _submitted(self, event: Form.Submitted) -> None:
        event.stop()
        job = self._jobs.get(self.form.text("job"))
        if job is None:
            return
        text = [f"{KINDS.get(job.kind, job.kind)}: {WORDS[job.state]}.", job.why, "O papel saiu?"]
        answers = [
            Answer("S", "Sim, saiu", dangerous=True),
            Answer("N", "Não: desistir deste papel", dangerous=True),
        ]
        if job.state is JobState.QUEUED:
            text[-1] = "Está na fila e será tentado de novo sozinho."
            answers = [Answer("D", "Desistir deste papel", dangerous=True)]

        async def answered(answer: str | None) -> None:
            if answer is not None:
                await self._decide(job, came_out=answer == "s")

        self.app.push_screen(Question("Impressão", [line for line in text if line], answers), answered)

    async def _decide(self, job: PrintJob, came_out: bool) -> None:
        try:
            await asyncio.to_thread(self._till.spool.decide, job.id, came_out, self._who)
        except PosError as error:
            self.message.say(error.message, "error")
        await self._read()


def _words(job: PrintJob, hour: str) -> str:
    copy = f" ({job.copy + 1}ª via)" if job.copy else ""
    return f"{hour} {KINDS.get(job.kind, job.kind)}{copy}: {WORDS[job.state]}"
