"""Central do assinante: find a subscriber by name, CPF/CNPJ, phone or contract."""

from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import BindingType

from pos_tui.commands import Place
from pos_tui.domain import phone
from pos_tui.domain.documents import mask_document
from pos_tui.domain.errors import FieldError
from pos_tui.domain.subscriber import Subscriber
from pos_tui.screens.board import Board
from pos_tui.screens.commanded import bindings
from pos_tui.screens.subscriber_sheet import ASKING
from pos_tui.services.subscribers import Found, Visit
from pos_tui.till import Till
from pos_tui.widgets.columns import Column
from pos_tui.widgets.dialog import PromptDialog
from pos_tui.widgets.fields import TextField, Value
from pos_tui.widgets.form import Form
from pos_tui.widgets.line_list import LineList, Row

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.widget import Widget

COLUMNS = (
    Column("Nome", 16, flex=True),
    Column("CPF/CNPJ", 18, priority=2),
    Column("Telefone", 13, priority=3),
    Column("Planos", 14, flex=True, priority=1),
)
EMPTY = "Digite nome, CPF/CNPJ, telefone ou contrato e tecle Enter."
NOBODY = "Ninguém encontrado. Confira o que foi digitado, ou F8: o assinante entra com a senha dele."
HINT = "Nome, CPF, fone, contrato."


class SubscriberDesk(Board):
    """Type, Enter, choose."""

    PLACE: ClassVar[Place] = Place.SUBSCRIBERS
    PURPOSE = (
        "Atende o assinante de um provedor de internet: busca pelo nome, CPF/CNPJ, telefone ou contrato, e "
        "abre os extratos, contas, notas, atendimentos e a habilitação dele. Tudo é perguntado ao ERP do "
        "provedor."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        binding for binding in bindings(Place.SUBSCRIBERS) if binding.id != "subs_open"
    ]
    AUTO_FOCUS = "Form"

    def __init__(self, till: Till, who: str) -> None:
        super().__init__(till, who)
        self.form = Form([TextField("text", "Assinante", max_length=80, codes=True, hint=HINT)], height=2)
        self.list = LineList(COLUMNS, empty=EMPTY)
        self._found: dict[str, Subscriber] = {}

    def compose(self) -> "Iterable[Widget]":
        """The field, who was found, notice, keys."""
        yield self.heading("Central do assinante")
        yield self.form
        yield self.list
        yield self.message
        yield self.keys

    async def on_mount(self) -> None:
        """Say at once when the desk is not set up."""
        self.show_keys()
        off = self.till.config.subscribers.why_off(self.till.config.training)
        if off:
            self.say(off, "error")
        else:
            self.background(lambda: len(self.till.centre.actions.waiting()), self._counted)

    async def _counted(self, waiting: int) -> None:
        if waiting:
            self.say(f"{waiting} baixa(s) ou habilitação(ões) esperam: F5 mostra.", "pending")

    @on(Form.Submitted)
    def _submitted(self, event: Form.Submitted) -> None:
        event.stop()
        self._search()

    def _search(self) -> None:
        self.say(ASKING)
        text = self.form.text("text")
        self.attempt(lambda _: self.till.centre.questions.find(text), partial(self._searched, text))

    async def _searched(self, text: str, found: Found) -> None:
        self._found = {one.id: one for one in found.subscribers}
        self.list.empty = NOBODY
        self.list.set_rows(map(_row, found.subscribers))
        self.say(found.problem, "error" if found.problem else "normal")
        # Who types another name meanwhile goes on typing: Enter would open one of the first.
        if found.subscribers and self.form.text("text") == text:
            self.set_focus(self.list)

    async def wrong_field(self, error: FieldError) -> None:
        """At the field."""
        self.message.clear()
        self.form.error(error.field, error.message)

    @on(LineList.Selected)
    def _selected(self, event: LineList.Selected) -> None:
        event.stop()
        if self.list.holds(event.key):
            self._open(self._found[event.key])

    def action_leave(self) -> None:
        """From the list back to the field; from the field back to the sale."""
        if self.focused is self.list:
            self.set_focus(self.form)
        else:
            super().action_leave()

    # Opening somebody

    def _open(self, somebody: Subscriber) -> None:
        if not self.till.centre.questions.provider.wants_password:
            self._visit(somebody, "")
            return
        field = TextField("password", "Senha", max_length=60, secret=True, required=True)
        text = [f"{somebody.name}: a senha é a que o assinante usa na central dele; ela não é guardada."]

        def typed(values: dict[str, Value] | None) -> None:
            if values is not None:
                self._visit(somebody, str(values["password"]))

        self.app.push_screen(PromptDialog("Senha do assinante", [field], text), typed)

    def _visit(self, somebody: Subscriber, password: str) -> None:
        self.say(ASKING)
        self.question(partial(self.till.centre.questions.visit, somebody, password), self._opened)

    async def _opened(self, visit: Visit) -> None:
        from pos_tui.screens.subscriber_card import SubscriberCard

        self.message.clear()
        self.app.push_screen(SubscriberCard(self.till, self._who, visit))

    async def do_subs_login(self) -> None:
        """F8: the subscriber's own login."""
        fields = [
            TextField("user", "Usuário ou CPF/CNPJ", max_length=80, codes=True, required=True),
            TextField("password", "Senha", max_length=60, secret=True, required=True),
        ]
        self.app.push_screen(PromptDialog("O assinante se identifica", fields), self._identified)

    async def _identified(self, values: dict[str, Value] | None) -> None:
        if values is None:
            return
        self.say(ASKING)
        user, password = str(values["user"]), str(values["password"])
        self.question(partial(self.till.centre.questions.enter, user, password), self._opened)

    async def do_subs_requests(self) -> None:
        """F5."""
        from pos_tui.screens.subscriber_requests import RequestsSheet

        self.app.push_screen(RequestsSheet(self.till, self._who, None))


def _row(one: Subscriber) -> Row:
    plans = ", ".join(contract.words for contract in one.contracts)
    return Row(one.id, (one.name, mask_document(one.document), phone.shown(one.phone), plans))
