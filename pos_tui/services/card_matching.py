"""Matching in the database: a day at a time, with only what no day could settle held together.

A pass looks at all days whose outcome new files or corrections can change, undoes in memory what earlier
passes linked there, and writes what is different: what a day settles by itself with that day, the rest at the
end. So it gives the same whatever came first, and run again it
changes nothing. What a person linked is never touched.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TypeVar

from pos_tui.domain.matching import Link, Matching, Slip, match_day, match_rest
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
Groups = Mapping[Wanted, Sequence[tuple[str, int]]]


@dataclass(slots=True)
class _Lot:
    """Slips whose ends are written together: how they stand, what links them, and what became of them."""

    found: Matching = field(default_factory=Matching)
    ours: Standing = field(default_factory=dict)
    theirs: Standing = field(default_factory=dict)
    links: dict[str, tuple[str, int]] = field(default_factory=dict)
    """Of earlier passes: receipt → sale and stage."""
    outdated: list[str] = field(default_factory=list)

    def forget(self) -> None:
        """Its slips help to match others, and are not written."""
        self.ours, self.theirs, self.links, self.outdated = {}, {}, {}, []

    def hand_on(self, rest: "_Lot") -> None:
        """Give what this day did not settle to the days together."""
        for slip in self.found.left:
            _hand(self.ours, rest.ours, slip.key)
            _hand(self.links, rest.links, slip.key)
        for slip in self.found.orphans:
            _hand(self.theirs, rest.theirs, slip.key)
        rest.found.left += self.found.left
        rest.found.orphans += self.found.orphans
        self.found.left, self.found.orphans = [], []


V = TypeVar("V")


def _hand(one: dict[str, V], other: dict[str, V], key: str) -> None:
    if key in one:
        other[key] = one.pop(key)


@dataclass(slots=True)
class _Changes:
    """What of a lot is not as it was."""

    gone: list[str]
    fresh: list[tuple[str, str, int]]
    ours: Groups
    theirs: Groups

    def __bool__(self) -> bool:
        return bool(self.gone or self.fresh or self.ours or self.theirs)


class CardMatching:
    """Links receipts and sales of this database."""

    def __init__(self, context: Context, window: int = WINDOW_DAYS) -> None:
        self._context = context
        self._window = window

    def run(self, first: date, last: date, anew: bool = True) -> int:
        """Match everything that a change between two days can touch; return how many rows changed.

        Not `anew`: no row of these days is new or corrected, only the time is another. A day is written
        before the next is read: a stop in between leaves days that the next pass finishes.
        """
        since, until = first.toordinal() - REACH, last.toordinal() + REACH
        rest, changed = _Lot(), 0
        for day in range(since - REACH, until + REACH + 1):
            # What a day settles by itself changes only with that day: of the others the rest is enough.
            lot = self._day(day, whole=anew and first.toordinal() <= day <= last.toordinal())
            if not since <= day <= until:
                lot.forget()
            lot.hand_on(rest)
            changed += self._write(lot)
        match_rest(rest.found)
        return changed + self._write(rest)

    def _day(self, day: int, whole: bool) -> _Lot:
        lot = _Lot()
        with self._context.store.reading() as tx:
            ours, lot.ours = card_receipts.day_slips(tx, day, whole)
            theirs, lot.theirs = acquirer_sales.day_slips(tx, day, whole)
            if ours:
                links = card_links.links_of_day(tx, day)
                lot.links = {key: pair for key, pair in links.items() if key in lot.ours}
            current = self._current(tx, theirs)
        lot.outdated = [slip.key for slip in theirs if slip.key not in current]
        match_day(ours, [slip for slip in theirs if slip.key in current], lot.found)
        return lot

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

    def _write(self, lot: _Lot) -> int:
        with self._context.store.reading() as tx:
            changes = self._changes(tx, lot)
        if not changes:
            return 0

        def work(tx: Transaction) -> int:
            card_links.replace_links(tx, changes.gone, changes.fresh, self._context.now())
            moved = card_links.move(tx, CardReceiptRow, changes.ours)
            return moved + card_links.move(tx, AcquirerSaleRow, changes.theirs) + len(changes.gone)

        return self._context.store.write(work)

    def _changes(self, tx: Transaction, lot: _Lot) -> _Changes:
        links = {link.ours: link for link in lot.found.links if link.ours in lot.ours}
        new = {link.ours: (link.theirs, link.stage) for link in links.values()}
        ours, theirs = self._wanted(tx, lot, links.values())
        return _Changes(
            gone=[key for key, pair in lot.links.items() if new.get(key) != pair],
            fresh=[(key, *pair) for key, pair in new.items() if lot.links.get(key) != pair],
            ours=_moves(ours, lot.ours, by_detail=True),
            theirs=_moves(theirs, lot.theirs, by_detail=False),
        )

    def _wanted(
        self, tx: Transaction, lot: _Lot, links: Iterable[Link]
    ) -> tuple[dict[str, Wanted], dict[str, Wanted]]:
        """How each slip of both sides should stand."""
        ours: dict[str, Wanted] = {}
        theirs: dict[str, Wanted] = {}
        for link in links:
            state = State.DIVERGENT if link.differences else State.RECONCILED
            ours[link.ours] = (state, ",".join(link.differences), owner_of(state, link.differences))
            theirs[link.theirs] = (state, "", Owner.NOBODY)
        for key in lot.found.duplicates:
            (ours if key in lot.ours else theirs)[key] = _plain(State.DUPLICATE)
        for key in lot.found.ambiguous:
            (ours if key in lot.ours else theirs)[key] = _plain(State.AMBIGUOUS)
        ours |= self._waiting(tx, [slip for slip in lot.found.left if slip.key in lot.ours])
        theirs |= {slip.key: _plain(State.ORPHAN) for slip in lot.found.orphans}
        theirs |= {key: _plain(State.OUTDATED) for key in lot.outdated}
        return ours, theirs

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


def _moves(wanted: Mapping[str, Wanted], now: Standing, by_detail: bool) -> Groups:
    """Those that stand elsewhere, by where they go; the detail of receipts counts: which fields differ."""
    groups: defaultdict[Wanted, list[tuple[str, int]]] = defaultdict(list)
    for key, then in wanted.items():
        if key in now:
            state, detail, version = now[key]
            if (state, detail if by_detail else "") != then[:2]:
                groups[then].append((key, version))
    return groups


def _plain(state: State) -> Wanted:
    return state, "", owner_of(state)


def _span(slips: list[Slip]) -> tuple[int, int]:
    days = [slip.day.toordinal() for slip in slips]
    return min(days), max(days)
