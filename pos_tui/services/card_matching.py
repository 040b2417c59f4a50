"""Matching in the database: a day at a time, with only what no day could settle held together.

A pass looks at all days whose outcome new files or corrections can change, undoes in memory what earlier
passes linked there, and writes what is different. So it gives the same whatever came first, and run again it
changes nothing. What a person linked is never touched.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from pos_tui.domain.matching import Matching, Slip, match_day, match_rest
from pos_tui.domain.reconciliation import (
    WINDOW_DAYS,
    Acquirer,
    Feed,
    Owner,
    State,
    feed_of,
    owner_of,
    unmatched,
)
from pos_tui.services.context import Context
from pos_tui.store import acquirer_sales, card_links, card_receipts, establishments, statements
from pos_tui.store.database import Transaction
from pos_tui.store.models.reconciliation import AcquirerSaleRow, CardReceiptRow

REACH = 20
"""Days around a change whose outcome it can touch: the stages reach 1, 1 and 3 days both ways, one after the
other (A.9)."""

Standing = dict[str, tuple[str, str, int]]
Wanted = tuple[State, str, str]


@dataclass(slots=True)
class _Pass:
    """One pass over some days."""

    first: int
    last: int
    found: Matching = field(default_factory=Matching)
    ours: Standing = field(default_factory=dict)
    theirs: Standing = field(default_factory=dict)
    days: dict[str, int] = field(default_factory=dict)
    outdated: list[str] = field(default_factory=list)

    def keep(self, day: int, slips: Iterable[Slip], standing: Standing, side: Standing) -> None:
        """Remember how a day's slips stand, where the pass may change it."""
        if self.first <= day <= self.last:
            side.update(standing)
            self.days.update({slip.key: day for slip in slips})


class CardMatching:
    """Links receipts and sales of this database."""

    def __init__(self, context: Context, window: int = WINDOW_DAYS) -> None:
        self._context = context
        self._window = window

    def run(self, first: date, last: date, anew: bool = True) -> int:
        """Match everything that a change between two days can touch; return how many rows changed.

        Not `anew`: no row of these days is new or corrected, only the time is another.
        """
        now = _Pass(first.toordinal() - REACH, last.toordinal() + REACH)
        with self._context.store.reading() as tx:
            for day in range(now.first - REACH, now.last + REACH + 1):
                # What a day settles by itself changes only with that day: of the others the rest is enough.
                self._read_day(tx, day, now, whole=anew and first.toordinal() <= day <= last.toordinal())
            match_rest(now.found)
        return self._context.store.write(lambda tx: self._write(tx, now))

    def _read_day(self, tx: Transaction, day: int, now: _Pass, whole: bool) -> None:
        ours, standing = card_receipts.day_slips(tx, day, whole)
        now.keep(day, ours, standing, now.ours)
        theirs, standing = acquirer_sales.day_slips(tx, day, whole)
        now.keep(day, theirs, standing, now.theirs)
        current = self._current(tx, theirs)
        now.outdated += [slip.key for slip in theirs if slip.key not in current]
        match_day(ours, [slip for slip in theirs if slip.key in current], now.found)

    def _current(self, tx: Transaction, theirs: list[Slip]) -> set[str]:
        """All but the sales that name an edition which was corrected since."""
        named = {slip.names.partition("/")[0] for slip in theirs if slip.names}
        editions = card_receipts.editions_now(tx, sorted(named))
        return {
            slip.key
            for slip in theirs
            if not slip.names
            or editions.get(slip.names.partition("/")[0], slip.names.partition("/")[2])
            == slip.names.partition("/")[2]
        }

    # What is different

    def _write(self, tx: Transaction, now: _Pass) -> int:
        links = {link.ours: link for link in now.found.links if link.ours in now.ours}
        old = card_links.links_of_days(tx, now.first, now.last)
        old = {key: pair for key, pair in old.items() if key in now.ours}
        new = {link.ours: (link.theirs, link.stage) for link in links.values()}
        gone = [key for key, pair in old.items() if new.get(key) != pair]
        fresh = [(key, *pair) for key, pair in new.items() if old.get(key) != pair]
        card_links.replace_links(tx, gone, fresh, self._context.now())
        ours: dict[str, Wanted] = {}
        theirs: dict[str, Wanted] = {}
        for link in links.values():
            state = State.DIVERGENT if link.differences else State.RECONCILED
            told = ",".join(link.differences)
            ours[link.ours] = (state, told, owner_of(state, link.differences))
            theirs[link.theirs] = (state, "", Owner.NOBODY)
        for key in now.found.duplicates:
            (ours if key in now.ours else theirs)[key] = _plain(State.DUPLICATE)
        for key in now.found.ambiguous:
            (ours if key in now.ours else theirs)[key] = _plain(State.AMBIGUOUS)
        ours |= self._waiting(tx, [slip for slip in now.found.left if slip.key in now.ours])
        theirs |= {slip.key: _plain(State.ORPHAN) for slip in now.found.orphans}
        theirs |= {key: _plain(State.OUTDATED) for key in now.outdated}
        changed = self._move(tx, CardReceiptRow, ours, now.ours)
        return changed + self._move(tx, AcquirerSaleRow, theirs, now.theirs) + len(gone)

    def _move(
        self,
        tx: Transaction,
        model: type[CardReceiptRow | AcquirerSaleRow],
        wanted: dict[str, Wanted],
        now: Standing,
    ) -> int:
        groups: defaultdict[Wanted, list[tuple[str, int]]] = defaultdict(list)
        for key, then in wanted.items():
            if key not in now:
                continue
            state, detail, version = now[key]
            held = (state, detail) if model is CardReceiptRow else (state, "")
            if held != (then[0], then[1]):
                groups[then].append((key, version))
        return card_links.move(tx, model, groups)

    # Receipts without a sale

    def _waiting(self, tx: Transaction, left: list[Slip]) -> dict[str, Wanted]:
        if not left:
            return {}
        told = card_receipts.tellings(tx, sorted(slip.key for slip in left))
        groups = {code: group for _, _, _, code, group, _ in establishments.codes(tx) if group}
        proofs: dict[tuple[Acquirer, Feed, str], set[int]] = {}
        today = self._context.clock().astimezone(self._context.zone).date()
        wanted = {}
        for slip in left:
            acquirer, modality, unsent, sent = told[slip.key]
            feed = feed_of(acquirer, modality)
            code = slip.establishment
            known = proofs.get((acquirer, feed, code))
            if known is None:
                codes = [code, *filter(None, [groups.get(code)])]
                known = statements.proved(tx, acquirer, feed, codes, *_span(left))
                proofs[acquirer, feed, code] = known
            start = State.TO_SEND if unsent else State.SENT if sent else State.WAITING
            came = slip.day.toordinal() in known
            wanted[slip.key] = _plain(unmatched(slip.day, today, came, start, self._window))
        return wanted

    def overdue(self) -> int:
        """Match the last days again: time alone turns what waits into what is not found."""
        today = self._context.clock().astimezone(self._context.zone).date()
        return self.run(today - timedelta(days=self._window + REACH), today, anew=False)


def _plain(state: State) -> Wanted:
    return state, "", owner_of(state)


def _span(slips: list[Slip]) -> tuple[int, int]:
    days = [slip.day.toordinal() for slip in slips]
    return min(days), max(days)
