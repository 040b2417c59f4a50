"""Titular de dados: find a person of the portfolio, give them what is kept about them, or forget them."""

import asyncio
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import BindingType

from pos_tui.commands import Place
from pos_tui.domain import phone
from pos_tui.domain.customer import Customer
from pos_tui.domain.documents import mask_document
from pos_tui.screens.board import Board
from pos_tui.screens.commanded import bindings
from pos_tui.services.privacy import Erased, key_of
from pos_tui.till import Till
from pos_tui.widgets.columns import Column
from pos_tui.widgets.dialog import Answer, PromptDialog, Question, TextPage
from pos_tui.widgets.fields import TextField, Value
from pos_tui.widgets.line_list import LineList, Row

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.widget import Widget

COLUMNS = (
    Column("Nome", 12, flex=True),
    Column("CPF/CNPJ", 18, priority=1),
    Column("Telefone", 13, priority=2),
)
EMPTY = "Ninguém encontrado. F6 procura por nome, CPF, CNPJ ou telefone."


class PrivacyDesk(Board):
    """One line a person found; documents are masked, the export tells them whole."""

    PLACE: ClassVar[Place] = Place.PRIVACY
    PURPOSE = (
        "O que um cliente pode pedir sobre os dados dele (LGPD): receber tudo o que a loja guarda, ou ser "
        "anonimizado. As vendas ficam; saem nome, telefone e e-mail, e o CPF ou CNPJ quando nenhuma nota "
        "fiscal o obriga a ficar. Confirme antes que quem pede é a própria pessoa."
    )
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Place.PRIVACY)]
    AUTO_FOCUS = "LineList"

    def __init__(self, till: Till, who: str) -> None:
        super().__init__(till, who)
        self.list = LineList(COLUMNS, empty="")
        self._found: dict[str, Customer] = {}

    def compose(self) -> "Iterable[Widget]":
        """The list, notice, keys."""
        yield self.heading("Titular de dados")
        yield self.list
        yield self.message
        yield self.keys

    async def on_mount(self) -> None:
        """Only who may handles it."""
        self.show_keys()
        await self.act_first(self.till.privacy.may_handle, self._ready)

    async def _ready(self, _: object = None) -> None:
        self.list.empty = EMPTY
        await self._show([])
        await self.do_subject_find()

    async def _show(self, found: list[Customer]) -> None:
        self._found = {key_of(person): person for person in found}
        self.list.set_rows([_row(person) for person in found])
        self.show_keys()

    def why_not(self, command_id: str) -> str | None:
        """What is off for who may not, or with nobody marked."""
        if not self.list.empty:
            return "Os dados de titulares são tratados por supervisores."
        return "Ninguém está marcado." if command_id != "subject_find" and self.list.row is None else None

    @property
    def _marked(self) -> Customer:
        assert self.list.row is not None, "why_not said so"
        return self._found[self.list.row.key]

    # Finding

    async def do_subject_find(self) -> None:
        """F6."""
        field = TextField(
            "text", "Procurar", max_length=60, codes=True, required=True, hint="Nome, CPF, CNPJ ou telefone."
        )
        self.app.push_screen(PromptDialog("Procurar titular", [field]), self._find)

    async def _find(self, values: dict[str, Value] | None) -> None:
        if values is not None:
            found = await asyncio.to_thread(self.till.privacy.find, str(values["text"] or ""))
            await self._show(found)
            self.message.clear()

    # Exporting

    @on(LineList.Selected)
    async def _selected(self, event: LineList.Selected) -> None:
        event.stop()
        await self.do_subject_export()

    async def do_subject_export(self) -> None:
        """Enter or F9."""
        one = self._marked
        self.attempt(partial(self.till.privacy.export, one, self._who), self._exported, one.name)

    async def _exported(self, path: Path) -> None:
        text = [str(path), "Só este usuário pode ler. Entregue o arquivo à pessoa e apague-o."]
        self.app.push_screen(TextPage("Dados gravados", text))

    # Erasing

    async def do_subject_erase(self) -> None:
        """F8."""
        person = self._marked
        refused = await asyncio.to_thread(self.till.privacy.why_not_erase, person)
        if refused:
            self.say(refused, "error")
            return
        text = [
            f"{person.name} deixa de existir no cadastro, nas vendas e nos papéis guardados. Não tem volta.",
            "As vendas ficam, sem o nome. O CPF ou CNPJ só fica enquanto uma nota fiscal o obrigar.",
        ]
        answers = [Answer("A", "Anonimizar", dangerous=True), Answer("N", "Não")]
        self.app.push_screen(
            Question("Anonimizar esta pessoa?", text, answers, default="N"), partial(self._sure, person)
        )

    async def _sure(self, person: Customer, answer: str | None) -> None:
        if answer == "a":
            hint = "Quem pediu e como, sem nome nem CPF: o motivo fica na trilha para sempre."
            reason = TextField("reason", "Motivo", max_length=80, required=True, hint=hint)
            self.app.push_screen(PromptDialog("Por que anonimizar?", [reason]), partial(self._erase, person))

    async def _erase(self, person: Customer, values: dict[str, Value] | None) -> None:
        if values is not None:
            reason = str(values["reason"] or "")
            erase = partial(self.till.privacy.erase, person, reason, self._who)
            self.attempt(erase, self._erased, f"{person.name}: {reason}")

    async def _erased(self, done: Erased) -> None:
        await self._show([])
        kept = f" O documento fica até {done.document_until:%d/%m/%Y}." if done.document_until else ""
        self.say(f"Anonimizado: o cadastro e {done.sales} venda(s).{kept}")


def _row(person: Customer) -> Row:
    return Row(key_of(person), (person.name, mask_document(person.document), phone.shown(person.phone)))
