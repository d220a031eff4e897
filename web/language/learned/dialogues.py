"""Whole coded dialogues to learn from: every turn with what was said before it and what the rules make of it.

The rules never saw these dialogues, so the network learns how far to trust each of them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import Any

from web.language import indicators, response
from web.language.conversation import Conversation
from web.language.encoder import Encoder, Meaning
from web.language.flags import find_flags
from web.language.learned.examples import FLAGS, FOLDER, Example
from web.language.learned.said import said_before, shared
from web.language.learned.vary import bare
from web.language.model import Coding, Question, Response, Speaker, Turn
from web.language.parse import Parsed, parse_many, text_of
from web.language.question.decide import read
from web.language.question.hybrid import label, turned

PATTERNS = ("dialogues/*.jsonl", "development/earlier.jsonl", "development/flags.jsonl")
"""What may be learned from; the newer development dialogues are for choosing thresholds."""


@dataclass(frozen=True, slots=True)
class Told:
    """One turn as it is learned from. `rule` and `worded` are None where no rule was asked."""

    example: Example
    asked: bool
    alone: bool = False
    """An example, not a turn of a dialogue."""
    other: int = -1
    """Which turn of the dialogue was the other speaker's last before this one; -1 if there is none."""
    own: int = -1
    """The same for the speaker."""
    rule: str | None = None
    worded: frozenset[str] | None = None
    said: tuple[tuple[int, int], ...] = ()
    shared: tuple[float, float, float] = (0.0, 0.0, 0.0)


def dialogues(path: Path) -> Iterator[list[dict[str, Any]]]:
    """The rows of each dialogue of a file of JSON Lines."""
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    for _, turns in groupby(rows, key=lambda row: str(row["session"])):
        yield list(turns)


def read_dialogues(folder: Path = FOLDER) -> list[list[dict[str, Any]]]:
    """The rows of each dialogue that may be learned from."""
    return [rows for pattern in PATTERNS for path in sorted(folder.glob(pattern)) for rows in dialogues(path)]


def told(rows: Sequence[dict[str, Any]], encoder: Encoder, plain: bool = False) -> list[Told]:
    """A dialogue's coded turns; `plain` as speech recognition may write them."""
    return list(_told(rows, encoder, plain))


def _told(rows: Sequence[dict[str, Any]], encoder: Encoder, plain: bool) -> Iterator[Told]:
    talk = Conversation(age=rows[0]["age"])
    last: dict[Speaker, int] = {}
    place = 0
    said = [Turn(Speaker(row["speaker"]), bare(row["text"]) if plain else row["text"]) for row in rows]
    for row, turn, parsed in zip(rows, said, parse_many([turn.text for turn in said]), strict=True):
        gold = row.get("gold")
        if gold is None or turn.speaker is Speaker.INTERPRETER:
            talk.absorb(turn, parsed.doc, Coding())
        else:
            asked = turn.speaker is Speaker.INTERVIEWER
            one = _question(talk, turn, parsed, gold, encoder) if asked else _answer(talk, turn, parsed, gold)
            yield replace(one, other=last.get(turn.speaker.across, -1), own=last.get(turn.speaker, -1))
            last[turn.speaker] = place
            place += 1


def _question(talk: Conversation, turn: Turn, parsed: Parsed, gold: dict[str, Any], encoder: Encoder) -> Told:
    ruled = read(talk, parsed.doc)
    reading = turned(ruled, kind_of(gold), 1.0)
    meaning = Meaning(text_of(parsed.doc), encoder)
    flags = find_flags(talk, reading, meaning, encoder)
    example = Example(turn.text, kind=kind_of(gold), flags=frozenset(gold["flags"]) & frozenset(FLAGS))
    one = Told(
        example,
        asked=True,
        rule=label(ruled),
        worded=frozenset(flag.flag for flag in flags),
        said=tuple(said_before(talk, ruled.words)),
        shared=shared(talk, turn, parsed.doc),
    )
    question = Question(reading.type, reading.subtype, flags, {}, 1.0)
    talk.absorb(turn, parsed.doc, Coding(question=question), meaning)
    return one


def _answer(talk: Conversation, turn: Turn, parsed: Parsed, gold: dict[str, Any]) -> Told:
    given = Response(gold["response"])
    ruled = response.respond(talk, turn, parsed.doc)
    found = indicators.find(talk, turn, parsed.doc, ruled)
    worded = frozenset(one.tag for one in found if one.live)
    example = Example(turn.text, tags=frozenset(gold["tags"]), response=str(given))
    common = shared(talk, turn, parsed.doc)
    talk.absorb(turn, parsed.doc, Coding(response=given, indicators=found))
    return Told(example, asked=False, rule=str(ruled), worded=worded, shared=common)


def kind_of(gold: dict[str, Any]) -> str:
    """`type/subtype` of a coded question, as in nlu_data/."""
    return f"{gold['type']}/{gold['subtype']}" if gold["subtype"] else str(gold["type"])
