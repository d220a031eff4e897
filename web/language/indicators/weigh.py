"""How soon a passage should be read, how sure the match is, and the reason in one sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from web.language.indicators.axes import Axes, Hit
from web.language.indicators.phrases import compile_all, load
from web.language.indicators.scope import Heard
from web.language.indicators.taxonomy import Caution, Concept, Pattern


@dataclass(frozen=True, slots=True)
class Reading:
    """One hit of a concept with the context it was read in."""

    heard: Heard
    concept: Concept
    pattern: Pattern
    hit: Hit
    axes: Axes
    cautions: tuple[Caution, ...]

    @property
    def sentence(self) -> str:
        start, end = self.heard.sentence(self.hit.start, self.hit.end)
        return self.heard.text[start:end]

    @property
    def clause(self) -> tuple[int, int]:
        """Offsets of the clause around the hit, without white space at its ends."""
        start, end = self.heard.segment(self.hit.start, self.hit.end)
        words = self.heard.text[start:end]
        return start + len(words) - len(words.lstrip()), start + len(words.rstrip())


def cautions_for(heard: Heard, concept: Concept, hit: Hit) -> tuple[Caution, ...]:
    """The concept's false friends that stand in the hit's sentence."""
    start, end = heard.sentence(hit.start, hit.end)
    return tuple(one for one in concept.cautions if _applies(one, heard.text[start:end], hit))


def _applies(caution: Caution, sentence: str, hit: Hit) -> bool:
    if caution.agent is not None:
        return caution.agent.search(hit.agent.words) is not None
    return caution.regex.search(sentence) is not None


def urgency(reading: Reading) -> int:
    """0 context only … 3 act now. Not said to be so, or not of real life: the concept's floor."""
    concept, axes = reading.concept, reading.axes
    if axes.reality != "actual":
        return concept.floor if concept.acute and axes.reality in {"dream", "play"} else 0
    if axes.polarity == "negated":
        return concept.floor
    level = reading.pattern.urgency if reading.pattern.urgency is not None else _by_rules(reading)
    level = min([level, reading.pattern.cap, *(one.cap for one in reading.cautions)])
    return (
        min(level, 1) if "pet" in {axes.experiencer, reading.hit.agent.kind} or _of_others(reading) else level
    )


def _of_others(reading: Reading) -> bool:
    """Somebody else's past: told of a grown-up, of a tag that is about children."""
    axes = reading.axes
    grown = axes.experiencer in {"parent", "stranger"} and reading.concept.experiencer == "child"
    return grown and axes.time == "past"


def _by_rules(reading: Reading) -> int:
    for rule in reading.concept.rules:
        if _holds(rule, reading):
            return int(rule["urgency"])
    return reading.concept.urgency


def _holds(rule: Mapping[str, Any], reading: Reading) -> bool:
    if "unless" in rule and compile_all([rule["unless"]]).search(reading.sentence):
        return False
    if "has" in rule and not compile_all([rule["has"]]).search(reading.sentence):
        return False
    axes = reading.axes
    facts = {
        "time": axes.time,
        "polarity": axes.polarity,
        "experiencer": axes.experiencer,
        "agent": reading.hit.agent.kind,
    }
    return all(fact in rule[axis] for axis, fact in facts.items() if axis in rule)


def confidence(reading: Reading) -> float:
    """In [0, 1]: the pattern's own, less where people or certainty are unclear or a false friend is near."""
    value = reading.pattern.confidence
    value *= 0.8 if reading.hit.agent.kind == "unknown" and reading.pattern.agent == "other" else 1.0
    value *= 0.8 if reading.axes.polarity == "uncertain" else 1.0
    value *= 0.7 if reading.cautions else 1.0
    return round(value, 2)


def why(reading: Reading, text: str, place: int | None) -> str:
    """One plain sentence that a person can check against the transcript.

    `place`: turns since the interviewer first spoke of it; for what looks back, the turn of the telling.
    """
    words = load("indicators_why.yml")
    matched = text[reading.hit.start : reading.hit.end].strip()
    parts = [words["hit"].format(what=reading.pattern.why, words=matched)]
    for axis in ("polarity", "reality", "role"):
        if note := words[axis].get(getattr(reading.axes, axis)):
            parts.append(note)
    parts += [words["caution"].format(why=one.why) for one in reading.cautions[:1]]
    with_place, without = ("told", "untold") if reading.concept.looks_back else ("asked", "unasked")
    parts.append(words[without] if place is None else words[with_place].format(place=place))
    return "; ".join(parts) + "."
