"""What must hold of every till after every crash: facts/pos-and-faults.md §6, I2 to I7.

I1, that the outside was moved exactly as the till says, is each flow's own question to the sandbox's ledger;
I8, the echo of a key, is measured by `python -m bench`.
"""

import re
from collections import Counter
from pathlib import Path
from typing import Final

from pos_tui.domain.cash import MoveKind, add_up
from pos_tui.domain.payment import ASKED, LIVE, Decision, Method, PaymentState
from pos_tui.domain.recurring import ALARMING
from pos_tui.domain.sale import LATE, RETURNED, Sale, SaleState
from pos_tui.domain.spool import DRAWER
from pos_tui.domain.topup import FINAL, TopUpState
from pos_tui.store import cash, sales
from pos_tui.store.database import Transaction
from pos_tui.store.models import (
    CashMoveRow,
    CounterRow,
    JournalRow,
    PaymentRow,
    PrintJobRow,
    SaleRow,
    ShiftRow,
    TopUpRow,
)
from pos_tui.till import Till

CARD: Final = re.compile(rb"(?<![0-9a-f])(?:4\d{15}|5[1-5]\d{14}|3[47]\d{13})(?![0-9a-f])")
"""A number that could be a whole card's; digits inside a key or a hash are not."""
SECRETS: Final = (b"access_token", b"client_secret", b"segredo")
OURS: Final = ("points.log", "trouble.txt")
_UNANSWERED: Final = (
    PaymentState.SENT, PaymentState.UNCERTAIN, PaymentState.APPROVED, PaymentState.LATE,
)  # fmt: skip
_GOING_BACK: Final = (PaymentState.CONFIRMED, Decision.REFUND)
_TAKEN: Final = LIVE | {PaymentState.REFUNDED}


def check(till: Till) -> None:
    """Raise AssertionError with the invariant's name in the message when one is broken."""
    sound(till)
    with till.context.store.reading() as tx:
        for key in _keys(tx, SaleRow):
            sale = sales.get(tx, key)
            assert sale is not None
            _adds_up(sale)
            _in_sight(sale)
        _papers_tell_of_what_is(tx)
        _drawer_adds_up(tx)
        _numbers_run(tx)
        _journal_tells(tx)
        _nothing_leased(tx, till.context.now())
        _attempts_in_sight(tx)


def sound(till: Till) -> None:
    """I6: the database and the journal are whole, and nobody has to repair anything."""
    assert till.context.store.quick_check() is None, "I6: the database is damaged"
    assert till.context.journal.verify(whole=True) is None, "I6: the journal's chain is broken"
    assert till.cash.broken_chain() == "", "I6: the journal was cut"


def no_secret_in(folder: Path) -> None:
    """I7: no file that the till left, paper and log and database, holds a secret or a card's number."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            content = path.read_bytes()
            assert not any(map(_is_card, CARD.findall(content))), f"I7: a card's number in {path.name}"
            assert not any(secret in content for secret in SECRETS), f"I7: a secret in {path.name}"
            closed = path.stat().st_mode & 0o077 == 0
            # The harness's own notes on the run are nobody's money.
            assert closed or path.name in OURS, f"I7: others may read {path.name}"


def _is_card(number: bytes) -> bool:
    """Whether the check digit is right, as it is on every card."""
    digits = [int(chr(digit)) for digit in reversed(number)]
    doubled = [2 * digit - 9 * (digit > 4) for digit in digits[1::2]]
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0


def _adds_up(sale: Sale) -> None:
    """I3: what was paid, less the change, is the total of every closed sale."""
    if sale.state is SaleState.SAVED:
        # What came after it was given up never was the sale's.
        taken = [line for line in sale.payments if line.state in _TAKEN and LATE not in line.details]
        paid = sum(line.amount + line.discount for line in taken)
        assert paid - sale.change == sale.total, f"I3: {paid} - {sale.change} != {sale.total}"


def _in_sight(sale: Sale) -> None:
    """I5: whatever waits for an end has the mark by which every list of pendings finds it."""
    for topup in sale.topups:
        assert topup.state in FINAL or topup.open_since is not None, f"I5: {topup.state} is out of sight"
    for line in sale.payments:
        at_end = line.state not in _UNANSWERED and (line.state, line.decision) != _GOING_BACK
        assert at_end or line.open_since is not None, f"I5: a payment {line.state} is out of sight"


def _papers_tell_of_what_is(tx: Transaction) -> None:
    """I2: a paper exists exactly when what it tells of does; the drawer is kicked once for each cash sale."""
    query = PrintJobRow.select(PrintJobRow.kind, PrintJobRow.subject, PrintJobRow.sale_id)
    papers = [(str(row[0]), row[1], row[2]) for row in tx.rows(query.where(PrintJobRow.copy == 0))]
    kicks = [(subject, sale) for kind, subject, sale in papers if kind == DRAWER]
    assert len(kicks) == len(set(kicks)), "I2: two kicks for one thing"
    saved = {key: sale for key in _keys(tx, SaleRow) if (sale := sales.get(tx, key)) and sale.number}
    for kind, _, sale in papers:
        of_a_sale = sale is not None and kind in ("sale", "top_up", DRAWER)
        assert not of_a_sale or sale in saved, f"I2: {kind} of a sale that is not saved"
    receipts = {subject for kind, subject, _ in papers if kind == "top_up"}
    for key, found in saved.items():
        by_cash = any(line.method is Method.CASH for line in found.payments)
        assert not by_cash or (key, key) in kicks, "I2: cash came in and the drawer stays shut"
        for topup in found.topups:
            confirmed = topup.state is TopUpState.CONFIRMED
            assert confirmed == (topup.id in receipts), f"I2: the receipt of a top-up {topup.state}"


def _drawer_adds_up(tx: Transaction) -> None:
    """I4: the drawer is recomputed from its moves; each saved sale has its move, and what went back too."""
    for key in _keys(tx, ShiftRow):
        moves = cash.moves_of(tx, key)
        assert add_up(moves).expected == sum(move.weight for move in moves), "I4: the drawer"
    columns = (CashMoveRow.kind, CashMoveRow.sale_id, CashMoveRow.amount)
    moved = [
        (MoveKind(kind), sale, int(amount)) for kind, sale, amount in tx.rows(CashMoveRow.select(*columns))
    ]
    for key in _keys(tx, SaleRow):
        sale = sales.get(tx, key)
        assert sale is not None
        into = [amount for kind, of, amount in moved if (kind, of) == (MoveKind.SALE, key)]
        back = [amount for kind, of, amount in moved if (kind, of) == (MoveKind.REFUND, key)]
        cash_lines = [line for line in sale.payments if line.method is Method.CASH]
        given_back = [line for line in cash_lines if line.state is PaymentState.REFUNDED]
        drawn = sum(line.cash_out for line in sale.payments if line.state in _TAKEN)
        gained = sum(line.amount for line in cash_lines) - sale.change - drawn
        # An OS that is paid by itself moves no cash and has no move.
        due = [[gained]] if cash_lines or drawn else [[], [gained]]
        assert into in (due if sale.state is SaleState.SAVED else [[]]), f"I4: {into} for {gained} in cash"
        wanted = Counter(int(line.details[RETURNED]) for line in given_back)
        assert wanted <= Counter(back), f"I4: the drawer gave {back} of {wanted} given back"


def _numbers_run(tx: Transaction) -> None:
    """I4: what is numbered was numbered once, and no number is missing."""
    for what, number in (("sale", SaleRow.number), ("cash", CashMoveRow.number), ("shift", ShiftRow.number)):
        rows = tx.rows(number.model.select(number.model.till, number).where(number.is_null(False)))
        counters = CounterRow.select(CounterRow.name, CounterRow.value)
        taken: dict[str, int] = dict(tx.rows(counters.where(CounterRow.name.startswith(f"{what}/"))))
        for till in {int(row[0]) for row in rows} | {int(name.partition("/")[2]) for name in taken}:
            given = sorted(int(row[1]) for row in rows if row[0] == till)
            last = int(taken.get(f"{what}/{till}", 0))
            assert given == list(range(1, last + 1)), f"I4: till {till}, {what}: {given} up to {last}"


def _journal_tells(tx: Transaction) -> None:
    """I6: the journal has a line for each change of what asks the outside, from the commit of the change."""
    for model in (TopUpRow, PaymentRow, PrintJobRow):
        query = model.select(model.id, model.version)
        if model is PaymentRow:
            query = query.where(PaymentRow.method.in_([method.value for method in ASKED]))
        for key, version in tx.rows(query):
            lines = tx.rows(JournalRow.select(JournalRow.event).where(JournalRow.subject == key))
            told = [str(row[0]) for row in lines]
            assert len(told) > version, (
                f"I6: {model.__name__} changed {version} times, the journal tells {told}"
            )
            assert told.count("outcome") <= told.count("intent"), (
                f"I6: an answer without its question: {told}"
            )


def _nothing_leased(tx: Transaction, now: int) -> None:
    """I5: a dead till's claim keeps nobody out once it came back."""
    query = PaymentRow.select(PaymentRow.id).where(PaymentRow.lease_until > now)
    assert not tx.rows(query), "I5: a payment is held by a till that is not at it"


def _attempts_in_sight(tx: Transaction) -> None:
    """I5: what the lists lean on: an OS with a recurring payment holds items, and an alarm has its mark."""
    for sale_id, state, since in tx.read("SELECT sale_id, state, open_since FROM recurring_attempt"):
        assert tx.read("SELECT 1 FROM sale_item WHERE sale_id = ?", sale_id), "I5: an OS without items"
        assert since is not None or state not in ALARMING, f"I5: an attempt {state} is out of sight"


def _keys(tx: Transaction, model: type[SaleRow | ShiftRow | CashMoveRow]) -> list[str]:
    return [str(row[0]) for row in tx.rows(model.select(model.id))]
