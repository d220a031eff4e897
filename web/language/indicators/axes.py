"""The context of a hit: is it said to be so, for real, to whom, when, and how the child knows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from spacy.tokens import Token

from web.language.indicators.phrases import compile_all
from web.language.indicators.scope import Agent, Heard, context_data, kind_of_person
from web.language.indicators.taxonomy import Concept, Pattern

WHOLE = re.compile("")
"""The pattern of a hit that is a whole clause or turn."""
_GOVERNED = {"ccomp", "xcomp"}
_NOBODY = frozenset(["nobody", "noone", "none"])
_FIRST = frozenset(["me", "us", "my", "our", "i", "we", "myself"])
_FIGHT = re.compile(r"fight|wrestl")


@dataclass(frozen=True, slots=True)
class Hit:
    """Where a pattern matched in a turn, and who did it."""

    start: int
    end: int
    agent: Agent
    whom: str | None = None


@dataclass(frozen=True, slots=True)
class Axes:
    polarity: str
    reality: str
    experiencer: str
    time: str
    role: str


@cache
def _named(path: str) -> re.Pattern[str]:
    data = context_data()
    for key in path.split("."):
        data = data[key]
    return compile_all(data)


@cache
def _realities() -> tuple[tuple[str, bool, re.Pattern[str]], ...]:
    frames = context_data()["reality"].items()
    return tuple((name, entry["child"], compile_all(entry["phrases"])) for name, entry in frames)


def read(heard: Heard, hit: Hit, concept: Concept, pattern: Pattern) -> Axes:
    """All axes of one hit in its turn."""
    experiencer = _experiencer(heard, hit, pattern)
    return Axes(
        polarity=_polarity(heard, hit),
        reality=_reality(heard, hit, concept),
        experiencer=experiencer,
        time=_time(heard, hit, concept),
        role=_role(heard, hit, pattern, experiencer),
    )


def _polarity(heard: Heard, hit: Hit) -> str:
    left, right = heard.segment(hit.start, hit.end)
    verb = heard.verb(hit.start, hit.end)
    if _negated_before(heard.text[left : hit.start]) or (verb is not None and _negated_verb(verb, hit)):
        return "negated"
    if (
        hit.agent.words in {"nobody", "no one", "noone", "none"}
        and "no" not in heard.text[hit.start : hit.start + 3]
    ):
        return "negated"
    sentence, _ = heard.sentence(hit.start, hit.end)
    before = heard.text[max(sentence, left - 25) : hit.start]
    return "uncertain" if _named("uncertain").search(before) else "affirmed"


def _negated_before(before: str) -> bool:
    spoken = re.split(r"[\s,]+", before.strip())
    near = " ".join(spoken[-context_data()["negation"]["reach"] :])
    pseudo = [found.span() for found in _named("negation.pseudo").finditer(near + " ")]
    return any(
        not any(start <= found.start() < end for start, end in pseudo)
        for found in _named("negation.phrases").finditer(near)
    )


def _negated_verb(verb: Token, hit: Hit) -> bool:
    node = verb
    for step in range(3):
        outside = [child for child in node.children if child.idx < hit.start]
        reporting = node.lemma_ in context_data()["negation"]["reporting"]
        if (step == 0 or reporting) and any(child.dep_ == "neg" for child in outside):
            return True
        if step == 0 and any(child.dep_ == "nsubj" and child.lower_ in _NOBODY for child in outside):
            return True
        if node.dep_ not in _GOVERNED or node.head is node:
            return False
        wanted = node.dep_ == "xcomp" and node.head.lemma_ in {"want", "try", "go"}
        node = node.head
        if wanted and any(child.dep_ == "neg" and child.idx < hit.start for child in node.children):
            return True
    return False


def _reality(heard: Heard, hit: Hit, concept: Concept) -> str:
    if (name := framed(heard, hit, concept)) is not None:
        return name
    verb = heard.verb(hit.start, hit.end)
    if "hypothetical" in concept.unreal and verb is not None and _in_condition(verb, hit):
        return "hypothetical"
    return "actual"


def framed(heard: Heard, hit: Hit, concept: Concept) -> str | None:
    """The kind of telling whose words reach the hit ("in the film …"), None if there is none."""
    for name, child_inside, frame in _realities():
        if name not in concept.unreal:
            continue
        if not child_inside and hit.whom is not None and hit.whom.split(" ")[0] in _FIRST:
            continue
        for found in frame.finditer(heard.text):
            if name == "play" and hit.agent.kind in {"parent", "other"} and not _FIGHT.search(found.group()):
                continue
            if _reaches(heard, found.span(), hit, narrow=name in {"wish", "hypothetical"}):
                return name
    return None


def _reaches(heard: Heard, frame: tuple[int, int], hit: Hit, narrow: bool) -> bool:
    start, end = frame
    if start < hit.end and hit.start < end:
        return not narrow
    if end <= hit.start:
        between = heard.text[end : hit.start]
        first_person = hit.whom is not None and hit.whom.split(" ")[0] in _FIRST
        same = heard.sentence(start, end) == heard.sentence(hit.start, hit.end)
        if (narrow or first_person) and not same:
            return False
        return not _named("ends").search(between)
    same = heard.sentence(start, end) == heard.sentence(hit.start, hit.end)
    return same and not narrow and not _named("ends").search(heard.text[hit.end : start])


def _in_condition(verb: Token, hit: Hit) -> bool:
    node = verb
    for _ in range(4):
        for child in node.children:
            if child.lower_ == "if" and child.dep_ == "mark" and not hit.start <= child.idx < hit.end:
                return node.dep_ == "advcl"
        if node.dep_ not in {"conj", "xcomp", "ccomp"} or node.head is node:
            return False
        node = node.head
    return False


def _experiencer(heard: Heard, hit: Hit, pattern: Pattern) -> str:
    if hit.whom is None:
        return pattern.experiencer
    if hit.whom.split(" ")[0] in _FIRST and len(hit.whom.split(" ")) == 1:
        return "child"
    kind = kind_of_person(hit.whom.removeprefix("my ").removeprefix("our "))
    if kind is not None:
        return kind
    if hit.whom in {"him", "her", "them", "each other"}:
        return pattern.experiencer if pattern.experiencer != "child" else _referent(heard.text[: hit.start])
    return "child" if hit.whom.startswith(("my", "our")) else "unknown"


def _referent(before: str) -> str:
    for word in reversed(re.findall(r"[\w-]+", before)):
        kind = kind_of_person(word)
        if kind in {"sibling", "friend", "parent", "pet"}:
            return kind
    return "unknown"


def _time(heard: Heard, hit: Hit, concept: Concept) -> str:
    left, right = heard.segment(hit.start, hit.end)
    sentence = slice(*heard.sentence(hit.start, hit.end))
    near, wide = heard.text[left:right], heard.text[sentence]
    tense = _tense(heard, hit)
    if tense == "future" or _named("time.future").search(heard.text[hit.start : hit.end]):
        return "future-feared"
    if _named("time.past").search(wide):
        return "past"
    for name in ("recent", "habitual"):
        if _named(f"time.{name}").search(near):
            return name
    if _named("time.now").search(near if tense == "past" else wide):
        return "recent" if tense == "past" else "now"
    if tense == "past":
        return "recent" if concept.acute else "past"
    return "now" if tense == "progressive" or concept.acute else "habitual"


def _tense(heard: Heard, hit: Hit) -> str:
    verb = heard.verb(hit.start, hit.end)
    if verb is None:
        return "present"
    helpers = {child.lower_ for child in verb.children if child.dep_ in {"aux", "auxpass"}}
    if helpers & {"will", "'ll", "wo", "gon", "gonna"}:
        return "future"
    past = verb.tag_ in {"VBD", "VBN"} or helpers & {"was", "were", "did", "had", "been"}
    if past or (verb.dep_ in {"xcomp", "ccomp"} and verb.head.tag_ == "VBD"):
        return "past"
    return (
        "progressive"
        if verb.tag_ == "VBG" and helpers & {"is", "am", "are", "'s", "'m", "'re"}
        else "present"
    )


def _role(heard: Heard, hit: Hit, pattern: Pattern, experiencer: str) -> str:
    if pattern.role is not None:
        return pattern.role
    left, _ = heard.segment(hit.start, hit.end)
    before = heard.text[left : hit.start]
    told = _named("role.heard").search(before)
    if told and (experiencer != "child" or kind_of_person(told.group()) == "parent"):
        return "heard_about"
    if experiencer == "child":
        return "happened_to_me"
    return "saw"
