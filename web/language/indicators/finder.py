"""Search one child turn for the concepts of the taxonomy and read each hit in its context.

A word alone is never a tag: a pattern needs its people and its act, and what is said of a game,
a film, a dream, or said not to be so, is kept as context only. Nothing found means nothing more
than that: the result is empty and carries no statement.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from spacy.tokens import Doc

from web.language.conversation import Conversation
from web.language.indicators import axes as context
from web.language.indicators.axes import Axes, Hit
from web.language.indicators.history import elicitation
from web.language.indicators.phrases import compile_all, load, normalise
from web.language.indicators.scope import Heard
from web.language.indicators.taxonomy import Caution, Concept, Pattern, taxonomy
from web.language.model import Indicator, Response, Speaker, Turn

_UNSPOKEN = frozenset({Response.NONE})


def find(conversation: Conversation, turn: Turn, doc: Doc, response: Response) -> tuple[Indicator, ...]:
    """Indicators in a child's turn not yet absorbed into `conversation`, in order of their place.

    Only a child's own turn is read; anyone else's gives an empty tuple, echoes included.
    """
    if turn.speaker is not Speaker.CHILD or response in _UNSPOKEN:
        return ()
    heard = Heard.of(doc)
    found: list[Indicator] = []
    asked = elicitation(conversation, turn)
    for concept in taxonomy():
        hits = [*_hits(heard, concept), *_by_response(heard, concept, response)]
        if hits:
            distance = _distance(conversation, concept)
            readings = [_indicator(turn, heard, concept, *hit, asked, distance) for hit in hits]
            found += _strongest(heard, [reading for reading in readings if reading is not None])
    return tuple(sorted(found, key=lambda one: (one.start, one.tag)))


def _hits(heard: Heard, concept: Concept) -> Iterator[tuple[Pattern, Hit]]:
    for pattern in concept.patterns:
        for match in pattern.regex.finditer(heard.text):
            if pattern.needs is not None and not pattern.needs.search(heard.text):
                continue
            agent = heard.agent(match.start(), match.end())
            if agent.fits(pattern.agent):
                whom = match.groupdict().get("whom")
                yield pattern, Hit(match.start(), match.end(), agent, whom)


def _by_response(heard: Heard, concept: Concept, response: Response) -> Iterator[tuple[Pattern, Hit]]:
    text = heard.text
    if response.value in concept.responses and text.strip():
        start = len(text) - len(text.lstrip())
        pattern = Pattern(re.compile(""), f"{concept.patterns[0].why}", confidence=0.5)
        yield pattern, Hit(start, len(text.rstrip()), heard.agent(start, start + 1))


def _distance(conversation: Conversation, concept: Concept) -> int | None:
    """Turns since the interviewer first spoke of the concept; None if that never happened."""
    if concept.mention is None:
        return None
    for heard in conversation.turns:
        if heard.turn.speaker is Speaker.INTERVIEWER and concept.mention.search(
            normalise(heard.turn.text[:2000])
        ):
            return len(conversation.turns) - heard.index
    return None


def _indicator(
    turn: Turn, heard: Heard, concept: Concept, pattern: Pattern, hit: Hit, asked: str, distance: int | None
) -> Indicator | None:
    read = context.read(heard, hit, concept, pattern)
    if pattern.only and read.experiencer not in pattern.only:
        return None
    cautions = [one for one in concept.cautions if _applies(heard, one, hit)]
    if any(one.drop for one in cautions):
        return None
    start, end = _quote(heard, hit)
    return Indicator(
        tag=concept.tag,
        quote=turn.text[start:end],
        start=start,
        end=end,
        polarity=read.polarity,
        reality=read.reality,
        experiencer=read.experiencer,
        time=read.time,
        role=read.role,
        elicitation=asked,
        urgency=_urgency(heard, concept, pattern, hit, read, cautions),
        confidence=_confidence(pattern, hit, read, cautions),
        why=_why(turn, pattern, hit, read, cautions, distance),
        distance=distance,
    )


def _applies(heard: Heard, caution: Caution, hit: Hit) -> bool:
    if caution.agent is not None:
        return caution.agent.search(hit.agent.words) is not None
    start, end = heard.sentence(hit.start, hit.end)
    return caution.regex.search(heard.text[start:end]) is not None


def _urgency(
    heard: Heard, concept: Concept, pattern: Pattern, hit: Hit, read: Axes, cautions: list[Caution]
) -> int:
    if read.reality != "actual":
        return concept.floor if concept.acute and read.reality in {"dream", "play"} else 0
    if read.polarity == "negated":
        return concept.floor
    level = pattern.urgency if pattern.urgency is not None else _by_rules(heard, concept, hit, read)
    level = min([level, *(one.cap for one in cautions)])
    return min(level, 1) if read.experiencer == "pet" or hit.agent.kind == "pet" else level


def _by_rules(heard: Heard, concept: Concept, hit: Hit, read: Axes) -> int:
    start, end = heard.sentence(hit.start, hit.end)
    sentence = heard.text[start:end]
    for rule in concept.rules:
        if _holds(rule, sentence, hit, read):
            return int(rule["urgency"])
    return concept.urgency


def _holds(rule: Any, sentence: str, hit: Hit, read: Axes) -> bool:
    if "unless" in rule and compile_all([rule["unless"]]).search(sentence):
        return False
    if "has" in rule and not compile_all([rule["has"]]).search(sentence):
        return False
    facts = {
        "time": read.time,
        "polarity": read.polarity,
        "agent": hit.agent.kind,
        "experiencer": read.experiencer,
    }
    return all(facts[axis] in rule[axis] for axis in facts if axis in rule)


def _confidence(pattern: Pattern, hit: Hit, read: Axes, cautions: list[Caution]) -> float:
    value = pattern.confidence
    value *= 0.8 if hit.agent.kind == "unknown" and pattern.agent == "other" else 1.0
    value *= 0.8 if read.polarity == "uncertain" else 1.0
    value *= 0.7 if cautions else 1.0
    return round(value, 2)


def _quote(heard: Heard, hit: Hit) -> tuple[int, int]:
    """The clause around a hit, without white space at its ends."""
    start, end = heard.segment(hit.start, hit.end)
    clause = heard.text[start:end]
    return start + len(clause) - len(clause.lstrip()), start + len(clause.rstrip())


def _why(
    turn: Turn, pattern: Pattern, hit: Hit, read: Axes, cautions: list[Caution], distance: int | None
) -> str:
    words = load("indicators_why.yml")
    parts = [words["hit"].format(what=pattern.why, words=turn.text[hit.start : hit.end].strip())]
    for axis in ("polarity", "reality", "role"):
        if note := words[axis].get(getattr(read, axis)):
            parts.append(note)
    parts += [words["caution"].format(why=one.why) for one in cautions[:1]]
    parts.append(words["unasked"] if distance is None else words["asked"].format(distance=distance))
    return "; ".join(parts) + "."


def _strongest(heard: Heard, readings: list[Indicator]) -> list[Indicator]:
    """One indicator of a tag per sentence: the most urgent, then the surest."""
    best: dict[tuple[int, int], Indicator] = {}
    for one in readings:
        key = heard.sentence(one.start, one.end)
        held = best.get(key)
        if held is None or (one.urgency, one.confidence) > (held.urgency, held.confidence):
            best[key] = one
    return list(best.values())
