"""What joins an open sale claims it: nobody can save or give it up meanwhile without what has joined."""

from pos_tui.domain.errors import RuleError
from pos_tui.domain.sale import Sale, SaleState
from pos_tui.domain.values import replace
from pos_tui.store import sales
from pos_tui.store.database import Transaction
from pos_tui.store.models import SaleRow

CLOSED = "Esta venda não está mais aberta: comece outra (F2)."


def claimed(tx: Transaction, sale_id: str) -> Sale:
    """Return the open sale as it stands, claimed in this transaction. Raises RuleError when it is over."""
    found = sales.get(tx, sale_id)
    if found is None or found.state is not SaleState.OPEN or not tx.claim(SaleRow, found.id, found.version):
        raise RuleError(CLOSED)
    return replace(found, version=found.version + 1)
