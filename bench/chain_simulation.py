"""`python -m bench.chain_simulation [--rate N]`: a day of a chain, minute by minute, with cuts and an outage.

A model, not a measurement: 2 000 stores write 6.5 million events a day with the shape of a shop's day, each
store is cut off at random, and the centre is away for two hours at the busiest time. `--rate` is how many
events a second the centre takes in; what was measured stands in docs/scale.md. Prints the backlog and how
long it drains. Events wait in each store's write-ahead log: none is lost unless that runs out of disk.
"""

import argparse
import random
from dataclasses import dataclass, field

STORES = 2_000
EVENTS = 6_500_000
MINUTES = 24 * 60
OPEN, CLOSE = 8 * 60, 22 * 60
OUTAGE = range(17 * 60, 19 * 60)
CUTS_A_DAY = 3
CUT_MINUTES = (1, 30)
BYTES = 700
"""Of write-ahead log for each event, rounded up."""


@dataclass
class Day:
    """What became of a day."""

    worst: float = 0.0
    """Most events that waited anywhere, in all stores together."""
    worst_store: float = 0.0
    drained_at: int | None = None
    """Minute at which the backlog of the outage was gone."""
    left: float = 0.0
    produced: float = 0.0
    taken: float = 0.0
    waiting: list[float] = field(default_factory=lambda: [0.0] * STORES)


def weight(minute: int) -> float:
    """How busy a minute is: closed at night, two peaks, noon and the early evening."""
    if not OPEN <= minute < CLOSE:
        return 0.0
    hour = minute / 60
    return 1.0 + 1.5 * max(0.0, 1 - abs(hour - 12.5) / 2) + 2.0 * max(0.0, 1 - abs(hour - 18) / 2.5)


def simulate(rate: float, chance: random.Random) -> Day:
    """Run a day; `rate` is in events a second."""
    total = sum(weight(minute) for minute in range(MINUTES))
    day, cut_until = Day(), [0] * STORES
    for minute in range(MINUTES):
        each = EVENTS * weight(minute) / total / STORES
        room = 0.0 if minute in OUTAGE else rate * 60
        reachable = []
        for store in range(STORES):
            day.waiting[store] += each
            if chance.random() < CUTS_A_DAY / MINUTES:
                cut_until[store] = minute + chance.randint(*CUT_MINUTES)
            if cut_until[store] <= minute:
                reachable.append(store)
        day.produced += each * STORES
        _take(day, reachable, room)
        _note(day, minute, each)
    day.left = sum(day.waiting)
    return day


def _take(day: Day, reachable: list[int], room: float) -> None:
    """The centre takes from every store at once, each by its own connection."""
    wanted = sum(day.waiting[store] for store in reachable)
    share = min(1.0, room / wanted) if wanted else 0.0
    for store in reachable:
        taken = day.waiting[store] * share
        day.waiting[store] -= taken
        day.taken += taken


def _note(day: Day, minute: int, each: float) -> None:
    now = sum(day.waiting)
    day.worst, day.worst_store = max(day.worst, now), max(day.worst_store, *day.waiting)
    cut_off = STORES * CUTS_A_DAY / MINUTES * sum(CUT_MINUTES) / 2 * each * 15
    if minute > OUTAGE[-1] and day.drained_at is None and now <= max(cut_off, each * STORES):
        day.drained_at = minute


def main() -> None:
    """Simulate and tell."""
    parser = argparse.ArgumentParser(prog="python -m bench.chain_simulation", description=__doc__)
    parser.add_argument(
        "--rate", type=float, default=2_000.0, help="events a second that the centre takes in"
    )
    parser.add_argument("--seed", type=int, default=13)
    asked = parser.parse_args()
    day = simulate(asked.rate, random.Random(asked.seed))
    lost = day.produced - day.taken - day.left
    drained = "not before midnight" if day.drained_at is None else f"{day.drained_at - OUTAGE[-1]} min"
    print(f"events          {day.produced:12,.0f}")
    print(f"worst backlog   {day.worst:12,.0f}  ({day.worst * BYTES / 2**20:,.0f} MB in all stores together)")
    print(f"worst store     {day.worst_store:12,.0f}  ({day.worst_store * BYTES / 2**20:,.1f} MB)")
    print(f"drained after   {drained:>12}")
    print(f"left at night   {day.left:12,.0f}")
    print(f"lost            {abs(lost):12,.0f}")


if __name__ == "__main__":
    main()
