"""A translator at the port, with its worker in this process: what it knows it translates, word for word."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy import select

from tests.interview.parts import Room, code_as, force
from web.interview.turns import TurnIn
from web.language.model import Coding as Code
from web.language.model import Speaker
from web.language.model import Turn as Said
from web.recording.translating import TurnTranslator
from web.store import Coding, DialogueLabel, Heartbeat, Interview, Turn
from web.store.base import new_id, now
from web.translation import NoRoute, PackageRef, Route, Translation

UKRAINIAN = {
    "Він штовхнув мене зі сходів": "he pushed me down the stairs",
    "ми були на озері": "we were at the lake",
    "так": "yes",
    "Розкажи мені про це": "Tell me about that",
    "Він тебе торкнувся?": "Did he touch you?",
}
SWEDISH = {"Berätta om det": "Tell me about that"}


@dataclass
class Phrasebook:
    """Stands for web.translation.Translator. `ways` are the pairs of languages it has packages for."""

    ways: set[tuple[str, str]] = field(default_factory=lambda: {("uk", "en"), ("en", "uk"), ("sv", "en")})
    phrases: Mapping[str, str] = field(default_factory=lambda: {**UKRAINIAN, **SWEDISH})
    asked: list[tuple[str, str, tuple[str, ...]]] = field(default_factory=list)
    kept: list[tuple[str, ...]] = field(default_factory=list)
    warnings: tuple[str, ...] = ("length",)

    def routes(self, source: str, target: str) -> Route | None:
        pair = (source.split("-", maxsplit=1)[0], target.split("-", maxsplit=1)[0])
        return Route(pair, (PackageRef("p", "1", "0" * 64),)) if pair in self.ways else None

    def translate_many(
        self, texts: Sequence[str], source: str, target: str, keep: Sequence[str] = ()
    ) -> list[Translation]:
        route = self.routes(source, target)
        if route is None:
            raise NoRoute(source, target)
        self.asked += [(source, target, tuple(texts))]
        self.kept += [tuple(keep)]
        return [
            Translation(
                self.phrases.get(text, f"{target}: {text}"), route.languages, route.packages, self.warnings
            )
            for text in texts
        ]


def turn_translator(room: Room, book: Phrasebook) -> TurnTranslator:
    return TurnTranslator(room.database, room.vault, book)  # type: ignore[arg-type]


def two_languages(room: Room, book: Phrasebook | None = None, *, worker: bool = True) -> TurnTranslator:
    """Let the room's service be the worker's, that translates; or, without, one that has nobody to."""
    book = book or Phrasebook()
    made = turn_translator(room, book)
    room.service._pipeline._translates = lambda language: book.routes(language, "en") is not None
    if worker:
        room.service.translate_here(made.for_the_coder)
    return made


def beat(room: Room) -> None:
    """The worker gives a sign of life."""
    with room.database.write() as session:
        session.merge(Heartbeat(name="worker", at=now(), state="ready", detail={}))


PUSHED = "Він штовхнув мене зі сходів"
MARK = force("pushed me", 3)


def add_marks(room: Room) -> None:
    """Let the plain coder mark every turn that speaks of pushing, whoever says it, as the port allows."""

    def pushed(turn: Said, coding: Code) -> Code:
        told = "pushed me" in turn.text and turn.speaker is Speaker.CHILD
        return replace(coding, indicators=(MARK,)) if told else coding

    code_as(room, pushed)


def events(room: Room, interview: Interview, kind: str) -> list[dict[str, object]]:
    return [event.payload for event in room.service.history(interview.id) if event.kind.value == kind]


def codings(room: Room) -> list[Coding]:
    with room.database.read() as session:
        return list(session.scalars(select(Coding).join(Turn).order_by(Turn.number, Coding.layer)))


def labels(room: Room) -> list[dict[str, object]]:
    with room.database.read() as session:
        return list(session.scalars(select(DialogueLabel.label).order_by(DialogueLabel.number)))


def interpret(room: Room, interview: Interview, text: str, language: str) -> None:
    turn = TurnIn(new_id(), "interpreter", text, language=language)
    room.service.add_turn(interview.id, room.user.id, turn)


def turn_id(room: Room, number: int) -> str:
    with room.database.read() as session:
        return session.scalars(select(Turn.id).where(Turn.number == number)).one()
