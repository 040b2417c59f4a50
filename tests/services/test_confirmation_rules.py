"""Who confirms: a person, the store's rule, or TEF; and what a sale that came about in part owes."""

from pathlib import Path

import pytest

from pos_tui.domain.errors import ConfigError
from pos_tui.domain.journal import SYSTEM
from pos_tui.domain.payment import Method, PaymentState
from pos_tui.domain.sale import PaymentLine, Sale, SaleFilter, confirms_itself
from pos_tui.domain.topup import Decision, TopUpState
from pos_tui.domain.values import replace
from pos_tui.store.ids import new_key
from pos_tui.till import Till
from tests.sandbox import SandboxControl
from tests.tills import EVER, LINE, SELLER, Watch, add, new_sale, open_till, pay_and_save, settings

OTHER = "67999995678"


def automatic(folder: Path, sandbox: SandboxControl, watch: Watch) -> Till:
    """A till of a store that chose automatic confirmation."""
    config = settings()
    topup = replace(config.topup, auto_confirm=True)
    return open_till(folder, sandbox, replace(config, topup=topup), clock=watch)


def test_the_stores_rule_confirms_after_saving(tmp_path: Path, sandbox: SandboxControl, watch: Watch) -> None:
    till = automatic(tmp_path / "till", sandbox, watch)
    sale = new_sale(till)
    add(till, sale)
    saved = pay_and_save(till, sale)
    assert saved.topups[0].decision is Decision.CONFIRM
    assert sandbox.ledger().credits == {}
    (confirmed,) = till.topups.confirm_decided(saved.id)
    assert confirmed.state is TopUpState.CONFIRMED
    assert confirmed.decided_by == f"{SELLER} (automática)"
    assert sandbox.ledger().credits == {LINE: (1, 1500)}
    till.close()


def test_a_crash_between_saving_and_confirming_loses_no_confirmation(
    tmp_path: Path, sandbox: SandboxControl, watch: Watch
) -> None:
    till = automatic(tmp_path / "till", sandbox, watch)
    sale = new_sale(till)
    topup = add(till, sale)
    pay_and_save(till, sale)
    till.close()
    # The store's rule has changed meanwhile: what was decided stays decided.
    again = open_till(tmp_path / "till", sandbox, clock=watch)
    assert again.sweeper.sweep(SYSTEM).resolved == 1
    assert again.topups.get(topup.id).state is TopUpState.CONFIRMED
    assert sandbox.ledger().credits == {LINE: (1, 1500)}
    again.close()


def test_one_that_fails_hinders_no_other(tmp_path: Path, sandbox: SandboxControl, watch: Watch) -> None:
    till = automatic(tmp_path / "till", sandbox, watch)
    sale = new_sale(till)
    add(till, sale)
    add(till, sale, 6000, OTHER)
    saved = pay_and_save(till, sale)
    sandbox.fault("lost", "confirm")
    states = [topup.state for topup in till.topups.confirm_decided(saved.id)]
    assert states == [TopUpState.UNCERTAIN, TopUpState.CONFIRMED]
    watch.advance(11)
    assert till.sweeper.ask_due() == 1
    assert sandbox.ledger().credits == {LINE: (1, 1500), OTHER: (1, 6000)}
    till.close()


def test_a_reserve_that_comes_after_saving_follows_the_rule(
    tmp_path: Path, sandbox: SandboxControl, watch: Watch
) -> None:
    till = automatic(tmp_path / "till", sandbox, watch)
    sale = new_sale(till)
    sandbox.settings(cap=0)
    with pytest.raises(Exception, match="simultânea"):
        add(till, sale)
    saved = pay_and_save(till, sale)
    assert saved.topups[0].words == "Pendente (Envio não realizado)"
    sandbox.settings(cap=None)
    assert till.topups.reserve(saved.topups[0].id, SELLER).state is TopUpState.CONFIRMED
    till.close()


@pytest.mark.parametrize("state", [PaymentState.REFUSED, PaymentState.UNDONE, PaymentState.CANCELLED])
def test_tef_that_did_not_pay_confirms_nothing(till: Till, state: PaymentState) -> None:
    line = PaymentLine("p", 1, Method.TEF, state, 1500)
    sale = replace(till.sales.current("1", SELLER), payments=(line,))
    assert confirms_itself(sale, auto_confirm=False) == ""
    assert confirms_itself(sale, auto_confirm=True) == "automática"


def half(till: Till, sandbox: SandboxControl) -> Sale:
    """A sale of two top-ups, paid with R$ 100,00, of which one is credited and one cancelled."""
    sale = new_sale(till)
    kept, dropped = add(till, sale, 1500), add(till, sale, 6000, OTHER)
    sale = till.sales.add_payment(till.sales.get(sale.id), Method.CASH, 10_000)
    saved = till.sales.save(sale)
    assert (saved.total, saved.change, saved.owed_back) == (7500, 2500, 0)
    till.topups.confirm(kept.id, SELLER)
    till.topups.cancel(dropped.id, "linha errada", SELLER)
    return till.sales.get(sale.id)


def test_what_goes_back_is_told_on_list_and_paper(till: Till, sandbox: SandboxControl) -> None:
    sale = half(till, sandbox)
    assert (sale.due, sale.owed_back) == (1500, 6000)
    (line,) = till.sales.page(SaleFilter(*EVER))
    assert line.owed_back == 6000
    paper = till.spool.paper_of(sale.id, "sale")
    assert paper is not None
    words = till.papers.preview(paper.document)
    assert "RESULTADO PARCIAL: 1 de 2" in words
    assert "A DEVOLVER" in words and "R$ 60,00" in words and "Cancelada" in words


def test_a_refund_given_is_owed_no_more(till: Till, sandbox: SandboxControl) -> None:
    sale = half(till, sandbox)
    refund = PaymentLine(new_key(), 2, Method.CARD, PaymentState.REFUNDED, 6000)
    assert replace(sale, payments=(*sale.payments, refund)).owed_back == 0
    till.cash.open(0, SELLER)
    till.cash.supply(6000, "troco do cofre", SELLER)
    till.cash.refund(sale, 6000, "recarga cancelada", SELLER)
    assert till.sales.get(sale.id).owed_back == 0


def test_before_saving_a_refused_one_simply_does_not_count(till: Till) -> None:
    sale = new_sale(till)
    add(till, sale, 1500)
    add(till, sale, 1500, "99999990004")
    found = till.sales.get(sale.id)
    assert (found.due, [topup.state for topup in found.undone]) == (1500, [TopUpState.REFUSED])
    saved = pay_and_save(till, sale)
    assert (saved.total, saved.owed_back) == (1500, 0)


@pytest.mark.parametrize("name", ["rv", "celcoin", "dtone"])
def test_any_provider_sells_in_training(
    tmp_path: Path, sandbox: SandboxControl, watch: Watch, name: str
) -> None:
    config = settings()
    config = replace(config, topup=replace(config.topup, provider=name))
    till = open_till(tmp_path / name, sandbox, config, clock=watch)
    sale = new_sale(till)
    kept, dropped = add(till, sale, 1500), add(till, sale, 2000, OTHER)
    assert (kept.state, dropped.state, kept.provider) == (TopUpState.RESERVED, TopUpState.RESERVED, name)
    assert till.sweeper.sweep(SYSTEM).strangers == ()
    pay_and_save(till, sale)
    till.topups.cancel(dropped.id, "desistiu", SELLER)
    till.topups.confirm(kept.id, SELLER)
    sandbox.advance(10)
    watch.advance(11)
    till.sweeper.ask_due()
    assert till.topups.get(kept.id).state is TopUpState.CONFIRMED
    assert sandbox.ledger().credits == {LINE: (1, 1500)}
    till.close()


def test_pendings_of_the_provider_before_are_asked_of_it(
    tmp_path: Path, sandbox: SandboxControl, watch: Watch
) -> None:
    till = open_till(tmp_path / "till", sandbox, clock=watch)
    topup = add(till, new_sale(till))
    till.close()
    config = settings()
    config = replace(config, topup=replace(config.topup, provider="celcoin"))
    moved = open_till(tmp_path / "till", sandbox, config, clock=watch)
    assert moved.topups.cancel(topup.id, "desistiu", SELLER).state is TopUpState.CANCELLED
    moved.close()


def test_a_provider_that_is_not_set_up_is_told_before_anything_is_sent(tmp_path: Path) -> None:
    from pos_tui.services.outside import topup_provider

    config = replace(settings(), source=tmp_path / "config.toml")
    with pytest.raises(ConfigError, match=r"topup\.dtone"):
        topup_provider("dtone", config, lambda: "")
