"""The sandbox's ledger counts every effect once, and remembers through crashes."""

import json
import os
import tempfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from pos_tui.providers.sandbox.ledger import Ledger, Purchase, Reason, Refusal, Settings, State

WIRE = "test"
TTL = 240.0
CAP = 3
keys = st.integers(1, 6).map(str)
LINES = {str(key): f"6799999000{key % 3}" for key in range(1, 7)}


def purchase(key: str) -> Purchase:
    return Purchase(key, LINES[key], "2088", "V1500", 1500, 1448)


class LedgerMachine(RuleBasedStateMachine):
    """Random calls, time and crashes against a model that knows only states and credits."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.path = Path(self.folder.name) / "ledger.jsonl"
        self.now = 1_000_000.0
        self.model: dict[str, State] = {}
        self.expires: dict[str, float] = {}
        self.due: dict[str, float] = {}
        self.credits: Counter[str] = Counter()
        self.open()

    def open(self) -> None:
        self.ledger = Ledger(self.path, lambda: self.now, Settings(cap=CAP, ttl=TTL))

    def teardown(self) -> None:
        self.ledger.close()
        self.folder.cleanup()

    def credit(self, key: str) -> None:
        self.model[key] = State.CREDITED
        self.credits[LINES[key]] += 1

    @rule(key=keys)
    def reserve(self, key: str) -> None:
        held = sum(state is State.RESERVED for state in self.model.values())
        if key in self.model:
            row, known = self.ledger.reserve(WIRE, purchase(key))
            assert known
            assert row.state is self.model[key]
        elif held >= CAP:
            with pytest.raises(Refusal) as refused:
                self.ledger.reserve(WIRE, purchase(key))
            assert refused.value.reason is Reason.PENDING_LIMIT
        else:
            assert not self.ledger.reserve(WIRE, purchase(key))[1]
            self.model[key] = State.RESERVED
            self.expires[key] = self.now + TTL

    @rule(key=keys, delay=st.sampled_from([None, 10.0]))
    def confirm(self, key: str, delay: float | None) -> None:
        if self.model.get(key) is not State.RESERVED:
            with pytest.raises(Refusal):
                self.ledger.confirm(WIRE, key, delay=delay)
            return
        self.ledger.confirm(WIRE, key, delay=delay)
        if delay is None:
            self.credit(key)
        else:
            self.model[key] = State.PROCESSING
            self.due[key] = self.now + delay

    @rule(key=keys)
    def cancel(self, key: str) -> None:
        if self.model.get(key) not in (State.RESERVED, State.CANCELLED):
            with pytest.raises(Refusal):
                self.ledger.cancel(WIRE, key)
            return
        self.ledger.cancel(WIRE, key)
        self.model[key] = State.CANCELLED

    @rule(seconds=st.floats(0, 300))
    def time_passes(self, seconds: float) -> None:
        self.now += seconds
        for key, state in list(self.model.items()):
            if state is State.RESERVED and self.now >= self.expires[key]:
                self.model[key] = State.EXPIRED
            elif state is State.PROCESSING and self.now >= self.due[key]:
                self.credit(key)

    @rule(
        torn=st.sampled_from(
            [b"", b'{"event": "cred', b'{"event": "credited", "ref": "1000000001"}', b"\xff"]
        )
    )
    def crash(self, torn: bytes) -> None:
        self.ledger.close()
        with self.path.open("ab") as file:
            file.write(torn)
        self.open()

    @precondition(lambda self: self.model)
    @rule()
    def reset(self) -> None:
        self.ledger.reset()
        self.model.clear()
        self.credits.clear()

    @invariant()
    def the_ledger_is_the_model(self) -> None:
        rows = self.ledger.rows()
        assert {row.purchase.key: row.state for row in rows} == self.model
        assert self.ledger.credits() == {line: (n, 1500 * n) for line, n in self.credits.items()}
        pending = [row.purchase.key for row in self.ledger.pendings(WIRE)]
        assert sorted(pending) == sorted(k for k, state in self.model.items() if state is State.RESERVED)
        counts = self.ledger.counts()
        assert counts.get("reserved", 0) == len(rows)
        assert counts.get("credited", 0) == sum(self.credits.values()) <= len(rows)


LedgerMachine.TestCase.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
test_the_ledger_follows_its_rules = LedgerMachine.TestCase


def test_every_effect_is_a_line_on_disk_before_it_is_answered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "ledger.jsonl"
    synced: list[int] = []
    monkeypatch.setattr(os, "fsync", lambda _: synced.append(len(path.read_bytes().splitlines())))
    ledger = Ledger(path, lambda: 0.0)
    ledger.reserve(WIRE, purchase("1"))
    ledger.confirm(WIRE, "1")
    assert synced == [1, 2]
    assert [json.loads(line)["event"] for line in path.read_text().splitlines()] == ["reserved", "credited"]
    ledger.close()


def test_a_provider_s_own_bug_is_counted(tmp_path: Path) -> None:
    ledger = Ledger(None, lambda: 0.0)
    ledger.reserve(WIRE, purchase("1"))
    ledger.confirm(WIRE, "1")
    ledger.confirm(WIRE, "1", again=True)
    assert ledger.credits() == {LINES["1"]: (2, 3000)}


def test_an_operator_may_decline() -> None:
    now = 0.0
    ledger = Ledger(None, lambda: now)
    ledger.reserve(WIRE, purchase("1"))
    ledger.confirm(WIRE, "1", delay=1, due_state=State.DECLINED)
    now = 2.0
    assert ledger.find(WIRE, "1").state is State.DECLINED
    assert ledger.credits() == {}


def test_only_what_waits_can_expire() -> None:
    ledger = Ledger(None, lambda: 0.0)
    for key in ("1", "2", "3"):
        ledger.reserve(WIRE, purchase(key))
    ledger.confirm(WIRE, "1")
    ledger.confirm(WIRE, "2", delay=1)
    ledger.expire_all()
    states = [ledger.find(WIRE, key).state for key in ("1", "2", "3")]
    assert states == [State.CREDITED, State.PROCESSING, State.EXPIRED]


def test_dialects_do_not_share_keys() -> None:
    ledger = Ledger(None, lambda: 0.0)
    ledger.reserve("one", purchase("1"))
    with pytest.raises(Refusal):
        ledger.find("two", "1")
    assert not ledger.reserve("two", purchase("1"))[1]


def test_a_line_broken_in_the_middle_is_not_guessed(tmp_path: Path) -> None:
    path = tmp_path / "ledger.jsonl"
    path.write_text('{"event": "reser\n{"event": "credited", "ref": "1"}\n')
    with pytest.raises(ValueError):
        Ledger(path, lambda: 0.0)


def test_what_is_held_past_its_time_takes_credit_until_it_is_cancelled() -> None:
    clock, bought = [0.0], purchase("1")
    ledger = Ledger(None, lambda: clock[0])
    ledger.reserve(WIRE, bought, ttl=60, holds=True)
    clock[0] = 61
    with pytest.raises(Refusal, match="expired"):
        ledger.confirm(WIRE, bought.key)
    assert ledger.used() == bought.cost
    assert [row.state for row in ledger.pendings(WIRE)] == [State.EXPIRED]
    ledger.cancel(WIRE, bought.key)
    assert (ledger.used(), ledger.pendings(WIRE)) == (0, [])
    assert ledger.counts() == {"reserved": 1, "expired": 1, "cancelled": 1}
