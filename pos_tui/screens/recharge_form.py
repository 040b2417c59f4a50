"""The fields of a top-up, and what they say."""

from pos_tui.domain.money import format_brl
from pos_tui.domain.phone import LENGTH, Incomplete, first_difference, why_not_mobile
from pos_tui.domain.topup import Offer
from pos_tui.widgets.fields import ChoiceField, DigitsField, MoneyField, NoteField, grouped
from pos_tui.widgets.form import Form


def recharge_form(label: str) -> Form:
    """Return the form: operator, line typed twice, value."""
    mask = grouped("## #####-####")
    line = DigitsField(
        "line", "Número da linha", max_length=LENGTH, mask=mask, check=why_not_mobile,
        auto_advance=True, required=True, hint="DDD e 9 dígitos.",
    )  # fmt: skip
    again = DigitsField(
        "again", "Confirmar número", max_length=LENGTH, mask=mask,
        check=lambda text: _check_again(str(line.value or ""), text),
        auto_advance=True, required=True, hint="Digite de novo: comparo dígito a dígito.",
    )  # fmt: skip
    return Form(
        [
            NoteField("kind", "Tipo", label),
            ChoiceField("operator", "Operadora", required=True),
            line,
            again,
            ChoiceField("value", "Valor", required=True, hint="Complete os números para ver os valores."),
            MoneyField("free", "Valor livre", hidden=True, required=True),
        ],
        submit_on_choice=True,
    )


def offer_words(offer: Offer) -> str:
    """Write an offer as the list of values shows it: `R$ 15,00 · 30 dias`."""
    validity = f" · {offer.validity_days} dias" if offer.validity_days else ""
    if offer.face:
        return f"{format_brl(offer.face)}{validity}"
    return f"Outro valor ({format_brl(offer.minimum)} a {format_brl(offer.maximum)}){validity}"


def _check_again(number: str, again: str) -> str | None:
    at = first_difference(number, again)
    if at is not None:
        return f"O {at + 1}º dígito é diferente do número acima. Confira com o cliente."
    missing = len(number) - len(again)
    if missing > 0:
        return Incomplete(f"Confere até aqui: {'faltam' if missing > 1 else 'falta'} {missing}.")
    return None
