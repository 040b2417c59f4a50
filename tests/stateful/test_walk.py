"""The walk, short in every run; `make walk` takes ten thousand steps."""

import os

from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from pos_tui.providers.sandbox.process import SandboxProcess
from tests.stateful.walk import Walk

STEPS = int(os.environ.get("POS_TUI_STEPS", "300"))

SHORT = settings(
    max_examples=10 if STEPS < 1000 else 40,
    stateful_step_count=50,
    deadline=None,
    database=None,
    derandomize=STEPS < 1000,
    suppress_health_check=list(HealthCheck),
)


def test_whatever_happens_nothing_is_credited_twice(sandbox_process: SandboxProcess) -> None:
    class Here(Walk):
        process = sandbox_process

    Walk.steps = 0
    while Walk.steps < STEPS:
        before = Walk.steps
        run_state_machine_as_test(Here, settings=SHORT)
        assert Walk.steps > before
        if SHORT.derandomize:
            break
