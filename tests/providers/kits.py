"""What the contract suite needs to know of each provider: how to build it, and what to ask of it."""

from collections.abc import Callable
from dataclasses import dataclass

from pos_tui.domain.outcome import Done, Outcome
from pos_tui.domain.phone import parse_mobile
from pos_tui.domain.topup import ReserveRequest, Standing
from pos_tui.providers.base import ReserveRef, TopUpProvider
from pos_tui.providers.http import Limits
from pos_tui.providers.sandbox import KEY, STORE, USER
from pos_tui.providers.topup.rv import RvProvider

LINE = "67999998888"
FACE = 1500


@dataclass(frozen=True)
class Kit:
    """One provider in the contract suite."""

    name: str
    build: Callable[[str, Limits | None], TopUpProvider]
    key: str
    product: str
    silent: frozenset[tuple[str, str]] = frozenset()
    """(fault, operation) pairs that cannot show: the provider's answer has no such field."""

    def shows(self, fault: str, operation: str) -> bool:
        """Tell whether a fault is visible in the answer to an operation at all."""
        return (fault, operation) not in self.silent

    def request(self, line: str = LINE, face: int = FACE) -> ReserveRequest:
        """A top-up of R$ 15,00 on Vivo."""
        return ReserveRequest(self.key, parse_mobile(line), "2088", self.product, face, "PDV-1", "Ana")

    def ref(self, standing: Standing | None = None) -> ReserveRef:
        """How the till names its top-up, with or without an answer to its reserve."""
        return ReserveRef(self.key, standing.provider_ref if standing else "", "PDV-1")


def rv(url: str, limits: Limits | None = None) -> RvProvider:
    """The RV adapter against the sandbox."""
    return RvProvider(f"{url}/integracao_xml.php", STORE, USER, lambda: KEY, limits=limits)


KITS = (Kit("rv", rv, key="101", product="V1500"),)


def done(outcome: Outcome[Standing]) -> Standing:
    """The answer of an outcome that must be Done."""
    assert isinstance(outcome, Done), outcome
    return outcome.answer
