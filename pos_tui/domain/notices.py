"""What a provider of recurring charges notifies: which of its objects to ask about."""

from enum import StrEnum

from msgspec import Struct


class NoticeKind(StrEnum):
    """What a provider may notify. Nothing of it is believed but that there is something to ask about."""

    CHANGED = "changed"
    REFUSED = "refused"
    """The issuer refused the card: the charge itself does not show it."""
    REPROVED = "reproved"
    """The risk analysis said no."""


REFUSALS = {
    NoticeKind.REFUSED: "O cartão foi recusado: peça ao cliente outro cartão, no mesmo link.",
    NoticeKind.REPROVED: "A análise de risco reprovou o pagamento: peça outro cartão, no mesmo link.",
}
"""What a refusal means for the OS."""


class Notice(Struct, frozen=True):
    """One notice as it came: which of the provider's objects to ask about."""

    id: str
    kind: NoticeKind
    reference: str = ""
    """Our attempt, where the notice names it."""
    subscription_ref: str = ""
    payment_ref: str = ""
