"""The different values of a column that an index begins with, found without reading every row.

`DISTINCT` reads all of a table; each step here asks for the least value above the one before.
"""

from pos_tui.store.database import Transaction

_EACH = """
WITH RECURSIVE found (value) AS (
    SELECT MIN({column}) FROM {table} WHERE {first}
    UNION ALL
    SELECT (SELECT MIN({column}) FROM {table} WHERE {step}{column} > found.value)
    FROM found WHERE found.value IS NOT NULL
)
SELECT value FROM found WHERE value IS NOT NULL
"""


def _each(column: str, table: str, first: str, step: str = "") -> str:
    """A step has one lower bound: of two, SQLite enters its index at the first that is written."""
    return _EACH.format(column=column, table=table, first=first, step=step)


_BRANCHES = _each("branch", "sale", "branch >= ''")
_SELLERS = _each("seller", "sale", "branch = ?", "branch = ? AND ")
_TILLS = _each("till", "journal", "till >= 0")


def each_branch(tx: Transaction) -> list[str]:
    """Return every branch that ever sold, in order."""
    return [str(row[0]) for row in tx.read(_BRANCHES)]


def each_seller(tx: Transaction) -> list[str]:
    """Return whoever ever began a sale, in order."""
    found = {str(row[0]) for branch in each_branch(tx) for row in tx.read(_SELLERS, branch, branch)}
    return sorted(found)


def each_till(tx: Transaction) -> list[int]:
    """Return every till that has a journal in this database, in order."""
    return [int(row[0]) for row in tx.read(_TILLS)]
