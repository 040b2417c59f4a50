"""Segunda via and Receber conta: the open bills, their slips, and the way into the sale."""

from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import BindingType

from pos_tui.commands import Place
from pos_tui.domain.money import format_brl, format_money
from pos_tui.domain.subscriber import Bill, Feature, why_not_reprint
from pos_tui.screens.commanded import bindings
from pos_tui.screens.subscriber_sheet import ASKING, Sheet
from pos_tui.services.subscriber_extracts import day
from pos_tui.services.subscriber_papers import Slip, slip_of
from pos_tui.services.subscribers import Visit
from pos_tui.till import Till
from pos_tui.widgets.columns import Column
from pos_tui.widgets.line_list import LineList, Row

if TYPE_CHECKING:
    from collections.abc import Iterable

COLUMNS = (
    Column("Vencimento", 10),
    Column("Documento", 9, priority=2),
    Column("Descrição", 10, flex=True, priority=3),
    Column("Situação", 10, flex=True, priority=1),
    Column("Valor", 9, "right"),
)
RECEIVED = "na venda. Esc vai ao pagamento; a baixa sai depois de salvar."


class BillsSheet(Sheet[tuple[Bill, ...]]):
    """Open bills. Enter shows the slip, or receives, as the menu that was chosen."""

    PLACE: ClassVar[Place] = Place.BILLS
    PURPOSE = (
        "As contas em aberto. A segunda via vem do provedor como está lá: multa e juros nunca são calculados "
        "aqui, e de uma conta vencida o provedor manda um boleto novo ou diz por que não. Receber põe a "
        "conta na venda em andamento; ela é baixada no provedor uma vez só, depois de paga."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        binding for binding in bindings(Place.BILLS) if binding.id != "bill_choose"
    ]

    def __init__(self, till: Till, who: str, visit: Visit, receiving: bool) -> None:
        title = "Receber conta" if receiving else "Segunda via de boleto"
        super().__init__(
            till,
            who,
            visit,
            COLUMNS,
            "Nenhuma conta em aberto. As pagas estão no Extrato financeiro (Esc, 3).",
            title,
        )
        self._receiving = receiving
        self._bills: dict[str, Bill] = {}
        self._in_sale: set[str] = set()

    def read(self) -> tuple[Bill, ...]:
        """Ask."""
        return self.centre.questions.open_bills(self.visit)

    def show(self, found: tuple[Bill, ...]) -> "Iterable[Row]":
        """What is overdue is marked, and what has no slip says why."""
        self._bills = {bill.id: bill for bill in found}
        return [self._row(bill) for bill in found]

    def _row(self, bill: Bill) -> Row:
        overdue = bill.overdue(self.centre.questions.today)
        words = "VENCIDA" if overdue else "a vencer"
        if not self._receiving and self._no_slip(bill):
            words += ", sem boleto"
        if bill.id in self._in_sale:
            words = "na venda"
        cells = (day(bill.due), bill.number or bill.id, bill.description, words, format_money(bill.amount))
        return Row(bill.id, cells, "pending" if overdue else "normal")

    def _no_slip(self, bill: Bill) -> str:
        questions = self.centre.questions
        return why_not_reprint(bill, questions.today, questions.most_days) or ""

    def headline(self) -> list[str]:
        """Whom, and how much."""
        total = sum(bill.amount for bill in self._bills.values())
        return [f"{self.visit.subscriber.name} · {len(self._bills)} em aberto · {format_brl(total)}"]

    @property
    def _marked(self) -> Bill:
        assert self.list.row is not None, "why_not said so"
        return self._bills[self.list.row.key]

    def why_not(self, command_id: str) -> str | None:
        """A slip needs one to exist, receiving needs an ERP that settles."""
        if command_id == "bill_again":
            return None
        if self.list.row is None:
            return "Nenhuma conta está marcada."
        if command_id == "bill_slip" or (command_id == "bill_choose" and not self._receiving):
            return self._no_slip(self._marked) or None
        return self.centre.questions.why_not(Feature.RECEIVE, self.visit)

    @on(LineList.Selected)
    async def _selected(self, event: LineList.Selected) -> None:
        event.stop()
        await self.action_command("bill_receive" if self._receiving else "bill_slip")

    async def do_bill_slip(self) -> None:
        """F9: ask for the slip as it is now."""
        bill = self._marked
        self.say(ASKING)
        self.question(partial(self._slip, bill), self._show_slip)

    def _slip(self, bill: Bill) -> Slip:
        questions = self.centre.questions
        return slip_of(bill, questions.second_copy(self.visit, bill), questions.today)

    async def _show_slip(self, slip: Slip) -> None:
        from pos_tui.screens.subscriber_slip import SlipPage

        self.message.clear()
        self.app.push_screen(SlipPage(self.till, self._who, self.visit, slip))

    async def do_bill_receive(self) -> None:
        """F10: into the open sale."""
        bill = self._marked
        self.background(lambda: self._receive(bill), partial(self._received, bill))

    def _receive(self, bill: Bill) -> str:
        item = self.centre.bills.receive(self.open_sale(), self.visit, bill)
        return f"{item.name}, {format_brl(item.amount)}: {RECEIVED}"

    async def _received(self, bill: Bill, told: str) -> None:
        self.received = True
        self._in_sale.add(bill.id)
        self.list.set_rows([self._row(one) for one in self._bills.values()], key=bill.id)
        self.say(told)

    async def do_bill_again(self) -> None:
        """F5."""
        self.ask("Contas consultadas de novo.")
