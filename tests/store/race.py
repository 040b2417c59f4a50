"""Two processes that both confirm the same pending top-ups, each at the same moment as the other.

What each confirmed is what it would have asked the provider to credit: a key that both name is money lost.
"""

import multiprocessing
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing.synchronize import Barrier

from pos_tui.domain.errors import Conflict
from pos_tui.domain.outcome import Done, Outcome
from pos_tui.domain.topup import Decision, TopUpState
from pos_tui.services.context import Context
from pos_tui.services.journal import Change, Claim, Event
from pos_tui.store import dialect
from pos_tui.store.database import Store, store_on
from pos_tui.store.ids import new_key
from pos_tui.store.models import TopUpRow

PENDINGS = 300
_barriers: list[Barrier] = []

Confirm = Callable[[Context, str], bool]
"""Confirms one top-up; says whether the provider was asked to credit it."""


def by_claim(context: Context, key: str) -> bool:
    """The house's way: the decision is written by compare-and-set before anything leaves."""
    asked: list[str] = []

    def request() -> Outcome[str]:
        asked.append(key)
        return Done(key)

    claim = Claim(TopUpRow, key, 0, Change({"state": TopUpState.CONFIRMING, "decision": Decision.CONFIRM}))
    settled = Change({"state": TopUpState.CONFIRMED, "open_since": None})
    try:
        context.journal.ask(claim, Event("topup.confirm", key, "corrida"), request, lambda _: settled)
    except Conflict:
        assert not asked
    return bool(asked)


def by_save(context: Context, key: str) -> bool:
    """The planted fault, and the natural code of peewee: read the row, look at its state, save it."""
    db = context.store.db
    with db.bind_ctx([TopUpRow]), db.atomic():
        row = TopUpRow.get_by_id(key)
        if row.state != TopUpState.RESERVED:
            return False
        row.state = TopUpState.CONFIRMED
        row.save()
    return True


WAYS: dict[str, Confirm] = {"claim": by_claim, "save": by_save}


def plant(store: Store) -> list[str]:
    """Insert pending top-ups; return their keys."""
    keys = [new_key() for _ in range(PENDINGS)]
    texts = dict.fromkeys(("operator", "operator_name", "product", "product_name", "line"), "x")
    rows = [
        {
            **texts, "id": key, "sale_id": key, "position": 1, "till": 1, "provider": "rv",
            "provider_key": key, "face": 1500,
            "state": TopUpState.RESERVED, "requested_at": 1, "open_since": 1,
        }
        for key in keys
    ]  # fmt: skip
    store.write(lambda tx: tx.run(TopUpRow.insert_many(rows)))
    return keys


def run(url: str, way: str, isolation: str, keys: list[str], gates: tuple[str, str]) -> list[list[str]]:
    """Let two processes race, through these gates; return what each confirmed."""
    spawn = multiprocessing.get_context("spawn")
    barrier = spawn.Barrier(2)
    with ProcessPoolExecutor(2, spawn, initializer=_hold, initargs=(barrier,)) as pool:
        racers = [pool.submit(_race, url, way, isolation, keys, *who) for who in enumerate(gates, 1)]
        return [racer.result(timeout=240) for racer in racers]


def _hold(barrier: Barrier) -> None:
    """Keep what both processes wait at."""
    _barriers.append(barrier)


def _race(url: str, way: str, isolation: str, keys: list[str], till: int, gate: str) -> list[str]:
    dialect.ISOLATION = isolation
    context = Context(store_on(dialect.database(url), gate), till, "Corrida")
    confirmed = []
    for key in keys:
        _barriers[0].wait(60)
        if WAYS[way](context, key):
            confirmed.append(key)
    context.store.close()
    return confirmed
