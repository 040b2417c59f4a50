"""What a printer says of itself: the bytes of `DLE EOT`, `GS r` and ASB told apart, and put in words."""

from collections.abc import Iterable
from enum import StrEnum

from msgspec import Struct


class Condition(StrEnum):
    """The state of the printer, in the words of the status line."""

    OK = "OK"
    PAPER_LOW = "POUCO PAPEL"
    PAPER_OUT = "SEM PAPEL"
    COVER_OPEN = "TAMPA ABERTA"
    FAULT = "COM ERRO"
    """Cutter jam or a fault that only the printer's own lamp explains."""
    OFF = "DESLIGADA"
    """Cannot be reached, or says it is off line."""
    SILENT = "NÃO INFORMA"
    """It can be reached, and is of a kind that never tells its state."""


ADVICE: dict[Condition, str] = {
    Condition.OK: "A impressora está pronta.",
    Condition.PAPER_LOW: "O papel da impressora está acabando: tenha uma bobina à mão.",
    Condition.PAPER_OUT: "A impressora está sem papel: troque a bobina.",
    Condition.COVER_OPEN: "A tampa da impressora está aberta: feche-a.",
    Condition.FAULT: "A impressora acusa um erro: confira a guilhotina, desligue e ligue a impressora.",
    Condition.OFF: "A impressora não responde: confira se está ligada e se o cabo está firme.",
    Condition.SILENT: "A impressora não informa o seu estado.",
}
_BLOCKING = {Condition.PAPER_OUT, Condition.COVER_OPEN, Condition.FAULT, Condition.OFF}


class PrinterStatus(Struct, frozen=True):
    """The printer's state and the bytes it was read from, for the journal."""

    condition: Condition
    raw: bytes = b""

    @property
    def word(self) -> str:
        """The condition as the status line shows it."""
        return self.condition.value

    @property
    def advice(self) -> str:
        """What happened and what to do, in Portuguese."""
        return ADVICE[self.condition]

    @property
    def quiet(self) -> bool:
        """Whether there is nothing to say about it."""
        return self.condition in (Condition.OK, Condition.SILENT)

    @property
    def ready(self) -> bool:
        """Whether a job may be sent."""
        return self.condition not in _BLOCKING


def read_status(answers: tuple[int, int, int, int]) -> PrinterStatus:
    """Read the four valid bytes of `DLE EOT 1` to `4` (Epson's bit table, facts/printing.md §1.6)."""
    printer, cause, error, paper = answers
    raw = bytes(answers)
    if paper & 0x60 or cause & 0x20:
        return PrinterStatus(Condition.PAPER_OUT, raw)
    if cause & 0x04:
        return PrinterStatus(Condition.COVER_OPEN, raw)
    if cause & 0x40 or error & 0x68:
        return PrinterStatus(Condition.FAULT, raw)
    if printer & 0x08:
        return PrinterStatus(Condition.OFF, raw)
    return PrinterStatus(Condition.PAPER_LOW if paper & 0x0C else Condition.OK, raw)


def read_bematech(answer: bytes) -> PrinterStatus:
    """Read the five bytes of `GS F8h 1` (ESC/Bema)."""
    line, paper = answer[0], answer[1]
    if paper & 0x24:
        return PrinterStatus(Condition.PAPER_OUT, answer)
    if not paper & 0x80:
        return PrinterStatus(Condition.COVER_OPEN, answer)
    if paper & 0x40:
        return PrinterStatus(Condition.FAULT, answer)
    if line & 0x08:
        return PrinterStatus(Condition.OFF, answer)
    return PrinterStatus(Condition.PAPER_LOW if paper & 0x02 else Condition.OK, answer)


def read_daruma(enq: int, extended: int) -> PrinterStatus:
    """Read the bytes of `ENQ` and `GS ENQ` (Daruma)."""
    raw = bytes((enq, extended))
    if enq & 0x20 or extended & 0x02:
        return PrinterStatus(Condition.PAPER_OUT, raw)
    if enq & 0x80:
        return PrinterStatus(Condition.COVER_OPEN, raw)
    if enq & 0x08 or extended & 0x40:
        return PrinterStatus(Condition.FAULT, raw)
    if not enq & 0x10 or extended & 0x08:
        return PrinterStatus(Condition.OFF, raw)
    return PrinterStatus(Condition.PAPER_LOW if extended & 0x01 else Condition.OK, raw)


def realtime(data: Iterable[int]) -> list[int]:
    """Pick the answers to `DLE EOT`: bits 0xx1xx10."""
    return [byte for byte in _without_asb(data) if byte & 0x93 == 0x12]


def proofs(data: Iterable[int]) -> list[int]:
    """Pick the answers to `GS r 1`: bits 0xx0xxxx."""
    return [byte for byte in _without_asb(data) if byte & 0x90 == 0]


def _without_asb(data: Iterable[int]) -> Iterable[int]:
    """Drop the four-byte blocks a printer with automatic status mixes in: 0xx1xx00 and three more.

    The three would pass for answers to `GS r`.
    """
    skip = 0
    for byte in data:
        if skip:
            skip -= 1
        elif byte & 0x93 == 0x10:
            skip = 3
        else:
            yield byte
