"""What is few among many is read from an index of that alone.

SQLite counts no rows, and takes what thousands have alike for as rare as a key.
"""

from peewee import SQL, Database
from playhouse.migrate import SchemaMigrator, migrate

_FEW = (
    ("payment", ("state", "sale_id"), "state = 'refunded'", "payment_given_back"),
    ("online_order", ("read_at",), "state = 'open' AND delivery <> 'delivered'", "online_order_under_way"),
)


def up(migrator: SchemaMigrator, db: Database) -> None:
    """Index payments that went back, and orders under way."""
    for table, columns, where, name in _FEW:
        migrate(migrator.add_index(table, columns, where=SQL(where), name=name))
