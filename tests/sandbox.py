"""A real sandbox process for tests: the fixture `sandbox`, its faults and its ledger.

A conftest that wants it says `from tests.sandbox import sandbox, sandbox_process`.
"""

import json
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from pos_tui.providers.sandbox.process import SandboxProcess, start_sandbox

__all__ = ["LedgerView", "SandboxControl", "sandbox", "sandbox_process"]

_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@dataclass(frozen=True)
class LedgerView:
    """What really happened: `credits` per line as (times, centavos)."""

    rows: list[dict[str, Any]]
    counts: dict[str, int]
    credits: dict[str, tuple[int, int]]

    def states(self) -> dict[str, str]:
        """The state of each key's latest row."""
        return {row["purchase"]["key"]: row["state"] for row in self.rows}

    def count(self, effect: str) -> int:
        """How often an effect happened."""
        return self.counts.get(effect, 0)


@dataclass(frozen=True)
class SandboxControl:
    """A running sandbox, freshly reset, and its control endpoints."""

    url: str

    def fault(self, kind: str, operation: str = "*", *, times: int | None = 1, seconds: float = 1.0) -> None:
        """Put a fault in force for the next `times` calls, or for good with None."""
        asked = {"kind": kind, "operation": operation, "times": times, "seconds": seconds}
        self.call("POST", "faults", asked)

    def clear(self) -> None:
        """Behave again."""
        self.call("DELETE", "faults")

    def settings(self, **values: float | None) -> None:
        """Set `cap` (most reserves held) or `ttl` (seconds a reserve lives)."""
        self.call("POST", "settings", values)

    def advance(self, seconds: float) -> None:
        """Move the sandbox's clock forward."""
        self.call("POST", "clock", {"advance": seconds})

    def pay(self, txid: str, *, late: bool = False) -> None:
        """Pay a Pix charge as a customer would. Raises HTTPError 400 when it can no longer be paid.

        `late`: the payment was on its way, and comes in though the charge is over.
        """
        self.call("POST", "pix/pay", {"txid": txid, "late": late})

    def set_clock(self, at: float) -> None:
        """Set the sandbox's clock, in seconds since 1970; it runs on from there."""
        self.call("POST", "clock", {"at": at})

    def rest(self) -> None:
        """Wait until it has served whatever came before: a client may have died over its request."""
        self.call("POST", "rest")

    def reset(self) -> None:
        """Forget everything: ledger, faults and settings."""
        self.call("POST", "reset")

    def ledger(self) -> LedgerView:
        """Look at the ledger."""
        view = self.call("GET", "ledger")
        credited = {line: (times, total) for line, (times, total) in view["credits"].items()}
        return LedgerView(view["rows"], view["counts"], credited)

    def shop(self) -> dict[str, Any]:
        """Look at the practice shop: its `orders`, and the `effects` on them in order."""
        return self.call("GET", "shop")

    def change_order(self, order: str, who: str = "api", **fields: object) -> None:
        """Let somebody else change an order: the gateway, the ERP, the panel."""
        self.call("POST", "shop/change", {"order": order, "fields": fields, "who": who})

    def call(self, method: str, what: str, asked: object = None) -> dict[str, Any]:
        """Ask the control endpoints for something. Raises HTTPError 400 when it makes no sense."""
        body = None if asked is None else json.dumps(asked).encode()
        request = urllib.request.Request(f"{self.url}/_sandbox/{what}", body, method=method)
        with _opener.open(request, timeout=30) as answer:
            result: dict[str, Any] = json.load(answer)
            return result


@pytest.fixture(scope="session")
def sandbox_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SandboxProcess]:
    """One process for the whole run."""
    running = start_sandbox(tmp_path_factory.mktemp("sandbox") / "ledger.jsonl")
    yield running
    running.stop()


@pytest.fixture
def sandbox(sandbox_process: SandboxProcess) -> SandboxControl:
    """The process with an empty ledger and no faults."""
    control = SandboxControl(sandbox_process.url)
    control.reset()
    return control
