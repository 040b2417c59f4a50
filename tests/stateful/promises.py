"""What must hold of two tills and the provider's ledger, whatever happens (facts/topup.md §14.1)."""

from collections.abc import Iterable, Mapping

from pos_tui.domain.topup import FINAL, Decision, TopUp, TopUpState
from tests.sandbox import LedgerView

SAME = {
    TopUpState.CONFIRMED: {"credited"},
    # DT One calls a reserve the same whether its time is over or not, and gives credit back by a cancel.
    TopUpState.RESERVED: {"reserved", "expired"},
    TopUpState.EXPIRED: {"expired", "cancelled"},
}
"""What the ledger may call what a till calls so, once all is settled."""

ById = Mapping[str, TopUp]


def check_moves(before: ById, now: ById) -> None:
    """One key for life, one decision for life, and a final state stays."""
    for key, then in before.items():
        after = now[key]
        assert after.provider_key == then.provider_key, "a key changed"
        if then.decision is not Decision.NONE:
            assert after.decision is then.decision, "a decision turned into its opposite"
        if then.state in FINAL:
            assert after.state is then.state, "a final state changed"


def check_credits(now: ById, ledger: LedgerView, paid: Mapping[str, int]) -> None:
    """No credit without a confirmation and a payment, and never two. `paid` is told by sale."""
    assert all(count == 1 for count, _ in ledger.credits.values()), "credited twice"
    states = ledger.states()
    given = dict.fromkeys(paid, 0)
    for topup in now.values():
        credited = states.get(topup.provider_key) == "credited"
        assert credited or topup.state is not TopUpState.CONFIRMED, "shown as credited and is not"
        if credited:
            given[topup.sale_id] += topup.face
            assert topup.decision is Decision.CONFIRM, "credited without a decision"
            assert topup.state not in FINAL or topup.state is TopUpState.CONFIRMED, "credited and given up"
        assert (topup.open_since is None) == (topup.state in FINAL), "out of sight"
    keys = {topup.provider_key for topup in now.values()}
    assert set(states) <= keys, "a purchase nobody here knows"
    for sale, amount in given.items():
        assert amount <= paid[sale], "credited and paid by nobody"


def check_end(found: Iterable[TopUp], ledger: LedgerView, provider: str) -> None:
    """With the world behaving again both sides tell the same, and nothing is held out of sight."""
    states = ledger.states()
    holding = {"reserved", "expired"} if provider == "dtone" else {"reserved"}
    for topup in found:
        assert topup.state is not TopUpState.UNCERTAIN, topup
        if topup.state in SAME:
            assert states.get(topup.provider_key) in SAME[topup.state], topup
        held = states.get(topup.provider_key) in holding
        assert not held or topup.pending, "held by the provider and out of sight"
