"""Queries for recurring payments."""

from collections.abc import Iterable, Sequence

from msgspec import Struct
from peewee import Expression, IntegrityError

from pos_tui.domain.errors import Conflict
from pos_tui.domain.instalments import REFUNDED, Instalment, InstalmentState
from pos_tui.domain.lease import FAR_MS
from pos_tui.domain.notices import Notice, NoticeKind
from pos_tui.domain.recurring import (
    ALARMING,
    HOLDING,
    IN_FLIGHT,
    REASONS,
    Attempt,
    AttemptState,
    ChargeWord,
    Mode,
)
from pos_tui.store.database import Row, Transaction
from pos_tui.store.models import SaleRow
from pos_tui.store.models.recurring import AttemptRow, InstalmentRow, NoticeRow
from pos_tui.store.sentences import marks

_ATTEMPT = Attempt.__struct_fields__
_INSTALMENT = Instalment.__struct_fields__
_NOTICE = Notice.__struct_fields__
_OF_SALES = f"SELECT {', '.join(_ATTEMPT)} FROM recurring_attempt WHERE sale_id IN ({{}}) ORDER BY id"
_DUE = f"SELECT {', '.join(_ATTEMPT)} FROM recurring_attempt WHERE ask_at <= ? ORDER BY ask_at LIMIT ?"
_NEXT_ASK = "SELECT ask_at FROM recurring_attempt WHERE ask_at IS NOT NULL ORDER BY ask_at LIMIT 1"
_NEXT_NOTICE = "SELECT ask_at FROM recurring_notice WHERE ask_at IS NOT NULL ORDER BY ask_at LIMIT 1"
_NOTICES_DUE = f"""
SELECT {", ".join(_NOTICE)}, version FROM recurring_notice WHERE ask_at <= ?
ORDER BY ask_at, received_at, id LIMIT ?
"""
_MARK = "SELECT COUNT(*), SUM(version) FROM recurring_attempt WHERE open_since IS NOT NULL"
_ALARMING = ", ".join(f"'{state.value}'" for state in sorted(ALARMING))
ALARMS = f"(open_since IS NOT NULL AND state IN ({_ALARMING}))"
"""What was paid against what was decided, for statements written as text."""
_LIVE_SALES = f"""
SELECT sale_id FROM recurring_attempt WHERE holds IS NOT NULL OR {ALARMS} ORDER BY id LIMIT ?
"""
WENT_BACK = f"""state = '{InstalmentState.CANCELLED.value}'
AND (reason LIKE '{REFUNDED}%' OR reason = '{REASONS[ChargeWord.REFUNDED]}')"""
"""What makes an instalment one that went back to the customer, for statements written as text."""
_GIVEN_BACK = f"""
SELECT sale_id, SUM(amount) FROM recurring_instalment WHERE attempt_id IN ({{}})
AND {WENT_BACK} GROUP BY sale_id
"""
_MODE, _STATE = _ATTEMPT.index("mode"), _ATTEMPT.index("state")
_I_STATE = _INSTALMENT.index("state")


def insert(tx: Transaction, attempt: Attempt) -> None:
    """Insert an attempt. Raises Conflict when the OS has a live one."""
    values = {name: getattr(attempt, name) for name in _ATTEMPT}
    try:
        tx.insert(AttemptRow, **values, holds=attempt.sale_id if attempt.state in HOLDING else None)
    except IntegrityError:
        raise Conflict("Esta OS já tem uma tentativa de pagamento em andamento.") from None


def columns(sale_id: str, values: dict[str, object]) -> dict[str, object]:
    """Return an attempt's values as they are stored: one that cannot be paid any more lets its OS go."""
    state = values.get("state")
    if state is None:
        return values
    return {**values, "holds": sale_id if state in HOLDING else None}


def get(tx: Transaction, key: str) -> Attempt | None:
    """Return one attempt."""
    found = _attempts(tx, AttemptRow.id == key, 1)
    return found[0] if found else None


def of_sales(tx: Transaction, sale_ids: Iterable[str]) -> dict[str, list[Attempt]]:
    """Return the attempts of some sales, the oldest first."""
    grouped: dict[str, list[Attempt]] = {}
    ids = list(sale_ids)
    for attempt in map(_attempt, tx.read(_OF_SALES.format(marks(len(ids))), *ids) if ids else ()):
        grouped.setdefault(attempt.sale_id, []).append(attempt)
    return grouped


def given_back(tx: Transaction, attempts: Iterable[Attempt]) -> dict[str, int]:
    """Return what of each OS went back to the customer by its instalments, in centavos."""
    ids = [one.id for one in attempts if one.state is AttemptState.PAID]
    rows = tx.read(_GIVEN_BACK.format(marks(len(ids))), *ids) if ids else ()
    return {str(key): int(amount) for key, amount in rows}


def of_sale(tx: Transaction, sale_id: str) -> list[Attempt]:
    """Return the attempts of an OS, the oldest first."""
    return _attempts(tx, AttemptRow.sale_id == sale_id)


def latest(tx: Transaction, sale_id: str) -> Attempt | None:
    """Return the attempt an OS made last; one that a person must decide about comes before it."""
    found = of_sale(tx, sale_id)
    return next((one for one in found if one.state in ALARMING), found[-1] if found else None)


def live(tx: Transaction, limit: int) -> list[Attempt]:
    """Return live attempts, the oldest first."""
    return _attempts(tx, _live(), limit)


def alarming(tx: Transaction, limit: int) -> list[Attempt]:
    """Return attempts that were paid against what was decided, the oldest first."""
    return _attempts(tx, _late(), limit)


def live_sales(tx: Transaction, limit: int) -> list[str]:
    """Return the OS with a live attempt, the oldest first."""
    rows = tx.read(_LIVE_SALES, limit)
    return list(dict.fromkeys(str(row[0]) for row in rows))


def by_subscription(tx: Transaction, ref: str) -> Attempt | None:
    """Return the attempt a provider's subscription belongs to."""
    found = _attempts(tx, AttemptRow.subscription_ref == ref, 1) if ref else []
    return found[0] if found else None


def due(tx: Transaction, now: int, limit: int) -> list[Attempt]:
    """Return attempts to be asked about now, the longest waiting first."""
    return [_attempt(row) for row in tx.read(_DUE, now, limit)]


def next_ask(tx: Transaction) -> int | None:
    """Return when something has to be asked next, of attempts or of notices."""
    found = [*tx.read(_NEXT_ASK), *tx.read(_NEXT_NOTICE)]
    return min((int(at) for (at,) in found), default=None)


def insert_instalments(tx: Transaction, instalments: Sequence[Instalment]) -> None:
    """Insert the instalments of an attempt."""
    for instalment in instalments:
        tx.insert(InstalmentRow, **{name: getattr(instalment, name) for name in _INSTALMENT})


def instalments_of(tx: Transaction, attempt_id: str) -> list[Instalment]:
    """Return the instalments of an attempt, the first first."""
    query = InstalmentRow.select(*_of(InstalmentRow, _INSTALMENT))
    query = query.where(InstalmentRow.attempt_id == attempt_id).order_by(InstalmentRow.number)
    return [instalment(row) for row in tx.rows(query)]


def insert_notice(tx: Transaction, notice: Notice, provider: str, now: int) -> bool:
    """Keep a notice; say whether it is new. Raises Conflict when the same one comes twice at once."""
    if tx.row(NoticeRow.select(NoticeRow.id).where(NoticeRow.id == notice.id)) is not None:
        return False
    values = {name: getattr(notice, name) for name in _NOTICE}
    try:
        tx.insert(NoticeRow, **values, provider=provider, received_at=now, ask_at=now)
    except IntegrityError:
        raise Conflict("Esta notificação está sendo gravada agora.") from None
    return True


def notices_due(tx: Transaction, now: int, limit: int) -> list[tuple[Notice, int]]:
    """Return notices nobody asked about yet, each with its version; the oldest first."""
    rows = tx.read(_NOTICES_DUE, now, limit)
    return [(Notice(row[0], NoticeKind(row[1]), *row[2:-1]), int(row[-1])) for row in rows]


def put_off_notice(tx: Transaction, key: str, version: int, until: int | None, told: str = "") -> None:
    """Ask about a notice later, or never again with None."""
    tx.claim(NoticeRow, key, version, ask_at=until, told=told)


def in_flight(tx: Transaction, till: int, now: int) -> list[Attempt]:
    """Return what this till left in flight, and what any till left past its lease."""
    abandoned = (AttemptRow.lease_till == till) | AttemptRow.lease_until.is_null()
    abandoned |= ~AttemptRow.lease_until.between(now, now + FAR_MS)
    # Whatever its state, a lease that its till left behind tells of a question without an answer.
    states = AttemptRow.state.in_(sorted(IN_FLIGHT)) | AttemptRow.lease_until.is_null(False)
    return _attempts(tx, AttemptRow.open_since.is_null(False) & states & abandoned)


def mark(tx: Transaction) -> tuple[int, int]:
    """Return something that differs whenever an open attempt has changed."""
    ((count, versions),) = tx.read(_MARK)
    return int(count), int(versions or 0)


class DueFilter(Struct, frozen=True):
    """Instalments due from one day to another, both included (`YYYY-MM-DD`); empty texts filter nothing."""

    first: str
    last: str
    state: str = ""
    mode: str = ""
    customer: str = ""
    branch: str = ""


class Due(Struct, frozen=True):
    """An instalment with what the report tells of its OS."""

    instalment: Instalment
    count: int
    mode: Mode
    sale_number: int | None
    branch: str
    customer: str


def due_page(tx: Transaction, chosen: DueFilter, limit: int, after: str = "") -> list[Due]:
    """Return a page by due day, after `due/id` of the last line shown."""
    where: Expression = (InstalmentRow.due >= chosen.first) & (InstalmentRow.due <= chosen.last)
    wanted = (
        (InstalmentRow.state, chosen.state),
        (AttemptRow.mode, chosen.mode),
        (SaleRow.customer_name, chosen.customer),
        (SaleRow.branch, chosen.branch),
    )
    for column, value in wanted:
        if value:
            where &= column == value
    if after:
        day, _, key = after.partition("/")
        where &= (InstalmentRow.due > day) | ((InstalmentRow.due == day) & (InstalmentRow.id > key))
    columns = _of(InstalmentRow, _INSTALMENT)
    query = InstalmentRow.select(
        *columns, AttemptRow.count, AttemptRow.mode, SaleRow.number, SaleRow.branch, SaleRow.customer_name
    )
    query = query.join(AttemptRow, on=(AttemptRow.id == InstalmentRow.attempt_id))
    query = query.join(SaleRow, on=(SaleRow.id == InstalmentRow.sale_id)).where(where)
    rows = tx.rows(query.order_by(InstalmentRow.due, InstalmentRow.id).limit(limit))
    split_at = len(_INSTALMENT)
    return [
        Due(instalment(row[:split_at]), row[split_at], Mode(row[split_at + 1]), *row[split_at + 2 :])
        for row in rows
    ]


def customers(tx: Transaction) -> list[str]:
    """Return whose cards are, or were, charged."""
    paid = AttemptRow.select(AttemptRow.sale_id)
    query = SaleRow.select(SaleRow.customer_name).where(SaleRow.id.in_(paid)).distinct()
    return [str(row[0]) for row in tx.rows(query.order_by(SaleRow.customer_name))]


def instalment(row: Row) -> Instalment:
    """Return an instalment from its columns."""
    values = list(row)
    values[_I_STATE] = InstalmentState(values[_I_STATE])
    return Instalment(*values)


def _live() -> Expression:
    return AttemptRow.holds.is_null(False) | _late()


def _late() -> Expression:
    return AttemptRow.open_since.is_null(False) & AttemptRow.state.in_(sorted(ALARMING))


def _attempts(tx: Transaction, where: Expression, limit: int | None = None) -> list[Attempt]:
    query = AttemptRow.select(*_of(AttemptRow, _ATTEMPT)).where(where).order_by(AttemptRow.id)
    return [_attempt(row) for row in tx.rows(query.limit(limit))]


def _attempt(row: Row) -> Attempt:
    values = list(row)
    values[_MODE], values[_STATE] = Mode(values[_MODE]), AttemptState(values[_STATE])
    return Attempt(*values)


def _of(model: type[AttemptRow | InstalmentRow | NoticeRow], names: Iterable[str]) -> list[object]:
    return [getattr(model, name) for name in names]
