"""Locks of the data folder: who holds a till's number is the only program that is that till."""

from pathlib import Path
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


def name_of(till: int, *, training: bool) -> str:
    """Return the name of a till's lock."""
    return f"till-{till}{'-training' if training else ''}.lock"


def take(path: Path) -> IO[str] | None:
    """Take a lock and return what holds it until it is closed; None when another program has it."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    file = path.open("a")
    if _locked(file.fileno()):
        return file
    file.close()
    return None


def _locked(descriptor: int) -> bool:
    take: Callable[[], object]
    try:
        import fcntl
    except ImportError:  # Windows
        import msvcrt

        take = lambda: msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]  # noqa: E731
    else:
        take = lambda: fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)  # noqa: E731
    try:
        take()
    except OSError:
        return False
    return True
