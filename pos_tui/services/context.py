"""What every service needs: the database, the clock, the till it works for, and the journal."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo

from pos_tui.domain.instants import to_ms
from pos_tui.services.journal import Journal
from pos_tui.store.database import Store

Clock = Callable[[], datetime]


def wall_clock() -> datetime:
    """The present instant in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Context:
    """Shared by the services of one till."""

    store: Store
    till: int
    branch: str
    clock: Clock = wall_clock
    zone: tzinfo = field(default_factory=lambda: ZoneInfo("America/Sao_Paulo"))
    journal: Journal = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "journal", Journal(self.store, self.till, self.now))

    def now(self) -> int:
        """The present instant in UTC milliseconds, as stored."""
        return to_ms(self.clock())
