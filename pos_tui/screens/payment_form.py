"""The fields of the payment tab: which stand there for which form of payment."""

from pos_tui.domain.card import (
    BRAND_WORDS,
    KIND_WORDS,
    MAX_INSTALMENTS,
    PLAN_WORDS,
    Brand,
    CardDetails,
    CardKind,
    Plan,
    refuse_pan,
)
from pos_tui.domain.payment import LABELS, Method
from pos_tui.widgets.fields import (
    ChoiceField,
    DigitsField,
    Effect,
    NoteField,
    NotesField,
    Option,
    TextField,
    Value,
)
from pos_tui.widgets.form import Form

CARD_FIELDS = ("kind", "brand", "instalments", "nsu", "authorisation", "last_four")
RECURRING_FIELD = "recurring_instalments"
NOTE_KEYS = {"O": 200, "C": 500, "D": 1_000, "V": 2_000, "Q": 5_000, "M": 10_000, "Z": 20_000}
"""Centavos by a letter of the note's name: dOis, Cinco, Dez, Vinte, cinQuenta, ceM, duZentos."""
_NOTES = " ".join(f"{key} {cents // 100}" for key, cents in NOTE_KEYS.items())
TEF_FIELDS = ("tef_kind", "tef_plan", "tef_instalments")
ANY_CARD = "any"
TO_PINPAD = "O número escolhe; Enter segue para o pinpad."
WHOLE_NUMBER = "Só os 4 últimos dígitos. Backspace limpa o campo: digite de novo."

_TEF_KINDS = {
    CardKind.CREDIT: "Crédito",
    CardKind.DEBIT: "Débito",
    CardKind.MEAL_VOUCHER: "Voucher",
    ANY_CARD: "Outro (o TEF pergunta)",
}


class LastFour(DigitsField):
    """The end of a card's number. Of a whole one nothing is kept: its first four digits are not its last."""

    whole = False

    def insert(self, text: str) -> Effect:
        """More than four digits are no end of a number; what follows them is still that number."""
        effect = Effect.NO_ROOM if self.whole else super().insert(text)
        if effect is Effect.NO_ROOM and text:
            super().set(None)
            self.whole, self.error = True, WHOLE_NUMBER
        return effect

    def set(self, value: Value) -> None:
        """Begin anew."""
        self.whole, self.error = False, ""
        super().set(value)

    def erase(self, step: int) -> None:
        """Backspace begins anew."""
        if self.whole:
            self.set(None)
        super().erase(step)

    def problem(self) -> str | None:
        """As long as nothing was rubbed out, it is refused."""
        return WHOLE_NUMBER if self.whole else super().problem()


class PaymentForm(Form):
    """Form of payment, value, and what that form asks for."""

    def __init__(self, methods: list[Method], max_instalments: int = MAX_INSTALMENTS) -> None:
        super().__init__(
            [
                ChoiceField("method", "Forma", [Option(m, LABELS[m]) for m in methods], required=True),
                NotesField("amount", "Valor", NOTE_KEYS),
                NoteField("notes", "Cédulas", _NOTES, hidden=True),
                *_card_fields(),
                *_tef_fields(),
                DigitsField(
                    RECURRING_FIELD,
                    "Parcelas",
                    max_length=2,
                    required=True,
                    hint=f"De 1 a {max_instalments}, uma por mês no cartão do cliente.",
                    check=lambda text: _check_months(text, max_instalments),
                ),
            ]
        )
        self._takes_cash = Method.CASH in methods
        self.show_fields()

    def show_fields(self, chosen: str = "") -> None:
        """Show the fields that what is chosen asks for, hide the others, and go on behind the choice."""
        method = self.text("method")
        self.amount.counting = method == Method.CASH
        self.show("notes", method == Method.CASH)
        for name in CARD_FIELDS:
            self.show(name, method == Method.CARD)
        self.show(RECURRING_FIELD, method == Method.RECURRING)
        self.show("amount", method != Method.RECURRING)
        tef = method == Method.TEF
        credit = tef and self.text("tef_kind") == CardKind.CREDIT
        split = credit and self.text("tef_plan") in (Plan.STORE, Plan.ISSUER)
        for name, shown in zip(TEF_FIELDS, (tef, credit, split), strict=True):
            self.show(name, shown)
        if chosen in TEF_FIELDS:
            following = {"tef_kind": ("tef_plan", credit), "tef_plan": ("tef_instalments", split)}
            name, shown = following[chosen]
            self.go(name if shown else chosen)

    @property
    def amount(self) -> NotesField:
        """What is paid in this form."""
        field = self.fields["amount"]
        assert isinstance(field, NotesField)
        return field

    def take_text(self, text: str) -> int:
        """A note handed over before the form is chosen is cash."""
        method = self.current
        choosing = isinstance(method, ChoiceField) and method.name == "method"
        if choosing and text[0].upper() in NOTE_KEYS and self._takes_cash:
            self.set("method", Method.CASH)
            self.show_fields("method")
            self.go("amount")
        return super().take_text(text)

    def start_over(self) -> None:
        """Empty it, ready for the next form of payment."""
        self.reset()
        self.show_fields()
        self.go("method")

    def card(self) -> CardDetails:
        """Return what was copied off a card machine's slip. Raises FieldError."""
        for name in ("nsu", "authorisation"):
            refuse_pan(name, self.text(name))
        return CardDetails(
            kind=CardKind(self.text("kind")),
            brand=Brand(self.text("brand")),
            instalments=int(self.text("instalments") or "1"),
            nsu=self.text("nsu"),
            authorisation=self.text("authorisation"),
            last_four=self.text("last_four"),
        )

    def tef(self) -> dict[str, str]:
        """Return what the TEF manager is told of the card; what is not told, it asks."""
        kind, plan = self.text("tef_kind"), self.text("tef_plan")
        told = {"kind": "" if kind == ANY_CARD else kind}
        if kind == CardKind.CREDIT:
            told["plan"] = plan
            told["instalments"] = self.text("tef_instalments") if plan != Plan.AT_ONCE else ""
        return {name: text for name, text in told.items() if text}


def _card_fields() -> "list[ChoiceField | TextField]":
    return [
        ChoiceField(
            "kind", "Tipo", [Option(kind, words) for kind, words in KIND_WORDS.items()], required=True
        ),
        ChoiceField(
            "brand", "Bandeira", [Option(b, words) for b, words in BRAND_WORDS.items()], required=True
        ),
        DigitsField("instalments", "Parcelas", max_length=2, hint="Em branco é 1."),
        TextField("nsu", "NSU", max_length=40, required=True, hint="Como está no comprovante da maquininha."),
        TextField("authorisation", "Autorização", max_length=20),
        LastFour("last_four", "Últimos 4 dígitos", max_length=4, hint="Nunca o número inteiro."),
    ]


def _tef_fields() -> "list[ChoiceField | TextField]":
    return [
        ChoiceField(
            "tef_kind",
            "Cartão",
            [Option(kind, words) for kind, words in _TEF_KINDS.items()],
            required=True,
            hint=TO_PINPAD,
        ),
        ChoiceField(
            "tef_plan",
            "Plano",
            [Option(plan, words) for plan, words in PLAN_WORDS.items()],
            required=True,
            hint=TO_PINPAD,
        ),
        DigitsField("tef_instalments", "Parcelas", max_length=2, required=True, check=_check_instalments),
    ]


def _check_months(text: str, most: int) -> str | None:
    return None if 1 <= int(text or "0") <= most else f"De 1 a {most} parcelas."


def _check_instalments(text: str) -> str | None:
    return None if 2 <= int(text or "0") <= MAX_INSTALMENTS else f"De 2 a {MAX_INSTALMENTS} parcelas."
