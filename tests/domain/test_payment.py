"""The payment's table of moves never forgets money, whatever the outside answers."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_tui.domain.errors import FieldError, RuleError
from pos_tui.domain.outcome import Done, NotSent, Outcome, RefusalClass, Refused, Uncertain
from pos_tui.domain.payment import (
    DECISIONS,
    FINAL,
    LABELS,
    LIVE,
    MOVES,
    OPEN,
    RULINGS,
    WORDS,
    Decision,
    Method,
    PaymentAnswer,
    PaymentState,
    PaymentWord,
    after_charge,
    after_decision,
    after_query,
    check_move,
    rule,
    rulings,
    waits,
    why_not_decide,
    why_not_remove,
    words,
)

S = PaymentState
CHARGED = {S.APPROVED, S.CONFIRMED}
RELEASED = {S.UNDONE, S.CANCELLED, S.REFUNDED, S.REFUSED}


@dataclass(frozen=True, slots=True)
class Answer:
    word: PaymentWord


states = st.sampled_from(PaymentState)
decisions = st.sampled_from(Decision)
failures: st.SearchStrategy[Outcome[PaymentAnswer]] = st.one_of(
    st.builds(lambda reason: Refused(reason, "?", ""), st.sampled_from(RefusalClass)),
    st.just(NotSent("")),
    st.just(Uncertain("")),
)
answers: st.SearchStrategy[Outcome[PaymentAnswer]] = st.builds(
    lambda word: Done(Answer(word)), st.sampled_from(PaymentWord)
)
outcomes = st.one_of(answers, failures)
taken = st.sampled_from([(decision, state) for decision, ways in DECISIONS.items() for state in ways])


@given(outcomes)
def test_a_charge_moves_only_along_the_table(outcome: Outcome[PaymentAnswer]) -> None:
    after = after_charge(outcome)
    assert after is S.SENT or after in MOVES[S.SENT]
    if isinstance(outcome, Uncertain):
        assert after is S.UNCERTAIN


def test_uncertain_is_never_shown_as_refused() -> None:
    for outcome in (
        Uncertain("x"),
        Refused(RefusalClass.STATE, "", ""),
        Refused(RefusalClass.NOT_FOUND, "", ""),
    ):
        assert after_charge(outcome) is S.UNCERTAIN
    assert "negado" not in words(S.UNCERTAIN)


@given(taken, outcomes)
def test_a_decision_moves_only_along_the_table(
    taken: tuple[Decision, PaymentState], outcome: Outcome[PaymentAnswer]
) -> None:
    decision, now = taken
    after = after_decision(now, decision, outcome)
    assert after is now or after in MOVES[now]
    if not isinstance(outcome, Done):
        assert after in (now, S.UNCERTAIN)


@given(taken)
def test_a_carried_out_decision_leads_where_the_table_says(taken: tuple[Decision, PaymentState]) -> None:
    decision, now = taken
    assert after_decision(now, decision, Done(None)) is DECISIONS[decision][now]
    assert DECISIONS[decision][now] in MOVES[now]


@given(states, decisions, outcomes)
def test_asking_moves_only_along_the_table(
    now: PaymentState, decision: Decision, outcome: Outcome[PaymentAnswer]
) -> None:
    after = after_query(now, decision, outcome)
    assert after is now or after in MOVES[now]
    lost = isinstance(outcome, Refused) and outcome.reason is RefusalClass.NOT_FOUND and now is S.SENT
    if not isinstance(outcome, Done):
        assert after is (S.UNCERTAIN if lost else now)


@given(st.sampled_from(sorted(CHARGED)), decisions, outcomes)
def test_charged_money_is_let_go_only_on_proof(
    now: PaymentState, decision: Decision, outcome: Outcome[PaymentAnswer]
) -> None:
    after = after_query(now, decision, outcome)
    if after in RELEASED:
        assert isinstance(outcome, Done) and outcome.answer.word.value == after.value
    assert after is not S.CREATED


@given(st.lists(outcomes, max_size=8))
def test_a_confirmed_line_ends_only_in_a_refund(history: list[Outcome[PaymentAnswer]]) -> None:
    state = S.CONFIRMED
    for outcome in history:
        state = after_query(state, Decision.NONE, outcome)
        assert state in {S.CONFIRMED, S.REFUNDED}


@given(states)
def test_no_decision_turns_into_its_opposite(state: PaymentState) -> None:
    for given_up in (Decision.UNDO, Decision.CANCEL, Decision.REFUND):
        assert why_not_decide(state, given_up, Decision.CONFIRM) is not None
    for let_go in (Decision.UNDO, Decision.CANCEL):
        assert why_not_decide(state, Decision.CONFIRM, let_go) is not None


@given(states, decisions, st.sampled_from([d for d in Decision if d is not Decision.NONE]))
def test_a_decision_is_allowed_only_where_it_leads_somewhere(
    state: PaymentState, decision: Decision, wanted: Decision
) -> None:
    if why_not_decide(state, decision, wanted) is None:
        assert state in DECISIONS[wanted]
    if wanted is decision and state in DECISIONS[wanted]:
        assert why_not_decide(state, decision, wanted) is None


def test_paid_after_it_was_given_up_is_told_and_can_only_go_back() -> None:
    paid: Outcome[PaymentAnswer] = Done(Answer(PaymentWord.CONFIRMED))
    assert after_query(S.CANCELLED, Decision.CANCEL, paid) is S.LATE
    assert S.LATE not in LIVE, "no sale counts on it"
    assert why_not_decide(S.LATE, Decision.CANCEL, Decision.REFUND) is None
    assert waits(Method.PIX_DYNAMIC, S.LATE, Decision.REFUND)
    assert after_query(S.LATE, Decision.REFUND, paid) is S.LATE, "the bank is still at it"
    back: Outcome[PaymentAnswer] = Done(Answer(PaymentWord.REFUNDED))
    assert after_query(S.LATE, Decision.REFUND, back) is S.REFUNDED


def test_absence_frees_a_lost_request_but_not_a_decided_one() -> None:
    absent: Outcome[PaymentAnswer] = Done(Answer(PaymentWord.ABSENT))
    assert after_query(S.UNCERTAIN, Decision.NONE, absent) is S.CREATED
    assert after_query(S.APPROVED, Decision.CONFIRM, absent) is S.APPROVED


def test_a_supervisor_rules_only_what_is_uncertain_and_says_why() -> None:
    assert rule(S.UNCERTAIN, S.CONFIRMED, "consta no extrato") is S.CONFIRMED
    assert set(MOVES[S.UNCERTAIN]) >= RULINGS
    with pytest.raises(FieldError, match="motivo"):
        rule(S.UNCERTAIN, S.CONFIRMED, "  ok  ")
    with pytest.raises(RuleError):
        rule(S.SENT, S.CONFIRMED, "consta no extrato")
    with pytest.raises(RuleError):
        rule(S.UNCERTAIN, S.REFUSED, "consta no extrato")


def test_only_what_was_never_charged_is_removed() -> None:
    removable = {state for state in S if why_not_remove(state) is None}
    assert removable == {S.CREATED, S.LATE} | RELEASED


def test_the_table_is_whole() -> None:
    assert set(MOVES) == set(WORDS) == set(S)
    assert set(LABELS) == set(Method)
    assert set(S) == FINAL | OPEN and not FINAL & OPEN
    assert OPEN | {S.CONFIRMED} == LIVE
    with pytest.raises(RuleError, match="negado"):
        check_move(S.REFUSED, S.CONFIRMED)
    assert check_move(S.SENT, S.APPROVED) is S.APPROVED
    assert words(S.APPROVED, Decision.CONFIRM) == "aprovado [confirmando]"


@given(states, decisions, states)
def test_a_ruling_never_goes_against_a_decision(
    now: PaymentState, decision: Decision, then: PaymentState
) -> None:
    if then in rulings(now, decision):
        assert rule(now, then, "conferido no relatório", decision) is then
        if now is not S.UNCERTAIN:
            assert then in (now, DECISIONS[decision][now])
    else:
        with pytest.raises(RuleError):
            rule(now, then, "conferido no relatório", decision)


def test_only_what_asks_the_outside_waits() -> None:
    assert waits(Method.TEF, S.APPROVED, Decision.NONE) and waits(Method.TEF, S.CONFIRMED, Decision.REFUND)
    assert not waits(Method.CASH, S.CREATED, Decision.NONE) and not waits(
        Method.TEF, S.CONFIRMED, Decision.NONE
    )
