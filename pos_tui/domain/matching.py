"""Which receipt is which sale of an acquirer (facts/cards-and-isp.md A.9).

Stages from the surest to the weakest; in each, candidates are sought both ways and only pairs that want each
other and nobody else are linked. So the result depends on what there is, never on the order it came in. What
stays with several candidates is ambiguous, a state of its own. Nothing is ever linked by likeness alone.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from msgspec import Struct, field

from pos_tui.domain.reconciliation import Difference

NEAR_DAYS = 1
"""A sale around midnight may be booked a day apart."""
FAR_DAYS = 3
"""Beyond these no two are thought of as one sale."""


class Slip(NamedTuple):
    """One side of a card sale, its values in their plain form; what a side does not tell is empty or 0."""

    key: str
    day: date
    establishment: str
    nsu: str
    authorisation: str
    amount: int
    brand: str = ""
    modality: str = ""
    instalments: int = 0
    last_four: str = ""
    terminal: str = ""
    minute: int = -1
    """Of the day; -1 unknown."""
    names: str = ""
    """The receipt that a return names, with the edition it was sent under."""
    copies: int = 1
    """How often one file lists it."""


class Link(NamedTuple):
    """A receipt and the sale it is."""

    ours: str
    theirs: str
    stage: int
    """0: the return named the receipt; 1 to 4: the stages of A.9."""
    differences: tuple[Difference, ...]


class Matching(Struct):
    """What became of each side. Keys that are nowhere else are left over."""

    links: list[Link] = field(default_factory=list)
    duplicates: set[str] = field(default_factory=set)
    """Of both sides: the same key twice on either."""
    ambiguous: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Of both sides: who the candidates are."""
    left: list[Slip] = field(default_factory=list)
    """Receipts without a sale."""
    orphans: list[Slip] = field(default_factory=list)
    """Sales without a receipt."""


def differences(ours: Slip, theirs: Slip) -> tuple[Difference, ...]:
    """Return the fields in which two sides differ. What one side does not tell does not differ."""
    found = []
    if ours.amount != theirs.amount:
        found.append(Difference.AMOUNT)
    if _differ(ours.authorisation, theirs.authorisation):
        found.append(Difference.AUTHORISATION)
    if _differ(ours.nsu, theirs.nsu):
        found.append(Difference.NSU)
    if ours.day != theirs.day:
        found.append(Difference.DAY)
    if _differ(ours.instalments, theirs.instalments):
        found.append(Difference.INSTALMENTS)
    if _differ(ours.brand, theirs.brand):
        found.append(Difference.BRAND)
    if _differ(ours.modality, theirs.modality):
        found.append(Difference.MODALITY)
    if _differ(ours.establishment, theirs.establishment):
        found.append(Difference.ESTABLISHMENT)
    return tuple(found)


def _differ(one: str | int, other: str | int) -> bool:
    return bool(one) and bool(other) and one != other


def match(ours: Iterable[Slip], theirs: Iterable[Slip]) -> Matching:
    """Match two sides of any number of days."""
    days: defaultdict[date, tuple[list[Slip], list[Slip]]] = defaultdict(lambda: ([], []))
    for receipt in ours:
        days[receipt.day][0].append(receipt)
    for sale in theirs:
        days[sale.day][1].append(sale)
    done = Matching()
    for day in days.values():
        match_day(*day, done)
    return match_rest(done)


def match_day(ours: Sequence[Slip], theirs: Sequence[Slip], done: Matching) -> None:
    """Match one day's slips by what needs no other day; what is left over waits in `done` for `match_rest`.

    Nearly everything ends here, so that a month is matched in the memory of its busiest day.
    """
    free, open_sales = _twice(ours, theirs, done)
    free, open_sales = _stage(1, free, open_sales, _whole_key, _always, done)
    done.left += free
    done.orphans += open_sales


def match_rest(done: Matching) -> Matching:
    """Match what no single day could, with the days around it; call once, after every day."""
    ours, theirs = _named(done.left, done.orphans, done)
    ours, theirs = _stage(2, ours, theirs, _by_nsu, _near, done)
    ours, theirs = _stage(3, ours, theirs, _by_authorisation, _near_and_like, done)
    ours, theirs = _contested(ours, theirs, _third_edges(ours, theirs), done)
    edges = _fourth_edges(ours, theirs)
    ours, theirs = _link(4, ours, theirs, edges, done)
    done.left, done.orphans = _contested(ours, theirs, _among(edges, ours, theirs), done)
    done.links.sort()
    return done


# The stages -----------------------------------------------------------------------------------------


def _whole_key(slip: Slip) -> Hashable:
    if not (slip.establishment and slip.nsu and slip.authorisation):
        return None
    return slip.establishment, slip.nsu, slip.authorisation, slip.amount, slip.day


def _by_nsu(slip: Slip) -> Hashable:
    return (slip.establishment, slip.nsu, slip.amount) if slip.establishment and slip.nsu else None


def _by_authorisation(slip: Slip) -> Hashable:
    return (slip.authorisation, slip.amount) if slip.authorisation else None


def _always(ours: Slip, theirs: Slip) -> bool:
    return True


def _near(ours: Slip, theirs: Slip) -> bool:
    return abs((ours.day - theirs.day).days) <= NEAR_DAYS


def _near_and_like(ours: Slip, theirs: Slip) -> bool:
    return (
        _near(ours, theirs)
        and not _differ(ours.brand, theirs.brand)
        and not _differ(ours.instalments, theirs.instalments)
    )


def _one_field_off(ours: Slip, theirs: Slip) -> bool:
    if abs((ours.day - theirs.day).days) > FAR_DAYS:
        return False
    return len(differences(ours, theirs)) == 1


Key = Callable[[Slip], Hashable]
Fits = Callable[[Slip, Slip], bool]
Edges = Mapping[Slip, set[Slip]]


def _edges(ours: Iterable[Slip], theirs: Iterable[Slip], key: Key, fits: Fits) -> dict[Slip, set[Slip]]:
    """Return the candidates of each receipt that has any."""
    by_key: defaultdict[Hashable, list[Slip]] = defaultdict(list)
    for sale in theirs:
        named = key(sale)
        if named is not None:
            by_key[named].append(sale)
    found: dict[Slip, set[Slip]] = {}
    for receipt in ours:
        named = key(receipt)
        candidates = {sale for sale in by_key.get(named, ()) if fits(receipt, sale)} if named else None
        if candidates:
            found[receipt] = candidates
    return found


def _third_edges(ours: Sequence[Slip], theirs: Sequence[Slip]) -> dict[Slip, set[Slip]]:
    """What is still wanted after stage 3, by either key."""
    return _joined(
        _edges(ours, theirs, _by_nsu, _near), _edges(ours, theirs, _by_authorisation, _near_and_like)
    )


def _fourth_edges(ours: Sequence[Slip], theirs: Sequence[Slip]) -> dict[Slip, set[Slip]]:
    return _joined(
        _edges(ours, theirs, lambda slip: slip.nsu or None, _one_field_off),
        _edges(ours, theirs, lambda slip: slip.authorisation or None, _one_field_off),
    )


def _joined(first: Edges, second: Edges) -> dict[Slip, set[Slip]]:
    return {slip: first.get(slip, set()) | second.get(slip, set()) for slip in [*first, *second]}


def _among(edges: Edges, ours: Sequence[Slip], theirs: Sequence[Slip]) -> dict[Slip, set[Slip]]:
    left, still = set(theirs), set(ours)
    return {slip: found & left for slip, found in edges.items() if slip in still and found & left}


def _stage(
    number: int, ours: Sequence[Slip], theirs: Sequence[Slip], key: Key, fits: Fits, done: Matching
) -> tuple[list[Slip], list[Slip]]:
    return _link(number, ours, theirs, _edges(ours, theirs, key, fits), done)


def _link(
    number: int, ours: Sequence[Slip], theirs: Sequence[Slip], edges: Edges, done: Matching
) -> tuple[list[Slip], list[Slip]]:
    """Link whoever wants each other and nobody else; return who is left on both sides."""
    wanted = Counter(sale for candidates in edges.values() for sale in candidates)
    gone: set[str] = set()
    for receipt, candidates in edges.items():
        if len(candidates) != 1:
            continue
        (sale,) = candidates
        if wanted[sale] == 1:
            done.links.append(Link(receipt.key, sale.key, number, differences(receipt, sale)))
            gone |= {receipt.key, sale.key}
    return _without(ours, gone), _without(theirs, gone)


def _named(ours: Sequence[Slip], theirs: Sequence[Slip], done: Matching) -> tuple[list[Slip], list[Slip]]:
    """Link by the receipt and edition that a return names; two sales naming one are left to the stages."""
    by_name: defaultdict[str, list[Slip]] = defaultdict(list)
    for sale in theirs:
        if sale.names:
            by_name[sale.names].append(sale)
    gone: set[str] = set()
    times = Counter(receipt.names for receipt in ours)
    for receipt in ours:
        named = by_name.get(receipt.names, []) if times[receipt.names] == 1 else []
        if len(named) == 1:
            sale = named[0]
            done.links.append(Link(receipt.key, sale.key, 0, differences(receipt, sale)))
            gone |= {receipt.key, sale.key}
    return _without(ours, gone), _without(theirs, gone)


def _twice(ours: Sequence[Slip], theirs: Sequence[Slip], done: Matching) -> tuple[list[Slip], list[Slip]]:
    """Take out what stands twice under one key on either side, with whatever it could be on the other."""
    groups: defaultdict[Hashable, list[list[Slip]]] = defaultdict(lambda: [[], []])
    for side, slips in enumerate((ours, theirs)):
        for slip in slips:
            if slip.establishment and slip.nsu:
                groups[slip.establishment, slip.nsu, slip.amount][side].append(slip)
    gone: set[str] = set()
    for sides in groups.values():
        again = _repeated(sides[0]) | _repeated(sides[1])
        for slip in (*sides[0], *sides[1]):
            if slip.authorisation in again or (again and ("" in again or not slip.authorisation)):
                gone.add(slip.key)
    done.duplicates |= gone
    return _without(ours, gone), _without(theirs, gone)


def _repeated(slips: Sequence[Slip]) -> set[str]:
    """Authorizations that stand twice; "" when one that tells none stands beside another."""
    if len(slips) == 1 and slips[0].copies == 1:
        return set()
    times: Counter[str] = Counter()
    for slip in slips:
        times[slip.authorisation] += slip.copies
    if "" in times and sum(times.values()) > 1:
        return {""}
    return {text for text, count in times.items() if count > 1}


def _contested(
    ours: Sequence[Slip], theirs: Sequence[Slip], edges: Edges, done: Matching
) -> tuple[list[Slip], list[Slip]]:
    """Mark who has several candidates, or wants what another wants too."""
    wanted: defaultdict[Slip, set[str]] = defaultdict(set)
    for receipt, candidates in edges.items():
        for sale in candidates:
            wanted[sale].add(receipt.key)
    for receipt, candidates in edges.items():
        if len(candidates) > 1 or any(len(wanted[sale]) > 1 for sale in candidates):
            done.ambiguous[receipt.key] = tuple(sorted(sale.key for sale in candidates))
            for sale in candidates:
                done.ambiguous[sale.key] = tuple(sorted(wanted[sale]))
    return _without(ours, done.ambiguous), _without(theirs, done.ambiguous)


def _without(slips: Sequence[Slip], gone: Iterable[str]) -> list[Slip]:
    out = gone if isinstance(gone, (set, dict)) else set(gone)
    return [slip for slip in slips if slip.key not in out] if out else list(slips)


# Suggestions for a person ---------------------------------------------------------------------------


class Suggestion(Struct, frozen=True):
    """A sale that may be a receipt's, and why; only a person may link it."""

    key: str
    score: int
    reasons: tuple[str, ...]


def suggest(ours: Slip, theirs: Iterable[Slip], tolerance: int = 2, limit: int = 9) -> list[Suggestion]:
    """Return the likeliest sales, best first; `tolerance` is in centavos (stage 5 of A.9)."""
    scored = (_scored(ours, sale, tolerance) for sale in theirs)
    found = [suggestion for suggestion in scored if suggestion is not None]
    found.sort(key=lambda one: (-one.score, one.key))
    return found[:limit]


def _scored(ours: Slip, sale: Slip, tolerance: int) -> Suggestion | None:
    apart, off = abs((ours.day - sale.day).days), abs(ours.amount - sale.amount)
    same = {
        "mesmo NSU": bool(ours.nsu) and ours.nsu == sale.nsu,
        "mesma autorização": bool(ours.authorisation) and ours.authorisation == sale.authorisation,
    }
    if apart > FAR_DAYS or (off > tolerance and not any(same.values())):
        return None
    points: list[tuple[int, str]] = [(5, text) for text, holds in same.items() if holds]
    if off <= tolerance:
        points.append((4, "mesmo valor" if off == 0 else f"valor a {off} centavo(s)"))
    points.append((3 - apart, "mesmo dia" if apart == 0 else f"{apart} dia(s) de diferença"))
    likes = (
        (2, "mesmo final do cartão", ours.last_four, sale.last_four),
        (1, "mesma bandeira", ours.brand, sale.brand),
        (1, "mesmo terminal", ours.terminal, sale.terminal),
        (1, "mesmas parcelas", ours.instalments, sale.instalments),
    )
    points += [(weight, text) for weight, text, one, other in likes if one and one == other]
    if apart == 0 and ours.minute >= 0 and sale.minute >= 0 and abs(ours.minute - sale.minute) <= 10:
        points.append((2, "mesma hora"))
    return Suggestion(sale.key, sum(weight for weight, _ in points), tuple(text for _, text in points))
