"""RV's homologation script (facts/topup.md §2.8), run by the till's own services against the sandbox.

`python -m pos_tui.homologation` prints a table of results. Nothing outside this machine is called.
"""

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from msgspec import Struct

from pos_tui.config import Config
from pos_tui.domain.errors import PosError
from pos_tui.domain.money import format_brl
from pos_tui.domain.payment import Method
from pos_tui.domain.phone import parse_mobile
from pos_tui.domain.topup import Offer, TopUp, TopUpState
from pos_tui.till import Till

WHO = "Homologação"
DDD = "67"
EACH = 5
FREE_FACE = 2500


class Result(Struct, frozen=True):
    """One line of the script."""

    asked: str
    passed: bool | None
    """None for what the program does not sell."""
    seen: str


class Script:
    """The script over one till, in training."""

    def __init__(self, till: Till) -> None:
        self._till = till
        self._lines = 0
        self.confirmed: list[TopUp] = []

    def run(self) -> list[Result]:
        """Carry every line out, whatever became of the one before."""
        steps: list[tuple[str, Callable[[], str]]] = [
            ("Consultar limite de crédito", self._balance),
            *((f"Recarga online confirmada {n} de {EACH}", self._confirm_fixed) for n in range(1, EACH + 1)),
            *((f"Recarga online cancelada {n} de {EACH}", self._cancel_fixed) for n in range(1, EACH + 1)),
            ("Recarga online de valor variável (produto 1180)", self._confirm_free),
            ("Comprovante da recarga online", self._receipt),
        ]
        results = [_try(asked, step) for asked, step in steps]
        pins = Result(f"{EACH} vendas de PIN e um comprovante", None, "este programa não vende PIN")
        return [*results, pins]

    def _balance(self) -> str:
        balance = self._till.offers.balance()
        return f"limite {format_brl(balance.limit)}, disponível {format_brl(balance.available)}"

    def _confirm_fixed(self) -> str:
        return self._confirm(self._offer(free=False), None)

    def _confirm_free(self) -> str:
        return self._confirm(self._offer(free=True), FREE_FACE)

    def _confirm(self, offer: Offer, face: int | None) -> str:
        topup = self._sell(offer, face or offer.face)
        self._pay()
        done = _expect(self._till.topups.confirm(topup.id, WHO), TopUpState.CONFIRMED)
        self.confirmed.append(done)
        return f"{done.words}: compra {done.provider_key}, protocolo {done.provider_ref}, NSU {done.nsu}"

    def _cancel_fixed(self) -> str:
        offer = self._offer(free=False)
        topup = self._sell(offer, offer.face)
        done = _expect(self._till.topups.cancel(topup.id, "homologação", WHO), TopUpState.CANCELLED)
        self._till.sales.discard(self._till.sales.current("1", WHO))
        return f"{done.words}: compra {done.provider_key}, protocolo {done.provider_ref}"

    def _receipt(self) -> str:
        paper = self._till.spool.paper_of(self.confirmed[0].id, "top_up")
        if paper is None:
            raise PosError("O comprovante não foi gerado.")
        text = self._till.papers.preview(paper.document)
        missing = [
            code for code in (self.confirmed[0].nsu, self.confirmed[0].provider_ref) if code not in text
        ]
        if missing:
            raise PosError(f"O comprovante não traz {', '.join(missing)}.")
        return f"{len(text.splitlines())} linhas, com NSU e protocolo"

    def _offer(self, *, free: bool) -> Offer:
        catalogue = self._till.offers.catalogue()
        operator = catalogue.operators()[0][0]
        return next(o for o in catalogue.values(operator, DDD) if (not o.face) is free)

    def _sell(self, offer: Offer, face: int) -> TopUp:
        self._lines += 1
        line = parse_mobile(f"{DDD}9{90000000 + self._lines}")
        sale = self._till.sales.store(self._till.sales.current("1", WHO))
        topup = self._till.topups.add(sale, line, offer, face)
        return _expect(self._till.topups.reserve(topup.id, WHO), TopUpState.RESERVED)

    def _pay(self) -> None:
        sale = self._till.sales.current("1", WHO)
        self._till.sales.save(self._till.sales.add_payment(sale, Method.CASH, sale.tally.missing))


def _expect(topup: TopUp, state: TopUpState) -> TopUp:
    if topup.state is not state:
        raise PosError(f"Recarga {topup.words}. {topup.why}")
    return topup


def _try(asked: str, step: Callable[[], str]) -> Result:
    try:
        return Result(asked, True, step())
    except PosError as error:
        return Result(asked, False, error.message)


def table(results: list[Result]) -> str:
    """Return the results as aligned lines."""
    words = {True: "passou", False: "FALHOU", None: "não se aplica"}
    width = max(len(result.asked) for result in results)
    return "\n".join(f"{r.asked:<{width}}  {words[r.passed]:<13}  {r.seen}" for r in results)


def main() -> int:
    """Run the script in a folder of its own; 0 when nothing failed."""
    with tempfile.TemporaryDirectory(prefix="pos-tui-homologacao-") as folder:
        till = Till.open(Config(), folder=Path(folder))
        try:
            results = Script(till).run()
        finally:
            till.close()
    sys.stdout.write(table(results) + "\n")
    return 1 if any(result.passed is False for result in results) else 0


if __name__ == "__main__":
    raise SystemExit(main())
