"""Kills a flow, opens the till again, and says what held: the heart of the matrix.

The process that dies is a fork of a server that has everything imported already, and begins on a copy of a
new till's database: a run is short, so that every point of every flow can be tried.
"""

import contextlib
import multiprocessing
import os
import shutil
import signal
import sys
import time
import traceback
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Final

from msgspec import Struct

from pos_tui.domain.values import replace
from tests.crash import hardships, invariants, plants
from tests.crash.flow import Flow, Ground
from tests.crash.flows import FLOWS
from tests.crash.points import Kill, arm, passed
from tests.tills import open_till

DEADLINE_SECONDS: Final = 120
_TROUBLE: Final = "trouble.txt"

_processes = multiprocessing.get_context("forkserver")
_processes.set_forkserver_preload(["tests.crash.runner"])


class Run(Struct, frozen=True):
    """How one run went."""

    flow: str
    kill: Kill
    killed: bool
    """Whether it did not come to its end."""
    points: int
    """Fault points that the process came to."""
    where: str
    """The last of them."""
    seconds: float
    """What the flow took from its first step to its end or death."""
    broken: str = ""
    """The invariant that did not hold; empty when all did."""


class Harness:
    """Runs flows in a folder of its own against one sandbox."""

    def __init__(self, folder: Path, url: str, beside: Path | None = None) -> None:
        """The tills live in `folder`; what stands beside them in `beside`, when that is another disk."""
        self._folder = folder
        self._beside = beside or folder / "beside"
        self._url = url
        self._count = 0
        self._new = folder / "new"
        open_till(self._new, Ground(self._new, url, self._beside).world).close()

    def run(self, flow: Flow, kill: Kill, took: float = 0.0, plant: str = "", hardship: str = "") -> Run:
        """Play a flow until it is killed or over, and look whether the invariants hold.

        `took` is what the unharmed flow takes, in seconds, for a kill by the clock. `plant` names a fault of
        `plants.py` that the till is to have, `hardship` one of `hardships.py` that befalls its machine: it
        may then end in any way, but what is left must be sound.
        """
        self._count += 1
        ground = Ground(self._folder / str(self._count), self._url, self._beside / str(self._count))
        shutil.copytree(self._new, ground.folder)
        ground.sandbox.reset()
        with flow.beside(ground) as beside:
            ground = replace(ground, port=getattr(beside, "port", 0))
            code, seconds = _play(flow, ground, kill, took, (plant, hardship))
            # A dead till's last request is served all the same; whoever opens it again comes later than that.
            ground.sandbox.rest()
            hardships.relieve(ground)
            orderly = hardship or code in (0, -signal.SIGKILL)
            with plants.planted(plant, ground):
                broken = _settle(flow, ground, beside) if orderly else _trouble(ground)
        points = passed(ground.folder)
        if not broken:
            shutil.rmtree(ground.folder)
            shutil.rmtree(ground.beside, ignore_errors=True)
        where = points[-1] if points else ""
        return Run(flow.name, kill, code != 0, len(points), where, seconds, broken)

    def walk(self, flow: Flow, step: int = 1, plant: str = "") -> Iterator[Run]:
        """Kill at the first point, the next but `step`, and so on until a run ends unharmed."""
        at = 1
        while True:
            run = self.run(flow, Kill(at), plant=plant)
            yield run
            if not run.killed:
                return
            at += step


def _play(flow: Flow, ground: Ground, kill: Kill, took: float, faults: tuple[str, str]) -> tuple[int, float]:
    """Play in a process of its own; return its exit code and how long it played."""
    ours, theirs = _processes.Pipe(duplex=False)
    process = _processes.Process(target=_in_process, args=(flow.name, ground, kill, faults, theirs))
    process.start()
    theirs.close()
    with contextlib.suppress(EOFError):
        ours.recv()
    started = time.monotonic()
    if kill.share is not None:
        process.join(kill.share * took)
        if process.is_alive():
            process.kill()
    process.join(DEADLINE_SECONDS)
    seconds = time.monotonic() - started
    if process.is_alive():
        process.kill()
        process.join()
        return -signal.SIGALRM, seconds
    assert process.exitcode is not None
    return process.exitcode, seconds


def _in_process(name: str, ground: Ground, kill: Kill, faults: tuple[str, str], started: Connection) -> None:
    """What happens in the process that dies."""
    plant, hardship = faults

    def begin() -> None:
        started.send(True)
        arm(kill, ground.folder, ground.beside)
        if hardship:
            hardships.befall(hardship, ground)

    try:
        with plants.planted(plant, ground):
            FLOWS[name].play(ground, begin)
    except BaseException:
        with contextlib.suppress(OSError, MemoryError):
            (ground.folder / _TROUBLE).write_text(traceback.format_exc(), "utf-8")
        os._exit(1)
    # A till that was closed has nothing more to do; the interpreter's own end is not the flow's.
    sys.stdout.flush()
    os._exit(0)


def _trouble(ground: Ground) -> str:
    """Why the flow itself failed, or that it never ended."""
    told = ground.folder / _TROUBLE
    return told.read_text("utf-8").splitlines()[-1] if told.exists() else "I6: the flow hangs"


def _settle(flow: Flow, ground: Ground, beside: Any) -> str:
    """Recover, check, and return what is broken."""
    try:
        flow.settle(ground, beside)
        invariants.no_secret_in(ground.folder)
    except Exception as error:
        (ground.folder / _TROUBLE).write_text(traceback.format_exc(), "utf-8")
        text = str(error).splitlines()[0] if str(error) else ""
        place = traceback.extract_tb(error.__traceback__)[-1]
        return f"{type(error).__name__}: {text or place.line} ({place.name})"
    return ""
