"""An operation of the TEF manager beside the sale: its states are those of a payment, without a sale."""

from msgspec import Struct

from pos_tui.domain.payment import Decision, PaymentState, words


class TefOperation(Struct, frozen=True):
    """One operation, as last read from the database."""

    id: str
    till: int
    number: str
    """The till's number of it (001)."""
    settle_key: str
    """The number of its CNF or NCN."""
    state: PaymentState
    decision: Decision
    reply: str
    why: str
    who: str
    asked_at: int
    open_since: int | None
    version: int

    @property
    def waits(self) -> bool:
        """Whether something of it is still to be done or learnt."""
        return self.open_since is not None

    @property
    def kept(self) -> bool:
        """Whether it is an answer that nobody here awaited, and of which nothing was decided yet."""
        return self.waits and self.decision is Decision.NONE

    @property
    def words(self) -> str:
        """Where it stands, as the screen says it."""
        return words(self.state, self.decision)
