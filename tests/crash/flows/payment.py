"""Payments: what customers paid outside is what the till holds, and nothing twice."""

import contextlib
from collections.abc import Iterator

from pos_tui.domain.payment import Decision, Method, PaymentState
from pos_tui.domain.sale import PaymentLine, Sale, SaleFilter, SaleState
from pos_tui.domain.spool import JobState
from pos_tui.domain.topup import TopUpState
from pos_tui.domain.values import replace
from pos_tui.settings.printer import PrinterSettings
from pos_tui.store import payments
from pos_tui.store.models import PaymentRow
from pos_tui.till import Till
from tests.crash import invariants
from tests.crash.flow import Arm, Flow, Ground
from tests.paying import CARD, METHODS, WARRANT, TefFolders, charge, take_cards
from tests.sandbox import SandboxControl
from tests.tills import EVER, SELLER, add, new_sale, open_till, settings

S = PaymentState


class Paid(Flow):
    """A sale of one top-up of R$ 60,00; how it is paid is each flow's own."""

    @contextlib.contextmanager
    def beside(self, ground: Ground) -> Iterator[TefFolders]:
        """The TEF manager, which lives through the till's death as it would at a counter."""
        folders = TefFolders(ground.beside)
        with folders.manager():
            yield folders

    def play(self, ground: Ground, arm: Arm) -> None:
        config = replace(settings(printer=PrinterSettings(transport="none")), payment=METHODS)
        till = take_cards(open_till(ground.folder, ground.world, config), TefFolders(ground.beside))
        # Papers are owed, and no worker takes them: the steps come in the same order every time.
        till.spool.prints = True
        sale = new_sale(till)
        add(till, sale, 6000)
        arm()
        self.pay(till, sale, ground.sandbox)
        till.close()

    def pay(self, till: Till, sale: Sale, world: SandboxControl) -> None:
        """Pay, save, and give back."""
        raise NotImplementedError

    def outside(self, folders: TefFolders, sandbox: SandboxControl) -> int:
        """What customers really paid and did not get back, in centavos."""
        credited = sandbox.ledger().credits
        given_back = sum(total for line, (_, total) in credited.items() if line.startswith("devolucao/"))
        return sum(total for line, (_, total) in credited.items() if line.startswith("pix/")) - given_back

    def settle(self, ground: Ground, beside: TefFolders) -> None:
        config = replace(settings(), payment=METHODS)
        with contextlib.closing(take_cards(open_till(ground.folder, ground.sandbox, config), beside)) as till:
            till.sweeper.sweep("sistema")
            recovery = till.catch_up("sistema")
            assert not recovery.stranger, "I1: a payment outside that the till does not know"
            for line in lines_of(till):
                # What would be asked about in a minute is asked about now.
                till.late.look(line.id)
            for line in lines_of(till):
                undecided = line.decision is Decision.NONE and line.state in (S.CREATED, S.SENT, S.APPROVED)
                assert undecided or not line.waits, f"I5: {line.state} {line.decision} {line.why}"
                assert line.state is not S.UNCERTAIN, "I5: the sweep left a payment uncertain"
            self._agree(till, ground, beside)
            check_slips(till)
            check_charges(till, ground.sandbox)
            invariants.check(till)
            give_up_or_keep(till)
            self._agree(till, ground, beside)
            invariants.check(till)

    def _agree(self, till: Till, ground: Ground, folders: TefFolders) -> None:
        outside, inside = self.outside(folders, ground.sandbox), held(till)
        assert outside == inside, f"I1: customers paid {outside}, the till holds {inside}"


class Tef(Paid):
    """Paid by card through the manager."""

    def outside(self, folders: TefFolders, sandbox: SandboxControl) -> int:
        # What the till asked for as it died is done by the manager all the same.
        folders.rest()
        assert folders.ledger.incidents == [], "I1: the manager saw what must not be"
        return folders.ledger.effect


class TefSaved(Tef):
    """Two cards; saved; the last one given back."""

    name = "TEF"
    about = "two cards, saved, confirmed, the second given back"

    def pay(self, till: Till, sale: Sale, world: SandboxControl) -> None:
        charge(till, sale, Method.TEF, 2000, kind="debit")
        last = charge(till, sale, Method.TEF, 4000, kind="credit", plan="store", instalments="2")
        saved = till.closing.finish(till.sales.save(sale_now(till, sale)).id).sale
        till.refunds.refund(saved, till.payments.get(last.id), WARRANT)


class TefAbandoned(Tef):
    """Two cards, the last taken off; another; then everything given up."""

    name = "TEF given up"
    about = "two cards, one undone, a third, then the whole sale given up"

    def pay(self, till: Till, sale: Sale, world: SandboxControl) -> None:
        charge(till, sale, Method.TEF, 2000)
        till.refunds.remove(charge(till, sale, Method.TEF, 1000), SELLER)
        charge(till, sale, Method.TEF, 4000)
        till.topups.cancel(sale_now(till, sale).topups[0].id, "venda abandonada", SELLER)
        till.refunds.abandon(sale_now(till, sale), SELLER, WARRANT)
        till.sales.discard(sale_now(till, sale))


class TefOdd(Tef):
    """A card that also draws cash, one that is final at once, one approved in part; the first given back."""

    name = "TEF odd"
    about = "cash drawn, a final card, a partial approval and cash for the rest; the first card given back"

    def pay(self, till: Till, sale: Sale, world: SandboxControl) -> None:
        drawn = charge(till, sale, Method.TEF, 2027)
        charge(till, sale, Method.TEF, 1030)
        charge(till, sale, Method.TEF, 2926)
        till.sales.add_payment(sale_now(till, sale), Method.CASH, sale_now(till, sale).tally.missing)
        saved = till.closing.finish(till.sales.save(sale_now(till, sale)).id).sale
        till.refunds.refund(saved, till.payments.get(drawn.id), WARRANT)


class PixLate(Paid):
    """A charge given up and paid all the same; the sale paid in cash; the money returned."""

    name = "Pix late"
    about = "a charge given up and paid all the same, the sale paid in cash, the late money returned"

    def pay(self, till: Till, sale: Sale, world: SandboxControl) -> None:
        line = till.refunds.remove(charge(till, sale, Method.PIX_DYNAMIC, 6000), SELLER)
        world.pay(line.request_key, late=True)
        line = till.late.look(line.id, SELLER)
        till.sales.add_payment(sale_now(till, sale), Method.CASH, 6000)
        saved = till.sales.save(sale_now(till, sale))
        till.refunds.refund(saved, line, WARRANT)


class PixReturned(Paid):
    """A charge given up, one paid, and the money returned."""

    name = "Pix"
    about = "a charge given up, one paid, saved, the money returned"

    def pay(self, till: Till, sale: Sale, world: SandboxControl) -> None:
        till.refunds.remove(charge(till, sale, Method.PIX_DYNAMIC, 1000), SELLER)
        line = charge(till, sale, Method.PIX_DYNAMIC, 6000)
        world.pay(line.request_key)
        line = till.payments.ask(line.id, SELLER)
        saved = till.sales.save(sale_now(till, sale))
        till.refunds.refund(saved, line, WARRANT)


class CashAndMachine(Paid):
    """Cash with change, a card machine's slip and a Pix that a person saw; the cash given back."""

    name = "cash"
    about = "a Pix seen by a person, a card machine's slip, cash with change, saved, the cash given back"

    def pay(self, till: Till, sale: Sale, world: SandboxControl) -> None:
        till.sales.add_payment(sale_now(till, sale), Method.PIX_STATIC, 1000)
        till.sales.add_payment(sale_now(till, sale), Method.CARD, 2000, CARD)
        till.sales.add_payment(sale_now(till, sale), Method.CASH, 5000)
        saved = till.sales.save(sale_now(till, sale))
        till.refunds.refund(saved, saved.payments[2], WARRANT)


def sale_now(till: Till, sale: Sale) -> Sale:
    """The sale as it stands."""
    return till.sales.get(sale.id)


def lines_of(till: Till) -> list[PaymentLine]:
    """Every payment that the till knows."""
    with till.context.store.reading() as tx:
        keys = [str(row[0]) for row in tx.rows(PaymentRow.select(PaymentRow.id))]
        found = [payments.get(tx, key) for key in keys]
    return [line for line in found if line is not None]


def held(till: Till) -> int:
    """What the till holds as confirmed with the outside, in centavos.

    A card's debit is what it paid and the cash drawn with it; money that came late is held too.
    """
    asked = (line for line in lines_of(till) if line.method in (Method.TEF, Method.PIX_DYNAMIC))
    return sum(line.amount + line.cash_out for line in asked if line.state in (S.CONFIRMED, S.LATE))


def check_slips(till: Till) -> None:
    """I2: both copies of every card, once, and of its cancelling."""
    owed = till.spool.owed()
    assert all(job.state is JobState.QUEUED for job in owed)
    for line in lines_of(till):
        if line.method is Method.TEF:
            wanted = {S.CONFIRMED: 2, S.REFUNDED: 4}.get(line.state, 0)
            slips = [job for job in owed if job.subject == line.id and job.kind == "tef"]
            assert len(slips) == wanted, f"I2: {len(slips)} slips of a card that is {line.state}"


def check_charges(till: Till, sandbox: SandboxControl) -> None:
    """I1: the bank knows no charge that the till does not, and none can be paid that was given up here."""
    ours = {line.request_key: line for line in lines_of(till) if line.method is Method.PIX_DYNAMIC}
    for row in sandbox.ledger().rows:
        if row["purchase"]["line"].startswith("pix/"):
            line = ours.get(row["purchase"]["key"])
            assert line is not None, "I1: the bank has a charge that the till forgot"
            payable = row["state"] == "reserved"
            assert not payable or line.state is not S.CANCELLED, (
                "I1: given up here, and still to be paid there"
            )


def give_up_or_keep(till: Till) -> None:
    """Paid by TEF, its top-ups are confirmed; a sale that is open can still be given up whole."""
    for shown in till.sales.page(SaleFilter(*EVER)):
        sale = till.sales.get(shown.id)
        if sale.paid_by_tef:
            assert [topup.state for topup in sale.topups] == [TopUpState.CONFIRMED], "I1"
    sale = till.sales.current("1", SELLER)
    if sale.state is SaleState.OPEN and sale.payments:
        for topup in sale.pendings:
            till.topups.cancel(topup.id, "venda abandonada", SELLER)
        till.refunds.abandon(sale, SELLER, WARRANT)
        till.sales.discard(sale_now(till, sale))
