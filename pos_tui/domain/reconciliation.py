"""Card receipts and what the acquirers say of them: states, differing fields, and who must act.

Source: seed 3 and facts/cards-and-isp.md A.8–A.9. A receipt keeps one key for its life; a correction makes a
new edition of it, which is sent again. What an acquirer lists is a sale of its own; the two are linked, never
merged. Days are the store's own; money is centavos.
"""

import re
from collections.abc import Collection
from datetime import date, timedelta
from enum import StrEnum

from msgspec import Struct

# Told here too; they stand apart because the start needs them, and nothing else of this.
from pos_tui.domain.acquirer import WINDOW_DAYS as WINDOW_DAYS
from pos_tui.domain.acquirer import Acquirer as Acquirer
from pos_tui.domain.card import Brand, CardKind
from pos_tui.domain.errors import FieldError, RuleError
from pos_tui.domain.people import check_reason
from pos_tui.domain.text import clean

ACQUIRER_WORDS = {
    Acquirer.STONE: "Stone",
    Acquirer.REDE: "Rede",
    Acquirer.GETNET: "Getnet",
    Acquirer.CIELO: "Cielo",
    Acquirer.OTHER: "Outra",
}


def acquirer_of(network: str) -> Acquirer | None:
    """Recognise an acquirer by the name a TEF network writes (`REDECARD`, `GETNETLAC`); None when unknown."""
    letters = "".join(char for char in network.upper() if char.isalpha())
    return next((one for one in Acquirer if one is not Acquirer.OTHER and one.upper() in letters), None)


class Modality(StrEnum):
    """How the money comes: what a contract prices and a statement lists apart."""

    CREDIT = "credit"
    DEBIT = "debit"
    VOUCHER = "voucher"
    PIX = "pix"


MODALITY_WORDS = {
    Modality.CREDIT: "Crédito",
    Modality.DEBIT: "Débito",
    Modality.VOUCHER: "Voucher",
    Modality.PIX: "Pix (carteira digital)",
}
_BY_KIND = {
    CardKind.CREDIT: Modality.CREDIT,
    CardKind.DEBIT: Modality.DEBIT,
    CardKind.FOOD_VOUCHER: Modality.VOUCHER,
    CardKind.MEAL_VOUCHER: Modality.VOUCHER,
}


def modality_of(kind: str) -> Modality | None:
    """Return the modality of a payment's card kind, None when the slip did not tell it."""
    return _BY_KIND[CardKind(kind)] if kind in frozenset(CardKind) else None


class Feed(StrEnum):
    """Which kind of file proves a sale: an acquirer may list debit and credit in files of their own."""

    SALES = "sales"
    DEBIT = "debit"
    PIX = "pix"
    MONEY = "money"
    """Settlements and adjustments only: proves no sale."""


FEED_WORDS = {Feed.SALES: "vendas", Feed.DEBIT: "débito", Feed.PIX: "Pix", Feed.MONEY: "financeiro"}


def feed_of(acquirer: Acquirer, modality: Modality | None) -> Feed:
    """Return the kind of file in which a receipt must appear (facts A.3.2, A.4)."""
    if acquirer is Acquirer.REDE and modality is Modality.DEBIT:
        return Feed.DEBIT
    if acquirer is Acquirer.CIELO and modality is Modality.PIX:
        return Feed.PIX
    return Feed.SALES


class State(StrEnum):
    """Where a receipt, or an acquirer's sale, stands (facts A.8)."""

    TO_SEND = "to_send"
    SENT = "sent"
    WAITING = "waiting"
    RECONCILED = "reconciled"
    BY_HAND = "by_hand"
    DIVERGENT = "divergent"
    AMBIGUOUS = "ambiguous"
    NOT_FOUND = "not_found"
    FILE_MISSING = "file_missing"
    ORPHAN = "orphan"
    DUPLICATE = "duplicate"
    NO_FEED = "no_feed"
    INCOMPLETE = "incomplete"
    """An acquirer's sale of which not every instalment was listed yet."""
    OUTDATED = "outdated"
    """A return about an edition that was corrected since: it changes nothing."""


WORDS = {
    State.TO_SEND: "Pendente de envio",
    State.SENT: "Enviada",
    State.WAITING: "Aguardando",
    State.RECONCILED: "Conciliada",
    State.BY_HAND: "Conciliada manualmente",
    State.DIVERGENT: "Divergente",
    State.AMBIGUOUS: "Ambígua",
    State.NOT_FOUND: "Não encontrada",
    State.FILE_MISSING: "Arquivo ausente",
    State.ORPHAN: "Não enviada (só na adquirente)",
    State.DUPLICATE: "Duplicada",
    State.NO_FEED: "Não homologada",
    State.INCOMPLETE: "Parcelas incompletas",
    State.OUTDATED: "Retorno de versão anterior",
}
PENDING = frozenset({State.TO_SEND, State.SENT, State.WAITING})
"""Nothing is known yet, and nothing is wrong."""
SETTLED_STATES = frozenset({State.RECONCILED, State.BY_HAND})
"""Nobody has to do anything."""


class Life(StrEnum):
    """What became of a sale at the acquirer afterwards (facts A.8)."""

    NONE = ""
    SETTLED = "settled"
    SETTLED_EARLY = "settled_early"
    PAID_DIFFERENT = "paid_different"
    CANCELLED = "cancelled"
    REFUNDED = "refunded"
    CHARGEBACK = "chargeback"
    CHARGEBACK_REVERSED = "chargeback_reversed"


LIFE_WORDS = {
    Life.NONE: "",
    Life.SETTLED: "Liquidada",
    Life.SETTLED_EARLY: "Liquidada antecipada",
    Life.PAID_DIFFERENT: "Valor pago divergente",
    Life.CANCELLED: "Cancelada",
    Life.REFUNDED: "Estornada",
    Life.CHARGEBACK: "Chargeback",
    Life.CHARGEBACK_REVERSED: "Chargeback revertido",
}


WATCHED = frozenset({Life.PAID_DIFFERENT, Life.CANCELLED, Life.REFUNDED, Life.CHARGEBACK})
"""Somebody must look at these, however well the sale was matched before."""
LIFE_STEPS = {
    Life.PAID_DIFFERENT: "Foi pago outro valor que o devido: confira taxas e antecipações com a adquirente.",
    Life.CANCELLED: "A adquirente cancelou: confira se a venda foi cancelada no caixa.",
    Life.REFUNDED: "A adquirente estornou: confira se a venda foi estornada no caixa.",
    Life.CHARGEBACK: "O portador contestou: guarde o comprovante e responda à adquirente no prazo dela.",
}


def watched(life: Life, refunded: bool) -> bool:
    """Whether a sale's later life asks for somebody; what was given back at the till is expected to end."""
    return life in WATCHED and not (refunded and life in (Life.CANCELLED, Life.REFUNDED))


def life_of(events: Collection[tuple[Life, int]], due: int) -> Life:
    """Return where a sale's later life stands: its events, each with the money it moved, and the net due.

    It depends on which events there are, never on the order in which files brought them. Money that was paid
    is compared with what was due of the instalments it was paid for (`due`), two centavos of tolerance each:
    the acquirer rounds each instalment, gross and fee.
    """
    kinds = {kind for kind, _ in events}
    for decisive in (Life.CHARGEBACK_REVERSED, Life.CHARGEBACK, Life.REFUNDED, Life.CANCELLED):
        if decisive in kinds:
            return decisive
    payments = [amount for kind, amount in events if kind in (Life.SETTLED, Life.SETTLED_EARLY)]
    if not payments:
        return Life.NONE
    if abs(sum(payments) - due) > 2 * len(payments):
        return Life.PAID_DIFFERENT
    return Life.SETTLED_EARLY if Life.SETTLED_EARLY in kinds else Life.SETTLED


class Difference(StrEnum):
    """A field in which the two sides of a linked sale differ."""

    AMOUNT = "amount"
    AUTHORISATION = "authorisation"
    NSU = "nsu"
    DAY = "day"
    INSTALMENTS = "instalments"
    BRAND = "brand"
    MODALITY = "modality"
    ESTABLISHMENT = "establishment"


DIFFERENCE_WORDS = {
    Difference.AMOUNT: "valor",
    Difference.AUTHORISATION: "autorização",
    Difference.NSU: "NSU",
    Difference.DAY: "data",
    Difference.INSTALMENTS: "parcelas",
    Difference.BRAND: "bandeira",
    Difference.MODALITY: "modalidade",
    Difference.ESTABLISHMENT: "estabelecimento",
}


CORRECTABLE = frozenset({Difference.AUTHORISATION, Difference.INSTALMENTS})
"""What a person corrects in place (seed 3); what else differs is accepted by hand, or is another sale."""


class Owner(StrEnum):
    """Who must act: data typed at the counter is the client's, files and codes are the integrator's."""

    NOBODY = ""
    CLIENT = "client"
    INTEGRATOR = "integrator"


OWNER_WORDS = {Owner.NOBODY: "", Owner.CLIENT: "Cliente", Owner.INTEGRATOR: "Integrador"}
_OWNERS = {
    State.AMBIGUOUS: Owner.CLIENT,
    State.NOT_FOUND: Owner.CLIENT,
    State.ORPHAN: Owner.CLIENT,
    State.DUPLICATE: Owner.CLIENT,
    State.FILE_MISSING: Owner.INTEGRATOR,
    State.NO_FEED: Owner.INTEGRATOR,
    State.INCOMPLETE: Owner.INTEGRATOR,
}


def owner_of(state: State, differences: Collection[Difference] = ()) -> Owner:
    """Say who must act (facts A.8). What the counter can correct goes to the client first."""
    if state is State.DIVERGENT:
        mapping_only = set(differences) == {Difference.ESTABLISHMENT}
        return Owner.INTEGRATOR if mapping_only else Owner.CLIENT
    return _OWNERS.get(state, Owner.NOBODY)


def next_step(state: State, differences: Collection[Difference] = ()) -> str:
    """Say what to do about a receipt that stands here, as a whole sentence."""
    if state is State.DIVERGENT:
        if owner_of(state, differences) is Owner.INTEGRATOR:
            return "O código cadastrado não é o do arquivo: fale com a integradora."
        steps = []
        if set(differences) & CORRECTABLE:
            steps.append("Corrija (C): a venda é enviada de novo e concilia em até 3 dias.")
        if fixed := [one for one in Difference if one in differences and one not in CORRECTABLE]:
            fields = ", ".join(DIFFERENCE_WORDS[one] for one in fixed)
            steps.append(f"Não se muda aqui: {fields}. Se a venda é esta mesma, aceite-a (L) com o motivo.")
        return " ".join(steps)
    return _STEPS[state]


_STEPS = {
    State.TO_SEND: "Vai na próxima remessa, sem que você faça nada.",
    State.SENT: "Enviada: aguarde o retorno, que vem sozinho.",
    State.WAITING: "Aguarde o arquivo da adquirente: ele é lido sozinho.",
    State.RECONCILED: "Nada a fazer.",
    State.BY_HAND: "Ligada à mão; pode ser desfeita.",
    State.AMBIGUOUS: "Mais de uma venda serve: compare e ligue à mão a que é.",
    State.NOT_FOUND: "O arquivo do dia veio sem ela. Confira se foi cancelada, e o que foi digitado.",
    State.FILE_MISSING: "O arquivo desse dia não veio: peça-o de novo à integradora ou à adquirente.",
    State.ORPHAN: "A adquirente tem, o caixa não: ligue (L) ao recebimento que é dela, ou descubra a venda.",
    State.DUPLICATE: "A mesma venda aparece duas vezes: confira e ligue à mão a que vale.",
    State.NO_FEED: "Não há extrato desta adquirente ou carteira: fica fora da conciliação.",
    State.INCOMPLETE: "Ainda faltam parcelas desta venda nos arquivos.",
    State.OUTDATED: "Fala de uma versão já corrigida: nada muda.",
}


def unmatched(day: date, today: date, file_came: bool, sent: State, window: int = WINDOW_DAYS) -> State:
    """Return where a receipt without a match stands: `sent` at first, and later only with proof not found.

    A receipt is never blamed for a file that did not come (facts A.9).
    """
    if today - day <= timedelta(days=window):
        return State.WAITING if sent is State.SENT and today > day else sent
    return State.NOT_FOUND if file_came else State.FILE_MISSING


# Values as both sides are compared ------------------------------------------------------------------


_NEITHER = re.compile(r"[^0-9A-Z]")


def _bare(text: str) -> str:
    """Letters and figures alone; nearly always there is nothing else but blanks around them."""
    inner = text.strip()
    return inner.upper() if inner.isalnum() and inner.isascii() else _NEITHER.sub("", inner.upper())


def plain_nsu(text: str) -> str:
    """Return an NSU as it is compared: its digits without leading zeros; a txid keeps its letters."""
    bare = _bare(text)
    return bare.lstrip("0") if bare.isdigit() else bare


def plain_authorisation(text: str) -> str:
    """Return an authorization as it is compared. All zeros mean that there is none."""
    bare = _bare(text)
    return bare if bare.strip("0") else ""


def plain_code(text: str) -> str:
    """Return an establishment's or terminal's code as it is compared: without leading zeros."""
    return _bare(text).lstrip("0")


def plain_brand(brand: str) -> str:
    """Return a brand as it is compared; what nobody recognised is unknown, not different."""
    return "" if brand == Brand.OTHER else brand


def split(amount: int, instalments: int) -> tuple[int, ...]:
    """Return the instalments of a sale: equal, with the remaining cents on the first (facts A.3.1)."""
    each, rest = divmod(amount, instalments)
    return (each + rest, *(each for _ in range(instalments - 1)))


class Correction(Struct, frozen=True):
    """What a person may correct of a receipt, and why. Nothing else of it can be changed."""

    authorisation: str
    instalments: int
    reason: str


def check_correction(wanted: Correction, modality: Modality | None) -> Correction:
    """Return the correction with its texts in their plain form.

    Raises:
        FieldError: on `authorisation`, `instalments` or `reason`.
    """
    authorisation = check_authorisation(wanted.authorisation)
    if not 1 <= wanted.instalments <= 99:
        raise FieldError("instalments", "As parcelas vão de 1 a 99.")
    if wanted.instalments > 1 and modality not in (None, Modality.CREDIT):
        raise FieldError("instalments", "Só crédito se parcela: use 1.")
    return Correction(authorisation, wanted.instalments, check_reason(wanted.reason))


def check_authorisation(text: str) -> str:
    """Return an authorization as it is kept. Raises FieldError on `authorisation` when it is none."""
    authorisation = clean(text).upper()
    if not re.fullmatch(r"[0-9A-Z]{1,10}", authorisation):
        raise FieldError("authorisation", "A autorização tem de 1 a 10 letras e números.")
    return authorisation


def refuse_when_final(state: State) -> None:
    """Raises RuleError where nothing is left to correct."""
    if state in SETTLED_STATES:
        raise RuleError(
            f"Recebimento {WORDS[state].lower()}: não há o que corrigir. Desfaça a ligação antes."
        )
