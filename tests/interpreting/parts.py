"""A translator at the port that knows a few sentences, and turns of a talk through an interpreter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import count

from web.interpreting.model import English, Said
from web.translation.engine import NoRoute
from web.translation.model import Translation

_IDS = count(1)


class Phrasebook:
    """Translates what it holds, and everything else to itself; without entries it has no route."""

    def __init__(self, entries: Mapping[str, str] | None = None) -> None:
        self.entries = dict(entries or {})
        self.asked: list[tuple[str, str, str]] = []

    def routes(self, source: str, target: str) -> None:
        """Nothing is installed, as far as the room is concerned."""

    def translate_many(
        self, texts: Sequence[str], source: str, target: str, keep: Sequence[str] = ()
    ) -> list[Translation]:
        self.asked += [(text, source, target) for text in texts]
        if not self.entries:
            raise NoRoute(source, target)
        return [Translation(self.entries.get(text, text), (source, target), (), ()) for text in texts]


def said(speaker: str, text: str, language: str | None = None, english: English | None = None) -> Said:
    number = next(_IDS)
    language = language or ("uk" if speaker == "child" else "en")
    return Said(f"t{number}", number, speaker, text, language, "ltr", english)


def asked(text: str) -> Said:
    return said("interviewer", text)


def told(text: str) -> Said:
    return said("child", text)


def to_child(text: str) -> Said:
    return said("interpreter", text, "uk")


def to_interviewer(text: str) -> Said:
    return said("interpreter", text, "en")
