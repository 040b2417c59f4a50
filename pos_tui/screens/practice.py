"""Falhas do treinamento: what goes wrong in the pretended outside, chosen while the till runs."""

from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import BindingType

from pos_tui.commands import Place
from pos_tui.screens.board import Board
from pos_tui.screens.commanded import bindings
from pos_tui.services.practice import FOREVER, WORLDS, SetFault, World
from pos_tui.till import Till
from pos_tui.widgets.fields import ChoiceField, Option
from pos_tui.widgets.form import Form
from pos_tui.widgets.text import Paragraphs

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.widget import Widget

TIMES = (("1", "Uma vez"), ("3", "Três vezes"), (str(FOREVER), "Até terminar (F8)"))
NOTHING = "Nada em falha: o mundo de treinamento responde certo."


class PracticeDesk(Board):
    """In training only: choose by number where, at what, what goes wrong, and how often."""

    PLACE: ClassVar[Place] = Place.PRACTICE
    PURPOSE = (
        "Só no treinamento: escolha o que vai dar errado na operadora, no banco do Pix, no TEF ou na "
        "conciliadora de mentira, e veja como o caixa se comporta. Nada disto existe na loja de verdade. "
        "Linhas 99 99999-00NN também dão o erro NN da operadora."
    )
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Place.PRACTICE)]

    def __init__(self, till: Till, who: str) -> None:
        super().__init__(till, who)
        self._busy: list[SetFault] = []
        self.head = Paragraphs([NOTHING])
        worlds = [Option(world.key, world.label) for world in WORLDS]
        self.form = Form(
            [
                ChoiceField("world", "Onde", worlds, required=True),
                ChoiceField("operation", "Em quê", required=True, hidden=True),
                ChoiceField("fault", "O que acontece", required=True, hidden=True),
                ChoiceField("times", "Quantas vezes", required=True, hidden=True),
            ],
            submit_on_choice=True,
        )

    def compose(self) -> "Iterable[Widget]":
        """What is in force, the form, notice, keys."""
        yield self.heading("Falhas")
        yield self.head
        yield self.form
        yield self.message
        yield self.keys

    def on_mount(self) -> None:
        """What is in force already."""
        self.show_keys()
        self.background(self.till.practice.in_force, self._listed)

    def why_not(self, command_id: str) -> str | None:
        """Nothing to end."""
        return None if self._busy or command_id != "practice_clear" else NOTHING

    async def _listed(self, found: list[SetFault]) -> None:
        self._busy = found
        self.head.say([one.words for one in found] or [NOTHING])
        self.show_keys()

    @property
    def _world(self) -> World:
        return next(world for world in WORLDS if world.key == self.form.text("world"))

    @on(Form.Chosen)
    def _chosen(self, event: Form.Chosen) -> None:
        event.stop()
        if event.field == "world":
            world = self._world
            self._ask("operation", [Option(key, label) for key, label in world.operations.items()])
            self._ask("fault", [Option(key, label) for key, label in world.faults.items()])
            # One of TEF or of the conciliator is used up by the next of its kind.
            self._ask(
                "times",
                [Option(*pair) for pair in TIMES if world.key not in ("tef", "cards") or pair[0] != "0"],
            )
            self.form.go("operation")
            self.message.clear()

    def _ask(self, name: str, options: list[Option]) -> None:
        self.form.set_options(name, options)
        self.form.set(name, None)
        self.form.show(name)

    @on(Form.Submitted)
    def _submitted(self, event: Form.Submitted) -> None:
        event.stop()
        values = {name: str(value) for name, value in event.values.items()}
        if "times" not in values:
            return  # the first choice submits too, before the others are on show
        wanted = SetFault(values["world"], values["operation"], values["fault"], int(values["times"]))
        # Before the answer: by then the next one may be half chosen.
        self._start_over()
        self.background(partial(self._set, wanted), partial(self._put, wanted))

    def _set(self, wanted: SetFault) -> list[SetFault]:
        self.till.practice.set(wanted)
        return self.till.practice.in_force()

    def _start_over(self) -> None:
        for name in ("operation", "fault", "times"):
            self.form.show(name, False)
        self.form.reset()

    async def _put(self, wanted: SetFault, found: list[SetFault]) -> None:
        await self._listed(found)
        self.say(f"Pronto: {wanted.words}. Esc volta à venda.")

    async def do_practice_clear(self) -> None:
        """F8."""
        self.background(self._clear, self._cleared)

    def _clear(self) -> list[SetFault]:
        self.till.practice.clear()
        return self.till.practice.in_force()

    async def _cleared(self, found: list[SetFault]) -> None:
        await self._listed(found)
        self.say("Falhas terminadas: tudo responde certo de novo.")
