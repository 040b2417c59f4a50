"""A year of monthly charges by a fake clock: month ends, refusals, late payments; asked by itself."""

import calendar
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_tui.domain.errors import FieldError, RuleError
from pos_tui.domain.instalments import MOVES, Instalment, InstalmentState, check_move, due_days, split
from pos_tui.domain.recurring import AttemptState
from pos_tui.domain.recurring_waiting import LATEST_MS, SOONEST_MS, next_ask
from pos_tui.till import Till
from tests.recurring.os import Clock, Platform, sent

S = AttemptState


@given(st.integers(1, 10_000_000), st.integers(1, 60))
def test_instalments_make_up_the_total_and_differ_in_the_first_only(total: int, count: int) -> None:
    if total < count:
        with pytest.raises(FieldError):
            split(total, count)
        return
    first, *others = split(total, count)
    assert first + sum(others) == total
    assert all(each == total // count for each in others)
    assert 0 <= first - total // count < count


@given(st.dates(date(2024, 1, 1), date(2030, 12, 31)), st.integers(1, 60))
def test_due_days_are_one_a_month_as_near_the_first_as_the_month_allows(first: date, count: int) -> None:
    days = due_days(first, count)
    assert days[0] == first
    for months, day in enumerate(days):
        assert (day.year * 12 + day.month) - (first.year * 12 + first.month) == months
        assert day.day == min(first.day, calendar.monthrange(day.year, day.month)[1])


def test_the_31st_falls_on_each_months_last_day() -> None:
    days = due_days(date(2027, 1, 31), 4)
    assert [day.isoformat() for day in days] == ["2027-01-31", "2027-02-28", "2027-03-31", "2027-04-30"]


@pytest.mark.parametrize("now", InstalmentState)
@pytest.mark.parametrize("then", InstalmentState)
def test_an_instalment_moves_only_by_its_table(now: InstalmentState, then: InstalmentState) -> None:
    if then in MOVES[now]:
        assert check_move(now, then) is then
    else:
        with pytest.raises(RuleError):
            check_move(now, then)


def test_questions_are_a_minute_apart_at_least_and_grow_rare() -> None:
    pauses = [next_ask(S.WAITING, asked, 0) for asked in range(30)]
    assert pauses[0] == SOONEST_MS == 60_000
    assert pauses == sorted(pause for pause in pauses if pause is not None)
    assert pauses[-1] == LATEST_MS


def pass_days(
    till: Till, platform: Platform, clock: Clock, days: Iterator[str]
) -> Iterator[list[Instalment]]:
    """Go from day to day, here and there, and let the till ask by itself."""
    for day in days:
        clock.now = datetime.fromisoformat(f"{day}T18:00:00").replace(tzinfo=UTC)
        platform.go_to(clock.now)
        till.recurring.watch.round()
        with till.context.store.reading():
            attempt = till.recurring.attempts.latest(till.cash.sale_by_number(1).id)
        yield till.recurring.attempts.instalments(attempt.id)


def words(rows: list[Instalment]) -> str:
    """The first letters of where the instalments stand."""
    return "".join(row.words[0] for row in rows)


@pytest.fixture
def clock() -> Clock:
    """The last day of January."""
    return Clock("2027-01-31T15:00:00+00:00")


def test_twelve_instalments_from_the_31st_are_charged_month_by_month(
    till: Till, platform: Platform, clock: Clock
) -> None:
    attempt = sent(till, 12)
    platform.pay(attempt)
    till.recurring.attempts.ask(attempt.id, "sistema")
    days = [day.isoformat() for day in due_days(date(2027, 1, 31), 12)]
    seen = [words(rows) for rows in pass_days(till, platform, clock, iter(days[1:]))]
    assert seen == ["C" * number + "A" * (12 - number) for number in range(2, 13)]
    rows = till.recurring.attempts.instalments(attempt.id)
    assert [row.due for row in rows] == days
    assert len({row.payment_ref for row in rows}) == 12
    assert sum(row.amount for row in rows) == platform.paid() == 4500
    done = till.recurring.attempts.get(attempt.id)
    assert (done.open_since, done.ask_at) == (None, None)
    assert till.context.journal.verify() is None


def test_a_refused_month_is_negado_and_another_card_confirms_it(
    till: Till, platform: Platform, clock: Clock
) -> None:
    attempt = sent(till, 3)
    platform.pay(attempt)
    till.recurring.attempts.ask(attempt.id, "sistema")
    platform.card(attempt, "bad")
    days = iter(["2027-02-28", "2027-03-01", "2027-03-02"])
    steps = pass_days(till, platform, clock, days)
    assert words(next(steps)) == "CAA"
    rows = next(steps)
    assert (words(rows), rows[1].reason) == ("CNA", "Venceu sem pagamento")
    platform.pay(attempt)
    assert words(next(steps)) == "CCA"


def test_a_month_nobody_looked_is_caught_up(till: Till, platform: Platform, clock: Clock) -> None:
    attempt = sent(till, 4)
    platform.pay(attempt)
    till.recurring.attempts.ask(attempt.id, "sistema")
    (rows,) = pass_days(till, platform, clock, iter(["2027-06-15"]))
    assert words(rows) == "CCCC"


def test_a_subscription_removed_there_cancels_what_is_left(
    till: Till, platform: Platform, clock: Clock
) -> None:
    attempt = sent(till, 6)
    platform.pay(attempt)
    attempt = till.recurring.attempts.ask(attempt.id, "sistema")
    platform.remove(attempt)
    (rows,) = pass_days(till, platform, clock, iter(["2027-02-28"]))
    assert words(rows) == "CCCCCC"
    assert {row.state for row in rows[1:]} == {InstalmentState.CANCELLED}
    assert rows[0].state is InstalmentState.CONFIRMED
