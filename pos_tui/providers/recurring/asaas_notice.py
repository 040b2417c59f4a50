"""What Asaas notifies (facts/payments.md §1.2): a static token, no signature, each event at least once.

Nothing of it is believed but which of our objects to ask about, and that a card was refused: the charge
itself does not show that.
"""

from pos_tui.domain.notices import Notice, NoticeKind
from pos_tui.domain.text import clean
from pos_tui.providers.safe_json import json_child, json_text, parse_json

TOKEN_HEADER = "asaas-access-token"  # noqa: S105 - a header's name
NAME = "asaas"

_KINDS = {
    "PAYMENT_CREDIT_CARD_CAPTURE_REFUSED": NoticeKind.REFUSED,
    "PAYMENT_REPROVED_BY_RISK_ANALYSIS": NoticeKind.REPROVED,
}


def read_notice(body: bytes) -> Notice | None:
    """Return a notice, without any reference when it is about something else; None when it is none."""
    said = parse_json(body)
    key, event = clean(json_text(said, "id"), 120), json_text(said, "event")
    if not key or not event:
        return None
    payment, subscription = json_child(said, "payment"), json_child(said, "subscription")
    return Notice(
        id=key,
        kind=_KINDS.get(event, NoticeKind.CHANGED),
        reference=clean(json_text(payment or subscription, "externalReference"), 60),
        subscription_ref=clean(json_text(payment, "subscription") or json_text(subscription, "id"), 60),
        payment_ref=clean(json_text(payment, "id"), 60),
    )
