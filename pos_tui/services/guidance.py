"""What the cashier is told of an error: the seed's words, what to do, and where (facts/topup.md §14.2–14.3).

One table by class of refusal, and one of the codes that the seed has words of its own for.
`docs/topup-errors.md` is written from both (`error_page`).
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum

from msgspec import Struct

from pos_tui.domain.outcome import Done, NotSent, Outcome, RefusalClass, Refused, Uncertain
from pos_tui.domain.topup import TopUp, TopUpState
from pos_tui.providers.topup.verdict import NOT_UNDERSTOOD, SERVER_FAILED


class LeadsTo(StrEnum):
    """Where the cashier goes on."""

    FIELD = "o campo, para corrigir"
    VALUES = "a lista de valores (F6 lê de novo)"
    PENDINGS = "as pendências, mais antigas primeiro (F4)"
    ASK = "a consulta (F5)"
    RESEND = "reenviar com o mesmo número (E)"
    REDO = "refazer com outro número de compra (E)"
    ADD_AGAIN = "adicionar outra recarga"
    SUPERVISOR = "o supervisor e o suporte"


class Advice(Struct, frozen=True):
    """One error as the counter sees it."""

    error: str
    """The seed's own name of it, where it has one."""
    action: str
    leads_to: LeadsTo
    support: bool = False
    """Whether the contacts of the support stand beside it."""

    def words(self, contacts: Sequence[str], detail: str = "") -> str:
        """Return what the screen says: error, action, contacts, and the provider's own words."""
        parts = [f"{self.error}.", self.action]
        if self.support and contacts:
            parts.append(f"Suporte: {' · '.join(contacts)}.")
        if detail:
            parts.append(f"[{detail}]")
        return " ".join(parts)


LIMIT = Advice(
    "Não foi possível abrir canal de conexão simultânea",
    "Verifique se existem recargas pendentes (F4): confirme ou cancele para liberar a venda.",
    LeadsTo.PENDINGS,
)
NO_VALUES = Advice(
    "Nenhum valor de recarga disponível para o DDD informado",
    "Escolha outro DDD ou entre em contato com o suporte da Conekta.",
    LeadsTo.FIELD,
    support=True,
)
BLOCKED = Advice(
    "Terminal bloqueado",
    "Entre em contato com o suporte da Conekta. As pendências ainda podem ser resolvidas.",
    LeadsTo.SUPERVISOR,
    support=True,
)
NO_BALANCE = Advice(
    "Terminal bloqueado",
    "Entre em contato com o suporte da Conekta. O saldo da loja na operadora acabou.",
    LeadsTo.SUPERVISOR,
    support=True,
)
BROKEN_SERVICE = Advice(
    "Erro de webservice",
    "Não refaça a venda: o resultado não é conhecido. Consulte com F5.",
    LeadsTo.ASK,
    support=True,
)
CUT_OFF = Advice(
    "Erro de conexão",
    "Não refaça a venda: o pedido pode ter chegado. Consulte com F5.",
    LeadsTo.ASK,
    support=True,
)
OUT_OF_SERVICE = Advice(
    "Serviço indisponível",
    "Não refaça a venda: o pedido pode ter chegado. Consulte com F5.",
    LeadsTo.ASK,
    support=True,
)
OPERATOR_DOWN = Advice(
    "Serviço indisponível",
    "A operadora da linha está fora do ar e nada foi creditado: adicione de novo em instantes.",
    LeadsTo.ADD_AGAIN,
    support=True,
)
NO_ANSWER = Advice(
    "Erro de conexão",
    "A consulta não teve resposta e nada mudou: consulte de novo com F5.",
    LeadsTo.ASK,
    support=True,
)
NOT_LEFT = Advice(
    "Erro de conexão",
    "Nada foi enviado: envie de novo.",
    LeadsTo.RESEND,
    support=True,
)

BY_CLASS: Mapping[RefusalClass, Advice] = {
    RefusalClass.DATA: Advice(
        "Dados não aceitos", "Confira o número, o DDD e o valor: a operadora não aceitou.", LeadsTo.FIELD
    ),
    RefusalClass.LINE: Advice(
        "Linha não autorizada",
        "Esta linha não pode receber recarga. Peça outro número ao cliente.",
        LeadsTo.FIELD,
    ),
    RefusalClass.PRODUCT: Advice(
        "Valor indisponível", "Este valor não está mais disponível. Escolha outro valor.", LeadsTo.VALUES
    ),
    RefusalClass.STORE_ACCOUNT: BLOCKED,
    RefusalClass.PENDING_LIMIT: LIMIT,
    RefusalClass.TRANSIENT: Advice(
        "Serviço indisponível",
        "Nada foi feito: tente de novo em instantes.",
        LeadsTo.RESEND,
        support=True,
    ),
    RefusalClass.STATE: Advice(
        "A recarga já mudou na operadora", "Consulte com F5 e veja a situação.", LeadsTo.ASK
    ),
    RefusalClass.EXPIRED: Advice(
        "Refaça transação",
        "A reserva expirou e nada foi creditado: refaça com E na Recarga. Se a venda já foi salva, devolva o "
        "valor e faça outra (F2).",
        LeadsTo.REDO,
        support=True,
    ),
    RefusalClass.NOT_FOUND: Advice(
        "Venda não encontrada", "A operadora não a conhece: consulte com F5.", LeadsTo.ASK, True
    ),
    RefusalClass.INTERNAL: Advice(
        "Erro de webservice", "Nada foi feito. Entre em contato com o suporte.", LeadsTo.SUPERVISOR, True
    ),
    RefusalClass.DECLINED: Advice("Não aprovado", "Escolha outra forma ou outro número.", LeadsTo.FIELD),
    RefusalClass.UNKNOWN: Advice(
        "Erro de webservice não conhecido",
        "Entre em contato com o suporte e informe o código.",
        LeadsTo.SUPERVISOR,
        support=True,
    ),
}
"""The closed taxonomy, a row for each class."""

BY_CODE: Mapping[tuple[str, str], Advice] = {
    ("rv", "2"): NO_BALANCE,
    ("rv", "8"): NO_VALUES,
    ("celcoin", "050"): NO_BALANCE,
    ("celcoin", "089"): NO_VALUES,
    ("celcoin", "146"): NO_VALUES,
    ("celcoin", "472"): NO_VALUES,
    ("dtone", "1005006"): NO_VALUES,
    ("dtone", "1006001"): NO_BALANCE,
    ("dtone", "1007500"): BROKEN_SERVICE,
    ("dtone", "1009001"): BROKEN_SERVICE,
    ("dtone", "1009503"): OUT_OF_SERVICE,
    ("dtone", "OPERATOR-CURRENTLY-UNAVAILABLE"): OPERATOR_DOWN,
    ("dtone", "INSUFFICIENT-BALANCE"): NO_BALANCE,
}
"""Codes whose class alone would lead to the wrong words."""


def advise(provider: str, reason: RefusalClass | None, code: str) -> Advice:
    """Return the advice for a code of a provider; `reason` None is a code that proves nothing."""
    return BY_CODE.get((provider, code)) or (CUT_OFF if reason is None else BY_CLASS[reason])


def correctable(topup: TopUp) -> LeadsTo | None:
    """Where a refused top-up is put right: its number (FIELD) or its value (VALUES); None where nowhere."""
    if topup.state is not TopUpState.REFUSED or topup.why_class not in set(RefusalClass):
        return None
    leads_to = advise(topup.provider, RefusalClass(topup.why_class), topup.why_code).leads_to
    return leads_to if leads_to in (LeadsTo.FIELD, LeadsTo.VALUES) else None


OTHER_PURCHASE = Uncertain("A resposta da operadora fala de outra compra.")
OTHER_LINE = Uncertain("A resposta da operadora fala de outra linha.")
OTHER_FACE = Uncertain("A resposta da operadora fala de outro valor.")
_GARBLED = (NOT_UNDERSTOOD, SERVER_FAILED, OTHER_PURCHASE, OTHER_LINE, OTHER_FACE)


def explain(provider: str, outcome: Outcome[object], contacts: Sequence[str], *, asking: bool = False) -> str:
    """Return what the cashier is told of an outcome; nothing of one that is done.

    `asking` is for the answer to a question, which can have changed nothing.
    """
    match outcome:
        case Done():
            return ""
        case Uncertain(why) if outcome in _GARBLED:
            return BROKEN_SERVICE.words(contacts, why)
        case NotSent(why) | Uncertain(why) if asking:
            return NO_ANSWER.words(contacts, why)
        case Refused(reason, code, text):
            detail = " ".join(part for part in (code, text) if part)
            return advise(provider, reason, code).words(contacts, detail)
        case NotSent(why):
            return NOT_LEFT.words(contacts, why)
        case Uncertain(why, code):
            return advise(provider, None, code).words(contacts, why)
