"""What the contract suite needs to know of each provider: how to build it, and what to ask of it."""

from collections.abc import Callable
from dataclasses import dataclass

from pos_tui.domain.outcome import Done, Outcome
from pos_tui.domain.phone import parse_mobile
from pos_tui.domain.topup import RemoteWord, ReserveRequest, Standing
from pos_tui.providers.base import ReserveRef, TopUpProvider
from pos_tui.providers.http import Limits
from pos_tui.providers.sandbox import KEY, STORE, USER
from pos_tui.providers.topup.celcoin import CelcoinProvider
from pos_tui.providers.topup.dtone import DtOneProvider
from pos_tui.providers.topup.rv import RvProvider

W = RemoteWord
LINE = "67999998888"
FACE = 1500
NOON = 1_768_489_200.0
"""12:00 in Brasília of `DAY`: far from a change of day."""
DAY = "2026-01-15"


@dataclass(frozen=True)
class Kit:
    """One provider in the contract suite."""

    name: str
    build: Callable[[str, Limits | None], TopUpProvider]
    key: str
    product: str
    silent: frozenset[tuple[str, str]] = frozenset()
    """(fault, operation) pairs that cannot show: the provider's answer has no such field."""
    over: frozenset[RemoteWord] = frozenset({W.EXPIRED, W.CANCELLED})
    """How a reserve looks whose time is over."""

    def shows(self, fault: str, operation: str) -> bool:
        """Tell whether a fault is visible in the answer to an operation at all."""
        return (fault, operation) not in self.silent

    def request(self, line: str = LINE, face: int = FACE) -> ReserveRequest:
        """A top-up of R$ 15,00 on Vivo."""
        return ReserveRequest(self.key, parse_mobile(line), "2088", self.product, face, "PDV-1", "Ana")

    def ref(self, standing: Standing | None = None) -> ReserveRef:
        """How the till names its top-up, with or without an answer to its reserve."""
        return ReserveRef(self.key, standing.provider_ref if standing else "", "PDV-1", DAY)


def rv(url: str, limits: Limits | None = None) -> RvProvider:
    """The RV adapter against the sandbox."""
    return RvProvider(f"{url}/integracao_xml.php", STORE, USER, lambda: KEY, limits=limits)


def celcoin(url: str, limits: Limits | None = None) -> CelcoinProvider:
    """The Celcoin adapter against the sandbox."""
    return CelcoinProvider(
        url, USER, lambda: KEY, document="12345678000195", ddds=("67", "21"), limits=limits
    )


def dtone(url: str, limits: Limits | None = None) -> DtOneProvider:
    """The DT One adapter against the sandbox."""
    return DtOneProvider(f"{url}/v1", USER, lambda: KEY, limits=limits)


_ECHOES_NOTHING = frozenset(
    {
        ("wrong_key", "reserve"),
        ("wrong_number", "reserve"),
        ("wrong_amount", "reserve"),
        ("wrong_key", "confirm"),
        ("wrong_key", "cancel"),
    }
)

KITS = (
    Kit("rv", rv, key="101", product="V1500"),
    Kit("celcoin", celcoin, key="101", product="2088-1500", silent=_ECHOES_NOTHING),
    Kit("dtone", dtone, key="loja1-000101", product="7003", over=frozenset({W.RESERVED})),
)


def done(outcome: Outcome[Standing]) -> Standing:
    """The answer of an outcome that must be Done."""
    assert isinstance(outcome, Done), outcome
    return outcome.answer
