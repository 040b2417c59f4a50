"""The fault points of a flow, numbered as they come, and the killing at one of them.

A point is every step around a commit (`database.step`), the middle and the end of whatever is sent through a
socket, and the moment before a file gets its name, loses it or is opened to be written. Nothing of it is in
the program but the one hook of the store.
"""

import itertools
import os
import signal
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

from msgspec import Struct

from pos_tui.store import database

LOG: Final = "points.log"
_NAMED: Final = frozenset({"os.rename", "os.remove", "os.link"})

Point = Callable[[str], None]


class Kill(Struct, frozen=True):
    """Where a process dies."""

    at: int = 0
    """The number of the fault point; 0 for none."""
    share: float | None = None
    """When the harness kills by the clock: after this part of what the unharmed flow took."""


def arm(kill: Kill, folder: Path, beside: Path) -> None:
    """Number every fault point of this process from here on, write each down in `folder`, and die at one.

    Files below `folder` and `beside` count.
    """
    log = os.open(folder / LOG, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    count = itertools.count(1)

    def point(name: str) -> None:
        number = next(count)
        os.write(log, f"{name}\n".encode())
        if number == kill.at:
            os.kill(os.getpid(), signal.SIGKILL)

    database.step = point
    _watch_files(point, (str(folder), str(beside)))
    _watch_sockets(point)


def passed(folder: Path) -> list[str]:
    """Return the names of the points that the process came to, the one it died at last."""
    log = folder / LOG
    return log.read_text("utf-8").splitlines() if log.exists() else []


def _watch_files(point: Point, folders: tuple[str, str]) -> None:
    """What Python is about to do to the flow's own files; an audit hook stays until the process ends."""

    def hook(event: str, values: tuple[object, ...]) -> None:
        if event in _NAMED and str(values[0]).startswith(folders):
            point(f"before {event.removeprefix('os.')}")
        elif event == "open" and str(values[0]).startswith(folders) and str(values[1] or "")[:1] in "wax":
            point("before open")

    sys.addaudithook(hook)


def _watch_sockets(point: Point) -> None:
    """Let what is sent leave in two halves, and be told between them and after."""
    send = socket.socket.send

    def in_halves(self: socket.socket, data: bytes, *flags: int) -> int:
        half = len(data) // 2
        sent = send(self, data[:half], *flags) if half else 0
        if sent == half:
            point("half sent")
            sent += send(self, data[half:], *flags)
            point("sent")
        return sent

    def all_of_it(self: socket.socket, data: bytes, *flags: int) -> None:
        rest = memoryview(data)
        while rest:
            rest = rest[self.send(rest, *flags) :]

    socket.socket.send = in_halves  # type: ignore[assignment, method-assign]
    socket.socket.sendall = all_of_it  # type: ignore[assignment, method-assign]
