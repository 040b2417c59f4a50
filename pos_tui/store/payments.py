"""Queries for payment lines."""

import json
from collections.abc import Mapping, Sequence

import msgspec
from msgspec import structs
from peewee import Expression

from pos_tui.domain.payment import LABELS, LIVE, Decision, Method, PaymentState, words
from pos_tui.domain.sale import LATE, PaymentLine
from pos_tui.store.database import Row, Transaction
from pos_tui.store.models import PaymentRow
from pos_tui.store.sentences import marks, members, row_of

_NAMES = PaymentLine.__struct_fields__
_COLUMNS = tuple(getattr(PaymentRow, name) for name in _NAMES)
_UNANSWERED = (PaymentState.SENT, PaymentState.UNCERTAIN, PaymentState.APPROVED, PaymentState.LATE)
_INSERT = row_of("payment", _NAMES)
_ID = _NAMES.index("id")
_METHODS, _ALL_STATES, _DECISIONS = members(Method), members(PaymentState), members(Decision)
_METHOD, _STATE = _NAMES.index("method"), _NAMES.index("state")
_DECISION, _DETAILS = _NAMES.index("decision"), _NAMES.index("details")
_STATES = ", ".join(f"'{state}'" for state in _UNANSWERED)
UNANSWERED = (
    f"(open_since IS NOT NULL AND (state IN ({_STATES}) "
    f"OR (state = '{PaymentState.CONFIRMED}' AND decision = '{Decision.REFUND}')))"
)
"""What makes a payment unfinished business, for statements written as text; an index holds only such."""
_OF_SALES = f"SELECT {', '.join(_NAMES)} FROM payment WHERE sale_id IN ({{}}) ORDER BY id"
_OF_SALE = f"SELECT {', '.join(_NAMES)} FROM payment WHERE sale_id = ? ORDER BY id"
_BY_ID = f"SELECT {', '.join(_NAMES)} FROM payment WHERE id = ?"
_ASKED_AGAIN = f"SELECT {', '.join(_NAMES)} FROM payment WHERE (till = ? AND ask_at <= ?) OR ask_at <= ?"
_NEXT_AGAIN = "SELECT MIN(ask_at) FROM payment WHERE ask_at IS NOT NULL AND till = ?"
_IS_LATE = f"open_since IS NOT NULL AND state = '{PaymentState.LATE}'"
_LATE = f"SELECT {', '.join(_NAMES)} FROM payment WHERE {_IS_LATE}"
_LATE_SALES = f"SELECT sale_id FROM payment WHERE {_IS_LATE} ORDER BY open_since, id"
CAME_LATE = f'%"{LATE}"%'
"""What the details of a payment are like that came after it was given up."""
REFUNDED = f"state = '{PaymentState.REFUNDED}'"
"""What makes a payment one that went back, for statements written as text."""
_STANDING_OF = f"""
SELECT sale_id, method, state, decision, details,
       EXISTS (SELECT 1 FROM payment other
               WHERE other.sale_id = payment.sale_id AND other.state = '{PaymentState.CONFIRMED}')
FROM payment WHERE sale_id IN ({{}}) AND ({UNANSWERED} OR {REFUNDED})
"""
_GIVEN_BACK = f"""
SELECT sale_id, SUM(amount) FROM payment WHERE sale_id IN ({{}})
AND state = '{PaymentState.REFUNDED}' AND method <> '{Method.CASH}' AND details NOT LIKE ? GROUP BY sale_id
"""
# Said twice, for the database to see that the index of the keys that are set will do.
_NAMED = """
SELECT id FROM payment WHERE request_key = ? AND request_key <> ''
UNION SELECT id FROM payment WHERE refund_key = ? AND refund_key <> ''
"""


def insert(tx: Transaction, line: PaymentLine) -> None:
    """Insert a payment line."""
    values = list(structs.astuple(line))
    values[_DETAILS] = _details(line.details)
    tx.change(_INSERT, *values)


def columns(values: Mapping[str, object]) -> dict[str, object]:
    """Return a line's values as they are stored."""
    stored = dict(values)
    if "details" in stored:
        stored["details"] = _details(stored["details"])
    return stored


_details = json.JSONEncoder(ensure_ascii=False, sort_keys=True).encode
_read_details = msgspec.json.Decoder(dict[str, str]).decode


def get(tx: Transaction, key: str) -> PaymentLine | None:
    """Return one line."""
    found = _in_order(tx.read(_BY_ID, key))
    return found[0] if found else None


def of_sale(tx: Transaction, sale_id: str) -> list[PaymentLine]:
    """Return a sale's lines in the order they were added."""
    return [_entity(row) for row in tx.read(_OF_SALE, sale_id)]


def of_sales(tx: Transaction, sale_ids: Sequence[str]) -> dict[str, list[PaymentLine]]:
    """Return the lines of several sales, by sale."""
    found: dict[str, list[PaymentLine]] = {}
    for line in _of_sales(tx, sale_ids):
        found.setdefault(line.sale_id, []).append(line)
    return found


def waiting(tx: Transaction, till: int) -> list[PaymentLine]:
    """Return the lines of a till with something to be done or learnt outside, oldest first."""
    return _select(tx, PaymentRow.open_since.is_null(False) & (PaymentRow.till == till))


def asked_again(tx: Transaction, till: int, now: int, abandoned: int) -> list[PaymentLine]:
    """Return what was given up and is due: of this till, and of those that did not ask since `abandoned`."""
    return _in_order(tx.read(_ASKED_AGAIN, till, now, abandoned))


def next_again(tx: Transaction, till: int) -> int | None:
    """Return when something of this till that was given up is due next."""
    ((at,),) = tx.read(_NEXT_AGAIN, till)
    return None if at is None else int(at)


def late(tx: Transaction) -> list[PaymentLine]:
    """Return what was paid after it was given up and did not go back yet, of every till, oldest first."""
    return _in_order(tx.read(_LATE))


def late_sales(tx: Transaction) -> list[str]:
    """Return the sales of those, the oldest first."""
    return [str(row[0]) for row in tx.read(_LATE_SALES)]


def given_back_otherwise(tx: Transaction, sale_ids: Sequence[str]) -> dict[str, int]:
    """Return what went back of each sale by other ways than cash; what came late never was the sale's."""
    rows = tx.read(_GIVEN_BACK.format(marks(len(sale_ids))), *sale_ids, CAME_LATE)
    return {str(key): int(amount) for key, amount in rows}


def counting() -> Expression:
    """What makes a payment money for its sale, as `counts_as_paid` has it."""
    staying: Expression = PaymentRow.decision.not_in([Decision.UNDO, Decision.REFUND])
    return PaymentRow.state.in_(sorted(LIVE)) & staying


def unanswered() -> Expression:
    """What makes a payment unfinished business."""
    refunding = (PaymentRow.state == PaymentState.CONFIRMED) & (PaymentRow.decision == Decision.REFUND)
    return PaymentRow.open_since.is_null(False) & (PaymentRow.state.in_(_UNANSWERED) | refunding)


WHOLLY, PARTLY = "Estornada", "Estorno parcial"
"""What is said of a sale whose money went back to the customer."""


def standing_of(tx: Transaction, sale_ids: Sequence[str]) -> tuple[dict[str, str], dict[str, str]]:
    """Return, of those sales that have one, the words of a payment without an end (`TEF incerto`), and those
    of payments that went back: `Estornada`, or `Estorno parcial` where others still stand."""
    rows = tx.read(_STANDING_OF.format(marks(len(sale_ids))), *sale_ids)
    # The last one stands: what nobody is sure of, whatever else waits.
    rows.sort(key=lambda row: row[2] in (PaymentState.UNCERTAIN, PaymentState.LATE))
    paying, back = {}, {}
    for key, method, state, decision, details, others in rows:
        if state != PaymentState.REFUNDED:
            paying[key] = f"{LABELS[Method(method)]} {words(PaymentState(state), Decision(decision))}"
        elif LATE not in json.loads(details):  # what came late never was the sale's
            back[key] = PARTLY if others else WHOLLY
    return paying, back


def by_key(tx: Transaction, till: int, method: Method, key: str) -> PaymentLine | None:
    """Return the line that was charged, or refunded, under a key of this till."""
    named = [row[0] for row in tx.read(_NAMED, key, key)]
    found = _select(tx, PaymentRow.id.in_(named) & (PaymentRow.till == till) & (PaymentRow.method == method))
    return found[0] if found else None


def _select(tx: Transaction, where: Expression) -> list[PaymentLine]:
    return _in_order(tx.rows(PaymentRow.select(*_COLUMNS).where(where)))


def _in_order(rows: Sequence[Row]) -> list[PaymentLine]:
    # Here: asked to do so, SQLite walks through every payment by its key.
    return [_entity(row) for row in sorted(rows, key=lambda row: str(row[_ID]))]


def _of_sales(tx: Transaction, sale_ids: Sequence[str]) -> list[PaymentLine]:
    rows = tx.read(_OF_SALES.format(marks(len(sale_ids))), *sale_ids) if sale_ids else []
    return [_entity(row) for row in rows]


def _entity(row: Row) -> PaymentLine:
    values = list(row)
    values[_METHOD] = _METHODS[values[_METHOD]]
    values[_STATE] = _ALL_STATES[values[_STATE]]
    values[_DECISION] = _DECISIONS[values[_DECISION]]
    values[_DETAILS] = _read_details(values[_DETAILS])
    return PaymentLine(*values)
