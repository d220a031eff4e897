"""What the learned coder hears where no wording need fit: the clause that speaks most for a tag."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from web.language.indicators import axes, weigh
from web.language.indicators.axes import Axes, Hit
from web.language.indicators.scope import Heard, people_in
from web.language.indicators.taxonomy import FIRM, Concept, Pattern
from web.language.indicators.weigh import Reading

MIN_WORDS = 3
"""A clause of fewer words carries too little to be quoted alone."""


def sounding(
    heard: Heard, concept: Concept, likely: float, place: tuple[int, int], worded: Sequence[Reading]
) -> Reading:
    """The reading of a tag that the learned coder gives with likelihood `likely`, most of all for `place`.

    It has learned denials as false friends, so a hit counts as said to be so. Where wordings in the
    same clauses say that it is denied, dreamed or played, they know better. Games, films, dreams and
    other people's past lower it like any other hit.
    """
    start, end = _clauses(heard, place)
    agent = heard.agent(start, end)
    hit = Hit(start, end, agent, None)
    who = people_in(heard.text[start:end]) or concept.experiencer
    cap = 1 if likely < FIRM and not concept.acute else 3
    pattern = Pattern(axes.WHOLE, concept.why, confidence=round(likely, 2), experiencer=who, cap=cap)
    read = axes.read(heard, hit, concept, pattern)
    polarity = "uncertain" if read.polarity == "uncertain" else "affirmed"
    read = _corrected(
        replace(read, polarity=polarity, reality=_reality(heard, hit, place, concept)), hit, worded
    )
    return Reading(heard, concept, pattern, hit, read, weigh.cautions_for(heard, concept, hit))


def _reality(heard: Heard, hit: Hit, place: tuple[int, int], concept: Concept) -> str:
    """As framed before or within the clause. A condition is no frame ("if I cry he locks me in")."""
    within = (
        None if concept.acute else axes.framed(heard, replace(hit, start=place[0], end=place[1]), concept)
    )
    return axes.framed(heard, hit, concept) or within or "actual"


def _clauses(heard: Heard, place: tuple[int, int]) -> tuple[int, int]:
    """The clause around `place`, with the next one of the sentence if it is short, else the one before."""
    left, right = heard.segment(*place)
    first, last = heard.sentence(*place)
    if len(heard.text[left:right].split()) < MIN_WORDS and right < last:
        right = heard.segment(right, right + 1)[1]
    if len(heard.text[left:right].split()) < MIN_WORDS and first < left:
        left = heard.segment(left - 1, left)[0]
    text = heard.text[left:right]
    return left + len(text) - len(text.lstrip()), left + len(text.rstrip())


def _corrected(read: Axes, hit: Hit, worded: Sequence[Reading]) -> Axes:
    inside = [one.axes for one in worded if hit.start <= one.hit.start < hit.end]
    said = [one for one in inside if one.polarity != "negated" and one.reality == "actual"]
    if said:  # a wording knows its people better than the clause does
        return replace(read, experiencer=said[0].experiencer, time=said[0].time, role=said[0].role)
    return replace(read, polarity=inside[0].polarity, reality=inside[0].reality) if inside else read
