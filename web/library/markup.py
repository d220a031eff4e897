"""Texts of the library as HTML: slots set apart, cited works linked. Everything else is escaped."""

from __future__ import annotations

import re

from markupsafe import Markup, escape

from protocols.library import Library
from web.library.naming import say
from web.library.service import CITED

_SLOT = re.compile(r"\{([^{}]*)\}")


def with_slots(text: str, library: Library) -> Markup:
    """Each `{slot}` as what belongs there, isolated from the direction of the words around it."""
    pieces = _SLOT.split(text)
    for place in range(1, len(pieces), 2):
        slot = library.vocabulary.slots.get(pieces[place])
        means = say(slot.means) if slot else pieces[place]
        pieces[place] = Markup('<bdi class="slot">[{}]</bdi>').format(means)
    return Markup("").join(escape(piece) for piece in pieces)


def with_links(text: str) -> Markup:
    """Each [S:n] leads to its work at the end of the page."""
    pieces = CITED.split(text)
    for place in range(1, len(pieces), 2):
        mark = pieces[place]
        pieces[place] = Markup('<a href="#{}">[{}]</a>').format(anchor(mark), mark)
    return Markup("").join(escape(piece) for piece in pieces)


def cited(text: str) -> list[str]:
    """The marks of the works that a text cites."""
    return CITED.findall(text)


def anchor(mark: str) -> str:
    return f"source-{mark.replace(':', '-')}"


def without_marks(text: str) -> str:
    """For where the works are not listed."""
    return CITED.sub("", text).strip()
