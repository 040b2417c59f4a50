"""Supervisão beside the sale: monthly charges, requests to an ERP and TEF menus wait there too (issue 6)."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pos_tui.domain.payment import Decision, PaymentState
from pos_tui.domain.recurring import AttemptState
from pos_tui.domain.subscriber_action import ActionState
from pos_tui.domain.tef import TefOperation
from pos_tui.services.audit import Wait
from pos_tui.settings.payment import PaymentSettings
from pos_tui.settings.recurring import RecurringSettings
from pos_tui.settings.subscribers import SubscribersSettings
from pos_tui.store import tef
from pos_tui.store.ids import new_key
from pos_tui.till import Till
from tests.people.staff import BOSS_PIN, hire
from tests.people.test_boards import enter, open_desk
from tests.recurring.os import open_os
from tests.sandbox import SandboxControl
from tests.screens.desk import at_desk
from tests.subscribers.desk import paid, received
from tests.tills import SELLER, Watch, open_till, settings


@pytest.fixture
def clock() -> Watch:
    return Watch()


@pytest.fixture
def till(tmp_path: Path, sandbox: SandboxControl, clock: Watch) -> Iterator[Till]:
    config = settings(
        payment=PaymentSettings(methods=("cash", "recurring")),
        recurring=RecurringSettings(mode="integrated"),
        subscribers=SubscribersSettings(provider="rbx", deadline_seconds=30),
    )
    opened = open_till(tmp_path / "till", sandbox, config, clock)
    hire(opened)
    opened.operators.enter(1, BOSS_PIN)
    yield opened
    opened.close()


def leave_a_monthly_charge(till: Till, sandbox: SandboxControl) -> str:
    """Its answer was lost."""
    attempt = till.recurring.attempts.finalise(open_os(till), SELLER)
    sandbox.fault("lost", "reserve")
    assert till.recurring.attempts.send(attempt.id, SELLER).state is AttemptState.UNCERTAIN
    return attempt.id


def leave_a_request(till: Till, sandbox: SandboxControl) -> str:
    """A bill was paid for, and nobody knows whether the ERP took it."""
    sale = paid(till, received(till))
    sandbox.fault("lost", "confirm")
    till.closing.finish(sale.id)
    (action,) = till.centre.actions.waiting()
    return action.id


def leave_a_menu(till: Till, at: int) -> str:
    """The menu of a till's TEF manager gave no answer."""
    key, now = new_key(), till.context.now()
    state, decision = PaymentState.UNCERTAIN, Decision.CONFIRM
    operation = TefOperation(
        key, at, "7", "8", state, decision, "", "O TEF não respondeu.", SELLER, now, now, 0
    )
    till.context.store.write(lambda tx: tef.insert(tx, operation))
    return key


def test_each_is_told_with_age_who_why_and_where(till: Till, sandbox: SandboxControl, clock: Watch) -> None:
    wanted = {
        (Wait.RECURRING, leave_a_monthly_charge(till, sandbox)),
        (Wait.REQUEST, leave_a_request(till, sandbox)),
        (Wait.TEF, leave_a_menu(till, 1)),
    }
    clock.advance(3_600)
    found = [one for one in till.audit.unfinished() if one.kind is not Wait.PAPER]
    assert {(one.kind, one.id) for one in found} == wanted
    for one in found:
        assert one.till == 1 and one.branch == till.context.branch and one.who == SELLER
        assert one.why and 3_600_000 <= till.context.now() - one.since < 3_700_000
    told = {one.kind: one.what for one in found}
    assert told[Wait.RECURRING].startswith("Crédito recorrente R$ 45,00, OS ")
    assert told[Wait.REQUEST].startswith("Baixa: ") and "incerta" in told[Wait.REQUEST]
    assert told[Wait.TEF].startswith("Menu do TEF: ")


def test_who_waits_for_the_customer_is_not_the_supervisors(till: Till) -> None:
    attempts = till.recurring.attempts
    attempt = attempts.send(attempts.finalise(open_os(till), SELLER).id, SELLER)
    assert attempt.state is AttemptState.WAITING
    assert [one.kind for one in till.audit.unfinished() if one.kind is not Wait.PAPER] == []


async def test_one_key_leads_to_where_each_ends(till: Till, sandbox: SandboxControl) -> None:
    attempt = leave_a_monthly_charge(till, sandbox)
    action = leave_a_request(till, sandbox)
    leave_a_menu(till, 2)
    till.operators.leave("tecla")
    # Else the till would have asked about all of it by itself when it opened.
    sandbox.fault("down", "*", times=None)
    async with at_desk(till) as desk:
        await enter(desk, "1", BOSS_PIN)
        await open_desk(desk, "oversight")
        await desk.see("Supervisão", "Crédito recorrente", "Baixa:", "Menu do TEF")
        await desk.press("enter")
        await desk.see("OS ", "Crédito recorrente")
        await desk.press("escape")
        await desk.press("down", "enter")
        await desk.see("Baixa", "incerta")
        await desk.press("escape")
        await desk.press("down", "down", "enter")
        await desk.see("Só o caixa 2 fala com esse TEF")
        sandbox.clear()
        await desk.press("f5")
        await desk.see("Consulta feita")
        await desk.until(lambda: "Baixa:" not in desk.words(), "both were asked about")
    assert till.recurring.attempts.get(attempt).state is AttemptState.WAITING
    (found,) = [one for one in till.centre.actions.of_subscriber("10") if one.id == action]
    assert found.state is ActionState.DONE
