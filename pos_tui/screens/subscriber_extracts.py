"""Extratos: calls, connections, money. On screen and on paper the same."""

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from textual.binding import BindingType

from pos_tui.commands import Place
from pos_tui.domain.subscriber import FEATURE_WORDS, Feature, contracts_for
from pos_tui.domain.usage import Period, Termination
from pos_tui.screens.commanded import bindings
from pos_tui.screens.days import check_day, check_order, parse_day
from pos_tui.screens.subscriber_sheet import Sheet
from pos_tui.services.subscriber_extracts import calls_extract, financial_extract, sessions_extract
from pos_tui.services.subscriber_papers import Extract
from pos_tui.services.subscribers import Visit
from pos_tui.till import Till
from pos_tui.widgets.columns import Column
from pos_tui.widgets.dialog import PromptDialog
from pos_tui.widgets.fields import ChoiceField, Field, Option, TextField, Value
from pos_tui.widgets.line_list import Row

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from textual.app import App

DAYS = 30
"""How far back a statement begins when nobody says otherwise."""
ALL = "todos"

CALLS = (
    Column("Data", 14),
    Column("Destino", 12, flex=True),
    Column("Tipo", 16, flex=True, priority=2),
    Column("Duração", 12, "right", priority=1),
    Column("Valor", 9, "right", priority=3),
)
CONNECTIONS = (
    Column("Início", 14),
    Column("Fim", 15),
    Column("Login", 8, flex=True, priority=2),
    Column("Tempo", 9, "right", priority=1),
    Column("Download", 9, "right", priority=3),
    Column("Upload", 9, "right", priority=4),
    Column("IP", 15, priority=5),
)
FINANCIAL = (
    Column("Vencimento", 10),
    Column("Documento", 9, priority=2),
    Column("Descrição", 10, flex=True, priority=3),
    Column("Situação", 14, flex=True),
    Column("Valor", 9, "right"),
)
EMPTY = "Nada neste período. F6 escolhe outro."
Read = Callable[[], Extract]


class ExtractSheet(Sheet[Extract]):
    """One statement."""

    PLACE: ClassVar[Place] = Place.EXTRACT
    PURPOSE = "Um extrato do assinante: o que está na tela é o que sai no papel."
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Place.EXTRACT)]

    def __init__(
        self,
        till: Till,
        who: str,
        visit: Visit,
        feature: Feature,
        columns: "Sequence[Column]",
        ask: Read,
        again: "Callable[[ExtractSheet], None] | None" = None,
    ) -> None:
        super().__init__(till, who, visit, columns, EMPTY, FEATURE_WORDS[feature])
        self._ask_erp = ask
        self._again = again
        self._extract: Extract | None = None

    def read(self) -> Extract:
        """Ask."""
        return self._ask_erp()

    def show(self, found: Extract) -> "Iterable[Row]":
        """Its rows; what is overdue or stale is marked."""
        self._extract = found
        for place, cells in enumerate(found.rows):
            marked = any(cell in ("VENCIDA", "sem atualização") for cell in cells)
            yield Row(str(place), cells, "pending" if marked else "normal")

    def headline(self) -> list[str]:
        """Whom, when, and what it adds up to."""
        found = self._extract
        if found is None:
            return [self.visit.subscriber.name]
        told = [*found.filters, *found.totals]
        words = " · ".join(f"{label}: {value}" for label, value in told if value)
        return [f"{self.visit.subscriber.name} · {found.period}", words]

    def why_not(self, command_id: str) -> str | None:
        """Nothing to print before it came; the financial statement has no period."""
        if command_id == "extract_print" and self._extract is None:
            return "O extrato ainda não chegou: aguarde, ou consulte de novo com F5."
        if command_id == "extract_period" and self._again is None:
            return "O extrato financeiro mostra tudo o que está em aberto e baixado: não tem período."
        return None

    async def do_extract_print(self) -> None:
        """F9."""
        assert self._extract is not None, "why_not said so"
        receipt = self.centre.papers.statement(self.visit, self._extract)
        self.background(lambda: self.centre.papers.queue(receipt), self._printed)

    async def _printed(self, _: None) -> None:
        self.say("Extrato na fila de impressão.")

    async def do_extract_period(self) -> None:
        """F6: choose again, on a new sheet; until then this one stays."""
        assert self._again is not None, "why_not said so"
        self._again(self)

    async def do_extract_again(self) -> None:
        """F5."""
        self.ask("Extrato consultado de novo.")


def open_extract(
    app: "App[Any]",
    till: Till,
    who: str,
    visit: Visit,
    feature: Feature,
    before: ExtractSheet | None = None,
) -> None:
    """Ask for the period where there is one, and show the statement, in the place of the one `before`."""
    questions, zone = till.centre.questions, till.context.zone

    def again(sheet: ExtractSheet) -> None:
        open_extract(app, till, who, visit, feature, sheet)

    def choose(values: dict[str, Value] | None) -> None:
        if values is None:
            return
        if before is not None:
            before.dismiss(None)
        period = _period(till, values)
        if feature is Feature.CALLS:
            terminal, kind = str(values["terminal"]), str(values["kind"])
            kinds = () if kind == ALL else (Termination(kind),)
            words = "Todas" if kind == ALL else kind
            ask: Read = lambda: calls_extract(  # noqa: E731
                questions.calls(visit, terminal, period, kinds), terminal, words, period, zone
            )
            columns: tuple[Column, ...] = CALLS
        else:
            ask = lambda: sessions_extract(  # noqa: E731
                questions.sessions(visit, period), period, till.now(), zone
            )
            columns = CONNECTIONS
        app.push_screen(ExtractSheet(till, who, visit, feature, columns, ask, again))

    if feature is Feature.FINANCIAL:
        money: Read = lambda: financial_extract(  # noqa: E731
            questions.open_bills(visit), questions.settled_bills(visit), questions.today
        )
        app.push_screen(ExtractSheet(till, who, visit, feature, FINANCIAL, money))
        return
    app.push_screen(_prompt(till, visit, feature), choose)


def _prompt(till: Till, visit: Visit, feature: Feature) -> PromptDialog:
    fields: list[Field] = []
    if feature is Feature.CALLS:
        found = contracts_for(feature, visit.subscriber)
        terminals = [one for contract in found for one in contract.terminals]
        fields.append(
            ChoiceField("terminal", "Terminal", [Option(one, one) for one in terminals], required=True)
        )
    today = till.now()
    fields += [_day("since", "De"), _day("until", "Até")]
    if feature is Feature.CALLS:
        kinds = [Option(ALL, "Todas"), *(Option(kind, kind.value) for kind in Termination)]
        fields.append(ChoiceField("kind", "Tipo de terminação", kinds, required=True))
    dialog = PromptDialog(FEATURE_WORDS[feature], fields, [visit.subscriber.name])
    dialog.form.set("since", f"{today - timedelta(days=DAYS):%d/%m/%Y}")
    dialog.form.set("until", f"{today:%d/%m/%Y}")
    if feature is Feature.CALLS:
        dialog.form.set("kind", ALL)
        if len(terminals) == 1:
            dialog.form.set("terminal", terminals[0])
            dialog.form.go("since")
    return dialog


def _day(name: str, label: str) -> TextField:
    return TextField(name, label, max_length=10, required=True, check=check_day, hint="dd/mm/aaaa")


def _period(till: Till, values: dict[str, Value]) -> Period:
    """The typed days, the last one whole; turned round when they were typed the other way."""
    zone = till.context.zone
    first, last = str(values["since"]), str(values["until"])
    if check_order(first, last):
        first, last = last, first
    since = parse_day(first).replace(tzinfo=zone)
    return Period(since, parse_day(last).replace(tzinfo=zone) + timedelta(days=1))
