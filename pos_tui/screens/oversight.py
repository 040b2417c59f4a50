"""Supervisão: what waits in every till and branch, with its age, and Enter to act."""

import asyncio
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import BindingType

from pos_tui.commands import Place
from pos_tui.domain.payment import PaymentState, rulings
from pos_tui.domain.people import Action
from pos_tui.domain.sale import PaymentLine
from pos_tui.domain.spool import Word
from pos_tui.screens.background import STILL_ASKING
from pos_tui.screens.commanded import bindings
from pos_tui.screens.guarded_list import ALONE, GuardedList
from pos_tui.screens.outside import WarrantQuestion, ask_warrant, rulings_choice
from pos_tui.services.audit import Unfinished, Wait
from pos_tui.services.guard import Approval
from pos_tui.services.refunds import Warrant
from pos_tui.till import Till
from pos_tui.widgets.columns import Column
from pos_tui.widgets.dialog import Answer, Question
from pos_tui.widgets.fields import Value
from pos_tui.widgets.line_list import LineList, Row

if TYPE_CHECKING:
    pass


class OversightDesk(GuardedList):
    """Everything unfinished of the store, the oldest first."""

    PLACE: ClassVar[Place] = Place.OVERSIGHT
    PURPOSE = (
        "As pendências de todos os caixas e filiais que usam este banco de dados: recargas, pagamentos sem "
        "resposta final, crédito recorrente, pedidos ao provedor dos assinantes, menu do TEF, papéis que "
        "ninguém confirmou, e o que um caixa fez sem o servidor e outro já tinha feito diferente. Enter abre "
        "a marcada para agir; F7 mostra os totais de cada caixa."
    )
    OPEN = "oversight_act"
    BINDINGS: ClassVar[list[BindingType]] = [
        binding for binding in bindings(Place.OVERSIGHT) if binding.id != "oversight_act"
    ]
    HEADING = "Supervisão"
    COLUMNS = (
        Column("Há", 6, "right"),
        Column("Cx", 2, "right", priority=2),
        Column("Quem", 8, priority=1),
        Column("O que espera", 20, flex=True),
        Column("Por quê", 12, priority=4),
        Column("Filial", 6, priority=5),
    )
    EMPTY = "Nada pendente em nenhum caixa. F5 pergunta de novo."
    FORBIDDEN = "As pendências de todos os caixas são para supervisores."

    def __init__(self, till: Till, who: str) -> None:
        super().__init__(till, who)
        self._found: dict[str, Unfinished] = {}

    def may_see(self, approval: Approval | None) -> None:
        """Ask the guard."""
        self.till.audit.may_oversee(approval)

    async def read(self, _: object = None) -> None:
        """What waits now."""
        async with self.turn:
            found = await asyncio.to_thread(self.till.audit.unfinished)
            self._show(found)

    def _show(self, found: list[Unfinished]) -> None:
        self._found = {f"{one.kind}:{one.id}": one for one in found}
        now = self.till.context.now()
        self.list.empty = ALONE if self.till.away else self.EMPTY
        self.list.set_rows([_row(key, one, now) for key, one in self._found.items()])
        self.show_keys()
        if self.till.away and found:
            self.say(ALONE, "error")

    async def heard(self) -> None:
        """The background or another till settled something: read again, the cursor stays on its row."""
        if self._seen:
            await self.read()

    @on(LineList.Highlighted)
    def _marked(self, event: LineList.Highlighted) -> None:
        """Say all of the row under the cursor: its columns are seldom wide enough."""
        event.stop()
        if not self.list.holds(event.key):
            return
        one = self._found[event.key]
        where = f"Caixa {one.till}, {one.branch}" if one.branch else f"Caixa {one.till}"
        told = (f"{one.what}.", one.why, f"{where}: {one.who}.")
        self.say(" ".join(part for part in told if part))

    async def do_oversight_ask(self) -> None:
        """F5: ask about everything in flight; never charges, never credits."""
        asked = self.question(self._ask_all, self._asked)
        self.say("Consultando…" if asked else STILL_ASKING)

    def _ask_all(self) -> None:
        """Every desk that has something in flight asks its own outside."""
        kinds = {one.kind for one in self._found.values()}
        self.till.sweeper.sweep(self._who)
        if Wait.RECURRING in kinds:
            self.till.recurring.watch.sweep(self._who)
        if Wait.REQUEST in kinds:
            self.till.centre.actions.sweep(self._who)

    async def _asked(self, _: object) -> None:
        await self.read()
        self.say("Consulta feita: a lista está atualizada.")

    async def open(self, key: str) -> None:
        """Enter: act on it."""
        one = self._found[key]
        match one.kind:
            case Wait.TOPUP:
                await self._open_sale(one)
            case Wait.PAYMENT:
                await self._rule(one)
            case Wait.PAPER:
                self._settle_paper(one)
            case Wait.RECURRING:
                await self._open_os(one)
            case Wait.REQUEST:
                self._open_requests()
            case Wait.TEF:
                self._open_tef(one)
            case Wait.LATE:
                self._settle_late(one)

    async def _open_sale(self, one: Unfinished) -> None:
        from pos_tui.screens.confirmation import Confirmation

        assert one.sale_id is not None, "a top-up hangs on a sale"
        sale = await asyncio.to_thread(self.till.sales.get, one.sale_id)
        self.app.push_screen(Confirmation(self.till, sale, self._who), self.read)

    async def _open_os(self, one: Unfinished) -> None:
        from pos_tui.screens.recurring import OsPanel

        assert one.sale_id is not None, "an attempt hangs on a sale"
        sale = await asyncio.to_thread(self.till.sales.get, one.sale_id)
        attempt = await asyncio.to_thread(self.till.recurring.attempts.latest, one.sale_id)
        self.app.push_screen(OsPanel(self.till, sale, attempt, self._who), self.read)

    def _open_requests(self) -> None:
        from pos_tui.screens.subscriber_requests import RequestsSheet

        self.app.push_screen(RequestsSheet(self.till, self._who, None), self.read)

    def _open_tef(self, one: Unfinished) -> None:
        """The manager's answer is in folders of that till's machine."""
        if one.till != self.till.context.till:
            self.say(f"{one.what}. Só o caixa {one.till} fala com esse TEF: abra lá F12, TEF.")
            return
        from pos_tui.screens.tef import TefBoard

        self.app.push_screen(TefBoard(self.till, self._who), self.read)

    def _settle_late(self, one: Unfinished) -> None:
        """What a till did without the server, and another had done otherwise before."""
        from pos_tui.services.late_claims import ADVICE

        answers = [Answer("R", "Resolvido: tirar da lista", dangerous=True)]
        if one.sale_id is not None:
            answers.insert(0, Answer("V", "Ver a venda"))

        async def answered(answer: str | None) -> None:
            if answer == "v":
                await self._open_sale(one)
            elif answer == "r":
                self.attempt(
                    lambda approval: self.till.late_claims.settle(one.id, self._who, approval), self.read
                )

        text = [f"Caixa {one.till}. {one.what}.", one.why, ADVICE]
        self.app.push_screen(Question("Chegou tarde ao servidor", text, answers), answered)

    async def do_oversight_tills(self) -> None:
        """F7."""
        from pos_tui.screens.tills import TillsDesk

        self.app.push_screen(TillsDesk(self.till, self._who))

    def _settle_paper(self, one: Unfinished) -> None:
        text = [f"{one.what} Caixa {one.till}.", one.why, "Confira com quem está nesse caixa."]
        answers = [
            Answer("S", "Sim, saiu", dangerous=True),
            Answer("N", "Não: desistir deste papel", dangerous=True),
        ]

        async def answered(answer: str | None) -> None:
            if answer is not None:
                word = Word.CAME_OUT if answer == "s" else Word.GIVE_UP
                decide = partial(self.till.spool.decide, one.id, word, self._who)
                self.background(decide, self.read)

        self.app.push_screen(Question("O papel saiu?", [line for line in text if line], answers), answered)

    async def _rule(self, one: Unfinished) -> None:
        line = await asyncio.to_thread(self.till.payments.get, one.id)
        if line.state is PaymentState.LATE and not line.waits:
            await self._give_back(one, line)
            return
        choices = sorted(rulings(line.state, line.decision))
        if not choices:
            self.say(f"{one.what}. Continue no caixa {one.till}: F5 consulta lá, e nunca cobra.")
            return
        text = [
            f"{one.what}. {one.why} {line.why}".rstrip(),
            "Decida só com prova: extrato, comprovante ou a operadora ao telefone.",
        ]
        choice = (rulings_choice(choices),)
        question = WarrantQuestion(Action.RULE_PAYMENT, line.id, "Decidir o pagamento", text, choice)

        async def allowed(values: dict[str, Value], warrant: Warrant) -> None:
            then = PaymentState(str(values["verdict"]))
            self.background(partial(self.till.refunds.rule, line, then, warrant), self.read)

        ask_warrant(self.app, self.till, question, self._who, allowed)

    async def _give_back(self, one: Unfinished, line: PaymentLine) -> None:
        """What was paid after it was given up goes back to the customer."""
        sale = await asyncio.to_thread(self.till.sales.get, line.sale_id)
        text = [f"{one.what}. {one.why}", "O cliente pagou mesmo assim: o valor volta a ele."]
        question = WarrantQuestion(Action.REFUND, sale.id, "Estornar pagamento", text)

        async def allowed(values: dict[str, Value], warrant: Warrant) -> None:
            self.background(partial(self.till.refunds.refund, sale, line, warrant), self.read)

        ask_warrant(self.app, self.till, question, self._who, allowed)


def age(milliseconds: int) -> str:
    """Write how long something has waited: `5 min`, `3 h`, `2 dias`."""
    minutes = max(0, milliseconds) // 60_000
    if minutes < 60:
        return f"{minutes} min"
    return f"{minutes // 60} h" if minutes < 48 * 60 else f"{minutes // 1440} dias"


def _row(key: str, one: Unfinished, now: int) -> Row:
    return Row(key, (age(now - one.since), str(one.till), one.who, one.what, one.why, one.branch), "pending")
