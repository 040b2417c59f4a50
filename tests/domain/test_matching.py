"""Matching (facts A.9): each stage, and that the order of lines and files changes nothing."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from pos_tui.domain.matching import Matching, Slip, match, suggest
from pos_tui.domain.reconciliation import Difference

DAY = date(2015, 10, 12)
SALE = Slip("s", DAY, "1", "1111", "371263", 6015, "visa", "debit", 1, "4321", "9", 600)


def outcome(done: Matching) -> object:
    """What a matching says, whatever the order of its lists."""
    return (
        sorted(done.links),
        done.duplicates,
        done.ambiguous,
        sorted(slip.key for slip in done.left),
        sorted(slip.key for slip in done.orphans),
    )


def receipts() -> st.SearchStrategy[Slip]:
    """Slips so alike that every stage has something to do."""
    return st.builds(
        Slip,
        key=st.just(""),
        day=st.integers(0, 3).map(lambda step: DAY + timedelta(days=step)),
        establishment=st.sampled_from("12"),
        nsu=st.sampled_from(["", "11", "22"]),
        authorisation=st.sampled_from(["", "A", "B"]),
        amount=st.sampled_from([100, 200]),
        brand=st.sampled_from(["", "visa", "elo"]),
        modality=st.just("credit"),
        instalments=st.sampled_from([1, 2]),
        copies=st.sampled_from([1, 1, 1, 2]),
    )


def keyed(slips: list[Slip], prefix: str) -> list[Slip]:
    """Give each a key of its own."""
    return [slip._replace(key=f"{prefix}{at}") for at, slip in enumerate(slips)]


@settings(deadline=None)
@given(st.lists(receipts(), max_size=9), st.lists(receipts(), max_size=9), st.randoms())
def test_the_order_of_lines_and_files_changes_nothing(
    ours: list[Slip], theirs: list[Slip], shuffle: object
) -> None:
    ours, theirs = keyed([one._replace(copies=1) for one in ours], "o"), keyed(theirs, "t")
    first = outcome(match(ours, theirs))
    shuffle.shuffle(ours)  # type: ignore[attr-defined]
    shuffle.shuffle(theirs)  # type: ignore[attr-defined]
    assert outcome(match(ours, theirs)) == first


@settings(deadline=None)
@given(st.lists(receipts(), max_size=9), st.lists(receipts(), max_size=9))
def test_every_slip_has_one_end_and_no_sale_is_linked_twice(ours: list[Slip], theirs: list[Slip]) -> None:
    ours, theirs = keyed(ours, "o"), keyed(theirs, "t")
    done = match(ours, theirs)
    ends = [key for link in done.links for key in (link.ours, link.theirs)]
    ends += [*done.duplicates, *done.ambiguous, *(one.key for one in [*done.left, *done.orphans])]
    assert sorted(ends) == sorted(one.key for one in [*ours, *theirs])


def test_the_prototype_of_the_facts() -> None:
    """Two pairs share authorization, value, brand and day (facts A.6.1)."""
    twin = SALE._replace(key="twin", nsu="6666")
    lost = match([SALE._replace(key="r", nsu="")], [SALE, twin])
    assert lost.ambiguous["r"] == ("s", "twin")
    exact = match([SALE._replace(key="r")], [SALE, twin])
    assert [(link.ours, link.theirs, link.stage, link.differences) for link in exact.links] == [
        ("r", "s", 1, ())
    ]
    typo = match([SALE._replace(key="r", authorisation="999999")], [SALE])
    assert [(link.stage, link.differences) for link in typo.links] == [(2, (Difference.AUTHORISATION,))]
    unknown = match([SALE._replace(key="r", nsu="7", authorisation="X", amount=1)], [SALE])
    assert [one.key for one in unknown.left] == ["r"] and [one.key for one in unknown.orphans] == ["s"]


def test_likeness_is_only_ever_suggested() -> None:
    ours = SALE._replace(key="r", nsu="7", authorisation="X", amount=6016)
    assert match([ours], [SALE]).links == []
    (found,) = suggest(ours, [SALE])
    assert found.reasons[:2] == ("valor a 1 centavo(s)", "mesmo dia")
    assert suggest(ours._replace(amount=6100), [SALE]) == []
