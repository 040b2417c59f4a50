"""XML from outside: no document types, no entities, nothing fetched, nothing deep."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_MAX_DEPTH = 32
"""Deeper than any provider's answer; deep trees overflow stacks far from here."""


def parse_xml(body: bytes, encoding: str) -> "Element | None":
    """Return the root element, or None when the text is not plain, well-formed XML.

    `encoding` holds for a document that declares none of its own.
    """
    # Imported here: only a till with an XML provider pays for it.
    from xml.etree.ElementTree import ParseError, TreeBuilder

    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import DefusedXMLParser

    class Shallow(TreeBuilder):
        depth = 0

        def start(self, tag: str, attrs: dict[str, str], /) -> "Element":
            self.depth += 1
            if self.depth > _MAX_DEPTH:
                raise ParseError
            return super().start(tag, attrs)

        def end(self, tag: str, /) -> "Element":
            self.depth -= 1
            return super().end(tag)

    declared = body.lstrip()[:5] == b"<?xml"
    parser = DefusedXMLParser(target=Shallow(), encoding=None if declared else encoding, forbid_dtd=True)
    try:
        parser.feed(body)
        root: Element = parser.close()
    except (ParseError, DefusedXmlException, ValueError, LookupError, AssertionError):
        return None
    return root


def child_text(parent: "Element", tag: str) -> str | None:
    """Return the text of the one direct child of that name, stripped; None when there is none or two.

    Only direct children: the same name further down means something else (facts/topup.md §17 e).
    """
    found = parent.findall(f"./{tag}")
    if len(found) != 1:
        return None
    return (found[0].text or "").strip()
