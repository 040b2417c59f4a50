"""What is asked before an order moves. Each returns the demand, or None after Esc."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import BindingType

from pos_tui.domain.errors import FieldError
from pos_tui.domain.money import format_brl
from pos_tui.domain.order import Order
from pos_tui.domain.order_invoice import NO_INVOICE, bare_key, check_invoice
from pos_tui.domain.order_rules import Demand, OrderAction, check_shipment
from pos_tui.domain.tracking import doubt, is_correios, tracking_link
from pos_tui.widgets.chrome import KeyHint, KeyLine, MessageLine, Title
from pos_tui.widgets.dialog import Answer, Dialog, PromptDialog, Question
from pos_tui.widgets.fields import ChoiceField, DigitsField, NoteField, Option, TextField
from pos_tui.widgets.form import Form

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.widget import Widget

ON_YOU = (
    "A aprovação de pagamento manual é exclusivamente de responsabilidade da loja: confira no extrato se o "
    "dinheiro chegou."
)
ENOUGH, SHORT = "enough", "short"


def approval(order: Order) -> Question:
    """Ask before a deposit is approved."""
    text = [f"Pedido {order.number}: {format_brl(order.total)}, {order.method_name}.", ON_YOU]
    return Question("Aprovar pagamento?", text, _yes("A", "Aprovar pagamento"), default="N")


def cancellation(order: Order) -> Question:
    """Ask before an order is cancelled."""
    text = [f"Pedido {order.number} de {order.customer}: {format_brl(order.total)}.", "Cancelado não volta."]
    return Question("Cancelar este pedido?", text, _yes("C", "Cancelar este pedido"), default="N")


def unrelease(order: Order) -> Question:
    """Ask before a release is taken back."""
    text = [f"O pedido {order.number} volta a Não atendido e sai da fila do faturamento."]
    return Question("Cancelar atendimento?", text, _yes("X", "Cancelar atendimento"), default="N")


def delivery(order: Order) -> Question:
    """Ask the first time."""
    code = f" (código: {order.shipment.code})" if order.shipment.code else ""
    text = [f"Pedido {order.number}: o cliente recebeu a encomenda{code}?"]
    return Question("Marcar como entregue?", text, _yes("E", "Marcar como entregue"), default="N")


def delivery_for_good(order: Order) -> Question:
    """Ask the second time, by another key."""
    text = [f"Pedido {order.number}: entregue é final. A loja não consegue voltar atrás depois disto."]
    return Question("Tem certeza?", text, _yes("S", "Sim, foi entregue"), default="N")


def doubtful_code(found: str) -> Question:
    """Ask about a tracking code that looks wrong; it is never blocked."""
    return Question("Despachar com este código?", [found], _yes("D", "Despachar assim mesmo"), default="N")


def doubtful_codes(found: list[str]) -> Question:
    """Ask about those that look wrong among many."""
    answers = [Answer("D", "Despachar todos assim mesmo", dangerous=True), Answer("N", "Voltar aos códigos")]
    return Question("Despachar com estes códigos?", found, answers, default="N")


def _yes(key: str, label: str) -> list[Answer]:
    return [Answer(key, label, dangerous=True), Answer("N", "Não")]


def stock_check(order: Order, stock: Mapping[str, int]) -> PromptDialog:
    """Ask of each line whether it is there. The platform's own count is told where there is one."""
    fields = []
    for item in order.items:
        count = stock.get(item.id)
        told = "" if count is None else f" (a loja virtual diz que há {count})"
        place = f" em {item.place}" if item.place else ""
        options = [Option(ENOUGH, f"Tem {item.quantity}{place}{told}"), Option(SHORT, "Falta")]
        label = f"{item.quantity} x {item.code} {item.name}"
        fields.append(ChoiceField(item.id, label, options, required=True))
    text = ["Confira no estoque cada linha antes de liberar para faturamento."]
    return PromptDialog(f"Liberar o pedido {order.number}", fields, text)


def found_in_stock(order: Order, values: Mapping[str, str | int | None]) -> dict[str, int]:
    """Return how many of each item the check found: those asked for, or none."""
    return {item.id: item.quantity for item in order.items if values.get(item.id) == ENOUGH}


class _DemandForm(Dialog[Demand | None]):
    """A form that ends in a demand."""

    BINDINGS: ClassVar[list[BindingType]] = [("escape", "leave")]
    VERB: ClassVar[str] = "Confirmar"

    def __init__(self, title: str, form: Form) -> None:
        super().__init__()
        self._heading = title
        self.form = form
        self.message = MessageLine()

    def compose(self) -> "Iterable[Widget]":
        """Title, form, notice, keys."""
        yield Title(self._heading)
        yield self.form
        yield self.message
        yield KeyLine([KeyHint("Enter", self.VERB), KeyHint("Esc", "Voltar")], help_key=False)

    def action_leave(self) -> None:
        """Nothing is asked for."""
        self.dismiss(None)

    @on(Form.Submitted)
    async def _submitted(self, event: Form.Submitted) -> None:
        event.stop()
        try:
            await self.submit()
        except FieldError as error:
            self.form.error(error.field, error.message)

    async def submit(self) -> None:
        """Read the form. Raises FieldError."""
        raise NotImplementedError


class InvoiceForm(_DemandForm):
    """Faturar: the note the ERP imported, one typed or scanned, or expressly none."""

    VERB = "Faturar"
    TYPED = ("number", "series", "key")

    def __init__(self, order: Order, cnpj: str, today: datetime) -> None:
        self._order, self._cnpj, self._today = order, cnpj, today
        note = order.invoice
        imported = note.told and not note.none_issued
        options = [
            *([Option("imported", f"{note.words}, do ERP")] if imported else []),
            Option("typed", "Digitar número, série e chave"),
            Option("none", "Sem nota: 0, 0 e 44 zeros"),
        ]
        form = Form(
            [
                ChoiceField("note", "Nota", options, required=True),
                DigitsField("number", "Número", max_length=9, required=True, hidden=True),
                DigitsField("series", "Série", max_length=3, required=True, hidden=True),
                TextField(
                    "key", "Chave", max_length=60, codes=True, required=True, hidden=True,
                    hint="44 caracteres, com o leitor ou digitados; espaços não importam.",
                ),
            ],
            submit_on_choice=True,
        )  # fmt: skip
        super().__init__(f"Faturar o pedido {order.number}", form)

    @on(Form.Chosen)
    def _chosen(self, event: Form.Chosen) -> None:
        event.stop()
        typed = event.value == "typed"
        for name in self.TYPED:
            self.form.show(name, typed)
        self.form.clear_errors()
        if typed:
            self.form.go("number")

    async def submit(self) -> None:
        """Check what was typed against its own key."""
        form = self.form
        match form.text("note"):
            case "imported":
                self.dismiss(Demand(OrderAction.INVOICE, self._order.invoice))
            case "none":
                self.dismiss(Demand(OrderAction.INVOICE, NO_INVOICE))
            case _ if form.text("key"):
                typed = (form.text("number"), form.text("series"), bare_key(form.text("key")))
                note = check_invoice(*typed, self._cnpj, self._today)
                self.dismiss(Demand(OrderAction.INVOICE, note))


class ShipForm(_DemandForm):
    """Despachar: carrier and tracking code. A code that looks wrong is told, and asked about once."""

    VERB = "Despachar"

    def __init__(self, order: Order, template: str) -> None:
        self._template = template
        form = Form(
            [
                TextField("carrier", "Transportadora", max_length=60, required=True),
                TextField(
                    "code", "Código", max_length=60, codes=True, required=True,
                    hint="O código de rastreio; na retirada, por exemplo: Produto aguardando retirada.",
                ),
                NoteField("doubt", "Atenção", hidden=True),
            ]
        )  # fmt: skip
        form.set("carrier", order.shipping)
        form.set("code", order.shipment.code)
        form.go("code" if order.shipping else "carrier")
        super().__init__(f"Despachar o pedido {order.number}", form)

    @on(Form.Changed)
    def _changed(self, event: Form.Changed) -> None:
        event.stop()
        found = doubt(self.form.text("carrier"), self.form.text("code"))
        self.form.set("doubt", found)
        self.form.show("doubt", bool(found))

    async def submit(self) -> None:
        """Ask once more when the code looks wrong."""
        carrier, code = self.form.text("carrier"), self.form.text("code")
        demand = ship_demand(carrier, code, self._template)

        def answered(answer: str | None) -> None:
            if answer == "d":
                self.dismiss(demand)

        if found := doubt(carrier, code):
            self.app.push_screen(doubtful_code(found), answered)
        else:
            self.dismiss(demand)


def ship_demand(carrier: str, code: str, template: str) -> Demand:
    """Return the demand of a dispatch, with the link of what Correios carries. Raises FieldError."""
    url = tracking_link(code, template) if is_correios(carrier) and not doubt(carrier, code) else ""
    return Demand(OrderAction.SHIP, shipment=check_shipment(carrier, code, url))
