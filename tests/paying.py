"""A till that takes TEF and dynamic Pix in tests: the manager on two folders, the shared sandbox as PSP."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from pos_tui.domain.card import Brand, CardDetails, CardKind
from pos_tui.domain.payment import Method
from pos_tui.domain.sale import PaymentLine, Sale
from pos_tui.providers.sandbox.tef import Manager
from pos_tui.providers.sandbox.tef_ledger import TefLedger
from pos_tui.providers.tef.folders import REQUEST, find
from pos_tui.providers.tef.intpos import IntposTef
from pos_tui.providers.tef.requests import Automation
from pos_tui.services.drivers.tef import TefDriver
from pos_tui.services.payments import Payments
from pos_tui.services.refunds import Warrant
from pos_tui.settings.payment import PaymentSettings, PixSettings
from pos_tui.till import Till
from pos_tui.wiring import connect_pix
from tests.tills import SELLER

FAST = 0.01
METHODS = PaymentSettings(methods=("cash", "card", "pix", "tef"), pix=PixSettings(url="sandbox"))
CARD = CardDetails(CardKind.DEBIT, Brand.VISA, nsu="1")
WARRANT = Warrant(SELLER, "Marta", "cliente desistiu")


class TefFolders:
    """The two folders, the manager's book, and the scenarios it is to play."""

    def __init__(self, folder: Path) -> None:
        self.req, self.resp = folder / "Req", folder / "Resp"
        for each in (self.req, self.resp):
            each.mkdir(parents=True, exist_ok=True)
        self.book = folder / "ledger.json"
        self.control = folder / "ledger.control"
        self._serving = threading.Lock()

    @property
    def ledger(self) -> TefLedger:
        """The book as it stands on the disk."""
        return TefLedger(self.book)

    def play(self, *scenarios: str) -> None:
        """Choose what happens to the next requests: `CRT deny`."""
        self.control.write_text("".join(f"{line}\n" for line in scenarios))

    @contextmanager
    def manager(self) -> Iterator[None]:
        """A manager at work, in a thread: the scenarios that kill one need a process."""
        ended = threading.Event()
        at_work = Manager(self.req, self.resp, TefLedger(self.book), self.control, ended, FAST)
        thread = threading.Thread(target=self._serve, args=(at_work, ended))
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()

    def _serve(self, at_work: Manager, ended: threading.Event) -> None:
        while not ended.wait(FAST):
            with self._serving:
                at_work.step()

    def rest(self) -> None:
        """Wait until the manager at work has nothing more to do: a till may have died over a request."""
        while True:
            with self._serving:
                if find(self.req, REQUEST) is None:
                    return
            threading.Event().wait(FAST)


def take_cards(till: Till, folders: TefFolders, window: float = 30.0) -> Till:
    """Have a till take TEF on these folders; `window` is how long it waits for a sign of the manager."""

    def tef() -> TefDriver:
        manager = IntposTef(
            folders.req, folders.resp, Automation(), lambda file: till.tef.keep(file), window, FAST
        )
        return TefDriver(manager, till.context.store, till.config.till.number, till.now)

    connect = {Method.TEF: tef, Method.PIX_DYNAMIC: lambda: connect_pix(till)}
    till.__dict__["payments"] = Payments(till.context, connect, till.papers.for_card, till._on_payment)
    till.until_closed(till.payments.stop)
    return till


def charge(till: Till, sale: Sale, method: Method, amount: int, **details: str) -> PaymentLine:
    """Add a line to an open sale and ask for its money."""
    line = till.payments.add(till.sales.get(sale.id), method, amount, details)
    return till.payments.charge(line.id, SELLER)


def silent(till: Till, sale: Sale, folders: TefFolders, amount: int = 6000) -> PaymentLine:
    """A card that the manager took, and of which a supervisor gave up hearing."""
    folders.play("CRT silent")
    line = till.payments.add(till.sales.get(sale.id), Method.TEF, amount)
    with ThreadPoolExecutor() as pool:
        waiting = pool.submit(till.payments.charge, line.id, SELLER)
        while not (folders.resp / "intpos.sts").exists():
            threading.Event().wait(FAST)
        till.payments.abort_wait(line.id, "Marta", "gerenciador parado")
        return waiting.result()
