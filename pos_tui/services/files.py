"""Files that hold what is nobody else's business: readable by the till's user only, whole or not there."""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def appearing(path: Path) -> Iterator[Path]:
    """Give an empty private file to write to; when the block ends it stands, on the disk, under `path`.

    A link that stands at `path` is replaced, never followed. When the block raises, nothing is left.

    Raises:
        OSError: it cannot be written.
    """
    part = path.with_name(f".{path.name}.part")
    part.unlink(missing_ok=True)
    os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        yield part
        sync_file(part)
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


@contextlib.contextmanager
def workshop(folder: Path, prefix: str) -> Iterator[Path]:
    """Give a private folder to work in; what a crash left of an earlier one goes first.

    The caller holds a lock: nobody else works under the same prefix.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for left in folder.glob(f"{prefix}*"):
        shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix=prefix) as place:
        yield Path(place)


def sync_file(path: Path) -> None:
    """Have a file's bytes on the disk before anything relies on them."""
    with path.open("r+b") as file:
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Have a folder's names on the disk."""
    # Windows has no handle of a folder to flush; there the rename is journaled by the file system.
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
