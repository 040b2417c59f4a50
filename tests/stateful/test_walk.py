"""The walk, short in every run; `make walk` takes ten thousand steps.

A failure tells its seed and the steps that led to it: `POS_TUI_SEED=… POS_TUI_STEPS=…` walks them again.
"""

import os

from hypothesis import HealthCheck, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from pos_tui.providers.sandbox.process import SandboxProcess
from tests.stateful.walk import Walk

STEPS = int(os.environ.get("POS_TUI_STEPS", "300"))
SEED = int(os.environ.get("POS_TUI_SEED", "1"))

SHORT = settings(
    max_examples=10 if STEPS < 1000 else 40,
    stateful_step_count=50,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)


def test_whatever_happens_nothing_is_credited_twice(sandbox_process: SandboxProcess) -> None:
    Walk.steps = 0
    number = SEED
    while Walk.steps < STEPS:
        before = Walk.steps
        _walk(sandbox_process, number)
        assert Walk.steps > before
        number += 1


def _walk(sandbox_process: SandboxProcess, number: int) -> None:
    @seed(number)
    class Here(Walk):
        process = sandbox_process

    before = Walk.steps
    try:
        run_state_machine_as_test(Here, settings=SHORT)
    except Exception as error:
        error.add_note(f"POS_TUI_SEED={number} POS_TUI_STEPS={STEPS}; {before} steps went well before.")
        raise
