"""Papers: no paper twice unmarked, none lost, no kick of the drawer before its sale."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

from pos_tui.domain.sale import SaleFilter
from pos_tui.domain.spool import DRAWER, JobState, Word
from pos_tui.printing.transports import Deadlines
from pos_tui.services.printer import DocumentPrinter, connect
from pos_tui.settings.printer import PrinterSettings
from pos_tui.store.models import TopUpRow
from pos_tui.till import Till
from tests.crash import invariants
from tests.crash.flow import Arm, Flow, Ground
from tests.printing.fake_printer import FakePrinter
from tests.tills import EVER, SELLER, add, new_sale, open_till, pay_and_save, settings

LINES = ("67999991234", "67999995678")
SHOWN = tuple(f"{line[:2]}) {line[2:7]}-{line[7:]}".encode() for line in LINES)
"""Each number as its paper has it: what tells one paper from another."""
MARK = b"REIMPRESS"
KICK = b"\x1bp\x00"
PROOF = b"\x1dr\x01"


class PapersPrinted(Flow):
    """A sale of two top-ups in cash, saved and confirmed; its drawer and its papers go out over TCP."""

    name = "print"
    about = "a cash sale saved, two top-ups confirmed, drawer and papers sent to a network printer"

    @contextlib.contextmanager
    def beside(self, ground: Ground) -> Iterator[FakePrinter]:
        """A printer that goes on while the till is dead."""
        with FakePrinter() as printer:
            yield printer

    def play(self, ground: Ground, arm: Arm) -> None:
        till = without_worker(ground, ground.port)
        sale = new_sale(till)
        topups = [add(till, sale, 1500, line) for line in LINES]
        arm()
        pay_and_save(till, sale)
        print_all(till, ground.port)
        for topup in topups:
            till.topups.confirm(topup.id, SELLER)
            print_all(till, ground.port)
        till.close()

    def settle(self, ground: Ground, beside: FakePrinter) -> None:
        with contextlib.closing(without_worker(ground, beside.port)) as till:
            # Its answer comes after the end of the connection that the death cut off.
            assert printer_at(beside.port).status().ready
            saved = bool(till.sales.page(SaleFilter(*EVER)))
            kicks = sum(KICK in job for job in beside.jobs)
            assert saved or not kicks, "I2: the drawer was opened for a sale that is not saved"
            till.sweeper.sweep("sistema")
            recover(till, beside.port)
            till.sweeper.sweep("sistema")
            invariants.check(till)
            confirmed = [till.spool.paper_of(row, "top_up") is not None for row in topups_of(till)]
            assert printer_at(beside.port).status().ready
            check_papers(beside.jobs, confirmed)


def without_worker(ground: Ground, port: int) -> Till:
    """Its worker is never started: the steps come in the same order every time."""
    return open_till(ground.folder, ground.world, settings(printer=network(port)))


def network(port: int) -> PrinterSettings:
    """How the till is told of the printer."""
    return PrinterSettings(transport="network", host="127.0.0.1", port=port, profile="epson-tm-t20")


def printer_at(port: int) -> DocumentPrinter:
    """The printer as the worker would build it."""
    # A connection brings no answer to another one, so that a short silence is enough. All else comes.
    return connect(network(port), Path(), Deadlines(quiet=0.05, status=30, proof=30, fence=30, close=30))


def print_all(till: Till, port: int) -> None:
    """What the worker would do."""
    printer = printer_at(port)
    while till.spool.print_next(printer):
        pass


def topups_of(till: Till) -> list[str]:
    """The keys of the top-ups, in the order they were sold."""
    with till.context.store.reading() as tx:
        return [str(row[0]) for row in tx.rows(TopUpRow.select(TopUpRow.id).order_by(TopUpRow.id))]


def recover(till: Till, port: int) -> None:
    """A person who cannot tell says of every doubt that nothing came out."""
    till.spool.sweep()
    while owed := till.spool.owed():
        for job in owed:
            assert job.state in (JobState.QUEUED, JobState.UNCONFIRMED), f"I5: {job.state}"
            if job.state is JobState.UNCONFIRMED:
                till.spool.decide(job.id, Word.GIVE_UP if job.kind == DRAWER else Word.REPRINT, SELLER)
        print_all(till, port)


def check_papers(jobs: list[bytes], confirmed: list[bool]) -> None:
    """I2: at most one unmarked beginning of each paper, one whole paper at least, one kick at most."""
    for shown, known in zip(SHOWN, confirmed, strict=True):
        about = [job for job in jobs if shown in job]
        unmarked = [job for job in about if MARK not in job]
        assert len(unmarked) <= 1, "I2: a paper came out twice and unmarked"
        assert known or not about, "I2: a paper of what was not confirmed"
        assert not known or any(job.endswith(PROOF) for job in about), "I2: a paper was lost"
        assert all(KICK not in job for job in about), "I2: a receipt opened the drawer"
    assert sum(KICK in job for job in jobs) <= 1, "I2: the drawer was opened twice"
