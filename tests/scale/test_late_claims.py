"""What a till did without the server, and another till had done otherwise before: kept, told, looked at."""

import pytest

from pos_tui.domain.errors import Conflict
from pos_tui.domain.topup import Decision, TopUpState
from pos_tui.domain.trail import TrailFilter
from pos_tui.services.audit import Unfinished, Wait
from pos_tui.services.context import Context
from pos_tui.services.neighbours import Neighbours
from pos_tui.store.models import TopUpRow
from pos_tui.till import Till
from tests.people.staff import BOSS, BOSS_PIN, hire
from tests.people.test_boards import enter, open_desk
from tests.postgres import needed
from tests.sandbox import SandboxControl
from tests.scale.islands import store_of
from tests.scale.test_server_away import Shop, postgres, shop
from tests.screens.desk import at_desk
from tests.tills import SELLER, add, new_sale, pay_and_save

__all__ = ["postgres", "shop"]

pytestmark = needed()


def late_of(till: Till) -> list[Unfinished]:
    """What the list of the supervisors says of it."""
    return [one for one in till.audit.unfinished() if one.kind is Wait.LATE]


def be_late(shop: Shop) -> str:
    """Till 1 confirms without the server what till 2 has cancelled there; return the top-up."""
    sale = new_sale(shop.first)
    topup = add(shop.first, sale)
    pay_and_save(shop.first, sale)
    shop.line.pull()
    shop.second.topups.cancel(topup.id, "desistiu", SELLER)
    shop.first.topups.confirm(topup.id, SELLER)
    shop.line.plug()
    assert store_of(shop.first).come_back()
    return topup.id


def test_it_is_told_from_every_till(shop: Shop) -> None:
    key = be_late(shop)
    for till in (shop.first, shop.second):
        (told,) = late_of(till)
        assert told.till == 1 and told.sale_id == shop.first.topups.get(key).sale_id
        assert "Recarga Vivo 67 99999-1234 R$ 15,00, venda 2" in told.what
        assert "«Cancelada»" in told.why and till.topups.get(key).state is TopUpState.CANCELLED


def test_the_journal_has_it_once(shop: Shop) -> None:
    be_late(shop)
    watching = Neighbours(shop.first.context)
    assert watching.ask_due() == 1
    assert Neighbours(shop.first.context).ask_due() == 0
    lines = shop.second.audit.trail(TrailFilter(0, 1 << 50, "chegou tarde"))
    assert [(line.till, line.kind) for line in lines] == [(1, "late_claim")]
    assert any("Cancelada" in detail for detail in lines[0].details)
    assert Context(shop.server, 1, "").journal.verify(whole=True) is None


def test_who_looked_at_it_is_kept(shop: Shop) -> None:
    be_late(shop)
    (told,) = late_of(shop.second)
    shop.second.late_claims.settle(told.id, BOSS)
    assert late_of(shop.first) == []
    with pytest.raises(Conflict):
        shop.first.late_claims.settle(told.id, BOSS)
    (line,) = shop.first.audit.trail(TrailFilter(0, 1 << 50, "tirada da lista"))
    assert line.who == BOSS and line.till == 2


def test_a_row_once_lost_stays_lost(shop: Shop) -> None:
    """Till 2 has moved it one step: what till 1 did next asks for the very version that it is at now."""
    sale = new_sale(shop.first)
    topup = add(shop.first, sale)
    pay_and_save(shop.first, sale)
    at = shop.first.topups.get(topup.id).version
    shop.line.pull()
    assert claim(shop.second, topup.id, at, TopUpState.CANCELLING, Decision.CANCEL)
    assert claim(shop.first, topup.id, at, TopUpState.CONFIRMING, Decision.CONFIRM)
    assert claim(shop.first, topup.id, at + 1, TopUpState.CONFIRMED, Decision.CONFIRM)
    shop.line.plug()
    assert store_of(shop.first).come_back()
    for till in (shop.first, shop.second):
        found = till.topups.get(topup.id)
        assert (found.state, found.decision) == (TopUpState.CANCELLING, Decision.CANCEL)
    assert len(late_of(shop.first)) == 1
    # Back again, the row is anybody's: what is done to it in the next absence counts.
    shop.line.pull()
    assert claim(shop.first, topup.id, at + 1, TopUpState.UNCERTAIN, Decision.CANCEL)
    shop.line.plug()
    assert store_of(shop.first).come_back()
    assert shop.second.topups.get(topup.id).state is TopUpState.UNCERTAIN


def claim(till: Till, key: str, version: int, state: TopUpState, decision: Decision) -> bool:
    """Move a top-up as a till does that stops right after."""
    return till.context.store.write(
        lambda tx: tx.claim(TopUpRow, key, version, state=state, decision=decision)
    )


async def test_a_supervisor_looks_at_it_by_keys(shop: Shop, sandbox: SandboxControl) -> None:
    be_late(shop)
    hire(shop.second)
    async with at_desk(shop.second) as desk:
        await enter(desk, "1", BOSS_PIN)
        await open_desk(desk, "oversight")
        await desk.see("Supervisão", "Chegou tarde ao servidor")
        await desk.press("enter")
        await desk.see("Chegou tarde ao servidor", "outro caixa já tinha posto", "Resolvido")
        await desk.press("v")
        await desk.see("Confirmação da recarga", "Cancelada")
        await desk.press("escape")
        await desk.see("Supervisão")
        await desk.press("enter", "r")
        await desk.see("Nada pendente em nenhum caixa.")
    assert late_of(shop.first) == []
