"""Card reconciliation (seed 3): what runs by itself, and what the desk asks and does."""

import json
from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from functools import cached_property

from pos_tui.domain.card_receipt import (
    AcquirerSale,
    CardReceipt,
    Chosen,
    Counted,
    FileTold,
    Line,
    Pair,
    Refused,
    sides,
)
from pos_tui.domain.errors import Conflict, FieldError
from pos_tui.domain.instants import show, show_hour
from pos_tui.domain.journal import Field
from pos_tui.domain.money import format_money
from pos_tui.domain.reconciliation import (
    LIFE_STEPS,
    LIFE_WORDS,
    Acquirer,
    Feed,
    Modality,
    feed_of,
    plain_code,
    watched,
)
from pos_tui.domain.text import clean
from pos_tui.services.card_files import Read, StatementFiles
from pos_tui.services.card_matching import CardMatching
from pos_tui.services.card_receipts import CardReceipts
from pos_tui.services.card_remessa import Company, Remessas
from pos_tui.services.context import Context
from pos_tui.services.journal import Event
from pos_tui.settings.statements import StatementSettings
from pos_tui.store import (
    acquirer_sales,
    card_desk,
    card_links,
    card_receipts,
    establishments,
    remessas,
    statements,
)
from pos_tui.store.database import Transaction
from pos_tui.store.ids import new_key
from pos_tui.store.models.reconciliation import EstablishmentRow

PAGE = 100
LOOK_BACK_DAYS = 60
"""How far back files are looked at for gaps."""
_DAY_MS = 86_400_000
Place = tuple[str, str, str]
"""Acquirer, feed and whom the files are made for."""
Groups = Mapping[tuple[str, str], str]
"""The group's code by acquirer and store's code; empty where the store has none."""


class Reconciliation:
    """Everything about card receipts of one database."""

    def __init__(
        self,
        context: Context,
        settings: StatementSettings,
        company: Company,
        deliver: Callable[[], None] = lambda: None,
    ) -> None:
        """`deliver` is called before the inbox is read: in training it brings what would come by itself."""
        self._context = context
        self._deliver = deliver
        self._settings = settings
        self.matching = CardMatching(context, settings.window_days)
        self.receipts = CardReceipts(context, settings, self.matching)
        self.remessas = Remessas(context, settings, company)

    @cached_property
    def files(self) -> StatementFiles:
        """The inbox."""
        return StatementFiles(self._context, self._settings, self.matching)

    @property
    def window_days(self) -> int:
        """How far back the remessa looks."""
        return self._settings.window_days

    def daily(self, who: str) -> str:
        """Do what is done by itself: read what has come, see what is overdue, send the day's remessa.

        Raises:
            PosError: a folder or the database cannot be used.
        """
        read = self.read(who)
        sent = self.remessas.daily(who) if self._settings.outbox else 0
        refused = [one for one in read if not one.taken]
        told = f"{len(read) - len(refused)} arquivo(s) lido(s), {sent} recebimento(s) enviado(s)"
        left_out = self.remessas.left_out()
        told += f", {left_out.count} antigo(s) fora da remessa" if left_out else ""
        return f"{told}; recusado(s): {', '.join(one.name for one in refused)}" if refused else told

    def read(self, who: str) -> list[Read]:
        """Read what has come and match it."""
        self._deliver()
        read = self.files.run(who)
        self.matching.overdue()
        return read

    # Codes

    def codes(self) -> list[tuple[str, Acquirer, str, str]]:
        """Return store, acquirer, code and group's code of what was entered."""
        with self._context.store.reading() as tx:
            return [(row[1], Acquirer(row[2]), row[3], row[4]) for row in establishments.codes(tx)]

    def branches(self) -> list[str]:
        """Return the stores that have receipts, and this one."""
        with self._context.store.reading() as tx:
            return sorted({*establishments.branches(tx), self._context.branch})

    def set_code(self, branch: str, acquirer: Acquirer, code: str, group: str, who: str) -> int:
        """Enter or correct a store's code; return how many open receipts waited for it.

        Raises:
            FieldError: on `code`. Conflict: somebody else was first.
        """
        plain, plain_group = plain_code(clean(code)), plain_code(clean(group))
        if not 1 <= len(plain) <= 15:
            raise FieldError("code", "O código de estabelecimento tem de 1 a 15 letras e números.")
        since = self.today() - timedelta(days=LOOK_BACK_DAYS)

        def work(tx: Transaction) -> tuple[int, date | None]:
            self._keep_code(tx, branch, acquirer, plain, plain_group)
            data: dict[str, Field] = {"branch": branch, "acquirer": acquirer.value, "code": plain}
            self._context.journal.note(tx, Event("establishment", new_key(), who, data), "set")
            wrong = establishments.other_codes(tx, branch, acquirer, plain)
            first = establishments.first_open_day(tx, branch, acquirer, ["", *wrong], since)
            recoded = self.receipts.recode(tx, (branch, acquirer, wrong, since), plain, who)
            return recoded + establishments.adopt(tx, branch, acquirer, plain), first

        waited, first = self._context.store.write(work)
        if first is not None:
            self.matching.run(first, self.today())
        return waited

    def _keep_code(self, tx: Transaction, branch: str, acquirer: Acquirer, code: str, group: str) -> None:
        held = [row for row in establishments.codes(tx) if (row[1], row[2]) == (branch, acquirer)]
        values = {"code": code, "group": group}
        if not held:
            tx.insert(EstablishmentRow, id=new_key(), branch=branch, acquirer=acquirer, **values)
        elif not tx.claim(EstablishmentRow, held[0][0], held[0][5], **values):
            raise Conflict("Outra pessoa mudou este código agora mesmo: confira.")

    # The desk

    def today(self) -> date:
        """The store's present day."""
        return self._context.clock().astimezone(self._context.zone).date()

    def counted(self, chosen: Chosen) -> list[Counted]:
        """Return how many stand in each state."""
        with self._context.store.reading() as tx:
            return card_desk.counted(tx, chosen)

    def page(self, chosen: Chosen, edge: Line | None = None, newer: bool = False) -> list[Line]:
        """Return a page of lines, the newest day first."""
        at = (edge.day.toordinal(), edge.key) if edge else None
        with self._context.store.reading() as tx:
            return card_desk.page(tx, chosen, PAGE, at, newer)

    def pair(self, line: Line) -> Pair:
        """Return a line's two sides, with what was done to it and the records it came in."""
        with self._context.store.reading() as tx:
            if not line.ours:
                return self._pair(tx, None, acquirer_sales.get(tx, line.key))
            link = card_links.link_of(tx, line.key)
            sale = acquirer_sales.get(tx, link[0]) if link else None
            return self._pair(tx, card_receipts.get(tx, line.key), sale)

    def _pair(self, tx: Transaction, receipt: CardReceipt | None, sale: AcquirerSale | None) -> Pair:
        zone = self._context.zone
        hour = show_hour(receipt.sold_at, zone) if receipt else ""
        raw = []
        for part, name, line, offset, record in acquirer_sales.records_of(tx, sale.id) if sale else []:
            which = f", parcela {part}" if part else ""
            raw.append(f"{name}, linha {line}, byte {offset}{which}: {record}")
        return Pair(receipt, sale, sides(receipt, sale, hour), self._history(tx, receipt, sale), tuple(raw))

    def _history(
        self, tx: Transaction, receipt: CardReceipt | None, sale: AcquirerSale | None
    ) -> tuple[str, ...]:
        zone, told = self._context.zone, []
        if receipt is not None:
            for edition, authorisation, instalments, who, reason, at in card_receipts.editions(
                tx, receipt.id
            ):
                by = f" por {who}, {show(at, zone)}: {reason}" if who else ""
                told.append(f"Versão {edition}: autorização {authorisation}, {instalments}x{by}")
            link = card_links.link_of(tx, receipt.id)
            if link is not None and link[1] == card_links.BY_HAND:
                told.append(f"Ligada à mão por {link[2]}, {show(link[4], zone)}: {link[3]}")
            if receipt.sent_file is not None:
                told.append(f"Última remessa: {receipt.sent_file}.")
        if sale is not None:
            if sale.life:
                step = LIFE_STEPS[sale.life] if watched(sale.life, bool(receipt and receipt.refunded)) else ""
                told.append(f"Na adquirente: {LIFE_WORDS[sale.life]}. {step}".strip())
            if sale.fee is not None:
                told.append(f"Taxa cobrada: R$ {format_money(sale.fee)}.")
            if sale.copies > 1:
                told.append(f"O mesmo arquivo traz esta venda {sale.copies} vezes.")
        return tuple(told)

    # Files

    def told_files(self) -> list[FileTold]:
        """Return what is known of each kind of file, those with gaps first."""
        now = self._context.now()
        with self._context.store.reading() as tx:
            rows = _by_place(statements.files(tx, now - LOOK_BACK_DAYS * _DAY_MS))
            groups = {(row[2], row[3]): row[4] for row in establishments.codes(tx)}
            waited = self._waited_for(tx)
            found = []
            for place, some in rows.items():
                days = [waited[one] for one in waited if place in _names(one, groups)]
                found.append(self._told(tx, place, some, set().union(*days)))
        found += self._never_came(set(rows), groups, waited)
        found.sort(key=lambda one: (not (one.missing_days or one.missing_sequences), one.acquirer, one.feed))
        return found

    def _waited_for(self, tx: Transaction) -> dict[Place, set[int]]:
        """The days of which receipts wait for a file."""
        since = self.today().toordinal() - LOOK_BACK_DAYS
        found: defaultdict[Place, set[int]] = defaultdict(set)
        for acquirer, code, kind, day in card_desk.days_without_file(tx, since):
            feed = feed_of(Acquirer(acquirer), Modality(kind) if kind else None)
            found[acquirer, feed, code].add(day)
        return found

    def _never_came(self, seen: set[Place], groups: Groups, waited: dict[Place, set[int]]) -> list[FileTold]:
        """Places in whose name no file came: those with a code, and those whose receipts wait for one."""
        wanted: dict[Place, set[date]] = {}
        for acquirer, code in groups:
            names = {code, groups[acquirer, code]}
            if not any(one == acquirer and of in names for one, _, of in seen):
                wanted[acquirer, Feed.SALES, code] = set(self._last_days())
        for place, days in waited.items():
            if not _names(place, groups) & seen:
                wanted.setdefault(place, set()).update(map(date.fromordinal, days))
        return [
            FileTold(Acquirer(acquirer), feed, code, "", None, 0, tuple(sorted(days)))
            for (acquirer, feed, code), days in wanted.items()
        ]

    def _told(
        self, tx: Transaction, place: Place, rows: list[tuple[object, ...]], waited: set[int]
    ) -> FileTold:
        acquirer, feed, code = place
        name, made_on, read_at, skipped, notes = map(str, rows[-1][5:])
        days: tuple[date, ...] = ()
        if feed != Feed.MONEY:
            wanted = [day for day in self._last_days() if day.toordinal() >= _first_day(rows)]
            if wanted:
                span = wanted[0].toordinal(), wanted[-1].toordinal()
                came = statements.proved(tx, acquirer, feed, [code], *span)
                days = tuple(day for day in wanted if day.toordinal() not in came)
        late = {date.fromordinal(day) for day in waited}
        days = tuple(sorted({*days, *late}))
        numbers = sorted(int(str(row[3])) for row in rows if row[3] is not None and not row[4])
        gaps = tuple(sorted(set(range(numbers[0], numbers[-1])) - set(numbers))[:20]) if numbers else ()
        made = date.fromordinal(int(made_on))
        odd = (*_skipped(skipped), *json.loads(notes))
        return FileTold(Acquirer(acquirer), feed, code, name, made, int(read_at), days, gaps, odd)

    def _last_days(self) -> tuple[date, ...]:
        """The days that files must be about by now: a week back to the day before yesterday."""
        today = self.today()
        return tuple(today - timedelta(days=back) for back in range(8, 1, -1))

    def refused(self) -> list[Refused]:
        """Return the files of the last days that were not taken."""
        with self._context.store.reading() as tx:
            rows = statements.refused(tx, self._context.now() - LOOK_BACK_DAYS * _DAY_MS)
        return [Refused(*row) for row in rows]

    def last_remessa(self) -> str:
        """Say which remessa was the last, as a sentence."""
        with self._context.store.reading() as tx:
            row = remessas.last(tx)
        if row is None:
            return "Nenhuma remessa foi enviada ainda."
        number, name, count, at = row
        return f"Última remessa: {number} ({name}), {count} recebimento(s), {show(at, self._context.zone)}."


def _skipped(told: str) -> tuple[str, ...]:
    """Say which records of a file nobody here reads."""
    kinds = json.loads(told)
    if not kinds:
        return ()
    which = ", ".join(f"{kind or '(vazio)'} ({count})" for kind, count in sorted(kinds.items()))
    return (f"registros que aqui não se leem: {clean(which, 80)}.",)


def _names(place: Place, groups: Groups) -> set[Place]:
    """The places whose files list a store's sales: its own, and its group's."""
    acquirer, feed, code = place
    return {place, (acquirer, feed, groups.get((acquirer, code)) or code)}


def _by_place(rows: list[tuple[object, ...]]) -> dict[Place, list[tuple[object, ...]]]:
    found: defaultdict[Place, list[tuple[object, ...]]] = defaultdict(list)
    for row in rows:
        found[str(row[0]), str(row[1]), str(row[2])].append(row)
    return found


def _first_day(rows: list[tuple[object, ...]]) -> int:
    """The day before the first file that came: nothing is missed from before that."""
    return min(int(str(row[6])) for row in rows) - 1
