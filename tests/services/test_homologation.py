"""RV's homologation script, run by the services; and the background that asks by itself."""

import threading

from pos_tui.domain.topup import TopUpState
from pos_tui.homologation import Script, table
from pos_tui.till import Till
from tests.sandbox import SandboxControl
from tests.tills import LINE, SELLER, Watch, add, new_sale, pay_and_save


def test_every_line_of_the_script_passes(till: Till, sandbox: SandboxControl) -> None:
    results = Script(till).run()
    assert [result.asked for result in results if result.passed is False] == []
    assert sum(result.passed is True for result in results) == 13
    assert "não vende PIN" in table(results)
    ledger = sandbox.ledger()
    assert (ledger.count("credited"), ledger.count("cancelled")) == (6, 5)
    assert till.topups.budget().used == 0


def test_what_fails_is_told_and_the_rest_goes_on(till: Till, sandbox: SandboxControl) -> None:
    till.offers.catalogue()
    sandbox.fault("down", "balance")
    results = Script(till).run()
    assert [result.passed for result in results[:2]] == [False, True]
    assert "FALHOU" in table(results)


def test_the_background_asks_by_itself_and_ends_with_the_till(
    till: Till, sandbox: SandboxControl, watch: Watch
) -> None:
    sale = new_sale(till)
    topup = add(till, sale)
    pay_and_save(till, sale)
    sandbox.fault("lost", "confirm")
    assert till.topups.confirm(topup.id, SELLER).state is TopUpState.UNCERTAIN
    heard = threading.Event()
    till.rounds.heard = heard.set
    watch.advance(11)
    till.rounds.start()
    assert heard.wait(30)
    assert till.topups.get(topup.id).state is TopUpState.CONFIRMED
    assert sandbox.ledger().credits == {LINE: (1, 1500)}
    till.close()
    assert not till.rounds._loop.alive
