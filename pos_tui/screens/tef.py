"""TEF: the manager's own menu, whether it answers, and an answer that no sale here asked for."""

import asyncio
import itertools
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from msgspec import Struct
from textual.binding import BindingType

from pos_tui.commands import Place
from pos_tui.domain.instants import show
from pos_tui.domain.outcome import Done
from pos_tui.domain.people import Action, NeedsApproval
from pos_tui.domain.tef import TefOperation
from pos_tui.screens.approving import Override
from pos_tui.screens.background import STILL_ASKING
from pos_tui.screens.board import Board
from pos_tui.screens.commanded import bindings
from pos_tui.screens.outside import PINPAD, OutsideWait, WarrantQuestion, ask_warrant
from pos_tui.services.guard import Approval
from pos_tui.services.refunds import Warrant
from pos_tui.services.tef_desk import NO_STRAY, UNDOES
from pos_tui.till import Till
from pos_tui.widgets.fields import Value
from pos_tui.widgets.text import Reading

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.widget import Widget

NONE_HERE = "Este caixa não recebe por TEF."
MENU = ["O menu está aberto no programa do TEF: escolha lá.", *PINPAD]
NOTHING_YET = "Nenhuma operação do menu neste caixa ainda. Enter abre o menu; F5 pergunta se o TEF responde."


class Look(Struct, frozen=True):
    """How it stands with the manager."""

    turn: int
    """The later it was begun, the higher."""
    stray: str
    """What is told of an answer that no sale here waits for; empty when there is none."""
    done: list[str]


class TefBoard(Board):
    """What is done with the TEF manager beside a sale."""

    PLACE: ClassVar[Place] = Place.TEF
    PURPOSE = (
        "O menu administrativo do TEF reimprime, cancela e fecha o lote, com as perguntas do próprio TEF. "
        "Cancelar por ele não muda a venda deste caixa: para devolver um pagamento, use F8 na Lista de "
        "vendas. F5 pergunta se o TEF responde, e por operações sem resposta; nunca cobra."
    )
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Place.TEF)]

    def __init__(self, till: Till, who: str) -> None:
        super().__init__(till, who)
        self.head = Reading([""])
        self._stray = ""
        self._looks = itertools.count(1)
        self._shown = 0

    def compose(self) -> "Iterable[Widget]":
        """How it stands, notice, keys."""
        yield self.heading("TEF")
        yield self.head
        yield self.message
        yield self.keys

    def on_mount(self) -> None:
        """Look what there is."""
        self.show_keys()
        if self.why_not("tef_menu") is None:
            self.background(self._look, self._looked)
        else:
            self.head.say([NONE_HERE])

    def _look(self) -> Look:
        """Read how it stands. Runs in a thread: two may be at it at once."""
        turn = next(self._looks)
        stray = self.till.tef.stray()
        zone = self.till.context.zone
        return Look(turn, stray, [_line(one, show(one.asked_at, zone)) for one in self.till.tef.operations()])

    async def _looked(self, look: Look) -> None:
        if look.turn < self._shown:
            return  # a later one was shown already
        self._shown, self._stray = look.turn, look.stray
        self.head.say([*([look.stray, ""] if look.stray else []), *look.done] or [NOTHING_YET])
        self.show_keys()

    def why_not(self, command_id: str) -> str | None:
        """What is off, and why."""
        if "tef" not in self.till.config.payment.methods:
            return NONE_HERE
        return NO_STRAY if command_id == "tef_let_go" and not self._stray else None

    # Commands

    async def do_tef_menu(self) -> None:
        """Enter: the manager's menu, which takes who may give money back."""
        if self.till.guard.may(Action.REFUND):
            self._open_menu(None)
            return

        async def approved(approval: Approval | None) -> None:
            if approval is not None:
                self._open_menu(approval)

        self.app.push_screen(Override(self.till, NeedsApproval(Action.REFUND, ""), self._who), approved)

    def _open_menu(self, approval: Approval | None) -> None:
        job = partial(self.till.tef.menu, self._who, approval)
        wait = OutsideWait(self.till, "Menu do TEF", MENU, job, self.till.tef.give_up)
        self.app.push_screen(wait, self._ended)

    async def _let_go(self, problem: str | None) -> None:
        await self._ended(problem, "Resposta do TEF")

    async def _ended(self, problem: str | None, what: str = "Menu do TEF") -> None:
        self.till.spool.wake()
        await self._looked(await asyncio.to_thread(self._look))
        if problem:
            self.say(problem, "error")
        else:
            last = self.till.tef.operations(1)[0]
            self.say(f"{what}: {last.words}. {last.why}".strip())

    async def do_tef_alive(self) -> None:
        """F5."""
        self.say("Perguntando ao TEF…" if self.question(self._ask, self._asked) else STILL_ASKING)

    def _ask(self) -> tuple[bool, Look]:
        alive = isinstance(self.till.tef.alive(), Done)
        self.till.tef.recover(self._who)
        return alive, self._look()

    async def _asked(self, found: tuple[bool, Look]) -> None:
        alive, look = found
        await self._looked(look)
        if alive:
            self.say("O TEF responde.")
        else:
            self.say("O TEF não responde: abra o programa dele.", "error")

    async def do_tef_let_go(self) -> None:
        """F8: undo what no sale here asked for."""
        back = "Desfazer devolve o valor ao cliente. " if UNDOES in self._stray else ""
        text = [self._stray, f"{back}Confira antes no relatório do TEF."]
        question = WarrantQuestion(Action.RULE_PAYMENT, "", "Resposta do TEF", text)

        async def allowed(values: dict[str, Value], warrant: Warrant) -> None:
            job = partial(self.till.tef.let_go, warrant)
            self.app.push_screen(OutsideWait(self.till, "Resposta do TEF", PINPAD, job), self._let_go)

        ask_warrant(self.app, self.till, question, self._who, allowed)


def _line(one: TefOperation, at: str) -> str:
    return f"{at}  nº {one.number}: {one.words}. {one.why}".rstrip()
