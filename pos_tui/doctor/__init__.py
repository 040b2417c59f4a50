"""How the till is: one finding a line, said to a person, a script and whoever is called for help.

Nothing here charges, credits, or changes anything but how far the journal was checked. Every sentence is
masked: no secret and no CPF is in it, so that it may be sent to whoever helps.
"""

import logging
from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from pos_tui.domain.errors import PosError
from pos_tui.domain.masking import mask
from pos_tui.settings.secrets import known

if TYPE_CHECKING:
    from pos_tui.till import Till

log = logging.getLogger(__name__)


class Level(StrEnum):
    """How bad it is."""

    OK = "ok"
    WARNING = "atenção"
    FAILURE = "falha"


class Finding(Struct, frozen=True):
    """One thing looked at."""

    name: str
    """For scripts: `clock`, `config.mode`…"""
    label: str
    level: Level
    words: str

    @property
    def line(self) -> str:
        """What a person reads: the level is a word, not a colour."""
        return f"[{self.level}] {self.label}: {self.words}"


Check = Callable[[], Iterable[Finding]]


def ok(name: str, label: str, words: str) -> Finding:
    """All is well."""
    return Finding(name, label, Level.OK, words)


def warning(name: str, label: str, words: str) -> Finding:
    """It sells, and somebody should look."""
    return Finding(name, label, Level.WARNING, words)


def failure(name: str, label: str, words: str) -> Finding:
    """It does not sell, or what it says cannot be relied on."""
    return Finding(name, label, Level.FAILURE, words)


def look(checks: Iterable[tuple[str, str, Check]]) -> Iterator[Finding]:
    """Run checks, each `(name, label, check)`; one that breaks is a finding itself."""
    for name, label, check in checks:
        try:
            found = list(check())
        except PosError as error:
            found = [failure(name, label, error.message)]
        except Exception as error:
            log.exception("check %s", name)
            found = [failure(name, label, f"não pôde ser conferido ({type(error).__name__}).")]
        for one in found:
            yield Finding(one.name, one.label, one.level, mask(one.words, known()))


def worst(findings: Iterable[Finding]) -> Level:
    """Return the worst level."""
    order = list(Level)
    return max((one.level for one in findings), key=order.index, default=Level.OK)


def mode_of(path: Path, name: str, label: str, *, directory: bool = False) -> Finding:
    """Say whether a file or folder is closed to others, as it must be."""
    bits = path.stat().st_mode & 0o777
    if bits & 0o077:
        wanted = "700" if directory else "600"
        return failure(name, label, f"{path} está aberto a outros usuários ({bits:o}): use chmod {wanted}.")
    return ok(name, label, f"{path} ({bits:o})")


def of_till(till: "Till", *, alone: bool) -> Iterator[Finding]:
    """Look at everything about a till; `alone` says that nobody else has it open. Takes seconds."""
    from pos_tui.doctor import outside, settings, store

    yield from look([*settings.checks(till), *store.checks(till), *outside.checks(till, alone=alone)])
