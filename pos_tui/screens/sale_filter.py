"""What the sale list is narrowed to."""

from datetime import timedelta

from pos_tui.domain.instants import from_ms, to_ms
from pos_tui.domain.recurring import STATUS_WORDS, PaymentStatus
from pos_tui.domain.sale import SaleFilter
from pos_tui.domain.text import clean
from pos_tui.domain.values import replace
from pos_tui.screens.days import check_day, check_order, parse_day
from pos_tui.till import Till
from pos_tui.widgets.dialog import PromptDialog
from pos_tui.widgets.fields import ChoiceField, Field, Option, TextField, Value

EVERYBODY = "todos"
GIVEN_BACK = "estorno"


def filter_dialog(till: Till, chosen: SaleFilter) -> PromptDialog:
    """Return the form with what is chosen now. *Status dos Pagamentos* stands only where OS can wait."""
    zone = till.context.zone
    first = from_ms(chosen.since).astimezone(zone)
    last = from_ms(chosen.until - 1).astimezone(zone)

    def not_before(until: str) -> str | None:
        return check_day(until) or check_order(dialog.form.text("since"), until)

    sellers = [Option(EVERYBODY, "Todos"), *(Option(name, name) for name in till.sellers())]
    fields: list[Field] = [
        TextField(
            "text", "Cliente ou Nº", max_length=40, codes=True, hint="Parte do nome ou número. Vazio: todas."
        ),
        ChoiceField("seller", "Vendedor", sellers),
        ChoiceField(
            "back",
            "Estorno",
            [Option(EVERYBODY, "Todas"), Option(GIVEN_BACK, "Só estornadas, no todo ou em parte")],
        ),
        TextField("since", "De", max_length=10, required=True, check=check_day, hint="dd/mm/aaaa"),
        TextField("until", "Até", max_length=10, required=True, check=not_before, hint="dd/mm/aaaa"),
    ]
    if till.config.offers_recurring:
        statuses = [Option(status, words) for status, words in STATUS_WORDS.items()]
        fields.insert(2, ChoiceField("payment", "Status dos Pagamentos", statuses))
    dialog = PromptDialog("Filtrar vendas", fields)
    dialog.form.set("text", chosen.text)
    dialog.form.set("seller", chosen.seller or EVERYBODY)
    dialog.form.set("back", GIVEN_BACK if chosen.given_back else EVERYBODY)
    dialog.form.set("since", f"{first:%d/%m/%Y}")
    dialog.form.set("until", f"{last:%d/%m/%Y}")
    if till.config.offers_recurring:
        dialog.form.set("payment", chosen.payment)
    return dialog


def filtered(till: Till, chosen: SaleFilter, values: dict[str, Value]) -> SaleFilter:
    """Return the filter with what was typed."""
    zone = till.context.zone
    since = parse_day(str(values["since"])).replace(tzinfo=zone)
    until = parse_day(str(values["until"])).replace(tzinfo=zone) + timedelta(days=1)
    seller = str(values["seller"] or EVERYBODY)
    return replace(
        chosen,
        since=to_ms(since),
        until=to_ms(until),
        text=clean(str(values["text"] or "")),
        seller="" if seller == EVERYBODY else seller,
        given_back=values["back"] == GIVEN_BACK,
        payment=PaymentStatus(str(values.get("payment") or PaymentStatus.ALL)),
    )
