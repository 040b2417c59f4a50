"""A shift with two people: the Z by method, seller, operator and company; midnight; the blind closing."""

from pathlib import Path

import pytest

from pos_tui.domain.card import Brand, CardDetails, CardKind
from pos_tui.domain.cash import Count, MoveKind
from pos_tui.domain.errors import FieldError
from pos_tui.domain.payment import Method, PaymentState
from pos_tui.domain.people import Action, NeedsApproval
from pos_tui.domain.topup import TopUpState
from pos_tui.printing.layout import as_text
from pos_tui.printing.receipt import Receipt
from pos_tui.services.cash import Rules
from pos_tui.store.models import CashMoveRow
from pos_tui.till import Till
from tests.items.goods import stock
from tests.people.staff import ANA, ANA_PIN, BETO, BETO_PIN, BOSS, BOSS_PIN, WHY, hire
from tests.people.test_boards import approve, enter, uncertain
from tests.sandbox import SandboxControl
from tests.screens.desk import at_desk
from tests.tills import Watch, add, new_sale, open_till, settings

CARD = CardDetails(CardKind.DEBIT, Brand.VISA, nsu="123456")


def rows(paper: Receipt) -> list[str]:
    """The lines of a paper, their blanks taken together."""
    return [" ".join(line.split()) for line in as_text(paper, 48).splitlines()]


def test_the_z_tells_each_method_seller_operator_and_company(till: Till) -> None:
    goods = stock(till)
    hire(till)
    till.operators.enter(2, ANA_PIN)
    till.cash.open(10_000, ANA)
    sale = new_sale(till, ANA)
    vivo = add(till, sale, 1500)
    till.items.add(till.sales.get(sale.id), goods["COR1"])
    sale = till.sales.add_payment(till.sales.get(sale.id), Method.CARD, 4500, CARD)
    till.sales.save(till.sales.add_payment(sale, Method.CASH, 2000))
    till.topups.confirm(vivo.id, ANA)
    till.operators.enter(3, BETO_PIN)
    sale = new_sale(till, BETO)
    claro = add(till, sale, 2000, "67999995678", "Claro")
    till.sales.save(till.sales.add_payment(till.sales.get(sale.id), Method.CASH, 2000))
    till.topups.confirm(claro.id, BETO)
    shift = till.cash.shift()
    assert shift is not None
    approval = till.operators.approve(Action.CASH_WITHDRAW, shift.id, 1, BOSS_PIN, WHY, BETO)
    till.cash.withdraw(3_000, "para o cofre", BETO, approval)
    told = rows(till.cash.close(Count({}, 10_500), BETO))
    for line in (
        "Dinheiro 2 R$ 35,00",
        "Cartão (maquininha) 1 R$ 45,00",
        f"{ANA} 1 R$ 60,00",
        f"{BETO} 1 R$ 20,00",
        "Serviço 1 R$ 45,00",
        f"{ANA} 2 R$ 115,00",
        f"{BETO} 2 R$ -10,00",
        "Sangrias R$ -30,00",
        "Dinheiro esperado R$ 105,00",
        "Dinheiro contado R$ 105,00",
    ):
        assert line in told, "\n".join(told)
    assert {"vivo 1 r$ 15,00", "claro 1 r$ 20,00"} <= {line.casefold() for line in told}


def test_what_is_expected_is_added_up_from_the_rows_each_time(till: Till) -> None:
    till.cash.open(10_000, ANA)
    till.cash.supply(2_000, "troco do banco", ANA)
    reading = till.cash.reading()
    assert (reading.drawer.expected, sum(total.amount for total in reading.people)) == (12_000, 12_000)
    forged = CashMoveRow.update(amount=500).where(CashMoveRow.kind == MoveKind.SUPPLY)
    till.context.store.write(lambda tx: tx.run(forged))
    assert till.cash.reading().drawer.expected == 10_500, "no sum is kept that could disagree"


def close_carrying(till: Till, counted: int) -> list[str]:
    """Close with a supervisor's reason; return the lines of the Z."""
    shift = till.cash.shift()
    assert shift is not None
    with pytest.raises(NeedsApproval) as needs:
        till.cash.close(Count({}, counted), ANA)
    assert needs.value.action is Action.CASH_CLOSE_CARRYING
    with pytest.raises(FieldError):
        till.guard.by_oneself(Action.CASH_CLOSE_CARRYING, shift.id, BOSS, "ok")
    approval = till.guard.by_oneself(Action.CASH_CLOSE_CARRYING, shift.id, BOSS, WHY)
    return rows(till.cash.close(Count({}, counted), ANA, approval))


def test_g53_an_uncertain_payment_is_carried_over_with_a_supervisors_reason(till: Till) -> None:
    till.cash.open(10_000, ANA)
    key = uncertain(till)
    told = close_carrying(till, 10_000)
    assert "Pagamentos a verificar 1" in told and f"Autorizado por {BOSS}: {WHY}" in " ".join(told)
    last = till.shifts.last()
    # The payment, and the sale it belongs to, which is still open.
    assert last is not None and (last.carried, last.approved_by, last.reason) == (2, BOSS, WHY)
    till.cash.open(10_000, BETO)
    assert till.cash.reading().carried.payments == 1, "the next shift has it"
    assert till.payments.get(key).state is PaymentState.UNCERTAIN, "nothing was decided by closing"


def test_a_changed_journal_closes_only_with_a_supervisor_and_stands_on_the_z(till: Till) -> None:
    till.cash.open(10_000, ANA)
    till.context.store.db.execute_sql("UPDATE journal SET who = 'X' WHERE seq = 1")  # type: ignore[no-untyped-call]
    told = " ".join(close_carrying(till, 10_000))
    assert "ATENÇÃO: o diário foi alterado a partir da linha 1." in told


def test_c24_nothing_closes_or_confirms_itself_at_midnight(
    tmp_path: Path, sandbox: SandboxControl, watch: Watch
) -> None:
    till = open_till(tmp_path / "night", sandbox, settings(), watch)
    till.cash.open(10_000, ANA)
    sale = new_sale(till, ANA)
    topup = add(till, sale, 1500)
    till.sales.save(till.sales.add_payment(till.sales.get(sale.id), Method.CASH, 1500))
    evening = till.day()
    for _ in range(2):
        watch.advance(24 * 3600)
        till.sweeper.sweep("sistema")
        till.sweeper.ask_due()
    assert till.day() > evening
    shift = till.cash.shift()
    assert shift is not None and shift.number == 1
    state = till.topups.get(topup.id).state
    assert state is not TopUpState.CONFIRMED and sandbox.ledger().count("credited") == 0
    assert till.cash.reading().drawer.expected == 11_500
    with pytest.raises(NeedsApproval):
        till.cash.close(Count({}, 11_500), ANA)
    till.close()


def test_a_shift_over_midnight_closes_whole(till: Till, watch: Watch) -> None:
    till.cash.open(10_000, ANA)
    goods = stock(till)
    for _ in range(2):
        sale = new_sale(till, ANA)
        till.items.add(sale, goods["COR1"])
        till.sales.save(till.sales.add_payment(till.sales.get(sale.id), Method.CASH, 4500))
        watch.advance(20 * 3600)
    told = rows(till.cash.close(Count({}, 19_000), ANA))
    assert "Dinheiro 2 R$ 90,00" in told and "Dinheiro esperado R$ 190,00" in told


async def test_a_supervisor_reads_what_a_blind_count_hides(till: Till) -> None:
    hire(till)
    till.cash.rules = Rules(required=False, blind=True)
    async with at_desk(till) as desk:
        await enter(desk, "2", ANA_PIN)
        till.cash.open(12_345, ANA)
        await desk.press("f7")
        await desk.see("Caixa nº 1")
        await desk.press("5")
        await approve(desk)
        await desk.see("LEITURA X")
        await desk.press("end")
        await desk.see("R$ 123,45")
