"""What every top-up adapter offers to the services.

An adapter translates one call into one exchange with its provider, and the answer into an `Outcome`. It
keeps no state beside a token, decides nothing, never retries, and never raises for what a provider or a
network does.
"""

from typing import Protocol

from msgspec import Struct

from pos_tui.domain.outcome import Outcome
from pos_tui.domain.topup import Balance, Offer, ReserveRequest, Standing


class ReserveRef(Struct, frozen=True):
    """How a reserve is named to its provider: our key, and theirs where we know it."""

    key: str
    provider_ref: str = ""
    terminal: str = ""
    operation_date: str = ""
    """Day of the reserve in the provider's zone, `YYYY-MM-DD`; some providers ask for it in a query."""


class TopUpProvider(Protocol):
    """Reserve, then confirm xor cancel; and ask."""

    name: str
    holds_expired: bool
    """Whether a reserve past its time takes the store's credit until it is cancelled. It is credited never
    again: the provider refuses its confirmation, and cancels only what was not confirmed."""

    def offers(self) -> Outcome[tuple[Offer, ...]]:
        """Everything the store may sell, all operators and states."""

    def reserve(self, request: ReserveRequest) -> Outcome[Standing]:
        """Hold the credit under the request's key. Sending the same key again must not hold twice."""

    def confirm(self, ref: ReserveRef) -> Outcome[Standing]:
        """Credit the line. Irreversible."""

    def cancel(self, ref: ReserveRef) -> Outcome[Standing]:
        """Let the reserve go."""

    def status(self, ref: ReserveRef) -> Outcome[Standing]:
        """Ask what became of a key. Has no effect at the provider."""

    def pendings(self) -> Outcome[tuple[Standing, ...]]:
        """Every reserve of the store that waits for a decision."""

    def balance(self) -> Outcome[Balance]:
        """The store's credit."""

    def close(self) -> None:
        """Let connections go."""
