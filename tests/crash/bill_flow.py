"""A bill received, paid and settled, killed at step k: `python -m tests.crash.bill_flow FOLDER URL K`.

Exits 0 when the flow ended before step k was reached.
"""

import sys
from pathlib import Path

from pos_tui.providers.sandbox.process import SandboxProcess
from tests.crash.payment_flow import arm
from tests.subscribers.desk import desk_till, paid, received


def play(folder: Path, url: str, kill_at: int) -> None:
    """Receive one bill in cash; the killer looks on from the first step that is the bill's own."""
    world = SandboxProcess(url, None)  # type: ignore[arg-type]
    with desk_till(folder, world) as till:
        # The invented people are in the book before: writing them is not what is tested.
        till.centre.questions.practise()
        arm(kill_at)
        sale = paid(till, received(till))
        till.closing.finish(sale.id)


if __name__ == "__main__":
    play(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
