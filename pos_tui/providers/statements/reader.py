"""What readers of records share: header first, known records taken, unknown ones counted, trailer last."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from typing import BinaryIO, ClassVar

from pos_tui.domain.reconciliation import Acquirer
from pos_tui.domain.statement import BadStatement, Head, Item, Origin, SaleEvent, SalePart, Tail
from pos_tui.providers.statements.lines import RawLine, raw_lines
from pos_tui.providers.statements.records import Delimited, Record, Values, without_card

CUT_OFF = "o arquivo termina sem o registro de fim: veio cortado"
NOT_A_HEADER = "o arquivo não começa pelo cabeçalho do leiaute"


class Reader(ABC):
    """Reads one file of one layout; a new reader for each file."""

    LAYOUT: ClassVar[str]
    ACQUIRER: ClassVar[Acquirer]
    RECORDS: ClassVar[Mapping[str, Record | Delimited]]
    HEADER: ClassVar[str]
    TRAILER: ClassVar[str]
    TAG: ClassVar[slice] = slice(0, 1)
    CARDS: ClassVar[Mapping[str, tuple[int, int]]] = {}
    """Where a card number stands, by type of record."""

    def __init__(self) -> None:
        self.tail = Tail()

    def items(self, file: BinaryIO) -> Iterator[Item]:
        """Yield what the file says. Raises BadStatement; what was yielded until then must be dropped."""
        last, ended = 0, False
        for line in raw_lines(file, self.tail.notes):
            tag = self.tag_of(line)
            if ended:
                raise BadStatement("há registros depois do fim do arquivo", line.number)
            if last == 0 and tag != self.HEADER:
                raise BadStatement(NOT_A_HEADER, line.number)
            last = line.number
            self.tail.records += 1
            record = self.RECORDS.get(tag)
            if record is None:
                self.tail.skipped[tag] = self.tail.skipped.get(tag, 0) + 1
                continue
            values = record.parse(line)
            ended = tag == self.TRAILER
            try:
                yield from self._said(tag, values, line)
            except ValueError as error:
                # A column that is read one way or another by what the rest of its record says.
                raise BadStatement(str(error), line.number) from None
        if not ended:
            raise BadStatement(CUT_OFF, last)
        yield self.tail

    def _said(self, tag: str, values: Values, line: RawLine) -> Iterable[Item]:
        if tag == self.HEADER:
            return [self.head(values, line)]
        if tag == self.TRAILER:
            self.close(values, line)
            return []
        return self.take(tag, values, line)

    def tag_of(self, line: RawLine) -> str:
        """Return the type of a record."""
        return line.text[self.TAG]

    @abstractmethod
    def head(self, values: Values, line: RawLine) -> Head:
        """Read the header."""

    @abstractmethod
    def take(self, tag: str, values: Values, line: RawLine) -> Iterable[SalePart | SaleEvent]:
        """Read a record between header and trailer."""

    @abstractmethod
    def close(self, values: Values, line: RawLine) -> None:
        """Compare the trailer with what was read. Raises BadStatement."""

    def origin(self, tag: str, line: RawLine) -> Origin:
        """Return where a record stands, without its card number."""
        at = self.CARDS.get(tag)
        return Origin(line.number, line.offset, without_card(line.text, *at) if at else line.text)

    def expect(self, told: int, counted: int, line: RawLine, label: str) -> None:
        """Raises BadStatement when the trailer's count is not ours."""
        if told != counted:
            raise BadStatement(f"o fim do arquivo diz {told} e foram lidos {counted}", line.number, label)
