"""Every flow killed at every point, and at random times, by several harnesses at once."""

import multiprocessing
import os
import random
import tempfile
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

from msgspec import Struct, field

from pos_tui.providers.sandbox.process import SandboxProcess, start_sandbox
from tests.crash.flows import FLOWS
from tests.crash.points import Kill
from tests.crash.runner import Harness, Run


class Row(Struct):
    """What is known of one flow."""

    flow: str
    unharmed: Run
    runs: list[Run] = field(default_factory=list)

    @property
    def at_points(self) -> list[Run]:
        """Killed at a numbered point."""
        return [run for run in self.runs if run.kill.share is None]

    @property
    def at_random(self) -> list[Run]:
        """Killed by the clock."""
        return [run for run in self.runs if run.kill.share is not None]

    @property
    def broken(self) -> list[Run]:
        """Runs after which an invariant did not hold."""
        return [run for run in (self.unharmed, *self.runs) if run.broken]


class Asked(Struct, frozen=True):
    """One run to be made."""

    flow: str
    kill: Kill
    took: float = 0.0


class Matrix:
    """Makes runs in `jobs` processes, each with a sandbox of its own."""

    def __init__(self, folder: Path, jobs: int) -> None:
        self._pool = ProcessPoolExecutor(
            jobs, multiprocessing.get_context("spawn"), initializer=_begin, initargs=(folder,)
        )

    def __enter__(self) -> "Matrix":
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown()

    def unharmed(self, names: Iterable[str]) -> dict[str, Row]:
        """Play each flow once without killing it: how many points it has, and how long it takes."""
        runs = self._all(Asked(name, Kill()) for name in names)
        found = {run.flow: Row(run.flow, run) for run in runs}
        return {name: found[name] for name in names}

    def every_point(self, rows: dict[str, Row], each: int = 1) -> Iterator[Run]:
        """Kill at point 1, 1 + `each`, … until a run ends unharmed."""
        asked = [
            Asked(row.flow, Kill(at))
            for row in rows.values()
            for at in range(1, row.unharmed.points + 1, each)
        ]
        yield from self._keep(rows, self._all(asked))
        for row in rows.values():
            # One run may come to a point more than another: a wait that took one look longer.
            at = row.unharmed.points + 1
            while True:
                run = self.once(row, Kill(at))
                yield from self._keep(rows, [run])
                if not run.killed:
                    break
                at += 1

    def at_random(self, rows: dict[str, Row], count: int, seed: int, skip: int = 0) -> Iterator[Run]:
        """Kill `count` times by the clock; the same seed kills the same flows after the same parts.

        The first `skip` were made before.
        """
        dice = random.Random(seed)
        names = list(rows)
        asked = [
            Asked(name, Kill(share=round(dice.random(), 4)), rows[name].unharmed.seconds)
            for name in (names[number % len(names)] for number in range(count))
        ]
        yield from self._keep(rows, self._all(asked[skip:]))

    def again(self, rows: dict[str, Row], kill: Kill) -> Iterator[Run]:
        """Make one run of each flow."""
        for row in rows.values():
            yield from self._keep(rows, [self.once(row, kill)])

    def once(self, row: Row, kill: Kill) -> Run:
        """Make one run."""
        return self._pool.submit(_run, Asked(row.flow, kill, row.unharmed.seconds)).result()

    def _keep(self, rows: dict[str, Row], runs: Iterable[Run]) -> Iterator[Run]:
        for run in runs:
            rows[run.flow].runs.append(run)
            yield run

    def _all(self, asked: Iterable[Asked]) -> Iterator[Run]:
        for done in as_completed([self._pool.submit(_run, one) for one in asked]):
            yield done.result()


_harness: Harness
_sandbox: SandboxProcess


def _begin(folder: Path) -> None:
    """In each process of the pool: a harness, and a sandbox that ends with the process."""
    global _harness, _sandbox
    own = Path(tempfile.mkdtemp(prefix=f"{os.getpid()}-", dir=folder))
    _sandbox = start_sandbox(own / "ledger.jsonl")
    _harness = Harness(own, _sandbox.url)


def _run(asked: Asked) -> Run:
    return _harness.run(FLOWS[asked.flow], asked.kill, asked.took)
