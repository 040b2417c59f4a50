"""How the sandbox misbehaves, and when. Switched while it runs; a fault may last for N calls or for good."""

import threading
from enum import StrEnum

from msgspec import Struct

from pos_tui.domain.values import replace


class Kind(StrEnum):
    """What goes wrong."""

    # Nothing happens in the ledger.
    DOWN = "down"
    """503 to everything."""
    RESET = "reset"
    """The connection is reset before the effect."""

    # The ledger itself is wrong.
    EXPIRE = "expire"
    """Every reserve expires just before the call."""
    DUPLICATE = "duplicate"
    """A known key is taken as a new one; a credited one is credited again."""

    PAID_LATE = "paid_late"
    """What was given up is paid all the same, in the moment in which it is asked about."""

    # The effect happens, the answer says something else.
    WRONG_AMOUNT = "wrong_amount"
    WRONG_NUMBER = "wrong_number"
    WRONG_KEY = "wrong_key"
    UNKNOWN_WORD = "unknown_word"

    # The shop's: the answer itself is wrong, or nothing happens behind it.
    UNAUTHORIZED = "unauthorized"
    """The token is no longer taken."""
    THROTTLED = "throttled"
    """429; `seconds` is its Retry-After."""
    IGNORED = "ignored"
    """200, and nothing changed."""
    SHIFTED = "shifted"
    """One more order is placed before the page is answered."""
    NO_SKU = "no_sku"
    ODD_MONEY = "odd_money"
    """Money as people write it."""

    # The effect happens, the answer does not come as it should.
    SLOW = "slow"
    """The answer waits `seconds`."""
    DRIP = "drip"
    """One byte every `seconds`, from the first."""
    HELD = "held"
    """No byte until the faults are cleared, and then the connection closes."""
    LOST = "lost"
    """The connection closes without a byte."""
    TRUNCATED = "truncated"
    """Half of the answer."""
    BAD_GATEWAY = "bad_gateway"
    """502 with a page of HTML."""
    GARBAGE = "garbage"
    EMPTY = "empty"
    HTML = "html"
    """A captive portal's page with status 200."""
    HUGE = "huge"
    """An answer of many megabytes."""


TWISTS = frozenset({Kind.WRONG_AMOUNT, Kind.WRONG_NUMBER, Kind.WRONG_KEY, Kind.UNKNOWN_WORD})
BEFORE = frozenset({Kind.DOWN, Kind.RESET})

ANY = "*"
OPERATIONS = frozenset(
    {"token", "offers", "reserve", "confirm", "cancel", "status", "pendings", "balance", "refund"}
    | {"orders", "order", "move", "stock", "customer"}
)
"""The operations that dialects know, by the names faults are set for; the last are the shop's and Asaas'."""


class Fault(Struct, frozen=True):
    """What goes wrong at which operation; `times` None means until it is cleared."""

    kind: Kind
    operation: str = ANY
    times: int | None = 1
    seconds: float = 1.0
    dialect: str = ANY
    """Whose calls it spoils: `rv`, `pix`…"""
    since: int = 0
    """How often all faults had been cleared before it."""

    def meets(self, operation: str, dialect: str) -> bool:
        """Say whether a call is one of those it spoils."""
        return self.operation in (ANY, operation) and self.dialect in (ANY, dialect)


class Faults:
    """The faults in force. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._faults: list[Fault] = []
        self._clearing = threading.Condition(self._lock)
        self._cleared = 0

    def add(self, fault: Fault) -> None:
        """Put a fault in force after those already there."""
        with self._lock:
            self._faults.append(replace(fault, since=self._cleared))

    def clear(self) -> None:
        """Behave again."""
        with self._lock:
            self._faults.clear()
            self._cleared += 1
            self._clearing.notify_all()

    def hold(self, fault: Fault) -> None:
        """Return once the faults were cleared since this one was put in force."""
        with self._clearing:
            self._clearing.wait_for(lambda: self._cleared > fault.since)

    def listing(self) -> list[Fault]:
        """The faults in force."""
        with self._lock:
            return list(self._faults)

    def take(self, operation: str, dialect: str = ANY) -> Fault | None:
        """Return the first fault for this operation of a dialect and use up one of its times."""
        with self._lock:
            for index, fault in enumerate(self._faults):
                if fault.meets(operation, dialect):
                    if fault.times is not None and fault.times <= 1:
                        del self._faults[index]
                    elif fault.times is not None:
                        self._faults[index] = replace(fault, times=fault.times - 1)
                    return fault
            return None
