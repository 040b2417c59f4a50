"""Rows about changes of state that came too late at the server (`outbox.play`)."""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from peewee import Expression

from pos_tui.store.database import Row, Transaction
from pos_tui.store.ids import new_key
from pos_tui.store.models import PaymentRow, SaleRow, TopUpRow
from pos_tui.store.models.server import LateClaimRow
from pos_tui.store.outbox import Made

_ASSIGNED = re.compile(r'"(\w+)" = \?')
MOST = 500
UNTOLD = frozenset({"operator"})
"""Only counts wrong PINs."""


class LateClaim(NamedTuple):
    """One of them."""

    id: str
    till: int
    at: int
    about: str
    subject: str
    wanted: str
    found: str
    open_since: int | None
    version: int


_COLUMNS = tuple(getattr(LateClaimRow, name) for name in LateClaim._fields)


def lost_of(tx: Transaction, till: int) -> set[tuple[str, str]]:
    """Return table and key of every row that a till lost to another in its present absence."""
    query = LateClaimRow.select(LateClaimRow.about, LateClaimRow.subject)
    return {(str(about), str(subject)) for about, subject in tx.rows(query.where(_not_copied(till)))}


def any_lost(tx: Transaction, till: int) -> bool:
    """Say whether there are any."""
    return tx.row(LateClaimRow.select(LateClaimRow.id).where(_not_copied(till)).limit(1)) is not None


def copied(tx: Transaction, till: int, at: int) -> None:
    """Say that a till has them as the server has them."""
    tx.run(LateClaimRow.update(copied_at=at).where(_not_copied(till)))


def keep(tx: Transaction, till: int, at: int, late: Iterable[Made]) -> None:
    """Write down what came too late, once a row: as the till left it, and as the server has it."""
    last = {(one.table, one.key): one for one in late}
    for (about, subject), one in last.items():
        wanted, found = _state_in(one), _state_of(tx, one)
        there = tx.change(
            "UPDATE late_claim SET wanted = ? WHERE till = ? AND about = ? AND subject = ? "
            "AND copied_at IS NULL",
            wanted, till, about, subject,
        )  # fmt: skip
        if not there:
            told = about not in UNTOLD and wanted != found
            tx.insert(
                LateClaimRow, id=new_key(), till=till, at=at, about=about, subject=subject,
                wanted=wanted, found=found, open_since=at if told else None,
            )  # fmt: skip


def unnoted(tx: Transaction, till: int) -> list[LateClaim]:
    """Return those that are not yet in a till's journal."""
    return _select(tx, (LateClaimRow.till == till) & LateClaimRow.noted_at.is_null(), MOST)


def open_ones(tx: Transaction, limit: int) -> list[LateClaim]:
    """Return every till's that nobody has looked at, oldest first."""
    return _select(tx, LateClaimRow.open_since.is_null(False), limit)


def get(tx: Transaction, key: str) -> LateClaim | None:
    """Return one."""
    found = _select(tx, LateClaimRow.id == key, 1)
    return found[0] if found else None


def subject_of(tx: Transaction, one: LateClaim) -> Row | None:
    """Return sale, its number, branch, seller, and what names the row: amount and method, or line and value.

    None for what hangs on no sale.
    """
    sale = (SaleRow.id, SaleRow.number, SaleRow.branch, SaleRow.seller)
    match one.about:
        case "topup":
            query = TopUpRow.select(*sale, TopUpRow.operator_name, TopUpRow.line, TopUpRow.face)
            return tx.row(
                query.join(SaleRow, on=(SaleRow.id == TopUpRow.sale_id)).where(TopUpRow.id == one.subject)
            )
        case "payment":
            found = PaymentRow.select(*sale, PaymentRow.method, PaymentRow.id, PaymentRow.amount)
            joined = found.join(SaleRow, on=(SaleRow.id == PaymentRow.sale_id))
            return tx.row(joined.where(PaymentRow.id == one.subject))
    return None


def _not_copied(till: int) -> Expression:
    where: Expression = (LateClaimRow.till == till) & LateClaimRow.copied_at.is_null()
    return where


def _select(tx: Transaction, where: Expression, limit: int) -> list[LateClaim]:
    query = LateClaimRow.select(*_COLUMNS).where(where).order_by(LateClaimRow.id).limit(limit)
    return [LateClaim(*row) for row in tx.rows(query)]


def _state_in(one: Made) -> str:
    """The state that a statement gave the row; empty where it changed something else."""
    values: Sequence[object] = one.values
    return next((str(value) for name, value in zip(_names(one), values, strict=False) if name == "state"), "")


def _names(one: Made) -> list[str]:
    return _ASSIGNED.findall(one.text.partition(" WHERE ")[0])


def _state_of(tx: Transaction, one: Made) -> str:
    if "state" not in _names(one):
        return ""
    # The name of a table stands in the code that made the statement; nothing typed comes here.
    rows = tx.read(f'SELECT state FROM "{one.table}" WHERE id = ?', one.key)
    return str(rows[0][0]) if rows else ""
