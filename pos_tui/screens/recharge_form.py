"""The fields of a top-up, and what they say."""

from pos_tui.domain.money import format_brl
from pos_tui.domain.phone import LENGTH, Incomplete, Mobile, first_difference, uf_of, why_not_mobile
from pos_tui.domain.text import fold
from pos_tui.domain.topup import Offer
from pos_tui.services.carriers import first_holder
from pos_tui.widgets.fields import ChoiceField, DigitsField, MoneyField, NoteField, grouped
from pos_tui.widgets.form import Form
from pos_tui.widgets.theme import Tone

WHEN_VALUES = "Complete os números para ver os valores."


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
            ChoiceField("value", "Valor", required=True, hint=WHEN_VALUES),
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


def origin_hint(mobile: Mobile, chosen: str) -> tuple[str, Tone]:
    """Say the state and the first operator of a number: a hint, and named one (facts/topup.md §13).

    `chosen` is the operator's name, empty before it is chosen.
    """
    first = first_holder(mobile)
    differs = bool(first and chosen) and fold(first) not in fold(chosen)
    parts = [uf_of(mobile.ddd)]
    parts += [f"origem {first}"] if first else []
    parts += [f"não {chosen}: confira"] if differs else []
    words = f"DDD {mobile.ddd}: {', '.join(parts)}. É só indicação: pode ter sido portada."
    return words, "pending" if differs else "normal"


def _check_again(number: str, again: str) -> str | None:
    at = first_difference(number, again)
    if at is not None:
        return f"O {at + 1}º dígito é diferente do número acima. Confira com o cliente."
    missing = len(number) - len(again)
    if missing > 0:
        return Incomplete(f"Confere até aqui: {'faltam' if missing > 1 else 'falta'} {missing}.")
    return None
