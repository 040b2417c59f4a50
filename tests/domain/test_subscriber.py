"""The gates of facts/cards-and-isp.md E.2, second copies, and usage: sessions and calls."""

from datetime import UTC, date, datetime, timedelta

import pytest

from pos_tui.domain.subscriber import (
    Bill,
    BillState,
    Charge,
    Contract,
    ContractState,
    Feature,
    Subscriber,
    contracts_for,
    why_not,
    why_not_reprint,
)
from pos_tui.domain.usage import (
    Period,
    Session,
    SessionState,
    Termination,
    area_of,
    duration,
    octets,
    termination,
)

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)
VOICE = Contract("1", "Voz", ContractState.ACTIVE, terminals=("6733210000",))
NET = Contract("2", "Fibra", ContractState.ACTIVE, logins=("jose",))
CUT = Contract("3", "Fibra", ContractState.SUSPENDED, terminals=("6733210001",), logins=("jose2",))
ALWAYS = {Feature.NOTES, Feature.SECOND_COPY, Feature.RECEIVE, Feature.CARD, Feature.TICKETS}


def on(*contracts: Contract) -> set[Feature]:
    somebody = Subscriber("7", "José", contracts=contracts)
    return {feature for feature in Feature if why_not(feature, somebody) is None}


def test_what_works_whatever_the_state() -> None:
    assert on() == ALWAYS
    assert on(CUT) == ALWAYS | {Feature.ENABLE, Feature.CONNECTIONS}


def test_what_needs_an_active_plan_a_terminal_or_a_login() -> None:
    active = ALWAYS | {Feature.FINANCIAL, Feature.CREDIT}
    assert on(VOICE) == active | {Feature.CALLS}
    assert on(NET) == active | {Feature.CONNECTIONS}
    assert on(VOICE, NET, CUT) == set(Feature)


def test_each_reason_says_what_is_missing() -> None:
    cut, bare = Subscriber("7", "José", contracts=(CUT,)), Subscriber("8", "Ana", contracts=(NET,))
    assert "só com plano ativo" in (why_not(Feature.FINANCIAL, cut) or "")
    assert "Segunda via" in (why_not(Feature.CALLS, cut) or "")
    assert "terminal de voz" in (why_not(Feature.CALLS, bare) or "")
    assert "suspenso" in (why_not(Feature.ENABLE, bare) or "")
    assert contracts_for(Feature.ENABLE, cut) == (CUT,)


@pytest.mark.parametrize(
    ("bill", "reason"),
    [
        (Bill("1", TODAY, 100, BillState.OPEN), None),
        (Bill("1", TODAY - timedelta(1), 100, BillState.OPEN), None),
        (Bill("1", TODAY, 100, BillState.SETTLED), "baixada"),
        (Bill("1", TODAY, 100, BillState.OPEN, charge=Charge.DIRECT_DEBIT), "débito automático"),
        (Bill("1", TODAY, 100, BillState.OPEN, charge=Charge.CARD), "cartão"),
        (Bill("1", TODAY, 100, BillState.OPEN, charge=Charge.TELEPHONE), "telefone"),
        (Bill("1", TODAY + timedelta(31), 100, BillState.OPEN), "mais de 30 dias"),
        (Bill("1", TODAY + timedelta(30), 100, BillState.OPEN), None),
    ],
)
def test_which_bills_have_a_second_copy(bill: Bill, reason: str | None) -> None:
    said = why_not_reprint(bill, TODAY, 30)
    assert said is None if reason is None else reason in (said or "")


def test_an_open_session_that_went_silent_is_stale() -> None:
    start = NOW - timedelta(hours=5)
    fresh = Session("a", start, None, NOW - timedelta(minutes=29))
    stale = Session("a", start, None, NOW - timedelta(minutes=31))
    often = Session("a", start, None, NOW - timedelta(minutes=4), timedelta(minutes=1))
    never = Session("a", start, None)
    assert [one.state(NOW) for one in (fresh, stale, often, never)] == [
        SessionState.OPEN,
        SessionState.STALE,
        SessionState.STALE,
        SessionState.STALE,
    ]
    assert Session("a", start, NOW).state(NOW) is SessionState.CLOSED
    assert fresh.seconds(NOW) == 5 * 3600
    assert stale.seconds(NOW) == 5 * 3600 - 31 * 60


def test_sessions_overlap_the_period() -> None:
    period = Period(NOW, NOW + timedelta(days=1))
    hour = timedelta(hours=1)
    inside = Session("a", NOW + hour, NOW + 2 * hour)
    across = Session("a", NOW - hour, NOW + hour)
    around = Session("a", NOW - hour, NOW + timedelta(days=2))
    still = Session("a", NOW - timedelta(days=9), None)
    before = Session("a", NOW - 2 * hour, NOW - hour)
    after = Session("a", NOW + timedelta(days=1), None)
    found = [one.overlaps(period) for one in (inside, across, around, still, before, after)]
    assert found == [True, True, True, True, False, False]


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("190", Termination.SPECIAL),
        ("10315", Termination.SPECIAL),
        ("33210000", Termination.LOCAL),
        ("6733210000", Termination.LOCAL),
        ("06733210000", Termination.LOCAL),
        ("01133210000", Termination.LONG_DISTANCE),
        ("0151133210000", Termination.LONG_DISTANCE),
        ("999991234", Termination.MOBILE_LOCAL),
        ("67999991234", Termination.MOBILE_LOCAL),
        ("5567999991234", Termination.MOBILE_LOCAL),
        ("65999991234", Termination.MOBILE_STATE),
        ("011999991234", Termination.MOBILE_COUNTRY),
        ("0015551234567", Termination.INTERNATIONAL),
        ("+15551234567", Termination.INTERNATIONAL),
        ("08007771234", Termination.FREE),
        ("ramal", Termination.OTHER),
        ("12345678901234567890", Termination.OTHER),
    ],
)
def test_the_type_of_a_call(number: str, expected: Termination) -> None:
    assert termination(number, "67") is expected


def test_how_usage_is_written() -> None:
    assert (area_of("6733210000"), area_of("201")) == ("67", "")
    assert (duration(721), duration(90_061)) == ("00:12:01", "25:01:01")
    assert (octets(999), octets(1_449_000_000)) == ("999 B", "1,4 GB")
