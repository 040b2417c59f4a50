"""Compra de crédito: choose plan and value, buy, pay, and release once it was transferred."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType

from pos_tui.commands import Place
from pos_tui.domain.instants import show
from pos_tui.domain.money import format_brl, format_money
from pos_tui.domain.subscriber import Bill, BillState, Feature, SecondCopy, contracts_for
from pos_tui.domain.subscriber_action import Credit, CreditState
from pos_tui.screens.commanded import bindings
from pos_tui.screens.subscriber_sheet import Sheet
from pos_tui.services.subscriber_credit import PAID, REGISTERED, RELEASED
from pos_tui.services.subscriber_papers import Slip, slip_of
from pos_tui.services.subscribers import Visit
from pos_tui.till import Till
from pos_tui.widgets.columns import Column
from pos_tui.widgets.dialog import Answer, PromptDialog, Question
from pos_tui.widgets.fields import ChoiceField, Option, Value
from pos_tui.widgets.line_list import Row

if TYPE_CHECKING:
    from collections.abc import Iterable

COLUMNS = (
    Column("Nº", 5, "right"),
    Column("Comprado em", 16, priority=3),
    Column("Plano", 10, flex=True, priority=2),
    Column("SMS", 6, "right"),
    Column("Valor", 9, "right", priority=1),
    Column("Situação", 28),
)
C = CreditState
NEEDS = {
    "credit_slip": (C.WAITING,),
    "credit_receive": (C.WAITING,),
    "credit_paid": (C.WAITING,),
    "credit_release": (C.PAID,),
    "credit_cancel": (C.WAITING, C.PAID),
}
"""In which state a purchase must be for what."""
WITHOUT_BANK = (
    "Sem boleto: falta o acordo com o banco em [subscribers.credit] na configuração. F6 mostra o Pix, e F10 "
    "na compra a recebe aqui no caixa."
)


class CreditSheet(Sheet[list[Credit]]):
    """One line a purchase."""

    PLACE: ClassVar[Place] = Place.CREDIT
    PURPOSE = (
        "Compra de créditos de SMS: escolha o plano e um dos valores configurados. A compra fica cadastrada "
        "e é paga por boleto, por Pix ou aqui no caixa; depois de paga, o Suporte transfere os créditos no "
        "site do SMS e marca a transferência, e só então eles ficam liberados."
    )
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Place.CREDIT)]

    def __init__(self, till: Till, who: str, visit: Visit) -> None:
        super().__init__(till, who, visit, COLUMNS, "Nenhuma compra. F6 compra créditos.")
        self._credits: dict[str, Credit] = {}

    def read(self) -> list[Credit]:
        """Read what is written down."""
        return self.centre.credit.of(self.visit)

    def show(self, found: list[Credit]) -> "Iterable[Row]":
        """What still waits is marked."""
        self._credits = {one.id: one for one in found}
        return [self._row(one) for one in found]

    def _row(self, one: Credit) -> Row:
        bought = show(one.created_at, self.till.context.zone)
        amount = format_money(one.amount)
        cells = (f"C{one.till}-{one.number}", bought, one.plan, str(one.messages), amount, one.words)
        return Row(one.id, cells, "normal" if one.state in (C.RELEASED, C.CANCELLED) else "pending")

    def why_not(self, command_id: str) -> str | None:
        """Each step needs the one before it."""
        if command_id == "credit_buy":
            return None if self.centre.credit.values() else "Nenhum valor de crédito está configurado."
        one = self._marked
        if one is None:
            return "Nenhuma compra está marcada."
        if one.state not in NEEDS[command_id]:
            return f"Esta compra está {one.words}."
        return None

    @property
    def _marked(self) -> Credit | None:
        return self._credits.get(self.list.row.key) if self.list.row else None

    # Buying

    async def do_credit_buy(self) -> None:
        """F6."""
        plans = contracts_for(Feature.CREDIT, self.visit.subscriber)
        values = self.centre.credit.values()
        fields = [
            ChoiceField("plan", "Plano", [Option(plan.id, plan.words) for plan in plans], required=True),
            ChoiceField(
                "value",
                "Crédito",
                [
                    Option(str(place), f"{value.messages} SMS por {format_brl(value.amount)}")
                    for place, value in enumerate(values)
                ],
                required=True,
            ),
        ]
        # Made before anybody confirms: a second Enter is the same purchase.
        key = self.centre.credit.new_key()

        def chosen(values: dict[str, Value] | None) -> None:
            if values is not None:
                self._confirm(key, str(values["plan"]), int(values["value"] or 0))

        dialog = PromptDialog("Compra de crédito", fields, ["Selecione o plano e o crédito."])
        if len(plans) == 1:
            dialog.form.set("plan", plans[0].id)
            dialog.form.go("value")
        self.app.push_screen(dialog, chosen)

    def _confirm(self, key: str, plan: str, place: int) -> None:
        contract, value = self.visit.subscriber.contract(plan), self.centre.credit.values()[place]
        if contract is None:
            return
        words = f"{value.messages} SMS por {format_brl(value.amount)} para {contract.plan}."

        def answered(answer: str | None) -> None:
            if answer == "c":
                buy = partial(self.centre.credit.buy, key, self.visit, contract, value, self._who)
                self.background(buy, partial(self._changed, REGISTERED))

        answers = [Answer("C", "Comprar", dangerous=True), Answer("N", "Não")]
        self.app.push_screen(Question("Compra de crédito", [words], answers, default="N"), answered)

    # Paying

    async def do_credit_slip(self) -> None:
        """F9."""
        from pos_tui.screens.subscriber_slip import SlipPage

        one = self._marked
        assert one is not None, "why_not said so"
        title = "Boleto da compra de crédito"
        self.app.push_screen(SlipPage(self.till, self._who, self.visit, self._slip(one), title, WITHOUT_BANK))

    def _slip(self, one: Credit) -> Slip:
        number = f"C{one.till}-{one.number}"
        bill = Bill(
            one.id, one.due_on, one.amount, BillState.OPEN, one.amount, number, number, "Crédito de SMS"
        )
        config = self.till.config
        pix = self.till.static_pix(one.id, one.amount) if config.payment.pix.key or config.training else ""
        return slip_of(bill, SecondCopy(one.line, pix, one.due_on, one.amount), self.centre.questions.today)

    async def do_credit_receive(self) -> None:
        """F10: into the open sale."""
        self._step(lambda one: self._receive(one), "Compra na venda: Esc vai ao pagamento.")

    def _receive(self, one: Credit) -> Credit:
        self.centre.credit.receive(self.open_sale(), one)
        self.received = True
        return self.centre.credit.get(one.id)

    async def do_credit_paid(self) -> None:
        """P."""
        sure = "O Financeiro viu o boleto ou o Pix pago? Isto não volta atrás."
        self._sure(sure, lambda one: self.centre.credit.paid(one, self._who), PAID)

    async def do_credit_release(self) -> None:
        """T."""
        sure = "Os créditos foram transferidos no site do SMS? Isto não volta atrás."
        self._sure(sure, lambda one: self.centre.credit.release(one, self._who), RELEASED)

    async def do_credit_cancel(self) -> None:
        """F8."""
        sure = "Cancelar esta compra? Ninguém a pagou, ou o dinheiro já voltou ao cliente."
        self._sure(sure, lambda one: self.centre.credit.cancel(one, self._who), "Compra cancelada.")

    def _sure(self, question: str, work: Callable[[Credit], Credit], told: str) -> None:
        """Ask before what nothing takes back."""
        one = self._marked
        assert one is not None, "why_not said so"
        about = f"C{one.till}-{one.number}: {one.messages} SMS por {format_brl(one.amount)} para {one.plan}."
        answers = [Answer("S", "Sim", dangerous=True), Answer("N", "Não")]

        def answered(answer: str | None) -> None:
            if answer == "s":
                self._step(work, told)

        self.app.push_screen(Question("Compra de crédito", [about, question], answers, default="N"), answered)

    def _step(self, work: Callable[[Credit], Credit], told: str) -> None:
        one = self._marked
        assert one is not None, "why_not said so"
        self.background(partial(work, one), partial(self._changed, told))

    async def _changed(self, told: str, _: Credit) -> None:
        self.ask(told)
