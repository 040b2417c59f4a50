"""Locks of the data folder: who holds a till's number is the only program that is that till."""

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

from pos_tui.domain.errors import StoreError


def name_of(till: int, *, training: bool) -> str:
    """Return the name of a till's lock."""
    return f"till-{till}{'-training' if training else ''}.lock"


def take(path: Path) -> IO[str] | None:
    """Take a lock and return what holds it until it is closed; None when another program has it."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.touch(mode=0o600)
    file = path.open("a")
    if _locked(file.fileno()):
        return file
    file.close()
    return None


@contextlib.contextmanager
def holding(path: Path, refusal: str) -> Iterator[None]:
    """Hold a lock while the block runs. Raises StoreError with `refusal` when another program has it."""
    lock = take(path)
    if lock is None:
        raise StoreError(refusal)
    with lock:
        yield


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
