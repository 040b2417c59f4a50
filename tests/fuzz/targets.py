"""What is fuzzed: each target takes bytes and fails by raising what its reader never promised.

Two kinds: every way out through the one sanitiser, and every reader of a text from outside.
"""

import io
import logging
import re
import unicodedata
from collections.abc import Callable
from datetime import date
from typing import Final

from pos_tui.domain import boleto, brcode
from pos_tui.domain.outcome import Done, NotSent, Refused, Uncertain
from pos_tui.domain.phone import Mobile
from pos_tui.domain.statement import BadStatement, Tail
from pos_tui.domain.text import clean, clean_line, fold, to_ascii, visible
from pos_tui.domain.topup import ReserveRequest
from pos_tui.logs import Masked
from pos_tui.printing.layout import Line, as_text, rows
from pos_tui.printing.profiles import PROFILES
from pos_tui.printing.receipt import Kind, Pair, QrCode, Receipt, Text, Verbatim
from pos_tui.printing.render import render
from pos_tui.providers.base import ReserveRef
from pos_tui.providers.http import Exchange, Response
from pos_tui.providers.recurring.asaas_notice import read_notice
from pos_tui.providers.safe_json import parse_json
from pos_tui.providers.statements.catalogue import reader_for
from pos_tui.providers.subscribers.note_xml import read_note
from pos_tui.providers.tef.codec import IntposError, decode
from pos_tui.providers.tef.reply import printed_copies, read_reply, reply_of
from pos_tui.providers.topup.rv import RvProvider
from pos_tui.reports.report import safe_cell

CONTROLS: Final = frozenset(map(chr, [*range(32), *range(127, 160)]))
HIDING: Final = frozenset("\u200b\u200e\u200f\u2028\u2029\u202a\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
"""Characters that make one text read as another."""
COMMANDS: Final = re.compile(rb"\x1b[@]|\x1b[tEMad!].|\x1bp...|\x1d[!Vr].", re.DOTALL)
"""Of ESC/POS, with their parameters: what remains of a job is text."""
FORMULA: Final = ("=", "+", "@", "\t", "\r")
ASKED: Final = ReserveRequest("7", Mobile("67", "999991234"), "2088", "V1500", 1500, "1", "Ana")
REF: Final = ReserveRef("7", "42")
_LOG: Final = Masked("%(message)s")


def _text(data: bytes) -> str:
    """Every code point can come: what is no UTF-8 is taken as UTF-16, surrogates and all."""
    try:
        return data.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return data.decode("utf-16-le", "surrogatepass" if len(data) % 2 == 0 else "replace")


def sanitiser(data: bytes) -> None:
    """One line, NFC, nothing that steers or hides, and clean of what is clean already."""
    text = _text(data)
    for cleaned in (clean(text), clean_line(text), clean(text, 7)):
        assert not (CONTROLS | HIDING) & set(cleaned)
        assert not any(unicodedata.category(char)[0] == "C" for char in cleaned)
        assert unicodedata.is_normalized("NFC", cleaned)
    assert clean(clean(text)) == clean(text)
    assert len(clean(text, 7)) <= 7
    assert to_ascii(text).isascii()
    assert fold(clean(text)) == fold(text)


def screen(data: bytes) -> None:
    """The last gate before the terminal."""
    assert not (CONTROLS | HIDING) & set(visible(_text(data)))


def paper(data: bytes) -> None:
    """As the preview shows it and as the printer gets it: no byte of a text is a command."""
    text = _text(data)
    receipt = Receipt(Kind.SALE, (Text(text), Pair("Cliente", text), Verbatim((text,))))
    assert Receipt.from_json(receipt.to_json()) == receipt
    assert not (CONTROLS | HIDING) & set(as_text(receipt, 32).replace("\n", ""))
    rendered = render(receipt, PROFILES["epson-tm-t20"], 42).payload
    lines = [row.text for row in rows(receipt, 42) if isinstance(row, Line)]
    assert COMMANDS.sub(b"", rendered).decode("cp850") == "".join(f"{line}\n" for line in lines)


def log(data: bytes) -> None:
    """One record begins one line, and nothing in it steers the terminal that shows it."""
    told = _LOG.format(logging.LogRecord("x", logging.ERROR, "", 0, "veio %s", (_text(data),), None))
    first, *rest = told.split("\n")
    assert first.startswith("veio") and all(line.startswith("  ") for line in rest)
    assert not (CONTROLS | HIDING) & set(told.replace("\n", ""))


def table(data: bytes) -> None:
    """A cell that no spreadsheet calculates."""
    cell = safe_cell(_text(data))
    assert not (CONTROLS | HIDING) & set(cell)
    assert not cell.startswith(FORMULA)
    assert not cell.startswith("-") or cell[1:].replace(".", "").replace(",", "").isdigit()


def brcode_read(data: bytes) -> None:
    """An EMV code, its checksum right."""
    text = data.decode("latin-1")
    sealed = brcode.seal(text) if text.isascii() else text
    try:
        code = brcode.parse(sealed)
    except brcode.BRCodeError:
        return
    assert (code.amount is None or code.amount > 0) and code.name and code.city
    if not any(char < " " for char in sealed):
        QrCode(sealed)


def boleto_read(data: bytes) -> None:
    """A line typed or scanned."""
    try:
        found = boleto.read(data.decode("latin-1"), date(2026, 11, 29))
    except boleto.BoletoError:
        return
    assert found.punctuated


def tef(data: bytes) -> None:
    """A manager's answer, and what is kept of it."""
    try:
        reply = reply_of(decode(data))
    except IntposError:
        return
    again = read_reply(reply.raw)
    assert (again.number, again.total, again.settlement) == (reply.number, reply.total, reply.settlement)
    Receipt(Kind.SALE, tuple(Verbatim(copy) for copy in printed_copies(reply) if copy))


def statement(data: bytes) -> None:
    """Refused by name, or read to its tail."""
    items: list[object] = []
    try:
        items.extend(reader_for(data[:4096]).items(io.BytesIO(data)))
    except BadStatement:
        return
    assert isinstance(items[-1], Tail)


class _Answered(Exchange):
    """A wire that brings one answer."""

    def __init__(self, body: bytes) -> None:
        super().__init__("http://127.0.0.1:9")
        self._body = body

    def send(self, *_: object, **__: object) -> Response:
        return Response(200, self._body, {})


def rv(data: bytes) -> None:
    """Every operation, answered by this: an outcome always, and never one of another purchase."""
    provider = RvProvider("http://127.0.0.1:9", "loja", "caixa", lambda: "")
    provider._exchange = _Answered(data)
    for outcome in (
        provider.reserve(ASKED),
        provider.confirm(REF),
        provider.cancel(REF),
        provider.status(REF),
    ):
        assert isinstance(outcome, Done | Refused | NotSent | Uncertain)
        assert not isinstance(outcome, Done) or outcome.answer.key in ("7", "")
    for listed in (provider.offers(), provider.pendings(), provider.balance()):
        assert isinstance(listed, Done | Refused | NotSent | Uncertain)


def note(data: bytes) -> None:
    """A fiscal note, a notice and any JSON: read, or None."""
    read_note(data)
    read_notice(data)
    parse_json(data)


TARGETS: Final[dict[str, Callable[[bytes], None]]] = {
    one.__name__: one
    for one in (sanitiser, screen, paper, log, table, brcode_read, boleto_read, tef, statement, rv, note)
}
