"""Instructions counted by valgrind: repeatable to about one per cent, whatever else the machine does.

A program's way to a certain point is counted whole; what a question or a commit costs is the difference
between a run with many and a run with few of them.
"""

import compileall
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.database import RAW
from bench.programs.store import WORK
from bench.result import Row
from bench.terminal import ROOT, Program

DEADLINE = 600
UNIT = "million instructions"
KEY = "x"
TIMES = 20


def rows(folder: Path) -> list[Row]:
    """Count the start, the questions and a commit; nothing without valgrind."""
    valgrind = shutil.which("valgrind")
    for part in ("bench", "pos_tui"):  # or the first count would be that of a compiler
        compileall.compile_dir(ROOT / part, quiet=2)
    start = start_row(folder)
    return [] if valgrind is None or start is None else [start, *_store_rows(valgrind, folder)]


def start_row(folder: Path) -> Row | None:
    """Count both programs' way to the first paint with a typed key."""
    valgrind = shutil.which("valgrind")
    if valgrind is None:
        return None
    ours, base = (_typed(valgrind, name, folder) for name in ("till", "blank"))
    return Row("start to the echo of the first key", UNIT, ours, base, 1.2)


def _store_rows(valgrind: str, folder: Path) -> list[Row]:
    found = []
    for what, label in WORK.items():
        ours, base = (
            (_store(valgrind, side, what, TIMES, folder) - _store(valgrind, side, what, 0, folder)) / TIMES
            for side in ("till", "raw")
        )
        found.append(Row(label, UNIT, ours, base, 2, RAW))
    return found


def _typed(valgrind: str, name: str, folder: Path) -> float:
    def run(argv: tuple[str, ...], env: dict[str, str]) -> None:
        command = (*argv, sys.executable, "-m", "bench.programs.until_typed", name, KEY)
        with Program(command, {**env, "POS_TUI_DATA_DIR": str(folder)}, typed=KEY.encode()) as running:
            running.process.wait(DEADLINE)

    return _count(valgrind, run)


def _store(valgrind: str, side: str, what: str, times: int, folder: Path) -> float:
    def run(argv: tuple[str, ...], env: dict[str, str]) -> None:
        command = (*argv, sys.executable, "-m", "bench.programs.store", side, what, str(times), str(folder))
        subprocess.run(command, env={**os.environ, **env}, cwd=ROOT, check=True, timeout=DEADLINE)

    return _count(valgrind, run)


def _count(valgrind: str, run: Callable[[tuple[str, ...], dict[str, str]], None]) -> float:
    """Run something under valgrind; return its instructions in millions."""
    with TemporaryDirectory() as place:
        log = Path(place) / "log"
        options = (
            "--tool=cachegrind",
            "--cache-sim=no",
            "--cachegrind-out-file=/dev/null",
            f"--log-file={log}",
        )
        # The same hashes each time: sets of words have one order.
        run((valgrind, *options), {"PYTHONHASHSEED": "0"})
        found = re.search(r"I\s+refs:\s+([\d,]+)", log.read_text())
    assert found is not None, "valgrind told no count"
    return int(found[1].replace(",", "")) / 1e6
