"""Card and wallet receipts as payments make them: by TEF, by dynamic Pix, by the card machine (issue 8)."""

import os
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from pos_tui.domain.card import Brand, CardDetails, CardKind
from pos_tui.domain.card_receipt import CardReceipt, Chosen, Line
from pos_tui.domain.errors import Conflict
from pos_tui.domain.payment import Method, PaymentState
from pos_tui.domain.reconciliation import Acquirer, Correction, Modality, State
from pos_tui.domain.sale import PaymentLine, Sale
from pos_tui.settings.statements import StatementSettings
from pos_tui.store.database import Transaction
from pos_tui.till import Till
from tests.paying import METHODS, WARRANT, TefFolders, charge, take_cards
from tests.sandbox import SandboxControl
from tests.statements.writers.cielo import cielo15, cielo15_pix
from tests.statements.writers.record import File, Listed
from tests.tills import SELLER, add, new_sale, open_till, settings

CODE = "1010101010"
OTHER = "Israel Veiga"


@pytest.fixture
def cards(tmp_path: Path, sandbox: SandboxControl, folders: TefFolders) -> Iterator[Till]:
    """A till of a store whose cards and Pix Cielo lists."""
    told = StatementSettings(
        layout="cielo",
        wallet="cielo",
        inbox=str(tmp_path / "in"),
        outbox=str(tmp_path / "out"),
        establishment=CODE,
    )
    with folders.manager():
        config = settings(payment=METHODS, statements=told)
        till = take_cards(open_till(tmp_path / "cards", sandbox, config), folders)
        yield till
        till.close()


@pytest.fixture
def bought(cards: Till) -> Sale:
    """An open sale of R$ 60,00."""
    opened = new_sale(cards)
    add(cards, opened, 6000)
    return cards.sales.get(opened.id)


def finish(till: Till, sale: Sale) -> Sale:
    return till.closing.finish(till.sales.save(till.sales.get(sale.id)).id).sale


def lines(till: Till) -> list[Line]:
    today = till.now().date()
    return till.reconciliation.page(Chosen(today - timedelta(days=1), today))


def receipt_of(till: Till, line: PaymentLine) -> CardReceipt:
    return till.reconciliation.receipts.get(line.id)


def remessa(folder: Path) -> list[str]:
    return [
        line
        for path in sorted((folder / "out").glob("*"))
        for line in path.read_text("latin-1").splitlines()
        if line[7] == "2"
    ]


def drop(till: Till, name: str, content: bytes) -> None:
    """Have a file lie in the inbox, written a while ago."""
    path = Path(till.config.statements.inbox) / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    ago = (till.now() - timedelta(minutes=5)).timestamp()
    os.utime(path, (ago, ago))


def listed(receipt: CardReceipt, at: datetime, nsu: str = "") -> Listed:
    """The same sale as the acquirer has it."""
    each, rest = divmod(receipt.amount, receipt.instalments)
    parts = (each + rest, *([each] * (receipt.instalments - 1)))
    return Listed(
        establishment=CODE,
        nsu=nsu or receipt.nsu,
        authorisation=receipt.authorisation,
        day=receipt.day,
        minute=at.hour * 60 + at.minute,
        amount=receipt.amount,
        fee=60,
        brand=receipt.brand or "visa",
        modality=str(receipt.modality),
        instalments=receipt.instalments,
        last_four=receipt.last_four,
        terminal="1",
        parts=parts,
    )


def test_tef_makes_its_receipt_when_it_is_confirmed_and_not_before(
    cards: Till, bought: Sale, tmp_path: Path
) -> None:
    before = cards.now().date()
    line = charge(cards, bought, Method.TEF, 6000, kind="credit", plan="store", instalments="3")
    assert line.state is PaymentState.APPROVED and lines(cards) == []
    finish(cards, bought)
    (shown,) = lines(cards)
    one = receipt_of(cards, line)
    slip = cards.payments.get(line.id).details
    assert (shown.ours, shown.key, one.sale_id) == (True, line.id, bought.id)
    assert (one.nsu, one.authorisation) == (slip["nsu"], slip["authorisation"])
    assert one.nsu and one.authorisation
    assert (one.amount, one.instalments, one.modality) == (6000, 3, Modality.CREDIT)
    assert (one.brand, one.last_four) == (slip["brand"], slip["last_four"])
    assert (one.terminal, one.establishment) == ("T0000001", CODE)
    assert (one.acquirer, one.state, one.edition) == (Acquirer.CIELO, State.TO_SEND, 1)
    assert one.day in (before, cards.now().date())
    assert cards.reconciliation.remessas.send(SELLER) == 1
    (sent,) = remessa(tmp_path)
    assert (sent[120:130], sent[130:132]) == ("0000006000", "03")


def test_a_tef_receipt_reconciles_with_the_acquirers_instalments(cards: Till, bought: Sale) -> None:
    line = charge(cards, bought, Method.TEF, 6000, kind="credit", plan="store", instalments="3")
    finish(cards, bought)
    one = receipt_of(cards, line)
    drop(cards, "captura.txt", cielo15(File(one.day, 1, CODE, (listed(one, cards.now(), one.nsu[-6:]),))))
    (read,) = cards.reconciliation.read(SELLER)
    assert read.taken, read.words
    found = receipt_of(cards, line)
    assert (found.state, found.differences) == (State.RECONCILED, ())


@pytest.mark.parametrize("scenario", ["CRT deny", "CRT garbage"])
def test_a_card_that_was_not_charged_leaves_no_receipt(
    cards: Till, bought: Sale, folders: TefFolders, scenario: str
) -> None:
    folders.play(scenario)
    charge(cards, bought, Method.TEF, 6000)
    assert lines(cards) == []


def test_a_tef_charge_that_is_undone_leaves_no_receipt(cards: Till, bought: Sale) -> None:
    line = charge(cards, bought, Method.TEF, 6000, kind="debit")
    cards.refunds.remove(line, SELLER)
    assert cards.payments.get(line.id).state is PaymentState.UNDONE and lines(cards) == []


def test_a_refund_marks_the_receipt_and_keeps_its_key(cards: Till, bought: Sale) -> None:
    line = charge(cards, bought, Method.TEF, 6000, kind="debit")
    saved = finish(cards, bought)
    assert not receipt_of(cards, line).refunded
    back = cards.refunds.refund(saved, saved.payments[0], WARRANT)
    assert back.state is PaymentState.REFUNDED
    one = receipt_of(cards, line)
    assert one.refunded and (one.id, one.edition) == (line.id, 1)
    assert len(lines(cards)) == 1


def test_a_network_that_names_its_acquirer_goes_to_it(cards: Till) -> None:
    """A TEF manager serves several acquirers: the slip says which."""
    line = PaymentLine(
        "f" * 32,
        1,
        Method.TEF,
        PaymentState.CONFIRMED,
        900,
        {"network": "REDECARD", "nsu": "12", "authorisation": "AB1", "kind": "meal_voucher"},
        sale_id="e" * 32,
        till=1,
    )
    cards.context.store.write(lambda tx: cards.reconciliation.receipts.settled(tx, line))
    one = receipt_of(cards, line)
    assert (one.acquirer, one.modality, one.establishment) == (Acquirer.REDE, Modality.VOUCHER, "")
    assert "Falta o código de estabelecimento da Rede" in cards.reconciliation.remessas.missing_codes()[0]


def paid_by_pix(till: Till, sale: Sale, sandbox: SandboxControl) -> PaymentLine:
    line = charge(till, sale, Method.PIX_DYNAMIC, 6000)
    sandbox.pay(line.request_key)
    return till.payments.ask(line.id, SELLER)


def test_pix_is_a_receipt_of_the_wallets_acquirer_and_reconciles_by_its_txid(
    cards: Till, bought: Sale, sandbox: SandboxControl, tmp_path: Path
) -> None:
    line = paid_by_pix(cards, bought, sandbox)
    one = receipt_of(cards, line)
    assert (one.acquirer, one.modality, one.amount) == (Acquirer.CIELO, Modality.PIX, 6000)
    assert (one.nsu, one.authorisation, one.brand) == (line.details["txid"], "", "")
    assert one.state is State.TO_SEND
    drop(cards, "vendas.txt", cielo15(File(one.day, 7, CODE, ())))
    cards.reconciliation.read(SELLER)
    assert receipt_of(cards, line).state is State.TO_SEND, "a file of card sales says nothing of Pix"
    drop(cards, "pix.txt", cielo15_pix(File(one.day, 1, CODE, (listed(one, cards.now()),))))
    (read,) = cards.reconciliation.read(SELLER)
    assert read.taken, read.words
    found = receipt_of(cards, line)
    assert (found.state, found.differences) == (State.RECONCILED, ())


def test_pix_that_no_statement_lists_is_told_apart_and_never_sent(
    tmp_path: Path, sandbox: SandboxControl, folders: TefFolders
) -> None:
    told = StatementSettings(layout="cielo", outbox=str(tmp_path / "out"), establishment=CODE)
    till = take_cards(
        open_till(tmp_path / "other", sandbox, settings(payment=METHODS, statements=told)), folders
    )
    sale = new_sale(till)
    add(till, sale, 6000)
    one = receipt_of(till, paid_by_pix(till, sale, sandbox))
    assert (one.acquirer, one.state) == (Acquirer.OTHER, State.NO_FEED)
    assert till.reconciliation.remessas.send(SELLER) == 0
    till.close()


def by_machine(till: Till, sale: Sale) -> PaymentLine:
    card = CardDetails(CardKind.CREDIT, Brand.VISA, "000123", 1, "A1B2C3", "4321")
    till.sales.add_payment(till.sales.get(sale.id), Method.CARD, 6000, card)
    return till.sales.save(till.sales.get(sale.id)).payments[0]


def test_two_corrections_at_once_are_one_correction_and_one_who_is_told(cards: Till, bought: Sale) -> None:
    line = by_machine(cards, bought)
    receipts, store = cards.reconciliation.receipts, cards.context.store
    write = store.write

    def interrupted(work: Callable[[Transaction], object]) -> object:
        store.write = write  # type: ignore[method-assign]
        receipts.correct(line.id, Correction("NOVA01", 1, "digitado errado"), OTHER)
        return write(work)

    store.write = interrupted  # type: ignore[method-assign,assignment]
    with pytest.raises(Conflict, match="Outra pessoa mudou este recebimento"):
        receipts.correct(line.id, Correction("NOVA02", 1, "digitado errado"), SELLER)
    one = receipt_of(cards, line)
    assert (one.edition, one.authorisation) == (2, "NOVA01")
