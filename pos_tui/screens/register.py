"""Registering a customer: name, CPF or CNPJ, phone, e-mail, each checked as it is typed."""

import asyncio
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import BindingType

from pos_tui.domain.customer import PORTFOLIO_REMINDER, Customer
from pos_tui.domain.documents import parse_document
from pos_tui.domain.errors import FieldError, PosError
from pos_tui.domain.phone import Incomplete
from pos_tui.till import Till
from pos_tui.widgets.chrome import KeyHint, KeyLine, MessageLine, Title
from pos_tui.widgets.dialog import Dialog
from pos_tui.widgets.fields import DigitsField, TextField
from pos_tui.widgets.form import Form

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.widget import Widget


class Register(Dialog[Customer | None]):
    """Returns the customer registered, or None after Esc."""

    BINDINGS: ClassVar[list[BindingType]] = [("escape", "leave")]

    def __init__(self, till: Till, who: str, typed: str) -> None:
        super().__init__()
        self._till = till
        self._who = who
        self.message = MessageLine()
        self.form = Form(
            [
                TextField("name", "Nome", max_length=80, required=True),
                DigitsField(
                    "document", "CPF ou CNPJ", max_length=14, letters=True, check=_check_document,
                    hint="11 dígitos do CPF ou 14 do CNPJ (com letras, se tiver). Pode ficar em branco.",
                ),
                DigitsField("phone", "Telefone", max_length=11, hint="DDD e número. Pode ficar em branco."),
                TextField("email", "E-mail", max_length=120, hint="Pode ficar em branco."),
            ]
        )  # fmt: skip
        self.form.set("document" if typed.strip()[:1].isdigit() else "name", typed)

    def compose(self) -> "Iterable[Widget]":
        """Title, form, notice, keys."""
        yield Title("Cadastro de cliente", [PORTFOLIO_REMINDER])
        yield self.form
        yield self.message
        yield KeyLine([KeyHint("Enter", "Próximo / Cadastrar"), KeyHint("Esc", "Voltar")], help_key=False)

    def action_leave(self) -> None:
        """Nobody was registered."""
        self.dismiss(None)

    @on(Form.Submitted)
    async def _submitted(self, event: Form.Submitted) -> None:
        event.stop()
        form = self.form
        name, document, phone, email = (form.text(field) for field in ("name", "document", "phone", "email"))
        register = partial(self._till.customers.register, name, document, phone, email, self._who)
        try:
            customer = await asyncio.to_thread(register)
        except FieldError as error:
            form.error(error.field, error.message)
        except PosError as error:
            self.message.say(error.message, "error")
        else:
            self.dismiss(customer)


def _check_document(text: str) -> str | None:
    if len(text) not in (0, 11, 14):
        return Incomplete(f"{len(text)} de 11 dígitos (CPF) ou 14 (CNPJ).")
    try:
        parse_document(text)
    except ValueError as error:
        return str(error) if text else None
    return None
