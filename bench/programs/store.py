"""Asks one question of the store so many times, the till's way or raw: for counting instructions.

`python -m bench.programs.store till|raw WHAT TIMES FOLDER`. Both sides are set up whatever the times are, so
that the difference between two runs is the question alone.
"""

import sys
from pathlib import Path

SAVING = "sale"
ASKED = ("open the sale list", "find 40 pendings", "customer by parts of the name", "customer by CPF")
WORK = {"questions": "the list, the pendings, a customer by name and by CPF", SAVING: "commit of a sale"}
"""What is done, and what its row is called."""
SALES = 20


def main() -> None:
    """Ask."""
    side, what, times, folder = sys.argv[1], sys.argv[2], int(sys.argv[3]), Path(sys.argv[4])
    if what == SAVING:
        _sales(side, times)
    else:
        _questions(side, times, folder)


def _questions(side: str, times: int, folder: Path) -> None:
    """Each is asked once both ways in every run, and then so many times in one of them."""
    from bench.database import Asking, waiting

    asking = Asking(folder)
    with waiting(asking.db):
        pairs = [asking.pairs()[name] for name in ASKED]
        for ours, base, _, _ in pairs:
            ours()
            base()
        for _ in range(times):
            for ours, base, _, _ in pairs:
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
