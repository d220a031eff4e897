"""XML from strangers: no document type, so that entities cannot even be declared, and no end of elements."""

from __future__ import annotations

from typing import Any
from xml.etree.ElementTree import ParseError, TreeBuilder

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import XMLParser

from web.importing.model import BadTranscript

MOST_PARTS = 1_000_000  # elements and attributes, about 150 MB; a thousand pages of Word have fewer
DEEPEST = 200
LONGEST_TAG = 128 * 1024  # bytes without a "<"; expat has built all attributes of a tag before anybody counts


class _Bounded(TreeBuilder):
    def __init__(self) -> None:
        super().__init__()
        self._count = self._depth = 0

    def start(self, tag: str, attributes: dict[str, str], /) -> Any:
        self._count += 1 + len(attributes)
        self._depth += 1
        if self._count > MOST_PARTS or self._depth > DEEPEST:
            raise BadTranscript("too_large_inside")
        return super().start(tag, attributes)

    def end(self, tag: str, /) -> Any:
        self._depth -= 1
        return super().end(tag)


def tree(content: bytes) -> Any:
    """The root element. Raises BadTranscript."""
    if any(
        content.find(b"<", at, at + LONGEST_TAG) < 0
        for at in range(0, len(content) - LONGEST_TAG, LONGEST_TAG)
    ):
        raise BadTranscript("too_large_inside")
    parser = XMLParser(target=_Bounded(), forbid_dtd=True)
    try:
        parser.feed(content)
        return parser.close()
    except DefusedXmlException:
        raise BadTranscript("entities") from None
    except ParseError as error:
        raise BadTranscript("bad_xml", error.position[0]) from None
    except BadTranscript:
        raise
    except (ValueError, LookupError):  # an encoding nobody knows
        raise BadTranscript("bad_xml") from None
