"""Days as people type them."""

from datetime import datetime

YEARS = range(2000, 2100)
"""Far beyond them there are no time zones and no dates."""


def parse_day(text: str) -> datetime:
    """Return midnight of a typed day, without a zone: the caller adds the store's. Raises ValueError."""
    return datetime.strptime(text.strip(), "%d/%m/%Y")  # noqa: DTZ007


def check_day(text: str) -> str | None:
    """Say what is wrong with a typed day, or nothing."""
    try:
        day = parse_day(text)
    except ValueError:
        return "Use dd/mm/aaaa, como 18/05/2021."
    return None if day.year in YEARS else f"O ano vai de {YEARS[0]} a {YEARS[-1]}."


def check_order(since: str, until: str) -> str | None:
    """Say that a period ends before it begins, or nothing."""
    if check_day(since) is None and parse_day(until) < parse_day(since):
        return "O fim do período vem antes do começo."
    return None
