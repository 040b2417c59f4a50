"""The till beside the blank Textual app, on a pty: start, keys, tabs."""

import random
import sys
import time
from collections.abc import Callable
from pathlib import Path

from bench.result import Row, alternate, percentile
from bench.terminal import Program

TILL = (sys.executable, "-m", "pos_tui")
BLANK = (sys.executable, "-m", "bench.programs.blank")
LISTS = (sys.executable, "-m", "bench.programs.lists")
READY = "Buscar cliente"
LIST = "Textual with a line-API list"
ROW = r"\d\d/\d\d \d\d:\d\d"
"""A line of the sale list: its head alone would be a list that is shown before it is read."""
F2, F3, F4, F10, DOWN = "\x1bOQ", "\x1bOR", "\x1bOS", "\x1b[21~", "\x1b[B"
AHEAD = "maria"


def till(folder: Path, **options: object) -> Program:
    """The till of a shop."""
    return Program(TILL, {"POS_TUI_DATA_DIR": str(folder)}, **options)  # type: ignore[arg-type]


def _start(make: Callable[[], Program], shown: str) -> float:
    """Seconds from the start until a key typed at the first paint is on the screen."""
    with make() as program:
        program.until(shown)
        program.send("q")
        return program.until(r"q") - program.started


def start_rows(folder: Path, empty: Path, rounds: int) -> list[Row]:
    """Measure the start, with and without months of sales, and what is typed before the first paint."""
    ours, bare, base = alternate(
        rounds,
        lambda: _start(lambda: till(folder), READY),
        lambda: _start(lambda: till(empty), READY),
        lambda: _start(lambda: Program(BLANK), "Cliente"),
    )
    megabytes = sum(path.stat().st_size for path in folder.glob("training.db*")) / 1e6
    with till(folder, typed=AHEAD.encode()) as program:
        program.until(READY)
        program.quiet(1.5)
        arrived = next((n for n in range(len(AHEAD), 0, -1) if AHEAD[:n] in program.screen()), 0)
    return [
        Row("start to the echo of the first key", "ms", ours * 1e3, base * 1e3, 1.2),
        Row(f"the same with {megabytes:.0f} MB on file, quick check included, and with nothing",
            "ms", ours * 1e3, bare * 1e3, 1.1, "an empty till"),
        Row(f"letters typed before the first paint that are lost, of {len(AHEAD)}",
            "letters", len(AHEAD) - arrived, None, 0),
    ]  # fmt: skip


def _keys(program: Program, keys: str) -> tuple[float, float]:
    """Seconds from a key to its paint, 95th percentile; bytes for each."""
    chance = random.Random(7)
    times = []
    program.quiet()
    before = program.written
    for key in keys:
        time.sleep(chance.uniform(0.02, 0.06))
        at = program.send(key)
        times.append(program.first_change() - at)
        program.quiet(0.03)
    return percentile(times, 0.95), (program.written - before) / len(keys)


def key_rows(folder: Path) -> list[Row]:
    """Measure the echo of typing: a name and a rubbed-out one on Início, the digits of a line on Recarga."""
    letters, digits = "abcdefghij" * 5, "67" + "\x7f7" * 12 + "9\x7f" * 12
    with till(folder) as ours, Program(BLANK) as blank:
        ours.until(READY)
        ours.rest()
        blank.until("Cliente")
        name = _keys(ours, letters)
        ours.send(F3)
        ours.until("1 Vivo")
        ours.quiet(1.0)
        ours.send("1")
        ours.quiet(0.5)
        line = _keys(ours, digits)
        base = _keys(blank, letters + digits)
    return [
        Row("key to its echo on Início, p95", "ms", name[0] * 1e3, base[0] * 1e3, 2),
        Row("key to its echo on Recarga, p95", "ms", line[0] * 1e3, base[0] * 1e3, 2),
        Row("bytes per key on Início", "bytes", name[1], None, 400),
        Row("bytes per key on Recarga", "bytes", line[1], None, 400),
    ]


def _switch(program: Program, key: str, shown: str) -> float:
    program.quiet()
    at = program.send(key)
    return program.until(shown) - at


def tab_rows(folder: Path, rounds: int) -> list[Row]:
    """Measure going to the sale list for the first time, again, and moving in it."""
    first, later, move = [], [], []
    for _ in range(rounds):
        with till(folder) as ours, Program(LISTS) as lists:
            ours.until(READY)
            ours.rest()
            lists.until("Cliente")
            first.append((_switch(ours, F4, ROW), _switch(lists, F4, "Consumidor")))
            again = []
            for program, back in ((ours, READY), (lists, "Cliente")):
                _switch(program, F2, back)
                again.append(_switch(program, F4, f"{ROW}|Consumidor 20"))
            later.append((again[0], again[1]))
            moved = []
            for program in (ours, lists):
                times = []
                for _ in range(20):
                    program.quiet(0.05)
                    at = program.send(DOWN)
                    times.append(program.first_change() - at)
                moved.append(percentile(times, 0.5))
            move.append((moved[0], moved[1]))
    named = (
        ("open the tab Lista de vendas, the first time", first),
        ("go back to the tab Lista de vendas", later),
        ("move by one line in the sale list", move),
    )
    rows = []
    for what, pairs in named:
        ours_each, base = (percentile([pair[side] for pair in pairs], 0.5) for side in (0, 1))
        rows.append(Row(what, "ms", ours_each * 1e3, base * 1e3, 1.5, LIST))
    return rows
