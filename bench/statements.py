"""Statements: each layout's reader beside a bare parse of the same file, and the memory of more lines.

`python -m bench.statements [SALES]` prints the rows alone. A bare parse makes texts of the columns that
the reader takes (XML: builds and drops the elements) and understands nothing. Memory is what a fresh process
had resident at most, with so many lines and with twice as many.
"""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.etree.ElementTree import Element, iterparse

from bench.result import Row, alternate
from pos_tui.providers.statements.catalogue import read, reader_for
from pos_tui.providers.statements.reader import Reader
from tests.statements.month import LAYOUTS, Layout, Maker
from tests.statements.store import drop, put_receipts, shop
from tests.statements.writers import File

BARE = "as colunas cortadas, sem entender nada"
FLAT = 2.0
"""MB that a hundred thousand lines more may take: far less than they are, so that nothing of them is kept."""
PER = "memória a mais por 100 mil linhas"
IMPORTED = "rede-eevc"


def rows(sales: int = 10_000, rounds: int = 5) -> Iterator[Row]:
    """Measure every layout; `sales` is how many a file holds, twice as many where memory is compared."""
    with TemporaryDirectory() as name:
        for layout in LAYOUTS.values():
            small, large = (_file(layout, count, Path(name)) for count in (sales, 2 * sales))
            yield _speed(layout, small, rounds)
            yield _memory(layout, small, large)
    yield from import_rows(sales)


def import_rows(sales: int) -> Iterator[Row]:
    """Measure a whole import: read, written and matched with the receipts of a day."""
    layout = LAYOUTS[IMPORTED]
    with _inbox(layout, sales) as small, _inbox(layout, 2 * sales) as large:
        (less, seconds), (more, _) = _child("import", small), _child("import", large)
        one, other = _lines(small), _lines(large)
        name = f"importar e conciliar extrato {layout.name}"
        yield Row(name, "µs por linha", seconds / one * 1e6, None, None)
        yield Row(f"{name}: {PER}", "MB", (more - less) / (other - one) * 1e5, None, None)


def _file(layout: Layout, sales: int, folder: Path) -> Path:
    month = Maker(layout, sales).make()
    day, listed = min(month.days), tuple(sale for one in month.days.values() for sale in one)
    path = folder / f"{layout.name}-{sales}.dat"
    path.write_bytes(layout.write(File(day, 1, layout.code, listed)))
    return path


@contextmanager
def _inbox(layout: Layout, sales: int) -> Iterator[Path]:
    """A database with receipts of a month, and the month's file in its inbox."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        month = Maker(layout, sales).make()
        with shop(folder) as desk:
            put_receipts(desk, month.sold)
        drop(folder, "month.dat", _file(layout, sales, folder).read_bytes())
        yield folder


def _speed(layout: Layout, path: Path, rounds: int) -> Row:
    count = _lines(path)

    def timed(work: Callable[[], object]) -> Callable[[], float]:
        def measure() -> float:
            began = time.perf_counter()
            work()
            return (time.perf_counter() - began) / count * 1e6

        return measure

    ours, base = alternate(rounds, timed(lambda: _read(path)), timed(lambda: _bare(path)))
    return Row(f"ler extrato {layout.name}", "µs por linha", ours, base, None, BARE)


def _memory(layout: Layout, small: Path, large: Path) -> Row:
    (less, _), (more, _) = _child("read", small), _child("read", large)
    per = (more - less) / (_lines(large) - _lines(small)) * 1e5
    return Row(f"ler extrato {layout.name}: {PER}", "MB", per, None, FLAT)


def _lines(path: Path) -> int:
    place = next((path / "in").rglob("month.dat")) if path.is_dir() else path
    with place.open("rb") as file:
        return sum(1 for _ in file)


def _read(path: Path) -> int:
    return sum(1 for _ in read(path))


def _bare(path: Path) -> int:
    with path.open("rb") as file:
        reader = reader_for(file.read(512))
        file.seek(0)
        if not isinstance(reader, Reader):
            return sum(_dropped(element) for _, element in iterparse(file))
        cuts = {
            tag: [slice(one.start - 1, one.end) for one in record.columns]
            for tag, record in reader.RECORDS.items()
        }
        comma, at = reader.LAYOUT == "rede-eevd", reader.TAG
        texts = 0
        for line in file:
            text = line.decode("latin-1")
            texts += len(text.split(",")) if comma else len([text[cut] for cut in cuts.get(text[at], ())])
        return texts


def _dropped(element: Element) -> int:
    element.clear()
    return 1


# In a process of its own ----------------------------------------------------------------------------


def _child(how: str, path: Path) -> tuple[float, float]:
    """Return the most memory in MB that a fresh process held, and the seconds of its work."""
    command = (sys.executable, "-m", "bench.statements", how, str(path))
    megabytes, seconds = subprocess.run(command, capture_output=True, check=True, text=True).stdout.split()
    return float(megabytes), float(seconds)


def _import(folder: Path) -> None:
    with shop(folder) as desk:
        desk.files.run("bench")


def _most_held() -> float:
    """MB resident at most. `getrusage` would tell the parent's: it outlives the fork."""
    status = Path("/proc/self/status").read_text("ascii")
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))) / 1024


def main() -> None:
    """Print the rows, or be the child that measures itself."""
    if len(sys.argv) == 3:
        work, path = {"read": _read, "import": _import}[sys.argv[1]], Path(sys.argv[2])
        began = time.perf_counter()
        work(path)
        seconds = time.perf_counter() - began
        sys.stdout.write(f"{_most_held()} {seconds}")
        return
    for row in rows(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000):
        ratio = "" if row.ratio is None else f", x{row.ratio:.2f} of {row.base:.2f}"
        sys.stdout.write(f"{row.what}: {row.ours:.2f} {row.unit}{ratio}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
