"""How a printer is asked for its state, by the question its command set knows."""

import time

from pos_tui.printing.answers import (
    Condition,
    PrinterStatus,
    read_bematech,
    read_daruma,
    read_status,
    realtime,
)
from pos_tui.printing.profiles import StatusBy
from pos_tui.printing.transports import Connection


def ask(connection: Connection, by: StatusBy, seconds: float) -> PrinterStatus:
    """Ask for the state; each answer may take so many seconds. No answer counts as switched off."""
    try:
        match by:
            case StatusBy.NONE:
                return PrinterStatus(Condition.SILENT)
            case StatusBy.DLE_EOT:
                one, two, three, four = (_realtime(connection, number, seconds) for number in (1, 2, 3, 4))
                return read_status((one, two, three, four))
            case StatusBy.BEMATECH:
                return read_bematech(_exchange(connection, b"\x1d\xf81", 5, seconds))
            case StatusBy.DARUMA:
                enq = _exchange(connection, b"\x05", 1, seconds)
                extended = _exchange(connection, b"\x1d\x05", 1, seconds)
                return read_daruma(enq[0], extended[0])
    except OSError:
        return PrinterStatus(Condition.OFF)


def _realtime(connection: Connection, number: int, seconds: float) -> int:
    """Ask `DLE EOT number` and return its one valid byte. Raises OSError when none comes."""
    connection.send(bytes((0x10, 0x04, number)), seconds)
    until = time.monotonic() + seconds
    heard = b""
    while (left := until - time.monotonic()) > 0:
        heard += connection.receive(left)
        if answers := realtime(heard):
            return answers[-1]
    raise TimeoutError(f"DLE EOT {number}")


def _exchange(connection: Connection, question: bytes, size: int, seconds: float) -> bytes:
    """Ask and return exactly so many bytes. Raises OSError when fewer come."""
    connection.send(question, seconds)
    until = time.monotonic() + seconds
    heard = b""
    while (left := until - time.monotonic()) > 0:
        heard += connection.receive(left)
        if len(heard) >= size:
            return heard[:size]
    raise TimeoutError(question.hex())
