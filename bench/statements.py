"""Statements: each layout's reader beside a bare parse of the same file, and the memory of more lines.

`python -m bench.statements` prints the rows alone; with `--lines 1000000` it imports one file of so many
lines end to end instead, and says what that took. A bare parse makes texts of the columns that the reader
takes (XML: builds and drops the elements) and understands nothing. Memory is what a fresh process had
resident at most, with some lines and with several times as many.
"""

import argparse
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
from tests.statements.writers.record import File

BARE = "its columns cut, nothing understood"
FLAT = 2.0
"""MB that a hundred thousand lines more may take: far less than they are, so that nothing of them is kept."""
PER = "memory for 100 000 lines more"
IMPORTED = "rede-eevc"
SALES, IMPORTS = 10_000, 130_000
"""A month's, in one file; three times as many where a reader's memory is compared, twice as many where an
import's is: the second fills every lot."""


def rows(sales: int = SALES, rounds: int = 5, imports: int = IMPORTS) -> Iterator[Row]:
    """Measure every layout."""
    with TemporaryDirectory() as name:
        for layout in LAYOUTS.values():
            small, large = (_file(layout, count, Path(name)) for count in (sales, 3 * sales))
            yield _speed(layout, small, rounds)
            yield _memory(layout, small, large)
    yield from import_rows(imports, 2 * imports)


def import_rows(few: int, many: int) -> Iterator[Row]:
    """Measure a whole import: read, written and matched with the receipts of a month."""
    layout = LAYOUTS[IMPORTED]
    with _inbox(layout, few) as small, _inbox(layout, many) as large:
        (less, _), (more, seconds) = _child("import", small), _child("import", large)
        one, other = _lines(small), _lines(large)
        began = time.perf_counter()
        _bare(_month(large))
        base = (time.perf_counter() - began) / other * 1e6
        name = f"import and reconcile a statement of {layout.name}"
        yield Row(name, "µs a line", seconds / other * 1e6, base, None, BARE)
        yield Row(f"{name}: {PER}", "MB", (more - less) / (other - one) * 1e5, None, FLAT)
        yield Row(f"{name}: memory with {other} lines", "MB", more, None, None)


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
    return Row(f"read a statement of {layout.name}", "µs a line", ours, base, None, BARE)


def _memory(layout: Layout, small: Path, large: Path) -> Row:
    (less, _), (more, _) = _child("read", small), _child("read", large)
    per = (more - less) / (_lines(large) - _lines(small)) * 1e5
    return Row(f"read a statement of {layout.name}: {PER}", "MB", per, None, FLAT)


def _lines(path: Path) -> int:
    with (_month(path) if path.is_dir() else path).open("rb") as file:
        return sum(1 for _ in file)


def _month(folder: Path) -> Path:
    """Where the file of an inbox lies, read or not."""
    return next((folder / "in").rglob("month.dat"))


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
    if len(sys.argv) == 3 and sys.argv[1] in _WORK:
        began = time.perf_counter()
        _WORK[sys.argv[1]](Path(sys.argv[2]))
        seconds = time.perf_counter() - began
        sys.stdout.write(f"{_most_held()} {seconds}")
        return
    parser = argparse.ArgumentParser(prog="python -m bench.statements", description=__doc__)
    parser.add_argument("--lines", type=int, help="only import a file of so many lines")
    lines = parser.parse_args().lines
    for row in import_rows(max(1, lines // 10), lines) if lines else rows():
        ratio = "" if row.ratio is None else f", x{row.ratio:.2f} of {row.base:.2f}"
        sys.stdout.write(f"{row.what}: {row.ours:.2f} {row.unit}{ratio}\n")
        sys.stdout.flush()


_WORK: dict[str, Callable[[Path], object]] = {"read": _read, "import": _import}


if __name__ == "__main__":
    main()
