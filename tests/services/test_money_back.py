"""Money that goes back goes back once, whatever ways it came by and goes by."""

import json

import pytest

from pos_tui.domain.cash import refundable
from pos_tui.domain.errors import FieldError, RuleError
from pos_tui.domain.payment import Method, PaymentState
from pos_tui.domain.sale import LATE, Sale, SaleFilter
from pos_tui.domain.values import replace
from pos_tui.printing.receipt import Kind
from pos_tui.reports.definition import Asked
from pos_tui.reports.registry import find
from pos_tui.store.models import PaymentRow
from pos_tui.till import Till
from tests.paying import CARD, WARRANT, TefFolders, charge
from tests.sandbox import SandboxControl
from tests.tills import EVER, SELLER, add

S = PaymentState


def now(till: Till, sale: Sale) -> Sale:
    return till.sales.get(sale.id)


def half_in_cash(till: Till, sale: Sale) -> Sale:
    """R$ 60,00 and R$ 15,00: 50 by card, 25 in cash; saved."""
    till.cash.open(50_000, SELLER)
    add(till, sale, 1500, "67999995678")
    till.sales.add_payment(now(till, sale), Method.CARD, 5000, CARD)
    till.sales.add_payment(now(till, sale), Method.CASH, 5000)
    return till.sales.save(now(till, sale))


def test_what_went_back_to_the_card_is_not_given_back_in_cash_too(paytill: Till, sale: Sale) -> None:
    saved = half_in_cash(paytill, sale)
    paytill.topups.cancel(saved.topups[0].id, "desistiu", SELLER)
    assert now(paytill, sale).owed_back == 6000
    paytill.refunds.refund(now(paytill, sale), saved.payments[0], WARRANT)
    assert now(paytill, sale).owed_back == 1000
    with pytest.raises(FieldError, match="R\\$ 10,00"):
        paytill.cash.refund(now(paytill, sale), 2500, "recarga cancelada", SELLER)
    paytill.cash.refund(now(paytill, sale), 1000, "recarga cancelada", SELLER)
    assert now(paytill, sale).owed_back == 0
    assert refundable(now(paytill, sale), 1000) == 0


def test_what_went_back_in_cash_is_no_longer_owed(paytill: Till, sale: Sale) -> None:
    saved = half_in_cash(paytill, sale)
    paytill.topups.cancel(saved.topups[1].id, "desistiu", SELLER)
    paytill.cash.refund(now(paytill, sale), 1500, "recarga cancelada", SELLER)
    assert now(paytill, sale).owed_back == 0
    assert now(paytill, sale).refunds == ["DEVOLVIDO em dinheiro (F7): R$ 15,00."]
    (shown,) = paytill.sales.with_pendings()
    assert shown.owed_back == 0
    with pytest.raises(RuleError, match="já se devolveu"):
        paytill.refunds.refund(now(paytill, sale), saved.payments[1], WARRANT)
    assert paytill.payments.get(saved.payments[1].id).state is S.CONFIRMED


def test_two_notes_in_cash_both_go_back_less_the_change(paytill: Till, sale: Sale) -> None:
    paytill.cash.open(10_000, SELLER)
    for handed in (3000, 5000):
        paytill.sales.add_payment(now(paytill, sale), Method.CASH, handed)
    saved = paytill.sales.save(now(paytill, sale))
    assert saved.change == 2000
    for line in saved.payments:
        paytill.refunds.refund(now(paytill, sale), line, WARRANT)
    back = [line.given_back for line in now(paytill, sale).payments]
    assert not any("F7" in told for told in now(paytill, sale).refunds), "told once, as what it was"
    assert sum(back) == 6000 and paytill.cash.reading().drawer.expected == 10_000


def test_cash_drawn_on_a_card_comes_back_with_its_cancelling(
    paytill: Till, sale: Sale, folders: TefFolders
) -> None:
    """The acquirer gives 80 back for a sale of 60: without the 20 in cash the store has lost them."""
    paytill.cash.open(10_000, SELLER)
    folders.play("CRT cash_out")
    charge(paytill, sale, Method.TEF, 6000)
    saved = paytill.closing.finish(paytill.sales.save(now(paytill, sale)).id).sale
    assert paytill.cash.reading().drawer.expected == 8000
    paytill.refunds.refund(saved, saved.payments[0], WARRANT)
    assert paytill.cash.reading().drawer.expected == 10_000 and folders.ledger.effect == 0


def test_cash_that_was_never_handed_out_does_not_come_back(
    paytill: Till, sale: Sale, folders: TefFolders
) -> None:
    paytill.cash.open(10_000, SELLER)
    folders.play("CRT cash_out")
    paytill.refunds.remove(charge(paytill, sale, Method.TEF, 6000), SELLER)
    assert paytill.cash.reading().drawer.expected == 10_000 and folders.ledger.pending() is None


def receipts(till: Till) -> list[str]:
    return [till.papers.preview(job.document) for job in till.spool.owed() if job.kind == Kind.REFUND]


def test_every_payment_that_goes_back_leaves_a_receipt(
    paytill: Till, sale: Sale, sandbox: SandboxControl, folders: TefFolders
) -> None:
    """By hand or by a bank, ours; by a card, the slips of its manager."""
    paytill.cash.open(50_000, SELLER)
    paytill.sales.add_payment(now(paytill, sale), Method.CARD, 1000, CARD)
    pix = charge(paytill, sale, Method.PIX_DYNAMIC, 2000)
    sandbox.pay(pix.request_key)
    paytill.payments.ask(pix.id, SELLER)
    charge(paytill, sale, Method.TEF, 1500)
    paytill.sales.add_payment(now(paytill, sale), Method.CASH, 5000)
    saved = paytill.closing.finish(paytill.sales.save(now(paytill, sale)).id).sale
    cards = [job for job in paytill.spool.owed() if job.kind == Kind.TEF]
    for line in saved.payments:
        paytill.refunds.refund(now(paytill, sale), paytill.payments.get(line.id), WARRANT)
    told = [("Cartão (maquininha)", "10,00"), ("Pix", "20,00"), ("Dinheiro", "15,00")]
    papers = receipts(paytill)
    assert len(papers) == 3
    for paper, words in zip(papers, told, strict=True):
        assert all(word in paper for word in (*words, "COMPROVANTE DE ESTORNO", "cliente desistiu", "Marta"))
    assert len([job for job in paytill.spool.owed() if job.kind == Kind.TEF]) > len(cards)
    copies = [paytill.papers.text(each) for each in paytill.papers.reprint_sale(now(paytill, sale), SELLER)]
    assert sum("COMPROVANTE DE ESTORNO" in copy and "2ª VIA" in copy for copy in copies) == 3


def test_the_list_says_what_went_back(paytill: Till, sale: Sale) -> None:
    """In part and whole; a page costs no statement more than one without."""
    saved = half_in_cash(paytill, sale)
    chosen = SaleFilter(*EVER)
    seen = []
    number = str(saved.number)
    for line in saved.payments:
        (shown,) = paytill.sales.page(chosen)
        seen.append(shown.situation)
        for text in ("", number):
            found = paytill.sales.page(replace(chosen, given_back=True, text=text))
            assert bool(found) is ("Estorno" in shown.situation)
        paytill.refunds.refund(now(paytill, sale), paytill.payments.get(line.id), WARRANT)
    (shown,) = paytill.sales.page(chosen)
    assert (
        seen == ["Pendente 2/2", "Estorno parcial · Pendente"] and shown.situation == "Estornada · Pendente"
    )
    (told,) = paytill.reports.page(find("vendas"), Asked(*paytill.day()))
    assert told.cells[8] == f"Estornada · {shown.words}"
    assert now(paytill, sale).refunds == [
        "ESTORNADO: Cartão (maquininha) de R$ 50,00. cliente desistiu",
        "ESTORNADO: Dinheiro de R$ 25,00. cliente desistiu",
    ]


def test_a_late_pix_that_went_back_was_never_the_sales(paytill: Till, sale: Sale) -> None:
    paytill.sales.add_payment(now(paytill, sale), Method.CARD, 6000, CARD)
    saved = paytill.sales.save(now(paytill, sale))
    row = {"state": S.REFUNDED, "details": json.dumps({LATE: "1"}), "method": Method.PIX_DYNAMIC}
    late = PaymentRow.update(row).where(PaymentRow.id == saved.payments[0].id)
    paytill.context.store.write(lambda tx: tx.run(late))
    (shown,) = paytill.sales.page(SaleFilter(*EVER))
    assert shown.back == "" and now(paytill, sale).refunds == []
