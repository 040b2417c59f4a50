"""Training's conciliator: what it answers, spoiled on demand, and whose folders it uses."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pos_tui.config import parse, practising
from pos_tui.domain.reconciliation import State
from pos_tui.services.practice import SetFault
from pos_tui.till import Till
from tests.sandbox import SandboxControl
from tests.screens.test_card_receipts import sell
from tests.tills import SELLER, open_till, settings


@pytest.fixture
def till(tmp_path: Path, sandbox: SandboxControl) -> Iterator[Till]:
    """A till in training that took three cards."""
    opened = open_till(tmp_path / "till", sandbox)
    for number in ("100001", "100002", "100003"):
        sell(opened, number, f"A{number}")
    yield opened
    opened.close()


def states(till: Till) -> list[str]:
    """Send, have it answered and read; return where each receipt stands, by the order of its NSU."""
    desk = till.reconciliation
    desk.remessas.send(SELLER)
    assert all(one.taken for one in desk.read(SELLER))
    with till.context.store.reading() as tx:
        rows = tx.read("SELECT nsu, state, differences FROM card_receipt ORDER BY nsu")
    return [f"{state} {differences}".strip() for _, state, differences in rows]


def test_what_is_sent_is_answered_and_reconciles(till: Till) -> None:
    assert states(till) == [State.RECONCILED] * 3


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ("authorisation", [f"{State.DIVERGENT} authorisation", State.RECONCILED]),
        ("amount", [f"{State.DIVERGENT} amount", State.RECONCILED]),
        ("missing", [State.RECONCILED, State.SENT]),
    ],
)
def test_each_fault_spoils_one_sale(till: Till, fault: str, told: list[str]) -> None:
    wanted = SetFault("cards", "return", fault, 1)
    till.practice.set(wanted)
    assert till.practice.in_force() == [wanted]
    found = states(till)
    assert sorted({*found}) == sorted({*told}) and len(found) == 3
    assert till.practice.in_force() == []


def test_a_remessa_is_answered_once(till: Till) -> None:
    states(till)
    assert till.reconciliation.read(SELLER) == []


def test_training_leaves_the_stores_folders_alone(tmp_path: Path) -> None:
    text = f'[statements]\nlayout = "stone"\ninbox = "{tmp_path}/in"\noutbox = "{tmp_path}/out"\n'
    real = parse("[till]\ntraining = true\n" + text, tmp_path / "config.toml")
    assert (real.statements.layout, real.statements.inbox, real.statements.outbox) == ("stone", "", "")
    store = settings(statements=real.statements)
    assert practising(store).statements.inbox == ""
