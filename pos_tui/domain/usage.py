"""What a subscriber used: connections (RADIUS accounting) and calls (CDR).

Sources: facts/cards-and-isp.md D.1 and D.2. Instants are aware UTC.
"""

import re
from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import Struct

INTERIM = timedelta(minutes=10)
"""How often a session tells of itself, where the accounting does not say."""
MISSED = 3
"""Updates that may be missing before a session counts as stale."""


class Period(Struct, frozen=True):
    """From an instant up to, and without, another."""

    since: datetime
    until: datetime


class SessionState(StrEnum):
    """Whether somebody is connected, as far as the accounting proves."""

    OPEN = "aberta"
    STALE = "sem atualização"
    CLOSED = "encerrada"


class Session(Struct, frozen=True):
    """One connection. Upload is the subscriber's side: the accounting's *input* octets."""

    login: str
    start: datetime
    end: datetime | None
    updated: datetime | None = None
    interval: timedelta | None = None
    upload: int = 0
    """Octets."""
    download: int = 0
    address: str = ""
    mac: str = ""
    cause: str = ""

    def state(self, now: datetime) -> SessionState:
        """A session without an end is open only while it still tells of itself."""
        if self.end is not None:
            return SessionState.CLOSED
        silence = now - (self.updated or self.start)
        return SessionState.STALE if silence > MISSED * (self.interval or INTERIM) else SessionState.OPEN

    def seconds(self, now: datetime) -> int:
        """How long it lasted; a stale one as far as it was heard of."""
        end = self.end or (now if self.state(now) is SessionState.OPEN else self.updated or self.start)
        return max(0, int((end - self.start).total_seconds()))

    def overlaps(self, period: Period) -> bool:
        """Whether any of it falls into the period: it may have begun long before."""
        return self.start < period.until and (self.end is None or self.end >= period.since)


class Termination(StrEnum):
    """Tipo de terminação: a class of tariff, told from the number that was dialled."""

    LOCAL = "Fixo local"
    LONG_DISTANCE = "Fixo DDD (LDN)"
    MOBILE_LOCAL = "Móvel local (VC1)"
    MOBILE_STATE = "Móvel VC2"
    MOBILE_COUNTRY = "Móvel VC3"
    INTERNATIONAL = "Internacional (LDI)"
    FREE = "0800"
    SPECIAL = "Serviço (3 a 5 dígitos)"
    OTHER = "Outra"


class Call(Struct, frozen=True):
    """One call of a terminal."""

    at: datetime
    terminal: str
    destination: str
    seconds: int
    """Billed, not ringing."""
    answered: bool
    termination: Termination
    amount: int | None = None
    """Centavos, only where the biller tells."""


_NATIONAL = re.compile(r"(?:\+?55|0(?:[1-9][0-9])?)?([1-9][0-9])([2-9][0-9]{7,8})")
_LOCAL = re.compile(r"([2-9][0-9]{7,8})")
_FOREIGN = re.compile(r"(?:00(?:[1-9][0-9])?|\+(?!55))[0-9]{6,15}")
_FREE = re.compile(r"(?:55)?0?(?:800|300|500|900|303)[0-9]{6,7}")
_SPECIAL = re.compile(r"[0-9*#]{3,5}")


def termination(destination: str, area: str) -> Termination:
    """Tell the class of a dialled number.

    Args:
        area: The DDD of the terminal; empty when it is not known, and then no mobile call is local.
    """
    number = "".join(char for char in destination if char in "+0123456789*#")
    if _SPECIAL.fullmatch(number):
        return Termination.SPECIAL
    if _FREE.fullmatch(number):
        return Termination.FREE
    if found := _LOCAL.fullmatch(number):
        return Termination.MOBILE_LOCAL if len(found[1]) == 9 else Termination.LOCAL
    if _FOREIGN.fullmatch(number):
        return Termination.INTERNATIONAL
    if found := _NATIONAL.fullmatch(number):
        return _of_area(found[1], found[2], area)
    return Termination.OTHER


def _of_area(ddd: str, number: str, area: str) -> Termination:
    if len(number) == 8 and number[0] in "2345":
        return Termination.LOCAL if ddd == area else Termination.LONG_DISTANCE
    if len(number) != 9 or number[0] != "9":
        return Termination.OTHER
    if ddd == area:
        return Termination.MOBILE_LOCAL
    return Termination.MOBILE_STATE if ddd[:1] == area[:1] else Termination.MOBILE_COUNTRY


def area_of(terminal: str) -> str:
    """Return the DDD of a terminal that is a whole Brazilian number, else nothing."""
    found = _NATIONAL.fullmatch("".join(char for char in terminal if char in "+0123456789"))
    return found[1] if found else ""


def duration(seconds: int) -> str:
    """Write a time as statements do: `00:12:01`; hours may pass 24."""
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def octets(count: int) -> str:
    """Write octets in the largest unit that leaves a whole number: `1,4 GB`, powers of 1000."""
    for unit, size in (("TB", 10**12), ("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if count >= size:
            tenths = count * 10 // size
            return f"{tenths // 10},{tenths % 10} {unit}"
    return f"{count} B"
