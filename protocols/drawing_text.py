"""How much room text takes in a drawing: an upper estimate, since nobody knows the reader's font."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_WIDTHS = {
    **dict.fromkeys("ijl|'.,:;!’ ", 0.34),
    **dict.fromkeys('frtI()[]-/"“”', 0.44),
    **dict.fromkeys("mwMW—…%@→", 1.0),
    **dict.fromkeys("ABCDEFGHJKLNOPQRSTUVXYZ", 0.76),
}  # of a wide sans serif such as DejaVu Sans, in units of the size
_OTHER = 0.63
SIZES = {
    "phase": 14.0,
    "phase-note": 12.0,
    "number": 14.0,
    "title": 14.0,
    "note": 12.0,
    "condition": 12.5,
    "told": 12.5,
    "start": 12.0,
    "foot-title": 14.0,
    "foot": 13.0,
}
"""The font size of each kind of text; the style sheet gives the same."""
_BOLD = ("phase", "number", "title", "foot-title")


@dataclass(frozen=True)
class Text:
    """One line. `x`, `y`: where its baseline begins. `kind`: one of SIZES."""

    x: float
    y: float
    line: str
    kind: str

    @property
    def area(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of the room it takes."""
        size = SIZES[self.kind]
        return self.x, self.y - size, self.x + width(self.line, self.kind), self.y + 0.25 * size


def clean(text: str) -> str:
    """The text without what no SVG file may hold."""
    return _CONTROL.sub(" ", text)


def width(text: str, kind: str) -> float:
    """At most so wide."""
    em = SIZES[kind] * (1.1 if kind in _BOLD else 1.0)
    return sum(_WIDTHS.get(character, _OTHER) for character in text) * em


def lines(text: str, kind: str, room: float) -> list[str]:
    """The text in lines no wider than `room`; longer words are cut."""
    found: list[str] = []
    for word in _words(text, kind, room):
        if found and width(f"{found[-1]} {word}", kind) <= room:
            found[-1] += f" {word}"
        else:
            found.append(word)
    return found


def paragraph(text: str, kind: str, x: float, y: float, room: float) -> list[Text]:
    """The text set from `y` (its top) downwards."""
    size = SIZES[kind]
    return [
        Text(x, round(y + size + number * size * 1.3, 1), line, kind)
        for number, line in enumerate(lines(text, kind, room))
    ]


def height(texts: list[Text]) -> float:
    """How much room set lines take from the top of the first to under the last."""
    if not texts:
        return 0.0
    size = SIZES[texts[-1].kind]
    return texts[-1].y + 0.25 * size - (texts[0].y - size)


def _words(text: str, kind: str, room: float) -> Iterator[str]:
    most = max(1, int(room / (SIZES[kind] * 1.1)))
    for word in filter(None, clean(text).split(" ")):
        if width(word, kind) <= room:
            yield word
        else:
            yield from (word[start : start + most] for start in range(0, len(word), most))
