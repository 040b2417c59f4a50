"""A provider that answers what a test tells it to, for what no sandbox can be made to say."""

from dataclasses import dataclass, field

from pos_tui.domain.outcome import Outcome, Uncertain
from pos_tui.domain.topup import Balance, Offer, ReserveRequest, Standing
from pos_tui.providers.base import ReserveRef
from pos_tui.till import Till


@dataclass
class Scripted:
    """Gives its answers in order and remembers what it was asked."""

    answers: list[Outcome[Standing]] = field(default_factory=list)
    asked: list[tuple[str, ReserveRef]] = field(default_factory=list)
    pending: Outcome[tuple[Standing, ...]] = field(default_factory=lambda: Uncertain("não perguntado"))
    name: str = "rv"
    holds_expired: bool = False

    def _next(self, what: str, ref: ReserveRef) -> Outcome[Standing]:
        self.asked.append((what, ref))
        return self.answers.pop(0)

    def offers(self) -> Outcome[tuple[Offer, ...]]:
        return Uncertain("")

    def reserve(self, request: ReserveRequest) -> Outcome[Standing]:
        return self._next("reserve", ReserveRef(request.key, "", request.terminal))

    def confirm(self, ref: ReserveRef) -> Outcome[Standing]:
        return self._next("confirm", ref)

    def cancel(self, ref: ReserveRef) -> Outcome[Standing]:
        return self._next("cancel", ref)

    def status(self, ref: ReserveRef) -> Outcome[Standing]:
        return self._next("status", ref)

    def pendings(self) -> Outcome[tuple[Standing, ...]]:
        return self.pending

    def balance(self) -> Outcome[Balance]:
        return Uncertain("")

    def close(self) -> None:
        """Nothing is open."""


def script(till: Till, *answers: Outcome[Standing]) -> Scripted:
    """Put a scripted provider in the place of a till's; its top-ups must not have been used yet."""
    assert "topups" not in till.__dict__
    provider = Scripted(list(answers))
    till.__dict__["_connect"] = lambda name: provider
    return provider
