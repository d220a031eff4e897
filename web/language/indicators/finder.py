"""Search one child turn for the concepts of the taxonomy and read each hit in its context.

A word alone is never a tag: a pattern needs its people and its act, and what is said of a game,
a film, a dream, or said not to be so, is kept as context only. Nothing found means nothing more
than that: the result is empty and carries no statement.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from spacy.tokens import Doc

from web.language.conversation import Conversation
from web.language.indicators import axes, weigh
from web.language.indicators.axes import Hit
from web.language.indicators.history import elicitation
from web.language.indicators.phrases import normalise
from web.language.indicators.scope import Heard
from web.language.indicators.taxonomy import Concept, Pattern, taxonomy
from web.language.indicators.weigh import Reading
from web.language.model import Indicator, Response, Speaker, Turn

_READ = 2_000
_WHOLE = re.compile("")


def find(conversation: Conversation, turn: Turn, doc: Doc, response: Response) -> tuple[Indicator, ...]:
    """Indicators in a child's turn not yet absorbed into `conversation`, in order of their place.

    Only a child's own turn is read; anyone else's gives an empty tuple, echoes included.
    """
    if turn.speaker is not Speaker.CHILD or response is Response.NONE:
        return ()
    heard = Heard.of(doc)
    found: list[Indicator] = []
    for concept in taxonomy():
        readings = list(_readings(heard, concept, response))
        if readings:
            distance = _distance(conversation, concept)
            asked = elicitation(conversation, turn)
            found += [_indicator(turn, one, asked, distance) for one in _strongest(readings)]
    return tuple(sorted(found, key=lambda one: (one.start, one.tag)))


def _readings(heard: Heard, concept: Concept, response: Response) -> Iterator[Reading]:
    for pattern, hit in (*_hits(heard, concept), *_by_response(heard, concept, response)):
        read = axes.read(heard, hit, concept, pattern)
        if pattern.only and read.experiencer not in pattern.only:
            continue
        cautions = weigh.cautions_for(heard, concept, hit)
        if not any(one.drop for one in cautions):
            yield Reading(heard, concept, pattern, hit, read, cautions)


def _hits(heard: Heard, concept: Concept) -> Iterator[tuple[Pattern, Hit]]:
    for pattern in concept.patterns:
        for match in pattern.regex.finditer(heard.text):
            if pattern.needs is not None and not pattern.needs.search(heard.text):
                continue
            agent = heard.agent(match.start(), match.end())
            if agent.fits(pattern.agent):
                yield pattern, Hit(match.start(), match.end(), agent, match.groupdict().get("whom"))


def _by_response(heard: Heard, concept: Concept, response: Response) -> Iterator[tuple[Pattern, Hit]]:
    """Tags that follow from what kind of answer the whole turn is."""
    text = heard.text
    if response.value in concept.responses and text.strip():
        start = len(text) - len(text.lstrip())
        pattern = Pattern(_WHOLE, concept.patterns[0].why, confidence=0.5)
        yield pattern, Hit(start, len(text.rstrip()), heard.agent(start, start + 1))


def _distance(conversation: Conversation, concept: Concept) -> int | None:
    """Turns since the interviewer first spoke of the concept; None if that never happened."""
    if concept.mention is None:
        return None
    for heard in conversation.turns:
        spoken = heard.turn.speaker is Speaker.INTERVIEWER
        if spoken and concept.mention.search(normalise(heard.turn.text[:_READ])):
            return len(conversation.turns) - heard.index
    return None


def _strongest(readings: list[Reading]) -> list[Reading]:
    """One reading of a concept per sentence: the most urgent, then the surest."""
    best: dict[tuple[int, int], Reading] = {}
    for one in readings:
        key = one.heard.sentence(one.hit.start, one.hit.end)
        held = best.get(key)
        if held is None or _weight(one) > _weight(held):
            best[key] = one
    return list(best.values())


def _weight(reading: Reading) -> tuple[int, float]:
    return weigh.urgency(reading), weigh.confidence(reading)


def _indicator(turn: Turn, reading: Reading, asked: str, distance: int | None) -> Indicator:
    start, end = reading.clause
    read = reading.axes
    return Indicator(
        tag=reading.concept.tag,
        quote=turn.text[start:end],
        start=start,
        end=end,
        polarity=read.polarity,
        reality=read.reality,
        experiencer=read.experiencer,
        time=read.time,
        role=read.role,
        elicitation=asked,
        urgency=weigh.urgency(reading),
        confidence=weigh.confidence(reading),
        why=weigh.why(reading, turn.text, distance),
        distance=distance,
    )
