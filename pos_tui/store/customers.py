"""Queries for the portfolio of customers."""

from itertools import islice
from operator import itemgetter

from pos_tui.domain.customer import Customer
from pos_tui.domain.text import digits
from pos_tui.store.database import Row, Transaction
from pos_tui.store.models import CustomerRow, CustomerWordRow
from pos_tui.store.words import span, words

_PERSON = "SELECT c.id, c.name, c.document, c.phone, c.email FROM customer c"
_HERE = "+c.erased_at IS NULL"
"""With the sign no index answers it: SQLite, which counts no rows, would go through all not erased."""
_BEGINS = " UNION ALL ".join(
    f"SELECT * FROM ({_PERSON} WHERE c.{name} >= ? AND c.{name} < ? AND {_HERE} "
    f"ORDER BY c.{name} LIMIT ?) {name}"
    for name in ("document", "phone")
)
# CROSS JOIN keeps SQLite to this order; to the others it is a plain join.
_NAMED = f"""
SELECT c.id, c.name, c.document, c.phone, c.email FROM customer_word w CROSS JOIN customer c
WHERE w.word >= ? AND w.word < ?{{}} AND c.id = w.customer_id AND {_HERE}
ORDER BY w.word, w.customer_id LIMIT ?
"""
_ALSO = """ AND EXISTS (
    SELECT 1 FROM customer_word o WHERE o.customer_id = w.customer_id AND o.word >= ? AND o.word < ?
)"""
_HAVING = """
SELECT COUNT(*) FROM (SELECT 1 FROM customer_word WHERE word >= ? AND word < ? LIMIT ?) looked
"""
ENOUGH = 300
"""How many of a word are looked at to tell a rare one from a common one."""


def insert(tx: Transaction, customer: Customer, now: int) -> None:
    """Insert a customer and the words it is found by."""
    tx.insert(
        CustomerRow,
        id=customer.id,
        name=customer.name,
        document=customer.document or None,
        phone=customer.phone or None,
        email=customer.email or None,
        created_at=now,
    )
    for word in words(customer.name):
        tx.insert(CustomerWordRow, word=word, customer_id=customer.id)


def get(tx: Transaction, key: str) -> Customer | None:
    """Return one customer."""
    found = tx.read(f"{_PERSON} WHERE c.id = ? AND {_HERE}", key)
    return _entity(found[0]) if found else None


def by_document(tx: Transaction, document: str) -> Customer | None:
    """Return who has a CPF or CNPJ."""
    found = tx.read(f"{_PERSON} WHERE c.document = ? AND {_HERE} LIMIT 1", document)
    return _entity(found[0]) if found else None


def search(tx: Transaction, text: str, limit: int) -> list[Customer]:
    """Find customers by the beginnings of words of their name (accents ignored), by CPF/CNPJ or by phone.

    Of more than `limit` they are those whose word comes first; what is returned stands by name.
    """
    number = digits(text)
    if len(number) >= 3 and (number == text or not any(char.isalpha() for char in text)):
        rows = tx.read(_BEGINS, *(*span(number), limit) * 2)
    elif number and len(bare := "".join(char for char in text.upper() if char.isalnum())) == 14:
        rows = tx.read(f"{_PERSON} WHERE c.document = ? AND {_HERE} LIMIT ?", bare, limit)
    else:
        rows = _named(tx, sorted(words(text)), limit)
    found = {row[0]: row for row in rows}  # whoever is found twice stands there once
    return [_entity(row) for row in sorted(islice(found.values(), limit), key=itemgetter(1))]


def _named(tx: Transaction, typed: list[str], limit: int) -> list[Row]:
    """The word that the fewest have is walked through; the others are looked up for each who has it."""
    if not typed:
        return []
    if len(typed) > 1:
        typed.sort(key=lambda word: tx.read(_HAVING, *span(word), ENOUGH)[0][0])
    also = _ALSO * (len(typed) - 1)
    spans = [bound for word in typed for bound in span(word)]
    return tx.read(_NAMED.format(also), *spans, limit)


def _entity(row: Row) -> Customer:
    return Customer(row[0], row[1], row[2] or "", row[3] or "", row[4] or "")
