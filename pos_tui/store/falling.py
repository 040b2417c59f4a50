"""Reading from a server that may go in the middle of it."""

from typing import Any, Protocol

from peewee import Database, InterfaceError, OperationalError, Query

from pos_tui.store import dialect
from pos_tui.store.database import Store, Transaction
from pos_tui.store.sentences import Sentence


class Survivor(Protocol):
    """A store that goes on with a copy (`store.shadow`)."""

    db: Database
    local: Store
    away: bool

    def leave(self, error: BaseException) -> None:
        """Go on without the server. Raises StoreError where there is no copy."""


class Falling(Transaction):
    """Reading that goes on in the copy when the server is lost in the middle."""

    def __init__(self, store: Survivor) -> None:
        super().__init__(store.db)
        self._store = store

    def _execute(self, query: Query | Sentence) -> Any:
        if not self._store.away:
            try:
                return super()._execute(query)
            except (OperationalError, InterfaceError) as error:
                if self._db.transaction_depth() or not dialect.is_lost(error):
                    raise
                dialect.drop(self._db)
                self._store.leave(error)
        self._db = self._store.local.db
        self._db.connect(reuse_if_open=True)
        return super()._execute(query)
