"""The till beside the blank Textual app, on a pty: start, keys, tabs, memory, bursts, a slow line."""

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
LIST = "Textual com lista"


def _till(folder: Path, **options: object) -> Program:
    return Program(TILL, {"POS_TUI_DATA_DIR": str(folder)}, **options)  # type: ignore[arg-type]


def _start(make: Callable[[], Program], shown: str) -> float:
    """Seconds from the start until a key typed at the first paint is on the screen."""
    with make() as program:
        program.until(shown)
        program.send("q")
        return program.until(r"q") - program.started


def start_rows(folder: Path, rounds: int) -> list[Row]:
    """Measure the start, and what is typed before the first paint."""
    ours, base = alternate(
        rounds,
        lambda: _start(lambda: _till(folder), READY),
        lambda: _start(lambda: Program(BLANK), "Cliente"),
    )
    with _till(folder, typed=b"maria") as program:
        program.until(f"{READY}.*maria")
    return [
        Row("do início até a primeira tecla aparecer, relógio", "ms", ours * 1e3, base * 1e3, 1.2),
        Row("letras digitadas antes da tela que se perderam (de 5)", "letras", 0, None, 0),
    ]


def _keys(program: Program, count: int) -> tuple[float, float]:
    """Seconds from a key to its paint, 95th percentile; bytes for each."""
    chance = random.Random(7)
    times = []
    program.quiet()
    before = program.written
    for index in range(count):
        time.sleep(chance.uniform(0.02, 0.06))
        key = "abcdefghij"[index % 10]
        at = program.send(key)
        times.append(program.first_change() - at)
        program.quiet(0.03)
    return percentile(times, 0.95), (program.written - before) / count


def key_rows(folder: Path, count: int) -> list[Row]:
    """Measure the echo of typing into a field."""
    with _till(folder) as till, Program(BLANK) as blank:
        till.until(READY)
        till.quiet(1.0)
        blank.until("Cliente")
        ours, bytes_each = _keys(till, count)
        base, _ = _keys(blank, count)
    return [
        Row("tecla até o eco num campo, 95 %", "ms", ours * 1e3, base * 1e3, 2),
        Row("bytes por tecla", "bytes", bytes_each, None, 400),
    ]


def _switch(program: Program, key: str, shown: str) -> float:
    program.quiet()
    at = program.send(key)
    return program.until(shown) - at


F2, F4, DOWN = "\x1bOQ", "\x1bOS", "\x1b[B"


def tab_rows(folder: Path, rounds: int) -> list[Row]:
    """Measure going to the sale list for the first time, again, and moving in it."""
    first, later, move = [], [], []
    for _ in range(rounds):
        with _till(folder) as till, Program(LISTS) as lists:
            till.until(READY)
            till.quiet(1.5)
            lists.until("Cliente")
            first.append((_switch(till, F4, "Situação|Nenhuma"), _switch(lists, F4, "Consumidor")))
            again = []
            for program, back in ((till, READY), (lists, "Cliente")):
                _switch(program, F2, back)
                again.append(_switch(program, F4, "Situação|Nenhuma|Consumidor 20"))
            later.append((again[0], again[1]))
            moved = []
            for program in (till, lists):
                times = []
                for _ in range(20):
                    program.quiet(0.05)
                    at = program.send(DOWN)
                    times.append(program.first_change() - at)
                moved.append(percentile(times, 0.5))
            move.append((moved[0], moved[1]))
    named = (
        ("abrir a Lista de vendas, a primeira vez", first),
        ("voltar à Lista de vendas", later),
        ("andar uma linha na lista", move),
    )
    rows = []
    for what, pairs in named:
        ours, base = (percentile([pair[side] for pair in pairs], 0.5) for side in (0, 1))
        rows.append(Row(what, "ms", ours * 1e3, base * 1e3, 1.5, LIST))
    return rows


def idle_rows(folder: Path, seconds: float) -> list[Row]:
    """Measure memory and processor while nobody touches anything."""
    with _till(folder) as till, Program(BLANK) as blank:
        till.until(READY)
        blank.until("Cliente")
        till.quiet(5.0)
        before = till.cpu()
        time.sleep(seconds)
        share = (till.cpu() - before) / seconds * 100
        ours, base = till.memory(), blank.memory()
    return [
        Row("memória parada (PSS)", "MiB", ours, base, 1.3),
        Row("processador parado", "%", share, None, 0.3),
    ]


def burst_rows(folder: Path) -> list[Row]:
    """Measure 20 000 characters in one burst, and that a scanner's burst arrives whole."""
    with _till(folder) as till:
        till.until(READY)
        till.quiet(1.5)
        before = till.memory()
        at = till.send("z" * 20_000)
        till.until("z{40}")
        till.quiet(0.5)
        took = time.monotonic() - 0.5 - at
        grown = till.memory() - before
    with _till(folder) as till:
        till.until(READY)
        till.quiet(1.5)
        till.send("7891000100103")
        till.until("7891000100103")
    return [
        Row("20 000 letras de uma vez até a tela parar", "s", took, None, 0.5),
        Row("memória que 20 000 letras de uma vez custam", "MiB", grown, None, 20),
        Row("algarismos perdidos de uma leitura de 13 num só golpe", "algarismos", 0, None, 0),
    ]


SALE = (
    ("\x1bOR", "1 Vivo"),
    ("1", ""),
    ("67999991234", ""),
    ("67999991234", ""),
    ("2", "Receba o pagamento"),
    ("\x1b[21~", "Dinheiro"),
    ("1\r", ""),
    ("\x1b[21~", "salva"),
)
"""F3, operator, number twice, value, F10, cash, Enter, F10."""


def slow_line_rows(folder: Path) -> list[Row]:
    """Sell one top-up for cash over 9600 baud, and count its bytes."""
    with _till(folder, bytes_per_second=960) as till:
        painted = till.until(READY) - till.started
        till.quiet(2.0)
        before, began = till.written, time.monotonic()
        for keys, shown in SALE:
            till.send(keys)
            if shown:
                till.until(shown)
        till.quiet(1.0)
        took = time.monotonic() - 1.0 - began
        sent = till.written - before
    return [
        Row("a 9600 baud: do início à primeira tela", "s", painted, None, None),
        Row("a 9600 baud: uma venda inteira", "s", took, None, None),
        Row("bytes de uma venda inteira", "bytes", sent, None, None),
    ]
