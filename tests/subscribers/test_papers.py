"""Each paper of the desk on each width, judged by a printer and a reader of codes that are not ours."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pos_tui.domain.outcome import Done
from pos_tui.domain.subscriber import Feature, contracts_for
from pos_tui.domain.usage import Period
from pos_tui.printing.receipt import Receipt
from pos_tui.services.subscriber_extracts import calls_extract, financial_extract, sessions_extract
from pos_tui.services.subscriber_papers import slip_of
from pos_tui.store.ids import new_key
from pos_tui.till import Till
from tests.printing import emulator
from tests.printing.emulator import PAPERS, Emulator, running
from tests.printing.test_judge import NOTES, _codes, _print, _words
from tests.sandbox import SandboxControl
from tests.subscribers.desk import SELLER, bill, desk_till, paid, received, visit

pytestmark = emulator.needed()
NAMES = (
    "calls",
    "connections",
    "financial",
    "boleto",
    "boleto-bars",
    "boleto-warned",
    "settled",
    "enabled",
    "credit",
)


@pytest.fixture(scope="module")
def judge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    with running(tmp_path_factory.mktemp("judge")) as emulated:
        yield emulated


def paper(till: Till, name: str) -> Receipt:
    """One of the desk's papers, made from what the sandbox tells."""
    centre, zone, now = till.centre, till.context.zone, datetime.now(UTC)
    somebody, questions = visit(till.centre), till.centre.questions
    week = Period(now - timedelta(days=7), now + timedelta(days=1))
    match name:
        case "calls":
            calls = questions.calls(somebody, "6733210010", week)
            return centre.papers.statement(somebody, calls_extract(calls, "6733210010", "Todas", week, zone))
        case "connections":
            sessions = questions.sessions(somebody, week)
            return centre.papers.statement(somebody, sessions_extract(sessions, week, now, zone))
        case "financial":
            money = questions.open_bills(somebody), questions.settled_bills(somebody)
            return centre.papers.statement(somebody, financial_extract(*money, questions.today))
        case "boleto" | "boleto-bars" | "boleto-warned":
            one = bill(centre, somebody, "1003" if name == "boleto-warned" else "1001")
            slip = slip_of(one, questions.second_copy(somebody, one), questions.today)
            return centre.papers.boleto(somebody, slip, bars=name == "boleto-bars")
        case "settled":
            till.closing.finish(paid(till, received(till)).id)
        case "enabled":
            (plan,) = contracts_for(Feature.ENABLE, somebody.subscriber)
            centre.enabling.enable(somebody, plan, None, SELLER)
        case _:
            (plan,) = contracts_for(Feature.CREDIT, somebody.subscriber)
            bought = centre.credit.buy(new_key(), somebody, plan, centre.credit.values()[0], SELLER)
            return centre.papers.credit(somebody, bought)
    (action,) = centre.actions.of_subscriber(somebody.subscriber.id)
    job = till.spool.paper_of(action.id, "subscriber")
    assert job is not None
    return Receipt.from_json(job.document)


@pytest.mark.parametrize("name", NAMES)
def test_the_paper_is_the_preview_on_every_width(
    name: str, judge: Emulator, tmp_path: Path, sandbox: SandboxControl
) -> None:
    with desk_till(tmp_path, sandbox, "rbx") as till:
        receipt = paper(till, name)
    judge.complaints()
    for columns in PAPERS:
        assert isinstance(_print(judge, receipt, columns), Done)
        (printed,) = judge.papers(columns)
        shown = [line for line in printed.lines if line and not line.startswith(NOTES)]
        assert shown == _words(receipt, columns)
        assert sorted(printed.codes) == _codes(receipt)
        kinds = {kind for kind, _ in printed.codes}
        if name.startswith("boleto"):
            assert kinds == ({"QR-Code", "I2/5"} if name == "boleto-bars" else {"QR-Code"})
    assert judge.complaints() == []
