"""The states of an attempt: every answer leads where the table allows, and forgets no money."""

import itertools

import pytest

from pos_tui.domain.errors import RuleError
from pos_tui.domain.outcome import Done, NotSent, Outcome, RefusalClass, Refused, Uncertain
from pos_tui.domain.recurring import (
    ABSENT_AFTER_MS,
    LIVE,
    MOVES,
    OVER,
    WORDS,
    Absent,
    Agreement,
    Attempt,
    AttemptState,
    Charge,
    ChargeWord,
    Mode,
    Reading,
    after_query,
    after_send,
    check_move,
)

S = AttemptState

AGREEMENTS = [
    Agreement("sub", "ref", active, gone, (Charge("pay", 100, "2027-01-31", word),) if word else ())
    for active, gone, word in itertools.product((True, False), (True, False), (None, *ChargeWord))
]
SAID: list[Outcome[Reading]] = [Done(Absent()), *(Done(agreement) for agreement in AGREEMENTS)]
UNSAID: list[Outcome[Reading]] = [
    NotSent(""),
    Uncertain(""),
    *(Refused(reason, "", "") for reason in RefusalClass),
]


def attempt(state: AttemptState, sent_at: int = 0) -> Attempt:
    """An attempt in a state, sent long ago."""
    return Attempt(
        "a", "s", "p", 1, Mode.INTEGRATED, "asaas", state, 300, 3, "2027-01-31", 0, "x", sent_at=sent_at
    )


@pytest.mark.parametrize("state", AttemptState)
def test_a_question_leads_where_the_table_allows(state: AttemptState) -> None:
    for outcome in SAID + UNSAID:
        then = after_query(attempt(state), outcome, 10**9)
        assert then is state or then in MOVES[state], (state, outcome)


@pytest.mark.parametrize("state", AttemptState)
def test_without_an_answer_nothing_moves(state: AttemptState) -> None:
    assert {after_query(attempt(state), outcome, 10**9) for outcome in UNSAID} == {state}


@pytest.mark.parametrize("state", [S.CANCELLING, S.CANCELLED, S.EXPIRED, S.ERROR, S.REFUNDING])
def test_money_after_the_end_is_an_alert(state: AttemptState) -> None:
    paid = Agreement("sub", "ref", True, False, (Charge("pay", 100, "2027-01-31", ChargeWord.CONFIRMED),))
    assert after_query(attempt(state), Done(paid), 10**9) is S.LATE
    assert S.LATE in LIVE


@pytest.mark.parametrize("state", [S.SENDING, S.UNCERTAIN])
def test_absence_proves_nothing_before_its_time(state: AttemptState) -> None:
    sent = attempt(state, sent_at=1000)
    assert after_query(sent, Done(Absent()), 1000 + ABSENT_AFTER_MS - 1) is S.UNCERTAIN
    assert after_query(sent, Done(Absent()), 1000 + ABSENT_AFTER_MS) is S.DRAFT


def test_an_answer_to_the_sending_leads_where_the_table_allows() -> None:
    for agreement in AGREEMENTS:
        assert after_send(Done(agreement)) in {*MOVES[S.SENDING], S.SENDING}
    refusals: list[Outcome[Agreement]] = [Refused(reason, "", "") for reason in RefusalClass]
    for outcome in [NotSent(""), Uncertain(""), *refusals]:
        assert after_send(outcome) in MOVES[S.SENDING]


def test_only_a_refusal_is_an_error() -> None:
    assert after_send(Refused(RefusalClass.DATA, "", "")) is S.ERROR
    assert after_send(Refused(RefusalClass.TRANSIENT, "", "")) is S.DRAFT
    assert after_send(NotSent("")) is S.DRAFT
    assert after_send(Uncertain("")) is S.UNCERTAIN


def test_the_tables_are_whole() -> None:
    assert set(MOVES) == set(WORDS) == set(AttemptState)
    assert not LIVE & OVER
    assert {S.PAID} == set(AttemptState) - LIVE - OVER


@pytest.mark.parametrize(("now", "then"), itertools.product(AttemptState, AttemptState))
def test_a_move_is_checked_by_the_table(now: AttemptState, then: AttemptState) -> None:
    if then in MOVES[now]:
        assert check_move(now, then) is then
    else:
        with pytest.raises(RuleError):
            check_move(now, then)
