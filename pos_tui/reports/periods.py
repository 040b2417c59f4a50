"""The days a report is asked for: by a word, or from one day to another."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta, tzinfo
from enum import StrEnum

from pos_tui.domain.instants import from_ms, to_ms


class Preset(StrEnum):
    """Periods that have a name; also values of `--period`."""

    TODAY = "hoje"
    YESTERDAY = "ontem"
    WEEK = "7-dias"
    MONTH = "mes"
    LAST_MONTH = "mes-passado"


PRESET_WORDS = {
    Preset.TODAY: "Hoje",
    Preset.YESTERDAY: "Ontem",
    Preset.WEEK: "Últimos 7 dias",
    Preset.MONTH: "Este mês",
    Preset.LAST_MONTH: "Mês passado",
}


def days_of(preset: Preset, today: date) -> tuple[date, date]:
    """Return the first and the last day of a period; the last seven days end with today."""
    match preset:
        case Preset.TODAY:
            return today, today
        case Preset.YESTERDAY:
            yesterday = today - timedelta(days=1)
            return yesterday, yesterday
        case Preset.WEEK:
            return today - timedelta(days=6), today
        case Preset.MONTH:
            return today.replace(day=1), today
        case Preset.LAST_MONTH:
            last = today.replace(day=1) - timedelta(days=1)
            return last.replace(day=1), last


def span(first: date, last: date, zone: tzinfo) -> tuple[int, int]:
    """Return the instants in UTC milliseconds: the first day's midnight, and the one that ends the last."""
    return _midnight(first, zone), _midnight(last + timedelta(days=1), zone)


def days_within(since: int, until: int, zone: tzinfo) -> Iterator[tuple[int, int]]:
    """Yield the days of a span of instants, the first and the last one perhaps in part."""
    while since < until:
        ends = _midnight(from_ms(since).astimezone(zone).date() + timedelta(days=1), zone)
        yield since, min(ends, until)
        since = ends


def _midnight(day: date, zone: tzinfo) -> int:
    return to_ms(datetime.combine(day, datetime.min.time(), zone))
