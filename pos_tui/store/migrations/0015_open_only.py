"""Nothing that is asked now and then reads a table from end to end.

SQLite does for `IS NOT NULL` over an index that holds every row (most systems' has no STAT4): the indexes
of what is still to be done hold only that. What is settled needs no place in one.
"""

from peewee import SQL, Database
from playhouse.migrate import SchemaMigrator, migrate

_OPEN = (
    ("topup", "open_since", "topuprow_open_since"),
    ("topup", "ask_at", "topuprow_ask_at"),
    ("payment", "open_since", "paymentrow_open_since"),
    ("payment", "ask_at", "payment_ask_at"),
    ("print_job", "open_since", "printjobrow_open_since"),
    ("tef_operation", "open_since", "tefoperationrow_open_since"),
    ("subscriber_action", "open_since", "subscriberactionrow_open_since"),
    ("recurring_attempt", "open_since", "attemptrow_open_since_id"),
    ("recurring_attempt", "ask_at", "attemptrow_ask_at"),
    ("recurring_notice", "ask_at", "noticerow_ask_at"),
    ("online_order", "open_since", "orderrow_open_since"),
    ("online_order_mail", "due_at", "ordermailrow_due_at"),
    ("card_receipt", "to_send_since", "cardreceiptrow_to_send_since"),
)


def up(migrator: SchemaMigrator, db: Database) -> None:
    """Make each index anew over the rows where its column is set, and index who sold where."""
    for table, column, old in _OPEN:
        there = SQL(f"{column} IS NOT NULL")
        migrate(
            migrator.drop_index(table, old),
            migrator.add_index(table, (column,), where=there, name=f"{table}_{column}_set"),
        )
    for column in ("request_key", "refund_key"):
        there = SQL(f"{column} <> ''")
        migrate(migrator.add_index("payment", (column,), where=there, name=f"payment_{column}_set"))
    migrate(
        migrator.add_index("sale", ("branch", "seller"), False),
        migrator.add_index("card_receipt", ("establishment", "branch", "acquirer"), False),
    )
