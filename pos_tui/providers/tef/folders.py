"""The two folders through which till and manager speak, and the careful ways to write and read there.

Source: facts/payments.md §2.1, §2.6–2.7. Names are compared without case; a file may be locked or half
written for a moment, so whatever cannot be read now is simply not there yet.
"""

import contextlib
import os
from pathlib import Path

from pos_tui.providers.tef.codec import MAX_BYTES, IntposError, IntposFile, Truncated, decode

REQUEST, WRITING, STATUS, REPLY = "intpos.001", "intpos.tmp", "intpos.sts", "intpos.001"


class NotWritten(OSError):
    """The request never became visible to the manager."""


def find(folder: Path, name: str) -> Path | None:
    """Return the file of this name, whatever its case, or None."""
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.lower() == name:
                return folder / entry.name
    return None


def publish(folder: Path, name: str, data: bytes) -> None:
    """Make a whole file appear under its name at once, on the disk and not only in memory.

    Raises:
        NotWritten: when it did not appear.
    """
    writing = folder / WRITING
    try:
        with writing.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        writing.replace(folder / name)
    except OSError as error:
        with contextlib.suppress(OSError):
            writing.unlink()
        raise NotWritten(str(error)) from error
    _sync_folder(folder)


def _sync_folder(folder: Path) -> None:
    # Windows has no handle of a folder to flush; there the rename is journaled by the file system.
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def read(folder: Path, name: str) -> IntposFile | None:
    """Read a file, or None while it is absent or locked.

    Raises:
        IntposError: Truncated while it lacks its end, Malformed when it makes no sense.
    """
    data = read_bytes(folder, name)
    return None if data is None else decode(data)


def read_bytes(folder: Path, name: str) -> bytes | None:
    """Read a file's bytes, or None while it is absent or locked."""
    path = find(folder, name)
    if path is None:
        return None
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES)
    except OSError:
        return None


def remove(folder: Path, name: str) -> bool:
    """Take a file away; tell whether it was there to take."""
    path = find(folder, name)
    if path is None:
        return False
    try:
        path.unlink()
    except OSError:
        return False
    return True


def rename(folder: Path, name: str, new: str) -> bool:
    """Give a file another name; tell whether it was there."""
    path = find(folder, name)
    if path is None:
        return False
    try:
        path.replace(folder / new)
    except OSError:
        return False
    return True


def operation_in(folder: Path, name: str) -> int | None:
    """The number of the operation a file speaks of, or None when there is no such readable file."""
    try:
        file = read(folder, name)
    except Truncated:
        return None
    except IntposError:
        return None
    return None if file is None else file.operation
