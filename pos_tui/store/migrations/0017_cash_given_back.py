"""Cash given back by hand is little of what passes through a drawer: the list of sales finds it at once."""

from peewee import SQL, Database
from playhouse.migrate import SchemaMigrator, migrate


def up(migrator: SchemaMigrator, db: Database) -> None:
    """Index the moves of the drawer that went back to a customer."""
    given_back = SQL("kind = 'refund'")
    migrate(
        migrator.add_index("cash_move", ("kind", "sale_id"), where=given_back, name="cash_move_given_back")
    )
