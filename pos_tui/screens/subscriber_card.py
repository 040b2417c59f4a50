"""One subscriber and the menus of seed 4; a menu that is off says why in its own line."""

from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.binding import BindingType

from pos_tui.commands import Place
from pos_tui.domain import phone
from pos_tui.domain.documents import mask_document
from pos_tui.domain.subscriber import FEATURE_WORDS, Feature
from pos_tui.screens.board import Board
from pos_tui.screens.commanded import bindings
from pos_tui.screens.subscriber_sheet import ASKING
from pos_tui.services.subscribers import Visit
from pos_tui.till import Till
from pos_tui.widgets.columns import Column
from pos_tui.widgets.dialog import TextPage
from pos_tui.widgets.line_list import LineList, Row
from pos_tui.widgets.text import Paragraphs

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.widget import Widget

COLUMNS = (Column("", 1), Column("Menu", 22), Column("Situação", 10, flex=True))
FEATURES = tuple(Feature)
DIGITS = "1234567890"
BY_THE_BOOK = "Planos: como no último livro importado."


class SubscriberCard(Board):
    """Choose a menu by its number."""

    PLACE: ClassVar[Place] = Place.SUBSCRIBER
    PURPOSE = (
        "Os menus da Central do Assinante para quem está no balcão. O que o plano ou o provedor não permite "
        "fica na lista com o motivo; o que não depende do plano ativo continua valendo para o suspenso."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        binding for binding in bindings(Place.SUBSCRIBER) if binding.id != "sub_menu"
    ]
    AUTO_FOCUS = "LineList"

    def __init__(self, till: Till, who: str, visit: Visit) -> None:
        super().__init__(till, who)
        self.visit = visit
        self.head = Paragraphs(_head(visit))
        self.list = LineList(COLUMNS, empty="")

    def compose(self) -> "Iterable[Widget]":
        """Who it is, the menus, notice, keys."""
        yield self.heading(self.visit.subscriber.name)
        yield self.head
        yield self.list
        yield self.message
        yield self.keys

    async def on_mount(self) -> None:
        """Draw the menus."""
        self._draw()

    def _draw(self) -> None:
        self.head.say([*_head(self.visit), *self._doubt()])
        self.list.set_rows(self._row(place, feature) for place, feature in enumerate(FEATURES))
        self.show_keys()

    def _doubt(self) -> list[str]:
        """That the plans may not stand as shown, where the ERP does not tell how they do."""
        return [BY_THE_BOOK] if self.till.centre.questions.provider.lacks_states else []

    def _row(self, place: int, feature: Feature) -> Row:
        reason = self.off(feature)
        why = (reason or "").removeprefix(f"{FEATURE_WORDS[feature]}: ")  # its name stands beside it
        words = f"AGORA NÃO: {why}" if reason else "disponível"
        return Row(feature, (DIGITS[place], FEATURE_WORDS[feature], words), "dim" if reason else "normal")

    def off(self, feature: Feature) -> str | None:
        """Why a menu is off, or None."""
        return self.till.centre.questions.why_not(feature, self.visit)

    def on_key(self, event: events.Key) -> None:
        """A digit opens the menu of that number."""
        if event.key in DIGITS:
            event.stop()
            self._choose(FEATURES[DIGITS.index(event.key)])

    @on(LineList.Selected)
    def _selected(self, event: LineList.Selected) -> None:
        event.stop()
        self._choose(Feature(event.key))

    def _choose(self, feature: Feature) -> None:
        reason = self.off(feature)
        if reason is not None:
            self.say(reason)
            return
        self.message.clear()
        self.list.set_rows(self.list.rows, key=feature)
        self._open(feature)

    def _open(self, feature: Feature) -> None:
        till, who, visit = self.till, self._who, self.visit
        match feature:
            case Feature.CALLS | Feature.CONNECTIONS | Feature.FINANCIAL:
                from pos_tui.screens.subscriber_extracts import open_extract

                open_extract(self.app, till, who, visit, feature)
            case Feature.SECOND_COPY | Feature.RECEIVE:
                from pos_tui.screens.subscriber_bills import BillsSheet

                self.app.push_screen(BillsSheet(till, who, visit, feature is Feature.RECEIVE))
            case Feature.NOTES:
                from pos_tui.screens.subscriber_notes import NotesSheet

                self.app.push_screen(NotesSheet(till, who, visit))
            case Feature.CARD:
                self.app.push_screen(TextPage("Cartão de crédito: CIELO", cielo(till)))
            case Feature.ENABLE:
                from pos_tui.screens.subscriber_enable import begin_enabling

                begin_enabling(self)
            case Feature.TICKETS:
                from pos_tui.screens.subscriber_tickets import TicketsSheet

                self.app.push_screen(TicketsSheet(till, who, visit))
            case Feature.CREDIT:
                from pos_tui.screens.subscriber_credit import CreditSheet

                self.app.push_screen(CreditSheet(till, who, visit))

    async def do_sub_again(self) -> None:
        """F5."""
        self.read_again()

    def read_again(self, told: str = "") -> None:
        """Ask how the plans stand now; `told` is said when they are known."""
        self.say(ASKING)
        visit = self.visit
        job = partial(self.till.centre.questions.visit, visit.subscriber, visit.access.password)
        lacks = self.till.centre.questions.provider.lacks_states
        self.background(job, partial(self._read, told or lacks or "Planos consultados."))

    async def _read(self, told: str, visit: Visit) -> None:
        self.visit = visit
        self._draw()
        self.say(told)

    async def do_sub_requests(self) -> None:
        """F4."""
        from pos_tui.screens.subscriber_requests import RequestsSheet

        self.app.push_screen(RequestsSheet(self.till, self._who, self.visit))


def _head(visit: Visit) -> list[str]:
    one = visit.subscriber
    parts = [mask_document(one.document), phone.shown(one.phone)]
    plans = [contract.words for contract in one.contracts]
    return [" · ".join(part for part in parts if part), " · ".join(plans) or "Sem planos."]


def cielo(till: Till) -> list[str]:
    """The seed's steps to cancel a customer's payment at Cielo, with this store's number."""
    number = till.config.subscribers.establishment
    shown = number or "(preencha «establishment» em [subscribers] na configuração)"
    return [
        "CIELO - Cancelar o Pagamento do Cliente.",
        "Em caso de pagamentos duplicados o provedor poderá fazer o cancelamento, seguindo estes passos:",
        "1. Ligar para o telefone 4002-5472;",
        f"2. Digitar o Número do Estabelecimento: {shown};",
        "3. Escolher a opção 4;",
        "4. Informar a Agência e o Número da Conta Corrente;",
        "5. O Atendente fará as Instruções do Cancelamento.",
    ]
