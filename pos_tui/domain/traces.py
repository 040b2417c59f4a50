"""What slips have in common, so that few of them are held together however many there are.

Every stage of matching past the first asks that NSU or authorization be the same and the days be near, or
that a return name the receipt. Who shares neither with anybody on the other side has no counterpart; who
shares it only with slips of days long past is settled among those.
"""

from collections.abc import Collection, Iterable
from datetime import date

from pos_tui.domain.matching import FAR_DAYS, Slip

_MASK = (1 << 25) - 1
"""Of a table of 4 MB: of a million slips a few in a hundred are held for nothing."""


class Trace:
    """What one side can be found by, roughly: who is taken for known by mistake costs memory, no result."""

    def __init__(self) -> None:
        self._table = bytearray((_MASK + 1) >> 3)

    def add(self, slips: Iterable[Slip]) -> None:
        """Know these."""
        for slip in slips:
            for sign in _signs(slip):
                self._table[sign >> 3] |= 1 << (sign & 7)

    def meets(self, slip: Slip) -> bool:
        """Tell whether anybody here may share something with a slip of the other side."""
        return any(map(self._has, _signs(slip)))

    def names(self, slip: Slip) -> bool:
        """Tell whether a return may name this receipt, or this return a receipt of here."""
        return bool(slip.names) and self._has(_sign("names", slip.names))

    def _has(self, sign: int) -> bool:
        return bool(self._table[sign >> 3] >> (sign & 7) & 1)


def _sign(kind: str, text: str) -> int:
    return hash((kind, text)) & _MASK


def _signs(slip: Slip) -> list[int]:
    told = (("nsu", slip.nsu), ("authorisation", slip.authorisation), ("names", slip.names))
    return [_sign(kind, text) for kind, text in told if text]


def finished(slips: Collection[Slip], day: date, named: Collection[str]) -> set[str]:
    """Return the keys of those that no slip of `day` or later can touch, nor by way of others.

    `named` are the keys of those whose counterpart by name may be of any day.
    """
    roots: dict[int, int] = {}

    def root(sign: int) -> int:
        while (above := roots.setdefault(sign, sign)) != sign:
            roots[sign] = roots[above]
            sign = roots[sign]
        return sign

    for slip in slips:
        first, *others = _signs(slip)
        for sign in others:
            roots[root(sign)] = root(first)
    last: dict[int, date] = {}
    for slip in slips:
        at = root(_signs(slip)[0])
        last[at] = max(last.get(at, slip.day), date.max if slip.key in named else slip.day)
    return {slip.key for slip in slips if (day - last[root(_signs(slip)[0])]).days > FAR_DAYS}
