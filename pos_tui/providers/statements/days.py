"""The days a file vouches for."""

from datetime import date, timedelta

from pos_tui.domain.statement import BadStatement

MOST = 400
"""Days in one file: a longer period is a slip in the header."""


def span(since: date, until: date, line: int, label: str) -> tuple[date, ...]:
    """Return every day of a period. Raises BadStatement when it is none."""
    if not 0 <= (until - since).days < MOST:
        raise BadStatement(f"o período vai de {since:%d/%m/%Y} a {until:%d/%m/%Y}", line, label)
    return tuple(since + timedelta(days=step) for step in range((until - since).days + 1))


def before(day: date) -> tuple[date, ...]:
    """Return the day a file made on `day` is about, where its header tells no period: the one before."""
    return (day - timedelta(days=1),)
