"""The till over time and under strain: memory, idle processor, bursts, a thousand sales, a slow line."""

import time
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.result import Row
from bench.screens import BLANK, F3, F10, READY, TILL, till
from bench.terminal import Program

SOLD = r"Venda \d+ salva|confirmada com sucesso"
"""What is said of a sale; one that confirms itself may say the second before the first was seen."""
UPKEPT = 75.0
"""Seconds after the start, when the first round of upkeep is over (`pos_tui.upkeep`): what it loads stays."""
SETTINGS = """[till]
training = true
[topup]
auto_confirm = true
"""


def idle_rows(folder: Path, seconds: float) -> list[Row]:
    """Measure memory and processor while nobody touches anything."""
    with till(folder) as ours, Program(BLANK) as blank:
        ours.until(READY)
        blank.until("Cliente")
        ours.rest()
        ours.age(UPKEPT)
        before, written = ours.cpu(), ours.written
        time.sleep(seconds)
        share = (ours.cpu() - before) / seconds * 100
        ours.quiet()
        told = ours.written - written
        memory, base = ours.memory(), blank.memory()
    return [
        Row("memory, idle (PSS)", "MiB", memory, base, 1.3),
        Row("processor, idle", "%", share, None, 0.3),
        Row("bytes written while idle, per second", "bytes", told / seconds, None, 10),
    ]


def burst_rows(folder: Path) -> list[Row]:
    """Measure 20 000 characters in one burst, and that a scanner's burst arrives whole."""
    with till(folder) as ours:
        ours.until(READY)
        ours.rest()
        before = ours.memory()
        at = ours.send("z" * 20_000)
        ended = ours.until("z{40}")
        ended = max(ended, ours.last_change())
        grown = ours.memory() - before
    with till(folder) as ours:
        ours.until(READY)
        ours.rest()
        ours.send("7891000100103")
        ours.quiet(1.0)
        screen = ours.screen()
    lost = 0 if "7891000100103" in screen else 13
    return [
        Row("20 000 characters in one burst, until the screen rests", "s", ended - at, None, 0.5),
        Row("memory that 20 000 characters in one burst cost", "MiB", grown, None, 20),
        Row("digits lost of a scan of 13 in one burst", "digits", lost, None, 0),
    ]


def sell(program: Program, number: int) -> None:
    """Sell one top-up for cash: F3, operator, the line twice, value, F10, cash, Enter, F10."""
    line = f"679{90_000_000 + number:08d}"
    program.send(F3)
    program.until("1 Vivo")
    program.send("1" + line + line)
    program.until("R\\$ 15,00")
    program.send("2")
    program.until("Receba o pagamento")
    program.send(F10)
    program.until("Dinheiro")
    program.send("1\r")
    program.send(F10)
    program.until(SOLD)


def memory_rows(sales: int) -> list[Row]:
    """Measure the memory after many sales made by keys, beside what it was after the first ten."""
    with TemporaryDirectory() as name:
        config = Path(name) / "pos-tui.toml"
        config.write_text(SETTINGS, "utf-8")
        with (
            Program((*TILL, "--config", str(config)), {"POS_TUI_DATA_DIR": name}) as ours,
            Program(BLANK) as blank,
        ):
            ours.until(READY)
            blank.until("Cliente")
            for number in range(1, 11):
                sell(ours, number)
            ours.age(UPKEPT)
            ours.rest()
            first = ours.memory()
            for number in range(11, sales + 1):
                sell(ours, number)
            ours.rest()
            last, base = ours.memory(), blank.memory()
    return [
        Row(f"memory after {sales} sales (PSS)", "MiB", last, base, 1.3),
        Row(f"memory after {sales} sales beside after 10", "MiB", last, first, 1.05, "after 10 sales"),
    ]


def slow_line_rows() -> list[Row]:
    """Sell one top-up for cash over 9600 baud, and count its bytes."""
    with TemporaryDirectory() as name, till(Path(name), bytes_per_second=960) as ours:
        painted = ours.until(READY) - ours.started
        ours.rest()
        before, began = ours.written, time.monotonic()
        sell(ours, 1)
        ended = ours.last_change()
        sent = ours.written - before
    return [
        Row("9600 baud: start to the first screen", "s", painted, None, None),
        Row("9600 baud: a whole sale, 23 keys and 6 digits", "s", ended - began, None, None),
        Row("bytes of a whole sale", "bytes", sent, None, None),
    ]
