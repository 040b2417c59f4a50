"""Two tills over one database, driven and crashed at random, with the promises checked after each step.

The promises are those of facts/topup.md §14.1: one key for life, one decision for life, no credit without a
confirmation, and never two.
"""

import dataclasses
import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition
from hypothesis.stateful import rule as plain_rule

from pos_tui.domain.errors import PosError
from pos_tui.domain.payment import Method
from pos_tui.domain.phone import parse_mobile
from pos_tui.domain.sale import Sale
from pos_tui.domain.topup import FINAL, Decision, Offer, TopUp, TopUpState
from pos_tui.providers.sandbox.process import SandboxProcess
from pos_tui.store import database, topups
from pos_tui.store.models import TopUpRow
from pos_tui.till import Till
from tests.sandbox import SandboxControl
from tests.tills import SELLER, Watch, open_till, settings

OFFERS = {
    name: Offer("2088", "Vivo", product, "VIVO R$ 15", 1500)
    for name, product in {"rv": "V1500", "celcoin": "2088-1500", "dtone": "7003"}.items()
}
"""What is sold, as each provider names it."""
FAULTS = (
    "lost",
    "reset",
    "bad_gateway",
    "garbage",
    "down",
    "unknown_word",
    "truncated",
    "expire",
    "wrong_number",
)
OPERATIONS = ("reserve", "confirm", "cancel", "status", "pendings")
SAME = {
    TopUpState.CONFIRMED: {"credited"},
    # DT One calls a reserve the same whether its time is over or not, and gives credit back by a cancel.
    TopUpState.RESERVED: {"reserved", "expired"},
    TopUpState.EXPIRED: {"expired", "cancelled"},
}
"""What the ledger may call what a till calls so, once all is settled."""
ROUNDS = 12
"""Of questions at the end; a machine under load lets one time out now and then."""
TILLS = st.integers(0, 1)
PICK = st.integers(0, 7)


Act = Callable[[Till, TopUp], object]
Wanted = Callable[[TopUp], bool]


class Told(suppress):
    """What the house refuses is told to the cashier, and part of the walk."""

    def __init__(self) -> None:
        super().__init__(PosError)


class Killed(BaseException):
    """The till died here."""


def rule(**drawn: Any) -> Callable[[Callable[..., None]], Any]:
    """A rule of hypothesis that also writes down what it did: a failure tells the way to it."""

    def wrap(work: Callable[..., None]) -> Any:
        @functools.wraps(work)
        def told(self: "Walk", *given: Any, **named: Any) -> None:
            words = [*map(repr, given), *(f"{name}={value!r}" for name, value in named.items())]
            self.trail.append(f"{work.__name__}({', '.join(words)})")
            work(self, *given, **named)

        return plain_rule(**drawn)(told)  # type: ignore[no-untyped-call]

    return wrap


ACTS: dict[str, Act] = {
    "confirm": lambda till, topup: till.topups.confirm(topup.id, SELLER),
    "cancel": lambda till, topup: till.topups.cancel(topup.id, "desistiu", SELLER),
    "ask": lambda till, topup: till.topups.ask(topup.id, SELLER),
    "reserve": lambda till, topup: till.topups.reserve(topup.id, SELLER),
}


class Walk(RuleBasedStateMachine):
    """Random sales on two tills."""

    process: SandboxProcess
    steps = 0
    """Taken by all walks of this process."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory(prefix="walk-")
        self.control = SandboxControl(self.process.url)
        self.control.reset()
        self.watch = Watch()
        self.tills: list[Till] = []
        self.seen: dict[str, TopUp] = {}
        self.lines = 0
        self.provider = ""
        self.trail: list[str] = []
        """What was done, in order."""

    @initialize(provider=st.sampled_from(sorted(OFFERS)))
    def open(self, provider: str) -> None:
        self.provider = provider
        self.tills = [self._open(0), self._open(1)]

    def teardown(self) -> None:
        try:
            with self._telling():
                self._settle()
        finally:
            for till in self.tills:
                till.close()
            self.folder.cleanup()

    @contextmanager
    def _telling(self) -> Iterator[None]:
        """A promise that breaks tells the way to it: hypothesis tells none when it cannot repeat it."""
        try:
            yield
        except Exception as error:
            steps = "\n".join(f"  {number}. {step}" for number, step in enumerate(self.trail, start=1))
            error.add_note(f"Two tills on {self.provider}, after:\n{steps}")
            raise

    # What cashiers and the world do

    @rule(at=TILLS)
    def sell(self, at: int) -> None:
        """Add a top-up and send its reserve."""
        till = self.tills[at]
        self.lines += 1
        mobile = parse_mobile(f"679{90000000 + self.lines:08d}")
        with Told():
            sale = till.sales.store(till.sales.current("1", SELLER))
            topup = till.topups.add(till.sales.get(sale.id), mobile, OFFERS[self.provider], 1500)
            till.topups.reserve(topup.id, SELLER)

    @rule(at=TILLS, kind=st.sampled_from(FAULTS))
    def sell_amid_a_fault(self, at: int, kind: str) -> None:
        """A reserve whose answer goes wrong."""
        self.control.fault(kind, "reserve")
        self.sell(at)

    @rule(at=TILLS, count=st.integers(1, 2))
    def check_out(self, at: int, count: int) -> None:
        """A whole sale up to its saving."""
        for _ in range(count):
            self.sell(at)
        self.pay(at)

    @rule(at=TILLS, pick=PICK, kind=st.sampled_from(FAULTS), doing=st.sampled_from(["confirm", "cancel"]))
    def decide_amid_a_fault(self, at: int, pick: int, kind: str, doing: str) -> None:
        """A decision whose answer goes wrong."""
        self.control.fault(kind, doing)
        self._with(at, pick, ACTS[doing])

    @rule(at=TILLS, pick=PICK)
    def confirm_again(self, at: int, pick: int) -> None:
        """Whoever hears nothing presses the key again, and this provider would credit again."""
        self.control.fault("lost", "confirm")
        self.control.fault("duplicate", "confirm")
        for till in (at, 1 - at):
            self._with(till, pick, ACTS["confirm"], self._waits_for_decision)

    @rule(at=TILLS, pick=PICK, doing=st.sampled_from(["confirm", "cancel"]), step=st.integers(1, 5))
    def crash_amid_a_decision(self, at: int, pick: int, doing: str, step: int) -> None:
        """Die between the steps of a decision, which is where money is lost."""
        self._die_at(step, at, pick, ACTS[doing], self._waits_for_decision)

    @rule(at=TILLS)
    def pay(self, at: int) -> None:
        """Pay the open sale and save it."""
        till = self.tills[at]
        with Told():
            sale = till.sales.current("1", SELLER)
            if sale.topups and sale.tally.missing:
                sale = till.sales.add_payment(sale, Method.CASH, sale.tally.missing)
            self._save(till, sale)

    def _save(self, till: Till, sale: Sale) -> None:
        saved = till.sales.save(sale)
        till.topups.confirm_decided(saved.id)

    @rule(at=TILLS, pick=PICK)
    def confirm(self, at: int, pick: int) -> None:
        self._with(at, pick, lambda till, topup: till.topups.confirm(topup.id, SELLER))

    @rule(at=TILLS, pick=PICK)
    def cancel(self, at: int, pick: int) -> None:
        self._with(at, pick, lambda till, topup: till.topups.cancel(topup.id, "desistiu", SELLER))

    @rule(at=TILLS, pick=PICK)
    def ask(self, at: int, pick: int) -> None:
        self._with(at, pick, lambda till, topup: till.topups.ask(topup.id, SELLER))

    @rule(at=TILLS, pick=PICK)
    def send_again(self, at: int, pick: int) -> None:
        self._with(at, pick, lambda till, topup: till.topups.reserve(topup.id, SELLER))

    @rule(at=TILLS)
    def sweep(self, at: int) -> None:
        with Told():
            self.tills[at].sweeper.sweep(SELLER)

    @rule(at=TILLS)
    def round(self, at: int) -> None:
        with Told():
            self.tills[at].sweeper.ask_due()

    @rule(seconds=st.sampled_from([5, 35, 130]))
    def wait(self, seconds: int) -> None:
        self._pass(seconds)

    @rule(kind=st.sampled_from(FAULTS), operation=st.sampled_from(OPERATIONS))
    def fault(self, kind: str, operation: str) -> None:
        self.control.fault(kind, operation)

    @rule(cap=st.sampled_from([None, 0, 2]))
    def limit(self, cap: int | None) -> None:
        self.control.settings(cap=cap)

    @rule(
        at=TILLS,
        pick=PICK,
        doing=st.sampled_from(["confirm", "cancel", "ask", "reserve"]),
        step=st.integers(1, 6),
    )
    def crash(self, at: int, pick: int, doing: str, step: int) -> None:
        """Die between two steps of something, and open again."""
        self._die_at(step, at, pick, ACTS[doing])

    @precondition(lambda self: bool(self.tills))
    @rule(at=TILLS)
    def die(self, at: int) -> None:
        self._reopen(at)

    # What must always hold

    @invariant()
    def one_key_one_decision_one_credit(self) -> None:
        if self.tills:
            Walk.steps += 1
            with self._telling():
                self._check()

    def _check(self) -> None:
        ledger = self.control.ledger()
        times = {line: count for line, (count, _) in ledger.credits.items()}
        assert all(count == 1 for count in times.values()), "credited twice"
        now = {topup.id: topup for topup in self._all()}
        for key, before in self.seen.items():
            after = now[key]
            assert after.provider_key == before.provider_key, "a key changed"
            if before.decision is not Decision.NONE:
                assert after.decision is before.decision, "a decision turned into its opposite"
            if before.state in FINAL:
                assert after.state is before.state, "a final state changed"
        for topup in now.values():
            credited = topup.line in times
            assert credited or topup.state is not TopUpState.CONFIRMED, "shown as credited and is not"
            if credited:
                assert topup.decision is Decision.CONFIRM, "credited without a decision"
                assert topup.state not in FINAL or topup.state is TopUpState.CONFIRMED, (
                    "credited and given up"
                )
            assert (topup.open_since is None) == (topup.state in FINAL), "out of sight"
        keys = {topup.provider_key for topup in now.values()}
        assert {row["purchase"]["key"] for row in ledger.rows} <= keys, "a purchase nobody here knows"
        self.seen = now

    # Inside

    def _settle(self) -> None:
        """With the world behaving again everything comes to an end that both sides tell alike."""
        if not self.tills:
            return
        self.control.clear()
        self.control.settings(cap=None)
        for _ in range(ROUNDS):
            self._pass(130)
            for till in self.tills:
                till.sweeper.sweep(SELLER)
            if all(topup.state is not TopUpState.UNCERTAIN for topup in self._all()):
                break
        for till in self.tills:
            till.sweeper.sweep(SELLER)
        ledger = self.control.ledger()
        states = ledger.states()
        for topup in self._all():
            assert topup.state is not TopUpState.UNCERTAIN, topup
            if topup.state in SAME:
                assert states[topup.provider_key] in SAME[topup.state], topup
        held = {row["purchase"]["key"] for row in ledger.rows if row["state"] in self._holding}
        for topup in self._all():
            assert topup.provider_key not in held or topup.pending, "held by the provider and out of sight"
        for till in self.tills:
            assert till.context.journal.verify() is None

    @property
    def _holding(self) -> frozenset[str]:
        """The states in which the store's credit is taken and nothing credited."""
        return frozenset({"reserved", "expired"} if self.provider == "dtone" else {"reserved"})

    def _pass(self, seconds: int) -> None:
        """Time goes by on both sides."""
        self.watch.advance(seconds)
        self.control.advance(seconds)

    def _all(self) -> list[TopUp]:
        with self.tills[0].context.store.reading() as tx:
            ids = {str(row[0]) for row in tx.rows(TopUpRow.select(TopUpRow.sale_id))}
            return topups.of_sales(tx, ids)

    def _die_at(self, step: int, at: int, pick: int, act: Act, wanted: Wanted | None = None) -> None:
        left = [step]

        def killer(name: str) -> None:
            left[0] -= 1
            if not left[0]:
                raise Killed

        before, database.step = database.step, killer
        try:
            self._with(at, pick, act, wanted)
        except Killed:
            pass
        finally:
            database.step = before
        self._reopen(at)

    def _waits_for_decision(self, topup: TopUp) -> bool:
        """Whether it is held, paid for and undecided."""
        saved = topup.sale_number is not None
        return saved and topup.state is TopUpState.RESERVED and topup.decision is Decision.NONE

    def _with(self, at: int, pick: int, act: Act, wanted: Wanted | None = None) -> None:
        found = self._all()
        # Where one sort is wanted and there is none, any will do.
        found = [topup for topup in found if wanted is not None and wanted(topup)] or found
        # Mostly what can still change; now and then what cannot.
        found = [topup for topup in found if topup.pending or pick == 7] or found
        if found:
            with Told():
                act(self.tills[at], found[-1 - pick % len(found)])

    def _open(self, at: int) -> Till:
        base = settings()
        config = dataclasses.replace(
            base,
            till=dataclasses.replace(base.till, number=at + 1),
            topup=dataclasses.replace(
                base.topup,
                provider=self.provider,
                auto_confirm=bool(at),
                pending_limit=8,
                # Answers are lost by faults alone: a machine under load loses none of its own.
                deadline_seconds=60,
            ),
        )
        return open_till(Path(self.folder.name), self.control, config, clock=self.watch)

    def _reopen(self, at: int) -> None:
        """Drop the till as a crash would: nothing of it runs on, its lock and connection go."""
        self.tills[at]._closing.close()
        self.tills[at] = self._open(at)
