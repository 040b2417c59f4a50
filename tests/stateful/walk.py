"""Two tills over one database, driven and crashed at random, with the promises checked after each step.

The promises stand in `promises.py`: one key for life, one decision for life, no credit without a confirmation
and a payment, and never two.
"""

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
from pos_tui.domain.sale import Sale, SaleState
from pos_tui.domain.topup import Decision, Offer, TopUp, TopUpState
from pos_tui.domain.values import replace
from pos_tui.providers.sandbox.process import SandboxProcess
from pos_tui.store import database, topups
from pos_tui.store.models import SaleRow, TopUpRow
from pos_tui.till import Till
from tests.sandbox import SandboxControl
from tests.stateful.promises import check_credits, check_end, check_moves
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
    "redo": lambda till, topup: till.topups.reserve(till.topups.redo(topup.id, SELLER).id, SELLER),
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
        self._have_one_waiting()
        self.control.fault(kind, doing)
        self._with(at, pick, ACTS[doing])

    @rule(at=TILLS, pick=PICK)
    def confirm_again(self, at: int, pick: int) -> None:
        """Whoever hears nothing presses the key again, and this provider would credit again."""
        self._have_one_waiting()
        self.control.fault("lost", "confirm")
        self.control.fault("duplicate", "confirm")
        for till in (at, 1 - at):
            self._with(till, pick, ACTS["confirm"], self._waits_for_decision)

    @rule(at=TILLS, pick=PICK, doing=st.sampled_from(["confirm", "cancel"]), step=st.integers(1, 5))
    def crash_amid_a_decision(self, at: int, pick: int, doing: str, step: int) -> None:
        """Die between the steps of a decision, which is where money is lost."""
        self._have_one_waiting()
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

    @rule(at=TILLS, pick=PICK, expired=st.booleans())
    def make_again(self, at: int, pick: int, expired: bool) -> None:
        """Redo what expired; pressed twice, as whoever sees nothing happen does."""
        if expired:
            self.control.fault("expire", "status")
            self._with(at, pick, ACTS["ask"], self._open_and_held)
        for _ in range(2):
            self._with(at, pick, ACTS["redo"], lambda topup: topup.state is TopUpState.EXPIRED)

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
        now, ledger = {topup.id: topup for topup in self._all()}, self.control.ledger()
        check_moves(self.seen, now)
        check_credits(now, ledger, self._paid())
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
        check_end(self._all(), self.control.ledger(), self.provider)
        for till in self.tills:
            assert till.context.journal.verify() is None

    def _pass(self, seconds: int) -> None:
        """Time goes by on both sides."""
        self.watch.advance(seconds)
        self.control.advance(seconds)

    def _paid(self) -> dict[str, int]:
        """What each sale was paid for: nothing, until it is saved."""
        query = SaleRow.select(SaleRow.id, SaleRow.state, SaleRow.total)
        with self.tills[0].context.store.reading() as tx:
            return {
                str(key): total if state == SaleState.SAVED else 0 for key, state, total in tx.rows(query)
            }

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

    def _have_one_waiting(self) -> None:
        """Sell on the till that does not confirm by itself, unless something waits for a person."""
        if not any(map(self._waits_for_decision, self._all())):
            self.check_out(0, 1)

    def _waits_for_decision(self, topup: TopUp) -> bool:
        """Whether it is held, paid for and undecided."""
        saved = topup.sale_number is not None
        return saved and topup.state is TopUpState.RESERVED and topup.decision is Decision.NONE

    def _open_and_held(self, topup: TopUp) -> bool:
        return topup.sale_number is None and topup.state is TopUpState.RESERVED

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
        config = replace(
            base,
            till=replace(base.till, number=at + 1),
            topup=replace(
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
