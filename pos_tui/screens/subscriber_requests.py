"""Baixas e habilitações: what was asked of the ERP, what nobody knows yet, and how it is found out."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import BindingType

from pos_tui.commands import Place
from pos_tui.domain.instants import show
from pos_tui.domain.money import format_brl, format_money
from pos_tui.domain.people import Action
from pos_tui.domain.subscriber_action import KIND_WORDS, ActionKind, ActionState, SubscriberAction
from pos_tui.screens.commanded import bindings
from pos_tui.screens.outside import WarrantQuestion, ask_warrant
from pos_tui.screens.subscriber_sheet import ASKING, Sheet
from pos_tui.services.refunds import Warrant
from pos_tui.services.subscriber_centre import Centre
from pos_tui.services.subscribers import EVERYBODY, Visit
from pos_tui.till import Till
from pos_tui.widgets.columns import Column
from pos_tui.widgets.dialog import TextPage
from pos_tui.widgets.fields import ChoiceField, Option, Value
from pos_tui.widgets.line_list import LineList, Row

if TYPE_CHECKING:
    from collections.abc import Iterable

S = ActionState
COLUMNS = (
    Column("Quando", 16, priority=2),
    Column("Pedido", 12),
    Column("Sobre", 12, flex=True, priority=1),
    Column("Valor", 9, "right", priority=3),
    Column("Situação", 18, flex=True),
)
HAPPENED = Option("done", "Aconteceu no provedor")
NOT_HAPPENED = Option("undone", "Não aconteceu: devolver ao cliente")
TAKEN_BACK = Option("undone", "A baixa foi estornada no provedor: a conta pode ser recebida de novo")


class RequestsSheet(Sheet[list[SubscriberAction]]):
    """Those of one subscriber, or of everybody what still waits."""

    PLACE: ClassVar[Place] = Place.REQUESTS
    PURPOSE = (
        "O que foi pedido ao provedor com efeito: baixas de contas recebidas e habilitações. O que ficou "
        "incerto é consultado com F5; E envia de novo só o que o provedor mostra que não aconteceu."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        # Enter is the list's own key: it says what is marked.
        binding
        for binding in bindings(Place.REQUESTS)
        if binding.id != "request_read"
    ]

    def __init__(self, till: Till, who: str, visit: Visit | None) -> None:
        self._one = visit
        super().__init__(
            till, who, visit or EVERYBODY, COLUMNS, "Nada espera resposta nem decisão. Esc volta."
        )
        self._actions: dict[str, SubscriberAction] = {}

    def read(self) -> list[SubscriberAction]:
        """Read what is written down; nothing is asked yet."""
        actions = self.centre.actions
        return actions.waiting() if self._one is None else actions.of_subscriber(self._one.subscriber.id)

    def show(self, found: list[SubscriberAction]) -> "Iterable[Row]":
        """What waits is marked."""
        self._actions = {one.id: one for one in found}
        return [self._row(one) for one in found]

    def _row(self, one: SubscriberAction) -> Row:
        words = _words(one)
        amount = format_money(one.amount) if one.kind is ActionKind.SETTLE else ""
        cells = (show(one.created_at, self.till.context.zone), KIND_WORDS[one.kind], one.about, amount, words)
        return Row(one.id, cells, "pending" if one.waits else "normal")

    def why_not(self, command_id: str) -> str | None:
        """Asking needs something unknown, sending something known not to have happened."""
        one = self._marked
        if one is None:
            return "Nada está marcado."
        if command_id == "request_read":
            return None
        if command_id == "request_send" and not (
            one.kind is ActionKind.SETTLE and one.state in (S.DUE, S.REFUSED)
        ):
            return f"Está {one.words}: só se envia de novo a baixa que não aconteceu."
        if command_id == "request_rule" and _settled(one):
            return None
        if not one.waits:
            return f"Está {one.words}: não há o que fazer."
        if command_id == "request_ask" and one.state not in (S.SENDING, S.UNCERTAIN):
            return f"Está {one.words}: E envia de novo, e F8 decide."
        return None

    @property
    def _marked(self) -> SubscriberAction | None:
        return self._actions.get(self.list.row.key) if self.list.row else None

    @on(LineList.Selected)
    async def _selected(self, event: LineList.Selected) -> None:
        event.stop()
        await self.action_command("request_read")

    async def do_request_read(self) -> None:
        """Enter: what the provider said of it, whole."""
        one = self._marked
        assert one is not None, "why_not said so"
        amount = f" · {format_brl(one.amount)}" if one.kind is ActionKind.SETTLE else ""
        head = f"{show(one.created_at, self.till.context.zone)} · {one.about}{amount}"
        self.app.push_screen(TextPage(KIND_WORDS[one.kind], [head, _words(one)]))

    async def do_request_ask(self) -> None:
        """F5."""
        self._do(lambda centre, key: centre.actions.ask(key, self._who, self._one))

    async def do_request_send(self) -> None:
        """E."""
        self._do(lambda centre, key: centre.bills.send(key, self._who))

    async def do_request_rule(self) -> None:
        """F8: a supervisor's word."""
        one = self._marked
        assert one is not None, "why_not said so"
        text = [f"{KIND_WORDS[one.kind]}: {one.about}: {one.words}. {one.why}", "Confira no provedor antes."]
        verdicts = (TAKEN_BACK,) if _settled(one) else (HAPPENED, NOT_HAPPENED)
        verdict = ChoiceField("verdict", "Decisão", verdicts, required=True)
        question = WarrantQuestion(Action.RULE_PAYMENT, one.id, "Decidir o pedido", text, (verdict,))

        async def allowed(values: dict[str, Value], warrant: Warrant) -> None:
            done = values["verdict"] == "done"
            self._do(lambda centre, key: centre.actions.rule(key, done, warrant))

        ask_warrant(self.app, self.till, question, self._who, allowed)

    def _do(self, work: Callable[[Centre, str], SubscriberAction]) -> None:
        one = self._marked
        assert one is not None, "why_not said so"
        self.say(ASKING)
        self.background(partial(work, self.centre, one.id), self._done)

    async def _done(self, action: SubscriberAction) -> None:
        self.till.spool.wake()
        self.ask(f"{action.about}: {_words(action)}")


def _words(one: SubscriberAction) -> str:
    return " ".join(part for part in (f"{one.words}.", one.why, one.text) if part)


def _settled(one: SubscriberAction) -> bool:
    """A bill that was settled: undone only once its payment went back."""
    return one.kind is ActionKind.SETTLE and one.state is S.DONE
