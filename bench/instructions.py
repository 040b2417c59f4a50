"""Instructions to a screen that can be typed into, counted by valgrind: repeatable, whatever else runs."""

import re
import shutil
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.programs.until_typed import KEY
from bench.result import Row
from bench.terminal import Program

DEADLINE = 600


def start_row(folder: Path) -> Row | None:
    """Count both programs' way to the first paint with a typed key, in millions; None without valgrind."""
    valgrind = shutil.which("valgrind")
    if valgrind is None:
        return None
    ours, base = (_count(valgrind, name, folder) for name in ("till", "blank"))
    return Row("do início até a primeira tecla aparecer, instruções", "milhões", ours, base, 1.2)


def _count(valgrind: str, name: str, folder: Path) -> float:
    with TemporaryDirectory() as place:
        log = Path(place) / "log"
        options = (
            "--tool=cachegrind",
            "--cache-sim=no",
            "--cachegrind-out-file=/dev/null",
            f"--log-file={log}",
        )
        program = (sys.executable, "-m", "bench.programs.until_typed", name)
        # The same hashes each time: sets of words have one order.
        env = {"POS_TUI_DATA_DIR": str(folder), "PYTHONHASHSEED": "0"}
        with Program((valgrind, *options, *program), env, typed=KEY.encode()) as running:
            running.process.wait(DEADLINE)
        found = re.search(r"I\s+refs:\s+([\d,]+)", log.read_text())
    assert found is not None, "valgrind told no count"
    return int(found[1].replace(",", "")) / 1e6
