"""What went wrong in other tills, each as a test by its name (facts/payments.md §5, §9.14).

Those about a terminal that answers another operation, or none, and about slips stand with TEF:
`test_tef_payments.py`, `test_tef_dangers.py`, `tests/providers/tef`.
"""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from pos_tui.domain.errors import Conflict, FieldError, PosError, RuleError
from pos_tui.domain.late_payment import FIRST_MS
from pos_tui.domain.outcome import Outcome
from pos_tui.domain.payment import Decision, Method, PaymentState
from pos_tui.domain.sale import PaymentLine, Sale, SaleFilter
from pos_tui.domain.topup import TopUpState
from pos_tui.domain.values import replace
from pos_tui.providers.sandbox.tef_ledger import EntryState
from pos_tui.services.drivers.base import Told
from pos_tui.services.drivers.pix import PixDriver
from pos_tui.services.drivers.tef import TefDriver
from pos_tui.store import sales
from pos_tui.store.models import JournalRow, PaymentRow
from pos_tui.till import Till
from tests import databases
from tests.paying import CARD, METHODS, WARRANT, TefFolders, charge, take_cards
from tests.sandbox import SandboxControl
from tests.tills import EVER, SELLER, Watch, add, new_sale, open_till, settings

S = PaymentState


def now(till: Till, sale: Sale) -> Sale:
    return till.sales.get(sale.id)


def saved(till: Till) -> list[Sale]:
    return [till.sales.get(line.id) for line in till.sales.page(SaleFilter(*EVER))]


@pytest.mark.parametrize(("method", "driver"), [(Method.PIX_DYNAMIC, PixDriver), (Method.TEF, TefDriver)])
def test_quicktill_the_row_is_on_the_disk_before_the_first_byte(
    paytill: Till,
    sale: Sale,
    method: Method,
    driver: type[PixDriver] | type[TefDriver],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Looked at through another connection, in the moment in which the outside is asked."""
    seen: list[tuple[str, str, int]] = []
    start: Callable[[object, PaymentLine, threading.Event], Outcome[Told]] = driver.start  # type: ignore[assignment]

    def look(self: object, line: PaymentLine, stop: threading.Event) -> Outcome[Told]:
        other = databases.open_store_of(paytill)
        with other.reading() as tx:
            (row,) = tx.rows(PaymentRow.select(PaymentRow.state, PaymentRow.request_key))
            intents = (JournalRow.kind == "payment.charge") & (JournalRow.event == "intent")
            seen.append((row[0], row[1], len(tx.rows(JournalRow.select(JournalRow.id).where(intents)))))
        other.close()
        return start(self, line, stop)

    monkeypatch.setattr(driver, "start", look)
    line = charge(paytill, sale, method, 6000)
    assert seen == [("sent", line.request_key, 1)]


def test_odoo_mercado_pago_a_payment_outlives_the_program(tmp_path: Path, sandbox: SandboxControl) -> None:
    """The intent's id was kept in memory only: after a reload the payment was thrown away."""
    config = replace(settings(), payment=METHODS)
    first = open_till(tmp_path / "till", sandbox, config)
    sale = new_sale(first)
    add(first, sale, 6000)
    line = charge(first, sale, Method.PIX_DYNAMIC, 6000)
    first.close()
    sandbox.pay(line.request_key)
    again = open_till(tmp_path / "till", sandbox, config)
    (found,) = again.catch_up("sistema").settled
    assert (found.id, found.state) == (line.id, S.CONFIRMED)
    again.close()


@pytest.mark.parametrize("fault", ["down", "reset", "lost"])
def test_odoo_75246_a_retry_asks_about_the_same_charge(
    paytill: Till, sale: Sale, sandbox: SandboxControl, fault: str
) -> None:
    """A new order at each retry: paid twice, or another order's answer taken."""
    sandbox.fault(fault, "reserve")
    line = charge(paytill, sale, Method.PIX_DYNAMIC, 6000)
    assert line.state in (S.CREATED, S.UNCERTAIN)
    after = paytill.payments.ask(line.id, SELLER)
    if after.state is S.CREATED:
        after = paytill.payments.charge(line.id, SELLER)
    assert (after.state, after.request_key) == (S.SENT, line.request_key)
    assert sandbox.ledger().states().keys() >= {line.request_key}
    assert [row["purchase"]["key"] for row in sandbox.ledger().rows if row["wire"] == "pix"] == [
        line.request_key
    ]


def test_odoo_228406_a_person_who_sees_the_proof_may_say_so(
    paytill: Till, sale: Sale, sandbox: SandboxControl
) -> None:
    """The bank is right and the till cannot know: a supervisor's word, with its reason, ends the waiting."""
    sandbox.fault("garbage", "reserve")
    line = charge(paytill, sale, Method.PIX_DYNAMIC, 6000)
    assert line.state is S.UNCERTAIN
    ruled = paytill.refunds.rule(line, S.CONFIRMED, WARRANT)
    assert (ruled.state, ruled.reason) == (S.CONFIRMED, WARRANT.reason)
    assert paytill.sales.save(now(paytill, sale)).tally.settled


def test_odoo_40600_and_erpnext_12645_two_saves_make_one_sale(paytill: Till, sale: Sale) -> None:
    """The key repeats, or the reply is lost: pressed by two hands at once, it is one sale."""
    paytill.sales.add_payment(now(paytill, sale), Method.CASH, 10_000)
    ready = threading.Barrier(2)

    def save(_: int) -> Sale | PosError:
        ready.wait()
        try:
            return paytill.sales.save(sale)
        except PosError as error:
            return error

    with ThreadPoolExecutor(2) as pool:
        ends = list(pool.map(save, range(2)))
    assert len([end for end in ends if isinstance(end, Sale)]) == 1
    assert any(isinstance(end, Conflict) for end in ends)
    assert [one.number for one in saved(paytill)] == [1]


def test_stripe_android_470_paid_is_never_shown_as_declined(
    paytill: Till, sale: Sale, sandbox: SandboxControl
) -> None:
    """The confirmation timed out, the retry was answered 409, and the screen said DECLINED."""
    sandbox.fault("lost", "reserve")
    line = charge(paytill, sale, Method.PIX_DYNAMIC, 6000)
    sandbox.pay(line.request_key)
    cut = PaymentRow.update(state=S.CREATED).where(PaymentRow.id == line.id)
    paytill.context.store.write(lambda tx: tx.run(cut))
    again = paytill.payments.charge(line.id, SELLER)
    assert again.state is S.UNCERTAIN, "a 400 to the same txid may mean that it is paid"
    assert paytill.payments.ask(line.id, SELLER).state is S.CONFIRMED


def test_stripe_android_747_what_waited_is_charged_once(
    paytill: Till, sale: Sale, folders: TefFolders
) -> None:
    """A queue sent again what had been taken already."""
    line = paytill.payments.add(sale, Method.TEF, 6000)
    with ThreadPoolExecutor(4) as pool:
        ends = list(pool.map(lambda _: paytill.payments.charge(line.id, SELLER), range(4)))
    assert {end.state for end in ends} == {S.APPROVED}
    assert len(folders.ledger.entries) == 1


def test_stripe_ios_100_the_answer_to_another_card_is_not_taken(
    paytill: Till, sale: Sale, folders: TefFolders
) -> None:
    folders.play("CRT stranger")
    line = charge(paytill, sale, Method.TEF, 6000)
    assert line.state is S.APPROVED and f"001-000 = {line.request_key}" in line.reply


def test_stripe_ios_294_a_confirmation_nobody_heard_is_no_success(
    paytill: Till, sale: Sale, folders: TefFolders
) -> None:
    take_cards(paytill, folders, window=0.5)
    charge(paytill, sale, Method.TEF, 6000)
    folders.play("CNF ignore")
    closed = paytill.closing.finish(paytill.sales.save(now(paytill, sale)).id)
    (line,) = closed.sale.payments
    assert (line.state, line.words) == (S.APPROVED, "aprovado [confirmando]")
    assert closed.sale.topups[0].state is not TopUpState.CONFIRMED
    assert folders.ledger.entries[-1].state is not EntryState.CONFIRMED


def test_erpnext_13388_one_stuck_payment_blocks_no_other(
    paytill: Till, sale: Sale, sandbox: SandboxControl, folders: TefFolders
) -> None:
    """One invoice that could not be sent stopped the whole queue."""
    stuck = charge(paytill, sale, Method.PIX_DYNAMIC, 1000)
    card = charge(paytill, sale, Method.TEF, 5000)
    paytill.context.store.write(
        lambda tx: paytill.payments.decide(tx, paytill.payments.get(card.id), Decision.CONFIRM, SELLER)
    )
    sandbox.fault("garbage", times=None)
    recovery = paytill.catch_up("sistema")
    assert [(one.id, one.state) for one in recovery.settled] == [(card.id, S.CONFIRMED)]
    assert [one.id for one in recovery.waiting] == [stuck.id]
    assert folders.ledger.effect == 5000


def test_posnext_50_a_line_taken_twice_from_an_old_screen_is_told(paytill: Till, sale: Sale) -> None:
    """The same payment recorded twice by a screen that did not know of the first: never too much is kept."""
    paytill.payments.add(sale, Method.PIX_DYNAMIC, 6000)
    with pytest.raises(FieldError, match="Não falta nada"):
        paytill.payments.add(sale, Method.PIX_DYNAMIC, 6000)
    with pytest.raises(FieldError, match="Não falta nada"):
        paytill.sales.add_payment(sale, Method.CASH, 6000)
    assert now(paytill, sale).tally.paid == 6000


def test_nothing_is_charged_for_a_sale_that_was_saved_meanwhile(paytill: Till, sale: Sale) -> None:
    """An old screen: its payment would have been taken beside the one that the sale was saved with."""
    paytill.sales.add_payment(sale, Method.CASH, 6000)
    paytill.sales.save(now(paytill, sale))
    for method in (Method.PIX_DYNAMIC, Method.TEF):
        with pytest.raises(RuleError, match="não está mais aberta"):
            paytill.payments.add(sale, method, 6000)
    with pytest.raises(RuleError, match="não está mais aberta"):
        paytill.sales.add_payment(sale, Method.CARD, 6000, CARD)


def test_a_payment_that_joins_while_the_sale_is_saved_is_not_left_out(
    paytill: Till, sale: Sale, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Read, then joined by another form, then written: the one or the other, never both."""
    paytill.sales.add_payment(sale, Method.CASH, 3000)
    paytill.sales.add_payment(now(paytill, sale), Method.CARD, 3000, CARD)
    whole = now(paytill, sale)
    paytill.sales.remove_payment(whole)
    monkeypatch.setattr(sales, "get", lambda tx, key: whole)
    with pytest.raises(Conflict):
        paytill.sales.save(whole)
    monkeypatch.undo()
    assert saved(paytill) == []


@pytest.mark.parametrize("paid_in_the_last_second", [False, True])
def test_facts_9_14_an_expired_pix_is_removed_and_then_asked_about(
    paytill: Till, sale: Sale, sandbox: SandboxControl, paid_in_the_last_second: bool
) -> None:
    """It stays ATIVA for the bank: neither may its money be lost, nor may the next customer be let wait."""
    line = charge(paytill, sale, Method.PIX_DYNAMIC, 6000)
    if paid_in_the_last_second:
        sandbox.pay(line.request_key)
    sandbox.advance(METHODS.pix.expires_seconds + 1)
    after = paytill.refunds.remove(line, SELLER)
    assert after.state is (S.CONFIRMED if paid_in_the_last_second else S.CANCELLED)
    assert now(paytill, sale).tally.missing == (0 if paid_in_the_last_second else 6000)


def test_payzu_a_late_approval_still_counts_as_paid(tmp_path: Path, sandbox: SandboxControl) -> None:
    watch = Watch()
    till = open_till(tmp_path / "till", sandbox, replace(settings(), payment=METHODS), watch)
    sale = new_sale(till)
    add(till, sale, 6000)
    line = till.refunds.remove(charge(till, sale, Method.PIX_DYNAMIC, 6000), SELLER)
    sandbox.pay(line.request_key, late=True)
    watch.advance(FIRST_MS / 1000 + 1)
    assert till.catch_up("sistema").late[0].state is S.LATE
    till.close()
