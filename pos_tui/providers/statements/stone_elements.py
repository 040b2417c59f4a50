"""The elements of a Stone file as they end, each built and forgotten by itself."""

from typing import TYPE_CHECKING, NamedTuple, Protocol

from pos_tui.domain.statement import BadStatement

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

WHOLE = "StoneCode"
"""Written into each transaction: the merchant stands once, in the header."""
_TAKEN = frozenset({"Header", "Trailer", "Transaction", "Event", "Payment"})
_DEEPEST = 12


class Found(NamedTuple):
    """An element, the section it stands in, and where."""

    element: "Element"
    section: str
    line: int
    offset: int


class _Place(Protocol):
    """expat's own account of where it is."""

    CurrentLineNumber: int
    CurrentByteIndex: int


class Elements:
    """A parser's target: keeps what ended since the last look, and nothing else."""

    def __init__(self) -> None:
        from xml.etree.ElementTree import TreeBuilder

        self._new: type[TreeBuilder] = TreeBuilder
        self._builder: TreeBuilder | None = None
        self._open: list[str] = []
        self._done: list[Found] = []
        self._merchant = ""
        self._began = (0, 0)
        self._place: _Place | None = None
        self.ended = False
        """Whether the trailer was read."""

    def follow(self, place: _Place) -> None:
        """Tell lines and offsets by this."""
        self._place = place

    def take(self) -> list[Found]:
        """Return what ended since the last call."""
        done, self._done = self._done, []
        return done

    # The parser's calls

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        if len(self._open) > _DEEPEST:
            raise BadStatement("o XML tem elementos demais uns dentro dos outros", self._line)
        if self._builder is None and tag in _TAKEN and len(self._open) < 3:
            self._builder = self._new()
            self._began = (self._line, self._place.CurrentByteIndex if self._place else 0)
        self._open.append(tag)
        if self._builder is not None:
            self._builder.start(tag, {})

    def data(self, text: str) -> None:
        """Text between elements counts for nothing."""
        if self._builder is not None:
            self._builder.data(text)

    def end(self, tag: str) -> None:
        """An element ends."""
        self._open.pop()
        if self._builder is None:
            return
        self._builder.end(tag)
        if tag in _TAKEN and len(self._open) < 3:
            element = self._builder.close()
            self._builder = None
            self._finish(element)

    def close(self) -> None:
        """The document ends."""

    def _finish(self, element: "Element") -> None:
        from xml.etree.ElementTree import SubElement

        if element.tag == "Header":
            self._merchant = element.findtext("StoneCode") or ""
        elif element.tag == "Trailer":
            self.ended = True
        elif element.tag == "Transaction":
            SubElement(element, WHOLE).text = self._merchant
        section = self._open[-1] if self._open else ""
        self._done.append(Found(element, section, *self._began))

    @property
    def _line(self) -> int:
        return self._place.CurrentLineNumber if self._place else 0
