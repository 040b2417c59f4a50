"""The four ways a request to an outside system can end (design §2).

There is no fifth: an adapter that cannot prove one of the first three answers `Uncertain`.
"""

from enum import StrEnum
from typing import Generic, TypeAlias, TypeVar

from msgspec import Struct

T = TypeVar("T", covariant=True)


class RefusalClass(StrEnum):
    """Why an outside system said no: a closed taxonomy (facts/topup.md §14.2)."""

    DATA = "data"
    """Number, DDD or value is wrong: the cashier corrects the field."""
    LINE = "line"
    """The line cannot be topped up: another number."""
    PRODUCT = "product"
    """The value is gone: reload the values."""
    STORE_ACCOUNT = "store_account"
    """Balance, password, blocked store: the manager. Pendings stay resolvable."""
    PENDING_LIMIT = "pending_limit"
    """Too many pendings: resolve the oldest first."""
    TRANSIENT = "transient"
    """Proved not executed; the same key may be sent again."""
    STATE = "state"
    """Already confirmed, already cancelled: read the state again."""
    EXPIRED = "expired"
    """The reserve is over: a new item."""
    NOT_FOUND = "not_found"
    """The outside does not know our key."""
    DECLINED = "declined"
    """The customer, the card or its issuer said no: another means of payment."""
    INTERNAL = "internal"
    """A field of ours was missing or malformed: our fault, logged."""
    UNKNOWN = "unknown"
    """A code no table lists: shown raw, alerts the supervisor."""


class Done(Struct, Generic[T], frozen=True):
    """The outside named our key and said a final word."""

    answer: T


class Refused(Struct, frozen=True):
    """The outside said no, and nothing happened there."""

    reason: RefusalClass
    code: str
    """The provider's own code, as text."""
    text: str
    """The provider's own words, sanitised."""


class NotSent(Struct, frozen=True):
    """No byte of the request reached the outside."""

    why: str


class Uncertain(Struct, frozen=True):
    """Bytes left and nothing proves what became of them."""

    why: str
    code: str = ""
    """The provider's own code, where it named one that proves nothing."""


Outcome: TypeAlias = Done[T] | Refused | NotSent | Uncertain
