"""The words this package speaks in: a turn goes in, a coding comes out.

Values follow the coding manual (docs/coding.md): layer 1 is one type and subtype per
interviewer turn, layer 2 any number of flags, each with a reason a person can check.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any


class Speaker(StrEnum):
    INTERVIEWER = "interviewer"
    CHILD = "child"
    INTERPRETER = "interpreter"

    @property
    def across(self) -> Speaker:
        """Whom this speaker answers or asks: the child for an interviewer, else the interviewer."""
        return Speaker.CHILD if self is Speaker.INTERVIEWER else Speaker.INTERVIEWER


class QuestionType(StrEnum):
    INVITATION = "invitation"
    WH = "wh"
    YES_NO = "yes_no"
    CHOICE = "choice"
    NON_QUESTION = "non_question"


class Response(StrEnum):
    NARRATIVE = "narrative"
    SHORT = "short"
    NONE = "none"
    DONT_KNOW = "dont_know"
    DONT_UNDERSTAND = "dont_understand"
    REFUSE = "refuse"
    OFF_TOPIC = "off_topic"
    ASKS = "asks"
    YES = "yes"
    NO = "no"
    CORRECTS = "corrects"


@dataclass(frozen=True, slots=True)
class Turn:
    """One uninterrupted stretch of speech by one person."""

    speaker: Speaker
    text: str
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Flag:
    flag: str
    why: str


@dataclass(frozen=True, slots=True)
class Question:
    """Layer 1 and 2 of one interviewer turn. `confidence` is in [0, 1]."""

    type: QuestionType
    subtype: str | None
    flags: tuple[Flag, ...]
    schemes: dict[str, str]
    confidence: float

    @property
    def suggestive(self) -> bool:
        """The NICHD sense: a tag, new content taken for granted, or social influence on the child."""
        return self.schemes.get("nichd") == "suggestive"

    def has(self, *names: str) -> bool:
        return any(flag.flag in names for flag in self.flags)


@dataclass(frozen=True, slots=True)
class Indicator:
    """A machine suggestion that a person should read this passage again; never a finding.

    `start` and `end` are character offsets into the turn's text. `distance` is the number
    of turns since the interviewer first spoke of the concept, None if that never happened.
    """

    tag: str
    quote: str
    start: int
    end: int
    polarity: str
    reality: str
    experiencer: str
    time: str
    role: str
    elicitation: str
    urgency: int
    confidence: float
    why: str
    distance: int | None = None

    @property
    def live(self) -> bool:
        """Said to be so and of real life: no denial, film, game or dream."""
        return self.polarity != "negated" and self.reality == "actual"


@dataclass(frozen=True, slots=True)
class Cue:
    """Words of the child that wait to be explored, and the invitation built from them.

    `turn` is the index of the child's turn in the conversation (0-based), `start`/`end`
    offsets into it. Every content word of `prompt` is the child's own.
    """

    turn: int
    start: int
    end: int
    words: str
    prompt: str
    rank: float


@dataclass(frozen=True, slots=True)
class Coding:
    """What one turn was. `question` on interviewer turns; `response` and `indicators` on child turns."""

    question: Question | None = None
    response: Response | None = None
    indicators: tuple[Indicator, ...] = field(default=())

    def as_dict(self) -> dict[str, Any]:
        """The JSON shape of `tellmore code` and of the HTTP interface."""
        return {key: value for key, value in asdict(self).items() if value is not None}

    @classmethod
    def from_dict(cls, shape: Mapping[str, Any]) -> Coding:
        """What `as_dict` was made from. KeyError, TypeError or ValueError if it is no such shape."""
        question, response = shape.get("question"), shape.get("response")
        if question is not None:
            flags = tuple(Flag(**flag) for flag in question["flags"])
            kind = QuestionType(question["type"])
            question = Question(**{**question, "type": kind, "flags": flags})
        indicators = tuple(Indicator(**one) for one in shape.get("indicators", ()))
        return cls(question, Response(response) if response is not None else None, indicators)
