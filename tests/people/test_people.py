"""The role table cell by cell, PINs, and the lock-out schedule."""

import pytest

from pos_tui.domain.errors import FieldError
from pos_tui.domain.people import ACTION_WORDS, ALLOWED, DAY_MS, Action, Role, check_pin, lock_ms, may

C, S = Role.CASHIER, Role.SUPERVISOR

TABLE = """
    sell                 cashier supervisor
    confirm              cashier supervisor
    cancel_own           cashier supervisor
    cancel_others        -       supervisor
    settle_paper         cashier supervisor
    cash_open            cashier supervisor
    cash_supply          cashier supervisor
    cash_withdraw        -       supervisor
    cash_read            cashier supervisor
    cash_read_blind      -       supervisor
    cash_close           cashier supervisor
    cash_close_carrying  -       supervisor
    refund               -       supervisor
    rule_payment         -       supervisor
    oversee              -       supervisor
    read_trail           -       supervisor
    manage_people        -       supervisor
    handle_data          -       supervisor
    diagnose             -       supervisor
    manage_catalogue     -       supervisor
    read_reports         -       supervisor
    configure            -       supervisor
"""
"""Written down a second time, so that a change of the rule is made twice, on purpose."""

CELLS = [
    (Action(name), role, cell == role.value)
    for name, *cells in (line.split() for line in TABLE.strip().splitlines())
    for role, cell in zip((C, S), cells, strict=True)
]


@pytest.mark.parametrize(("action", "role", "allowed"), CELLS)
def test_every_cell_of_the_role_table(action: Action, role: Role, allowed: bool) -> None:
    assert may(role, action) is allowed


def test_the_table_is_whole() -> None:
    assert {action for action, _, _ in CELLS} == set(Action) == set(ALLOWED) == set(ACTION_WORDS)


@pytest.mark.parametrize(
    ("pin", "role"),
    [
        ("123", C),
        ("1234", C),
        ("9876", C),
        ("0000", C),
        ("12a5", C),
        ("٢٥٨٠", C),
        ("25801", S),
        ("890123", S),
    ],
)
def test_pins_that_anybody_would_try_are_refused(pin: str, role: Role) -> None:
    with pytest.raises(FieldError) as caught:
        check_pin(pin, role)
    assert caught.value.field == "pin"


def test_good_pins_pass() -> None:
    assert (check_pin("2580", C), check_pin("204080", S)) == ("2580", "204080")


def test_locks_grow_from_the_fifth_and_reach_a_day_at_the_twentieth() -> None:
    assert [lock_ms(n) // 1000 for n in range(4, 9)] == [0, 15, 30, 60, 120]
    assert [lock_ms(n) for n in range(5, 30)] == sorted(lock_ms(n) for n in range(5, 30))
    assert (lock_ms(19), lock_ms(20), lock_ms(21)) == (3_600_000, DAY_MS, DAY_MS)
