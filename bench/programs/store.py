"""Asks one question of the store so many times, the till's way or raw: for counting instructions.

`python -m bench.programs.store till|raw WHAT TIMES FOLDER`. Both sides are set up whatever the times are, so
that the difference between two runs is the question alone.
"""

import sys
from pathlib import Path

NOTHING, SAVING = "nothing", "sale"
WORK = {
    "page": "open the sale list",
    "pendings": "find 40 pendings",
    "name": "customer by parts of the name",
    "document": "customer by CPF",
    SAVING: "commit of a sale",
}
"""What can be asked, and what its row is called. Saving comes last: it is set up in another way."""
SALES = 20


def main() -> None:
    """Ask."""
    side, what, times, folder = sys.argv[1], sys.argv[2], int(sys.argv[3]), Path(sys.argv[4])
    if what == SAVING:
        _sales(side, times)
    else:
        _questions(side, what, times, folder)


def _questions(side: str, what: str, times: int, folder: Path) -> None:
    """Every question is asked once in every run; one of them so many times more."""
    from bench.database import Asking, waiting

    asking = Asking(folder)
    with waiting(asking.db):
        pairs = asking.pairs()
        for ours, base, _, _ in pairs.values():
            ours()
            base()
        for _ in range(times):
            ours, base, _, _ = pairs[WORK[what]]
            (ours if side == "till" else base)()
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


if __name__ == "__main__":
    main()
