"""Reading statements: records a second and memory, beside a bare reading of the same bytes.

`python -m bench.statements [SALES]` makes a file of each layout with the tests' generator, reads it line by
line and then with its reader, and imports one into a fresh database.
"""

import sys
import tempfile
import time
import tracemalloc
from pathlib import Path

from pos_tui.providers.statements.catalogue import read
from tests.statements.month import LAYOUTS, Maker
from tests.statements.store import drop, shop
from tests.statements.writers import File


def bare(path: Path) -> int:
    """Read every line and keep none: what any reader must at least do."""
    with path.open("rb") as file:
        return sum(1 for _ in file)


def measured(path: Path) -> tuple[float, int, int]:
    """Return seconds, items, and bytes held at most."""
    started = time.perf_counter()
    count = sum(1 for _ in read(path))
    seconds = time.perf_counter() - started
    tracemalloc.start()
    for _ in read(path):
        pass
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return seconds, count, peak


def main() -> None:
    """Print a table."""
    sales = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    print("layout       lines    bare lines/s   read lines/s   ratio   peak MB   MB/100k lines")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for layout in LAYOUTS.values():
            month = Maker(layout, sales).make()
            listed = tuple(sale for day in month.days.values() for sale in day)
            path = folder / f"{layout.name}.dat"
            day = min(month.days)
            path.write_bytes(layout.write(File(day, 1, layout.code, listed)))
            started = time.perf_counter()
            count = bare(path)
            floor = time.perf_counter() - started
            seconds, _, peak = measured(path)
            print(
                f"{layout.name:10} {count:8} {count / floor:14.0f} {count / seconds:14.0f}"
                f" {seconds / floor:7.1f} {peak / 1e6:9.2f} {peak / 1e6 / count * 100_000:9.2f}"
            )
        with shop(folder) as desk:
            drop(folder, "rede.dat", (folder / "rede-eevc.dat").read_bytes())
            started = time.perf_counter()
            (done,) = desk.files.run("bench")
            seconds = time.perf_counter() - started
            print(f"import of rede-eevc into SQLite, matched: {seconds:.1f} s ({done.words})")


if __name__ == "__main__":
    main()
