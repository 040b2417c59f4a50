"""The walk, short in every run; `make walk` takes ten thousand steps."""

import os

from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from pos_tui.providers.sandbox.process import SandboxProcess
from tests.stateful.walk import Walk

STEPS = 50
WALKS = int(os.environ.get("POS_TUI_WALKS", "4"))
"""Each of fifty steps: 200 of them make ten thousand."""


def test_whatever_happens_nothing_is_credited_twice(sandbox_process: SandboxProcess) -> None:
    class Here(Walk):
        process = sandbox_process

    run_state_machine_as_test(
        Here,
        settings=settings(
            max_examples=WALKS,
            stateful_step_count=STEPS,
            deadline=None,
            derandomize=WALKS < 10,
            suppress_health_check=list(HealthCheck),
        ),
    )
