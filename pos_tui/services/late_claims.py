"""What a till did while its server was away, and another till had done otherwise before: told, and looked at.

The row is the other till's, and the sweep asks the provider; but this till told its customer something else.
"""

from collections.abc import Mapping

from pos_tui.domain import payment, spool, topup
from pos_tui.domain.errors import Conflict
from pos_tui.domain.journal import SYSTEM, Field
from pos_tui.domain.money import format_brl
from pos_tui.domain.people import Action
from pos_tui.domain.phone import Mobile
from pos_tui.services.context import Context
from pos_tui.services.guard import Approval, Guard
from pos_tui.services.journal import Event
from pos_tui.store import late_claims
from pos_tui.store.database import Row, Transaction
from pos_tui.store.late_claims import LateClaim
from pos_tui.store.models.server import LateClaimRow

ADVICE = (
    "O que o caixa disse ao cliente pode não valer. Veja a venda, F5 pergunta de novo; acerte com o cliente "
    "se preciso, e só então tire da lista."
)
_THINGS = {
    "topup": "Recarga",
    "payment": "Pagamento",
    "print_job": "Papel",
    "sale": "Venda",
    "shift": "Caixa",
    "card_receipt": "Recebimento de cartão",
    "tef_operation": "Menu do TEF",
}


class LateClaims:
    """Those of every till that shares the database."""

    def __init__(self, context: Context, guard: Guard) -> None:
        self._context = context
        self._guard = guard

    def settle(self, key: str, who: str, approval: Approval | None = None) -> None:
        """Somebody looked at it: it leaves the list, and the journal keeps who.

        Raises:
            NeedsApproval: it is for supervisors.
            Conflict: somebody else did.
        """
        trace = self._guard.allow(Action.OVERSEE, "", approval)

        def work(tx: Transaction) -> None:
            one = late_claims.get(tx, key)
            waits = one is not None and one.open_since is not None
            if one is None or not waits or not tx.claim(LateClaimRow, key, one.version, open_since=None):
                raise Conflict("Outra pessoa já tirou isto da lista.")
            data = {**_data(one), **trace}
            self._context.journal.note(tx, Event("late_claim", one.subject, who, data), "looked_at")

        self._context.store.write(work)


def note(context: Context) -> int:
    """Write into this till's journal what came too late; return how many."""
    if context.store.away:
        return 0
    with context.store.reading() as tx:
        found = late_claims.unnoted(tx, context.till)

    def work(tx: Transaction) -> None:
        for one in found:
            if tx.claim(LateClaimRow, one.id, one.version, noted_at=context.now()):
                event = Event("late_claim", one.subject, SYSTEM, _data(one))
                context.journal.note(tx, event, "too_late")

    if found:
        context.store.write(work)
    return len(found)


def thing(one: LateClaim, about: Row | None) -> str:
    """Say what it is about: `Recarga Vivo 67 99999-1234 R$ 15,00, venda 12`."""
    words = _THINGS.get(one.about, one.about)
    if about is None:
        return words
    _, number, _, _, name, line, amount = about
    if one.about == "topup":
        words = f"{words} {name} {Mobile(line[:2], line[2:])} {format_brl(amount)}"
    else:
        words = f"{payment.LABELS[payment.Method(name)]} {format_brl(amount)}"
    return f"{words}, venda {number}" if number else words


def difference(one: LateClaim) -> str:
    """Say what was done here, and what stands."""
    here, there = _state(one.about, one.wanted), _state(one.about, one.found)
    if not here or not there:
        return "O caixa mudou isto sem o servidor; outro caixa tinha mudado antes, e vale o do outro."
    return f"Sem o servidor, o caixa pôs «{here}»; antes, outro caixa já tinha posto «{there}», e este vale."


def _state(about: str, state: str) -> str:
    known: Mapping[str, Mapping[str, str]] = {
        "topup": {str(key): words for key, words in topup.WORDS.items()},
        "payment": {str(key): words for key, words in payment.WORDS.items()},
        "print_job": {str(key): words for key, words in spool.WORDS.items()},
    }
    return known.get(about, {}).get(state, state)


def _data(one: LateClaim) -> dict[str, Field]:
    return {
        "subject": _THINGS.get(one.about, one.about),
        "wanted": _state(one.about, one.wanted),
        "found": _state(one.about, one.found),
    }
