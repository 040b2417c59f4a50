"""Printing killed between every two steps and inside the jobs: no paper twice unmarked, none lost."""

import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from pos_tui.domain.spool import DRAWER, JobState, Word
from tests.crash.print_flow import PAPERS, open_without_worker, printer_at
from tests.printing.fake_printer import FakePrinter
from tests.tills import SELLER

STEPS = range(1, 100)
MARK = b"REIMPRESS"
KICK = b"\x1bp\x00"
PROOF = b"\x1dr\x01"
PARTS = [(job, part) for job in (1, 2, 3) for part in (0.0, random.Random(job).random(), 1.0)]


def run(folder: Path, port: int, step: int = 0, job: int = 0, part: float = 0) -> int:
    arguments = [str(folder), str(port), str(step), str(job), str(part)]
    command = [sys.executable, "-m", "tests.crash.print_flow", *arguments]
    return subprocess.run(command, capture_output=True, timeout=60, check=False).returncode


def recover(folder: Path, port: int) -> int:
    """The till opens again; a person who cannot tell says of every doubt that nothing came out.

    Returns how many papers the till knew of.
    """
    till = open_without_worker(folder)
    till.spool.sweep()
    printer = printer_at(port)
    while owed := till.spool.owed():
        for job in owed:
            assert job.state in (JobState.QUEUED, JobState.UNCONFIRMED)
            if job.state is JobState.UNCONFIRMED:
                till.spool.decide(job.id, Word.GIVE_UP if job.kind == DRAWER else Word.REPRINT, SELLER)
        while till.spool.print_next(printer):
            pass
    known = sum(till.spool.paper_of(words, "top_up") is not None for words in PAPERS)
    assert till.context.journal.verify() is None
    till.close()
    return known


def check(jobs: list[bytes], known: int) -> None:
    """At most one unmarked beginning of each paper, one whole paper at least, one kick at most."""
    for words in PAPERS[:known]:
        about = [job for job in jobs if words.encode() in job]
        unmarked = [job for job in about if MARK not in job]
        assert len(unmarked) <= 1, words
        assert any(job.endswith(PROOF) for job in about), f"{words} was lost"
        assert all(KICK not in job for job in about)
    assert sum(KICK in job for job in jobs) <= 1


def killed(folder: Path, **where: float) -> int:
    """Run until killed, recover, check; return how the flow ended."""
    with FakePrinter() as printer:
        code = run(folder, printer.port, **where)  # type: ignore[arg-type]
        assert code in (0, -signal.SIGKILL)
        known = recover(folder, printer.port)
    assert known in (0, len(PAPERS)), "papers of one commit exist together"
    check(printer.jobs, known)
    return code


@pytest.mark.parametrize("share", range(4))
def test_killed_at_every_step(share: int, tmp_path: Path) -> None:
    for step in STEPS[share::4]:
        if killed(tmp_path / str(step), step=step) == 0:
            return
    pytest.fail("the flow never ended unharmed")


@pytest.mark.parametrize(("job", "part"), PARTS)
def test_killed_inside_a_job(job: int, part: float, tmp_path: Path) -> None:
    assert killed(tmp_path / "till", job=job, part=part) == -signal.SIGKILL
