"""A shop that has sold for a year: a database of as many sales as wanted, kept outside the tree.

It lies in the user's cache folder (`POS_TUI_BENCH_DIR` names another). The year ends today, since the list
opens on today: one that was made on another day is made anew.
"""

import os
import random
import shutil
import sqlite3
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from peewee import Model
from platformdirs import user_cache_path

from pos_tui.domain.text import fold
from pos_tui.store.database import open_store
from pos_tui.store.models import CustomerRow, CustomerWordRow, PaymentRow, SaleRow, TopUpRow
from pos_tui.store.words import words

KEPT = Path(os.environ.get("POS_TUI_BENCH_DIR") or user_cache_path("pos-tui-bench"))
MADE = 3
"""The edition of what is made: a change of it below counts up."""
DATABASE = "training.db"
SEARCH = "search.db"
"""A full-text index of the customers' names, which the till's search is measured against."""
NAMES = [
    "Adriana",
    "Antônio",
    "Beatriz",
    "Caio",
    "Célia",
    "Davi",
    "Edna",
    "Fábio",
    "Gilda",
    "Heitor",
    "Inês",
    "João",
    "Karina",
    "Luís",
    "Márcia",
    "Nair",
]
SURNAMES = [
    "Araújo",
    "Barros",
    "Conceição",
    "Dias",
    "Esteves",
    "Farias",
    "Gonçalves",
    "Hortênsio",
    "Ibarra",
    "Jardim",
    "Lima",
    "Moura",
    "Nunes",
]
OPERATORS = ("Vivo", "Claro", "TIM", "Oi")
YEAR_MS = 365 * 24 * 3600 * 1000

Table = dict[str, object]


def year() -> tuple[int, int]:
    """Return the beginning and end of the year that was sold in, UTC milliseconds: it ends today."""
    end = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    last = int(end.timestamp() * 1000)
    return last - YEAR_MS, last


def shop(sales: int) -> Path:
    """Return the folder of a training till with so many sales and customers on file."""
    folder = KEPT / f"{sales}-{MADE}-{date.today()}"  # noqa: DTZ011  the day of the till's own list
    done = folder / "done"
    if not done.exists():
        for old in KEPT.glob(f"{sales}-*"):
            shutil.rmtree(old)
        folder.mkdir(parents=True)
        _open(folder)
        _fill(folder / DATABASE, sales)
        _index(folder, sales)
        done.touch()
    _open(folder)
    return folder


def _open(folder: Path) -> None:
    """Bring the tables up to date: a migration is no reason to make everything anew."""
    open_store(f"sqlite:///{folder / DATABASE}").close()


def _fill(path: Path, count: int) -> None:
    db = sqlite3.connect(path)
    db.execute("PRAGMA synchronous=OFF")
    db.execute("PRAGMA cache_size=-400000")
    for model, rows in (
        (CustomerRow, _customers(count)),
        (CustomerWordRow, _customer_words(count)),
        (SaleRow, _sales(count)),
        (TopUpRow, _topups(count)),
        (PaymentRow, _payments(count)),
    ):
        _insert(db, model, rows)
    db.execute("INSERT INTO counter (name, value) VALUES (?, ?)", ("sale/1", count))
    db.commit()
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()


def _index(folder: Path, count: int) -> None:
    with sqlite3.connect(folder / SEARCH) as db:
        db.execute(
            "CREATE VIRTUAL TABLE names USING fts5(name, content='', prefix='2 3', "
            "tokenize='unicode61 remove_diacritics 2')"
        )
        names = ((index + 1, _name(index)) for index in range(count))
        db.executemany("INSERT INTO names (rowid, name) VALUES (?, ?)", names)


def _insert(db: sqlite3.Connection, model: type[Model], rows: Iterator[Table]) -> None:
    meta = model._meta
    defaults = {field.column_name: field.default for field in meta.sorted_fields}
    names = list(defaults)
    marks = ",".join("?" * len(names))
    sql = f"INSERT INTO {meta.table_name} ({','.join(names)}) VALUES ({marks})"
    db.executemany(sql, ([{**defaults, **row}[name] for name in names] for row in rows))


def _key(kind: str, index: int) -> str:
    return f"{kind}{index:0{32 - len(kind)}x}"


def _name(index: int) -> str:
    pick = random.Random(index)
    return f"{pick.choice(NAMES)} {pick.choice(SURNAMES)} {pick.choice(SURNAMES)}"


def _customers(count: int) -> Iterator[Table]:
    for index in range(count):
        document = f"{index:011d}"
        yield {
            "id": _key("c", index),
            "name": _name(index),
            "document": document,
            "phone": f"67{index:09d}",
            "created_at": 0,
        }


def _customer_words(count: int) -> Iterator[Table]:
    for index in range(count):
        for word in sorted(words(_name(index))):
            yield {"word": word, "customer_id": _key("c", index)}


def _sold_at(index: int, count: int) -> int:
    since, until = year()
    return since + (until - since) * index // count


def _sales(count: int) -> Iterator[Table]:
    for index in range(count):
        at = _sold_at(index, count)
        known = index % 3 == 0
        name = _name(index) if known else "Consumidor"
        yield {
            "id": _key("5", index),
            "till": 1,
            "number": index + 1,
            "state": "saved",
            "branch": "Loja de treinamento",
            "pdv": "1 Balcão",
            "seller": NAMES[index % 7],
            "customer_id": _key("c", index) if known else None,
            "customer_name": name,
            "customer_folded": fold(name),
            "opened_at": at - 60_000,
            "saved_at": at,
            "total": 2000,
        }


def _topups(count: int) -> Iterator[Table]:
    for index in range(count):
        at = _sold_at(index, count)
        operator = OPERATORS[index % 4]
        yield {
            "id": _key("7", index),
            "sale_id": _key("5", index),
            "position": 1,
            "till": 1,
            "provider": "rv",
            "provider_key": str(index + 1),
            "operator": operator,
            "operator_name": operator,
            "product": "20",
            "product_name": f"{operator} 20",
            "line": f"679{index % 100_000_000:08d}",
            "face": 2000,
            "cost": 1900,
            "state": "cancelled" if index % 50 == 0 else "confirmed",
            "requested_at": at - 30_000,
            "settled_at": at,
        }


def _payments(count: int) -> Iterator[Table]:
    for index in range(count):
        yield {
            "id": _key("9", index),
            "sale_id": _key("5", index),
            "position": 1,
            "method": "cash",
            "state": "confirmed",
            "amount": 2000,
            "till": 1,
            "settled_at": _sold_at(index, count),
        }
