"""Two tills, each a process of its own, at one sale of one store at the same instant (facts §6, 50, 51, 54).

On PostgreSQL too: `make test-postgres`.
"""

import contextlib
import multiprocessing
from collections.abc import Callable, Iterator, MutableSequence
from functools import partial
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Final, TypeAlias

import pytest

from pos_tui.domain.cash import MoveKind
from pos_tui.domain.errors import PosError
from pos_tui.domain.payment import Method, PaymentState
from pos_tui.domain.sale import SaleState
from pos_tui.domain.topup import TopUpState
from pos_tui.domain.values import replace
from pos_tui.settings.printer import PrinterSettings
from pos_tui.store.models import CashMoveRow
from pos_tui.till import Till
from tests.crash import invariants
from tests.paying import METHODS, WARRANT, charge
from tests.sandbox import SandboxControl
from tests.tills import SELLER, add, new_sale, open_till, pay_and_save, settings

ROUNDS: Final = 12
PATIENCE: Final = 60

Ground: TypeAlias = tuple[Path, SandboxControl]
Begin: TypeAlias = Callable[[Till, int], str]
Keys: TypeAlias = MutableSequence[str]
Step: TypeAlias = Callable[[Till, str], object]


def pay(till: Till, sale_id: str) -> None:
    """At the till whose customer has the money out."""
    pay_and_save(till, till.sales.get(sale_id))
    till.topups.confirm(till.sales.get(sale_id).topups[0].id, SELLER)


def cancel(till: Till, sale_id: str) -> None:
    """The other one lets the reserve go, and abandons what is left of the sale."""
    till.topups.cancel(till.sales.get(sale_id).topups[0].id, "cliente desistiu", "Marta")
    till.sales.discard(till.sales.get(sale_id))


def confirm(till: Till, sale_id: str) -> None:
    """The other one credits what this one has been paid for."""
    till.topups.confirm(till.sales.get(sale_id).topups[0].id, "Marta")


def give_back(till: Till, sale_id: str) -> None:
    """Either one, asked by the same customer."""
    sale = till.sales.get(sale_id)
    till.refunds.refund(sale, sale.payments[0], WARRANT)


@contextlib.contextmanager
def opened(ground: Ground, number: int) -> Iterator[Till]:
    """One till of the store, as long as it is needed: two windows of one till are refused."""
    folder, sandbox = ground
    base = settings(payment=METHODS, printer=PrinterSettings(transport="none"))
    config = replace(
        base,
        till=replace(base.till, number=number),
        topup=replace(base.topup, pending_limit=2 * ROUNDS, deadline_seconds=30),
    )
    with contextlib.closing(open_till(folder, sandbox, config)) as till:
        yield till


def _run(number: int, step: Step, ground: Ground, begin: Begin | None, keys: Keys, barrier: Barrier) -> None:
    with opened(ground, number) as till:
        for turn in range(ROUNDS):
            if begin is not None:
                keys.append(begin(till, turn))
            barrier.wait(PATIENCE)
            with contextlib.suppress(PosError):
                step(till, keys[-1])
            barrier.wait(PATIENCE)


def race(begin: Begin, steps: tuple[Step, Step], ground: Ground) -> list[str]:
    """Till 1 begins one sale after the other; at each, tills 1 and 2 take their steps together."""
    with opened(ground, 3):
        # The first start of all makes the tables, and is nobody's race.
        pass
    spawn = multiprocessing.get_context("spawn")
    with spawn.Manager() as manager:
        keys: Keys = manager.list()
        barrier = spawn.Barrier(len(steps))
        racing = [
            spawn.Process(
                target=_run, args=(number, step, ground, begin if number == 1 else None, keys, barrier)
            )
            for number, step in enumerate(steps, 1)
        ]
        for one in racing:
            one.start()
        for one in racing:
            one.join()
        assert [one.exitcode for one in racing] == [0, 0]
        return list(keys)


def begun(till: Till, number: int) -> str:
    """A sale with one reserve, at till 1; what was left of the one before is given up."""
    left = till.sales.current("1 Balcão", SELLER)
    if left.topups:
        till.sales.discard(left)
    sale = new_sale(till)
    add(till, sale, 1500, f"6799999{number:04d}")
    return sale.id


def credited(sandbox: SandboxControl) -> dict[str, tuple[int, int]]:
    return sandbox.ledger().credits


@pytest.mark.parametrize("other", [cancel, confirm])
def test_g50_g51_one_till_pays_what_another_decides(
    other: Step, tmp_path: Path, sandbox: SandboxControl
) -> None:
    """Whoever is second is told; what the customer paid and what the line got agree with what both show."""
    ground = (tmp_path, sandbox)
    keys = race(begun, (pay, other), ground)
    with opened(ground, 3) as judge:
        for sale in map(judge.sales.get, keys):
            (topup,) = sale.topups
            lost, saved = topup.state is TopUpState.CANCELLED, sale.state is SaleState.SAVED
            assert lost or (topup.state is TopUpState.CONFIRMED and saved), "credited and not paid"
            assert sale.owed_back == (1500 if lost and saved else 0)
            times = credited(sandbox).get(topup.line, (0, 0))
            assert times == ((0, 0) if lost else (1, 1500))
        invariants.check(judge)


@pytest.mark.parametrize("method", [Method.CASH, Method.PIX_DYNAMIC])
def test_g54_one_payment_is_given_back_once(method: Method, tmp_path: Path, sandbox: SandboxControl) -> None:
    ground = (tmp_path, sandbox)
    keys = race(partial(paid, method=method, sandbox=sandbox), (give_back, give_back), ground)
    with opened(ground, 3) as judge:
        for key in keys:
            (line,) = judge.sales.get(key).payments
            assert line.state is PaymentState.REFUNDED
            if method is Method.PIX_DYNAMIC:
                assert credited(sandbox)[f"devolucao/{line.request_key}"] == (1, 1500)
        with judge.context.store.reading() as tx:
            back = tx.rows(CashMoveRow.select(CashMoveRow.id).where(CashMoveRow.kind == MoveKind.REFUND))
        assert len(back) == (len(keys) if method is Method.CASH else 0)
        invariants.check(judge)


def paid(till: Till, number: int, method: Method, sandbox: SandboxControl) -> str:
    """Such a sale, paid and saved."""
    key = begun(till, number)
    if method is Method.CASH:
        pay_and_save(till, till.sales.get(key))
        return key
    line = charge(till, till.sales.get(key), method, 1500)
    sandbox.pay(line.request_key)
    till.payments.ask(line.id, SELLER)
    till.sales.save(till.sales.get(key))
    return key
