"""The adapters of the subscriber desk against the sandbox, each with how it names the invented people."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TypeVar

from pos_tui.domain.outcome import Done, Outcome
from pos_tui.providers.http import Limits
from pos_tui.providers.sandbox import KEY, USER
from pos_tui.providers.sandbox.rbx import BASE as RBX
from pos_tui.providers.sandbox.rbx import ZONE
from pos_tui.providers.sandbox.sgp import BASE as SGP
from pos_tui.providers.sandbox.subscribers import PASSWORD
from pos_tui.providers.subscribers.base import Access, SubscriberProvider
from pos_tui.providers.subscribers.rbx import RbxProvider
from pos_tui.providers.subscribers.sgp import SgpProvider

T = TypeVar("T")
JOSE, MARIA = "52998224725", "39053344705"
PATIENT = Limits(deadline=30)


@dataclass(frozen=True)
class Kit:
    """One adapter."""

    provider: SubscriberProvider
    jose: Access
    maria: Access


def rbx(url: str, key: str = KEY, unblock: bool = False) -> RbxProvider:
    return RbxProvider(f"{url}{RBX}", lambda: key, ZONE, unblock=unblock, limits=PATIENT)


def sgp(url: str, token: str = KEY) -> SgpProvider:
    return SgpProvider(f"{url}{SGP}", USER, lambda: token, ZONE, limits=PATIENT)


def kit(name: str, url: str) -> Kit:
    if name == "rbx":
        return Kit(rbx(url), Access("10", JOSE), Access("12", MARIA))
    return Kit(sgp(url), Access(JOSE, JOSE, PASSWORD), Access(MARIA, MARIA, PASSWORD))


def done(outcome: Outcome[T]) -> T:
    assert isinstance(outcome, Done), outcome
    return outcome.answer


def today() -> date:
    return datetime.now(UTC).astimezone(ZONE).date()


def hour(days: int = 0) -> datetime:
    return datetime.now(UTC) + timedelta(days=days)
