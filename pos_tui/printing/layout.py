"""From a receipt to lines for paper of 32, 42 or 48 columns.

Pure: the preview on the screen, the text in the log and the bytes for the printer come from the same rows.
"""

import textwrap
from collections.abc import Iterator
from typing import TypeAlias

from msgspec import Struct

from pos_tui.domain.values import replace
from pos_tui.printing.letters import to_paper
from pos_tui.printing.receipt import (
    Align,
    Blank,
    Block,
    Copy,
    Itf,
    Kind,
    PageSample,
    Pair,
    QrCode,
    Receipt,
    Rule,
    Size,
    Table,
    Text,
    Verbatim,
)

CONDENSED = {32: 42, 42: 56, 48: 64}
"""Columns of font A and what font B gives on the same paper (facts/printing.md §2)."""

NOT_FISCAL = "NÃO É DOCUMENTO FISCAL"
TRAINING = "TREINAMENTO - SEM VALOR"
REPRINT = "2ª VIA - REIMPRESSÃO"
CHANGED = "Letras trocadas na impressão"


class Line(Struct, frozen=True):
    """One line of text, already padded to where it stands; a BIG one in its own double columns."""

    text: str = ""
    bold: bool = False
    size: Size = Size.NORMAL
    condensed: bool = False
    """Font B: more columns on the same paper."""
    lost: int = 0
    """Characters that had to be changed to be printable."""


Row: TypeAlias = Line | QrCode | Itf | PageSample


def rows(receipt: Receipt, columns: int) -> list[Row]:
    """Lay a receipt out. `columns` is 32, 42 or 48: the width of font A.

    The marks every paper must carry (not fiscal, training, reprint, whose copy) are added here, so that no
    kind of paper can forget them; and how many letters had to be changed, so that nobody takes a name
    spelt otherwise for the name.
    """
    if columns not in CONDENSED:
        raise ValueError(f"columns: {columns}")
    if receipt.kind is Kind.DRAWER:
        return []
    above = [row for block in (*_head(receipt), *receipt.blocks) for row in _rows(block, columns)]
    return above + [row for block in _foot(receipt, lost(above)) for row in _rows(block, columns)]


def width(row: Row, columns: int) -> int:
    """Return how many characters fit on this row's line."""
    if isinstance(row, Line) and row.condensed:
        return CONDENSED[columns]
    return columns // 2 if isinstance(row, Line) and row.size is Size.BIG else columns


def as_text(receipt: Receipt, columns: int) -> str:
    """Return the preview: one text line per paper line; codes are named in brackets."""
    return "\n".join(_preview(row, columns) for row in rows(receipt, columns)) + "\n"


def sample_text(sample: PageSample) -> str:
    """Return what a page sample shows: its number and the letters that differ between pages."""
    text = f"{sample.page:>2} {sample.codec} ãõç áéíóú âêô ªº§"
    return text.encode(sample.codec, errors="replace").decode(sample.codec)


def lost(laid_out: list[Row]) -> int:
    """Return how many characters could not be printed as they were."""
    return sum(row.lost for row in laid_out if isinstance(row, Line))


def _head(receipt: Receipt) -> Iterator[Block]:
    yield Text(NOT_FISCAL, Align.CENTRE, bold=True)
    if receipt.training:
        yield Text(TRAINING, Align.CENTRE, bold=True, size=Size.TALL)
    if receipt.reprint is not None:
        mark = receipt.reprint
        yield Text(REPRINT, Align.CENTRE, bold=True, size=Size.TALL)
        yield Text(f"Via nº {mark.number}, reimpressa em {mark.at} por {mark.by}", Align.CENTRE)
    if receipt.copy is not Copy.NONE:
        yield Text(receipt.copy.value, Align.CENTRE, bold=True)
    yield Blank()


def _foot(receipt: Receipt, changed: int) -> Iterator[Block]:
    if changed:
        yield Text(f"{CHANGED}: {changed}", Align.CENTRE)
    yield Rule()
    if receipt.training:
        yield Text(TRAINING, Align.CENTRE, bold=True)
    if receipt.reprint is not None:
        yield Text(REPRINT, Align.CENTRE, bold=True)
    yield Text(NOT_FISCAL, Align.CENTRE, bold=True)


def _rows(block: Block, columns: int) -> Iterator[Row]:
    match block:
        case Text():
            yield from _text(block, columns)
        case Pair():
            yield from _pair(block, columns)
        case Rule():
            yield Line(("=" if block.double else "-") * columns)
        case Blank():
            yield from (Line() for _ in range(block.lines))
        case Verbatim():
            yield from _verbatim(block, columns)
        case Table():
            yield from _table(block, columns)
        case QrCode() | Itf() | PageSample():
            yield block


def _text(block: Text, columns: int) -> Iterator[Line]:
    room = columns // 2 if block.size is Size.BIG else columns
    text, changed = to_paper(block.text)
    lines = [
        Line(_placed(part, room, block.align), bold=block.bold, size=block.size)
        for part in _wrapped(text, room)
    ]
    yield from _counting(lines, changed)


def _pair(block: Pair, columns: int) -> Iterator[Line]:
    label, changed = to_paper(block.label)
    value, more = to_paper(block.value)
    *above, last = _wrapped(label, columns) if label else [""]
    texts = above
    if len(last) + 1 + len(value) <= columns:
        texts.append(f"{last}{value.rjust(columns - len(last))}" if value else last)
    elif len(value) <= columns:
        texts += [last, value.rjust(columns)]
    else:
        texts += [last, *(f"  {part}" for part in _wrapped(value, columns - 2))]
    yield from _counting([Line(text, bold=block.bold) for text in texts], changed + more)


def _verbatim(block: Verbatim, columns: int) -> Iterator[Line]:
    """Keep each line whole: in font B when one of them is too long for font A, cut only beyond that."""
    papers = [to_paper(line) for line in block.lines]
    condensed = any(len(text) > columns for text, _ in papers)
    room = CONDENSED[columns] if condensed else columns
    for text, changed in papers:
        parts = [text[start : start + room] for start in range(0, len(text), room)] or [""]
        yield from _counting([Line(part.rstrip(), condensed=condensed) for part in parts], changed)


def _table(block: Table, columns: int) -> Iterator[Line]:
    """Side by side in font A, else in font B, else each row as labelled values."""
    papers = [[to_paper(cell) for cell in row] for row in (block.header, *block.rows)]
    texts = [[text for text, _ in row] for row in papers]
    changed = [sum(count for _, count in row) for row in papers]
    widths = [max(len(row[index]) for row in texts) for index in range(len(block.header))]
    total = sum(widths) + len(widths) - 1
    if total > CONDENSED[columns]:
        for row, count in zip(texts[1:], changed[1:], strict=True):
            pairs = [Pair(label, cell) for label, cell in zip(texts[0], row, strict=True) if cell]
            lines = [line for pair in pairs for line in _pair(pair, columns)]
            yield from _counting([*lines, Line()], count)
        return
    for number, (row, count) in enumerate(zip(texts, changed, strict=True)):
        cells = [
            cell.rjust(room) if index in block.right else cell.ljust(room)
            for index, (cell, room) in enumerate(zip(row, widths, strict=True))
        ]
        text = " ".join(cells).rstrip()
        yield Line(text, bold=number == 0, condensed=total > columns, lost=count)


def _wrapped(text: str, room: int) -> list[str]:
    return textwrap.wrap(text, room, break_on_hyphens=False) or [""]


def _placed(text: str, room: int, align: Align) -> str:
    """Pad at the left only: trailing spaces cost bytes and show nothing."""
    if align is Align.CENTRE:
        return " " * ((room - len(text)) // 2) + text
    return text.rjust(room) if align is Align.RIGHT else text


def _counting(lines: list[Line], changed: int) -> list[Line]:
    return [replace(lines[0], lost=changed), *lines[1:]]


def _preview(row: Row, columns: int) -> str:
    match row:
        case Line(size=Size.BIG):
            text = row.text.lstrip()
            return " " * (2 * (len(row.text) - len(text))) + text
        case Line():
            return row.text
        case QrCode():
            return "[código QR]".center(columns).rstrip()
        case Itf():
            return "[código de barras]".center(columns).rstrip()
        case PageSample():
            return sample_text(row)
