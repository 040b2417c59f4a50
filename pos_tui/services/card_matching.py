"""Matching in the database, in lots: however many sales there are, few are held at once.

A pass first settles what a changed day settles by itself, by lots of equal amounts, then what stayed open in
the days around it; only slips that share something with the other side are held together for that. It undoes
what earlier passes linked there and writes what is different, a lot at a time. So it gives the same whatever
came first, and run again it changes nothing. What a person linked is never touched.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from heapq import merge
from types import ModuleType
from typing import NamedTuple

from msgspec import Struct, field

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
from pos_tui.domain.traces import Trace, finished
from pos_tui.services.context import Context
from pos_tui.store import acquirer_sales, card_links, card_receipts, establishments, statements
from pos_tui.store.card_links import Held
from pos_tui.store.database import Transaction
from pos_tui.store.models.reconciliation import AcquirerSaleRow, CardReceiptRow

REACH = 20
"""Days around a change whose outcome it can touch: the stages reach 1, 1 and 3 days both ways, one after the
other (A.9)."""
LOT = 4_096
"""About how many slips of a side are held at once."""

Standing = dict[str, tuple[str, str, int]]
Wanted = tuple[State, str, str]
Groups = Mapping[Wanted, Sequence[tuple[str, int]]]


class _Lot(Struct):
    """Slips whose ends are written together: how they stand, what links them, and what became of them."""

    found: Matching = field(default_factory=Matching)
    ours: Standing = field(default_factory=dict)
    theirs: Standing = field(default_factory=dict)
    links: dict[str, tuple[str, int]] = field(default_factory=dict)
    """Of earlier passes: receipt → sale and stage."""
    outdated: list[str] = field(default_factory=list)
    named: set[str] = field(default_factory=set)
    """Those that somebody of any day may name."""

    def keep_reopened(self, sales: Mapping[str, tuple[str, int]]) -> None:
        """Leave what its day did not settle to the days around it, but say of what it had settled before.

        `sales` is how those of the other side are linked.
        """
        for slip in self.found.left:
            if not _was_settled(self.links.get(slip.key), self.ours[slip.key]):
                del self.ours[slip.key]
                self.links.pop(slip.key, None)
        for slip in self.found.orphans:
            if not _was_settled(sales.get(slip.key), self.theirs[slip.key]):
                del self.theirs[slip.key]

    def take(self, one: "_Open", written: bool, named: bool = False) -> None:
        """Hold one more; not `written`, it only helps to match the others."""
        key = one.slip.key
        if one.outdated:
            self.outdated.append(key)
        else:
            (self.found.left if one.ours else self.found.orphans).append(one.slip)
        if written:
            (self.ours if one.ours else self.theirs)[key] = one.stands
        if written and one.link:
            self.links[key] = one.link
        if named:
            self.named.add(key)

    def without(self, keys: set[str]) -> "_Lot":
        """Take some out of it; return them as a lot."""
        lot = _Lot()
        lot.found.left, self.found.left = _parted(self.found.left, keys)
        lot.found.orphans, self.found.orphans = _parted(self.found.orphans, keys)
        lot.ours = {key: self.ours.pop(key) for key in keys & self.ours.keys()}
        lot.theirs = {key: self.theirs.pop(key) for key in keys & self.theirs.keys()}
        lot.links = {key: self.links.pop(key) for key in keys & self.links.keys()}
        return lot


def _parted(slips: list[Slip], keys: set[str]) -> tuple[list[Slip], list[Slip]]:
    return [one for one in slips if one.key in keys], [one for one in slips if one.key not in keys]


class _Open(NamedTuple):
    """A slip that its day alone does not settle, and how it stands."""

    slip: Slip
    ours: bool
    stands: tuple[str, str, int]
    link: tuple[str, int] | None
    outdated: bool
    """A sale that names an edition which was corrected since."""


def _was_settled(link: tuple[str, int] | None, stands: tuple[str, str, int]) -> bool:
    return stands[0] == State.DUPLICATE or (link is not None and link[1] == card_links.OF_A_DAY)


class _Days(Struct, frozen=True):
    """Days whose slips are written; those within reach only help to match them."""

    since: int
    until: int

    def hold(self, slip: Slip) -> bool:
        """Tell whether a slip is of one of them."""
        return self.since <= slip.day.toordinal() <= self.until


class _Changes(Struct):
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

        Not `anew`: no row of these days is new or corrected, only the time is another. A lot is written
        before the next is read: a stop in between leaves days that the next pass finishes.
        """
        begin, end = first.toordinal(), last.toordinal()
        changed = 0
        for day in range(begin, end + 1) if anew else ():
            changed += sum(self._write(lot) for lot in self._day(day))
        return changed + self._around(_Days(begin - REACH, end + REACH))

    # What a day settles by itself

    def _day(self, day: int) -> Iterator[_Lot]:
        with self._context.store.reading() as tx:
            most = max(card_receipts.count(tx, day), acquirer_sales.count(tx, day))
        shares = 1 << (most // LOT).bit_length()
        for share in range(shares if most else 0):
            with self._context.store.reading() as tx:
                ours = card_receipts.slips_of_day(tx, day, shares - 1, share)
                theirs = acquirer_sales.slips_of_day(tx, day, shares - 1, share)
                current, _ = self._current(tx, theirs.slips)
            lot = _Lot(Matching(), ours.standing, theirs.standing, ours.links)
            match_day(ours.slips, current, lot.found)
            lot.keep_reopened(theirs.links)
            yield lot

    def _current(self, tx: Transaction, theirs: list[Slip]) -> tuple[list[Slip], list[Slip]]:
        """Part the sales that name an edition which was corrected since from all others."""
        named = {slip.names.partition("/")[0] for slip in theirs if slip.names}
        editions = card_receipts.editions_now(tx, sorted(named))
        current, outdated = [], []
        for slip in theirs:
            key, _, edition = slip.names.partition("/")
            if not slip.names or editions.get(key, edition) == edition:
                current.append(slip)
            else:
                outdated.append(slip)
        return current, outdated

    # What is open around it

    def _around(self, days: _Days) -> int:
        """Match what no day alone settles, the oldest day first."""
        receipts, sales = self._trace(card_receipts, days), self._trace(acquirer_sales, days)
        lonely, rest, day, changed = _Lot(), _Lot(), date.min, 0
        both = (self._open(side, days) for side in (card_receipts, acquirer_sales))
        for one in merge(*both, key=lambda one: one.slip.day):
            if one.slip.day != day:
                day = one.slip.day
                changed += self._write(lonely) + self._settled(rest, day)
                lonely = _Lot()
            others = sales if one.ours else receipts
            if one.outdated or not others.meets(one.slip):
                lonely.take(one, days.hold(one.slip))
            else:
                rest.take(one, days.hold(one.slip), named=others.names(one.slip))
        match_rest(rest.found)
        return changed + self._write(lonely) + self._write(rest)

    def _trace(self, side: ModuleType, days: _Days) -> Trace:
        trace = Trace()
        for held in self._pages(side, days):
            trace.add(held.slips)
        return trace

    def _pages(self, side: ModuleType, days: _Days) -> Iterator[Held]:
        after = (0, "")
        while True:
            with self._context.store.reading() as tx:
                held: Held = side.open_slips(tx, days.since - REACH, days.until + REACH, after, LOT)
            if not held.slips:
                return
            yield held
            after = held.slips[-1].day.toordinal(), held.slips[-1].key

    def _open(self, side: ModuleType, days: _Days) -> Iterator[_Open]:
        ours = side is card_receipts
        for held in self._pages(side, days):
            outdated: set[str] = set()
            if not ours:
                with self._context.store.reading() as tx:
                    outdated = {slip.key for slip in self._current(tx, held.slips)[1]}
            for slip in held.slips:
                link = held.links.get(slip.key) if ours else None
                yield _Open(slip, ours, held.standing[slip.key], link, slip.key in outdated)

    def _settled(self, rest: _Lot, day: date) -> int:
        """Match those of the rest that no later day can touch, once there are many."""
        slips = [*rest.found.left, *rest.found.orphans]
        if len(slips) < LOT:
            return 0
        lot = rest.without(finished(slips, day, rest.named))
        match_rest(lot.found)
        return self._write(lot)

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
