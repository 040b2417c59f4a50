"""An order killed with SIGKILL between every two steps: nothing moved twice, no e-mail sent twice."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pos_tui.domain.order_kept import MailState
from pos_tui.domain.order_rules import achieved
from pos_tui.services.orders import Orders
from pos_tui.till import Till
from tests.crash.order_flow import PATH_OF_ORDER, REMOTE, find, with_mail
from tests.orders.post_office import PostOffice
from tests.sandbox import SandboxControl
from tests.tills import SELLER, open_till

STEPS = range(1, 300)
SHARES = 4
MOVES = [[REMOTE, word] for _, word in PATH_OF_ORDER]


def run(folder: Path, url: str, port: int, kill_at: int) -> int:
    command = [sys.executable, "-m", "tests.crash.order_flow", str(folder), url, str(port), str(kill_at)]
    done = subprocess.run(command, capture_output=True, timeout=60, check=False)
    assert done.returncode in (0, -signal.SIGKILL), done.stderr.decode()
    return done.returncode


def recover(till: Till, orders: Orders) -> None:
    """What the next start does, then a person who goes on where the order stands."""
    orders.once()
    kept = find(orders, till)
    assert not kept.doubtful, "the start settles what was in flight"
    for demand, _ in PATH_OF_ORDER:
        kept = find(orders, till)
        if not achieved(demand, kept.told):
            assert orders.act(kept.id, demand, SELLER).done
    while orders.outbox.send_next():
        pass


def check_mail(till: Till, orders: Orders, post: PostOffice) -> None:
    """One e-mail is known; it went once, or the screen says that nobody knows."""
    (mail,) = orders.outbox.of(find(orders, till).id)
    letters = [str(letter["Message-ID"]) for letter in post.letters]
    assert letters in ([], [mail.message_id])
    assert mail.state in (MailState.SENT, MailState.UNCONFIRMED)
    assert letters or mail.state is MailState.UNCONFIRMED


@pytest.fixture(scope="module")
def post() -> Iterator[PostOffice]:
    with PostOffice() as opened:
        yield opened


@pytest.mark.parametrize("share", range(SHARES))
def test_killed_at_every_step(share: int, tmp_path: Path, sandbox: SandboxControl, post: PostOffice) -> None:
    for step in STEPS[share::SHARES]:
        sandbox.reset()
        post.letters.clear()
        code = run(tmp_path / str(step), sandbox.url, post.port, step)
        moved = sandbox.shop()["effects"]
        assert moved == MOVES[: len(moved)]
        till = open_till(tmp_path / str(step), sandbox)
        orders = with_mail(till, post.port)
        recover(till, orders)
        assert sandbox.shop()["effects"] == MOVES, "each move happened once"
        check_mail(till, orders, post)
        assert till.context.journal.verify(whole=True) is None
        till.close()
        if code == 0:
            return
    raise AssertionError("the flow never ended unharmed")
