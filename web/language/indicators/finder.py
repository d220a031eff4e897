"""Search one child turn for the concepts of the taxonomy and read each hit in its context.

A word alone is never a tag: a pattern needs its people and its act, the learned coder must be sure
enough, and what is said of a game, a film, a dream, or said not to be so, is kept as context only.
Nothing found means nothing more than that: the result is empty and carries no statement.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from spacy.tokens import Doc

from web.language.conversation import Conversation
from web.language.indicators import axes, weigh
from web.language.indicators.axes import Hit
from web.language.indicators.heard import sounding
from web.language.indicators.history import distance, elicitation, told_in
from web.language.indicators.scope import Heard, elliptical
from web.language.indicators.taxonomy import Concept, Pattern, taxonomy
from web.language.indicators.weigh import Reading
from web.language.learned import Listen, Sensed
from web.language.model import Indicator, Response, Speaker, Turn

SOURCE = "COM-SRC"


def find(
    conversation: Conversation, turn: Turn, doc: Doc, response: Response, listen: Listen | None = None
) -> tuple[Indicator, ...]:
    """Indicators in a child's turn not yet absorbed into `conversation`, in order of their place.

    Only a child's own turn is read; anyone else's gives an empty tuple, echoes included.
    """
    if turn.speaker is not Speaker.CHILD or response is Response.NONE:
        return ()
    heard = Heard.of(doc)
    bare = elliptical(doc)
    worded = [
        (concept, list(_worded(heard, concept, response)))
        for concept in taxonomy()
        if concept.derived is None and (concept.process or not bare)
    ]
    sensed = listen([concept.tag for concept, some in worded if any(map(_said, some))]) if listen else None
    found: list[Reading] = []
    for concept, some in worded:
        found += _strongest(_weighed(heard, concept, some, sensed, bare))
    if not found:
        return ()
    asked = elicitation(conversation, turn)
    told = told_in(conversation)
    made = [
        _indicator(turn, one, asked, since=distance(conversation, one.concept), told=told)
        for one in _with_source(found)
    ]
    return tuple(sorted(made, key=lambda one: (one.start, one.tag)))


def _weighed(
    heard: Heard, concept: Concept, worded: list[Reading], sensed: Sensed | None, bare: bool
) -> list[Reading]:
    """What stands of the wordings, and what the learned coder hears beside them.

    An acute wording, and a plain one of violence, stands whatever the learned coder makes of it: better read
    once too often. In an answer without a verb there is too little to be heard; only wordings count.
    """
    likely = sensed.marks.get(concept.tag) if sensed else None
    if sensed is None or likely is None:
        return worded
    if likely < concept.least:
        return [one for one in worded if concept.stands(one.pattern) or not _said(one)]
    if bare or any(map(_said, worded)):
        return worded
    return [*worded, sounding(heard, concept, likely, sensed.places[concept.tag], worded)]


def _said(reading: Reading) -> bool:
    return reading.axes.reality == "actual" and reading.axes.polarity != "negated"


def _worded(heard: Heard, concept: Concept, response: Response) -> Iterator[Reading]:
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
                break
            agent = heard.agent(match.start(), match.end())
            if agent.fits(pattern.agent):
                yield pattern, Hit(match.start(), match.end(), agent, match.groupdict().get("whom"))


def _by_response(heard: Heard, concept: Concept, response: Response) -> Iterator[tuple[Pattern, Hit]]:
    """Tags that follow from what kind of answer the whole turn is."""
    text = heard.text
    if response.value in concept.responses and text.strip():
        start = len(text) - len(text.lstrip())
        pattern = Pattern(axes.WHOLE, concept.why, confidence=0.5)
        yield pattern, Hit(start, len(text.rstrip()), heard.agent(start, start + 1))


def _strongest(readings: list[Reading]) -> list[Reading]:
    """One reading of a concept per sentence: the most urgent, then the surest."""
    best: dict[tuple[int, int], Reading] = {}
    for one in readings:
        key = one.heard.sentence(one.hit.start, one.hit.end)
        held = best.get(key)
        if held is None or _weight(one) > _weight(held):
            best[key] = one
    return list(best.values())


def _weight(reading: Reading) -> tuple[bool, int, float]:
    return _said(reading), weigh.urgency(reading), weigh.confidence(reading)


def _with_source(readings: list[Reading]) -> list[Reading]:
    """What stands in one sentence with "mum told me that" is known from hearsay, whoever it befell."""
    told = {
        one.heard.sentence(one.hit.start, one.hit.end)
        for one in readings
        if one.concept.tag == SOURCE and one.axes.role == "heard_about" and one.axes.polarity != "negated"
    }
    return [
        replace(one, axes=replace(one.axes, role="heard_about"))
        if not one.concept.process and one.heard.sentence(one.hit.start, one.hit.end) in told
        else one
        for one in readings
    ]


def _indicator(turn: Turn, reading: Reading, asked: str, *, since: int | None, told: int | None) -> Indicator:
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
        why=weigh.why(reading, turn.text, told if reading.concept.looks_back else since),
        distance=since,
    )
