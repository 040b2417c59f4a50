"""The drawer's book: every move is a commit with its paper, and the closing adds up (issue 6)."""

import json
from pathlib import Path

import pytest

from pos_tui.config import Config
from pos_tui.domain.cash import Count, refundable
from pos_tui.domain.errors import Conflict, FieldError, RuleError
from pos_tui.domain.payment import Method
from pos_tui.domain.people import Action, NeedsApproval
from pos_tui.domain.sale import Sale
from pos_tui.domain.values import replace
from pos_tui.printing.layout import as_text
from pos_tui.printing.receipt import Receipt
from pos_tui.services.cash import Rules
from pos_tui.settings.store import CashSettings
from pos_tui.store.models import JournalRow
from pos_tui.till import Till
from tests.people.staff import ANA, ANA_PIN, BOSS_PIN, WHY, hire
from tests.sandbox import SandboxControl
from tests.tills import SELLER, add, new_sale, open_till, pay_and_save, settings

BOSS = "Israel Veiga"


def sell(till: Till, face: int = 1500, handed: int = 0, confirm: bool = True) -> Sale:
    """Sell one top-up for cash."""
    sale = new_sale(till)
    topup = add(till, sale, face)
    sale = till.sales.add_payment(till.sales.get(sale.id), Method.CASH, handed or face)
    sale = till.sales.save(sale)
    if confirm:
        till.topups.confirm(topup.id, SELLER)
    return till.sales.get(sale.id)


def text(receipt: Receipt) -> str:
    """A paper as one line of words."""
    return " ".join(as_text(receipt, 48).split())


def kinds(till: Till) -> list[str]:
    """The papers owed."""
    return [job.kind for job in till.spool.owed()]


def test_the_drawer_holds_float_plus_cash_less_change_and_moves(till: Till) -> None:
    till.cash.open(10_000, SELLER)
    sell(till, 1500, handed=2000)
    till.cash.supply(5_000, "troco do banco", SELLER)
    till.cash.withdraw(3_000, "depósito no cofre", SELLER)
    drawer = till.cash.reading().drawer
    assert (drawer.sales, drawer.expected) == (1500, 10_000 + 1500 + 5_000 - 3_000)
    (cash,) = till.cash.reading().methods
    assert (cash.name, cash.count, cash.amount) == ("Dinheiro", 1, 1500)
    assert till.cash.reading().operators[0].name.casefold() == "vivo"


def test_each_move_brings_its_slip_and_opens_the_drawer(till: Till) -> None:
    till.cash.open(10_000, SELLER)
    assert kinds(till) == ["cash_open"]
    (first,) = till.cash.moves()
    opening = till.spool.paper_of(first.id, "cash_open")
    assert opening is not None and Receipt.from_json(opening.document).drawer
    for words in ("ABERTURA - FUNDO DE TROCO", "R$ 100,00", SELLER, "Assinatura"):
        assert words in text(Receipt.from_json(opening.document))
    move = till.cash.withdraw(3_000, "depósito no cofre", SELLER)
    till.cash.supply(500, "moedas para troco", SELLER)
    assert kinds(till) == ["cash_open", "cash_out", "cash_in"]
    paper = till.spool.paper_of(move.id, "cash_out")
    assert paper is not None
    receipt = Receipt.from_json(paper.document)
    assert receipt.drawer
    for words in ("SANGRIA", "R$ 30,00", "depósito no cofre", SELLER, "Assinatura", "TREINAMENTO"):
        assert words in text(receipt)


def test_amounts_and_reasons_are_asked_for(till: Till) -> None:
    with pytest.raises(RuleError, match="fechado"):
        till.cash.supply(100, "qualquer motivo", SELLER)
    till.cash.open(1_000, SELLER)
    for amount, reason, field in (
        (0, "motivo bom", "amount"),
        (100, " ", "reason"),
        (1_001, "cofre", "amount"),
    ):
        with pytest.raises(FieldError) as caught:
            till.cash.withdraw(amount, reason, SELLER)
        assert caught.value.field == field
    with pytest.raises(Conflict):
        till.cash.open(0, SELLER)
    assert till.cash.reading().drawer.expected == 1_000


def test_g56_closing_seals_the_journal_and_tells_what_is_short(till: Till) -> None:
    till.cash.open(10_000, SELLER)
    sell(till)
    counted = Count({10_000: 1, 1_000: 1, 200: 2}, coins=50)
    for said in ("", "não"):
        with pytest.raises(FieldError) as caught:
            till.cash.close(counted, SELLER, explained=said)
        assert caught.value.field == "explained"
    assert till.cash.shift() is not None
    z = text(till.cash.close(counted, SELLER, explained="moeda caída no chão"))
    for words in (
        "FECHAMENTO DE CAIXA",
        "Dinheiro esperado R$ 115,00",
        "Dinheiro contado R$ 114,50",
        "Falta R$ 0,50",
        "Motivo moeda caída no chão",
    ):
        assert words in z
    (seal,) = till.context.store.db.execute_sql("SELECT seal FROM shift").fetchone()  # type: ignore[no-untyped-call]
    assert seal in z.replace(" ", "")
    assert till.cash.shift() is None
    with till.context.store.reading() as tx:
        (noted,) = tx.row(JournalRow.select(JournalRow.data).where(JournalRow.hash == seal)) or ("",)
    assert json.loads(noted)["explained"] == "moeda caída no chão"
    assert till.cash.broken_chain() == ""
    till.context.store.write(lambda tx: tx.run(JournalRow.delete().where(JournalRow.hash == seal)))
    assert till.cash.broken_chain() != ""


def test_an_end_of_the_journal_that_was_cut_off_shows_by_the_seal(till: Till) -> None:
    till.cash.open(0, SELLER)
    till.cash.close(Count({}), SELLER)
    db = till.context.store.db
    db.execute_sql("DELETE FROM journal WHERE seq > 1")  # type: ignore[no-untyped-call]
    assert "lacre do caixa 1" in till.cash.broken_chain()


def test_closing_with_pendings_needs_a_supervisor_with_a_reason(till: Till) -> None:
    till.cash.open(0, SELLER)
    sale = sell(till, confirm=False)
    shift = till.cash.shift()
    assert shift is not None
    with pytest.raises(NeedsApproval):
        till.cash.close(Count({}), SELLER)
    assert till.cash.shift() is not None
    with pytest.raises(FieldError):
        till.guard.by_oneself(Action.CASH_CLOSE_CARRYING, shift.id, BOSS, "ok")
    approval = till.guard.by_oneself(Action.CASH_CLOSE_CARRYING, shift.id, BOSS, "operadora fora do ar")
    z = text(till.cash.close(Count({1000: 1, 500: 1}), SELLER, approval))
    assert "Recargas pendentes" in z and "Israel Veiga: operadora fora do ar" in z
    assert [topup.pending for topup in till.sales.get(sale.id).topups] == [True], "nothing confirms itself"
    with pytest.raises(RuleError):
        till.cash.close(Count({}), SELLER, approval)


def test_an_approval_is_for_one_action_on_one_subject(till: Till) -> None:
    till.cash.open(1_000, SELLER)
    shift = till.cash.shift()
    assert shift is not None
    wrong = till.guard.by_oneself(Action.CASH_WITHDRAW, "another", BOSS, "cofre cheio")
    with pytest.raises(RuleError, match="não vale mais"):
        till.cash.withdraw(100, "para o cofre", SELLER, wrong)
    right = till.guard.by_oneself(Action.CASH_WITHDRAW, shift.id, BOSS, "cofre cheio")
    assert till.cash.withdraw(100, "para o cofre", SELLER, right).approved_by == BOSS
    with pytest.raises(RuleError, match="não vale mais"):
        till.cash.withdraw(100, "para o cofre", SELLER, right)


def test_g54_cash_goes_back_only_for_what_was_cancelled_after_payment(till: Till) -> None:
    till.cash.open(0, SELLER)
    sale = sell(till, 1500, handed=2000, confirm=False)
    with pytest.raises(FieldError) as caught:
        till.cash.refund(sale, 1500, "cliente desistiu", SELLER)
    assert caught.value.field == "sale"
    till.topups.cancel(sale.topups[0].id, "cliente desistiu", SELLER)
    sale = till.cash.sale_by_number(1)
    assert refundable(sale, 0) == 1500
    with pytest.raises(FieldError, match="R\\$ 15,00"):
        till.cash.refund(sale, 1501, "cliente desistiu", SELLER)
    till.cash.refund(sale, 1000, "cliente desistiu", SELLER)
    till.cash.refund(sale, 500, "cliente desistiu", SELLER)
    with pytest.raises(FieldError):
        till.cash.refund(sale, 1, "cliente desistiu", SELLER)
    assert till.cash.reading().drawer.expected == 0


def test_blind_closing_hides_the_reading_from_who_counts(till: Till) -> None:
    hire(till)
    till.cash.rules = Rules(required=False, blind=True)
    till.operators.enter(2, ANA_PIN)
    till.cash.open(0, ANA)
    with pytest.raises(NeedsApproval) as needs:
        till.cash.x_reading(ANA)
    assert needs.value.action is Action.CASH_READ_BLIND
    approval = till.operators.approve(Action.CASH_READ_BLIND, "", 1, BOSS_PIN, WHY, ANA)
    assert "LEITURA X" in text(till.cash.x_reading(ANA, approval))
    assert till.cash.close(Count({}, 500), ANA), "counting needs nobody, and is not told that it differs"


def test_a_difference_and_pendings_each_have_their_reason(till: Till) -> None:
    till.cash.open(0, SELLER)
    sell(till, confirm=False)
    shift = till.cash.shift()
    assert shift is not None
    approval = till.guard.by_oneself(Action.CASH_CLOSE_CARRYING, shift.id, BOSS, "operadora fora do ar")
    z = text(till.cash.close(Count({}, 1_400), SELLER, approval, "troco dado a mais"))
    assert "Falta R$ 1,00 Motivo troco dado a mais" in z and f"{BOSS}: operadora fora do ar Lacre" in z
    last = till.cash.last()
    assert last is not None and last.reason == "operadora fora do ar; troco dado a mais"


def test_a_sale_for_cash_waits_for_an_open_drawer_where_the_store_says_so(till: Till) -> None:
    till.cash.rules = Rules(required=True, blind=False)
    sale = new_sale(till)
    add(till, sale)
    with pytest.raises(RuleError, match="F7"):
        pay_and_save(till, sale)
    till.cash.open(0, SELLER)
    assert pay_and_save(till, sale).number == 1


def test_training_sells_at_once_whatever_the_store_says(tmp_path: Path, sandbox: SandboxControl) -> None:
    config: Config = replace(settings(), cash=CashSettings(required=True))
    till = open_till(tmp_path / "other", sandbox, config)
    sell(till)
    till.cash.open(0, SELLER)
    assert till.cash.reading().drawer.sales == 0, "sold before the opening"
    till.close()
