"""The top-up's table of moves holds the house's promises whatever a provider answers."""

from hypothesis import given
from hypothesis import strategies as st

from pos_tui.domain.outcome import Done, NotSent, Outcome, RefusalClass, Refused, Uncertain
from pos_tui.domain.topup import (
    FINAL,
    IN_FLIGHT,
    MOVES,
    WORDS,
    Decision,
    RemoteWord,
    Standing,
    TopUpState,
    after_decision,
    after_query,
    after_reserve,
    why_not_cancel,
    why_not_confirm,
)

outcomes = st.one_of(
    st.builds(lambda word: Done(Standing("1", word)), st.sampled_from(RemoteWord)),
    st.builds(lambda reason: Refused(reason, "?", ""), st.sampled_from(RefusalClass)),
    st.just(NotSent("")),
    st.just(Uncertain("")),
)
SETTLED_WITHOUT_PROOF = {TopUpState.CONFIRMED, TopUpState.CANCELLED, TopUpState.REFUSED}


@given(outcomes)
def test_a_reserve_moves_only_along_the_table(outcome: Outcome[Standing]) -> None:
    after = after_reserve(outcome)
    assert after in MOVES[TopUpState.SENDING]
    if isinstance(outcome, Uncertain):
        assert after is TopUpState.UNCERTAIN


@given(st.sampled_from([Decision.CONFIRM, Decision.CANCEL]), outcomes)
def test_a_decision_moves_only_along_the_table(decision: Decision, outcome: Outcome[Standing]) -> None:
    now = TopUpState.CONFIRMING if decision is Decision.CONFIRM else TopUpState.CANCELLING
    after = after_decision(decision, outcome)
    assert after in MOVES[now]
    if not isinstance(outcome, Done):
        assert after not in SETTLED_WITHOUT_PROOF


@given(st.sampled_from(sorted(IN_FLIGHT | {TopUpState.UNCERTAIN})), st.sampled_from(Decision), outcomes)
def test_asking_proves_or_leaves(now: TopUpState, decision: Decision, outcome: Outcome[Standing]) -> None:
    after = after_query(now, decision, outcome)
    if not isinstance(outcome, Done):
        assert after is TopUpState.UNCERTAIN
    if decision is not Decision.NONE:
        assert after is not TopUpState.NOT_SENT


@given(st.sampled_from(TopUpState))
def test_no_decision_turns_into_its_opposite(state: TopUpState) -> None:
    assert why_not_cancel(state, Decision.CONFIRM) is not None
    assert why_not_confirm(state, Decision.CANCEL) is not None


def test_the_table_is_whole() -> None:
    assert set(MOVES) == set(WORDS) == set(TopUpState)
    for state in FINAL - {TopUpState.CONFIRMED}:
        assert not MOVES[state]
    assert MOVES[TopUpState.CONFIRMED] == {TopUpState.REVERSED}
