"""The different values of a column that an index begins with, found without reading every row.

`DISTINCT` reads all of a table; each step here asks for the least value above the one before.
"""

from pos_tui.store.database import Transaction

_EACH = """
WITH RECURSIVE found (value) AS (
    SELECT MIN({column}) FROM {table} WHERE {where}
    UNION ALL
    SELECT (SELECT MIN({column}) FROM {table} WHERE {where} AND {column} > found.value)
    FROM found WHERE found.value IS NOT NULL
)
SELECT value FROM found WHERE value IS NOT NULL
"""


def each_branch(tx: Transaction) -> list[str]:
    """Return every branch that ever sold, in order."""
    return [str(row[0]) for row in tx.read(_EACH.format(column="branch", table="sale", where="branch >= ''"))]


def each_seller(tx: Transaction) -> list[str]:
    """Return whoever ever began a sale, in order."""
    asked = _EACH.format(column="seller", table="sale", where="branch = ?")
    found = {str(row[0]) for branch in each_branch(tx) for row in tx.read(asked, branch, branch)}
    return sorted(found)


def each_till(tx: Transaction) -> list[int]:
    """Return every till that has a journal in this database, in order."""
    return [int(row[0]) for row in tx.read(_EACH.format(column="till", table="journal", where="till >= 0"))]
