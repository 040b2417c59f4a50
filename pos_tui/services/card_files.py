"""The inbox: every statement file is read by itself, whole or not at all, and never twice.

One transaction a file. A file that cannot be taken is noted with its line and field and set aside; the next
one is read all the same. What was read is moved to a folder of its own below the inbox.
"""

import hashlib
import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import TypeVar

from msgspec import Struct

from pos_tui.domain.errors import PosError
from pos_tui.domain.journal import Field
from pos_tui.domain.reconciliation import Feed, Life, life_of, split
from pos_tui.domain.statement import BadStatement, Head, SaleEvent, SalePart, Tail
from pos_tui.services.card_matching import CardMatching
from pos_tui.services.context import Context
from pos_tui.services.journal import Event
from pos_tui.settings.statements import StatementSettings
from pos_tui.store import acquirer_lives, statement_writer, statements
from pos_tui.store.database import Row, Transaction
from pos_tui.store.ids import new_key

READ, REFUSED = "lidos", "recusados"
"""Folders below the inbox."""
STILL_WRITING_SECONDS = 10
"""A file touched so lately may still be on its way."""
_FIRST, _LAST = "statements/first", "statements/last"
"""Counters: the days that were read and not yet matched, so that a crash forgets none."""

log = logging.getLogger(__name__)


class Read(Struct, frozen=True):
    """How a file ended."""

    name: str
    taken: bool
    words: str


class StatementFiles:
    """Reads the inbox."""

    def __init__(self, context: Context, settings: StatementSettings, matching: CardMatching) -> None:
        self._context = context
        self._settings = settings
        self._matching = matching

    def run(self, who: str) -> list[Read]:
        """Read what has come, and match it.

        Raises:
            PosError: the inbox cannot be read, or the database cannot be written.
        """
        done = [self._one(path, who) for path in self._waiting()] if self._settings.inbox else []
        self.settle()
        return done

    def settle(self) -> None:
        """Match the days that were read and not matched."""
        with self._context.store.reading() as tx:
            first, last = tx.number(_FIRST), tx.number(_LAST)
        if not first:
            return
        self._matching.run(date.fromordinal(first), date.fromordinal(last))

        def clear(tx: Transaction) -> None:
            if (tx.number(_FIRST), tx.number(_LAST)) == (first, last):
                tx.keep_number(_FIRST, 0)
                tx.keep_number(_LAST, 0)

        self._context.store.write(clear)

    def _waiting(self) -> Iterator[Path]:
        """What lies there whole, by name: a matter of tidiness, since the order changes nothing."""
        folder = Path(self._settings.inbox)
        now = self._context.clock().timestamp()
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            found = sorted(path for path in folder.iterdir() if path.is_file())
            for path in found:
                hidden = path.name.startswith(".") or path.suffix in (".part", ".tmp")
                if not hidden and now - path.stat().st_mtime >= STILL_WRITING_SECONDS:
                    yield path
        except OSError as error:
            raise PosError(f"A pasta {folder} não pôde ser lida ({error.strerror}): confira-a.") from error

    def _one(self, path: Path, who: str) -> Read:
        try:
            sha = _sha(path)
        except OSError as error:
            return Read(path.name, False, f"não pôde ser lido ({error.strerror})")
        with self._context.store.reading() as tx:
            if statements.known(tx, sha):
                self._move(path, READ, sha)
                return Read(path.name, True, "já tinha sido lido: nada mudou")
        try:
            words = self._context.store.write(lambda tx: self._take(tx, path, sha, who))
        except BadStatement as error:
            return self._refuse(path, sha, error.message)
        except PosError:
            raise
        except Exception as error:
            log.exception("reading %s", path.name)
            return self._refuse(path, sha, f"falha interna ao ler ({type(error).__name__})")
        self._move(path, READ, sha)
        return Read(path.name, True, words)

    def _refuse(self, path: Path, sha: str, why: str) -> Read:
        now, key = self._context.now(), new_key()
        self._context.store.write(lambda tx: statements.refuse(tx, key, path.name, sha, why, now))
        self._move(path, REFUSED, sha)
        return Read(path.name, False, why)

    def _move(self, path: Path, name: str, sha: str) -> None:
        """Set a file aside. Where that fails it stays, and its content tells that it was read."""
        try:
            folder = path.parent / name
            folder.mkdir(exist_ok=True, mode=0o700)
            path.replace(_free_place(folder / path.name, sha))
        except OSError:
            log.warning("%s could not be moved", path.name)

    # One file

    def _take(self, tx: Transaction, path: Path, sha: str, who: str) -> str:
        from pos_tui.providers.statements.catalogue import read

        items = _without_os_errors(read(path))
        head = next(items)
        assert isinstance(head, Head), "a reader begins with the head"
        statement_writer.fits(head, 1)
        self._check_sequence(tx, head)
        key = new_key()
        statements.take(tx, key, path.name, sha, head, self._context.now())
        writer = statement_writer.Writer(tx, key, head.acquirer, head.feed)
        sales, events, tail = 0, 0, Tail()
        for item in items:
            if isinstance(item, SalePart):
                sales += 1
                writer.sale(item)
            elif isinstance(item, SaleEvent):
                events += 1
                writer.event(item)
            elif isinstance(item, Tail):
                tail = item
        writer.prove(head.establishment, head.days if head.feed is not Feed.MONEY else ())
        writer.close()
        statements.finish(tx, key, tail)
        if writer.split:
            statements.add_up(tx, key)
        _live(tx, key)
        self._remember(tx, writer)
        data: dict[str, Field] = {"name": path.name, "sales": sales, "events": events, "sha256": sha}
        self._context.journal.note(tx, Event("statement", key, who, data), "read")
        skipped = sum(tail.skipped.values())
        return f"{sales} venda(s), {events} evento(s), {skipped} registro(s) de tipo desconhecido"

    def _check_sequence(self, tx: Transaction, head: Head) -> None:
        if head.sequence is None or head.recovered:
            return
        other = statements.same_sequence(tx, head)
        if other is not None:
            raise BadStatement(
                f"a sequência {head.sequence} já veio em {other}, com outro conteúdo: confirme qual vale",
                1,
                "Sequência",
            )

    def _remember(self, tx: Transaction, writer: statement_writer.Writer) -> None:
        """The days to be matched; of those that a file merely proves, what waits is looked at anyway."""
        if not writer.first:
            return
        first = tx.number(_FIRST)
        tx.keep_number(_FIRST, min(first, writer.first) if first else writer.first)
        tx.keep_number(_LAST, max(tx.number(_LAST), writer.last))


def _free_place(place: Path, sha: str) -> Path:
    """Where a file may lie beside another of its name: some acquirers give every day's the same."""
    if not place.exists() or _sha(place) == sha:
        return place
    return place.with_name(f"{place.stem}-{sha[:12]}{place.suffix}")


def _sha(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _without_os_errors(
    items: Iterator[Head | SalePart | SaleEvent | Tail],
) -> Iterator[Head | SalePart | SaleEvent | Tail]:
    """A file that vanishes half-way is its own fault, not the database's."""
    try:
        yield from items
    except OSError as error:
        raise BadStatement(f"o arquivo não pôde ser lido até o fim ({error.strerror})") from error


# Later life -----------------------------------------------------------------------------------------


def _live(tx: Transaction, file: str) -> None:
    """Work out what became of every sale that a file lists or speaks of."""
    for page_of in (acquirer_lives.touched_sales, acquirer_lives.touched_events):
        after = ""
        while page := page_of(tx, file, after):
            after = page[-1][0]
            for acquirer, code, column, names in _named(page):
                _live_of(tx, acquirer, code, column, names)


def _named(page: list[Row]) -> Iterator[tuple[str, str, str, list[str]]]:
    """The NSUs and summaries of a page, by establishment."""
    found: dict[tuple[str, str, str], set[str]] = {}
    for _, acquirer, code, nsu, summary in page:
        for column, name in (("nsu", nsu), ("summary", summary)):
            if name:
                found.setdefault((acquirer, code, column), set()).add(name)
    return ((*place, sorted(names)) for place, names in found.items())


def _live_of(tx: Transaction, acquirer: str, code: str, column: str, names: list[str]) -> None:
    events = acquirer_lives.events_of(tx, acquirer, code, column, names)
    if not events:
        return
    sales = acquirer_lives.sales_of(
        tx, acquirer, code, column, sorted({getattr(one, column) for one in events})
    )
    if column == "summary":
        changes = _of_summaries(sales, events)
    else:
        changes = [(sale, _of_sale(sale, mine)) for sale, mine in _owners(sales, events).items()]
    acquirer_lives.live(tx, changes)


def _owners(
    sales: Iterable[acquirer_lives.Living], events: Iterable[acquirer_lives.Event]
) -> dict[acquirer_lives.Living, list[acquirer_lives.Event]]:
    """Give each event to the latest sale of its NSU that is not after it: NSUs come again."""
    by_nsu: dict[str, list[acquirer_lives.Living]] = {}
    for sale in sorted(sales, key=lambda one: (one.day, one.id)):
        by_nsu.setdefault(sale.nsu, []).append(sale)
    found: dict[acquirer_lives.Living, list[acquirer_lives.Event]] = {}
    for event in events:
        earlier = [sale for sale in by_nsu.get(event.nsu, []) if sale.day <= event.day]
        if earlier:
            found.setdefault(earlier[-1], []).append(event)
    return found


def _of_sale(sale: acquirer_lives.Living, events: list[acquirer_lives.Event]) -> Life:
    due = sum(_net(sale, part) for part in _paid_parts(events))
    return life_of([(event.life, event.amount) for event in events], due)


def _of_summaries(
    sales: list[acquirer_lives.Living], events: list[acquirer_lives.Event]
) -> list[tuple[acquirer_lives.Living, Life]]:
    disputed = (Life.CANCELLED, Life.REFUNDED, Life.CHARGEBACK, Life.CHARGEBACK_REVERSED)
    members, told = _by_summary(sales), _by_summary(events)
    changes = []
    for summary, mine in told.items():
        due = sum(_net(sale, part) for sale in members[summary] for part in _paid_parts(mine))
        life = life_of([(event.life, event.amount) for event in mine], due)
        changes += [(sale, life) for sale in members[summary] if sale.life not in disputed]
    return changes


Summed = TypeVar("Summed", acquirer_lives.Living, acquirer_lives.Event)


def _by_summary(items: Iterable[Summed]) -> defaultdict[str, list[Summed]]:
    found: defaultdict[str, list[Summed]] = defaultdict(list)
    for item in items:
        found[item.summary].append(item)
    return found


def _paid_parts(events: Iterable[acquirer_lives.Event]) -> list[int]:
    return [event.part for event in events if event.life in (Life.SETTLED, Life.SETTLED_EARLY)]


def _net(sale: acquirer_lives.Living, part: int) -> int:
    """What is due of a sale, or of one of its instalments."""
    net = sale.amount - (sale.fee or 0)
    if part == 0 or sale.parts < 2:
        return net
    return split(net, sale.parts)[part - 1] if part <= sale.parts else 0
