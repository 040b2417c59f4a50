"""What a till does by itself now and then: one row a step. `pos-tui sync` runs all of them once.

An open till runs those that need not be alone, behind the screen: a minute after the start, then every hour.
"""

import logging
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from msgspec import Struct

from pos_tui.domain.errors import PosError
from pos_tui.domain.journal import SYSTEM
from pos_tui.services.running import Loop

if TYPE_CHECKING:
    from pos_tui.config import Config
    from pos_tui.till import Till

FIRST_SECONDS = 60.0
"""After the start: the first sale of the day goes before."""
EVERY_SECONDS = 3_600.0

log = logging.getLogger(__name__)


class Step(Struct, frozen=True):
    """One thing to do."""

    name: str
    label: str
    run: Callable[["Till"], str]
    """Do it and say what was done. Raises PosError. Running it again must do no harm."""
    wanted: Callable[["Config"], bool] = lambda config: True
    alone: bool = False
    """Only while no window has the till open: that one does it itself."""


def _pendings(till: "Till") -> str:
    found = till.sweeper.sweep(SYSTEM)
    if not found.compared:
        raise PosError("A operadora não respondeu: a consulta fica para a próxima vez.")
    told = f"{found.resolved} resolvida(s), {found.waiting} em [verificar]"
    return f"{told}, {len(found.strangers)} sem venda local" if found.strangers else told


def _payments(till: "Till") -> str:
    recovered = till.catch_up(SYSTEM)
    told = f"{len(recovered.settled)} resolvido(s), {len(recovered.waiting)} a verificar"
    return f"{told}, {len(recovered.late)} Pix pago(s) depois de cancelado" if recovered.late else told


def _orders(till: "Till") -> str:
    return till.orders.once()


def _retention(till: "Till") -> str:
    gone = till.privacy.expire(till.config.privacy.retention_days)
    return f"{gone} pessoa(s) anonimizada(s)"


def _cards(till: "Till") -> str:
    return till.reconciliation.daily(SYSTEM)


def _recurring(till: "Till") -> str:
    watch = till.recurring.watch
    watch.sweep(SYSTEM)
    found = watch.round(SYSTEM)
    if found.waiting:
        raise PosError(
            f"{found.waiting} de {found.asked} sem resposta da plataforma: ficam para a próxima vez."
        )
    return f"{found.asked} consultada(s)"


STEPS: tuple[Step, ...] = (
    Step("pendings", "Recargas pendentes", _pendings, alone=True),
    Step("payments", "Pagamentos em aberto", _payments, alone=True),
    Step("recurring", "Crédito recorrente", _recurring, lambda config: config.charges_monthly, alone=True),
    Step(
        "orders",
        "Pedidos da loja virtual",
        _orders,
        lambda config: bool(config.orders.url) and not config.training,
        alone=True,
    ),
    Step("retention", "Dados de clientes", _retention, lambda config: not config.training),
    Step(
        "cards",
        "Recebimento de cartões",
        _cards,
        lambda config: bool(config.statements.inbox or config.statements.outbox),
    ),
    # Last, so that what the others brought is in it.
    Step(
        "backup",
        "Cópia de segurança",
        lambda till: till.backups.daily(SYSTEM),
        lambda config: bool(config.backup.folder) and not config.training,
    ),
)


class Told(Struct, frozen=True):
    """How a step ended."""

    step: Step
    words: str
    failed: bool = False


def run(till: "Till", *, alone: bool) -> Iterator[Told]:
    """Run the steps that are wanted, one by one; what fails does not keep the next from running.

    `alone` says that no window has the till open.
    """
    for step in STEPS:
        if not step.wanted(till.config):
            continue
        if step.alone and not alone:
            yield Told(step, "o caixa está aberto e cuida disso")
            continue
        try:
            yield Told(step, step.run(till))
        except PosError as error:
            yield Told(step, error.message, failed=True)
        except Exception as error:
            log.exception("step %s", step.name)
            yield Told(step, f"falha interna ({type(error).__name__})", failed=True)


class Rounds:
    """Runs the steps of an open till in the background, from `start` to `stop`."""

    def __init__(self, till: "Till", first: float = FIRST_SECONDS) -> None:
        """`first` is how many seconds the first round waits."""
        self._till = till
        self._first = first
        self._loop = Loop("upkeep", self._work)

    def start(self) -> None:
        """Begin, where there is anything to do."""
        if any(step.wanted(self._till.config) and not step.alone for step in STEPS):
            self._loop.start()

    def stop(self, patience: float = 3.0) -> None:
        """Let the step under way end, up to `patience` seconds."""
        self._loop.stop(patience)

    def _work(self) -> None:
        wait = self._first
        while not self._loop.over.wait(wait):
            for told in run(self._till, alone=False):
                if told.failed:
                    log.warning("%s: %s", told.step.name, told.words)
                if self._loop.over.is_set():
                    break
            wait = EVERY_SECONDS
        self._till.context.store.close()
