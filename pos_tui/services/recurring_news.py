"""What happened behind the screen to OS that wait for their payment, each thing told once."""

from msgspec import Struct

from pos_tui.domain.recurring import ALARMING, Attempt, AttemptState
from pos_tui.store import recurring, sales
from pos_tui.store.database import Store

MOST = 100
"""OS looked after."""


class OsNews(Struct, frozen=True):
    """An attempt that has moved, or whose payment went wrong, with the number of its OS."""

    attempt: Attempt
    number: int | None


class RecurringNews:
    """Remembers how each attempt stood when it was last looked at."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._seen: dict[str, tuple[AttemptState, str]] | None = None

    def latest(self) -> list[OsNews]:
        """Return what is new since the last call; the first tells only what a person must decide."""
        with self._store.reading() as tx:
            known = self._seen or {}
            now = {one.id: one for one in recurring.live(tx, MOST)}
            for key in known.keys() - now.keys():
                if (over := recurring.get(tx, key)) is not None:
                    now[key] = over
            new = [one for one in now.values() if _how(one) != known.get(one.id) and self._tells(one)]
            numbers = sales.numbers(tx, [one.sale_id for one in new]) if new else {}
        self._seen = {key: _how(one) for key, one in now.items() if one.live}
        return [OsNews(one, numbers.get(one.sale_id)) for one in new]

    def _tells(self, one: Attempt) -> bool:
        if one.state in ALARMING:
            return one.state is AttemptState.LATE
        return self._seen is not None and (one.state is AttemptState.PAID or bool(one.problem))


def _how(one: Attempt) -> tuple[AttemptState, str]:
    return one.state, one.problem
