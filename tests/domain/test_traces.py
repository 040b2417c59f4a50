"""Slips matched a few at a time: the same as all of them together."""

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from pos_tui.domain.matching import Matching, Slip, match_rest
from pos_tui.domain.traces import Trace, finished
from tests.domain.test_matching import DAY, SALE, keyed, outcome, receipts


def slips() -> st.SearchStrategy[list[Slip]]:
    """Slips of a fortnight, so alike that they chain."""
    days = st.integers(0, 14).map(lambda step: DAY + timedelta(days=step))
    names = st.sampled_from(["", "", "", "1/1", "2/1"])
    told = st.tuples(receipts(), days, names)
    one = told.map(lambda each: each[0]._replace(day=each[1], names=each[2], copies=1))
    return st.lists(one, max_size=14)


@settings(deadline=None, max_examples=300)
@given(slips(), slips())
def test_a_day_at_a_time_is_the_same_as_all_at_once(ours: list[Slip], theirs: list[Slip]) -> None:
    ours, theirs = keyed(ours, "o"), keyed(theirs, "t")
    whole = match_rest(Matching(left=list(ours), orphans=list(theirs)))
    receipts, sales = Trace(), Trace()
    receipts.add(ours)
    sales.add(theirs)
    done, left, orphans, named = Matching(), list[Slip](), list[Slip](), set[str]()
    for step in range(16):
        day = DAY + timedelta(days=step)
        settle(done, left, orphans, finished([*left, *orphans], day, named))
        for all_, other, into, alone in (
            (ours, sales, left, done.left),
            (theirs, receipts, orphans, done.orphans),
        ):
            today = [slip for slip in all_ if slip.day == day]
            into += [slip for slip in today if other.meets(slip)]
            alone += [slip for slip in today if not other.meets(slip)]
            named |= {slip.key for slip in today if other.names(slip)}
    settle(done, left, orphans, {slip.key for slip in [*left, *orphans]})
    assert outcome(done) == outcome(whole)


def settle(done: Matching, left: list[Slip], orphans: list[Slip], keys: set[str]) -> None:
    """Match some of those that are held, and hold them no more."""
    part = match_rest(
        Matching(
            left=[slip for slip in left if slip.key in keys],
            orphans=[slip for slip in orphans if slip.key in keys],
        )
    )
    left[:] = [slip for slip in left if slip.key not in keys]
    orphans[:] = [slip for slip in orphans if slip.key not in keys]
    done.links += part.links
    done.ambiguous |= part.ambiguous
    done.left += part.left
    done.orphans += part.orphans


def test_what_is_finished_waits_for_whoever_is_near_through_others() -> None:
    first = SALE._replace(key="a", authorisation="")
    second = SALE._replace(key="b", day=DAY + timedelta(days=3), authorisation="X")
    third = SALE._replace(key="c", day=DAY + timedelta(days=6), nsu="9", authorisation="X")
    after = DAY + timedelta(days=9)
    assert finished([first], DAY + timedelta(days=3), ()) == set()
    assert finished([first], DAY + timedelta(days=4), ()) == {"a"}
    assert finished([first, second, third], after, ()) == set()
    assert finished([first, second, third], after + timedelta(days=1), ()) == {"a", "b", "c"}
    assert finished([first, third], after, {"a"}) == set()
