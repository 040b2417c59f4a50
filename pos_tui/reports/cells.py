"""Instants as the cells and bars of reports write them."""

from datetime import datetime, tzinfo

from pos_tui.domain.instants import from_ms
from pos_tui.reports.definition import Asked


def local(at: int, zone: tzinfo) -> datetime:
    """Return an instant of the database in the store's zone."""
    return from_ms(at).astimezone(zone)


def to_second(at: int, zone: tzinfo) -> str:
    """Write an instant: `12/05/2021 16:24:32`."""
    return f"{local(at, zone):%d/%m/%Y %H:%M:%S}"


def day(at: int, zone: tzinfo) -> str:
    """Write an instant's day as the label of a bar: `12/05/21`."""
    return f"{local(at, zone):%d/%m/%y}"


def hour(at: int, zone: tzinfo) -> str:
    """Write an instant's hour as the label of a bar: `16h`."""
    return f"{local(at, zone):%H}h"


def period_words(asked: Asked, zone: tzinfo) -> str:
    """Write the period as the seed does: `01/05/2021 - 18/05/2021`."""
    return f"{local(asked.since, zone):%d/%m/%Y} - {local(asked.until - 1, zone):%d/%m/%Y}"
