"""Number and PIN, lock-out, roles, approvals: what is written down and what is refused (issue 6)."""

import stat
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pos_tui.domain.errors import ConfigError, FieldError, RuleError
from pos_tui.domain.people import Action, NeedsApproval, Role
from pos_tui.services.operators import WRONG
from pos_tui.till import Till
from tests.people.staff import ANA, ANA_PIN, BETO_PIN, BOSS, BOSS_PIN, WHY, hire
from tests.sandbox import SandboxControl
from tests.tills import add, new_sale, open_till, pay_and_save


class Clock:
    """A clock that goes on when it is told to."""

    def __init__(self) -> None:
        self.at = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at

    def go(self, seconds: float) -> None:
        """Let time pass."""
        self.at += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def shop(tmp_path: Path, sandbox: SandboxControl, clock: Clock) -> Iterator[Till]:
    """A till with people."""
    till = open_till(tmp_path / "shop", sandbox, clock=clock)
    hire(till)
    yield till
    till.close()


LINES = "SELECT who, kind, event, data FROM journal ORDER BY seq"


def journal(till: Till) -> list[tuple[str, str, str, str]]:
    """Who, kind, event and data of every line."""
    return list(till.context.store.db.execute_sql(LINES).fetchall())  # type: ignore[no-untyped-call]


def test_training_asks_nobody_until_somebody_is_registered(till: Till) -> None:
    assert (till.login_required, till.guard.may(Action.MANAGE_PEOPLE)) == (False, True)
    hire(till)
    assert (till.login_required, till.guard.may(Action.SELL)) == (True, False)


def test_the_first_supervisor_is_made_once(till: Till) -> None:
    assert till.operators.create_first(BOSS, BOSS_PIN).role is Role.SUPERVISOR
    with pytest.raises((RuleError, FieldError)):
        till.operators.create_first(ANA, "357913")


def test_entering_and_leaving_are_written_down(shop: Till) -> None:
    assert shop.operators.enter(2, ANA_PIN).name == ANA
    assert shop.guard.may(Action.SELL) and not shop.guard.may(Action.REFUND)
    shop.operators.leave("tecla")
    assert not shop.guard.may(Action.SELL)
    assert [(who, event) for who, kind, event, _ in journal(shop) if kind == "operator"][-2:] == [
        (ANA, "entered"),
        (ANA, "left"),
    ]


@pytest.mark.parametrize(("number", "pin"), [(2, "9999"), (77, ANA_PIN), (2, ""), (2, BETO_PIN)])
def test_wrong_number_and_wrong_pin_sound_the_same(shop: Till, number: int, pin: str) -> None:
    with pytest.raises(RuleError) as caught:
        shop.operators.enter(number, pin)
    assert caught.value.message == WRONG and shop.guard.operator is None


def test_a_right_pin_takes_the_wrong_ones_back(shop: Till) -> None:
    for _ in range(3):
        with pytest.raises(RuleError):
            shop.operators.enter(2, "0001")
    assert shop.operators.enter(2, ANA_PIN).failures == 0


def test_the_lock_grows_and_survives_a_restart(
    shop: Till, tmp_path: Path, sandbox: SandboxControl, clock: Clock
) -> None:
    for _ in range(5):
        with pytest.raises(RuleError):
            shop.operators.enter(2, "0001")
    with pytest.raises(RuleError, match="Aguarde 15 s"):
        shop.operators.enter(2, ANA_PIN)
    shop.close()
    again = open_till(tmp_path / "shop", sandbox, clock=clock)
    clock.go(14)
    with pytest.raises(RuleError, match="Aguarde 1 s"):
        again.operators.enter(2, ANA_PIN)
    clock.go(1)
    assert again.operators.enter(2, ANA_PIN).name == ANA
    again.close()


def test_g55_twenty_wrong_pins_lock_until_a_supervisor_releases(shop: Till, clock: Clock) -> None:
    for _ in range(20):
        with pytest.raises(RuleError):
            shop.operators.enter(2, "0001")
        clock.go(3_600)
    with pytest.raises(RuleError, match="bloqueado"):
        shop.operators.enter(2, ANA_PIN)
    assert any(event == "locked" for _, _, event, _ in journal(shop))
    boss = shop.operators.enter(1, BOSS_PIN)
    shop.operators.release(shop.operators.all()[1].id, boss.name)
    assert shop.operators.enter(2, ANA_PIN).name == ANA


def test_a_try_is_counted_before_the_pin_is_looked_at(shop: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    def dies(*_: object) -> bool:
        raise KeyboardInterrupt

    monkeypatch.setattr(shop.operators, "_verify", dies)
    with pytest.raises(KeyboardInterrupt):
        shop.operators.enter(2, "0001")
    assert shop.operators.all()[1].failures == 1


def test_pins_are_argon2id_with_a_pepper_outside_the_database(shop: Till, tmp_path: Path) -> None:
    pepper = tmp_path / "shop" / "operators.pepper"
    assert stat.S_IMODE(pepper.stat().st_mode) == 0o600
    secret = pepper.read_text()
    rows = shop.context.store.db.execute_sql("SELECT pin_hash FROM operator").fetchall()  # type: ignore[no-untyped-call]
    assert all(row[0].startswith("$argon2id$v=19$m=19456,t=2,p=1$") for row in rows)
    for file in (tmp_path / "shop").glob("*.db*"):
        data = file.read_bytes()
        assert secret.encode() not in data and BOSS_PIN.encode() not in data


def test_without_its_pepper_the_till_says_so(
    shop: Till, tmp_path: Path, sandbox: SandboxControl, clock: Clock
) -> None:
    shop.close()
    (tmp_path / "shop" / "operators.pepper").unlink()
    again = open_till(tmp_path / "shop", sandbox, clock=clock)
    with pytest.raises(ConfigError, match=r"operators\.pepper"):
        again.operators.enter(2, ANA_PIN)
    assert not (tmp_path / "shop" / "operators.pepper").exists()
    again.close()


def test_a_hash_copied_to_another_person_opens_nothing(shop: Till) -> None:
    db = shop.context.store.db
    db.execute_sql(
        "UPDATE operator SET pin_hash = (SELECT pin_hash FROM operator WHERE number = 2) WHERE number = 1"
    )  # type: ignore[no-untyped-call]
    with pytest.raises(RuleError):
        shop.operators.enter(1, ANA_PIN)


def test_g55_somebody_switched_off_is_out_at_once(shop: Till) -> None:
    boss, ana, _ = shop.operators.all()
    shop.operators.enter(2, ANA_PIN)
    with pytest.raises(NeedsApproval):
        shop.operators.set_active(ana.id, False, ANA)
    approval = shop.operators.approve(Action.MANAGE_PEOPLE, ana.id, 1, BOSS_PIN, WHY, ANA)
    shop.operators.set_active(ana.id, False, ANA, approval)
    assert not shop.operators.still_here()
    shop.operators.leave("desativado")
    with pytest.raises(RuleError, match="desativado"):
        shop.operators.enter(2, ANA_PIN)
    shop.operators.enter(1, BOSS_PIN)
    with pytest.raises(RuleError, match="último supervisor"):
        shop.operators.set_active(boss.id, False, BOSS)


@pytest.mark.parametrize(
    ("number", "name", "pin", "field"),
    [
        (2, "Outra Pessoa", "2580", "number"),
        (0, "Outra Pessoa", "2580", "number"),
        (9, "ANA prado", "2580", "name"),
        (9, "Al", "2580", "name"),
        (9, "Outra Pessoa", "1111", "pin"),
    ],
)
def test_registration_names_the_field(shop: Till, number: int, name: str, pin: str, field: str) -> None:
    shop.operators.enter(1, BOSS_PIN)
    with pytest.raises(FieldError) as caught:
        shop.operators.create(number, name, Role.CASHIER, pin, BOSS)
    assert caught.value.field == field


def test_an_approval_keeps_both_names(shop: Till) -> None:
    shop.operators.enter(2, ANA_PIN)
    shop.cash.open(5_000, ANA)
    with pytest.raises(NeedsApproval) as needs:
        shop.cash.withdraw(1_000, "para o cofre", ANA)
    action, subject = needs.value.action, needs.value.subject
    with pytest.raises(RuleError, match="não é supervisor"):
        shop.operators.approve(action, subject, 3, BETO_PIN, WHY, ANA)
    with pytest.raises(RuleError, match="si mesmo"):
        shop.operators.approve(action, subject, 2, ANA_PIN, WHY, ANA)
    with pytest.raises(FieldError):
        shop.operators.approve(action, subject, 1, BOSS_PIN, " ", ANA)
    approval = shop.operators.approve(action, subject, 1, BOSS_PIN, WHY, ANA)
    assert shop.cash.withdraw(1_000, "para o cofre", ANA, approval).approved_by == BOSS
    who, _, event, data = journal(shop)[-2]
    assert (who, event) == (ANA, "withdrawal") and BOSS in data and WHY in data


def test_an_approval_runs_out(shop: Till, clock: Clock) -> None:
    shop.operators.enter(2, ANA_PIN)
    shop.cash.open(5_000, ANA)
    shift = shop.cash.shift()
    assert shift is not None
    approval = shop.operators.approve(Action.CASH_WITHDRAW, shift.id, 1, BOSS_PIN, WHY, ANA)
    clock.go(181)
    with pytest.raises(RuleError, match="não vale mais"):
        shop.cash.withdraw(1_000, "para o cofre", ANA, approval)


def test_cancelling_somebody_elses_pending_needs_a_supervisor(shop: Till) -> None:
    shop.operators.enter(2, ANA_PIN)
    sale = new_sale(shop, ANA)
    topup = add(shop, sale)
    pay_and_save(shop, sale)
    shop.operators.enter(3, BETO_PIN)
    with pytest.raises(NeedsApproval):
        shop.topups.cancel(topup.id, "cliente desistiu", "Beto Lima")
    assert shop.topups.get(topup.id).pending
    approval = shop.operators.approve(Action.CANCEL_OTHERS, topup.id, 1, BOSS_PIN, WHY, "Beto Lima")
    assert not shop.topups.cancel(topup.id, "cliente desistiu", "Beto Lima", approval).pending
    assert any(kind == "topup.cancel" and BOSS in data for _, kind, _, data in journal(shop))


def test_two_supervisors_cannot_switch_each_other_off(shop: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    boss, _, _ = shop.operators.all()
    shop.operators.enter(1, BOSS_PIN)
    other = shop.operators.create(9, "Clara Dias", Role.SUPERVISOR, "864209", BOSS)
    before = shop.operators.all()
    shop.operators.set_active(other.id, False, BOSS)
    monkeypatch.setattr(shop.operators, "all", lambda: before)  # read before the other till's commit
    with pytest.raises(RuleError, match="último supervisor"):
        shop.operators.set_active(boss.id, False, "Clara Dias")
    assert shop.operators.get(boss.id).active


def test_a_hand_over_says_from_whom_to_whom(shop: Till) -> None:
    sale = new_sale(shop, ANA)
    topup = add(shop, sale)
    taken = shop.sales.hand_over(shop.sales.get(sale.id), "Beto Lima")
    assert (taken.id, taken.seller) == (sale.id, "Beto Lima")
    shop.operators.enter(3, BETO_PIN)
    assert not shop.topups.cancel(topup.id, "cliente desistiu", "Beto Lima").pending
    assert ("Beto Lima", "sale", "handed_over", '{"from":"Ana Prado","to":"Beto Lima"}') in journal(shop)
