"""Asks one question of the store so many times, the till's way or raw: for counting instructions.

`python -m bench.programs.store till|raw WHAT TIMES FOLDER`. Both sides are set up whatever the times are, so
that the difference between two runs is the question alone.
"""

import sys
from collections.abc import Callable
from pathlib import Path

WORK = {
    "page": "a page of the sale list",
    "pendings": "the pendings",
    "name": "customer by parts of the name",
    "document": "customer by CPF",
    "sale": "commit of a sale",
}
NAMES = {
    "page": "open the sale list",
    "pendings": "find 40 pendings",
    "name": "customer by parts of the name",
    "document": "customer by CPF",
}
SALES = 20


def main() -> None:
    """Ask."""
    side, what, times, folder = sys.argv[1], sys.argv[2], int(sys.argv[3]), Path(sys.argv[4])
    if what == "sale":
        _sales(side, times)
    else:
        _questions(side, NAMES[what], times, folder)


def _questions(side: str, name: str, times: int, folder: Path) -> None:
    from bench.database import Asking, waiting

    asking = Asking(folder)
    with waiting(asking.db):
        ours, base, _, _ = asking.pairs()[name]
        ours()
        base()
        _repeat(ours if side == "till" else base, times)
    asking.close()


def _sales(side: str, times: int) -> None:
    """The same number of sales wait in every run; raw, all are saved first, for the rows to be known."""
    from bench.commit import racing

    with racing(SALES) as race:
        if side == "till":
            for sale in race.waiting[:times]:
                race.save(sale)
        else:
            written = []
            for sale in race.waiting:
                race.save(sale)
                written.append(race.written(sale))
            for rows in written[:times]:
                race.write(rows)


def _repeat(work: Callable[[], object], times: int) -> None:
    for _ in range(times):
        work()


if __name__ == "__main__":
    main()
