"""The conciliator of training: answers a remessa with the return a real one sends, true or spoiled on demand.

The remessa's shape is the return's (`statements.teiacard`), so an answer is the remessa with its direction
turned and, where a fault was chosen, one sale told otherwise.
"""

from collections.abc import Iterable, Iterator
from enum import StrEnum

from pos_tui.providers.statements.records import Column
from pos_tui.providers.statements.teiacard import RECORDS, RETORNO


class Fault(StrEnum):
    """What a return may say that the counter does not; each spoils the next sale that is answered."""

    AUTHORISATION = "authorisation"
    AMOUNT = "amount"
    MISSING = "missing"


def answer(remessa: Iterable[str], faults: list[Fault]) -> list[str]:
    """Return the records of a return for those of a remessa; a fault that was used leaves `faults`."""
    records: list[str] = []
    sales = gross = 0
    for line in remessa:
        kind = line[7:8]
        if kind == "0":
            line = _put("0", "direction", line, str(RETORNO))
        elif kind == "1":
            sales = gross = 0
        elif kind == "2":
            told = _sale(line, faults.pop(0) if faults else None)
            if told is None:
                continue
            line = told
            sales, gross = sales + 1, gross + int(_get("2V", "amount", line))
        elif kind == "3":
            line = _put("3", "gross", _put("3", "sales", line, str(sales)), str(gross))
        elif kind == "9":
            line = _put("9", "count", line, str(len(records) + 1))
        records.append(line)
    return records


def lines_of(content: str) -> Iterator[str]:
    """Yield the records of a file."""
    return (line for line in content.splitlines() if line)


def _sale(line: str, fault: Fault | None) -> str | None:
    if fault is Fault.MISSING:
        return None
    if fault is Fault.AMOUNT:
        return _put("2V", "amount", line, str(int(_get("2V", "amount", line)) + 100))
    if fault is Fault.AUTHORISATION:
        told = _get("2V", "authorisation", line).strip()
        last = "2" if told[-1:] == "1" else "1"
        return _put("2V", "authorisation", line, (told[:-1] + last).ljust(10))
    return line


def _get(record: str, name: str, line: str) -> str:
    column = _column(record, name)
    return line[column.start - 1 : column.end]


def _put(record: str, name: str, line: str, value: str) -> str:
    column = _column(record, name)
    width = column.end - column.start + 1
    return line[: column.start - 1] + value.rjust(width, "0")[:width] + line[column.end :]


def _column(record: str, name: str) -> Column:
    return next(one for one in RECORDS[record].columns if one.name == name)
