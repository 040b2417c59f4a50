"""Asaas's objects as the domain knows them (facts/payments.md §1.2); an unknown word proves nothing."""

from pos_tui.domain.outcome import Done, Outcome, Uncertain
from pos_tui.domain.recurring import Agreement, Charge, ChargeWord
from pos_tui.domain.text import clean
from pos_tui.providers.amounts import centavos
from pos_tui.providers.safe_json import Json, json_list, json_text

BROKEN = Uncertain("A plataforma respondeu de um modo que não se entende. Consulte com F5.")

WORDS = {
    "PENDING": ChargeWord.WAITING,
    "AUTHORIZED": ChargeWord.WAITING,
    "AWAITING_RISK_ANALYSIS": ChargeWord.ANALYSIS,
    "CONFIRMED": ChargeWord.CONFIRMED,
    "RECEIVED": ChargeWord.CONFIRMED,
    "RECEIVED_IN_CASH": ChargeWord.CONFIRMED,
    "DUNNING_RECEIVED": ChargeWord.CONFIRMED,
    "REFUND_REQUESTED": ChargeWord.RETURNING,
    "REFUND_IN_PROGRESS": ChargeWord.RETURNING,
    "OVERDUE": ChargeWord.OVERDUE,
    "DUNNING_REQUESTED": ChargeWord.OVERDUE,
    "REFUNDED": ChargeWord.REFUNDED,
    "CHARGEBACK_REQUESTED": ChargeWord.DISPUTED,
    "CHARGEBACK_DISPUTE": ChargeWord.DISPUTED,
    "AWAITING_CHARGEBACK_REVERSAL": ChargeWord.DISPUTED,
}
"""Every status of a charge; another one makes the whole answer uncertain."""
_UNDER_WAY = (
    "PENDING",
    "AWAITING_CRITICAL_ACTION_AUTHORIZATION",
    "AWAITING_CUSTOMER_EXTERNAL_AUTHORIZATION",
)
"""Of a charge's refunds: its status may still say that it is paid."""
_ACTIVE = {"ACTIVE": True, "EXPIRED": False, "INACTIVE": False}


def agreement_in(said: Json, reference: str) -> Outcome[Agreement]:
    """Read a subscription, without its charges. Uncertain when it is not the one asked about."""
    ref, status = clean(json_text(said, "id"), 60), json_text(said, "status")
    if not ref or status not in _ACTIVE:
        return BROKEN
    if json_text(said, "externalReference") != reference:
        return Uncertain("A plataforma respondeu sobre outra venda. Consulte com F5.")
    return Done(Agreement(ref, reference, _ACTIVE[status], gone(said)))


def charge_in(said: Json, subscription: str) -> Charge | None:
    """Read a charge of a subscription; None when it is another's, or cannot be understood whole."""
    ref, status = clean(json_text(said, "id"), 60), json_text(said, "status")
    if not ref or status not in WORDS or json_text(said, "subscription") != subscription:
        return None
    try:
        value = centavos(json_text(said, "value"))
    except ValueError:
        return None
    word = _word(said, WORDS[status])
    link = clean(json_text(said, "invoiceUrl"), 300)
    due = clean(json_text(said, "dueDate"), 10)
    return Charge(ref, value, due, word, link if link.startswith("https://") or _local(link) else "")


def _word(said: Json, word: ChargeWord) -> ChargeWord:
    """What a charge's flags make of its status."""
    if gone(said) and word in _UNPAID:
        return ChargeWord.GONE
    refunds = json_list(said, "refunds") or ()
    if word is ChargeWord.CONFIRMED and any(json_text(one, "status") in _UNDER_WAY for one in refunds):
        return ChargeWord.RETURNING
    return word


_UNPAID = (ChargeWord.WAITING, ChargeWord.ANALYSIS, ChargeWord.OVERDUE)


def _local(link: str) -> bool:
    """The practice platform's page is on this machine."""
    return link.startswith("http://127.0.0.1:")


def gone(said: Json) -> bool:
    """Whether an object was removed there."""
    return isinstance(said, dict) and said.get("deleted") is True
