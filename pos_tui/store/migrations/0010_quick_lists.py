"""The indexes that lists, search and the report of top-ups are read from."""

from peewee import Database
from playhouse.migrate import SchemaMigrator, migrate


def up(migrator: SchemaMigrator, db: Database) -> None:
    """A sale is found by its number alone, a name by two of its words, a year's sums without the rows."""
    migrate(
        migrator.drop_index("sale", "salerow_till_number"),
        migrator.add_index("sale", ("number", "till"), True),
        migrator.drop_index("topup", "topuprow_sale_id"),
        migrator.add_index("topup", ("sale_id", "position", "state", "operator_name", "face"), False),
        migrator.drop_index("payment", "paymentrow_sale_id"),
        migrator.add_index("payment", ("sale_id", "state", "decision"), False),
        migrator.add_index("customer_word", ("customer_id", "word"), False),
    )
