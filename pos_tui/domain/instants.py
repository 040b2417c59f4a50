"""Instants are aware UTC datetimes in the program and UTC milliseconds in the database."""

from datetime import UTC, datetime, tzinfo


def to_ms(instant: datetime) -> int:
    """Return UTC milliseconds since 1970, rounded down."""
    return int(instant.timestamp() * 1000)


def from_ms(milliseconds: int) -> datetime:
    """Return the aware UTC instant of a stored number."""
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


def show(milliseconds: int, zone: tzinfo) -> str:
    """Write an instant for the screen: `18/05/2021 09:33`."""
    return from_ms(milliseconds).astimezone(zone).strftime("%d/%m/%Y %H:%M")


def show_hour(milliseconds: int, zone: tzinfo) -> str:
    """Write an instant of today: `09:33`."""
    return from_ms(milliseconds).astimezone(zone).strftime("%H:%M")


def show_second(milliseconds: int, zone: tzinfo) -> str:
    """Write an instant of today to the second: `09:33:07`."""
    return from_ms(milliseconds).astimezone(zone).strftime("%H:%M:%S")
